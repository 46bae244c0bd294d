//! Findings about the machine, in words.

use chrono::TimeDelta;

use super::{Said, fine, mend};
use crate::core::checkup::{Machine, Need};
use crate::core::record::Trust;
use crate::words::Language::{self, En, Vi};
use crate::words::terms;

pub(super) fn said(language: Language, found: &Machine) -> Said {
    let mask = "`sudo systemctl mask sleep.target suspend.target hibernate.target hybrid-sleep.target`";
    match (language, found) {
        (_, Machine::Clock { trust }) => clock(language, *trust),
        (Vi, Machine::NotSynchronised { said }) => mend(
            match said {
                Some(_) => "giờ máy chưa được đồng bộ qua mạng",
                None => "không biết giờ máy có được đồng bộ qua mạng hay không",
            },
            "hãy nối mạng và bật đồng bộ: `sudo timedatectl set-ntp true`; trạm không có mạng thì cần pin đồng hồ còn tốt",
        ),
        (En, Machine::NotSynchronised { said }) => mend(
            match said {
                Some(_) => "the clock is not synchronised over the network",
                None => "whether the clock is synchronised is not known",
            },
            "connect it and run `sudo timedatectl set-ntp true`; without a network the clock's battery must be good",
        ),
        (Vi, Machine::NoHardwareClock) => mend(
            "máy không có đồng hồ phần cứng: mất điện mà không có mạng thì sai giờ",
            "hãy giữ kết nối mạng, hoặc lắp mô-đun đồng hồ (RTC); sau mỗi lần mất điện hãy xem giờ rồi chạy `loa clock confirm`",
        ),
        (En, Machine::NoHardwareClock) => mend(
            "there is no hardware clock: after a power cut without network the time is wrong",
            "keep it connected, or fit a clock module (RTC); after a power cut look at the time and run `loa clock confirm`",
        ),
        (Vi, Machine::HardwareClockOff { ahead }) => mend(
            format!("đồng hồ phần cứng {} giờ máy", off(Vi, *ahead)),
            "nếu giờ máy đang đúng, hãy chạy `sudo timedatectl set-local-rtc 0` rồi `sudo hwclock --systohc`; nếu tắt máy rồi \
             lại sai thì thay pin",
        ),
        (En, Machine::HardwareClockOff { ahead }) => mend(
            format!("the hardware clock is {} the machine's time", off(En, *ahead)),
            "if the machine's time is right, run `sudo timedatectl set-local-rtc 0`, then `sudo hwclock --systohc`; if it is \
             off again after a night without power, change its battery",
        ),
        (Vi, Machine::ZoneDiffers { system, station }) => mend(
            format!("múi giờ của máy là UTC{}, của trạm là {station}", hours(*system)),
            format!(
                "trạm vẫn phát theo giờ {station}; để giờ trên màn hình khớp với trạm, hãy chạy \
                 `sudo timedatectl set-timezone {station}`"
            ),
        ),
        (En, Machine::ZoneDiffers { system, station }) => mend(
            format!("the machine's zone is UTC{}, the station's is {station}", hours(*system)),
            format!(
                "the station airs by {station} all the same; to have the screen show that time, run \
                 `sudo timedatectl set-timezone {station}`"
            ),
        ),
        (Vi, Machine::Space { folder, free }) => mend(
            format!("còn trống {} tại “{}”", terms::size(Vi, *free), folder.display()),
            "hãy xóa bớt tệp không cần (thùng rác, tệp tải về, tệp phát thử), hoặc giảm `inbox.keep_days`",
        ),
        (En, Machine::Space { folder, free }) => mend(
            format!("{} free at `{}`", terms::size(En, *free), folder.display()),
            "delete what is not needed (trash, downloads, airchecks), or lower `inbox.keep_days`",
        ),
        (Vi, Machine::NoMoreFiles { folder }) => mend(
            format!(
                "ổ đĩa chứa “{}” đã hết chỗ cho tệp mới (hết inode) dù có thể còn dung lượng",
                folder.display()
            ),
            "hãy xóa bớt những thư mục có rất nhiều tệp nhỏ",
        ),
        (En, Machine::NoMoreFiles { folder }) => mend(
            format!(
                "the disk of `{}` takes no more files (no inodes), whatever room it has",
                folder.display()
            ),
            "delete folders with very many small files",
        ),
        (Vi, Machine::ReadOnly { folder }) => mend(
            format!("ổ đĩa chứa “{}” chỉ cho đọc, có thể do lỗi ổ đĩa", folder.display()),
            "hãy sao lưu, xem `sudo dmesg`, khởi động lại máy để kiểm tra ổ đĩa (fsck); nếu còn bị thì thay ổ đĩa",
        ),
        (En, Machine::ReadOnly { folder }) => mend(
            format!("the disk of `{}` can only be read; it may be failing", folder.display()),
            "make a backup, see `sudo dmesg`, restart the machine to have the disk checked (fsck); if it stays so, replace it",
        ),
        (Vi, Machine::StateOnNetwork { folder }) => mend(
            format!("thư mục trạng thái “{}” nằm trên ổ mạng, nhật ký ở đó dễ hỏng", folder.display()),
            "hãy tắt trạm, chuyển thư mục này sang ổ đĩa trong máy và sửa `paths.state`",
        ),
        (En, Machine::StateOnNetwork { folder }) => mend(
            format!("the state `{}` lies on a network drive, where a journal breaks", folder.display()),
            "end the station, move the folder to a disk of this machine and mend `paths.state`",
        ),
        (Vi, Machine::SpaceUnknown { folder, found }) => mend(
            format!("không biết ổ đĩa chứa “{}” còn trống bao nhiêu: {found}", folder.display()),
            "hãy mở thư mục trong trình quản lý tệp để xem dung lượng còn trống",
        ),
        (En, Machine::SpaceUnknown { folder, found }) => mend(
            format!("how much is free at `{}` is not known: {found}", folder.display()),
            "look at the free room in the file manager",
        ),
        (Vi, Machine::NotThere { place, folder }) => mend(
            format!("không có thư mục “{}” (`{}`)", folder.display(), place.key()),
            format!("hãy tạo thư mục, cắm lại ổ đĩa hoặc nối lại ổ mạng, hoặc sửa `{}`", place.key()),
        ),
        (En, Machine::NotThere { place, folder }) => mend(
            format!("the folder `{}` is not there (`{}`)", folder.display(), place.key()),
            format!("make it, plug its drive in, connect its share again, or mend `{}`", place.key()),
        ),
        (Vi, Machine::NotAllowed { path, need, account }) => {
            let who = account
                .as_ref()
                .map_or("tài khoản này".into(), |name| format!("tài khoản “{name}” của trạm"));
            let path = path.display();
            match need {
                Need::Read => mend(
                    format!("{who} không được đọc “{path}”"),
                    owning(Vi, account.as_deref(), &path.to_string()),
                ),
                Need::Write => mend(
                    format!("{who} không được ghi vào “{path}”"),
                    owning(Vi, account.as_deref(), &path.to_string()),
                ),
                Need::Enter => mend(
                    format!(
                        "{who} không được vào thư mục “{path}”, nên không tới được thư mục của trạm nằm trong đó"
                    ),
                    format!(
                        "hãy chuyển thư mục của trạm đi nơi khác, hoặc mở lối vào: `sudo chmod o+x '{path}'`"
                    ),
                ),
                Need::Make => mend(
                    format!("{who} không tạo được thư mục “{path}”"),
                    format!(
                        "hãy tạo thư mục ấy cho tài khoản của trạm: `sudo install -d -o {} '{path}'`",
                        account.as_deref().unwrap_or("TÀI-KHOẢN")
                    ),
                ),
            }
        }
        (En, Machine::NotAllowed { path, need, account }) => {
            let who = account
                .as_ref()
                .map_or("this account".into(), |name| format!("the station's account `{name}`"));
            let path = path.display();
            match need {
                Need::Read => mend(
                    format!("{who} may not read `{path}`"),
                    owning(En, account.as_deref(), &path.to_string()),
                ),
                Need::Write => mend(
                    format!("{who} may not write `{path}`"),
                    owning(En, account.as_deref(), &path.to_string()),
                ),
                Need::Enter => mend(
                    format!("{who} may not enter `{path}`, and so does not reach the station's folder in it"),
                    format!(
                        "move the station's folder elsewhere, or open the way: `sudo chmod o+x '{path}'`"
                    ),
                ),
                Need::Make => mend(
                    format!("{who} cannot make the folder `{path}`"),
                    format!(
                        "make it for the station's account: `sudo install -d -o {} '{path}'`",
                        account.as_deref().unwrap_or("ACCOUNT")
                    ),
                ),
            }
        }
        (Vi, Machine::OtherAccount { this, owner }) => mend(
            format!("lệnh này chạy bằng tài khoản “{this}”, còn thư mục trạng thái là của “{owner}”"),
            format!("hãy chạy lại bằng tài khoản của trạm: `sudo -u {owner} loa doctor`"),
        ),
        (En, Machine::OtherAccount { this, owner }) => mend(
            format!("this command runs as `{this}`, and the state belongs to `{owner}`"),
            format!("run it as the station's account: `sudo -u {owner} loa doctor`"),
        ),
        (Vi, Machine::DoorAjar { file }) => mend(
            format!("mọi tài khoản trên máy đều đọc được “{}”, tức là điều khiển được trạm", file.display()),
            format!("hãy chạy `chmod o-rwx {}`", file.display()),
        ),
        (En, Machine::DoorAjar { file }) => mend(
            format!(
                "every account of this machine may read `{}`, and so control the station",
                file.display()
            ),
            format!("run `chmod o-rwx {}`", file.display()),
        ),
        (Vi, Machine::Allowed) => fine("đủ quyền với các thư mục của trạm"),
        (En, Machine::Allowed) => fine("all that the station needs is allowed"),
        (Vi, Machine::SleepMasked) => fine("máy không thể tự ngủ"),
        (En, Machine::SleepMasked) => fine("the machine cannot go to sleep"),
        (Vi, Machine::SleepPossible { lid }) => mend(
            if *lid {
                "gập màn hình là máy ngủ; cài đặt nguồn điện của màn hình nền thì không xem được từ đây"
            } else {
                "máy có thể ngủ; cài đặt nguồn điện của màn hình nền thì không xem được từ đây"
            },
            format!("hãy chặn hẳn: {mask}"),
        ),
        (En, Machine::SleepPossible { lid }) => mend(
            if *lid {
                "closing the lid puts the machine to sleep; the desktop's power settings cannot be seen from here"
            } else {
                "the machine can go to sleep; the desktop's power settings cannot be seen from here"
            },
            format!("rule it out: {mask}"),
        ),
        (Vi, Machine::SleepsWhenIdle { action }) => mend(
            format!("không ai dùng thì máy tự ngủ hoặc tắt (IdleAction={action})"),
            format!("hãy chặn hẳn: {mask}"),
        ),
        (En, Machine::SleepsWhenIdle { action }) => mend(
            format!("the machine sleeps or ends when nobody touches it (IdleAction={action})"),
            format!("rule it out: {mask}"),
        ),
        (Vi, Machine::SleepUnknown) => mend(
            "không biết máy có tự ngủ hay không",
            "hãy mở cài đặt nguồn điện của máy và tắt mọi chế độ ngủ, kể cả khi gập màn hình",
        ),
        (En, Machine::SleepUnknown) => mend(
            "whether the machine goes to sleep is not known",
            "open its power settings and turn off every kind of sleep, the lid's too",
        ),
        (Vi, Machine::Autostart { unit }) => fine(format!("{unit} tự chạy khi bật máy")),
        (En, Machine::Autostart { unit }) => fine(format!("{unit} starts with the machine")),
        (Vi, Machine::NoAutostart { unit }) => mend(
            format!("trạm không tự chạy lại sau khi mất điện ({unit} chưa được bật)"),
            format!("hãy cài đặt trạm thành dịch vụ rồi chạy `sudo systemctl enable --now {unit}`"),
        ),
        (En, Machine::NoAutostart { unit }) => mend(
            format!("the station does not come back after a power cut ({unit} is not enabled)"),
            format!("install it as a service and run `sudo systemctl enable --now {unit}`"),
        ),
        (Vi, Machine::AutostartUnknown) => mend(
            "không biết trạm có tự chạy khi bật máy hay không",
            "hãy thử tắt bật lại máy một lần, rồi xem `loa status`",
        ),
        (En, Machine::AutostartUnknown) => mend(
            "whether the station starts with the machine is not known",
            "turn the machine off and on once, then see `loa status`",
        ),
        (Vi, Machine::Converter { there: false }) => {
            fine("chưa cài ffmpeg: tệp wma, amr, 3gp … sẽ bị trả lại; cần thì chạy `sudo apt install ffmpeg`")
        }
        (En, Machine::Converter { there: false }) => fine(
            "ffmpeg is not installed: wma, amr, 3gp … are returned; if they are needed, `sudo apt install ffmpeg`",
        ),
        (Vi, Machine::Converter { there: true }) => fine("có ffmpeg"),
        (En, Machine::Converter { there: true }) => fine("ffmpeg is there"),
    }
}

fn clock(language: Language, trust: Trust) -> Said {
    mend(
        terms::trust(language, trust),
        match language {
            Vi => {
                "hãy xem giờ trên màn hình: nếu đúng thì chạy `loa clock confirm`, nếu sai thì chỉnh lại giờ trước đã"
            }
            En => {
                "look at the time on the screen: if it is right, run `loa clock confirm`; if not, set it first"
            }
        },
    )
}

/// `nhanh hơn 7 giờ so với`, `7 h ahead of`.
fn off(language: Language, ahead: TimeDelta) -> String {
    let length = terms::length(language, ahead.abs().to_std().unwrap_or_default());
    match (language, ahead > TimeDelta::zero()) {
        (Vi, true) => format!("nhanh hơn {length} so với"),
        (Vi, false) => format!("chậm hơn {length} so với"),
        (En, true) => format!("{length} ahead of"),
        (En, false) => format!("{length} behind"),
    }
}

/// An offset as people write it: `+07:00`.
fn hours(ahead: TimeDelta) -> String {
    let sign = if ahead < TimeDelta::zero() { '-' } else { '+' };
    let minutes = ahead.num_minutes().unsigned_abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// How an account gets a file or a folder.
fn owning(language: Language, account: Option<&str>, path: &str) -> String {
    match (language, account) {
        (Vi, None) => {
            "hãy giao quyền cho tài khoản của trạm: `sudo chown -R TÀI-KHOẢN THƯ-MỤC`, hoặc chạy lệnh này bằng tài khoản đó"
                .into()
        }
        (En, None) => {
            "give it to the station's account: `sudo chown -R ACCOUNT FOLDER`, or run this command as that account".into()
        }
        (Vi, Some(account)) => format!("hãy giao quyền cho tài khoản của trạm: `sudo chown -R {account} '{path}'`"),
        (En, Some(account)) => format!("give it to the station's account: `sudo chown -R {account} '{path}'`"),
    }
}
