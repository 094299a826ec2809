//! The page of a submission: what is proposed beside what is public.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use chrono::{DateTime, Utc};

use crate::audit::{AuditedReading, people_with};
use crate::editorial::actor::{decidable_submission, organisation};
use crate::editorial::reports::open_reports_of;
use crate::editorial::{organisations, queue};
use crate::notify::visitor_addresses;
use crate::web::blocking::blocking;
use crate::web::login::FormFields;
use crate::web::organizer::{StepRow, history};
use crate::web::pages::picture::{PageImage, pictures};
use crate::web::problem::Problem;
use crate::web::workspace::event_lines::{ComparedLine, compared, label};
use crate::web::workspace::{PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::event_form::FormField;
use calendar_domain::{
    Account, AuditSubject, Event, EventReport, Field, Organisation, OrganisationStanding,
    PrivateFacts, Proposer, Submission, SubmissionId, SubmissionState, Venue, Visitor,
};
use calendar_language::{Year, capitalised};
use calendar_store::Revision;

use super::organisation::register_line;
use super::replies::{Reply, ReplyKind, replies};
use super::report::{ReportRow, report_rows, visitor_line};

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/review.html")]
pub(super) struct ReviewPage {
    pub(super) page: WorkspacePage,
    state: String,
    /// Whether it waits for a decision.
    waits: bool,
    is_edit: bool,
    /// The fields that went live already: before and now.
    live: Vec<ComparedLine>,
    /// Whether the fields that went live are restored with a rejection.
    restores: bool,
    /// The organisation; empty for a visitor.
    organisation: String,
    organisation_url: String,
    /// The visitor who suggests it; empty for an organisation.
    visitor: String,
    /// The form in which the editor changes what a visitor suggests; empty if it can't be changed.
    edit: String,
    /// What visitors report about the event.
    reports: Vec<ReportRow>,
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
    pub(super) opened: Option<ReplyKind>,
    /// The field that a reply was put into; empty if none was.
    pub(super) filled: &'static str,
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
pub(super) const COMMENTED: [Option<FormField>; 8] = [
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
pub(super) struct ShownSubmission {
    submission: Submission,
    revision: Revision,
    organisation: Option<Organisation>,
    /// The visitor and the time at which the address is deleted, as long as it is kept.
    visitor: Option<(Visitor, DateTime<Utc>)>,
    reports: Vec<EventReport>,
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

/// Reads what the page of a submission shows.
pub(super) async fn read(
    request: &WorkspaceRequest,
    id: SubmissionId,
) -> Result<ShownSubmission, Problem> {
    let read = request.get(move |calendar, actor| {
        let snapshot = calendar.snapshot();
        let (submission, revision) = decidable_submission(calendar, &snapshot, actor, &id)?;
        let owner = submission.organisation();
        let owner = owner.map(|id| organisation(calendar, id)).transpose()?;
        let steps = submission
            .history
            .iter()
            .filter_map(|step| step.by.as_ref());
        let ids: BTreeSet<_> = steps.chain(submission.author()).collect();
        let people = organisations::accounts(calendar, ids)?;
        let waiting = queue::queue(calendar, &snapshot, actor)?.submissions;
        Ok(ShownSubmission {
            visitor: None,
            reports: open_reports_of(calendar, &submission.event)?,
            neighbours: neighbours(&waiting, &id),
            submission,
            revision,
            organisation: owner.map(|(owner, _)| owner),
            people,
        })
    });
    let mut shown = read.await?;
    if let Proposer::Visitor { visitor, .. } = &shown.submission.proposer {
        let (calendar, visitor) = (Arc::clone(&request.calendar), visitor.clone());
        shown.visitor = blocking(move || visitor_addresses::find(&calendar, &visitor)).await?;
    }
    let known = shown.visitor.iter();
    let addresses: Vec<_> = known.map(|(visitor, _)| visitor.email.clone()).collect();
    let visitors = request.get(move |calendar, _| Ok(people_with(calendar, &addresses)?));
    let visitors = visitors.await?;
    let people = shown.people.iter().map(|person| person.id.clone());
    let people = people.chain(visitors);
    let submission = &shown.submission.id;
    let page = format!("/editor/submissions/{submission}");
    let reading = AuditedReading::of_record(AuditSubject::Submission, submission, people, page);
    request.note_reading(reading).await?;
    Ok(shown)
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
        .map(|count| words.number(count.into()));
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
            value: typed.map_or_else(String::new, |typed| typed.get(&name).to_owned()),
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
    let names: Vec<&str> = edit.live.iter().map(|field| field.as_str()).collect();
    lines.retain(|line| names.contains(&line.field));
    lines
}

/// Returns the page of a submission.
pub(super) fn review_page(
    request: &WorkspaceRequest,
    shown: &ShownSubmission,
    typed: Option<&FormFields>,
    error: &str,
    conflicts: &[Field],
    notice: Option<PageNotice>,
) -> ReviewPage {
    let context = &request.context;
    let one = &shown.submission;
    let rest = format!("/editor/submissions/{}", one.id);
    let title = one.next.as_ref().map(|next| context.text(&next.title));
    let current = context
        .snapshot
        .event(&one.event)
        .map(|entry| entry.event());
    let old = current.as_deref().filter(|_| one.is_edit());
    let part = |part: &calendar_domain::event_form::ProgrammePart| {
        let when = context
            .words
            .when_in(&part.when, context.zone(), Year::Said);
        format!("{}: {}", capitalised(&when), context.text(&part.title))
    };
    let is_described = |venue: &Venue| matches!(venue, Venue::Described { .. });
    let author = one.author();
    let author = author.and_then(|id| shown.people.iter().find(|person| person.id == *id));
    let owner = shown.organisation.as_ref();
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
        organisation: owner.map_or_else(String::new, |owner| owner.name.clone()),
        organisation_url: owner.map_or_else(String::new, |owner| {
            let rest = format!("/editor/organisations/{}", owner.id);
            context.paths.workspace(&rest)
        }),
        visitor: if owner.is_none() {
            visitor_line(context, shown.visitor.as_ref())
        } else {
            String::new()
        },
        edit: if owner.is_none() && one.state == SubmissionState::Submitted {
            context.paths.workspace(&format!("{rest}/edit"))
        } else {
            String::new()
        },
        reports: report_rows(context, &shown.reports),
        claims: owner.map_or_else(String::new, |owner| claimed(request, owner)),
        organisation_pending: owner
            .is_some_and(|owner| owner.standing == OrganisationStanding::Pending),
        register: owner
            .map(|owner| register_line(context, owner))
            .filter(|(_, is_warning)| *is_warning)
            .map_or_else(String::new, |(text, _)| text),
        trusted: owner.is_some_and(Organisation::publishes),
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
            .map(|field| ConflictChoice {
                name: field.as_str(),
                label: label(context, *field),
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
