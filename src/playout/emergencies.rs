//! Emergency orders, carried out: each repetition is put into the queue shortly before it is due, what was missed while
//! nobody looked gets its outcome, and orders outlive restarts and follow the clock. Owns how far each order has come;
//! the rules of their times are `core::emergency`'s, those of the air `core::continuity`'s.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::Playout;
use super::waiting::{Loading, Origin, Waiting};
use crate::core::airing::{CueId, Priority, Reason, Start};
use crate::core::cart::CartName;
use crate::core::emergency::{self, Emergency, InForce, moment};
use crate::core::order::{Answer, Order};
use crate::core::record::Entry;

/// A repetition waits in the queue this long before it is due: the preroll and some turns.
const AHEAD: TimeDelta = TimeDelta::seconds(20);
/// Orders are looked for so much before the account: they stand for a week at most.
const LOOKED_BACK: TimeDelta = TimeDelta::days(8);
/// Rows of one transaction of the account.
const ROWS: usize = 1_000;

/// The orders and how far each has come.
#[derive(Default)]
pub(super) struct Emergencies {
    orders: Vec<Emergency>,
    /// By the moment of the order, which no two share.
    progress: BTreeMap<DateTime<Utc>, Progress>,
}

/// How far an order has come.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    /// The first repetition that was not taken into the queue yet.
    next: u64,
    /// Repetitions that nobody took up, from the first to before the second: they wait for their outcome.
    behind: Option<(u64, u64)>,
    /// It was given by a clock that nothing vouched for, so its times are as wrong as that clock.
    distrusted: bool,
}

impl Playout {
    /// At a start: the orders that earlier runs left standing.
    pub(super) fn recall_emergencies(&mut self, now: DateTime<Utc>) {
        let accounted = self.accounted.unwrap_or(now).min(now);
        let orders = match self.ledger.record().emergencies(accounted - LOOKED_BACK) {
            Ok(orders) => emergency::in_order(orders),
            Err(error) => return tracing::error!(%error, "the emergency orders that stand are not known"),
        };
        self.emergencies.orders =
            orders.into_iter().filter(|order| order.stands_until() > accounted || order.at > now).collect();
        for order in self.emergencies.orders.clone() {
            self.take_bearings(&order, now);
        }
    }

    /// Finds out by the journal which repetition of an order comes next, and leaves those before to the account.
    fn take_bearings(&mut self, order: &Emergency, now: DateTime<Utc>) {
        let current = latest(order, now);
        // To its end: a clock that was set back may have let aired what is now to come.
        let Some(settled) = self.ledger.settled(order.at, order.until) else {
            // What might have aired already must not air twice: from the next on.
            tracing::error!("the journal cannot be asked which repetitions aired");
            let progress = self.emergencies.progress.entry(order.at).or_default();
            progress.next = progress.next.max(current + 1);
            return;
        };
        let done = |number: &u64| order.due(*number).is_some_and(|due| settled.contains(&order.cue(due)));
        let next = (current..).find(|number| !done(number)).unwrap_or(current);
        let progress = self.emergencies.progress.entry(order.at).or_default();
        progress.next = next;
        progress.behind = (current > 0).then_some((0, current));
    }

    /// Carries out an order that was found right and written down.
    pub(super) fn order_emergency(&mut self, order: Order, by: String, now: DateTime<Utc>) -> Answer {
        let distrusted = !self.trust.is_trusted();
        let before = self.emergencies.orders.len();
        emergency::take_up(&mut self.emergencies.orders, now, order, by);
        self.call_off_ended(None, now);
        let Some(new) = self.emergencies.orders.get(before).cloned() else {
            return Answer::EmergencyEnded { titles: Vec::new() };
        };
        self.emergencies.progress.insert(new.at, Progress { distrusted, ..Progress::default() });
        self.take_up_emergencies(now);
        Answer::Emergency { title: self.title_of(&new), until: new.until, every: new.every }
    }

    fn title_of(&self, order: &Emergency) -> String {
        let noted = || self.note_of(&order.file).map(|note| note.title);
        order.title.clone().or_else(noted).unwrap_or_else(|| order.file.to_string())
    }

    /// Ends the orders of that recording, or all.
    pub(super) fn end_emergencies(
        &mut self,
        file: Option<&CartName>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Answer {
        let standing = self.emergencies.orders.iter().filter(|order| order.is_in_force(now));
        let named = standing.filter(|order| file.is_none_or(|file| order.file == *file));
        let titles = named.map(|order| self.title_of(order)).collect();
        emergency::end(&mut self.emergencies.orders, file, now, Reason::Operator);
        let is_ended = |one: &Waiting| {
            matches!(one.origin, Origin::Emergency(_))
                && file.is_none_or(|file| one.play.first() == Some(file))
        };
        if self.on_air.as_ref().is_some_and(|playing| is_ended(&playing.waiting)) {
            self.cut(Reason::Operator, Some(by.to_owned()));
        }
        self.call_off_ended(Some(by), now);
        Answer::EmergencyEnded { titles }
    }

    /// Whether an order stands that `loa emergency --end` would end.
    pub(super) fn has_emergency(&self, file: Option<&CartName>, now: DateTime<Utc>) -> bool {
        let named = |order: &&Emergency| file.is_none_or(|file| order.file == *file);
        self.emergencies.orders.iter().filter(named).any(|order| order.is_in_force(now))
    }

    /// Takes what waits of ended orders out of the queue; what had fallen due is written down.
    fn call_off_ended(&mut self, by: Option<&str>, now: DateTime<Utc>) {
        let orders = &self.emergencies.orders;
        let ended = |one: &Waiting| -> Option<Reason> {
            let Origin::Emergency(cue) = &one.origin else { return None };
            let order = orders.iter().find(|order| order.cue(cue.due) == *cue)?;
            order.ended.map(|(_, reason)| reason)
        };
        let mut missed = Vec::new();
        let mut stay = Vec::new();
        for mut one in std::mem::take(&mut self.queue) {
            match ended(&one) {
                None => stay.push(one),
                Some(reason) if one.due <= now || one.airing.is_some() => {
                    one.by = by.map(ToOwned::to_owned).or(one.by);
                    missed.push((one, reason));
                }
                Some(_) if one.loading != Loading::Idle => self.output.stop(one.deck),
                Some(_) => {}
            }
        }
        self.queue = stay;
        self.write_missed(missed, now);
    }

    /// Puts what is due, or will be shortly, into the queue.
    pub(super) fn take_up_emergencies(&mut self, now: DateTime<Utc>) {
        let trusted = self.trust.is_trusted();
        let mut fresh = Vec::new();
        let Emergencies { orders, progress } = &mut self.emergencies;
        for order in orders.iter() {
            let progress = progress.entry(order.at).or_default();
            progress.distrusted &= !trusted;
            // Of what fell due while nobody looked the latest is taken up; the others have had their time.
            let current = latest(order, now);
            if current > progress.next {
                let first = progress.behind.map_or(progress.next, |(first, _)| first);
                progress.behind = Some((first, current));
                progress.next = current;
            }
            while let Some(due) = order.due(progress.next).filter(|due| *due <= now + AHEAD) {
                fresh.push((order.clone(), due));
                progress.next += 1;
            }
        }
        for (order, due) in fresh {
            let one = self.repetition(&order, due);
            self.enqueue(one);
        }
    }

    fn repetition(&mut self, order: &Emergency, due: DateTime<Utc>) -> Waiting {
        let cue = order.cue(due);
        let slot = self.slot_number(&cue);
        let airing = self.unsounded.remove(&cue);
        Waiting {
            slot,
            title: self.title_of(order),
            due,
            // As long as the order stands; of two that wait the older gives way.
            grace: (order.until - due).to_std().unwrap_or_default(),
            start: Start::Hard,
            priority: Priority::Emergency,
            note: self.note_of(&order.file),
            by: Some(order.by.clone()),
            exempt: true,
            airing,
            ..Waiting::new(self.deck(), Origin::Emergency(cue), Arc::new([order.file.clone()]))
        }
    }

    /// Writes down what became of repetitions that nobody took up. Idempotent: what has an outcome is passed over.
    pub(super) fn account_emergencies(&mut self, now: DateTime<Utc>) {
        if !self.trust.is_trusted() || self.ledger.held() > 0 {
            return;
        }
        for order in self.emergencies.orders.clone() {
            let Some((first, end)) =
                self.emergencies.progress.get(&order.at).and_then(|progress| progress.behind)
            else {
                continue;
            };
            let Some(settled) = self.ledger.settled(order.at, now) else { return };
            let mut entries = Vec::new();
            for due in (first..end).map_while(|number| order.due(number)) {
                let cue = order.cue(due);
                if settled.contains(&cue) || self.holds(&cue) {
                    continue;
                }
                let reason = self.reason_of_silence(&order, due);
                let one = self.repetition(&order, due);
                let airing = one.airing.unwrap_or_else(|| self.ledger.record().next_airing());
                let kind = self.kind_of(&one, self.settings.silent_only);
                entries.push(Entry::Missed(one.missed(airing, kind, &self.library, reason, None)));
            }
            if let Some(progress) = self.emergencies.progress.get_mut(&order.at) {
                progress.behind = None;
            }
            for batch in entries.chunks(ROWS) {
                self.ledger.write(now, batch.to_vec());
            }
        }
        // What has expired and has all its outcomes is forgotten.
        let Emergencies { orders, progress } = &mut self.emergencies;
        let over = now - LOOKED_BACK;
        orders.retain(|order| order.stands_until() > over);
        progress.retain(|at, _| orders.iter().any(|order| order.at == *at));
    }

    /// Why a repetition that nobody took up did not air.
    fn reason_of_silence(&self, order: &Emergency, due: DateTime<Utc>) -> Reason {
        let every = order.every.and_then(|every| TimeDelta::from_std(every).ok());
        let last = every.map_or(order.until, |every| (due + every).min(order.until));
        match order.ended {
            Some((ended, reason)) if ended < last => reason,
            _ => self.reason_of_absence(due, last),
        }
    }

    /// The clock was set by `by`, and it is `now` since. An order given by a clock that nothing vouched for, or one that
    /// now lies ahead, is as old as it was: it is given anew with its times moved, by whoever gave it.
    pub(super) fn move_emergencies(&mut self, by: TimeDelta, now: DateTime<Utc>) {
        self.take_back_waiting_emergencies();
        for order in self.emergencies.orders.clone() {
            let progress = self.emergencies.progress.get(&order.at).copied().unwrap_or_default();
            self.take_bearings(&order, now - by);
            let next = self.emergencies.progress.get(&order.at).map_or(0, |progress| progress.next);
            let moves = order.is_in_force(now - by) && (progress.distrusted || order.at > now);
            match order.due(next).filter(|_| moves) {
                Some(due) => self.give_anew(&order, moment(due + by), order.until + by, now),
                None => self.take_bearings(&order, now),
            }
        }
    }

    fn give_anew(
        &mut self,
        order: &Emergency,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) {
        let anew = Order::Emergency {
            file: order.file.clone(),
            title: order.title.clone(),
            until,
            every: order.every,
            from: Some(from),
        };
        let entry = Entry::Ordered { order: anew.clone(), by: order.by.clone(), refused: None };
        self.ledger.write(now, vec![entry]);
        self.order_emergency(anew, order.by.clone(), now);
    }

    /// Takes repetitions that wait out of the queue without an outcome: they are taken up anew.
    fn take_back_waiting_emergencies(&mut self) {
        for one in std::mem::take(&mut self.queue) {
            let Origin::Emergency(cue) = &one.origin else {
                self.queue.push(one);
                continue;
            };
            if one.loading != Loading::Idle {
                self.output.stop(one.deck);
            }
            self.unsounded.extend(one.airing.map(|airing| (cue.clone(), airing)));
        }
    }

    /// The orders that stand, for whoever asks how the station is.
    pub(super) fn emergencies_in_force(&self, now: DateTime<Utc>) -> Vec<InForce> {
        let standing = self.emergencies.orders.iter().filter(|order| order.is_in_force(now));
        let in_force = |order: &Emergency| InForce {
            file: order.file.clone(),
            title: self.title_of(order),
            until: order.until,
            every: order.every,
            next: order.due(order.first_from(now)),
            by: order.by.clone(),
        };
        standing.map(in_force).collect()
    }

    /// Whether that cue waits or is on air.
    pub(super) fn holds(&self, id: &CueId) -> bool {
        let playing = self.on_air.iter().chain(&self.leaving).chain(&self.paused);
        let waiting = self.queue.iter().chain(playing.map(|playing| &playing.waiting));
        waiting.filter(|one| one.due == id.due).any(|one| one.cue_id().as_ref() == Some(id))
    }
}

/// The number of the latest repetition that is due, 0 before the first.
fn latest(order: &Emergency, now: DateTime<Utc>) -> u64 {
    order.first_from(now + TimeDelta::microseconds(1)).saturating_sub(1)
}
