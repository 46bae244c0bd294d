//! A schedule from its text: every fault told at once, with its line, or the schedule as a value. Owns the keys of the
//! file and what they must be; never looks at the recordings or at other schedules, that is [`super::against`].
//!
//! A text that was read without errors once reads without errors for ever, and means the same: the journal keeps
//! versions as text. So nothing that may change elsewhere (themes, holidays, recordings, the zone) is more than a
//! notice, and days are looked up in civil time alone.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;
use toml::de::DeTable;

use super::{CartNote, Play, Schedule, Slot};
use crate::core::airing::{ScheduleId, SlotId};
use crate::core::cart::CartName;
use crate::core::document::{At, Fields, Key, Sheet};
use crate::core::fault::{Fault, Flaw, Located, Severity, clip, closest};
use crate::core::pattern::Day;

mod change;
mod slot;

/// The most slots of a schedule: 20,000. A year has fewer programmes; a file with more is a mistake, and would only
/// cost the station its time.
pub const MOST_SLOTS: usize = 20_000;

/// The most cues that the slots of a schedule make in a day which air more than once in it: two a minute, day and night.
/// What is beyond is a mistake, and a few lines of it would fill the station's memory.
pub const MOST_CUES_A_DAY: usize = 2_880;

/// The longest validity in which a slot that never airs is looked for: a leap year.
const LONGEST_SEARCH: i64 = 366;

/// Kinds of recordings that reports know; a station may use others.
pub const KINDS: &[&str] = &[
    "tin",
    "bai",
    "chuyen-muc",
    "thong-bao",
    "nhac-hieu",
    "nhac",
    "loi-dan",
    "phong-van",
    "phong-su",
    "tieu-pham",
    "hoi-dap",
];

/// What a schedule is read by beside its own text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// The ids of the themes; none: any will do.
    topics: Option<Arc<BTreeSet<String>>>,
}

impl Reference {
    /// By a list of themes; a theme beyond it is a notice.
    pub fn new(topics: BTreeSet<String>) -> Reference {
        Reference { topics: Some(Arc::new(topics)) }
    }

    /// By nothing: for versions that the journal kept, which were checked when they went live.
    pub fn lenient() -> Reference {
        Reference::default()
    }
}

/// The keys at the top of a schedule.
pub const SCHEDULE_KEYS: &[Key] = &[
    Key { name: "id", example: r#"id = "cchc-2026-12""# },
    Key { name: "title", example: r#"title = "Tuyên truyền CCHC tháng 12/2026""# },
    Key { name: "valid_from", example: "valid_from = 2026-12-01" },
    Key { name: "valid_until", example: "valid_until = 2026-12-31" },
    Key { name: "approved_by", example: r#"approved_by = "Nguyễn Văn An, Phó Chủ tịch UBND xã""# },
    Key { name: "approved_ref", example: r#"approved_ref = "45/KH-UBND""# },
    Key { name: "retired", example: "retired = true" },
    Key { name: "cart", example: "[[cart]]" },
    Key { name: "slot", example: "[[slot]]" },
    Key { name: "change", example: "[[change]]" },
];

/// The keys of a `[[cart]]`.
pub const CART_KEYS: &[Key] = &[
    Key { name: "file", example: r#"file = "dvc-ky-1.mp3""# },
    Key { name: "title", example: r#"title = "Nộp hồ sơ trực tuyến, kỳ 1""# },
    Key { name: "kind", example: r#"kind = "bai""# },
    Key { name: "topic", example: r#"topic = "dich-vu-cong""# },
    Key { name: "source", example: r#"source = "tu-san-xuat""# },
];

/// The civil days on which a schedule is valid.
#[derive(Clone, Copy, Debug)]
struct Validity {
    from: NaiveDate,
    until: Option<NaiveDate>,
}

impl Validity {
    fn holds(self, date: NaiveDate) -> bool {
        self.from <= date && self.until.is_none_or(|until| date <= until)
    }
    fn outside(self, date: NaiveDate) -> Fault {
        Fault::DateOutsideValidity { date, from: self.from, until: self.until }
    }
}

/// A slot as far as it could be read; the changes are held against it.
struct Draft<'s> {
    id: SlotId,
    at: usize,
    repeat: Option<At<&'s str>>,
    slot: Option<Slot>,
}

/// Civil days, worked out once each. UTC stands for the station's zone: it has every civil time once, so what is
/// right in it is right in the text.
#[derive(Default)]
struct Days(HashMap<NaiveDate, Day>);

impl Days {
    fn day(&mut self, date: NaiveDate) -> &Day {
        self.0.entry(date).or_insert_with(|| Day::new(date, Tz::UTC))
    }
}

/// Reads a schedule from the bytes of its file. `file` is how faults name it. With the schedule come the notices;
/// `Err` holds every fault found, notices included, by line.
pub fn read(
    bytes: &[u8],
    file: &str,
    reference: &Reference,
) -> Result<(Schedule, Vec<Located>), Vec<Located>> {
    let (table, sheet) = Sheet::open(file, bytes)?;
    let schedule = read_table(&table, &sheet, reference);
    let told = sheet.finish();
    match schedule {
        Some(schedule) if told.iter().all(|one| one.fault.severity() == Severity::Notice) => {
            Ok((schedule, told))
        }
        _ => Err(told),
    }
}

/// The id that a schedule's file has, whatever else is wrong with it; none where it has none, or is no TOML.
pub fn id_of(bytes: &[u8]) -> Option<ScheduleId> {
    let (table, sheet) = Sheet::<Fault>::open("", bytes).ok()?;
    let top = Fields::new(&sheet, &table, 0, "", SCHEDULE_KEYS);
    top.id("id").map(|id| ScheduleId::from(id.value))
}

fn read_table(table: &DeTable<'_>, sheet: &Sheet<'_, Fault>, reference: &Reference) -> Option<Schedule> {
    let top = Fields::new(sheet, table, 0, "", SCHEDULE_KEYS);
    top.tell_unknown();
    let retired = top.flag("retired").unwrap_or(false);
    let id = top.need("id", top.id("id")).map(|id| ScheduleId::from(id.value));
    let mut title = top.text("title").map(|title| title.value.to_owned());
    let mut from = top.date("valid_from").map(|date| date.value);
    if retired {
        // What is taken out needs no more than its id.
        title = title.or(id.as_ref().map(|id| id.as_str().to_owned()));
        from = from.or(NaiveDate::from_ymd_opt(1970, 1, 1));
    } else {
        top.need("title", title.as_ref());
        top.need("valid_from", from);
    }
    let until = top.date("valid_until");
    let validity = from.map(|from| Validity { from, until: until.map(|until| until.value) });
    if let (Some(from), Some(until)) = (from, until)
        && until.value < from
    {
        top.tell(until.at, || Fault::UntilBeforeFrom { from, until: until.value });
    }
    let text = |key| top.text(key).map(|text| text.value.to_owned());
    let (approved_by, approved_ref) = (text("approved_by"), text("approved_ref"));

    let mut carts = HashMap::new();
    let mut cart_places = HashMap::new();
    for cart in top.tables("cart").unwrap_or_default() {
        if let Some((name, note)) =
            read_cart(&Fields::new(sheet, cart.value, cart.at, "[[cart]]", CART_KEYS), reference)
        {
            if let Some(first) = cart_places.get(&name) {
                let first_line = sheet.line(*first);
                sheet.tell(cart.at, None, || Fault::DuplicateCart { file: name, first_line });
                continue;
            }
            cart_places.insert(name.clone(), cart.at);
            carts.insert(name, note);
        }
    }

    let mut days = Days::default();
    let tables = top.tables("slot");
    if !retired && !top.has("slot") || tables.as_ref().is_some_and(Vec::is_empty) {
        sheet.tell_of_file(Fault::NoSlots);
    }
    let slots = tables.unwrap_or_default();
    if slots.len() > MOST_SLOTS {
        sheet.tell(top.place("slot"), None, || Fault::TooManySlots { found: slots.len(), limit: MOST_SLOTS });
        return None;
    }
    let fallback = slot::Fallback { title: title.as_deref().unwrap_or_default(), validity };
    let mut drafts: Vec<Draft<'_>> = Vec::with_capacity(slots.len());
    let mut by_id: HashMap<SlotId, usize> = HashMap::with_capacity(slots.len());
    for table in slots {
        let fields = Fields::new(sheet, table.value, table.at, "[[slot]]", slot::SLOT_KEYS);
        let Some(draft) = slot::read(fields, sheet, &fallback, &mut days) else { continue };
        if let Some(first) = by_id.get(&draft.id) {
            let first_line = sheet.line(drafts[*first].at);
            sheet.tell(draft.at, Some(&draft.id), || Fault::DuplicateSlot { first_line });
            continue;
        }
        by_id.insert(draft.id.clone(), drafts.len());
        drafts.push(draft);
    }
    check_repeats(sheet, &drafts, &by_id);
    let changes = change::read_all(&top, sheet, validity, (&drafts, &by_id), &mut days);

    let slots: Vec<Arc<Slot>> = drafts.into_iter().filter_map(|draft| draft.slot).map(Arc::new).collect();
    let often = slots.iter().map(|slot| slot.pattern.a_day()).filter(|count| *count > 1);
    let found = often.fold(0usize, usize::saturating_add);
    if found > MOST_CUES_A_DAY {
        sheet.tell(top.place("slot"), None, || Fault::TooManyCues { found, limit: MOST_CUES_A_DAY });
    }
    let Validity { from: valid_from, until: valid_until } = validity?;
    let schedule = Schedule {
        id: id?,
        title: title?,
        valid_from,
        valid_until,
        approved_by,
        approved_ref,
        retired,
        carts,
        slots,
        changes,
    };
    tell_unused(sheet, &schedule, &cart_places);
    Some(schedule)
}

fn read_cart(fields: &Fields<'_, '_, Fault>, reference: &Reference) -> Option<(CartName, CartNote)> {
    fields.tell_unknown();
    let name = fields.need("file", fields.text("file")).and_then(|file| cart_name(fields, file));
    let kind = fields.need("kind", fields.text("kind"));
    if let Some(kind) = kind
        && !KINDS.contains(&kind.value)
        && let Some(closest) = closest(&clip(kind.value), KINDS.iter().copied())
    {
        fields.tell(kind.at, || Fault::UnknownKind { kind: clip(kind.value), closest });
    }
    let topic = fields.text("topic");
    if let (Some(topic), Some(topics)) = (topic, &reference.topics)
        && !topics.contains(topic.value)
    {
        fields.tell(topic.at, || Fault::UnknownTopic {
            topic: clip(topic.value),
            closest: closest(&clip(topic.value), topics.iter().map(String::as_str)).map(str::to_owned),
        });
    }
    let title = fields.text("title").map(|title| title.value.to_owned());
    let source = fields.text("source").map(|source| source.value.to_owned());
    let name = name?;
    let note = CartNote {
        title: title.unwrap_or_else(|| name.as_str().to_owned()),
        kind: kind?.value.to_owned(),
        topic: topic.map(|topic| topic.value.to_owned()),
        source,
    };
    Some((name, note))
}

fn cart_name(fields: &Fields<'_, '_, Fault>, name: At<&str>) -> Option<CartName> {
    CartName::new(name.value)
        .map_err(|error| {
            fields.tell(name.at, || Fault::BadCartName { found: clip(name.value), error });
        })
        .ok()
}

/// The recordings of a `play`; none where one of them was told.
fn cart_names(fields: &Fields<'_, '_, Fault>) -> Option<Arc<[CartName]>> {
    let items = fields.list("play")?;
    let names: Vec<Option<CartName>> = items
        .iter()
        .map(|item| fields.item_text("play", item).and_then(|name| cart_name(fields, name)))
        .collect();
    names.into_iter().collect::<Option<Vec<_>>>().map(Arc::from)
}

/// A repeat names another slot of the schedule that is not itself a repeat: what it plays is then certain.
fn check_repeats(sheet: &Sheet<'_, Fault>, drafts: &[Draft<'_>], by_id: &HashMap<SlotId, usize>) {
    for draft in drafts {
        let Some(repeat) = draft.repeat else { continue };
        let wanted = SlotId::from(repeat.value);
        let tell = |fault: &dyn Fn() -> Fault| sheet.tell(repeat.at, Some(&draft.id), fault);
        match by_id.get(&wanted).map(|at| &drafts[*at]) {
            None => tell(&|| Fault::UnknownRepeat {
                wanted: clip(repeat.value),
                closest: closest_slot(repeat.value, drafts, &draft.id),
            }),
            Some(other) if other.id == draft.id => tell(&|| Fault::RepeatOfItself),
            Some(Draft { repeat: Some(of), .. }) => {
                tell(&|| Fault::RepeatOfRepeat { wanted: wanted.clone(), of: SlotId::from(of.value) });
            }
            Some(Draft { slot: Some(slot), .. }) if matches!(slot.play, Play::Relay(_)) => {
                tell(&|| Fault::RepeatOfRelay { wanted: wanted.clone() });
            }
            Some(_) => {}
        }
    }
}

fn closest_slot(wanted: &str, drafts: &[Draft<'_>], but: &SlotId) -> Option<String> {
    let others = drafts.iter().map(|draft| draft.id.as_str()).filter(|id| *id != but.as_str());
    closest(&clip(wanted), others).map(str::to_owned)
}

/// A note on a recording that nothing plays is mostly a name mistyped in one of the two places.
fn tell_unused(sheet: &Sheet<'_, Fault>, schedule: &Schedule, places: &HashMap<CartName, usize>) {
    let played: HashSet<&CartName> = schedule.played().collect();
    let mut unused: Vec<(usize, &CartName)> =
        places.iter().map(|(file, at)| (*at, file)).filter(|(_, file)| !played.contains(file)).collect();
    unused.sort_unstable();
    if schedule.retired {
        return;
    }
    for (at, file) in unused {
        sheet.tell(at, None, || {
            let without_note = played.iter().filter(|name| !schedule.carts.contains_key(**name));
            let mut names: Vec<&str> = without_note.map(|name| name.as_str()).collect();
            names.sort_unstable();
            Fault::UnusedCart {
                file: file.clone(),
                closest: closest(file.as_str(), names).map(str::to_owned),
            }
        });
    }
}

impl Schedule {
    /// Every recording that its slots and changes name, some of them several times.
    pub fn played(&self) -> impl Iterator<Item = &CartName> {
        let of_slots = self.slots.iter().filter_map(|slot| match &slot.play {
            Play::Carts(names) => Some(names),
            Play::RepeatOf(_) | Play::Relay(_) => None,
        });
        let of_changes = self.changes.iter().filter_map(|change| change.play());
        of_slots.chain(of_changes).flat_map(|names| names.iter())
    }
}
