//! An incrementally updated feed is identical, byte for byte, to one rendered from scratch.

use std::io::Read as _;

use chrono::{Days, TimeDelta};
use proptest::prelude::*;

use super::super::content_encoding::{Coding, Deflater};
use super::super::fragment::Pieces;
use super::super::rendered_feed::Stitched;
use super::*;

/// A change to one of the events.
#[derive(Debug, Clone)]
enum Step {
    Rename(usize),
    Move(usize, u64),
    Cancel(usize),
    LeaveCategory(usize),
    Remove(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let event = 0..130_usize;
    let step = prop_oneof![
        event.clone().prop_map(Step::Rename),
        (event.clone(), 0..900_u64).prop_map(|(event, days)| Step::Move(event, days)),
        event.clone().prop_map(Step::Cancel),
        event.clone().prop_map(Step::LeaveCategory),
        event.prop_map(Step::Remove),
    ];
    proptest::collection::vec(step, 1..12)
}

fn numbered(number: usize) -> Event {
    let first = day("2027-01-20") + Days::new(number as u64 * 3);
    Event {
        schedule: Schedule::once(When::days(first, first)),
        modified: Utc.with_ymd_and_hms(2027, 1, 7, 10, 30, 0).unwrap()
            + TimeDelta::minutes(number as i64 * 7 % 50),
        ..event(&format!("nr-{number}"), &format!("Nummer {number}"))
    }
}

/// Returns the calendar after a step, with the commit's number as its minute.
fn after(before: &Snapshot, commit: u64, step: &Step) -> Snapshot {
    let (Step::Rename(number)
    | Step::Move(number, _)
    | Step::Cancel(number)
    | Step::LeaveCategory(number)
    | Step::Remove(number)) = step;
    let known = before.event(&format!("nr-{number}").parse().unwrap());
    let mut event = known.map_or_else(|| numbered(*number), |entry| (*entry.event()).clone());
    event.modified = Utc.with_ymd_and_hms(2027, 1, 31, 8, 0, 0).unwrap()
        + TimeDelta::minutes(i64::try_from(commit).unwrap());
    match step {
        Step::Rename(_) => event.title = Text::nb(format!("Omdøpt {commit}")),
        Step::Move(_, days) => {
            let first = day("2026-06-01") + Days::new(*days);
            event.schedule = Schedule::once(When::days(first, first));
        }
        Step::Cancel(_) => event.status = EventStatus::Cancelled,
        Step::LeaveCategory(_) => event.categories.clear(),
        Step::Remove(_) => {}
    }
    let record = Record::from(event);
    let key = record.key();
    let kept = (!matches!(step, Step::Remove(_))).then_some(&record);
    let version = SnapshotVersion {
        commit,
        ..before.version()
    };
    before.with(version, [(&key, kept)])
}

fn asked<'a>(snapshot: &'a Snapshot, scope: &'a Scope, base: &'a Url) -> FeedRequest<'a> {
    FeedRequest {
        snapshot,
        scope,
        choices: WriteOptions::new(Lang::Nb),
        base,
    }
}

fn unzipped(stitched: &Stitched) -> Vec<u8> {
    let zipped = stitched.body(Coding::Gzip).expect("always there").to_vec();
    let mut plain = Vec::new();
    let read = flate2::read::GzDecoder::new(&*zipped).read_to_end(&mut plain);
    read.expect("one whole gzip member");
    plain
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_feed_that_followed_is_the_feed_made_anew(steps in steps()) {
        let base: Url = "https://kalender.example/".parse().unwrap();
        let mut records = records();
        records.extend((0..120).map(|number| Record::from(numbered(number))));
        let begin = snapshot(&records);
        let pieces = Pieces::new(1 << 20);
        for feed in FEEDS {
            for scope in [Scope::All, Scope::Of(super::super::ScopeKind::Category, slug("music"))] {
                let mut now = begin.clone();
                let mut followed = Stitched::new(*feed, &asked(&now, &scope, &base), None, &pieces);
                followed.press(&mut Deflater::default());
                for (commit, step) in (2..).zip(&steps) {
                    let next = after(&now, commit, step);
                    let changed = next.changes_since(now.version()).expect("one commit ago");
                    let asked_now = asked(&next, &scope, &base);
                    if let Some(stitched) = followed.after(changed, *feed, &asked_now, &pieces) {
                        followed = stitched;
                    }
                    now = next;
                    let anew = Stitched::new(*feed, &asked(&now, &scope, &base), None, &Pieces::new(1 << 20));
                    let (one, other) = (followed.body(Coding::Identity), anew.body(Coding::Identity));
                    let (one, other) = (one.unwrap(), other.unwrap());
                    prop_assert_eq!(one.to_vec(), other.to_vec(), "{}", feed.extension());
                    prop_assert_eq!(&one.etag, &other.etag);
                    prop_assert_eq!(unzipped(&followed), other.to_vec());
                }
            }
        }
    }
}

#[test]
fn one_changed_event_leaves_the_other_blocks_as_they_are() {
    let base: Url = "https://kalender.example/".parse().unwrap();
    let mut records = records();
    records.extend((0..150).map(|number| Record::from(numbered(number))));
    let before = snapshot(&records);
    let pieces = Pieces::new(1 << 20);
    let feed = format("ics").unwrap();
    let first = Stitched::new(feed, &asked(&before, &Scope::All, &base), None, &pieces);
    first.press(&mut Deflater::default());
    let next = after(&before, 2, &Step::Rename(70));
    let changed = next.changes_since(before.version()).unwrap();
    let Some(second) = first.after(changed, feed, &asked(&next, &Scope::All, &base), &pieces)
    else {
        panic!("the event is in the feed");
    };
    assert!(first.blocks() > 3, "{} blocks", first.blocks());
    assert_eq!(second.blocks_shared_with(&first), first.blocks() - 1);
    // The frame and one block are not deflated yet; until then the gzip form contains stored
    // blocks, under a different tag.
    let waiting = second.body(Coding::Gzip).unwrap();
    assert!(waiting.etag.ends_with("-gzip-0\""), "{}", waiting.etag);
    second.press(&mut Deflater::default());
    let pressed = second.body(Coding::Gzip).unwrap();
    assert!(pressed.etag.ends_with("-gzip\""), "{}", pressed.etag);
    assert!(pressed.len() < waiting.len());
    assert_eq!(second.coding_of(&waiting.etag), Some(Coding::Gzip));
    assert_eq!(second.coding_of(&pressed.etag), Some(Coding::Gzip));
    assert_eq!(first.coding_of(&pressed.etag), None);
}
