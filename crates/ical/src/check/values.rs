//! Checks the parameters and values of single properties (RFC 5545 sections 3.2 and 3.3).

use url::Url;

use super::super::component::Component;
use super::super::property::Property;
use super::super::value::{
    CalDuration, RawTime, parse_date, parse_date_time, parse_geo, parse_period, parse_utc_offset,
    split_list,
};
use super::properties::{ValueKind, property_rule};
use super::{Checker, excerpt, rules};
use calendar_domain::recurrence::{RecurrenceRule, violations};

pub(super) fn check(property: &Property<'_>, component: &Component<'_>, checker: &mut Checker) {
    parameters(property, checker);
    let Some(rule) = property_rule(property.name()) else {
        return;
    };
    if property.parameter_is("ENCODING", "QUOTED-PRINTABLE") {
        let message = format!("{} is quoted-printable", property.name());
        checker.add(rules::OBSOLETE, property.line, message);
        return;
    }
    let may_be_empty = matches!(rule.kind, ValueKind::Text | ValueKind::TextList);
    if property.value().trim().is_empty() && !may_be_empty {
        let message = format!("{} has no value", property.name());
        checker.add(rules::EMPTY_VALUE, property.line, message);
        return;
    }
    match rule.kind {
        ValueKind::Text => text(property, false, checker),
        ValueKind::TextList => text(property, true, checker),
        ValueKind::Time => _ = time(property, property.value(), component, checker),
        ValueKind::TimeList => times(property, component, checker),
        ValueKind::Stamp => stamp(property, component, checker),
        ValueKind::Duration if !is_strict_duration(property.value()) => {
            checker.value(rules::BAD_DURATION, property, "duration");
        }
        ValueKind::Uri => uri(property, checker),
        ValueKind::Address if Url::parse(property.value()).is_err() => {
            checker.value(
                rules::BAD_ADDRESS,
                property,
                "URI such as mailto:name@example.org",
            );
        }
        ValueKind::Offset if !is_strict_offset(property.value()) => {
            checker.value(rules::BAD_OFFSET, property, "offset from UTC");
        }
        ValueKind::Rule => recurrence_rule(property, checker),
        ValueKind::Duration | ValueKind::Address | ValueKind::Offset => {}
        ValueKind::Other => other(property, component, checker),
    }
}

/// Parameters with several values. In any other parameter a comma means missing quotation marks.
const MANY_VALUED: [&str; 4] = ["MEMBER", "DELEGATED-TO", "DELEGATED-FROM", "DISPLAY"];

fn parameters(property: &Property<'_>, checker: &mut Checker) {
    let head = property.head();
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in property.parameters() {
        let name = name.to_ascii_uppercase();
        if value.contains('"')
            && !value.starts_with('"')
            && !value.contains('^')
            && head.contains(&format!("={value}"))
        {
            let message = format!("a quotation mark inside {name}");
            checker.add(rules::QUOTE_IN_PARAMETER, property.line, message);
        }
        if seen.contains(&name) {
            let several = MANY_VALUED.contains(&&*name) || name.starts_with("X-");
            let again = head
                .to_ascii_uppercase()
                .matches(&format!(";{name}="))
                .count()
                > 1;
            if again {
                let message = format!("{name} occurs more than once");
                checker.add(rules::DUPLICATE_PARAMETER, property.line, message);
            } else if !several && name != "FEATURE" {
                let message = format!("{name} has a comma outside quotation marks");
                checker.add(rules::UNQUOTED_PARAMETER, property.line, message);
            }
        }
        seen.push(name);
    }
    if property.parameter_is("RANGE", "THISANDPRIOR") {
        checker.add(
            rules::OBSOLETE,
            property.line,
            "RANGE=THISANDPRIOR is no longer valid",
        );
    }
}

/// Checks TEXT for wrong escapes and missing ones.
fn text(property: &Property<'_>, list: bool, checker: &mut Checker) {
    let mut letters = property.value().chars();
    let (mut bad_escape, mut unescaped) = (None, None);
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('\\' | ';' | ',' | 'n' | 'N') => {}
                after => bad_escape = bad_escape.or(Some(after)),
            },
            ';' => unescaped = Some(letter),
            ',' if !list => unescaped = Some(letter),
            _ => {}
        }
    }
    if let Some(after) = bad_escape {
        let after = after.map(String::from).unwrap_or_default();
        let message = format!(
            "{}: a backslash before «{}»",
            property.name(),
            excerpt(&after)
        );
        checker.add(rules::BAD_ESCAPE, property.line, message);
    }
    if let Some(letter) = unescaped {
        let message = format!("{}: «{letter}» without a backslash", property.name());
        checker.add(rules::UNESCAPED_TEXT, property.line, message);
    }
}

/// Parses a DATE or DATE-TIME in exactly the form of the RFC.
pub(super) fn strict_time(value: &str) -> Option<RawTime> {
    let bytes = value.as_bytes();
    match bytes {
        [_, _, _, _, _, _, _, _] => parse_date(value).map(RawTime::Date),
        [.., b'Z'] if bytes.len() == 16 && bytes[8] == b'T' => {
            parse_date_time(value.get(..15)?).map(RawTime::Utc)
        }
        _ if bytes.len() == 15 && bytes[8] == b'T' => parse_date_time(value).map(RawTime::Local),
        _ => None,
    }
}

fn time(
    property: &Property<'_>,
    value: &str,
    component: &Component<'_>,
    checker: &mut Checker,
) -> Option<RawTime> {
    let Some(time) = strict_time(value) else {
        if value
            .rsplit_once(':')
            .and_then(|(_, last)| strict_time(last))
            .is_some()
        {
            let message = format!("{} has a parameter with a colon", property.name());
            checker.add(rules::UNQUOTED_PARAMETER, property.line, message);
            return None;
        }
        let message = format!(
            "{}: «{}» is not a date or date-time",
            property.name(),
            excerpt(value)
        );
        checker.add(rules::BAD_TIME, property.line, message);
        return None;
    };
    let declared_date = property.parameter_is("VALUE", "DATE");
    if declared_date != matches!(time, RawTime::Date(_)) {
        let what = if declared_date {
            "a date-time with VALUE=DATE"
        } else {
            "a date without VALUE=DATE"
        };
        let message = format!("{}: {what}", property.name());
        checker.add(rules::VALUE_TYPE_MISMATCH, property.line, message);
    }
    let zoned = property.parameter("TZID").is_some();
    match time {
        RawTime::Date(_) | RawTime::Utc(_) if zoned => {
            let message = format!("{}: TZID with a date or a time in UTC", property.name());
            checker.add(rules::TZID_NOT_LOCAL, property.line, message);
        }
        RawTime::Local(_) if !zoned && component.name == "VEVENT" => {
            let message = format!("{} has neither a zone nor Z", property.name());
            checker.add(rules::FLOATING_TIME, property.line, message);
        }
        _ => {}
    }
    Some(time)
}

fn times(property: &Property<'_>, component: &Component<'_>, checker: &mut Checker) {
    if property.parameter_is("VALUE", "PERIOD") {
        for value in split_list(property.value()).filter(|value| parse_period(value).is_none()) {
            let message = format!("{}: «{}» is not a period", property.name(), excerpt(value));
            checker.add(rules::BAD_TIME, property.line, message);
        }
        return;
    }
    for value in split_list(property.value()) {
        time(property, value, component, checker);
    }
}

fn stamp(property: &Property<'_>, component: &Component<'_>, checker: &mut Checker) {
    let time = time(property, property.value(), component, checker);
    if time.is_some_and(|time| !matches!(time, RawTime::Utc(_))) {
        checker.value(rules::STAMP_NOT_UTC, property, "time in UTC");
    }
}

/// Returns true if `value` matches the RFC 5545 grammar: no blanks, no lower case, weeks only
/// alone.
fn is_strict_duration(value: &str) -> bool {
    let plain = value
        .bytes()
        .all(|b| b.is_ascii_digit() || b"+-PWDTHMS".contains(&b));
    let weeks_alone = !value.contains('W') || !value.contains(['D', 'T']);
    let (days, time) = value.split_once('T').unwrap_or((value, "S"));
    let order = |text: &str, units: &str| {
        let found: Vec<_> = text.chars().filter_map(|c| units.find(c)).collect();
        found.is_sorted_by(|a, b| a < b)
    };
    plain
        && weeks_alone
        && !time.is_empty()
        && order(days, "WD")
        && order(time, "HMS")
        && CalDuration::parse(value).is_some()
}

fn is_strict_offset(value: &str) -> bool {
    let form = value.starts_with(['+', '-']) && [5, 7].contains(&value.len());
    form && value != "-0000" && value != "-000000" && parse_utc_offset(value).is_some()
}

fn uri(property: &Property<'_>, checker: &mut Checker) {
    let inline = property.parameter_is("VALUE", "BINARY") || property.parameter_is("VALUE", "TEXT");
    if !inline && Url::parse(property.value()).is_err() {
        checker.value(rules::BAD_URI, property, "absolute URI");
    }
}

fn recurrence_rule(property: &Property<'_>, checker: &mut Checker) {
    if property.name() == "EXRULE" {
        checker.add(rules::OBSOLETE, property.line, "EXRULE is no longer valid");
    }
    match property.value().parse::<RecurrenceRule>() {
        Err(error) => checker.add(rules::BAD_RRULE, property.line, error.to_string()),
        Ok(rule) => {
            for violation in violations(&rule) {
                checker.add(
                    rules::FORBIDDEN_RULE_PART,
                    property.line,
                    violation.to_string(),
                );
            }
        }
    }
}

/// Checks properties with rules of their own.
fn other(property: &Property<'_>, component: &Component<'_>, checker: &mut Checker) {
    let value = property.value();
    match property.name() {
        "GEO" if value.contains(['\\', ',']) || parse_geo(value).is_none() => {
            checker.value(rules::BAD_GEO, property, "latitude;longitude");
        }
        "PRIORITY" if !matches!(value.parse(), Ok(0..=9)) => {
            checker.value(rules::BAD_PRIORITY, property, "number from 0 to 9");
        }
        "SEQUENCE" if value.parse::<u32>().is_err() => {
            checker.value(rules::BAD_SEQUENCE, property, "number from 0 up");
        }
        "TRANSP" if !is_one_of(value, &["OPAQUE", "TRANSPARENT"]) => {
            checker.value(rules::BAD_TRANSP, property, "OPAQUE or TRANSPARENT");
        }
        "STATUS" if !is_one_of(value, statuses(&component.name)) => {
            checker.value(rules::BAD_STATUS, property, "status of such a component");
        }
        _ => {}
    }
}

fn is_one_of(value: &str, words: &[&str]) -> bool {
    words.is_empty() || words.iter().any(|word| word.eq_ignore_ascii_case(value))
}

fn statuses(component: &str) -> &'static [&'static str] {
    match component {
        "VEVENT" => &["TENTATIVE", "CONFIRMED", "CANCELLED"],
        "VTODO" => &["NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "CANCELLED"],
        "VJOURNAL" => &["DRAFT", "FINAL", "CANCELLED"],
        _ => &[],
    }
}
