//! Events that are part of others: circles, depth, and what becomes of parts when events are merged or split.

use std::sync::Barrier;

use elverum_calendar::editorial;
use elverum_calendar::ingest::reconcile::NotPart;
use elverum_calendar::ingest::upsert::{self, UpsertError, Upserted};

use crate::*;

fn part_of(whole: &str, mut draft: EventDraft) -> EventDraft {
    draft.super_event = Some(whole.into());
    draft
}

fn market(origin: &str) -> EventDraft {
    let start = "2027-06-09T10:00:00";
    in_place(draft(origin, "Torgdag med salgsboder", start), "Torget")
}

impl Office {
    fn tries(&self, partner: &str, draft: EventDraft) -> Result<Upserted, UpsertError> {
        let partner = partner.parse().unwrap();
        upsert::upsert(&self.calendar, &partner, draft, Rehearsal::No)
    }

    fn by_name(&self, partner: &str, origin: &str) -> Event {
        let partner = partner.parse().unwrap();
        let kept = upsert::find(&self.calendar, &partner, origin).unwrap();
        kept.unwrap().event
    }

    /// Sends events of which each is part of the one before.
    fn sends_chain(&self, name: &str, count: usize) {
        for (number, mut next) in programme(count).into_iter().enumerate() {
            next.origin_id = format!("{name}{number}");
            next.uid = None;
            next.title = Text::nb(format!("{name} nummer {number}"));
            if number > 0 {
                next = part_of(&format!("{name}{}", number - 1), next);
            }
            self.tries("venue", next).unwrap();
        }
    }
}

#[test]
fn two_that_send_at_once_make_no_circle() {
    let office = Office::new().with_partner("venue");
    for round in 0..12 {
        let [x, y] = ["x", "y"].map(|name| format!("{name}{round}"));
        let events = [
            draft(
                &x,
                &format!("Konsert nummer {round}"),
                "2027-06-01T18:00:00",
            ),
            draft(
                &y,
                &format!("Foredrag nummer {round}"),
                "2027-06-02T18:00:00",
            ),
        ];
        for event in &events {
            office.tries("venue", event.clone()).unwrap();
        }
        let both = Barrier::new(2);
        std::thread::scope(|threads| {
            for (event, whole) in events.iter().zip([&y, &x]) {
                let (office, both) = (&office, &both);
                threads.spawn(move || {
                    both.wait();
                    office.tries("venue", part_of(whole, event.clone()))
                });
            }
        });
        let wholes = [&x, &y].map(|value| office.by_name("venue", value).super_event);
        assert_eq!(wholes.iter().flatten().count(), 1, "{round}: {wholes:?}");
    }
}

#[test]
fn an_event_in_a_circle_of_old_takes_other_changes_and_leaves_the_circle() {
    let office = Office::new().with_partner("venue");
    office.tries("venue", concert("x")).unwrap();
    office.tries("venue", lecture("y")).unwrap();
    let [x, y] = ["x", "y"].map(|name| office.by_name("venue", name));
    for (event, whole) in [(&x, &y), (&y, &x)] {
        let super_event = Some(whole.id.clone());
        office.put(
            Event {
                super_event,
                ..event.clone()
            }
            .into(),
        );
    }
    let mut told = part_of("y", concert("x"));
    told.description = Text::nb("Ny tekst.");
    let done = office.tries("venue", told.clone()).unwrap();
    assert_eq!(done.event.description, told.description);
    assert_eq!(done.event.super_event, None);
    assert_eq!(done.remarks.len(), 1, "{:?}", done.remarks);
    assert_eq!(office.stored(&y.id).super_event, Some(x.id));
    // It is no longer part of the other, so that it would be a new circle.
    let again = office.tries("venue", told).unwrap_err();
    let why = NotPart::OfItself;
    assert!(
        matches!(again, UpsertError::NotPart(part) if part == why),
        "{again}"
    );
}

#[test]
fn an_event_with_deep_parts_is_no_part_of_a_deep_one() {
    let office = Office::new().with_partner("venue");
    office.sends_chain("a", 6);
    office.sends_chain("b", 7);
    let mut first = programme(1).remove(0);
    first.origin_id = "a0".into();
    first.uid = None;
    first.title = Text::nb("a nummer 0");
    let refused = office.tries("venue", part_of("b6", first.clone()));
    let why = NotPart::TooDeep;
    assert!(
        matches!(refused, Err(UpsertError::NotPart(part)) if part == why),
        "{refused:?}"
    );
    office.tries("venue", part_of("b1", first)).unwrap();
}

#[test]
fn parts_of_a_merged_event_are_parts_of_the_one_that_stays() {
    let office = Office::new().with_partner("venue").with_partner("other");
    office.tells("other", &[lecture("z")]);
    office.tells("venue", &[concert("x"), part_of("x", market("p"))]);
    let (z, x) = (office.by_name("other", "z"), office.by_name("venue", "x"));
    let part = office.by_name("venue", "p").id;
    assert_eq!(office.stored(&part).super_event, Some(x.id.clone()));
    editorial::join(&office.calendar, &office.editor(), &z.id, &x.id).unwrap();
    assert_eq!(office.stored(&part).super_event, Some(z.id.clone()));
    let mut changed = part_of("x", market("p"));
    changed.description = Text::nb("Ny tekst.");
    office.tells("venue", &[concert("x"), changed.clone()]);
    assert_eq!(office.stored(&part).description, changed.description);
    assert_eq!(office.stored(&part).super_event, Some(z.id.clone()));
    // What the partner says is a part goes with the partner's event.
    let venue = "venue".parse().unwrap();
    editorial::split(&office.calendar, &office.editor(), &z.id, &venue).unwrap();
    let own = office.by_name("venue", "x");
    assert_ne!(own.id, z.id);
    assert_eq!(office.stored(&part).super_event, Some(own.id));
}

#[test]
fn a_part_of_an_event_that_joins_another_is_part_of_that() {
    let office = Office::new().with_partner("venue").with_partner("other");
    office.tells("other", &[concert("z")]);
    office.tells("venue", &[concert("x"), part_of("x", market("p"))]);
    let whole = office.by_name("other", "z").id;
    assert_eq!(office.by_name("venue", "x").id, whole);
    assert_eq!(office.by_name("venue", "p").super_event, Some(whole));
}

#[test]
fn the_uid_of_an_own_event_under_another_id_is_refused_with_that_id() {
    let office = Office::new().with_partner("venue");
    office.tries("venue", concert("a")).unwrap();
    let mut again = concert("b");
    again.uid = concert("a").uid;
    let refused = office.tries("venue", again.clone()).unwrap_err();
    assert!(
        matches!(&refused, UpsertError::OtherId(id) if id == "a"),
        "{refused}"
    );
    again.origin_id = "a".into();
    office.tries("venue", again).unwrap();
}

#[test]
fn a_partner_hears_which_of_its_two_ids_of_one_event_counts() {
    let office = Office::new().with_partner("venue");
    office.tries("venue", concert("a")).unwrap();
    office.tries("venue", lecture("b")).unwrap();
    let [a, b] = ["a", "b"].map(|name| office.by_name("venue", name).id);
    editorial::join(&office.calendar, &office.editor(), &a, &b).unwrap();
    let mut told = lecture("b");
    told.title = Text::nb("Foredrag om elva");
    for _ in 0..2 {
        let done = office.tries("venue", told.clone()).unwrap();
        assert_eq!(done.event.id, a);
        let remark = &done.remarks[0];
        assert!(remark.at.contains("title"), "{remark:?}");
        assert!(remark.detail.contains("«a»"), "{remark:?}");
    }
    assert!(
        office
            .tries("venue", concert("a"))
            .unwrap()
            .remarks
            .is_empty()
    );
}
