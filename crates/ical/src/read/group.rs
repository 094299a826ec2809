//! Events with the same UID: removal of superseded versions, and grouping into series.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDateTime;

use super::super::finding::{Finding, Findings, Reason, Severity};
use super::model::{CalTime, ReadCalendar, ReadEvent};

/// An event and its overrides; either may be missing.
#[derive(Debug, Clone)]
pub struct ComponentSet<'c> {
    /// The event itself; `None` if the file has only overrides.
    pub master: Option<&'c ReadEvent>,
    /// Changed occurrences, in file order.
    pub overrides: Vec<&'c ReadEvent>,
}

/// Returns the events of a file with their overrides, ordered by first appearance.
///
/// Events without UID are not grouped. If several masters share a UID, overrides go with the first.
pub fn series(calendar: &ReadCalendar) -> Vec<ComponentSet<'_>> {
    let mut found: Vec<ComponentSet<'_>> = Vec::new();
    let mut by_uid: HashMap<&str, usize> = HashMap::new();
    for event in &calendar.events {
        let place = (!event.uid.is_empty())
            .then(|| by_uid.get(&*event.uid).copied())
            .flatten();
        match (place, event.recurrence_id.is_some()) {
            (Some(place), true) => found[place].overrides.push(event),
            (Some(place), false) if found[place].master.is_none() => {
                found[place].master = Some(event);
            }
            (place, is_override) => {
                if place.is_none() && !event.uid.is_empty() {
                    by_uid.insert(&event.uid, found.len());
                }
                found.push(if is_override {
                    ComponentSet {
                        master: None,
                        overrides: vec![event],
                    }
                } else {
                    ComponentSet {
                        master: Some(event),
                        overrides: Vec::new(),
                    }
                });
            }
        }
    }
    let mut sorted = Vec::with_capacity(found.len());
    for series in found {
        if series.master.is_none() {
            sorted.extend(without_master(series.overrides));
        } else {
            sorted.push(series);
        }
    }
    sorted
}

/// Groups overrides whose event is not in the file.
///
/// An override with a rule of its own, as KOrganizer writes it, is an event of its own; the first
/// one takes the other overrides. An override with only RDATE, as Notes writes it, repeats the
/// dates of the missing event and is not a master.
fn without_master(overrides: Vec<&ReadEvent>) -> Vec<ComponentSet<'_>> {
    let (recurring, mut single): (Vec<_>, Vec<_>) = overrides
        .into_iter()
        .partition(|event| !event.rules.is_empty());
    if recurring.is_empty() {
        let overrides = single;
        return vec![ComponentSet {
            master: None,
            overrides,
        }];
    }
    let series = recurring.into_iter().map(|event| ComponentSet {
        master: Some(event),
        overrides: std::mem::take(&mut single),
    });
    series.collect()
}

/// Removes and reports events superseded by a later version in the same file, and reports overrides
/// without a master. Returns the number of removed events.
///
/// Versions share UID and RECURRENCE-ID. The highest SEQUENCE is kept. Among versions with the same
/// SEQUENCE and start, the latest LAST-MODIFIED or DTSTAMP is kept. Events with the same UID and
/// SEQUENCE but different starts are distinct events with a bad UID: all are kept.
pub(super) fn settle(events: &mut Vec<ReadEvent>, findings: &mut Findings) -> usize {
    let taken_out = superseded(events, findings);
    let mut index = 0;
    events.retain(|_| {
        index += 1;
        !taken_out.contains(&(index - 1))
    });
    report_masterless(events, findings);
    taken_out.len()
}

fn superseded(events: &[ReadEvent], findings: &mut Findings) -> BTreeSet<usize> {
    let mut taken_out = BTreeSet::new();
    let mut by_key: HashMap<(&str, Option<NaiveDateTime>), Vec<usize>> = HashMap::new();
    for (index, event) in events
        .iter()
        .enumerate()
        .filter(|(_, event)| !event.uid.is_empty())
    {
        let id = event.recurrence_id.as_ref().map(|id| instant(&id.time));
        by_key.entry((&event.uid, id)).or_default().push(index);
    }
    let shared = by_key.into_values().filter(|indexes| indexes.len() > 1);
    for indexes in shared {
        let highest = indexes
            .iter()
            .map(|&i| events[i].sequence)
            .max()
            .unwrap_or(0);
        let mut latest: HashMap<NaiveDateTime, usize> = HashMap::new();
        for index in indexes {
            if events[index].sequence < highest {
                report_superseded(&events[index], "a higher SEQUENCE", findings);
                taken_out.insert(index);
                continue;
            }
            let Some(rival) = latest.insert(instant(&events[index].start), index) else {
                continue;
            };
            let (older, newer) = if changed(&events[rival]) > changed(&events[index]) {
                (index, rival)
            } else {
                (rival, index)
            };
            latest.insert(instant(&events[index].start), newer);
            report_superseded(&events[older], "the same SEQUENCE and start", findings);
            taken_out.insert(older);
        }
    }
    taken_out
}

/// Returns the time used to compare versions.
fn instant(time: &CalTime) -> NaiveDateTime {
    time.utc().unwrap_or_else(|| time.local())
}

fn changed(event: &ReadEvent) -> Option<NaiveDateTime> {
    event.last_modified.or(event.stamp)
}

fn report_superseded(event: &ReadEvent, by: &str, findings: &mut Findings) {
    findings.add(Finding {
        line: event.line,
        component: "VEVENT".to_owned(),
        property: "UID".to_owned(),
        reason: Reason::Superseded,
        severity: Severity::Note,
        detail: format!("superseded by an event of the same UID with {by}"),
    });
}

fn report_masterless(events: &[ReadEvent], findings: &mut Findings) {
    let masters: BTreeSet<&str> = events
        .iter()
        .filter(|event| event.recurrence_id.is_none())
        .map(|event| &*event.uid)
        .collect();
    let overrides = events.iter().filter(|event| event.recurrence_id.is_some());
    for event in overrides.filter(|event| !masters.contains(&*event.uid)) {
        findings.add(Finding {
            line: event.line,
            component: "VEVENT".to_owned(),
            property: "RECURRENCE-ID".to_owned(),
            reason: Reason::NoMaster,
            severity: Severity::Note,
            detail: "its recurring event is not in the file; read as a separate event".to_owned(),
        });
    }
}
