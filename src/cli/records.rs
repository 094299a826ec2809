//! Every record as a line of JSON (NDJSON): `export --format ndjson` writes it for people who leave
//! or bring their calendar elsewhere, `import` takes the same back in.
//!
//! The first line says what follows, [`Heading`]; each other one is a record as the store has it:
//! `{"kind": …, "record": …, "changed_at": …}`, those first that others refer to. History stays
//! behind: that is what a backup is for.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::Calendar;
use crate::domain::Record;
use crate::domain::bounds::check_record;
use crate::store::{Author, Change, Commit, Store, StoreError};

use super::open::Opened;
use super::work::Talk;
use super::{Ending, Failure, Output};

/// The version of the lines that this program writes, and the newest that it reads.
const VERSION: u32 = 1;
const FORMAT: &str = "elverum-calendar records";

/// The longest line that is read: the largest record and what stands around it.
const LINE_LIMIT: u64 = 2 << 20;
/// How many records go into one commit.
const BATCH: usize = 1_000;

#[derive(Serialize, Deserialize)]
struct Heading {
    format: String,
    version: u32,
    commit: u64,
}

#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    record: Record,
    #[serde(default)]
    changed_at: Option<DateTime<Utc>>,
}

/// Writes every record to standard output.
pub fn export(calendar: &Calendar, talk: &mut Talk<'_>) -> Result<Ending, Failure> {
    let store = calendar.store();
    let mut lines = talk.lines();
    lines.print(&Heading {
        format: FORMAT.to_owned(),
        version: VERSION,
        commit: store.head().number.0,
    });
    for stored in store.load()? {
        lines.print(&Line {
            record: stored.record,
            changed_at: Some(stored.changed_at),
        });
    }
    lines.finish()?;
    Ok(Ending::Done)
}

/// Whether this is a file of such lines; anything that can't be read is none.
pub fn is_records(source: &Path) -> bool {
    let mut start = [0; 64];
    let read = File::open(source).and_then(|mut file| file.read(&mut start));
    let text = read.map(|count| String::from_utf8_lossy(&start[..count]).replace(' ', ""));
    text.is_ok_and(|text| text.starts_with("{\"format\":\"elverum-calendarrecords\""))
}

/// What came of an import.
#[derive(Debug, Default, Serialize)]
struct Taken {
    created: usize,
    updated: usize,
    unchanged: usize,
    /// Lines that could not be read, with the reason.
    refused: Vec<String>,
    commit: u64,
}

/// Takes every record of a file in, whatever stood there before.
pub fn import(
    opened: &Opened,
    source: &str,
    dry_run: bool,
    talk: &mut Talk<'_>,
) -> Result<Ending, Failure> {
    let mut input = BufReader::new(File::open(talk.file(source))?);
    let heading = next_line(&mut input)?.unwrap_or_default();
    let heading: Heading = serde_json::from_str(&heading)?;
    if heading.version > VERSION {
        let (found, known) = (heading.version, VERSION);
        let text = format!(
            "{source} was written by a newer version (its lines are of version {found}, this \
             program knows up to {known}); use a newer elverum-calendar"
        );
        return Err(text.into());
    }
    let mut into = Into {
        calendar: &opened.calendar,
        source,
        dry_run,
        batch: Vec::new(),
        taken: Taken::default(),
    };
    for number in 2.. {
        match next_line(&mut input) {
            Ok(None) => break,
            Ok(Some(line)) => into.line(number, &line)?,
            Err(error) => {
                into.taken
                    .refused
                    .push(format!("line {number}: {error}; nothing after it is read"));
                break;
            }
        }
    }
    let taken = into.finish()?;
    opened.calendar.keep_image();
    tell(talk, source, &taken, dry_run)
}

fn next_line(input: &mut impl BufRead) -> Result<Option<String>, Failure> {
    let mut line = String::new();
    let count = input.by_ref().take(LINE_LIMIT).read_line(&mut line)?;
    if count as u64 == LINE_LIMIT && !line.ends_with('\n') {
        return Err(format!("a line has more than {LINE_LIMIT} bytes").into());
    }
    Ok((count > 0).then_some(line))
}

/// An import under way.
struct Into<'a> {
    calendar: &'a Calendar,
    source: &'a str,
    dry_run: bool,
    batch: Vec<(usize, Record)>,
    taken: Taken,
}

impl Into<'_> {
    fn line(&mut self, number: usize, text: &str) -> Result<(), StoreError> {
        if text.trim().is_empty() {
            return Ok(());
        }
        match serde_json::from_str::<Line>(text) {
            Ok(line) => match check_record(&line.record) {
                Ok(()) => self.batch.push((number, line.record)),
                Err(error) => {
                    let key = line.record.key();
                    let refused = format!("line {number}: {key}: {error}");
                    self.taken.refused.push(refused);
                }
            },
            Err(error) => {
                let error = error.to_string();
                // The place within the line; the line's own number is the one that helps.
                let error = error.replace(" at line 1 column ", " at character ");
                self.taken.refused.push(format!("line {number}: {error}"));
            }
        }
        if self.batch.len() >= BATCH {
            self.commit()?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        let batch = std::mem::take(&mut self.batch);
        let mut changes = Vec::with_capacity(batch.len());
        let mut seen = std::collections::HashSet::new();
        let mut again = Vec::new();
        for (number, record) in batch {
            // The same record twice: the later one is to stand, so it goes into the next commit.
            if seen.insert(record.key()) {
                changes.push(Change::put(record));
            } else {
                again.push((number, record));
            }
        }
        self.put(changes)?;
        if again.is_empty() {
            return Ok(());
        }
        self.batch = again;
        self.commit()
    }

    fn put(&mut self, changes: Vec<Change>) -> Result<(), StoreError> {
        if self.dry_run {
            for change in &changes {
                let standing = self.calendar.get(&change.key)?;
                let count = match standing {
                    None => &mut self.taken.created,
                    Some(stored) if Some(&stored.record) == change.to.as_ref() => {
                        &mut self.taken.unchanged
                    }
                    Some(_) => &mut self.taken.updated,
                };
                *count += 1;
            }
            return Ok(());
        }
        let count = changes.len();
        let committed = self.calendar.commit(Commit {
            author: Author::Operator,
            at: self.calendar.clock().now(),
            note: format!("import of {}", self.source)
                .chars()
                .take(200)
                .collect(),
            changes,
        })?;
        let changed = committed.changes.iter();
        let created = changed.filter(|applied| applied.before.is_none()).count();
        self.taken.created += created;
        self.taken.updated += committed.changes.len() - created;
        self.taken.unchanged += count - committed.changes.len();
        Ok(())
    }

    fn finish(mut self) -> Result<Taken, StoreError> {
        self.commit()?;
        self.taken.commit = self.calendar.head().number.0;
        Ok(self.taken)
    }
}

fn tell(
    talk: &mut Talk<'_>,
    source: &str,
    taken: &Taken,
    dry_run: bool,
) -> Result<Ending, Failure> {
    talk.print(&match talk.output {
        Output::Json => format!("{}\n", serde_json::to_string(taken)?),
        Output::Text => {
            let told = taken.refused.iter();
            let told: String = told
                .map(|it| format!("{source}: left out: {it}\n"))
                .collect();
            let end = if dry_run {
                "nothing was written (dry run)".to_owned()
            } else {
                format!("commit {}", taken.commit)
            };
            format!(
                "{told}{source}: {} records new, {} changed, {} the same, {} refused; {end}\n",
                taken.created,
                taken.updated,
                taken.unchanged,
                taken.refused.len()
            )
        }
    })?;
    Ok(if taken.refused.is_empty() {
        Ending::Done
    } else {
        Ending::Findings
    })
}
