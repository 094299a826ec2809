//! Values that a client sends back as it received them. Events from feeds may have values that are refused here.

use serde_json::Value;

use crate::catalog::{Entry, Snapshot};
use crate::web::field_error::FieldProblem;
use crate::wire;
use calendar_domain::Event;
use calendar_domain::wire::WireEvent;

/// Removes the problems of fields that are equal to those of one of the stored versions of the event.
pub fn remove(
    problems: &mut Vec<FieldProblem>,
    told: &WireEvent,
    stored: [&Event; 2],
    snapshot: &Snapshot,
) {
    let told = value(told);
    let stored = stored.map(|event| {
        let entry = Entry::new(event, snapshot.region().time_zone);
        value(&wire::write_whole(&entry, snapshot, ""))
    });
    problems.retain(|problem| {
        let field = problem.field.split(['.', '[']).next().unwrap_or_default();
        let is_same = |stored: &Value, field: &str| stored.get(field) == told.get(field);
        let is_unchanged = |stored: &Value| {
            is_same(stored, field) && (field != "place" || is_same(stored, "other_places"))
        };
        !stored.iter().any(is_unchanged)
    });
}

fn value(event: &WireEvent) -> Value {
    serde_json::to_value(event).unwrap_or_default()
}
