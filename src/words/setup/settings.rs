//! The settings of a station as a numbered list, and what was done about them, for `loa setup`. Owns the wording of each
//! line.

use std::path::Path;

use crate::core::account::AccountName;

use super::{En, Language, Vi};

/// A setting that has a number in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The station's name.
    Name,
    /// Clock and zone.
    Clock,
    /// The card.
    Card,
    /// Quiet hours and limits.
    Quiet,
    /// The pages, and an account.
    Page,
    /// The loudness.
    Loudness,
    /// The technician and the telephone.
    Technician,
    /// Whether it starts with the machine.
    Service,
}

impl Topic {
    /// In the order of the list; the first five are the questions of a new station.
    pub const ALL: [Topic; 8] = [
        Topic::Name,
        Topic::Clock,
        Topic::Card,
        Topic::Quiet,
        Topic::Page,
        Topic::Loudness,
        Topic::Technician,
        Topic::Service,
    ];
}

/// A line of the list.
pub fn topic_line(language: Language, number: usize, topic: Topic, value: &str) -> String {
    let label = match (language, topic) {
        (Vi, Topic::Name) => "Tên trạm",
        (Vi, Topic::Clock) => "Múi giờ, đồng hồ",
        (Vi, Topic::Card) => "Card âm thanh",
        (Vi, Topic::Quiet) => "Giờ yên tĩnh",
        (Vi, Topic::Page) => "Trang web",
        (Vi, Topic::Loudness) => "Độ to",
        (Vi, Topic::Technician) => "Người kỹ thuật",
        (Vi, Topic::Service) => "Tự chạy",
        (En, Topic::Name) => "Name",
        (En, Topic::Clock) => "Zone and clock",
        (En, Topic::Card) => "Sound card",
        (En, Topic::Quiet) => "Quiet hours",
        (En, Topic::Page) => "Pages",
        (En, Topic::Loudness) => "Loudness",
        (En, Topic::Technician) => "Technician",
        (En, Topic::Service) => "Starts by itself",
    };
    format!("  {number}  {label:17} {value}")
}

/// The folders, which setup shows and does not ask for.
pub fn folders(language: Language, audio: &Path, schedules: &Path, inbox: &Path) -> String {
    let (audio, schedules, inbox) = (audio.display(), schedules.display(), inbox.display());
    match language {
        Vi => format!("     Bản ghi âm: {audio}\n     Lịch phát: {schedules}\n     Hộp nhận tệp: {inbox}"),
        En => format!("     Recordings: {audio}\n     Schedules: {schedules}\n     Inbox: {inbox}"),
    }
}

/// The clock's line.
pub fn clock_value(language: Language, zone: &str, confirmed: bool) -> String {
    match (language, confirmed) {
        (Vi, true) => format!("{zone}; giờ máy đã được xác nhận"),
        (En, true) => format!("{zone}; the time was confirmed"),
        (_, false) => zone.to_owned(),
    }
}

/// The card's line.
pub fn card_value(language: Language, cards: &str, heard: bool) -> String {
    match (language, heard) {
        (Vi, true) => format!("{cards}; đã nghe thấy tiếng"),
        (En, true) => format!("{cards}; heard"),
        (_, false) => cards.to_owned(),
    }
}

/// The limits beside the quiet hours.
pub fn quiet_value(language: Language, hours: Option<String>, limited: bool) -> String {
    let hours = match (language, hours) {
        (_, Some(hours)) => hours,
        (Vi, None) => "không có".into(),
        (En, None) => "none".into(),
    };
    match (language, limited) {
        (_, false) => hours,
        (Vi, true) => format!("{hours}, có giới hạn buổi phát"),
        (En, true) => format!("{hours}, with limits on sessions"),
    }
}

/// The pages' line.
pub fn page_value(language: Language, address: Option<&str>, network: bool, account: Option<&str>) -> String {
    let place = match (language, address, network) {
        (Vi, None, _) => return "không mở".into(),
        (En, None, _) => return "none".into(),
        (Vi, Some(address), false) => format!("chỉ trên máy này, {address}"),
        (En, Some(address), false) => format!("this machine only, {address}"),
        (Vi, Some(address), true) => format!("cả mạng của cơ quan, {address}"),
        (En, Some(address), true) => format!("the whole network, {address}"),
    };
    match (language, account) {
        (_, None) => place,
        (Vi, Some(account)) => format!("{place}; tài khoản “{account}”"),
        (En, Some(account)) => format!("{place}; account `{account}`"),
    }
}

/// The accounts that there are.
pub fn accounts_there(language: Language, named: &str) -> String {
    match language {
        Vi => format!("   Trạm đã có tài khoản: {named}. Gõ tên mới để thêm, hoặc bấm Enter."),
        En => format!("   The station has accounts: {named}. Type a new name to add one, or press Enter."),
    }
}

/// Whether an account that there is gets another password, and the technician's role.
pub fn account_anew(language: Language, name: &AccountName, role: &str) -> String {
    match language {
        Vi => format!(
            "   Đã có tài khoản “{name}” ({role}). Đặt mật khẩu mới và cho làm kỹ thuật viên? [c = có, Enter = không] "
        ),
        En => format!(
            "   There is an account “{name}” ({role}). Give it a new password and make it the technician's? [y = yes, Enter = no] "
        ),
    }
}

/// Nobody is named.
pub fn nobody(language: Language) -> &'static str {
    match language {
        Vi => "chưa ghi",
        En => "none",
    }
}

/// How the station starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// It will be started by setup, and with the machine.
    Will,
    /// It runs as a service.
    Runs,
    /// It is a service that does not run.
    Stopped,
    /// It is started by hand.
    ByHand,
}

/// The line of how it starts.
pub fn start_value(language: Language, start: Start) -> &'static str {
    match (language, start) {
        (Vi, Start::Will) => "có: chạy ngay sau khi ghi, và mỗi khi bật máy",
        (En, Start::Will) => "yes: after this, and with the machine",
        (Vi, Start::Runs) => "có, đang chạy",
        (En, Start::Runs) => "yes, and it runs",
        (Vi, Start::Stopped) => "chưa chạy",
        (En, Start::Stopped) => "not running",
        (Vi, Start::ByHand) => "không: chạy bằng lệnh `loa run`",
        (En, Start::ByHand) => "no: started with `loa run`",
    }
}

/// The config was written; the old one is kept.
pub fn written(language: Language, config: &Path, kept: Option<&Path>) -> String {
    let config = config.display();
    match (language, kept.map(Path::display)) {
        (Vi, None) => format!("Đã ghi {config}"),
        (En, None) => format!("Wrote {config}"),
        (Vi, Some(kept)) => format!("Đã ghi {config}\n(bản cũ còn ở {kept})"),
        (En, Some(kept)) => format!("Wrote {config}\n(the old one is kept as {kept})"),
    }
}

/// The lines for Samba were written, or how Windows shares.
pub fn shared(language: Language, file: Option<&Path>, inbox: &Path) -> String {
    let inbox = inbox.display();
    match (language, file.map(Path::display)) {
        (Vi, Some(file)) => format!(
            "Để các cơ quan chép tệp từ máy của họ: các dòng cấu hình Samba đã ghi sẵn ở {file}; làm theo bốn bước ở đầu tệp đó. Loa không tự sửa cấu hình Samba của máy."
        ),
        (En, Some(file)) => format!(
            "So that offices can copy files from their own PCs, lines for Samba stand ready in {file}; follow the steps at its head. Loa does not change the machine's Samba by itself."
        ),
        (Vi, None) => format!(
            "Để các cơ quan chép tệp từ máy của họ: bấm chuột phải vào thư mục {inbox}, chọn Thuộc tính (Properties), thẻ Chia sẻ (Sharing), cho phép đọc và ghi."
        ),
        (En, None) => format!(
            "So that offices can copy files from their own PCs: right-click the folder {inbox}, choose Properties, Sharing, and allow reading and writing."
        ),
    }
}
