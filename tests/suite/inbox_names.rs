//! The folder of the inbox: names that no library bears, twins of a name, and the names that Loa itself gives.

use loa::core::drops::{BadName, Complaint, InboxNames};
use loa::intake::inbox::Inlet;
use unicode_normalization::UnicodeNormalization;

use super::inbox_rig::{DAY, Rig, SECOND, complaint_of};

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
fn own_names_are_no_offices_and_no_drops_in_either_language_and_any_spelling() {
    let mut rig = Rig::new();
    for name in InboxNames::reserved() {
        let decomposed: String = name.nfd().collect();
        for name in [name, &decomposed, &name.to_uppercase()] {
            for sender in ["", "xa-a/"] {
                let lower = name.nfc().collect::<String>().to_lowercase();
                let is_inlet = ["gỡ khỏi lịch", "take off", "khẩn cấp", "emergency"].contains(&&*lower);
                if !is_inlet {
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
    // And what is dropped into the folder for emergencies comes before all else.
    rig.drop("xa-a/bai.mp3");
    rig.drop("xa-a/khẩn CẤP/lũ/bai.mp3");
    rig.run(3);
    let found: Vec<_> = rig.clerk.judged.iter().map(|found| (found.inlet, found.inner.as_str())).collect();
    assert_eq!(
        found,
        [
            (Inlet::Emergency, "lũ/bai.mp3"),
            (Inlet::Withdraw, "xa-a/bai 2.mp3"),
            (Inlet::Withdraw, "bai.mp3"),
            (Inlet::Drop, "bai.mp3")
        ]
    );
    assert!(rig.path(&format!("xa-a/Đã nhận/{DAY}/lũ/bai.mp3")).is_file());
    assert!(rig.path(&format!("Đã nhận/{DAY}/xa-a/bai 2.mp3")).is_file());
    rig.run(40);
    assert!(rig.path("Gỡ khỏi lịch").is_dir() && !rig.path("Gỡ khỏi lịch/xa-a").exists());
}
