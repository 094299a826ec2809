//! Visitors suggest events and report mistakes without an account.

mod bot;
mod by_hand;
mod forms;
mod queue;
mod reports;
mod suggestion;

use calendar_domain::{EditorScope, Record, RecordKind};
use calendar_store::Store;
use chrono::TimeDelta;

use crate::organizers::account;
use crate::support::person::{Person, hidden_fields};
use crate::support::smtp::SmtpServer;
use crate::support::{Answer, TestServer};

pub const EDITOR: &str = "redaktor@example.org";
pub const TURID: &str = "turid.tipser@example.org";

pub const MARKET: [(&str, &str); 6] = [
    ("title", "Bygdemarked på Sørskogbygda"),
    ("date", "12.6.2027"),
    ("start_time", "11"),
    ("place_name", "Sørskogbygda samfunnshus"),
    ("place_municipality", "3420"),
    ("description", "Kaffe, vafler og brukte bøker."),
];

/// Returns a server with an editor.
pub fn app(mails: &SmtpServer) -> TestServer {
    let app = TestServer::builder().with_mail(&mails.url()).start();
    app.commit(vec![
        account(&app, 9, EDITOR, Some(EditorScope::All)).into(),
    ]);
    app
}

/// Returns a server whose links lead to itself.
fn app_at_its_own_address(mails: &SmtpServer) -> TestServer {
    TestServer::builder()
        .without_base_url()
        .with_mail(&mails.url())
        .start()
}

/// Opens a form, types for a while and sends it.
#[track_caller]
pub fn write(
    app: &TestServer,
    visitor: &mut Person,
    page: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let opened = visitor.get(page).ok();
    let action = page.split('?').next().unwrap();
    let hidden = hidden_fields(opened.text(), action);
    app.wait(TimeDelta::seconds(20));
    let hidden = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str()));
    let all: Vec<_> = hidden.chain(fields.iter().copied()).collect();
    visitor.post(action, &all)
}

/// Suggests the market. Returns the link in the mail.
#[track_caller]
pub fn suggest(app: &TestServer, mails: &SmtpServer, email: &str) -> String {
    let before = mails.all().iter().filter(|mail| mail.to == email).count();
    let mut visitor = Person::new(app.address().as_str());
    let fields = [&MARKET[..], &[("email", email)]].concat();
    write(app, &mut visitor, "/suggest", &fields).ok();
    link(mails, email, before)
}

/// Reports a mistake in an event. Returns the link in the mail.
#[track_caller]
pub fn report(app: &TestServer, mails: &SmtpServer, slug: &str, email: &str) -> String {
    let before = mails.all().iter().filter(|mail| mail.to == email).count();
    let mut visitor = Person::new(app.address().as_str());
    let fields = [
        ("fault", "time"),
        ("text", "Konserten begynner klokken sju, ikke seks."),
        ("email", email),
    ];
    write(app, &mut visitor, &format!("/report?event={slug}"), &fields).ok();
    link(mails, email, before)
}

/// Returns the link of the mail after `before` earlier ones, as a path.
#[track_caller]
pub fn link(mails: &SmtpServer, email: &str, before: usize) -> String {
    let mail = mails.next_to(email, before);
    let link: url::Url = mail.links().remove(0).parse().unwrap();
    format!("{}?{}", link.path(), link.query().unwrap())
}

/// Presses the button of a link's page.
#[track_caller]
pub fn confirm(app: &TestServer, link: &str) -> Answer {
    let mut visitor = Person::new(app.address().as_str());
    let action = link.split('?').next().unwrap().to_owned();
    visitor.fill(link, &action, &[])
}

/// Returns the ids of the records of a kind.
pub fn ids(app: &TestServer, kind: RecordKind) -> Vec<String> {
    let all = app.calendar().load().unwrap().into_iter();
    let own = all.filter(|stored| stored.record.kind() == kind);
    own.map(|stored| stored.record.key().id.as_str().to_owned())
        .collect()
}

/// Returns true if a text is in a record, or in an earlier version of one.
pub fn is_in_a_record(app: &TestServer, text: &str) -> bool {
    let all = app.calendar().load().unwrap();
    let mut versions: Vec<Option<Record>> = Vec::new();
    for stored in all {
        let history = app.calendar().history(&stored.record.key()).unwrap();
        versions.extend(history.into_iter().map(|version| version.record));
        versions.push(Some(stored.record));
    }
    let json = |record: Option<Record>| serde_json::to_string(&record).unwrap();
    versions
        .into_iter()
        .any(|record| json(record).contains(text))
}

/// Pages of visitors for [accessibility](crate::organizers).
pub struct VisitorPages {
    /// Pages that open without a form being sent.
    pub open: Vec<String>,
    /// The form for a report.
    pub report: String,
    /// The page of a link that can be confirmed.
    pub confirmation: String,
    /// Ids of a suggestion and a report that wait.
    pub suggestion: String,
    pub reported: String,
}

/// Writes suggestions and reports, some of them confirmed.
pub fn pages(app: &TestServer, mails: &SmtpServer) -> VisitorPages {
    let slug = app.event_slugs().into_iter().next().unwrap();
    confirm(app, &suggest(app, mails, TURID)).ok();
    confirm(app, &report(app, mails, &slug, TURID)).ok();
    let submissions = app.calendar().load().unwrap().into_iter();
    let suggestion = submissions.filter_map(|stored| match stored.record {
        Record::Submission(submission) if submission.organisation().is_none() => {
            Some(submission.id.to_string())
        }
        _ => None,
    });
    let confirmation = suggest(app, mails, TURID);
    let page = format!("/report?event={slug}");
    VisitorPages {
        open: vec![
            "/suggest".to_owned(),
            "/en/suggest".to_owned(),
            page.clone(),
            format!("/en{page}"),
            confirmation.clone(),
            "/confirm?link=wrong".to_owned(),
        ],
        report: page,
        confirmation,
        suggestion: suggestion.last().unwrap(),
        reported: ids(app, RecordKind::Report).remove(0),
    }
}
