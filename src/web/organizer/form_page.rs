//! The page of the form.

use askama::Template;

use crate::catalog::Calendar;
use crate::editorial::similar::{Similar, similar};
use crate::editorial::submission_store::recent_places;
use crate::editorial::{Actor, EditorialError};
use crate::web::problem::Problem;
use crate::web::workspace::form_view::{EventFormView, element_id};
use crate::web::workspace::{PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::event_form::{EventForm, FormField};
use calendar_domain::{Organisation, Slug, Submission, SubmissionState};
use calendar_store::Revision;

use super::repeated_dates::{RepeatedDates, repeated_dates};
use super::similar::SimilarView;

/// Where the script of the form saves it.
const AUTOSAVE: &str = "/organizer/events/autosave";
/// Number of places that are offered first.
const RECENT_PLACES: usize = 6;

/// The page of the form.
#[derive(Debug, Template)]
#[template(path = "workspace/event_form.html")]
pub(in crate::web) struct EventFormPage {
    pub(in crate::web) page: WorkspacePage,
    pub(super) form: EventFormView,
    /// Where it is sent.
    pub(super) action: String,
    /// Identifies this page of the form.
    pub(super) form_id: String,
    /// Where its script saves the form; empty if it must not.
    pub(super) autosave: String,
    /// The submission; empty for a new event.
    pub(super) submission: String,
    /// The revision that the form shows; empty for a new event.
    pub(super) revision: String,
    /// The organisations to choose from; empty if there is no choice.
    pub(super) organisations: Vec<OrganisationChoice>,
    /// The only organisation; empty if there is a choice.
    pub(super) organisation: String,
    /// What an editor wants changed that is not about one field.
    pub(super) comments: Vec<String>,
    /// The dates of a repetition.
    pub(super) dates: RepeatedDates,
    /// The words of a copy that may be about another time.
    pub(super) dated: Vec<DatedWords>,
    /// Likely duplicates; may be empty. Rendered from a template.
    pub(super) similar: String,
    /// Where the script of the form asks for likely duplicates.
    pub(super) similar_url: String,
    /// Whether it edits a public event.
    pub(super) is_edit: bool,
    /// Whether another member changed the same fields.
    pub(super) is_conflict: bool,
    /// Whether an editor changes what a visitor suggests.
    pub(super) is_visitors: bool,
}

impl EventFormPage {
    /// Makes it the form in which an editor changes what a visitor suggests: without drafts and pictures.
    pub(in crate::web) fn for_visitor(&mut self, request: &WorkspaceRequest) {
        self.is_visitors = true;
        self.autosave.clear();
        self.page.heading = request.context.words.say("review-edit").into_owned();
    }
}

/// An organisation to choose.
#[derive(Debug)]
pub(super) struct OrganisationChoice {
    id: String,
    name: String,
    /// ` selected` or an empty string. Safe to write unescaped.
    mark: &'static str,
}

/// The words in a field of a copy that may be about another time.
#[derive(Debug)]
pub(super) struct DatedWords {
    /// The element.
    pub(super) id: String,
    /// The label of the field.
    pub(super) label: String,
    /// «2026», «lørdag».
    pub(super) words: String,
}

/// What the form shows that it does not say itself.
#[derive(Debug, Default)]
pub(in crate::web) struct FormFacts {
    /// The places that the organisations used last.
    pub(super) recent_places: Vec<Slug>,
    /// Likely duplicates.
    pub(super) similar: Similar,
}

impl FormFacts {
    /// Returns what the form of a submission shows.
    ///
    /// # Errors
    /// Errors if the store cannot be read.
    pub(in crate::web) fn of_submission(
        calendar: &Calendar,
        actor: &Actor,
        submission: &Submission,
    ) -> Result<Self, EditorialError> {
        let owner = submission.organisation().map(std::slice::from_ref);
        let except = Some((&submission.id, &submission.event));
        Ok(Self {
            recent_places: recent_places(calendar, owner.unwrap_or_default(), RECENT_PLACES)?,
            similar: similar(calendar, actor, &submission.form, except)?,
        })
    }

    /// Returns what the form of a new event shows.
    ///
    /// # Errors
    /// Errors if the store cannot be read.
    pub(super) fn of_new(
        calendar: &Calendar,
        organisations: &[Organisation],
    ) -> Result<Self, EditorialError> {
        let owners: Vec<_> = organisations
            .iter()
            .map(|organisation| organisation.id.clone())
            .collect();
        Ok(Self {
            recent_places: recent_places(calendar, &owners, RECENT_PLACES)?,
            similar: Similar::default(),
        })
    }
}

/// Returns the page of a new event. `chosen` is the organisation to begin with.
pub(super) fn new_page(
    request: &WorkspaceRequest,
    usable: &[Organisation],
    chosen: Option<&str>,
    facts: FormFacts,
    notice: Option<PageNotice>,
) -> EventFormPage {
    let choice = |organisation: &Organisation| OrganisationChoice {
        id: organisation.id.to_string(),
        name: organisation.name.clone(),
        mark: if Some(organisation.id.as_str()) == chosen {
            " selected"
        } else {
            ""
        },
    };
    let (organisations, organisation) = match usable {
        [only] => (Vec::new(), only.id.to_string()),
        several => (several.iter().map(choice).collect(), String::new()),
    };
    let context = &request.context;
    let heading = context.words.say("work-new-event").into_owned();
    let view = EventFormView::new(context, EventForm::default(), Vec::new(), Vec::new());
    EventFormPage {
        page: request.page(heading, "/organizer/events/new", notice),
        form: view.with_recent_places(facts.recent_places),
        action: context.paths.workspace("/organizer/events/new"),
        form_id: request.calendar.clock().new_id().to_string(),
        autosave: context.paths.workspace(AUTOSAVE),
        submission: String::new(),
        revision: String::new(),
        organisations,
        organisation,
        comments: Vec::new(),
        dates: RepeatedDates::default(),
        dated: Vec::new(),
        similar: String::new(),
        similar_url: similar_url(request),
        is_edit: false,
        is_conflict: false,
        is_visitors: false,
    }
}

fn similar_url(request: &WorkspaceRequest) -> String {
    request.context.paths.workspace("/organizer/events/similar")
}

/// Returns the page of the form of a submission. `rest` is its path without the language.
///
/// # Errors
/// Returns an internal error if a template can't be rendered.
pub(in crate::web) fn form_page(
    request: &WorkspaceRequest,
    (submission, revision): (&Submission, Revision),
    (form, view): (&EventForm, EventFormView),
    facts: FormFacts,
    (rest, notice): (&str, Option<PageNotice>),
) -> Result<EventFormPage, Problem> {
    let context = &request.context;
    let heading = if submission.is_edit() {
        "work-edit-public"
    } else {
        "work-edit-event"
    };
    let mut page = request.page(context.words.say(heading), rest, notice);
    if !view.summary().is_empty() {
        let title = [("title", page.heading.as_str())];
        page.layout.title = context.words.say_with("form-error-title", &title);
    }
    let comments = submission
        .comments
        .iter()
        .filter(|comment| comment.field.is_none());
    Ok(EventFormPage {
        page,
        form: view.with_recent_places(facts.recent_places),
        action: context.paths.workspace(rest),
        form_id: request.calendar.clock().new_id().to_string(),
        // One that waits for an editor becomes a draft again only if its author says so.
        autosave: match submission.state {
            SubmissionState::Submitted => String::new(),
            _ => context.paths.workspace(AUTOSAVE),
        },
        submission: submission.id.to_string(),
        revision: revision.to_string(),
        organisations: Vec::new(),
        organisation: submission
            .organisation()
            .map_or_else(String::new, ToString::to_string),
        comments: comments.map(|comment| comment.text.clone()).collect(),
        dates: repeated_dates(request, form),
        dated: dated_words(request, submission, form),
        similar: SimilarView::new(context, &facts.similar).html()?,
        similar_url: similar_url(request),
        is_edit: submission.is_edit(),
        is_conflict: false,
        is_visitors: false,
    })
}

/// Returns the words of a copy that may be about another time; none if the submission is no copy.
pub(super) fn dated_words(
    request: &WorkspaceRequest,
    submission: &Submission,
    form: &EventForm,
) -> Vec<DatedWords> {
    if !submission.copied {
        return Vec::new();
    }
    let context = &request.context;
    let row = |(field, words): (FormField, Vec<String>)| {
        let key = format!("field-{}", field.as_str().replace('_', "-"));
        let quoted: Vec<String> = words
            .iter()
            .map(|word| {
                context
                    .words
                    .say_with("form-dated-word", &[("word", word.as_str())])
            })
            .collect();
        DatedWords {
            id: element_id(field, 0),
            label: context.words.say(&key).into_owned(),
            words: quoted.join(", "),
        }
    };
    form.dated_words(context.today())
        .into_iter()
        .map(row)
        .collect()
}
