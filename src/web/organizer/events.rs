//! `/organizer/events/new` and `/organizer/events/<id>/edit`: the form. Whatever is typed is saved before anything is
//! checked.

use askama::Template;
use rocket::http::Status;
use rocket::{Either, Route, get, post, routes};

use crate::editorial::actor::own_submission;
use crate::editorial::organisations;
use crate::editorial::submission_form::{form_context, read_form};
use crate::editorial::submission_path;
use crate::editorial::submissions::SaveOutcome;
use crate::editorial::{EditorialError, edits, open_form};
use crate::web::login::{FormFields, PersonalPage, SeeOther, VerifiedForm};
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::form_view::EventFormView;
use crate::web::workspace::{NoticeParam, PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::event_form::EventForm;
use calendar_domain::holidays::on;
use calendar_domain::recurrence::ExpansionLimits;
use calendar_domain::{
    EventId, OrganisationId, OrganisationStanding, Schedule, Submission, SubmissionId,
    SubmissionState, Window,
};
use calendar_language::{Year, capitalised};
use calendar_store::Revision;
use uuid::Uuid;

/// Where the script of the form saves it.
const AUTOSAVE: &str = "/organizer/events/autosave";
/// Number of dates of a repetition that are listed.
const DATES_SHOWN: usize = 10;

/// The page of the form.
#[derive(Debug, Template)]
#[template(path = "workspace/event_form.html")]
struct EventFormPage {
    page: WorkspacePage,
    form: EventFormView,
    /// Where it is sent.
    action: String,
    /// Identifies this page of the form.
    form_id: String,
    /// Where its script saves the form; empty if it must not.
    autosave: String,
    /// The submission; empty for a new event.
    submission: String,
    /// The revision that the form shows; empty for a new event.
    revision: String,
    /// The organisations to choose from; empty if there is no choice.
    organisations: Vec<OrganisationChoice>,
    /// The only organisation; empty if there is a choice.
    organisation: String,
    /// What an editor wants changed that is not about one field.
    comments: Vec<String>,
    /// The next dates of a repetition.
    dates: Vec<RepeatedDate>,
    /// Whether it edits a public event.
    is_edit: bool,
    /// Whether another member changed the same fields.
    is_conflict: bool,
}

/// An organisation to choose.
#[derive(Debug)]
struct OrganisationChoice {
    id: String,
    name: String,
    /// ` selected` or an empty string. Safe to write unescaped.
    mark: &'static str,
}

/// A date of a repetition.
#[derive(Debug)]
struct RepeatedDate {
    iso: String,
    text: String,
    /// «17. mai»; empty if it is no holiday.
    holiday: String,
    struck: bool,
}

/// Returns what was typed into the form of an event.
pub(super) fn typed(fields: &FormFields) -> EventForm {
    let pairs = fields.0.iter();
    EventForm::from_pairs(pairs.map(|(name, value)| (name.as_str(), value.as_str())))
}

/// Returns the next dates of a repeated event, struck ones included.
fn dates(request: &WorkspaceRequest, form: &EventForm) -> Vec<RepeatedDate> {
    let visit = &request.visit;
    let snapshot = &visit.snapshot;
    let Some(mut schedule) = form.schedule(form_context(snapshot, &request.actor())) else {
        return Vec::new();
    };
    let Some(recurrence) = &mut schedule.recurrence else {
        return Vec::new();
    };
    let struck = std::mem::take(&mut recurrence.exdates);
    let row = |when: &calendar_domain::When, start: calendar_domain::Start| {
        let date = when.start().date();
        let holidays = on(&snapshot.region().holidays, date);
        let holidays: Vec<String> = holidays.map(|it| visit.text(&it.name)).collect();
        RepeatedDate {
            iso: start.date().to_string(),
            text: capitalised(&visit.words.when_in(when, visit.zone(), Year::Said)),
            holiday: holidays.join(", "),
            struck: struck.contains(&start),
        }
    };
    next_dates(&schedule, request)
        .iter()
        .filter_map(|it| Some(row(&it.0, it.1?)))
        .collect()
}

fn next_dates(
    schedule: &Schedule,
    request: &WorkspaceRequest,
) -> Vec<(calendar_domain::When, Option<calendar_domain::Start>)> {
    let from = schedule.earliest_start().date().max(request.visit.today());
    let until = from
        .checked_add_months(chrono::Months::new(120))
        .unwrap_or(from);
    let window = Window {
        from,
        until,
        zone: request.visit.zone(),
    };
    let found = schedule.occurrences(window, &ExpansionLimits::default());
    let found = found.unwrap_or_default().into_iter().take(DATES_SHOWN);
    found.map(|it| (it.when, it.recurrence_id)).collect()
}

#[get("/organizer/events/new?<organisation>&<notice>")]
async fn show_new_event(
    organisation: Option<&str>,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let read = request.get(|calendar, actor| Ok(organisations::own(calendar, &actor.account)?));
    let own = read.await?;
    let mut usable = own.member;
    usable.retain(|it| it.standing != OrganisationStanding::Refused);
    let Some(first) = usable.first() else {
        let path = request.visit.paths.workspace("/organizer/organisations");
        return Ok(Either::Left(SeeOther(path)));
    };
    let only = (usable.len() == 1).then(|| first.id.to_string());
    let choice = |it: &calendar_domain::Organisation| OrganisationChoice {
        id: it.id.to_string(),
        name: it.name.clone(),
        mark: if Some(it.id.as_str()) == organisation {
            " selected"
        } else {
            ""
        },
    };
    let visit = &request.visit;
    let heading = visit.words.say("work-new-event").into_owned();
    let form = EventForm::default();
    let page = EventFormPage {
        page: request.page(heading, "/organizer/events/new", notice.0),
        form: EventFormView::new(visit, form, Vec::new(), Vec::new()),
        action: visit.paths.workspace("/organizer/events/new"),
        form_id: request.calendar.clock().new_id().to_string(),
        autosave: visit.paths.workspace(AUTOSAVE),
        submission: String::new(),
        revision: String::new(),
        organisations: match only {
            Some(_) => Vec::new(),
            None => usable.iter().map(choice).collect(),
        },
        organisation: only.unwrap_or_default(),
        comments: Vec::new(),
        dates: Vec::new(),
        is_edit: false,
        is_conflict: false,
    };
    Ok(Either::Right(page.page.render(&page)?))
}

/// Returns where a form leads after it was saved.
fn next_page(
    request: &WorkspaceRequest,
    id: &SubmissionId,
    action: &str,
    is_valid: bool,
) -> SeeOther {
    let own = submission_path(id);
    match action {
        "save" => request.to(&own, PageNotice::Saved),
        "dates" => SeeOther(request.visit.paths.workspace(&format!("{own}/edit#dates"))),
        "rows" => SeeOther(
            request
                .visit
                .paths
                .workspace(&format!("{own}/edit#programme")),
        ),
        _ if is_valid => SeeOther(request.visit.paths.workspace(&format!("{own}/check"))),
        _ => SeeOther(
            request
                .visit
                .paths
                .workspace(&format!("{own}/edit?check=true")),
        ),
    }
}

#[post("/organizer/events/new", data = "<form>")]
async fn save_new_event(
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let organisation: Result<OrganisationId, _> = form.fields.get("organisation").parse();
    let organisation = organisation.map_err(|_| Problem::new(ProblemKind::BadRequest))?;
    let typed = typed(&form.fields);
    let form_id: Option<Uuid> = form.fields.get("form_id").parse().ok();
    let saved = request.run(move |calendar, actor| {
        let id = open_form::save_new(calendar, actor, form_id, &organisation, &typed)?;
        let (saved, _) = own_submission(calendar, actor, &id)?;
        let is_valid = read_form(&calendar.snapshot(), actor, &saved).is_ok();
        Ok((id, is_valid))
    });
    let (id, is_valid) = match saved.await? {
        Ok(saved) => saved,
        Err(EditorialError::TooMany) => return Ok(request.to("/organizer/", PageNotice::Many)),
        Err(error) => return Err(error.into()),
    };
    Ok(next_page(
        &request,
        &id,
        form.fields.get("action"),
        is_valid,
    ))
}

fn form_page(
    request: &WorkspaceRequest,
    (submission, revision): (&Submission, Revision),
    view: EventFormView,
    form: &EventForm,
    notice: Option<PageNotice>,
) -> EventFormPage {
    let visit = &request.visit;
    let rest = format!("{}/edit", submission_path(&submission.id));
    let heading = if submission.is_edit() {
        "work-edit-public"
    } else {
        "work-edit-event"
    };
    let mut page = request.page(visit.words.say(heading), &rest, notice);
    if !view.summary().is_empty() {
        let title = [("title", page.heading.as_str())];
        page.shell.title = visit.words.say_with("form-error-title", &title);
    }
    let comments = submission.comments.iter().filter(|it| it.field.is_none());
    EventFormPage {
        page,
        form: view,
        action: visit.paths.workspace(&rest),
        form_id: request.calendar.clock().new_id().to_string(),
        // One that waits for an editor becomes a draft again only if its author says so.
        autosave: match submission.state {
            SubmissionState::Submitted => String::new(),
            _ => visit.paths.workspace(AUTOSAVE),
        },
        submission: submission.id.to_string(),
        revision: revision.to_string(),
        organisations: Vec::new(),
        organisation: submission.organisation.to_string(),
        comments: comments.map(|it| it.text.clone()).collect(),
        dates: dates(request, form),
        is_edit: submission.is_edit(),
        is_conflict: false,
    }
}

#[get("/organizer/events/<id>/edit?<check>&<notice>")]
async fn show_edit_event(
    id: &str,
    check: Option<bool>,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let is_checked = check.unwrap_or(false);
    let read = request.get(move |calendar, actor| {
        let (found, revision) = own_submission(calendar, actor, &id)?;
        let errors = match read_form(&calendar.snapshot(), actor, &found) {
            Err(EditorialError::Invalid(errors)) if is_checked => errors,
            Ok(_) | Err(EditorialError::Invalid(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok((found, revision, errors))
    });
    let (found, revision, errors) = read.await?;
    if !found.state.is_editable() {
        let to = submission_path(&found.id);
        return Ok(Either::Left(request.to(&to, PageNotice::State)));
    }
    let comments = found.comments.clone();
    let view = EventFormView::new(&request.visit, found.form.clone(), errors, comments);
    let page = form_page(&request, (&found, revision), view, &found.form, notice.0);
    Ok(Either::Right(page.page.render(&page)?))
}

#[post("/organizer/events/<id>/edit", data = "<form>")]
async fn save_event(
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let seen = revision(&form.fields)?;
    let form_typed = typed(&form.fields);
    let form_id: Option<Uuid> = form.fields.get("form_id").parse().ok();
    let organisation: Result<OrganisationId, _> = form.fields.get("organisation").parse();
    let save = request.get(move |calendar, actor| {
        if let Ok(organisation) = organisation {
            open_form::assign(calendar, actor, &id, &organisation)?;
        }
        let outcome = open_form::save(calendar, actor, form_id, &id, seen, &form_typed)?;
        let (saved, _) = own_submission(calendar, actor, &id)?;
        let is_valid = read_form(&calendar.snapshot(), actor, &saved).is_ok();
        Ok((outcome, saved, is_valid))
    });
    let (outcome, saved, is_valid) = save.await?;
    match outcome {
        SaveOutcome::Saved => {
            let action = form.fields.get("action");
            Ok(Either::Left(next_page(
                &request, &saved.id, action, is_valid,
            )))
        }
        SaveOutcome::Conflict {
            form,
            stored,
            fields,
            revision,
        } => {
            let view = EventFormView::new(&request.visit, form.clone(), Vec::new(), Vec::new());
            let view = view.with_stored(stored, fields);
            let mut page = form_page(&request, (&saved, revision), view, &form, None);
            page.is_conflict = true;
            let made = page.page.render(&page)?;
            Ok(Either::Right(made.with_status(Status::Conflict)))
        }
    }
}

/// Returns the revision that a form was shown at.
pub(super) fn revision(fields: &FormFields) -> Result<Revision, Problem> {
    let number = fields.get("revision").parse();
    let number = number.map_err(|_| Problem::new(ProblemKind::BadRequest))?;
    Ok(Revision(number))
}

#[post("/organizer/published/<id>/edit", data = "<_form>")]
async fn start_edit(
    id: &str,
    request: WorkspaceRequest,
    _form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found())?;
    let started = request.get(move |calendar, actor| edits::start_edit(calendar, actor, &id));
    let rest = format!("{}/edit", submission_path(&started.await?));
    Ok(SeeOther(request.visit.paths.workspace(&rest)))
}

pub(super) fn routes() -> Vec<Route> {
    routes![
        show_new_event,
        save_new_event,
        show_edit_event,
        save_event,
        start_edit
    ]
}
