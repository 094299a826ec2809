//! Checks component names, nesting and required properties (RFC 5545 sections 3.4 to 3.7).

use std::collections::BTreeMap;

use super::super::component::Component;
use super::properties::{is_entry, is_registered, property_rule};
use super::{Checker, each_component, rules};

pub(super) fn check(roots: &[Component<'_>], checker: &mut Checker) {
    if !roots.iter().any(|root| root.name == "VCALENDAR") {
        checker.add(rules::NO_CALENDAR, 1, "no VCALENDAR in this file");
    }
    for root in roots {
        if root.name == "VCALENDAR" {
            calendar(root, checker);
        } else {
            let message = format!("{} is outside a VCALENDAR", root.name);
            checker.add(rules::OUTSIDE_CALENDAR, root.line, message);
        }
        each_component(root, &mut |component| {
            properties(component, checker);
            children(component, checker);
            required(component, checker);
        });
    }
}

fn calendar(calendar: &Component<'_>, checker: &mut Checker) {
    let missing = [
        ("VERSION", rules::MISSING_VERSION),
        ("PRODID", rules::MISSING_PRODID),
    ];
    for (name, rule) in missing {
        if calendar.property(name).is_none() {
            checker.add(rule, calendar.line, format!("this calendar has no {name}"));
        }
    }
    if let Some(version) = calendar
        .property("VERSION")
        .filter(|found| found.value() != "2.0")
    {
        checker.value(rules::BAD_VERSION, version, "version 2.0");
    }
    let scale = calendar.property("CALSCALE");
    if let Some(scale) = scale.filter(|found| !found.value().eq_ignore_ascii_case("GREGORIAN")) {
        checker.value(rules::BAD_CALSCALE, scale, "scale that calendars use");
    }
    let Some(first) = calendar.children.first() else {
        checker.add(
            rules::EMPTY_CALENDAR,
            calendar.line,
            "this calendar contains no component",
        );
        return;
    };
    if let Some(late) = calendar
        .properties
        .iter()
        .find(|found| found.line > first.line)
    {
        let message = format!("{} follows a {}", late.name(), first.name);
        checker.add(rules::PROPERTY_AFTER_COMPONENT, late.line, message);
    }
}

/// Checks the names, placement and multiplicity of a component's own properties.
fn properties(component: &Component<'_>, checker: &mut Checker) {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for property in &component.properties {
        let name = property.name();
        if name.contains('_') {
            let message = format!("{name} contains an underscore");
            checker.add(rules::BAD_PROPERTY_NAME, property.line, message);
            continue;
        }
        let Some(rule) = property_rule(name) else {
            if !name.starts_with("X-") {
                let message = format!("{name} is not a registered property");
                checker.add(rules::UNKNOWN_PROPERTY, property.line, message);
            }
            continue;
        };
        if !rule.may_stand_in(&component.name) {
            let message = format!("{name} is not allowed in {}", component.name);
            checker.add(rules::MISPLACED_PROPERTY, property.line, message);
        }
        match seen.get(name) {
            None => _ = seen.insert(name, property.line),
            Some(first) if rule.stands_once_in(&component.name) => {
                let message = format!("{name} is already on line {first}");
                checker.add(rules::DUPLICATE_PROPERTY, property.line, message);
            }
            Some(_) => {}
        }
    }
}

fn children(component: &Component<'_>, checker: &mut Checker) {
    for child in &component.children {
        if !is_registered(&child.name) {
            if !child.name.starts_with("X-") {
                let message = format!("{} is not a registered component", child.name);
                checker.add(rules::UNKNOWN_COMPONENT, child.line, message);
            }
            continue;
        }
        let fits = match &*child.name {
            "VCALENDAR" => false,
            "STANDARD" | "DAYLIGHT" => component.name == "VTIMEZONE",
            "VALARM" => ["VEVENT", "VTODO"].contains(&&*component.name),
            "AVAILABLE" => component.name == "VAVAILABILITY",
            "PARTICIPANT" | "VLOCATION" | "VRESOURCE" => component.name != "VCALENDAR",
            _ => component.name == "VCALENDAR" || !is_registered(&component.name),
        };
        if !fits {
            let message = format!("{} is not allowed in {}", child.name, component.name);
            checker.add(rules::WRONG_NESTING, child.line, message);
        }
    }
}

/// Checks the required properties of a component other than a calendar or a time zone.
fn required(component: &Component<'_>, checker: &mut Checker) {
    let mut need = |name: &str, rule| {
        if component.property(name).is_none() {
            let message = format!("this {} has no {name}", component.name);
            checker.add(rule, component.line, message);
        }
    };
    if is_entry(&component.name) {
        need("UID", rules::MISSING_UID);
        need("DTSTAMP", rules::MISSING_DTSTAMP);
    }
    match &*component.name {
        "VEVENT" => need("DTSTART", rules::MISSING_DTSTART),
        "VALARM" => {
            need("ACTION", rules::INCOMPLETE_ALARM);
            need("TRIGGER", rules::INCOMPLETE_ALARM);
        }
        _ => {}
    }
}
