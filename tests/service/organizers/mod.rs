//! Organizers register events, editors decide.

mod accessibility;
mod autosave;
mod consequences;
mod daily_mails;
mod editor_keys;
mod edits;
mod facts;
mod form;
pub mod hands;
mod held_mails;
mod help_pictures;
mod history;
mod kills;
mod limits;
mod organisations;
mod path;
mod roles;
pub mod states;
mod upload;
mod walk;

use calendar_domain::{
    Account, BackupHold, EditorScope, ErasureCause, Lang, Organisation, OrganisationStanding,
    Organizer, OwnEvents, Owner, Record,
};
use elverum_calendar::login::accounts;
use elverum_calendar::personal_data::{self, RemovalRequest};
use uuid::Uuid;

use crate::support::TestServer;
use crate::support::person::{Person, hidden_fields};
use crate::support::smtp::SmtpServer;

/// Returns the account of a person.
pub fn account(
    app: &TestServer,
    number: u128,
    email: &str,
    editor: Option<EditorScope>,
) -> Account {
    let (id, email) = (Uuid::from_u128(number).into(), email.parse().unwrap());
    Account {
        editor,
        ..Account::new(id, email, Lang::Nb, app.now())
    }
}

/// Returns an approved organisation with its organizer.
pub fn club(app: &TestServer, number: u128, slug: &str, founder: &Account) -> [Record; 2] {
    let mut club = Organisation::new(
        Uuid::from_u128(number).into(),
        slug.to_owned(),
        founder.id.clone(),
        app.now(),
    );
    club.standing = OrganisationStanding::Approved;
    club.organizer = Some(slug.parse().unwrap());
    let organizer = Organizer {
        slug: slug.parse().unwrap(),
        name: slug.to_owned(),
        aliases: Vec::new(),
        description: calendar_domain::Text::default(),
        website: None,
        organisation_number: None,
        contact: calendar_domain::Contact::default(),
        source: None,
        owner: Owner::DataFile,
    };
    [club.into(), organizer.into()]
}

/// Deletes the account with an address, as the operator does.
pub fn delete_account(app: &TestServer, email: &str) {
    let known = accounts::with_email(app.calendar(), &email.parse().unwrap());
    let request = RemovalRequest {
        account: known.unwrap().unwrap().0.id,
        cause: ErasureCause::Operator,
        own_events: OwnEvents::Keep,
        backups: BackupHold::Unknown,
        language: Lang::Nb,
        is_mailed: false,
    };
    let _ = personal_data::remove(app.calendar(), &request).unwrap();
}

/// Signs in with the code from a mail.
pub fn signed_in(app: &TestServer, mails: &SmtpServer, email: &str) -> Person {
    let mut person = Person::new(app.address().as_str());
    person.sign_in(mails, email);
    person
}

/// Returns the token of the person's session.
pub fn token(person: &mut Person) -> String {
    let page = person.get("/account").ok();
    hidden_fields(page.text(), "/logout")[0].1.clone()
}

/// Returns where an answer leads, without its query.
#[track_caller]
pub fn led_to(answer: &crate::support::Answer) -> String {
    let path = answer.header("Location");
    path.split(['?', '#']).next().unwrap_or(path).to_owned()
}

/// Waits until something holds.
#[track_caller]
pub fn until(what: &str, holds: impl Fn() -> bool) {
    let start = std::time::Instant::now();
    while !holds() {
        assert!(start.elapsed().as_secs() < 30, "{what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
