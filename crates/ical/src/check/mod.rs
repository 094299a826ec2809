//! Strict checker of calendar files: reports line by line what RFC 5545 and its successors forbid
//! or advise against.
//!
//! The reader ([`read`](mod@super::read)) accepts whatever can be understood; the checker reports
//! what the author of the file should fix. It has no findings on the feeds that this program
//! publishes.
//!
//! To add a rule, add a line to [`rules`], the code that detects it to the module for that kind of
//! input (bytes, structure, properties, values, recurrence, events, zones), and a test that
//! introduces the fault.

mod bytes;
mod event;
mod properties;
mod recurrence;
pub mod rules;
mod structure;
#[cfg(test)]
mod tests;
mod uids;
mod values;
mod zones;

use std::collections::HashMap;

use serde::Serialize;

use super::component::Component;
use super::encoding::without_bom;
use super::finding::{Findings, Reason, Severity};
use super::limits::ReadLimits;
use super::property::Property;
use super::read::{ReadEvent, read_within};
use super::tree;
pub use rules::{RULES, Rule};

/// A violation of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CheckFinding {
    /// Physical line, from 1, on which the content line or component begins.
    pub line: u32,
    /// Name of the rule, as in [`RULES`].
    pub rule: &'static str,
    /// Error if an RFC forbids it, otherwise warning.
    pub severity: Severity,
    /// Details, in English.
    pub message: String,
}

/// Checks a calendar file and returns the findings sorted by line.
pub fn check(bytes: &[u8]) -> Vec<CheckFinding> {
    let limits = ReadLimits::default();
    let mut checker = Checker {
        findings: Vec::new(),
        cap: limits.findings,
    };
    let header_lines = bytes::check(bytes, &mut checker);
    let text = without_bom(bytes);
    let mut syntax = Findings::with_cap(limits.findings);
    let tree = tree::parse(&text, &limits, &mut syntax);
    checker.syntax(syntax, &header_lines);
    let read = read_within(bytes, &limits);
    let events: HashMap<u32, &ReadEvent> = read
        .events
        .iter()
        .map(|event| (event.line, event))
        .collect();
    structure::check(&tree.roots, &mut checker);
    for calendar in &tree.roots {
        each_component(calendar, &mut |component| {
            for property in &component.properties {
                values::check(property, component, &mut checker);
            }
            event::check(
                component,
                events.get(&component.line).copied(),
                &mut checker,
            );
        });
        zones::check(calendar, &mut checker);
        uids::check(calendar, &mut checker);
    }
    recurrence::check(&tree.roots, &events, &mut checker);
    checker.findings.sort();
    checker.findings.dedup();
    checker.findings
}

/// Calls `visit` for a component and all its descendants.
fn each_component<'c, 'a>(component: &'c Component<'a>, visit: &mut impl FnMut(&'c Component<'a>)) {
    visit(component);
    for child in &component.children {
        each_component(child, visit);
    }
}

/// Collects findings.
struct Checker {
    findings: Vec<CheckFinding>,
    cap: usize,
}

impl Checker {
    fn add(&mut self, rule: Rule, line: u32, message: impl Into<String>) {
        if self.findings.len() < self.cap {
            let (rule, severity) = (rule.id, rule.severity);
            let mut message = message.into();
            // Text quoted from the file must not control the terminal.
            message.retain(|c| !c.is_control());
            self.findings.push(CheckFinding {
                line,
                rule,
                severity,
                message,
            });
        }
    }

    /// Adds a finding about a property that quotes its value.
    fn value(&mut self, rule: Rule, property: &Property<'_>, wanted: &str) {
        let message = format!(
            "{}: «{}» is no {wanted}",
            property.name(),
            excerpt(property.value())
        );
        self.add(rule, property.line, message);
    }

    /// Adds the parser's findings as rule violations.
    fn syntax(&mut self, met: Findings, header_lines: &[u32]) {
        for finding in met.into_sorted() {
            let rule = match finding.reason {
                Reason::NotAContentLine | Reason::StrayProperty
                    if header_lines.contains(&finding.line) =>
                {
                    continue;
                }
                Reason::NotAContentLine => rules::NOT_A_CONTENT_LINE,
                Reason::StrayProperty => rules::OUTSIDE_CALENDAR,
                Reason::BadParameter => rules::BAD_PARAMETER,
                Reason::Unclosed => rules::UNCLOSED_COMPONENT,
                Reason::Misnested => rules::WRONG_NESTING,
                Reason::TooMuch | Reason::LineTooLong => rules::TOO_MUCH,
                // Encodings are checked with the bytes; the other reasons come from the reader
                // only.
                _ => continue,
            };
            let place = [&*finding.component, &*finding.property].map(str::to_owned);
            let place: Vec<_> = place.into_iter().filter(|part| !part.is_empty()).collect();
            let space = if place.is_empty() { "" } else { ": " };
            let message = format!("{}{space}{}", place.join(" "), finding.detail);
            self.add(rule, finding.line, message);
        }
    }
}

/// Returns the beginning of a text, without control characters.
fn excerpt(text: &str) -> String {
    let mut cut: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
