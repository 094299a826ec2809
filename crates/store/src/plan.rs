//! From a commit to writes. Pure, and the only way by which a store changes: what a commit wrote
//! and what the journal writes again after a crash are the same bytes.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::value::{RawValue, to_raw_value};

use super::StoreError;
use super::body::{self, BODY_VERSION, Entry, EntryChange, Envelope, State, Totals};
use super::claims::{ClaimChanges, ClaimWrite};
use super::commit::{Applied, Author, Commit, Committed, Expected, Revision, Stored};
use super::history::{HISTORY_KEPT, history_key};
use calendar_domain::{Record, RecordKey};

/// The largest record, in bytes of JSON.
const RECORD_LIMIT: usize = 1 << 20;
/// The largest commit, in bytes of JSON: some ten thousand events.
pub(super) const COMMIT_LIMIT: usize = 32 << 20;
/// The longest note, in bytes; every record of the commit carries it in its history.
const NOTE_LIMIT: usize = 1_000;

/// What planning reads of the store.
pub(super) trait View {
    /// The current version of a record, or of its removal, as stored.
    fn current(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;
    /// An earlier version, under its history key.
    fn earlier(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
    /// The stored form of the holders of a claim.
    fn holders(&self, claim: &str) -> Result<Option<Vec<u8>>, StoreError>;
}

/// Which part of the store a write goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The newest version of each record, under its key.
    Current,
    /// The versions before it, under [`history_key`].
    History,
}

/// One write; no value removes.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) part: Part,
    pub(super) key: Vec<u8>,
    pub(super) value: Option<Vec<u8>>,
}

/// A commit that has been looked at without the store: its own mistakes are out, its records are
/// bytes.
pub(super) struct Submission {
    author: Author,
    pub(super) at: DateTime<Utc>,
    note: String,
    changes: Vec<Submitted>,
    /// Bytes of all bodies together.
    pub(super) size: usize,
}

struct Submitted {
    key: RecordKey,
    text: String,
    expected: Expected,
    to: Option<(Record, Box<RawValue>)>,
}

/// A commit that has its number and awaits only the disk.
pub(super) struct Plan {
    pub(super) entry: Entry,
    pub(super) writes: Vec<Write>,
    pub(super) claims: Vec<ClaimWrite>,
    pub(super) state: State,
}

impl Submission {
    /// Finds what is wrong with a commit whatever stands in the store.
    pub(super) fn check(commit: Commit) -> Result<Self, StoreError> {
        let mut size = commit.note.len();
        if size > NOTE_LIMIT {
            return Err(StoreError::NoteTooLong {
                size,
                limit: NOTE_LIMIT,
            });
        }
        let mut seen = BTreeSet::new();
        let mut changes = Vec::with_capacity(commit.changes.len());
        for change in commit.changes {
            if !seen.insert(change.key.clone()) {
                return Err(StoreError::Twice { key: change.key });
            }
            let to = change
                .to
                .map(|record| with_body(&change.key, record))
                .transpose()?;
            size += to.as_ref().map_or(0, |(_, body)| body.get().len());
            let (text, expected) = (change.key.to_string(), change.expected);
            changes.push(Submitted {
                key: change.key,
                text,
                expected,
                to,
            });
        }
        if size > COMMIT_LIMIT {
            return Err(StoreError::CommitTooLarge {
                size,
                limit: COMMIT_LIMIT,
            });
        }
        Ok(Self {
            author: commit.author,
            at: commit.at,
            note: commit.note,
            changes,
            size,
        })
    }

    /// Checks the commit against the store and plans it; `None` when it changes nothing.
    pub(super) fn plan(
        self,
        root: &Path,
        before: &State,
        view: &impl View,
    ) -> Result<Option<(Plan, Committed)>, StoreError> {
        let number = before.number.next();
        // Times never run backwards, whatever the callers' clocks do.
        let at = before.at.map_or(self.at, |last| last.max(self.at));
        let mut entries = Vec::new();
        let mut changes = Vec::new();
        for submitted in self.changes {
            let Submitted {
                key,
                text,
                expected,
                to,
            } = submitted;
            let (last, standing) = standing(root, &text, view)?;
            check_expected(&key, expected, to.is_none(), standing.as_ref())?;
            let unchanged = standing.as_ref().map(|s| &s.record) == to.as_ref().map(|(r, _)| r);
            if unchanged {
                continue;
            }
            let revision = last.map_or(Revision::FIRST, Revision::next);
            let (record, body) = to.unzip();
            let claims = |record: Option<&Record>| record.map(Record::claims).unwrap_or_default();
            let claims = (
                claims(standing.as_ref().map(|it| &it.record)),
                claims(record.as_ref()),
            );
            let after = record.map(|record| Stored {
                record,
                revision,
                commit: number,
                changed_at: at,
            });
            entries.push(EntryChange {
                key: text,
                revision,
                record: body,
                claims: Some(claims),
            });
            changes.push(Applied {
                key,
                before: standing,
                after,
            });
        }
        if changes.is_empty() {
            return Ok(None);
        }
        let mut entry = Entry {
            v: BODY_VERSION,
            number,
            at,
            author: self.author,
            note: self.note,
            changes: entries,
            after: Totals::default(),
        };
        let Effects {
            writes,
            claims,
            state,
        } = effects(&entry, before, view)?;
        if let Some(taken) = claims.conflict() {
            return Err(taken);
        }
        entry.after = state.totals;
        Ok(Some((
            Plan {
                entry,
                writes,
                claims: claims.writes(),
                state,
            },
            Committed {
                number,
                at,
                changes,
            },
        )))
    }
}

fn with_body(key: &RecordKey, record: Record) -> Result<(Record, Box<RawValue>), StoreError> {
    if record.key() != *key {
        return Err(StoreError::WrongKey {
            key: key.clone(),
            record: record.key(),
        });
    }
    let body = to_raw_value(&record).map_err(|error| StoreError::Unstorable {
        key: key.clone(),
        detail: error.to_string(),
    })?;
    let size = body.get().len();
    if size > RECORD_LIMIT {
        return Err(StoreError::RecordTooLarge {
            key: key.clone(),
            size,
            limit: RECORD_LIMIT,
        });
    }
    Ok((record, body))
}

/// The last revision that a record had, also as a removed one, and the record when it is there.
fn standing(
    root: &Path,
    key: &str,
    view: &impl View,
) -> Result<(Option<Revision>, Option<Stored>), StoreError> {
    let Some(bytes) = view.current(key)? else {
        return Ok((None, None));
    };
    let read = || {
        let envelope = Envelope::read(&bytes)?;
        Ok((Some(envelope.revision), envelope.stored()?))
    };
    read().map_err(|error: body::BodyError| error.at(root, key))
}

fn check_expected(
    key: &RecordKey,
    expected: Expected,
    removes: bool,
    standing: Option<&Stored>,
) -> Result<(), StoreError> {
    let found = standing.map(|stored| stored.revision);
    let as_expected = match expected {
        Expected::Absent => found.is_none(),
        Expected::Revision(revision) => found == Some(revision),
        Expected::Any => !removes || found.is_some(),
    };
    if as_expected {
        return Ok(());
    }
    Err(StoreError::Conflict {
        key: key.clone(),
        expected,
        found,
    })
}

/// What a numbered commit does.
pub(super) struct Effects {
    /// What it writes.
    pub(super) writes: Vec<Write>,
    /// What it changes in the index of claims.
    pub(super) claims: ClaimChanges,
    /// Where the store stands after it.
    pub(super) state: State,
}

/// What a numbered commit writes, and where the store stands after it. Claims are not checked: whatever
/// stands in the journal counts.
///
/// The version that stands now moves into the history as it is; the oldest goes when there are
/// more than [`HISTORY_KEPT`].
pub(super) fn effects(
    entry: &Entry,
    before: &State,
    view: &impl View,
) -> Result<Effects, StoreError> {
    let mut writes = Vec::with_capacity(entry.changes.len() * 2);
    let mut claims = ClaimChanges::default();
    let mut totals = before.totals;
    for change in &entry.changes {
        let key = change.key.as_bytes();
        let mut claimed = Vec::new();
        if let Some(old) = view.current(&change.key)? {
            if change.claims.is_none() {
                claimed = body::claims(&change.key, &old);
            }
            let moved = history_key(&change.key, Revision(change.revision.0.saturating_sub(1)));
            totals.take(key, &old);
            totals.add(&moved, &old);
            writes.push(Write {
                part: Part::History,
                key: moved,
                value: Some(old),
            });
        }
        if change.revision.0 > HISTORY_KEPT + 1 {
            let oldest = history_key(&change.key, Revision(change.revision.0 - 1 - HISTORY_KEPT));
            if let Some(old) = view.earlier(&oldest)? {
                totals.take(&oldest, &old);
                writes.push(Write {
                    part: Part::History,
                    key: oldest,
                    value: None,
                });
            }
        }
        let value = body::write(&Envelope::of(entry, change));
        let (had, has) = match &change.claims {
            Some(known) => known.clone(),
            None => (claimed, body::claims(&change.key, &value)),
        };
        claims.note(&change.key, &had, has, view)?;
        totals.add(key, &value);
        writes.push(Write {
            part: Part::Current,
            key: key.to_vec(),
            value: Some(value),
        });
    }
    Ok(Effects {
        writes,
        claims,
        state: State {
            number: entry.number,
            at: Some(entry.at),
            totals,
        },
    })
}
