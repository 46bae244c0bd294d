//! Backup and restoration of a whole station, in words. Owns the wording; what is wrong is `core::archive`'s.

use super::Language::{self, En, Vi};
use super::Say;
use super::terms::size;
use crate::core::archive::{ArchiveFault, Manifest, NameFault, NotTaken, WhyNot};

/// What a person reads who opens the file of a backup; both languages, since nobody knows who opens it.
pub fn for_people(name: &str, made: &str, program: &str) -> String {
    format!(
        "BẢN SAO LƯU TRẠM LOA / BACKUP OF A LOA STATION\r\n\r\n{name}, {made}, Loa {program}\r\n\r\n\
         Tệp này chứa cả trạm: cấu hình, lịch phát, bản ghi âm (trừ khi sao lưu với --without-audio), nhật ký và tài khoản.\r\n\
         Trong tệp có mật khẩu đã băm và có thể có khóa riêng của chứng thư: hãy cất giữ như giữ chìa khóa trạm.\r\n\
         Khôi phục trên máy mới: cài Loa, rồi chạy  sudo loa restore TÊN-TỆP  (không giải nén bằng tay).\r\n\r\n\
         This file holds a whole station: configuration, schedules, recordings (unless made with --without-audio), journal and\r\n\
         accounts. It holds hashed passwords and perhaps the private key of a certificate: keep it as you keep the station's keys.\r\n\
         To restore it on another PC, install Loa and run  sudo loa restore FILE  (do not unpack it by hand).\r\n"
    )
}

/// A backup was made: where, how large, what of it is not in there.
pub fn backed_up(language: Language, file: &str, bytes: u64, files: usize, head: Option<&str>) -> String {
    let bytes = size(language, bytes);
    match language {
        Vi => {
            let journal = head.map_or_else(
                || "Trạm chưa có nhật ký.".to_owned(),
                |head| format!("Nhật ký đã được kiểm tra nguyên vẹn, mã đối chứng {head}."),
            );
            format!("đã sao lưu trạm vào “{file}”: {files} tệp, {bytes}; đã đọc lại và đối chiếu. {journal}")
        }
        En => {
            let journal = head.map_or_else(
                || "The station has no journal yet.".to_owned(),
                |head| format!("The journal was proved whole, head {head}."),
            );
            format!("the station is in `{file}`: {files} files, {bytes}; read back and compared. {journal}")
        }
    }
}

/// What a person must know who keeps a backup.
pub fn keep_it_safe(language: Language) -> &'static str {
    match language {
        Vi => {
            "Trong tệp có mật khẩu đã băm của các tài khoản và có thể có khóa riêng của chứng thư: chỉ để người phụ trách trạm giữ. \
             Hãy chép tệp sang một ổ đĩa khác"
        }
        En => {
            "It holds the accounts' hashed passwords and perhaps the private key of a certificate: keep it where only those in \
             charge can read it, and copy it to another disk"
        }
    }
}

/// What no backup holds: what waits in the inbox.
pub fn without_inbox(language: Language, inbox: &str) -> String {
    match language {
        Vi => format!(
            "Hộp nhận tệp không nằm trong bản sao lưu; những gì còn chờ ở “{inbox}” thì phải chép riêng hoặc gửi lại"
        ),
        En => format!(
            "The inbox is not in it: copy what still waits in `{inbox}` by itself, or have it sent again"
        ),
    }
}

/// Recordings were left out, as was asked.
pub fn without_audio(language: Language, count: usize, bytes: u64) -> String {
    let bytes = size(language, bytes);
    match language {
        Vi => format!(
            "Không chép {count} bản ghi âm ({bytes}); bản sao lưu chỉ có tên và mã đối chứng của chúng"
        ),
        En => format!("{count} recordings ({bytes}) are not in it, only their names and fingerprints"),
    }
}

/// Paths that led out of the station's folder.
pub fn moved(language: Language, key: &str, was: &str, now: &str) -> String {
    match language {
        Vi => format!("`{key}` trỏ ra ngoài thư mục của trạm (“{was}”); trong bản sao lưu nằm ở “{now}”"),
        En => format!("`{key}` leads out of the station's folder (`{was}`); in the backup it is `{now}`"),
    }
}

/// Something that could not be taken.
pub fn not_taken(language: Language, found: &NotTaken) -> String {
    let path = found.path.display();
    match language {
        Vi => {
            let why = match found.why {
                WhyNot::Link => "là liên kết đến một thư mục; nếu cần, hãy chép thư mục thật vào đó",
                WhyNot::Special => "không phải tệp cũng không phải thư mục",
                WhyNot::NotUnicode => "có tên không đọc được; hãy đổi tên",
                WhyNot::Nowhere => "là liên kết không dẫn đến đâu; hãy xóa hoặc sửa lại",
                WhyNot::Deep => "nằm quá sâu trong các thư mục lồng nhau",
                WhyNot::Closed => {
                    "tài khoản của trạm không được phép đọc, nên trạm cũng không dùng được; nếu là tệp của trạm thì hãy giao cho \
                     tài khoản đó (`sudo chown`)"
                }
            };
            format!("KHÔNG sao lưu được “{path}”: {why}")
        }
        En => {
            let why = match found.why {
                WhyNot::Link => "it is a link to a folder; if it is needed, copy the folder itself there",
                WhyNot::Special => "it is neither a file nor a folder",
                WhyNot::NotUnicode => "its name is no Unicode; rename it",
                WhyNot::Nowhere => "it is a link that leads nowhere; delete or mend it",
                WhyNot::Deep => "it lies too deep in folders",
                WhyNot::Closed => {
                    "the station's account may not read it, so that the station has no use of it; if it is the station's, give it \
                     to that account (`sudo chown`)"
                }
            };
            format!("NOT backed up: `{path}`: {why}")
        }
    }
}

/// A name that Windows cannot hold.
pub fn unfit_for_windows(language: Language, name: &str) -> String {
    match language {
        Vi => format!(
            "Tên “{name}” không dùng được trên Windows; nếu sẽ chuyển sang máy Windows thì hãy đổi tên và sửa lịch phát trước"
        ),
        En => format!(
            "Windows cannot hold `{name}`: where the station is to move to Windows, rename it and mend the schedules first"
        ),
    }
}

/// A station was restored.
pub fn restored(language: Language, manifest: &Manifest, made: &str, folder: &str) -> String {
    let (name, files) = (&manifest.name, manifest.files.iter().filter(|part| !part.left_out).count());
    match language {
        Vi => {
            format!("Đã khôi phục trạm “{name}” vào “{folder}”: {files} tệp, từ bản sao lưu lập lúc {made}")
        }
        En => {
            format!("Station “{name}” is restored into `{folder}`: {files} files, from the backup of {made}")
        }
    }
}

/// Where what was in the folder is now.
pub fn set_aside(language: Language, place: &str) -> String {
    match language {
        Vi => format!(
            "Những gì có ở đó trước đây được giữ nguyên trong “{place}”, cả hộp nhận tệp; khi chắc chắn không cần nữa thì tự xóa"
        ),
        En => format!(
            "What was there before is kept whole in `{place}`, the inbox too; delete it yourself when it is certain that nobody needs it"
        ),
    }
}

/// How the journal goes on.
pub fn goes_on(language: Language, from: &str, whole: bool) -> String {
    match (language, whole) {
        (Vi, true) => "Nhật ký được ghi tiếp, không mất mục nào".into(),
        (En, true) => "The journal goes on; no entry is lost".into(),
        (Vi, false) => format!(
            "Nhật ký được ghi tiếp sau mục lúc {from}; từ đó đến bây giờ không có gì trong nhật ký, và những lượt đến hạn trong \
             khoảng đó không phát lại"
        ),
        (En, false) => format!(
            "The journal goes on after the entry of {from}; of the time from then until now it has nothing, and what fell due in it \
             does not air again"
        ),
    }
}

/// Recordings that were still there.
pub fn taken_over(language: Language, count: usize, place: &str) -> String {
    match language {
        Vi => format!("Đã lấy lại {count} bản ghi âm còn nguyên từ “{place}”"),
        En => format!("{count} recordings were still whole in `{place}` and were taken over"),
    }
}

/// Recordings that are missing: how many, and where they go.
pub fn missing(language: Language, count: usize, folder: &str) -> String {
    match language {
        Vi => format!("CÒN THIẾU {count} bản ghi âm; hãy chép vào “{folder}”, đúng tên như sau:"),
        En => format!("{count} recordings are MISSING; copy them into `{folder}`, named as follows:"),
    }
}

/// The rest of a list that is too long for a terminal.
pub fn and_more(language: Language, count: usize) -> String {
    match language {
        Vi => format!("  … và {count} bản ghi nữa (`loa check` kể đủ)"),
        En => format!("  … and {count} more (`loa check` names them)"),
    }
}

/// The configuration says now where a thing is.
pub fn amended(language: Language, key: &str, was: &str, now: &str) -> String {
    match language {
        Vi => {
            format!("Trong cấu hình, `{key}` trước là “{was}”, nay là “{now}”; muốn để chỗ khác thì sửa lại")
        }
        En => format!(
            "In the configuration `{key}` was `{was}` and is `{now}` now; change it if it is to be elsewhere"
        ),
    }
}

/// A path of the configuration that this machine does not have.
pub fn not_here(language: Language, key: &str, path: &str) -> String {
    match language {
        Vi => format!("`{key}` trỏ đến “{path}”, máy này không có; hãy sửa trong cấu hình"),
        En => format!(
            "`{key}` leads to `{path}`, which this machine does not have; mend it in the configuration"
        ),
    }
}

/// The configuration has faults; their lines follow.
pub fn config_faulty(language: Language) -> &'static str {
    match language {
        Vi => {
            "Trạm đã được khôi phục đủ, nhưng phiên bản Loa này không nhận cấu hình của trạm; hãy sửa rồi chạy `loa check`:"
        }
        En => {
            "All of the station is restored, but this version of Loa does not take its configuration; mend it, then run `loa check`:"
        }
    }
}

/// What is left to do on the new machine.
pub fn next_steps(language: Language, cards: &str) -> String {
    // Where `loa setup` has not run the service is not switched on yet.
    let start = if cfg!(windows) { "net start loa" } else { "sudo systemctl enable --now loa" };
    match language {
        Vi => format!(
            "Việc còn lại:\n\
             1. Tắt hẳn Loa trên máy cũ, để không có hai máy cùng phát.\n\
             2. Card âm thanh của máy này có thể tên khác ({cards} là của máy cũ): xem `loa devices`, sửa `cards`, hoặc chạy `sudo loa setup`.\n\
             3. Cho trạm chạy, và tự chạy mỗi khi bật máy: `{start}` (trạm chạy thử: `loa run`); rồi khám bằng `loa doctor`.\n\
             4. Chép riêng những gì còn chờ trong hộp nhận tệp của máy cũ, hoặc nhờ cơ quan gửi lại."
        ),
        En => format!(
            "What is left to do:\n\
             1. Switch Loa off on the former machine, so that there are not two on the air.\n\
             2. The sound card may have another name here ({cards} is the former machine's): see `loa devices` and mend `cards`, or run `sudo loa setup`.\n\
             3. Have it run, and start with the machine: `{start}` (where it is tried out: `loa run`); then examine it with `loa doctor`.\n\
             4. Copy what still waits in the former machine's inbox by itself, or have it sent again."
        ),
    }
}

impl Say for NameFault {
    fn say(&self, language: Language) -> String {
        let vietnamese = match self {
            NameFault::Outside => "tên này dẫn ra ngoài thư mục của trạm",
            NameFault::Windows => "Windows không chứa được tệp có tên này",
            NameFault::Twice => "có hai tệp cùng tên này",
            NameFault::FileAndFolder => "tên này vừa là tệp vừa là thư mục",
        };
        if language == Vi { vietnamese.into() } else { self.to_string() }
    }
}

impl Say for ArchiveFault {
    fn say(&self, language: Language) -> String {
        match (language, self) {
            (En, ArchiveFault::NoRoom { folder, free, needed }) => {
                return format!(
                    "`{}` has only {} free, and {} are needed; free some room or choose another disk",
                    folder.display(),
                    size(En, *free),
                    size(En, *needed)
                );
            }
            (En, _) => return self.to_string(),
            (Vi, _) => {}
        }
        match self {
            ArchiveFault::Exists { file } => {
                format!("“{}” đã có và không bao giờ bị ghi đè; hãy chọn tên khác", file.display())
            }
            ArchiveFault::AtWork { file } => {
                format!("một lệnh `loa` khác đang làm việc với “{}”; hãy đợi lệnh đó xong", file.display())
            }
            ArchiveFault::NoRoom { folder, free, needed } => format!(
                "“{}” chỉ còn trống {}, cần {}; hãy xóa bớt hoặc chọn ổ đĩa khác",
                folder.display(),
                size(Vi, *free),
                size(Vi, *needed)
            ),
            ArchiveFault::Full { folder } => format!(
                "ổ đĩa chứa “{}” đã đầy; chưa có gì bị thay đổi. Hãy xóa bớt hoặc chọn ổ đĩa khác",
                folder.display()
            ),
            ArchiveFault::TooLarge { folder } => format!(
                "ổ đĩa chứa “{}” không ghi được tệp lớn hơn 4 GB (định dạng FAT32); hãy định dạng lại thành exFAT hoặc NTFS, hoặc \
                 thêm `--without-audio`",
                folder.display()
            ),
            ArchiveFault::Unreadable { file, found } => format!(
                "không đọc được “{}”: {found}; hãy chạy lệnh bằng tài khoản của trạm hoặc với `sudo`",
                file.display()
            ),
            ArchiveFault::Unwritable { file, found } => {
                format!(
                    "không ghi được “{}”: {found}; hãy chạy lệnh với `sudo`, hoặc chọn nơi khác",
                    file.display()
                )
            }
            ArchiveFault::JournalDamaged { found } => format!(
                "nhật ký bị hỏng: {found}. Hãy khởi động lại trạm để Loa tự khôi phục nhật ký, rồi sao lưu lại"
            ),
            ArchiveFault::Journal { file, found } => format!(
                "không chép được nhật ký “{}”: {found}. Nhật ký của trạm thì khám bằng `loa doctor`; nếu là nhật ký trong một bản \
                 sao lưu thì hãy dùng bản sao lưu cũ hơn",
                file.display()
            ),
            ArchiveFault::NoBackup { file, .. } => format!(
                "“{}” không phải bản sao lưu của trạm; bản sao lưu được lập bằng lệnh `loa backup TỆP`",
                file.display()
            ),
            ArchiveFault::CutOff { file } => format!(
                "“{}” bị cụt: có phần đầu của một bản sao lưu mà không có phần cuối. Hãy chép lại từ nơi đã lập, hoặc dùng bản cũ \
                 hơn; chưa có gì bị thay đổi",
                file.display()
            ),
            ArchiveFault::Damaged { file, name, found } => format!(
                "“{}” bị hỏng ở “{name}”: {found}. Hãy chép lại từ nơi đã lập, hoặc dùng bản cũ hơn; chưa có gì bị thay đổi",
                file.display()
            ),
            ArchiveFault::BadName { file, name, fault } => {
                format!("“{}” có chứa “{name}”, và {}; chưa có gì bị thay đổi", file.display(), fault.say(Vi))
            }
            ArchiveFault::Newer { file, made_by, this } => format!(
                "“{}” được lập bằng Loa {made_by}, còn máy này có Loa {this}: hãy cài Loa {made_by} hoặc mới hơn rồi khôi phục; chưa \
                 có gì bị thay đổi",
                file.display()
            ),
            ArchiveFault::Running { folder, holder } => {
                let holder = holder.map(|pid| format!(" (tiến trình {pid})")).unwrap_or_default();
                format!(
                    "có một trạm đang chạy trong “{}”{holder}; hãy tắt trạm trước (`sudo systemctl stop loa`)",
                    folder.display()
                )
            }
            ArchiveFault::Occupied { folder } => format!(
                "trong “{}” đã có một trạm; muốn để nguyên trạm đó sang một bên và đặt bản sao lưu vào chỗ của nó thì thêm \
                 `--replace`; muốn khôi phục vào nơi khác thì thêm `--folder THƯ-MỤC`",
                folder.display()
            ),
            ArchiveFault::NoSwap { new, old, found } => format!(
                "không đặt được “{}” vào chỗ của “{}”: {found}; hãy chọn thư mục khác bằng `--folder THƯ-MỤC`",
                new.display(),
                old.display()
            ),
            ArchiveFault::NotEmpty { folder, file } => format!(
                "“{}” không trống: có “{}”; muốn để nguyên tất cả sang một bên và đặt bản sao lưu vào đó thì thêm `--replace`; muốn \
                 khôi phục vào nơi khác thì thêm `--folder THƯ-MỤC`",
                folder.display(),
                file.display()
            ),
        }
    }
}
