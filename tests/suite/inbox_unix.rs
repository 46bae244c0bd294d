//! The folder of the inbox, with what only Unix lets lie in it: links, pipes and sockets, names that are no Unicode, and
//! files that a program still writes.

use std::path::Path;

use chrono::TimeDelta;
use loa::core::drops::Complaint;
#[cfg(target_os = "linux")]
use loa::core::drops::{BadName, VIETNAMESE_NAMES};

#[cfg(target_os = "linux")]
use super::inbox_rig::Cut;
use super::inbox_rig::{DAY, Rig, complaint_of};

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
