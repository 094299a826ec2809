//! Locations of records and backups.

use std::fs;

use super::{checked, refused_file};
use crate::support::Program;
use crate::support::bucket::Bucket;

#[test]
fn a_store_without_a_folder_or_in_an_impossible_one_is_refused() {
    for (store, words) in [
        ("sled:", ["sled:", "var/store"]),
        ("sled: ", ["sled:", "var/store"]),
        ("sled:taken", ["taken", "not a folder"]),
        ("sled:taken/store", ["taken", "not a folder"]),
    ] {
        let program = Program::new();
        program.write("taken", "a file");
        let content = format!("[default.calendar]\nstore = \"{store}\"\n");
        program.write("wrong.toml", content);
        for command in [&["serve", "--check"][..], &["serve", "--port", "0"]] {
            let ended = program.run_bare(&[command, &["--config", "wrong.toml"]].concat());
            assert_eq!(ended.code, 3, "{store}: {}{}", ended.out, ended.err);
            for word in words {
                assert!(ended.err.contains(word), "{store}: {word}: {}", ended.err);
            }
        }
    }
}

fn backups_to(place: &str) -> String {
    format!("[default.calendar.backup]\nto = \"{place}\"\n")
}

#[test]
fn a_folder_for_backups_that_can_not_be_made_or_written_is_refused() {
    let program = Program::new();
    program.write("taken", "a file");
    for place in ["taken", "taken/backups", "/dev/null/backups"] {
        let words = ["backup.to", place.trim_end_matches("/backups")];
        refused_file(&program, &backups_to(place), &words);
    }
    for (place, word) in [
        ("", "folder"),
        ("ftp://x/y", "s3://"),
        ("file://elsewhere/x", "elsewhere"),
        ("s3://", "s3://bucket"),
        ("s3://kari:hunter2@bucket", "AWS_ACCESS_KEY_ID"),
    ] {
        let said = refused_file(&program, &backups_to(place), &["backup.to", word]);
        assert!(!said.contains("hunter2"), "{said}");
    }
    // A missing folder may be intended, or a disk that is not mounted.
    let told = checked(&program, &backups_to("var/backups")).out;
    assert!(told.contains("warning: calendar.backup.to"), "{told}");
    assert!(!program.path("var").exists(), "the check makes nothing");
    fs::create_dir_all(program.path("var/backups")).unwrap();
    let told = checked(&program, &backups_to("var/backups")).out;
    assert!(!told.contains("warning: calendar.backup.to"), "{told}");
    // The backup would be lost together with the store.
    let told = checked(&program, &backups_to("store/backups")).out;
    assert!(told.contains("warning: calendar.backup.to"), "{told}");
}

#[test]
fn backups_into_the_stores_own_folder_are_refused_however_it_is_named() {
    let program = Program::new();
    std::os::unix::fs::symlink(program.path(""), program.path("link")).unwrap();
    for folder in ["store", "./store/", "link/store"] {
        let words = ["calendar.backup.to", "the store's own folder"];
        refused_file(&program, &backups_to(folder), &words);
    }
}

#[test]
fn a_folder_that_only_others_may_write_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;
    let program = Program::new();
    fs::create_dir(program.path("sealed")).unwrap();
    for place in ["sealed", "sealed/backups"] {
        let content = backups_to(place);
        program.write("wrong.toml", &content);
        fs::set_permissions(program.path("sealed"), fs::Permissions::from_mode(0o555)).unwrap();
        if rustix::process::geteuid().is_root() {
            // Root can write everywhere, so another user is needed.
            fs::set_permissions(program.path(""), fs::Permissions::from_mode(0o777)).unwrap();
            // A copy, and its own data files, since the originals may be in a folder that only root can enter.
            let copy = program.path("elverum-calendar");
            fs::copy(env!("CARGO_BIN_EXE_elverum-calendar"), &copy).unwrap();
            let ended = Command::new("setpriv")
                .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
                .arg(&copy)
                .args(["--config", "wrong.toml", "serve", "--check"])
                .current_dir(program.path(""))
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&ended.stderr);
            assert_eq!(ended.status.code(), Some(3), "{said}");
            assert!(
                said.contains("backup.to") && said.contains("sealed"),
                "{said}"
            );
        } else {
            refused_file(&program, &content, &["backup.to", "sealed"]);
        }
    }
}

/// Returns a program with only these of the variables for a bucket.
fn with_keys(variables: &[(&'static str, &str)]) -> Program {
    let none = [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ENDPOINT",
        "AWS_ALLOW_HTTP",
    ];
    let none = none.map(|name| (name, String::new()));
    let given = variables
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    Program::new().with_environment(none.into_iter().chain(given))
}

#[test]
fn a_bucket_without_keys_is_refused_and_no_machine_is_asked_for_some() {
    let words = ["backup.to", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    let said = refused_file(&with_keys(&[]), &backups_to("s3://bucket/x"), &words);
    assert!(!said.contains("169.254"), "{said}");
    let half = with_keys(&[("AWS_ACCESS_KEY_ID", "somebody")]);
    let said = refused_file(
        &half,
        &backups_to("s3://bucket/x"),
        &["AWS_SECRET_ACCESS_KEY"],
    );
    assert!(!said.contains("AWS_ACCESS_KEY_ID"), "{said}");
}

#[test]
fn an_endpoint_without_tls_is_for_this_machine_and_for_hosts_that_are_allowed() {
    let keys = [
        ("AWS_ACCESS_KEY_ID", "somebody"),
        ("AWS_SECRET_ACCESS_KEY", "hunter2"),
    ];
    let at = |endpoint| with_keys(&[&keys[..], &[("AWS_ENDPOINT", endpoint)]].concat());
    let to = backups_to("s3://calendar/x");
    for (endpoint, word) in [
        ("http://minio.lan:9000", "https://"),
        ("minio.lan:9000", "https://"),
        ("ftp://minio.lan", "https://"),
        ("http://", "https://"),
    ] {
        let said = refused_file(&at(endpoint), &to, &["AWS_ENDPOINT", word]);
        assert!(
            !said.contains("builder error") && !said.contains("hunter2"),
            "{said}"
        );
    }
    let allowed = format!("{to}[default.calendar.sync]\nallow_private = [\"minio.lan:9000\"]\n");
    checked(&at("http://minio.lan:9000"), &allowed);
    checked(&at("https://minio.example.no"), &to);
    // It works: the test bucket uses HTTP on this machine.
    let bucket = Bucket::start();
    let program = with_keys(&[&keys[..], &[("AWS_ENDPOINT", bucket.endpoint.as_str())]].concat());
    program.write("right.toml", &to);
    let serving = program.serve(&["--config", "right.toml"]);
    let made = (0..5_000).any(|_| {
        serving.get("/health/live");
        bucket
            .objects()
            .keys()
            .any(|key| key.starts_with("x/calendar-"))
    });
    let log = fs::read_to_string(program.path("log")).unwrap();
    assert!(made, "{log}");
}
