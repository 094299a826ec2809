//! Tests of ownership and of repeated seeding.

use super::{Shelf, at, day, days, shipped};
use crate::seed::{DataSet, DatedEdition, SeriesData};
use calendar_domain::{
    ChangeSubject, Connection, Edition, EditionStanding, EventStatus, Field, Lang, Owner, Partner,
    PartnerId, Place, Publication, Record, RecordKey, RecordKind, Text, When, partner::Permission,
};

const LATER: &str = "2026-12-01T12:00:00Z";

fn editor() -> Owner {
    Owner::Editor("kari".to_owned())
}

fn series_of<'a>(data: &'a mut DataSet, slug: &str) -> &'a mut SeriesData {
    data.series
        .iter_mut()
        .find(|data| data.series.slug.as_str() == slug)
        .unwrap()
}

/// Returns the files after a source gives the date of Grundsetmart'n 2027.
fn with_grundset_2027(status: EventStatus, when: When) -> DataSet {
    let mut data = shipped();
    let label = "2027".parse().unwrap();
    let series = series_of(&mut data, "grundsetmartn");
    let id = "grundsetmartn-2027".parse().unwrap();
    series
        .series
        .editions
        .push(listed(EditionStanding::Event(id)));
    let note = Text::default();
    series.dated.push(DatedEdition {
        label,
        when,
        status,
        previous: None,
        note,
    });
    data
}

fn listed(standing: EditionStanding) -> Edition {
    let label = "2027".parse().unwrap();
    let note = Text::nb_en("Avlyst.", "Cancelled.");
    Edition {
        label,
        year: 2027,
        standing,
        source: Text::nb("grundset.test"),
        note,
    }
}

#[test]
fn seeding_again_changes_nothing() {
    let mut shelf = Shelf::seeded(2026..=2027);
    assert_eq!(shelf.seed(&shipped(), LATER, 2026..=2027), 0);
}

#[test]
fn a_new_year_brings_the_next_tentative_editions_and_leaves_the_old_ones() {
    let mut shelf = Shelf::seeded(2026..=2027);
    let before = shelf.events().count();
    assert_eq!(
        shelf.seed(&shipped(), "2027-01-01T00:00:00Z", 2027..=2028),
        6
    );
    assert_eq!(shelf.events().count(), before + 6);
    assert!(shelf.find("festspillene-2026").is_some());
}

#[test]
fn what_a_person_set_stays_and_the_rest_follows_the_files() {
    let mut shelf = Shelf::seeded(2026..=2027);
    shelf.edit("festspillene-2027", |event| {
        event.title = Text::nb("Festspillene, jubileumsåret");
        event.owners.insert(Field::Title, editor());
    });
    let mut data = shipped();
    let series = series_of(&mut data, "festspillene");
    series.series.title = Text::nb("Noe annet");
    series.series.summary = Text::nb("En ny ingress");
    shelf.seed(&data, LATER, 2026..=2027);
    let event = shelf.event("festspillene-2027");
    assert_eq!(event.title.get(Lang::Nb), "Festspillene, jubileumsåret");
    assert_eq!(event.owner(Field::Title), Some(&editor()));
    assert_eq!(event.summary.get(Lang::Nb), "En ny ingress");
    assert_eq!(
        shelf.event("festspillene-2025").title.get(Lang::Nb),
        "Noe annet"
    );
}

#[test]
fn what_a_partner_set_stays_too() {
    let mut shelf = Shelf::seeded(2026..=2027);
    let partner = Owner::Partner(PartnerId::try_from("fie".to_owned()).unwrap());
    shelf.edit("festspillene-2027", |event| {
        event.description = Text::nb("Programmet er klart.");
        event.owners.insert(Field::Description, partner.clone());
    });
    assert_eq!(shelf.seed(&shipped(), LATER, 2026..=2027), 0);
    assert_eq!(
        shelf.event("festspillene-2027").owner(Field::Description),
        Some(&partner)
    );
}

#[test]
fn a_withdrawn_event_is_not_published_again() {
    let mut shelf = Shelf::seeded(2026..=2027);
    shelf.edit("17-mai-2027", |event| {
        event.publication = Publication::Withdrawn;
        event.owners.insert(Field::Publication, editor());
    });
    assert_eq!(shelf.seed(&shipped(), LATER, 2026..=2027), 0);
}

#[test]
fn texts_change_without_a_new_sequence_and_dates_with_one() {
    let mut shelf = Shelf::seeded(2026..=2027);
    let mut data = shipped();
    let series = series_of(&mut data, "festspillene");
    series.series.summary = Text::nb("En ny ingress");
    shelf.seed(&data, LATER, 2026..=2027);
    let event = shelf.event("festspillene-2027");
    assert_eq!((event.sequence, event.modified), (0, at(LATER)));
    assert_eq!(event.created, at("2026-11-22T06:00:00Z"));

    let rule = series_of(&mut data, "festspillene")
        .series
        .rule
        .as_mut()
        .unwrap();
    rule.days = 9;
    shelf.seed(&data, "2026-12-02T12:00:00Z", 2026..=2027);
    let event = shelf.event("festspillene-2027");
    assert_eq!(event.sequence, 1);
    assert_eq!(event.schedule.when, days("2027-08-06", "2027-08-14"));
    assert_eq!(
        event.last_change.as_ref().unwrap().what,
        ChangeSubject::Time
    );
    assert_eq!(shelf.event("festspillene-2025").sequence, 0);
}

#[test]
fn a_source_turns_the_tentative_edition_into_the_real_one() {
    let mut shelf = Shelf::seeded(2026..=2027);
    let tentative = shelf.event("grundsetmartn-2027").clone();
    let real = with_grundset_2027(EventStatus::Scheduled, days("2027-03-04", "2027-03-07"));
    // The series with its new edition, and the event.
    assert_eq!(shelf.seed(&real, LATER, 2026..=2027), 2);
    let event = shelf.event("grundsetmartn-2027");
    assert_eq!((&event.uid, &event.slug), (&tentative.uid, &tentative.slug));
    assert_eq!(event.status, EventStatus::Scheduled);
    assert_eq!(event.schedule.when, days("2027-03-04", "2027-03-07"));
    assert_eq!(event.sequence, 1);
    assert!(event.status_note.is_empty());
    assert_eq!(event.owner(Field::Status), Some(&Owner::DataFile));
    assert_eq!(shelf.seed(&real, "2026-12-02T12:00:00Z", 2026..=2027), 0);
}

#[test]
fn a_rule_never_confirms_itself_however_often_it_is_read() {
    let mut shelf = Shelf::seeded(2026..=2027);
    for now in [
        "2027-03-01T06:00:00Z",
        "2027-03-05T06:00:00Z",
        "2027-12-01T06:00:00Z",
    ] {
        shelf.seed(&shipped(), now, 2026..=2028);
        assert_eq!(
            shelf.event("grundsetmartn-2027").status,
            EventStatus::Tentative
        );
    }
}

#[test]
fn a_date_that_a_person_confirmed_does_not_follow_the_rule_any_more() {
    let mut shelf = Shelf::seeded(2026..=2027);
    shelf.edit("festspillene-2027", |event| {
        event.status = EventStatus::Scheduled;
        event.owners.insert(Field::Status, editor());
    });
    let mut data = shipped();
    series_of(&mut data, "festspillene")
        .series
        .rule
        .as_mut()
        .unwrap()
        .days = 5;
    shelf.seed(&data, LATER, 2026..=2027);
    let event = shelf.event("festspillene-2027");
    assert_eq!(event.status, EventStatus::Scheduled);
    assert_eq!(event.schedule.when, days("2027-08-06", "2027-08-15"));
}

#[test]
fn the_files_confirm_their_own_date_and_no_other() {
    let mut shelf = Shelf::seeded(2026..=2027);
    shelf.edit("grundsetmartn-2027", |event| {
        event.schedule.when = days("2027-03-11", "2027-03-13");
        event.owners.insert(Field::Schedule, editor());
    });
    let told = days("2027-03-04", "2027-03-06");
    let elsewhen = with_grundset_2027(EventStatus::Scheduled, told.clone());
    shelf.seed(&elsewhen, LATER, 2026..=2027);
    let event = shelf.event("grundsetmartn-2027");
    assert_eq!(event.schedule.when, days("2027-03-11", "2027-03-13"));
    assert_eq!(event.status, EventStatus::Tentative);
    // A cancellation applies to any date.
    let off = with_grundset_2027(EventStatus::Cancelled, told);
    shelf.seed(&off, "2026-12-02T12:00:00Z", 2026..=2027);
    let event = shelf.event("grundsetmartn-2027");
    assert_eq!(event.status, EventStatus::Cancelled);
    assert_eq!(event.schedule.when, days("2027-03-11", "2027-03-13"));
}

#[test]
fn a_tentative_edition_is_cancelled_on_its_date_when_the_files_tell_that_it_is_off() {
    let mut shelf = Shelf::seeded(2026..=2027);
    let mut data = shipped();
    let series = series_of(&mut data, "grundsetmartn");
    series
        .series
        .editions
        .push(listed(EditionStanding::Cancelled));
    shelf.seed(&data, LATER, 2026..=2027);
    let event = shelf.event("grundsetmartn-2027");
    assert_eq!(event.status, EventStatus::Cancelled);
    assert_eq!(event.schedule.when, days("2027-03-04", "2027-03-06"));
    assert_eq!(event.status_note.get(Lang::En), "Cancelled.");
    assert_eq!(event.sequence, 1);
    assert_eq!(shelf.seed(&data, "2026-12-02T12:00:00Z", 2026..=2027), 0);
}

#[test]
fn a_record_that_a_person_set_is_left_alone() {
    let mut shelf = Shelf::seeded(2026..=2027);
    let key = RecordKey::new(RecordKind::Place, "prestoya");
    let Record::Place(place) = shelf.records[&key].record.clone() else {
        panic!()
    };
    let edited = Place {
        name: "Prestøya festplass".to_owned(),
        owner: editor(),
        ..(*place).clone()
    };
    shelf.put(edited.clone().into());
    assert_eq!(shelf.seed(&shipped(), LATER, 2026..=2027), 0);

    shelf.put(
        Place {
            owner: Owner::DataFile,
            ..edited
        }
        .into(),
    );
    assert_eq!(shelf.seed(&shipped(), LATER, 2026..=2027), 1);
    assert_eq!(shelf.records[&key].record, Record::Place(place));
}

#[test]
fn an_address_that_somebody_else_has_is_not_taken_from_them() {
    let mut shelf = Shelf::seeded(2026..=2026);
    let mut other = shelf.event("17-mai-2026").clone();
    other.id = "somebody-elses".parse().unwrap();
    other.slug = "festspillene-2027".parse().unwrap();
    shelf.put(other.into());
    shelf.seed(&shipped(), LATER, 2026..=2027);
    let ours = shelf.event("festspillene-2027");
    assert_eq!(ours.slug.as_str(), "festspillene-2027-2");
    assert_eq!(ours.schedule.when.start().date(), day("2027-08-06"));
    assert_eq!(shelf.seed(&shipped(), LATER, 2026..=2027), 0);
}

/// Returns the stored record of a partner.
fn kept<'a>(shelf: &'a Shelf, id: &str) -> &'a Partner {
    match &shelf.records[&RecordKey::new(RecordKind::Partner, id)].record {
        Record::Partner(partner) => partner,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_partner_that_an_earlier_version_set_as_a_whole_follows_its_file_in_all_but_what_commands_set()
{
    let mut shelf = Shelf::seeded(2026..=2027);
    let url = "https://kino.example.no/all.ics".parse().unwrap();
    let connection = Connection::new("ics".parse().unwrap(), Some(url));
    let old = kept(&shelf, "elverum-vekst").clone();
    assert!(old.owners.is_empty());
    shelf.put(
        Partner {
            connection: Some(connection.clone()),
            owner: editor(),
            ..old
        }
        .into(),
    );
    assert_eq!(
        shelf.seed(&shipped(), LATER, 2026..=2027),
        0,
        "nothing to follow yet"
    );
    let mut data = shipped();
    let file = data
        .partners
        .iter_mut()
        .find(|partner| partner.id.as_str() == "elverum-vekst");
    let file = file.unwrap();
    file.policy.passing_on = Permission::Refused;
    file.name = "Elverum Vekst AS".to_owned();
    assert_eq!(shelf.seed(&data, LATER, 2026..=2027), 1);
    let partner = kept(&shelf, "elverum-vekst");
    assert_eq!(partner.policy.passing_on, Permission::Refused);
    assert_eq!(partner.name, "Elverum Vekst", "a command may have set it");
    assert_eq!(partner.connection, Some(connection));
    assert_eq!(shelf.seed(&data, LATER, 2026..=2027), 0, "it has settled");
}
