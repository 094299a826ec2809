//! The examples of the documentation.

use std::fs;
use std::path::Path;

use crate::support::Program;

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// Parses a line `NAME=VALUE`, quoted as for a shell or systemd.
fn variable(line: &str) -> (&'static str, String) {
    let line = line.trim().trim_matches('\'');
    let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
    // Leaked, since the builder takes static names. System folders may not be accessible.
    let value = value.trim_matches('\'').replace("sled:/var/lib/", "sled:");
    (String::leak(name.to_owned()), value)
}

#[test]
fn what_the_units_environment_file_sets_leaves_the_units_store_and_log_as_they_are() {
    let unit = document("docs/operating/elverum-calendar.service");
    let own = unit
        .lines()
        .filter_map(|line| line.strip_prefix("Environment="));
    let mut variables: Vec<_> = own.map(variable).collect();
    assert!(!variables.is_empty());
    // The environment-file line that the unit gives as an example; with systemd it overrides the unit's.
    let example = unit
        .lines()
        .find_map(|line| line.strip_prefix("#     ROCKET_"));
    let example = example.expect("the unit has an example of its environment file");
    let example = variable(&format!("ROCKET_{example}"));
    variables.retain(|(name, _)| *name != example.0);
    variables.push(example);
    let program = Program::new().with_environment(variables);
    let report = program
        .run_bare(&["--json", "serve", "--check"])
        .ok()
        .json();
    assert_eq!(report["store"], "sled:elverum-calendar/store");
    assert_eq!(report["settings"]["calendar.log"]["value"], "json");
    assert_eq!(report["base_url"], "https://kalender.example.no/");
}

#[test]
fn the_container_is_told_its_public_address_and_keeps_its_own_settings() {
    let file = document("docs/operating/Containerfile");
    let own = file
        .lines()
        .find_map(|line| line.strip_prefix("ENV "))
        .unwrap();
    let mut variables: Vec<_> = own.split(' ').map(variable).collect();
    let given = file
        .lines()
        .find_map(|line| line.split_once("-e ROCKET_"))
        .expect("an example with -e");
    let given = given.1.rsplit_once(' ').map_or(given.1, |(value, _)| value);
    let given = variable(&format!("ROCKET_{given}"));
    let program = Program::new().with_environment(variables.clone());
    let ended = program.run_bare(&["serve", "--check"]).with_code(3);
    assert!(
        ended.err.contains("ROCKET_CALENDAR__BASE_URL"),
        "{}",
        ended.err
    );
    variables.retain(|(name, _)| *name != given.0);
    variables.push(given);
    let program = Program::new().with_environment(variables);
    let report = program
        .run_bare(&["--json", "serve", "--check"])
        .ok()
        .json();
    assert_eq!(report["store"], "sled:calendar/store");
    assert_eq!(report["settings"]["calendar.log"]["value"], "json");
    assert_eq!(
        (&report["address"], &report["base_url"]),
        (&"0.0.0.0".into(), &"https://kalender.example.no/".into())
    );
}

#[test]
fn the_readmes_way_to_listen_for_everyone_is_right() {
    let readme = document("README.md");
    let line = readme
        .lines()
        .find(|line| line.contains("--address 0.0.0.0"))
        .unwrap();
    let (settings, _) = line.trim().split_once(" elverum-calendar ").unwrap();
    let program = Program::new().with_environment([variable(settings)]);
    let report = program
        .run(&["--json", "serve", "--check", "--address", "0.0.0.0"])
        .ok()
        .json();
    assert_eq!(report["base_url"], "https://kalender.example.no/");
}
