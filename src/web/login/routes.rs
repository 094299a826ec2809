//! Routes of signing in.

use super::{account, code, invitation, sign_in};
use crate::web::policy::{Policy, PolicyRoute};

/// Returns the routes, to be mounted once for each language.
pub fn routes() -> Vec<PolicyRoute> {
    let all = [
        sign_in::routes(),
        code::routes(),
        invitation::routes(),
        account::routes(),
    ];
    Policy::Private.on(all.into_iter().flatten().collect())
}
