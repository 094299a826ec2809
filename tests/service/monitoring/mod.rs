//! Monitoring: alert rules, the dashboard, and the metrics behind them.

mod figures;
mod files;

use std::process::Command;

/// Runs promtool, which must succeed. Returns its output.
#[track_caller]
fn promtool(arguments: &[&str]) -> String {
    let ended = Command::new("promtool")
        .args(arguments)
        .output()
        .expect("tests/run installs promtool");
    let said = String::from_utf8([ended.stdout, ended.stderr].concat()).unwrap();
    assert!(ended.status.success(), "{arguments:?}: {said}");
    said
}
