//! Routes of signing in.

use super::expired_session::keeping_forms;
use super::{
    account, account_passkeys, code, invitation, kept_form, oidc, passkey_sign_in, personal_data,
    sign_in,
};
use crate::web::policy::{Policy, PolicyRoute};

/// Returns the routes, to be mounted once for each language.
pub fn routes() -> Vec<PolicyRoute> {
    let all = [
        sign_in::routes(),
        code::routes(),
        invitation::routes(),
        keeping_forms(account::routes()),
        passkey_sign_in::routes(),
        keeping_forms(account_passkeys::routes()),
        oidc::routes(),
        personal_data::routes(),
        kept_form::routes(),
    ];
    Policy::Private.on(all.into_iter().flatten().collect())
}

/// Returns the routes whose addresses are registered at OpenID providers, to be mounted once.
pub fn provider_routes() -> Vec<PolicyRoute> {
    Policy::Private.on(oidc::provider_routes())
}
