//! Pages of editors, `/editor/`.
//!
//! - `queue`: what waits, by the date of the event.
//! - `submission`: a submission beside the public version.
//! - `organisation`: an organisation to approve or trust.
//! - `partner_review`: what runs with partners left open.

mod organisation;
mod partner_review;
mod queue;
mod submission;

use super::policy::{Policy, PolicyRoute};

/// Returns the routes, to be mounted once for each language.
pub fn routes() -> Vec<PolicyRoute> {
    let all = [
        queue::routes(),
        submission::routes(),
        organisation::routes(),
        partner_review::routes(),
    ];
    Policy::Private.on(all.into_iter().flatten().collect())
}
