//! Why a drop is returned, each with its remedy, and what an office should know of a recording that was taken. Owns the
//! wording; the faults of schedules are worded in `fault`.

use std::time::Duration;

use super::Language::{self, En, Vi};
use super::{Say, fault, terms};
use crate::core::airing::ScheduleId;
use crate::core::drops::{BadName, Complaint, ENGLISH_NAMES, Remark, VIETNAMESE_NAMES};
use crate::core::fault::thousands;

impl Say for Complaint {
    /// A line each, where a schedule or a workbook has several faults.
    fn say(&self, language: Language) -> String {
        match (language, self) {
            (_, Complaint::Schedule(faults)) => {
                faults.iter().map(|fault| fault.say(language)).collect::<Vec<_>>().join("\n")
            }
            (_, Complaint::Workbook(faults)) => {
                faults.iter().map(|fault| fault.say(language)).collect::<Vec<_>>().join("\n")
            }
            (_, Complaint::Targets(refused)) => refused.say(language),
            (_, Complaint::BadName(name)) => bad_name(language, *name),
            (Vi, Complaint::Recording(fault)) => format!("tệp ghi âm {}", fault.say(Vi)),
            (En, Complaint::Recording(fault)) => format!("the file {}", fault.say(En)),
            (Vi, Complaint::NotSound { found }) => format!(
                "tên tệp là tên tệp ghi âm nhưng bên trong là {found}; hãy gửi đúng tệp ghi âm, tốt nhất là mp3 hoặc wav"
            ),
            (En, Complaint::NotSound { found }) => {
                format!(
                    "it is named like a recording but holds {found}; drop the recording itself, best as mp3 or wav"
                )
            }
            (Vi, Complaint::Empty) => {
                "tệp rỗng, bên trong không có gì; có thể lần chép trước bị dở dang, hãy chép lại".into()
            }
            (En, Complaint::Empty) => {
                "the file is empty; the copying may have broken off, copy it again".into()
            }
            (Vi, Complaint::TooLarge { bytes, limit }) => format!(
                "tệp quá lớn: {}, trạm chỉ nhận đến {}; hãy xuất lại thành mp3 hoặc chia thành nhiều kỳ",
                terms::size(Vi, *bytes),
                terms::size(Vi, *limit)
            ),
            (En, Complaint::TooLarge { bytes, limit }) => format!(
                "the file is too large: {}, expected at most {}; export it as mp3 or part it",
                terms::size(En, *bytes),
                terms::size(En, *limit)
            ),
            (Vi, Complaint::TooLong { length, limit }) => format!(
                "tệp ghi âm quá dài: {}, trạm chỉ nhận đến {}; hãy cắt bớt hoặc chia thành nhiều kỳ",
                terms::length(Vi, *length),
                terms::length(Vi, *limit)
            ),
            (En, Complaint::TooLong { length, limit }) => format!(
                "the recording is too long: {}, expected at most {}; shorten it or part it",
                terms::length(En, *length),
                terms::length(En, *limit)
            ),
            (Vi, Complaint::NeedsFfmpeg { format }) => format!(
                "định dạng {format} phải chuyển đổi bằng chương trình ffmpeg mà máy của trạm chưa cài; hãy lưu lại thành \
             mp3 hoặc wav rồi gửi lại, hoặc nhờ người trực trạm cài ffmpeg"
            ),
            (En, Complaint::NeedsFfmpeg { format }) => format!(
                "the format {format} has to be converted by ffmpeg, which the station does not have; save it as mp3 or wav \
             and drop it again, or ask the technician to install ffmpeg"
            ),
            (Vi, Complaint::NotConverted { format, found }) => format!(
                "không chuyển đổi được tệp {format} bằng ffmpeg: {found}; hãy nghe thử tệp, lưu lại thành mp3 hoặc wav rồi gửi lại"
            ),
            (En, Complaint::NotConverted { format, found }) => format!(
                "the {format} file could not be converted by ffmpeg: {found}; listen to it, save it as mp3 or wav and drop it again"
            ),
            (Vi, Complaint::Document { ending }) => format!(
                "tệp .{ending} để người đọc, trạm không lấy lịch phát hay âm thanh từ đó được; lịch phát hãy điền vào tệp \
             Excel mẫu (xin ở trạm, hoặc tạo bằng lệnh `loa template`), bài phát hãy gửi tệp ghi âm mp3 hoặc wav"
            ),
            (En, Complaint::Document { ending }) => format!(
                "a .{ending} file is for people, and the station cannot take a schedule or sound from it; fill a schedule \
             into the Excel template (ask the station, or make it with `loa template`), and drop recordings as mp3 or wav"
            ),
            (Vi, Complaint::NoUse { ending }) => {
                let what = match ending.as_str() {
                    "" => "tệp không có phần đuôi".to_owned(),
                    ending => format!("tệp .{ending} không phải tệp ghi âm hay lịch phát"),
                };
                format!(
                    "{what}; trạm nhận tệp ghi âm (mp3, wav, m4a …) và lịch phát (xlsx, xls, ods, csv, toml)"
                )
            }
            (En, Complaint::NoUse { ending }) => {
                let what = match ending.as_str() {
                    "" => "the file has no ending".to_owned(),
                    ending => format!("a .{ending} file is no recording and no schedule"),
                };
                format!(
                    "{what}; the station takes recordings (mp3, wav, m4a …) and schedules (xlsx, xls, ods, csv, toml)"
                )
            }
            (Vi, Complaint::NoFile) => {
                "đây là liên kết hoặc thiết bị, không phải tệp; hãy chép chính tệp đó vào thư mục này".into()
            }
            (En, Complaint::NoFile) => {
                "it is a link or a device and no file; copy the file itself into this folder".into()
            }
            (Vi, Complaint::Unreadable { found }) => {
                format!("không đọc được tệp: {found}; hãy kiểm tra quyền đọc tệp, hoặc chép lại")
            }
            (En, Complaint::Unreadable { found }) => {
                format!("the file cannot be read: {found}; check who may read it, or copy it again")
            }
            (Vi, Complaint::NotUnderstood) => {
                "trạm không hiểu được nội dung tệp; hãy mở tệp bằng chương trình đã tạo \
                                               ra nó, lưu thành tệp mới rồi gửi lại, và báo người trực trạm"
                    .into()
            }
            (En, Complaint::NotUnderstood) => {
                "its content could not be understood; open it in the program that made \
                                               it, save it anew and drop that, and tell the technician"
                    .into()
            }
            (Vi, Complaint::NoCue { from, until }) => format!(
                "lịch này (hiệu lực {}) không còn lượt phát nào; hãy xem lại ngày hiệu lực và ngày phát. Muốn ngừng \
                 phát theo một lịch, hãy chuyển tệp lịch vào thư mục “{}”",
                terms::validity(Vi, *from, *until),
                VIETNAMESE_NAMES.withdraw
            ),
            (En, Complaint::NoCue { from, until }) => format!(
                "no cue of this schedule (valid {}) is left; look at its validity and its days. To take a schedule \
                 off, move its file into the folder “{}”",
                terms::validity(En, *from, *until),
                ENGLISH_NAMES.withdraw
            ),
            (Vi, Complaint::NoEmergency) => format!(
                "thư mục “{}” chỉ nhận tệp ghi âm cần phát ngay; lịch phát thì gửi vào thư mục của đơn vị",
                VIETNAMESE_NAMES.emergency
            ),
            (En, Complaint::NoEmergency) => format!(
                "the folder “{}” takes recordings that are to air at once; drop schedules into the office's folder",
                ENGLISH_NAMES.emergency
            ),
            (Vi, Complaint::NothingToWithdraw) => format!(
                "trong kho không có tệp ghi âm tên này, cũng không có lịch nào mang mã này đang chạy; hãy xem lại tên \
             trong phiếu báo hoặc `{}`",
                VIETNAMESE_NAMES.board
            ),
            (En, Complaint::NothingToWithdraw) => format!(
                "no recording of that name is in the library and no schedule with that id is live; look up the name in its \
             receipt or in `{}`",
                ENGLISH_NAMES.board
            ),
        }
    }
}

impl Say for Remark {
    fn say(&self, language: Language) -> String {
        let length = |length: &Duration| terms::length(language, *length);
        match (language, self) {
            (Vi, Remark::SilentHead(silence)) => {
                format!("đầu tệp có {} im lặng; nên cắt bớt", length(silence))
            }
            (En, Remark::SilentHead(silence)) => {
                format!("it begins with {} of silence; better cut that off", length(silence))
            }
            (Vi, Remark::SilentTail(silence)) => {
                format!("cuối tệp có {} im lặng; nên cắt bớt", length(silence))
            }
            (En, Remark::SilentTail(silence)) => {
                format!("it ends with {} of silence; better cut that off", length(silence))
            }
            (Vi, Remark::Hole(silence)) => {
                format!(
                    "giữa tệp có đoạn im lặng dài {}; hãy nghe lại xem có bị mất tiếng không",
                    length(silence)
                )
            }
            (En, Remark::Hole(silence)) => {
                format!(
                    "it falls silent for {} in the middle; listen whether something is lost",
                    length(silence)
                )
            }
            (Vi, Remark::Clipped(count)) => {
                let count = thousands(*count).replace(',', ".");
                format!(
                    "thu quá to nên tiếng bị vỡ ({count} mẫu âm thanh chạm ngưỡng); lần sau nên thu nhỏ hơn"
                )
            }
            (En, Remark::Clipped(count)) => {
                let count = thousands(*count);
                format!(
                    "it was recorded too loudly and sounds harsh ({count} clipped samples); record it softer next time"
                )
            }
            (Vi, Remark::Soft(lufs)) => format!(
                "tiếng quá nhỏ ({} LUFS), khi trạm nâng lên thì tiếng ồn cũng to theo; lần sau nên thu gần micrô hơn",
                terms::tenths(Vi, *lufs)
            ),
            (En, Remark::Soft(lufs)) => format!(
                "it is so soft ({} LUFS) that bringing it up brings up its noise; record closer to the microphone next time",
                terms::tenths(En, *lufs)
            ),
            (Vi, Remark::Damaged(lost)) => {
                format!("tệp bị hỏng mất {}, phần còn lại vẫn phát; nên gửi lại tệp nguyên vẹn", length(lost))
            }
            (En, Remark::Damaged(lost)) => {
                format!("{} of it cannot be decoded, the rest airs; better drop a whole copy", length(lost))
            }
            (Vi, Remark::Long(whole)) => {
                format!("tệp dài {}, dài khác thường; hãy xem lại có đúng tệp cần phát không", length(whole))
            }
            (En, Remark::Long(whole)) => {
                format!("it is {} long, which is unusual; check that it is the right one", length(whole))
            }
            (Vi, Remark::CommonAirs(schedules)) => format!(
                "lịch {} đang phát bản ghi chung cùng tên của trạm; muốn phát bản này, hãy gửi lại lịch đó",
                listed(schedules)
            ),
            (En, Remark::CommonAirs(schedules)) => format!(
                "schedule {} airs the station's common recording of that name; to have this one aired, drop that \
                 schedule again",
                listed(schedules)
            ),
        }
    }
}

fn listed(schedules: &[ScheduleId]) -> String {
    schedules.iter().map(|id| format!("“{id}”")).collect::<Vec<_>>().join(", ")
}

fn bad_name(language: Language, name: BadName) -> String {
    let (found_vi, found_en) = match name {
        BadName::Cart(error) => (fault::cart_name_error(error).to_owned(), format!("it {error}")),
        BadName::Windows => (
            "Windows không nhận tên này: tên dành riêng như CON, NUL, có dấu chấm hoặc dấu cách ở cuối, hoặc có một \
             trong các ký tự < > : \" | ? *"
                .into(),
            "Windows does not take it: a reserved name such as CON or NUL, a dot or a space at its end, or one of \
             < > : \" | ? *"
                .into(),
        ),
        BadName::Long => ("tên quá dài".into(), "it is too long".into()),
        BadName::NotUnicode => {
            ("tên ghi bằng bảng mã không đọc được".into(), "its letters cannot be read".into())
        }
        BadName::Deep => ("tệp nằm sâu quá tám cấp thư mục".into(), "it lies more than eight folders deep".into()),
    };
    let (remedy_vi, remedy_en) = match name {
        BadName::Deep => ("hãy chép tệp ra thư mục ngoài", "drop it further up"),
        _ => (
            "hãy đặt tên ngắn gọn bằng chữ và số, ví dụ `ban-tin-05-12.mp3`, rồi gửi lại",
            "give it a short name of letters and digits, e.g. `ban-tin-05-12.mp3`, and drop it again",
        ),
    };
    match language {
        Vi => format!("tên tệp không dùng được: {found_vi}; {remedy_vi}"),
        En => format!("the name cannot be used: {found_en}; {remedy_en}"),
    }
}
