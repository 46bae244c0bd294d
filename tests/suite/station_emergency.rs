//! Scenes of a station's life with an emergency: it airs at once and again, and what it interrupts goes on.

use std::time::Duration;

use chrono::TimeDelta;
use loa::clock::Clock;
use loa::core::airing::{CueId, Kind, Outcome};
use loa::core::cart::{Cart, CartFault, CartName};
use loa::core::emergency::{EmergencyRecord, in_order};
use loa::core::order::{Answer, Order, Refusal};
use loa::playout::News;
use proptest::prelude::*;

use super::rig::Rig;
use super::station_life::{MORNING, station};

pub fn warned() -> Rig {
    station().recording("lu.mp3", 40).recording("bao.mp3", 30)
}

fn emergency(rig: &Rig, file: &str, until: &str, every: Option<u64>) -> Order {
    Order::Emergency {
        file: CartName::new(file).unwrap(),
        title: None,
        until: rig.moment(until),
        every: every.map(|minutes| Duration::from_secs(minutes * 60)),
        from: None,
    }
}

pub fn order(rig: &mut Rig, file: &str, until: &str, every: Option<u64>) {
    let order = emergency(rig, file, until, every);
    assert!(matches!(rig.order(order), Ok(Answer::Emergency { .. })));
}

#[test]
fn it_sounds_within_a_second_in_the_night_and_again_until_it_expires() {
    let mut rig = warned().schedule(MORNING).on();
    rig.run_to("2026-12-02 03:30:00");
    order(&mut rig, "lu.mp3", "04:15", Some(20));
    rig.run_to("06:00");
    assert_eq!(
        rig.log(),
        "01 05:30 sang: aired from 05:30:00, 120 s\n\
         02 03:30 EMERGENCY lu.mp3: aired from 03:30:00, 40 s\n\
         02 03:50 EMERGENCY lu.mp3: aired from 03:50:00, 40 s\n\
         02 04:10 EMERGENCY lu.mp3: aired from 04:10:00, 40 s\n\
         02 05:30 sang: aired from 05:30:00, 120 s"
    );
    let first = &rig.airings()[1];
    assert!(first.late_ms().unwrap() < 1_000, "{first:?}");
    assert_eq!((first.kind, first.by.as_deref()), (Kind::Emergency, Some("an")));
    assert_eq!(rig.airings()[2].late_ms(), Some(0), "a repetition is prepared ahead");
    rig.assert_sound();
}

#[test]
fn what_it_interrupts_is_paused_and_goes_on_at_its_frame() {
    let mut rig = warned().schedule(MORNING).on();
    rig.run_to("05:30:30");
    order(&mut rig, "lu.mp3", "06:00", None);
    rig.run_to("05:31");
    let standing = rig.standing();
    assert_eq!(standing.on_air.unwrap().title, "lu.mp3");
    assert_eq!(standing.paused.as_deref(), Some("Chuyên mục CCHC"));
    rig.run_to("06:00");
    assert_eq!(
        rig.log(),
        "01 05:30 EMERGENCY lu.mp3: aired from 05:30:30, 40 s\n01 05:30 sang: aired from 05:30:00, 120 s"
            .split('\n')
            .rev()
            .collect::<Vec<_>>()
            .join("\n")
    );
    let sang = rig.airings().into_iter().find(|airing| airing.kind == Kind::Cue).unwrap();
    assert_eq!(sang.frames, 120 * 48_000, "no frame lost, none twice");
    let ended = sang.ended.unwrap();
    assert!(ended >= rig.moment("05:32:40") && ended < rig.moment("05:32:42"), "{ended}");
    rig.assert_sound();
}

#[test]
fn a_pause_longer_than_its_grace_ends_it_where_it_was() {
    let slot =
        "[[slot]]\nid = \"sang\"\ntitle = \"Sáng\"\nat = [\"05:30\"]\ngrace = \"1m\"\nplay = [\"dvc.mp3\"]\n";
    let mut rig = warned().recording("dai.mp3", 180).schedule(slot).on();
    rig.run_to("05:30:30");
    order(&mut rig, "dai.mp3", "06:00", None);
    rig.run_to("05:32");
    let sang = rig.airings().into_iter().find(|airing| airing.kind == Kind::Cue).unwrap();
    assert_eq!(
        sang.reason.map(|reason| reason.word()),
        Some("emergency"),
        "it is told while the emergency sounds"
    );
    rig.run_to("06:00");
    assert_eq!(
        rig.log(),
        "01 05:30 sang: cut, emergency from 05:30:00, 30 s\n01 05:30 EMERGENCY dai.mp3: aired from 05:30:30, 180 s"
    );
    let ended = sang.ended.unwrap();
    assert!(ended < rig.moment("05:30:32"), "it ended where it was paused: {ended}");
    rig.assert_sound();
}

#[test]
fn what_waits_airs_when_all_is_over_and_a_hard_start_takes_the_place_of_what_is_paused() {
    let more = "\n[[slot]]\nid = \"tin\"\ntitle = \"Tin\"\nat = [\"05:31\"]\nstart = \"hard\"\nplay = [\"tin.mp3\"]\n\
                [[slot]]\nid = \"sau\"\ntitle = \"Sau\"\nat = [\"05:30:50\"]\nplay = [\"tin.mp3\"]\n";
    let mut rig = warned().schedule(&format!("{MORNING}{more}")).on();
    rig.run_to("05:30:30");
    order(&mut rig, "lu.mp3", "06:00", None);
    rig.run_to("06:00");
    let log = rig.log();
    let lines = [
        "01 05:30 sang: cut, hard_start from 05:30:00, 30 s",
        "01 05:30 EMERGENCY lu.mp3: aired from 05:30:30, 40 s",
        "01 05:31 tin: aired from 05:31:1",
        "01 05:30 sau: aired from 05:32:1",
    ];
    assert!(lines.iter().all(|line| log.contains(line)), "{log}");
    rig.assert_sound();
}

#[test]
fn what_is_paused_does_not_go_on_in_the_quiet_hours() {
    let slot = "[[slot]]\nid = \"toi\"\ntitle = \"Tối\"\nat = [\"20:58\"]\nplay = [\"dvc.mp3\"]\n";
    let mut rig = warned().schedule(slot).on();
    rig.run_to("20:59:30");
    order(&mut rig, "lu.mp3", "22:00", None);
    rig.run_to("21:30");
    let log = rig.log();
    assert!(log.contains("01 20:58 toi: cut, quiet_hours from 20:58:00, 90 s"), "{log}");
    assert!(log.contains("EMERGENCY lu.mp3: aired from 20:59:30, 40 s"), "{log}");
    rig.assert_sound();
}

#[test]
fn emergencies_wait_for_one_another_and_one_cue_is_paused_by_each_repetition() {
    let mut rig = warned().recording("dai.mp3", 180).schedule(&MORNING.replace("dvc.mp3", "dai.mp3")).on();
    rig.run_to("05:30:30");
    order(&mut rig, "lu.mp3", "05:33", Some(2));
    rig.run_to("05:30:40");
    order(&mut rig, "bao.mp3", "05:40", None);
    rig.run_to("06:00");
    let log = rig.log();
    let lines = [
        "01 05:30 sang: aired from 05:30:00, 200 s",
        "01 05:30 EMERGENCY lu.mp3: aired from 05:30:30, 40 s",
        "01 05:30 EMERGENCY bao.mp3: aired from 05:31:1",
        "01 05:32 EMERGENCY lu.mp3: aired from 05:32:30, 40 s",
    ];
    assert!(lines.iter().all(|line| log.contains(line)), "{log}");
    rig.assert_sound();
}

#[test]
fn nothing_is_paused_before_its_audio_is_ready() {
    let mut rig = warned().schedule(MORNING).on();
    rig.stage.lock().unwrap().lengths.remove("lu.mp3");
    rig.run_to("05:30:30");
    order(&mut rig, "lu.mp3", "05:40", None);
    rig.run_to("06:00");
    assert_eq!(
        rig.log(),
        "01 05:30 sang: aired from 05:30:00, 120 s\n01 05:30 EMERGENCY lu.mp3: missed, bad_audio"
    );
    let ended = rig.airings()[0].ended.unwrap();
    assert_eq!(ended, rig.moment("05:32"), "it was never paused");
}

#[test]
fn what_was_only_settled_waits_again() {
    let mut rig = warned().schedule(MORNING).on();
    rig.run_to("05:29:59");
    order(&mut rig, "lu.mp3", "06:00", None);
    rig.run_to("06:00");
    let log = rig.log();
    assert!(log.contains("01 05:29 EMERGENCY lu.mp3: aired from 05:29:59, 40 s"), "{log}");
    assert!(log.contains("01 05:30 sang: aired from 05:30:39, 120 s"), "{log}");
    rig.assert_sound();
    // And one whose first frame is on the way is let begin, and paused then.
    for tenths in 0..20 {
        let mut rig = warned().schedule(MORNING).on();
        let at = rig.moment("05:29:59") + TimeDelta::milliseconds(tenths * 100);
        rig.run_until(at);
        order(&mut rig, "lu.mp3", "06:00", None);
        rig.run_to("06:00");
        let log = rig.log();
        assert!(log.contains("sang: aired from 05:30:") && log.contains(", 120 s"), "{tenths}: {log}");
        assert!(log.contains("EMERGENCY lu.mp3: aired"), "{tenths}: {log}");
        rig.assert_sound();
    }
}

#[test]
fn it_is_ended_by_a_person_and_the_programme_goes_on() {
    let mut rig = warned().schedule(MORNING).on();
    rig.run_to("05:30:30");
    order(&mut rig, "lu.mp3", "06:30", Some(10));
    rig.run_to("05:30:50");
    let other = Some(CartName::new("bao.mp3").unwrap());
    assert_eq!(rig.order(Order::EndEmergency { file: other }), Err(Refusal::NoEmergency));
    let ended = rig.order(Order::EndEmergency { file: None });
    assert_eq!(ended, Ok(Answer::EmergencyEnded { titles: vec!["lu.mp3".into()] }));
    rig.run_to("07:00");
    assert_eq!(rig.order(Order::EndEmergency { file: None }), Err(Refusal::NoEmergency));
    assert_eq!(
        rig.log(),
        "01 05:30 sang: aired from 05:30:00, 120 s\n01 05:30 EMERGENCY lu.mp3: cut, operator from 05:30:30, 19 s"
    );
    rig.assert_sound();
}

#[test]
fn stop_ends_the_emergency_and_what_it_paused_and_its_next_repetition_airs() {
    let mut rig = warned().schedule(MORNING).on();
    rig.run_to("05:30:30");
    order(&mut rig, "lu.mp3", "05:45", Some(10));
    rig.run_to("05:30:45");
    rig.order(Order::Stop).unwrap();
    rig.run_to("06:00");
    let log = rig.log();
    assert!(log.contains("sang: cut, operator from 05:30:00, 30 s"), "{log}");
    assert!(log.contains("01 05:30 EMERGENCY lu.mp3: cut, operator"), "{log}");
    assert!(log.contains("01 05:40 EMERGENCY lu.mp3: aired from 05:40:30, 40 s"), "{log}");
    rig.assert_sound();
}

#[test]
fn what_cannot_be_ordered_is_refused_with_the_reason() {
    let mut rig = warned().schedule(MORNING);
    rig.set_cart("hong.mp3", Cart::Faulty(CartFault::Silent));
    rig.power_on();
    let wrong = emergency(&rig, "luu.mp3", "06:00", None);
    let closest = CartName::new("lu.mp3").ok();
    assert!(
        matches!(rig.order(wrong), Err(Refusal::NotInLibrary { closest: found, .. }) if found == closest)
    );
    let faulty = emergency(&rig, "hong.mp3", "06:00", None);
    assert!(matches!(rig.order(faulty), Err(Refusal::CannotAir { .. })));
    let over = emergency(&rig, "lu.mp3", "04:00", None);
    assert!(matches!(rig.order(over), Err(Refusal::EmergencyOver { .. })));
    let long = emergency(&rig, "lu.mp3", "2026-12-09 05:00", None);
    assert!(matches!(rig.order(long), Err(Refusal::EmergencyTooLong { .. })));
    let often = emergency(&rig, "lu.mp3", "06:00", Some(0));
    assert!(matches!(rig.order(often), Err(Refusal::EmergencyInterval { .. })));
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: aired from 05:30:00, 120 s");
}

/// What happens to the station next.
#[derive(Clone, Debug)]
enum Event {
    Runs(u64),
    Orders { file: usize, minutes: u64, every: Option<u64> },
    Ends(Option<usize>),
    Stops,
    PowerCut(u64),
    Step(i64),
    CardLost(u64),
}

const FILES: [&str; 2] = ["lu.mp3", "bao.mp3"];

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (1u64..900).prop_map(Event::Runs),
        3 => (0usize..2, 1u64..90, prop::option::of(1u64..20))
            .prop_map(|(file, minutes, every)| Event::Orders { file, minutes, every }),
        1 => prop::option::of(0usize..2).prop_map(Event::Ends),
        1 => Just(Event::Stops),
        1 => (0u64..3_000).prop_map(Event::PowerCut),
        1 => (-3_000i64..3_000).prop_map(Event::Step),
        1 => (1u64..120).prop_map(Event::CardLost),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 200, ..ProptestConfig::default() })]
    /// Whatever is ordered, ended, cut, set and torn out: nothing sounds together, every repetition that fell due has
    /// exactly one outcome, and everything that sounded is in the record.
    #[test]
    fn every_repetition_has_exactly_one_outcome(events in prop::collection::vec(any_event(), 1..14)) {
        let often = "\n[[slot]]\nid = \"tin\"\ntitle = \"Tin\"\ncron = \"*/7 * * * *\"\ngrace = \"2m\"\nplay = [\"tin.mp3\"]\n\
                     [[slot]]\nid = \"gio\"\ntitle = \"Giờ\"\ncron = \"*/20 * * * *\"\nstart = \"hard\"\nplay = [\"dvc.mp3\"]\n";
        let mut rig = warned().quiet("06:30-07:00").schedule(often).on();
        let mut stepped_back = false;
        for event in events {
            match event {
                Event::Runs(seconds) => {
                    let until = rig.clock.now() + TimeDelta::seconds(seconds as i64);
                    rig.run_until(until);
                }
                Event::Orders { file, minutes, every } => {
                    let order = Order::Emergency {
                        file: CartName::new(FILES[file]).unwrap(),
                        title: None,
                        until: rig.clock.now() + TimeDelta::minutes(minutes as i64),
                        every: every.map(|every| Duration::from_secs(every * 60)),
                        from: None,
                    };
                    rig.order(order).unwrap();
                }
                Event::Ends(file) => {
                    let _ = rig.order(Order::EndEmergency { file: file.map(|at| CartName::new(FILES[at]).unwrap()) });
                }
                Event::Stops => drop(rig.order(Order::Stop)),
                Event::PowerCut(seconds) => {
                    rig.power_cut();
                    rig.clock.pass(Duration::from_secs(seconds));
                    rig.power_on();
                }
                Event::Step(seconds) => {
                    stepped_back |= seconds < 0;
                    rig.clock.set(rig.clock.now() + TimeDelta::seconds(seconds));
                    rig.tell(News::ClockSet);
                }
                Event::CardLost(seconds) => {
                    rig.stage.lock().unwrap().unplug();
                    let until = rig.clock.now() + TimeDelta::seconds(seconds as i64);
                    rig.run_until(until);
                    rig.stage.lock().unwrap().plug();
                }
            }
        }
        let now = rig.clock.now();
        rig.run_until(now + TimeDelta::minutes(150));
        let now = rig.clock.now();
        let log = rig.log();
        let airings = rig.airings();
        let journal = rig.journal();
        // What a clock set back left behind has not all fallen due yet; the outcomes that there are must be true.
        if !stepped_back {
            rig.assert_sound();
            for order in in_order(journal.emergencies(chrono::DateTime::UNIX_EPOCH).unwrap()) {
                for due in (0..).map_while(|number| order.due(number)).filter(|due| *due < now) {
                    let cue = order.cue(due);
                    let rows = airings.iter().filter(|airing| airing.cue.as_ref() == Some(&cue));
                    let outcomes: Vec<_> = rows.map(|airing| airing.outcome).collect();
                    prop_assert!(matches!(outcomes[..], [Some(outcome)] if outcome != Outcome::OnAir), "{cue:?}: {outcomes:?}\n{log}");
                }
            }
        }
        let verdict = loa::journal::verify(&rig.path(), None, &mut |_, _| ()).unwrap();
        prop_assert!(verdict.is_whole(), "{:?}", verdict.flaw);
        let emergencies = airings.iter().filter(|airing| airing.cue.as_ref().is_some_and(CueId::is_emergency));
        for airing in emergencies {
            prop_assert!(airing.outcome.is_some_and(|outcome| outcome != Outcome::OnAir), "{airing:?}\n{log}");
        }
    }
}
