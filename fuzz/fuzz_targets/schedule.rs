//! Any bytes as a schedule: read, spelled out for an office, and the week after it foretold.
#![no_main]

use std::sync::Arc;

use chrono_tz::Asia::Ho_Chi_Minh;
use libfuzzer_sys::fuzz_target;
use loa::core::cart::Library;
use loa::core::drops::Sender;
use loa::core::preview::{Grounds, coming_days};
use loa::core::record::JournalledVersion;
use loa::core::rundown::forecast::Policy;
use loa::core::schedule::read::{Reference, read};
use loa::intake::namespace::spell_out;
use loa::intake::schedules::plan_of;

fuzz_target!(|bytes: &[u8]| {
    let Ok((schedule, _)) = read(bytes, "lich.toml", &Reference::lenient()) else { return };
    let text = String::from_utf8_lossy(bytes);
    let spelled = spell_out(text.trim_start_matches('\u{feff}'), &Sender::office("Phòng"), &Library::default()).text;
    // What was right stays right with the names of an office.
    let (again, _) = read(spelled.as_bytes(), "lich.toml", &Reference::lenient()).expect("it was right before");
    assert_eq!(again.id, schedule.id);
    let now = chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_790);
    let version = JournalledVersion {
        schedule: schedule.id.clone(),
        file: "lich.toml".into(),
        text: spelled,
        from: now,
        until: None,
    };
    let plan = plan_of(&[version], &[], Ho_Chi_Minh, Arc::default());
    let (library, policy) = (Library::default(), Policy::default());
    if schedule.slots.len() < 50 {
        coming_days(&plan, &Grounds { library: &library, policy: &policy, now }, 300);
    }
});
