//! The routes of the pages of editors.

use super::{
    audit, help, mails, organisation, partner_review, queue, rejections, report, submission,
    suggestion_form,
};
use crate::web::login::keeping_forms;
use crate::web::policy::{Policy, PolicyRoute};

/// Returns the routes, to be mounted once for each language.
pub fn routes() -> Vec<PolicyRoute> {
    let all = [
        queue::routes(),
        submission::routes(),
        rejections::routes(),
        suggestion_form::routes(),
        report::routes(),
        organisation::routes(),
        mails::routes(),
        audit::routes(),
        partner_review::routes(),
        help::routes(),
    ];
    let all = all.into_iter().flatten().collect();
    Policy::Private.on(keeping_forms(all))
}
