//! The folder of the inbox: what settles is taken up once, in order, put away and answered, however hostile the drop.

use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use loa::core::drops::{BadName, Complaint, ENGLISH_NAMES, InboxNames, Sender, VIETNAMESE_NAMES};
use loa::intake::inbox::{Inlet, Settings, Taken};
use unicode_normalization::UnicodeNormalization;

use super::inbox_rig::{Cut, Rig, SECOND};

const DAY: &str = "2026-11-24";

fn complaint_of(rig: &Rig, name: &str) -> Option<Complaint> {
    rig.clerk.judged.iter().find(|found| found.inner == name).unwrap().complaint.clone()
}

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
fn a_name_that_no_library_bears_is_returned_by_its_name_alone() {
    let mut rig = Rig::new();
    let long = format!("{}.mp3", "ă".repeat(125));
    assert_eq!(long.len(), 254);
    for name in
        ["bai\n1.mp3", "..\\..\\etc.mp3", "nul.mp3", "bai.mp3 ", "5:30.mp3", &long, "Pr'á Cơ Tu k'đhơợng.mp3"]
    {
        rig.drop_with(&format!("xa-a/{name}"), "x");
    }
    rig.drop_with("con/bai.mp3", "x");
    rig.drop("xa-a/1/2/3/4/5/6/7/8/vua.mp3");
    rig.drop("xa-a/1/2/3/4/5/6/7/8/9/sau.mp3");
    let abyss: String = (0..40).map(|_| "d/").collect();
    rig.drop(&format!("xa-a/{abyss}day.mp3"));
    rig.run(3);
    let bad = |name: &str| match complaint_of(&rig, name) {
        Some(Complaint::BadName(bad)) => Some(bad),
        None => None,
        other => panic!("{other:?}"),
    };
    assert!(matches!(bad("bai\n1.mp3"), Some(BadName::Cart(_))));
    assert!(matches!(bad("..\\..\\etc.mp3"), Some(BadName::Cart(_))));
    for name in ["nul.mp3", "bai.mp3 ", "5:30.mp3", "bai.mp3"] {
        assert_eq!(bad(name), Some(BadName::Windows), "{name}");
    }
    assert_eq!(bad(&long), Some(BadName::Long));
    assert_eq!(bad("Pr'á Cơ Tu k'đhơợng.mp3"), None);
    assert_eq!(bad("1/2/3/4/5/6/7/8/vua.mp3"), None);
    assert_eq!(bad("1/2/3/4/5/6/7/8/9/sau.mp3"), Some(BadName::Deep));
    // Put away as they are called, each answered by a name that Windows bears.
    for kept in ["bai\n1.mp3", "..\\..\\etc.mp3", &long, "sau.mp3", "bai.mp3 "] {
        assert!(rig.path(&format!("xa-a/Trả lại/{DAY}/{kept}")).is_file(), "{kept}");
    }
    assert!(rig.files().iter().any(|file| file.ends_with("day.mp3") && file.starts_with("xa-a/Trả lại/")));
    assert_eq!(rig.receipts("bai_1.mp3").len(), 2);
    assert_eq!(rig.files().iter().filter(|file| file.ends_with(".html")).count(), rig.clerk.judged.len());
    assert_eq!(rig.run(40), Vec::<String>::new());
}

#[test]
#[cfg(target_os = "linux")]
fn a_name_that_is_not_unicode_is_returned_and_survives_a_restart() {
    use std::os::unix::ffi::OsStrExt;
    let mut rig = Rig::new();
    let name = |bytes: &[u8]| std::ffi::OsStr::from_bytes(bytes).to_owned();
    std::fs::write(rig.path("").join(name(b"b\xe0i.mp3")), "TCVN3").unwrap();
    std::fs::create_dir(rig.path("").join(name(b"x\xe3"))).unwrap();
    std::fs::write(rig.path("").join(name(b"x\xe3")).join("bai.mp3"), "bai").unwrap();
    rig.faulty(|step, _| (step == "shift").then_some(Cut::Before(std::io::ErrorKind::Other)));
    rig.run(3);
    rig.restart(VIETNAMESE_NAMES);
    assert_eq!(complaint_of(&rig, "b\u{fffd}i.mp3"), Some(Complaint::BadName(BadName::NotUnicode)));
    assert_eq!(complaint_of(&rig, "bai.mp3"), Some(Complaint::BadName(BadName::NotUnicode)));
    let kept = rig.path("Trả lại").join(DAY).join(name(b"b\xe0i.mp3"));
    assert_eq!(std::fs::read_to_string(kept).unwrap(), "TCVN3");
    assert!(rig.path("").join(name(b"x\xe3")).join("Trả lại").join(DAY).join("bai.mp3").is_file());
    assert_eq!(rig.receipts("b\u{fffd}i.mp3").len(), 2);
    assert!(rig.run(5).is_empty() && rig.clerk.judged.len() == 2);
}

#[test]
fn twins_in_unicode_or_in_capitals_are_answered_one_after_the_other() {
    let mut rig = Rig::new();
    let composed = "Hòa Vang.mp3";
    let decomposed: String = composed.nfd().collect();
    assert_ne!(composed, decomposed);
    for name in [composed, &decomposed, "HÒA VANG.MP3"] {
        rig.drop(&format!("xa-a/{name}"));
    }
    rig.look();
    rig.pass(SECOND);
    let mut order = Vec::new();
    for _ in 0..3 {
        let taken = rig.turn();
        assert_eq!(taken.len(), 1);
        order.push(taken[0].0.clone());
    }
    let mut by_bytes = order.clone();
    by_bytes.sort();
    assert_eq!(order, by_bytes);
    assert_eq!(rig.files().iter().filter(|file| file.contains("Đã nhận/")).count(), 3);
    assert_eq!(rig.run(3), Vec::<String>::new());
}

#[test]
#[cfg(unix)]
fn links_pipes_and_sockets_are_answered_once_and_never_opened() {
    let mut rig = Rig::new();
    rig.drop("xa-a/that.mp3");
    std::os::unix::fs::symlink("/etc/passwd", rig.path("xa-a/passwd.mp3")).unwrap();
    std::os::unix::fs::symlink("..", rig.path("xa-a/vong")).unwrap();
    std::os::unix::fs::symlink("/nowhere", rig.path("dut.mp3")).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(elsewhere.path().join("bai.mp3"), "x").unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), rig.path("xa-gia")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(rig.path("xa-a/o-cam")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(rig.path("xa-a/ong.mp3")).status().unwrap().success());
    rig.run(4);
    for name in ["passwd.mp3", "vong", "dut.mp3", "xa-gia", "o-cam", "ong.mp3"] {
        assert_eq!(complaint_of(&rig, name), Some(Complaint::NoFile), "{name}");
        assert_eq!(rig.receipts(name).len(), 2, "{name}");
    }
    assert_eq!(rig.clerk.judged.len(), 7);
    let kept = rig.path(&format!("xa-a/Trả lại/{DAY}/passwd.mp3"));
    assert_eq!(std::fs::read_link(kept).unwrap(), Path::new("/etc/passwd"));
    assert!(elsewhere.path().join("bai.mp3").is_file() && Path::new("/etc/passwd").is_file());
    assert_eq!(rig.run(5), Vec::<String>::new());
    // They are swept as links.
    rig.now += TimeDelta::days(91);
    rig.inbox.sweep(rig.now);
    assert!(!rig.path(&format!("xa-a/Trả lại/{DAY}")).exists() && Path::new("/etc/passwd").is_file());
    assert!(elsewhere.path().join("bai.mp3").is_file());
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_a_program_has_open_to_write_is_waited_for() {
    let mut rig = Rig::new();
    rig.drop("xa-a/bai.mp3");
    rig.drop("xa-a/khac.mp3");
    // A copy that stalls: neither size nor time changes.
    let copying = std::fs::File::options().append(true).open(rig.path("xa-a/bai.mp3")).unwrap();
    assert_eq!(rig.run(60), ["khac.mp3"]);
    drop(copying);
    assert_eq!(rig.run(3), ["bai.mp3"]);
    // A program that never closes it keeps the office from its answer for a while, not for ever.
    rig.drop("xa-a/mo.mp3");
    let open = std::fs::File::options().append(true).open(rig.path("xa-a/mo.mp3")).unwrap();
    assert!(rig.run(500).is_empty());
    assert_eq!(rig.run(120), ["mo.mp3"]);
    drop(open);
}

#[test]
#[cfg(unix)]
fn receipts_are_not_written_through_a_link_in_the_place_of_their_folder() {
    let mut rig = Rig::new();
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::create_dir(rig.path("xa-a")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), rig.path("xa-a/Phiếu báo")).unwrap();
    rig.drop("xa-a/bai.mp3");
    rig.run(4);
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    assert_eq!(rig.inbox.troubles().len(), 1);
    std::fs::remove_file(rig.path("xa-a/Phiếu báo")).unwrap();
    rig.run(60);
    assert_eq!(rig.receipts("bai.mp3").len(), 2);
    assert_eq!(rig.inbox.troubles(), []);
}

#[test]
fn own_names_are_no_offices_and_no_drops_in_either_language_and_any_spelling() {
    let mut rig = Rig::new();
    for name in InboxNames::reserved() {
        let decomposed: String = name.nfd().collect();
        for name in [name, &decomposed, &name.to_uppercase()] {
            for sender in ["", "xa-a/"] {
                let is_withdraw = name.to_lowercase().nfc().eq("gỡ khỏi lịch".nfc())
                    || name.eq_ignore_ascii_case("take off");
                if !is_withdraw {
                    let inner = if name.contains('.') {
                        format!("{sender}{name}")
                    } else {
                        format!("{sender}{name}/bai.mp3")
                    };
                    rig.drop(&inner);
                }
            }
        }
    }
    assert_eq!(rig.run(5), Vec::<String>::new());
    // What is moved into the folder for taking off of either language is taken off.
    rig.drop("xa-a/Take off/bai.mp3");
    rig.drop("Gỡ khỏi lịch/xa-a/bai 2.mp3");
    rig.run(3);
    let found: Vec<_> = rig.clerk.judged.iter().map(|found| (found.inlet, found.inner.as_str())).collect();
    assert_eq!(found, [(Inlet::Withdraw, "xa-a/bai 2.mp3"), (Inlet::Withdraw, "bai.mp3")]);
    assert!(rig.path(&format!("Đã nhận/{DAY}/xa-a/bai 2.mp3")).is_file());
    rig.run(40);
    assert!(rig.path("Gỡ khỏi lịch").is_dir() && !rig.path("Gỡ khỏi lịch/xa-a").exists());
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

#[test]
fn a_new_file_in_an_emptied_folder_keeps_it() {
    let mut rig = Rig::new();
    rig.drop("xa-a/tin/1.mp3");
    rig.run(20);
    assert!(rig.path("xa-a/tin").is_dir(), "the next file may be about to be copied into it");
    rig.drop("xa-a/tin/ghi.mp3.part");
    rig.run(60);
    assert!(rig.path("xa-a/tin/ghi.mp3.part").is_file());
}

#[test]
fn board_and_alarm_are_laid_out_for_every_office_and_written_only_when_they_change() {
    let mut rig = Rig::new();
    rig.drop("xa-a/bai.mp3");
    rig.drop("rundown.html");
    rig.drop("xa-a/ALARM.txt");
    let writes = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let counted = writes.clone();
    rig.faulty(move |step, _| {
        counted.fetch_add(u32::from(step == "write"), std::sync::atomic::Ordering::Relaxed);
        None
    });
    let written = || writes.swap(0, std::sync::atomic::Ordering::Relaxed);
    assert!(rig.inbox.publish("lịch", Some("hỏng loa")).is_empty());
    assert_eq!(written(), 4);
    for sender in ["", "xa-a/"] {
        let read = |name: &str| std::fs::read_to_string(rig.path(&format!("{sender}{name}"))).unwrap();
        assert_eq!([read("lich-phat.html"), read("CẢNH BÁO.txt")], ["lịch", "hỏng loa"]);
    }
    assert!(!rig.path("rundown.html").exists() && !rig.path("xa-a/ALARM.txt").exists());
    assert!(rig.inbox.publish("lịch", Some("hỏng loa")).is_empty());
    assert_eq!(written(), 0);
    rig.inbox.publish("lỊch", None);
    assert_eq!(written(), 2);
    assert!(!rig.path("CẢNH BÁO.txt").exists() && !rig.path("xa-a/CẢNH BÁO.txt").exists());
    // An office's folder that is read-only is told of once, until it can be written again.
    let fault = |_: &str, path: &Path| {
        path.to_string_lossy().contains("xa-a").then_some(Cut::Before(std::io::ErrorKind::PermissionDenied))
    };
    rig.faulty(fault);
    assert_eq!(rig.inbox.publish("mới", None).len(), 1);
    assert_eq!(rig.inbox.publish("mới hơn", None).len(), 0);
    assert_eq!(std::fs::read_to_string(rig.path("lich-phat.html")).unwrap(), "mới hơn");
    rig.faulty(|_, _| None);
    assert_eq!(rig.inbox.publish("mới hơn", None).len(), 0);
    rig.faulty(fault);
    assert_eq!(rig.inbox.publish("mới nhất", None).len(), 1);
    // In the other language.
    rig.restart(ENGLISH_NAMES);
    rig.inbox.publish("rundown", Some("alarm"));
    assert!(rig.path("xa-a/rundown.html").is_file() && rig.path("ALARM.txt").is_file());
    assert!(!rig.path("xa-a/lich-phat.html").exists());
    assert_eq!(rig.run(3), ["bai.mp3"]);
}

#[test]
fn only_what_loa_put_there_is_deleted_and_only_when_it_is_old() {
    let mut rig = Rig::new();
    rig.drop("xa-a/tin/bai.mp3");
    rig.drop("nul.mp3");
    rig.run(3);
    for stranger in [
        "xa-a/Đã nhận/để dành.mp3",
        "xa-a/Đã nhận/2020-1-1/a.mp3",
        "xa-a/Phiếu báo/sổ tay.txt",
        "xa-a/2020-01-01/chưa nhận.mp3.part",
        "xa-a/Gỡ khỏi lịch/2020-01-01/x.part",
    ] {
        rig.drop(stranger);
    }
    rig.drop("xa-a/Accepted/2020-01-01/a/b.mp3");
    assert_eq!(rig.inbox.sweep(rig.now), 1, "of the station's other language too");
    let before = rig.files();
    rig.now += TimeDelta::days(90);
    assert_eq!(rig.inbox.sweep(rig.now), 0);
    assert_eq!(rig.files(), before);
    rig.now += TimeDelta::days(1);
    assert_eq!(rig.inbox.sweep(rig.now), 6);
    let left = [
        "xa-a/2020-01-01/chưa nhận.mp3.part",
        "xa-a/Gỡ khỏi lịch/2020-01-01/x.part",
        "xa-a/Phiếu báo/sổ tay.txt",
        "xa-a/Đã nhận/2020-1-1/a.mp3",
        "xa-a/Đã nhận/để dành.mp3",
    ];
    assert_eq!(rig.files(), left);
    assert!(!rig.path(&format!("xa-a/Đã nhận/{DAY}")).exists());
}

#[test]
fn what_is_to_be_kept_for_ever_is() {
    let mut rig = Rig::with(|settings| Settings { keep: Duration::ZERO, ..settings });
    rig.drop("bai.mp3");
    rig.run(3);
    rig.now += TimeDelta::days(20_000);
    assert_eq!(rig.inbox.sweep(rig.now), 0);
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
