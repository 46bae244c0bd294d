//! The texts of `loa setup` in Vietnamese.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    welcome: "\
Có vài câu hỏi, chừng năm phút. Bấm Enter là chọn câu trả lời ghi trong [ngoặc vuông].
Gõ nhầm không sao: chỗ nào sai được hỏi lại, và trước khi ghi còn được xem lại tất cả.
Bấm Ctrl-C lúc nào cũng thoát được, mọi thứ vẫn như cũ. Chưa hỏi thì không có tiếng nào phát ra loa.",
    other_language: "(To go on in English, type: en)",
    name: "1. Tên của trạm, ghi ở đầu báo cáo và trang web. Ví dụ: Đài Truyền thanh xã Bình Minh
   Tên",
    name_missing: "   Chưa có tên. Hãy gõ tên trạm rồi bấm Enter.",
    clock: "2. Đồng hồ của máy. Trạm phát theo giờ này; máy sai giờ thì phát sai giờ.",
    clock_right: "   So với đồng hồ tay hay điện thoại, có đúng không? [c = đúng, k = sai] ",
    clock_again: "   Sửa xong bấm Enter để đọc lại. Sai múi giờ thì gõ múi giờ, ví dụ Asia/Bangkok. [b = để sau] ",
    clock_later: if cfg!(windows) { "   Để sau cũng được: trạm chưa phát theo lịch cho đến khi giờ được xác nhận bằng lệnh: loa clock confirm" } else { "   Để sau cũng được: trạm chưa phát theo lịch cho đến khi giờ được xác nhận bằng lệnh: sudo loa clock confirm" },
    card: "3. Card âm thanh: tiếng ra tăng âm bằng đường nào.",
    card_warning: "   Phát thử ba tiếng chuông nhỏ, 4 giây, để biết đúng đường.
   CHÚ Ý: tăng âm đang bật thì loa ngoài trời sẽ kêu. Nên tắt tăng âm và nghe bằng loa nhỏ hoặc tai nghe.",
    no_card: "   Không tìm thấy card âm thanh nào. Hãy cắm card (hoặc dây USB của card), rồi bấm Enter để tìm lại.
   Card vẫn không hiện thì gõ `loa devices` ở cửa sổ khác, hoặc gõ tên card tại đây. [Enter = tìm lại] ",
    card_silent: "   Card “virtual” không kêu. Muốn trạm chạy thử không tiếng thì gõ: loa setup --card virtual",
    card_heard: "   Có nghe thấy tiếng chuông không? [c = có, k = không] ",
    card_not_heard: "   Không nghe thấy: xem dây cắm, nút âm lượng của máy và của loa; hoặc thử card khác.",
    card_quiet: "   Đang là giờ yên tĩnh nên không phát thử. Muốn phát thử ngay thì gõ đủ chữ: phát",
    card_busy_station: "   Trạm đang phát hoặc sắp phát nên không phát thử lúc này.",
    quiet: "4. Giờ yên tĩnh. Trong giờ này trạm không kêu, dù lịch ghi thế nào; chỉ bản tin khẩn cấp có người ra lệnh mới được phát.",
    quiet_choices: [
        "21:00 đến 05:00, không giới hạn gì thêm",
        "21:00 đến 06:00, không giới hạn gì thêm",
        "21:00 đến 05:00; mỗi ngày 2 buổi, mỗi buổi 15 phút, thứ Hai đến thứ Sáu (như nội thành Hà Nội)",
        "21:00 đến 05:00; mỗi buổi nhiều nhất 45 phút (như ngoại thành Hà Nội)",
        "21:00 đến 05:00; mỗi ngày 2 buổi, mỗi buổi 60 phút (như Liên Chiểu, Đà Nẵng)",
    ],
    quiet_choose: "   Chọn số, hoặc gõ giờ, ví dụ 22:00-04:30",
    page: "5. Trang web của trạm: xem đang phát gì, sắp phát gì, in báo cáo, và nút DỪNG PHÁT NGAY.",
    page_choices: [
        "chỉ mở trên máy này, không cần mật khẩu; xem và dừng phát được",
        "chỉ mở trên máy này, thêm tài khoản để ra lệnh (phát ngay, bỏ một lượt, xác nhận giờ)",
        "mở được cả từ máy khác và điện thoại trong mạng của cơ quan; phải có tài khoản",
    ],
    choose: "   Chọn số",
    no_such_choice: "   Không có số này trong danh sách. Hãy gõ lại một số ở trên.",
    account: "   Tên đăng nhập của người kỹ thuật, được ghi vào nhật ký kèm mỗi lệnh",
    password: "   Mật khẩu, ít nhất 10 ký tự; nên là vài từ dễ nhớ. Gõ không hiện ra màn hình: ",
    password_again: "   Gõ lại mật khẩu lần nữa: ",
    passwords_differ: "   Hai lần gõ không giống nhau. Hãy gõ lại.",
    not_read: "   Không đọc được những chữ vừa gõ (có phím lạ). Hãy gõ lại.",
    keep: "giữ nguyên",
    account_needed: "   Mở ra mạng thì phải có tài khoản, kẻo ai cũng ra lệnh được.",
    yes_or_no: "   Hãy gõ c (có) hoặc k (không).",
    loudness: "Độ to. Mọi bản ghi được đưa về cùng một độ to; số càng gần 0 càng to, từ -30 đến -16. Loa ngoài trời nên để -16.
   Độ to (LUFS)",
    no_number: "   Đây không phải là số. Hãy gõ ví dụ -16",
    technician: "Người phụ trách kỹ thuật, ghi ở cuối mỗi phiếu báo để cơ quan gửi bài biết hỏi ai.\n   Họ tên",
    telephone: "   Điện thoại",
    review: "Xem lại trước khi ghi:",
    review_choose: "Ghi lại và làm tiếp? [Enter = ghi; gõ số = sửa mục đó; t = thoát, không ghi gì] ",
    standing: "Trạm đang được đặt như sau:",
    change: "Muốn đổi mục số mấy? [Enter = không đổi gì] ",
    nothing_changed: "Không có gì thay đổi.",
    broken_off: "Đã dừng. Không có gì được ghi, mọi thứ vẫn như cũ.",
    restart: "Thay đổi có tác dụng khi trạm khởi động lại, mất vài giây; mười phút tới không có lượt phát nào. Khởi động lại bây giờ? [Enter = có, k = để sau] ",
    restart_later: if cfg!(windows) { "Thay đổi có tác dụng từ lần khởi động sau. Khi trạm không phát, gõ: net stop loa & net start loa" } else { "Thay đổi có tác dụng từ lần khởi động sau. Khi trạm không phát, gõ: sudo systemctl restart loa" },
    runs: "Trạm đang chạy, và tự chạy mỗi khi bật máy.",
    runs_already: if cfg!(windows) { "Trạm đang chạy, và tự chạy mỗi khi bật máy. Muốn tắt hẳn thì gõ: sc config loa start= disabled & net stop loa" } else { "Trạm đang chạy, và tự chạy mỗi khi bật máy. Muốn tắt hẳn thì gõ: sudo systemctl disable --now loa" },
    service: "Cho trạm tự chạy mỗi khi bật máy, và chạy ngay bây giờ? [Enter = có, k = không] ",
    first_cue: "Phát thử ngày cài đặt",
};
