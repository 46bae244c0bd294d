//! Findings about the station's own affairs, in words.

use chrono_tz::Tz;

use super::{Said, fine, mend};
use crate::core::checkup::{Lacking, Station};
use crate::core::order::START;
use crate::words::Language::{self, En, Vi};
use crate::words::{Say, terms};

pub(super) fn said(language: Language, zone: Tz, found: &Station) -> Said {
    let when = |at| terms::date_and_time(language, zone, at);
    match (language, found) {
        (Vi, Station::ConfigRight { file }) => fine(format!("“{}” đúng", file.display())),
        (En, Station::ConfigRight { file }) => fine(format!("`{}` is right", file.display())),
        // The sentence of a fault ends with its remedy.
        (_, Station::ConfigFaulty(fault)) => parted(fault.say(language)),
        (Vi, Station::Running { since }) => fine(format!("đang chạy từ {}", when(*since))),
        (En, Station::Running { since }) => fine(format!("running since {}", when(*since))),
        (Vi, Station::NotRunning { ever: false }) => mend("chưa chạy lần nào", start(Vi)),
        (En, Station::NotRunning { ever: false }) => mend("it has never run", start(En)),
        (Vi, Station::NotRunning { ever: true }) => mend("không chạy: không có gì được phát", start(Vi)),
        (En, Station::NotRunning { ever: true }) => mend("it does not run: nothing airs", start(En)),
        (Vi, Station::NotAnswering { process, found }) => mend(
            format!("đang chạy{} nhưng không trả lời: {found}", process_vi(*process)),
            "có thể trạm vừa khởi động, hãy chờ một phút; nếu vẫn vậy thì chạy `sudo systemctl restart loa`",
        ),
        (En, Station::NotAnswering { process, found }) => mend(
            format!("it runs{} and does not answer: {found}", process_en(*process)),
            "it may be starting, wait a minute; if it stays so, run `sudo systemctl restart loa`",
        ),
        (Vi, Station::Barred { file }) => mend(
            format!("tài khoản này không được hỏi trạm: không đọc được “{}”", file.display()),
            "hãy chạy lệnh này bằng tài khoản của trạm, hoặc với `sudo`",
        ),
        (En, Station::Barred { file }) => mend(
            format!("this account may not ask the station: `{}` cannot be read", file.display()),
            "run this command as the station's account, or with `sudo`",
        ),
        (Vi, Station::Alarm { about, found }) => mend(
            format!("trạm báo “{about}”: {found}"),
            "hãy xử lý như ghi ở trên; cảnh báo tự hết khi đã ổn",
        ),
        (En, Station::Alarm { about, found }) => mend(
            format!("the station says of `{about}`: {found}"),
            "see to what it says; the alarm goes away by itself when it is well",
        ),
        (Vi, Station::NoAlarm) => fine("không có"),
        (En, Station::NoAlarm) => fine("none"),
        // The sentence of a cause ends with its remedy.
        (Vi, Station::Untold { to, since, found }) => {
            parted(format!("chưa gửi được cảnh báo đến {to} từ {}: {}", when(*since), found.say(language)))
        }
        (En, Station::Untold { to, since, found }) => {
            parted(format!("alarms have not reached {to} since {}: {}", when(*since), found.say(language)))
        }
        (Vi, Station::InboxEmpty) => fine("không có tệp nào bị bỏ lại"),
        (En, Station::InboxEmpty) => fine("nothing is left lying in it"),
        (Vi, Station::InboxWaiting { files, one }) => mend(
            format!("{files} tệp nằm chờ quá 10 phút, ví dụ “{}”", one.display()),
            "nếu trạm đang chạy, hãy xem tệp có đang được chương trình khác mở và trạm có quyền đọc không; nếu không, hãy \
             khởi động trạm",
        ),
        (En, Station::InboxWaiting { files, one }) => mend(
            format!("{files} file(s) wait for more than 10 minutes, e.g. `{}`", one.display()),
            "if the station runs, see whether another program has the file open and whether the station may read it; else \
             start the station",
        ),
        (Vi, Station::InboxUnreadable { folder, found }) => mend(
            format!("không đọc được “{}”: {found}", folder.display()),
            "hãy kiểm tra ổ đĩa, kết nối mạng và quyền của tài khoản trạm",
        ),
        (En, Station::InboxUnreadable { folder, found }) => mend(
            format!("`{}` cannot be read: {found}", folder.display()),
            "check the drive, the network and what the station's account may do",
        ),
        (Vi, Station::Held { entries }) => mend(
            format!("{entries} mục chưa ghi được, đang giữ trong bộ nhớ"),
            "hãy xem ổ đĩa có đầy hoặc hỏng không, và đừng tắt máy trước khi ghi xong",
        ),
        (En, Station::Held { entries }) => mend(
            format!("{entries} entries could not be written and are held in memory"),
            "see whether the disk is full or failing, and do not turn the machine off before they are written",
        ),
        (Vi, Station::Journal { entries, proven: true }) => fine(format!("nguyên vẹn, {entries} mục")),
        (En, Station::Journal { entries, proven: true }) => fine(format!("whole, {entries} entries")),
        (Vi, Station::Journal { entries, proven: false }) => {
            fine(format!("mở được, {entries} mục; kiểm tra từng mục bằng `loa doctor --full`"))
        }
        (En, Station::Journal { entries, proven: false }) => {
            fine(format!("opens, {entries} entries; `loa doctor --full` proves each of them"))
        }
        (Vi, Station::NoJournal) => mend("chưa có, trạm chưa chạy lần nào", start(Vi)),
        (En, Station::NoJournal) => mend("there is none: the station has never run", start(En)),
        (Vi, Station::JournalBroken { found }) => mend(
            format!("bị hỏng: {found}"),
            "đừng xóa gì; hãy khởi động lại trạm khi không có chương trình: Loa giữ tệp hỏng sang một bên và tự khôi phục từ bản sao lưu; \
             rồi thay ổ đĩa sớm",
        ),
        (En, Station::JournalBroken { found }) => mend(
            format!("it is damaged: {found}"),
            "delete nothing; start the station again when nothing is on air: it keeps the damaged file aside and restores the \
             journal from its backups; then replace the disk soon",
        ),
        (Vi, Station::Restarts { cuts: 0, .. }) => fine("không lần nào trong 7 ngày qua"),
        (En, Station::Restarts { cuts: 0, .. }) => fine("none in the last 7 days"),
        (Vi, Station::Restarts { cuts, last }) => mend(
            format!(
                "{cuts} lần mất điện hoặc bị tắt đột ngột trong 7 ngày qua{}",
                last.map(|at| format!(
                    ", lần gần nhất trạm chạy lại lúc {}",
                    terms::date_and_time(Vi, zone, at)
                ))
                .unwrap_or_default()
            ),
            "hãy lắp bộ lưu điện (UPS), kiểm tra ổ cắm; nếu không phải mất điện thì xem `journalctl -u loa`",
        ),
        (En, Station::Restarts { cuts, last }) => mend(
            format!(
                "{cuts} time(s) the power was lost or the program killed in the last 7 days{}",
                last.map(|at| format!("; it came back last at {}", terms::date_and_time(En, zone, at)))
                    .unwrap_or_default()
            ),
            "fit a UPS and look at the plug; if it was not the power, see `journalctl -u loa`",
        ),
        (_, Station::ScheduleFaulty(fault)) => parted(fault.say(language)),
        (Vi, Station::SchedulesUnreadable { folder }) => mend(
            format!("không đọc được thư mục lịch “{}”", folder.display()),
            "hãy tạo thư mục, kiểm tra ổ đĩa và quyền đọc, hoặc sửa `paths.schedules`",
        ),
        (En, Station::SchedulesUnreadable { folder }) => mend(
            format!("the folder of schedules `{}` cannot be read", folder.display()),
            "make it, check its drive and who may read it, or mend `paths.schedules`",
        ),
        (Vi, Station::NoSchedule) => mend(
            "không có lịch nào dùng được: trạm không phát gì",
            "hãy đặt lịch vào thư mục lịch hoặc hộp nhận tệp; mẫu tạo bằng `loa template`",
        ),
        (En, Station::NoSchedule) => mend(
            "no schedule can be used: nothing airs",
            "put one into the folder of schedules or into the inbox; `loa template` makes the workbook for it",
        ),
        (Vi, Station::NothingComes) => mend(
            "không có lượt phát nào trong 7 ngày tới",
            "hãy xem `loa rundown --days 60` và `valid_until` của các lịch; có thể đã đến lúc làm lịch mới",
        ),
        (En, Station::NothingComes) => mend(
            "nothing airs in the next 7 days",
            "see `loa rundown --days 60` and the schedules' `valid_until`; it may be time for a new schedule",
        ),
        (Vi, Station::Comes { cues, first }) => fine(format!(
            "{cues} lượt phát trong 7 ngày tới, lượt đầu lúc {}",
            terms::date_and_time(Vi, zone, *first)
        )),
        (En, Station::Comes { cues, first }) => fine(format!(
            "{cues} cue(s) in the next 7 days, the first at {}",
            terms::date_and_time(En, zone, *first)
        )),
        (Vi, Station::Lacks(lacking)) => mend(
            format!("“{}” lúc {} chưa đủ: {}", lacking.title, at(Vi, zone, lacking), carts(Vi, lacking)),
            if lacking.meanwhile {
                "trạm phát bản cũ thay thế; hãy gửi tệp mới vào hộp nhận tệp trước giờ đó"
            } else {
                "hãy gửi tệp vào hộp nhận tệp trước giờ đó ít nhất 10 phút"
            },
        ),
        (En, Station::Lacks(lacking)) => mend(
            format!("“{}” at {} lacks {}", lacking.title, at(En, zone, lacking), carts(En, lacking)),
            if lacking.meanwhile {
                "the old recordings play meanwhile; drop the new ones into the inbox before then"
            } else {
                "drop them into the inbox at least 10 minutes before"
            },
        ),
        (Vi, Station::Unmeasured { recordings }) => mend(
            format!("{recordings} tệp chưa được nghe kiểm tra"),
            "trạm sẽ tự kiểm tra khi chạy; hoặc chạy `loa check` ngay bây giờ",
        ),
        (En, Station::Unmeasured { recordings }) => mend(
            format!("{recordings} recording(s) were not listened through yet"),
            "the station does it when it runs; or run `loa check` now",
        ),
        (Vi, Station::RecordingsThere) => fine("các tệp của 7 ngày tới đều có và phát được"),
        (En, Station::RecordingsThere) => fine("those of the next 7 days are all there and well"),
    }
}

/// How a station is started that does not run.
fn start(language: Language) -> String {
    match language {
        Vi => format!("hãy khởi động bằng `{START}`, trạm chạy thử thì `loa run`"),
        En => format!("start it with `{START}`, or `loa run` where it is tried out"),
    }
}

/// A fault's sentence, parted from its remedy where it has one.
fn parted(sentence: String) -> Said {
    match sentence.rsplit_once("; ") {
        Some((found, remedy)) => mend(found, remedy),
        None => Said { found: sentence, remedy: None },
    }
}

fn at(language: Language, zone: Tz, lacking: &Lacking) -> String {
    terms::date_and_time(language, zone, lacking.due)
}

fn carts(language: Language, lacking: &Lacking) -> String {
    let named = lacking.carts.iter().map(|(name, fault)| match (fault, language) {
        (Some(fault), _) => format!("“{name}” {}", fault.say(language)),
        (None, Vi) => format!("“{name}” không có"),
        (None, En) => format!("“{name}”, which is not there"),
    });
    named.collect::<Vec<_>>().join(", ")
}

fn process_vi(process: Option<u32>) -> String {
    process.map(|process| format!(" (tiến trình {process})")).unwrap_or_default()
}

fn process_en(process: Option<u32>) -> String {
    process.map(|process| format!(" (process {process})")).unwrap_or_default()
}
