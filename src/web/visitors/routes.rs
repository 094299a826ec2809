//! Routes of the pages of visitors.

use super::{confirm, report, suggest};
use crate::web::policy::{Policy, PolicyRoute};

/// Returns the routes, to be mounted once for each language.
pub fn routes() -> Vec<PolicyRoute> {
    let all = [suggest::routes(), report::routes(), confirm::routes()];
    Policy::Private.on(all.into_iter().flatten().collect())
}
