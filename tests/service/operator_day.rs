//! A day of an operator, as a readable script: `tests/operator_day/run`.

use std::process::Command;

use crate::support::readers::{project, tool};

#[test]
fn an_operator_s_day_goes_as_the_documentation_says() {
    // Named here so that its absence is reported first.
    tool("s3/bin/python");
    let ended = Command::new("bash")
        .arg(project().join("tests/operator_day/run"))
        .arg(env!("CARGO_BIN_EXE_elverum-calendar"))
        .output()
        .expect("bash is there");
    let said = String::from_utf8_lossy(&ended.stdout);
    let errors = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{said}\n{errors}");
    assert!(said.contains("== the day is done"), "{said}");
}
