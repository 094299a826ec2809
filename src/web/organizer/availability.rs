//! `/organizer/published/<id>/availability`: how many places are left, for an event or one of its dates.

use rocket::{Route, post, routes};

use super::start_param::parse_start;
use crate::editorial::availability::change_availability;
use crate::web::login::{SeeOther, VerifiedForm};
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::{PageNotice, WorkspaceRequest};
use calendar_domain::{Availability, Event, EventId};

/// An availability to choose.
#[derive(Debug)]
pub(super) struct AvailabilityChoice {
    pub value: &'static str,
    pub text: String,
    /// ` checked` or an empty string. Safe to write unescaped.
    pub mark: &'static str,
}

/// Returns the choices, with that of the event checked.
pub(super) fn choices(request: &WorkspaceRequest, event: &Event) -> Vec<AvailabilityChoice> {
    let words = request.context.words;
    let choice = |availability: &Availability| {
        let key = format!("set-{}", availability.as_str().replace('_', "-"));
        AvailabilityChoice {
            value: availability.as_str(),
            text: words.say(&key).into_owned(),
            mark: if *availability == event.availability {
                " checked"
            } else {
                ""
            },
        }
    };
    Availability::ALL.iter().map(choice).collect()
}

#[post("/organizer/published/<id>/availability", data = "<form>")]
async fn change_places_left(
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found())?;
    let rest = format!("/organizer/published/{id}");
    let wrong = || Problem::new(ProblemKind::BadRequest);
    let left = Availability::named(form.fields.get("availability")).ok_or_else(wrong)?;
    let occurrence = match form.fields.get("occurrence") {
        "" => None,
        text => Some(parse_start(text).ok_or_else(wrong)?),
    };
    let done = request
        .run(move |calendar, actor| change_availability(calendar, actor, &id, occurrence, left));
    request.answer(done.await?, &rest, PageNotice::Status)
}

pub(super) fn routes() -> Vec<Route> {
    routes![change_places_left]
}
