//! What people write into the record by hand: an airing that Loa did not make, a note on one that it did, that a period was
//! reviewed. Owns what such a writing must hold; nothing that was recorded is ever changed by it.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::airing::AiringId;
use super::fault::closest;

/// The longest airing that can be written in: six hours, as long as the longest relay.
pub const LONGEST_ENTERED: Duration = Duration::from_secs(6 * 3600);
/// The longest text of a title, a name or a note, in letters.
pub const LONGEST_TEXT: usize = 500;
/// How far back an airing can be written in: the year of the report before is still open.
pub const FURTHEST_BACK: TimeDelta = TimeDelta::days(400);

/// An airing that a person writes in: a village head who reads, a live talk. Never shown as measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entered {
    /// Its number.
    pub airing: AiringId,
    /// What it was.
    pub title: String,
    /// When it began, by whoever writes.
    pub started: DateTime<Utc>,
    /// How long it was.
    pub length: Duration,
    /// Its kind: tin, bai, thong-bao …
    pub kind: String,
    /// Its theme.
    pub topic: Option<String>,
    /// Why it is written in by hand.
    pub why: String,
    /// Who writes.
    pub by: String,
    /// The account that it was written by, where that is known; `by` is whom it names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account: String,
}

/// A note on an airing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AiringNote {
    /// The airing.
    pub airing: AiringId,
    /// The note.
    pub text: String,
    /// Who writes.
    pub by: String,
    /// The account that it was written by, where that is known; `by` is whom it names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account: String,
}

/// That a period was reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Its first civil day.
    pub from: NaiveDate,
    /// Its last.
    pub to: NaiveDate,
    /// A remark; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Who reviewed it.
    pub by: String,
    /// The account that it was written by, where that is known; `by` is whom it names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account: String,
}

/// A review as it stands in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotedReview {
    /// When it was written down.
    pub at: DateTime<Utc>,
    /// What it says.
    pub reviewed: Reviewed,
    /// So many airings and notes were written by hand into the asked span since.
    pub later: u64,
}

/// That an airing which a person had written in is taken back; it stays in the record, and counts no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// The airing.
    pub airing: AiringId,
    /// Why.
    pub why: String,
    /// Who takes it back.
    pub by: String,
    /// The account that it was written by, where that is known; `by` is whom it names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account: String,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "hand", rename_all = "snake_case")]
pub enum Handwritten {
    /// An airing; its number is given by the station.
    Airing(Entered),
    /// A note.
    Note(AiringNote),
    /// A review.
    Review(Reviewed),
    /// An airing that was written in is taken back.
    TakeBack(TakenBack),
}

/// Why it is not taken. `Display` is the English, with the remedy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum HandFault {
    /// A text that must be there is empty.
    #[error("`{what}` is empty; say it in a few words")]
    Empty {
        /// Which.
        what: Text,
    },
    /// A text is longer than anybody reads.
    #[error("`{what}` has {found} letters, expected at most {LONGEST_TEXT}; shorten it")]
    TooLong {
        /// Which.
        what: Text,
        /// How many.
        found: usize,
    },
    /// It would not be over yet, or lies too far back.
    #[error("it would have ended at {ended}, expected a time of the last {} days; mend date and time", FURTHEST_BACK.num_days())]
    BadTime {
        /// Its end.
        ended: DateTime<Utc>,
    },
    /// No length, or too long.
    #[error("its length is {} s, expected 1 s to {} h; mend the length", found.as_secs(), LONGEST_ENTERED.as_secs() / 3600)]
    BadLength {
        /// As given.
        found: Duration,
    },
    /// A theme that the list does not have.
    #[error("`{found}` is not in the station's list of themes (config/themes.toml){}", closest.as_ref().map(|id| format!("; did you mean `{id}`?")).unwrap_or_default())]
    UnknownTheme {
        /// As given.
        found: String,
        /// The one that comes closest.
        closest: Option<String>,
    },
    /// No airing has that number.
    #[error("no airing has the number {airing}; `loa airings --json` shows them")]
    NoSuchAiring {
        /// As given.
        airing: AiringId,
    },
    /// Only what a person wrote in can be taken back, once.
    #[error(
        "airing {airing} was not written in by hand, or is taken back already; a note can be written on any airing"
    )]
    NotByHand {
        /// As given.
        airing: AiringId,
    },
    /// The same airing stands there already.
    #[error("airing {airing} has the same start and title; see `loa airings`")]
    Twice {
        /// The one that is there.
        airing: AiringId,
    },
    /// A text holds what no line of a form can.
    #[error("`{what}` holds a line break, a tab or a sign that cannot be shown; write it in one line")]
    NoLine {
        /// Which.
        what: Text,
    },
    /// A period cannot be reviewed before it is over.
    #[error("the period ends on {to} and is not over; review it then")]
    NotOver {
        /// Its last day.
        to: NaiveDate,
    },
}

/// The texts of a writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Text {
    /// What aired.
    Title,
    /// Why it is written in.
    Why,
    /// The note, or the remark of a review.
    Note,
    /// Who writes.
    By,
    /// What kind of programme.
    Kind,
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Text::Title => "title",
            Text::Why => "why",
            Text::Note => "note",
            Text::By => "by",
            Text::Kind => "kind",
        })
    }
}

impl Handwritten {
    /// What is wrong with it by itself; `themes` are the ids of the station's list, `today` is the station's civil day.
    pub fn fault(&self, now: DateTime<Utc>, today: NaiveDate, themes: &[&str]) -> Option<HandFault> {
        match self {
            Handwritten::Airing(entered) => {
                let texts = [
                    (Text::Title, &entered.title),
                    (Text::Why, &entered.why),
                    (Text::By, &entered.by),
                    (Text::Kind, &entered.kind),
                ];
                texts
                    .into_iter()
                    .find_map(|(what, text)| needed(what, text))
                    .or_else(|| entered.fault(now, themes))
            }
            Handwritten::Note(noted) => {
                needed(Text::Note, &noted.text).or_else(|| needed(Text::By, &noted.by))
            }
            Handwritten::TakeBack(back) => {
                needed(Text::Why, &back.why).or_else(|| needed(Text::By, &back.by))
            }
            Handwritten::Review(reviewed) => {
                let running = (reviewed.to >= today).then_some(HandFault::NotOver { to: reviewed.to });
                needed(Text::By, &reviewed.by).or_else(|| short(Text::Note, &reviewed.text)).or(running)
            }
        }
    }
}

impl Entered {
    fn fault(&self, now: DateTime<Utc>, themes: &[&str]) -> Option<HandFault> {
        if self.length < Duration::from_secs(1) || self.length > LONGEST_ENTERED {
            return Some(HandFault::BadLength { found: self.length });
        }
        let length = TimeDelta::from_std(self.length).unwrap_or_default();
        let ended = self.started.checked_add_signed(length).unwrap_or(self.started);
        if ended > now || ended < now - FURTHEST_BACK {
            return Some(HandFault::BadTime { ended });
        }
        let unknown = self.topic.as_deref().filter(|topic| !themes.contains(topic));
        unknown.map(|found| HandFault::UnknownTheme {
            found: found.chars().take(60).collect(),
            closest: closest(found, themes.iter().copied()).map(str::to_owned),
        })
    }
}

fn needed(what: Text, text: &str) -> Option<HandFault> {
    if text.trim().is_empty() { Some(HandFault::Empty { what }) } else { short(what, text) }
}

fn short(what: Text, text: &str) -> Option<HandFault> {
    let found = text.chars().count();
    if text.chars().any(char::is_control) {
        return Some(HandFault::NoLine { what });
    }
    (found > LONGEST_TEXT).then_some(HandFault::TooLong { what, found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_writing_is_told() {
        let now: DateTime<Utc> = "2026-11-24T03:00:00Z".parse().unwrap();
        let today = now.date_naive();
        let right = Entered {
            airing: AiringId(0),
            title: "Trưởng thôn đọc thông báo".into(),
            started: now - TimeDelta::hours(2),
            length: Duration::from_secs(600),
            kind: "thong-bao".into(),
            topic: Some("dich-vu-cong".into()),
            why: "mất điện, đọc trực tiếp".into(),
            by: "Nguyễn Văn Bình".into(),
            account: String::new(),
        };
        let told = |change: &dyn Fn(&mut Entered)| {
            let mut entered = right.clone();
            change(&mut entered);
            Handwritten::Airing(entered).fault(now, today, &["dich-vu-cong"])
        };
        assert_eq!(told(&|_| ()), None);
        assert_eq!(told(&|one| one.why = " ".into()), Some(HandFault::Empty { what: Text::Why }));
        assert_eq!(
            told(&|one| one.title = "ế".repeat(501)),
            Some(HandFault::TooLong { what: Text::Title, found: 501 })
        );
        assert_eq!(told(&|one| one.why = "a\tb".into()), Some(HandFault::NoLine { what: Text::Why }));
        assert_eq!(told(&|one| one.kind = String::new()), Some(HandFault::Empty { what: Text::Kind }));
        assert!(matches!(told(&|one| one.started = now), Some(HandFault::BadTime { .. })));
        assert!(matches!(told(&|one| one.started -= TimeDelta::days(500)), Some(HandFault::BadTime { .. })));
        assert!(matches!(
            told(&|one| one.started = DateTime::<Utc>::MAX_UTC),
            Some(HandFault::BadTime { .. })
        ));
        assert!(matches!(told(&|one| one.length = Duration::ZERO), Some(HandFault::BadLength { .. })));
        assert!(matches!(told(&|one| one.length = Duration::MAX), Some(HandFault::BadLength { .. })));
        assert_eq!(
            told(&|one| one.topic = Some("dich-vu-kong".into())),
            Some(HandFault::UnknownTheme {
                found: "dich-vu-kong".into(),
                closest: Some("dich-vu-cong".into())
            })
        );
        let review = |to: NaiveDate| {
            Handwritten::Review(Reviewed {
                from: to,
                to,
                text: String::new(),
                by: "An".into(),
                account: String::new(),
            })
            .fault(now, today, &[])
        };
        assert_eq!(review(today), Some(HandFault::NotOver { to: today }));
        assert_eq!(review(today.pred_opt().unwrap()), None);
    }
}
