//! Events that their partner calls otherwise, and that people or others have described here.

use elverum_calendar::ingest::import::Rehearsal;
use elverum_calendar::ingest::upsert;

use crate::*;

const START: &str = "2027-06-01T18:00:00";

fn lecture() -> EventDraft {
    draft("other", "Foredrag om tømmerfløting", "2027-06-03T18:00:00")
}

/// Tells of the same event under another id, four times.
fn rename(office: &Office, partner: &str, told: &EventDraft) {
    for _ in 0..4 {
        let report = office.tells(partner, &[told.clone(), lecture()]);
        let counts = (report.created, report.missing, report.withdrawn);
        assert_eq!(counts, (0, 0, 0), "{report:?}");
    }
}

#[test]
fn what_a_person_set_outlives_that_the_partner_calls_the_event_otherwise() {
    for field in [Field::Title, Field::Schedule, Field::Description] {
        for changes in [false, true] {
            let office = Office::new().with_partner("venue");
            office.tells("venue", &[concert("1"), lecture()]);
            let mut events = office.events().into_iter();
            let event = events
                .find(|event| event.sources[0].origin_id == "1")
                .unwrap();
            office.sets(event.id.as_str(), field, |event| match field {
                Field::Title => event.title = Text::nb("Redaksjonens tittel"),
                Field::Schedule => event.schedule = at("2027-06-01T19:00:00"),
                _ => event.description = Text::nb("Redaksjonens tekst"),
            });
            let set = office.stored(&event.id);
            // It is looked at anew where the partner says something else.
            let mut told = concert("1");
            told.summary = Text::nb("Kort.");
            office.tells("venue", &[told.clone(), lecture()]);
            told.origin_id = "new".into();
            told.uid = "new@example.no".parse().ok();
            if changes {
                told.summary = Text::nb("Annet.");
            }
            rename(&office, "venue", &told);
            let now = office.stored(&event.id);
            assert!(now.same_value(field, &set), "{field:?} {changes}");
            assert_eq!(now.owner(field), set.owner(field));
            assert_eq!(now.summary, told.summary);
            assert_eq!(now.sources[0].origin_id, "new");
            assert_eq!(office.events().len(), 2, "{:?}", office.titles());
        }
    }
}

#[test]
fn a_second_source_that_calls_its_event_otherwise_stays_a_source() {
    let office = Office::new().with_partner("a").with_partner("b");
    office.tells("a", &[concert("1")]);
    let mut told = concert("x");
    told.title = Text::nb("Sommerkonsert i parken!");
    assert_eq!(office.tells("b", &[told.clone(), lecture()]).joined, 1);
    // The first one's words stand there.
    office.tells(
        "a",
        &[{
            let mut moved = concert("1");
            moved.schedule = at("2027-06-01T18:10:00");
            moved
        }],
    );
    told.origin_id = "new".into();
    told.uid = "new@example.no".parse().ok();
    rename(&office, "b", &told);
    assert_eq!(office.events().len(), 2, "{:?}", office.titles());
}

#[test]
fn our_own_words_that_come_back_stay_ours() {
    let office = Office::new().with_partner("venue");
    office.tells("venue", &[concert("1"), lecture()]);
    let mut events = office.events().into_iter();
    let event = events
        .find(|event| event.sources[0].origin_id == "1")
        .unwrap();
    office.sets(event.id.as_str(), Field::Title, |event| {
        event.title = Text::nb("Redaksjonens tittel");
    });
    let mut told = concert("1");
    told.title = Text::nb("Redaksjonens tittel");
    office.tells("venue", &[told.clone(), lecture()]);
    let owner = |office: &Office| office.stored(&event.id).owner(Field::Title).cloned();
    let person = Some(Owner::Editor("ola".into()));
    assert_eq!(owner(&office), person);
    told.origin_id = "new".into();
    told.uid = "new@example.no".parse().ok();
    rename(&office, "venue", &told);
    assert_eq!(owner(&office), person);
    // And what the partner says then waits for an editor.
    told.title = Text::nb("Noe helt annet");
    office.tells("venue", &[told.clone(), lecture()]);
    assert_eq!(
        office.stored(&event.id).title,
        Text::nb("Redaksjonens tittel")
    );
    let partner = "venue".parse().unwrap();
    let sent = upsert::upsert(&office.calendar, &partner, told, Rehearsal::No).unwrap();
    assert_eq!(sent.event.title, Text::nb("Redaksjonens tittel"));
}

#[test]
fn our_own_event_that_comes_back_under_changing_ids_stays_ours() {
    let office = Office::new().with_partner("venue");
    let slug = "sommerkonsert-i-parken".parse().unwrap();
    let uid = "own@kalender.example.no".parse().unwrap();
    let now = office.clock.now();
    let mut own = Event::new(
        slug,
        uid,
        Text::nb("Sommerkonsert i parken"),
        at(START),
        now,
    );
    own.venues = vec![Venue::named("Kirkeparken")];
    own.publication = calendar_domain::Publication::Published;
    own.owners = Field::ALL
        .into_iter()
        .map(|field| (field, Owner::DataFile))
        .collect();
    office.put(own.clone().into());
    for (origin, uid) in [
        ("1", "own@kalender.example.no"),
        ("2", "own@kalender.example.no"),
        ("3", "3@example.no"),
        ("4", "4@example.no"),
        ("5", "own@kalender.example.no"),
    ] {
        let mut told = concert(origin);
        told.uid = uid.parse().ok();
        told.title = Text::nb("Sommerkonsert i parken.");
        for _ in 0..4 {
            office.tells("venue", &[told.clone(), lecture()]);
        }
        let event = office.stored(&own.id);
        assert!(event.is_public(), "{origin}");
        for field in Field::ALL {
            if !event.is_blank(field) {
                assert_eq!(event.owner(field), Some(&Owner::DataFile), "{field:?}");
            }
        }
        assert_eq!((&event.title, office.events().len()), (&own.title, 2));
    }
}
