//! Sequences of partner responses and editors' decisions, against a real store.

#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps fails with the line that did"
)]

mod channels;
mod found_by_stories;
mod imports;
mod mapping;
mod model;
mod names;
mod parts;
mod people;
mod properties;
mod renamed;
mod silence;
mod sources;
mod stories;
mod taking_back;
mod weight;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;

use calendar_connectors::connector::{Listing, ParsedItem};
use calendar_domain::clock::{Clock, FixedClock};
use calendar_domain::{
    Connection, Event, EventDraft, EventId, Field, Guard, Lang, Owner, Partner, PartnerId, Record,
    RecordKey, RecordKind, Region, Schedule, Suggestion, Text, Trust, Venue, When,
};
use calendar_store::{Author, Change, Commit, Store};
use elverum_calendar::catalog::Calendar;
use elverum_calendar::editorial::Editor;
use elverum_calendar::http::Fetcher;
use elverum_calendar::ingest::fetch::FetchedBatch;
use elverum_calendar::ingest::import::Rehearsal;

use elverum_calendar::ingest::run::{RunError, RunReport, Runner};

/// A calendar with a region and partners.
struct Office {
    calendar: Arc<Calendar>,
    runner: Runner,
    clock: Arc<FixedClock>,
    connections: BTreeMap<PartnerId, Connection>,
    _folder: TempDir,
}

const BEGINNING: &str = "2027-01-15T12:00:00Z";
const SITE: &str = "https://kalender.example.no/";

impl Office {
    fn new() -> Self {
        Self::over(|store| store)
    }

    /// Creates a calendar over a wrapped store.
    fn over(wrap: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = calendar_store::open(format!("sled:{}", folder.path().join("store").display()))
            .unwrap();
        let store = wrap(store);
        let clock = Arc::new(FixedClock::at(BEGINNING.parse().unwrap()));
        let calendar = Arc::new(Calendar::open(store, clock.clone()).unwrap());
        let fetcher = Fetcher::new(Vec::new(), 1 << 20, None);
        let site = SITE.parse().ok();
        let runner = Runner::new(Arc::clone(&calendar), fetcher, site, |_| None);
        let office = Self {
            calendar,
            runner,
            clock,
            connections: BTreeMap::new(),
            _folder: folder,
        };
        office.put(region().into());
        office
    }

    fn with(mut self, id: &str, change: impl FnOnce(&mut Connection)) -> Self {
        let url = format!("https://{id}.example.no/feed").parse().ok();
        let mut connection = Connection::new("ics".parse().unwrap(), url);
        change(&mut connection);
        let id: PartnerId = id.parse().unwrap();
        let partner = Partner {
            connection: Some(connection.clone()),
            ..Partner::new(id.clone(), id.as_str(), Owner::DataFile)
        };
        self.put(partner.into());
        self.connections.insert(id, connection);
        self
    }

    fn with_partner(self, id: &str) -> Self {
        self.with(id, |_| {})
    }

    fn put(&self, record: Record) {
        let commit = Commit {
            author: Author::Operator,
            at: self.clock.now(),
            note: String::new(),
            changes: vec![Change::put(record)],
        };
        self.calendar.commit(commit).unwrap();
    }

    /// Applies a whole response of a partner, one hour later.
    fn tells(&self, partner: &str, drafts: &[EventDraft]) -> RunReport {
        self.try_tell(partner, drafts, Listing::Whole).unwrap()
    }

    fn try_tell(
        &self,
        partner: &str,
        drafts: &[EventDraft],
        listing: Listing,
    ) -> Result<RunReport, RunError> {
        let items = drafts
            .iter()
            .cloned()
            .map(|draft| ParsedItem::Event(Box::new(draft)));
        self.items(partner, items.collect(), listing)
    }

    fn items(
        &self,
        partner: &str,
        items: Vec<ParsedItem>,
        listing: Listing,
    ) -> Result<RunReport, RunError> {
        self.clock.set(self.clock.now() + TimeDelta::hours(1));
        self.calendar.advance();
        let partner: PartnerId = partner.parse().unwrap();
        let told = FetchedBatch {
            items,
            listing,
            ..FetchedBatch::default()
        };
        let connection = &self.connections[&partner];
        self.runner.take(&partner, connection, told, Rehearsal::No)
    }

    fn events(&self) -> Vec<Event> {
        let snapshot = self.calendar.snapshot();
        let mut events: Vec<Event> = snapshot
            .events()
            .map(|events| (*events.event()).clone())
            .collect();
        events.sort_by(|a, b| a.id.cmp(&b.id));
        events
    }

    fn titles(&self) -> Vec<String> {
        let titles = self.events();
        let mut titles: Vec<String> = titles
            .iter()
            .map(|title| title.title_in(Lang::Nb).to_owned())
            .collect();
        titles.sort();
        titles
    }

    fn commits(&self) -> u64 {
        self.calendar.head().number.0
    }

    fn editor(&self) -> Editor {
        Editor {
            name: "ola".into(),
            now: self.clock.now(),
        }
    }

    /// Changes a field of an event as an editor.
    fn sets(&self, id: &str, field: Field, change: impl FnOnce(&mut Event)) {
        let stored = self
            .calendar
            .get(&RecordKey::new(RecordKind::Event, id))
            .unwrap()
            .unwrap();
        let Record::Event(old) = stored.record else {
            panic!()
        };
        let mut next = (*old).clone();
        change(&mut next);
        next.owners.insert(field, Owner::Editor("ola".into()));
        self.put(next.into());
    }
}

fn region() -> Region {
    serde_json::from_value(serde_json::json!({
        "name": {"nb": "Eksempelregionen"}, "time_zone": "Europe/Oslo", "languages": ["nb"],
        "uid_namespace": "8a1f8f0e-52a4-4ad5-9c6f-0f2d6a6c9a10", "municipalities": [], "owner": "data_file",
    }))
    .unwrap()
}

fn at(start: &str) -> Schedule {
    Schedule::once(When::Timed {
        start: start.parse().unwrap(),
        end: None,
        zone: "Europe/Oslo".parse().unwrap(),
    })
}

/// Returns a draft.
fn draft(origin: &str, title: &str, start: &str) -> EventDraft {
    let mut draft = EventDraft::new(origin, Text::nb(title), at(start));
    draft.uid = format!("{origin}@example.no").parse().ok();
    draft
}

fn in_place(mut draft: EventDraft, place: &str) -> EventDraft {
    draft.venues = vec![Venue::named(place)];
    draft
}

fn concert(origin: &str) -> EventDraft {
    let start = "2027-06-01T18:00:00";
    in_place(
        draft(origin, "Sommerkonsert i parken", start),
        "Kirkeparken",
    )
}

fn lecture(origin: &str) -> EventDraft {
    let start = "2027-06-03T18:00:00";
    in_place(
        draft(origin, "Foredrag om tømmerfløting", start),
        "Skogmuseet",
    )
}

/// Returns `count` different drafts, one a day from 1 March.
fn programme(count: usize) -> Vec<EventDraft> {
    let first: DateTime<Utc> = "2027-03-01T18:00:00Z".parse().unwrap();
    (0..count)
        .map(|n| {
            let day = first + TimeDelta::days(i64::try_from(n).unwrap());
            let start = day.format("%Y-%m-%dT%H:%M:%S").to_string();
            draft(
                &format!("e{n}"),
                &format!("Eksempelkveld nummer {n}"),
                &start,
            )
        })
        .collect()
}

fn queue(connection: &mut Connection) {
    connection.trust = Trust::Queue;
}

impl Office {
    /// Returns the guard of a partner's exchange.
    fn guard(&self, partner: &str) -> Guard {
        let key = RecordKey::new(RecordKind::PartnerState, partner);
        match self.calendar.get(&key).unwrap().unwrap().record {
            Record::PartnerState(state) => state.guard.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Returns a stored event, published or not.
    fn stored(&self, id: &EventId) -> Event {
        let key = RecordKey::new(RecordKind::Event, id.as_str());
        match self.calendar.get(&key).unwrap().unwrap().record {
            Record::Event(event) => (*event).clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Returns all suggestions, decided or not.
    fn suggestions(&self) -> Vec<Suggestion> {
        let mut found = Vec::new();
        let kinds = [RecordKind::Suggestion];
        let scanned = self.calendar.scan(&kinds, &mut |batch| {
            found.extend(batch.into_iter().filter_map(|batch| match batch.record {
                Record::Suggestion(batch) => Some((*batch).clone()),
                _ => None,
            }));
        });
        scanned.unwrap();
        found
    }
}
