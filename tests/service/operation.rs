//! Operation: health, metrics, shutdown on a signal, check of the configuration.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::{Program, TestServer, event};

fn figure(metrics: &str, name: &str) -> Option<f64> {
    let value = metrics
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    Some(value.parse().unwrap())
}

#[test]
fn figures_count_answers_commits_and_what_is_in_the_catalog() {
    let app = TestServer::builder().with_empty_region().start();
    let read = || app.visitor().get("/metrics").ok().text().to_owned();
    let before = read();
    for _ in 0..3 {
        app.visitor().get("/feeds/all.ics").ok();
        app.visitor().get("/nothing-here").with_status(404);
    }
    event("Sommerkonsert").on("2027-06-01T18:00").save(&app);
    let after = read();
    let commits = |text: &str| figure(text, "calendar_commits_total").unwrap();
    assert_eq!(commits(&after), commits(&before) + 1.0);
    assert_eq!(figure(&after, "calendar_catalog_events"), Some(1.0));
    assert_eq!(figure(&after, "calendar_store_writable"), Some(1.0));
    assert_eq!(
        figure(&after, "calendar_journal_sync_seconds_bucket{le=\"+Inf\"}"),
        figure(&after, "calendar_journal_sync_seconds_count"),
    );
    assert!(figure(&after, "calendar_journal_bytes").unwrap() > 1_000.0);
    let feeds = after.lines().find(|line| line.contains("/feeds/<"));
    assert!(feeds.unwrap().ends_with("status=\"200\"} 3"), "{feeds:?}");
    let count = |status: &str| -> f64 {
        let lines = after.lines().filter(|line| line.contains(status));
        let counts = lines.map(|line| line.rsplit_once(' ').unwrap().1.parse::<f64>().unwrap());
        counts.sum()
    };
    assert_eq!(count("status=\"404\""), 3.0);
}

#[test]
fn figures_have_the_form_that_prometheus_reads() {
    let app = TestServer::start();
    app.visitor().get("/").ok();
    let answer = app.visitor().get("/metrics").ok();
    assert!(answer.header("Content-Type").contains("version=0.0.4"));
    let mut named = std::collections::BTreeSet::new();
    for line in answer.text().lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(named.insert(name.to_owned()), "{name} twice");
        } else if !line.starts_with('#') {
            let (name, value) = line.rsplit_once(' ').unwrap();
            let name = name.split('{').next().unwrap();
            let _: f64 = value
                .parse()
                .unwrap_or_else(|error| panic!("{line}: {error}"));
            let of = |end: &str| named.contains(name.strip_suffix(end).unwrap_or(name));
            assert!(
                ["_bucket", "_sum", "_count"].iter().any(|end| of(end)),
                "{line}"
            );
        }
    }
    assert!(named.len() > 6, "{named:?}");
}

#[test]
fn each_signal_ends_the_server_in_time_and_what_runs_is_finished() {
    for signal in ["TERM", "INT"] {
        let program = Program::new();
        let serving = program.serve(&[]);
        let host = serving.host().to_owned();
        // A client with an unread response, one with an unfinished request, and an idle kept connection.
        let mut asked = TcpStream::connect(&host).unwrap();
        asked
            .write_all(b"GET /feeds/all.ics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut asking = TcpStream::connect(&host).unwrap();
        asking
            .write_all(b"GET /feeds/all.ics HTTP/1.1\r\nHo")
            .unwrap();
        let idle = TcpStream::connect(&host).unwrap();
        serving.get("/health/live");
        let began = Instant::now();
        serving.signal(signal);
        let mut answer = Vec::new();
        asked.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(
            answer.trim_end().ends_with("END:VCALENDAR"),
            "cut: {answer}"
        );
        let (status, _) = serving.ended();
        let took = began.elapsed();
        assert!(status.success(), "{signal}: {status}");
        assert!(took < Duration::from_secs(10), "{signal}: {took:?}");
        assert!(TcpStream::connect(&host).is_err(), "it listens on");
        drop((asking, idle));
        program.run(&["store", "check", "sled:store"]);
    }
}

#[test]
fn the_check_of_the_configuration_finds_what_would_stop_the_start_and_touches_nothing() {
    let program = Program::new();
    let told = program.run(&["serve", "--check"]).ok().out;
    assert!(told.contains("sled:store"), "{told}");
    assert!(!program.path("store").exists(), "it opens no store");
    for (settings, word) in [
        ("[default]\nport = \"many\"\n", "port"),
        ("[default.calendar.backup]\nkeep = 0\n", "backup.keep"),
        ("[default.calendar.sync]\nallow_private = [\"x\"]\n", "x"),
    ] {
        let file = program.write("settings.toml", settings);
        let file = file.to_str().unwrap();
        let ended = program.run(&["serve", "--check", "--config", file]);
        assert_eq!(ended.code, 3, "{settings}: {}", ended.out);
        assert!(ended.err.contains(word), "{settings}: {}", ended.err);
    }
    let data = program.data_with("region.toml", "number = \"3420\"", "number = \"34200\"");
    let wrong = ["--data", data.to_str().unwrap(), "serve", "--check"];
    let ended = program.run(&wrong).with_code(3);
    assert!(ended.err.contains("region.toml:"), "{}", ended.err);
}

#[test]
fn as_json_each_line_of_the_log_is_an_object_and_a_request_has_an_id() {
    let program = Program::new();
    let settings = program.write("settings.toml", "[default.calendar]\nlog = \"json\"\n");
    let serving = program.serve(&["--config", settings.to_str().unwrap()]);
    serving.get("/subscribe");
    assert!(serving.stop().0.success());
    let log = std::fs::read_to_string(program.path("log")).unwrap();
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let request = lines.iter().find(|line| line["path"] == "/subscribe");
    let request = request.expect("the request is in the log");
    assert!(request["id"].as_str().is_some_and(|id| !id.is_empty()));
    assert_eq!(request["status"], 200);
}

#[test]
fn the_unit_of_the_documentation_is_one_that_systemd_understands() {
    let unit = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/operating/elverum-calendar.service"
    );
    let verified = std::process::Command::new("systemd-analyze")
        .args(["verify", unit])
        .output();
    let verified = verified.expect("systemd-analyze runs; tests/run installs it");
    let said = String::from_utf8_lossy(&verified.stderr);
    let of_the_unit = said
        .lines()
        .filter(|line| line.contains("elverum-calendar"));
    let wrong: Vec<_> = of_the_unit
        .filter(|line| !line.contains("is not executable"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_template_unit_is_the_unit_with_a_folder_for_each_region() {
    let read = |name: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operating/");
        std::fs::read_to_string(format!("{folder}{name}")).unwrap()
    };
    let mut unit = read("elverum-calendar.service");
    for (from, to) in [
        ("/elverum-calendar.service", "/elverum-calendar@.service"),
        ("=Event calendar\n", "=Event calendar of %i\n"),
        ("/etc/elverum-calendar", "/etc/elverum-calendar/%i"),
        ("/var/lib/elverum-calendar", "/var/lib/elverum-calendar/%i"),
        (
            "/var/backups/elverum-calendar",
            "/var/backups/elverum-calendar/%i",
        ),
        (
            "StateDirectory=elverum-calendar",
            "StateDirectory=elverum-calendar/%i",
        ),
    ] {
        assert!(unit.contains(from), "the unit has no «{from}»");
        unit = unit.replace(from, to);
    }
    assert_eq!(read("elverum-calendar@.service"), unit);
}
