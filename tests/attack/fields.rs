//! Field values that must be refused, because no calendar could process them.

#[path = "../../fuzz/src/bodies.rs"]
mod bodies;
mod door;
mod overlap;
mod stored;

use calendar_domain::{Event, EventId, KeyScope, Publication, Record, Schedule, Slug, Text, When};
use calendar_store::{Author, Change, Commit, Store};
use elverum_calendar::ingest::access::make_key;
use reqwest::Method;
use serde_json::{Value, json};

use crate::outgo::sender::{Sender, least, send, sender};
use crate::support::{Program, TestServer};

/// The limits of chrono's dates, and years just outside the range of RFC 5545.
const FAR: [&str; 6] = [
    "+262142-12-31T23:59:59",
    "-262143-01-01T00:00:00",
    "+10000-01-01T00:00:00",
    "0000-12-31T23:59:59",
    "+262142-12-31",
    "-0001-01-01",
];

/// Returns a recurring event with local times.
fn recurring() -> Value {
    json!({"title": {"nb": "x"}, "start": "2027-04-10T19:00:00", "time_zone": "America/New_York",
        "recurrence": {"rrule": "FREQ=WEEKLY;COUNT=3"}})
}

/// Returns bodies with one field out of range, with the name of the field expected in the response.
fn out_of_bounds() -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    for far in FAR {
        let timed = far.contains('T');
        let mut put = |field: &'static str, change: &dyn Fn(&mut Value)| {
            let mut body = recurring();
            if !timed {
                body["start"] = "2027-04-10".into();
            }
            change(&mut body);
            all.push((field, body));
        };
        put("start", &|body| body["start"] = far.into());
        // Before the start, it is refused for that reason.
        put("end", &|body| body["end"] = far.into());
        put("previous_start", &|body| {
            body["previous_start"] = far.into()
        });
        put("recurrence.rdates", &|body| {
            body["recurrence"]["rdates"] = json!([far]);
        });
        put("recurrence.exdates", &|body| {
            body["recurrence"]["exdates"] = json!([far]);
        });
        put("recurrence.overrides", &|body| {
            body["recurrence"]["overrides"] = json!([{"recurrence_id": far}]);
        });
        let id = if timed {
            "2027-04-17T19:00:00"
        } else {
            "2027-04-17"
        };
        put("recurrence.overrides", &|body| {
            body["recurrence"]["overrides"] = json!([{"recurrence_id": id, "start": far}]);
        });
        let start = if timed {
            "2027-04-18T19:00:00"
        } else {
            "2027-04-18"
        };
        put("recurrence.overrides", &|body| {
            let change = json!({"recurrence_id": id, "start": start, "end": far});
            body["recurrence"]["overrides"] = json!([change]);
        });
    }
    // Within the range in local time, outside in UTC.
    let mut late = recurring();
    late["start"] = "9999-12-31T23:59:59".into();
    all.push(("start", late));
    let mut early = recurring();
    early["time_zone"] = "Europe/Oslo".into();
    early["start"] = "0001-01-01T00:00:00".into();
    all.push(("start", early));
    all
}

/// Asserts that the calendar stores a normal event, is ready, and serves it.
#[track_caller]
fn goes_on(app: &TestServer, partner: &Sender<'_>) {
    let mut event = least();
    event["title"]["nb"] = format!("Etter {}", app.commit_number()).into();
    partner.put("ordinary", &event);
    let shown = partner.get("ordinary").ok().json();
    assert_eq!(shown["title"], event["title"]);
    app.visitor().get("/health/ready").ok();
    let title = event["title"]["nb"].as_str().unwrap();
    assert!(
        app.visitor()
            .get("/feeds/all.ics")
            .ok()
            .text()
            .contains(title)
    );
}

#[test]
fn a_year_that_rfc_5545_cannot_write_is_refused_with_its_field_whatever_field_it_is_in() {
    let mut app = TestServer::start();
    {
        let venue = sender(&app, "venue");
        for (number, (field, body)) in out_of_bounds().into_iter().enumerate() {
            let before = app.commit_number();
            for answer in [
                venue.put(&format!("far-{number}"), &body),
                venue.validate(&body),
            ] {
                let problem = answer.with_status(422).json();
                let named = problem["errors"][0]["field"].as_str().unwrap();
                assert!(named.starts_with(field), "{field}: {problem} of {body}");
            }
            assert_eq!(app.commit_number(), before, "{body}");
        }
        venue.put("patched", &recurring()).with_status(201);
        for (_, body) in out_of_bounds() {
            venue.patch("patched", &body).with_status(422);
        }
        goes_on(&app, &venue);
    }
    app.restart();
    app.visitor().get("/health/ready").ok();
}

#[test]
fn the_first_and_last_days_that_rfc_5545_can_write_are_taken_and_given_in_every_format() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let edges = [
        json!({"title": {"nb": "Første dag"}, "start": "0001-01-01"}),
        json!({"title": {"nb": "Siste dag"}, "start": "9999-12-31"}),
        json!({"title": {"nb": "Siste uke"}, "start": "9999-12-25", "end": "9999-12-31"}),
        json!({"title": {"nb": "Siste kveld"}, "start": "9999-12-31T20:00:00",
            "end": "9999-12-31T22:00:00", "time_zone": "Europe/Oslo"}),
        json!({"title": {"nb": "For alltid"}, "start": "2027-01-01T18:00:00", "time_zone": "UTC",
            "recurrence": {"rrule": "FREQ=DAILY"}}),
        json!({"title": {"nb": "Alle tider"}, "start": "0001-01-01", "end": "9999-12-31"}),
        json!({"title": {"nb": "Sjelden"}, "start": "2027-01-01", "end": "2029-01-01",
            "recurrence": {"rrule": "FREQ=YEARLY;INTERVAL=5000"}}),
    ];
    for (number, body) in edges.iter().enumerate() {
        let made = venue.put(&number.to_string(), body).with_status(201).json();
        let page = made["url"]
            .as_str()
            .unwrap()
            .rsplit_once("/events/")
            .unwrap()
            .1;
        for extension in ["ics", "rss", "atom", "json", "jsonld", "csv"] {
            let path = format!("/events/{page}.{extension}");
            let text = app.visitor().get(&path).ok().text().to_owned();
            for wrong in ["10000-01", "1000001", "+10000", "0000-12"] {
                assert!(!text.contains(wrong), "{path} has {wrong}: {text}");
            }
        }
        app.visitor().get(&format!("/events/{page}")).ok();
        app.visitor().get(&format!("/en/events/{page}")).ok();
        venue
            .put(
                &number.to_string(),
                &venue.get(&number.to_string()).ok().json(),
            )
            .ok();
    }
    app.visitor().get("/").ok();
    app.visitor().get("/?from=9998-12-01").ok();
    app.visitor().get("/?from=0001-01-01").ok();
    app.visitor().get("/?to=9998-12-31").ok();
    app.visitor().get("/?page_from=9998-12-31").ok();
    for day in [
        "+262142-12-31",
        "-262143-01-01",
        "10000-01-01",
        "0000-01-01",
    ] {
        for path in [
            "/?from=",
            "/?to=",
            "/?page_from=",
            "/feeds/search.ics?from=",
        ] {
            app.visitor().get(&format!("{path}{day}")).with_status(400);
        }
    }
}

#[test]
fn a_file_with_such_a_year_is_taken_without_that_event_and_says_which() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let good = r#"{"uid":"good","title":{"nb":"God"},"start":"2027-05-01"}"#;
    let bad = r#"{"uid":"bad","title":{"nb":"Dårlig"},"start":"+262142-12-31T23:59:59","time_zone":"America/New_York"}"#;
    program.write("events.json", format!("[{bad},{good}]"));
    program.write("events.jsonl", format!("{bad}\n{good}\n"));
    program.write(
        "events.csv",
        "title,start,end\nGod,2027-05-02,\nDårlig,12345-05-02,\nTidlig,0000-05-02,\n",
    );
    program.write(
        "events.ics",
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a@x\r\nDTSTAMP:20260101T000000Z\r\n\
         SUMMARY:Tidlig\r\nDTSTART;VALUE=DATE:00000501\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:b@x\r\n\
         DTSTAMP:20260101T000000Z\r\nSUMMARY:God\r\nDTSTART;VALUE=DATE:20270503\r\nDURATION:P9999999W\r\n\
         END:VEVENT\r\nBEGIN:VEVENT\r\nUID:c@x\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:God\r\n\
         DTSTART;VALUE=DATE:20270504\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    );
    for name in ["events.json", "events.jsonl", "events.csv", "events.ics"] {
        let told = program.run(&["import", "--partner", "import", name]);
        assert!(!told.err.contains("panicked"), "{name}: {}", told.err);
        assert!(told.code <= 1, "{name}: {}{}", told.out, told.err);
    }
    let told = program.run(&["import", "--partner", "import", "events.json"]);
    assert!(told.out.contains("9999"), "{}{}", told.out, told.err);
    let all = program.run(&["export"]).ok().out;
    assert!(all.contains("God") && !all.contains("262142"), "{all}");
    assert!(!all.contains("Dårlig"));
    let checked = program.run(&["store", "check", "sled:store"]).ok();
    assert!(checked.out.contains("0 findings"), "{}", checked.out);
}

#[test]
fn a_record_with_such_a_year_is_left_out_of_an_ndjson_import_with_its_line() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let far = far_event("far", Publication::Published);
    let line = serde_json::to_string(&Record::from(far)).unwrap();
    let mut lines = program.run(&["export", "--format", "ndjson"]).ok().out;
    let count = lines.lines().count();
    lines += &line;
    lines += "\n";
    program.write("all.ndjson", lines);
    let told = program
        .run(&["import", "--partner", "import", "all.ndjson"])
        .with_code(1);
    assert!(
        told.out.contains(&format!("line {}", count + 1)),
        "{}",
        told.out
    );
    assert!(told.out.contains("9999"), "{}", told.out);
    assert!(!program.run(&["export"]).ok().out.contains("262142"));
}

/// Returns an event in chrono's last second, in a zone where it is out of range in UTC.
fn far_event(id: &str, publication: Publication) -> Event {
    let when = When::Timed {
        start: "+262142-12-31T23:59:59".parse().unwrap(),
        end: None,
        zone: chrono_tz::America::New_York,
    };
    let slug = id.parse().unwrap();
    let uid = format!("{id}@far.example").parse().unwrap();
    let born = chrono::DateTime::UNIX_EPOCH;
    Event {
        publication,
        ..Event::new(
            slug,
            uid,
            Text::nb("Langt borte"),
            Schedule::once(when),
            born,
        )
    }
}

/// Commits directly to the store, without validation.
fn beneath(store: &dyn Store, events: Vec<Event>) {
    let commit = Commit {
        author: Author::Operator,
        at: chrono::DateTime::UNIX_EPOCH,
        note: "an earlier version".into(),
        changes: events
            .into_iter()
            .map(|event| Change::put(event.into()))
            .collect(),
    };
    store
        .commit(commit)
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_queued_event_of_an_earlier_version_with_such_a_year_is_not_published() {
    let mut app = TestServer::start();
    let queued = far_event("queued", Publication::Submitted);
    beneath(&**app.calendar().store(), vec![queued]);
    app.restart();
    let (key, _) = make_key(app.calendar(), KeyScope::Review).unwrap();
    let bearer = format!("Bearer {key}");
    let headers = [
        ("Authorization", &*bearer),
        ("Content-Type", "application/json"),
    ];
    let approve = "/api/v1/review/events/queued/approve";
    let problem = send(&app, Method::POST, approve, &headers, "")
        .with_status(422)
        .json();
    assert_eq!(problem["errors"][0]["field"], "start", "{problem}");
    let reject = "/api/v1/review/events/queued/reject";
    send(&app, Method::POST, reject, &headers, "").ok();
    let venue = sender(&app, "venue");
    goes_on(&app, &venue);
    let id = EventId::from("queued".parse::<Slug>().unwrap());
    assert!(app.snapshot().event(&id).is_none());
}
