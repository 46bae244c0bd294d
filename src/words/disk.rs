//! What is wrong with the disk or the journal, as an alarm says it: what, what Loa does meanwhile, and what to do.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::terms::{date_and_time, size};
use crate::core::record::Gap;

/// Less is free than a station needs in the long run; `free` bytes.
pub fn low(language: Language, free: u64) -> String {
    let free = size(language, free);
    match language {
        Vi => format!(
            "ổ đĩa chỉ còn trống {free}; hãy xóa bớt tệp không dùng trên ổ này. Loa đã tự xóa các bản ghi kiểm tra cũ của card ảo, \
             không xóa gì khác"
        ),
        En => format!(
            "only {free} are free on the disk; delete files that nobody needs. Loa has deleted old airchecks of the virtual \
             card, and nothing else"
        ),
    }
}

/// Nothing is free any more.
pub fn full(language: Language) -> String {
    match language {
        Vi => "ổ đĩa đã đầy. Trạm vẫn phát và ghi nhật ký vào phần dự trữ, nhưng phần này có hạn, và không nhận thêm được tệp; hãy \
               xóa bớt tệp ngay hôm nay"
            .into(),
        En => "the disk is full. The station airs on and writes into the room that it kept for that, which does not last, and \
               takes no more drops; delete files today"
            .into(),
    }
}

/// The journal has not taken entries for a while.
pub fn not_written(language: Language, found: &str) -> String {
    match language {
        Vi => format!(
            "chưa ghi được nhật ký ({found}). Trạm vẫn phát và giữ các mục trong bộ nhớ, sẽ ghi ngay khi ổ đĩa dùng được; đừng tắt \
             máy trước lúc đó, hãy kiểm tra ổ đĩa và dây nối"
        ),
        En => format!(
            "the journal cannot be written ({found}). The station airs on and holds the entries in memory until the disk takes \
             them; do not switch off before, and look at the disk and its cable"
        ),
    }
}

/// No backup could be made.
pub fn backup_failed(language: Language, found: &str) -> String {
    match language {
        Vi => format!(
            "không sao lưu được nhật ký: {found}. Các bản sao lưu cũ vẫn còn; hãy kiểm tra ổ đĩa chứa bản sao lưu"
        ),
        En => format!(
            "the journal could not be backed up: {found}. Older backups are kept; look at the disk they are on"
        ),
    }
}

/// The daily proof found the journal damaged.
pub fn damaged(language: Language, found: &str) -> String {
    match language {
        Vi => format!(
            "nhật ký bị hỏng: {found}. Trạm vẫn phát; hãy khởi động lại trạm khi không có chương trình, Loa sẽ tự khôi phục, và hãy \
             thay ổ đĩa sớm"
        ),
        En => format!(
            "the journal is damaged: {found}. The station airs on; start it again when nothing is on air and it restores the \
             journal by itself, and replace the disk soon"
        ),
    }
}

/// The journal was restored, and what is missing of it.
pub fn restored(language: Language, zone: Tz, gap: &Gap) -> String {
    if let Some(made) = gap.restored.backup {
        return from_backup(language, zone, gap, made);
    }
    let until = date_and_time(language, zone, gap.until);
    let lost = lost(language, zone, gap);
    let aside = gap.restored.set_aside.as_deref();
    match language {
        Vi => {
            let aside = aside.map(|name| format!(" Tệp hỏng được giữ lại: `{name}`.")).unwrap_or_default();
            let again = if gap.restored.whole {
                ""
            } else {
                " Những lượt phát đến hạn trong khoảng đó không phát lại; lệnh và phê duyệt trong khoảng đó phải làm lại."
            };
            format!(
                "nhật ký bị hỏng và đã được khôi phục lúc {until}. {lost}.{again}{aside} Hãy kiểm tra hoặc thay ổ đĩa"
            )
        }
        En => {
            let aside =
                aside.map(|name| format!(" The damaged file is kept as `{name}`.")).unwrap_or_default();
            let again = if gap.restored.whole {
                ""
            } else {
                " What fell due in it does not air again; orders and approvals given in it must be given again."
            };
            format!(
                "the journal was damaged and was restored at {until}. {lost}.{again}{aside} Check or replace the disk"
            )
        }
    }
}

/// The station goes on from a backup, and what is not in it.
fn from_backup(language: Language, zone: Tz, gap: &Gap, made: DateTime<Utc>) -> String {
    let say = |at: DateTime<Utc>| date_and_time(language, zone, at);
    let (made, until) = (say(made), say(gap.until));
    let from = say(gap.restored.intact_until.unwrap_or(gap.until));
    match (language, gap.restored.whole) {
        (Vi, true) => format!(
            "trạm được khôi phục lúc {until} từ bản sao lưu lập lúc {made}; nhật ký không mất mục nào"
        ),
        (En, true) => {
            format!(
                "the station was restored at {until} from the backup of {made}; no entry of the journal was lost"
            )
        }
        (Vi, false) => format!(
            "trạm được khôi phục lúc {until} từ bản sao lưu lập lúc {made}. Nhật ký không có gì về khoảng từ {from} đến {until}: những \
             lượt phát đến hạn trong khoảng đó không phát lại; lệnh và phê duyệt trong khoảng đó phải làm lại. Hãy bảo đảm máy cũ đã \
             tắt, để không có hai máy cùng phát"
        ),
        (En, false) => format!(
            "the station was restored at {until} from the backup of {made}. The journal knows nothing of the time from {from} to \
             {until}: what fell due in it does not air again, and orders and approvals given in it must be given again. Make sure \
             that the former machine is off, so that there are not two on the air"
        ),
    }
}

/// Which stretch is lost.
pub fn lost(language: Language, zone: Tz, gap: &Gap) -> String {
    let say = |at: DateTime<Utc>| date_and_time(language, zone, at);
    let until = say(gap.until);
    let from = gap.restored.intact_until.map(say);
    if gap.restored.whole {
        return match language {
            Vi => "Không mất mục nào".into(),
            En => "No entry was lost".into(),
        };
    }
    let entries = gap.entries;
    match (language, from) {
        (Vi, from) => {
            let which = match entries {
                Some((first, last)) => format!("Mất các mục {first}–{last}"),
                None => "Không rõ có mất mục nào không".to_owned(),
            };
            let span = from.map_or_else(
                || format!("không còn gì trước {until}"),
                |from| format!("khoảng từ {from} đến {until}"),
            );
            format!("{which}: {span}")
        }
        (En, from) => {
            let which = match entries {
                Some((first, last)) => format!("Entries {first} to {last} are lost"),
                None => "Whether entries are lost is not known".to_owned(),
            };
            let span = from.map_or_else(
                || format!("nothing is left from before {until}"),
                |from| format!("from {from} to {until}"),
            );
            format!("{which}: {span}")
        }
    }
}
