//! Metrics: backups, keys, statuses, time zones.

use std::fs;
use std::time::{Duration, Instant};

use calendar_domain::{KeyScope, zone_database};
use chrono::TimeDelta;
use elverum_calendar::ingest::access::{keys_of, make_key, revoke_key};
use reqwest::Method;

use crate::outgo::sender::{least, send, sender};
use crate::support::bucket::Bucket;
use crate::support::program::Serving;
use crate::support::{Program, TestServer};

const EVENTS: &str = "/api/v1/partner/events";
const PATIENCE: Duration = Duration::from_secs(60);

fn value(metrics: &str, name: &str) -> Option<f64> {
    let mut lines = metrics.lines();
    let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    Some(value.parse().unwrap())
}

/// Returns the number of responses with a status, on all routes.
fn answers(metrics: &str, status: &str) -> f64 {
    let label = format!("status=\"{status}\"}} ");
    let counts = metrics.lines().filter_map(|line| line.split_once(&label));
    counts.map(|(_, count)| count.parse::<f64>().unwrap()).sum()
}

#[test]
fn each_status_that_a_partner_is_answered_with_is_counted_as_its_own() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let (review, _) = make_key(app.calendar(), KeyScope::Review).unwrap();
    let bearer = format!("Bearer {review}");
    let event = least().to_string();
    let path = format!("{EVENTS}/1");
    venue.put("1", &least()).with_status(201);
    send(&app, Method::GET, &path, &[], "").with_status(401);
    let other = [("Authorization", bearer.as_str())];
    send(&app, Method::GET, &path, &other, "").with_status(403);
    venue.get("none").with_status(404);
    let stale = [("If-Match", "\"none\"")];
    let stale = venue.with(Method::PUT, "/1", &stale, event.as_str());
    stale.with_status(412);
    let large = "x".repeat(300 * 1024);
    venue.with(Method::PUT, "/1", &[], large).with_status(413);
    let key = format!("Bearer {}", venue.key);
    let text = [
        ("Authorization", key.as_str()),
        ("Content-Type", "text/plain"),
    ];
    send(&app, Method::PUT, &path, &text, event.as_str()).with_status(415);
    venue.put("1", &serde_json::json!({})).with_status(422);
    let metrics = app.visitor().get("/metrics").ok().text().to_owned();
    for status in ["201", "401", "403", "404", "412", "413", "415", "422"] {
        assert_eq!(answers(&metrics, status), 1.0, "{status}: {metrics}");
    }
    assert_eq!(answers(&metrics, "other"), 0.0);
}

#[test]
fn refused_keys_are_counted_by_why_they_were_refused() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let count = |reason: &str| {
        let metrics = app.visitor().get("/metrics").ok().text().to_owned();
        let name = format!("calendar_keys_refused_total{{reason=\"{reason}\"}}");
        value(&metrics, &name).unwrap_or_else(|| panic!("{name}: {metrics}"))
    };
    let counts = || ["unknown", "revoked", "scope"].map(count);
    venue.get("1").with_status(404);
    // A missing key is not a wrong one.
    send(&app, Method::GET, &format!("{EVENTS}/1"), &[], "").with_status(401);
    assert_eq!(counts(), [0.0, 0.0, 0.0]);
    let ask = |key: &str, status: u16| {
        let bearer = format!("Bearer {key}");
        let headers = [("Authorization", bearer.as_str())];
        send(&app, Method::GET, &format!("{EVENTS}/1"), &headers, "").with_status(status);
    };
    let end = if venue.key.ends_with('0') { "1" } else { "0" };
    let wrong_secret = format!("{}{end}", &venue.key[..venue.key.len() - 1]);
    ask("nonsense", 401);
    ask(&wrong_secret, 401);
    assert_eq!(counts(), [2.0, 0.0, 0.0]);
    let (review, _) = make_key(app.calendar(), KeyScope::Review).unwrap();
    ask(&review, 403);
    assert_eq!(counts(), [2.0, 0.0, 1.0]);
    let known = keys_of(app.calendar(), &"venue".parse().unwrap()).unwrap();
    revoke_key(app.calendar(), &known[0].id).unwrap();
    ask(&venue.key, 401);
    // Without the secret, revocation is not disclosed and not counted as such.
    ask(&wrong_secret, 401);
    assert_eq!(counts(), [3.0, 1.0, 1.0]);
}

#[test]
fn metrics_tell_of_a_time_zone_database_that_is_more_than_a_year_old() {
    let version = zone_database::VERSION;
    let year: i32 = version[..4].parse().unwrap();
    let app = TestServer::builder()
        .at(&format!("{year}-12-31T12:00"))
        .start();
    let metrics = || app.visitor().get("/metrics").ok().text().to_owned();
    let info = format!("calendar_time_zone_database_info{{version=\"{version}\"}}");
    let outdated = "calendar_time_zone_database_outdated";
    assert_eq!(value(&metrics(), &info), Some(1.0));
    assert_eq!(value(&metrics(), outdated), Some(0.0));
    app.wait(TimeDelta::days(2 * 366));
    assert_eq!(value(&metrics(), outdated), Some(1.0));
}

#[test]
fn the_version_of_the_time_zones_is_told_and_an_old_one_is_warned_of_at_the_start() {
    let program = Program::new();
    let version = program.run(&["--version"]).ok().out;
    let zones = format!("time zones: IANA {}", zone_database::VERSION);
    assert!(version.starts_with("elverum-calendar 0."), "{version}");
    assert!(version.lines().any(|line| line == zones), "{version}");
    assert_eq!(program.run(&["-V"]).ok().out.lines().count(), 1);
    let serving = program.serve(&[]);
    let metrics = String::from_utf8(serving.get("/metrics")).unwrap();
    assert!(serving.stop().0.success());
    let log = fs::read_to_string(program.path("log")).unwrap();
    let is_outdated = value(&metrics, "calendar_time_zone_database_outdated") == Some(1.0);
    assert_eq!(log.contains("more than a year old"), is_outdated, "{log}");
}

/// Waits until a metric has a value.
#[track_caller]
fn until(serving: &Serving, name: &str, wanted: f64) -> String {
    let began = Instant::now();
    loop {
        let metrics = String::from_utf8(serving.get("/metrics")).unwrap();
        if value(&metrics, name) == Some(wanted) {
            return metrics;
        }
        assert!(began.elapsed() < PATIENCE, "{name}: {metrics}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn metrics_tell_when_the_last_backup_was_made_and_how_large_it_is_after_a_restart_too() {
    let program = Program::new();
    let settings = "[default.calendar.backup]\nto = \"backups\"\nevery_hours = 12\n";
    program.write("settings.toml", settings);
    let serve = || program.serve(&["--config", "settings.toml"]);
    let serving = serve();
    let metrics = until(&serving, "calendar_backup_last_attempt_succeeded", 1.0);
    let at = |metrics: &str| {
        let names = ["last_success", "last_attempt"];
        names.map(|names| {
            value(
                metrics,
                &format!("calendar_backup_{names}_timestamp_seconds"),
            )
        })
    };
    let now = chrono::Utc::now().timestamp() as f64;
    let [success, attempt] = at(&metrics);
    assert!((now - success.unwrap()).abs() < 600.0 && success == attempt);
    assert_eq!(
        value(&metrics, "calendar_backup_interval_seconds"),
        Some(43_200.0)
    );
    assert_eq!(value(&metrics, "calendar_backup_failures_total"), Some(0.0));
    let file = fs::read_dir(program.path("backups")).unwrap().next();
    let size = file.unwrap().unwrap().metadata().unwrap().len() as f64;
    let told = |metrics: &str| value(metrics, "calendar_backup_last_size_bytes");
    assert_eq!(told(&metrics), Some(size));
    assert!(serving.stop().0.success());

    let serving = serve();
    let metrics = until(&serving, "calendar_backup_last_size_bytes", size);
    assert_eq!(at(&metrics), [success, None], "none was tried since");
}

#[test]
fn metrics_tell_of_a_backup_that_fails_and_of_none_where_none_is_scheduled() {
    let bucket = Bucket::start();
    let program = Program::new()
        .with_environment(bucket.environment())
        .with_environment([("AWS_ACCESS_KEY_ID", "nobody".to_owned())]);
    let settings = "[default.calendar.backup]\nto = \"s3://calendar/kalender\"\n";
    program.write("settings.toml", settings);
    let serving = program.serve(&["--config", "settings.toml"]);
    let metrics = until(&serving, "calendar_backup_last_attempt_succeeded", 0.0);
    assert_eq!(value(&metrics, "calendar_backup_failures_total"), Some(1.0));
    let success = "calendar_backup_last_success_timestamp_seconds";
    assert_eq!(value(&metrics, success), None);
    assert!(serving.stop().0.success());
    let serving = program.serve(&[]);
    let metrics = until(&serving, "calendar_backup_interval_seconds", 0.0);
    let attempt = "calendar_backup_last_attempt_timestamp_seconds";
    assert_eq!(value(&metrics, attempt), None);
}
