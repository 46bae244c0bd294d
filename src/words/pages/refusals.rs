//! Why an order that was given at a page was refused. Owns the remedies that are a button or a page where the command line
//! has a command; everything else is said as there.

use chrono_tz::Tz;

use super::super::Language::{self, En, Vi};
use super::super::{orders, terms};
use crate::core::order::Refusal;

/// Why it was refused, with the remedy.
pub fn refusal(language: Language, zone: Tz, refusal: &Refusal) -> String {
    match (language, refusal) {
        (Vi, Refusal::NoEmergency) => "lệnh khẩn cấp này không còn hiệu lực".into(),
        (En, Refusal::NoEmergency) => "this emergency order does not stand any more".into(),
        (Vi, Refusal::NotInLibrary { file, closest: None }) => format!("kho không có bản ghi “{file}”"),
        (Vi, Refusal::NotInLibrary { file, closest: Some(name) }) => {
            format!("kho không có bản ghi “{file}”; tên gần nhất là “{name}”")
        }
        (Vi, Refusal::CannotAir { file, found }) => {
            format!("không phát được “{file}”: {found}; hãy xem bản ghi này ở trang Các bản ghi")
        }
        (En, Refusal::CannotAir { file, found }) => {
            format!("“{file}” cannot air: {found}; look at it on the page Recordings")
        }
        (Vi, Refusal::NoSuchCue { slot, date }) => format!(
            "khung giờ “{slot}” không còn lượt nào ngày {}; hãy xem trang Lịch phát",
            terms::date(Vi, *date)
        ),
        (En, Refusal::NoSuchCue { slot, date }) => {
            format!("slot “{slot}” has no cue left on {}; look at the page Rundown", terms::date(En, *date))
        }
        (Vi, Refusal::NewerThanReceipt { file, newest, .. }) => format!(
            "trong lúc đó trạm đã tiếp nhận thêm “{file}” (phiếu báo {newest}); hãy mở lại trang Điều khiển, xem kỹ rồi quyết định"
        ),
        (En, Refusal::NewerThanReceipt { file, newest, .. }) => format!(
            "“{file}” came in the meantime (receipt {newest}); open the page Orders again, look at it, then decide"
        ),
        (Vi, Refusal::Ending) => "trạm đang tắt nên không nhận lệnh; hãy báo người phụ trách kỹ thuật".into(),
        (En, Refusal::Ending) => "the station is ending and takes no orders; tell the technician".into(),
        (Vi, Refusal::NotRecorded { found }) => format!(
            "không ghi được lệnh vào nhật ký nên không thực hiện: {found}; hãy báo người phụ trách kỹ thuật"
        ),
        (En, Refusal::NotRecorded { found }) => {
            format!(
                "the order could not be written down and was not carried out: {found}; tell the technician"
            )
        }
        _ => orders::refusal(language, zone, refusal),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn no_page_tells_whoever_reads_it_to_type_a_command() {
        let receipt = |number: &str| crate::core::drops::DropId(number.into());
        let refusals = [
            Refusal::NoEmergency,
            Refusal::NothingOnAir,
            Refusal::NoSuchCue {
                slot: "sang".into(),
                date: NaiveDate::from_ymd_opt(2026, 11, 30).unwrap_or_default(),
            },
            Refusal::NewerThanReceipt { receipt: receipt("1"), file: "a.toml".into(), newest: receipt("2") },
            Refusal::NothingToApprove { schedule: "tuan".into(), waiting: Vec::new() },
            Refusal::NothingToRefuse { schedule: "tuan".into(), waiting: Vec::new() },
            Refusal::Ending,
            Refusal::NotRecorded { found: "đĩa đầy".into() },
        ];
        for language in [Vi, En] {
            for one in &refusals {
                let said = refusal(language, chrono_tz::Asia::Ho_Chi_Minh, one);
                assert!(!said.contains("`loa") && !said.contains("`--"), "{said}");
            }
        }
    }
}
