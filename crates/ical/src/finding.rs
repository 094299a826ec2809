//! Findings of the reader: line, property, reason and severity.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// How much a finding affects the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Understood; the file breaks a rule or uses a feature that is ignored.
    Note,
    /// A property or part of one was dropped or guessed.
    Warning,
    /// A whole component was dropped.
    Error,
}

/// Kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The file has no calendar component.
    NoCalendar,
    /// The file exceeds the limit on bytes, lines, components or nesting.
    TooMuch,
    /// An unfolded line exceeds the limit.
    LineTooLong,
    /// A line is not UTF-8.
    Encoding,
    /// Not a content line: no colon, or no property name before it.
    NotAContentLine,
    /// A property outside any component.
    StrayProperty,
    /// A parameter without a value, or an unclosed quotation mark.
    BadParameter,
    /// A component without END.
    Unclosed,
    /// An END that does not match the open component.
    Misnested,
    /// A component outside a VCALENDAR.
    OutsideCalendar,
    /// A component other than an event, such as VTODO, VJOURNAL or VFREEBUSY.
    NotAnEvent,
    /// A component that RFC 5545 does not define.
    UnknownComponent,
    /// An event without DTSTART.
    NoStart,
    /// A value that does not parse as the property's type.
    BadValue,
    /// A second occurrence of a property that may occur once; the first is used.
    Duplicate,
    /// A date among date-times, or the reverse.
    MixedTypes,
    /// The end is before the start.
    EndBeforeStart,
    /// A TZID that is not a known zone and is not defined in the file.
    UnknownZone,
    /// A VTIMEZONE that cannot be evaluated.
    BadZone,
    /// A recurrence rule that cannot be parsed or is refused.
    BadRule,
    /// An event without UID.
    NoUid,
    /// Several events with one UID; the highest SEQUENCE is used.
    Superseded,
    /// An override whose master is not in the file.
    NoMaster,
    /// An override of a date on which its master does not occur.
    OverrideOfNothing,
    /// Information that the domain cannot represent.
    NotKept,
}

impl Reason {
    /// Returns the stable name of the reason, as used in JSON.
    pub fn id(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            _ => format!("{self:?}"),
        }
    }
}

/// A deviation found while reading a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Physical line, from 1, on which the content line or component begins.
    pub line: u32,
    /// Component, such as `VEVENT`; empty if none is open.
    pub component: String,
    /// Property, such as `DTSTART`; empty if the finding concerns the component.
    pub property: String,
    /// Kind of finding.
    pub reason: Reason,
    /// Effect on the result.
    pub severity: Severity,
    /// Details, in English, for the maintainer of the feed.
    pub detail: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match (self.component.is_empty(), self.property.is_empty()) {
            (false, false) => write!(f, "{} {}: ", self.component, self.property)?,
            (false, true) => write!(f, "{}: ", self.component)?,
            (true, false) => write!(f, "{}: ", self.property)?,
            (true, true) => {}
        }
        f.write_str(&self.detail)
    }
}

/// Findings of one file: a limited number in full, and a count of all by reason.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    listed: Vec<Finding>,
    counts: BTreeMap<Reason, usize>,
    cap: usize,
}

impl Findings {
    /// Returns an empty collection that keeps at most `cap` findings in full.
    pub fn with_cap(cap: usize) -> Self {
        Findings {
            cap,
            ..Findings::default()
        }
    }

    /// Adds a finding. Findings above the cap are only counted.
    pub fn add(&mut self, finding: Finding) {
        *self.counts.entry(finding.reason).or_default() += 1;
        if self.listed.len() < self.cap {
            self.listed.push(finding);
        }
    }

    /// Returns the findings kept in full, in insertion order.
    pub fn listed(&self) -> &[Finding] {
        &self.listed
    }

    /// Returns the findings kept in full, sorted by line.
    pub fn into_sorted(mut self) -> Vec<Finding> {
        self.listed.sort_by_key(|finding| finding.line);
        self.listed
    }

    /// Returns the number of findings by reason, unlisted ones included.
    pub fn counts(&self) -> &BTreeMap<Reason, usize> {
        &self.counts
    }

    /// Returns the number of findings that were counted but not kept.
    pub fn unlisted(&self) -> usize {
        self.counts.values().sum::<usize>() - self.listed.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(line: u32) -> Finding {
        Finding {
            line,
            component: "VEVENT".into(),
            property: "DTEND".into(),
            reason: Reason::EndBeforeStart,
            severity: Severity::Warning,
            detail: "ends before it starts".into(),
        }
    }

    #[test]
    fn a_finding_names_line_component_and_property() {
        assert_eq!(
            finding(12).to_string(),
            "line 12: VEVENT DTEND: ends before it starts"
        );
        assert_eq!(Reason::EndBeforeStart.id(), "end-before-start");
    }

    #[test]
    fn past_the_cap_findings_are_still_counted() {
        let mut findings = Findings::with_cap(2);
        (1..=5).for_each(|line| findings.add(finding(line)));
        assert_eq!(findings.listed().len(), 2);
        assert_eq!(findings.unlisted(), 3);
        assert_eq!(findings.counts()[&Reason::EndBeforeStart], 5);
    }
}
