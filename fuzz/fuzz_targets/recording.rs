//! Any bytes as a recording: measured, or refused; never a panic that escapes, never a recording without a frame.
#![no_main]

use std::io::Write;
use std::sync::Once;

use libfuzzer_sys::fuzz_target;

/// The fuzzer ends at any panic. A decoder may: Loa catches it, and only what escapes is a finding.
static QUIET: Once = Once::new();

fuzz_target!(|bytes: &[u8]| {
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| ())));
    let mut file = tempfile::NamedTempFile::new_in("/dev/shm").expect("a file in memory");
    file.write_all(bytes).expect("a file in memory");
    if let Ok(found) = loa::sound::measure::measure(file.path(), &mut |_| ()) {
        assert!(found.frames > 0 && found.rate > 0);
    }
});
