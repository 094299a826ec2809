use super::*;
use crate::write::{ImageView, OrganizerView, VenueView};
use calendar_domain::{Admission, ChangeSubject, Coordinates, Image, LastChange, Uid};

#[test]
fn rule_16_the_description_is_plain_text_that_ends_with_what_changed_last() {
    let what = |what| LastChange {
        at: Utc.with_ymd_and_hms(2027, 3, 6, 23, 30, 0).unwrap(),
        what,
    };
    let event = Event {
        last_change: Some(what(ChangeSubject::Time)),
        ..concert()
    };
    assert_eq!(
        value(&lines(&event), "DESCRIPTION"),
        "Korsang i parken.\\n\\nTa med stol.\\n\\nDet blir kaffe\\; kaker\\, og mer.\\n\\n\
         Mer om arrangementet: https://kalender.example/events/sommerkonsert\\n\\n\
         Sist endret 7. mars 2027: nytt tidspunkt."
    );
    for (changed, ending) in [
        (ChangeSubject::Cancelled, ": avlyst."),
        (ChangeSubject::Postponed, ": utsatt."),
        (ChangeSubject::MovedOnline, ": flyttet til nett."),
        (ChangeSubject::Confirmed, ": bekreftet."),
        (ChangeSubject::Place, ": nytt sted."),
        (ChangeSubject::Details, ": nye opplysninger."),
    ] {
        let event = Event {
            last_change: Some(what(changed)),
            ..concert()
        };
        assert!(value(&lines(&event), "DESCRIPTION").ends_with(ending));
    }
    let never = value(&lines(&concert()), "DESCRIPTION");
    assert!(
        never.ends_with("\\n\\nLagt inn 2. november 2026."),
        "{never}"
    );
}

#[test]
fn rule_18_pictures_are_linked_and_nothing_rings() {
    let event = concert();
    let image = Image {
        alt: Text::nb("Koret"),
        ..Image::at("https://bilder.example/kor.jpg".parse().unwrap())
    };
    let page = page();
    let view = EventView {
        images: vec![ImageView::new(&image, "https://kalender.example")],
        ..EventView::new(&event, &page, OSLO)
    };
    let lines = lines_of(&view);
    has(
        &lines,
        "IMAGE;DISPLAY=GRAPHIC;VALUE=URI;X-ALT=Koret:https://bilder.example/kor.jpg",
    );
    assert!(
        !lines
            .iter()
            .any(|line| line.contains("VALARM") || line.contains("BINARY"))
    );
}

#[test]
fn rule_19_place_position_categories_address_and_parent() {
    let event = concert();
    let parent: Uid = "festival@kalender.example".parse().unwrap();
    let page = page();
    let hall = VenueView {
        name: "Terningen Arena",
        address: "Hamarvegen 112, 2406 Elverum".into(),
        coordinates: Some(Coordinates::new(60.88097, 11.53675).unwrap()),
    };
    let park = VenueView {
        name: "Parken",
        ..VenueView::default()
    };
    let view = EventView {
        venues: vec![hall, park],
        categories: vec!["Mat, drikke", "Musikk"],
        audiences: vec!["Familier"],
        super_event: Some(&parent),
        credit: Some("Visit Elverum"),
        ..EventView::new(&event, &page, OSLO)
    };
    let lines = lines_of(&view);
    has(
        &lines,
        "LOCATION:Terningen Arena\\, Hamarvegen 112\\, 2406 Elverum",
    );
    has(&lines, "GEO:60.88097;11.53675");
    has(&lines, "CATEGORIES:Mat\\, drikke,Musikk");
    has(&lines, "URL:https://kalender.example/events/sommerkonsert");
    has(
        &lines,
        "RELATED-TO;RELTYPE=PARENT:festival@kalender.example",
    );
    let told = value(&lines, "DESCRIPTION");
    for said in [
        "Også her: Parken",
        "Passer for: Familier",
        "Kilde: Visit Elverum",
    ] {
        assert!(told.contains(said), "{said} is not in {told}");
    }
}

#[test]
fn rule_19_an_organizer_stands_only_with_a_public_address() {
    let event = concert();
    let page = page();
    let with = |email| EventView {
        organizer: Some(OrganizerView {
            name: "Elverum Kor, \"Glåma\"",
            url: None,
            email,
        }),
        ..EventView::new(&event, &page, OSLO)
    };
    let lines = lines_of(&with(Some("post@kor.example")));
    has(
        &lines,
        "ORGANIZER;CN=\"Elverum Kor, ^'Glåma^'\":mailto:post@kor.example",
    );
    for none in [
        None,
        Some("post"),
        Some("a@b.example\r\nATTENDEE:x"),
        Some("a@b"),
        Some("æ@b.no"),
    ] {
        let lines = lines_of(&with(none));
        assert_eq!(values(&lines, "ORGANIZER"), Vec::<String>::new());
        assert!(value(&lines, "DESCRIPTION").contains("Arrangør: Elverum Kor\\, \"Glåma\""));
    }
}

#[test]
fn rule_19_an_online_event_has_a_conference() {
    let online = Some("https://video.example/rom".parse().unwrap());
    let event = Event {
        online_url: online,
        status: EventStatus::MovedOnline,
        ..concert()
    };
    let page = page();
    let hall = VenueView {
        name: "Terningen Arena",
        coordinates: Some(Coordinates::new(60.9, 11.5).unwrap()),
        ..VenueView::default()
    };
    let lines = lines_of(&EventView {
        venues: vec![hall],
        ..EventView::new(&event, &page, OSLO)
    });
    has(
        &lines,
        "CONFERENCE;LABEL=På nett;VALUE=URI:https://video.example/rom",
    );
    has(&lines, "LOCATION:På nett");
    has(&lines, "STATUS:CONFIRMED");
    assert_eq!(values(&lines, "GEO"), Vec::<String>::new());
    assert!(value(&lines, "DESCRIPTION").starts_with("Flyttet til nett.\\n\\n"));
}

#[test]
fn texts_are_in_the_readers_language_and_say_which_they_are_in() {
    let english = unfolded(&folded(&concert(), WriteOptions::new(Lang::En)));
    has(&english, "SUMMARY;LANGUAGE=en:Summer concert");
    // The long text exists in bokmål only.
    assert!(
        english
            .iter()
            .any(|line| line.starts_with("DESCRIPTION;LANGUAGE=nb:Korsang"))
    );
    let cancelled = Event {
        status: EventStatus::Cancelled,
        title: Text::nb("Kor"),
        ..concert()
    };
    // A mark has the language of its title.
    let english = unfolded(&folded(&cancelled, WriteOptions::new(Lang::En)));
    has(&english, "SUMMARY;LANGUAGE=nb:AVLYST: Kor");
    let free = Event {
        admission: Admission::Free,
        ..concert()
    };
    assert!(value(&lines(&free), "DESCRIPTION").contains("\\nGratis\\n"));
}
