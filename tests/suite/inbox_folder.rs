//! The folder of the inbox: what settles is taken up once, in order, put away and answered.

use std::time::Duration;

use chrono::TimeDelta;
use loa::core::drops::{Complaint, Sender};
use loa::intake::inbox::{Inlet, Settings, Taken};

use super::inbox_rig::{Cut, DAY, Rig, SECOND, complaint_of};

#[test]
fn what_has_settled_is_taken_put_away_and_answered() {
    let mut rig = Rig::new();
    rig.drop("bai.mp3");
    rig.drop("xa-a/bai.mp3");
    rig.drop("xa-a/tin/sáng/ban-tin.mp3");
    assert_eq!(rig.names(), Vec::<String>::new());
    assert_eq!(rig.inbox.next_look(), SECOND);
    rig.pass(SECOND / 2);
    assert_eq!(rig.names(), Vec::<String>::new());
    rig.pass(SECOND / 2);
    let taken = rig.turn();
    assert!(taken.iter().all(|(_, taken)| matches!(taken, Taken::Done(_))), "{taken:?}");
    let senders: Vec<_> = rig
        .clerk
        .judged
        .iter()
        .map(|found| (found.sender.folder().unwrap_or("-"), found.inner.as_str()))
        .collect();
    assert_eq!(senders, [("-", "bai.mp3"), ("xa-a", "bai.mp3"), ("xa-a", "tin/sáng/ban-tin.mp3")]);
    assert!(rig.clerk.judged[0].id.0.starts_with("20261124-051204-"), "{}", rig.clerk.judged[0].id);
    for kept in ["Đã nhận/2026-11-24/bai.mp3", "xa-a/Đã nhận/2026-11-24/bai.mp3"] {
        assert_eq!(std::fs::read_to_string(rig.path(kept)).unwrap(), kept.replace("Đã nhận/2026-11-24/", ""));
    }
    assert!(rig.path("xa-a/Đã nhận/2026-11-24/tin/sáng/ban-tin.mp3").is_file());
    let id = &rig.clerk.judged[2].id;
    let page = format!("xa-a/Phiếu báo/ban-tin.mp3 - ĐÃ TIẾP NHẬN - {id}.html");
    assert_eq!(std::fs::read_to_string(rig.path(&page)).unwrap(), "<p>tin/sáng/ban-tin.mp3 None</p>");
    assert_eq!(rig.receipts("bai.mp3").len(), 4);
    assert_eq!(rig.notes(), Vec::<String>::new());
    // The folder that came along goes later, the office's never.
    assert!(rig.path("xa-a/tin/sáng").is_dir());
    assert_eq!(rig.run(40), Vec::<String>::new());
    assert!(!rig.path("xa-a/tin").exists() && rig.path("xa-a/Gỡ khỏi lịch").is_dir());
    assert_eq!(rig.inbox.next_look(), Duration::from_secs(30));
}

#[test]
fn a_file_that_grows_for_minutes_waits_and_the_others_do_not() {
    let mut rig = Rig::new();
    rig.drop("xong.mp3");
    for minute in 0..240 {
        rig.drop_with("dang-chep.mp3", &"x".repeat(minute + 1));
        let taken = rig.turn();
        assert!(taken.iter().all(|(name, _)| name == "xong.mp3"));
        rig.pass(SECOND);
    }
    assert_eq!(rig.clerk.judged.len(), 1);
    assert_eq!(rig.run(3), ["dang-chep.mp3"]);
}

#[test]
fn a_time_that_lies_ahead_or_goes_backwards_settles_all_the_same() {
    let mut rig = Rig::new();
    rig.drop("bai.mp3");
    let at = |seconds: i64| std::time::SystemTime::from(rig.now + TimeDelta::seconds(seconds));
    let file = std::fs::File::options().write(true).open(rig.path("bai.mp3")).unwrap();
    file.set_modified(at(1_000_000_000)).unwrap();
    drop(file);
    rig.look();
    let file = std::fs::File::options().write(true).open(rig.path("bai.mp3")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    drop(file);
    assert_eq!(rig.run(3), ["bai.mp3"]);
}

#[test]
fn unfinished_files_are_never_drops_and_an_empty_one_is_waited_for() {
    let mut rig = Rig::new();
    for name in
        ["a.mp3.part", ".syncthing.a.mp3.tmp", "~$lich.xlsx", ".a.mp3.X1y2Z3", "a.crdownload", ".DS_Store"]
    {
        rig.drop(name);
    }
    rig.drop("xa-a/.~lock.lich.ods#");
    rig.drop("$RECYCLE.BIN/S-1-5/a.mp3");
    rig.drop_with("rong.mp3", "");
    assert_eq!(rig.run(10), Vec::<String>::new());
    assert_eq!(rig.run(2), ["rong.mp3"]);
    assert_eq!(complaint_of(&rig, "rong.mp3"), Some(Complaint::Empty));
    assert!(!rig.path("$RECYCLE.BIN/Gỡ khỏi lịch").exists(), "a system's folder is no office");
}

#[test]
fn recordings_come_before_the_schedules_that_were_dropped_with_them() {
    let mut rig = Rig::new();
    for name in ["a.toml", "b.XLSX", "c.csv", "d.mp3", "e.docx", "Gỡ khỏi lịch/cũ.mp3"] {
        rig.drop(&format!("xa-a/{name}"));
    }
    rig.look();
    rig.pass(SECOND);
    assert_eq!(rig.names(), ["cũ.mp3", "d.mp3", "e.docx", "a.toml", "b.XLSX", "c.csv"]);
    let withdrawn: Vec<bool> = rig.look().iter().map(|found| found.inlet == Inlet::Withdraw).collect();
    assert_eq!(withdrawn, [true, false, false, false, false, false]);
    // One recording still grows: its sender's schedules wait, at most half a minute, another sender's do not.
    rig.drop("xa-b/x.ods");
    for second in 0..30 {
        rig.drop_with("xa-a/f.mp3", &"x".repeat(second + 1));
        let names = rig.names();
        assert!(!names.iter().any(|name| name == "a.toml"), "in second {second}");
        assert_eq!(names.iter().any(|name| name == "x.ods"), second > 0);
        rig.pass(SECOND);
    }
    rig.drop_with("xa-a/f.mp3", "growing still");
    assert!(rig.names().iter().any(|name| name == "a.toml"));
}

#[test]
fn a_kept_drop_is_never_overwritten() {
    let mut rig = Rig::new();
    for content in ["một", "hai", "ba"] {
        rig.drop_with("xa-a/bai.mp3", content);
        rig.run(3);
    }
    let kept_in = rig.path(&format!("xa-a/Đã nhận/{DAY}"));
    let kept = |name: &str| std::fs::read_to_string(kept_in.join(name)).unwrap();
    assert_eq!([kept("bai.mp3"), kept("bai (2).mp3"), kept("bai (3).mp3")], ["một", "hai", "ba"]);
    assert_eq!(rig.receipts("bai.mp3").len(), 6);
    // A file lies where a folder is wanted.
    rig.drop("xa-a/bai.mp3/trong.mp3");
    rig.run(3);
    assert_eq!(kept("trong.mp3"), "xa-a/bai.mp3/trong.mp3");
}

#[test]
fn a_drop_that_is_too_large_is_returned_unread() {
    let mut rig = Rig::with(|settings| Settings { largest: 1000, ..settings });
    rig.drop_with("vua.mp3", &"x".repeat(1000));
    rig.drop_with("to.mp3", &"x".repeat(1001));
    rig.faulty(|step, path| {
        assert!(step != "readable" || path.ends_with("vua.mp3"));
        None
    });
    rig.run(3);
    assert_eq!(complaint_of(&rig, "to.mp3"), Some(Complaint::TooLarge { bytes: 1001, limit: 1000 }));
    assert_eq!(complaint_of(&rig, "vua.mp3"), None);
}

#[test]
fn a_file_that_cannot_be_read_is_waited_for_and_then_returned() {
    let mut rig = Rig::new();
    rig.drop("bai.mp3");
    rig.faulty(|step, _| (step == "readable").then_some(Cut::Before(std::io::ErrorKind::PermissionDenied)));
    assert_eq!(rig.run(10), Vec::<String>::new());
    assert_eq!(rig.inbox.next_look(), SECOND);
    assert_eq!(rig.run(2), ["bai.mp3"]);
    assert!(matches!(complaint_of(&rig, "bai.mp3"), Some(Complaint::Unreadable { .. })));
}

#[test]
fn ten_thousand_files_are_all_answered_each_sender_in_its_turn() {
    let mut rig = Rig::with(|settings| Settings { at_once: 500, ..settings });
    for office in ["xa-a", "xa-b"] {
        std::fs::create_dir(rig.path(office)).unwrap();
    }
    for number in 0..10_500 {
        std::fs::write(rig.path(&format!("xa-a/{number:05}.mp3")), "x").unwrap();
    }
    rig.drop("xa-b/it.mp3");
    rig.look();
    rig.pass(SECOND);
    let first = rig.look();
    assert_eq!(first.len(), 500);
    assert!(first.iter().any(|found| found.inner == "it.mp3"), "the other office waits for none of them");
    assert_eq!(rig.inbox.next_look(), Duration::ZERO);
    let mut answered = 0;
    while answered < 10_501 {
        let taken = rig.turn().len();
        assert!(taken > 0 || rig.inbox.next_look() == SECOND);
        answered += taken;
        rig.pass(SECOND);
    }
    assert_eq!(answered, 10_501);
    assert_eq!(std::fs::read_dir(rig.path("xa-a/Phiếu báo")).unwrap().count(), 21_000);
    assert_eq!(std::fs::read_dir(rig.path(&format!("xa-a/Đã nhận/{DAY}"))).unwrap().count(), 10_500);
}

#[test]
fn many_senders_are_served_in_turn() {
    let mut rig = Rig::with(|settings| Settings { at_once: 2, ..settings });
    for office in ["a", "b", "c", "d", "e"] {
        for number in 0..3 {
            rig.drop(&format!("{office}/{number}.mp3"));
        }
    }
    rig.look();
    rig.pass(SECOND);
    let mut served = Vec::new();
    for _ in 0..8 {
        rig.turn();
        served = rig.clerk.judged.iter().map(|found| found.sender.folder().unwrap().to_owned()).collect();
    }
    assert_eq!(served.concat(), "abcdeabcdeabcde");
}

#[test]
fn the_same_name_of_two_offices_is_two_drops() {
    let mut rig = Rig::new();
    rig.drop("xa-a/REC001.wav");
    rig.drop("xa-b/REC001.wav");
    rig.run(3);
    let senders: Vec<Sender> = rig.clerk.judged.iter().map(|found| found.sender.clone()).collect();
    assert_eq!(senders, [Sender::office("xa-a"), Sender::office("xa-b")]);
    assert_ne!(rig.clerk.judged[0].id, rig.clerk.judged[1].id);
}
