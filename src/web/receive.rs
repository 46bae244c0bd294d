//! The way of every request: which name the station was asked for by, who asks, whether they may. Owns that order, the
//! list of what may be sent and by whom, the headers of every answer, and the page that says what is wrong. No page is
//! reached by a form that has not passed here; a page that panics becomes a page that says so.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};

use super::api::json_response;
use super::ask::{Ask, Fields, Refused, html_response, render};
use super::door::{Lease, Peer};
use super::frame::{Frame, Said};
use super::sending::Sending;
use super::visitor::{Visitor, came_from_ours, host, is_ours, language};
use super::{
    Pages, airings, api, change, handwriting, inbox, listen, login, month, now, orders, proof, recordings,
    reports, rundown, take_off, themes, upload,
};
use crate::config::Listen;
use crate::core::account::Deed;
use crate::core::page::Problem;
use crate::words;

/// No form of ours is longer.
const LARGEST_FORM: usize = 16 * 1_024;
/// The form with files: it is read by its page, and may take long on a slow telephone.
const UPLOAD: &str = "/upload";
const UPLOAD_PATIENCE: Duration = Duration::from_secs(600);
/// A form must come within this, and an answer be made.
const PATIENCE: Duration = Duration::from_secs(15);

/// What may be sent, and what it does; none: it concerns nobody but the sender.
const FORMS: &[(&str, Option<Deed>)] = &[
    ("/login", None),
    ("/logout", None),
    ("/stop", Some(Deed::Stop)),
    ("/play", Some(Deed::Play)),
    ("/skip", Some(Deed::Skip)),
    ("/emergency", Some(Deed::Emergency)),
    ("/emergency/end", Some(Deed::Emergency)),
    ("/clock", Some(Deed::ConfirmClock)),
    ("/approve", Some(Deed::Approve)),
    ("/refuse", Some(Deed::Approve)),
    ("/enter", Some(Deed::WriteDown)),
    ("/note", Some(Deed::WriteDown)),
    ("/take-back", Some(Deed::WriteDown)),
    ("/review", Some(Deed::WriteDown)),
    (UPLOAD, Some(Deed::Upload)),
    ("/change", Some(Deed::Change)),
    ("/recordings/off", Some(Deed::TakeOff)),
];

/// What is shown to whoever asks from afar without being signed in.
const OPEN: &[&str] = &["/login", "/health", "/loa.css", "/loa.js"];

/// All pages.
pub(super) fn router(pages: Arc<Pages>) -> Router {
    let style = || asset("text/css; charset=utf-8", include_str!("templates/loa.css"));
    let script = || asset("text/javascript; charset=utf-8", include_str!("templates/loa.js"));
    Router::new()
        .route("/", get(now::page))
        .route("/live", get(now::live))
        .route("/airings", get(airings::page))
        .route("/airings/{id}", get(proof::page))
        .route("/month", get(month::page))
        .route("/rundown", get(rundown::page))
        .route("/inbox", get(inbox::page))
        .route("/inbox/receipts/{id}", get(inbox::receipt))
        .route(UPLOAD, post(upload::take))
        .route("/change", post(change::change))
        .route("/recordings/off", post(take_off::take_off))
        .route("/recordings", get(recordings::page))
        .route("/recordings/one", get(recordings::one))
        .route("/recordings/listen", get(listen::listen))
        .route("/orders", get(orders::page))
        .route("/login", get(login::page).post(login::sign_in))
        .route("/logout", post(login::sign_out))
        .route("/stop", post(orders::stop))
        .route("/play", post(orders::play))
        .route("/skip", post(orders::skip))
        .route("/emergency", post(orders::emergency))
        .route("/emergency/end", post(orders::end_emergency))
        .route("/clock", post(orders::confirm_clock))
        .route("/approve", post(orders::approve))
        .route("/refuse", post(orders::refuse))
        .route("/themes", get(themes::page))
        .route("/reports", get(reports::page))
        .route("/reports/file", get(reports::file))
        .route("/enter", post(handwriting::enter))
        .route("/note", post(handwriting::note))
        .route("/take-back", post(handwriting::take_back))
        .route("/review", post(handwriting::review))
        .route("/api/v1/status", get(api::status))
        .route("/api/v1/airings", get(api::airings))
        .route("/api/v1/rundown", get(api::rundown))
        .route("/health", get(api::health))
        .route("/loa.css", get(move || async move { style() }))
        .route("/loa.js", get(move || async move { script() }))
        .fallback(|| async { Refused(Problem::NoSuchPage) })
        .method_not_allowed_fallback(|| async { Refused(Problem::WrongMethod) })
        .layer(from_fn_with_state(pages, receive))
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

async fn receive(State(pages): State<Arc<Pages>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let query = Fields::of(parts.uri.query().unwrap_or_default().as_bytes());
    let asked = query.get("language").map(language);
    let path = parts.uri.path().to_owned();
    let peer = parts.extensions.get::<Peer>().copied();
    let visitor =
        peer.and_then(|peer| Visitor::of(&pages, &parts.headers, peer, asked.flatten(), path != "/live"));
    // Only a system that gives no chance, or a door that names nobody, comes here.
    let Some(visitor) = visitor else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let mut ask =
        Ask { pages, visitor, fields: query, path, sent: parts.method == Method::POST, sending: None };
    let response = match admit(&mut ask, asked == Some(None), &parts, body).await {
        Ok(()) => run(&ask, parts, next).await,
        Err(problem) => Refused(problem).into_response(),
    };
    let refused = response.extensions().get::<Refused>().cloned();
    let mut response = match refused {
        Some(Refused(problem)) => told(&ask, problem),
        None => response,
    };
    dress(&ask, &mut response);
    response
}

/// The form that is sent, by what it does.
fn form_of(ask: &Ask) -> Option<Option<Deed>> {
    let sent = |(path, _): &&(&str, Option<Deed>)| ask.sent && *path == ask.path;
    FORMS.iter().find(sent).map(|(_, deed)| *deed)
}

/// Whether the request may go on; reads the form, where there is one.
async fn admit(ask: &mut Ask, strange_language: bool, parts: &Parts, body: Body) -> Result<(), Problem> {
    let page = &ask.pages.config.page;
    let here = matches!(page.listen, Listen::At(address) if address.ip().is_loopback());
    let named = host(&parts.headers).is_some_and(|host| is_ours(host, here, page.certificate.is_some()));
    if !named {
        return Err(Problem::StrangeName);
    }
    if strange_language {
        return Err(Problem::NoSuchLanguage);
    }
    if let Some(deed) = form_of(ask) {
        if !came_from_ours(&parts.headers) {
            return Err(Problem::StrangeOrigin);
        }
        if ask.path == UPLOAD {
            return admit_files(ask, deed, parts, body).await;
        }
        let form = tokio::time::timeout(PATIENCE, to_bytes(body, LARGEST_FORM)).await;
        let form = form.map_err(|_| Problem::NotWhole)?.map_err(|_| too_much(parts))?;
        ask.fields = Fields::of(&form);
        let token = ask.fields.raw("token").map(ToOwned::to_owned);
        may_send(ask, token, deed)?;
    } else if !matches!(parts.method, Method::GET | Method::HEAD) {
        // Whatever route there may be: what is not in the list reaches no page. The router adds what the address takes.
        let is_there = parts.extensions.get::<MatchedPath>().is_some();
        return Err(if is_there { Problem::WrongMethod } else { Problem::NoSuchPage });
    }
    let stranger = !ask.visitor.local && ask.visitor.account.is_none();
    if stranger && !OPEN.contains(&ask.path.as_str()) {
        return Err(Problem::NotSignedIn);
    }
    Ok(())
}

/// Whether that form is one of theirs, and they may do what it does.
fn may_send(ask: &Ask, token: Option<String>, deed: Option<Deed>) -> Result<(), Problem> {
    if token != Some(ask.visitor.token(&ask.pages)) {
        return Err(Problem::NoToken);
    }
    if let Some(deed) = deed.filter(|deed| !ask.visitor.may(*deed)) {
        let unknown = ask.visitor.account.is_none() && deed != Deed::Stop;
        return Err(if unknown { Problem::NotSignedIn } else { Problem::NotAllowed(deed) });
    }
    Ok(())
}

/// Whether a form with files may go on, by its first field: nothing of it is kept before that.
async fn admit_files(ask: &mut Ask, deed: Option<Deed>, parts: &Parts, body: Body) -> Result<(), Problem> {
    let mut sending = Sending::of(parts, body)?;
    let token = tokio::time::timeout(PATIENCE, sending.token()).await;
    let token = token.map_err(|_| Problem::NotWhole).flatten();
    let may = token.and_then(|token| may_send(ask, token, deed)).and_then(|()| {
        // An upload holds its place until it is done, or given up.
        ask.pages.uploading.clone().try_acquire_owned().map_err(|_| Problem::Crowded)
    });
    match may {
        Ok(place) => {
            let lease = parts.extensions.get::<Lease>().cloned().unwrap_or_default();
            sending.place = Some((place, lease.hold()));
            ask.sending = Some(Arc::new(std::sync::Mutex::new(Some(sending))));
            Ok(())
        }
        Err(problem) => {
            sending.drain().await;
            Err(problem)
        }
    }
}

/// Why a form could not be read: it said, or turned out, to be too long, or it broke off.
fn too_much(parts: &Parts) -> Problem {
    let length = parts.headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    match length {
        Some(length) if length <= LARGEST_FORM => Problem::NotWhole,
        _ => Problem::TooMuch,
    }
}

/// A request being answered; ends with whoever waits for it.
struct Waiting(tokio::task::JoinHandle<Response>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn run(ask: &Ask, mut parts: Parts, next: Next) -> Response {
    parts.extensions.insert(ask.clone());
    let request = Request::from_parts(parts, Body::empty());
    // Whoever goes away, or has waited long enough, waits for no turn any more.
    let mut running = Waiting(tokio::spawn(next.run(request)));
    let patience = if ask.sending.is_some() { UPLOAD_PATIENCE } else { PATIENCE };
    match tokio::time::timeout(patience, &mut running.0).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Refused(Problem::Failed).into_response(),
        Err(_) if ask.sending.is_some() => Refused(Problem::NotWhole).into_response(),
        // An order that has got its turn is carried out all the same.
        Err(_) if ask.sent => Refused(Problem::PlayoutSilent).into_response(),
        Err(_) => Refused(Problem::TookTooLong).into_response(),
    }
}

/// The page, or the JSON, that says what is wrong.
fn told(ask: &Ask, problem: Problem) -> Response {
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let text = words::pages::problem(ask.visitor.language, &problem);
    if ask.path.starts_with("/api/") {
        return (status, json_response(serde_json::json!({ "error": text }).to_string())).into_response();
    }
    if problem == Problem::NotSignedIn && !ask.sent && ask.path != "/live" {
        // The whole address: a leader is sent that of a recording that waits.
        let fields = ask.fields.with(&[]);
        let wanted = if fields.is_empty() { ask.path.clone() } else { format!("{}?{fields}", ask.path) };
        let next = form_urlencoded::byte_serialize(wanted.as_bytes()).collect::<String>();
        return Redirect::to(&format!("/login?next={next}")).into_response();
    }
    let labels = words::pages::labels(ask.visitor.language);
    let title = if ask.sent { labels.refused } else { labels.not_possible };
    let said = Said {
        f: Frame::new(ask, None, title.into()),
        tone: "bad",
        text: text.clone(),
        back: if ask.path == "/" || !ask.visitor.local && ask.visitor.account.is_none() {
            "/login"
        } else {
            "/"
        },
    };
    let html = render(&said).unwrap_or(text);
    let mut response = (status, html_response(html)).into_response();
    if let Problem::TooManyAttempts { wait } = problem {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs() + 1));
    }
    response
}

/// What a page of another making may do, in the place of what ours may.
#[derive(Clone, Copy)]
pub(super) struct OwnPolicy(pub(super) &'static str);

/// What every answer carries.
fn dress(ask: &Ask, response: &mut Response) {
    const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; media-src 'self'; \
        form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let policy = response.extensions().get::<OwnPolicy>().map_or(POLICY, |own| own.0);
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Forms say their origin under this policy; under a stricter one they say `null`.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let headers = response.headers_mut();
    // A form has a stricter policy of its own.
    fixed.into_iter().for_each(|(name, value)| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    });
    for cookie in ask.visitor.cookies(&ask.pages) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// The request as a page gets it.
pub(super) type Asked = Extension<Ask>;
