//! `/editor/`: what waits for an editor, in one list.

use askama::Template;
use rocket::{Route, get, routes};

use crate::editorial::undelivered_mails::undelivered;
use crate::editorial::{OpenReview, open_matters, queue};
use crate::web::login::{PersonalPage, SignedInEditor, passkey_offer};
use crate::web::pages::PageContext;
use crate::web::problem::Problem;
use crate::web::workspace::event_lines::{label, leading_time};
use crate::web::workspace::{NoticeParam, PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::event_form::FormField;
use calendar_domain::{
    EditorScope, Event, EventId, EventReport, Guard, Organisation, Subject, Submission, Suggestion,
};
use calendar_language::Year;
use chrono::{DateTime, NaiveDate, Utc};

use super::rejection_form::{RejectionForm, box_of};
use super::replies::Reply;

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/queue.html")]
struct QueuePage<'a> {
    page: WorkspacePage,
    /// The offer of a passkey, as HTML; may be empty.
    passkey_offer: String,
    rows: Vec<QueueRow>,
    /// Where several suggestions are rejected; empty if fewer than two wait.
    rejections: String,
    rejection: &'a RejectionForm,
    replies: Vec<Reply>,
    organisations: Vec<OrganisationLink>,
    /// Organisations with requests to join that their administrators left unanswered.
    requests: Vec<OrganisationLink>,
    held: Vec<HeldRow>,
    /// The page of mails that did not arrive; empty if all did.
    mails: String,
    /// The page of the audit; empty for editors of a municipality.
    audit: String,
}

/// Something that waits.
#[derive(Debug)]
struct QueueRow {
    /// The date of the event, then the time since which it waits.
    order: (Option<NaiveDate>, Option<DateTime<Utc>>),
    title: String,
    when: String,
    /// «Nytt arrangement», «Endring», …
    kind: String,
    /// Since when it waits, in words.
    since: String,
    /// Its page; empty if its forms are in the row.
    url: String,
    /// Value of the box that chooses it for rejection; empty if it has none.
    choice: String,
    is_chosen: bool,
    /// What both sides say; for suggestions of partners.
    details: Vec<String>,
    /// Where its forms are sent; empty if it has a page.
    action: String,
    /// Labels of the buttons for yes and no.
    answers: [String; 2],
}

/// An organisation in the list.
#[derive(Debug)]
struct OrganisationLink {
    name: String,
    url: String,
}

/// A partner whose runs are held back.
#[derive(Debug)]
struct HeldRow {
    name: String,
    action: String,
}

fn since(context: &PageContext, at: DateTime<Utc>) -> String {
    let day = context
        .words
        .date(at.with_timezone(&context.zone()).date_naive(), Year::Said);
    context.words.say_with("queue-since", &[("date", day)])
}

fn submission_row(context: &PageContext, submission: &Submission) -> QueueRow {
    let untitled = || context.words.say("work-untitled").into_owned();
    let key = match (submission.is_edit(), submission.live.is_empty()) {
        (false, _) if submission.organisation().is_none() => "queue-visitor",
        (false, _) => "queue-new",
        (true, true) => "queue-edit",
        (true, false) => "queue-live",
    };
    let event = submission.next.as_deref();
    let order = event.and_then(|event| event.schedule.leading_day());
    QueueRow {
        order: (order, submission.waits_since()),
        title: event.map_or_else(
            || {
                submission
                    .form
                    .filled(FormField::Title)
                    .map_or_else(untitled, str::to_owned)
            },
            |event| context.text(&event.title),
        ),
        when: event.map_or_else(String::new, |event| leading_time(context, event)),
        kind: context.words.say(key).into_owned(),
        since: submission
            .waits_since()
            .map_or_else(String::new, |at| since(context, at)),
        url: context
            .paths
            .workspace(&format!("/editor/submissions/{}", submission.id)),
        choice: box_of(submission),
        is_chosen: false,
        details: Vec::new(),
        action: String::new(),
        answers: [String::new(), String::new()],
    }
}

fn reported_row(context: &PageContext, report: &EventReport) -> QueueRow {
    let event = context
        .snapshot
        .event(&report.event)
        .map(|entry| entry.event());
    let event = event.as_deref();
    let fault = format!("report-fault-{}", report.fault.as_str());
    QueueRow {
        order: (
            event.and_then(|event| event.schedule.leading_day()),
            Some(report.reported),
        ),
        title: event.map_or_else(
            || context.words.say("report-gone").into_owned(),
            |event| context.text(&event.title),
        ),
        when: event.map_or_else(String::new, |event| leading_time(context, event)),
        kind: context.words.say("queue-report").into_owned(),
        since: since(context, report.reported),
        url: context
            .paths
            .workspace(&format!("/editor/reports/{}", report.id)),
        choice: String::new(),
        is_chosen: false,
        details: [context.words.say(&fault).into_owned()]
            .into_iter()
            .chain(reported_by(context, report))
            .collect(),
        action: String::new(),
        answers: [String::new(), String::new()],
    }
}

/// Returns how many visitors reported a mistake, if several did.
fn reported_by(context: &PageContext, report: &EventReport) -> Option<String> {
    let count = report.visitors().count();
    let says = || {
        context
            .words
            .say_with("queue-reported-by", &[("count", count)])
    };
    (count > 1).then(says)
}

fn queued_row(context: &PageContext, event: &Event) -> QueueRow {
    QueueRow {
        order: (event.schedule.leading_day(), Some(event.created)),
        title: context.text(&event.title),
        when: leading_time(context, event),
        kind: context.words.say("queue-partner").into_owned(),
        since: since(context, event.created),
        url: String::new(),
        choice: String::new(),
        is_chosen: false,
        details: vec![context.venue_line(&event.venues)],
        action: context
            .paths
            .workspace(&format!("/editor/events/{}", event.id)),
        answers: ["work-approve", "work-reject"].map(|key| context.words.say(key).into_owned()),
    }
}

fn suggestion_row(context: &PageContext, suggestion: &Suggestion) -> QueueRow {
    let event = |id: &EventId| context.snapshot.event(id).map(|event| event.event());
    let known = event(&suggestion.event);
    let (kind, details, answers) = match &suggestion.matter {
        Subject::Fields { fields, .. } => {
            let labels: Vec<String> = fields.iter().map(|field| label(context, *field)).collect();
            (
                "queue-suggestion",
                vec![labels.join(", ")],
                ["queue-take", "queue-keep"],
            )
        }
        Subject::SameEvent { other, .. } => {
            let other = event(other).map(|event| context.text(&event.title));
            (
                "queue-duplicate",
                other.into_iter().collect(),
                ["queue-same", "queue-different"],
            )
        }
    };
    QueueRow {
        order: (
            known
                .as_deref()
                .and_then(|event| event.schedule.leading_day()),
            Some(suggestion.at),
        ),
        title: known.as_ref().map_or_else(
            || suggestion.event.to_string(),
            |event| context.text(&event.title),
        ),
        when: known
            .as_ref()
            .map_or_else(String::new, |event| leading_time(context, event)),
        kind: context.words.say(kind).into_owned(),
        since: since(context, suggestion.at),
        url: String::new(),
        choice: String::new(),
        is_chosen: false,
        details,
        action: context
            .paths
            .workspace(&format!("/editor/suggestions/{}", suggestion.id)),
        answers: answers.map(|key| context.words.say(key).into_owned()),
    }
}

fn links(context: &PageContext, all: &[Organisation]) -> Vec<OrganisationLink> {
    let link = |organisation: &Organisation| OrganisationLink {
        name: organisation.name.clone(),
        url: context
            .paths
            .workspace(&format!("/editor/organisations/{}", organisation.id)),
    };
    all.iter().map(link).collect()
}

#[get("/editor?<notice>")]
async fn show_queue(
    editor: SignedInEditor,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    queue_page(&request, &editor, notice.0, &RejectionForm::default()).await
}

/// Returns the page. `rejection` is the form for several suggestions, as typed.
pub(super) async fn queue_page(
    request: &WorkspaceRequest,
    editor: &SignedInEditor,
    notice: Option<PageNotice>,
    rejection: &RejectionForm,
) -> Result<PersonalPage, Problem> {
    // What partners send is not divided by municipality.
    let is_all = editor.scope == EditorScope::All;
    let read = request.get(move |calendar, actor| {
        let own = queue::queue(calendar, &calendar.snapshot(), actor)?;
        let open = if is_all {
            open_matters(calendar)?
        } else {
            OpenReview::default()
        };
        let failed = is_all && !undelivered(calendar)?.is_empty();
        Ok((own, open, failed))
    });
    let (own, open, failed) = read.await?;
    let context = &request.context;
    let mut rows: Vec<QueueRow> = own
        .submissions
        .iter()
        .map(|submission| submission_row(context, submission))
        .collect();
    rows.extend(
        own.reports
            .iter()
            .map(|report| reported_row(context, report)),
    );
    rows.extend(open.queued.iter().map(|queued| queued_row(context, queued)));
    rows.extend(
        open.suggestions
            .iter()
            .map(|suggestion| suggestion_row(context, suggestion)),
    );
    rows.sort_by_key(|row| row.order);
    for row in &mut rows {
        row.is_chosen = rejection.chosen.contains(&row.choice);
    }
    let choices = rows.iter().filter(|row| !row.choice.is_empty()).count();
    let held = open
        .held
        .iter()
        .filter(|held| matches!(held.guard, Guard::Quarantined { .. } | Guard::Held { .. }));
    let held_row = |id: &calendar_domain::PartnerId| HeldRow {
        name: match context.snapshot.partner(id) {
            Some(partner) => partner.name.clone(),
            None => id.to_string(),
        },
        action: context.paths.workspace(&format!("/editor/partners/{id}")),
    };
    let page = QueuePage {
        page: request.page(context.words.say("queue-heading"), "/editor/", notice),
        passkey_offer: passkey_offer(context, &request.person, "editor")?,
        rows,
        rejections: if choices > 1 {
            context.paths.workspace("/editor/rejections")
        } else {
            String::new()
        },
        rejection,
        replies: RejectionForm::replies(context.words),
        organisations: links(context, &own.organisations),
        requests: links(context, &own.requests),
        mails: if failed {
            context.paths.workspace("/editor/mails")
        } else {
            String::new()
        },
        audit: if is_all {
            context.paths.workspace("/editor/audit")
        } else {
            String::new()
        },
        held: held.map(|held| held_row(&held.partner)).collect(),
    };
    page.page.render(&page)
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_queue]
}
