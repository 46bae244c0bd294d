//! Signing in and out. Owns the order of it: first whether somebody may try, then the proof, one at a time; the same answer
//! for a name that belongs to nobody as for a wrong password, after the same time.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::ask::{Answered, Ask, Refused, html_response, render};
use super::attempts::Comer;
use super::frame::Frame;
use super::hold;
use super::receive::Asked;
use super::sessions::Secret;
use super::visitor::{no_session, session_cookie};
use crate::core::account::{AccountName, LONGEST_PASSWORD};
use crate::core::page::Problem;
use crate::core::record::Visit;
use crate::words::pages;

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    f: Frame,
    said: Option<String>,
    name: String,
    next: String,
}

/// Where one goes after signing in: a page of ours alone.
fn next(ask: &Ask) -> String {
    let wanted = ask.fields.get("next").unwrap_or("/");
    let sign = |byte| matches!(byte, b'/' | b'-' | b'?' | b'=' | b'&' | b'%' | b'+' | b'.' | b'_' | b'*');
    let plain = wanted.bytes().all(|byte| byte.is_ascii_alphanumeric() || sign(byte));
    let ours = wanted.starts_with('/') && !wanted.starts_with("//") && plain && wanted.len() <= 2_000;
    if ours { wanted.to_owned() } else { "/".into() }
}

/// The form.
pub(super) async fn page(ask: Asked) -> Answered {
    let ask = ask.0;
    if ask.visitor.account.is_some() {
        return Ok(Redirect::to(&next(&ask)).into_response());
    }
    Ok(html_response(form(&ask, None)?))
}

fn form(ask: &Ask, said: Option<String>) -> Result<String, Problem> {
    let labels = pages::labels(ask.visitor.language);
    render(&LoginPage {
        f: Frame::new(ask, None, labels.sign_in.into()),
        said,
        name: ask.fields.get("name").filter(|_| ask.sent).unwrap_or_default().to_owned(),
        next: next(ask),
    })
}

/// Proves name and password.
pub(super) async fn sign_in(ask: Asked) -> Answered {
    let ask = ask.0;
    let pages = ask.pages.clone();
    let from = ask.visitor.from;
    let who = Comer { from, local: ask.visitor.local };
    let name = ask.fields.get("name").and_then(|name| AccountName::new(name).ok());
    let password = ask.fields.raw("password").unwrap_or_default().to_owned();
    {
        let mut attempts = hold(&pages.attempts);
        if let Some(wait) = attempts.wait(name.as_ref(), who, pages.steady()) {
            return Err(Refused(Problem::TooManyAttempts { wait }));
        }
        attempts.begun(name.as_ref(), who, pages.steady());
    }
    let proving = ask.clone().in_turn(pages.proving.clone(), move |ask| {
        let accounts = ask.pages.accounts();
        let given = if password.len() > LONGEST_PASSWORD { "" } else { &password };
        let proved = accounts.prove(name.as_ref(), given);
        let known = name.filter(|name| accounts.get(name).is_some());
        Ok((proved.map(|account| (account.name.clone(), account.mark())), known))
    });
    let (proved, known) = proving.await?;
    let Some((name, mark)) = proved else {
        let told = {
            let mut attempts = hold(&pages.attempts);
            attempts.failed(known, from);
            attempts.take_due(pages.steady())
        };
        pages.tell(told);
        let text = pages::problem(ask.visitor.language, &Problem::WrongPassword);
        let html = form(&ask, Some(text))?;
        return Ok((StatusCode::FORBIDDEN, html_response(html)).into_response());
    };
    let told = hold(&pages.attempts).succeeded(&name, who, pages.steady());
    // A new secret: what a browser held before it was signed in opens nothing.
    let secret = Secret::new().ok_or(Problem::Crowded)?;
    let cookie = session_cookie(&pages, &secret).ok_or(Problem::Failed)?;
    hold(&pages.sessions).begin(&secret, name.clone(), mark, pages.steady());
    if told {
        pages.tell(vec![Visit::In { name, from: from.to_string() }]);
    }
    let mut response = Redirect::to(&next(&ask)).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Ends the session.
pub(super) async fn sign_out(ask: Asked) -> Answered {
    let ask = ask.0;
    if let Some((name, _)) = &ask.visitor.account {
        hold(&ask.pages.sessions).end(&ask.visitor.secret);
        ask.pages.tell(vec![Visit::Out { name: name.clone() }]);
    }
    let mut response: Response = Redirect::to("/").into_response();
    if let Some(cookie) = no_session(&ask.pages) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
