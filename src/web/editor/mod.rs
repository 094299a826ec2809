//! Pages of editors, `/editor/`.
//!
//! - `queue`: what waits, by the date of the event.
//! - `submission`: a submission beside the public version. `replies`: texts that editors often reply with.
//! - `organisation`: an organisation to approve or trust.
//! - `mails`: mails that did not arrive.
//! - `partner_review`: what runs with partners left open.
//! - `help`: how editors decide.

mod help;
mod mails;
mod organisation;
mod partner_review;
mod queue;
mod replies;
mod submission;

use super::login::keeping_forms;
use super::policy::{Policy, PolicyRoute};

/// Returns the routes, to be mounted once for each language.
pub fn routes() -> Vec<PolicyRoute> {
    let all = [
        queue::routes(),
        submission::routes(),
        organisation::routes(),
        mails::routes(),
        partner_review::routes(),
        help::routes(),
    ];
    let all = all.into_iter().flatten().collect();
    Policy::Private.on(keeping_forms(all))
}
