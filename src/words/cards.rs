//! Why a sound card does not open, and what to do where another program has it. Owns the wording, for everybody who tells
//! of it.

use super::Language::{self, En, Vi};
use crate::core::card::{NotOpened, is_sound_server};

/// Another Loa, by the name of its program.
const LOA: &str = "loa";

/// What was found of a card that does not open.
pub fn not_opened(language: Language, found: &NotOpened) -> String {
    match (language, found) {
        (Vi, NotOpened::InUse { program: Some(program) }) if program == LOA => {
            "một trạm Loa đang chạy giữ card này".into()
        }
        (En, NotOpened::InUse { program: Some(program) }) if program == LOA => {
            "a Loa that runs is using it".into()
        }
        (Vi, NotOpened::InUse { program: Some(program) }) => {
            format!("chương trình “{program}” đang dùng card này")
        }
        (Vi, NotOpened::InUse { program: None }) => "một chương trình khác đang dùng card này".into(),
        (Vi, NotOpened::NotThere) => "máy không có card này; `loa devices` liệt kê các card đang có".into(),
        (Vi, NotOpened::Other { found }) => found.clone(),
        (En, found) => found.to_string(),
    }
}

/// After a card that another program has to itself.
pub fn used_by(language: Language, program: &str) -> String {
    match language {
        Vi => format!(" – đang bị chương trình “{program}” dùng"),
        En => format!(" – in use by the program `{program}`"),
    }
}

/// Each card with what was found, in one line.
pub fn tried(language: Language, tried: &[(String, NotOpened)]) -> String {
    let said: Vec<String> =
        tried.iter().map(|(card, found)| format!("{card}: {}", not_opened(language, found))).collect();
    said.join("; ")
}

/// How a card is got back that another program has to itself.
pub fn let_go(language: Language, program: Option<&str>) -> String {
    match (language, program) {
        (Vi, Some(LOA)) => "hãy đợi trạm đó phát xong; nếu là trạm không dùng nữa thì tắt đi".into(),
        (En, Some(LOA)) => "wait until that station is silent; end it if it is not used any more".into(),
        (Vi, Some(program)) if is_sound_server(program) => {
            "đó là máy chủ âm thanh của màn hình nền: hãy tắt chương trình đang phát qua nó (trình duyệt, trình nghe nhạc), hoặc \
             đăng xuất khỏi màn hình nền"
                .into()
        }
        (En, Some(program)) if is_sound_server(program) => {
            "that is the desktop's sound server: close what plays by it (a browser, a player), or log out of the desktop"
                .into()
        }
        (Vi, Some(program)) => format!("hãy tắt chương trình “{program}”"),
        (En, Some(program)) => format!("close the program `{program}`"),
        (Vi, None) => "hãy tắt trình duyệt, trình nghe nhạc và các chương trình có âm thanh khác trên máy".into(),
        (En, None) => "close browsers, players and whatever else makes sounds on this machine".into(),
    }
}
