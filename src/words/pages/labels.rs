//! Headings, labels and buttons of the pages. Owns their wording; each exists in both languages by its type.

use super::super::Language::{self, En, Vi};

macro_rules! labels {
    ($($key:ident: $vi:literal, $en:literal;)+) => {
        /// The labels of the pages in one language.
        #[derive(Debug)]
        pub struct Labels { $(#[doc = $en] pub $key: &'static str),+ }

        const VIETNAMESE: Labels = Labels { $($key: $vi),+ };
        const ENGLISH: Labels = Labels { $($key: $en),+ };

        impl Labels {
            /// Each with its name in the source: no page may show that.
            pub fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($key), self.$key)),+]
            }
        }
    };
}

labels! {
    to_content: "Đến nội dung chính", "Skip to the content";
    navigation: "Các trang", "Pages";
    sample_station: "trạm mẫu", "sample station";
    now: "Hiện tại", "Now";
    rundown: "Lịch phát", "Rundown";
    airings: "Nhật ký phát", "Airings";
    month: "Cả tháng", "Month";
    orders: "Điều khiển", "Orders";
    themes: "Chủ đề", "Themes";
    reports: "Báo cáo", "Reports";
    form: "Biểu mẫu", "Form";
    period: "Kỳ báo cáo", "Period";
    administrative: "kỳ hành chính (ngày 15 tháng trước đến ngày 14)", "administrative (15th of the month before to the 14th)";
    other_span: "Hoặc khoảng ngày khác", "Or other days";
    layout: "Dạng tệp", "As";
    make_report: "Lập báo cáo", "Make the report";
    report_explained: "Chỉ lượt phát trọn vẹn mới được tính. Cuối báo cáo có dòng đối chứng với nhật ký của trạm.",
        "Only what aired whole counts. The report ends with the line that proves it against the station's journal.";
    review: "Xác nhận đã xem xét", "Mark as reviewed";
    reviewed_by: "Người xem xét", "Reviewed by";
    remark: "Nhận xét", "Remark";
    enter: "Nhập thủ công một lượt phát", "Enter an airing by hand";
    enter_explained: "Cho buổi phát không do Loa phát, ví dụ trưởng thôn đọc trực tiếp. Báo cáo luôn ghi rõ là nhập thủ công.",
        "For what Loa did not air, e.g. a village head who read. Reports always say that it was entered by hand.";
    day: "Ngày", "Day";
    start_time: "Giờ bắt đầu", "Began at";
    how_many_minutes: "Thời lượng (phút)", "Length (minutes)";
    why_by_hand: "Lý do nhập thủ công", "Why it is entered by hand";
    written_by: "Họ tên người nhập (bỏ trống: tên tài khoản)", "Who enters it (empty: the account's name)";
    note: "Ghi chú", "Note";
    notes: "Ghi chú của người giám sát", "Notes";
    add_note: "Thêm ghi chú", "Add a note";
    take_back: "Rút lại lượt nhập thủ công này", "Take back this entry";
    why_taken_back: "Lý do rút lại", "Why it is taken back";
    airings_count: "Số lượt phát", "Airings";
    minutes: "Thời lượng (phút)", "Minutes";
    since_year: "Lũy kế từ đầu năm", "Since the year began";
    still_planned: "Còn trong lịch", "Still planned";
    plan: "Kế hoạch", "Plan";
    reached: "Hoàn thành", "Reached";
    no_targets: "Chưa có chỉ tiêu nào: điền tệp Excel mẫu (xin ở người phụ trách kỹ thuật) rồi gửi vào hộp nhận tệp; đài có bật duyệt thì kỹ thuật ghi vào targets.toml.",
        "There are no targets: fill in the workbook (the technician has it) and drop it into the inbox; where approval is wanted the technician writes them into targets.toml.";
    period_explained: "Kỳ: 2026-10 tháng, 2026-W45 tuần, 2026-Q4 quý, 2026-H2 nửa năm, 2026 năm.",
        "Periods: 2026-10 a month, 2026-W45 a week, 2026-Q4 a quarter, 2026-H2 a half-year, 2026 a year.";
    themes_explained: "Vạch đứt: mức 90 %. ✓ đạt kế hoạch; ▼ dưới mức 90 %. Bấm tên chủ đề để xem từng lượt phát.",
        "Dashed line: 90 %. ✓ reached; ▼ below 90 %. A theme's name leads to its airings.";
    sign_in: "Đăng nhập", "Sign in";
    sign_out: "Đăng xuất", "Sign out";
    times_in: "Mọi giờ ghi theo múi giờ", "All times are in the zone";
    whom_to_ask: "Liên hệ:", "Whom to ask:";
    stop_now: "DỪNG PHÁT NGAY", "STOP NOW";
    stop_explained: "Dừng chương trình đang phát và bỏ các lượt đang chờ. Các lượt sau vẫn phát theo lịch. Lệnh được ghi vào nhật ký.",
        "Stops what is on air and calls off what waits for it. Later cues air as planned. The order is written into the journal.";
    lost: "Mất liên lạc với trạm: những gì ghi dưới đây có thể đã cũ. Hãy xem máy tính của trạm.",
        "The station does not answer: what stands below may be out of date. Look at the playout computer.";
    on_air: "Đang phát", "On air";
    alarms: "Cảnh báo", "Alarms";
    since: "từ", "since";
    next_cues: "Các lượt kế tiếp", "Next cues";
    nothing_planned: "Không có lượt phát nào.", "Nothing is planned.";
    due: "Giờ theo lịch", "Due";
    started: "Giờ bắt đầu", "Started";
    ended: "Giờ kết thúc", "Ended";
    programme: "Chương trình", "Programme";
    station_itself: "Tình trạng của trạm", "The station itself";
    clock: "Đồng hồ", "Clock";
    card: "Card âm thanh", "Sound card";
    amplifier: "Tăng âm", "Amplifier";
    disk: "Ổ đĩa", "Disk";
    journal: "Nhật ký", "Journal";
    inbox: "Hộp nhận tệp", "Inbox";
    schedules: "Lịch đang chạy", "Live schedules";
    no_schedules: "không có", "none";
    in_order: "bình thường", "in order";
    see_alarms: "có cảnh báo, xem ở trên", "see the alarms above";
    level: "Mức âm thanh", "Level";
    until: "Đến", "Until";
    priority: "Mức ưu tiên", "Priority";
    kind: "Loại", "Kind";
    not_yet: "sắp phát ra tiếng", "about to sound";
    from_day: "Từ ngày", "From";
    to_day: "Đến ngày", "To";
    how_many_days: "Số ngày", "Days";
    theme: "Chủ đề", "Theme";
    outcome: "Kết quả", "Outcome";
    slot: "Khung giờ", "Slot";
    all: "tất cả", "all";
    show: "Xem", "Show";
    no_airings: "Không có lượt phát nào trong nhật ký.", "The journal has no such airing.";
    length: "Thời lượng", "Length";
    older: "Cũ hơn", "Older";
    newest: "Mới nhất", "Newest";
    proof: "Bằng chứng", "Proof";
    proof_explained: "Các số liệu trên được đo tại đầu ra âm thanh khi phát. Mục nhật ký mang mã đối chứng; lệnh `loa verify` kiểm tra cả chuỗi.",
        "These figures were measured at the output while it aired. The journal's entry carries the hash; `loa verify` proves the whole chain.";
    for_the_technician: "Cho người phụ trách kỹ thuật:", "For the technician:";
    recordings: "Các bản ghi", "Recordings";
    recording: "Bản ghi", "Recording";
    aired_length: "Đã phát", "Aired";
    fingerprint: "Mã băm SHA-256", "Fingerprint (SHA-256)";
    measured_start: "Bắt đầu (đo được)", "Started (measured)";
    measured_end: "Kết thúc (đo được)", "Ended (measured)";
    lateness: "Trễ so với lịch", "Late by";
    frames: "Số khung mẫu đã phát", "Frames delivered";
    planned_length: "Thời lượng dự kiến", "Planned length";
    device: "Thiết bị", "Device";
    clock_state: "Đồng hồ hệ thống", "System clock";
    synchronised: "đã đồng bộ", "synchronised";
    not_synchronised: "chưa đồng bộ", "not synchronised";
    not_known: "không rõ", "not known";
    ordered_by: "Người ra lệnh", "Ordered by";
    approved_by: "Người duyệt", "Approved by";
    schedule: "Lịch", "Schedule";
    entry_hash: "Mã đối chứng của mục nhật ký", "Hash of the journal's entry";
    noted_at: "Ghi vào nhật ký lúc", "Written down";
    number: "Mã số lượt phát", "Number";
    nothing_measured: "không đo được", "not measured";
    month_before: "← Tháng trước", "← Month before";
    month_after: "Tháng sau →", "Month after →";
    more_slots: "Các khung giờ khác →", "More slots →";
    quiet_hours: "giờ yên tĩnh", "quiet hours";
    airs_on_time: "phát đúng giờ", "airs as planned";
    something_in_its_way: "có vướng mắc", "something in its way";
    in_its_way: "Vướng mắc", "In its way";
    days_before: "← Những ngày trước", "← Days before";
    days_after: "Những ngày sau →", "Days after →";
    account_name: "Tên tài khoản", "Account";
    password: "Mật khẩu", "Password";
    no_accounts: "Trạm chưa có tài khoản nào, nên các trang chỉ để xem. Người phụ trách kỹ thuật tạo tài khoản bằng lệnh `loa user add`.",
        "The station has no accounts, so that its pages are for reading. The technician makes them with `loa user add`.";
    clock_is_right: "Giờ này đúng", "This time is right";
    waiting_schedules: "Lịch đang chờ duyệt", "Schedules that wait for approval";
    approve: "Duyệt", "Approve";
    approve_or_refuse: "Duyệt hoặc không duyệt", "Approve or refuse";
    refuse: "Không duyệt", "Refuse";
    refuse_why: "Lý do không duyệt (đơn vị gửi sẽ đọc)", "Why it is refused (the office reads it)";
    play_now: "Phát ngay", "Play now";
    skip_cue: "Bỏ lượt phát", "Leave out a cue";
    cue: "Lượt phát", "Cue";
    emergency: "Khẩn cấp", "Emergency";
    end_emergency: "Kết thúc lệnh khẩn cấp", "End this emergency";
    give_emergency: "PHÁT KHẨN CẤP", "AIR THIS EMERGENCY";
    emergency_explained: "Phát ngay, kể cả trong giờ yên tĩnh, và phát lại cho đến khi hết hiệu lực.",
        "Airs at once, in the quiet hours too, and again until it expires.";
    stands_for: "Có hiệu lực trong", "Stands for";
    repeats: "Phát lại sau mỗi", "Repeats every";
    once: "chỉ phát một lần", "airs once";
    back: "Quay lại", "Back";
    result: "Kết quả", "Result";
    refused: "Không thực hiện được", "Not done";
    not_possible: "Không mở được trang", "This page cannot be shown";
    inbox_explained: "Cơ quan gửi bài chép bản ghi và lịch vào thư mục này; phiếu báo nằm ngay trong thư mục của từng cơ quan:",
        "Offices copy recordings and schedules into this folder; the receipts lie in the folder of each office:";
    no_drops: "Không có tệp nào được gửi đến trong những ngày này.", "Nothing came on these days.";
    taken_at: "Nhận lúc", "Taken at";
    sender: "Cơ quan", "Office";
    file: "Tệp", "File";
    answer: "Trả lời", "Answer";
    receipt_number: "Số phiếu báo", "Receipt";
    name_holds: "Tên có chữ", "Name holds";
    no_recordings: "Không có bản ghi nào như vậy.", "There is no such recording.";
    loudness: "Âm lượng gốc", "Loudness as it came";
    state: "Tình trạng", "State";
    ready: "phát được", "fit to air";
    damaged: "bị hỏng một phần", "damaged in part";
    unmeasured: "chưa đo xong", "not measured yet";
    used_in: "Dùng trong lịch", "Used in";
    more_recordings: "Các bản ghi khác →", "More recordings →";
    nothing_to_order: "Hiện tài khoản này không có lệnh nào cần thực hiện.", "There is nothing for this account to order now.";
    upload: "Gửi tệp", "Send files";
    uploaded: "Đã gửi tệp", "Files sent";
    uploaded_explained: "Tệp đã vào hộp nhận tệp. Trạm đang kiểm tra; phiếu báo sẽ có sau ít phút.",
        "The files are in the inbox. The station looks into them; the receipts come in a moment.";
    for_office: "Cơ quan gửi bài", "For the office";
    choose: "— hãy chọn —", "— choose —";
    whole_station: "chung cho cả trạm", "the whole station";
    files: "Chọn tệp (bản ghi hoặc lịch)", "Files (recordings or schedules)";
    receipts: "Phiếu báo", "Receipts";
    to_receipts: "Xem các phiếu báo", "See the receipts";
    listen: "Nghe thử", "Listen";
    waiting_recording: "Bản ghi chờ duyệt", "Recording that waits for approval";
    waiting_recordings: "Các bản ghi chờ duyệt", "Recordings that wait for approval";
    in_the_library: "Các bản ghi trong kho", "Recordings in the library";
    waits_with: "Duyệt cùng lịch", "Approved with";
    new_to_hear: "Bài chưa ai duyệt, cần nghe trước khi duyệt:", "Approved by nobody yet, to be heard before:";
    not_heard_yet: "chưa nghe được: trạm chưa đo xong, hoặc không đọc được tệp", "cannot be heard yet: it is not measured, or cannot be read";
    waits_explained: "Bản ghi này chưa được duyệt cùng các lịch dưới đây. Mã băm là của chính tệp nghe được ở trang này.",
        "This recording is not approved with the schedules below yet. The fingerprint is that of the very file which is heard here.";
    former_recording: "Nghe bản đang có trong kho", "Listen to the one that the library has";
    format: "Định dạng", "Format";
    true_peak: "Đỉnh thực", "True peak";
    silent_head: "Im lặng ở đầu", "Silence at its beginning";
    silent_tail: "Im lặng ở cuối", "Silence at its end";
    longest_hole: "Im lặng lâu nhất ở giữa", "Longest silence within";
    clipped: "Số mẫu bị vỡ tiếng", "Clipped samples";
    used_nowhere: "Không lịch nào dùng bản ghi này.", "No schedule plays it.";
    change_a_day: "Thay đổi trong một ngày", "Change one day";
    change_explained: "Chỉ thay đổi ngày được chọn; các ngày khác vẫn theo lịch. Dời giờ và phát thêm cần ghi giờ; thay bài cần chọn bản ghi; phát thêm không chọn bản ghi thì phát như thường lệ. Lịch gửi lại sau này sẽ thay cả thay đổi này.",
        "Only the chosen day changes. Moving and an extra airing need a time, replacing needs recordings; an extra airing without any plays what the slot plays. A schedule that is sent anew replaces this change too.";
    what_changes: "Việc thay đổi", "Change";
    new_time: "Giờ", "Time";
    first_recording: "Bản ghi thứ nhất", "First recording";
    second_recording: "Bản ghi thứ hai", "Second recording";
    third_recording: "Bản ghi thứ ba", "Third recording";
    reason: "Lý do", "Reason";
    changed: "Đã thay đổi lịch; lịch mới có hiệu lực ngay.", "The schedule is changed and live.";
    change_waits: "Đã ghi thay đổi. Thay đổi này còn phải chờ; trong lúc đó trạm vẫn phát theo lịch cũ.",
        "The change is written; the schedule with it waits, and the former one airs meanwhile.";
    change_faulty: "Không thay đổi gì, vì lịch sẽ sai:", "Nothing was changed, since the schedule would be faulty:";
    change_not_live: "Lịch này không còn chạy. Hãy tải lại trang.", "This schedule is not live any more. Load the page again.";
    change_not_alone: "Không thay đổi gì: lịch này còn một bản khác đang chờ duyệt, hoặc tệp lịch trong thư mục khác với lịch đang chạy. Hãy giải quyết bản đó trước.",
        "Nothing was changed: another version of this schedule waits, or its file in the folder of schedules is not the live one. Settle that first.";
    take_off: "Gỡ bản ghi này khỏi mọi lịch", "Take this recording off every schedule";
    take_off_explained: "Bản ghi được đưa ra khỏi kho như khi chuyển vào thư mục “Gỡ khỏi lịch”; trạm giữ lại một bản. Các lượt cần bản ghi này sẽ không phát cho đến khi có bản ghi khác cùng tên.",
        "It leaves the library as by moving it into the folder “Take off”; the station keeps a copy. Cues that need it do not air until another of its name comes.";
    take_off_after_login: "người phụ trách kỹ thuật đăng nhập để gỡ", "the technician signs in to take it off";
}

/// The labels in that language.
pub fn labels(language: Language) -> &'static Labels {
    match language {
        Vi => &VIETNAMESE,
        En => &ENGLISH,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_said_in_both_languages() {
        for ((key, vi), (_, en)) in VIETNAMESE.all().into_iter().zip(ENGLISH.all()) {
            assert!(!vi.trim().is_empty() && !en.trim().is_empty(), "{key}");
            assert_ne!(vi, en, "{key}");
            assert!(!vi.contains('_') && !en.contains('_'), "{key}");
        }
    }
}
