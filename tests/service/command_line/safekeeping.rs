//! `backup`, `restore`, and export of all records as NDJSON.

use std::fs;

use crate::support::Program;
use crate::support::bucket::Bucket;

#[test]
fn a_backup_of_the_running_server_restored_elsewhere_serves_the_same() {
    let program = Program::new();
    let serving = program.serve(&[]);
    let made = program.run(&["--json", "backup", "all.backup"]).ok().json();
    assert!(made["commit"].as_u64().unwrap() > 0, "{made}");
    assert!(serving.stop().0.success());
    let whole = program.run(&["export"]).ok().out;
    let check = program.run(&["store", "check", "all.backup"]).ok().out;
    assert!(check.contains("0 findings"), "{check}");

    let refused = program.run(&["restore", "all.backup"]).with_code(3);
    assert!(refused.err.contains("--replace"), "{}", refused.err);
    let elsewhere = ["--store", "sled:elsewhere"];
    let restored = [&elsewhere[..], &["--json", "restore", "all.backup"]].concat();
    let restored = program.run_bare(&restored).ok().json();
    assert_eq!(restored["commit"], made["commit"]);
    assert_eq!(restored["replaced"], serde_json::Value::Null);
    let export = [&elsewhere[..], &["export"]].concat();
    assert_eq!(program.run_bare(&export).ok().out, whole);

    let replaced = program
        .run(&["restore", "--replace", "all.backup"])
        .ok()
        .out;
    assert!(replaced.contains("replaced-1"), "{replaced}");
    assert_eq!(program.run(&["export"]).ok().out, whole);
}

#[test]
fn a_damaged_backup_is_told_and_restores_nothing() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    program.run(&["backup", "all.backup"]).ok();
    let file = program.path("all.backup");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let checked = program.run(&["store", "check", "all.backup"]).with_code(1);
    assert!(checked.out.contains("1 findings"), "{}", checked.out);
    let elsewhere = ["--store", "sled:elsewhere", "restore", "all.backup"];
    let refused = program.run_bare(&elsewhere).with_code(3);
    assert!(
        refused.err.contains("nothing has been changed"),
        "{}",
        refused.err
    );
    assert!(!program.path("elsewhere").exists());
}

#[test]
fn a_time_to_stop_at_is_understood_and_one_before_everything_is_refused() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    program.run(&["backup", "all.backup"]).ok();
    let to = [
        "--store",
        "sled:elsewhere",
        "restore",
        "all.backup",
        "--until",
    ];
    let early = [&to[..], &["2001-01-01T12:00:00+01:00"]].concat();
    let empty = program.run_bare(&early).ok().out;
    assert!(empty.contains("up to commit 0 of"), "{empty}");
    let wrong = [&to[..], &["yesterday"]].concat();
    program.run_bare(&wrong).with_code(2);
}

#[test]
fn everything_leaves_as_ndjson_and_comes_back_the_same() {
    let program = Program::new();
    let file =
        crate::support::importer::calendar_of(&["UID:a|SUMMARY:Konsert|DTSTART:20270601T160000Z"]);
    let file = program.write("one.ics", file);
    program.run(&["import", file.to_str().unwrap()]).ok();
    let lines = program.run(&["export", "--format", "ndjson"]).ok().out;
    assert!(lines.lines().count() > 50);
    for line in lines.lines() {
        let _: serde_json::Value = serde_json::from_str(line).unwrap();
    }
    let whole = program.run(&["export"]).ok().out;
    program.write("all.ndjson", &lines);

    let elsewhere = |arguments: &[&str]| {
        program.run_bare(&[&["--store", "sled:elsewhere"], arguments].concat())
    };
    let rehearsed = elsewhere(&["--json", "import", "all.ndjson", "--dry-run"])
        .ok()
        .json();
    let taken = elsewhere(&["--json", "import", "all.ndjson"]).ok().json();
    assert_eq!(
        taken["created"], rehearsed["created"],
        "the event and what it needs"
    );
    let commit = &taken["commit"];
    let again = elsewhere(&["--json", "import", "all.ndjson"]).ok().json();
    assert_eq!(
        (&again["created"], &again["updated"]),
        (&0.into(), &0.into())
    );
    assert_eq!(&again["commit"], commit);
    assert_eq!(elsewhere(&["export"]).ok().out, whole);
}

#[test]
fn a_line_that_is_no_record_is_named_and_the_rest_goes_through() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let lines = program.run(&["export", "--format", "ndjson"]).ok().out;
    let mut lines: Vec<&str> = lines.lines().collect();
    lines.insert(
        3,
        "{\"kind\":\"place\",\"record\":{\"slug\":\"Not a slug\"}}",
    );
    program.write("all.ndjson", lines.join("\n"));
    let ended = program.run(&["import", "all.ndjson"]).with_code(1);
    assert!(ended.out.contains("skipped: line 4"), "{}", ended.out);
    assert!(ended.out.contains("1 refused"), "{}", ended.out);
    let newer = lines[0].replace("\"version\":1", "\"version\":2");
    program.write("newer.ndjson", newer);
    let refused = program.run(&["import", "newer.ndjson"]).with_code(3);
    assert!(refused.err.contains("newer version"), "{}", refused.err);
}

#[test]
fn a_server_makes_backups_on_schedule() {
    let program = Program::new();
    let settings = "[default.calendar.backup]\nto = \"backups\"\nkeep = 2\n";
    let settings = program.write("settings.toml", settings);
    let serving = program.serve(&["--config", settings.to_str().unwrap()]);
    let made = || -> Option<std::path::PathBuf> {
        let entries = fs::read_dir(program.path("backups")).ok()?;
        let mut paths = entries.map(|entry| entry.unwrap().path());
        paths.find(|path| {
            path.extension()
                .is_some_and(|extension| extension == "backup")
        })
    };
    // The first backup starts immediately, beside the first requests.
    let tries = (0..5_000).find_map(|_| {
        serving.get("/health/live");
        made()
    });
    let file = tries.expect("a backup is made at the start");
    assert!(serving.stop().0.success());
    let check = program
        .run(&["store", "check", file.to_str().unwrap()])
        .ok();
    assert!(check.out.contains("0 findings"), "{}", check.out);
}

#[test]
fn backups_on_schedule_go_into_a_bucket_and_the_oldest_of_ours_goes() {
    let bucket = Bucket::start();
    for day in 1..=2 {
        bucket.put(
            &format!("kalender/calendar-2026110{day}T080000Z.backup"),
            b"old",
        );
    }
    bucket.put("kalender/notes.txt", b"somebody's");
    let program = Program::new().with_environment(bucket.environment());
    let settings = "[default.calendar.backup]\nto = \"s3://calendar/kalender\"\nkeep = 2\n";
    let settings = program.write("settings.toml", settings);
    let settings = ["--config", settings.to_str().unwrap()];
    program
        .run(&[&settings[..], &["serve", "--check"]].concat())
        .ok();
    let serving = program.serve(&settings);
    let is_gone = |name: &str| !bucket.objects().contains_key(name);
    let done = (0..5_000).any(|_| {
        serving.get("/health/live");
        is_gone("kalender/calendar-20261101T080000Z.backup")
    });
    let log = || fs::read_to_string(program.path("log")).unwrap();
    assert!(done, "{}", log());
    assert!(serving.stop().0.success());
    let objects = bucket.objects();
    assert_eq!(objects.len(), 3, "{:?}", objects.keys());
    assert!(objects.contains_key("kalender/notes.txt"));
    let newest = objects.keys().filter(|key| key.ends_with(".backup")).max();
    program.write("all.backup", &objects[newest.unwrap()]);
    let check = program.run(&["store", "check", "all.backup"]).ok();
    assert!(check.out.contains("0 findings"), "{}", check.out);
}

#[test]
fn backups_in_a_folder_below_the_prefix_are_somebody_elses() {
    let bucket = Bucket::start();
    // A newer backup of another calendar, whose prefix starts with ours.
    let now = chrono::Utc::now().format("%Y%m%dT%H%M%SZ");
    let others = format!("kalender/other/calendar-{now}.backup");
    bucket.put(&others, b"another calendar's");
    let program = Program::new().with_environment(bucket.environment());
    let settings = "[default.calendar.backup]\nto = \"s3://calendar/kalender\"\nkeep = 1\n";
    let settings = program.write("settings.toml", settings);
    let serving = program.serve(&["--config", settings.to_str().unwrap()]);
    let ours = || {
        bucket
            .objects()
            .keys()
            .filter(|key| **key != others)
            .count()
    };
    let made = (0..5_000).any(|_| {
        serving.get("/health/live");
        ours() == 1
    });
    assert!(made, "{}", fs::read_to_string(program.path("log")).unwrap());
    assert!(serving.stop().0.success());
    assert!(bucket.objects().contains_key(&others));
}

#[test]
fn restore_reads_a_bucket_one_backup_by_name_or_the_newest_below_a_prefix() {
    let bucket = Bucket::start();
    let program = Program::new().with_environment(bucket.environment());
    program.run(&["seed"]).ok();
    program.run(&["backup", "all.backup"]).ok();
    let bytes = fs::read(program.path("all.backup")).unwrap();
    bucket.put("kalender/calendar-20261101T080000Z.backup", b"an older one");
    bucket.put("kalender/calendar-20261102T080000Z.backup", &bytes);
    bucket.put("kalender/z/calendar-20261103T080000Z.backup", b"not ours");
    // A backup dated in the future is not known to be the newest.
    bucket.put("kalender/calendar-29990101T000000Z.backup", b"wrong");
    let whole = program.run(&["export"]).ok().out;
    for (store, address) in [
        (
            "a",
            "s3://calendar/kalender/calendar-20261102T080000Z.backup",
        ),
        ("b", "s3://calendar/kalender/"),
        ("c", "s3://calendar/kalender"),
    ] {
        let url = format!("sled:{store}");
        let at = ["--store", &url];
        let restored = program.run_bare(&[&at[..], &["--json", "restore", address]].concat());
        let restored = restored.ok().json();
        let name = "s3://calendar/kalender/calendar-20261102T080000Z.backup";
        assert_eq!(restored["backup"], name, "{address}");
        let export = program.run_bare(&[&at[..], &["export"]].concat());
        assert_eq!(export.ok().out, whole);
    }
    for (address, word) in [
        ("s3://calendar/nobody/", "nobody"),
        ("s3://calendar/kalender/missing.backup", "missing.backup"),
        (
            "s3://calendar/kalender/calendar-20261101T080000Z.backup",
            "cannot restore",
        ),
    ] {
        let at = ["--store", "sled:none", "restore", address];
        let refused = program.run_bare(&at).with_code(3);
        assert!(refused.err.contains(word), "{address}: {}", refused.err);
        assert!(
            refused.err.contains("s3://calendar"),
            "{address}: {}",
            refused.err
        );
        assert!(!program.path("none").exists());
    }
}

#[test]
fn restore_takes_the_newest_backup_of_a_folder() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    fs::create_dir(program.path("backups")).unwrap();
    program
        .run(&["backup", "backups/calendar-20261102T080000Z.backup"])
        .ok();
    program.write("backups/calendar-20261101T080000Z.backup", "older");
    program.write("backups/notes.txt", "somebody's");
    let at = ["--store", "sled:elsewhere", "restore", "backups"];
    let restored = program.run_bare(&at).ok();
    assert!(
        restored.out.contains("calendar-20261102T080000Z.backup"),
        "{}",
        restored.out
    );
}
