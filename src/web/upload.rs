//! Files sent into the inbox by a page. Owns the way from the form to the folder of an office: no file has its name before
//! the whole form has come, and what breaks off leaves nothing. What becomes of the files is the inbox's to say.

use std::io::ErrorKind;

use askama::Template;
use multer::Field as Part;

use super::ask::{Answered, Ask, bad, html_response, render};
use super::folders::Incoming;
use super::frame::{Frame, Place};
use super::hold;
use super::receive::Asked;
use super::sending::Sending;
use crate::core::account::{Deed, Role};
use crate::core::page::{Field, Problem};
use crate::core::record::Visit;
use crate::words::pages;

/// So many files in one form.
const FILES: usize = 20;
/// The whole station, where an office is chosen: no name of an office has this sign.
const WHOLE: &str = "/";
/// So much is gathered before it is written.
const GATHERED: usize = 256 * 1_024;

/// The form on the page *Inbox*.
pub(super) struct UploadForm {
    /// The offices that a file can be sent for.
    pub(super) offices: Vec<String>,
    /// It may be sent for the whole station too.
    pub(super) whole: bool,
    /// How large a file may be.
    pub(super) limit: String,
}

/// Whether somebody may send for the whole station: what lies in the inbox itself replaces the common recordings.
fn may_whole(ask: &Ask) -> bool {
    ask.visitor.account.as_ref().is_some_and(|(_, role)| *role == Role::Technician)
}

/// The form, for whoever may send one. Blocks.
pub(super) fn form(ask: &Ask) -> Option<UploadForm> {
    let may = ask.visitor.account.is_some() && ask.visitor.may(Deed::Upload);
    may.then(|| UploadForm {
        offices: ask.pages.station.offices(),
        whole: may_whole(ask),
        limit: pages::upload_limit(ask.visitor.language, ask.pages.config.inbox.largest_mb),
    })
}

struct Coming {
    incoming: Box<dyn Incoming>,
    bytes: u64,
}

#[derive(Template)]
#[template(path = "uploaded.html")]
struct UploadedPage {
    f: Frame,
    office: String,
    files: Vec<String>,
}

/// Takes the files of a form; its mark and who sends it were looked at before.
pub(super) async fn take(ask: Asked) -> Answered {
    let ask = ask.0;
    let sending = ask.sending.as_ref().and_then(|sending| hold(sending).take());
    let Some(mut sending) = sending else { return Err(Problem::NotWhole.into()) };
    let mut coming = Vec::new();
    let office = match read(&ask, &mut sending, &mut coming).await {
        Ok(office) => office,
        Err(problem) => {
            let _ = tokio::task::spawn_blocking(move || drop(coming)).await;
            sending.drain().await;
            return Err(problem.into());
        }
    };
    let html = ask.carrying(move |ask| {
        let (mut files, mut visits) = (Vec::new(), Vec::new());
        let mut failed = None;
        for one in coming {
            match one.incoming.finish() {
                Ok(file) => {
                    if let Some((name, _)) = &ask.visitor.account {
                        let (name, office, bytes) = (name.clone(), office.clone(), one.bytes);
                        visits.push(Visit::Uploaded { name, office, file: file.clone(), bytes });
                    }
                    files.push(file);
                }
                Err(error) => failed = Some(not_stored(&error)),
            }
        }
        ask.pages.tell(visits);
        if let Some(problem) = failed {
            return Err(problem);
        }
        let labels = pages::labels(ask.visitor.language);
        let f = Frame::new(ask, Some(Place::Inbox), labels.uploaded.into());
        render(&UploadedPage { f, office: office.unwrap_or_else(|| labels.whole_station.into()), files })
    });
    Ok(html_response(html.await?))
}

/// Reads the form; answers the office.
async fn read(ask: &Ask, sending: &mut Sending, coming: &mut Vec<Coming>) -> Result<Option<String>, Problem> {
    let mut office: Option<Option<String>> = None;
    while let Some(field) = sending.next().await? {
        match (field.name(), field.file_name()) {
            (Some("office"), None) => {
                let wanted = sending.text(field).await?;
                office = Some(chosen(ask, wanted).await?);
            }
            (Some("file"), Some(sent)) => {
                let sent = sent.to_owned();
                let Some(office) = office.clone() else { return Err(bad(Field::Office, "")) };
                if sent.is_empty() {
                    sending.text(field).await?;
                    continue;
                }
                if coming.len() >= FILES {
                    return Err(Problem::TooMuch);
                }
                coming.push(write(ask, sending, field, (office, sent)).await?);
            }
            _ => return Err(Problem::NotWhole),
        }
    }
    match office {
        Some(office) if !coming.is_empty() => Ok(office),
        Some(_) => Err(Problem::NothingSent),
        None => Err(bad(Field::Office, "")),
    }
}

/// The office that was chosen: one of those that are offered, letter for letter.
async fn chosen(ask: &Ask, wanted: String) -> Result<Option<String>, Problem> {
    if wanted == WHOLE && may_whole(ask) {
        return Ok(None);
    }
    let choosing = ask.clone().carrying(move |ask| {
        let offices = ask.pages.station.offices();
        offices.into_iter().find(|office| *office == wanted).ok_or_else(|| bad(Field::Office, &wanted))
    });
    choosing.await.map(Some).map_err(|refused| refused.0)
}

async fn write(
    ask: &Ask,
    sending: &Sending,
    mut field: Part<'static>,
    (office, sent): (Option<String>, String),
) -> Result<Coming, Problem> {
    let limit = u64::from(ask.pages.config.inbox.largest_mb) * 1_000_000;
    let begun = ask.clone().carrying(move |ask| {
        let begun = ask.pages.station.incoming(office.as_deref(), &sent);
        begun.map_err(|error| not_stored(&error))
    });
    let mut one = Coming { incoming: begun.await.map_err(|refused| refused.0)?, bytes: 0 };
    let mut gathered = Vec::with_capacity(GATHERED);
    loop {
        let piece = sending.piece(&mut field).await?;
        let last = piece.is_none();
        if let Some(piece) = piece {
            one.bytes += piece.len() as u64;
            if one.bytes > limit {
                return Err(Problem::TooLarge { limit });
            }
            gathered.extend_from_slice(&piece);
        }
        if gathered.len() >= GATHERED || last && !gathered.is_empty() {
            let writing = ask.clone().carrying(move |_| {
                one.incoming.write(&gathered).map_err(|error| not_stored(&error))?;
                gathered.clear();
                Ok((one, gathered))
            });
            (one, gathered) = writing.await.map_err(|refused| refused.0)?;
        }
        if last {
            return Ok(one);
        }
    }
}

fn not_stored(error: &std::io::Error) -> Problem {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Problem::DiskFull,
        _ => Problem::NotStored { found: error.to_string() },
    }
}
