//! Conversion of a commit into writes. It is pure, and the only way to change a store, so replaying the
//! journal writes the same bytes as the original commit.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::value::{RawValue, to_raw_value};

use super::StoreError;
use super::body::{self, BODY_VERSION, EntryChange, Envelope, JournalEntry, State, Totals};
use super::claims::{ClaimChanges, ClaimWrite};
use super::commit::{Applied, Author, Commit, Committed, Expected, Revision, Stored};
use super::history::{HISTORY_KEPT, history_key};
use super::view::View;
use calendar_domain::{Record, RecordKey};

/// Maximum size of a record in bytes of JSON.
const RECORD_LIMIT: usize = 1 << 20;
/// Maximum size of a commit in bytes of JSON.
pub(super) const COMMIT_LIMIT: usize = 32 << 20;
/// Maximum length of a note in bytes. Each version that the commit creates stores the note.
const NOTE_LIMIT: usize = 1_000;

/// The part of the store that a write goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StorePart {
    /// The current version of each record, under the record's key.
    Current,
    /// The earlier versions, under [`history_key`].
    History,
}

/// A write; without a value it removes the key.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) part: StorePart,
    pub(super) key: Vec<u8>,
    pub(super) value: Option<Vec<u8>>,
}

/// A commit that passed all checks that don't need the store, with serialized records.
pub(super) struct CheckedCommit {
    author: Author,
    pub(super) at: DateTime<Utc>,
    note: String,
    changes: Vec<Submitted>,
    /// Total size of the bodies and the note in bytes.
    pub(super) size: usize,
}

struct Submitted {
    key: RecordKey,
    text: String,
    expected: Expected,
    to: Option<(Record, Box<RawValue>)>,
}

/// A commit that has its number and waits to be written.
pub(super) struct CommitPlan {
    pub(super) entry: JournalEntry,
    pub(super) writes: Vec<Write>,
    pub(super) claims: Vec<ClaimWrite>,
    pub(super) state: State,
}

impl CheckedCommit {
    /// Checks a commit as far as possible without the store.
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

    /// Checks the commit against the store and plans its writes. Returns `None` if it changes nothing.
    pub(super) fn plan(
        self,
        root: &Path,
        before: &State,
        view: &impl View,
    ) -> Result<Option<(CommitPlan, Committed)>, StoreError> {
        let number = before.number.next();
        // Commit times never decrease, whatever the callers' clocks do.
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
                claims(standing.as_ref().map(|standing| &standing.record)),
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
        let mut entry = JournalEntry {
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
            CommitPlan {
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

/// Returns the last revision of a record, even if removed, and the record if it exists.
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

/// The effects of a numbered commit.
pub(super) struct Effects {
    /// Writes of versions.
    pub(super) writes: Vec<Write>,
    /// Changes of the index of claims.
    pub(super) claims: ClaimChanges,
    /// The state of the store after it.
    pub(super) state: State,
}

/// Returns the writes of a numbered commit and the state after it. Claims are not checked, since a commit in
/// the journal is already accepted.
///
/// The current version moves into the history unchanged. The oldest version is removed if there are more than
/// [`HISTORY_KEPT`].
pub(super) fn effects(
    entry: &JournalEntry,
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
                part: StorePart::History,
                key: moved,
                value: Some(old),
            });
        }
        if change.revision.0 > HISTORY_KEPT + 1 {
            let oldest = history_key(&change.key, Revision(change.revision.0 - 1 - HISTORY_KEPT));
            if let Some(old) = view.earlier(&oldest)? {
                totals.take(&oldest, &old);
                writes.push(Write {
                    part: StorePart::History,
                    key: oldest,
                    value: None,
                });
            }
        }
        let value = body::write(&Envelope::new(entry, change));
        let (had, has) = match &change.claims {
            Some(known) => known.clone(),
            None => (claimed, body::claims(&change.key, &value)),
        };
        claims.note(&change.key, &had, has, view)?;
        totals.add(key, &value);
        writes.push(Write {
            part: StorePart::Current,
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
