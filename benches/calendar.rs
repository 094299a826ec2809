//! Benchmarks of the most frequent operations: `cargo bench`.
//!
//! - commit: apply the change of one event to a catalog of 10,000
//! - query: the events of a category's feed, and the first page of the agenda, out of 10,000
//! - expand: a month, ten years into an endless weekly rule
//! - stitch: a feed of 1,000 events after one of them changed, and the same feed from scratch
//! - compress: gzip of that feed from scratch, and after one event changed
//!
//! **One more benchmark** is a function here, and its name in `criterion_group!`.

#![expect(
    missing_docs,
    reason = "criterion_group! makes a public function without a doc line"
)]

use std::hint::black_box;
use std::sync::Arc;

use calendar_domain::recurrence::ExpansionLimits;
use calendar_domain::{Event, Lang, Query, Record, RecordKey, Schedule, Text, When, Window};
use chrono::{DateTime, Days, NaiveDate};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use elverum_calendar::catalog::{Snapshot, SnapshotVersion};
use elverum_calendar::feeds::{Deflater, FeedKey, Feeds, Scope, ScopeKind, Stitched, WriteOptions};

const EVENTS: u64 = 10_000;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 2, 1).expect("a day of the calendar")
}

fn version(commit: u64) -> SnapshotVersion {
    SnapshotVersion {
        commit,
        at: DateTime::UNIX_EPOCH,
        today: today(),
    }
}

/// Returns an event in the next two years. One in ten has the category `music`.
fn event(number: u64) -> Event {
    let slug = format!("event-{number}").parse().expect("a slug");
    let uid = format!("{number}@bench.example").parse().expect("a UID");
    let when = When::day(today() + Days::new(number % 700));
    let title = Text::nb_en(format!("Konsert {number}"), format!("Concert {number}"));
    let mut made = Event::new(slug, uid, title, Schedule::once(when), DateTime::UNIX_EPOCH);
    made.description = Text::nb("En lang kveld med musikk fra hele regionen. ".repeat(7));
    let category = if number.is_multiple_of(10) {
        "music"
    } else {
        "sport"
    };
    made.categories.insert(category.parse().expect("a slug"));
    made
}

fn calendar() -> Snapshot {
    let records: Vec<Record> = (0..EVENTS).map(|number| event(number).into()).collect();
    let keys: Vec<RecordKey> = records.iter().map(Record::key).collect();
    let changes = keys.iter().zip(records.iter().map(Some));
    Snapshot::empty(version(0)).with(version(1), changes)
}

fn commit(bench: &mut Criterion) {
    let calendar = calendar();
    let mut changed = event(4_000);
    changed.title = Text::nb("Et annet navn");
    changed.schedule = Schedule::once(When::day(today() + Days::new(30)));
    let record = Record::from(changed);
    let key = record.key();
    bench.bench_function("commit", |bench| {
        bench.iter(|| calendar.with(version(2), [(black_box(&key), Some(&record))]));
    });
}

fn query(bench: &mut Criterion) {
    let calendar = calendar();
    let music = Query {
        categories: ["music".parse().expect("a slug")].into(),
        ..Query::default()
    };
    bench.bench_function("query/feed of 1,000", |bench| {
        bench.iter(|| calendar.feed(black_box(&music)).len());
    });
    bench.bench_function("query/agenda", |bench| {
        bench.iter(|| calendar.agenda(black_box(&Query::default()), today(), 60));
    });
}

fn expand(bench: &mut Criterion) {
    let mut schedule = event(0).schedule;
    let rule = serde_json::json!({ "rule": "FREQ=WEEKLY" });
    schedule.recurrence = serde_json::from_value(rule).expect("a recurrence");
    let from = today() + Days::new(3_650);
    let window = Window {
        from,
        until: from + Days::new(30),
        zone: chrono_tz::Europe::Oslo,
    };
    bench.bench_function("expand", |bench| {
        bench.iter(|| {
            schedule
                .occurrences(black_box(window), &ExpansionLimits::default())
                .map(|occurrences| occurrences.len())
        });
    });
}

/// Returns a category's feed through the cache.
fn feed(feeds: &Feeds, snapshot: &Arc<Snapshot>) -> Arc<Stitched> {
    let wanted = FeedKey {
        extension: "ics",
        scope: Scope::Of(ScopeKind::Category, "music".parse().expect("a slug")),
        choices: WriteOptions::new(Lang::Nb),
    };
    let base = Arc::new("https://bench.example/".parse().expect("an address"));
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.expect("a runtime");
    runtime.block_on(feeds.get(wanted, &[], snapshot, &base))
}

/// Returns the calendar before and after a change to one event of the feed.
fn before_and_after() -> (Arc<Snapshot>, Arc<Snapshot>) {
    let before = calendar();
    let mut changed = event(4_000);
    changed.title = Text::nb("Et annet navn");
    let record = Record::from(changed);
    let after = before.with(version(2), [(&record.key(), Some(&record))]);
    (Arc::new(before), Arc::new(after))
}

fn stitch(bench: &mut Criterion) {
    let (before, after) = before_and_after();
    let made = || {
        let feeds = Feeds::new(64 << 20);
        feed(&feeds, &before);
        feeds
    };
    bench.bench_function("stitch/one changed event", |bench| {
        bench.iter_batched_ref(made, |feeds| feed(feeds, &after), BatchSize::PerIteration);
    });
    let empty = || Feeds::new(64 << 20);
    bench.bench_function("stitch/from nothing", |bench| {
        bench.iter_batched_ref(empty, |feeds| feed(feeds, &before), BatchSize::PerIteration);
    });
}

fn compress(bench: &mut Criterion) {
    let (before, after) = before_and_after();
    let mut deflater = Deflater::default();
    let made = || feed(&Feeds::new(64 << 20), &before);
    bench.bench_function("compress/from nothing", |bench| {
        bench.iter_batched_ref(
            made,
            |made| made.press(&mut deflater),
            BatchSize::PerIteration,
        );
    });
    let changed = || {
        let feeds = Feeds::new(64 << 20);
        feed(&feeds, &before).press(&mut Deflater::default());
        feed(&feeds, &after)
    };
    bench.bench_function("compress/one changed event", |bench| {
        bench.iter_batched_ref(
            changed,
            |bench| bench.press(&mut deflater),
            BatchSize::PerIteration,
        );
    });
}

criterion_group!(benches, commit, query, expand, stitch, compress);
criterion_main!(benches);
