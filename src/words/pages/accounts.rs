//! What `loa user` says. Owns the wording alone.

use std::io::ErrorKind;

use super::super::Language::{self, En, Vi};
use super::role;
use crate::core::account::{
    AccountFault, AccountName, LONGEST_NAME, LONGEST_PASSWORD, Role, SHORTEST_PASSWORD,
};

/// Why a text is no name or no password.
pub fn account_fault(language: Language, fault: AccountFault) -> String {
    match (language, fault) {
        (En, fault) => fault.to_string(),
        (Vi, AccountFault::NameLength) => {
            format!("tên tài khoản dài từ 1 đến {LONGEST_NAME} ký tự; hãy ghi lại, ví dụ `loa user add binh`")
        }
        (Vi, AccountFault::NameLetters) => {
            "tên tài khoản chỉ gồm chữ, số, dấu cách và dấu thông thường; hãy bỏ các ký tự khác".into()
        }
        (Vi, AccountFault::PasswordShort) => {
            format!("mật khẩu phải có ít nhất {SHORTEST_PASSWORD} ký tự; hãy dùng vài từ ghép lại")
        }
        (Vi, AccountFault::PasswordLong) => {
            format!("mật khẩu dài nhất {LONGEST_PASSWORD} byte; hãy chọn mật khẩu ngắn hơn")
        }
    }
}

/// That an account is made, or made anew.
pub fn added(language: Language, name: &AccountName, what: Role) -> String {
    match language {
        Vi => format!("Đã lưu tài khoản “{name}” ({}).", role(Vi, what)),
        En => format!("Saved the account “{name}” ({}).", role(En, what)),
    }
}

/// That an account is gone.
pub fn removed(language: Language, name: &AccountName) -> String {
    match language {
        Vi => format!("Đã xóa tài khoản “{name}”; các phiên đăng nhập của tài khoản này kết thúc."),
        En => format!("Removed the account “{name}”; its sessions end."),
    }
}

/// That the file of the accounts could not be read or written.
pub fn accounts_file(language: Language, file: &str, writing: bool, kind: ErrorKind, found: &str) -> String {
    let remedy = match (language, kind) {
        (Vi, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => {
            "ổ đĩa đã đầy: hãy xóa bớt tệp rồi làm lại; các tài khoản vẫn như cũ"
        }
        (En, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => {
            "the disk is full: make room, then try again; the accounts are as they were"
        }
        (Vi, ErrorKind::ReadOnlyFilesystem) => "ổ đĩa chỉ đọc được, có thể đang hỏng: hãy xem lại ổ đĩa",
        (En, ErrorKind::ReadOnlyFilesystem) => "the disk is read-only and may be damaged: see to it",
        (Vi, _) => "thư mục trạng thái phải thuộc về tài khoản của trạm",
        (En, _) => "the station's user must own the state folder",
    };
    match (language, writing) {
        (Vi, true) => format!("không ghi được “{file}”: {found}; {remedy}"),
        (Vi, false) => format!("không đọc được “{file}”: {found}; {remedy}"),
        (En, true) => format!("`{file}` could not be written: {found}; {remedy}"),
        (En, false) => format!("`{file}` could not be read: {found}; {remedy}"),
    }
}

/// That the file of the accounts holds none.
pub fn accounts_content(language: Language, file: &str, found: &str) -> String {
    match language {
        Vi => format!(
            "“{file}” không phải là danh sách tài khoản: {found}; hãy xóa tệp rồi tạo lại tài khoản bằng `loa user add`"
        ),
        En => {
            format!(
                "`{file}` holds no accounts: {found}; delete it, then make the accounts anew with `loa user add`"
            )
        }
    }
}

/// That nobody has that name.
pub fn unknown_account(language: Language, name: &AccountName) -> String {
    match language {
        Vi => format!("không có tài khoản “{name}”; xem bằng `loa user list`"),
        En => format!("there is no account `{name}`; `loa user list` has them all"),
    }
}

/// That a password could not be hashed.
pub fn not_hashed(language: Language, found: &str) -> String {
    match language {
        Vi => format!("không mã hóa được mật khẩu: {found}; hãy thử lại"),
        En => format!("the password could not be hashed: {found}; try again"),
    }
}
