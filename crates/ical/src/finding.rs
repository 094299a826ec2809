//! What the reader could not take at its word: line, property, reason, and how much it matters.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// How much a finding changes what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Understood nevertheless; the file breaks a rule or says something we do not use.
    Note,
    /// A property or part of one was left out or guessed.
    Warning,
    /// A whole component was left out.
    Error,
}

/// Why something was not taken at its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The file holds no calendar component at all.
    NoCalendar,
    /// More bytes, lines, components or levels than the caps allow.
    TooMuch,
    /// One unfolded line is longer than the cap.
    LineTooLong,
    /// A line was not UTF-8.
    Encoding,
    /// A line that is no content line: no colon, or no property name before it.
    NotAContentLine,
    /// A property outside any component.
    StrayProperty,
    /// A parameter without value, or an unclosed quotation mark.
    BadParameter,
    /// A component without END.
    Unclosed,
    /// END of another component than the open one.
    Misnested,
    /// A component that stands outside a VCALENDAR.
    OutsideCalendar,
    /// A component that is no event: VTODO, VJOURNAL, VFREEBUSY and the like.
    NotAnEvent,
    /// A component whose name RFC 5545 does not know.
    UnknownComponent,
    /// An event without DTSTART.
    NoStart,
    /// A value that its property's type cannot be read from.
    BadValue,
    /// A property that may stand once stands more often; the first counts.
    Duplicate,
    /// A date where the others are date-times, or the reverse.
    MixedTypes,
    /// The end lies before the start.
    EndBeforeStart,
    /// A TZID that names no zone of ours and that the file does not define.
    UnknownZone,
    /// A VTIMEZONE that cannot be evaluated.
    BadZone,
    /// A recurrence rule that cannot be read or that we refuse.
    BadRule,
    /// An event without UID.
    NoUid,
    /// Several events with one UID: the highest SEQUENCE counts.
    Superseded,
    /// An override whose master the file does not hold.
    NoMaster,
    /// An override of a date on which its master does not occur.
    OverrideOfNothing,
    /// Something said in a way that the domain has no words for.
    NotKept,
}

impl Reason {
    /// The stable name of the reason, as it stands in JSON.
    pub fn id(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            _ => format!("{self:?}"),
        }
    }
}

/// One thing in a file that was not taken at its word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The physical line, from 1, on which the content line or component begins.
    pub line: u32,
    /// The component, such as `VEVENT`; empty where none is open.
    pub component: String,
    /// The property, such as `DTSTART`; empty where the finding is about the component.
    pub property: String,
    /// Why.
    pub reason: Reason,
    /// How much it matters.
    pub severity: Severity,
    /// The particulars, in English, for whoever looks after the feed.
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

/// The findings of one file: the first ones in full, all of them counted by reason.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    listed: Vec<Finding>,
    counts: BTreeMap<Reason, usize>,
    cap: usize,
}

impl Findings {
    /// Keeps up to `cap` findings in full.
    pub fn with_cap(cap: usize) -> Self {
        Findings {
            cap,
            ..Findings::default()
        }
    }

    /// Adds a finding; past the cap it is counted and the text let go.
    pub fn add(&mut self, finding: Finding) {
        *self.counts.entry(finding.reason).or_default() += 1;
        if self.listed.len() < self.cap {
            self.listed.push(finding);
        }
    }

    /// The findings kept in full, in the order in which they were made.
    pub fn listed(&self) -> &[Finding] {
        &self.listed
    }

    /// The same, sorted by line.
    pub fn into_sorted(mut self) -> Vec<Finding> {
        self.listed.sort_by_key(|finding| finding.line);
        self.listed
    }

    /// How many findings of each reason there are, the unlisted ones included.
    pub fn counts(&self) -> &BTreeMap<Reason, usize> {
        &self.counts
    }

    /// How many findings were counted without being listed.
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
