//! Answers the commands that ask the running station: orders go to the playout, approvals and refusals to whoever decides on schedules.
//! Owns nothing; whoever asks waits here, and nobody else.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use chrono::{DateTime, TimeDelta, Utc};

use super::alarms::Alarms;
use super::handwriting::Handwriting;
use super::outbox::Ways;
use super::scheduling::{self, Scheduling};
use super::shelf::Shelf;
use super::{Call, PLAYOUT_ANSWERS_IN};
use crate::control::{Ask, Report, Told};
use crate::core::order::{Answer, Refusal};
use crate::core::rundown::Plan;
use crate::playout::News;

/// What commands are answered.
pub(super) fn answers(
    calls: Sender<Call>,
    alarms: Arc<Alarms>,
    shelf: Arc<Shelf>,
    scheduling: Arc<Mutex<Scheduling>>,
    ways: Ways,
    handwriting: Handwriting,
) -> Arc<dyn Fn(Ask) -> Told + Send + Sync> {
    let calls = Mutex::new(calls);
    Arc::new(move |ask| {
        let calls = calls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match ask {
            Ask::Status => {
                let (reply, answer) = channel();
                let _ = calls.send(Call::Standing(reply));
                match answer.recv_timeout(PLAYOUT_ANSWERS_IN) {
                    Ok(standing) => {
                        let plan = shelf.get().plan;
                        let next_due = next_due(&plan, standing.now);
                        let live = plan.versions.iter().filter(|version| version.until.is_none());
                        let schedules = live.map(|version| version.schedule.id.to_string()).collect();
                        // Whoever decides on schedules may be waiting for a disk that hangs: the status does not.
                        let waiting = match scheduling.try_lock() {
                            Ok(held) => held.awaited(),
                            Err(TryLockError::Poisoned(held)) => held.into_inner().awaited(),
                            Err(TryLockError::WouldBlock) => Vec::new(),
                        };
                        let ways = ways.lock().unwrap_or_else(PoisonError::into_inner).clone();
                        let alarms = alarms.all();
                        Told::Status(Box::new(Report {
                            standing,
                            next_due,
                            alarms,
                            schedules,
                            waiting,
                            ways,
                        }))
                    }
                    Err(_) => Told::Busy,
                }
            }
            Ask::Approve { schedule, by, receipt } => {
                match scheduling::hold(&scheduling).approve(&schedule, &by, receipt) {
                    Ok(Ok(approved)) => {
                        Told::Done(Answer::Approved { schedule, title: approved.title.clone() })
                    }
                    Ok(Err(refusal)) => Told::Refused(refusal),
                    Err(error) => Told::Refused(Refusal::NotRecorded { found: error.to_string() }),
                }
            }
            Ask::Refuse { schedule, by, why, receipt } => {
                match scheduling::hold(&scheduling).refuse(&schedule, &by, &why, receipt) {
                    Ok(Ok(answer)) => Told::Done(answer),
                    Ok(Err(refusal)) => Told::Refused(refusal),
                    Err(error) => Told::Refused(Refusal::NotRecorded { found: error.to_string() }),
                }
            }
            Ask::Write { hand } => match handwriting.take(hand) {
                Ok(answer) => Told::Done(answer),
                Err(refusal) => Told::Refused(refusal),
            },
            Ask::Order { order, by } => {
                let (reply, answer) = channel();
                let reply = Box::new(move |result| drop(reply.send(result)));
                let _ = calls.send(Call::News(News::Order { order, by, reply }));
                match answer.recv_timeout(PLAYOUT_ANSWERS_IN) {
                    Ok(Ok(answer)) => Told::Done(answer),
                    Ok(Err(refusal)) => Told::Refused(refusal),
                    Err(_) => Told::Busy,
                }
            }
        }
    })
}

/// The soonest cue of what is live that is not called off, within an hour.
fn next_due(plan: &Plan, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let cues = plan.cues(now, now + TimeDelta::hours(1));
    cues.into_iter().find(|cue| cue.fate.is_none()).map(|cue| cue.due)
}
