//! Any bytes as a workbook of each kind: a text that reads as a schedule, or faults.
#![no_main]

use std::sync::Once;

use libfuzzer_sys::fuzz_target;
use loa::intake::workbook::Ending;

/// The fuzzer ends at any panic. The library that opens workbooks may: Loa catches it, and only what escapes is a finding.
static QUIET: Once = Once::new();

fuzz_target!(|bytes: &[u8]| {
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| ())));
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let ending = [Ending::Xlsx, Ending::Xls, Ending::Ods, Ending::Csv][usize::from(*kind) % 4];
    match loa::intake::workbook::read(bytes, ending, &[]) {
        Ok(translated) => {
            use loa::core::schedule::read::{Reference, read};
            read(translated.text.as_bytes(), "lich", &Reference::lenient()).expect("a translation is right");
        }
        Err(faults) => assert!(!faults.is_empty()),
    }
});
