//! The hand-over sheet (*Phiếu bàn giao*): what a successor must know of a station, on two sheets of A4. Owns the wording, the
//! daily look, and which five things go wrong with their remedies; the facts are the station's own.

use super::Language::{self, En, Vi};
use super::pages;
use super::terms::{capital, clock_time, length, short_date, tenths, time_of_day};
use crate::core::handover::{Amplifier, Handover, MOST_ROWS, Regular};
use crate::core::limits::{Limits, OnHolidays};
use crate::core::paper::{Paper, Part};

/// The sheet.
pub fn paper(language: Language, facts: &Handover) -> Paper {
    let sheet = Sheet { language, facts };
    let mut parts = vec![Part::Text(sheet.opening())];
    parts.extend(sheet.station());
    parts.extend(sheet.places());
    parts.extend(sheet.people());
    parts.extend(sheet.week());
    parts.extend(sheet.daily_look());
    parts.extend(sheet.troubles());
    parts.extend(sheet.end());
    let title = sheet.pick("PHIẾU BÀN GIAO TRẠM TRUYỀN THANH", "HAND-OVER SHEET OF A RADIO STATION");
    Paper { language, title: format!("{title}: {}", facts.name), stamp: None, parts, renewed: None }
}

struct Sheet<'h> {
    language: Language,
    facts: &'h Handover,
}

impl Sheet<'_> {
    fn pick<'t>(&self, vi: &'t str, en: &'t str) -> &'t str {
        if self.language == Vi { vi } else { en }
    }

    fn heading(&self, vi: &str, en: &str) -> Part {
        Part::Heading(self.pick(vi, en).to_owned())
    }

    fn fact(&self, vi: &str, en: &str, what: impl Into<String>) -> (String, String) {
        (self.pick(vi, en).to_owned(), what.into())
    }

    fn opening(&self) -> String {
        let (day, place) = (short_date(self.facts.day), self.facts.place.as_deref());
        let place = place.map(|place| format!("{place}, ")).unwrap_or_default();
        let sample = match (self.facts.sample, self.language) {
            (false, _) => "",
            (true, Vi) => " Đây là trạm mẫu, không tính vào báo cáo.",
            (true, En) => " This is a sample station, which no report counts.",
        };
        match self.language {
            Vi => format!(
                "{place}ngày {day}. Phiếu do lệnh `loa handover` lập từ cấu hình và nhật ký của trạm; không chứa mật khẩu.{sample}"
            ),
            En => format!(
                "{place}{day}. Made by `loa handover` from the station's own configuration and journal; it holds no password.{sample}"
            ),
        }
    }

    fn station(&self) -> [Part; 2] {
        let facts = self.facts;
        let language = self.language;
        let mut rows = vec![self.fact("Trạm", "Station", format!("{} ({})", facts.name, facts.id))];
        rows.extend(
            facts.superior.as_ref().map(|superior| self.fact("Cơ quan chủ quản", "Body above it", superior)),
        );
        rows.push(self.fact(
            "Múi giờ; phiên bản",
            "Time zone; version",
            format!("{}; Loa {}", facts.zone, facts.program),
        ));
        rows.push(self.fact("Card âm thanh", "Sound card", facts.cards.join(", ")));
        let loudness = facts.loudness.map_or_else(
            || self.pick("như bản ghi", "as recorded").to_owned(),
            |lufs| format!("{} LUFS", tenths(language, lufs)),
        );
        rows.push(self.fact("Độ to", "Loudness", loudness));
        let amplifier = match &facts.amplifier {
            Amplifier::ByHand => {
                self.pick("bật, tắt bằng tay hoặc bật suốt", "switched by hand, or always on").to_owned()
            }
            Amplifier::Switched { before, after } => {
                let (before, after) = (length(language, *before), length(language, *after));
                match language {
                    Vi => format!("Loa tự bật trước {before}, tắt sau {after}"),
                    En => format!("Loa switches it on {before} before and off {after} after"),
                }
            }
        };
        rows.push(self.fact("Tăng âm", "Amplifier", amplifier));
        let quiet = facts.quiet.span().map_or_else(
            || self.pick("không có", "none").to_owned(),
            |(from, until)| format!("{}–{}", time_of_day(from), time_of_day(until)),
        );
        rows.push(self.fact("Giờ yên tĩnh", "Quiet hours", quiet));
        rows.push(self.fact("Giới hạn phát", "Limits", self.limits(&facts.limits)));
        let approval = match facts.approval {
            true => self.pick(
                "phải duyệt bằng `loa approve` hoặc trên trang web",
                "by `loa approve` or on the pages",
            ),
            false => self.pick("lịch tự ghi người duyệt", "a schedule names its approver itself"),
        };
        rows.push(self.fact("Duyệt lịch phát", "Approval of schedules", approval));
        [self.heading("1. Trạm", "1. The station"), Part::Facts(rows)]
    }

    fn limits(&self, limits: &Limits) -> String {
        let language = self.language;
        let mut said = Vec::new();
        if let Some(most) = limits.sessions {
            said.push(match language {
                Vi => format!("nhiều nhất {most} buổi mỗi ngày"),
                En => format!("at most {most} sessions a day"),
            });
        }
        if let Some(most) = limits.session {
            let most = length(language, most);
            said.push(match language {
                Vi => format!("mỗi buổi không quá {most}"),
                En => format!("a session of at most {most}"),
            });
        }
        if let Some(most) = limits.day {
            let most = length(language, most);
            said.push(match language {
                Vi => format!("mỗi ngày không quá {most}"),
                En => format!("at most {most} a day"),
            });
        }
        if limits.weekdays != Limits::default().weekdays {
            said.push(self.pick("chỉ một số ngày trong tuần", "on some weekdays alone").to_owned());
        }
        if limits.holidays == OnHolidays::Silent {
            said.push(self.pick("không phát ngày lễ", "silent on holidays").to_owned());
        }
        for span in limits.no_music.iter().filter_map(|span| span.span()) {
            let span = format!("{}–{}", time_of_day(span.0), time_of_day(span.1));
            said.push(match language {
                Vi => format!("không nhạc {span}"),
                En => format!("no music {span}"),
            });
        }
        if said.is_empty() { self.pick("không", "none").to_owned() } else { said.join("; ") }
    }

    fn places(&self) -> [Part; 2] {
        let place = &self.facts.where_is;
        let page = place.page.clone().unwrap_or_else(|| self.pick("không mở", "not served").to_owned());
        let kept = place.kept;
        let newest = place.newest_backup.map(short_date);
        let backups = match (self.language, newest) {
            (Vi, Some(day)) => format!("{} (mới nhất {day}, giữ {kept} bản)", place.backups),
            (En, Some(day)) => format!("{} (the newest of {day}, {kept} are kept)", place.backups),
            (Vi, None) => format!("{} (CHƯA có bản nào)", place.backups),
            (En, None) => format!("{} (there is NONE yet)", place.backups),
        };
        let mut rows = vec![
            self.fact("Cấu hình", "Configuration", &place.config),
            self.fact("Lịch phát", "Schedules", &place.schedules),
            self.fact("Bản ghi âm", "Recordings", &place.audio),
            self.fact("Hộp nhận tệp", "Inbox", &place.inbox),
            self.fact("Nhật ký, trạng thái", "Journal, state", &place.state),
            self.fact("Trang web của trạm", "The station's pages", page),
        ];
        rows.extend(place.certificate.as_ref().map(|file| {
            self.fact(
                "Chứng thư https",
                "Certificate (https)",
                match self.language {
                    Vi => format!("{file}; hết hạn ngày ……/……/…………"),
                    En => format!("{file}; it expires on ……………………"),
                },
            )
        }));
        rows.push(self.fact("Sao lưu nhật ký", "Backups of the journal", backups));
        rows.push(self.fact(
            "Sao lưu cả trạm",
            "Backup of the station",
            self.pick(
                "`sudo loa backup TỆP` mỗi tháng, cất ở ổ đĩa khác: ………………",
                "`sudo loa backup FILE` each month, kept on another disk: ………………",
            ),
        ));
        [self.heading("2. Cái gì ở đâu", "2. Where things are"), Part::Facts(rows)]
    }

    fn people(&self) -> [Part; 2] {
        let facts = self.facts;
        let blank = "………………………………";
        let technician = [&facts.technician, &facts.telephone].map(|text| text.as_deref().unwrap_or(blank));
        let mut rows =
            vec![self.fact("Kỹ thuật, điện thoại", "Technician, telephone", technician.join(", "))];
        rows.push(self.fact("Điện lực; nhà mạng", "Electricity; network", format!("{blank}; {blank}")));
        rows.extend(
            facts.receiver.as_ref().map(|receiver| self.fact("Nơi nhận báo cáo", "Reports go to", receiver)),
        );
        if !facts.offices.is_empty() {
            rows.push(self.fact("Cơ quan gửi bài", "Offices that send", facts.offices.join(", ")));
        }
        let accounts = facts
            .accounts
            .iter()
            .map(|(name, role)| format!("{name} ({})", pages::role(self.language, *role)));
        let accounts = accounts.collect::<Vec<_>>().join(", ");
        let none = self.pick("chưa có ai", "nobody yet");
        rows.push(self.fact("Tài khoản", "Accounts", if accounts.is_empty() { none } else { &accounts }));
        let mut told = facts.told.clone();
        told.extend(
            facts.webhook.then(|| self.pick("một hệ thống giám sát", "a monitoring system").to_owned()),
        );
        let told = told.join(", ");
        rows.push(self.fact(
            "Nhận cảnh báo từ xa",
            "Told of alarms",
            if told.is_empty() { none } else { &told },
        ));
        [self.heading("3. Gọi cho ai", "3. Whom to call"), Part::Facts(rows)]
    }

    fn week(&self) -> Vec<Part> {
        let week = &self.facts.week;
        let heading = self.heading("4. Tuần này phát gì", "4. What airs in this week");
        if week.is_empty() {
            let nothing =
                self.pick("Bảy ngày tới không có lượt phát nào.", "Nothing airs in the next seven days.");
            return vec![heading, Part::Text(nothing.into())];
        }
        let headings = [("Giờ", "Time"), ("Ngày", "Days"), ("Chương trình", "Programme")];
        let row = |regular: &Regular| {
            vec![time_of_day(regular.time), self.days(regular.days), regular.title.clone()]
        };
        let mut parts = vec![
            heading,
            Part::Table {
                headings: headings.iter().map(|(vi, en)| self.pick(vi, en).to_owned()).collect(),
                rows: week.iter().take(MOST_ROWS).map(row).collect(),
            },
        ];
        let more = week.len().saturating_sub(MOST_ROWS);
        if more > 0 {
            parts.push(Part::Text(match self.language {
                Vi => format!("… và {more} mục nữa: xem `loa rundown --days 7`."),
                En => format!("… and {more} more: see `loa rundown --days 7`."),
            }));
        }
        parts
    }

    fn days(&self, days: [bool; 7]) -> String {
        const VI: [&str; 7] = ["T2", "T3", "T4", "T5", "T6", "T7", "CN"];
        const EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let names = if self.language == Vi { VI } else { EN };
        match days {
            [true, true, true, true, true, true, true] => self.pick("hằng ngày", "daily").to_owned(),
            [true, true, true, true, true, false, false] => format!("{}–{}", names[0], names[4]),
            _ => {
                let named = names.iter().zip(days).filter(|(_, airs)| *airs).map(|(name, _)| *name);
                named.collect::<Vec<_>>().join(", ")
            }
        }
    }

    fn daily_look(&self) -> Vec<Part> {
        let page = self.facts.where_is.page.clone().unwrap_or_else(|| "`loa status`".to_owned());
        let items: Vec<String> = match self.language {
            Vi => vec![
                format!("Mở {page}: không có khung đỏ và không có cảnh báo; giờ trên trang phải đúng giờ thật."),
                "Xem lượt phát gần nhất: “đã phát”. Lượt nào không phát thì trang ghi rõ lý do.".into(),
                "Nghe một chương trình ở ít nhất một cụm loa: máy tính không biết loa ngoài có kêu hay không.".into(),
                "Xem hộp nhận tệp: có tệp bị trả lại hay lịch chờ duyệt không; có tệp `CẢNH BÁO.txt` thì đọc và làm theo.".into(),
            ],
            En => vec![
                format!("Open {page}: there is no red frame and no alarm, and the time on the page is the real time."),
                "Look at the latest airing: aired. Of one that was not, the page says why.".into(),
                "Listen to a programme at one loudspeaker at least: the PC does not know whether those outside sound.".into(),
                "Look into the inbox: was a file returned, does a schedule wait? If there is `ALARM.txt`, read it and do what it says."
                    .into(),
            ],
        };
        let stop = self.pick(
            "Cần dừng ngay: bấm DỪNG PHÁT NGAY trên trang web ở máy của trạm, hoặc chạy `loa stop`, hoặc tắt tăng âm.",
            "To stop at once: press STOP NOW on the pages at the station's PC, or run `loa stop`, or switch off the amplifier.",
        );
        vec![
            self.heading("5. Mỗi ngày xem", "5. The daily look"),
            Part::List(items),
            Part::Warning(stop.to_owned()),
        ]
    }

    fn troubles(&self) -> [Part; 2] {
        let card = self.facts.cards.first().map(String::as_str).unwrap_or_default();
        let rows: [[String; 2]; 5] = match self.language {
            Vi => [
                [
                    "Không có tiếng".into(),
                    format!(
                        "Xem tăng âm có bật, dây và âm lượng. Trang ghi mất card thì cắm lại `{card}`, đóng chương trình khác đang dùng; \
                         `loa doctor` chỉ chỗ sai. Loa tự phát tiếp khi card có lại."
                    ),
                ],
                [
                    "“Đồng hồ chưa tin được”: trạm không phát".into(),
                    "So giờ trên màn hình với giờ thật. Đúng: bấm xác nhận trên trang hoặc `loa clock confirm`. Sai: chỉnh giờ máy trước. \
                     Hay gặp sau khi mất điện mà không có mạng: thay pin đồng hồ của máy."
                        .into(),
                ],
                [
                    "Tệp gửi bị trả lại, lịch không phát".into(),
                    "Đọc phiếu trong `Phiếu báo`: phiếu ghi chỗ sai và cách sửa. Chép lại tệp đã sửa vào hộp nhận tệp; lịch chờ duyệt \
                     thì duyệt. `loa check` kể mọi chỗ sai."
                        .into(),
                ],
                [
                    "Mất điện, máy tính không lên hoặc hỏng".into(),
                    "Có điện thì máy phải tự bật (mục “AC power” trong BIOS) và Loa tự chạy: `loa status`. Không chạy: \
                     `sudo systemctl restart loa`. Máy hỏng: cài Loa trên máy khác, `sudo loa restore TỆP`."
                        .into(),
                ],
                [
                    "Ổ đĩa đầy, nhật ký hỏng".into(),
                    "Trạm vẫn phát. Xóa bớt tệp không dùng (không xóa gì trong thư mục trạng thái). Nhật ký hỏng: khởi động lại trạm khi \
                     không phát, Loa tự khôi phục; rồi chạy `loa verify` và thay ổ đĩa."
                        .into(),
                ],
            ],
            En => [
                [
                    "No sound".into(),
                    format!(
                        "See whether the amplifier is on, the cable, the volume. Where the page says that the card is lost, plug \
                         `{card}` in again and close what else uses it; `loa doctor` says what is wrong. Loa goes on when it is back."
                    ),
                ],
                [
                    "“The clock is not trusted”: nothing airs".into(),
                    "Compare the time on the screen with the real time. Right: confirm it on the page or by `loa clock confirm`. Wrong: \
                     set it first. Usual after a power cut without a network: replace the PC's clock battery."
                        .into(),
                ],
                [
                    "A drop is returned, a schedule does not air".into(),
                    "Read the receipt in `Receipts`: it says what is wrong and how to mend it. Copy the mended file into the inbox; \
                     approve a schedule that waits. `loa check` tells all that is wrong."
                        .into(),
                ],
                [
                    "Power cut; the PC does not start or is broken".into(),
                    "With the power back the PC must start by itself (“AC power” in the BIOS), and Loa with it: `loa status`. If it does \
                     not: `sudo systemctl restart loa`. A broken PC: install Loa on another, `sudo loa restore FILE`."
                        .into(),
                ],
                [
                    "The disk is full, the journal damaged".into(),
                    "The station airs on. Delete files that nobody needs (nothing in the folder of the state). A damaged journal: start \
                     the station again when nothing airs, and it restores it; then run `loa verify` and replace the disk."
                        .into(),
                ],
            ],
        };
        let headings = [("Sự cố", "What goes wrong"), ("Cách xử lý", "Remedy")];
        [
            self.heading("6. Năm sự cố hay gặp", "6. Five things that go wrong"),
            Part::Table {
                headings: headings.iter().map(|(vi, en)| self.pick(vi, en).to_owned()).collect(),
                rows: rows.into_iter().map(Vec::from).collect(),
            },
        ]
    }

    fn end(&self) -> Vec<Part> {
        let facts = self.facts;
        let mut rows = Vec::new();
        rows.extend(facts.last_aired.as_ref().map(|(at, title)| {
            let day = short_date(at.with_timezone(&facts.zone).date_naive());
            let at = clock_time(facts.zone, *at);
            self.fact("Phát trọn vẹn gần nhất", "Last aired whole", format!("{at} {day}, {title}"))
        }));
        rows.extend(facts.head.as_ref().map(|head| {
            self.fact("Mã đối chứng nhật ký", "Head of the journal", format!("{}:{}", head.seq, head.hash))
        }));
        let handed = self.pick(
            "Đã bàn giao: tài khoản và mật khẩu của máy, mật khẩu trang web (người nhận đổi ngay bằng `loa user add`), chìa khóa, bản sao lưu.",
            "Handed over: the PC's account and password, the password of the pages (to be changed at once by `loa user add`), the keys, \
             the backup.",
        );
        let how = self.pick("(ký, ghi rõ họ tên)", "(signature, full name)").to_owned();
        let signs = [("NGƯỜI GIAO", "HANDED OVER BY"), ("NGƯỜI NHẬN", "TAKEN OVER BY")];
        vec![
            self.heading("7. Bàn giao", "7. Handing over"),
            Part::Facts(rows),
            Part::Text(handed.to_owned()),
            Part::Signatures(signs.map(|(vi, en)| (self.pick(vi, en).to_owned(), how.clone())).to_vec()),
        ]
    }
}

/// A sheet was written.
pub fn written(language: Language, file: &str) -> String {
    match language {
        Vi => capital(&format!("đã lập “{file}”: mở bằng trình duyệt và in ra giấy A4")),
        En => format!("Wrote `{file}`: open it in a browser and print it on A4"),
    }
}
