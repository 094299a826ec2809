//! Webhooks: notification of other programs about changes.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use calendar_domain::Webhook;
use chrono::TimeDelta;
use elverum_calendar::delivery::webhooks;
use serde_json::{Value, json};

use super::receiver::{Receiver, Sent, status};
use super::sender::{least, sender};
use crate::support::readers::{project, tool};
use crate::support::{Program, TestServer, event};

/// Starts a server that may reach the receivers.
fn app(receivers: &[&Receiver]) -> TestServer {
    let hosts = receivers.iter().map(|receiver| receiver.host()).collect();
    TestServer::builder().reaching(hosts).start()
}

fn add(app: &TestServer, receiver: &Receiver) -> Webhook {
    let url = receiver.url("/hook").parse().unwrap();
    webhooks::add(app.calendar(), url).unwrap()
}

fn kept(app: &TestServer, id: &str) -> Webhook {
    let all = webhooks::list(app.calendar()).unwrap();
    all.into_iter().find(|list| list.id == id).unwrap()
}

/// Returns the type of a message and the event's title.
fn said(sent: &Sent) -> (String, String) {
    let body = sent.json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&body["type"]), text(&body["data"]["title"]["nb"]))
}

fn says(kind: &str, title: &str) -> (String, String) {
    (kind.to_owned(), title.to_owned())
}

/// Waits until the webhook's record matches; it is written in the background.
#[track_caller]
fn until(app: &TestServer, id: &str, wanted: impl Fn(&Webhook) -> bool) -> Webhook {
    let begun = std::time::Instant::now();
    loop {
        let webhook = kept(app, id);
        if wanted(&webhook) {
            return webhook;
        }
        assert!(begun.elapsed().as_secs() < 20, "{webhook:#?}");
        std::thread::yield_now();
    }
}

/// Never responds.
fn never() -> super::receiver::Answer {
    loop {
        std::thread::park();
    }
}

/// Verifies messages with the Standard Webhooks library.
#[track_caller]
fn verify(secret: &str, messages: &[Sent]) -> Vec<String> {
    let mut child = Command::new(tool("python/bin/python"))
        .arg(project().join("tests/parsers/webhook.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    for message in messages {
        let line = json!({"secret": secret, "headers": message.headers, "body": message.body});
        writeln!(input, "{line}").unwrap();
    }
    drop(input);
    let out = child.wait_with_output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_program_is_told_what_happens_to_an_event_from_its_birth_to_its_end() {
    let receiver = Receiver::start();
    let app = app(&[&receiver]);
    let venue = sender(&app, "venue");
    venue.put("before", &least()).with_status(201);
    add(&app, &receiver);
    let mut concert = least();
    concert["title"]["nb"] = "Sommerkonsert".into();
    concert["start"] = "2027-06-01".into();
    venue.put("1", &concert).with_status(201);
    let first = receiver.next();
    assert_eq!(
        (first.method.as_str(), first.path.as_str()),
        ("POST", "/hook")
    );
    assert_eq!(first.header("content-type"), "application/json");
    assert_eq!(said(&first), says("event.created", "Sommerkonsert"));
    assert!(first.json()["timestamp"].as_str().unwrap().ends_with('Z'));
    let url = first.json()["data"]["url"].as_str().unwrap().to_owned();
    assert!(
        url.starts_with("https://kalender.example.no/events/"),
        "{url}"
    );
    concert["summary"] = json!({"nb": "Med kor"});
    venue.put("1", &concert).ok();
    assert_eq!(
        said(&receiver.next()),
        says("event.updated", "Sommerkonsert")
    );
    concert["status"] = "cancelled".into();
    venue.put("1", &concert).ok();
    assert_eq!(
        said(&receiver.next()),
        says("event.cancelled", "Sommerkonsert")
    );
    venue.delete("1").with_status(204);
    let last = receiver.next();
    assert_eq!(last.json()["type"], "event.withdrawn");
    assert_eq!(last.json()["data"]["url"], url);
    venue.put("1", &concert).ok();
    assert_eq!(receiver.next().json()["type"], "event.created");
    // Drafts are not sent.
    event("Utkast").on("2027-06-01T18:00").drafted().save(&app);
    venue.put("2", &least()).with_status(201);
    assert_ne!(said(&receiver.next()).1, "Utkast");
}

#[test]
fn a_library_of_others_verifies_the_messages_and_notices_forged_ones() {
    let receiver = Receiver::start();
    // The library rejects messages older than five minutes by the system clock.
    let now = chrono::Utc::now().with_timezone(&chrono_tz::Europe::Oslo);
    let hosts = vec![receiver.host()];
    let builder = TestServer::builder().reaching(hosts);
    let app = builder
        .at(&now.format("%Y-%m-%dT%H:%M").to_string())
        .start();
    let webhook = add(&app, &receiver);
    for title in ["Æ, ø og å", "«Sitat» \"quote\" \\ 🎻"] {
        event(title).on("2027-06-01T18:00").save(&app);
    }
    let good = [receiver.next(), receiver.next()];
    assert_eq!(verify(&webhook.secret.0, &good), ["ok", "ok"]);
    let mut forged = good[0].clone();
    forged.body = forged.body.replace("event.created", "event.updated");
    let mut renamed = good[0].clone();
    renamed
        .headers
        .insert("webhook-id".into(), "msg_other".into());
    let mut late = good[0].clone();
    let earlier = (now.timestamp() - 3_600).to_string();
    late.headers.insert("webhook-timestamp".into(), earlier);
    for wrong in verify(&webhook.secret.0, &[forged, renamed, late]) {
        assert!(wrong.starts_with("WebhookVerificationError"), "{wrong}");
    }
}

#[test]
fn what_is_not_taken_comes_again_under_the_same_name() {
    let first = AtomicBool::new(true);
    let receiver = Receiver::answering(move |_| {
        status(if first.swap(false, Ordering::Relaxed) {
            500
        } else {
            200
        })
    });
    let app = app(&[&receiver]);
    let webhook = add(&app, &receiver);
    event("Konsert").on("2027-06-01T18:00").save(&app);
    let refused = receiver.next();
    let waiting = until(&app, &webhook.id, |receiver| {
        !receiver.progress.waiting.is_empty()
    });
    assert_eq!(waiting.progress.waiting[0].attempts, 1);
    assert!(waiting.progress.waiting[0].error.contains("500"));
    assert!(receiver.rest().is_empty());
    app.wait(TimeDelta::seconds(7));
    let again = receiver.next();
    assert_eq!(again.header("webhook-id"), refused.header("webhook-id"));
    assert_eq!(again.body, refused.body);
    assert_ne!(
        again.header("webhook-timestamp"),
        refused.header("webhook-timestamp")
    );
    until(&app, &webhook.id, |receiver| {
        receiver.progress.waiting.is_empty()
    });
}

#[test]
fn a_receiver_that_asks_to_be_left_alone_is() {
    let receiver =
        Receiver::answering(|_| (429, vec![("Retry-After", "900".into())], String::new()));
    let app = app(&[&receiver]);
    let webhook = add(&app, &receiver);
    event("Konsert").on("2027-06-01T18:00").save(&app);
    receiver.next();
    let waiting = until(&app, &webhook.id, |receiver| {
        !receiver.progress.waiting.is_empty()
    });
    let wait = waiting.progress.waiting[0].next.unwrap() - app.now();
    assert_eq!(wait, TimeDelta::seconds(900));
    receiver.answer(|_| status(200));
    app.wait(TimeDelta::seconds(901));
    receiver.next();
}

#[test]
fn a_receiver_that_is_gone_is_told_nothing_more_until_it_is_replayed() {
    let receiver = Receiver::answering(|_| status(410));
    let app = app(&[&receiver]);
    let webhook = add(&app, &receiver);
    event("Konsert").on("2027-06-01T18:00").save(&app);
    receiver.next();
    let disabled = until(&app, &webhook.id, |receiver| {
        receiver.progress.disabled.is_some()
    });
    assert!(disabled.progress.disabled.unwrap().contains("410"));
    event("Mer").on("2027-06-02T18:00").save(&app);
    app.wait(TimeDelta::days(1));
    receiver.answer(|_| status(200));
    assert!(receiver.rest().is_empty());
    webhooks::replay(app.calendar(), &webhook.id).unwrap();
    let mut titles = [said(&receiver.next()).1, said(&receiver.next()).1];
    titles.sort();
    assert_eq!(titles, ["Konsert", "Mer"]);
    until(&app, &webhook.id, |receiver| {
        receiver.progress.disabled.is_none() && receiver.progress.waiting.is_empty()
    });
}

#[test]
fn the_newest_word_of_an_event_is_never_followed_by_an_older_one() {
    let receiver = Receiver::answering(|_| status(400));
    let app = app(&[&receiver]);
    let webhook = add(&app, &receiver);
    let venue = sender(&app, "venue");
    venue.put("1", &least()).with_status(201);
    receiver.next();
    until(&app, &webhook.id, |receiver| {
        !receiver.progress.waiting.is_empty()
    });
    let mut changed = least();
    changed["summary"] = json!({"nb": "Ny"});
    venue.put("1", &changed).ok();
    receiver.answer(|_| status(200));
    app.wait(TimeDelta::seconds(7));
    let sent = receiver.next();
    assert_eq!(sent.json()["data"]["summary"]["nb"], "Ny");
    // The receiver does not know the event, so this is its creation.
    assert_eq!(sent.json()["type"], "event.created");
    until(&app, &webhook.id, |receiver| {
        receiver.progress.waiting.is_empty()
    });
    changed["summary"] = json!({"nb": "Nyere"});
    venue.put("1", &changed).ok();
    let last = receiver.next_where(|receiver| receiver.json()["data"]["summary"]["nb"] == "Nyere");
    assert_eq!(last.json()["type"], "event.updated");
}

#[test]
fn a_slow_receiver_delays_nobody_else() {
    let slow = Receiver::answering(|_| never());
    let quick = Receiver::start();
    let app = app(&[&slow, &quick]);
    add(&app, &slow);
    add(&app, &quick);
    for number in 0..5 {
        event(&format!("Konsert {number}"))
            .on("2027-06-01T18:00")
            .save(&app);
        assert_eq!(said(&quick.next()).1, format!("Konsert {number}"));
    }
}

#[test]
fn private_addresses_and_redirects_are_not_followed() {
    let target = Receiver::start();
    let to = target.url("/elsewhere");
    let redirecting =
        Receiver::answering(move |_| (307, vec![("Location", to.clone())], String::new()));
    let app = app(&[&target, &redirecting]);
    let webhook = add(&app, &redirecting);
    let private = Receiver::start();
    let refused = add(&app, &private);
    event("Konsert").on("2027-06-01T18:00").save(&app);
    redirecting.next();
    let waiting = until(&app, &webhook.id, |receiver| {
        !receiver.progress.waiting.is_empty()
    });
    assert!(waiting.progress.waiting[0].error.contains("307"));
    let waiting = until(&app, &refused.id, |receiver| {
        !receiver.progress.waiting.is_empty()
    });
    assert!(
        waiting.progress.waiting[0]
            .error
            .contains("not a public address"),
        "{waiting:?}"
    );
    assert!(target.rest().is_empty() && private.rest().is_empty());
    for wrong in [
        "ftp://example.org/",
        "http://user:pass@example.org/",
        "mailto:a@example.org",
    ] {
        assert!(
            webhooks::add(app.calendar(), wrong.parse().unwrap()).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn a_large_event_is_told_without_its_long_text() {
    let receiver = Receiver::start();
    let app = app(&[&receiver]);
    add(&app, &receiver);
    event("Lang")
        .described(&"ord ".repeat(10_000))
        .on("2027-06-01T18:00")
        .save(&app);
    let sent = receiver.next();
    assert!(sent.body.len() < 20_000);
    let body = sent.json();
    assert_eq!(body["omitted"], json!(["description"]));
    assert_eq!(body["data"]["title"]["nb"], "Lang");
    assert!(body["data"].get("description").is_none());
}

#[test]
fn many_messages_that_are_taken_cost_no_commit_each() {
    let receiver = Receiver::start();
    let mut app = app(&[&receiver]);
    let webhook = add(&app, &receiver);
    for number in 0..40 {
        event(&format!("Konsert {number}"))
            .on("2027-06-01T18:00")
            .save(&app);
    }
    for _ in 0..40 {
        receiver.next();
    }
    let head = app.commit_number();
    app.restart();
    // Delivered messages are recorded at shutdown and not sent again.
    assert_eq!(app.commit_number(), head + 1);
    assert_eq!(kept(&app, &webhook.id).progress.commit, head);
    event("Siste").on("2027-06-01T18:00").save(&app);
    assert_eq!(said(&receiver.next()).1, "Siste");
    assert!(receiver.rest().is_empty());
}

#[test]
fn a_message_arrives_though_the_server_is_killed_between_commit_and_delivery() {
    // The server is killed while it waits for a response.
    let receiver = Receiver::answering(|_| never());
    let program = Program::new();
    let host = receiver.host();
    let config = format!("[default.calendar.sync]\nallow_private = [\"{host}\"]\n");
    let config = program.write("reaching.toml", config);
    let config = ["--config", config.to_str().unwrap()];
    let url = receiver.url("/hook");
    program.run(&["seed"]).ok();
    program.run(&["webhook", "add", &url]).ok();
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:p\r\nBEGIN:VEVENT\r\nUID:a@b\r\n\
        DTSTAMP:20261101T120000Z\r\nSUMMARY:Konsert\r\nDTSTART:20270601T160000Z\r\nEND:VEVENT\r\n\
        END:VCALENDAR\r\n";
    let file = program.write("a.ics", calendar);
    let file = file.to_str().unwrap();
    let serving = program.serve(&config);
    program.run(&["import", file]).ok();
    let unanswered = receiver.next();
    serving.signal("KILL");
    drop(serving.ended());
    receiver.answer(|_| status(200));
    let serving = program.serve(&config);
    let sent = receiver.next();
    assert_eq!(said(&sent), says("event.created", "Konsert"));
    assert_eq!(sent.header("webhook-id"), unanswered.header("webhook-id"));
    let (ended, _) = serving.stop();
    assert!(ended.success());
    // Once accepted and recorded, it is not sent again.
    let rest = receiver.rest();
    assert!(rest.iter().all(|rest| rest.body == sent.body));
    let serving = program.serve(&config);
    program.run(&["webhook", "list"]).ok();
    serving.stop();
    assert!(receiver.rest().is_empty());
}

#[test]
fn webhooks_are_looked_after_at_the_command_line() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let made = program
        .run(&["webhook", "add", "https://example.org/hook"])
        .ok();
    let secret = made.out.split_ascii_whitespace().last().unwrap();
    assert!(secret.starts_with("whsec_"), "{}", made.out);
    let list = program.run(&["--json", "webhook", "list"]).ok();
    assert!(!list.out.contains("whsec_"));
    let id = list.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let text = program.run(&["webhook", "list"]).ok().out;
    assert!(text.contains(&id) && text.contains("0 pending"), "{text}");
    program.run(&["webhook", "replay", &id]).ok();
    program.run(&["webhook", "remove", &id]).ok();
    let unknown = program.run(&["webhook", "remove", &id]).with_code(3);
    assert!(
        unknown.err.contains("there is no webhook"),
        "{}",
        unknown.err
    );
    program
        .run(&["webhook", "add", "ftp://example.org/"])
        .with_code(3);
    assert_eq!(program.run(&["webhook", "list"]).ok().out, "");
}

#[test]
fn a_message_after_a_restore_has_a_name_of_its_own() {
    let receiver = Receiver::start();
    let mut app = app(&[&receiver]);
    let key = {
        let venue = sender(&app, "venue");
        add(&app, &receiver);
        venue.put("1", &least()).with_status(201);
        venue.key
    };
    receiver.next();
    let backup = app.backup();
    let put = |app: &TestServer, text: &str| {
        let mut concert = least();
        concert["summary"] = json!({ "nb": text });
        let bearer = format!("Bearer {key}");
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
        ];
        let path = "/api/v1/partner/events/1";
        super::sender::send(
            app,
            reqwest::Method::PUT,
            path,
            &headers,
            concert.to_string(),
        )
        .ok();
        receiver.next_where(|receiver| receiver.json()["data"]["summary"]["nb"] == text)
    };
    let lost = put(&app, "Tapt");
    app.restore(&backup);
    let alive = put(&app, "Lever");
    // The commit has the number of the lost one; receivers deduplicate by message id.
    assert_ne!(alive.header("webhook-id"), lost.header("webhook-id"));
}

#[test]
fn each_message_says_when_it_was_sent() {
    let (release, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let receiver = Receiver::answering(move |_| {
        // Waits for the test to release it; immediate afterwards.
        let _ = held.lock().unwrap().recv();
        status(200)
    });
    let app = app(&[&receiver]);
    add(&app, &receiver);
    // One more than the concurrency limit.
    let titles = ["En", "To", "Tre", "Fire", "Fem"];
    let records = titles.map(|title| {
        let saved = event(title).on("2027-06-01T18:00").drafted().save(&app);
        let mut record = saved.record();
        record.publication = calendar_domain::Publication::Published;
        record.into()
    });
    app.commit(records.into());
    let first = receiver.next();
    (1..4).for_each(|_| drop(receiver.next()));
    app.wait(TimeDelta::minutes(10));
    drop(release);
    let second = receiver.next();
    let time = |sent: &Sent| sent.header("webhook-timestamp").parse::<i64>().unwrap();
    // Receivers refuse messages with a timestamp older than five minutes.
    assert_eq!(time(&second) - time(&first), 600);
}

#[test]
fn as_many_messages_are_under_way_to_one_receiver_as_are_configured_and_never_two_of_one_event() {
    let (under_way, most) = (
        Arc::new(Mutex::new(Vec::new())),
        Arc::new(AtomicUsize::new(0)),
    );
    let (all, seen) = (Arc::clone(&under_way), Arc::clone(&most));
    let receiver = Receiver::answering(move |sent| {
        let id = sent.json()["data"]["id"].as_str().unwrap().to_owned();
        let now = {
            let mut all = all.lock().unwrap();
            assert!(!all.contains(&id), "two of {id} at once");
            all.push(id.clone());
            all.len()
        };
        seen.fetch_max(now, Ordering::Relaxed);
        // Waits for the maximum number of concurrent messages, or a timeout.
        let begun = std::time::Instant::now();
        while seen.load(Ordering::Relaxed) < 4 && begun.elapsed().as_secs() < 3 {
            std::thread::yield_now();
        }
        all.lock().unwrap().retain(|item| *item != id);
        status(200)
    });
    let app = app(&[&receiver]);
    add(&app, &receiver);
    let records = (0..12).map(|number| {
        let title = format!("Konsert {number}");
        let saved = event(&title).on("2027-06-01T18:00").drafted().save(&app);
        let mut record = saved.record();
        record.publication = calendar_domain::Publication::Published;
        record.into()
    });
    let records = records.collect();
    app.commit(records);
    let mut titles: Vec<String> = (0..12).map(|_| said(&receiver.next()).1).collect();
    titles.sort();
    titles.dedup();
    assert_eq!((titles.len(), most.load(Ordering::Relaxed)), (12, 4));
}

#[test]
fn a_message_that_was_answered_with_more_than_anybody_reads_was_delivered() {
    let receiver = Receiver::answering(|_| (200, Vec::new(), "x".repeat(3 << 20)));
    let mut app = app(&[&receiver]);
    let webhook = add(&app, &receiver);
    event("Konsert").on("2027-06-01T18:00").save(&app);
    receiver.next();
    event("Neste").on("2027-06-01T18:00").save(&app);
    assert_eq!(said(&receiver.next()).1, "Neste");
    app.restart();
    assert!(kept(&app, &webhook.id).progress.waiting.is_empty());
    assert!(receiver.rest().is_empty());
}

#[test]
fn a_webhook_that_moved_with_all_records_is_told_of_what_changes_from_then_on() {
    let receiver = Receiver::start();
    let host = receiver.host();
    let settings = format!("[default.calendar.sync]\nallow_private = [\"{host}\"]\n");
    let (old, new) = (Program::new(), Program::new());
    let import = |program: &Program, title: &str| {
        let event = format!("UID:{title}@b|SUMMARY:{title}|DTSTART:20270601T160000Z");
        let file = crate::support::importer::calendar_of(&[&event]);
        program.write("one.ics", file);
        program.run(&["import", "one.ics"]).ok();
    };
    for number in 0..6 {
        import(&old, &format!("Gammel {number}"));
    }
    old.run(&["webhook", "add", &receiver.url("/hook")]).ok();
    let lines = old.run(&["export", "--format", "ndjson"]).ok().out;
    new.write("all.ndjson", lines);
    new.run(&["import", "all.ndjson"]).ok();
    new.write("settings.toml", settings);
    let serving = new.serve(&["--config", "settings.toml"]);
    import(&new, "Ny");
    assert_eq!(said(&receiver.next()), says("event.created", "Ny"));
    // Importing the same file again continues the webhook at its position.
    new.run(&["import", "all.ndjson"]).ok();
    import(&new, "Nyere");
    assert_eq!(said(&receiver.next()), says("event.created", "Nyere"));
    assert!(serving.stop().0.success());
    assert!(receiver.rest().is_empty());
}

#[test]
fn a_webhook_that_is_ahead_of_the_calendar_goes_on_from_the_present() {
    let receiver = Receiver::start();
    let mut app = app(&[&receiver]);
    let mut webhook = add(&app, &receiver);
    // As left by an earlier version when its store was moved.
    webhook.progress.commit = 1_000_000;
    app.commit(vec![webhook.clone().into()]);
    app.restart();
    until(&app, &webhook.id, |receiver| {
        receiver.progress.commit < 1_000_000
    });
    event("Konsert").on("2027-06-01T18:00").save(&app);
    assert_eq!(said(&receiver.next()), says("event.created", "Konsert"));
}
