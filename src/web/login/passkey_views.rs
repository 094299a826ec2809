//! Passkeys in pages: the button on `/login`, the list on `/account`, and the offer on a person's first page.

use askama::Template;

use crate::web::assets::PASSKEY_SCRIPT;
use crate::web::pages::PageContext;
use crate::web::problem::Problem;
use calendar_domain::{Account, CredentialId, Passkey};
use calendar_language::{Words, Year};

use super::SignedIn;
use super::pages::page_path;
use super::passkey_site::PasskeySite;

/// Number of bytes of an id by which a field of the page is named.
const FIELD: usize = 9;

/// Returns the `id` of the field with the name of a passkey.
pub(super) fn name_field(id: &CredentialId) -> String {
    let first: Vec<u8> = id.as_bytes().iter().take(FIELD).copied().collect();
    format!("passkey-{}", calendar_domain::Base64Url(first))
}

/// The button that signs in with a passkey. It is hidden unless the script shows it.
#[derive(Debug, Template)]
#[template(path = "login/passkey_button.html")]
struct PasskeyButton {
    t: Words,
    action: String,
    challenge: String,
    token: String,
    /// The page to show afterwards; may be empty.
    next: String,
}

impl PasskeyButton {
    fn script(&self) -> &'static str {
        PASSKEY_SCRIPT.path()
    }
}

/// Returns the button for a page as HTML; empty where passkeys can't be used. `token` is that of the page, `next` the page
/// to show afterwards.
pub(super) fn passkey_button(
    context: &PageContext,
    site: Option<&PasskeySite>,
    token: &str,
    next: &str,
) -> Result<String, Problem> {
    if site.is_none() {
        return Ok(String::new());
    }
    html(&PasskeyButton {
        t: context.words,
        action: page_path(context.paths, "/login/passkey"),
        challenge: page_path(context.paths, "/login/passkey/challenge"),
        token: token.to_owned(),
        next: next.to_owned(),
    })
}

fn html(part: &impl Template) -> Result<String, Problem> {
    part.render().map_err(|error| Problem::internal(&error))
}

/// The passkeys of an account.
#[derive(Debug, Template)]
#[template(path = "login/passkeys.html")]
struct PasskeyList {
    t: Words,
    token: String,
    passkeys: Vec<PasskeyLine>,
    adding: Adding,
    action: String,
    challenge: String,
    name: String,
    remove: String,
    confirm: String,
}

/// Whether the person may add a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Adding {
    /// By the button.
    Open,
    /// After typing a new code.
    AfterCode,
    /// After signing in again, since no mail can be sent.
    AfterSignIn,
    /// The account has the maximum number.
    Full,
    /// Not at this address.
    Elsewhere,
}

/// A passkey in the list.
#[derive(Debug)]
struct PasskeyLine {
    id: String,
    field: String,
    name: String,
    /// When it was made and used.
    times: String,
}

impl PasskeyList {
    fn script(&self) -> &'static str {
        PASSKEY_SCRIPT.path()
    }
}

/// Returns the list for a page as HTML.
pub(super) fn passkey_list(
    context: &PageContext,
    person: &SignedIn,
    site: Option<&PasskeySite>,
    (is_recent, can_mail): (bool, bool),
) -> Result<String, Problem> {
    let known = &person.account.passkeys;
    let adding = if site.is_none() {
        Adding::Elsewhere
    } else if known.len() >= Account::PASSKEYS {
        Adding::Full
    } else if is_recent {
        Adding::Open
    } else if can_mail {
        Adding::AfterCode
    } else {
        Adding::AfterSignIn
    };
    let path = |rest: &str| page_path(context.paths, rest);
    html(&PasskeyList {
        t: context.words,
        token: person.token.as_str().to_owned(),
        passkeys: known.iter().map(|known| line(context, known)).collect(),
        adding,
        action: path("/account/passkeys"),
        challenge: path("/account/passkeys/challenge"),
        name: path("/account/passkeys/name"),
        remove: path("/account/passkeys/remove"),
        confirm: path("/account/confirm"),
    })
}

fn line(context: &PageContext, passkey: &Passkey) -> PasskeyLine {
    let words = context.words;
    let day = |at: chrono::DateTime<chrono::Utc>| {
        words.date(at.with_timezone(&context.zone()).date_naive(), Year::Said)
    };
    let created = ("created", day(passkey.created));
    let times = match passkey.used {
        Some(used) => words.say_with("passkey-times", &[created, ("used", day(used))]),
        None => words.say_with("passkey-unused", &[created]),
    };
    PasskeyLine {
        id: passkey.id.to_string(),
        field: name_field(&passkey.id),
        name: passkey.name.clone(),
        times,
    }
}

/// The offer of a passkey. It is hidden unless the script shows it.
#[derive(Debug, Template)]
#[template(path = "login/passkey_offer.html")]
struct PasskeyOffer {
    t: Words,
    token: String,
    action: String,
    challenge: String,
    decline: String,
    /// `editor` or `organizer`.
    page: &'static str,
}

impl PasskeyOffer {
    fn script(&self) -> &'static str {
        PASSKEY_SCRIPT.path()
    }
}

/// Returns the offer of a passkey for the first page of a person as HTML; empty if there is none. `page` is `editor` or
/// `organizer`.
///
/// # Errors
/// Returns an internal error if the template can't be rendered.
pub fn passkey_offer(
    context: &PageContext,
    person: &SignedIn,
    page: &'static str,
) -> Result<String, Problem> {
    if !person.account.is_offered_passkey() {
        return Ok(String::new());
    }
    let path = |rest: &str| page_path(context.paths, rest);
    html(&PasskeyOffer {
        t: context.words,
        token: person.token.as_str().to_owned(),
        action: path("/account/passkeys"),
        challenge: path("/account/passkeys/challenge"),
        decline: path("/account/passkeys/decline"),
        page,
    })
}
