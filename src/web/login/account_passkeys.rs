//! `/account/passkeys`: the passkeys of one's own account.

use std::sync::Arc;

use rocket::http::CookieJar;
use rocket::{Route, State, post, routes};

use crate::login::Login;
use crate::login::passkeys::{ALGORITHMS, PasskeyError, PasskeyRefusal, SentRegistration};
use crate::web::blocking::blocking;
use crate::web::client::Client;
use crate::web::pages::{PageContext, PageRequest};
use crate::web::problem::Problem;
use calendar_domain::{Account, CredentialId};

use super::code::BrowserName;
use super::pages::{browser, page_path};
use super::passkey_answer::{CreationBody, NextBody, PasskeyAnswer, TIMEOUT};
use super::passkey_site::PasskeySite;
use super::passkey_views::name_field;
use super::personal::SeeOther;
use super::sign_in::{Shown, WantedCode, send_code};
use super::{SafeConnection, ScriptForm, VerifiedForm};

fn list_of(context: &PageContext) -> SeeOther {
    SeeOther(page_path(context.paths, "/account#passkeys"))
}

#[post("/account/passkeys/challenge", data = "<sent>")]
async fn begin_passkey(
    sent: Result<ScriptForm, Problem>,
    reader: Result<PageRequest, Problem>,
    site: Option<PasskeySite>,
    login: &State<Arc<Login>>,
) -> Result<PasskeyAnswer, Problem> {
    let (person, context) = (sent?.0.person, reader?.0);
    let PasskeySite(party) = match PasskeyAnswer::site(site, context.words)? {
        Ok(site) => site,
        Err(refused) => return Ok(refused),
    };
    let (login, account) = (Arc::clone(login), person.account.clone());
    let begun = blocking(move || Ok::<_, Problem>(login.begin_passkey(&account, &person.session)));
    let made = match begun.await? {
        Ok(made) => made,
        Err(PasskeyError::Refused(PasskeyRefusal::NotRecent)) => {
            return PasskeyAnswer::not_recent(list_of(&context).0, context.words);
        }
        Err(error) => return PasskeyAnswer::failed(error, context.words),
    };
    let Account { email, name, .. } = &person.account;
    let named = if name.is_empty() {
        email.as_str()
    } else {
        name
    };
    let region = context.snapshot.region();
    PasskeyAnswer::new(&CreationBody {
        challenge: made.challenge.to_string(),
        rp_id: party.id,
        rp_name: region.name.get(context.words.lang()).to_owned(),
        user_id: made.user.to_string(),
        user_name: email.to_string(),
        user_display_name: named.to_owned(),
        algorithms: ALGORITHMS,
        exclude: made.exclude.iter().map(ToString::to_string).collect(),
        timeout: TIMEOUT,
    })
}

#[post("/account/passkeys", data = "<sent>")]
async fn add_passkey(
    sent: Result<ScriptForm, Problem>,
    reader: Result<PageRequest, Problem>,
    site: Option<PasskeySite>,
    agent: BrowserName,
    login: &State<Arc<Login>>,
) -> Result<PasskeyAnswer, Problem> {
    let (VerifiedForm { person, fields }, context) = (sent?.0, reader?.0);
    let PasskeySite(party) = match PasskeyAnswer::site(site, context.words)? {
        Ok(site) => site,
        Err(refused) => return Ok(refused),
    };
    let registration = SentRegistration {
        id: fields.get("id").to_owned(),
        client_data: fields.get("client_data").to_owned(),
        attestation: fields.get("attestation").to_owned(),
    };
    let (login, name) = (Arc::clone(login), browser(context.words, &agent.0));
    let added = blocking(move || {
        let (account, session) = (&person.account, &person.session);
        Ok::<_, Problem>(login.add_passkey(account, session, &party, &registration, &name))
    });
    match added.await? {
        Ok(id) => {
            let path = format!("/account#{}", name_field(&id));
            let next = page_path(context.paths, &path);
            PasskeyAnswer::new(&NextBody { next })
        }
        Err(error) => PasskeyAnswer::failed(error, context.words),
    }
}

/// Changes a passkey of the person who sent a form, and leads to the list.
async fn change(
    sent: Result<VerifiedForm, Problem>,
    reader: Result<PageRequest, Problem>,
    login: &Arc<Login>,
    change: impl FnOnce(&Login, &VerifiedForm, &CredentialId) -> Result<(), PasskeyError>
    + Send
    + 'static,
) -> Result<SeeOther, Problem> {
    let (sent, context) = (sent?, reader?.0);
    // Another form of the same page may have removed it.
    if let Ok(id) = sent.fields.get("passkey").parse::<CredentialId>() {
        let login = Arc::clone(login);
        blocking(move || change(&login, &sent, &id).map_err(problem)).await?;
    }
    Ok(list_of(&context))
}

fn problem(error: PasskeyError) -> Problem {
    match error {
        PasskeyError::Failed(error) => error.into(),
        PasskeyError::TooMany(seconds) => Problem::too_many_requests(seconds),
        PasskeyError::Refused(refusal) => Problem::internal(&refusal),
    }
}

#[post("/account/passkeys/name", data = "<sent>")]
async fn name_passkey(
    sent: Result<VerifiedForm, Problem>,
    reader: Result<PageRequest, Problem>,
    login: &State<Arc<Login>>,
) -> Result<SeeOther, Problem> {
    change(sent, reader, login, |login, sent, id| {
        login.name_passkey(&sent.person.account, id, sent.fields.get("name"))
    })
    .await
}

#[post("/account/passkeys/remove", data = "<sent>")]
async fn remove_passkey(
    sent: Result<VerifiedForm, Problem>,
    reader: Result<PageRequest, Problem>,
    login: &State<Arc<Login>>,
) -> Result<SeeOther, Problem> {
    change(sent, reader, login, |login, sent, id| {
        login.remove_passkey(&sent.person.account, id)
    })
    .await
}

/// «Ikke nå»: the offer of a passkey is not shown again.
#[post("/account/passkeys/decline", data = "<sent>")]
async fn decline_passkey(
    sent: Result<VerifiedForm, Problem>,
    reader: Result<PageRequest, Problem>,
    login: &State<Arc<Login>>,
) -> Result<SeeOther, Problem> {
    let (sent, context) = (sent?, reader?.0);
    let path = if sent.fields.get("page") == "editor" {
        "/editor/"
    } else {
        "/organizer/"
    };
    let login = Arc::clone(login);
    blocking(move || login.decline_passkey(&sent.person.account).map_err(problem)).await?;
    Ok(SeeOther(page_path(context.paths, path)))
}

/// Sends a code to the address of the account. Typing it begins a new session, in which a passkey may be added.
#[post("/account/confirm", data = "<sent>")]
async fn confirm_person(
    sent: Result<VerifiedForm, Problem>,
    connection: Result<SafeConnection, Problem>,
    reader: Result<PageRequest, Problem>,
    client: Client,
    jar: &CookieJar<'_>,
    login: &State<Arc<Login>>,
) -> Result<Shown, Problem> {
    let (sent, connection, context) = (sent?, connection?, reader?.0);
    if !login.can_mail() {
        return Ok(Shown::Other(list_of(&context)));
    }
    let next = Some(page_path(context.paths, "/account"));
    let wanted = WantedCode {
        email: sent.person.account.email,
        next,
        invitation: None,
        link: None,
    };
    send_code(&context, login, &connection, client, jar, wanted).await
}

/// Returns the routes, to be mounted once for each language.
pub(super) fn routes() -> Vec<Route> {
    routes![
        begin_passkey,
        add_passkey,
        name_passkey,
        remove_passkey,
        decline_passkey,
        confirm_person
    ]
}
