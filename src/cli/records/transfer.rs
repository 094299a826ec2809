//! Exports and imports records.

use std::collections::{BTreeSet, HashMap};
use std::io::{BufRead, Read};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::absent_images::AbsentImages;
use super::taken::Taken;
use super::{image_lines, names, receivers};
use crate::catalog::Calendar;
use crate::cli::open::OpenCalendar;
use crate::cli::session::Session;
use crate::cli::source::InputSource;
use crate::cli::{Ending, Failure};
use calendar_domain::bounds::check_record;
use calendar_domain::serde_words::in_plain_words;
use calendar_domain::{EventId, Record, RecordKey, add_image_names, required_image_names};
use calendar_store::{Author, Batches, Change, Commit, Committed, Store, StoreError};

/// Version of the format; newer ones are rejected.
const VERSION: u32 = 1;

const FORMAT: &str = "elverum-calendar records";

/// Maximum length of a line in bytes: the largest image in base64.
const LINE_LIMIT: u64 = 6 << 20;

/// Maximum number of records per commit.
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
    #[serde(default)]
    commit: Option<u64>,
}

/// Writes all records to standard output; those of private kinds only if `with_private`.
pub fn export(
    calendar: &Calendar,
    with_private: bool,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let store = calendar.store();
    let mut lines = session.lines();
    lines.print(&Heading {
        format: FORMAT.to_owned(),
        version: VERSION,
        commit: store.head().number.0,
    });
    let mut records = store.load()?;
    records.retain(|stored| with_private || !stored.record.kind().is_private());
    let (mut images, mut required) = (BTreeSet::new(), BTreeSet::new());
    for stored in records {
        add_image_names(&stored.record, &mut images);
        required.extend(required_image_names(&stored.record));
        lines.print(&Line {
            record: stored.record,
            changed_at: Some(stored.changed_at),
            commit: Some(stored.commit.0),
        });
    }
    let absent = image_lines::export(calendar, (&images, &required), &mut lines);
    lines.finish()?;
    Ok(if absent == 0 {
        Ending::Done
    } else {
        Ending::Findings
    })
}

/// Returns true if content with these first bytes has this format.
pub fn are_records(start: &[u8]) -> bool {
    let text = String::from_utf8_lossy(start).replace(' ', "");
    text.starts_with("{\"format\":\"elverum-calendarrecords\"")
}

/// Imports all records of `source`, called `named` in messages. Overwrites existing records.
pub fn import(
    opened: &OpenCalendar,
    source: InputSource,
    named: &str,
    dry_run: bool,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let mut input = source.lines();
    let heading = next_line(&mut input)?.unwrap_or_default();
    let heading: Heading = serde_json::from_str(&heading)?;
    if heading.version > VERSION {
        let (found, known) = (heading.version, VERSION);
        let text = format!(
            "{named} was written by a newer version (its lines are of version {found}, this \
             program knows up to {known}); use a newer elverum-calendar"
        );
        return Err(text.into());
    }
    let mut into = Into::new(&opened.calendar, named, dry_run);
    for number in 2.. {
        match next_line(&mut input) {
            Ok(None) => break,
            Ok(Some(line)) => into.line(number, &line)?,
            Err(error) => {
                into.taken.refused.push(format!(
                    "line {number}: {error}; the rest of the file is ignored"
                ));
                break;
            }
        }
    }
    let taken = into.finish()?;
    opened.calendar.keep_image();
    taken.tell(session, named, dry_run)
}

fn next_line(input: &mut impl BufRead) -> Result<Option<String>, Failure> {
    let mut line = String::new();
    let count = input.by_ref().take(LINE_LIMIT).read_line(&mut line)?;
    if count as u64 == LINE_LIMIT && !line.ends_with('\n') {
        return Err(format!("a line is longer than {LINE_LIMIT} bytes").into());
    }
    Ok((count > 0).then_some(line))
}

/// An import in progress.
struct Into<'a> {
    calendar: &'a Calendar,
    named: &'a str,
    dry_run: bool,
    /// Number of the last commit before the import.
    before: u64,
    batches: Batches,
    /// Line of each record in the batch. A record that occurs twice goes into two commits, so that the later line wins.
    lines: HashMap<RecordKey, usize>,
    /// Records whose name is held by another record that a later line may rename, with their lines.
    put_off: Vec<(usize, Record)>,
    /// Commit of the exporting store that last changed each event.
    events: HashMap<EventId, u64>,
    /// Records that can be imported only after all others, with their lines.
    last: Vec<(usize, Record)>,
    absent_images: AbsentImages,
    taken: Taken,
}

impl<'a> Into<'a> {
    fn new(calendar: &'a Calendar, named: &'a str, dry_run: bool) -> Self {
        Self {
            calendar,
            named,
            dry_run,
            before: calendar.head().number.0,
            batches: Batches::of_at_most(BATCH),
            lines: HashMap::new(),
            put_off: Vec::new(),
            events: HashMap::new(),
            last: Vec::new(),
            absent_images: AbsentImages::default(),
            taken: Taken::default(),
        }
    }

    fn line(&mut self, number: usize, text: &str) -> Result<(), StoreError> {
        if text.trim().is_empty() || image_lines::is_absent_image(text) {
            return Ok(());
        }
        if image_lines::is_image(text) {
            match image_lines::import(self.calendar, text, self.dry_run) {
                Ok(name) => self.absent_images.image(name),
                Err(error) => self.taken.refused.push(format!("line {number}: {error}")),
            }
            return Ok(());
        }
        let line = match serde_json::from_str::<Line>(text) {
            Ok(line) => line,
            Err(error) => {
                let error = in_plain_words(&error.to_string(), "object");
                // The line number is reported separately.
                let error = error.replace(" at line 1 column ", " at character ");
                self.taken.refused.push(format!("line {number}: {error}"));
                return Ok(());
            }
        };
        if let Err(error) = check_record(&line.record) {
            let key = line.record.key();
            self.taken
                .refused
                .push(format!("line {number}: {key}: {error}"));
            return Ok(());
        }
        if let (Record::Event(event), Some(commit)) = (&line.record, line.commit) {
            self.events.insert(event.id.clone(), commit);
        }
        self.absent_images
            .record(self.calendar, number, &line.record);
        if receivers::tells_of_commits(&line.record) {
            self.last.push((number, line.record));
            return Ok(());
        }
        self.add(number, line.record)
    }

    fn add(&mut self, number: usize, record: Record) -> Result<(), StoreError> {
        let change = Change::put(record);
        let key = change.key.clone();
        if self.lines.contains_key(&key) {
            self.flush()?;
        }
        if let Some(full) = self.batches.push(change) {
            let lines = std::mem::take(&mut self.lines);
            self.put(full, &lines)?;
        }
        self.lines.insert(key, number);
        Ok(())
    }

    /// Commits the current batch.
    fn flush(&mut self) -> Result<(), StoreError> {
        let lines = std::mem::take(&mut self.lines);
        let next = Batches::of_at_most(BATCH);
        let rest = std::mem::replace(&mut self.batches, next).rest();
        if rest.is_empty() {
            return Ok(());
        }
        self.put(rest, &lines)
    }

    /// Commits changes, deferring those whose name is held by another record.
    fn put(
        &mut self,
        mut changes: Vec<Change>,
        lines: &HashMap<RecordKey, usize>,
    ) -> Result<(), StoreError> {
        // A later line of a record replaces a deferred one.
        self.put_off
            .retain(|(_, record)| !lines.contains_key(&record.key()));
        loop {
            match self.put_changes(changes.clone()) {
                Err(StoreError::Taken { ref key, .. })
                    if let Some(at) = changes.iter().position(|change| change.key == *key) =>
                {
                    let change = changes.remove(at);
                    let number = lines.get(key).copied().unwrap_or_default();
                    self.put_off
                        .extend(change.to.map(|record| (number, record)));
                }
                outcome => return outcome,
            }
        }
    }

    /// Commits deferred records: first together, since records may exchange names, then the rest one by one with free
    /// names.
    fn finish_put_off(&mut self) -> Result<(), StoreError> {
        let together = std::mem::take(&mut self.put_off);
        let lines: HashMap<RecordKey, usize> = together
            .iter()
            .map(|(number, record)| (record.key(), *number))
            .collect();
        let changes = together.into_iter().map(|(_, record)| Change::put(record));
        for batch in Batches::divide(changes.collect()) {
            let lines = batch
                .iter()
                .map(|change| (change.key.clone(), lines[&change.key]));
            let lines = lines.collect();
            self.put(batch, &lines)?;
        }
        for (number, record) in std::mem::take(&mut self.put_off) {
            let (record, said) = names::with_free_names(self.calendar, record)?;
            match self.put_changes(vec![Change::put(record)]) {
                Err(error @ StoreError::Taken { .. }) => {
                    self.taken.refused.push(format!("line {number}: {error}"));
                    continue;
                }
                outcome => outcome?,
            }
            let said = said
                .into_iter()
                .map(|said| format!("line {number}: {said}"));
            self.taken.renamed.extend(said);
        }
        Ok(())
    }

    fn put_changes(&mut self, changes: Vec<Change>) -> Result<(), StoreError> {
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
        let Some(committed) = self.write(changes)? else {
            return Ok(());
        };
        let changed = committed.changes.iter();
        let created = changed.filter(|applied| applied.before.is_none()).count();
        self.taken.created += created;
        self.taken.updated += committed.changes.len() - created;
        self.taken.unchanged += count - committed.changes.len();
        Ok(())
    }

    /// Removes images that are neither in the file nor in the store from the imported records.
    fn remove_absent_images(&mut self) -> Result<(), StoreError> {
        let absent = std::mem::take(&mut self.absent_images);
        let mut batches = Batches::of_at_most(BATCH);
        for without in absent.finish(self.calendar)? {
            self.taken.without_images.push(without.report);
            let full = without.change.and_then(|change| batches.push(change));
            self.write(full.unwrap_or_default())?;
        }
        self.write(batches.rest())?;
        Ok(())
    }

    /// Commits changes, unless this is a dry run.
    fn write(&self, changes: Vec<Change>) -> Result<Option<Committed>, StoreError> {
        if self.dry_run || changes.is_empty() {
            return Ok(None);
        }
        let note = format!("import of {}", self.named);
        let committed = self.calendar.commit(Commit {
            author: Author::Operator,
            at: self.calendar.clock().now(),
            note: note.chars().take(200).collect(),
            changes,
        });
        committed.map(Some)
    }

    fn finish(mut self) -> Result<Taken, StoreError> {
        self.flush()?;
        self.finish_put_off()?;
        let events = std::mem::take(&mut self.events);
        let commits = receivers::Commits {
            before: self.before,
            events: &events,
        };
        for (number, record) in std::mem::take(&mut self.last) {
            let record = commits.translate(self.calendar, record)?;
            self.add(number, record)?;
        }
        self.flush()?;
        self.remove_absent_images()?;
        self.taken.commit = self.calendar.head().number.0;
        Ok(self.taken)
    }
}
