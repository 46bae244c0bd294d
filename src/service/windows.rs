//! The service under Windows, by its service control manager. Owns how the service is installed: it starts with the PC
//! once Windows' own sound service runs, is started again when it fails, and runs as LocalSystem, since what an office
//! moves into the inbox by mouse keeps the rights of the folder that it came from. How the station runs under it is
//! `serving`'s.

use std::ffi::OsStr;
use std::time::Duration;

use windows_service::Error;
use windows_service::service::{
    Service, ServiceAccess, ServiceAction, ServiceActionType, ServiceDependency, ServiceErrorControl,
    ServiceExitCode, ServiceFailureActions, ServiceFailureResetPeriod, ServiceInfo, ServiceStartType,
    ServiceState, ServiceType,
};
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};

use super::{NAME, ServiceError, State};
use crate::config::installed;

pub mod placing;
mod serving;

pub use serving::{Keeper, PATIENCE, serve};

/// Windows' own service of sound: no card is there before it runs.
const SOUND: &str = "Audiosrv";
/// It is started again so long after a failure; the last holds for every further one.
const AGAIN_AFTER: [Duration; 3] = [Duration::from_secs(5), Duration::from_secs(5), Duration::from_secs(60)];
/// So long without a failure, and the next is the first again.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(3_600);
/// At the PC's shutdown the station may take so long; ten seconds are Windows' own measure.
const ENDS_WITHIN: Duration = Duration::from_secs(30);
/// A start or an ordered end that takes longer is told as a failure. A journal that is restored takes its time.
const TAKES_AT_MOST: Duration = Duration::from_secs(120);
/// Between two looks at how the service stands.
const LOOK: Duration = Duration::from_millis(200);

/// What Windows answers by number.
const ACCESS_DENIED: i32 = 5;
const ALREADY_RUNS: i32 = 1056;
const NO_SUCH_SERVICE: i32 = 1060;
const NOT_ACTIVE: i32 = 1062;
const NEVER_STARTED: u32 = 1077;

pub(super) fn state() -> State {
    let found = open(ServiceManagerAccess::CONNECT, ServiceAccess::QUERY_STATUS);
    match found.and_then(|service| service.query_status()) {
        Ok(status) => match (status.current_state, &status.exit_code) {
            (ServiceState::Stopped, ServiceExitCode::Win32(0 | NEVER_STARTED)) => State::Stopped,
            (ServiceState::Stopped, _) => State::Failed,
            (ServiceState::StopPending, _) => State::Stopped,
            _ => State::Running,
        },
        Err(Error::Winapi(error)) if error.raw_os_error() == Some(NO_SUCH_SERVICE) => State::NotInstalled,
        Err(_) => State::NoKeeper,
    }
}

pub(super) fn enable_and_start() -> Result<(), ServiceError> {
    start(&made()?)
}

pub(super) fn restart() -> Result<(), ServiceError> {
    stop()?;
    let access = ServiceAccess::START | ServiceAccess::QUERY_STATUS;
    start(&open(ServiceManagerAccess::CONNECT, access).map_err(told)?)
}

pub(super) fn stop() -> Result<(), ServiceError> {
    let service = open(ServiceManagerAccess::CONNECT, ServiceAccess::STOP | ServiceAccess::QUERY_STATUS)
        .map_err(told)?;
    match service.stop() {
        Ok(_) => {}
        Err(Error::Winapi(error)) if error.raw_os_error() == Some(NOT_ACTIVE) => return Ok(()),
        Err(error) => return Err(told(error)),
    }
    wait_until(&service, ServiceState::Stopped)
}

/// Makes the service, which starts with the PC from then on; or makes the one that is there as it is to be: another version
/// of Loa may have made it.
///
/// # Errors
/// This user may not, or the system refuses.
pub fn install() -> Result<(), ServiceError> {
    made().map(drop)
}

/// Ends the station in order and takes the service out of the system; one that is not installed is no error. The station's
/// folder stays.
///
/// # Errors
/// This user may not, or the system refuses.
pub fn remove() -> Result<(), ServiceError> {
    if state() == State::NotInstalled {
        return Ok(());
    }
    stop()?;
    open(ServiceManagerAccess::CONNECT, ServiceAccess::DELETE)
        .and_then(|service| service.delete())
        .map_err(told)
}

fn open(manager: ServiceManagerAccess, service: ServiceAccess) -> windows_service::Result<Service> {
    ServiceManager::local_computer(None::<&OsStr>, manager)?.open_service(NAME, service)
}

fn made() -> Result<Service, ServiceError> {
    // The one in its place, whichever is running: an unpacked package goes.
    let program = Some(placing::program()).filter(|program| program.is_file());
    let program = program.map_or_else(std::env::current_exe, Ok);
    let program = program.map_err(|error| ServiceError::Refused { found: error.to_string() })?;
    // Told once and for all: a service has no working directory of its own, and its environment is not this one.
    let config = installed::folder().join(installed::CONFIG);
    let wanted = ServiceInfo {
        name: NAME.into(),
        display_name: "Loa".into(),
        service_type: ServiceType::OWN_PROCESS,
        // Not delayed: a village waits for 05:00, and the PC may have been switched on for it.
        start_type: ServiceStartType::AutoStart,
        error_control: ServiceErrorControl::Normal,
        executable_path: program,
        launch_arguments: vec!["run".into(), "--service".into(), "--config".into(), config.into_os_string()],
        dependencies: vec![ServiceDependency::Service(SOUND.into())],
        account_name: None,
        account_password: None,
    };
    let access = ServiceAccess::QUERY_STATUS | ServiceAccess::START | ServiceAccess::CHANGE_CONFIG;
    let service = match open(ServiceManagerAccess::CONNECT, access) {
        Ok(service) => service.change_config(&wanted).map(|()| service).map_err(told)?,
        Err(Error::Winapi(error)) if error.raw_os_error() == Some(NO_SUCH_SERVICE) => {
            let manager = ServiceManager::local_computer(
                None::<&OsStr>,
                ServiceManagerAccess::CONNECT | ServiceManagerAccess::CREATE_SERVICE,
            );
            manager.and_then(|manager| manager.create_service(&wanted, access)).map_err(told)?
        }
        Err(error) => return Err(told(error)),
    };
    // What a system does not take of these (an old one, Wine) does not keep a station from airing.
    let again = AGAIN_AFTER.map(|delay| ServiceAction { action_type: ServiceActionType::Restart, delay });
    let on_failure = ServiceFailureActions {
        reset_period: ServiceFailureResetPeriod::After(FORGOTTEN_AFTER),
        reboot_msg: None,
        command: None,
        actions: Some(again.to_vec()),
    };
    let described =
        service.set_description("Phát bản ghi âm theo lịch. Airs recorded programmes on schedule.");
    let refinements = [
        ("its restart after a failure", service.update_failure_actions(on_failure)),
        // A station that ends itself loudly, because a part of it has died, is started again as well.
        ("its restart after an error", service.set_failure_actions_on_non_crash_failures(true)),
        ("its time to end", service.set_preshutdown_timeout(ENDS_WITHIN)),
        ("its description", described),
    ];
    for (what, done) in refinements {
        if let Err(error) = done {
            tracing::warn!(error = %words(&error), "the service was installed without {what}");
        }
    }
    Ok(service)
}

fn start(service: &Service) -> Result<(), ServiceError> {
    match service.start::<&OsStr>(&[]) {
        Ok(()) => {}
        Err(Error::Winapi(error)) if error.raw_os_error() == Some(ALREADY_RUNS) => {}
        Err(error) => return Err(told(error)),
    }
    wait_until(service, ServiceState::Running)
}

fn wait_until(service: &Service, wanted: ServiceState) -> Result<(), ServiceError> {
    let mut left = TAKES_AT_MOST;
    loop {
        let status = service.query_status().map_err(told)?;
        if status.current_state == wanted {
            return Ok(());
        }
        if status.current_state == ServiceState::Stopped {
            let found = match status.exit_code {
                ServiceExitCode::Win32(code) => format!("it ended with Windows' error {code}"),
                ServiceExitCode::ServiceSpecific(code) => format!("it ended with error {code}"),
            };
            return Err(ServiceError::Refused {
                found: format!("{found}; why is in `loa.log` in the state folder"),
            });
        }
        if left.is_zero() {
            let found = format!("it was not {wanted:?} within {} s", TAKES_AT_MOST.as_secs());
            return Err(ServiceError::Refused { found });
        }
        std::thread::sleep(LOOK);
        left = left.saturating_sub(LOOK);
    }
}

/// The library's words for an error of Windows say nothing of it.
fn words(error: &Error) -> String {
    match error {
        Error::Winapi(error) => error.to_string(),
        error => error.to_string(),
    }
}

fn told(error: Error) -> ServiceError {
    let found = words(&error);
    match error {
        Error::Winapi(error) if error.raw_os_error() == Some(ACCESS_DENIED) => {
            ServiceError::NotAllowed { found }
        }
        _ => ServiceError::Refused { found },
    }
}
