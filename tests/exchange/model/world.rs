//! A calendar with three partners, and its model.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use calendar_domain::Category;
use chrono::NaiveDate;
use elverum_calendar::ingest::import::Rehearsal;
use elverum_calendar::ingest::upsert::{self, UpsertError};

use super::act::{Dice, Step};
use super::reference::{Expected, Model, Thing};
use super::words::{Answer, CATEGORIES, Entry};
use crate::*;

pub const PARTNERS: [&str; 3] = ["a", "b", "c"];

/// A partner's own list of events.
#[derive(Debug, Clone, Default)]
pub struct List {
    pub entries: Vec<Entry>,
    /// What it sends by itself and its answers do not have.
    pub apart: Vec<Entry>,
    pub dropped: Vec<Entry>,
    /// Origin ids removed since the last incremental response.
    pub gone: Vec<String>,
}

/// A run that wrote, with the events that it changed.
pub struct Past {
    pub partner: usize,
    pub run: String,
    pub changed: Vec<(usize, Option<Thing>, Thing)>,
}

/// Number of occurrences by act.
pub type Tally = BTreeMap<&'static str, usize>;

/// What has to happen somewhere in some hundred stories.
pub const HAPPENS: [&str; 27] = [
    "accepted",
    "accepted as one",
    "approved",
    "approved as one that is there",
    "approved, dropped and told again",
    "created",
    "dismissed",
    "dismissed as one",
    "edited",
    "held",
    "joined",
    "joined by an editor",
    "joined with another of its partner",
    "missing",
    "names learnt",
    "not rolled back",
    "quarantined",
    "rejected",
    "released",
    "rolled back",
    "sent",
    "sent apart from the answers",
    "sent beside a run",
    "split",
    "taken back",
    "two at once",
    "withdrawn",
];

pub struct World {
    /// `None` only while it is reopened.
    office: Option<(Office, Arc<Runner>)>,
    pub model: Model,
    pub lists: [List; 3],
    pub runs: Vec<Past>,
    /// Values of partners that editors have reviewed.
    pub reviewed: BTreeSet<(EventId, Field, usize)>,
    /// Origin ids in the last response of each partner.
    pub told: [BTreeSet<String>; 3],
    /// Events that were rolled back and not in a response since.
    pub taken_back: BTreeSet<usize>,
    pub log: Vec<String>,
    /// The stored events as of a commit.
    pub stored: (u64, Arc<Vec<Event>>),
    /// The last commit after which everything was checked.
    pub checked: u64,
    /// Number of occurrences by act.
    pub tally: Tally,
    pub count: usize,
}

fn category(slug: &str) -> Category {
    Category {
        slug: slug.parse().unwrap(),
        name: Text::nb(slug),
        description: Text::default(),
        aliases: Vec::new(),
        color: None,
        rank: 0,
        owner: Owner::DataFile,
    }
}

fn runner(office: &Office) -> Arc<Runner> {
    let fetcher = Fetcher::new(Vec::new(), 1 << 20, None);
    let calendar = Arc::clone(&office.calendar);
    Arc::new(Runner::new(calendar, fetcher, SITE.parse().ok(), |_| None))
}

pub fn id_of(partner: usize) -> PartnerId {
    PARTNERS[partner].parse().unwrap()
}

impl World {
    pub fn new() -> Self {
        // An address without a server, which is never requested.
        let nobody =
            |connection: &mut Connection| connection.url = "http://127.0.0.1:9/feed".parse().ok();
        let office = Office::new()
            .with("a", nobody)
            .with("b", nobody)
            .with("c", |with| {
                nobody(with);
                queue(with);
            });
        for slug in CATEGORIES {
            office.put(category(slug).into());
        }
        let mut model = Model::default();
        model.sides[2].waits = true;
        let runner = runner(&office);
        Self {
            office: Some((office, runner)),
            model,
            lists: Default::default(),
            runs: Vec::new(),
            reviewed: BTreeSet::new(),
            told: Default::default(),
            taken_back: BTreeSet::new(),
            log: Vec::new(),
            stored: (0, Arc::default()),
            checked: 0,
            tally: Tally::new(),
            count: 0,
        }
    }

    pub fn office(&self) -> &Office {
        &self.office.as_ref().unwrap().0
    }

    fn runner(&self) -> &Arc<Runner> {
        &self.office.as_ref().unwrap().1
    }

    pub fn note(&mut self, what: impl Into<String>) {
        self.log.push(what.into());
    }

    pub fn tally(&mut self, what: &'static str, times: usize) {
        *self.tally.entry(what).or_default() += times;
    }

    /// Counts an act whose result the rules leave open.
    pub fn leave_out(&mut self) {
        self.note("left out: it is not clear what follows");
        self.tally("left out", 1);
    }

    /// Closes the calendar and opens it from its store again.
    pub fn restart(&mut self) {
        let (office, runner) = self.office.take().unwrap();
        let Office {
            calendar,
            runner: other,
            clock,
            connections,
            _folder: folder,
        } = office;
        drop((runner, other, calendar));
        let store = calendar_store::open(format!("sled:{}", folder.path().join("store").display()))
            .unwrap();
        let calendar = Arc::new(Calendar::open(store, clock.clone()).unwrap());
        let fetcher = Fetcher::new(Vec::new(), 1 << 20, None);
        let office = Office {
            runner: Runner::new(Arc::clone(&calendar), fetcher, None, |_| None),
            calendar,
            clock,
            connections,
            _folder: folder,
        };
        let runner = self::runner(&office);
        (self.stored.0, self.checked) = (0, 0);
        self.office = Some((office, runner));
    }

    pub fn wait(&self, time: TimeDelta) {
        let office = self.office();
        office.clock.set(office.clock.now() + time);
        office.calendar.advance();
    }

    pub fn today(&self) -> NaiveDate {
        let zone: chrono_tz::Tz = "Europe/Oslo".parse().unwrap();
        self.office().clock.now().with_timezone(&zone).date_naive()
    }

    pub fn trust(&mut self, partner: usize, trust: Trust) {
        let (office, _) = self.office.as_mut().unwrap();
        let id = id_of(partner);
        let connection = office.connections.get_mut(&id).unwrap();
        connection.trust = trust;
        let record = Partner {
            connection: Some(connection.clone()),
            ..Partner::new(id.clone(), id.as_str(), Owner::DataFile)
        };
        office.put(record.into());
        self.model.sides[partner].waits = trust == Trust::Queue;
    }

    pub fn take(
        &self,
        partner: usize,
        answer: &Answer,
        rehearsal: Rehearsal,
    ) -> Result<RunReport, RunError> {
        let id = id_of(partner);
        let connection = &self.office().connections[&id];
        self.runner()
            .take(&id, connection, answer.told(), rehearsal)
    }

    /// Runs a partner that is unreachable.
    pub fn fail(&self, partner: usize) -> Result<(), String> {
        let runtime = rocket::tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let id = id_of(partner);
        let run = runtime
            .unwrap()
            .block_on(self.runner().run(&id, Rehearsal::No));
        match run {
            Err(_) => Ok(()),
            Ok(report) => Err(format!("a run that cannot ask ended well: {report:?}")),
        }
    }

    /// Returns the prediction for a response, or `None` if the rules leave it open.
    pub fn predict(
        &self,
        model: &Model,
        partner: usize,
        answer: &Answer,
    ) -> Option<(Model, Expected)> {
        let mut next = model.clone();
        let now = self.office().clock.now();
        let expected = next.answer(partner, answer, now, self.today())?;
        Some((next, expected))
    }

    /// Rehearses a response, applies it, and rehearses it again.
    pub fn tell(&mut self, partner: usize, answer: &Answer) -> Result<(), String> {
        self.wait(TimeDelta::hours(1));
        let Some((next, expected)) = self.predict(&self.model, partner, answer) else {
            self.leave_out();
            return Ok(());
        };
        let dry = self.take(partner, answer, Rehearsal::Yes);
        let report = self.take(partner, answer, Rehearsal::No);
        super::checks::is_as_rehearsed(&dry, &report)?;
        super::checks::is_as_expected(&report, expected)?;
        let before = std::mem::replace(&mut self.model, next);
        self.tally("answers", 1);
        self.tally("held", usize::from(expected.is_held));
        self.tally("quarantined", usize::from(expected.is_doubted));
        self.tally("created", expected.created);
        self.tally("joined", expected.joined);
        self.tally("missing", expected.missing);
        self.tally("withdrawn", expected.withdrawn);
        self.tally("names learnt", expected.learnt);
        self.heard(partner, answer, expected);
        super::checks::calendar(self)?;
        if let Ok(report) = &report {
            self.remember(partner, report, &before);
        }
        if !expected.is_held && !expected.is_doubted {
            let again = self.take(partner, answer, Rehearsal::Yes);
            super::checks::is_nothing_new(&again, self.model.sides[partner].renamed.len())?;
        }
        Ok(())
    }

    pub fn heard(&mut self, partner: usize, answer: &Answer, expected: Expected) {
        if expected.is_held || expected.is_doubted {
            return;
        }
        let told = &mut self.told[partner];
        // What cannot be read says nothing new.
        let unread = answer.unread.iter().filter(|unread| told.contains(*unread));
        let unread: Vec<String> = unread.cloned().collect();
        if answer.listing == Listing::Whole {
            let model = &self.model;
            told.retain(|name| {
                let thing = model.of(partner, name).map(|value| &model.things[value]);
                let mut origins = thing.into_iter().flat_map(|thing| &thing.origins);
                origins
                    .any(|origin| origin.partner == partner && origin.name == *name && origin.sent)
            });
        }
        told.extend(answer.entries.iter().map(|entry| entry.origin.clone()));
        told.extend(unread);
        for name in &answer.gone {
            told.remove(name);
        }
        let model = &self.model;
        let told = answer.entries.iter();
        for thing in told.filter_map(|entry| model.of(partner, &entry.origin)) {
            self.taken_back.remove(&thing);
        }
    }

    fn remember(&mut self, partner: usize, report: &RunReport, before: &Model) {
        let Some(run) = report.run.clone().filter(|_| report.commit.is_some()) else {
            return;
        };
        let things = self.model.things.iter().enumerate();
        let changed = things.filter_map(|(index, now)| {
            let was = before.things.get(index);
            let is_changed = was.is_none_or(|was| !is_as(was, now));
            is_changed.then(|| (index, was.cloned(), now.clone()))
        });
        let changed = changed.collect();
        self.runs.push(Past {
            partner,
            run,
            changed,
        });
    }

    /// Sends one event as a partner, or withdraws one.
    pub fn send(&mut self, partner: usize, entry: &Entry) -> Result<(), String> {
        let mut next = self.model.clone();
        if next.send(partner, entry).is_none() {
            self.leave_out();
            return Ok(());
        }
        let id = id_of(partner);
        let calendar = &self.office().calendar;
        let dry = upsert::upsert(calendar, &id, entry.draft(), Rehearsal::Yes);
        let sent = upsert::upsert(calendar, &id, entry.draft(), Rehearsal::No);
        match (dry, sent) {
            (Ok(dry), Ok(sent)) if dry.outcome == sent.outcome => {}
            (Err(UpsertError::OtherId(dry)), Err(UpsertError::OtherId(name)))
                if dry == name
                    && self.model.has_under(partner, &name, &entry.uid)
                    && next.things == self.model.things =>
            {
                self.tally("refused under another id", 1);
                return super::checks::calendar(self);
            }
            (dry, sent) => return Err(format!("{dry:?} but {sent:?}")),
        }
        self.model = next;
        self.tally("sent", 1);
        self.sent(partner, entry);
        super::checks::calendar(self)
    }

    pub fn sent(&mut self, partner: usize, entry: &Entry) {
        self.told[partner].insert(entry.origin.clone());
        if let Some(thing) = self.model.of(partner, &entry.origin) {
            self.taken_back.remove(&thing);
        }
    }

    pub fn take_back(&mut self, partner: usize, name: &str) -> Result<(), String> {
        let calendar = &self.office().calendar;
        let known = self.model.of(partner, name);
        let found = upsert::withdraw(calendar, &id_of(partner), name, &|_| true);
        let found = found.map_err(|error| error.to_string())?;
        if found != known.is_some() {
            return Err(format!("{name} was found: {found}, expected {known:?}"));
        }
        if let Some(thing) = known {
            self.tally("taken back", 1);
            let is_lost = |origin: &super::reference::Origin| {
                origin.partner == partner && origin.name == name
            };
            self.model.things[thing].lose(is_lost);
        }
        self.told[partner].remove(name);
        super::checks::calendar(self)
    }
}

/// Returns true if two events are equal except for the id, and for the `UID`s and assumed values of sources: with the same
/// values as before, a source writes nothing.
pub fn is_as(one: &Thing, other: &Thing) -> bool {
    let nameless = |value: &Thing| {
        let mut thing = Thing {
            id: None,
            uid: None,
            ..value.clone()
        };
        for origin in &mut thing.origins {
            origin.uid.clear();
            origin.words = origin.said.clone();
            origin.assumed.clear();
        }
        thing
    };
    nameless(one) == nameless(other)
}

/// Plays a story. Returns the counts, or a failure with the log.
pub fn play(steps: &[Step]) -> Result<Tally, String> {
    let mut world = World::new();
    for (number, step) in steps.iter().enumerate() {
        let mut dice = Dice(step.seed);
        let outcome = super::story::perform(&mut world, step, &mut dice);
        if let Err(error) = outcome {
            let log = world.log.join("\n  ");
            return Err(format!("step {number} ({step:?}):\n  {log}\n{error}"));
        }
    }
    world.tally("steps", steps.len());
    Ok(world.tally)
}
