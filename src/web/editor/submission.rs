//! `/editor/submissions/<id>`: what is proposed beside what is public, word by word, and the decision.

use std::collections::BTreeSet;

use askama::Template;
use rocket::http::Status;
use rocket::{Either, Route, get, post, routes};

use crate::editorial::actor::{decidable_submission, organisation};
use crate::editorial::submission_review as review;
use crate::editorial::{EditorialError, PublishChoices, organisations, queue};
use crate::web::login::{FormFields, PersonalPage, SeeOther, SignedInEditor, VerifiedForm};
use crate::web::organizer::{StepRow, history};
use crate::web::pages::picture::{PageImage, pictures};
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::event_lines::{ComparedLine, compared, label};
use crate::web::workspace::{NoticeParam, PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::event_form::FormField;
use calendar_domain::{
    Account, Event, Field, Organisation, OrganisationStanding, PrivateFacts, ReviewComment,
    Submission, SubmissionId, SubmissionState, Venue,
};
use calendar_language::{Year, capitalised};
use calendar_store::Revision;

use super::organisation::register_line;
use super::replies::{Reply, ReplyKind, fill, replies};

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/review.html")]
struct ReviewPage {
    page: WorkspacePage,
    state: String,
    /// Whether it waits for a decision.
    waits: bool,
    is_edit: bool,
    /// The fields that went live already: before and now.
    live: Vec<ComparedLine>,
    /// Whether the fields that went live are restored with a rejection.
    restores: bool,
    organisation: String,
    organisation_url: String,
    organisation_pending: bool,
    /// Name of the organizer that a new organisation says it is; may be empty.
    claims: String,
    /// What the register warns of about a new organisation; may be empty.
    register: String,
    trusted: bool,
    author: String,
    lines: Vec<ComparedLine>,
    /// The proposed pictures.
    pictures: Vec<PageImage>,
    parts: Vec<String>,
    private: Vec<String>,
    /// Whether the place is not in the catalog.
    new_place: bool,
    history: Vec<StepRow>,
    action: String,
    revision: String,
    /// Fields that the public event changed as well.
    conflicts: Vec<ConflictChoice>,
    comments: Vec<CommentField>,
    reason: String,
    /// The error of the form; may be empty.
    error: String,
    /// Texts for asking for changes, and for rejecting.
    replies: [Vec<Reply>; 2],
    /// The part of the form that is open, if one is.
    opened: Option<ReplyKind>,
    /// The field that a reply was put into; empty if none was.
    filled: &'static str,
    /// The submissions before and after it in the queue; empty if there are none.
    neighbours: [String; 2],
}

impl ReviewPage {
    /// Returns true if a part of the form is open: all are if there is an error.
    fn is_open(&self, kind: ReplyKind) -> bool {
        !self.error.is_empty() || self.opened == Some(kind)
    }
}

/// A field that both changed.
#[derive(Debug)]
struct ConflictChoice {
    name: &'static str,
    label: String,
}

/// A field that an editor may comment.
#[derive(Debug)]
struct CommentField {
    name: String,
    label: String,
    value: String,
}

/// The fields that an editor may comment; the first stands for the whole.
const COMMENTED: [Option<FormField>; 8] = [
    None,
    Some(FormField::Title),
    Some(FormField::Date),
    Some(FormField::Place),
    Some(FormField::Summary),
    Some(FormField::Description),
    Some(FormField::Category),
    Some(FormField::Price),
];

/// What a page shows.
struct Shown {
    submission: Submission,
    revision: Revision,
    organisation: Organisation,
    people: Vec<Account>,
    /// The submissions before and after it in the queue.
    neighbours: [Option<SubmissionId>; 2],
}

/// Returns the submissions before and after one in the queue. After one that is decided comes the first.
fn neighbours(waiting: &[Submission], id: &SubmissionId) -> [Option<SubmissionId>; 2] {
    let id_of = |index: usize| waiting.get(index).map(|waiting| waiting.id.clone());
    match waiting.iter().position(|waiting| waiting.id == *id) {
        Some(here) => [here.checked_sub(1).and_then(id_of), id_of(here + 1)],
        None => [None, id_of(0)],
    }
}

async fn read(request: &WorkspaceRequest, id: SubmissionId) -> Result<Shown, Problem> {
    let read = request.get(move |calendar, actor| {
        let snapshot = calendar.snapshot();
        let (submission, revision) = decidable_submission(calendar, &snapshot, actor, &id)?;
        let (organisation, _) = organisation(calendar, &submission.organisation)?;
        let steps = submission.history.iter().map(|history| &history.by);
        let ids: BTreeSet<_> = steps.chain([&submission.author]).collect();
        let people = organisations::accounts(calendar, ids)?;
        let waiting = queue::queue(calendar, &snapshot, actor)?.submissions;
        Ok(Shown {
            neighbours: neighbours(&waiting, &id),
            submission,
            revision,
            organisation,
            people,
        })
    });
    read.await
}

/// Returns the name of the organizer that a new organisation says it is; empty if it is approved or claims none.
fn claimed(request: &WorkspaceRequest, organisation: &Organisation) -> String {
    let is_pending = organisation.standing == OrganisationStanding::Pending;
    let claimed = organisation.organizer.as_ref().filter(|_| is_pending);
    let organizer = claimed.and_then(|slug| request.context.snapshot.organizer(slug));
    organizer.map_or_else(String::new, |organizer| organizer.name.clone())
}

fn private_lines(request: &WorkspaceRequest, facts: &PrivateFacts) -> Vec<String> {
    let words = request.context.words;
    let number = facts
        .expected_attendance
        .map(|expected_attendance| words.number(expected_attendance.into()));
    let all = [
        ("field-contact-name", facts.contact_name.clone()),
        ("field-contact-telephone", facts.contact_telephone.clone()),
        ("field-attendance", number),
        ("field-peak-time", facts.peak_time.clone()),
    ];
    all.into_iter()
        .filter_map(|(key, value)| Some(format!("{}: {}", words.say(key), value?)))
        .collect()
}

fn comment_fields(request: &WorkspaceRequest, typed: Option<&FormFields>) -> Vec<CommentField> {
    let words = request.context.words;
    let field = |field: Option<FormField>| {
        let name = field.map_or("whole", FormField::as_str);
        let key = match field {
            None => "review-comment-whole".to_owned(),
            Some(_) => format!("field-{}", name.replace('_', "-")),
        };
        let name = format!("comment_{name}");
        CommentField {
            value: typed.map_or_else(String::new, |field| field.get(&name).to_owned()),
            label: words.say(&key).into_owned(),
            name,
        }
    };
    COMMENTED.into_iter().map(field).collect()
}

/// Returns the old and new values of the fields of an edit that went live.
fn live_lines(
    request: &WorkspaceRequest,
    edit: &Submission,
    current: Option<&Event>,
) -> Vec<ComparedLine> {
    let (Some(before), Some(current)) = (edit.before_live.as_deref(), current) else {
        return Vec::new();
    };
    let mut lines = compared(&request.context, Some(before), current);
    let names: Vec<&str> = edit.live.iter().map(|live| live.as_str()).collect();
    lines.retain(|line| names.contains(&line.field));
    lines
}

fn page(
    request: &WorkspaceRequest,
    shown: &Shown,
    typed: Option<&FormFields>,
    error: &str,
    conflicts: &[Field],
    notice: Option<PageNotice>,
) -> ReviewPage {
    let context = &request.context;
    let one = &shown.submission;
    let rest = format!("/editor/submissions/{}", one.id);
    let title = one.next.as_ref().map(|next| context.text(&next.title));
    let current = (context.snapshot.event(&one.event)).map(|event| event.event());
    let old = current.as_deref().filter(|_| one.is_edit());
    let part = |part: &calendar_domain::event_form::ProgrammePart| {
        let when = context
            .words
            .when_in(&part.when, context.zone(), Year::Said);
        format!("{}: {}", capitalised(&when), context.text(&part.title))
    };
    let is_described = |venue: &Venue| matches!(venue, Venue::Described { .. });
    let author = shown.people.iter().find(|person| person.id == one.author);
    let path = |id: &Option<SubmissionId>| {
        let id = id.as_ref();
        let path = id.map(|id| {
            context
                .paths
                .workspace(&format!("/editor/submissions/{id}"))
        });
        path.unwrap_or_default()
    };
    ReviewPage {
        page: request.page(title.unwrap_or_default(), &rest, notice),
        state: context
            .words
            .say(&format!("state-{}", one.state.as_str()))
            .into_owned(),
        waits: one.state == SubmissionState::Submitted,
        is_edit: one.is_edit(),
        live: live_lines(request, one, current.as_deref()),
        restores: typed.is_some_and(|typed| typed.get("restore") == "yes"),
        organisation: shown.organisation.name.clone(),
        organisation_url: context
            .paths
            .workspace(&format!("/editor/organisations/{}", shown.organisation.id)),
        claims: claimed(request, &shown.organisation),
        organisation_pending: shown.organisation.standing == OrganisationStanding::Pending,
        register: Some(register_line(context, &shown.organisation))
            .filter(|(_, is_warning)| *is_warning)
            .map_or_else(String::new, |(text, _)| text),
        trusted: shown.organisation.publishes(),
        author: author.map_or_else(String::new, |author| author.email.to_string()),
        lines: one
            .next
            .as_ref()
            .map_or_else(Vec::new, |next| compared(context, old, next)),
        parts: one.parts.iter().map(part).collect(),
        pictures: one
            .next
            .as_deref()
            .map_or_else(Vec::new, |next| pictures(context, next)),
        private: private_lines(request, &one.private),
        new_place: one
            .next
            .as_ref()
            .is_some_and(|next| next.venues.first().is_some_and(is_described)),
        history: history(context, one, &shown.people),
        action: context.paths.workspace(&rest),
        revision: shown.revision.to_string(),
        conflicts: conflicts
            .iter()
            .map(|conflict| ConflictChoice {
                name: conflict.as_str(),
                label: label(context, *conflict),
            })
            .collect(),
        comments: comment_fields(request, typed),
        reason: typed.map_or_else(String::new, |typed| typed.get("reason").to_owned()),
        error: error.to_owned(),
        replies: [ReplyKind::Ask, ReplyKind::Reject].map(|kind| replies(context.words, kind)),
        opened: None,
        filled: "",
        neighbours: shown.neighbours.each_ref().map(path),
    }
}

#[get("/editor/submissions/<id>?<notice>")]
async fn show_submission(
    _editor: SignedInEditor,
    id: &str,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let shown = read(&request, id).await?;
    let page = page(&request, &shown, None, "", &[], notice.0);
    page.page.render(&page)
}

fn comments(fields: &FormFields) -> Vec<ReviewComment> {
    let comment = |field: Option<FormField>| {
        let name = format!("comment_{}", field.map_or("whole", FormField::as_str));
        ReviewComment {
            field,
            text: fields.get(&name).to_owned(),
        }
    };
    COMMENTED.into_iter().map(comment).collect()
}

#[post("/editor/submissions/<id>", data = "<form>")]
async fn decide(
    _editor: SignedInEditor,
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let fields = &form.fields;
    let seen = fields.get("revision").parse().map(Revision);
    let seen = seen.map_err(|_| Problem::new(ProblemKind::BadRequest))?;
    let own = format!("/editor/submissions/{id}");
    let key = id.clone();
    // Others are refused whatever they send.
    let shown = read(&request, id.clone()).await?;
    let mut typed = fields.clone();
    if let Some((kind, field)) = fill(request.context.words, &mut typed) {
        let mut page = page(&request, &shown, Some(&typed), "", &[], None);
        page.opened = Some(kind);
        page.filled = field;
        return page.page.render(&page).map(Either::Right);
    }
    let done = match fields.get("action") {
        "approve" => {
            let decided = Field::ALL.into_iter();
            let choices = PublishChoices {
                adds_place: fields.get("add_place") == "yes",
                decided: decided
                    .filter(|decided| fields.get(&format!("keep_{}", decided.as_str())) == "edit")
                    .collect(),
            };
            let with_organisation = fields.get("approve_organisation") == "yes";
            request
                .run(move |calendar, actor| {
                    let item = (seen, with_organisation, choices);
                    review::approve_submission(calendar, actor, &key, item.0, item.1, &item.2)
                })
                .await?
        }
        "ask" => {
            let comments = comments(fields);
            request
                .run(move |calendar, actor| {
                    review::ask_for_changes(calendar, actor, &key, seen, &comments)
                })
                .await?
        }
        "reject" => {
            let reason = fields.get("reason").to_owned();
            let restores = fields.get("restore") == "yes";
            request
                .run(move |calendar, actor| {
                    review::reject_submission(calendar, actor, &key, seen, &reason, restores)
                })
                .await?
        }
        _ => return Err(Problem::new(ProblemKind::BadRequest)),
    };
    let (error, conflicts) = match done {
        Err(EditorialError::TextMissing) => ("review-text-missing", Vec::new()),
        Err(EditorialError::TextTooLong(_)) => ("review-text-too-long", Vec::new()),
        Err(EditorialError::OrganisationPending) => ("notice-pending", Vec::new()),
        Err(EditorialError::Changed) => ("notice-changed", Vec::new()),
        Err(EditorialError::Conflicts(fields)) => ("review-conflicts", fields),
        Ok(()) => return Ok(Either::Left(request.to("/editor/", PageNotice::Decided))),
        other => {
            return request
                .answer(other, &own, PageNotice::Decided)
                .map(Either::Left);
        }
    };
    // Nothing that was typed is lost.
    let shown = read(&request, id).await?;
    let error = request.context.words.say(error);
    let page = page(&request, &shown, Some(fields), &error, &conflicts, None);
    let made = page.page.render(&page)?;
    Ok(Either::Right(made.with_status(Status::UnprocessableEntity)))
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_submission, decide]
}
