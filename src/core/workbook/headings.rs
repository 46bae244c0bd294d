//! The words of the workbook: its sheets, labels, columns and what is chosen from lists, in Vietnamese and English.
//! Owns them for the template that is written and for the workbooks that are read; never looks at a cell.

use unicode_normalization::UnicodeNormalization;

use crate::core::language::Language;

/// A text as it is compared: in small letters, without diacritics, punctuation and extra blanks. No two words of a
/// list are alike without their diacritics.
pub fn fold(text: &str) -> String {
    let mut folded = String::new();
    for c in text.nfkd().flat_map(char::to_lowercase) {
        match c {
            'đ' => folded.push('d'),
            '\u{300}'..='\u{36f}' => {}
            c if c.is_alphanumeric() => folded.push(c),
            _ if folded.is_empty() || folded.ends_with(' ') => {}
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// A word of a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<T: 'static> {
    /// What it stands for.
    pub means: T,
    /// As the Vietnamese template has it.
    pub vi: &'static str,
    /// As the English template has it.
    pub en: &'static str,
    /// Other ways to write it, folded.
    pub also: &'static [&'static str],
}

impl<T: Copy> Word<T> {
    const fn new(means: T, vi: &'static str, en: &'static str, also: &'static [&'static str]) -> Word<T> {
        Word { means, vi, en, also }
    }

    /// As the template in that language has it.
    pub fn text(&self, language: Language) -> &'static str {
        match language {
            Language::Vi => self.vi,
            Language::En => self.en,
        }
    }

    fn is(&self, folded: &str) -> bool {
        fold(self.vi) == folded || fold(self.en) == folded || self.also.contains(&folded)
    }
}

/// What a text of a list stands for.
pub fn meaning<T: Copy>(words: &[Word<T>], text: &str) -> Option<T> {
    let folded = fold(text);
    words.iter().find(|word| word.is(&folded)).map(|word| word.means)
}

/// What a heading or label stands for; what stands in brackets behind it does not count.
pub(super) fn titled<T: Copy>(words: &[Word<T>], text: &str) -> Option<T> {
    meaning(words, text).or_else(|| meaning(words, text.split('(').next()?))
}

/// Whether a text is a heading or a label of the workbook.
pub fn knows(text: &str) -> bool {
    let columns = titled(PLAN, text).or(titled(CHANGES, text)).or(titled(TARGETS, text));
    columns.is_some() || titled(LABELS, text).is_some()
}

/// The sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetKind {
    /// How to fill it in.
    Guide,
    /// What airs when.
    Plan,
    /// What is other on one day.
    Changes,
    /// What the plan's themes are to reach.
    Targets,
}

/// The names of the sheets.
pub const SHEETS: &[Word<SheetKind>] = &[
    Word::new(SheetKind::Guide, "Hướng dẫn", "Guide", &[]),
    Word::new(SheetKind::Plan, "Lịch phát", "Schedule", &["lich phat thanh", "lich phat song"]),
    Word::new(SheetKind::Changes, "Thay đổi", "Changes", &["thay doi lich", "cac thay doi"]),
    Word::new(SheetKind::Targets, "Chỉ tiêu", "Targets", &["chi tieu tuyen truyen", "chi tieu cchc"]),
];

/// The labels above the table, each with its value in the next cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Label {
    /// The identity of the schedule.
    Id,
    /// What it is called.
    Title,
    /// The office.
    Sender,
    /// Who approved it.
    Approver,
    /// The document of the approval.
    Document,
}

/// The words of the labels.
pub const LABELS: &[Word<Label>] = &[
    Word::new(Label::Id, "Mã lịch", "Schedule id", &["ma so lich"]),
    Word::new(Label::Title, "Tên lịch", "Schedule title", &[]),
    Word::new(Label::Sender, "Đơn vị gửi", "Sender", &["don vi"]),
    Word::new(Label::Approver, "Người duyệt", "Approved by", &["nguoi phe duyet"]),
    Word::new(Label::Document, "Số văn bản", "Document number", &["so van ban duyet"]),
];

/// The columns of all tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// A running number, for the eye.
    Number,
    /// First day.
    From,
    /// Last day.
    Until,
    /// Weekdays.
    Days,
    /// Time of day.
    Time,
    /// Which in its programme.
    Order,
    /// The programme.
    Programme,
    /// What the recording is called.
    Title,
    /// The recording.
    File,
    /// News, feature …
    Kind,
    /// The theme that it counts for.
    Topic,
    /// Where it came from.
    Source,
    /// The programme that is repeated.
    RepeatOf,
    /// What goes first.
    Priority,
    /// For the eye.
    Remark,
    /// The day of a change.
    Date,
    /// What changes.
    Action,
    /// The time instead.
    NewTime,
    /// The recordings instead.
    NewFile,
    /// Why.
    Reason,
    /// Who approved the change.
    Approver,
    /// The id of the theme.
    TopicId,
    /// The period of a target.
    Period,
    /// So many airings.
    Airings,
    /// So many minutes.
    Minutes,
}

/// The columns of *Lịch phát*.
pub const PLAN: &[Word<Column>] = &[
    Word::new(Column::Number, "STT", "No.", &["tt", "so tt", "so thu tu"]),
    Word::new(Column::From, "Từ ngày", "From", &["from date", "ngay bat dau"]),
    Word::new(Column::Until, "Đến ngày", "Until", &["until date", "to", "ngay ket thuc"]),
    Word::new(Column::Days, "Ngày trong tuần", "Weekdays", &["thu trong tuan", "thu", "cac ngay trong tuan"]),
    Word::new(Column::Time, "Giờ phát", "Time", &["gio phat song", "gio phat thanh"]),
    Word::new(Column::Order, "Thứ tự trong buổi", "Order", &["thu tu", "order in session"]),
    Word::new(Column::Programme, "Tên chương trình", "Programme", &["chuong trinh", "program"]),
    Word::new(Column::Title, "Tên tin bài", "Item", &["ten tin", "tin bai", "ten bai", "title"]),
    Word::new(
        Column::File,
        "Tên tệp ghi âm",
        "Recording",
        &["tep ghi am", "ten file ghi am", "ten tep", "file"],
    ),
    Word::new(Column::Kind, "Loại", "Kind", &["loai tin bai", "the loai"]),
    Word::new(
        Column::Topic,
        "Chủ đề CCHC",
        "Reform theme",
        &["chu de", "theme", "chu de cai cach hanh chinh"],
    ),
    Word::new(Column::Source, "Nguồn", "Source", &["nguon tin"]),
    Word::new(Column::RepeatOf, "Phát lại từ", "Repeats", &["phat lai", "repeat of"]),
    Word::new(Column::Priority, "Mức ưu tiên", "Priority", &["uu tien"]),
    Word::new(Column::Remark, "Ghi chú", "Remarks", &["remark", "note", "notes"]),
];

/// The columns of *Thay đổi*.
pub const CHANGES: &[Word<Column>] = &[
    Word::new(Column::Number, "STT", "No.", &["tt", "so tt", "so thu tu"]),
    Word::new(Column::Date, "Ngày", "Date", &["ngay phat"]),
    Word::new(Column::Time, "Giờ phát", "Time", &["gio cu", "gio theo lich"]),
    Word::new(Column::Programme, "Tên chương trình", "Programme", &["chuong trinh", "program"]),
    Word::new(Column::Action, "Nội dung thay đổi", "Change", &["thay doi"]),
    Word::new(Column::NewTime, "Giờ mới", "New time", &["gio phat moi"]),
    Word::new(
        Column::NewFile,
        "Tên tệp ghi âm mới",
        "New recording",
        &["tep ghi am moi", "ten file ghi am moi", "ten tep moi", "new file"],
    ),
    Word::new(Column::Reason, "Lý do", "Reason", &["li do"]),
    Word::new(Column::Approver, "Người duyệt", "Approved by", &["nguoi phe duyet"]),
    Word::new(Column::Remark, "Ghi chú", "Remarks", &["remark", "note", "notes"]),
];

/// The columns of *Chỉ tiêu*.
pub const TARGETS: &[Word<Column>] = &[
    Word::new(Column::Number, "STT", "No.", &["tt", "so tt", "so thu tu"]),
    Word::new(
        Column::Topic,
        "Chủ đề CCHC",
        "Reform theme",
        &["chu de", "theme", "chu de cai cach hanh chinh", "chu de tuyen truyen"],
    ),
    Word::new(Column::TopicId, "Mã chủ đề", "Theme id", &["ma"]),
    Word::new(Column::Period, "Kỳ", "Period", &["ky ke hoach", "ky bao cao", "thoi ky"]),
    Word::new(
        Column::Airings,
        "Số lượt phát",
        "Airings",
        &["luot phat", "so luot", "so lan phat", "chi tieu luot phat"],
    ),
    Word::new(Column::Minutes, "Số phút", "Minutes", &["phut", "thoi luong phut", "chi tieu phut"]),
    Word::new(Column::Remark, "Ghi chú", "Remarks", &["remark", "note", "notes"]),
];

/// A heading or label of the Vietnamese template, as the English one has it.
pub fn in_english(vietnamese: &'static str) -> &'static str {
    let columns = PLAN.iter().chain(CHANGES).chain(TARGETS);
    let column = columns.into_iter().find(|word| word.vi == vietnamese).map(|word| word.en);
    let label = LABELS.iter().find(|word| word.vi == vietnamese).map(|word| word.en);
    column.or(label).unwrap_or(vietnamese)
}

/// The kinds of recordings, by the ids that a schedule has for them.
pub const KINDS: &[Word<&str>] = &[
    Word::new("tin", "Tin", "News", &["tin tuc"]),
    Word::new("bai", "Bài", "Feature", &["bai viet", "bai phan anh"]),
    Word::new("chuyen-muc", "Chuyên mục", "Section", &["chuyen de"]),
    Word::new("thong-bao", "Thông báo", "Announcement", &["thong cao"]),
    Word::new("nhac-hieu", "Nhạc hiệu", "Signature tune", &["nhac hieu dai"]),
    Word::new("nhac", "Nhạc", "Music", &["ca nhac", "bai hat"]),
    Word::new("loi-dan", "Lời dẫn", "Introduction", &["loi gioi thieu", "loi chao", "loi ket"]),
    Word::new("phong-van", "Phỏng vấn", "Interview", &[]),
    Word::new("phong-su", "Phóng sự", "Report", &["reportage"]),
    Word::new("tieu-pham", "Tiểu phẩm", "Sketch", &[]),
    Word::new("hoi-dap", "Hỏi đáp", "Questions and answers", &["hoi va dap", "q a"]),
];

/// What goes first; none: what only a person can order, never a schedule.
pub const PRIORITIES: &[Word<Option<&str>>] = &[
    Word::new(Some("normal"), "Thông thường", "Normal", &["binh thuong", "thuong"]),
    Word::new(Some("priority"), "Ưu tiên", "Priority", &[]),
    Word::new(None, "Khẩn cấp", "Emergency", &["khan"]),
];

/// What a change does, by the words that a schedule has for it.
pub const ACTIONS: &[Word<&str>] = &[
    Word::new("cancel", "Hủy lượt phát", "Cancel", &["huy", "huy luot", "khong phat", "bo luot phat"]),
    Word::new(
        "replace",
        "Thay bản ghi",
        "Replace recording",
        &["thay ban ghi am", "thay tep", "thay the ban ghi"],
    ),
    Word::new("move", "Đổi giờ", "Move", &["doi gio phat", "chuyen gio"]),
    Word::new("extra", "Phát thêm", "Extra airing", &["them luot phat", "phat bo sung", "extra"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::schedule::read;

    #[test]
    fn words_are_known_however_they_are_typed() {
        for text in [
            "Thứ tự\ntrong buổi",
            " THỨ TỰ  TRONG BUỔI: ",
            "Thu tu trong buoi",
            "Thư\u{301} tự trong buổi (1, 2…)",
        ] {
            assert_eq!(titled(PLAN, text), Some(Column::Order), "{text}");
        }
        assert_eq!(meaning(ACTIONS, "Huỷ lượt phát"), Some("cancel"));
        assert_eq!(meaning(KINDS, "chuyên-mục"), Some("chuyen-muc"));
        assert_eq!(titled(PLAN, "Giờ mới"), None);
    }

    fn each_once<T: Copy + PartialEq + std::fmt::Debug>(words: &[Word<T>]) {
        let spellings = words.iter().flat_map(|word| {
            let own = [fold(word.vi), fold(word.en)];
            own.into_iter()
                .chain(word.also.iter().map(|also| (*also).to_owned()))
                .map(move |text| (text, word.means))
        });
        for (text, means) in spellings {
            assert_eq!(fold(&text), text, "folded already");
            assert_eq!(meaning(words, &text), Some(means), "{text} stands for two things");
        }
    }

    #[test]
    fn no_word_stands_for_two_things() {
        each_once(SHEETS);
        each_once(LABELS);
        each_once(PLAN);
        each_once(CHANGES);
        each_once(TARGETS);
        each_once(KINDS);
        each_once(PRIORITIES);
        each_once(ACTIONS);
    }

    #[test]
    fn every_kind_of_a_schedule_has_its_word() {
        let known: Vec<&str> = KINDS.iter().map(|word| word.means).collect();
        assert_eq!(known, read::KINDS);
    }
}
