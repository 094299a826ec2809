//! Pages of editors, `/editor/`.
//!
//! - `queue`: what waits, by the date of the event.
//! - `submission`: a submission beside the public version. `replies`: texts that editors often reply with.
//! - `organisation`: an organisation to approve or trust.
//! - `partner_review`: what runs with partners left open.
//! - `help`: how editors decide.

mod help;
mod organisation;
mod partner_review;
mod queue;
mod replies;
mod submission;

use super::policy::{Policy, PolicyRoute};

/// Returns the routes, to be mounted once for each language.
pub fn routes() -> Vec<PolicyRoute> {
    let all = [
        queue::routes(),
        submission::routes(),
        organisation::routes(),
        partner_review::routes(),
        help::routes(),
    ];
    Policy::Private.on(all.into_iter().flatten().collect())
}
