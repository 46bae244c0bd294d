//! Faults of any text file, in Vietnamese: what is wrong and what mends it. Owns the wording alone.

use super::{DocumentFault, Vietnamese, did_you_mean, listed, shape};
use crate::core::fault::{IdFault, SyntaxFault, thousands};

pub(super) fn vietnamese(fault: &DocumentFault) -> Vietnamese {
    Vietnamese { message: message(fault), remedy: remedy(fault) }
}

fn message(fault: &DocumentFault) -> String {
    match fault {
        DocumentFault::TooLarge { bytes, limit } => {
            let dotted = |number: u64| thousands(number).replace(',', ".");
            format!("tệp dài {} byte, nhiều nhất là {}", dotted(*bytes), dotted(*limit))
        }
        DocumentFault::Unreadable { found } => format!("không đọc được: {found}"),
        DocumentFault::NotUtf8 => "tệp không phải văn bản UTF-8".into(),
        DocumentFault::ControlCharacter { code } => {
            format!("tệp có ký tự điều khiển U+{code:04X}, chỉ được là văn bản thường")
        }
        DocumentFault::Empty => "tệp trống".into(),
        DocumentFault::Syntax { problem, found } => syntax(problem, found),
        DocumentFault::ImpossibleDate { found } => format!("không có ngày “{found}”"),
        DocumentFault::ImpossibleTime { found } => format!("không có giờ “{found}”"),
        DocumentFault::DuplicateKey { key } => format!("`{key}` được ghi hai lần"),
        DocumentFault::UnknownKey { key, place: "", .. } => format!("ở đầu tệp không có mục `{key}`"),
        DocumentFault::UnknownKey { key, place, .. } => format!("phần `{place}` không có mục `{key}`"),
        DocumentFault::MissingKey { key, place: "", .. } => format!("thiếu mục `{key}`"),
        DocumentFault::MissingKey { key, place, .. } => format!("phần `{place}` thiếu mục `{key}`"),
        DocumentFault::WrongType { key, found, expected, .. } => {
            format!("`{key}` là {}, phải là {}", shape(*found), shape(*expected))
        }
        DocumentFault::WrongItem { key, found, expected, .. } => {
            format!("`{key}` có {}, mỗi phần tử phải là {}", shape(*found), shape(*expected))
        }
        DocumentFault::EmptyText { key, .. } => format!("`{key}` để trống"),
        DocumentFault::ControlInText { key } => {
            format!("`{key}` có dấu xuống dòng hoặc ký tự điều khiển khác, phải là một dòng chữ")
        }
        DocumentFault::EmptyList { key, .. } => format!("`{key}` là danh sách trống"),
        DocumentFault::UnknownWord { key, found, allowed, .. } => {
            format!("`{key}` là “{found}”, phải là {}", one_of(allowed))
        }
        DocumentFault::NotASpan { key, found } => {
            format!("`{key}` là “{found}”, phải là khoảng thời gian như `90s`, `10m` hoặc `1h30m`")
        }
        DocumentFault::OutOfRange { key, found, from, to } => {
            format!("`{key}` là {found}, phải từ {from} đến {to}")
        }
        DocumentFault::BadId { found, why, .. } => {
            let why = match why {
                IdFault::Characters => "mã chỉ gồm chữ cái không dấu, chữ số, `-`, `_` và `.`",
                IdFault::TooLong => "mã dài quá 64 ký tự",
            };
            format!("“{found}” không dùng làm mã được: {why}")
        }
        DocumentFault::More { count } => format!("còn {count} lỗi nữa không liệt kê"),
    }
}

fn remedy(fault: &DocumentFault) -> Option<String> {
    Some(match fault {
        DocumentFault::TooLarge { .. } => "hãy chia nhỏ, hoặc xem có đúng tệp cần dùng không".into(),
        DocumentFault::Unreadable { .. } => "hãy kiểm tra tệp và quyền đọc tệp".into(),
        DocumentFault::NotUtf8 => {
            "hãy lưu lại bằng UTF-8 (trong Notepad: Save As, ô Encoding chọn UTF-8)".into()
        }
        DocumentFault::ControlCharacter { .. } => "hãy xóa ký tự đó, hoặc lưu lại thành văn bản UTF-8".into(),
        DocumentFault::Empty => "hãy chép lại tệp, có thể lần chép trước bị dở dang".into(),
        DocumentFault::Syntax { problem, found } => syntax_remedy(problem, found)?,
        DocumentFault::ImpossibleDate { .. } => {
            "ngày ghi theo thứ tự năm-tháng-ngày, tháng và ngày đủ hai chữ số, ví dụ 2026-12-09".into()
        }
        DocumentFault::ImpossibleTime { .. } => "giờ ghi từ 00:00 đến 23:59, ví dụ \"05:30\"".into(),
        DocumentFault::DuplicateKey { key }
            if ["slot", "cart", "change", "theme", "holiday"].contains(&&**key) =>
        {
            format!("hãy ghi tiêu đề trong hai dấu ngoặc vuông mỗi lần: `[[{key}]]`")
        }
        DocumentFault::DuplicateKey { .. } => "hãy bỏ một".into(),
        DocumentFault::UnknownKey { closest, known, .. } => {
            did_you_mean(*closest).unwrap_or_else(|| format!("các mục ở đây: {}", listed(known)))
        }
        DocumentFault::MissingKey { example, .. } => format!("hãy thêm `{example}`"),
        DocumentFault::WrongType { example, .. }
        | DocumentFault::WrongItem { example, .. }
        | DocumentFault::EmptyText { example, .. }
        | DocumentFault::EmptyList { example, .. } => format!("hãy ghi như `{example}`"),
        DocumentFault::ControlInText { .. } => "hãy ghi trên một dòng".into(),
        DocumentFault::UnknownWord { closest, .. } => return did_you_mean(*closest),
        DocumentFault::NotASpan { .. } => {
            "số kèm `h`, `m` hoặc `s`, trong ngoặc kép, không có dấu cách".into()
        }
        DocumentFault::OutOfRange { .. } => "hãy chọn giá trị trong khoảng này".into(),
        DocumentFault::BadId { offer, .. } => {
            format!("ví dụ `{}`", offer.as_deref().unwrap_or("ban-tin-sang"))
        }
        DocumentFault::More { .. } => "hãy sửa các lỗi trên rồi kiểm tra lại".into(),
    })
}

pub(super) fn one_of(allowed: &[&str]) -> String {
    match allowed {
        [first @ .., last] if !first.is_empty() => format!("{} hoặc `{last}`", listed(first)),
        _ => listed(allowed),
    }
}

fn syntax(problem: &SyntaxFault, found: &str) -> String {
    match problem {
        SyntaxFault::Unquoted => format!("“{found}” thiếu dấu ngoặc kép"),
        SyntaxFault::CurlyQuotes => format!("`{found}` dùng dấu ngoặc kép cong, phải là dấu thẳng"),
        SyntaxFault::NoValue => "sau dấu `=` không có gì".into(),
        SyntaxFault::UnclosedText => "thiếu dấu ngoặc kép đóng".into(),
        SyntaxFault::Backslash => "có dấu `\\` trong chữ đặt trong ngoặc kép".into(),
        SyntaxFault::NoEquals => "dòng này không có dạng `mục = giá trị`".into(),
        SyntaxFault::BadKey => format!("tên mục không được có “{found}”"),
        SyntaxFault::UnclosedList => "danh sách thiếu dấu `,` hoặc `]`".into(),
        SyntaxFault::UnclosedHeading => "tiêu đề thiếu dấu ngoặc đóng".into(),
        SyntaxFault::AfterValue => "sau giá trị còn chữ thừa".into(),
        SyntaxFault::YesNo => format!("“{found}” không phải `true` cũng không phải `false`"),
        SyntaxFault::TooDeep => "các phần lồng nhau quá sâu".into(),
        SyntaxFault::Other(message) => format!("không đúng cú pháp TOML: {message}"),
    }
}

fn syntax_remedy(problem: &SyntaxFault, found: &str) -> Option<String> {
    Some(match problem {
        SyntaxFault::Unquoted if found.chars().all(|c| c.is_ascii_digit() || "-/.:".contains(c)) => {
            "ngày ghi như 2026-12-09, giờ ghi như \"05:30\"".into()
        }
        SyntaxFault::Unquoted => format!("hãy đặt trong ngoặc kép: \"{found}\""),
        SyntaxFault::CurlyQuotes => {
            "hãy gõ lại dấu ngoặc kép bằng trình soạn văn bản thường (Notepad): \"…\"".into()
        }
        SyntaxFault::NoValue => "hãy ghi giá trị, hoặc xóa dòng này".into(),
        SyntaxFault::UnclosedText => "hãy kết thúc bằng đúng dấu ngoặc đã mở".into(),
        SyntaxFault::Backslash => "hãy dùng dấu `/`, như \"nhac/nhac-hieu.mp3\"".into(),
        SyntaxFault::NoEquals => "hãy ghi `mục = giá trị`, hoặc đặt `#` ở đầu dòng nếu là ghi chú".into(),
        SyntaxFault::BadKey => "tên mục là các từ trong hướng dẫn, không dấu, không có dấu cách".into(),
        SyntaxFault::UnclosedList => "hãy ghi như `play = [\"a.mp3\", \"b.mp3\"]`".into(),
        SyntaxFault::UnclosedHeading => "hãy ghi như `[[slot]]`".into(),
        SyntaxFault::AfterValue => "mỗi dòng một mục; ghi chú bắt đầu bằng `#`".into(),
        SyntaxFault::YesNo => "hãy ghi `true` (có) hoặc `false` (không), chữ thường".into(),
        SyntaxFault::TooDeep => "đây không phải tệp lịch hay cấu hình; hãy xem lại tệp này từ đâu đến".into(),
        SyntaxFault::Other(_) => return None,
    })
}
