//! Files that an operator imports for a partner.

use calendar_domain::{PlaceRule, Publication};
use elverum_calendar::ingest::import::{Importer, Report};
use elverum_calendar::ingest::reconcile::StepOutcome;
use elverum_calendar::ingest::upsert;

use crate::*;

impl Office {
    fn imports(&self, name: &str, file: &str, partner: &str) -> Report {
        let fetcher = Fetcher::new(Vec::new(), 1 << 20, None);
        let importer = Importer::new(self.calendar.clone(), fetcher, 1 << 20);
        let (name, bytes) = (name.to_owned(), file.as_bytes().to_vec());
        let partner = partner.parse().unwrap();
        let taken = importer.take(name, bytes, &partner, Rehearsal::No);
        taken.unwrap()
    }

    fn imported(&self, partner: &str, origin: &str) -> Event {
        let partner = partner.parse().unwrap();
        let kept = upsert::find(&self.calendar, &partner, origin).unwrap();
        kept.unwrap().event
    }
}

#[test]
fn the_mapping_and_trust_of_a_partner_apply_to_its_files() {
    let office = Office::new().with("venue", |connection| {
        queue(connection);
        connection.mapping.place = PlaceRule::Online;
        connection.mapping.take.not_words.insert("tømmer".into());
        connection.time_zone = "Europe/Helsinki".parse().ok();
    });
    let event = |uid: &str, title: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20270101T120000Z\r\nDTSTART:20270603T180000\r\n\
             SUMMARY:{title}\r\nLOCATION:Skogmuseet\r\nEND:VEVENT\r\n"
        )
    };
    let (first, second) = (
        event("1", "Sommerkonsert"),
        event("2", "Foredrag om tømmer"),
    );
    let file = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Eksempel//NO\r\n{first}{second}END:VCALENDAR\r\n"
    );
    let report = office.imports("file.ics", &file, "venue");
    let outcomes: Vec<StepOutcome> = report.items.iter().map(|item| item.outcome).collect();
    assert_eq!(outcomes, [StepOutcome::Created, StepOutcome::Left]);
    let taken = office.imported("venue", "1");
    assert_eq!(taken.publication, Publication::Submitted);
    assert!(taken.venues.is_empty(), "{:?}", taken.venues);
    let zone = "Europe/Helsinki".parse().ok();
    let When::Timed { zone: read, .. } = taken.schedule.when else {
        panic!("{:?}", taken.schedule)
    };
    assert_eq!(Some(read), zone);
}

#[test]
fn parts_in_a_file_of_another_calendar_are_parts_here() {
    let office = Office::new().with_partner("venue");
    let [whole, part] = [
        "11111111-1111-4111-8111-111111111111",
        "22222222-2222-4222-8222-222222222222",
    ];
    let file = format!(
        r#"{{"id":"{part}","uid":"part@b","title":{{"nb":"Konsert"}},"start":"2027-06-01","super_event":"{whole}"}}
        {{"id":"{whole}","uid":"whole@b","title":{{"nb":"Festival"}},"start":"2027-06-01"}}"#
    );
    let report = office.imports("file.ndjson", &file, "venue");
    assert!(report.remarks.is_empty(), "{:?}", report.remarks);
    let whole = office.imported("venue", "whole@b").id;
    assert_eq!(office.imported("venue", "part@b").super_event, Some(whole));
}
