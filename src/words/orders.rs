//! What orders are answered with, and why a station could not be asked.

use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::Say;
use super::emergencies;
use super::handwritten;
use super::notices;
use super::refused;
use super::terms::{self, clock_time};
use crate::core::drops::Hold;
use crate::core::order::{Answer, ControlError, Refusal, START};

/// What became of an order.
pub fn answer(language: Language, zone: Tz, answer: &Answer) -> String {
    match (language, answer) {
        (Vi, Answer::Stopped { title: Some(title), waiting: 0 }) => {
            format!("Đã dừng “{title}”. Các lượt sau vẫn phát theo lịch.")
        }
        (En, Answer::Stopped { title: Some(title), waiting: 0 }) => {
            format!("Stopped “{title}”. Later cues air as planned.")
        }
        (Vi, Answer::Stopped { title: Some(title), waiting }) => {
            format!("Đã dừng “{title}” và bỏ {waiting} lượt đang chờ. Các lượt sau vẫn phát theo lịch.")
        }
        (En, Answer::Stopped { title: Some(title), waiting }) => {
            format!("Stopped “{title}” and called off {waiting} that waited. Later cues air as planned.")
        }
        (Vi, Answer::Stopped { title: None, waiting }) => {
            format!("Không có gì đang phát; đã bỏ {waiting} lượt đang chờ.")
        }
        (En, Answer::Stopped { title: None, waiting }) => {
            format!("Nothing was on air; {waiting} that waited are called off.")
        }
        (Vi, Answer::Playing { title, behind: None }) => format!("Phát “{title}” ngay."),
        (En, Answer::Playing { title, behind: None }) => format!("“{title}” airs now."),
        (Vi, Answer::Playing { title, behind: Some(behind) }) => {
            format!("Sẽ phát “{title}” ngay sau “{behind}”.")
        }
        (En, Answer::Playing { title, behind: Some(behind) }) => format!("“{title}” airs after “{behind}”."),
        (_, Answer::Skipped { dues }) => {
            let list: Vec<String> =
                dues.iter().map(|due| terms::date_and_time(language, zone, *due)).collect();
            match language {
                Vi => format!("Sẽ không phát: {}.", list.join("; ")),
                En => format!("Left out: {}.", list.join("; ")),
            }
        }
        (_, Answer::Emergency { title, until, every }) => {
            emergencies::ordered(language, zone, title, *until, *every)
        }
        (_, Answer::EmergencyEnded { titles }) => emergencies::ended(language, titles),
        (Vi, Answer::ClockConfirmed { now }) => {
            format!("Đã xác nhận giờ máy: {}.", terms::date_and_time(Vi, zone, *now))
        }
        (En, Answer::ClockConfirmed { now }) => {
            format!("The clock is vouched for: {}.", terms::date_and_time(En, zone, *now))
        }
        (Vi, Answer::Approved { schedule, title }) => {
            format!("Đã duyệt lịch “{title}” ({schedule}) cùng các bản ghi của lịch.")
        }
        (En, Answer::Approved { schedule, title }) => {
            format!("Approved: “{title}” ({schedule}), with its recordings as they are now.")
        }
        (_, Answer::Refused { schedule, title, lying }) => refused::answer(language, schedule, title, lying),
        (_, Answer::WrittenDown { hand }) => handwritten::taken(language, zone, hand),
        (Vi, Answer::Ending) => "Trạm đang tắt.".into(),
        (En, Answer::Ending) => "The station is ending.".into(),
    }
}

/// Why an order was refused, with the remedy.
pub fn refusal(language: Language, zone: Tz, refusal: &Refusal) -> String {
    match (language, refusal) {
        (En, Refusal::QuietHours { until }) => {
            format!(
                "it would sound in the quiet hours, which last until {}; order it again then",
                clock_time(zone, *until)
            )
        }
        (_, Refusal::ByHand(fault)) => handwritten::refused(language, zone, fault),
        (En, Refusal::Limit { limit }) => {
            format!("{}; order it at another time", notices::limit(En, *limit))
        }
        (Vi, Refusal::Limit { limit }) => {
            format!("{}; hãy ra lệnh vào lúc khác", notices::limit(Vi, *limit))
        }
        (En, Refusal::EmergencyOver { until }) => format!(
            "it would have expired at {}, which has passed; give a later `--until`",
            terms::date_and_time(En, zone, *until)
        ),
        (En, Refusal::EmergencyTooLong { until, most }) => format!(
            "it would stand until {}, expected at most {} days; order it again then",
            terms::date_and_time(En, zone, *until),
            most.as_secs() / 86_400
        ),
        (En, other) => other.to_string(),
        (Vi, Refusal::EmergencyOver { until }) => format!(
            "lệnh đã hết hiệu lực lúc {}; hãy ghi `--until` muộn hơn",
            terms::date_and_time(Vi, zone, *until)
        ),
        (Vi, Refusal::EmergencyTooLong { until, most }) => format!(
            "lệnh sẽ có hiệu lực đến {}, nhiều nhất chỉ được {} ngày; khi đó hãy ra lệnh lại",
            terms::date_and_time(Vi, zone, *until),
            most.as_secs() / 86_400
        ),
        (Vi, Refusal::EmergencyInterval { every, from, to }) => format!(
            "khoảng lặp lại là {}, phải từ {} đến {}; hãy sửa `--every`",
            terms::length(Vi, *every),
            terms::length(Vi, *from),
            terms::length(Vi, *to)
        ),
        (Vi, Refusal::NoEmergency) => {
            "không có lệnh khẩn cấp nào như vậy đang có hiệu lực; xem `loa status`".into()
        }
        (Vi, Refusal::NothingOnAir) => "không có gì đang phát, cũng không có gì đang chờ".into(),
        (Vi, Refusal::NotInLibrary { file, closest: None }) => {
            format!("không có tệp ghi âm “{file}” trong kho")
        }
        (Vi, Refusal::NotInLibrary { file, closest: Some(name) }) => {
            format!("không có tệp ghi âm “{file}” trong kho; tên gần nhất là “{name}”")
        }
        (Vi, Refusal::CannotAir { file, found }) => {
            format!("không phát được “{file}”: {found}; xem `loa probe`")
        }
        (Vi, Refusal::QuietHours { until }) => {
            format!(
                "sẽ phát ra tiếng trong giờ yên tĩnh, kéo dài đến {}; hãy ra lệnh lại sau giờ đó",
                clock_time(zone, *until)
            )
        }
        (Vi, Refusal::NoSuchCue { slot, date }) => format!(
            "khung giờ “{slot}” không còn lượt nào ngày {}; xem bằng `loa rundown --from {date}`",
            date.format("%d/%m/%Y")
        ),
        (Vi, Refusal::NothingToApprove { schedule, waiting }) => {
            let list = waiting.iter().map(|id| format!("“{id}”")).collect::<Vec<_>>().join(", ");
            match list.as_str() {
                "" => format!("không có lịch “{schedule}”, và không có lịch nào đang chờ duyệt"),
                list => format!("không có lịch “{schedule}”; đang chờ duyệt: {list}"),
            }
        }
        (Vi, Refusal::NothingToRefuse { schedule, waiting }) => {
            let list = waiting.iter().map(|id| format!("“{id}”")).collect::<Vec<_>>().join(", ");
            let others = if list.is_empty() { list } else { format!("; đang chờ duyệt: {list}") };
            format!(
                "lịch “{schedule}” không có gì đang chờ duyệt{others}; muốn gỡ lịch đang phát, hãy dùng thư mục “Gỡ khỏi lịch”"
            )
        }
        (Vi, Refusal::NewerThanReceipt { receipt, file, newest }) => format!(
            "“{file}” được tiếp nhận sau phiếu {receipt}; hãy đọc phiếu báo của tệp này rồi ghi `--receipt {newest}`"
        ),
        (Vi, Refusal::NoSuchReceipt { receipt }) => format!(
            "không có phiếu báo số “{receipt}”; số phiếu ghi ở cuối mỗi phiếu, ví dụ 20261124-051203-3f9a1c"
        ),
        (Vi, Refusal::Ending) => format!("trạm đang tắt; khởi động lại bằng `{START}`"),
        (Vi, Refusal::NotRecorded { found }) => {
            format!("không ghi được lệnh vào nhật ký nên không thực hiện: {found}; xem `loa status`")
        }
    }
}

/// Why a version, or a recording of it, waits for a person.
pub fn hold(language: Language, hold: &Hold) -> String {
    match (language, hold) {
        (Vi, Hold::Approval) => "chờ người có thẩm quyền duyệt".into(),
        (En, Hold::Approval) => "waits for approval".into(),
        (Vi, Hold::SameHour { file, date, other, .. }) => format!(
            "“{file}” cũng có trong lịch “{other}” cùng giờ, từ {}; phát cả hai thì duyệt, nếu không hãy sửa một lịch",
            terms::date(Vi, *date)
        ),
        (En, Hold::SameHour { file, date, other, .. }) => format!(
            "“{file}” stands in schedule “{other}” in the same hour too, first on {}; approve it if both are meant",
            terms::date(En, *date)
        ),
        (Vi, Hold::NewContent { file }) => format!("nội dung mới của bản ghi “{file}” chờ duyệt"),
        (En, Hold::NewContent { file }) => {
            format!("new content of the recording “{file}” waits for approval")
        }
        (Vi, Hold::NewRecording { file }) => {
            format!("bản ghi “{file}” mới có trong kho sau khi lịch được duyệt, còn chờ duyệt nên chưa phát")
        }
        (En, Hold::NewRecording { file }) => {
            format!("the recording “{file}” came after the schedule was approved and waits for approval")
        }
        (Vi, Hold::NotApproved { file }) => {
            format!("bản ghi “{file}” đã bị thay ngay trong kho mà chưa được duyệt nên không phát")
        }
        (En, Hold::NotApproved { file }) => {
            format!("the recording “{file}” was changed in its folder without approval and does not air")
        }
    }
}

impl Say for ControlError {
    fn say(&self, language: Language) -> String {
        match (language, self) {
            (En, error) => error.to_string(),
            (Vi, ControlError::NotRunning { state }) => {
                format!(
                    "không có trạm nào đang chạy với thư mục trạng thái “{}”; hãy khởi động bằng `{START}`, trạm chạy thử thì `loa run`",
                    state.display()
                )
            }
            (Vi, ControlError::NotAllowed { file, found }) => format!(
                "người dùng này không được đọc “{}”: {found}; hãy chạy lệnh bằng tài khoản của trạm",
                file.display()
            ),
            (Vi, ControlError::NoAnswer { found }) => {
                format!(
                    "trạm không trả lời: {found}; chờ một lát rồi thử lại `loa status`, hoặc xem thông báo của chương trình"
                )
            }
            (Vi, ControlError::NoDoor { file, found }) => format!(
                "không ghi được “{}”: {found}; thư mục trạng thái phải thuộc về tài khoản của trạm",
                file.display()
            ),
        }
    }
}
