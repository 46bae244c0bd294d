//! Faults of the config and the lists beside it, in Vietnamese: what is wrong and what mends it. Owns the wording
//! alone.

use super::terms::short_date;
use super::{ConfigFault, Vietnamese, did_you_mean, document};

pub(super) fn vietnamese(fault: &ConfigFault) -> Vietnamese {
    if let ConfigFault::Document(fault) = fault {
        return document::vietnamese(fault);
    }
    Vietnamese { message: message(fault), remedy: Some(remedy(fault)) }
}

fn message(fault: &ConfigFault) -> String {
    match fault {
        ConfigFault::Document(fault) => document::vietnamese(fault).message,
        ConfigFault::NotThere => "không có tệp này".into(),
        ConfigFault::Folder => "đây là thư mục, phải là tệp".into(),
        ConfigFault::UnknownZone { found, .. } => format!("“{found}” không phải múi giờ"),
        ConfigFault::UnknownHost { card, host, known, .. } => {
            format!("“{card}” ghi hệ âm thanh “{host}”, phải là {}", document::one_of(known))
        }
        ConfigFault::NoCardId { card } => format!("“{card}” chưa ghi card nào"),
        ConfigFault::VirtualWithId { card } => format!("“{card}”: card ảo không có tên"),
        ConfigFault::CardTwice { card } => format!("“{card}” được ghi hai lần"),
        ConfigFault::VirtualNotLast => {
            "`virtual` đứng trước card khác, các card sau nó sẽ không bao giờ phát ra tiếng".into()
        }
        ConfigFault::BadQuietHours { found } => {
            format!("`quiet_hours` là “{found}”, phải là hai giờ khác nhau như `21:00-05:00`, hoặc `none`")
        }
        ConfigFault::BadDays { found } => format!("`weekdays` có “{found}”, không phải thứ trong tuần"),
        ConfigFault::BadSpan { key, found } => {
            format!("`{key}` có “{found}”, phải là hai giờ khác nhau như `05:00-06:00`")
        }
        ConfigFault::BadTime { key, found } => {
            format!("`{key}` là “{found}”, phải là một giờ trong ngày như `12:30`")
        }
        ConfigFault::BadException { found } => {
            format!("`exceptions` có “{found}”, phải là mã lịch và mã khung giờ")
        }
        ConfigFault::BadFallback { found, .. } => {
            format!("`fallback` có “{found}”, không phải là tên tệp trong kho ghi âm")
        }
        ConfigFault::PathInside { inner, outer } => format!("`{inner}` nằm trong thư mục của `{outer}`"),
        ConfigFault::BadWebhook => "`webhook` không phải là địa chỉ web".into(),
        ConfigFault::BadAddress { key, found } => {
            format!("`{key}` có “{found}”, không phải là địa chỉ thư điện tử")
        }
        ConfigFault::PasswordInTheOpen => {
            "`user` đi với `security = \"none\"` thì mật khẩu truyền đi không được mã hóa, ai cũng đọc được"
                .into()
        }
        ConfigFault::BadListen { found } => {
            format!("`listen` là “{found}”, phải là địa chỉ kèm cổng như `127.0.0.1:8080`, hoặc `none`")
        }
        ConfigFault::DuplicateTheme { id, first_line } => format!("chủ đề “{id}” đã có ở dòng {first_line}"),
        ConfigFault::BadPeriod { found } => format!(
            "`period` là “{found}”, phải là một kỳ như `2026-10` (tháng), `2026-Q4` (quý), `2026-H2` (nửa năm), `2026` (năm)"
        ),
        ConfigFault::UnknownTheme { found, .. } => {
            format!("“{found}” không có trong danh sách chủ đề của trạm")
        }
        ConfigFault::TargetUnit => "mỗi chỉ tiêu ghi một trong hai: `airings` hoặc `minutes`".into(),
        ConfigFault::DuplicateTarget { theme, period, first_line } => {
            format!("chỉ tiêu của chủ đề “{theme}” cho kỳ {period} đã có ở dòng {first_line}")
        }
        ConfigFault::HolidayBackwards { from, until } => {
            format!("`until` {} trước `date` {}", short_date(*until), short_date(*from))
        }
        ConfigFault::HolidayTooLong { from, until, most } => {
            format!("kỳ nghỉ từ {} đến {} dài quá {most} ngày", short_date(*from), short_date(*until))
        }
    }
}

fn remedy(fault: &ConfigFault) -> String {
    match fault {
        ConfigFault::Document(fault) => document::vietnamese(fault).remedy.unwrap_or_default(),
        ConfigFault::NotThere | ConfigFault::Folder => {
            "hãy chỉ tệp của trạm bằng `--config`, ví dụ `--config config/station.toml`".into()
        }
        ConfigFault::UnknownZone { closest, .. } => did_you_mean(*closest)
            .unwrap_or_else(|| "ở Việt Nam ghi `time_zone = \"Asia/Ho_Chi_Minh\"`".into()),
        ConfigFault::UnknownHost { closest, .. } => did_you_mean(*closest)
            .unwrap_or_else(|| "`loa devices` liệt kê các card đúng như cần ghi ở đây".into()),
        ConfigFault::NoCardId { .. } => {
            "bỏ dấu hai chấm để dùng card mặc định, hoặc xem `loa devices`".into()
        }
        ConfigFault::VirtualWithId { .. } => "hãy ghi `virtual`".into(),
        ConfigFault::CardTwice { .. } => "hãy bỏ một".into(),
        ConfigFault::VirtualNotLast => "hãy đặt `virtual` cuối cùng, hoặc xóa các card sau nó".into(),
        ConfigFault::BadQuietHours { .. } => {
            "giờ yên tĩnh có thể qua nửa đêm; tính cả giờ đầu, không tính giờ cuối".into()
        }
        ConfigFault::BadDays { .. } => "hãy ghi như `weekdays = [\"T2-T6\"]`".into(),
        ConfigFault::BadSpan { key, .. } => format!("hãy ghi như `{key} = [\"05:00-06:00\"]`"),
        ConfigFault::BadTime { key, .. } => format!("hãy ghi như `{key} = \"12:30\"`"),
        ConfigFault::BadException { .. } => "hãy ghi như `exceptions = [\"lich-le-tet/giao-thua\"]`".into(),
        ConfigFault::BadFallback { .. } => {
            "hãy ghi tên tệp như trong thư mục audio, ví dụ `fallback = [\"nhac-nen.mp3\"]`".into()
        }
        ConfigFault::PathInside { inner, .. } => format!("hãy dành cho `{inner}` một thư mục riêng"),
        ConfigFault::BadWebhook => {
            "hãy ghi đầy đủ, như `webhook = \"https://giam-sat.example.vn/loa\"`".into()
        }
        ConfigFault::BadAddress { .. } => "hãy ghi như `can-bo@example.vn`".into(),
        ConfigFault::PasswordInTheOpen => "hãy ghi `security = \"starttls\"` hoặc `\"tls\"`".into(),
        ConfigFault::BadListen { .. } => {
            "`127.0.0.1`: chỉ máy này xem được; `0.0.0.0`: mọi mạng mà máy này nối vào, khi đó phải có tài khoản".into()
        }
        ConfigFault::DuplicateTheme { .. } => "mỗi chủ đề một mã riêng".into(),
        ConfigFault::BadPeriod { .. } => "hãy ghi như `period = \"2026-Q4\"`".into(),
        ConfigFault::UnknownTheme { closest, .. } => did_you_mean(closest.as_deref())
            .unwrap_or_else(|| "hãy thêm chủ đề vào tệp mà `files.themes` chỉ đến, hoặc sửa chỉ tiêu".into()),
        ConfigFault::TargetUnit => "hãy bỏ một trong hai, ghi như `airings = 24`".into(),
        ConfigFault::DuplicateTarget { .. } => "hãy bỏ một".into(),
        ConfigFault::HolidayBackwards { .. } | ConfigFault::HolidayTooLong { .. } => {
            "hãy sửa một trong hai ngày".into()
        }
    }
}
