//! Properties of time types, such as DTSTART, with TZID and VALUE.

use super::super::finding::{Finding, Findings, Reason, Severity};
use super::super::limits::ReadLimits;
use super::super::property::Property;
use super::super::value::{CalDuration, RawPeriod, RawTime, parse_period, parse_time, split_list};
use super::super::zones::ZoneTable;
use super::model::{CalTime, Rdate, ReadEnd};

/// State for reading one file.
pub(super) struct ReadContext<'c, 'a> {
    pub zones: ZoneTable<'c, 'a>,
    pub findings: Findings,
    pub limits: &'c ReadLimits,
}

impl ReadContext<'_, '_> {
    /// Adds a finding about a property of an event.
    pub fn report(
        &mut self,
        property: &Property<'_>,
        reason: Reason,
        severity: Severity,
        detail: impl Into<String>,
    ) {
        self.findings.add(Finding {
            line: property.line,
            component: "VEVENT".to_owned(),
            property: property.name().to_owned(),
            reason,
            severity,
            detail: detail.into(),
        });
    }

    /// Reports a value that does not parse as its type.
    pub fn bad_value(&mut self, property: &Property<'_>, value: &str, wanted: &str) {
        let shown: String = value.chars().filter(|c| !c.is_control()).take(60).collect();
        let detail = format!("«{shown}» is not a valid {wanted}");
        self.report(property, Reason::BadValue, Severity::Warning, detail);
    }

    /// Reads the single time of a property such as DTSTART. Returns `None`, after reporting it, if
    /// the value does not parse.
    pub fn time(&mut self, property: &Property<'_>) -> Option<CalTime> {
        let value = property.value();
        if let Some(raw) = parse_time(value) {
            return Some(self.placed(property, raw));
        }
        // An unquoted TZID with a colon leaves its tail before the value.
        if let Some((zone_tail, last)) = value.rsplit_once(':')
            && let Some(raw) = parse_time(last)
        {
            let tzid = property.tzid().map(|head| format!("{head}:{zone_tail}"));
            let detail = "a parameter with a colon needs quotation marks";
            self.report(property, Reason::BadParameter, Severity::Note, detail);
            return Some(self.placed_in(property, raw, tzid.as_deref()));
        }
        self.bad_value(property, value, "date or date-time");
        None
    }

    /// Reads a list of times such as EXDATE. Values that do not parse are reported and skipped.
    pub fn times(&mut self, property: &Property<'_>, into: &mut Vec<CalTime>) {
        for value in split_list(property.value()).filter(|value| !value.trim().is_empty()) {
            if self.list_is_full(property, into.len()) {
                return;
            }
            match parse_time(value) {
                Some(raw) => into.push(self.placed(property, raw)),
                None => self.bad_value(property, value, "date or date-time"),
            }
        }
    }

    /// Reads the times and periods of an RDATE.
    pub fn rdates(&mut self, property: &Property<'_>, into: &mut Vec<Rdate>) {
        for value in split_list(property.value()).filter(|value| !value.trim().is_empty()) {
            if self.list_is_full(property, into.len()) {
                return;
            }
            let (start, length) = match parse_period(value) {
                None => match parse_time(value) {
                    Some(start) => (start, ReadEnd::Missing),
                    None => {
                        self.bad_value(property, value, "date, date-time or period");
                        continue;
                    }
                },
                Some(RawPeriod::Until(start, end)) => {
                    let length = self.length(property, start, end);
                    (start, length.map_or(ReadEnd::Missing, ReadEnd::After))
                }
                Some(RawPeriod::For(start, duration)) => (start, ReadEnd::After(duration)),
            };
            let start = self.placed(property, start);
            into.push(Rdate { start, end: length });
        }
    }

    /// Returns the exact length of a period with an end, or `None` if it is not positive.
    fn length(
        &mut self,
        property: &Property<'_>,
        start: RawTime,
        end: RawTime,
    ) -> Option<CalDuration> {
        let (from, to) = (self.placed(property, start), self.placed(property, end));
        let exact = match (from.utc(), to.utc()) {
            (Some(from), Some(to)) => to - from,
            _ => to.local() - from.local(),
        };
        (exact.num_seconds() > 0).then_some(CalDuration {
            days: 0,
            seconds: exact.num_seconds(),
        })
    }

    fn list_is_full(&mut self, property: &Property<'_>, length: usize) -> bool {
        let cap = self.limits.list_values;
        let full = length >= cap;
        if full {
            let detail = format!("more than {cap} dates; the rest are ignored");
            self.report(property, Reason::TooMuch, Severity::Warning, detail);
        }
        full
    }

    fn placed(&mut self, property: &Property<'_>, raw: RawTime) -> CalTime {
        match raw {
            RawTime::Date(date) => CalTime::Date(date),
            RawTime::Utc(utc) => CalTime::Utc(utc),
            RawTime::Local(local) => match property.tzid() {
                None => CalTime::Floating(local),
                Some(tzid) => self.placed_in(property, RawTime::Local(local), Some(&tzid)),
            },
        }
    }

    fn placed_in(&mut self, property: &Property<'_>, raw: RawTime, tzid: Option<&str>) -> CalTime {
        match (raw, tzid) {
            (RawTime::Date(date), _) => CalTime::Date(date),
            (RawTime::Utc(utc), _) => CalTime::Utc(utc),
            (RawTime::Local(local), None) => CalTime::Floating(local),
            (RawTime::Local(local), Some(tzid)) => {
                match self.zones.zone(tzid, property.line, &mut self.findings) {
                    Some(zone) => CalTime::Zoned { local, zone },
                    None => CalTime::Floating(local),
                }
            }
        }
    }
}
