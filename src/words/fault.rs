//! Faults of what people write, in their language. Owns where a fault is said to be and how message and remedy join;
//! the English is the fault's own.

use super::Language::{self, En, Vi};
use super::{Say, terms};
use crate::core::cart::{CartFault, CartNameError, percent_lost};
use crate::core::fault::{ConfigFault, DocumentFault, Fault, Faults, Flaw, Located, Shape};
use crate::core::pattern::PatternError;

mod config;
mod document;
mod schedule;

/// A fault in Vietnamese: what is wrong and, where there is one, the remedy.
struct Vietnamese {
    message: String,
    remedy: Option<String>,
}

/// A fault that has its Vietnamese here.
trait InVietnamese: Flaw {
    fn in_vietnamese(&self) -> Vietnamese;
}

impl InVietnamese for Fault {
    fn in_vietnamese(&self) -> Vietnamese {
        schedule::vietnamese(self)
    }
}

impl InVietnamese for ConfigFault {
    fn in_vietnamese(&self) -> Vietnamese {
        config::vietnamese(self)
    }
}

fn sentence<F: InVietnamese>(fault: &F, language: Language) -> String {
    let (message, remedy) = match language {
        En => (fault.to_string(), fault.help()),
        Vi => {
            let said = fault.in_vietnamese();
            (said.message, said.remedy)
        }
    };
    match remedy {
        Some(remedy) => format!("{message}; {remedy}"),
        None => message,
    }
}

impl Say for Fault {
    fn say(&self, language: Language) -> String {
        sentence(self, language)
    }
}

impl Say for ConfigFault {
    fn say(&self, language: Language) -> String {
        sentence(self, language)
    }
}

impl<F: Say> Say for Located<F> {
    /// `sang.toml, dòng 12, khung giờ “sang”: …`, ``sang.toml:12: slot `sang`: …``.
    fn say(&self, language: Language) -> String {
        let mut place = self.file.clone();
        if let Some(line) = self.line {
            place.push_str(&match language {
                Vi => format!(", dòng {line}"),
                En => format!(":{line}"),
            });
        }
        if let Some(slot) = &self.slot {
            place.push_str(&match language {
                Vi => format!(", khung giờ “{slot}”"),
                En => format!(": slot `{slot}`"),
            });
        }
        format!("{place}: {}", self.fault.say(language))
    }
}

impl<F: Say> Say for Faults<F> {
    /// A line each.
    fn say(&self, language: Language) -> String {
        self.iter().map(|fault| fault.say(language)).collect::<Vec<_>>().join("\n")
    }
}

impl Say for CartFault {
    fn say(&self, language: Language) -> String {
        let message = match (language, self) {
            (En, fault) => fault.to_string(),
            (Vi, CartFault::Unreadable { found }) => format!("không đọc được: {found}"),
            (Vi, CartFault::Undecodable { found }) => format!("không giải mã được: {found}"),
            (Vi, CartFault::Silent) => "im lặng từ đầu đến cuối".into(),
            (Vi, CartFault::NotApproved) => "nội dung hiện có chưa được duyệt".into(),
            (Vi, CartFault::Damaged { frames, missing_frames }) => {
                let lost = percent_lost(*frames, *missing_frames);
                format!("bị hỏng hoặc chép chưa hết: mất khoảng {lost} % âm thanh")
            }
        };
        let (vi, en) = match self {
            CartFault::Unreadable { .. } => (
                "hãy kiểm tra tệp và quyền đọc, hoặc chép lại",
                "check the file and who may read it, or copy it again",
            ),
            CartFault::Undecodable { .. } => (
                "hãy lưu lại thành mp3 hoặc wav rồi chép lại",
                "save it again as mp3 or wav, and copy it again",
            ),
            CartFault::Silent => (
                "hãy nghe lại tệp, có thể lúc xuất tệp bị lỗi",
                "listen to it; its export may have gone wrong",
            ),
            CartFault::Damaged { .. } => ("hãy chép lại tệp", "copy the file again"),
            CartFault::NotApproved => (
                "người duyệt hãy dùng `loa approve MÃ-LỊCH --by \"HỌ TÊN\"`",
                "approve it with `loa approve SCHEDULE --by NAME`",
            ),
        };
        format!("{message}; {}", if language == Vi { vi } else { en })
    }
}

impl Say for PatternError {
    fn say(&self, language: Language) -> String {
        match language {
            En => self.to_string(),
            Vi => schedule::pattern_error(self),
        }
    }
}

/// Why a text is no name of a recording.
pub(super) fn cart_name_error(error: CartNameError) -> &'static str {
    match error {
        CartNameError::Empty => "tên trống",
        CartNameError::Leaves => "đường dẫn ra ngoài thư mục ghi âm",
        CartNameError::Control => "tên có ký tự điều khiển",
    }
}

/// A type of value.
fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Text => "chữ trong ngoặc kép",
        Shape::Integer => "số nguyên",
        Shape::Number => "số",
        Shape::YesNo => "`true` hoặc `false`",
        Shape::Date => "ngày",
        Shape::Time => "giờ",
        Shape::DateTime => "ngày kèm giờ",
        Shape::List => "danh sách trong `[…]`",
        Shape::Table => "một phần có các mục riêng",
        Shape::Tables => "phần có tiêu đề trong hai dấu ngoặc vuông",
    }
}

fn did_you_mean(closest: Option<&str>) -> Option<String> {
    closest.map(|name| format!("có phải là `{name}`?"))
}

fn listed<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}
