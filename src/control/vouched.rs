//! A person's word that the clock is right, given before the station runs: a note in the state folder that the next start
//! takes and gives as the order. Owns the note; whether it still holds is the core's to say.

use std::path::Path;

use super::write_private;
use crate::core::trust::Vouched;

/// Leaves the word for the next start, in the state folder, which must be there.
pub fn leave(state: &Path, vouched: &Vouched) -> std::io::Result<()> {
    let text = serde_json::to_string(vouched).map_err(std::io::Error::other)?;
    write_private(&note_in(state), &text)
}

/// Takes the word that was left, once.
pub fn take(state: &Path) -> Option<Vouched> {
    let note = note_in(state);
    let text = std::fs::read_to_string(&note).ok()?;
    if let Err(error) = std::fs::remove_file(&note) {
        // What cannot be taken would be given again at every start.
        tracing::warn!(%error, "a word about the clock could not be taken");
        return None;
    }
    serde_json::from_str(&text).ok()
}

/// The note.
pub fn note_in(state: &Path) -> std::path::PathBuf {
    state.join("clock-vouched.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_taken_once_and_no_other_text_is_one() {
        let state = tempfile::tempdir().unwrap();
        assert_eq!(take(state.path()), None);
        let vouched =
            Vouched {
                boot: "a".into(), started: "2026-11-24T05:00:00Z".parse().unwrap(), by: "Bình".into()
            };
        leave(state.path(), &vouched).unwrap();
        assert_eq!(take(state.path()), Some(vouched));
        assert_eq!(take(state.path()), None);
        std::fs::write(note_in(state.path()), "{").unwrap();
        assert_eq!(take(state.path()), None);
        assert!(!note_in(state.path()).exists());
    }
}
