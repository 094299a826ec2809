//! Checks a calendar file by every rule.

use super::CheckFinding;
use super::checker::{Checker, each_component};
use super::{bytes, event, recurrence, structure, uids, values, zones};
use crate::encoding::without_bom;
use crate::finding::Findings;
use crate::limits::ReadLimits;
use crate::read::{ReadEvent, read_within};
use crate::tree;
use std::collections::HashMap;

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
