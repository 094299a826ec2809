//! Schemathesis, which sends what the description allows and what it does not (`tests/api/requirements.txt`).

use std::process::Command;

use calendar_domain::KeyScope;
use elverum_calendar::ingest::access::make_key;

use crate::support::readers::tool;
use crate::support::{TestServer, every_kind};

/// Examples of each operation.
const EXAMPLES: &str = "50";

#[test]
fn schemathesis_finds_no_failure() {
    let app = TestServer::start();
    every_kind::save_all(&app);
    check(&app, &[]);
}

#[test]
fn schemathesis_finds_no_failure_with_a_key_for_reading() {
    // Its quota is counted by a clock that stands still.
    let app = TestServer::builder().allowing_reads(600, 1_000_000).start();
    every_kind::save_all(&app);
    let (key, _) = make_key(app.calendar(), KeyScope::Read).unwrap();
    let header = format!("Authorization: Bearer {key}");
    check(&app, &["--header", &header]);
}

#[track_caller]
fn check(app: &TestServer, options: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let url = app.address().join("/api/openapi.json").unwrap();
    let ran = Command::new(tool("schemathesis/bin/st"))
        .args(["run", url.as_str(), "--checks", "all", "--seed", "1"])
        .args(["--max-examples", EXAMPLES])
        .args(options)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let problems = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}\n{problems}");
}
