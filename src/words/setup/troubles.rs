//! What goes wrong while a station is set up, said with what to do about it. Owns the wording.

use std::io::ErrorKind;
use std::path::Path;

use super::{En, Language, Vi};
use crate::core::account::AccountName;
use crate::words::cards;

/// The command as it is typed on this system: Windows knows no `sudo`.
fn typed(text: &str) -> String {
    if cfg!(windows) { text.replace("sudo ", "") } else { text.to_owned() }
}

/// A card that did not open, or gave no sound.
pub fn card_trouble(language: Language, card: &str, found: &str) -> String {
    match language {
        Vi => format!(
            "Không phát được trên card {card} ({found}). Hãy xem card đã cắm chưa, hoặc chọn card khác"
        ),
        En => format!(
            "The card {card} cannot sound ({found}). See whether it is plugged in, or choose another card"
        ),
    }
}

/// A card that another program has to itself: the program, where it is known.
pub fn card_in_use(language: Language, card: &str, program: Option<&str>) -> String {
    let let_go = cards::let_go(language, program);
    match (language, program) {
        (Vi, Some(program)) => {
            format!(
                "Card {card} đang bị chương trình “{program}” dùng nên không mở được: {let_go}; hoặc chọn card khác"
            )
        }
        (En, Some(program)) => {
            format!(
                "The card {card} is in use by the program `{program}` and does not open: {let_go}; or choose another card"
            )
        }
        (Vi, None) => {
            format!(
                "Card {card} đang bị chương trình khác dùng nên không mở được: {let_go}; hoặc chọn card khác"
            )
        }
        (En, None) => {
            format!(
                "The card {card} is in use by another program and does not open: {let_go}; or choose another card"
            )
        }
    }
}

/// A card that a flag named and that does not open: it can be taken all the same.
pub fn card_without_test(language: Language, trouble: &str) -> String {
    match language {
        Vi => format!("{trouble}, hoặc thêm --no-test để lấy card này mà không mở thử; chưa ghi gì"),
        En => format!("{trouble}, or add --no-test to take this one without opening it; nothing was written"),
    }
}

/// `--yes` without a card.
pub fn card_needed(language: Language, cards: &[String]) -> String {
    let list = if cards.is_empty() { "-".to_owned() } else { cards.join(", ") };
    match language {
        Vi => format!(
            "cần ghi card âm thanh, ví dụ --card {}; máy này có: {list}",
            cards.first().map_or("alsa:default", |c| c)
        ),
        En => format!(
            "name the sound card, as in --card {}; this machine has: {list}",
            cards.first().map_or("alsa:default", |c| c)
        ),
    }
}

/// `--yes` without what only a person knows.
pub fn flag_needed(language: Language, flag: &str) -> String {
    match language {
        Vi => format!("thiếu {flag}; với --yes thì không có câu hỏi nào, nên phải ghi ra"),
        En => format!("{flag} is missing; with --yes nothing is asked, so it has to be given"),
    }
}

/// A flag names an account that has another role.
pub fn account_is_another(language: Language, name: &AccountName, role: &str) -> String {
    typed(&match language {
        Vi => format!(
            "đã có tài khoản “{name}” ({role}) và `loa setup` không đổi vai trò của tài khoản đang có; hãy đặt tên khác, hoặc \
             đổi vai trò bằng lệnh: sudo loa user add {name} --role technician"
        ),
        En => format!(
            "there is an account `{name}` ({role}), and `loa setup` does not change what an account may do; give another name, \
             or change it yourself: sudo loa user add {name} --role technician"
        ),
    })
}

/// The config that is there cannot be read.
pub fn config_faulty(language: Language, config: &Path, faults: &str) -> String {
    let config = config.display();
    match language {
        Vi => format!(
            "cấu hình hiện có không đọc được, nên `loa setup` không đụng vào; các chỗ sai:\n{faults}\n\
             Hãy sửa các dòng đó trong {config}; tệp của bản Loa cũ thì xóa dòng không còn dùng.\n\
             Hoặc đổi tên tệp đó để giữ lại, rồi chạy lại `loa setup` để tạo tệp mới."
        ),
        En => format!(
            "the config that is there cannot be read, so `loa setup` leaves it alone; what is wrong:\n{faults}\n\
             Mend these lines of {config}; of an older version of Loa, delete the lines that are no more.\n\
             Or rename that file, to keep it, and run `loa setup` again to have a new one."
        ),
    }
}

/// A file could not be written: before the config was, or when that was done.
pub fn not_written(
    language: Language,
    path: &Path,
    kind: ErrorKind,
    found: &str,
    config_done: bool,
) -> String {
    let path = path.display();
    let remedy = match (language, kind) {
        (Vi, ErrorKind::PermissionDenied) => "hãy chạy với quyền quản trị: sudo loa setup",
        (En, ErrorKind::PermissionDenied) => "run it with administrator's rights: sudo loa setup",
        (Vi, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => {
            "ổ đĩa đã đầy: hãy xóa bớt tệp rồi chạy lại loa setup"
        }
        (En, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => {
            "the disk is full: make room, then run loa setup again"
        }
        (Vi, ErrorKind::ReadOnlyFilesystem) => "ổ đĩa chỉ đọc được, có thể đang hỏng: hãy xem lại ổ đĩa",
        (En, ErrorKind::ReadOnlyFilesystem) => "the disk is read-only and may be damaged: see to it",
        (Vi, _) => "hãy xem lại ổ đĩa và thư mục rồi chạy lại loa setup",
        (En, _) => "see to the disk and the folder, then run loa setup again",
    };
    let remedy = typed(remedy);
    let config = match (language, config_done) {
        (Vi, false) => "Cấu hình vẫn như cũ",
        (En, false) => "The config is as it was",
        (Vi, true) => "Cấu hình thì đã ghi xong",
        (En, true) => "The config itself is written",
    };
    match language {
        Vi => format!("không ghi được “{path}” ({found}); {remedy}. {config}"),
        En => format!("`{path}` cannot be written ({found}); {remedy}. {config}"),
    }
}

/// Somebody else changed the config meanwhile.
pub fn changed_meanwhile(language: Language, config: &Path) -> String {
    let config = config.display();
    match language {
        Vi => format!("“{config}” vừa bị người khác sửa; không ghi đè lên. Hãy chạy lại `loa setup`"),
        En => format!(
            "`{config}` was changed by somebody else meanwhile; nothing was overwritten. Run `loa setup` again"
        ),
    }
}

/// Something of a person's lies where setup would write.
pub fn not_ours(language: Language, path: &Path) -> String {
    let path = path.display();
    match language {
        Vi => format!(
            "“{path}” không phải do `loa setup` tạo nên được giữ nguyên; hãy đổi tên tệp đó rồi làm lại"
        ),
        En => format!("`{path}` was not made by `loa setup` and is left as it is; rename it and try again"),
    }
}

/// The answers make no config that the station reads.
pub fn would_not_read(language: Language, faults: &str) -> String {
    match language {
        Vi => format!("các câu trả lời không thành một cấu hình đúng, nên không ghi gì:\n{faults}"),
        En => format!("the answers make no config that the station reads, so nothing was written:\n{faults}"),
    }
}

/// The service did not do what it was told.
pub fn service_trouble(language: Language, found: &str, not_allowed: bool) -> String {
    let text = match (language, not_allowed) {
        (Vi, true) => {
            format!("Chưa khởi động được trạm vì thiếu quyền ({found}). Hãy chạy lại: sudo loa setup")
        }
        (En, true) => {
            format!("The station was not started, this user may not ({found}). Run again: sudo loa setup")
        }
        (Vi, false) => format!(
            "Cấu hình đã ghi, nhưng trạm chưa khởi động được ({found}). Gõ  sudo loa doctor  để biết vì sao"
        ),
        (En, false) => format!(
            "The config is written, but the station did not start ({found}). Type  sudo loa doctor  to see why"
        ),
    };
    typed(&text)
}

/// Why the first cue does not air now.
pub fn no_first_cue(language: Language, quiet: bool) -> String {
    typed(match (language, quiet) {
        (Vi, true) => {
            "Đang hoặc sắp đến giờ yên tĩnh nên không phát thử theo lịch. Sáng mai gõ: sudo loa setup --first-cue"
        }
        (En, true) => {
            "The quiet hours are here or near, so no test by the schedule. Tomorrow type: sudo loa setup --first-cue"
        }
        (Vi, false) => {
            "Giới hạn phát của trạm không cho phát thử hôm nay. Ngày khác gõ: sudo loa setup --first-cue"
        }
        (En, false) => {
            "The station's limits keep today silent, so no test. Another day type: sudo loa setup --first-cue"
        }
    })
}

/// The first cue waits for an approval.
pub fn first_cue_waits(language: Language) -> String {
    typed(match language {
        Vi => {
            "Trạm này phải có người duyệt lịch: lượt phát thử chỉ phát sau khi duyệt, gõ: sudo loa approve kiem-tra --by \"HỌ TÊN\""
        }
        En => {
            "This station's schedules need approval: the test airs after: sudo loa approve kiem-tra --by \"NAME\""
        }
    })
}

/// The station airs, or will within minutes: it is not started again now.
pub fn busy(language: Language, title: &str) -> String {
    match language {
        Vi => format!("Trạm đang phát hoặc sắp phát “{title}” nên chưa khởi động lại."),
        En => format!("The station airs “{title}”, or will within minutes, so it is not started again now."),
    }
}

/// A station that was started by hand.
pub fn restart_by_hand(language: Language) -> &'static str {
    match language {
        Vi => {
            "Thay đổi có tác dụng khi khởi động lại: ở cửa sổ đang chạy trạm bấm Ctrl-C, rồi gõ lại `loa run`."
        }
        En => "The change counts after a start: press Ctrl-C where the station runs, then `loa run` again.",
    }
}
