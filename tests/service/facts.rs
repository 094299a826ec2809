//! The facts of an event: places left, setting, languages, sustainability, the way there.

use calendar_domain::{Availability, EventSetting, Field, Lang, Override, Owner, Start};
use serde_json::{Value, json};

use crate::outgo::sender::{least, sender};
use crate::support::TestServer;
use crate::support::builders::event;
use crate::support::saved::Saved;

/// Returns an event with every fact.
fn told() -> Value {
    let mut event = least();
    event["availability"] = "few_left".into();
    event["setting"] = json!(["indoor", "outdoor"]);
    event["languages"] = json!(["en", "nb-simple", "nsl"]);
    event["sustainability"] = json!(["public_transport", "certified"]);
    event["sustainability_certificate"] = json!({"issuer": "Miljøfyrtårn"});
    event["getting_there"] = json!({"nb": "Buss 20 fra Hamar."});
    event
}

const FACTS: [&str; 6] = [
    "availability",
    "setting",
    "languages",
    "sustainability",
    "sustainability_certificate",
    "getting_there",
];

/// Returns what is at a path, as it is.
fn body(app: &TestServer, path: &str) -> String {
    app.visitor().get(path).ok().text().to_owned()
}

#[test]
fn facts_that_a_partner_sends_come_back_and_are_on_the_page_and_in_every_feed() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let sent = venue.put("a", &told()).with_status(201).json();
    let shown = venue.get("a").ok().json();
    for field in FACTS {
        assert_eq!(shown[field], told()[field], "{field}");
    }
    assert_eq!(venue.put("a", &shown).ok().json()["outcome"], "unchanged");
    let concert = Saved::find(&app, sent["slug"].as_str().unwrap());
    let reader = app.visitor();
    let page = reader.read(&concert.page());
    for text in [
        "Få plasser igjen",
        "Inne eller ute Inne Ute",
        "Engelsk",
        "Lettlest norsk",
        "Norsk tegnspråk",
        "Kan nås med kollektivtransport",
        "Miljøsertifisert av Miljøfyrtårn",
        "Buss 20 fra Hamar.",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let english = reader.read(&format!("/en{}", concert.page()));
    assert!(english.contains("Few places left") && english.contains("Norwegian Sign Language"));
    let file = reader.get(&concert.file()).calendar();
    let description = file.event(concert.uid()).value("DESCRIPTION");
    let description = description.replace("\\,", ",");
    for text in [
        "Få plasser igjen.",
        "Språk: engelsk, lettlest norsk, norsk tegnspråk",
        "Miljøsertifisert av: Miljøfyrtårn",
        "Slik kommer du hit: Buss 20 fra Hamar.",
    ] {
        assert!(description.contains(text), "{text}: {description}");
    }
    for feed in ["rss", "atom"] {
        let feed = body(&app, &format!("/feeds/all.{feed}"));
        assert!(feed.contains("Få plasser igjen."), "{feed}");
    }
    let table = body(&app, "/feeds/all.csv");
    let row = "few_left,indoor; outdoor,en; nb-simple; nsl,public_transport; certified,Miljøfyrtårn,Buss 20";
    assert!(table.contains(row), "{table}");
    let linked = body(&app, &format!("{}.jsonld", concert.page()));
    let limited = "\"availability\":\"https://schema.org/LimitedAvailability\"";
    assert!(linked.contains(limited), "{linked}");
    assert!(
        linked.contains("\"inLanguage\":[\"en\",\"nb-simple\",\"nsl\"]"),
        "{linked}"
    );
    let changes = body(&app, "/api/v1/changes");
    assert!(changes.contains("\"issuer\":\"Miljøfyrtårn\""), "{changes}");
}

#[test]
fn a_wrong_fact_is_refused_with_its_field_and_what_is_allowed() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    for (field, value, at, allowed) in [
        ("availability", json!("gone"), "availability", "few_left"),
        ("setting", json!(["tent"]), "setting", "indoor, outdoor"),
        ("setting", json!("indoor"), "setting", "a list"),
        ("languages", json!(["norsk"]), "languages", "BCP 47"),
        (
            "sustainability",
            json!(["green"]),
            "sustainability",
            "public_transport, certified",
        ),
        (
            "sustainability_certificate",
            json!({}),
            "sustainability_certificate.issuer",
            "is required",
        ),
        (
            "sustainability_certificate",
            json!({"issuer": "x".repeat(301)}),
            "sustainability_certificate.issuer",
            "300",
        ),
        (
            "getting_there",
            json!({"nb": "x".repeat(1001)}),
            "getting_there.nb",
            "1000",
        ),
    ] {
        let mut event = told();
        event[field] = value;
        let problem = venue.put("a", &event).with_status(422).json();
        let errors = problem["errors"].as_array().unwrap();
        let found = errors.iter().find(|error| error["field"] == at);
        let found = found.unwrap_or_else(|| panic!("{at}: {problem}"));
        let detail = found["detail"].as_str().unwrap();
        assert!(detail.contains(allowed), "{detail}");
    }
    let mut event = told();
    event["sustainability"] = json!(["public_transport"]);
    let problem = venue.put("a", &event).with_status(422).json();
    assert_eq!(problem["errors"][0]["field"], "sustainability_certificate");
}

#[test]
fn an_event_that_says_nothing_has_the_defaults_and_no_words_about_them() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let shown = venue.put("a", &least()).with_status(201).json();
    let defaults = json!(["available", [], [], [], null, {}]);
    for (at, field) in FACTS.into_iter().enumerate() {
        assert_eq!(shown[field], defaults[at], "{field}");
    }
    let concert = Saved::find(&app, shown["slug"].as_str().unwrap());
    let file = app.visitor().get(&concert.file()).calendar();
    let description = file.event(concert.uid()).value("DESCRIPTION").to_owned();
    for word in ["plasser", "Språk", "Inne", "Slik kommer"] {
        assert!(!description.contains(word), "{description}");
    }
}

#[test]
fn a_person_decides_on_places_left_and_the_partner_only_suggests() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let sent = venue.put("a", &told()).with_status(201).json();
    let concert = Saved::find(&app, sent["slug"].as_str().unwrap());
    concert.change(|event| {
        event.availability = Availability::SoldOut;
        let owner = Owner::Organizer("kari".into());
        event.owners.insert(Field::Availability, owner);
    });
    let mut again = told();
    again["availability"] = "few_left".into();
    again["setting"] = json!(["outdoor"]);
    let answer = venue.put("a", &again).ok().json();
    assert_eq!(answer["kept"], json!(["availability"]));
    let event = concert.record();
    assert_eq!(event.availability, Availability::SoldOut);
    assert_eq!(event.setting.len(), 1, "nobody but the partner set it");
    // A partner that says nothing about it suggests nothing.
    let answer = venue.put("a", &least()).ok().json();
    assert!(
        answer["kept"].as_array().is_none_or(Vec::is_empty),
        "{answer}"
    );
    assert_eq!(concert.record().availability, Availability::SoldOut);
}

#[test]
fn one_date_is_sold_out_and_the_others_are_not() {
    let app = TestServer::start();
    let second = Start::Local("2027-06-08T18:00:00".parse().unwrap());
    let full = Override {
        availability: Some(Availability::SoldOut),
        ..Override::default()
    };
    let course = event("Kurs")
        .on("2027-06-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=3")
        .with_change(second, full)
        .save(&app);
    let reader = app.visitor();
    let page = reader.read(&course.page());
    assert_eq!(page.matches("Utsolgt").count(), 1, "{page}");
    let file = body(&app, &course.file());
    assert_eq!(file.matches("Utsolgt.").count(), 1, "{file}");
    let linked = body(&app, &format!("{}.jsonld", course.page()));
    assert_eq!(
        linked.matches("https://schema.org/SoldOut").count(),
        1,
        "{linked}"
    );
    let api = body(&app, "/api/v1/changes");
    assert!(api.contains("\"availability\":\"sold_out\""), "{api}");
    let sequence = course.record().sequence;
    course.change(|event| {
        let recurrence = event.schedule.recurrence.as_mut().unwrap();
        recurrence.overrides.clear();
    });
    assert_eq!(
        course.record().sequence,
        sequence,
        "neither time, place nor status changed"
    );
}

#[test]
fn an_export_is_imported_elsewhere_with_every_fact() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    venue.put("a", &told()).with_status(201);
    let slug = venue.get("a").ok().json()["slug"]
        .as_str()
        .unwrap()
        .to_owned();
    let changes: Value = serde_json::from_str(&body(&app, "/api/v1/changes")).unwrap();
    let mut items = changes["items"].as_array().unwrap().iter();
    let whole = items
        .find(|item| item["event"]["slug"] == slug.as_str())
        .unwrap()["event"]
        .clone();
    let calendar = body(&app, &format!("/events/{slug}.ics"));
    let json = serde_json::to_vec(&json!([whole])).unwrap();
    for (name, bytes) in [("events.json", json), ("events.ics", calendar.into_bytes())] {
        let other = TestServer::start();
        let file = other.folder().join(name);
        std::fs::write(&file, bytes).unwrap();
        let report = other.import(&file).unwrap();
        let path = report.items[0].path.clone().unwrap();
        let event = Saved::find(&other, path.trim_start_matches("/events/")).record();
        assert_eq!(event.availability, Availability::FewLeft, "{name}");
        assert_eq!(event.setting.len(), 2, "{name}");
        let languages: Vec<&str> = event
            .languages
            .iter()
            .map(|language| language.as_str())
            .collect();
        assert_eq!(languages, ["en", "nb-simple", "nsl"], "{name}");
        assert!(event.has_public_transport(), "{name}");
        assert_eq!(
            event.certificate().unwrap().issuer,
            "Miljøfyrtårn",
            "{name}"
        );
        assert_eq!(
            event.getting_there.get(Lang::Nb),
            "Buss 20 fra Hamar.",
            "{name}"
        );
    }
}

#[test]
fn a_table_of_a_club_may_say_the_facts_in_words() {
    let app = TestServer::start();
    let table = "Id;Dato;Kl.;Arrangement;Sted;Status;Inne eller ute;Språk;Miljøsertifisert av;Slik kommer du hit\n\
                 1;06.03.2027;10.00;Loppemarked;Torget;Utsolgt;ute;norsk, tegnspråk;Miljøfyrtårn;Buss 20\n\
                 2;07.03.2027;10.00;Kveldstrim;Hallen;Planlagt;telt;;;\n";
    let file = app.folder().join("club.csv");
    std::fs::write(&file, table).unwrap();
    let report = app.import(&file).unwrap();
    let path = report.items[0].path.clone().unwrap();
    let market = Saved::find(&app, path.trim_start_matches("/events/")).record();
    assert_eq!(market.availability, Availability::SoldOut);
    assert_eq!(market.setting, [EventSetting::Outdoor].into());
    let languages: Vec<&str> = market
        .languages
        .iter()
        .map(|language| language.as_str())
        .collect();
    assert_eq!(languages, ["nb", "nsl"]);
    assert_eq!(market.certificate().unwrap().issuer, "Miljøfyrtårn");
    assert_eq!(market.getting_there.get(Lang::Nb), "Buss 20");
    let remarks = format!("{report:?}");
    assert!(
        remarks.contains("telt"),
        "what is not understood is said: {remarks}"
    );
}
