//! What `loa user` says. Owns the wording alone.

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
pub fn accounts_file(language: Language, file: &str, writing: bool, found: &str) -> String {
    match (language, writing) {
        (Vi, true) => {
            format!("không ghi được “{file}”: {found}; thư mục trạng thái phải thuộc về tài khoản của trạm")
        }
        (Vi, false) => {
            format!("không đọc được “{file}”: {found}; thư mục trạng thái phải thuộc về tài khoản của trạm")
        }
        (En, true) => {
            format!("`{file}` could not be written: {found}; the station's user must own the state folder")
        }
        (En, false) => {
            format!("`{file}` could not be read: {found}; the station's user must own the state folder")
        }
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
