//! The texts of the template that offices fill in: how it is done, and the examples. Owns the wording alone; the
//! headings are in `core::workbook::headings`, since they are read as well.

use super::Language::{self, En, Vi};
use crate::core::workbook::headings::Label;
use crate::core::workbook::template::Wording;

/// How the template of targets is filled in, its caption, and the name of its sheet of lists.
pub fn targets(language: Language) -> (Vec<&'static str>, &'static str, &'static str) {
    match language {
        Vi => (
            vec![
                "Cách điền chỉ tiêu tuyên truyền",
                "1. Ở trang “Chỉ tiêu”, mỗi dòng là một chỉ tiêu: một chủ đề, một kỳ, và Số lượt phát hoặc Số phút (chỉ ghi một trong hai). Bảng đã ghi sẵn các chỉ tiêu trạm đang có.",
                "2. Chủ đề chọn trong danh sách, theo tên hoặc theo mã. Cần nhiều kỳ cho một chủ đề thì thêm dòng.",
                "3. Kỳ chọn trong danh sách: năm, 6 tháng, quý hoặc tháng. Cũng có thể ghi 10/2026, Quý IV/2026, Năm 2026.",
                "4. Chủ đề không có chỉ tiêu thì để trống số, không ghi 0.",
                "5. Khi trạm nhận tệp này, chỉ tiêu của những năm có ghi trong tệp được thay bằng chỉ tiêu trong tệp; chỉ tiêu của các năm khác giữ nguyên.",
                "6. Lưu tệp dạng .xlsx rồi chép vào thư mục của đơn vị trong hộp nhận tệp của trạm. Trạm trả lời ngay trong thư mục “Phiếu báo”: chỉ tiêu nào thay đổi, từ bao nhiêu thành bao nhiêu, hoặc cần sửa ô nào. Nhật ký của trạm ghi lại ai đã gửi.",
            ],
            "CHỈ TIÊU TUYÊN TRUYỀN CẢI CÁCH HÀNH CHÍNH",
            "Danh mục",
        ),
        En => (
            vec![
                "How to fill in the targets",
                "1. In the sheet `Targets`, each row is one target: a theme, a period, and airings or minutes (one of the two). The table has the station's present targets.",
                "2. Choose the theme from the list, by name or by id. Where a theme has targets for several periods, add rows.",
                "3. Choose the period from the list: year, half-year, quarter or month. 10/2026, Q4/2026 and Year 2026 are understood as well.",
                "4. Where a theme has no target, leave the figures empty; do not write 0.",
                "5. When the station takes this file, the targets of the years that it names are replaced by those in it; targets of other years stay.",
                "6. Save the file as .xlsx and copy it into your office's folder in the station's inbox. The station answers at once in the folder `Receipts`: which targets change, from what to what, or which cell to mend. The journal takes down who sent it.",
            ],
            "TARGETS OF THE PUBLICITY PLAN",
            "Lists",
        ),
    }
}

/// The texts in that language.
pub fn wording(language: Language) -> Wording {
    match language {
        Vi => vietnamese(),
        En => english(),
    }
}

fn vietnamese() -> Wording {
    Wording {
        guide: vec![
            "Cách điền lịch phát thanh",
            "1. Ở trang “Lịch phát”, ghi Mã lịch và Tên lịch ở các ô phía trên bảng. Mã lịch chỉ gồm chữ không dấu, số và dấu gạch ngang, ví dụ cchc-2026-12. Gửi lại lịch với cùng Mã lịch thì lịch mới thay lịch cũ.",
            "2. Mỗi dòng là một bản ghi âm (tin bài). Các dòng cùng Tên chương trình, cùng giờ và cùng ngày là một chương trình, phát liền nhau theo Thứ tự trong buổi.",
            "3. Từ ngày, Đến ngày ghi ngày/tháng/năm, ví dụ 05/12/2026. Phát một ngày thì ghi hai ô như nhau. Giờ phát ghi 05:30 hoặc 5h30.",
            "4. Ngày trong tuần ghi T2-T6, hoặc T2, T4, CN, hoặc hằng ngày; để trống là mọi ngày. Không ghi số trơn như 2 hay 7, vì mỗi nơi hiểu một khác.",
            "5. Tên tệp ghi âm ghi đúng như tên tệp gửi kèm, cả phần đuôi, ví dụ dvc-ky-1.mp3. Nhiều tệp trong một ô thì cách nhau bằng dấu chấm phẩy.",
            "6. Ô Tên chương trình và Giờ phát để trống là tiếp theo chương trình ở dòng trên; các ô ngày để trống là như dòng trên.",
            "7. Phát lại: ghi tên (và giờ) của chương trình phát lần đầu vào cột Phát lại từ, và để trống Tên tệp ghi âm.",
            "8. Bản tin khẩn cấp không xếp lịch: hãy gọi cho trạm.",
            "9. Ở trang “Thay đổi”, mỗi dòng là một thay đổi của một ngày: Hủy lượt phát, Thay bản ghi (ghi tệp mới), Đổi giờ (ghi giờ mới), Phát thêm (ghi giờ mới).",
            "10. Hai dòng chữ nghiêng có chữ “VÍ DỤ” chỉ để minh họa: hãy xóa chúng trước khi gửi.",
            "11. Lưu tệp dạng .xlsx rồi chép vào thư mục của đơn vị trong hộp nhận tệp của trạm. Trạm trả lời ngay trong thư mục “Phiếu báo”: được nhận hay không, phát lúc nào, cần sửa ô nào.",
        ],
        caption: "LỊCH PHÁT THANH",
        lists: "Danh mục",
        labels: [
            (Label::Id, "lich-mau"),
            (Label::Title, "Lịch mẫu (ghi tên lịch vào đây)"),
            (Label::Sender, "UBND xã (ghi tên đơn vị vào đây)"),
        ],
        programme: "VÍ DỤ: Chuyên mục CCHC",
        items: [
            ("VÍ DỤ: Nhạc hiệu", "vi-du-nhac-hieu.mp3", "nhac-hieu"),
            ("VÍ DỤ: Nộp hồ sơ trực tuyến, kỳ 1", "vi-du-dvc-ky-1.mp3", "bai"),
        ],
        source: "Tự sản xuất",
        remark: "Dòng ví dụ, hãy xóa trước khi gửi",
        days: &[
            "T2-T6",
            "hằng ngày",
            "T7, CN",
            "T2, T4, T6",
            "T3, T5",
            "T2",
            "T3",
            "T4",
            "T5",
            "T6",
            "T7",
            "CN",
        ],
    }
}

fn english() -> Wording {
    Wording {
        guide: vec![
            "How to fill in a schedule",
            "1. In the sheet `Schedule`, write the schedule id and its title into the cells above the table. The id takes letters without diacritics, digits and hyphens, e.g. reform-2026-12. A schedule that is sent again with the same id replaces the former one.",
            "2. Each row is one recording. Rows with the same programme, time and days are one programme, aired without a pause in the order of the column `Order`.",
            "3. From and Until are written day/month/year, e.g. 05/12/2026. For a single day write it into both. Time is written 05:30 or 5h30.",
            "4. Weekdays are written mon-fri, or mon, wed, sun, or daily; empty means every day. T2-T6 and CN are understood as well. Bare numbers such as 2 or 7 are not taken: they are counted differently everywhere.",
            "5. Recording is the name of the file exactly as it is sent, with its ending, e.g. portal-1.mp3. Several files in one cell are parted by semicolons.",
            "6. Where Programme and Time are empty, the row goes on with the programme above; where the days are empty, they are those above.",
            "7. For a repeat, write the programme (and the time) that is aired first into the column `Repeats`, and leave `Recording` empty.",
            "8. Emergencies are not scheduled: call the station.",
            "9. In the sheet `Changes`, each row changes one day: Cancel, Replace recording (with the new file), Move (with the new time), Extra airing (with the new time).",
            "10. The two rows in italics that say EXAMPLE only show how it is done: delete them before sending.",
            "11. Save the file as .xlsx and copy it into your office's folder in the station's inbox. The station answers at once in the folder `Receipts`: whether it was taken, when it airs, which cell to mend.",
        ],
        caption: "RADIO SCHEDULE",
        lists: "Lists",
        labels: [
            (Label::Id, "sample-schedule"),
            (Label::Title, "Sample schedule (write its title here)"),
            (Label::Sender, "Commune office (write its name here)"),
        ],
        programme: "EXAMPLE: Reform section",
        items: [
            ("EXAMPLE: Signature tune", "example-signature-tune.mp3", "nhac-hieu"),
            ("EXAMPLE: Filing online, part 1", "example-portal-1.mp3", "bai"),
        ],
        source: "Own production",
        remark: "Example row, delete it before sending",
        days: &["mon-fri", "daily", "sat, sun", "mon, wed, fri", "tue", "mon", "wed", "fri", "sat", "sun"],
    }
}
