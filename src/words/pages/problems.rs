//! What a page says where it cannot do what it is asked: what is wrong and what mends it. Owns the wording alone.

use super::super::Language::{self, En, Vi};
use super::super::report::no_period;
use super::super::terms;
use super::deed;
use crate::core::account::Deed;
use crate::core::page::{Field, Problem};

/// The sentences for whoever reads the page.
pub fn problem(language: Language, problem: &Problem) -> String {
    match language {
        Vi => vietnamese(problem),
        En => english(problem),
    }
}

fn field(language: Language, field: Field) -> &'static str {
    let (vi, en) = match field {
        Field::From => ("“Từ ngày”", "“From”"),
        Field::To => ("“Đến ngày”", "“To”"),
        Field::Days => ("“Số ngày”", "“Days”"),
        Field::Month => ("tháng", "the month"),
        Field::Outcome => ("“Kết quả”", "“Outcome”"),
        Field::Before => ("vị trí trong danh sách", "the place in the list"),
        Field::Recording => ("“Bản ghi”", "“Recording”"),
        Field::Cue => ("“Lượt phát”", "“Cue”"),
        Field::Minutes => ("“Có hiệu lực trong”", "“Stands for”"),
        Field::Every => ("“Phát lại sau mỗi”", "“Repeats every”"),
        Field::Schedule => ("mã lịch", "the schedule"),
        Field::Period => ("“Kỳ báo cáo”", "“Period”"),
        Field::Form => ("“Biểu mẫu”", "“Form”"),
        Field::Layout => ("“Dạng tệp”", "“As”"),
        Field::Date => ("“Ngày”", "“Day”"),
        Field::Began => ("“Giờ bắt đầu”", "“Began at”"),
        Field::Length => ("“Thời lượng (phút)”", "“Length (minutes)”"),
        Field::Office => ("“Cơ quan gửi bài”", "“For the office”"),
        Field::Day => ("“Ngày”", "“Day”"),
        Field::Time => ("“Giờ”", "“Time”"),
        Field::Action => ("“Việc thay đổi”", "“Change”"),
        Field::Slot => ("“Khung giờ”", "“Slot”"),
        Field::Content => ("mã băm", "the fingerprint"),
    };
    if language == Vi { vi } else { en }
}

fn expected(language: Language, field: Field) -> &'static str {
    let (vi, en) = match field {
        Field::From | Field::To | Field::Date => (
            "hãy ghi ngày từ năm 2000 đến 2199 như 2026-11-30",
            "write a day of 2000 to 2199 as in 2026-11-30",
        ),
        Field::Days => ("hãy ghi số từ 1 đến 31", "write a number from 1 to 31"),
        Field::Month => ("hãy ghi tháng như 2026-11", "write a month as in 2026-11"),
        Field::Outcome
        | Field::Cue
        | Field::Minutes
        | Field::Every
        | Field::Office
        | Field::Action
        | Field::Slot
        | Field::Form
        | Field::Layout => ("hãy chọn trong danh sách", "choose from the list"),
        Field::Before => ("hãy quay lại đầu danh sách", "go back to the top of the list"),
        Field::Recording => (
            "hãy ghi tên tệp như trong thư mục bản ghi",
            "write the name as it is in the folder of recordings",
        ),
        Field::Schedule | Field::Content => ("hãy tải lại trang", "load the page again"),
        Field::Period => ("hãy chọn kỳ, hoặc ghi như 2026-Q4", "choose one, or write it as in 2026-Q4"),
        Field::Began => ("hãy ghi giờ như 17:00", "write a time as in 17:00"),
        Field::Length => ("hãy ghi số phút từ 1 đến 360", "write minutes from 1 to 360"),
        Field::Day => (
            "hãy ghi ngày từ hôm nay trở đi, như 2026-11-30",
            "write a day that is not past, as in 2026-11-30",
        ),
        Field::Time => ("hãy ghi giờ chưa qua, như 05:30", "write a time that is not past, as in 05:30"),
    };
    if language == Vi { vi } else { en }
}

fn vietnamese(problem: &Problem) -> String {
    match problem {
        Problem::NoSuchPage => "Không có trang này. Hãy chọn một trang ở trên.".into(),
        Problem::NoSuchAiring => "Nhật ký không có lượt phát này. Hãy tìm trong trang Nhật ký phát.".into(),
        Problem::WrongMethod => "Địa chỉ này không mở được theo cách đó. Hãy quay lại và bấm nút trên trang.".into(),
        Problem::TooMuch => "Nội dung gửi lên quá lớn. Hãy gửi ít hơn.".into(),
        Problem::NotWhole => "Nội dung gửi lên không đầy đủ. Hãy gửi lại.".into(),
        Problem::StrangeName => {
            "Địa chỉ này không phải của trạm. Trên máy của trạm, hãy mở trang bằng http://127.0.0.1 kèm số cổng; từ máy khác, \
             hãy dùng địa chỉ IP hoặc tên máy của trạm."
                .into()
        }
        Problem::NoSuchLanguage => "Các trang chỉ có tiếng Việt (vi) và tiếng Anh (en).".into(),
        Problem::BadField { field: what, found } if found.is_empty() => {
            format!("Còn thiếu {}; {}.", field(Vi, *what), expected(Vi, *what))
        }
        Problem::BadField { field: what, found } => {
            format!("{} là “{found}”, không dùng được; {}.", field(Vi, *what), expected(Vi, *what))
        }
        Problem::Backwards => "“Đến ngày” sớm hơn “Từ ngày”. Hãy sửa một trong hai ngày.".into(),
        Problem::TooManyRows { most } => {
            format!("Kết quả có hơn {most} dòng. Hãy chọn khoảng ngày ngắn hơn.")
        }
        Problem::Period(error) => format!("{}.", terms::capital(&no_period(Vi, error))),
        Problem::Lists { found } => {
            format!("Không lập được: {found}. Hãy báo người phụ trách kỹ thuật; việc phát không bị ảnh hưởng.")
        }
        Problem::StrangeOrigin => {
            "Yêu cầu này đến từ trang của nơi khác nên không được thực hiện. Hãy mở trang của trạm và bấm nút trên đó.".into()
        }
        Problem::NoToken => {
            "Trang đã cũ hoặc trình duyệt không nhận cookie, nên yêu cầu không được thực hiện. Hãy tải lại trang rồi bấm lại.".into()
        }
        Problem::NotSignedIn => "Hãy đăng nhập trước.".into(),
        Problem::NotAllowed(Deed::Stop) => {
            "Chỉ dừng phát được trên chính máy của trạm, hoặc sau khi đăng nhập bằng tài khoản kỹ thuật hoặc giám sát.".into()
        }
        Problem::NotAllowed(what) => {
            format!("Tài khoản này không được {}. Hãy đăng nhập bằng tài khoản khác.", deed(Vi, *what))
        }
        Problem::WrongPassword => "Tên hoặc mật khẩu không đúng. Hãy thử lại.".into(),
        Problem::TooManyAttempts { wait } => format!(
            "Đã thử quá nhiều lần. Hãy chờ {} rồi thử lại.",
            terms::length(Vi, *wait)
        ),
        Problem::Crowded => "Trạm đang bận vì nhiều người truy cập cùng lúc. Hãy thử lại sau ít giây.".into(),
        Problem::PlayoutSilent => {
            "Bộ phận phát không trả lời, nên không biết lệnh có được thực hiện không. Hãy xem trang Hiện tại rồi thử lại.".into()
        }
        Problem::Journal { found } => {
            format!("Không đọc được nhật ký: {found}. Hãy báo người phụ trách kỹ thuật; việc phát không bị ảnh hưởng.")
        }
        Problem::NothingSent => "Chưa chọn tệp nào. Hãy quay lại, chọn tệp rồi bấm nút gửi.".into(),
        Problem::TooLarge { limit } => format!(
            "Tệp lớn hơn mức {} MB mà trạm nhận, nên không tệp nào được nhận. Hãy xuất lại với dung lượng nhỏ hơn, hoặc báo người \
             phụ trách kỹ thuật.",
            limit / 1_000_000
        ),
        Problem::DiskFull => {
            "Ổ đĩa của trạm không còn đủ chỗ, nên không tệp nào được nhận. Hãy báo người phụ trách kỹ thuật dọn ổ đĩa rồi gửi lại.".into()
        }
        Problem::NotStored { found } => format!(
            "Trạm không ghi được: {found}. Hãy thử lại; nếu vẫn vậy hãy báo người phụ trách kỹ thuật."
        ),
        Problem::NotRead { found } => format!(
            "Không đọc được bản ghi: {found}. Hãy báo người phụ trách kỹ thuật xem thư mục bản ghi."
        ),
        Problem::NoCueLeft => {
            "Hôm nay khung giờ này không còn lượt nào chưa phát. Hãy xem trang Lịch phát rồi chọn ngày khác.".into()
        }
        Problem::NoSuchReceipt => {
            "Không có phiếu báo này: có thể chưa lập xong, hoặc đã quá hạn lưu. Hãy tìm trong trang Hộp nhận tệp.".into()
        }
        Problem::NoSuchRecording => "Kho bản ghi không có bản ghi này. Hãy tìm trong trang Các bản ghi.".into(),
        Problem::WaitsNoMore => {
            "Bản ghi này không còn chờ duyệt với nội dung ấy: đã duyệt, không được duyệt, đã gỡ, hoặc có tệp khác thay vào. Hãy mở lại \
             trang Điều khiển rồi nghe bản đang chờ."
                .into()
        }
        Problem::WaitsOtherwise => {
            "Chưa duyệt: từ khi mở trang, các bản ghi chờ duyệt của lịch này đã khác đi. Hãy mở lại trang Điều khiển, nghe bản đang \
             chờ rồi duyệt."
                .into()
        }
        Problem::TookTooLong => "Trang phản hồi quá chậm. Hãy thử lại sau ít giây.".into(),
        Problem::Failed => {
            "Trang này gặp lỗi; việc phát không bị ảnh hưởng. Hãy thử lại, nếu vẫn vậy hãy báo người phụ trách kỹ thuật.".into()
        }
    }
}

fn english(problem: &Problem) -> String {
    match problem {
        Problem::NoSuchPage => "There is no such page. Choose one of those above.".into(),
        Problem::NoSuchAiring => "The journal has no such airing. Look for it on the page Airings.".into(),
        Problem::WrongMethod => "This page does not take that kind of request. Go back and press its button.".into(),
        Problem::TooMuch => "More was sent than this page takes. Send less.".into(),
        Problem::NotWhole => "What was sent did not come whole. Send it again.".into(),
        Problem::StrangeName => {
            "This address is not the station's. On its own machine open http://127.0.0.1 with the port; from another one use \
             the station's IP address or the name of its machine."
                .into()
        }
        Problem::NoSuchLanguage => "The pages are in Vietnamese (vi) and English (en) only.".into(),
        Problem::BadField { field: what, found } => {
            let named = field(En, *what);
            if found.is_empty() {
                return format!("Still missing: {named}; {}.", expected(En, *what));
            }
            let named = named.strip_prefix("the ").map_or_else(|| named.to_owned(), |rest| format!("The {rest}"));
            format!("{named} is “{found}”, which cannot be used; {}.", expected(En, *what))
        }
        Problem::Backwards => "“To” is before “From”. Mend one of the two.".into(),
        Problem::TooManyRows { most } => {
            format!("There are more than {most} rows. Choose a shorter span of days.")
        }
        Problem::Period(error) => format!("{}.", terms::capital(&no_period(En, error))),
        Problem::Lists { found } => {
            format!("This could not be made: {found}. Tell the technician; airing is not affected.")
        }
        Problem::StrangeOrigin => {
            "This request came from a page of another site and was not carried out. Open the station's page and press its button."
                .into()
        }
        Problem::NoToken => {
            "The page was out of date or the browser takes no cookies, and nothing was done. Load the page again, then press \
             the button."
                .into()
        }
        Problem::NotSignedIn => "Sign in first.".into(),
        Problem::NotAllowed(Deed::Stop) => {
            "Stopping is possible on the station's own machine, or signed in as a technician or supervisor.".into()
        }
        Problem::NotAllowed(what) => {
            format!("This account may not {}. Sign in with another.", deed(En, *what))
        }
        Problem::WrongPassword => "The name or the password is wrong. Try again.".into(),
        Problem::TooManyAttempts { wait } => {
            format!("Too many attempts. Wait {} and try again.", terms::length(En, *wait))
        }
        Problem::Crowded => "Too much is asked of the station at once. Try again in some seconds.".into(),
        Problem::PlayoutSilent => {
            "The playout does not answer, so that nobody knows whether it was done. Look at the page Now, then try again.".into()
        }
        Problem::Journal { found } => {
            format!("The journal cannot be read: {found}. Tell the technician; airing is not affected.")
        }
        Problem::NothingSent => "No file was chosen. Go back, choose one and press the button.".into(),
        Problem::TooLarge { limit } => format!(
            "A file is longer than the {} MB that the station takes, and none was taken. Export it smaller, or ask the technician.",
            limit / 1_000_000
        ),
        Problem::DiskFull => {
            "The station's disk has no room for it, and no file was taken. Ask the technician to make room, then send it again.".into()
        }
        Problem::NotStored { found } => {
            format!("The station could not store it: {found}. Try again, and tell the technician if it stays so.")
        }
        Problem::NotRead { found } => format!(
            "The recording cannot be read: {found}. Ask the technician to look at the folder of recordings."
        ),
        Problem::NoCueLeft => {
            "Nothing of this slot is still to come today. Look at the page Rundown and choose another day.".into()
        }
        Problem::NoSuchReceipt => {
            "There is no such receipt: it is not laid out yet, or was kept long enough. Look on the page Inbox.".into()
        }
        Problem::NoSuchRecording => "There is no such recording. Look on the page Recordings.".into(),
        Problem::WaitsNoMore => {
            "This recording does not wait for approval in that content any more: it was approved, refused, taken off, or another \
             came in its place. Open the page Orders again and listen to what waits."
                .into()
        }
        Problem::WaitsOtherwise => {
            "Nothing was approved: other recordings of this schedule wait than when the page was opened. Open the page Orders \
             again, listen to what waits, then approve."
                .into()
        }
        Problem::TookTooLong => "The page took too long. Try again in some seconds.".into(),
        Problem::Failed => {
            "This page failed; airing is not affected. Try again, and tell the technician if it stays so.".into()
        }
    }
}
