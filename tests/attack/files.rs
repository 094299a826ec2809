//! Files and folders: permissions, symbolic links, names, missing files.

use std::ffi::{OsStr, OsString};
use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::importing::CONCERT;
use crate::support::Program;
use crate::support::importer::calendar_of;
use crate::support::program::Serving;

/// Returns a path and every file and folder below it.
fn below(path: &Path) -> Vec<std::path::PathBuf> {
    let mut all = vec![path.to_owned()];
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            all.extend(below(&entry.unwrap().path()));
        }
    }
    all
}

/// Asserts that only the owner has permissions.
#[track_caller]
fn is_private(path: &Path) {
    for path in below(path) {
        let mode = fs::symlink_metadata(&path).unwrap().mode() & 0o777;
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", path.display());
    }
}

/// Asserts that a server responds and stops cleanly.
#[track_caller]
fn starts_and_stops(serving: Serving) {
    serving.get("/health/live");
    assert!(serving.stop().0.success());
}

#[test]
fn whatever_the_umask_all_files_of_a_store_and_of_backups_are_their_owners_alone() {
    let program = Program::new().with_open_umask();
    let settings = "[default.calendar.backup]\nto = \"scheduled\"\n";
    let settings = program.write("settings.toml", settings);
    program.write("spring.ics", calendar_of(&[CONCERT]));
    let serving = program.serve(&["--config", settings.to_str().unwrap()]);
    program.run(&["import", "spring.ics"]).ok();
    program.run(&["backup", "by-hand.backup"]).ok();
    let has_scheduled = || {
        let found = fs::read_dir(program.path("scheduled")).ok();
        found.is_some_and(|mut dir| {
            dir.any(|dir| dir.unwrap().path().extension() == Some(OsStr::new("backup")))
        })
    };
    let made = (0..5_000).any(|_| {
        serving.get("/health/live");
        has_scheduled()
    });
    assert!(made, "a backup is made at the start");
    is_private(&program.path("store"));
    serving.signal("KILL");
    serving.ended();
    // Damage, so that files are set aside, and then a restore over it.
    let database = fs::read_dir(program.path("store")).unwrap();
    let database = database.map(|database| database.unwrap().path());
    let mut databases = database.filter(|database| {
        database
            .file_name()
            .unwrap()
            .as_bytes()
            .starts_with(b"sled-")
    });
    fs::write(databases.next().unwrap().join("db"), "no database").unwrap();
    program.run(&["export"]).ok();
    assert!(program.path("store/sled.damaged-1").is_dir());
    program
        .run(&["restore", "--replace", "by-hand.backup"])
        .ok();
    assert!(program.path("store/replaced-1").is_dir());
    let other = [
        "--store",
        "sled:new/nested/store",
        "restore",
        "by-hand.backup",
    ];
    program.run_bare(&other).ok();
    for place in ["store", "by-hand.backup", "scheduled", "new/nested/store"] {
        is_private(&program.path(place));
    }
}

#[test]
fn a_store_that_others_can_read_is_told_once_at_the_start_with_what_to_run() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let store = program.path("store");
    let log = || fs::read_to_string(program.path("log")).unwrap();
    starts_and_stops(program.serve(&[]));
    assert!(!log().contains("chmod"), "{}", log());
    fs::set_permissions(&store, Permissions::from_mode(0o755)).unwrap();
    starts_and_stops(program.serve(&[]));
    let said = log();
    assert_eq!(said.matches("chmod").count(), 1, "{said}");
    let store = store.canonicalize().unwrap();
    let advice = format!("chmod -R go-rwx {}", store.display());
    assert!(said.contains(&advice), "{said}");
    assert!(said.contains("755"), "{said}");
}

#[test]
fn a_backup_follows_no_symbolic_link_that_somebody_laid_in_its_way() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let victim = program.write("victim", "somebody's own");
    symlink(&victim, program.path("all.backup.unfinished")).unwrap();
    let refused = program.run(&["backup", "all.backup"]).with_code(3);
    assert!(
        refused.err.contains("all.backup.unfinished"),
        "{}",
        refused.err
    );
    assert_eq!(fs::read(&victim).unwrap(), b"somebody's own");
    // A dangling link does not create its target.
    fs::remove_file(program.path("all.backup.unfinished")).unwrap();
    symlink(
        program.path("nowhere"),
        program.path("all.backup.unfinished"),
    )
    .unwrap();
    program.run(&["backup", "all.backup"]).with_code(3);
    assert!(!program.path("nowhere").exists());
    fs::remove_file(program.path("all.backup.unfinished")).unwrap();
    // The remains of a killed backup are no obstacle.
    program.write("all.backup.unfinished", "half of one");
    program.run(&["backup", "all.backup"]).ok();
    assert!(!program.path("all.backup.unfinished").exists());
    // A link in place of the backup itself is replaced, not followed, unless its target is not a backup.
    symlink(&victim, program.path("link.backup")).unwrap();
    program.run(&["backup", "link.backup"]).with_code(3);
    assert_eq!(fs::read(&victim).unwrap(), b"somebody's own");
}

#[test]
fn a_backup_in_the_place_of_a_pipe_is_refused_at_once() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    program.named_pipe("pipe.backup");
    program.run(&["backup", "pipe.backup"]).with_code(3);
}

/// Returns a name that is not UTF-8, as on old disks.
fn odd(name: &str, end: &str) -> OsString {
    let bytes = [name.as_bytes(), b"-\xe5\xff", end.as_bytes()].concat();
    OsStr::from_bytes(&bytes).to_owned()
}

#[track_caller]
fn succeeds(mut command: Command) -> (Vec<u8>, String) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{command:?}: {said}");
    (output.stdout, said)
}

#[test]
fn file_names_that_are_no_utf_8_are_taken_everywhere() {
    let program = Program::new();
    let os = |text: &str| OsString::from(text);
    let ics = odd("spring", ".ics");
    fs::write(program.path("").join(&ics), calendar_of(&[CONCERT])).unwrap();
    let run = |arguments: &[OsString]| succeeds(program.raw_command(arguments));
    // The store has such a name too.
    let url = [os("sled:").as_bytes(), odd("store", "").as_bytes()].concat();
    let url = OsStr::from_bytes(&url).to_owned();
    let at = |arguments: &[OsString]| run(&[&[os("--store"), url.clone()], arguments].concat());
    at(&[os("import"), ics.clone()]);
    assert!(
        program
            .path("")
            .join(odd("store", ""))
            .join("journal")
            .is_dir()
    );
    assert!(!program.path("store").exists());
    let whole = at(&[os("export")]).0;
    let file = odd("all", ".backup");
    at(&[os("backup"), file.clone()]);
    let (checked, _) = run(&[os("store"), os("check"), file.clone()]);
    assert!(String::from_utf8_lossy(&checked).contains("0 findings"));
    let (checked, _) = run(&[os("--json"), os("store"), os("check"), url.clone()]);
    let checked: serde_json::Value = serde_json::from_slice(&checked).unwrap();
    assert_eq!(checked["findings"], serde_json::json!([]));
    run(&[os("store"), os("salvage"), url.clone()]);
    at(&[os("restore"), os("--replace"), file]);
    assert_eq!(at(&[os("export")]).0, whole);
    // NDJSON, and both formats beside a server.
    let lines = at(&[os("export"), os("--format"), os("ndjson")]).0;
    let ndjson = odd("all", ".ndjson");
    fs::write(program.path("").join(&ndjson), lines).unwrap();
    program.run(&["seed"]).ok();
    let serving = program.serve(&[]);
    let plain = os("--store=sled:store");
    run(&[plain.clone(), os("import"), ics]);
    run(&[plain, os("import"), ndjson]);
    let feed = String::from_utf8(serving.get("/feeds/all.ics")).unwrap();
    assert!(feed.contains("konsert-1@band.example"));
}

#[test]
fn a_backup_to_standard_output_is_whole_and_restore_takes_it_from_standard_input() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let (bytes, said) = succeeds(program.raw_command(&["--store", "sled:store", "backup", "-"]));
    assert!(said.contains("commit"), "{said}");
    assert!(!program.path("-").exists());
    let file = program.write("piped.backup", &bytes);
    let checked = program
        .run(&["store", "check", file.to_str().unwrap()])
        .ok();
    assert!(checked.out.contains("0 findings"), "{}", checked.out);
    program.run(&["backup", "named.backup"]).ok();
    assert_eq!(fs::read(program.path("named.backup")).unwrap(), bytes);
    let (json, said) =
        succeeds(program.raw_command(&["--store", "sled:store", "--json", "backup", "-"]));
    assert_eq!(json, bytes);
    let last = said.lines().last().unwrap();
    let report: serde_json::Value = serde_json::from_str(last).unwrap();
    assert_eq!(report["bytes"], bytes.len());

    let restore = ["--store", "sled:elsewhere", "restore", "-"];
    let mut restoring = program.raw_command(&restore);
    let mut restoring = restoring
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    restoring.stdin.take().unwrap().write_all(&bytes).unwrap();
    assert!(restoring.wait().unwrap().success());
    let there = program
        .run_bare(&["--store", "sled:elsewhere", "export"])
        .ok()
        .out;
    assert_eq!(there, program.run(&["export"]).ok().out);
}

#[test]
fn a_backup_is_not_written_to_a_terminal() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let command = program.raw_command(&["--store", "sled:store", "backup", "-"]);
    let quoted = |str: &OsStr| format!("'{}'", str.to_str().unwrap());
    let line: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(quoted)
        .collect();
    let script = program.path("terminal");
    // script(1) runs a command on a terminal.
    let done = Command::new("script")
        .args(["-qec", &line.join(" ")])
        .arg(&script)
        .current_dir(program.path(""))
        .stdin(Stdio::null())
        .output();
    let done = done.expect("script(1) runs; tests/run installs it");
    assert_eq!(
        done.status.code(),
        Some(3),
        "{}",
        String::from_utf8_lossy(&done.stdout)
    );
    assert!(String::from_utf8_lossy(&done.stdout).contains("terminal"));
}

/// A user id other than root's.
const SERVICE: u32 = 54_321;

#[test]
#[ignore = "needs root"]
fn what_root_restores_or_changes_belongs_to_whoever_owned_the_folder() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    program.run(&["backup", "all.backup"]).ok();
    let home = program.path("home");
    fs::create_dir(&home).unwrap();
    chown(&home, Some(SERVICE), Some(SERVICE)).unwrap();
    #[track_caller]
    fn belongs(path: &Path) {
        for path in below(path) {
            let found = fs::symlink_metadata(&path).unwrap();
            let owner = (found.uid(), found.gid());
            assert_eq!(owner, (SERVICE, SERVICE), "{}", path.display());
        }
    }
    let at = |arguments: &[&str]| {
        program.run_bare(&[&["--store", "sled:home/deep/store"], arguments].concat())
    };
    at(&["restore", "all.backup"]).ok();
    belongs(&home);
    at(&["restore", "--replace", "all.backup"]).ok();
    belongs(&home);
    // The same for other changes by root to another user's store.
    program.write("spring.ics", calendar_of(&[CONCERT]));
    at(&["import", "spring.ics"]).ok();
    belongs(&home);
    at(&["export"]).ok();
    at(&["store", "check", "sled:home/deep/store"]).ok();
    belongs(&home);
}

#[test]
fn a_healthy_restoration_is_silent_and_so_is_the_start_after_it() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    program.run(&["backup", "all.backup"]).ok();
    let elsewhere = ["--store", "sled:elsewhere"];
    let restored = program
        .run_bare(&[&elsewhere[..], &["restore", "all.backup"]].concat())
        .ok();
    assert!(!restored.err.contains("damaged"), "{}", restored.err);
    starts_and_stops(program.serve_bare(&elsewhere));
    let log = fs::read_to_string(program.path("log")).unwrap();
    // The tests' program gives these two warnings at each start.
    let other = |line: &&str| !line.contains("base_url") && !line.contains("time zone database");
    let warnings = log.lines().filter(|line| line.contains("WARN"));
    // A warning about a possible copy, whose delivery is off, is expected.
    let quiet = |line: &&str| line.contains("webhook resume") || line.contains("delivery is off");
    let faults = warnings.filter(other).filter(|line| !quiet(line));
    assert_eq!(faults.count(), 0, "{log}");
    assert!(log.contains("webhook resume"), "{log}");
}
