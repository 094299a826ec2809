//! The routes of the pages of organizers.

use super::{
    autosave, availability, check, copy, dashboard, events, help, history, images, organisation,
    organisations, published, published_images, similar, submission, upload, upload_report,
};
use crate::web::login::keeping_forms;
use crate::web::policy::{Policy, PolicyRoute};

/// Returns the routes, to be mounted once for each language.
pub fn routes() -> Vec<PolicyRoute> {
    let all = [
        dashboard::routes(),
        organisations::routes(),
        organisation::routes(),
        events::routes(),
        autosave::routes(),
        check::routes(),
        copy::routes(),
        similar::routes(),
        submission::routes(),
        published::routes(),
        published_images::routes(),
        help::routes(),
        history::routes(),
        availability::routes(),
        images::routes(),
        upload::routes(),
        upload_report::routes(),
    ];
    let all = all.into_iter().flatten().collect();
    let mut routes = keeping_forms(all);
    routes.extend(images::upload_routes());
    routes.extend(upload::upload_routes());
    Policy::Private.on(routes)
}
