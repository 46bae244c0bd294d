//! The folder of the inbox: what Loa lays out there for the offices, and what it clears away when it is old.

use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use loa::core::drops::ENGLISH_NAMES;
use loa::intake::inbox::Settings;

use super::inbox_rig::{Cut, DAY, Rig};

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
