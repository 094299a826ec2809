//! `alerts.yml` and `grafana.json` in `docs/operating/`, against Prometheus and the running program.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::promtool;
use crate::outgo::receiver::Receiver;
use crate::support::Program;
use crate::support::importer::calendar_of;
use crate::support::program::Serving;
use crate::support::readers::project;

const PATIENCE: Duration = Duration::from_secs(60);

fn file(name: &str) -> String {
    let path = project().join("docs/operating").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rule_tests() -> String {
    let path = project().join("tests/service/monitoring/alerts_test.yml");
    path.to_str().unwrap().to_owned()
}

/// Returns the metrics named in a text: words that start with `calendar_`.
fn metrics_in(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let words = text.split(|c: char| !is_part(c));
    let named = words.filter(|word| word.starts_with("calendar_"));
    named.map(str::to_owned).collect()
}

/// Returns the queries of the dashboard with its variables substituted.
fn queries(dashboard: &Value) -> Vec<String> {
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.flat_map(|panel| panel["targets"].as_array().into_iter().flatten());
    let queries = targets.map(|target| target["expr"].as_str().unwrap());
    let filled = |query: &str| {
        let query = query.replace("$__rate_interval", "5m");
        query.replace("$instance", ".*")
    };
    queries.map(filled).collect()
}

/// Starts a calendar with a value in each metric: a backup, a partner's response.
fn busy_calendar(program: &Program, partner: &Receiver) -> Serving {
    let host = partner.host();
    let settings = format!(
        "[default.calendar.sync]\nallow_private = [\"{host}\"]\n\
         [default.calendar.backup]\nto = \"backups\"\n"
    );
    program.write("settings.toml", settings);
    let serving = program.serve(&["--config", "settings.toml"]);
    let url = partner.url("/calendar.ics");
    let add = ["partner", "add", "kino", "--kind", "ics", "--url", &url];
    program.run(&add).ok();
    program.run(&["sync", "kino"]).ok();
    serving.get("/feeds/all.ics");
    let began = Instant::now();
    while !metrics(&serving).contains("\ncalendar_backup_last_attempt_succeeded 1\n") {
        assert!(began.elapsed() < PATIENCE, "{}", metrics(&serving));
        std::thread::sleep(Duration::from_millis(50));
    }
    serving
}

fn metrics(serving: &Serving) -> String {
    String::from_utf8(serving.get("/metrics")).unwrap()
}

#[test]
fn prometheus_takes_the_alert_rules_and_each_fires_at_its_fault_alone() {
    let rules = project().join("docs/operating/alerts.yml");
    promtool(&["check", "rules", rules.to_str().unwrap()]);
    promtool(&["test", "rules", &rule_tests()]);
}

#[test]
fn every_alert_has_a_test_and_says_what_to_do() {
    let (rules, tests) = (
        file("alerts.yml"),
        fs::read_to_string(rule_tests()).unwrap(),
    );
    let mut count = 0;
    for rule in rules.split("- alert: ").skip(1) {
        count += 1;
        let name = rule.lines().next().unwrap();
        assert!(tests.contains(&format!("alertname=\"{name}\"")), "{name}");
        for part in ["severity: ", "summary: ", "description: "] {
            assert!(rule.contains(part), "{name} has no {part}");
        }
    }
    assert!(count > 15, "{count} alerts");
}

#[test]
fn every_metric_that_alerts_and_dashboard_name_is_one_of_the_running_program() {
    let partner = Receiver::answering(|_| {
        let kind = ("Content-Type", "text/calendar".to_owned());
        let event = "UID:p|SUMMARY:Kino|DTSTART:20270601T160000Z";
        (200, vec![kind], calendar_of(&[event]))
    });
    let program = Program::new();
    let serving = busy_calendar(&program, &partner);
    let metrics = metrics(&serving);
    let samples = metrics.lines().filter(|line| !line.starts_with('#'));
    let known: BTreeSet<&str> = samples
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    let dashboard: Value = serde_json::from_str(&file("grafana.json")).unwrap();
    let named = [
        metrics_in(&file("alerts.yml")),
        metrics_in(&queries(&dashboard).join("\n")),
    ];
    for metrics in named {
        assert!(metrics.len() > 15, "{metrics:?}");
        for metric in metrics {
            assert!(known.contains(&*metric), "{metric}: {known:?}");
        }
    }
    is_well_formed(&metrics);
}

/// Asserts that promtool accepts the metrics.
#[track_caller]
fn is_well_formed(metrics: &str) {
    use std::io::Write as _;
    let mut child = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("tests/run installs promtool");
    let mut input = child.stdin.take().unwrap();
    input.write_all(metrics.as_bytes()).unwrap();
    drop(input);
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8([ended.stdout, ended.stderr].concat()).unwrap();
    assert!(ended.status.success(), "{said}");
}

#[test]
fn the_dashboard_is_whole_and_prometheus_understands_its_queries() {
    let dashboard: Value = serde_json::from_str(&file("grafana.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let mut ids = BTreeSet::new();
    let mut taken = BTreeSet::new();
    for panel in panels {
        let title = panel["title"].as_str().unwrap();
        assert!(!title.is_empty() && ids.insert(panel["id"].as_u64().unwrap()));
        let place = |name: &str| panel["gridPos"][name].as_u64().unwrap();
        for x in place("x")..place("x") + place("w") {
            for y in place("y")..place("y") + place("h") {
                assert!(x < 24 && taken.insert((x, y)), "{title} lies over another");
            }
        }
        if panel["type"] != "row" {
            assert!(!panel["targets"].as_array().unwrap().is_empty(), "{title}");
            assert!(panel["description"].is_string(), "{title}");
        }
    }
    let rules: String = queries(&dashboard)
        .iter()
        .enumerate()
        .map(|(number, query)| {
            let query = serde_json::to_string(query).unwrap();
            format!("  - record: query_{number}\n    expr: {query}\n")
        })
        .collect();
    let program = Program::new();
    let rules = format!("groups:\n- name: dashboard\n  rules:\n{rules}");
    let rules = program.write("queries.yml", rules);
    promtool(&["check", "rules", rules.to_str().unwrap()]);
}
