//! Faults of schedules, in Vietnamese: what is wrong and what mends it. Owns the wording alone.

use super::terms::{short_date, time_of_day};
use crate::core::pattern::Field;

use super::{Fault, PatternError, Vietnamese, cart_name_error, did_you_mean, document, listed};
use crate::core::fault::says_thu;

pub(super) fn vietnamese(fault: &Fault) -> Vietnamese {
    if let Fault::Document(fault) = fault {
        return document::vietnamese(fault);
    }
    Vietnamese { message: message(fault), remedy: Some(remedy(fault)) }
}

/// What is wrong with a pattern.
pub(super) fn pattern_error(error: &PatternError) -> String {
    let name = |field: &Field| match field {
        Field::Second => "giây",
        Field::Minute => "phút",
        Field::Hour => "giờ",
        Field::Day => "ngày",
        Field::Month => "tháng",
        Field::Weekday => "thứ",
    };
    match error {
        PatternError::FieldCount { found } => format!(
            "có {found} phần, phải có năm phần (phút giờ ngày tháng thứ), hoặc sáu phần nếu có giây đứng đầu"
        ),
        PatternError::Field { field, found } => {
            format!("`{found}` ở phần {} không hợp lệ, phải thuộc {}", name(field), field.expected())
        }
        PatternError::Backwards { field, found } => format!(
            "khoảng `{found}` ở phần {} viết ngược; hãy tách làm hai khoảng, ví dụ `{}`",
            name(field),
            field.two_ranges()
        ),
        PatternError::Nickname { found } => {
            format!("`{found}` không thuộc @hourly, @daily, @weekly, @monthly, @yearly")
        }
        PatternError::Never => "không bao giờ đến: không có ngày nào như vậy trong lịch".into(),
    }
}

fn message(fault: &Fault) -> String {
    match fault {
        Fault::Document(fault) => document::vietnamese(fault).message,
        Fault::TooManyCues { found, limit } => {
            format!(
                "các khung giờ phát nhiều lần trong ngày cộng lại thành {found} lượt mỗi ngày, nhiều nhất là {limit}"
            )
        }
        Fault::TooManySlots { found, limit } => format!("lịch có {found} khung giờ, nhiều nhất là {limit}"),
        Fault::NoSlots => "lịch không có khung giờ nào".into(),
        Fault::UntilBeforeFrom { from, until } => {
            format!("`valid_until` {} trước `valid_from` {}", short_date(*until), short_date(*from))
        }
        Fault::DuplicateSlot { first_line } => format!("trùng mã với khung giờ ở dòng {first_line}"),
        Fault::NoTime => "chưa ghi phát lúc nào".into(),
        Fault::SeveralTimes { found } => format!("giờ phát ghi theo nhiều cách: {}", listed(found)),
        Fault::HalfTime { has, lacks } => format!("có `{has}` thì phải có `{lacks}`"),
        Fault::BadPattern { found, error } => {
            format!("“{found}” không phải mẫu cron phát được: {}", pattern_error(error))
        }
        Fault::BadDays { found } => format!("“{found}” không phải thứ trong tuần"),
        Fault::BadTime { found } => format!("“{found}” không phải giờ trong ngày"),
        Fault::DateOutsideValidity { date, from, until } => {
            let validity = match until {
                Some(until) => format!("{} đến {}", short_date(*from), short_date(*until)),
                None => format!("{} trở đi", short_date(*from)),
            };
            format!("ngày {} nằm ngoài hiệu lực của lịch, từ {validity}", short_date(*date))
        }
        Fault::NothingToPlay => "chưa ghi phát gì".into(),
        Fault::SeveralPlays { found } => format!("khung giờ ghi cùng lúc {}", listed(found)),
        Fault::BadCartName { found, error } => {
            format!("“{found}” không thể là tệp ghi âm: {}", cart_name_error(*error))
        }
        Fault::UnknownRepeat { wanted, .. } => {
            format!("`repeat_of` ghi khung giờ “{wanted}” mà lịch này không có")
        }
        Fault::RepeatOfItself => "`repeat_of` ghi chính khung giờ này".into(),
        Fault::RepeatOfRepeat { wanted, of } => {
            format!("`repeat_of` ghi khung giờ “{wanted}”, mà khung giờ đó lại phát lại “{of}”")
        }
        Fault::RepeatOfRelay { wanted } => {
            format!(
                "`repeat_of` ghi khung giờ “{wanted}”, mà khung giờ đó tiếp sóng nên không có gì để phát lại"
            )
        }
        Fault::BadExcept { found } => format!("`except` có “{found}”, phải là ngày hoặc \"holidays\""),
        Fault::DuplicateCart { file, first_line } => format!("“{file}” đã được mô tả ở dòng {first_line}"),
        Fault::ChangeOfUnknownSlot { wanted, .. } => {
            format!("thay đổi ghi khung giờ “{wanted}” mà lịch này không có")
        }
        Fault::ChangeWhenNotDue { date } => {
            format!("khung giờ không phát ngày {}, nên không có gì để thay đổi", short_date(*date))
        }
        Fault::MoveOfSeveral { date, count } => {
            format!("khung giờ phát {count} lượt ngày {}, không rõ dời lượt nào", short_date(*date))
        }
        Fault::KeyWithoutMeaning { key, action } => {
            format!("`{key}` không có nghĩa với `action = \"{action}\"`")
        }
        Fault::ChangesContradict { date, first_line } => format!(
            "thay đổi này và thay đổi ở dòng {first_line} không thể cùng áp dụng ngày {}",
            short_date(*date)
        ),
        Fault::AlreadyDue { date, at } => {
            format!("khung giờ vốn đã có lượt phát lúc {} ngày {}", time_of_day(*at), short_date(*date))
        }
        Fault::UnknownTopic { topic, .. } => format!("“{topic}” không có trong danh sách chủ đề của trạm"),
        Fault::UnknownKind { kind, .. } => format!("“{kind}” không phải loại tin bài đã biết"),
        Fault::UnusedCart { file, .. } => format!("“{file}” được mô tả nhưng không khung giờ nào phát"),
        Fault::CommonRecordings { files } => {
            let names: Vec<String> = files.iter().map(|name| format!("“{name}”")).collect();
            format!("{}: trạm phát bản ghi chung, vì đơn vị chưa gửi bản nào cùng tên", names.join(", "))
        }
        Fault::NeverDue { from, until } => {
            format!("không phát lần nào từ {} đến {}", short_date(*from), short_date(*until))
        }
        Fault::ChangeOnHoliday { date } => format!(
            "{} là ngày lễ, khung giờ không phát, nên thay đổi này không có tác dụng",
            short_date(*date)
        ),
        Fault::MissingRecording { file, .. } => format!("không có tệp ghi âm “{file}” trong kho"),
        Fault::UnreadableRecording { file, found } => format!("không đọc được “{file}”: {found}"),
        Fault::UndecodableRecording { file, found } => format!("không giải mã được “{file}”: {found}"),
        Fault::UnapprovedRecording { file } => format!("“{file}” có nội dung mới chưa được duyệt"),
        Fault::SilentRecording { file } => format!("“{file}” im lặng từ đầu đến cuối"),
        Fault::DamagedRecording { file, frames, missing_frames } => format!(
            "“{file}” bị hỏng: {missing_frames} trong {} mẫu âm thanh không giải mã được",
            frames.saturating_add(*missing_frames)
        ),
        Fault::UnmeasuredRecording { file } => format!("“{file}” chưa được đo"),
        Fault::DuplicateSchedule { id, others } => {
            format!("mã lịch “{id}” cũng là mã của {}", listed(others))
        }
        Fault::SameHour { file, date, at, other } => format!(
            "“{file}” phát hai lần trong cùng một giờ ngày {}: lúc {} ở đây, lúc {} ở khung giờ “{}” của lịch “{}”",
            short_date(*date),
            time_of_day(*at),
            time_of_day(other.at),
            other.slot,
            other.schedule
        ),
    }
}

fn remedy(fault: &Fault) -> String {
    match fault {
        Fault::Document(fault) => document::vietnamese(fault).remedy.unwrap_or_default(),
        Fault::TooManyCues { .. } => "hãy xem lại `cron` và `at`; `cron` có sáu ô thì ô đầu là giây".into(),
        Fault::TooManySlots { .. } => "hãy dùng `days` hoặc `cron` thay vì mỗi ngày một khung giờ".into(),
        Fault::NoSlots => "hãy thêm `[[slot]]`; muốn gỡ lịch thì ghi `retired = true`".into(),
        Fault::UntilBeforeFrom { .. } => "hãy sửa một trong hai ngày".into(),
        Fault::DuplicateSlot { .. } => "mỗi khung giờ trong lịch một mã riêng".into(),
        Fault::NoTime => {
            "hãy thêm `cron`, hoặc `at` với `days`, ví dụ `at = [\"05:30\"]` và `days = [\"T2-T6\"]`".into()
        }
        Fault::SeveralTimes { .. } => "chỉ giữ `cron`, hoặc `at` với `days`, hoặc `at` với `dates`".into(),
        Fault::HalfTime { .. } => "hãy thêm `at = [\"05:30\"]`".into(),
        Fault::BadPattern { .. } => {
            "năm trường: phút giờ ngày tháng thứ, ví dụ \"30 5 * * mon-fri\"; thử bằng `loa next`".into()
        }
        Fault::BadDays { found } if says_thu(found) => {
            "`thu` có thể là thứ hoặc Thursday: thứ Năm ghi `T5`; các thứ ghi `T2` đến `T7` và `CN`".into()
        }
        Fault::BadDays { .. } => "hãy ghi như `days = [\"T2-T6\", \"CN\"]` hoặc `[\"mon-fri\"]`".into(),
        Fault::BadTime { .. } => "giờ ghi từ 00:00 đến 23:59, ví dụ \"05:30\"".into(),
        Fault::DateOutsideValidity { .. } => "hãy sửa ngày, hoặc sửa `valid_from` và `valid_until`".into(),
        Fault::NothingToPlay => {
            "hãy thêm `play = [\"nhac-hieu.mp3\", …]`, `repeat_of = \"…\"` hoặc `relay = \"30m\"` (tiếp sóng)"
                .into()
        }
        Fault::SeveralPlays { .. } => "chỉ giữ lại một".into(),
        Fault::DuplicateCart { .. } | Fault::ChangesContradict { .. } => "hãy bỏ một".into(),
        Fault::BadCartName { .. } => "hãy ghi tên tệp đúng như khi chép vào, tính từ thư mục ghi âm".into(),
        Fault::UnknownRepeat { closest, .. } | Fault::ChangeOfUnknownSlot { closest, .. } => {
            did_you_mean(closest.as_deref()).unwrap_or_else(|| "hãy ghi mã một khung giờ của tệp này".into())
        }
        Fault::RepeatOfItself => "hãy ghi khung giờ có chương trình cần phát lại".into(),
        Fault::RepeatOfRepeat { of, .. } => format!("hãy ghi `repeat_of = \"{of}\"`"),
        Fault::RepeatOfRelay { .. } => "hãy ghi một khung giờ có phát bản ghi".into(),
        Fault::BadExcept { .. } => "hãy ghi như `except = [\"holidays\", 2026-12-24]`".into(),
        Fault::ChangeWhenNotDue { .. } => {
            "hãy sửa ngày; muốn phát thêm một lượt thì ghi `action = \"extra\"`".into()
        }
        Fault::MoveOfSeveral { .. } => {
            "hãy hủy các lượt đó bằng `cancel`, rồi thêm lượt mới bằng `extra`".into()
        }
        Fault::KeyWithoutMeaning { .. } => "hãy xóa mục này, hoặc chọn `action` khác".into(),
        Fault::AlreadyDue { .. } => "hãy chọn giờ khác, hoặc xóa thay đổi này".into(),
        Fault::UnknownTopic { closest, .. } => did_you_mean(closest.as_deref()).unwrap_or_else(|| {
            "không báo cáo nào tính đến nó; hãy dùng mã trong danh sách chủ đề, hoặc thêm vào đó".into()
        }),
        Fault::UnknownKind { closest, .. } => did_you_mean(Some(closest)).unwrap_or_default(),
        Fault::UnusedCart { closest, .. } => {
            did_you_mean(closest.as_deref()).unwrap_or_else(|| "hãy kiểm tra lại tên tệp".into())
        }
        Fault::CommonRecordings { .. } => {
            "muốn phát bản cùng tên của đơn vị, hãy gửi bản ghi đó trước rồi gửi lại lịch".into()
        }
        Fault::NeverDue { .. } => "hãy đối chiếu các ngày phát với `valid_from` và `valid_until`".into(),
        Fault::ChangeOnHoliday { .. } => "muốn phát ngày đó thì ghi `action = \"extra\"`".into(),
        Fault::MissingRecording { closest, .. } => {
            let remedy = "hãy chép tệp vào thư mục ghi âm hoặc sửa tên, rồi chạy `loa check`";
            match closest {
                Some(name) => format!("tên gần nhất là “{name}”; {remedy}"),
                None => remedy.into(),
            }
        }
        Fault::UnreadableRecording { .. } => "hãy kiểm tra tệp và quyền đọc tệp, hoặc chép lại".into(),
        Fault::UndecodableRecording { .. } => {
            "hãy lưu lại thành mp3 hoặc wav rồi chép lại; xem thêm bằng `loa probe`".into()
        }
        Fault::UnapprovedRecording { .. } => {
            "người duyệt hãy dùng `loa approve MÃ-LỊCH --by \"HỌ TÊN\"`".into()
        }
        Fault::SilentRecording { .. } => "hãy nghe lại tệp, có thể lúc xuất tệp bị lỗi".into(),
        Fault::DamagedRecording { .. } => {
            "hãy chép lại tệp; phần giải mã được vẫn phát, và được ghi là bị gián đoạn".into()
        }
        Fault::UnmeasuredRecording { .. } => "tệp sẽ được đo khi trạm chạy".into(),
        Fault::DuplicateSchedule { .. } => "hãy xóa tệp cũ, hoặc đổi mã của một trong các tệp".into(),
        Fault::SameHour { .. } => "nếu chủ ý như vậy thì không cần sửa".into(),
    }
}
