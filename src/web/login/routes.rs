//! Routes of signing in.

use super::expired_session::keeping_forms;
use super::{account, code, invitation, kept_form, sign_in};
use crate::web::policy::{Policy, PolicyRoute};

/// Returns the routes, to be mounted once for each language.
pub fn routes() -> Vec<PolicyRoute> {
    let all = [
        sign_in::routes(),
        code::routes(),
        invitation::routes(),
        keeping_forms(account::routes()),
        kept_form::routes(),
    ];
    Policy::Private.on(all.into_iter().flatten().collect())
}
