//! Drives the playout: lets it act on time and on news, and feeds the supervisor each time it has turned. Owns the loop,
//! and no rule of what airs.

use std::sync::mpsc::{Receiver, RecvTimeoutError};

use chrono_tz::Tz;

use super::Call;
use super::supervisor::Supervisor;
use crate::clock::Clock;
use crate::core::LOOK_AGAIN;
use crate::core::standing::Standing;
use crate::playout::{Next, Playout};
use crate::words::{Language, terms};

/// In whose words the supervisor is told.
#[derive(Clone, Copy)]
pub(super) struct Tongue {
    pub(super) language: Language,
    pub(super) zone: Tz,
}

/// Lets the playout act on time and on news until it is over.
pub(super) fn drive(
    playout: &mut Playout,
    inbox: &Receiver<Call>,
    clock: &dyn Clock,
    mut supervisor: Supervisor,
    tongue: Tongue,
) {
    loop {
        let Next::Look(at) = playout.turn() else { return };
        supervisor.turned(clock.read().steady, || line(tongue, &playout.standing()));
        let most = LOOK_AGAIN.min(supervisor.most());
        let span = (at - clock.now()).to_std().unwrap_or_default().min(most);
        let first = inbox.recv_timeout(span);
        if matches!(first, Err(RecvTimeoutError::Disconnected)) {
            return;
        }
        for call in first.into_iter().chain(inbox.try_iter()) {
            match call {
                Call::News(news) => playout.hear(news),
                Call::Standing(reply) => drop(reply.send(playout.standing())),
                Call::End(by) => {
                    if playout.shut_down(&by) == Next::Over {
                        return;
                    }
                }
            }
        }
    }
}

/// How the station is, for `systemctl status`: what is on air, or what comes next.
fn line(Tongue { language, zone }: Tongue, standing: &Standing) -> String {
    let vi = language == Language::Vi;
    if let Some(on_air) = &standing.on_air {
        let until = on_air.until.map(|until| format!(" → {}", terms::clock_time(zone, until)));
        let word = if vi { "Đang phát" } else { "On air" };
        return format!("{word}: {}{}", on_air.title, until.unwrap_or_default());
    }
    match standing.coming.iter().min_by_key(|coming| coming.due) {
        Some(next) => {
            let word = if vi { "Lượt kế tiếp" } else { "Next" };
            format!("{word}: {} – {}", terms::date_and_time(language, zone, next.due), next.title)
        }
        None if vi => "Chưa có lượt phát nào".into(),
        None => "Nothing is planned".into(),
    }
}
