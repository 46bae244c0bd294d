//! The cards of the config: whether they are there and open. Owns the trial; never opens a card while a station is at
//! work, which is asked instead.

use super::Patient;
use crate::audio::card;
use crate::core::card::{Host, NotOpened};
use crate::core::checkup::{Finding, Sound};
use crate::core::standing::CardStanding;

pub(super) fn card(patient: &Patient) -> Vec<Finding> {
    let found = match patient.report().map(|report| &report.standing.card) {
        Some(CardStanding::Open { device, .. }) => vec![Sound::Open { device: device.clone() }],
        Some(CardStanding::Missing { tried }) => {
            let failed = tried.iter().map(|(card, found)| (card.clone(), Err(found.clone())));
            judge(failed.collect())
        }
        Some(CardStanding::Closed | CardStanding::Opening) => {
            let mut found = absent(patient);
            if found.is_empty() {
                found.push(Sound::Closed);
            }
            found
        }
        None if patient.is_at_work() => absent(patient),
        None => tried(patient),
    };
    let silent = patient.config.silent_only().then_some(Sound::OnlyVirtual);
    found.into_iter().chain(silent).map(Finding::from).collect()
}

/// Opens each card for a moment, in the order of the list.
fn tried(patient: &Patient) -> Vec<Sound> {
    let output = &patient.config.output;
    let real = output.cards.iter().filter(|card| card.host != Host::Virtual);
    let tried = real.map(|card| (card.clone(), card::try_open(card, output.rate)));
    let (mut opened, mut outcomes) = (Vec::new(), Vec::new());
    for (card, outcome) in tried {
        if let Ok(rate) = outcome {
            opened.push(Sound::Opens { card: card.clone(), rate });
        }
        outcomes.push((card.to_string(), outcome.map(drop)));
    }
    opened.extend(judge(outcomes));
    opened
}

/// Cards of the list that the system does not have. One without an id is the system's choice and cannot be looked up.
fn absent(patient: &Patient) -> Vec<Sound> {
    let there = card::list();
    let cards = patient.config.output.cards.iter().filter(|card| card.host != Host::Virtual);
    let outcome = |name: &crate::core::card::CardName| {
        let known = name.id.as_deref().is_none_or(|id| id == "default");
        let found = known || there.iter().any(|listed| listed.name == *name);
        (name.to_string(), if found { Ok(()) } else { Err(NotOpened::NotThere) })
    };
    judge(cards.map(outcome).collect())
}

/// A card that fails is grave only where none after it, nor before it, takes its place.
fn judge(outcomes: Vec<(String, Result<(), NotOpened>)>) -> Vec<Sound> {
    let instead = outcomes.iter().find(|(_, outcome)| outcome.is_ok()).map(|(card, _)| card.clone());
    let fails = |(card, outcome): (String, Result<(), NotOpened>)| {
        Some(Sound::Fails { card, found: outcome.err()?, instead: instead.clone() })
    };
    outcomes.into_iter().filter_map(fails).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::checkup::Grade;

    #[test]
    fn a_card_that_fails_is_grave_only_where_no_other_takes_its_place() {
        let fails = |card: &str| (card.to_owned(), Err("broken".into()));
        let grades = |outcomes| -> Vec<Grade> {
            judge(outcomes).into_iter().map(|one| Finding::from(one).nature().grade).collect()
        };
        assert_eq!(grades(vec![fails("alsa:a"), fails("alsa:b")]), [Grade::Wrong, Grade::Wrong]);
        assert_eq!(grades(vec![fails("alsa:a"), ("alsa:b".into(), Ok(()))]), [Grade::Attention]);
        assert_eq!(grades(vec![("alsa:b".into(), Ok(()))]), []);
    }
}
