//! `/organizer/events/similar`: likely duplicates of what a form says, as a fragment for its script. The same fragment is
//! in the form and on the page of the last look.

use askama::Template;
use rocket::{Route, post, routes};

use crate::editorial::actor::own_submission;
use crate::editorial::similar::{Similar, SimilarEvent, SimilarReason, SimilarSubject, similar};
use crate::editorial::submission_path;
use crate::web::login::{PersonalPage, ScriptForm};
use crate::web::pages::{PageContext, render};
use crate::web::problem::Problem;
use crate::web::workspace::WorkspaceRequest;
use calendar_domain::{Slug, SubmissionId};
use calendar_language::{Words, Year, capitalised};

use super::typed_form::typed;

/// The fragment; empty if nothing is similar.
#[derive(Debug, Template)]
#[template(path = "workspace/similar.html")]
pub(super) struct SimilarView {
    t: Words,
    events: Vec<SimilarRow>,
    places: Vec<SimilarPlace>,
}

/// A likely duplicate.
#[derive(Debug)]
struct SimilarRow {
    title: String,
    url: String,
    when: String,
    /// The place; may be empty.
    place: String,
    /// «Samme dag, samme sted, lik tittel».
    reasons: String,
    /// Whether it is a submission of the person's organisations.
    is_own: bool,
}

/// A known place like the new one.
#[derive(Debug)]
struct SimilarPlace {
    slug: String,
    name: String,
    /// The address; may be empty.
    address: String,
}

impl SimilarView {
    /// Returns the fragment of what was found.
    pub(super) fn new(context: &PageContext, found: &Similar) -> Self {
        let place = |slug: &Slug| {
            let place = context.snapshot.place(slug)?;
            let address = place.address.as_ref();
            Some(SimilarPlace {
                slug: slug.to_string(),
                name: place.name.clone(),
                address: address.map_or_else(String::new, calendar_domain::Address::line),
            })
        };
        Self {
            t: context.words,
            events: found
                .events
                .iter()
                .map(|event| row(context, event))
                .collect(),
            places: found.places.iter().filter_map(place).collect(),
        }
    }

    /// Returns the fragment without places, for a page without a form.
    pub(super) fn without_places(self) -> Self {
        Self {
            places: Vec::new(),
            ..self
        }
    }

    /// Returns the markup.
    ///
    /// # Errors
    /// Returns an internal error if the template can't be rendered.
    pub(super) fn html(&self) -> Result<String, Problem> {
        Ok(render::html(self)?.trim().to_owned())
    }
}

fn row(context: &PageContext, event: &SimilarEvent) -> SimilarRow {
    let when = context
        .words
        .when_in(&event.when, context.zone(), Year::Said);
    let reasons: Vec<String> = event
        .reasons
        .iter()
        .map(|item| reason(context, *item))
        .collect();
    SimilarRow {
        title: context.text(&event.title),
        url: match &event.subject {
            SimilarSubject::Public(slug) => context.paths.event(slug.as_str()),
            SimilarSubject::Own(id) => context.paths.workspace(&submission_path(id)),
        },
        when: capitalised(&when),
        place: context.venue_line(&event.venues),
        reasons: capitalised(&reasons.join(", ")),
        is_own: matches!(event.subject, SimilarSubject::Own(_)),
    }
}

fn reason(context: &PageContext, reason: SimilarReason) -> String {
    let words = context.words;
    match reason {
        SimilarReason::SameTime => words.say("similar-same-time").into_owned(),
        SimilarReason::SameDay => words.say("similar-same-day").into_owned(),
        SimilarReason::DaysApart(days) => words.say_with("similar-days-apart", &[("days", days)]),
        SimilarReason::SamePlace => words.say("similar-same-place").into_owned(),
        SimilarReason::SameTitle => words.say("similar-same-title").into_owned(),
        SimilarReason::LikeTitle => words.say("similar-like-title").into_owned(),
    }
}

#[post("/organizer/events/similar", data = "<form>")]
async fn show_similar(
    request: WorkspaceRequest,
    form: ScriptForm,
) -> Result<PersonalPage, Problem> {
    let form = form.0;
    let id: Option<SubmissionId> = form.fields.get("submission").parse().ok();
    let typed = typed(&form.fields);
    let found = request.get(move |calendar, actor| {
        // A submission that is not theirs is none that they edit.
        let own = id.and_then(|id| own_submission(calendar, actor, &id).ok());
        let except = own.as_ref().map(|(value, _)| (&value.id, &value.event));
        Ok(similar(calendar, actor, &typed, except)?)
    });
    let view = SimilarView::new(&request.context, &found.await?);
    PersonalPage::new(&view, request.context.words.lang())
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_similar]
}
