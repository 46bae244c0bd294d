//! The receipt of a drop as a sheet: what became of it, when it airs, what is to be done. Owns its order and its
//! words; what became of the drop is decided elsewhere.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::cues::{aired, airs, by_day, ended, expected, foot, hold, list, missing, names, pick, sentence};
use super::{Say, emergencies, notices, targets, terms};
use crate::core::airing::ScheduleId;
use crate::core::drops::{
    Answer, Complaint, DropId, Hold, News, Receipt, RecordingAnswer, ScheduleAnswer, Verdict, Withdrawn,
};
use crate::core::paper::{Contact, Paper, Part, Stamp, Tone};
use crate::core::preview::{Coming, DAYS, Shift, ShiftKind};
use crate::core::report::targets::TargetsRefused;
use crate::core::rundown::forecast::Notice;

/// What a receipt says at its head.
pub fn stamp(language: Language, verdict: Verdict) -> &'static str {
    match (language, verdict) {
        (Vi, Verdict::Accepted) => "ĐÃ TIẾP NHẬN",
        (En, Verdict::Accepted) => "ACCEPTED",
        (Vi, Verdict::Incomplete) => "CHỜ BỔ SUNG",
        (En, Verdict::Incomplete) => "INCOMPLETE",
        (Vi, Verdict::Waiting) => "CHỜ DUYỆT",
        (En, Verdict::Waiting) => "WAITING FOR APPROVAL",
        (Vi, Verdict::Withdrawn) => "ĐÃ GỠ",
        (En, Verdict::Withdrawn) => "TAKEN OFF",
        (Vi, Verdict::Returned) => "TRẢ LẠI",
        (En, Verdict::Returned) => "RETURNED",
    }
}

/// The receipt as a sheet, its times in the station's zone.
pub fn receipt(language: Language, zone: Tz, contact: &Contact, receipt: &Receipt) -> Paper {
    let verdict = receipt.verdict();
    let tone = match verdict {
        Verdict::Accepted | Verdict::Withdrawn => Tone::Good,
        Verdict::Incomplete | Verdict::Waiting => Tone::Awaited,
        Verdict::Returned => Tone::Bad,
    };
    let mut sheet =
        Sheet { language, zone, contact, number: &receipt.id, now: receipt.at, parts: Vec::new() };
    sheet.drop(receipt);
    match &receipt.answer {
        Answer::Recording(answer) => sheet.recording(answer),
        Answer::Schedule(answer) => sheet.schedule(answer),
        Answer::Targets(answer) => sheet.parts.extend(targets::receipt(language, answer)),
        Answer::Withdrawn(what) => sheet.withdrawn(what),
        Answer::Returned(complaints) => sheet.returned(complaints),
    }
    sheet.foot(receipt);
    Paper {
        language,
        title: pick(language, "Phiếu báo", "Receipt").into(),
        stamp: Some(Stamp { text: stamp(language, verdict).into(), tone }),
        parts: sheet.parts,
        renewed: None,
    }
}

/// A receipt while it is being written.
struct Sheet<'a> {
    language: Language,
    zone: Tz,
    contact: &'a Contact,
    number: &'a DropId,
    now: DateTime<Utc>,
    parts: Vec<Part>,
}

impl Sheet<'_> {
    fn say(&mut self, vi: &str, en: &str) {
        self.parts.push(Part::Text(pick(self.language, vi, en).into()));
    }

    fn warn(&mut self, vi: &str, en: &str) {
        self.parts.push(Part::Warning(pick(self.language, vi, en).into()));
    }

    fn head(&mut self, vi: &str, en: &str) {
        self.parts.push(Part::Heading(pick(self.language, vi, en).into()));
    }

    fn fact(&self, vi: &str, en: &str, what: impl Into<String>) -> (String, String) {
        (pick(self.language, vi, en).to_owned(), what.into())
    }

    fn moment(&self, at: DateTime<Utc>) -> String {
        terms::date_and_time(self.language, self.zone, at)
    }

    fn drop(&mut self, receipt: &Receipt) {
        let mut facts = vec![self.fact("Tệp đã gửi", "Dropped", &receipt.file)];
        facts.extend(receipt.sender.folder().map(|folder| self.fact("Đơn vị gửi", "Office", folder)));
        facts.push(self.fact("Trả lời lúc", "Answered", self.moment(receipt.at)));
        self.parts.push(Part::Facts(facts));
    }

    fn recording(&mut self, answer: &RecordingAnswer) {
        let language = self.language;
        self.head("Tệp ghi âm", "Recording");
        let loudness = answer.found.loudness_lufs.map_or_else(
            || pick(language, "không đo được", "not measurable").to_owned(),
            |lufs| format!("{} LUFS", terms::tenths(language, lufs)),
        );
        let mut facts = vec![
            self.fact("Tên trong kho", "Name in the library", answer.name.as_str()),
            self.fact("Thời lượng", "Length", terms::length(language, answer.found.duration())),
            self.fact("Độ to", "Loudness", loudness),
        ];
        facts.extend(
            answer
                .converted_from
                .as_ref()
                .map(|format| self.fact("Đã chuyển đổi từ", "Converted from", format)),
        );
        self.parts.push(Part::Facts(facts));
        self.news(answer);
        if !answer.remarks.is_empty() {
            self.head("Cần lưu ý", "Please note");
            let remarks = answer.remarks.iter().map(|one| sentence(&one.say(language)));
            self.parts.push(list(language, remarks));
        }
        if let Some(taken) = &answer.emergency {
            let told = emergencies::taken(language, &answer.name, taken);
            self.parts.push(Part::Warning(told));
        } else if answer.unscheduled {
            self.warn(
                "Tệp này chưa có trong lịch nào, sẽ không phát. Muốn phát, hãy gửi lịch phát có ghi tên tệp này.",
                "This recording is in no schedule and will not air. To have it aired, drop a schedule that names it.",
            );
        } else if let Some(later) = &answer.later {
            let at = self.moment(later.due);
            self.say(
                &format!("Lượt phát đầu tiên của tệp này: {at}, {}.", later.title),
                &format!("Its first airing: {at}, {}.", later.title),
            );
        } else if answer.airs.is_empty() {
            self.say(
                "Trong 7 ngày tới không có lượt nào phát tệp này.",
                "No cue of the next 7 days plays this recording.",
            );
        } else {
            match answer.awaits.is_empty() {
                true => self.head("Các lượt phát tệp này", "Cues that play it"),
                false => self.head("Các lượt phát tệp này khi được duyệt", "Cues that play it once approved"),
            }
            self.parts.extend(airs(language, self.zone, &answer.airs));
        }
    }

    fn news(&mut self, answer: &RecordingAnswer) {
        let waits = !answer.awaits.is_empty();
        match &answer.news {
            News::Replaces if waits => self.say(
                "Nội dung khác với bản cũ cùng tên. Bản cũ được giữ nguyên cho đến khi bản này được duyệt.",
                "Its content differs from the old recording of that name, which stays until this one is approved.",
            ),
            News::New | News::SameAs(_) if waits => self.say(
                "Trạm đã nhận tệp và giữ lại chờ duyệt.",
                "The station has taken it and keeps it until it is approved.",
            ),
            News::New => self.say("Đã đưa vào kho của trạm.", "It is in the station's library."),
            News::Same => self.say(
                "Nội dung giống hệt tệp đã có trong kho với tên này; không có gì thay đổi.",
                "The same content was in the library under this name already; nothing changes.",
            ),
            News::SameAs(other) => self.say(
                &format!("Đã đưa vào kho của trạm. Nội dung giống hệt tệp “{other}” đã có trong kho."),
                &format!("It is in the station's library. The same content is there as “{other}” too."),
            ),
            News::Replaces => self.say(
                "Thay cho bản cũ cùng tên từ lượt phát kế tiếp; bản cũ vẫn được giữ lại.",
                "It replaces the old recording of that name from the next airing on; the old one is kept.",
            ),
        }
        for schedule in &answer.awaits {
            let why = Hold::NewContent { file: answer.name.clone() };
            let told = hold(self.language, self.contact, schedule, &why, Some(self.number));
            self.parts.push(Part::Warning(told));
        }
    }

    fn schedule(&mut self, answer: &ScheduleAnswer) {
        let (language, preview) = (self.language, &answer.preview);
        match (answer.holds.is_empty(), answer.replaces) {
            (true, false) => self.say(
                "Lịch đúng mẫu. Trạm đã nhận và phát theo lịch này.",
                "The schedule is right. The station has taken it and airs by it.",
            ),
            (true, true) => self.say(
                "Lịch đúng mẫu. Trạm đã nhận và phát theo lịch này, thay cho bản trước.",
                "The schedule is right. The station has taken it and airs by it instead of the version before.",
            ),
            (false, false) => self.say(
                "Lịch đúng mẫu nhưng trạm chưa phát theo lịch này.",
                "The schedule is right, but the station does not air by it yet.",
            ),
            (false, true) => self.say(
                "Lịch đúng mẫu nhưng trạm chưa phát theo bản này. Trong lúc chờ, trạm vẫn phát theo bản trước.",
                "The schedule is right, but the station still airs by the version before.",
            ),
        }
        for one in &answer.holds {
            let told = hold(language, self.contact, &answer.id, one, Some(self.number));
            self.parts.push(Part::Warning(told));
        }
        self.facts(answer);
        if !preview.missing.is_empty() {
            self.head("Còn thiếu tệp ghi âm", "Missing recordings");
            let lacking = preview.missing.iter().map(|one| missing(language, self.zone, self.now, one));
            self.parts.push(list(language, lacking));
        }
        self.shifts(answer);
        self.obstacles(answer);
        if !answer.notices.is_empty() {
            self.head("Lưu ý về lịch", "Notices");
            self.parts.push(list(language, answer.notices.iter().map(|notice| ended(&notice.say(language)))));
        }
    }

    fn facts(&mut self, answer: &ScheduleAnswer) {
        let (language, preview) = (self.language, &answer.preview);
        let validity = terms::validity(language, answer.from, answer.until);
        let unnamed = || pick(language, "không ghi trong lịch", "not named in the schedule").to_owned();
        let mut facts = vec![
            self.fact("Mã lịch", "Schedule id", answer.id.as_str()),
            self.fact("Tên lịch", "Title", &answer.title),
            self.fact("Hiệu lực", "Valid", validity),
            self.fact("Người duyệt, văn bản", "Approved by", answer.approval.clone().unwrap_or_else(unnamed)),
        ];
        facts.extend(preview.first.as_ref().map(|first| {
            let mut said = format!("{}, {}", first.title, self.moment(first.due));
            if first.expected != Some(first.due) || first.notice.is_some() {
                said.push_str(&format!(" ({})", expected(language, self.zone, first)));
            }
            self.fact("Lượt phát đầu tiên", "First airing", said)
        }));
        let counted = match (language, preview.cues.len()) {
            (Vi, count) => format!("{count} lượt"),
            (En, 1) => "1 cue".into(),
            (En, count) => format!("{count} cues"),
        };
        facts.push(self.fact("Trong 7 ngày tới", "In the next 7 days", counted));
        self.parts.push(Part::Facts(facts));
    }

    fn shifts(&mut self, answer: &ScheduleAnswer) {
        let (language, zone, shifts) = (self.language, self.zone, &answer.preview.shifts);
        match answer.holds.is_empty() {
            true => self.head("Thay đổi trong 7 ngày tới", "What changes in the next 7 days"),
            false => self.head(
                "Thay đổi trong 7 ngày tới khi lịch được duyệt",
                "What changes in the next 7 days once it is approved",
            ),
        }
        if shifts.is_empty() {
            return self.say("Không có lượt phát nào thay đổi.", "No cue changes.");
        }
        let headings = match language {
            Vi => ["Giờ theo lịch", "Chương trình", "Thay đổi", "Dự kiến phát"],
            En => ["Due", "Programme", "Change", "Expected"],
        };
        let row = |one: &Shift| {
            let start = match one.kind {
                ShiftKind::Removed => "—".into(),
                _ => expected(language, zone, &one.cue),
            };
            let title = programme(language, &answer.id, one);
            (one.cue.due, vec![title, shift(language, zone, one), start])
        };
        self.parts.extend(by_day(language, zone, &headings, shifts.iter().map(row)));
    }

    /// The cues of the schedule that will not air as planned, though nothing about them changes.
    fn obstacles(&mut self, answer: &ScheduleAnswer) {
        let (language, zone, preview) = (self.language, self.zone, &answer.preview);
        let told = |cue: &Coming| {
            let same = |shift: &Shift| {
                shift.schedule == answer.id && shift.cue.slot == cue.slot && shift.cue.due == cue.due
            };
            // What is missing stands with its deadline above.
            matches!(cue.notice, None | Some(Notice::WithoutCarts { .. })) || preview.shifts.iter().any(same)
        };
        let rest: Vec<&Coming> = preview.cues.iter().filter(|cue| !told(cue)).collect();
        if rest.is_empty() {
            return;
        }
        self.head("Các lượt khác không phát đúng như lịch", "Other cues that will not air as planned");
        let headings = match language {
            Vi => ["Giờ theo lịch", "Chương trình", "Dự kiến phát"],
            En => ["Due", "Programme", "Expected"],
        };
        let row = |cue: &&Coming| (cue.due, vec![cue.title.clone(), expected(language, zone, cue)]);
        self.parts.extend(by_day(language, zone, &headings, rest.iter().map(row)));
    }

    fn withdrawn(&mut self, what: &Withdrawn) {
        match what {
            Withdrawn::Schedule { id, cues } => {
                self.say(
                    &format!("Đã gỡ lịch “{id}”. Trong {DAYS} ngày tới giảm {cues} lượt phát."),
                    &format!("The schedule “{id}” is taken off; {cues} of the cues of the next {DAYS} days fall away."),
                );
                self.say(
                    "Muốn phát lại theo lịch này, hãy gửi lại tệp lịch.",
                    "To have it back, drop the schedule again.",
                );
            }
            Withdrawn::Recording { name, cues } => {
                self.say(
                    &format!("Đã gỡ tệp ghi âm “{name}” khỏi kho; tệp vẫn được giữ lại."),
                    &format!("The recording “{name}” is taken out of the library; it is kept elsewhere."),
                );
                if cues.is_empty() {
                    return self.say(
                        "Không có lượt nào trong 7 ngày tới phát tệp này.",
                        "No cue of the next 7 days plays it.",
                    );
                }
                self.warn(
                    "Các lượt phát dưới đây sẽ thiếu tệp này hoặc không phát được. Hãy gửi lịch mới, hoặc gửi tệp khác cùng tên.",
                    "These cues now air without it, or not at all. Drop a new schedule, or another recording of that name.",
                );
                self.parts.extend(aired(self.language, self.zone, cues));
            }
        }
    }

    fn returned(&mut self, complaints: &[Complaint]) {
        self.say(
            "Trạm không nhận tệp này; những gì đang phát không thay đổi. Hãy sửa theo hướng dẫn dưới đây rồi gửi lại.",
            "The station did not take this file; what airs does not change. Mend it as said below and drop it again.",
        );
        self.head("Lý do và cách khắc phục", "Reasons and remedies");
        let language = self.language;
        let said = complaints.iter().flat_map(|complaint| {
            let said = complaint.say(language);
            let own = matches!(
                complaint,
                Complaint::Schedule(_)
                    | Complaint::Workbook(_)
                    | Complaint::Targets(TargetsRefused::Faulty(_))
            );
            // A line with its place begins with a file's name, which keeps its letters.
            let line = move |line: &str| if own { ended(line) } else { sentence(line) };
            said.lines().map(line).collect::<Vec<_>>()
        });
        let said: Vec<String> = said.collect();
        self.parts.push(list(language, said));
    }

    fn foot(&mut self, receipt: &Receipt) {
        self.head("Liên hệ", "Whom to ask");
        let mut facts = foot(self.language, self.contact);
        facts.push(self.fact("Số phiếu", "Drop number", receipt.id.to_string()));
        facts.extend(receipt.sha256.map(|print| {
            let short: String = print.to_string().chars().take(16).collect();
            self.fact("Mã kiểm tra tệp (SHA-256)", "Check sum (SHA-256)", format!("{short}…"))
        }));
        self.parts.push(Part::Facts(facts));
    }
}

/// How a cue differs from what it was.
fn shift(language: Language, zone: Tz, shift: &Shift) -> String {
    let cue = &shift.cue;
    match (language, &shift.kind) {
        (Vi, ShiftKind::Added) => "thêm mới".into(),
        (En, ShiftKind::Added) => "added".into(),
        (_, ShiftKind::Removed) => match (language, &cue.notice) {
            (_, Some(called_off)) => notices::notice(language, zone, called_off),
            (Vi, None) => "không còn phát".into(),
            (En, None) => "no longer airs".into(),
        },
        (_, ShiftKind::Moved { from }) => {
            let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
            let from = match day(*from) == day(cue.due) {
                true => terms::clock_time(zone, *from),
                false => terms::date_and_time(language, zone, *from),
            };
            format!("{} {from}", pick(language, "dời từ", "moved from"))
        }
        (Vi, ShiftKind::Replaced { before, now }) => {
            format!("phát {} thay cho {}", names(now), names(before))
        }
        (En, ShiftKind::Replaced { before, now }) => format!("{} instead of {}", names(now), names(before)),
        (Vi, ShiftKind::Affected { before }) => match (before, &cue.notice) {
            (None, _) => "chịu ảnh hưởng của lịch này".into(),
            (Some(before), None) => format!("không còn như trước đây: {}", notices::notice(Vi, zone, before)),
            (Some(before), Some(_)) => format!("trước đây {}", notices::notice(Vi, zone, before)),
        },
        (En, ShiftKind::Affected { before }) => match (before, &cue.notice) {
            (None, _) => "affected by this schedule".into(),
            (Some(before), None) => format!("no longer: {}", notices::notice(En, zone, before)),
            (Some(before), Some(_)) => format!("before: {}", notices::notice(En, zone, before)),
        },
    }
}

/// The title of a cue, with its schedule where that is another one than `own`.
fn programme(language: Language, own: &ScheduleId, shift: &Shift) -> String {
    let title = &shift.cue.title;
    match (language, &shift.schedule) {
        (_, schedule) if schedule == own => title.clone(),
        (Vi, other) => format!("{title} (lịch “{other}”)"),
        (En, other) => format!("{title} (schedule “{other}”)"),
    }
}
