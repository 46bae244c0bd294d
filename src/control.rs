//! Orders from the command line to the running station: one line of JSON each way over loopback TCP. Owns the file
//! `state/control` with port and token, and the protocol; what an order does is the playout's. Whoever may read the
//! file may control the station, the same on every system.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream as Stream};

use crate::core::airing::ScheduleId;
use crate::core::drops::DropId;
use crate::core::handwritten::Handwritten;
use crate::core::order::{Answer, ControlError, Order, Refusal};
pub use crate::core::standing::{Alarm, Report};

pub mod vouched;

/// A request may be this long; more is no request of ours.
const LONGEST: u64 = 64 * 1024;
/// A client that says nothing for this long is let go, and a command waits this long for its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is asked of the station.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Ask {
    /// How it stands.
    Status,
    /// That a person's approval be taken down.
    Approve {
        /// The schedule.
        schedule: ScheduleId,
        /// Who approves.
        by: String,
        /// The newest receipt that the approver has read: what came later is not approved with it.
        #[serde(default)]
        receipt: Option<DropId>,
    },
    /// That a person's refusal be taken down.
    Refuse {
        /// The schedule.
        schedule: ScheduleId,
        /// Who refuses.
        by: String,
        /// Why, for the office.
        why: String,
        /// The newest receipt that the refuser has read: what came later is not refused with it.
        #[serde(default)]
        receipt: Option<DropId>,
    },
    /// That something be written down by hand.
    Write {
        /// What, and who writes.
        hand: Handwritten,
    },
    /// That an order be carried out.
    Order {
        /// The order.
        order: Order,
        /// Who gives it.
        by: String,
    },
}

/// What the station answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "told", rename_all = "snake_case")]
pub enum Told {
    /// How it stands.
    Status(Box<Report>),
    /// The order is carried out.
    Done(Answer),
    /// It is refused.
    Refused(Refusal),
    /// The request was none, or its token was wrong.
    NotUnderstood,
    /// The playout did not answer in time.
    Busy,
}

/// A request as it goes over the wire.
#[derive(Serialize, Deserialize)]
struct Request {
    token: String,
    #[serde(flatten)]
    ask: Ask,
}

/// What `state/control` holds.
#[derive(Serialize, Deserialize)]
struct Door {
    port: u16,
    token: String,
}

/// The running station's side.
pub struct Control {
    listener: TcpListener,
    token: String,
    file: PathBuf,
}

impl Control {
    /// Opens the door: listens on a free loopback port and writes `control` into `state`.
    pub async fn open(state: &Path) -> Result<Control, ControlError> {
        let file = state.join("control");
        let failed = |found: String| ControlError::NoDoor { file: file.clone(), found };
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(|e| failed(e.to_string()))?;
        let port = listener.local_addr().map_err(|e| failed(e.to_string()))?.port();
        let mut random = [0u8; 32];
        getrandom::fill(&mut random).map_err(|e| failed(e.to_string()))?;
        let token: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let text =
            serde_json::to_string(&Door { port, token: token.clone() }).map_err(|e| failed(e.to_string()))?;
        write_private(&file, &text).map_err(|e| failed(e.to_string()))?;
        Ok(Control { listener, token, file })
    }

    /// Answers whoever asks, until dropped. `answer` blocks, so it runs on a thread of its own.
    pub async fn serve(&self, answer: Arc<dyn Fn(Ask) -> Told + Send + Sync>) {
        loop {
            match self.listener.accept().await {
                Ok((stream, from)) => {
                    let (token, answer) = (self.token.clone(), answer.clone());
                    tokio::spawn(async move {
                        let served =
                            tokio::time::timeout(PATIENCE * 2, serve_one(stream, &token, answer)).await;
                        if !matches!(served, Ok(Ok(()))) {
                            tracing::debug!(%from, "a request was not finished");
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a request could not be accepted");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}

async fn serve_one(
    stream: Stream,
    token: &str,
    answer: Arc<dyn Fn(Ask) -> Told + Send + Sync>,
) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    tokio::io::BufReader::new(read.take(LONGEST)).read_line(&mut line).await?;
    let told = match serde_json::from_str::<Request>(&line) {
        Ok(request) if same(&request.token, token) => {
            tokio::task::spawn_blocking(move || answer(request.ask)).await.unwrap_or(Told::Busy)
        }
        _ => Told::NotUnderstood,
    };
    let mut text = serde_json::to_string(&told).map_err(std::io::Error::other)?;
    text.push('\n');
    write.write_all(text.as_bytes()).await?;
    write.shutdown().await
}

/// Compares without telling by its time how much was right.
fn same(given: &str, token: &str) -> bool {
    given.len() == token.len()
        && given.bytes().zip(token.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// Replaces the file in one step, readable by its owner alone where the system knows owners.
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    let fresh = file.with_extension("new");
    let _ = std::fs::remove_file(&fresh);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let written = options.open(&fresh).and_then(|mut made| made.write_all(text.as_bytes()));
    written.and_then(|()| std::fs::rename(&fresh, file)).inspect_err(|_| {
        // On a full disk half a file would stay, for nobody.
        let _ = std::fs::remove_file(&fresh);
    })
}

/// Asks the station that runs on `state`.
pub fn ask(state: &Path, ask: Ask) -> Result<Told, ControlError> {
    let file = state.join("control");
    let not_running = || ControlError::NotRunning { state: state.to_path_buf() };
    let text = std::fs::read_to_string(&file).map_err(|error| match error.kind() {
        std::io::ErrorKind::PermissionDenied => {
            ControlError::NotAllowed { file: file.clone(), found: error.to_string() }
        }
        _ => not_running(),
    })?;
    let door: Door = serde_json::from_str(&text).map_err(|_| not_running())?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, door.port));
    // A station that was killed leaves its door behind: nobody listens, or somebody else does.
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).map_err(|_| not_running())?;
    let no_answer = |error: std::io::Error| ControlError::NoAnswer { found: error.to_string() };
    stream.set_read_timeout(Some(PATIENCE)).map_err(no_answer)?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(no_answer)?;
    let request = serde_json::to_string(&Request { token: door.token, ask });
    let request = request.map_err(|error| ControlError::NoAnswer { found: error.to_string() })?;
    writeln!(stream, "{request}").map_err(no_answer)?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).map_err(no_answer)?;
    match serde_json::from_str(&line) {
        Ok(Told::NotUnderstood) | Err(_) => Err(not_running()),
        Ok(Told::Busy) => Err(ControlError::NoAnswer { found: "the playout is busy".into() }),
        Ok(told) => Ok(told),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "current_thread")]
    async fn only_the_token_opens_the_door_and_the_file_is_gone_with_it() {
        let state = tempfile::tempdir().unwrap();
        let control = Control::open(state.path()).await.unwrap();
        let file = state.path().join("control");
        let door: Door = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let serving = async {
            let answer = |_| Told::Done(Answer::Ending);
            control.serve(Arc::new(answer)).await;
        };
        let folder = state.path().to_path_buf();
        let asking = tokio::task::spawn_blocking(move || {
            let right = ask(&folder, Ask::Status).unwrap();
            assert_eq!(right, Told::Done(Answer::Ending));
            for wrong in
                ["{}", "not json", &format!("{{\"token\":\"{}\",\"ask\":\"status\"}}", "0".repeat(64))]
            {
                let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, door.port)).unwrap();
                writeln!(stream, "{wrong}").unwrap();
                let mut line = String::new();
                BufReader::new(stream).read_line(&mut line).unwrap();
                assert_eq!(serde_json::from_str::<Told>(&line).unwrap(), Told::NotUnderstood, "{wrong}");
            }
        });
        tokio::select! {
            () = serving => unreachable!("serves for ever"),
            asked = asking => asked.unwrap(),
        }
        drop(control);
        assert!(matches!(ask(state.path(), Ask::Status), Err(ControlError::NotRunning { .. })));
    }
}
