//! Texts that are pinned in `tests/golden`: a change of a word shows as a change of a file. Owns the comparison.

use std::path::Path;

/// Holds `text` against the file, or writes the file where `LOA_WRITE_GOLDEN` is set.
pub fn hold_against(file: &str, text: &str) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("LOA_WRITE_GOLDEN").is_some() {
        std::fs::write(&golden, text).unwrap();
    }
    let pinned = std::fs::read_to_string(&golden).unwrap_or_default().replace("\r\n", "\n");
    let differs = text.lines().zip(pinned.lines()).find(|(now, then)| now != then);
    assert_eq!(differs, None, "and if it is meant: LOA_WRITE_GOLDEN=1");
    assert_eq!(text.lines().count(), pinned.lines().count());
}
