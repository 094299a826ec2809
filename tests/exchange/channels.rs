//! One partner whose feed is read and that sends events by itself, or that has several ids for one event.

use calendar_domain::Publication;
use elverum_calendar::editorial;
use elverum_calendar::ingest::import::{Importer, Rehearsal};
use elverum_calendar::ingest::upsert::{self, UpsertOutcome};

use crate::*;

fn says(mut told: EventDraft, text: &str) -> EventDraft {
    told.description = Text::nb(text);
    told
}

impl Office {
    fn puts(&self, partner: &str, draft: EventDraft) -> UpsertOutcome {
        let partner = partner.parse().unwrap();
        let sent = upsert::upsert(&self.calendar, &partner, draft, Rehearsal::No);
        sent.unwrap().outcome
    }

    fn of(&self, partner: &str, origin: &str) -> Event {
        let partner = partner.parse().unwrap();
        let kept = upsert::find(&self.calendar, &partner, origin).unwrap();
        kept.unwrap().event
    }

    fn no_longer(&self, partner: &str, origin: &str) -> RunReport {
        let origin_id = origin.into();
        let gone = vec![ParsedItem::Gone { origin_id }];
        self.items(partner, gone, Listing::Changes).unwrap()
    }
}

#[test]
fn an_event_that_was_sent_is_not_missing_in_the_feed() {
    let office = Office::new().with_partner("venue");
    office.puts("venue", lecture("sent"));
    for _ in 0..5 {
        let report = office.tells("venue", &[concert("fed")]);
        assert_eq!((report.missing, report.withdrawn), (0, 0), "{report:?}");
    }
    office.no_longer("venue", "sent");
    assert_eq!(office.events().len(), 2);
    // Sending one says nothing of those in the feed.
    office.puts("venue", says(lecture("sent"), "Ny tekst."));
    let fed = office.of("venue", "fed");
    assert_eq!(fed.title, concert("fed").title);
    assert!(fed.is_public());
}

#[test]
fn an_event_that_was_sent_and_is_in_the_feed_too_goes_with_the_feed() {
    let office = Office::new().with_partner("venue");
    office.puts("venue", lecture("both"));
    let both = [concert("fed"), lecture("both")];
    office.tells("venue", &both);
    let commits = office.commits();
    office.tells("venue", &both);
    assert_eq!(office.commits(), commits);
    for _ in 0..3 {
        office.tells("venue", &[concert("fed")]);
    }
    assert_eq!(
        office.of("venue", "both").publication,
        Publication::Withdrawn
    );
}

#[test]
fn an_event_that_is_sent_is_missing_no_longer() {
    let office = Office::new().with_partner("venue");
    office.tells("venue", &[concert("1"), lecture("2")]);
    for _ in 0..2 {
        assert_eq!(office.tells("venue", &[concert("1")]).missing, 1);
    }
    assert_eq!(office.puts("venue", lecture("2")), UpsertOutcome::Unchanged);
    for _ in 0..4 {
        let report = office.tells("venue", &[concert("1")]);
        assert_eq!((report.missing, report.withdrawn), (0, 0), "{report:?}");
    }
    assert!(office.of("venue", "2").is_public());
}

#[test]
fn an_event_that_is_imported_is_missing_no_longer() {
    let office = Office::new().with_partner("venue");
    let mut other = lecture("2@example.no");
    other.uid = "2@example.no".parse().ok();
    office.tells("venue", &[concert("1"), other]);
    assert_eq!(office.tells("venue", &[concert("1")]).missing, 1);
    let file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Eksempel//NO\r\nBEGIN:VEVENT\r\n\
                UID:2@example.no\r\nDTSTAMP:20270101T120000Z\r\nDTSTART:20270603T180000\r\n\
                SUMMARY:Foredrag om tømmerfløting\r\nLOCATION:Skogmuseet\r\n\
                END:VEVENT\r\nEND:VCALENDAR\r\n";
    let fetcher = Fetcher::new(Vec::new(), 1 << 20, None);
    let importer = Importer::new(office.calendar.clone(), fetcher, 1 << 20);
    let venue = "venue".parse().unwrap();
    let import = |rehearsal| {
        let bytes = file.as_bytes().to_vec();
        let taken = importer.take("file.ics".into(), bytes, &venue, rehearsal);
        taken.unwrap();
    };
    import(Rehearsal::Yes);
    assert_eq!(office.tells("venue", &[concert("1")]).missing, 1);
    import(Rehearsal::No);
    for _ in 0..5 {
        let report = office.tells("venue", &[concert("1")]);
        assert_eq!((report.missing, report.withdrawn), (0, 0), "{report:?}");
    }
    assert!(office.of("venue", "2@example.no").is_public());
}

#[test]
fn an_event_that_editors_merge_is_no_part_of_itself() {
    let office = Office::new().with_partner("venue");
    let part_of = |mut draft: EventDraft, whole: &str| {
        draft.super_event = Some(whole.into());
        draft
    };
    let middle = draft("y", "Torgdag med salgsboder", "2027-06-09T10:00:00");
    let all = [
        lecture("z"),
        part_of(middle, "z"),
        part_of(concert("x"), "y"),
    ];
    office.tells("venue", &all);
    let [z, y, x] = ["z", "y", "x"].map(|name| office.of("venue", name).id);
    assert_eq!(office.stored(&x).super_event, Some(y.clone()));
    // The first is a part of the third by way of the second.
    editorial::join(&office.calendar, &office.editor(), &z, &x).unwrap();
    assert_eq!(office.stored(&z).super_event, None);
    assert_eq!(office.stored(&y).super_event, Some(z.clone()));
    // A part is merged with its whole.
    editorial::join(&office.calendar, &office.editor(), &z, &y).unwrap();
    assert_eq!(office.stored(&z).super_event, None);
}

#[test]
fn a_whole_that_is_not_the_partners_own_keeps_its_id() {
    let office = Office::new().with_partner("venue").with_partner("other");
    office.puts("other", concert("whole"));
    office.puts("venue", lecture("part"));
    let (whole, part) = (
        office.of("other", "whole").id,
        office.of("venue", "part").id,
    );
    office.sets(part.as_str(), Field::Title, |event| {
        event.super_event = Some(whole.clone());
    });
    for text in ["Ny tekst.", "Nyere tekst."] {
        let mut again = says(lecture("part"), text);
        again.super_event = Some(whole.to_string());
        office.puts("venue", again);
        assert_eq!(office.stored(&part).super_event, Some(whole.clone()));
    }
}

#[test]
fn a_new_event_of_the_feed_is_not_taken_for_one_that_was_sent() {
    let office = Office::new().with_partner("venue");
    office.puts("venue", lecture("sent"));
    let mut other = lecture("fed");
    other.uid = "fed@example.no".parse().ok();
    office.tells("venue", &[concert("1"), other]);
    office.puts("venue", says(lecture("sent"), "Ny tekst."));
    assert_eq!(office.of("venue", "sent").sources[0].origin_id, "sent");
    assert_eq!(office.of("venue", "fed").sources[0].origin_id, "fed");
}

/// A calendar in which one partner has two ids for one event, and the event.
fn two_ids() -> (Office, EventId) {
    let office = Office::new().with_partner("a").with_partner("b");
    office.tells("a", &[concert("1")]);
    let id = office.events()[0].id.clone();
    let mut second = says(lecture("2"), "Fra 2.");
    second.uid = "2@example.no".parse().ok();
    office.tells("a", &[concert("1"), second]);
    let other = office.of("a", "2").id;
    editorial::join(&office.calendar, &office.editor(), &id, &other).unwrap();
    assert_eq!(office.stored(&id).sources.len(), 2);
    (office, id)
}

fn of_two(text: [&str; 2]) -> [EventDraft; 2] {
    let mut second = says(lecture("2"), text[1]);
    second.uid = "2@example.no".parse().ok();
    [says(concert("1"), text[0]), second]
}

#[test]
fn an_event_stays_while_one_of_the_ids_of_its_partner_is_told_of() {
    for listing in [Listing::Whole, Listing::Changes] {
        for (gone, stays) in [(0, 1), (1, 0)] {
            let (office, id) = two_ids();
            let all = of_two(["Fra 1.", "Fra 2."]);
            let left = &all[stays];
            let origin_id = all[gone].origin_id.clone();
            let mut items = vec![ParsedItem::Event(Box::new(says(left.clone(), "Nytt.")))];
            if listing == Listing::Changes {
                items.push(ParsedItem::Gone { origin_id });
            }
            for _ in 0..4 {
                let report = office.items("a", items.clone(), listing).unwrap();
                assert_eq!((report.missing, report.created), (0, 0), "{report:?}");
            }
            let event = office.stored(&id);
            assert_eq!(event.publication, Publication::Published);
            assert_eq!(event.description, Text::nb("Nytt."), "{listing:?} {gone}");
            assert_eq!(event.title, left.title);
        }
    }
}

#[test]
fn one_of_two_ids_that_is_gone_takes_only_itself() {
    let (office, id) = two_ids();
    office.no_longer("a", "1");
    let event = office.stored(&id);
    assert_eq!(event.publication, Publication::Published);
    assert_eq!(
        (event.sources.len(), &event.title),
        (1, &lecture("2").title)
    );
    office.no_longer("a", "2");
    assert_eq!(office.stored(&id).publication, Publication::Withdrawn);
}

#[test]
fn the_words_of_two_ids_of_one_event_do_not_take_turns() {
    let (office, id) = two_ids();
    let all = of_two(["Fra 1.", "Noe annet."]);
    office.tells("a", &all);
    let (before, commits) = (office.stored(&id), office.commits());
    assert_eq!(before.description, Text::nb("Fra 1."));
    let mut turned = all.clone();
    turned.reverse();
    for answer in [&turned, &all, &turned] {
        let report = office.tells("a", answer);
        let item = report
            .items
            .iter()
            .find(|item| item.origin_id == "2")
            .unwrap();
        let note = item.note.as_deref().unwrap();
        assert_eq!(item.outcome, "refused");
        assert!(note.contains("«1»"), "{note}");
    }
    assert_eq!((office.stored(&id), office.commits()), (before, commits));
    let changed = of_two(["Endret.", "Noe annet."]);
    let mut turned = changed.clone();
    turned.reverse();
    office.tells("a", &turned);
    assert_eq!(office.stored(&id).description, Text::nb("Endret."));
}

#[test]
fn an_approved_event_that_comes_back_waits_for_an_editor_who_is_told() {
    for sent in [false, true] {
        let office = Office::new().with("guest", queue);
        let all = [concert("1"), lecture("2")];
        office.tells("guest", &all);
        let first = office.of("guest", "1");
        editorial::approve(&office.calendar, &office.editor(), &first.id).unwrap();
        for _ in 0..3 {
            office.tells("guest", &all[1..]);
        }
        assert_eq!(office.stored(&first.id).publication, Publication::Withdrawn);
        if sent {
            office.puts("guest", concert("1"));
        } else {
            let report = office.tells("guest", &all);
            let item = report
                .items
                .iter()
                .find(|item| item.origin_id == "1")
                .unwrap();
            let note = item.note.as_deref().unwrap_or_default();
            assert!(note.contains("sync review"), "{item:?}");
        }
        let open = editorial::open_matters(&*office.calendar).unwrap();
        let waits = open
            .queued
            .iter()
            .filter(|queued| queued.id == first.id)
            .count();
        assert_eq!((waits, open.queued.len()), (1, 2));
        editorial::approve(&office.calendar, &office.editor(), &first.id).unwrap();
        let now = office.stored(&first.id);
        assert_eq!((&now.slug, &now.uid), (&first.slug, &first.uid));
        assert!(now.is_public());
    }
}

#[test]
fn a_rejected_event_stays_rejected_however_it_comes_back() {
    let office = Office::new().with("guest", queue);
    let all = [concert("1"), lecture("2")];
    office.tells("guest", &all);
    let id = office.of("guest", "1").id;
    editorial::reject(&*office.calendar, &office.editor(), &id).unwrap();
    for _ in 0..4 {
        office.tells("guest", &all[1..]);
    }
    office.tells("guest", &all);
    office.puts("guest", says(concert("1"), "Ny tekst."));
    let mut renamed = concert("new");
    renamed.uid = "new@example.no".parse().ok();
    for _ in 0..2 {
        office.tells("guest", &[renamed.clone(), lecture("2")]);
    }
    assert_eq!(office.stored(&id).publication, Publication::Rejected);
    let open = editorial::open_matters(&*office.calendar).unwrap();
    assert_eq!(open.queued.len(), 1, "{open:?}");
}

#[test]
fn an_event_that_is_a_part_of_itself_is_told_of_and_taken_without() {
    let office = Office::new().with_partner("venue");
    let (mut one, mut other, mut part) = (concert("1"), lecture("2"), lecture("3"));
    one.super_event = Some("2".into());
    other.super_event = Some("1".into());
    part.title = Text::nb("Omvisning");
    part.super_event = Some("3".into());
    let report = office.tells("venue", &[one, other, part]);
    assert_eq!(report.created, 3);
    for origin in ["1", "2", "3"] {
        assert_eq!(office.of("venue", origin).super_event, None, "{origin}");
        let told = report.remarks.iter().any(|remark| {
            remark.at.contains(&format!("«{origin}»")) && remark.detail.contains("super_event")
        });
        assert!(told, "{:?}", report.remarks);
    }
}

#[test]
fn a_circle_of_parts_that_is_told_in_two_answers_is_refused_as_well() {
    let office = Office::new().with_partner("venue");
    let (mut one, other) = (concert("1"), lecture("2"));
    one.super_event = Some("2".into());
    let first = [one.clone(), other.clone()];
    office.try_tell("venue", &first, Listing::Changes).unwrap();
    assert!(office.of("venue", "1").super_event.is_some());
    let mut other = other;
    other.super_event = Some("1".into());
    let report = office
        .try_tell("venue", &[other], Listing::Changes)
        .unwrap();
    assert_eq!(office.of("venue", "2").super_event, None);
    assert_eq!(report.remarks.len(), 1, "{:?}", report.remarks);
}
