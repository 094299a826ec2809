//! The providers on pages.

use crate::config::OidcConfig;
use crate::login::oidc::OidcLogin;
use crate::web::login::pages::page_path;
use crate::web::pages::PageContext;
use calendar_domain::Account;
use calendar_language::Year;
use sha2::{Digest, Sha256};

use super::provider_lines::{LinkedIdentity, ProviderButton};

/// Returns the buttons of the page for signing in.
pub(in crate::web::login) fn buttons(
    context: &PageContext,
    oidc: &OidcLogin,
) -> Vec<ProviderButton> {
    let button = |config: &OidcConfig| ProviderButton {
        label: context
            .words
            .say_with("oidc-sign-in", &[("provider", config.name.as_str())]),
        action: page_path(context.paths, &format!("/login/oidc/{}", config.id)),
        id: config.id.to_string(),
        hint: config.hint.clone().unwrap_or_default(),
    };
    oidc.providers().map(button).collect()
}

/// Returns the identities of an account, and buttons for the providers of which it has none.
pub(in crate::web::login) fn linked_identities(
    context: &PageContext,
    oidc: &OidcLogin,
    account: &Account,
) -> (Vec<LinkedIdentity>, Vec<ProviderButton>) {
    let (words, zone) = (context.words, context.zone());
    let identities = account.logins.iter().map(|login| {
        let day = login.linked.with_timezone(&zone).date_naive();
        let values = [("date", words.date(day, Year::Said))];
        LinkedIdentity {
            id: identity_id(&login.issuer, &login.subject),
            name: oidc.name_of(&login.issuer),
            linked: words.say_with("account-identity-linked", &values),
        }
    });
    let is_missing = |config: &&OidcConfig| {
        let mut own = account.logins.iter();
        !own.any(|login| login.issuer == config.issuer.as_str())
    };
    let add = |config: &OidcConfig| ProviderButton {
        label: words.say_with(
            "account-identity-add",
            &[("provider", config.name.as_str())],
        ),
        action: page_path(context.paths, "/account/logins"),
        id: config.id.to_string(),
        hint: config.hint.clone().unwrap_or_default(),
    };
    let missing = oidc.providers().filter(is_missing).map(add).collect();
    (identities.collect(), missing)
}

/// Returns what identifies an identity in a form, without its subject.
pub(super) fn identity_id(issuer: &str, subject: &str) -> String {
    let whole = Sha256::digest(format!("{issuer}\n{subject}"));
    hex::encode(&whole[..8])
}
