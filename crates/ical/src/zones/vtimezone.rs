//! Evaluates the rules of a VTIMEZONE (RFC 5545 section 3.6.5).

use std::ops::Range;

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};

use super::super::component::Component;
use super::super::finding::{Finding, Findings, Reason, Severity};
use super::super::limits::ReadLimits;
use super::super::property::Property;
use super::super::value::{
    RawPeriod, RawTime, parse_period, parse_time, parse_utc_offset, split_list,
};
use super::custom::{CustomZone, OffsetChange};
use calendar_domain::recurrence::{ExpansionLimits as RuleLimits, RecurrenceRule, RuleEnd, expand};

/// Maximum number of rules per observance; RFC 5545 advises one.
const RULES_EACH: usize = 5;

/// Evaluates a VTIMEZONE between 1900 and 2100. Returns `None`, with a finding per observance, if
/// none of them can be read.
pub fn evaluate(
    tzid: &str,
    definition: &Component<'_>,
    limits: &ReadLimits,
    findings: &mut Findings,
) -> Option<CustomZone> {
    let observances = definition
        .children
        .iter()
        .filter(|child| child.name == "STANDARD" || child.name == "DAYLIGHT");
    let mut onsets: Vec<OffsetChange> = Vec::new();
    let mut earliest: Option<(NaiveDateTime, i32)> = None;
    for child in observances.take(limits.observances) {
        let observance = match Observance::read(child) {
            Ok(observance) => observance,
            Err(fault) => {
                report(child, fault.0, fault.1, findings);
                continue;
            }
        };
        if earliest.is_none_or(|(start, _)| observance.start < start) {
            earliest = Some((observance.start, observance.from));
        }
        onsets.extend(observance.onsets(child, findings));
    }
    let Some((_, first_offset)) = earliest else {
        report(definition, "", "no readable observance", findings);
        return None;
    };
    Some(CustomZone::new(tzid, first_offset, onsets))
}

/// STANDARD or DAYLIGHT: a change from `from` to `to` (seconds east of UTC), first at `start` in
/// the wall time of `from`.
struct Observance {
    start: NaiveDateTime,
    from: i32,
    to: i32,
}

impl Observance {
    /// Reads an observance.
    ///
    /// # Errors
    /// Returns the name of the invalid property and the reason.
    fn read(component: &Component<'_>) -> Result<Self, (&'static str, &'static str)> {
        let offset = |name: &'static str| match component.property(name) {
            None => Err((name, "missing")),
            Some(found) => parse_utc_offset(found.value()).ok_or((name, "not an offset from UTC")),
        };
        let (to, from) = (offset("TZOFFSETTO")?, offset("TZOFFSETFROM"));
        // A single TZOFFSETTO still defines a zone that never changes.
        let from = from.or_else(|fault| {
            if fault.1 == "missing" {
                Ok(to)
            } else {
                Err(fault)
            }
        })?;
        let start = component
            .property("DTSTART")
            .ok_or(("DTSTART", "missing"))?;
        let start = parse_time(start.value()).ok_or(("DTSTART", "not a date-time"))?;
        Ok(Observance {
            start: local(start, from),
            from,
            to,
        })
    }

    fn onsets(&self, component: &Component<'_>, findings: &mut Findings) -> Vec<OffsetChange> {
        let mut starts = vec![self.start];
        for rrule in component.all("RRULE").take(RULES_EACH) {
            starts.extend(self.ruled(rrule, component, findings));
        }
        for rdate in component.all("RDATE") {
            starts.extend(self.listed(rdate, component, findings));
        }
        let onset = |start: NaiveDateTime| {
            let at = start.checked_sub_signed(Duration::seconds(self.from.into()))?;
            Some(OffsetChange {
                at,
                offset: self.to,
            })
        };
        starts.into_iter().filter_map(onset).collect()
    }

    /// Returns the starts by rule. UNTIL should be in UTC, but local times and dates occur too.
    fn ruled(
        &self,
        rrule: &Property<'_>,
        component: &Component<'_>,
        findings: &mut Findings,
    ) -> Vec<NaiveDateTime> {
        let rule: RecurrenceRule = match rrule.value().trim().parse() {
            Ok(rule) => rule,
            Err(error) => {
                report(component, "RRULE", &error.to_string(), findings);
                return Vec::new();
            }
        };
        let until = match rule.until {
            Some(RuleEnd::Utc(utc)) => Some(local(RawTime::Utc(utc), self.from)),
            _ => rule.until_in(None),
        };
        let found = expand(
            &rule,
            self.start,
            until,
            evaluated_span(),
            &zone_rule_limits(),
        );
        found.unwrap_or_else(|error| {
            report(component, "RRULE", &error.to_string(), findings);
            Vec::new()
        })
    }

    fn listed(
        &self,
        rdate: &Property<'_>,
        component: &Component<'_>,
        findings: &mut Findings,
    ) -> Vec<NaiveDateTime> {
        let mut starts = Vec::new();
        for value in split_list(rdate.value()) {
            let start = parse_time(value).or_else(|| match parse_period(value)? {
                RawPeriod::Until(start, _) | RawPeriod::For(start, _) => Some(start),
            });
            match start {
                // Some programs list bare dates; the time of day of DTSTART applies then.
                Some(RawTime::Date(date)) => starts.push(date.and_time(self.start.time())),
                Some(start) => starts.push(local(start, self.from)),
                None => report(component, "RDATE", "not a date-time", findings),
            }
        }
        starts
    }
}

/// ReadLimits for two changes per year in the evaluated range, expanded daily from 1601 at the
/// earliest.
fn zone_rule_limits() -> RuleLimits {
    RuleLimits {
        max_occurrences: 400,
        max_iterations: 10_000,
        ..RuleLimits::default()
    }
}

/// Returns the range of years in which rules are expanded.
fn evaluated_span() -> Range<NaiveDateTime> {
    let new_year = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX);
    new_year(1900).and_time(NaiveTime::MIN)..new_year(2100).and_time(NaiveTime::MIN)
}

/// Returns a time in the wall time of `offset`.
fn local(time: RawTime, offset: i32) -> NaiveDateTime {
    match time {
        RawTime::Date(date) => date.and_time(NaiveTime::MIN),
        RawTime::Local(local) => local,
        RawTime::Utc(utc) => utc
            .checked_add_signed(Duration::seconds(offset.into()))
            .unwrap_or(utc),
    }
}

fn report(component: &Component<'_>, property: &str, fault: &str, findings: &mut Findings) {
    findings.add(Finding {
        line: component.line,
        component: component.name.to_string(),
        property: property.to_owned(),
        reason: Reason::BadZone,
        severity: Severity::Warning,
        detail: format!("cannot read the zone's definition: {fault}"),
    });
}
