//! The last lines of `loa setup`: what to do tomorrow morning. Owns the wording.

use std::path::Path;

use super::{En, Language, Vi};

/// What to do tomorrow morning, a line each; `config` names a station that is not the installed one.
pub fn tomorrow(language: Language, page: Option<&str>, inbox: &Path, config: Option<&Path>) -> Vec<String> {
    let inbox = inbox.display();
    let sudo = if cfg!(windows) || config.is_some() { "" } else { "sudo " };
    let named = config.map(|config| format!(" --config \"{}\"", config.display())).unwrap_or_default();
    // Where whoever types it may write, and finds it again.
    let template = if cfg!(windows) { "%PUBLIC%\\mau-lich-phat.xlsx" } else { "/tmp/mau-lich-phat.xlsx" };
    match language {
        Vi => {
            let look = match page {
                Some(page) => {
                    format!("mở {page} bằng trình duyệt trên máy này, hoặc gõ: {sudo}loa status{named}")
                }
                None => format!("gõ: {sudo}loa status{named}"),
            };
            vec![
                "XONG. Sáng mai:".into(),
                format!("  · Xem trạm phát gì: {look}"),
                format!(
                    "  · Bản ghi âm và lịch phát: chép vào {inbox}; trạm trả lời trong thư mục “Phiếu báo” ở đó."
                ),
                format!(
                    "  · Mẫu lịch phát bằng Excel để gửi các cơ quan: gõ  {sudo}loa template{named} -o {template}"
                ),
                format!(
                    "  · Không nghe thấy gì: gõ  {sudo}loa doctor{named}  – trạm tự khám và chỉ cách sửa."
                ),
                format!("  · Muốn đổi điều gì: gõ lại  {sudo}loa setup{named}"),
            ]
        }
        En => {
            let look = match page {
                Some(page) => {
                    format!("open {page} in a browser on this machine, or type: {sudo}loa status{named}")
                }
                None => format!("type: {sudo}loa status{named}"),
            };
            vec![
                "DONE. Tomorrow morning:".into(),
                format!("  · What the station airs: {look}"),
                format!(
                    "  · Recordings and schedules: copy them into {inbox}; the station answers in its folder “Receipts”."
                ),
                format!(
                    "  · The workbook that offices fill in: type  {sudo}loa template{named} -o {template}"
                ),
                format!(
                    "  · Nothing is heard: type  {sudo}loa doctor{named}  – it says what is wrong and how to mend it."
                ),
                format!("  · To change something: type  {sudo}loa setup{named}  again"),
            ]
        }
    }
}

/// The station is started by hand.
pub fn run_by_hand(language: Language, config: Option<&Path>) -> String {
    let command = match config {
        Some(config) => format!("loa run --config \"{}\"", config.display()),
        None => "loa run".into(),
    };
    match language {
        Vi => format!("Trạm không tự chạy trên máy này. Muốn chạy, gõ: {command}"),
        En => format!("The station does not start by itself here. To run it, type: {command}"),
    }
}
