//! `/organizer/events/<id>`: a submission, what happened to it, and how long others waited. `…/conflicts`: the fields of
//! an edit that the public event changed as well.

use std::collections::BTreeSet;

use askama::Template;
use rocket::{Either, Route, get, post, routes};

use crate::editorial::actor::own_submission;
use crate::editorial::submission_form::read_form;
use crate::editorial::submission_path;
use crate::editorial::{EditorialError, edits, organisations, queue, submissions};
use crate::web::login::{PersonalPage, SeeOther, VerifiedForm};
use crate::web::pages::PageContext;
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::event_lines::{label, lines};
use crate::web::workspace::{NoticeParam, PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::merge::merge_edit;
use calendar_domain::zone::to_local;
use calendar_domain::{
    Account, Event, Field, ReviewComment, Submission, SubmissionId, SubmissionState,
};
use calendar_language::{Year, capitalised};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::dashboard::title_of;

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/submission.html")]
struct SubmissionPage {
    page: WorkspacePage,
    state: String,
    /// What happens next, in a sentence.
    next: String,
    /// «Halvparten får svar innen 5 timer.»; empty if it does not wait or nothing is known.
    wait: String,
    comments: Vec<String>,
    history: Vec<StepRow>,
    /// The form; empty if it cannot be changed.
    edit: String,
    /// The last look; empty if it cannot be sent.
    check: String,
    /// Where the form for copying is sent.
    copy: String,
    /// Where the form for withdrawing is sent; empty if it cannot be withdrawn.
    withdraw: String,
    /// The public page; empty if it is not public.
    public: String,
    /// The page for quick changes; empty if it is not public.
    manage: String,
}

/// A change of state.
#[derive(Debug, Clone)]
pub struct StepRow {
    /// When it was made, in words.
    pub at: String,
    /// The state after it.
    pub state: String,
    /// Who made it; empty for editors.
    pub by: String,
    /// The reason and the comments.
    pub texts: Vec<String>,
}

/// The page of conflicts.
#[derive(Debug, Template)]
#[template(path = "workspace/conflicts.html")]
struct ConflictsPage {
    page: WorkspacePage,
    action: String,
    rows: Vec<ConflictRow>,
}

/// A field that both changed.
#[derive(Debug)]
struct ConflictRow {
    name: &'static str,
    label: String,
    own: String,
    public: String,
}

/// Returns a point in time in words.
#[must_use]
pub fn moment(context: &PageContext, at: DateTime<Utc>, zone: Tz) -> String {
    let local = to_local(at, zone);
    let when = calendar_domain::When::Timed {
        start: local,
        end: None,
        zone,
    };
    capitalised(&context.words.when_in(&when, zone, Year::Said))
}

/// Returns a comment with the label of its field.
#[must_use]
pub fn comment_text(context: &PageContext, comment: &ReviewComment) -> String {
    match comment.field {
        None => comment.text.clone(),
        Some(field) => {
            let key = format!("field-{}", field.as_str().replace('_', "-"));
            format!("{}: {}", context.words.say(&key), comment.text)
        }
    }
}

/// Returns the history, newest first. `people` are the accounts that may be named.
#[must_use]
pub fn history(context: &PageContext, submission: &Submission, people: &[Account]) -> Vec<StepRow> {
    let row = |step: &calendar_domain::SubmissionStep| {
        let who = people
            .iter()
            .find(|account| Some(&account.id) == step.by.as_ref());
        let mut texts: Vec<String> = Vec::new();
        texts.extend(Some(step.reason.clone()).filter(|step| !step.is_empty()));
        texts.extend(step.comments.iter().map(|step| comment_text(context, step)));
        StepRow {
            at: moment(context, step.at, context.zone()),
            state: context
                .words
                .say(&format!("state-{}", step.state.as_str()))
                .into_owned(),
            by: who.map_or_else(String::new, |step| step.email.to_string()),
            texts,
        }
    };
    submission.history.iter().rev().map(row).collect()
}

/// Returns the median waiting time in a sentence.
fn wait_text(context: &PageContext, wait: TimeDelta) -> String {
    let (key, count) = match wait.num_minutes() {
        ..=59 => ("wait-minutes", wait.num_minutes().max(1)),
        60..=2_879 => ("wait-hours", wait.num_hours()),
        _ => ("wait-days", wait.num_days()),
    };
    context.words.say_with(key, &[("count", count)])
}

#[get("/organizer/events/<id>?<notice>", rank = 2)]
async fn show_submission(
    id: &str,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let read = request.get(move |calendar, actor| {
        let (found, _) = own_submission(calendar, actor, &id)?;
        let wait = match found.state {
            SubmissionState::Submitted => queue::median_wait(calendar)?,
            _ => None,
        };
        let own = organisations::own(calendar, &actor.account)?;
        let own = own
            .member
            .into_iter()
            .find(|member| found.is_of(&member.id));
        let members = own.map(|member| member.members).unwrap_or_default();
        let people = organisations::accounts(calendar, members.keys())?;
        Ok((found, wait, people))
    });
    let (found, wait, people) = read.await?;
    let context = &request.context;
    let own = submission_path(&found.id);
    let state = found.state.as_str();
    let path = |text: &str| context.paths.workspace(&format!("{own}{text}"));
    let only = |is_shown: bool, path: String| if is_shown { path } else { String::new() };
    let editable = found.state.is_editable();
    let entry = context.snapshot.event(&found.event);
    let page = SubmissionPage {
        page: request.page(title_of(context, &found), &own, notice.0),
        state: context.words.say(&format!("state-{state}")).into_owned(),
        next: context.words.say(&format!("next-{state}")).into_owned(),
        wait: wait.map_or_else(String::new, |wait| wait_text(context, wait)),
        comments: found
            .comments
            .iter()
            .map(|comment| comment_text(context, comment))
            .collect(),
        history: history(context, &found, &people),
        edit: only(editable, path("/edit")),
        check: only(
            matches!(
                found.state,
                SubmissionState::Draft | SubmissionState::ChangesWanted
            ),
            path("/check"),
        ),
        copy: path("/copy"),
        withdraw: only(editable, path("/withdraw")),
        public: entry.map_or_else(String::new, |entry| context.paths.event(entry.slug())),
        manage: entry.map_or_else(String::new, |entry| {
            context
                .paths
                .workspace(&format!("/organizer/published/{}", entry.id()))
        }),
    };
    page.page.render(&page)
}

#[post("/organizer/events/<id>/withdraw", data = "<_form>")]
async fn withdraw(
    id: &str,
    request: WorkspaceRequest,
    _form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let own = submission_path(&id);
    let done = request.run(move |calendar, actor| submissions::withdraw(calendar, actor, &id));
    request.answer(done.await?, &own, PageNotice::Withdrawn)
}

/// Returns the value of a field in words.
fn value(context: &PageContext, event: &Event, field: Field) -> String {
    let line = lines(context, event)
        .into_iter()
        .find(|line| line.field == field);
    line.map_or_else(String::new, |line| line.value)
}

#[get("/organizer/events/<id>/conflicts?<notice>")]
async fn show_conflicts(
    id: &str,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let own = submission_path(&id);
    let read = request.get(move |calendar, actor| {
        let (found, _) = own_submission(calendar, actor, &id)?;
        let read = read_form(&calendar.snapshot(), actor, &found)?;
        Ok((found, read.event))
    });
    let (found, proposed) = read.await?;
    let context = &request.context;
    let current = context
        .snapshot
        .event(&found.event)
        .map(|event| event.event());
    let (Some(base), Some(current)) = (&found.base, current) else {
        return Ok(Either::Left(request.to(&own, PageNotice::State)));
    };
    let merged = merge_edit(base, &current, &proposed, &BTreeSet::new());
    if merged.conflicts.is_empty() {
        let check = context.paths.workspace(&format!("{own}/check"));
        return Ok(Either::Left(SeeOther(check)));
    }
    let row = |field: &Field| ConflictRow {
        name: field.as_str(),
        label: label(context, *field),
        own: value(context, &proposed, *field),
        public: value(context, &current, *field),
    };
    let rest = format!("{own}/conflicts");
    let page = ConflictsPage {
        page: request.page(context.words.say("work-conflicts"), &rest, notice.0),
        action: context.paths.workspace(&rest),
        rows: merged.conflicts.iter().map(row).collect(),
    };
    Ok(Either::Right(page.page.render(&page)?))
}

#[post("/organizer/events/<id>/conflicts", data = "<form>")]
async fn settle_conflicts(
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let check = format!("{}/check", submission_path(&id));
    let answer = |field: &Field| form.fields.get(field.as_str());
    let mut shown = BTreeSet::from(Field::ALL);
    shown.retain(|field| !answer(field).is_empty());
    let mut own = shown.clone();
    own.retain(|field| answer(field) == "own");
    if form.fields.0.len() > 40 {
        return Err(Problem::new(ProblemKind::BadRequest));
    }
    let again = format!("{}/conflicts", submission_path(&id));
    let done = request
        .run(move |calendar, actor| edits::settle_conflicts(calendar, actor, &id, &own, &shown));
    match done.await? {
        Err(EditorialError::Changed) => Ok(request.to(&again, PageNotice::Changed)),
        done => request.answer(done, &check, PageNotice::Saved),
    }
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_submission, withdraw, show_conflicts, settle_conflicts]
}
