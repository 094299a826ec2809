//! Parts of events that are merged or split.

use std::collections::HashSet;

use calendar_domain::revision::revise;
use calendar_domain::{Event, EventId, Record, RecordKind, SourceVersion};
use calendar_store::{Change, Store, StoreError};

use super::Editor;

/// Returns the changes that make parts of the first event parts of the second one: those for which `is_meant` returns
/// true, published or not, and what their sources say.
///
/// # Errors
/// Errors if the store cannot be read.
pub(super) fn moved(
    store: &dyn Store,
    editor: &Editor,
    (from, to): (&EventId, &EventId),
    is_meant: impl Fn(&Event) -> bool,
) -> Result<Vec<Change>, StoreError> {
    let (mut parts, mut versions) = (Vec::new(), Vec::new());
    let kinds = [RecordKind::Event, RecordKind::SourceVersion];
    store.scan(&kinds, &mut |batch| {
        for stored in batch {
            match stored.record {
                Record::Event(part) if part.super_event.as_ref() == Some(from) => {
                    parts.push((part, stored.revision));
                }
                Record::SourceVersion(version)
                    if version.told.super_event.as_ref() == Some(from) =>
                {
                    versions.push((version, stored.revision));
                }
                _ => {}
            }
        }
    })?;
    let mut changes = Vec::new();
    let mut moved = HashSet::new();
    for (part, revision) in parts {
        if !is_meant(&part) {
            continue;
        }
        moved.insert(part.id.clone());
        let next = Event {
            super_event: Some(to.clone()),
            ..Event::clone(&part)
        };
        let next = revise(&part, next, editor.now);
        changes.extend(next.map(|next| Change::update(next.into(), revision)));
    }
    for (version, revision) in versions {
        if moved.contains(&version.event) {
            let mut next = SourceVersion::clone(&version);
            next.told.super_event = Some(to.clone());
            changes.push(Change::update(next.into(), revision));
        }
    }
    Ok(changes)
}
