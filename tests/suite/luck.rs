//! What may befall a station, and how often it does.

macro_rules! events {
    ($($(#[$doc:meta])* $event:ident),+ $(,)?) => {
        /// What becomes of a cue, or befalls a station.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Event { $($(#[$doc])* $event),+ }
        impl Event {
            /// All of them.
            pub const ALL: &[Event] = &[$(Event::$event),+];
        }
    };
}

events! {
    /// A cue airs as planned.
    Airs,
    /// It is cut by an order to stop.
    Stopped,
    /// One of its recordings is bad.
    BadAudio,
    /// An emergency interrupts it, and it goes on afterwards.
    Emergency,
    /// The card is lost and comes back.
    CardLost,
    /// It does not come to air.
    Missed,
    /// It begins, never sounds, begins again under its number and airs.
    BeginsAgain,
    /// It begins, never sounds, and its time passes.
    NeverSounds,
    /// A wrong clock has it missed; the clock is set, it waits again and airs.
    Reopened,
    /// The power fails while it sounds.
    PowerCut,
    /// The power fails between its begin and its first frame; it airs after the start, under another number.
    PowerCutAtBegin,
    /// The journal could not be written at its begin.
    Held,
    /// A recording is played by order.
    Played,
    /// Nothing to play: the fallback airs instead.
    Fallback,
    /// An order is refused, another skips a slot.
    Orders,
    /// A new version of the schedule goes live.
    NewVersion,
    /// A second schedule comes, or goes.
    OtherSchedule,
    /// The station is shut down in order and started.
    Restart,
    /// The journal was damaged, and nothing of it was lost.
    Restored,
    /// Something is wrong, then no more.
    Alarm,
    /// A person writes in an airing, notes something on it, and reviews a day.
    ByHand,
}

/// The events of a station of the usual luck, without end: nine of ten cues air as planned.
pub fn usual() -> impl Iterator<Item = Event> {
    (0usize..).map(|number| {
        let lot = number.wrapping_mul(0x9e37_79b9) >> 7;
        if lot.is_multiple_of(10) { Event::ALL[lot / 10 % Event::ALL.len()] } else { Event::Airs }
    })
}
