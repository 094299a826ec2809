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
mod checker;
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

use super::encoding::without_bom;
use super::finding::Findings;
use super::limits::ReadLimits;
use super::read::{ReadEvent, read_within};
use super::tree;
pub use checker::CheckFinding;
use checker::{Checker, each_component, excerpt};
pub use rules::{RULES, Rule};

/// Checks a calendar file and returns the findings sorted by line.
///
/// ```
/// use calendar_ical::check::check;
///
/// let file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//\r\nBEGIN:VEVENT\r\n\
///             UID:1@example.org\r\nDTSTAMP:20270101T000000Z\r\nDTSTART:20270410T190000Z\r\n\
///             PRIORITY:high\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
/// let findings = check(file.as_bytes());
/// assert_eq!(findings.len(), 1);
/// assert_eq!(findings[0].line, 8);
/// assert_eq!(findings[0].rule, "bad-priority");
/// ```
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
