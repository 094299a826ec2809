//! Routes of embeds.

use crate::web::policy::PolicyRoute;

use super::{builder, data, frame, oembed, script};

/// Returns the routes of programs and frames, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    [
        data::routes(),
        frame::routes(),
        oembed::routes(),
        script::routes(),
    ]
    .concat()
}

/// Returns the routes of the page that writes the code, to be mounted once for each language.
pub fn page_routes() -> Vec<PolicyRoute> {
    builder::routes()
}
