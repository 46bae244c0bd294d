//! Why a drop was returned, in a phrase: for forms and lists, where the whole answer, which the receipt has, would not fit.
//! Owns the wording of the journal's words for it.

use super::Language::{self, En, Vi};
use crate::core::drops::WhyReturned;
use crate::core::record::Dropped;

/// Why the drop was returned. Journals older than the words for it have the findings in English alone.
pub fn returned(language: Language, dropped: &Dropped) -> String {
    if dropped.why.is_empty() {
        return dropped.detail.replace('\n', "; ");
    }
    let faults = dropped.detail.lines().count();
    dropped.why.iter().map(|why| phrase(language, *why, faults)).collect::<Vec<_>>().join("; ")
}

/// `faults`: how many were found, for what is refused for faults of its text.
fn phrase(language: Language, why: WhyReturned, faults: usize) -> String {
    let counted = |vi: &str, en: &str| match language {
        Vi => format!("{vi} có {faults} chỗ sai"),
        En if faults == 1 => format!("the {en} has 1 fault"),
        En => format!("the {en} has {faults} faults"),
    };
    let (vi, en) = match why {
        WhyReturned::FaultySchedule => return counted("lịch phát", "schedule"),
        WhyReturned::FaultyWorkbook => return counted("bảng tính", "workbook"),
        WhyReturned::FaultyTargets => ("danh sách chỉ tiêu có chỗ sai", "the list of targets is faulty"),
        WhyReturned::TargetsNotTaken => {
            ("trạm không nhận chỉ tiêu gửi bằng cách này", "the station does not take targets this way")
        }
        WhyReturned::Unreadable => ("không đọc được tệp", "the file cannot be read"),
        WhyReturned::Undecodable => ("không giải mã được tệp ghi âm", "the recording cannot be decoded"),
        WhyReturned::Silent => ("tệp ghi âm im lặng từ đầu đến cuối", "nothing but silence"),
        WhyReturned::Damaged => {
            ("tệp ghi âm bị hỏng hoặc chép chưa hết", "the recording is damaged, or was copied in part")
        }
        WhyReturned::NotApproved => ("nội dung chưa được duyệt", "the content is not approved"),
        WhyReturned::NotSound => {
            ("không phải tệp ghi âm như tên tệp", "no recording, whatever its name says")
        }
        WhyReturned::Empty => ("tệp rỗng", "the file is empty"),
        WhyReturned::TooLarge => ("tệp quá lớn", "the file is too large"),
        WhyReturned::TooLong => ("tệp ghi âm quá dài", "the recording is too long"),
        WhyReturned::NeedsFfmpeg => {
            ("định dạng cần ffmpeg mà trạm chưa cài", "a format that needs ffmpeg, which is not installed")
        }
        WhyReturned::NotConverted => ("không chuyển đổi được bằng ffmpeg", "ffmpeg could not convert it"),
        WhyReturned::BadName => ("tên tệp không dùng được", "the name cannot be used"),
        WhyReturned::Document => {
            ("văn bản để người đọc, không phải lịch phát hay tệp ghi âm", "a document for people")
        }
        WhyReturned::NoUse => ("không phải tệp ghi âm hay lịch phát", "no recording and no schedule"),
        WhyReturned::NoFile => ("liên kết hoặc thiết bị, không phải tệp", "a link or a device, no file"),
        WhyReturned::NotUnderstood => {
            ("trạm không hiểu được nội dung tệp", "its content could not be understood")
        }
        WhyReturned::NoCue => ("lịch không còn lượt phát nào", "no cue of the schedule is left"),
        WhyReturned::NoEmergency => {
            ("thư mục khẩn cấp chỉ nhận tệp ghi âm", "only recordings belong into the folder for emergencies")
        }
        WhyReturned::NothingToWithdraw => ("không có gì để gỡ", "there was nothing to take off"),
    };
    match language {
        Vi => vi.into(),
        En => en.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::drops::{DropId, Sender, Verdict};

    fn dropped(why: Vec<WhyReturned>, detail: &str) -> Dropped {
        Dropped {
            id: DropId("20261124-051203-3f9a1c".into()),
            sender: Sender::default(),
            file: "lich.xlsx".into(),
            sha256: None,
            verdict: Verdict::Returned,
            subject: None,
            content: None,
            why,
            detail: detail.into(),
            emergency: false,
        }
    }

    #[test]
    fn every_word_has_a_phrase_of_its_own_in_both_languages() {
        for language in [Vi, En] {
            let all: std::collections::BTreeSet<String> =
                WhyReturned::ALL.iter().map(|why| phrase(language, *why, 2)).collect();
            assert_eq!(all.len(), WhyReturned::ALL.len(), "{all:#?}");
        }
    }

    #[test]
    fn faults_are_counted_and_an_older_journal_says_what_it_has() {
        let faulty = dropped(vec![WhyReturned::FaultyWorkbook], "row 3: …\nrow 7: …");
        assert_eq!(returned(Vi, &faulty), "bảng tính có 2 chỗ sai");
        assert_eq!(returned(En, &faulty), "the workbook has 2 faults");
        let old = dropped(Vec::new(), "the file is empty\ncopy it again");
        assert_eq!(returned(Vi, &old), "the file is empty; copy it again");
    }
}
