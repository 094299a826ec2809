//! Collection of findings.

use serde::Serialize;

use super::rules::{self, Rule};
use crate::component::Component;
use crate::finding::{Findings, Reason, Severity};
use crate::property::Property;

/// A violation of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CheckFinding {
    /// Physical line, from 1, on which the content line or component begins.
    pub line: u32,
    /// Name of the rule, as in [`RULES`](super::RULES).
    pub rule: &'static str,
    /// Error if an RFC forbids it, otherwise warning.
    pub severity: Severity,
    /// Details, in English.
    pub message: String,
}

/// Calls `visit` for a component and all its descendants.
pub(super) fn each_component<'c, 'a>(
    component: &'c Component<'a>,
    visit: &mut impl FnMut(&'c Component<'a>),
) {
    visit(component);
    for child in &component.children {
        each_component(child, visit);
    }
}

/// Collects findings.
pub(super) struct Checker {
    pub(super) findings: Vec<CheckFinding>,
    pub(super) cap: usize,
}

impl Checker {
    /// Adds a finding, up to the maximum number.
    pub(super) fn add(&mut self, rule: Rule, line: u32, message: impl Into<String>) {
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
    pub(super) fn value(&mut self, rule: Rule, property: &Property<'_>, wanted: &str) {
        let message = format!(
            "{}: «{}» is not a valid {wanted}",
            property.name(),
            excerpt(property.value())
        );
        self.add(rule, property.line, message);
    }

    /// Adds the parser's findings as rule violations.
    pub(super) fn syntax(&mut self, met: Findings, header_lines: &[u32]) {
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
pub(super) fn excerpt(text: &str) -> String {
    let mut cut: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
