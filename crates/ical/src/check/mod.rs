//! A strict check of a calendar file: what RFC 5545 and its successors forbid or advise against, line
//! by line.
//!
//! The reader ([`read`](mod@super::read)) takes whatever can be understood; the check says what a file's
//! author should mend. It passes without a finding on every feed that this program publishes.
//!
//! To add a rule: a line in [`rules`], the code that finds it in the file that looks at such things
//! (bytes, syntax, structure, values, events, zones), and a test with the fault sown in.

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
use super::limits::Limits;
use super::property::Property;
use super::read::{ReadEvent, read_within};
use super::tree;
pub use rules::{RULES, Rule};

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CheckFinding {
    /// The physical line, from 1, on which the content line or component begins.
    pub line: u32,
    /// The rule's name; [`RULES`] tells more.
    pub rule: &'static str,
    /// Whether it is forbidden or merely unwise.
    pub severity: Severity,
    /// The particulars, in English.
    pub message: String,
}

/// Checks a calendar file; the findings come in the order of their lines.
pub fn check(bytes: &[u8]) -> Vec<CheckFinding> {
    let limits = Limits::default();
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

/// Walks a component and all inside it.
fn each_component<'c, 'a>(component: &'c Component<'a>, visit: &mut impl FnMut(&'c Component<'a>)) {
    visit(component);
    for child in &component.children {
        each_component(child, visit);
    }
}

/// Where the findings gather.
struct Checker {
    findings: Vec<CheckFinding>,
    cap: usize,
}

impl Checker {
    fn add(&mut self, rule: Rule, line: u32, message: impl Into<String>) {
        if self.findings.len() < self.cap {
            let (rule, severity) = (rule.id, rule.severity);
            let mut message = message.into();
            // Whatever of the file a message quotes, it must not steer the reader's terminal.
            message.retain(|c| !c.is_control());
            self.findings.push(CheckFinding {
                line,
                rule,
                severity,
                message,
            });
        }
    }

    /// About a property, with its value quoted.
    fn value(&mut self, rule: Rule, property: &Property<'_>, wanted: &str) {
        let message = format!(
            "{}: «{}» is no {wanted}",
            property.name(),
            excerpt(property.value())
        );
        self.add(rule, property.line, message);
    }

    /// What the parser met, said as rules.
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
                // Bad encodings are found with the bytes; the other reasons are the reader's.
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

/// The head of a text without control characters.
fn excerpt(text: &str) -> String {
    let mut cut: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
