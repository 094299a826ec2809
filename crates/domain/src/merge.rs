//! Three-way merge of an edit with an event that was changed meanwhile, field by field.

use std::collections::BTreeSet;

use super::{Event, Field};

/// Fields whose edits go live at once, since readers need them: time, place, status and places left.
pub const LIVE_FIELDS: [Field; 5] = [
    Field::Schedule,
    Field::Status,
    Field::Availability,
    Field::Venues,
    Field::OnlineUrl,
];

/// The result of a merge.
#[derive(Debug, Clone, PartialEq)]
pub struct MergedEdit {
    /// The current event with the changes of the edit.
    pub event: Event,
    /// The fields that the edit changes.
    pub changed: BTreeSet<Field>,
    /// The fields that both changed, to different values. They keep the current value.
    pub conflicts: Vec<Field>,
}

/// Merges the changes from `base` to `next` into `current`. A field that only one of them changed is taken from it. One
/// that both changed is a conflict, except those in `decided`, which are taken from `next`.
///
/// Identifiers and the state of the record are those of `current`.
#[must_use]
pub fn merge_edit(
    base: &Event,
    current: &Event,
    next: &Event,
    decided: &BTreeSet<Field>,
) -> MergedEdit {
    let mut merged = MergedEdit {
        event: current.clone(),
        changed: BTreeSet::new(),
        conflicts: Vec::new(),
    };
    for field in Field::ALL {
        let is_kept = next.same_value(field, base) || next.same_value(field, current);
        if field == Field::Publication || is_kept {
            continue;
        }
        if current.same_value(field, base) || decided.contains(&field) {
            merged.event.take(field, next);
            merged.changed.insert(field);
        } else {
            merged.conflicts.push(field);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Publication, Schedule, Text, Venue, When};

    fn event() -> Event {
        let day = When::day("2027-04-10".parse().unwrap());
        let (slug, uid) = ("concert".parse().unwrap(), "u@example.no".parse().unwrap());
        let born = chrono::DateTime::UNIX_EPOCH;
        Event::new(slug, uid, Text::nb("Konsert"), Schedule::once(day), born)
    }

    #[test]
    fn only_fields_that_both_changed_to_different_values_are_conflicts() {
        let base = event();
        let (mut current, mut next) = (base.clone(), base.clone());
        current.title = Text::nb("Stor konsert");
        next.title = Text::nb("Liten konsert");
        current.summary = Text::nb("Av redaktøren");
        next.description = Text::nb("Av arrangøren");
        current.venues = vec![Venue::named("Samme sted")];
        next.venues = vec![Venue::named("Samme sted")];
        next.publication = Publication::Withdrawn;
        let merged = merge_edit(&base, &current, &next, &BTreeSet::new());
        assert_eq!(merged.conflicts, [Field::Title]);
        assert_eq!(merged.changed, BTreeSet::from([Field::Description]));
        assert_eq!(merged.event.title, current.title);
        assert_eq!(merged.event.summary, current.summary);
        assert_eq!(merged.event.description, next.description);
        assert!(merged.event.is_public());
        let decided = merge_edit(&base, &current, &next, &[Field::Title].into());
        assert!(decided.conflicts.is_empty());
        assert_eq!(decided.event.title, next.title);
    }
}
