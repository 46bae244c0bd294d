//! The station under Windows' service control manager: what the manager is told of it, and what it asks. Owns the entry by
//! which Windows starts the service, and the watch over a playout that hangs, which systemd keeps elsewhere; how the
//! station ends is the station's own affair.

use std::ffi::OsString;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use windows_service::service::{
    ServiceControl, ServiceControlAccept, ServiceExitCode, ServiceState, ServiceStatus, ServiceType,
};
use windows_service::service_control_handler::{self, ServiceControlHandlerResult, ServiceStatusHandle};
use windows_service::{define_windows_service, service_dispatcher};

use super::super::{NAME, ServiceError};

/// A station whose playout has not turned for so long is killed, and started again by the manager; as `WatchdogSec=` of
/// the unit has it.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// The manager takes a start that says nothing for so long for one that hangs. A journal may have to be restored.
const STARTS_WITHIN: Duration = Duration::from_secs(120);
/// And an end.
const ENDS_WITHIN: Duration = Duration::from_secs(30);
/// The service's own code of an end that was none in order.
const FAILED: u32 = 1;

type Work = Box<dyn FnOnce(Keeper) -> bool + Send>;

/// What the service does; Windows calls the entry with nothing of ours.
static WORK: Mutex<Option<Work>> = Mutex::new(None);

define_windows_service!(entry, run);

/// Runs `work` as the service, in a process that the manager has started; returns when the service is over. `work`
/// answers whether it ended in order: where it did not, the manager starts it again.
///
/// # Errors
/// The process was not started by the manager.
pub fn serve(work: impl FnOnce(Keeper) -> bool + Send + 'static) -> Result<(), ServiceError> {
    *WORK.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(work));
    service_dispatcher::start(NAME, entry).map_err(|error| ServiceError::Refused {
        found: format!("{}: only Windows itself starts the service", super::words(&error)),
    })
}

/// The manager, as the station speaks with it.
pub struct Keeper {
    told: ServiceStatusHandle,
    watch: Option<SyncSender<()>>,
    ends: Option<UnboundedReceiver<&'static str>>,
}

impl Keeper {
    /// Hands out, once, the way by which the manager asks for the end: each word says why.
    pub fn ends(&mut self) -> Option<UnboundedReceiver<&'static str>> {
        self.ends.take()
    }

    /// Cues air. From now on [`Keeper::turned`] is waited for.
    pub fn ready(&mut self) {
        say(&self.told, ServiceState::Running, ServiceExitCode::NO_ERROR);
        let (turned, turns) = sync_channel(1);
        let watch = move || {
            loop {
                match turns.recv_timeout(PATIENCE) {
                    Ok(()) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        tracing::error!("the playout hangs: the station ends at once, and is started again");
                        std::process::abort();
                    }
                }
            }
        };
        match std::thread::Builder::new().name("watchdog".into()).spawn(watch) {
            Ok(_) => self.watch = Some(turned),
            Err(error) => tracing::warn!(%error, "nobody watches whether the playout hangs"),
        }
    }

    /// The playout has turned.
    pub fn turned(&self) {
        if let Some(watch) = &self.watch {
            let _ = watch.try_send(());
        }
    }

    /// The station ends in order.
    pub fn stopping(&mut self) {
        self.watch = None;
        say(&self.told, ServiceState::StopPending, ServiceExitCode::NO_ERROR);
    }
}

fn say(told: &ServiceStatusHandle, current_state: ServiceState, exit_code: ServiceExitCode) {
    let (controls_accepted, wait_hint) = match current_state {
        // Of an end of the PC the manager tells early (preshutdown), while everything still works, and again late.
        ServiceState::Running => (
            ServiceControlAccept::STOP | ServiceControlAccept::PRESHUTDOWN | ServiceControlAccept::SHUTDOWN,
            Duration::ZERO,
        ),
        ServiceState::StartPending => (ServiceControlAccept::empty(), STARTS_WITHIN),
        ServiceState::StopPending => (ServiceControlAccept::empty(), ENDS_WITHIN),
        _ => (ServiceControlAccept::empty(), Duration::ZERO),
    };
    let status = ServiceStatus {
        service_type: ServiceType::OWN_PROCESS,
        current_state,
        controls_accepted,
        exit_code,
        checkpoint: 0,
        wait_hint,
        process_id: None,
    };
    if let Err(error) = told.set_service_status(status) {
        tracing::warn!(error = %super::words(&error), ?current_state, "Windows was not told how the service stands");
    }
}

/// Called by Windows, on a thread of its own.
fn run(_arguments: Vec<OsString>) {
    let Some(work) = WORK.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
    let (end, ends) = unbounded_channel();
    let asked = move |control| {
        let name = match control {
            ServiceControl::Stop => "stop of the service",
            ServiceControl::Preshutdown | ServiceControl::Shutdown => "shutdown of Windows",
            ServiceControl::Interrogate => return ServiceControlHandlerResult::NoError,
            _ => return ServiceControlHandlerResult::NotImplemented,
        };
        let _ = end.send(name);
        ServiceControlHandlerResult::NoError
    };
    let told = match service_control_handler::register(NAME, asked) {
        Ok(told) => told,
        Err(error) => {
            return tracing::error!(error = %super::words(&error), "Windows does not take the service");
        }
    };
    say(&told, ServiceState::StartPending, ServiceExitCode::NO_ERROR);
    let fine = work(Keeper { told, watch: None, ends: Some(ends) });
    let code = if fine { ServiceExitCode::NO_ERROR } else { ServiceExitCode::ServiceSpecific(FAILED) };
    say(&told, ServiceState::Stopped, code);
}
