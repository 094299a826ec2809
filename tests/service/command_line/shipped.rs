//! The settings and data files that are compiled into the program.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use crate::support::Program;
use crate::support::importer::calendar_of;

const CONCERT: &str = "UID:a|SUMMARY:Konsert|DTSTART:20270601T160000Z";

/// Returns the names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entries| entries.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

#[test]
fn a_start_in_an_empty_folder_serves_the_shipped_region_and_says_so() {
    let program = Program::new().without_data();
    let serving = program.serve_bare(&[]);
    let page = String::from_utf8(serving.get("/")).unwrap();
    assert!(page.contains("Elverumskalenderen"), "{page}");
    assert!(serving.stop().0.success());
    let log = fs::read_to_string(program.path("log")).unwrap();
    let note = "no Rocket.toml and no folder data: settings and the region's files are compiled into \
                the program; `elverum-calendar init DIR` writes them to files";
    assert!(log.contains(note), "{log}");
    assert_eq!(names(&program.path("")), ["log", "var"]);
    let check = program
        .run_bare(&["serve", "--check", "--json"])
        .ok()
        .json();
    assert!(check["data"].is_null(), "{check:#}");
}

#[test]
fn a_folder_of_data_files_takes_precedence_and_a_named_one_must_exist() {
    let program = Program::new().without_data();
    program.data_with("region.toml", "Elverumskalenderen", "Skogkalenderen");
    let serving = program.serve_bare(&[]);
    let page = String::from_utf8(serving.get("/")).unwrap();
    assert!(page.contains("Skogkalenderen"), "{page}");
    assert!(serving.stop().0.success());
    let log = fs::read_to_string(program.path("log")).unwrap();
    assert!(log.contains("no Rocket.toml: the settings are"), "{log}");

    let program = Program::new().without_data();
    let named = program
        .run_bare(&["seed", "--data", "nowhere"])
        .with_code(3);
    assert!(named.err.contains("nowhere/region.toml"), "{}", named.err);
    program.write("Rocket.toml", "[default.calendar]\ndata = \"data\"\n");
    let set = program.run_bare(&["serve", "--check"]).with_code(3);
    assert!(set.err.contains("data/region.toml"), "{}", set.err);
    program.write("Rocket.toml", "[default]\nport = 8123\n");
    let own = program.run_bare(&["serve", "--check"]).ok().out;
    assert!(
        own.contains(":8123") && own.contains("the program's built-in files"),
        "{own}"
    );
}

#[test]
fn init_writes_a_start_for_a_region_of_its_own() {
    let program = Program::new().without_data().with_open_umask();
    let made = program.run_bare(&["init", "own", "--json"]).ok().json();
    assert_eq!(made["folder"], "own");
    assert_eq!(made["files"].as_array().unwrap().len(), 9);
    let own = program.path("own");
    assert_eq!(names(&own), ["Rocket.toml", "data"]);
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_eq!(names(&own.join("data")), names(&shipped.join("data")));
    for name in made["files"].as_array().unwrap() {
        let file = own.join(name.as_str().unwrap());
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
        let text = fs::read_to_string(&file).unwrap();
        let original = fs::read_to_string(shipped.join(name.as_str().unwrap())).unwrap();
        let differing = text
            .lines()
            .zip(original.lines())
            .filter(|(own, shipped)| own != shipped);
        let differing: Vec<_> = differing.map(|(own, _)| own).collect();
        if name == "data/region.toml" {
            let namespace = made["uid_namespace"].as_str().unwrap();
            assert_eq!(differing, [format!("uid_namespace = \"{namespace}\"")]);
        } else {
            assert!(differing.is_empty(), "{name}: {differing:?}");
        }
    }
    let other = program.run_bare(&["init", "other", "--json"]).ok().json();
    assert_ne!(made["uid_namespace"], other["uid_namespace"]);

    let here = Program::new().without_data();
    here.run_bare(&["init", "."]).ok();
    let serving = here.serve_bare(&[]);
    serving.get("/");
    assert!(serving.stop().0.success());
    let log = fs::read_to_string(here.path("log")).unwrap();
    assert!(!log.contains("compiled into the program"), "{log}");
}

#[test]
fn init_refuses_what_is_not_an_empty_folder_and_leaves_it_alone() {
    let program = Program::new().without_data();
    program.write("spring.ics", "");
    symlink("nowhere", program.path("dangling")).unwrap();
    fs::create_dir(program.path("full")).unwrap();
    program.write("full/note", "");
    let before = names(&program.path(""));
    for (folder, says) in [
        (".", "is not empty"),
        ("full", "is not empty"),
        ("spring.ics", "spring.ics cannot be written"),
        ("dangling", "dangling cannot be written"),
    ] {
        let refused = program.run_bare(&["init", folder]).with_code(3);
        assert!(refused.err.contains(says), "{folder}: {}", refused.err);
        assert_eq!(refused.out, "", "{folder}");
    }
    assert_eq!(names(&program.path("")), before);
    assert_eq!(names(&program.path("full")), ["note"]);
}

#[test]
fn a_store_of_another_region_never_gets_the_shipped_files() {
    let program = Program::new().without_data();
    program.run_bare(&["init", "own"]).ok();
    let own = program.path("own/data");
    program.run(&["seed", "--data", own.to_str().unwrap()]).ok();
    let before = program
        .run(&["export", "--data", own.to_str().unwrap()])
        .ok()
        .out;
    for command in ["seed", "export", "serve"] {
        let refused = program.run(&[command, "--json"]).with_code(3);
        assert!(
            refused.err.contains("uid_namespace"),
            "{command}: {}",
            refused.err
        );
        assert!(
            refused.err.contains("--data DIR"),
            "{command}: {}",
            refused.err
        );
    }
    let after = program
        .run(&["export", "--data", own.to_str().unwrap()])
        .ok()
        .out;
    assert_eq!(after, before);
}

#[test]
fn files_are_checked_and_calendars_detected_without_data_settings_or_store() {
    let calendar = Program::new();
    // The events of a calendar with our own `uid_namespace` would be taken for ours.
    let region = calendar.data_with("region.toml", "367ae21f-", "467ae21f-");
    let region = ["--data", region.to_str().unwrap()];
    let serving = calendar.serve(&region);
    let allowed = format!("[\"{}\"]", serving.host());
    let program = Program::new()
        .without_data()
        .with_environment([("ROCKET_CALENDAR__SYNC__ALLOW_PRIVATE", allowed)]);
    program.write("spring.ics", calendar_of(&[CONCERT]));
    program.run_bare(&["ics", "check", "spring.ics"]).ok();
    let window = ["--from", "2027-06-01", "--to", "2027-07-01"];
    let listed = [&["ics", "occurrences", "spring.ics"], &window[..]].concat();
    let listed = program.run_bare(&listed).ok().json();
    assert_eq!(listed["uid"], "a");
    let feed = format!("{}/feeds/all.ics", serving.address);
    program.run_bare(&["ics", "check", &feed]).ok();
    let found = program
        .run_bare(&["sync", "--detect", &feed, "--json"])
        .ok();
    assert_eq!(found.json()["connector"], "ics");
    assert!(!found.json()["events"].as_array().unwrap().is_empty());
    assert_eq!(found.err, "");
    assert_eq!(names(&program.path("")), ["spring.ics"]);
}
