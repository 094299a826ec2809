//! From idea to published event, over a real store.

use std::collections::BTreeSet;
use std::sync::Arc;

use calendar_domain::clock::FixedClock;
use calendar_domain::event_form::{EventForm, FormField};
use calendar_domain::{
    Account, EditorScope, Event, EventId, EventStatus, Field, Lang, MailKind, Municipality,
    Organisation, OrganisationId, OrganizerRef, OutgoingMail, Owner, Place, Record, Region,
    ReviewComment, Start, Submission, SubmissionId, SubmissionState, Text, Venue,
};
use calendar_store::{Author, Change, Revision, records};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::organisations::Registration;
use super::submissions::{SaveOutcome, SendOutcome};
use super::*;
use crate::catalog::Calendar;

mod changes;
mod membership;
mod open_form;
mod path;

const NOW: &str = "2027-01-10T10:00:00Z";

struct Office {
    calendar: Calendar,
    clock: Arc<FixedClock>,
    _folder: tempfile::TempDir,
}

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

fn place(slug: &str, municipality: &str) -> Record {
    let place = Place {
        slug: slug.parse().unwrap(),
        name: slug.to_owned(),
        aliases: Vec::new(),
        municipality: Some(municipality.parse().unwrap()),
        address: None,
        coordinates: None,
        description: Text::default(),
        website: None,
        source: None,
        owner: Owner::DataFile,
    };
    place.into()
}

fn region() -> Record {
    let municipality = |number: &str, slug: &str| Municipality {
        number: number.parse().unwrap(),
        slug: slug.parse().unwrap(),
        name: slug.to_owned(),
        aliases: Vec::new(),
        former_numbers: Vec::new(),
    };
    let region = Region {
        name: Text::nb("Kalender"),
        tagline: Text::default(),
        publisher: None,
        contact: None,
        licence: None,
        county: None,
        country: None,
        time_zone: chrono_tz::Europe::Oslo,
        languages: vec![Lang::Nb],
        uid_namespace: Uuid::NAMESPACE_OID,
        municipalities: vec![
            municipality("3420", "elverum"),
            municipality("3422", "amot"),
        ],
        holidays: Vec::new(),
        school_breaks: Vec::new(),
        owner: Owner::DataFile,
    };
    region.into()
}

impl Office {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sled:{}", folder.path().join("store").display());
        let clock = Arc::new(FixedClock::at(now()));
        let store = calendar_store::open(&url).unwrap();
        let calendar = Calendar::open(store, clock.clone()).unwrap();
        let office = Self {
            calendar,
            clock,
            _folder: folder,
        };
        office.put([region(), place("terningen", "3420"), place("rena", "3422")]);
        office
    }

    fn put<const N: usize>(&self, records: [Record; N]) {
        let changes = records.into_iter().map(Change::put).collect();
        self.calendar.write(Author::System, "", changes).unwrap();
    }

    fn person(&self, number: u128, editor: Option<EditorScope>) -> Actor {
        let email = format!("person{number}@example.org").parse().unwrap();
        let account = Account {
            editor,
            ..Account::new(Uuid::from_u128(number).into(), email, Lang::Nb, now())
        };
        self.put([account.clone().into()]);
        Actor {
            account,
            now: now(),
        }
    }

    fn organizer(&self) -> Actor {
        self.person(1, None)
    }

    fn editor(&self) -> Actor {
        self.person(9, Some(EditorScope::All))
    }

    fn club(&self, actor: &Actor) -> OrganisationId {
        let registration = Registration {
            name: "Skogslaget".into(),
            ..Registration::default()
        };
        organisations::register(&self.calendar, actor, &registration).unwrap()
    }

    fn organisation(&self, id: &OrganisationId) -> Organisation {
        actor::organisation(&self.calendar, id).unwrap().0
    }

    fn submission(&self, id: &SubmissionId) -> (Submission, Revision) {
        records::one(&self.calendar, id.as_str()).unwrap().unwrap()
    }

    fn event(&self, id: &EventId) -> Event {
        records::one::<Event>(&self.calendar, id.as_str())
            .unwrap()
            .unwrap()
            .0
    }

    /// Saves and sends the form of a new event.
    fn sent(&self, actor: &Actor, club: &OrganisationId, more: &[(&str, &str)]) -> SubmissionId {
        let id = submissions::save_new(&self.calendar, actor, club, form(more)).unwrap();
        self.send(actor, &id).unwrap();
        id
    }

    fn send(&self, actor: &Actor, id: &SubmissionId) -> Result<SendOutcome, EditorialError> {
        submissions::send(&self.calendar, actor, id, self.submission(id).1)
    }

    fn approve(&self, editor: &Actor, id: &SubmissionId) -> Result<(), EditorialError> {
        let seen = self.submission(id).1;
        let choices = PublishChoices::default();
        submission_review::approve_submission(&self.calendar, editor, id, seen, true, &choices)
    }

    fn mails(&self) -> Vec<(MailKind, Option<String>)> {
        let mails = records::every::<OutgoingMail>(&self.calendar).unwrap();
        let mut mails: Vec<_> = mails
            .into_iter()
            .map(|(value, _)| (value.kind, value.facts.path))
            .collect();
        mails.sort();
        mails
    }

    /// Returns the kinds of mails.
    fn mail_kinds(&self) -> BTreeSet<MailKind> {
        self.mails().into_iter().map(|(kind, _)| kind).collect()
    }

    /// Publishes an event and returns it with its organisation.
    fn published(&self, actor: &Actor) -> (OrganisationId, EventId) {
        let club = self.club(actor);
        let sent = self.sent(actor, &club, &[]);
        self.approve(&self.editor(), &sent).unwrap();
        (club, self.submission(&sent).0.event)
    }

    /// Starts an edit of a public event, changes fields, saves and returns it.
    fn edited(&self, actor: &Actor, event: &EventId, change: &[(FormField, &str)]) -> SubmissionId {
        let id = edits::start_edit(&self.calendar, actor, event).unwrap();
        let (edit, revision) = self.submission(&id);
        let mut form = edit.form;
        for (field, value) in change {
            form.set(*field, vec![(*value).to_owned()]);
        }
        let saved = submissions::save(&self.calendar, actor, &id, revision, &form).unwrap();
        assert_eq!(saved, SaveOutcome::Saved);
        id
    }
}

fn form(more: &[(&str, &str)]) -> EventForm {
    let least = [
        ("title", "Julekonsert"),
        ("date", "8.6.2027"),
        ("start_time", "18"),
        ("place", "terningen"),
    ];
    let is_new = |name: &str| !more.iter().any(|(other, _)| *other == name);
    let least = least.into_iter().filter(|(name, _)| is_new(name));
    EventForm::from_pairs(least.chain(more.iter().copied()))
}
