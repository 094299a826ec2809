//! `/organizer/`: pending and public events, and open requests of a person's organisations.

use askama::Template;
use rocket::{Route, get, routes};

use crate::editorial::organisations::{self, OwnOrganisations};
use crate::editorial::submission_store;
use crate::editorial::{organisation_path, submission_path};
use crate::web::login::{PersonalPage, passkey_offer};
use crate::web::pages::PageContext;
use crate::web::problem::Problem;
use crate::web::workspace::event_lines::{leading_time, status_name};
use crate::web::workspace::{NoticeParam, WorkspacePage, WorkspaceRequest};
use calendar_domain::{
    Organisation, OrganisationStanding, Query, Slug, Submission, SubmissionState,
};

/// Number of decided submissions that are listed.
const DECIDED_SHOWN: usize = 10;
/// Number of public events that are listed.
const PUBLIC_SHOWN: usize = 100;

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/dashboard.html")]
struct DashboardPage {
    page: WorkspacePage,
    /// The offer of a passkey, as HTML; may be empty.
    passkey_offer: String,
    organisations: Vec<OrganisationRow>,
    has_invitation: bool,
    /// Organisations that the person administers alone.
    alone: Vec<OrganisationRow>,
    groups: Vec<SubmissionGroup>,
    public: Vec<EventRow>,
}

/// An organisation in a list.
#[derive(Debug)]
pub(super) struct OrganisationRow {
    pub(super) name: String,
    pub(super) url: String,
    /// «venter på godkjenning»; empty if it is approved.
    pub(super) note: String,
}

/// Submissions of one state.
#[derive(Debug)]
struct SubmissionGroup {
    heading: String,
    rows: Vec<EventRow>,
}

/// An event in a list.
#[derive(Debug)]
struct EventRow {
    title: String,
    url: String,
    /// The time in words; may be empty.
    when: String,
    /// What to know about it; may be empty.
    note: String,
    /// Where it is copied.
    copy: String,
}

/// Returns an organisation in a list.
pub(super) fn organisation_row(context: &PageContext, one: &Organisation) -> OrganisationRow {
    let note = match one.standing {
        OrganisationStanding::Approved => String::new(),
        OrganisationStanding::Pending => context.words.say("organisation-pending").into_owned(),
        OrganisationStanding::Refused => context.words.say("organisation-refused").into_owned(),
    };
    OrganisationRow {
        name: one.name.clone(),
        url: context.paths.workspace(&organisation_path(&one.id)),
        note,
    }
}

/// Returns the title of a submission: that of the form, or «Uten tittel».
pub(super) fn title_of(context: &PageContext, submission: &Submission) -> String {
    let typed = submission
        .form
        .filled(calendar_domain::event_form::FormField::Title);
    typed.map_or_else(
        || context.words.say("work-untitled").into_owned(),
        str::to_owned,
    )
}

fn submission_row(context: &PageContext, one: &Submission) -> EventRow {
    let event = one.next.as_deref();
    let when = event.map(|event| leading_time(context, event));
    let edit = if one.is_edit() {
        context.words.say("work-is-edit").into_owned()
    } else {
        String::new()
    };
    EventRow {
        title: title_of(context, one),
        url: context.paths.workspace(&submission_path(&one.id)),
        when: when.unwrap_or_default(),
        note: edit,
        copy: context
            .paths
            .workspace(&format!("{}/copy", submission_path(&one.id))),
    }
}

fn groups(context: &PageContext, all: &[Submission]) -> Vec<SubmissionGroup> {
    use SubmissionState::{Approved, ChangesWanted, Draft, Rejected, Submitted, Withdrawn};
    let group = |states: &[SubmissionState], most: usize| {
        let found = all
            .iter()
            .filter(|submission| states.contains(&submission.state));
        let rows: Vec<_> = found
            .take(most)
            .map(|submission| submission_row(context, submission))
            .collect();
        SubmissionGroup {
            heading: context
                .words
                .say(&format!("group-{}", states[0].as_str()))
                .into_owned(),
            rows,
        }
    };
    let groups = [
        group(&[ChangesWanted], usize::MAX),
        group(&[Draft], usize::MAX),
        group(&[Submitted], usize::MAX),
        group(&[Approved, Rejected, Withdrawn], DECIDED_SHOWN),
    ];
    groups
        .into_iter()
        .filter(|group| !group.rows.is_empty())
        .collect()
}

fn public(context: &PageContext, organizers: &[Slug]) -> Vec<EventRow> {
    if organizers.is_empty() {
        return Vec::new();
    }
    let query = Query {
        organizers: organizers.iter().cloned().collect(),
        ..Query::default()
    };
    let mut entries = context.snapshot.admitted(&query);
    entries.retain(|entry| entry.until.is_none_or(|until| until > context.today()));
    entries.sort_by_key(|entry| entry.first);
    let row = |entry: std::sync::Arc<crate::catalog::Entry>| {
        let event = entry.event();
        let status = event.status;
        EventRow {
            title: context.text(&event.title),
            url: context
                .paths
                .workspace(&format!("/organizer/published/{}", event.id)),
            copy: context
                .paths
                .workspace(&format!("/organizer/published/{}/copy", event.id)),
            when: leading_time(context, &event),
            note: if status == calendar_domain::EventStatus::Scheduled {
                String::new()
            } else {
                status_name(context.words, status)
            },
        }
    };
    entries.into_iter().take(PUBLIC_SHOWN).map(row).collect()
}

#[get("/organizer?<notice>")]
async fn show_dashboard(
    request: WorkspaceRequest,
    notice: NoticeParam,
) -> Result<PersonalPage, Problem> {
    let read = request.get(|calendar, actor| {
        let own = organisations::own(calendar, &actor.account)?;
        let ids: Vec<_> = own.member.iter().map(|member| member.id.clone()).collect();
        let sent = submission_store::of_organisations(calendar, &ids)?;
        Ok((own, sent))
    });
    let (own, sent): (OwnOrganisations, Vec<Submission>) = read.await?;
    let context = &request.context;
    let organizers: Vec<Slug> = own
        .member
        .iter()
        .filter(|member| member.standing == OrganisationStanding::Approved)
        .filter_map(|member| member.organizer.clone())
        .collect();
    let heading = context.words.say("work-mine").into_owned();
    let me = &request.person.account.id;
    let page = DashboardPage {
        page: request.page(heading, "/organizer/", notice.0),
        passkey_offer: passkey_offer(context, &request.person, "organizer")?,
        has_invitation: !own.invited.is_empty(),
        alone: own
            .member
            .iter()
            .filter(|member| member.has_admin(me) && member.is_alone())
            .map(|member| organisation_row(context, member))
            .collect(),
        organisations: own
            .member
            .iter()
            .map(|member| organisation_row(context, member))
            .collect(),
        groups: groups(context, &sent),
        public: public(context, &organizers),
    };
    page.page.render(&page)
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_dashboard]
}
