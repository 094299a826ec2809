//! `/editor/audit`: who read personal data of others, for editors of the whole region.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::audit::{self, AuditFilter, AuditPage, AuditedReading};
use crate::catalog::Calendar;
use crate::editorial::EditorialError;
use crate::editorial::organisations;
use crate::login::accounts;
use crate::retention::Retention;
use crate::web::blocking::blocking;
use crate::web::login::{PersonalPage, SignedInEditor};
use crate::web::organizer::moment;
use crate::web::pages::paths::query;
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::{WorkspacePage, WorkspaceRequest};
use calendar_domain::{
    Account, AccountId, AuditEntry, AuditReader, AuditSubject, EditorScope, EmailAddress,
};

/// Number of entries on a page.
const SHOWN: usize = 50;
/// Maximum number of pages, so that a request reads a bounded part.
const PAGES: usize = 1_000;
/// Maximum number of addresses in a row.
const NAMED: usize = 3;
const OWN: &str = "/editor/audit";

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/audit.html")]
struct AuditListPage {
    page: WorkspacePage,
    /// What is noted, and for how long.
    lead: String,
    rows: Vec<AuditRow>,
    action: String,
    readers: Vec<ReaderChoice>,
    /// The address of the person whose data was read, as typed.
    about: String,
    /// The error at that field; may be empty.
    error: String,
    /// What could not be read; empty if nothing.
    damaged: String,
    /// The pages with later and with earlier entries; empty if there are none.
    later: String,
    earlier: String,
}

/// An entry.
#[derive(Debug)]
struct AuditRow {
    who: String,
    what: String,
    /// The page that was read; empty if it was none.
    url: String,
    /// Whose data it was; may be empty.
    about: String,
    at: String,
}

/// A reader to choose.
#[derive(Debug)]
struct ReaderChoice {
    value: String,
    label: String,
    /// ` selected` or an empty string. Safe to write unescaped.
    mark: &'static str,
}

/// What the page shows.
struct ShownAudit {
    found: AuditPage,
    people: BTreeMap<AccountId, String>,
    editors: Vec<Account>,
}

/// Names people by their addresses.
fn addresses(people: Vec<Account>) -> BTreeMap<AccountId, String> {
    let named = people.into_iter();
    named
        .map(|account| (account.id, account.email.to_string()))
        .collect()
}

fn read(
    calendar: &Calendar,
    filter: &AuditFilter,
    skipped: usize,
) -> Result<ShownAudit, EditorialError> {
    let found = audit::entries(calendar, filter, skipped, SHOWN)?;
    let named = found.entries.iter().flat_map(|entry| {
        let by = match &entry.by {
            AuditReader::Account(id) => Some(id),
            AuditReader::Operator => None,
        };
        by.into_iter().chain(entry.about.iter().take(NAMED))
    });
    let ids: BTreeSet<_> = named.cloned().collect();
    let people = addresses(organisations::accounts(calendar, ids.iter())?);
    let mut editors = accounts::list(calendar)?;
    editors.retain(|account| account.editor.is_some());
    Ok(ShownAudit {
        found,
        people,
        editors,
    })
}

fn row(
    request: &WorkspaceRequest,
    people: &BTreeMap<AccountId, String>,
    entry: &AuditEntry,
) -> AuditRow {
    let context = &request.context;
    let say = |key: &str| context.words.say(key).into_owned();
    let name = |id: &AccountId| people.get(id).cloned().unwrap_or_else(|| say("audit-gone"));
    let mut about: Vec<String> = entry.about.iter().take(NAMED).map(name).collect();
    let more = entry.about.len().saturating_sub(NAMED);
    if more > 0 {
        about.push(context.words.say_with("audit-more", &[("count", more)]));
    }
    AuditRow {
        who: match &entry.by {
            AuditReader::Account(id) => name(id),
            AuditReader::Operator => say("audit-operator"),
        },
        what: say(&format!("audit-{}", entry.subject.as_str())),
        url: if entry.page.starts_with('/') {
            context.paths.workspace(&entry.page)
        } else {
            String::new()
        },
        about: about.join(", "),
        at: moment(context, entry.at, context.zone()),
    }
}

fn readers(
    request: &WorkspaceRequest,
    editors: &[Account],
    chosen: Option<&AuditReader>,
) -> Vec<ReaderChoice> {
    let mark = |is_chosen: bool| if is_chosen { " selected" } else { "" };
    let of = |reader: AuditReader, label: String| ReaderChoice {
        value: reader.to_string(),
        label,
        mark: mark(chosen == Some(&reader)),
    };
    let say = |key: &str| request.context.words.say(key).into_owned();
    let mut all = vec![ReaderChoice {
        value: String::new(),
        label: say("audit-anyone"),
        mark: mark(chosen.is_none()),
    }];
    let editor = |account: &Account| {
        let reader = AuditReader::Account(account.id.clone());
        of(reader, account.email.to_string())
    };
    all.extend(editors.iter().map(editor));
    all.push(of(AuditReader::Operator, say("audit-operator")));
    // A former editor.
    if let Some(AuditReader::Account(id)) = chosen
        && !editors.iter().any(|account| account.id == *id)
    {
        all.push(of(AuditReader::Account(id.clone()), id.to_string()));
    }
    all
}

#[get("/editor/audit?<by>&<about>&<page>")]
async fn list_audit(
    editor: SignedInEditor,
    by: Option<&str>,
    about: Option<&str>,
    page: Option<usize>,
    request: WorkspaceRequest,
    retention: &State<Arc<Retention>>,
) -> Result<PersonalPage, Problem> {
    if editor.scope != EditorScope::All {
        return Err(Problem::new(ProblemKind::NotYours));
    }
    let number = page.unwrap_or(1).clamp(1, PAGES);
    let by: Option<AuditReader> = match by.filter(|by| !by.is_empty()) {
        Some(by) => Some(by.parse().map_err(|_| Problem::not_found())?),
        None => None,
    };
    let typed = about.unwrap_or_default().trim();
    let calendar = Arc::clone(&request.calendar);
    let email: Option<EmailAddress> = typed.parse().ok();
    let person = blocking(move || match email {
        Some(email) => accounts::with_email(&calendar, &email),
        None => Ok(None),
    });
    let person = person.await?.map(|(account, _)| account.id);
    let is_unknown = !typed.is_empty() && person.is_none();
    let own = AuditedReading::of_list(AuditSubject::Audit, OWN);
    request.note_reading(own).await?;
    let filter = AuditFilter { by, about: person };
    let (wanted, skipped) = (filter.clone(), (number - 1) * SHOWN);
    let shown = request
        .get(move |calendar, _| read(calendar, &wanted, skipped))
        .await?;
    let context = &request.context;
    let chosen = filter
        .by
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    let at_page = |number: usize| {
        let number = number.to_string();
        let values = [("by", chosen.as_str()), ("about", typed), ("page", &number)];
        context.paths.workspace(OWN) + &query(&values)
    };
    let made = AuditListPage {
        page: request.page(context.words.say("audit-heading"), OWN, None),
        lead: context
            .words
            .say_with("audit-lead", &[("days", retention.periods().audit)]),
        rows: if is_unknown {
            Vec::new()
        } else {
            let entries = shown.found.entries.iter();
            entries
                .map(|entry| row(&request, &shown.people, entry))
                .collect()
        },
        action: context.paths.workspace(OWN),
        readers: readers(&request, &shown.editors, filter.by.as_ref()),
        about: typed.to_owned(),
        error: if is_unknown {
            context.words.say("audit-unknown").into_owned()
        } else {
            String::new()
        },
        damaged: match shown.found.unreadable {
            0 => String::new(),
            count => context.words.say_with("audit-damaged", &[("count", count)]),
        },
        later: if number > 1 {
            at_page(number - 1)
        } else {
            String::new()
        },
        earlier: if shown.found.has_more && number < PAGES && !is_unknown {
            at_page(number + 1)
        } else {
            String::new()
        },
    };
    made.page.render(&made)
}

pub(super) fn routes() -> Vec<Route> {
    routes![list_audit]
}
