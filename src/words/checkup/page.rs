//! Findings about the station's pages, in words.

use chrono_tz::Tz;

use super::{Said, fine, mend};
use crate::core::checkup::Page;
use crate::words::Language::{self, En, Vi};
use crate::words::terms;

pub(super) fn said(language: Language, zone: Tz, found: &Page) -> Said {
    let day =
        |ends: &chrono::DateTime<chrono::Utc>| terms::date(language, ends.with_timezone(&zone).date_naive());
    match (language, found) {
        (Vi, Page::Nowhere) => fine("không mở, theo cấu hình"),
        (En, Page::Nowhere) => fine("not served, as the configuration has it"),
        (Vi, Page::Here { address }) => fine(format!("tại {address}, chỉ xem được trên máy này")),
        (En, Page::Here { address }) => fine(format!("at {address}, for this machine alone")),
        (Vi, Page::Protected { address, ends }) => {
            fine(format!("tại {address}, có mã hóa (https); chứng thư dùng được đến {}", day(ends)))
        }
        (En, Page::Protected { address, ends }) => {
            fine(format!("at {address}, encrypted (https); the certificate is good until {}", day(ends)))
        }
        (Vi, Page::Unprotected { address }) => mend(
            format!(
                "tại {address}, máy khác xem được nhưng không mã hóa: người cùng mạng có thể đọc được mật khẩu"
            ),
            "chỉ dùng như vậy trong mạng nội bộ tin cậy; nếu không, hãy ghi `certificate` và `key` trong `[page]`",
        ),
        (En, Page::Unprotected { address }) => mend(
            format!(
                "at {address}, where others reach them unencrypted: whoever is on the network can read passwords"
            ),
            "do so in a trusted network alone; else write `certificate` and `key` in `[page]`",
        ),
        (Vi, Page::Ending { file, ends, over: false }) => mend(
            format!("chứng thư “{}” hết hạn vào {}", file.display(), day(ends)),
            "hãy xin gia hạn rồi chép đè hai tệp; trạm tự nhận, không phải khởi động lại",
        ),
        (En, Page::Ending { file, ends, over: false }) => mend(
            format!("the certificate `{}` ends on {}", file.display(), day(ends)),
            "have it renewed and put the two files in place; the station takes them over without a restart",
        ),
        (Vi, Page::Ending { file, ends, over: true }) => mend(
            format!(
                "chứng thư “{}” đã hết hạn từ {}: trình duyệt không cho vào trang",
                file.display(),
                day(ends)
            ),
            "hãy xin gia hạn ngay rồi chép đè hai tệp; trạm tự nhận, không phải khởi động lại",
        ),
        (En, Page::Ending { file, ends, over: true }) => mend(
            format!(
                "the certificate `{}` ended on {}: browsers keep people from the pages",
                file.display(),
                day(ends)
            ),
            "have it renewed now and put the two files in place; the station takes them over without a restart",
        ),
        (Vi, Page::CertificateFaulty { found }) => mend(
            format!("không dùng được chứng thư: {found}"),
            "hãy kiểm tra hai tệp ghi ở `certificate` và `key` trong `[page]`: dạng PEM, cùng một cặp, trạm đọc được",
        ),
        (En, Page::CertificateFaulty { found }) => mend(
            format!("the certificate cannot be used: {found}"),
            "check the two files of `certificate` and `key` in `[page]`: PEM, of one pair, readable to the station",
        ),
    }
}
