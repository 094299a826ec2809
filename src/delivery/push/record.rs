//! Records of the progress of each push connection and of the pushed events.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use url::Url;

use crate::catalog::Calendar;
use calendar_domain::{
    Connection, Delivery, EventId, PartnerId, Progress, Pushed, Pushing, RecordKey, RecordKind,
};
use calendar_store::{Author, Change, Commit, Revision, Store, StoreError, commit_all, records};

/// Version of the content. Changing it makes every event be sent again.
const SAYING: &[u8] = b"2\n";

/// Returns the key of a push connection: of a partner, a kind and an address.
#[must_use]
pub fn key(partner: &PartnerId, connection: &Connection) -> String {
    let url = connection.url.as_ref().map(Url::as_str).unwrap_or_default();
    let digest = Sha256::digest(format!("{partner}\n{}\n{url}", connection.connector));
    format!("{partner}-{}", hex::encode(&digest[..6]))
}

/// Returns the progress, or `None` before the first delivery.
///
/// # Errors
/// Errors if the store can't be read.
pub fn standing(calendar: &Calendar, key: &str) -> Result<Option<(Pushing, Revision)>, StoreError> {
    records::one(calendar, key)
}

/// Returns the number of events in a partner's calendar.
///
/// # Errors
/// Errors if the store can't be read.
pub fn count(calendar: &Calendar, key: &str) -> Result<usize, StoreError> {
    let there = of_calendar(calendar, key)?;
    let is_there = |pushed: &&Pushed| pushed.remote_id.is_some() && !pushed.withdrawn;
    Ok(there.iter().filter(is_there).count())
}

/// Returns the reasons why events are not sent, with the number of events of each.
///
/// # Errors
/// Errors if the store can't be read.
pub fn left_out(calendar: &Calendar, key: &str) -> Result<BTreeMap<String, usize>, StoreError> {
    let mut why = BTreeMap::new();
    for reason in of_calendar(calendar, key)?
        .into_iter()
        .filter_map(|item| item.left_out)
    {
        *why.entry(reason).or_default() += 1;
    }
    Ok(why)
}

/// Returns the records of all pushed events of all partners, including withdrawn ones.
///
/// # Errors
/// Errors if the store can't be read.
pub fn everywhere(calendar: &Calendar) -> Result<Vec<Pushed>, StoreError> {
    let all = records::every(calendar)?.into_iter();
    Ok(all.map(|(value, _)| value).collect())
}

/// Returns the records of the events of one connection.
fn of_calendar(calendar: &Calendar, key: &str) -> Result<Vec<Pushed>, StoreError> {
    let prefix = format!("{key}/");
    let all = records::every::<Pushed>(calendar)?.into_iter();
    let there = all.filter(|(value, _)| value.id.starts_with(&prefix));
    Ok(there.map(|(value, _)| value).collect())
}

/// Resumes a connection that was given up, if anything was sent before.
///
/// # Errors
/// Errors if the store rejects the commit.
pub fn resume(calendar: &Calendar, key: &str) -> Result<(), StoreError> {
    loop {
        let Some((mut pushing, revision)) = standing(calendar, key)? else {
            return Ok(());
        };
        pushing.progress.replay(calendar.clock().now());
        let change = Change::update(pushing.into(), revision);
        match commit(calendar, "sending to a partner starts again", change) {
            Err(StoreError::Conflict { .. }) => {}
            outcome => return outcome,
        }
    }
}

/// Stores the progress. `revision` is that of the record it is based on, or 0 if there was none. Returns the
/// new revision.
pub(super) fn keep(
    calendar: &Calendar,
    key: &str,
    partner: &PartnerId,
    connection: &Connection,
    progress: &Progress,
    revision: u64,
) -> Result<u64, StoreError> {
    let fresh = || Pushing {
        id: key.to_owned(),
        partner: partner.clone(),
        progress: Progress::after(0),
        day: Some(calendar.clock().now().date_naive()),
        generation: None,
        settings: Some(settings(connection)),
    };
    let mut pushing = standing(calendar, key)?.map_or_else(fresh, |(value, _)| value);
    pushing.progress = progress.clone();
    pushing.generation = Some(calendar.generation().id.to_string());
    let change = match revision {
        0 => Change::create(pushing.into()),
        revision => Change::update(pushing.into(), Revision(revision)),
    };
    commit(calendar, "progress of sending to a partner", change)?;
    Ok(standing(calendar, key)?.map_or(revision, |(_, revision)| revision.0))
}

/// Delivers recurring events again on a new day, since their next date may have changed. Nothing is sent for
/// unchanged ones.
pub(super) fn turn_the_page(
    calendar: &Calendar,
    mut pushing: Pushing,
    revision: Revision,
) -> Result<(), StoreError> {
    let (snapshot, now) = (calendar.snapshot(), calendar.clock().now());
    let recurs = |pushed: &Pushed| {
        let known = snapshot.event(&pushed.event);
        known.is_some_and(|event| event.recurs())
    };
    let there = of_calendar(calendar, &pushing.id)?.into_iter();
    let recurring = there.filter(recurs).map(|item| item.event.clone());
    for event in recurring {
        let progress = &mut pushing.progress;
        if progress.of(&event).is_none() {
            progress.waiting.push(Delivery {
                event,
                commit: progress.commit,
                since: progress.commit,
                attempts: 0,
                next: Some(now),
                error: String::new(),
            });
        }
    }
    pushing.day = Some(now.date_naive());
    let change = Change::update(pushing.into(), revision);
    commit(calendar, "sending recurring events again", change)
}

/// Returns true if the records state what the partner's calendar contains. After a restore they lack what was
/// sent since the backup.
pub(super) fn is_known(calendar: &Calendar, pushing: &Pushing) -> bool {
    let noted_in = pushing.generation.as_deref().map(str::parse);
    let generation = calendar.generation();
    noted_in.map_or_else(
        || generation.includes(None, pushing.progress.commit),
        |noted_in| noted_in == Ok(generation.id),
    )
}

/// Delivers every event again after a restore, whatever the records say.
pub(super) fn begin_anew(
    calendar: &Calendar,
    pushing: Pushing,
    revision: Revision,
) -> Result<(), StoreError> {
    let there = of_calendar(calendar, &pushing.id)?.into_iter();
    let unknown = there
        .filter(|value| !value.hash.is_empty())
        .map(|item| Pushed {
            hash: String::new(),
            ..item
        });
    let note = "the content of a partner's calendar is unknown after a restore";
    let mut changes: Vec<Change> = unknown.map(|unknown| Change::put(unknown.into())).collect();
    let pushing = Pushing {
        progress: Progress {
            disabled: pushing.progress.disabled.clone(),
            ..Progress::after(0)
        },
        generation: Some(calendar.generation().id.to_string()),
        ..pushing
    };
    // Last, so that an interruption makes it start again.
    changes.push(Change::update(pushing.into(), revision));
    let commit = Commit {
        author: Author::System,
        at: calendar.clock().now(),
        note: note.to_owned(),
        changes,
    };
    commit_all(calendar, commit).map(drop)
}

/// Delivers every event again after a change of settings. Nothing is sent for unchanged ones.
pub(super) fn say_anew(
    calendar: &Calendar,
    pushing: Pushing,
    revision: Revision,
    connection: &Connection,
) -> Result<(), StoreError> {
    let pushing = Pushing {
        progress: Progress {
            disabled: pushing.progress.disabled.clone(),
            ..Progress::after(0)
        },
        settings: Some(settings(connection)),
        ..pushing
    };
    let change = Change::update(pushing.into(), revision);
    commit(
        calendar,
        "the settings changed; sending everything again",
        change,
    )
}

/// Returns a digest of the settings that affect the content, so without user and secret.
pub(super) fn settings(connection: &Connection) -> String {
    let said = Connection {
        user: None,
        secret: None,
        ..connection.clone()
    };
    let said = serde_json::to_vec(&said).expect("a connection is strings, numbers and maps");
    hex::encode(Sha256::digest([SAYING, &said].concat()))
}

/// Returns the key of the record of an event, or of one of its dates.
pub(super) fn pushed_key(key: &str, event: &EventId, date: Option<&str>) -> String {
    match date {
        None => format!("{key}/{event}"),
        Some(date) => format!("{key}/{event}/{date}"),
    }
}

pub(super) fn pushed(calendar: &Calendar, id: &str) -> Result<Option<Pushed>, StoreError> {
    let found = records::one(calendar, id)?;
    Ok(found.map(|(value, _)| value))
}

pub(super) fn remember(calendar: &Calendar, pushed: Pushed) -> Result<(), StoreError> {
    let note = format!("{} in the calendar of {}", pushed.event, pushed.partner);
    commit(calendar, &note, Change::put(pushed.into()))
}

pub(super) fn forget(calendar: &Calendar, id: &str) -> Result<(), StoreError> {
    let key = RecordKey::new(RecordKind::Pushed, id);
    let Some((_, revision)) = records::one::<Pushed>(calendar, id)? else {
        return Ok(());
    };
    let note = "removed an event from a partner's calendar";
    commit(calendar, note, Change::remove(key, revision))
}

fn commit(calendar: &Calendar, note: &str, change: Change) -> Result<(), StoreError> {
    calendar.write(Author::System, note, vec![change])
}
