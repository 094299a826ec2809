//! Lines of Prometheus's text format. Writing to a string cannot fail.

use std::fmt::Write as _;

/// Writes the help and the type of a metric.
pub(super) fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(
        out,
        "# HELP calendar_{name} {help}\n# TYPE calendar_{name} {kind}"
    );
}

/// Writes a sample.
pub(super) fn line(out: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    let _ = if labels.is_empty() {
        writeln!(out, "calendar_{name} {value}")
    } else {
        writeln!(out, "calendar_{name}{{{labels}}} {value}")
    };
}

/// Writes a metric with a single sample.
pub(super) fn one(
    out: &mut String,
    name: &str,
    kind: &str,
    help: &str,
    value: impl std::fmt::Display,
) {
    head(out, name, kind, help);
    line(out, name, "", value);
}
