//! Scenes of a station's life with a person at the desk: stop, play, skip, confirm the clock, shut down.

use loa::core::order::{Order, Refusal};
use loa::core::record::Trust;
use loa::core::trust::Testimony;

use super::station_life::{MORNING, station};

#[test]
fn stop_ends_what_is_on_air_and_what_waits() {
    let second = "\n[[slot]]\nid = \"tin\"\ntitle = \"Tin\"\nat = [\"05:31\"]\nplay = [\"tin.mp3\"]\n";
    let mut rig = station().schedule(&format!("{MORNING}{second}")).on();
    rig.run_to("05:31:10");
    rig.order(Order::Stop).unwrap();
    rig.run_to("05:40");
    assert_eq!(rig.log(), "01 05:30 sang: cut, operator from 05:30:00, 70 s\n01 05:31 tin: missed, operator");
    let journal = loa::journal::Reader::open(&rig.path()).unwrap();
    let stops =
        journal.latest(100).unwrap().into_iter().filter(|noted| {
            matches!(noted.entry, loa::core::record::Entry::Ordered { order: Order::Stop, .. })
        });
    assert_eq!(stops.count(), 1, "it is written down once");
    assert!(matches!(rig.order(Order::Stop), Err(Refusal::NothingOnAir)));
    rig.assert_sound();
}

#[test]
fn a_stop_of_nothing_is_written_down_once_a_minute_however_often_it_is_pressed() {
    let mut rig = station().schedule(MORNING).on();
    let stops = |rig: &super::rig::Rig| {
        let journal = loa::journal::Reader::open(&rig.path()).unwrap();
        let entries = journal.latest(1_000).unwrap();
        let stop = |entry: &loa::core::record::Entry| {
            matches!(entry, loa::core::record::Entry::Ordered { order: Order::Stop, .. })
        };
        entries.into_iter().filter(|noted| stop(&noted.entry)).count()
    };
    rig.run_to("05:10");
    for _ in 0..50 {
        assert!(matches!(rig.order(Order::Stop), Err(Refusal::NothingOnAir)));
    }
    assert_eq!(stops(&rig), 1);
    rig.run_to("05:12");
    assert!(matches!(rig.order(Order::Stop), Err(Refusal::NothingOnAir)));
    assert_eq!(stops(&rig), 2);
    // A stop that stops something is always written down.
    rig.run_to("05:30:10");
    rig.order(Order::Stop).unwrap();
    assert_eq!(stops(&rig), 3);
}

#[test]
fn an_order_plays_at_once_waits_its_turn_and_is_refused_at_night() {
    let file = loa::core::cart::CartName::new("tin.mp3").unwrap();
    let mut rig = station().schedule(MORNING).on();
    rig.run_to("05:10");
    rig.order(Order::Play { file: file.clone() }).unwrap();
    rig.run_to("05:31");
    rig.order(Order::Play { file: file.clone() }).unwrap();
    rig.run_to("20:59:30");
    assert!(matches!(rig.order(Order::Play { file: file.clone() }), Err(Refusal::QuietHours { .. })));
    let wrong = loa::core::cart::CartName::new("tinn.mp3").unwrap();
    let refusal = rig.order(Order::Play { file: wrong });
    assert!(
        matches!(&refusal, Err(Refusal::NotInLibrary { closest: Some(closest), .. }) if *closest == file),
        "{refusal:?}"
    );
    rig.run_to("21:30");
    let log = rig.log();
    let orders: Vec<&str> = log.lines().filter(|line| line.starts_with("manual")).collect();
    assert_eq!(
        orders,
        ["manual tin.mp3: aired from 05:10:00, 60 s", "manual tin.mp3: aired from 05:32:00, 60 s"]
    );
    rig.assert_sound();
}

#[test]
fn skipped_and_cancelled_cues_are_missed_for_their_own_reasons() {
    let change =
        "\n[[change]]\nslot = \"sang\"\ndate = 2026-12-02\naction = \"cancel\"\nreason = \"Hội nghị\"\n";
    let mut rig = station().schedule(&format!("{MORNING}{change}")).on();
    rig.order(Order::Skip { slot: "sang".into(), date: "2026-12-01".parse().unwrap(), time: None }).unwrap();
    rig.run_to("2026-12-02 06:00");
    assert_eq!(rig.log(), "01 05:30 sang: missed, operator\n02 05:30 sang: missed, cancelled");
    let again =
        rig.order(Order::Skip { slot: "sang".into(), date: "2026-12-02".parse().unwrap(), time: None });
    assert!(matches!(again, Err(Refusal::NoSuchCue { .. })), "{again:?}");
}

#[test]
fn a_skip_outlives_a_restart() {
    let mut rig = station().schedule(MORNING).on();
    rig.order(Order::Skip { slot: "sang".into(), date: "2026-12-01".parse().unwrap(), time: None }).unwrap();
    rig.power_cut();
    rig.off_until("05:20");
    rig.power_on();
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: missed, operator");
}

#[test]
fn an_untrusted_clock_airs_nothing_and_misses_nothing_until_a_person_confirms_it() {
    let mut rig = station().schedule(MORNING);
    rig.testimony = Testimony { boot: Some("boot-1".into()), ..Testimony::default() };
    rig.power_on();
    rig.run_to("06:00");
    assert_eq!(rig.log(), "");
    // What a person orders airs all the same.
    rig.order(Order::Play { file: loa::core::cart::CartName::new("tin.mp3").unwrap() }).unwrap();
    rig.run_to("06:05");
    rig.order(Order::ConfirmClock).unwrap();
    rig.run_to("2026-12-02 06:00");
    let log = rig.log();
    let cues: Vec<&str> = log.lines().filter(|line| !line.starts_with("manual")).collect();
    assert_eq!(cues, ["01 05:30 sang: missed, clock", "02 05:30 sang: aired from 05:30:00, 120 s"], "{log}");
    assert!(log.contains("manual tin.mp3: aired from 06:00:00, 60 s"), "{log}");
    // Each airing says on what ground its clock was trusted.
    let entries = loa::journal::Reader::open(&rig.path()).unwrap().latest(100).unwrap();
    let mut grounds: Vec<_> = entries
        .iter()
        .filter_map(|noted| match &noted.entry {
            loa::core::record::Entry::Begin(begin) => Some((noted.stamp.seq, begin.clock_trust)),
            _ => None,
        })
        .collect();
    grounds.sort_by_key(|(seq, _)| *seq);
    let grounds: Vec<_> = grounds.into_iter().map(|(_, trust)| trust).collect();
    assert_eq!(grounds, [Some(Trust::Unproven), Some(Trust::Confirmed)]);
}

#[test]
fn the_ordered_end_cuts_and_writes_it_down_and_the_next_run_goes_on() {
    let mut rig = station().schedule(MORNING).on();
    rig.run_to("05:31");
    rig.shut_down();
    assert!(!rig.is_on());
    rig.off_until("2026-12-02 05:00");
    rig.power_on();
    rig.run_to("06:00");
    assert_eq!(
        rig.log(),
        "01 05:30 sang: cut, shutdown from 05:30:00, 60 s\n02 05:30 sang: aired from 05:30:00, 120 s"
    );
}

#[test]
fn what_is_ordered_is_counted_by_what_the_schedules_call_it() {
    let cart = "\n[[cart]]\nfile = \"tin.mp3\"\ntitle = \"Tin xã\"\nkind = \"tin\"\ntopic = \"the-che\"\n";
    let mut rig = station().schedule(&format!("{MORNING}{cart}")).on();
    rig.order(Order::Play { file: loa::core::cart::CartName::new("tin.mp3").unwrap() }).unwrap();
    rig.run_to("05:10");
    let aired = &rig.airings()[0];
    assert_eq!(aired.title, "Tin xã");
    let cart = &aired.carts[0];
    assert_eq!(
        (cart.title.as_str(), cart.kind.as_str(), cart.topic.as_deref()),
        ("Tin xã", "tin", Some("the-che"))
    );
}
