//! Who may open and send what: every route of organizers and editors, for every role.

use calendar_domain::{
    EditorScope, Event, EventId, EventReport, Lang, OrganizerRef, Proposer, Record, ReportedFault,
    Schedule, Submission, SubmissionState, SubmissionStep, Text, Venue, When,
};
use rocket::http::Method;
use uuid::Uuid;

use super::{account, club, signed_in, token};
use crate::support::TestServer;
use crate::support::person::Person;
use crate::support::region::slug;
use crate::support::smtp::SmtpServer;

/// Who may: nobody is refused, members of the organisation, its members and editors of the municipality, editors of
/// the municipality, all editors, editors of the whole region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum May {
    SignedIn,
    Member,
    MemberOrEditor,
    OwnEditor,
    AnyEditor,
    ChiefEditor,
}

/// The routes, with who may use them. `O`, `S`, `E`, `V`, `R` stand for an organisation, a
/// submission, a public event, a suggestion of a visitor and a report about that event.
const TABLE: &[(Method, &str, May)] = &[
    (Method::Get, "/organizer/", May::SignedIn),
    (Method::Get, "/organizer/organisations", May::SignedIn),
    (Method::Get, "/organizer/organisations/new", May::SignedIn),
    (Method::Post, "/organizer/organisations/new", May::SignedIn),
    (Method::Get, "/organizer/organisations/O", May::Member),
    // Everyone may ask to join.
    (Method::Post, "/organizer/organisations/O", May::SignedIn),
    (Method::Get, "/organizer/events/new", May::SignedIn),
    (Method::Post, "/organizer/events/new", May::Member),
    (Method::Post, "/organizer/events/autosave", May::Member),
    (Method::Get, "/organizer/events/S", May::Member),
    (Method::Get, "/organizer/events/S/edit", May::Member),
    (Method::Post, "/organizer/events/S/edit", May::Member),
    (Method::Get, "/organizer/events/S/images", May::Member),
    (Method::Post, "/organizer/events/S/images", May::Member),
    (
        Method::Post,
        "/organizer/events/S/images/change",
        May::Member,
    ),
    (Method::Get, "/organizer/events/S/check", May::Member),
    (Method::Post, "/organizer/events/S/send", May::Member),
    (Method::Get, "/organizer/events/S/conflicts", May::Member),
    (Method::Post, "/organizer/events/S/conflicts", May::Member),
    (Method::Post, "/organizer/events/S/withdraw", May::Member),
    (Method::Post, "/organizer/events/S/copy", May::Member),
    (Method::Post, "/organizer/events/similar", May::SignedIn),
    (Method::Get, "/organizer/published/E", May::MemberOrEditor),
    (Method::Post, "/organizer/published/E", May::MemberOrEditor),
    (
        Method::Post,
        "/organizer/published/E/images",
        May::MemberOrEditor,
    ),
    (Method::Post, "/organizer/published/E/edit", May::Member),
    (
        Method::Post,
        "/organizer/published/E/undo",
        May::MemberOrEditor,
    ),
    (Method::Get, "/organizer/upload", May::SignedIn),
    (Method::Post, "/organizer/upload", May::Member),
    // A report is found by its owner alone.
    (Method::Get, "/organizer/upload/x", May::SignedIn),
    (Method::Post, "/organizer/upload/x", May::SignedIn),
    (Method::Get, "/organizer/help", May::SignedIn),
    (Method::Get, "/editor/help", May::AnyEditor),
    (
        Method::Get,
        "/organizer/published/E/history",
        May::MemberOrEditor,
    ),
    (
        Method::Post,
        "/organizer/published/E/history",
        May::MemberOrEditor,
    ),
    (
        Method::Post,
        "/organizer/published/E/availability",
        May::MemberOrEditor,
    ),
    (Method::Post, "/organizer/published/E/copy", May::Member),
    (Method::Get, "/editor/", May::AnyEditor),
    (Method::Get, "/editor/submissions/S", May::OwnEditor),
    (Method::Post, "/editor/submissions/S", May::OwnEditor),
    (Method::Get, "/editor/submissions/V/edit", May::OwnEditor),
    (Method::Post, "/editor/submissions/V/edit", May::OwnEditor),
    (Method::Get, "/editor/reports/R", May::OwnEditor),
    (Method::Post, "/editor/reports/R", May::OwnEditor),
    (Method::Get, "/editor/organisations/O", May::AnyEditor),
    (Method::Post, "/editor/organisations/O", May::AnyEditor),
    (Method::Post, "/editor/rejections", May::AnyEditor),
    (Method::Get, "/editor/mails", May::ChiefEditor),
    (Method::Get, "/editor/audit", May::ChiefEditor),
    (Method::Post, "/editor/suggestions/x", May::ChiefEditor),
    (Method::Post, "/editor/events/E", May::ChiefEditor),
    (Method::Post, "/editor/partners/x", May::ChiefEditor),
    // In English.
    (Method::Get, "/en/organizer/", May::SignedIn),
    (Method::Get, "/en/editor/", May::AnyEditor),
    (Method::Get, "/en/editor/submissions/S", May::OwnEditor),
];

/// A role, with the organisation, submission and event that its requests are about.
struct Role {
    name: &'static str,
    email: &'static str,
    /// Number of the organisation in `fixture`.
    about: u128,
    may: &'static [May],
}

const MEMBER: &[May] = &[May::SignedIn, May::Member, May::MemberOrEditor];
const ROLES: [Role; 5] = [
    Role {
        name: "member of another organisation",
        email: "other@example.org",
        about: 20,
        may: &[May::SignedIn],
    },
    Role {
        name: "editor of another municipality",
        email: "amot@example.org",
        about: 20,
        may: &[May::SignedIn, May::AnyEditor],
    },
    Role {
        name: "member",
        email: "member@example.org",
        about: 20,
        may: MEMBER,
    },
    Role {
        name: "trusted",
        email: "trusted@example.org",
        about: 30,
        may: MEMBER,
    },
    Role {
        name: "editor",
        email: "editor@example.org",
        about: 20,
        may: &[
            May::SignedIn,
            May::MemberOrEditor,
            May::OwnEditor,
            May::AnyEditor,
            May::ChiefEditor,
        ],
    },
];

fn event(number: u128, organizer: &str, title: &str, app: &TestServer) -> Event {
    let day = When::day(app.now().date_naive() + chrono::TimeDelta::days(30));
    let id: EventId = Uuid::from_u128(number).into();
    let uid = Uuid::from_u128(number).into();
    let mut event = Event::new(
        slug(title),
        uid,
        Text::nb(title),
        Schedule::once(day),
        app.now(),
    );
    event.id = id;
    event.organizer = Some(OrganizerRef::Organizer(slug(organizer)));
    event.venues = vec![Venue::Described {
        name: "Torget".into(),
        address: None,
        municipality: Some("3420".parse().unwrap()),
        coordinates: None,
    }];
    event
}

/// Returns an organisation with a member, a submission that waits, and a public event.
fn fixture(app: &TestServer, number: u128, name: &str, email: &str, trusted: bool) -> Vec<Record> {
    let member = account(app, number + 5, email, None);
    let [mut organisation, organizer] = club(app, number, name, &member);
    if let Record::Organisation(item) = &mut organisation {
        std::sync::Arc::make_mut(item).trusted = trusted;
    }
    let proposed = event(number + 1, name, &format!("{name}-forslag"), app);
    let (id, author) = (Uuid::from_u128(number + 2).into(), member.id.clone());
    let club = Uuid::from_u128(number).into();
    let mut sent = Submission::new(id, club, author.clone(), proposed.id.clone(), app.now());
    sent.form = [
        ("title", "Forslag"),
        ("date", "20.12.2026"),
        ("hours", "all_day"),
        ("place_name", "Torget"),
        ("place_municipality", "3420"),
    ]
    .into_iter()
    .map(|(name, value)| {
        (
            calendar_domain::event_form::FormField::named(name).unwrap(),
            value,
        )
    })
    .fold(sent.form, |form, (field, value)| form.with(field, value));
    sent.next = Some(Box::new(proposed));
    let step = SubmissionStep {
        at: app.now(),
        by: Some(author),
        state: SubmissionState::Submitted,
        reason: String::new(),
        comments: Vec::new(),
    };
    assert!(sent.step(step));
    let public = event(number + 3, name, &format!("{name}-publisert"), app);
    let visitor = Uuid::from_u128(number + 6);
    let mut suggested = Submission {
        id: visitor.into(),
        proposer: Proposer::Visitor {
            visitor: visitor.into(),
            language: Lang::Nb,
        },
        event: Uuid::from_u128(number + 8).into(),
        next: Some(Box::new(event(
            number + 8,
            name,
            &format!("{name}-tips"),
            app,
        ))),
        ..sent.clone()
    };
    suggested.history[0].by = None;
    let report = EventReport {
        id: Uuid::from_u128(number + 7).into(),
        event: public.id.clone(),
        visitor: visitor.into(),
        language: Lang::Nb,
        fault: ReportedFault::Time,
        text: "Det begynner klokken sju.".to_owned(),
        reported: app.now(),
        joined: Vec::new(),
        forwarded: None,
        closing: None,
    };
    vec![
        suggested.into(),
        report.into(),
        member.into(),
        organisation,
        organizer,
        sent.into(),
        public.into(),
    ]
}

fn path_about(path: &str, number: u128) -> String {
    let id = |n: u128| Uuid::from_u128(number + n).to_string();
    let part = |part: &str| match part {
        "O" => id(0),
        "S" => id(2),
        "E" => id(3),
        "V" => id(6),
        "R" => id(7),
        other => other.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn app(mails: &SmtpServer) -> TestServer {
    let app = TestServer::builder()
        .with_empty_region()
        .with_mail(&mails.url())
        .start();
    app.commit(fixture(&app, 10, "andre", "other@example.org", false));
    app.commit(fixture(&app, 20, "laget", "member@example.org", false));
    app.commit(fixture(&app, 30, "foreningen", "trusted@example.org", true));
    let amot = EditorScope::Municipalities(["3422".parse().unwrap()].into());
    let amot = account(&app, 1, "amot@example.org", Some(amot));
    let chief = account(&app, 2, "editor@example.org", Some(EditorScope::All));
    app.commit(vec![amot.into(), chief.into()]);
    app
}

#[test]
fn every_route_of_organizers_and_editors_is_in_the_table() {
    let app = TestServer::builder().with_empty_region().start();
    let shape = |path: &str| {
        let parts = path.split('/').map(|part| match part {
            "O" | "S" | "E" | "V" | "R" | "x" => "<id>",
            other => other,
        });
        parts.collect::<Vec<_>>().join("/")
    };
    let mut known: Vec<String> = TABLE
        .iter()
        .filter(|(_, path, _)| !path.starts_with("/en/"))
        .map(|(method, path, _)| format!("{method} {}", shape(path).trim_end_matches('/')))
        .collect();
    let is_own = |route: &&str| {
        let path = route.split(' ').nth(1).unwrap_or_default();
        let first = path.split('/').nth(1).unwrap_or_default();
        matches!(first, "organizer" | "editor")
    };
    let routes = app.routes();
    let routes = routes
        .iter()
        .map(|route| route.split('?').next().unwrap_or(route));
    let mut there: Vec<String> = routes.filter(is_own).map(str::to_owned).collect();
    known.sort();
    there.sort();
    assert_eq!(there, known);
}

#[test]
fn each_role_may_do_what_the_table_says_and_nothing_else() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut visitor = Person::new(app.address().as_str());
    for (method, path, _) in TABLE {
        let path = path_about(path, 20);
        if *method == Method::Get {
            let led = visitor.get(&path).with_status(303);
            assert!(led.header("Location").contains("/login?next="), "{path}");
        } else {
            let before = app.commit_number();
            assert_eq!(visitor.post(&path, &[("token", "")]).status, 403, "{path}");
            assert_eq!(app.commit_number(), before, "{path}");
        }
    }
    for (number, role) in ROLES.iter().enumerate() {
        let form_id = Uuid::from_u128(number as u128 + 7_000).to_string();
        let mut person = signed_in(&app, &mails, role.email);
        let token = token(&mut person);
        let organisation = path_about("O", role.about);
        for (method, path, may) in TABLE {
            let path = path_about(path, role.about);
            let answer = match method {
                Method::Get => person.get(&path),
                _ => person.post(
                    &path,
                    &[
                        ("token", token.as_str()),
                        ("organisation", organisation.as_str()),
                        ("form_id", form_id.as_str()),
                        ("revision", "1"),
                        ("status", "postponed"),
                        ("availability", "few_left"),
                        ("action", "nonsense"),
                    ],
                ),
            };
            let is_refused = answer.status == 403;
            let may = role.may.contains(may);
            assert_eq!(
                is_refused, !may,
                "{} {method} {path}: {}",
                role.name, answer.status
            );
            assert!(
                answer.status < 500,
                "{} {method} {path}: {}",
                role.name,
                answer.text()
            );
        }
    }
}

#[test]
fn no_form_works_without_its_token_or_from_elsewhere() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut editor = signed_in(&app, &mails, "editor@example.org");
    let right = token(&mut editor);
    let before = app.commit_number();
    for (_, path, _) in TABLE.iter().filter(|table| table.0 == Method::Post) {
        let path = path_about(path, 20);
        for wrong in ["", "0"] {
            let refused = editor.post(&path, &[("token", wrong), ("action", "yes")]);
            assert_eq!(refused.status, 403, "{path}");
        }
        let own = editor.origin.replace("https://evil.example.org".to_owned());
        let refused = editor.post(&path, &[("token", right.as_str()), ("action", "yes")]);
        assert_eq!(refused.status, 403, "{path}");
        editor.origin = own;
    }
    assert_eq!(app.commit_number(), before);
}
