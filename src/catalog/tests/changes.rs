//! Entries replaced by a change, and the changes reported by a snapshot.

use std::collections::BTreeSet;
use std::sync::Arc;

use calendar_domain::*;

use super::super::Snapshot;
use super::{day, event, put, slug, version};

/// Returns an event with every kind of reference, and one without any.
fn calendar() -> Snapshot {
    let mut named = event("named", When::day(day("2027-03-01")));
    named.categories = [slug("music")].into();
    named.audiences = [slug("children")].into();
    named.venues = vec![Venue::Place(slug("hall"))];
    named.organizer = Some(OrganizerRef::Organizer(slug("club")));
    named.super_event = Some("whole".parse().unwrap());
    let source = Source {
        partner: "paper".parse().unwrap(),
        origin_id: "1".into(),
        url: None,
        fetched_at: chrono::DateTime::UNIX_EPOCH,
        content_hash: String::new(),
        secondhand: false,
        channel: calendar_domain::Channel::Feed,
    };
    named.sources = vec![source];
    let elsewhere = Override {
        venues: Some(vec![Venue::Place(slug("field"))]),
        ..Override::default()
    };
    named.schedule.recurrence = Some(Recurrence {
        overrides: [(Start::Date(day("2027-03-01")), elsewhere)].into(),
        ..Recurrence::default()
    });
    let plain = event("plain", When::day(day("2027-03-01")));
    put(&put(&Snapshot::empty(version(0)), named), plain)
}

fn id(text: &str) -> EventId {
    text.parse().unwrap()
}

fn place(id: &str) -> Place {
    serde_json::from_value(serde_json::json!({
        "slug": id, "name": id, "owner": "data_file"
    }))
    .unwrap()
}

fn records() -> Vec<Record> {
    let json = |id: &str| serde_json::json!({"slug": id, "name": {"nb": id}, "owner": "data_file"});
    let category: Category = serde_json::from_value(json("music")).unwrap();
    let audience: Audience = serde_json::from_value(json("children")).unwrap();
    let club = serde_json::json!({"slug": "club", "name": "Klubben", "owner": "data_file"});
    let organizer: Organizer = serde_json::from_value(club).unwrap();
    let paper = serde_json::json!({"id": "paper", "name": "Avisa", "owner": "data_file"});
    let partner: Partner = serde_json::from_value(paper).unwrap();
    let whole = event("whole", When::day(day("2027-03-01")));
    vec![
        category.into(),
        audience.into(),
        place("hall").into(),
        place("field").into(),
        organizer.into(),
        partner.into(),
        whole.into(),
    ]
}

/// Returns the events with a new entry, and those that the later snapshot reports as changed.
fn replaced(before: &Snapshot, after: &Snapshot) -> (BTreeSet<EventId>, BTreeSet<EventId>) {
    let all = before.events().chain(after.events());
    let is_kept = |id: &EventId| match (before.event(id), after.event(id)) {
        (Some(old), Some(new)) => Arc::ptr_eq(old, new),
        _ => false,
    };
    let other = all.map(|event| id(event.id())).filter(|id| !is_kept(id));
    let told = after.changes_since(before.version()).unwrap();
    (other.collect(), told.cloned().collect())
}

#[test]
fn a_record_gives_those_events_another_entry_that_are_shown_with_it() {
    let mut calendar = calendar();
    for record in records() {
        let next = put(&calendar, record.clone());
        let (other, told) = replaced(&calendar, &next);
        assert!(other.contains(&id("named")), "{:?}", record.key());
        assert!(!other.contains(&id("plain")), "{:?}", record.key());
        assert_eq!(other, told, "{:?}", record.key());
        calendar = next;
    }
}

#[test]
fn a_part_is_new_when_its_whole_is_called_otherwise_or_goes_and_else_not() {
    let mut whole = event("whole", When::day(day("2027-03-01")));
    let calendar = put(&calendar(), whole.clone());
    whole.description = Text::nb("Mer");
    let told = put(&calendar, whole.clone());
    assert_eq!(replaced(&calendar, &told).0, [id("whole")].into());
    whole.title = Text::nb("Et annet navn");
    let renamed = put(&told, whole.clone());
    assert!(replaced(&told, &renamed).0.contains(&id("named")));
    whole.publication = Publication::Withdrawn;
    let gone = put(&renamed, whole);
    let (other, said) = replaced(&renamed, &gone);
    assert!(other.contains(&id("named")) && other == said);
}

#[test]
fn another_region_or_day_means_that_everything_may_have_changed() {
    let calendar = calendar();
    let mut region = calendar.region().clone();
    region.name = Text::nb("Østerdalen");
    assert!(
        put(&calendar, region)
            .changes_since(calendar.version())
            .is_none()
    );
    let tomorrow = calendar.on(day("2027-02-02"));
    assert!(tomorrow.changes_since(calendar.version()).is_none());
    let same = calendar.changes_since(calendar.version()).unwrap();
    assert_eq!(same.count(), 0);
}

#[test]
fn a_version_that_is_yet_to_come_is_not_compared() {
    let calendar = calendar();
    let later = put(&calendar, event("later", When::day(day("2027-03-01"))));
    assert!(calendar.changes_since(later.version()).is_none());
    assert_eq!(later.changes_since(calendar.version()).unwrap().count(), 1);
}
