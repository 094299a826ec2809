//! Checks that UIDs are unique within a calendar (RFC 5545 section 3.8.4.7).

use std::collections::HashMap;

use super::super::component::Component;
use super::properties::is_entry;
use super::{Checker, rules};

pub(super) fn check(calendar: &Component<'_>, checker: &mut Checker) {
    let mut seen: HashMap<(&str, &str), u32> = HashMap::new();
    for entry in calendar
        .children
        .iter()
        .filter(|child| is_entry(&child.name))
    {
        let Some(uid) = entry.property("UID") else {
            continue;
        };
        let id = entry.property("RECURRENCE-ID").map_or("", |id| id.value());
        match seen.get(&(uid.value(), id)) {
            None => _ = seen.insert((uid.value(), id), entry.line),
            Some(first) => {
                let of = if id.is_empty() {
                    "UID"
                } else {
                    "UID and RECURRENCE-ID"
                };
                let message = format!("the component on line {first} has the same {of}");
                checker.add(rules::DUPLICATE_UID, uid.line, message);
            }
        }
    }
}
