//! The folder of the inbox changes under the hands of Loa: torn away, renamed, a file replaced while it is judged.

use loa::core::drops::VIETNAMESE_NAMES;
use loa::intake::inbox::Taken;

use super::inbox_rig::{Cut, DAY, Rig, SECOND};

#[test]
fn a_folder_torn_away_forgets_nothing_and_is_served_when_it_is_back() {
    let mut rig = Rig::new();
    rig.drop("xa-a/bai.mp3");
    rig.look();
    rig.pass(SECOND);
    let away = rig.place.path().join("away");
    std::fs::rename(rig.path(""), &away).unwrap();
    assert!(!rig.inbox.is_there() && rig.look().is_empty());
    assert!(rig.inbox.publish("board", Some("alarm")).is_empty());
    assert_eq!(rig.inbox.sweep(rig.now), 0);
    assert!(!rig.path("").exists(), "it is not made in the place of a drive");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&away, rig.place.path().join("inbox")).unwrap();
        assert!(!rig.inbox.is_there() && rig.look().is_empty());
        std::fs::remove_file(rig.place.path().join("inbox")).unwrap();
    }
    std::fs::rename(&away, rig.path("")).unwrap();
    assert!(rig.inbox.is_there());
    assert_eq!(rig.turn().len(), 1);
    // Deleted and made again.
    std::fs::remove_dir_all(rig.path("")).unwrap();
    rig.run(2);
    std::fs::create_dir(rig.path("")).unwrap();
    rig.drop("xa-a/bai.mp3");
    assert_eq!(rig.run(3), ["bai.mp3"]);
    assert!(rig.path("xa-a/Gỡ khỏi lịch").is_dir() && rig.path("Gỡ khỏi lịch").is_dir());
}

#[test]
fn a_decision_made_before_the_drive_was_torn_away_is_finished_when_it_is_back() {
    let mut rig = Rig::new();
    rig.drop("xa-a/bai.mp3");
    rig.look();
    rig.pass(SECOND);
    let (inbox, away) = (rig.place.path().join("inbox"), rig.place.path().join("away"));
    rig.faulty(move |step, _| {
        if step == "readable" {
            return None;
        }
        (step == "replace").then(|| std::fs::rename(&inbox, &away).ok()).flatten().map(|()| Cut::After)
    });
    // Cut.After on the note: it is written and the drive goes.
    rig.turn();
    assert!(!rig.inbox.is_there());
    rig.restart(VIETNAMESE_NAMES);
    assert_eq!((rig.clerk.done.len(), rig.inbox.troubles().len()), (1, 1));
    rig.run(5);
    std::fs::rename(rig.place.path().join("away"), rig.place.path().join("inbox")).unwrap();
    rig.run(70);
    assert_eq!((rig.receipts("bai.mp3").len(), rig.inbox.troubles().len()), (2, 0));
    assert!(rig.path(&format!("xa-a/Đã nhận/{DAY}/bai.mp3")).is_file());
    assert_eq!((rig.clerk.done.len(), rig.clerk.judged.len()), (1, 1));
}

#[test]
fn a_file_replaced_while_it_is_judged_is_judged_anew() {
    let mut rig = Rig::new();
    rig.drop_with("bai.mp3", "cũ");
    let path = rig.path("bai.mp3");
    rig.clerk.meanwhile = Some(Box::new(move |_| std::fs::write(&path, "mới hơn").unwrap()));
    rig.look();
    rig.pass(SECOND);
    assert_eq!(rig.turn()[0].1, Taken::Changed);
    assert!(rig.clerk.done.is_empty() && rig.receipts("bai.mp3").is_empty());
    rig.clerk.meanwhile = None;
    assert_eq!(rig.run(4), ["bai.mp3"]);
    assert_eq!(std::fs::read_to_string(rig.path(&format!("Đã nhận/{DAY}/bai.mp3"))).unwrap(), "mới hơn");
}

#[test]
fn a_file_replaced_after_it_was_carried_out_is_answered_by_itself() {
    for step in ["make_folder", "shift"] {
        let mut rig = Rig::new();
        rig.drop_with("bai.mp3", "cũ");
        let path = rig.path("bai.mp3");
        let mut replaced = false;
        rig.look();
        rig.pass(SECOND);
        rig.faulty(move |at, about| {
            if at == step && !replaced && (step == "shift" || about.ends_with(DAY)) {
                replaced = true;
                std::fs::write(&path, "mới hơn").unwrap();
            }
            None
        });
        rig.run(5);
        let contents: Vec<u64> = rig.clerk.done.values().map(|_| 1).collect();
        assert_eq!(contents.len(), 2, "{step}");
        assert_eq!(std::fs::read_to_string(rig.path(&format!("Đã nhận/{DAY}/bai.mp3"))).unwrap(), "mới hơn");
        assert_eq!(rig.receipts("bai.mp3").len(), 4, "{step}");
    }
}

#[test]
fn a_folder_renamed_while_it_is_walked_costs_a_look_and_no_file() {
    let mut rig = Rig::new();
    for number in 0..20 {
        rig.drop(&format!("xa-a/tin/{number}.mp3"));
    }
    rig.look();
    rig.pass(SECOND);
    let found = rig.look();
    std::fs::rename(rig.path("xa-a/tin"), rig.path("xa-a/bản tin")).unwrap();
    for drop in &found {
        assert_eq!(rig.inbox.process(drop, &mut rig.clerk, rig.now), Taken::Changed);
    }
    assert_eq!(rig.run(3).len(), 20);
    assert!(rig.path(&format!("xa-a/Đã nhận/{DAY}/bản tin/19.mp3")).is_file());
}
