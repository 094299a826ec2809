//! Creation of stores, and detection of lost ones.

use std::fs;

use crate::importing::CONCERT;
use crate::support::Program;
use crate::support::importer::calendar_of;
use crate::support::program::Serving;

/// Asserts that a server responds and stops cleanly.
#[track_caller]
fn starts_and_stops(serving: Serving) {
    serving.get("/health/live");
    assert!(serving.stop().0.success());
}

#[test]
fn only_serve_import_and_seed_make_a_store_and_say_so() {
    let program = Program::new();
    let never: &[&[&str]] = &[
        &["export"],
        &["export", "--format", "ndjson"],
        &["sync"],
        &["sync", "runs"],
        &["partner", "list"],
        &["partner", "add", "kino", "--kind", "interface"],
        &["partner", "key", "--review"],
        &["webhook", "list"],
        &["webhook", "add", "https://hook.example/"],
        &["backup", "none.backup"],
        &["store", "check", "sled:typo/store"],
        &["store", "salvage", "sled:typo/store"],
    ];
    for arguments in never {
        let typo = [&["--store", "sled:typo/store"], *arguments].concat();
        let refused = program.run_bare(&typo).with_code(3);
        let said = &refused.err;
        assert!(said.contains("typo/store"), "{arguments:?}: {said}");
        assert!(said.contains("there is no store"), "{arguments:?}: {said}");
        assert!(said.contains("seed"), "{arguments:?}: {said}");
        assert_eq!(refused.out, "", "{arguments:?}");
        assert!(!program.path("typo").exists(), "{arguments:?}");
    }
    assert!(!program.path("none.backup").exists());
    program.write("spring.ics", calendar_of(&[CONCERT]));
    for (name, arguments) in [("a", &["seed"][..]), ("b", &["import", "spring.ics"])] {
        let url = format!("sled:{name}");
        let made = program
            .run_bare(&[&["--store", &url], arguments].concat())
            .ok();
        let said = format!(
            "created a new store at {}",
            program.path(name).canonicalize().unwrap().display()
        );
        assert!(made.err.contains(&said), "{}", made.err);
        let again = program
            .run_bare(&[&["--store", &url], arguments].concat())
            .ok();
        assert!(!again.err.contains("created"), "{}", again.err);
    }
    starts_and_stops(program.serve(&[]));
    let log = fs::read_to_string(program.path("log")).unwrap();
    assert!(log.contains("created a new store at"), "{log}");
}

#[test]
fn where_a_store_was_and_is_gone_an_empty_calendar_starts_only_when_told_so() {
    let program = Program::new();
    program.write("spring.ics", calendar_of(&[CONCERT]));
    program.run(&["import", "spring.ics"]).ok();
    let whole = program.run(&["export"]).ok().out;
    let (store, volume) = (program.path("store"), program.path("volume"));
    // The volume is not mounted: its mount point is empty.
    fs::rename(&store, &volume).unwrap();
    let gone: [&dyn Fn(); 2] = [&|| {}, &|| fs::create_dir(&store).unwrap()];
    for make in gone {
        make();
        for arguments in [
            &["seed"][..],
            &["import", "spring.ics"],
            &["serve", "--port", "0"],
            &["--port", "0"],
        ] {
            let refused = program.run(arguments).with_code(3);
            assert!(refused.err.contains("--new"), "{}", refused.err);
            assert!(refused.err.contains("store"), "{}", refused.err);
            assert!(!store.join("journal").exists());
        }
    }
    // It is mounted again.
    fs::remove_dir(&store).unwrap();
    fs::rename(&volume, &store).unwrap();
    assert_eq!(program.run(&["export"]).ok().out, whole);
    // The records are gone, while other files of the store remain.
    fs::remove_file(program.path("store.created")).unwrap();
    for entry in fs::read_dir(&store).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name == "journal" || name.starts_with("sled-") {
            fs::remove_dir_all(path).unwrap();
        }
    }
    fs::create_dir_all(store.join("replaced-1")).unwrap();
    program.run(&["seed"]).with_code(3);
    let anew = program.run(&["seed", "--new"]).ok();
    assert!(anew.err.contains("created a new store"), "{}", anew.err);
    assert!(
        !program
            .run(&["export"])
            .ok()
            .out
            .contains("konsert-1@band.example")
    );
    // For an existing store, the option only gives a warning.
    let again = program.run(&["import", "--new", "spring.ics"]).ok();
    assert!(again.err.contains("--new"), "{}", again.err);
    starts_and_stops(program.serve(&["--new"]));
}

#[test]
fn a_store_that_the_settings_require_is_never_made_unless_told_so() {
    let program = Program::new();
    let settings = program.write(
        "settings.toml",
        "[default.calendar]\nrequire_store = true\n",
    );
    let settings = ["--config", settings.to_str().unwrap()];
    let run = |arguments: &[&str]| program.run(&[&settings[..], arguments].concat());
    let refused = run(&["serve", "--port", "0"]).with_code(3);
    assert!(refused.err.contains("require_store"), "{}", refused.err);
    assert!(refused.err.contains("--new"), "{}", refused.err);
    assert!(!program.path("store").exists());
    run(&["seed", "--new"]).ok();
    run(&["export"]).ok();
    starts_and_stops(program.serve(&settings));
}

#[test]
fn an_import_of_what_is_not_there_makes_no_store() {
    let program = Program::new();
    std::fs::create_dir(program.path("folder")).unwrap();
    for named in ["nowhere.ics", "folder"] {
        let ended = program.run(&["import", named]).with_code(3);
        assert!(ended.err.contains(named), "{}", ended.err);
        assert!(!program.path("store").exists(), "{named}");
    }
}
