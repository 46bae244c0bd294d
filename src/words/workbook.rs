//! Faults of workbooks, in the language of the office: where the cell is, what is wrong and what mends it. Owns the
//! Vietnamese; the English is the fault's own.

use chrono::NaiveTime;

use super::Language::{self, En, Vi};
use super::terms::{date, short_date, time_of_day};
use super::{Say, targets};
use crate::core::fault::{SheetFault, thousands};
use crate::core::pattern::DaysError;
use crate::core::workbook::{CellFault, column_letters};

impl Say for CellFault {
    /// `Lịch phát, dòng 7, cột F (Thứ tự trong buổi), ô F7: …; hãy …`.
    fn say(&self, language: Language) -> String {
        if language == En {
            return self.to_string();
        }
        let mut place: Vec<String> = Vec::new();
        place.extend(Some(self.sheet.clone()).filter(|sheet| !sheet.is_empty()));
        place.extend(self.row.map(|row| format!("dòng {row}")));
        match (self.column.map(column_letters), self.heading) {
            (Some(letters), Some(heading)) => place.push(format!("cột {letters} ({heading})")),
            (Some(letters), None) => place.push(format!("cột {letters}")),
            (None, Some(heading)) => place.push(format!("mục “{heading}”")),
            (None, None) => {}
        }
        place.extend(self.cell().map(|cell| format!("ô {cell}")));
        let said = self.fault.say(language);
        if place.is_empty() { said } else { format!("{}: {said}", place.join(", ")) }
    }
}

impl Say for SheetFault {
    fn say(&self, language: Language) -> String {
        match (language, self) {
            (_, SheetFault::Schedule(fault)) => fault.say(language),
            (Vi, fault) => format!("{}; {}", message(fault), remedy(fault)),
            (En, fault) => {
                use crate::core::fault::Flaw;
                fault.help().map_or_else(|| fault.to_string(), |help| format!("{fault}; {help}"))
            }
        }
    }
}

fn dotted(number: u64) -> String {
    thousands(number).replace(',', ".")
}

fn times(times: &[NaiveTime]) -> String {
    times.iter().map(|time| time_of_day(*time)).collect::<Vec<_>>().join(", ")
}

fn quoted<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(|word| format!("“{}”", word.as_ref())).collect::<Vec<_>>().join(", ")
}

fn is_it(closest: Option<&str>) -> Option<String> {
    closest.map(|name| format!("có phải là “{name}”?"))
}

fn days_error(error: &DaysError) -> String {
    match error {
        DaysError::Empty => "chưa ghi thứ nào".into(),
        DaysError::Unknown { found } => format!("“{found}” không phải thứ trong tuần"),
        DaysError::Thu { found } => format!("“{found}” có thể là thứ hoặc Thursday"),
        DaysError::Number { found } => {
            format!("số “{found}” không rõ là thứ {found} hay ngày thứ {found} trong tuần")
        }
        DaysError::Backwards { found } => format!("khoảng “{found}” viết ngược"),
    }
}

fn message(fault: &SheetFault) -> String {
    match fault {
        SheetFault::NoWorkbook => "tệp không phải bảng tính, hoặc chỉ là một phần của bảng tính".into(),
        SheetFault::WebPage => "tệp là trang web, không phải bảng tính".into(),
        SheetFault::Unreadable { found } => format!("không đọc được bảng tính này: {found}"),
        SheetFault::TooLarge { bytes, limit } => {
            format!("tệp dài {} byte, nhiều nhất là {}", dotted(*bytes), dotted(*limit))
        }
        SheetFault::Swollen { limit } => format!("bảng tính bung ra quá {} byte", dotted(*limit)),
        SheetFault::TooManyRows { limit } => format!("trang tính có ô nằm dưới dòng {}", dotted(*limit)),
        SheetFault::TooManyColumns { limit } => format!("trang tính có ô nằm bên phải cột thứ {limit}"),
        SheetFault::Encrypted => "bảng tính bị khóa bằng mật khẩu".into(),
        SheetFault::NotUnicode { found: Some(legacy) } => {
            format!("chữ trong tệp không phải Unicode, có vẻ là {legacy}")
        }
        SheetFault::NotUnicode { found: None } => "chữ trong tệp không phải Unicode".into(),
        SheetFault::OldFont { found } => format!("chữ dùng bảng mã cũ {found}, không phải Unicode"),
        SheetFault::EmptyBook => "bảng tính trống".into(),
        SheetFault::EmptySheet => "trang tính trống".into(),
        SheetFault::NoPlan { sheets } => {
            format!("không có trang “Lịch phát”; các trang hiện có: {}", quoted(sheets))
        }
        SheetFault::NoHeadings => "không thấy dòng tiêu đề cột như trong mẫu".into(),
        SheetFault::ColumnTwice { found } => format!("tiêu đề “{found}” có hai lần"),
        SheetFault::UnknownColumn { found, .. } => format!("“{found}” không phải tiêu đề cột của mẫu"),
        SheetFault::NoHeading { found } => format!("“{found}” nằm ở cột không có tiêu đề"),
        SheetFault::MissingColumn => "thiếu cột này".into(),
        SheetFault::MissingLabel => "chưa ghi mục này".into(),
        SheetFault::NoRows => "chưa điền dòng nào dưới dòng tiêu đề".into(),
        SheetFault::FormulaFault { found } => format!("công thức trong ô bị lỗi: {found}"),
        SheetFault::EmptyCell => "ô để trống".into(),
        SheetFault::BadDate { found } => format!("“{found}” không phải ngày"),
        SheetFault::BadTime { found } => format!("“{found}” không phải giờ trong ngày"),
        SheetFault::BadDays { error, .. } => days_error(error),
        SheetFault::BadOrder { found } => format!("“{found}” không phải số nguyên từ 1 đến 999"),
        SheetFault::UnknownWord { found, .. } => format!("“{found}” không có trong danh sách"),
        SheetFault::Emergency => {
            "bản tin khẩn cấp không xếp lịch: người trực đài ra lệnh và bản tin phát ngay".into()
        }
        SheetFault::UnknownTopic { found, .. } => {
            format!("“{found}” không có trong danh sách chủ đề của trạm")
        }
        SheetFault::UntilBeforeFrom { from, until } => {
            format!("đến ngày {} lại trước từ ngày {}", short_date(*until), short_date(*from))
        }
        SheetFault::NeverDue { from, until } => format!(
            "từ {} đến {} không có ngày nào đúng các thứ đã ghi",
            short_date(*from),
            short_date(*until)
        ),
        SheetFault::TooManyDates { days, most } => {
            format!("dòng này kéo dài {days} ngày trong khi cả lịch còn dài hơn; nhiều nhất là {most} ngày")
        }
        SheetFault::TooMuch => "bảng có nhiều nội dung hơn một lịch chứa được".into(),
        SheetFault::FileAndRepeat => "chương trình vừa có tệp ghi âm vừa ghi phát lại".into(),
        SheetFault::NothingToPlay => "chương trình chưa có tệp ghi âm, cũng không ghi phát lại từ đâu".into(),
        SheetFault::Differs { row } => format!("cùng tệp ghi âm này nhưng ở dòng {row} ghi khác"),
        SheetFault::UnknownProgramme { found, .. } => format!("lịch không có chương trình “{found}”"),
        SheetFault::NotAtThatTime { at, times: others } => {
            format!("chương trình này không phát lúc {} mà phát lúc {}", time_of_day(*at), times(others))
        }
        SheetFault::RepeatOfItself => "chương trình phát lại chính nó".into(),
        SheetFault::RepeatOfRepeat { of } => format!("chương trình đó cũng là phát lại, từ “{of}”"),
        SheetFault::NotForThisChange => "với nội dung thay đổi này thì ô phải để trống".into(),
        SheetFault::NotDue { date: day } => format!("chương trình không phát vào {}", date(Vi, *day)),
        SheetFault::Uncertain { times: several } if several.len() > 1 => {
            format!("không rõ là lượt nào: hôm đó có các lượt lúc {}", times(several))
        }
        SheetFault::Uncertain { .. } => "không rõ là lượt nào: có nhiều chương trình cùng giờ".into(),
        SheetFault::ChangesContradict { date, row } => {
            format!("thay đổi này và thay đổi ở dòng {row} không thể cùng áp dụng ngày {}", short_date(*date))
        }
        SheetFault::OutsideValidity { date, from, until } => format!(
            "ngày {} nằm ngoài lịch, từ {} đến {}",
            short_date(*date),
            short_date(*from),
            short_date(*until)
        ),
        SheetFault::Schedule(fault) => fault.say(Vi),
        SheetFault::Target(fault) => targets::message(fault),
        SheetFault::More { count } => format!("còn {count} lỗi nữa không liệt kê"),
    }
}

fn remedy(fault: &SheetFault) -> String {
    match fault {
        SheetFault::NoWorkbook => "hãy chép lại tệp, hoặc lưu thành .xlsx rồi gửi lại".into(),
        SheetFault::Unreadable { .. } | SheetFault::WebPage => {
            "hãy mở bằng Excel hoặc LibreOffice, lưu lại thành .xlsx rồi gửi lại".into()
        }
        SheetFault::TooLarge { .. } | SheetFault::Swollen { .. } => {
            "hãy chép các dòng đã điền sang một tệp mẫu mới rồi gửi tệp đó".into()
        }
        SheetFault::TooManyRows { .. } => "hãy xóa phần nằm dưới bảng, hoặc tách thành nhiều lịch".into(),
        SheetFault::TooManyColumns { .. } => "hãy xóa phần nằm bên phải bảng".into(),
        SheetFault::Encrypted => "hãy bỏ mật khẩu rồi gửi lại".into(),
        SheetFault::NotUnicode { found: Some(_) } => {
            "hãy chuyển mã sang Unicode (bằng UniKey: Ctrl+Shift+F6), lưu tệp dạng “CSV UTF-8” rồi gửi lại".into()
        }
        SheetFault::NotUnicode { found: None } => {
            "hãy lưu tệp dạng “CSV UTF-8” (trong Excel: Save As, chọn CSV UTF-8), hoặc gửi tệp .xlsx".into()
        }
        SheetFault::OldFont { .. } => {
            "hãy chuyển mã sang Unicode (bằng UniKey: Ctrl+Shift+F6), chọn phông như Times New Roman rồi gửi lại".into()
        }
        SheetFault::EmptyBook | SheetFault::EmptySheet | SheetFault::NoRows => {
            "hãy điền vào tệp mẫu; trạm tạo tệp mẫu bằng `loa template`".into()
        }
        SheetFault::NoPlan { .. } => "hãy điền vào tệp mẫu và giữ nguyên tên các trang".into(),
        SheetFault::NoHeadings => {
            "hãy chép dòng tiêu đề từ tệp mẫu: “Từ ngày”, “Đến ngày”, “Giờ phát”, “Tên chương trình”, “Tên tệp ghi âm” …".into()
        }
        SheetFault::ColumnTwice { .. } => "hãy bỏ một trong hai cột".into(),
        SheetFault::UnknownColumn { closest, .. } => is_it(*closest)
            .unwrap_or_else(|| "ghi chú thì hãy ghi vào cột “Ghi chú”, rồi xóa cột này".into()),
        SheetFault::NoHeading { .. } => "hãy ghi tiêu đề của mẫu ở đầu cột, hoặc xóa ô này".into(),
        SheetFault::MissingColumn => "hãy thêm cột có tiêu đề này".into(),
        SheetFault::MissingLabel => "hãy ghi vào ô bên phải mục này, ở phía trên bảng".into(),
        SheetFault::FormulaFault { .. } => "hãy sửa công thức, hoặc ghi thẳng giá trị".into(),
        SheetFault::EmptyCell => "hãy điền ô này".into(),
        SheetFault::BadDate { .. } => "hãy ghi ngày/tháng/năm, năm đủ bốn chữ số, ví dụ 05/12/2026".into(),
        SheetFault::BadTime { .. } => "hãy ghi như 05:30 hoặc 5h30, từ 00:00 đến 23:59".into(),
        SheetFault::BadDays { error: DaysError::Backwards { .. }, .. } => {
            "hãy ghi từng thứ một, ví dụ “T7, CN, T2”".into()
        }
        SheetFault::BadDays { .. } => "hãy ghi như “T2-T6”, “T2, T4, CN” hoặc “hằng ngày”".into(),
        SheetFault::BadOrder { .. } => "hãy ghi 1 cho bản ghi đầu của chương trình, 2 cho bản tiếp theo".into(),
        SheetFault::UnknownWord { closest, list, .. } => {
            is_it(*closest).unwrap_or_else(|| format!("hãy chọn một trong: {}", quoted(&list.vi)))
        }
        SheetFault::Emergency => {
            "hãy chọn “Thông thường” hoặc “Ưu tiên”; việc khẩn cấp thì gọi cho trạm".into()
        }
        SheetFault::UnknownTopic { closest, .. } => is_it(closest.as_deref())
            .unwrap_or_else(|| "hãy chọn trong danh sách thả xuống của tệp mẫu, hoặc để trống".into()),
        SheetFault::UntilBeforeFrom { .. } => "hãy sửa một trong hai ngày".into(),
        SheetFault::NeverDue { .. } => "hãy sửa các thứ, hoặc sửa từ ngày và đến ngày".into(),
        SheetFault::TooManyDates { .. } => "hãy gửi thành một lịch riêng với mã lịch khác".into(),
        SheetFault::TooMuch => "hãy tách thành nhiều lịch, mỗi lịch một mã riêng".into(),
        SheetFault::FileAndRepeat => "hãy giữ “Tên tệp ghi âm” hoặc “Phát lại từ”, ô kia để trống".into(),
        SheetFault::NothingToPlay => "hãy điền “Tên tệp ghi âm” hoặc “Phát lại từ”".into(),
        SheetFault::Differs { .. } => "hãy ghi cùng một loại và một chủ đề ở mọi dòng".into(),
        SheetFault::UnknownProgramme { closest, .. } => is_it(closest.as_deref())
            .unwrap_or_else(|| "hãy ghi tên chương trình đúng như ở trang “Lịch phát”".into()),
        SheetFault::NotAtThatTime { .. } => "hãy sửa giờ".into(),
        SheetFault::RepeatOfItself => "hãy ghi tên hoặc giờ của chương trình phát lần đầu".into(),
        SheetFault::RepeatOfRepeat { .. } => "hãy ghi chương trình phát lần đầu".into(),
        SheetFault::NotForThisChange => "hãy xóa ô này, hoặc chọn nội dung thay đổi khác".into(),
        SheetFault::NotDue { .. } => "hãy sửa ngày; muốn phát thêm một lượt thì chọn “Phát thêm”".into(),
        SheetFault::Uncertain { times } if times.len() > 1 => "hãy ghi giờ phát của lượt đó".into(),
        SheetFault::Uncertain { .. } => "hãy ghi tên chương trình, mỗi chương trình một tên riêng".into(),
        SheetFault::ChangesContradict { .. } => "hãy bỏ một".into(),
        SheetFault::OutsideValidity { .. } => "hãy sửa ngày".into(),
        SheetFault::Schedule(_) => String::new(),
        SheetFault::Target(fault) => targets::remedy(fault),
        SheetFault::More { .. } => "hãy sửa các lỗi trên rồi gửi lại".into(),
    }
}
