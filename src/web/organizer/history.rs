//! `/organizer/published/<id>/history`: earlier versions of a public event, compared word by word, with a button that
//! restores one field.

use std::collections::BTreeSet;

use askama::Template;
use rocket::{Route, get, post, routes};

use crate::audit::AuditedReading;
use crate::editorial::edits::organisation_of;
use crate::editorial::event_history::{EventHistory, EventVersion, event_history, restore_field};
use crate::editorial::{organisations, published_path};
use crate::web::login::{PersonalPage, SeeOther, VerifiedForm};
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::event_lines::{ComparedLine, compared, label};
use crate::web::workspace::{NoticeParam, PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::{Account, AccountId, AuditSubject, EventId, Field};
use calendar_store::{Author, Revision};

use super::submission::moment;

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/history.html")]
struct HistoryPage {
    page: WorkspacePage,
    rows: Vec<VersionRow>,
    /// The version that is looked at.
    shown: Option<ShownVersion>,
    /// Where restored fields are sent.
    action: String,
    /// The page of the event's quick changes.
    back: String,
    /// The current revision.
    seen: String,
}

/// A version in the list.
#[derive(Debug)]
struct VersionRow {
    at: String,
    /// Who wrote it.
    by: String,
    /// Names of the fields that it changed.
    changed: String,
    /// The comparison; empty if it is the one that is shown.
    url: String,
    is_current: bool,
}

/// A version compared with the one before and with the current one.
#[derive(Debug)]
struct ShownVersion {
    revision: String,
    at: String,
    /// What it changed.
    changes: Vec<ComparedLine>,
    /// What has changed since.
    since: Vec<SinceLine>,
}

/// A field that has changed since a version.
#[derive(Debug)]
struct SinceLine {
    line: ComparedLine,
    may_restore: bool,
}

/// What the page shows.
struct Shown {
    history: EventHistory,
    /// The authors that may be named.
    people: Vec<Account>,
}

async fn read(request: &WorkspaceRequest, id: EventId) -> Result<Shown, Problem> {
    let event = id.clone();
    let read = request.get(move |calendar, actor| {
        let history = event_history(calendar, actor, &id)?;
        let authors = history
            .versions
            .iter()
            .filter_map(|version| match &version.author {
                Author::Person(id) => id.parse::<AccountId>().ok(),
                _ => None,
            });
        let mut ids: BTreeSet<AccountId> = authors.collect();
        // Organizers see the names of their own members, and not those of editors.
        if !actor.is_editor() {
            let members = match history.versions.first() {
                Some(current) => organisation_of(calendar, actor, &current.event)?.members,
                None => return Ok((history, Vec::new())),
            };
            ids.retain(|id| members.contains_key(id));
        }
        let people = organisations::accounts(calendar, &ids)?;
        Ok((history, people))
    });
    let (history, people) = read.await?;
    if request.person.account.editor.is_some() && !people.is_empty() {
        let shown = people.iter().map(|person| person.id.clone());
        let page = format!("{}/history", published_path(&event));
        let reading = AuditedReading::of_record(AuditSubject::History, &event, shown, page);
        request.note_reading(reading).await?;
    }
    Ok(Shown { history, people })
}

fn author(request: &WorkspaceRequest, people: &[Account], author: &Author) -> String {
    let context = &request.context;
    let key = match author {
        Author::Person(id) => {
            let person = people.iter().find(|person| person.id.as_str() == id);
            match person {
                Some(person) => return person.email.to_string(),
                None => "history-by-other",
            }
        }
        Author::Partner(id) => {
            let partner = id.parse().ok();
            let partner = partner.and_then(|partner| context.snapshot.partner(&partner));
            return partner.map_or_else(|| id.clone(), |partner| partner.name.clone());
        }
        Author::System => "history-by-calendar",
        Author::DataFiles => "history-by-files",
        Author::Operator => "history-by-operator",
    };
    context.words.say(key).into_owned()
}

fn version_row(
    request: &WorkspaceRequest,
    shown: &Shown,
    version: &EventVersion,
    path: &str,
    open: Option<Revision>,
) -> VersionRow {
    let context = &request.context;
    let names: Vec<String> = version
        .changed
        .iter()
        .map(|changed| label(context, *changed))
        .collect();
    let newest = shown.history.versions.first();
    VersionRow {
        at: moment(context, version.at, context.zone()),
        by: author(request, &shown.people, &version.author),
        changed: if version.changed.is_empty() {
            context.words.say("history-oldest").into_owned()
        } else {
            names.join(", ")
        },
        url: if open == Some(version.revision) {
            String::new()
        } else {
            format!("{path}?version={}", version.revision)
        },
        is_current: newest.is_some_and(|newest| newest.revision == version.revision),
    }
}

fn only_changed(lines: Vec<ComparedLine>) -> impl Iterator<Item = ComparedLine> {
    lines.into_iter().filter(|line| line.is_changed)
}

fn shown_version(
    request: &WorkspaceRequest,
    shown: &Shown,
    open: Revision,
) -> Option<ShownVersion> {
    let context = &request.context;
    let versions = &shown.history.versions;
    let current = versions.first()?;
    let index = versions
        .iter()
        .position(|version| version.revision == open)?;
    let version = &versions[index];
    let before = versions.get(index + 1);
    let may_restore = |line: &ComparedLine| {
        let mut fields = shown.history.restorable.iter();
        fields.any(|field| field.as_str() == line.field)
    };
    let changes = before.map_or_else(Vec::new, |before| {
        only_changed(compared(context, Some(&before.event), &version.event)).collect()
    });
    let since = only_changed(compared(context, Some(&version.event), &current.event));
    Some(ShownVersion {
        revision: open.to_string(),
        at: moment(context, version.at, context.zone()),
        changes,
        since: since
            .map(|line| SinceLine {
                may_restore: may_restore(&line),
                line,
            })
            .collect(),
    })
}

#[get("/organizer/published/<id>/history?<version>&<notice>")]
async fn show_history(
    id: &str,
    version: Option<u64>,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found())?;
    let rest = format!("/organizer/published/{id}/history");
    let shown = read(&request, id).await?;
    let context = &request.context;
    let current = shown.history.versions.first();
    let current = current.ok_or_else(Problem::not_found)?;
    let open = version.map(Revision);
    let path = context.paths.workspace(&rest);
    let details = match open {
        None => None,
        Some(open) => {
            let found = shown_version(&request, &shown, open);
            Some(found.ok_or_else(Problem::not_found)?)
        }
    };
    let heading = context.text(&current.event.title);
    let back = rest.trim_end_matches("/history").to_owned();
    let page = HistoryPage {
        page: request.page(heading, &rest, notice.0),
        rows: shown
            .history
            .versions
            .iter()
            .map(|version| version_row(&request, &shown, version, &path, open))
            .collect(),
        shown: details,
        back: context.paths.workspace(&back),
        action: path,
        seen: current.revision.to_string(),
    };
    page.page.render(&page)
}

#[post("/organizer/published/<id>/history", data = "<form>")]
async fn restore(
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found())?;
    let rest = format!("/organizer/published/{id}/history");
    // Others are refused whatever they send.
    let known = id.clone();
    let allowed = request.get(move |calendar, actor| {
        crate::editorial::event_status::changeable_event(calendar, actor, &known).map(drop)
    });
    allowed.await?;
    let revision = |name: &str| form.fields.get(name).parse().map(Revision);
    let name = form.fields.get("field");
    let field = Field::ALL.into_iter().find(|field| field.as_str() == name);
    let (Ok(seen), Ok(version), Some(field)) = (revision("seen"), revision("version"), field)
    else {
        return Err(Problem::new(ProblemKind::BadRequest));
    };
    let done = request
        .run(move |calendar, actor| restore_field(calendar, actor, &id, seen, version, field));
    request.answer(done.await?, &rest, PageNotice::Restored)
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_history, restore]
}
