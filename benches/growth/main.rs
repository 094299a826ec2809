//! Measures a commit and its parts in a store of any size. Called by `benches/growth/run`.
//!
//! ```text
//! measure-growth STORE ROUNDS
//! ```
//!
//! Changes the title of one event of the category `music` per round, and prints medians in microseconds as one
//! line of JSON: the whole commit; a bare append and `fdatasync` of as many bytes on the same disk; the
//! catalog's part of the commit; the queries of a category feed that is not cached and of a page of the agenda;
//! and the feed itself for the first client after the commit.

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

use calendar_domain::clock::{Clock, SystemClock};
use calendar_domain::{Event, EventId, Lang, Query, Record, Text};
use calendar_store::{Author, Change, Commit, Store};
use elverum_calendar::catalog::{Calendar, Snapshot, SnapshotVersion};
use elverum_calendar::feeds::{Coding, FeedKey, Feeds, Scope, ScopeKind, WriteOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(rounds)) = (arguments.next(), arguments.next()) else {
        return Err("usage: measure-growth STORE ROUNDS".into());
    };
    let rounds: usize = rounds.parse()?;
    let clock = Arc::new(SystemClock);
    let store = calendar_store::open(&format!("sled:{folder}"))?;
    let calendar = Calendar::open(store, Arc::<SystemClock>::clone(&clock))?;
    let music = Query {
        categories: ["music".parse()?].into(),
        ..Query::default()
    };
    let events = calendar.snapshot().feed(&music);
    let reader = Reader::new()?;
    reader.reads(&calendar.snapshot());
    let mut bare = File::create(format!("{folder}/bare-append"))?;
    let mut figures = Figures::default();
    for round in 0..rounds {
        let entry = events.get(round % events.len().max(1));
        let event = entry
            .ok_or("there is no event of the category music")?
            .event();
        let event = changed(&event, round);
        let bytes = serde_json::to_vec(&event)?;
        figures
            .sync
            .time(|| bare.write_all(&bytes).and_then(|()| bare.sync_data()))?;
        let before = calendar.snapshot();
        let record = Record::from(event);
        let commit = Commit {
            author: Author::Operator,
            at: clock.now(),
            note: String::new(),
            changes: vec![Change::put(record.clone())],
        };
        figures.commit.time(|| calendar.commit(commit))?;
        figures.apply.time(|| applied(&before, &record));
        let after = calendar.snapshot();
        figures.feed.time(|| after.feed(&music).len());
        figures.after.time(|| reader.reads(&after));
        let today = after.version().today;
        figures
            .agenda
            .time(|| after.agenda(&Query::default(), today, 60).items.len());
    }
    std::fs::remove_file(format!("{folder}/bare-append"))?;
    calendar.keep_image();
    println!("{}", figures.told());
    Ok(())
}

fn changed(event: &Event, round: usize) -> Event {
    let id: EventId = event.id.clone();
    Event {
        id,
        title: Text::nb(format!("Endret for {round}. gang")),
        ..event.clone()
    }
}

fn applied(before: &Snapshot, record: &Record) -> Snapshot {
    let version = SnapshotVersion {
        commit: before.version().commit + 1,
        ..before.version()
    };
    before.with(version, [(&record.key(), Some(record))])
}

/// A client that reads the category feed in gzip after each commit.
struct Reader {
    feeds: Feeds,
    scope: Scope,
    base: Arc<url::Url>,
    runtime: tokio::runtime::Runtime,
}

impl Reader {
    fn new() -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            feeds: Feeds::new(64 << 20),
            scope: Scope::Of(ScopeKind::Category, "music".parse()?),
            base: Arc::new("http://127.0.0.1/".parse()?),
            runtime: tokio::runtime::Builder::new_current_thread().build()?,
        })
    }

    /// Reads the feed. Returns true if it is available in gzip.
    fn reads(&self, snapshot: &Arc<Snapshot>) -> bool {
        let wanted = FeedKey {
            extension: "ics",
            scope: self.scope.clone(),
            choices: WriteOptions::new(Lang::Nb),
        };
        let feed = self.feeds.get(wanted, &[], snapshot, &self.base);
        self.runtime.block_on(feed).body(Coding::Gzip).is_some()
    }
}

#[derive(Default)]
struct Figures {
    commit: Times,
    sync: Times,
    apply: Times,
    feed: Times,
    after: Times,
    agenda: Times,
}

/// Durations in microseconds.
#[derive(Default)]
struct Times(Vec<f64>);

impl Times {
    fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let done = work();
        self.0.push(began.elapsed().as_secs_f64() * 1e6);
        done
    }

    fn median(&mut self) -> f64 {
        self.0.sort_by(f64::total_cmp);
        self.0.get(self.0.len() / 2).copied().unwrap_or(0.0)
    }
}

impl Figures {
    fn told(&mut self) -> serde_json::Value {
        serde_json::json!({
            "commit": self.commit.median(),
            "sync": self.sync.median(),
            "apply": self.apply.median(),
            "feed_query": self.feed.median(),
            "feed_after": self.after.median(),
            "agenda_query": self.agenda.median(),
        })
    }
}
