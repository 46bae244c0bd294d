//! What an examination found, in words, each with its remedy where there is one. Owns the wording; how grave a finding is
//! `core::checkup` says.

use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::terms;
use crate::core::checkup::{Finding, Grade, Subject, Unfinished};

mod machine;
mod page;
mod sound;
mod station;

/// A finding in words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Said {
    /// What was found, without a full stop.
    pub found: String,
    /// What is to be done; none: nothing.
    pub remedy: Option<String>,
}

/// What is fine as it is.
fn fine(found: impl Into<String>) -> Said {
    Said { found: found.into(), remedy: None }
}

/// What is to be seen to.
fn mend(found: impl Into<String>, remedy: impl Into<String>) -> Said {
    Said { found: found.into(), remedy: Some(remedy.into()) }
}

/// A finding in the reader's language; times are in the station's zone. What is fine needs no remedy.
pub fn finding(language: Language, zone: Tz, finding: &Finding) -> Said {
    let Said { found, remedy } = said(language, zone, finding);
    Said { found, remedy: remedy.filter(|_| finding.nature().grade != Grade::Ok) }
}

fn said(language: Language, zone: Tz, finding: &Finding) -> Said {
    match finding {
        Finding::Sound(found) => sound::said(language, found),
        Finding::Machine(found) => machine::said(language, found),
        Finding::Station(found) => station::said(language, zone, found),
        Finding::Page(found) => page::said(language, zone, found),
        Finding::Unfinished { how: Unfinished::Hung { after }, .. } => {
            let after = terms::length(language, *after);
            match language {
                Vi => mend(
                    format!("kiểm tra này không xong sau {after}"),
                    "thiết bị hoặc ổ đĩa liên quan có thể bị treo; hãy cắm lại hoặc khởi động lại máy rồi kiểm tra lại",
                ),
                En => mend(
                    format!("this check was not done after {after}"),
                    "the device or drive may hang; plug it in again or restart the machine, and check again",
                ),
            }
        }
        Finding::Unfinished { how: Unfinished::Broke { found }, .. } => match language {
            Vi => mend(
                format!("kiểm tra này bị lỗi: {found}"),
                "đây là lỗi của chương trình; hãy chép dòng này gửi cho người phát triển Loa",
            ),
            En => mend(
                format!("this check broke: {found}"),
                "this is a fault of the program; send this line to Loa's developers",
            ),
        },
    }
}

/// A finding as lines of a terminal: how grave, about what, what was found; the remedy below it.
pub fn lines(language: Language, zone: Tz, found: &Finding) -> Vec<String> {
    let nature = found.nature();
    let said = finding(language, zone, found);
    let (grade, subject) = (grade(language, nature.grade), subject(language, nature.subject));
    let mut lines = vec![format!("{grade:<9} {subject}: {}", said.found.replace('\n', "\n          "))];
    lines.extend(said.remedy.map(|remedy| format!("          → {remedy}")));
    lines
}

/// How grave.
pub fn grade(language: Language, grade: Grade) -> &'static str {
    let (vi, en) = match grade {
        Grade::Ok => ("TỐT", "OK"),
        Grade::NotKnown => ("CHƯA RÕ", "NOT KNOWN"),
        Grade::Attention => ("LƯU Ý", "ATTENTION"),
        Grade::Wrong => ("LỖI", "WRONG"),
    };
    if language == Vi { vi } else { en }
}

/// About what.
pub fn subject(language: Language, subject: Subject) -> &'static str {
    let (vi, en) = match subject {
        Subject::Config => ("Cấu hình", "Config"),
        Subject::Station => ("Trạm", "Station"),
        Subject::Alarms => ("Cảnh báo", "Alarms"),
        Subject::Card => ("Card âm thanh", "Sound card"),
        Subject::Mixer => ("Âm lượng", "Mixer"),
        Subject::Programs => ("Chương trình khác", "Other programs"),
        Subject::Clock => ("Đồng hồ", "Clock"),
        Subject::Schedules => ("Lịch phát", "Schedules"),
        Subject::Recordings => ("Tệp ghi âm", "Recordings"),
        Subject::Inbox => ("Hộp nhận tệp", "Inbox"),
        Subject::Page => ("Trang web", "Pages"),
        Subject::Journal => ("Nhật ký", "Journal"),
        Subject::Restarts => ("Mất điện", "Power cuts"),
        Subject::Disk => ("Ổ đĩa", "Disk"),
        Subject::Permissions => ("Quyền truy cập", "Permissions"),
        Subject::Suspend => ("Chế độ ngủ", "Sleep"),
        Subject::Autostart => ("Tự khởi động", "Autostart"),
        Subject::Converter => ("Chuyển đổi âm thanh", "Conversion"),
    };
    if language == Vi { vi } else { en }
}

#[cfg(test)]
mod tests;
