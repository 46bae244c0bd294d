//! The amplifier of a station in virtual time.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use loa::clock::{Clock, SimulatedClock};
use loa::core::amplifier::{Amplifier, Switch, Switched};

/// An amplifier that answers at the next turn.
#[derive(Default)]
pub struct Panel {
    /// What was asked of it, and when.
    pub orders: Vec<(DateTime<Utc>, Switch)>,
    /// It fails at everything.
    pub broken: bool,
    /// What it has not answered yet.
    pub said: Vec<Switched>,
}

/// The playout's hand on it.
pub struct FakeAmplifier(pub Arc<Mutex<Panel>>, pub Arc<SimulatedClock>);

impl Amplifier for FakeAmplifier {
    fn switch(&mut self, to: Switch) {
        let mut panel = self.0.lock().unwrap();
        let fault = panel.broken.then(|| "exit status: 1".to_owned());
        panel.orders.push((self.1.now(), to));
        panel.said.push(Switched { to, fault });
    }
}
