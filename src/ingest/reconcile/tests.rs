use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::batch::PartnerBatch;
use super::*;
use crate::catalog::Snapshot;
use crate::catalog::SnapshotVersion;
use calendar_connectors::connector::{Listing, ParsedItem};
use calendar_domain::Event;
use calendar_domain::EventDraft;
use calendar_domain::EventId;
use calendar_domain::PartnerId;
use calendar_domain::Slug;
use calendar_domain::{
    Owner, Partner, PartnerState, Record, RecordKey, Schedule, Source, Text, When,
};

fn draft(origin_id: &str, start: NaiveDateTime) -> EventDraft {
    let when = When::Timed {
        start,
        end: None,
        zone: chrono_tz::America::New_York,
    };
    EventDraft::new(origin_id, Text::nb("Konsert"), Schedule::once(when))
}

/// Returns a calendar with one event of a partner, and that event.
fn known(partner: &PartnerId) -> (Snapshot, Event) {
    let version = SnapshotVersion {
        commit: 1,
        at: DateTime::UNIX_EPOCH,
        today: NaiveDate::from_ymd_opt(2027, 2, 1).unwrap(),
    };
    let when = When::day(NaiveDate::from_ymd_opt(2027, 5, 1).unwrap());
    let slug: Slug = "konsert".parse().unwrap();
    let uid = "konsert@venue.example".parse().unwrap();
    let event = Event {
        sources: vec![Source {
            partner: partner.clone(),
            origin_id: "1".into(),
            url: None,
            fetched_at: DateTime::UNIX_EPOCH,
            content_hash: String::new(),
            secondhand: false,
            channel: calendar_domain::Channel::Feed,
        }],
        ..Event::new(
            slug,
            uid,
            Text::nb("Konsert"),
            Schedule::once(when),
            DateTime::UNIX_EPOCH,
        )
    };
    let records = [
        Record::from(Partner::new(partner.clone(), "Venue", Owner::DataFile)),
        Record::from(event.clone()),
    ];
    let keys: Vec<RecordKey> = records.iter().map(Record::key).collect();
    let changes = keys.iter().zip(records.iter().map(Some));
    (Snapshot::empty(version).with(version, changes), event)
}

#[test]
fn a_draft_with_a_date_that_no_feed_can_write_is_refused_and_its_event_is_not_missing() {
    let partner: PartnerId = "venue".parse().unwrap();
    let (snapshot, event) = known(&partner);
    let origin = Origin {
        partner: partner.clone(),
        url: "https://venue.example/".into(),
        at: DateTime::UNIX_EPOCH,
    };
    let pairings = Pairings::default();
    let planner = Planner::new(&origin, &snapshot, IntakeTerms::of_one(None, &pairings));
    let heard = PartnerBatch {
        items: vec![ParsedItem::Event(Box::new(draft("1", NaiveDateTime::MAX)))],
        listing: Listing::Whole,
        unreadable: 0,
    };
    let state = PartnerState::new(partner);
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sled:{}", folder.path().join("store").display());
    let store = calendar_store::open(url).unwrap();
    let mut kept = |_: &EventId| Ok(Some(event.clone()));
    let plan = planner.answer(heard, &state, &mut Lookup::new(&*store, &mut kept));
    let plan = plan.unwrap();
    match &plan.planned[0].step {
        Step::Refuse(why) => assert!(why.starts_with("start: ") && why.contains("9999"), "{why}"),
        other => panic!("{other:?}"),
    }
    assert!(
        plan.missing.is_empty() && plan.withdrawn.is_empty(),
        "{plan:?}"
    );
}

#[test]
fn the_place_of_one_occurrence_is_resolved_like_that_of_the_event() {
    let partner: PartnerId = "venue".parse().unwrap();
    let (snapshot, _) = known(&partner);
    let hall = serde_json::json!({"slug": "hall", "name": "Storsalen", "owner": "data_file"});
    let hall: calendar_domain::Place = serde_json::from_value(hall).unwrap();
    let hall = Record::from(hall);
    let key = hall.key();
    let snapshot = snapshot.with(snapshot.version(), [(&key, Some(&hall))]);
    let origin = Origin {
        partner,
        url: "https://venue.example/".into(),
        at: DateTime::UNIX_EPOCH,
    };
    let pairings = Pairings::default();
    let planner = Planner::new(&origin, &snapshot, IntakeTerms::of_one(None, &pairings));
    let day = NaiveDate::from_ymd_opt(2027, 5, 1).unwrap();
    let mut draft = draft("1", day.and_time(chrono::NaiveTime::MIN));
    let start = draft.schedule.when.start();
    let change = calendar_domain::Override {
        venues: Some(vec![calendar_domain::Venue::Described {
            name: "Storsalen".into(),
            address: None,
            municipality: None,
            coordinates: None,
        }]),
        ..calendar_domain::Override::default()
    };
    draft.schedule.recurrence = Some(calendar_domain::Recurrence {
        overrides: [(start, change)].into(),
        ..calendar_domain::Recurrence::default()
    });
    let event = planner.faceless(draft);
    let recurrence = event.schedule.recurrence.unwrap();
    let place = calendar_domain::Venue::Place("hall".parse().unwrap());
    assert_eq!(recurrence.overrides[&start].venues, Some(vec![place]));
}
