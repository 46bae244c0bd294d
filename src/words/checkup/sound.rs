//! Findings about cards, their mixer and who else plays on them, in words.

use super::{Said, fine, mend};
use crate::core::card::NotOpened;
use crate::core::checkup::{Mixer, Sound};
use crate::words::Language::{self, En, Vi};
use crate::words::cards;

pub(super) fn said(language: Language, found: &Sound) -> Said {
    match (language, found) {
        (Vi, Sound::Opens { card, rate }) => fine(format!("{card} mở được, {rate} Hz")),
        (En, Sound::Opens { card, rate }) => fine(format!("{card} opens, {rate} Hz")),
        (Vi, Sound::Open { device }) => fine(format!("trạm đang mở {device}")),
        (En, Sound::Open { device }) => fine(format!("the station has {device} open")),
        (Vi, Sound::Closed) => fine("đang đóng, trạm sẽ mở trước lượt phát kế tiếp"),
        (En, Sound::Closed) => fine("closed; the station opens it before the next cue"),
        (language, Sound::Fails { card, found: found @ NotOpened::InUse { program }, instead }) => {
            let said = cards::not_opened(language, found);
            let let_go = cards::let_go(language, program.as_deref());
            let let_go = match language {
                Vi => format!("{let_go}; rồi kiểm tra lại"),
                En => format!("{let_go}; then check again"),
            };
            match (language, instead) {
                (Vi, None) => mend(format!("không mở được {card}: {said}"), let_go),
                (En, None) => mend(format!("{card} cannot be opened: {said}"), let_go),
                (Vi, Some(other)) => {
                    mend(format!("không mở được {card}: {said}; trạm dùng {other} thay thế"), let_go)
                }
                (En, Some(other)) => {
                    mend(format!("{card} cannot be opened: {said}; {other} takes its place"), let_go)
                }
            }
        }
        (Vi, Sound::Fails { card, found, instead: None }) => mend(
            format!("không mở được {card}: {}", cards::not_opened(Vi, found)),
            "hãy cắm lại card, tắt chương trình đang chiếm card, rồi xem `loa devices` và sửa `output.cards` trong \
             config/station.toml",
        ),
        (En, Sound::Fails { card, found, instead: None }) => mend(
            format!("{card} cannot be opened: {}", cards::not_opened(En, found)),
            "plug the card in again, close the program that has it, then see `loa devices` and mend `output.cards` in \
             config/station.toml",
        ),
        (Vi, Sound::Fails { card, found, instead: Some(other) }) => mend(
            format!("không mở được {card}: {}; trạm dùng {other} thay thế", cards::not_opened(Vi, found)),
            "hãy cắm lại card này, hoặc bỏ nó khỏi `output.cards` nếu không còn dùng",
        ),
        (En, Sound::Fails { card, found, instead: Some(other) }) => mend(
            format!("{card} cannot be opened: {}; {other} takes its place", cards::not_opened(En, found)),
            "plug this card in again, or take it out of `output.cards` if it is not used any more",
        ),
        (Vi, Sound::OnlyVirtual) => mend(
            "cấu hình chỉ có card ảo: loa ngoài không phát ra tiếng, mọi lượt phát chỉ là phát thử",
            "hãy xem `loa devices` và ghi card thật vào đầu `output.cards` trong config/station.toml",
        ),
        (En, Sound::OnlyVirtual) => mend(
            "the config lists only the virtual card: nothing is heard, and all that airs is a test",
            "see `loa devices` and put the real card first into `output.cards` of config/station.toml",
        ),
        (Vi, Sound::Level { card, control, percent, mixer }) => {
            let found = format!("{card}: “{control}” ở mức {percent} %");
            mend(found, format!("hãy chỉnh lên gần 100 % bằng {}", way(Vi, *mixer)))
        }
        (En, Sound::Level { card, control, percent, mixer }) => {
            let found = format!("{card}: “{control}” is at {percent} %");
            mend(found, format!("turn it up to near 100 % with {}", way(En, *mixer)))
        }
        (Vi, Sound::Muted { card, control, mixer }) => mend(
            format!("{card}: “{control}” đang tắt tiếng"),
            format!("hãy bật tiếng bằng {}", way(Vi, *mixer)),
        ),
        (En, Sound::Muted { card, control, mixer }) => {
            mend(format!("{card}: “{control}” is muted"), format!("unmute it with {}", way(En, *mixer)))
        }
        (Vi, Sound::LoaMuted) => mend(
            "tiếng của Loa đang bị tắt riêng trong máy chủ âm thanh",
            "hãy mở `pavucontrol`, thẻ “Playback”, và bật tiếng cho loa",
        ),
        (En, Sound::LoaMuted) => mend(
            "Loa itself is muted in the sound server",
            "open `pavucontrol`, tab “Playback”, and unmute loa",
        ),
        (Vi, Sound::NoMixer { card, mixer }) => mend(
            format!("không biết âm lượng của {card}: máy chưa cài `{}`", mixer.program()),
            format!("hãy chạy `sudo apt install {}` rồi kiểm tra lại", mixer.package()),
        ),
        (En, Sound::NoMixer { card, mixer }) => mend(
            format!("how loud {card} is set is not known: `{}` is not installed", mixer.program()),
            format!("run `sudo apt install {}` and check again", mixer.package()),
        ),
        (Vi, Sound::MixerUnknown { card, found }) => mend(
            format!("không biết âm lượng của {card}: {found}"),
            "hãy mở bảng chỉnh âm lượng của máy để xem có tắt tiếng không; nếu không thấy card thì xử lý card trước",
        ),
        (En, Sound::MixerUnknown { card, found }) => mend(
            format!("how loud {card} is set is not known: {found}"),
            "look into the volume settings of the machine; if the card is not there, see to the card first",
        ),
        (Vi, Sound::MixerUnknownHere { card }) => mend(
            format!("không biết âm lượng của {card} trên hệ điều hành này"),
            "hãy mở bảng chỉnh âm lượng của máy để xem có tắt tiếng không",
        ),
        (En, Sound::MixerUnknownHere { card }) => mend(
            format!("how loud {card} is set is not known on this system"),
            "look into the volume settings of the machine",
        ),
        (Vi, Sound::Alone) => fine("không có chương trình nào khác dùng card của trạm"),
        (En, Sound::Alone) => fine("nobody else plays on the station's cards"),
        (Vi, Sound::Shared { card, program, process }) => mend(
            format!("{}{} đang dùng {card}", named(Vi, program), number(Vi, *process)),
            "hãy tắt chương trình đó: tiếng của nó sẽ lẫn vào loa ngoài, hoặc nó chiếm mất card",
        ),
        (En, Sound::Shared { card, program, process }) => mend(
            format!("{}{} plays on {card}", named(En, program), number(En, *process)),
            "close it: it is heard over the loudspeakers, or keeps the card from the station",
        ),
        (Vi, Sound::OtherStation { process }) => mend(
            format!("một trạm Loa khác cũng đang chạy trên máy này (tiến trình {process})"),
            "mỗi máy chỉ nên có một trạm; hãy tắt trạm không dùng",
        ),
        (En, Sound::OtherStation { process }) => mend(
            format!("another Loa runs on this machine (process {process})"),
            "a machine should have one station; end the one that is not used",
        ),
        (Vi, Sound::ProgramsUnknown) => mend(
            "không biết có chương trình nào khác đang dùng card",
            "hãy tắt trình duyệt, trình nghe nhạc và các chương trình có âm thanh khác trên máy",
        ),
        (En, Sound::ProgramsUnknown) => mend(
            "who else plays on the cards is not known",
            "close browsers, players and whatever else makes sounds on this machine",
        ),
    }
}

/// Where the mixer is turned.
fn way(language: Language, mixer: Mixer) -> &'static str {
    match (language, mixer) {
        (Vi, Mixer::Pactl) => "bảng chỉnh âm lượng của máy hoặc `pavucontrol`",
        (En, Mixer::Pactl) => "the volume settings of the desktop or `pavucontrol`",
        (Vi, Mixer::Amixer) => "`alsamixer` (phím M bật hoặc tắt tiếng), rồi `sudo alsactl store` để giữ lại",
        (En, Mixer::Amixer) => "`alsamixer` (M mutes and unmutes), then `sudo alsactl store` to keep it",
    }
}

fn named(language: Language, program: &str) -> String {
    match (language, program) {
        (Vi, "") => "một chương trình khác".into(),
        (En, "") => "another program".into(),
        (_, name) => format!("“{name}”"),
    }
}

fn number(language: Language, process: Option<u32>) -> String {
    match (language, process) {
        (_, None) => String::new(),
        (Vi, Some(process)) => format!(" (tiến trình {process})"),
        (En, Some(process)) => format!(" (process {process})"),
    }
}
