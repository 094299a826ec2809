//! Takes arbitrary bytes as a request to the partner interface. Each accepted body must survive storage and be
//! valid in every feed format.

#![no_main]

use std::sync::{Arc, LazyLock};

use calendar_domain::overlap::check_overlap;
use calendar_domain::wire::{self, WireEvent};
use calendar_domain::{EventId, Lang, Owner, Partner, PartnerId, Query, Record};
use calendar_ical::check::check;
use calendar_ical::finding::Severity;
use calendar_ical::read::read;
use calendar_store::Store;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use elverum_calendar::catalog::{Snapshot, SnapshotVersion};
use elverum_calendar::feeds::{FEEDS, FeedRequest, Scope, WriteOptions, render};
use elverum_calendar::ingest::reconcile::{IntakeTerms, Lookup, Origin, Pairings, Planner, Step};
use elverum_calendar_fuzz::{bodies, within_time};
use libfuzzer_sys::fuzz_target;
use url::Url;

/// An empty store.
static STORE: LazyLock<Arc<dyn Store>> = LazyLock::new(|| {
    let name = format!("elverum-calendar-fuzz-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    calendar_store::open(format!("sled:{}", folder.join("store").display()))
        .expect("an empty store opens")
});

/// A calendar with one partner.
static EMPTY: LazyLock<(Snapshot, PartnerId)> = LazyLock::new(|| {
    let id: PartnerId = "venue".parse().expect("a name");
    let partner = Record::from(Partner::new(id.clone(), "Venue", Owner::DataFile));
    let version = SnapshotVersion {
        commit: 0,
        at: now(),
        today: NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day"),
    };
    let key = partner.key();
    let snapshot = Snapshot::empty(version).with(version, [(&key, Some(&partner))]);
    (snapshot, id)
});

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_345_200, 0).expect("a time")
}

fuzz_target!(|bytes: &[u8]| within_time(|| run(bytes)));

fn run(bytes: &[u8]) {
    // Valid JSON is used as the body; other bytes drive the generator.
    let body = serde_json::from_slice::<serde_json::Value>(bytes)
        .unwrap_or_else(|_| bodies::ByteChoices::new(bytes).body());
    let Ok(event) = serde_json::from_value::<WireEvent>(body) else {
        return;
    };
    let Ok(mut draft) = wire::read(event, Tz::Europe__Oslo) else {
        return;
    };
    if check_overlap(&draft.schedule).is_err() {
        return;
    }
    draft.origin_id = "1".into();
    let (empty, partner) = &*EMPTY;
    let origin = Origin {
        partner: partner.clone(),
        url: "partner interface".into(),
        at: now(),
    };
    let pairings = Pairings::default();
    let mut planner = Planner::new(&origin, empty, IntakeTerms::of_one(None, &pairings));
    let mut nothing = |_: &EventId| Ok(None);
    let mut stored = Lookup::new(&**STORE, &mut nothing);
    let planned = planner.plan(vec![draft], &mut stored);
    let planned = planned.expect("an empty store can be read");
    let Some(Step::Create(event)) = planned.into_iter().next().map(|planned| planned.step) else {
        return;
    };
    let record = Record::from(*event);
    let stored = serde_json::to_vec(&record).expect("a record is JSON");
    let again: Record = serde_json::from_slice(&stored).expect("what was stored can be read");
    assert_eq!(again, record);
    let key = again.key();
    let version = SnapshotVersion {
        commit: 1,
        ..empty.version()
    };
    let snapshot = empty.with(version, [(&key, Some(&again))]);
    if let Some((id, why)) = snapshot.skipped().next() {
        panic!("{id} is left out: {why}");
    }
    assert_eq!(snapshot.event_count(), 1);
    shown(&snapshot);
    let version = SnapshotVersion {
        commit: 2,
        ..version
    };
    let gone = snapshot.with(version, [(&key, None)]);
    assert_eq!(gone.event_count(), 0);
    assert!(
        gone.agenda(&Query::default(), version.today, 60)
            .items
            .is_empty()
    );
}

/// Renders the agenda around today and all feeds.
fn shown(snapshot: &Snapshot) {
    let today = snapshot.version().today;
    let _ = snapshot.agenda(&Query::default(), today, 60);
    let _ = snapshot.page_before(&Query::default(), today, 60);
    let midnight = today.succ_opt().expect("a day after");
    assert!(snapshot.on(midnight).skipped().next().is_none());
    let base = Url::parse("https://kalender.example/").expect("an address");
    for lang in [Lang::Nb, Lang::En] {
        let request = FeedRequest {
            snapshot,
            scope: &Scope::All,
            choices: WriteOptions::new(lang),
            base: &base,
        };
        for feed in FEEDS {
            let entries = snapshot.admitted(&Query::default());
            let bytes = render(*feed, &request, entries);
            let text = std::str::from_utf8(&bytes).expect("a feed is UTF-8");
            match feed.extension() {
                "json" | "jsonld" => {
                    serde_json::from_str::<serde_json::Value>(text).expect("a feed is JSON");
                }
                "ics" => calendar_is_sound(&bytes),
                _ => {}
            }
        }
    }
}

fn calendar_is_sound(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let faults = check(bytes);
    assert!(
        faults.iter().all(|fault| fault.severity < Severity::Error),
        "{faults:?}\n{text}"
    );
    let read = read(bytes);
    assert!(read.findings.is_empty(), "{:?}\n{text}", read.findings);
}
