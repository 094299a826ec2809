//! Routes of the programmatic interfaces.

use crate::web::policy::PolicyRoute;

use super::{changes, lists, openapi, partner, resources, review};

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    [
        openapi::routes(),
        changes::routes(),
        resources::routes(),
        lists::routes(),
        partner::routes(),
        review::routes(),
    ]
    .concat()
}
