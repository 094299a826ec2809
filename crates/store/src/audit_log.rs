//! The audit: who read personal data of others.
//!
//! Entries are lines of JSON in one file for each day, in UTC. They are added at the end and synced, and never changed;
//! only whole files are removed, when their time has ended. They are in no commit, history or backup.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use calendar_domain::{AccountId, AuditEntry, AuditReader, AuditSubject};

use super::file_system::{read_file, sync_folder};
use super::{StoreError, private};

/// Time for which further readings of the same record by the same person are not noted.
const SAME: TimeDelta = TimeDelta::hours(1);
/// Maximum number of remembered readings. Beyond it the older ones are forgotten, and noted again.
const REMEMBERED: usize = 10_000;
/// End of the names of files.
const SUFFIX: &str = ".jsonl";

/// What was read by whom, and about whom: each reading is remembered once without a person, and once for each person
/// whose data was in it.
type Reading = (AuditReader, AuditSubject, Option<String>, Option<AccountId>);

/// The time of each reading.
type ReadingTimes = HashMap<Reading, DateTime<Utc>>;

/// The files of the audit. Copies share them.
#[derive(Debug, Clone)]
pub struct AuditLog {
    folder: PathBuf,
    /// The readings of the last hour; `None` until they are read from the files.
    recent: Arc<Mutex<Option<ReadingTimes>>>,
}

impl AuditLog {
    /// Returns the files in a folder, which is created with the first of them.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            recent: Arc::default(),
        }
    }

    /// Adds an entry durably. Returns false if the same reading was noted within the last hour for everyone whose data
    /// is in it.
    ///
    /// # Errors
    /// Errors if the disk is full or fails. The entry is not there then.
    pub fn append(&self, entry: &AuditEntry) -> Result<bool, StoreError> {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match recent.take() {
            Some(known) => recent.insert(known),
            None => recent.insert(self.read_recent(entry.at)?),
        };
        let is_same = |at: &DateTime<Utc>| (entry.at - *at).abs() < SAME;
        if readings(entry).all(|reading| known.get(&reading).is_some_and(is_same)) {
            return Ok(false);
        }
        self.write(entry)?;
        let is_full = |known: &ReadingTimes| known.len() + entry.about.len() >= REMEMBERED;
        if is_full(known) {
            known.retain(|_, at| is_same(at));
        }
        if is_full(known) {
            known.clear();
        }
        known.extend(readings(entry).map(|reading| (reading, entry.at)));
        Ok(true)
    }

    /// Returns the readings before a time that are not to be noted again.
    fn read_recent(&self, now: DateTime<Utc>) -> Result<ReadingTimes, StoreError> {
        let mut known = ReadingTimes::new();
        for day in self.days()?.into_iter().rev().take(2) {
            let (entries, _) = self.read_day(day)?;
            for entry in entries {
                if (now - entry.at).abs() >= SAME || known.len() >= REMEMBERED {
                    continue;
                }
                for reading in readings(&entry) {
                    let at = known.entry(reading).or_insert(entry.at);
                    *at = entry.at.max(*at);
                }
            }
        }
        Ok(known)
    }

    fn write(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        if !self.folder.is_dir() {
            private::create_folders(&self.folder)?;
        }
        let path = self.path(entry.at.date_naive());
        let failed = |error: io::Error| StoreError::io("writing", &path, error);
        let is_new = !path.exists();
        let mut line = serde_json::to_vec(entry).map_err(|error| failed(error.into()))?;
        line.push(b'\n');
        let mut options = private::file();
        let mut file = open(&mut options, &path).map_err(failed)?;
        let before = file.metadata().map_err(failed)?.len();
        // A killed process may have left a part of a line, which the next one must not continue.
        if !ends_with_line(&mut file, before).map_err(failed)? {
            line.insert(0, b'\n');
        }
        let written = file.write_all(&line).and_then(|()| file.sync_data());
        if written.is_err() {
            // On a full disk a part of the line may be there. The error of the write is the one to report.
            let _ = file.set_len(before);
        }
        written.map_err(failed)?;
        if is_new {
            sync_folder(&self.folder)?;
        }
        Ok(())
    }

    /// Passes the entries to `each`, the latest first, until it breaks. Returns the number of unreadable lines among
    /// them.
    ///
    /// # Errors
    /// Errors if the disk does.
    pub fn read(
        &self,
        each: &mut dyn FnMut(AuditEntry) -> ControlFlow<()>,
    ) -> Result<usize, StoreError> {
        let mut unreadable = 0;
        for day in self.days()?.into_iter().rev() {
            let (entries, damaged) = self.read_day(day)?;
            unreadable += damaged;
            for entry in entries.into_iter().rev() {
                if each(entry).is_break() {
                    return Ok(unreadable);
                }
            }
        }
        Ok(unreadable)
    }

    /// Removes the entries of the days before one. Returns their number.
    ///
    /// # Errors
    /// Errors if the disk does.
    pub fn remove_before(&self, first: NaiveDate) -> Result<usize, StoreError> {
        let mut removed = 0;
        for day in self.days()?.into_iter().filter(|day| *day < first) {
            let path = self.path(day);
            let (entries, damaged) = self.read_day(day)?;
            std::fs::remove_file(&path)
                .map_err(|error| StoreError::io("removing", &path, error))?;
            removed += entries.len() + damaged;
        }
        if removed > 0 {
            sync_folder(&self.folder)?;
        }
        Ok(removed)
    }

    /// Returns the days with entries, in order.
    fn days(&self) -> Result<Vec<NaiveDate>, StoreError> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(StoreError::io("reading", &self.folder, error)),
        };
        let mut days = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| StoreError::io("reading", &self.folder, error))?;
            let name = entry.file_name();
            let day = name.to_str().and_then(|name| name.strip_suffix(SUFFIX));
            days.extend(day.and_then(|day| day.parse::<NaiveDate>().ok()));
        }
        days.sort_unstable();
        Ok(days)
    }

    /// Returns the entries of a day in the order in which they were added, and the number of unreadable lines.
    fn read_day(&self, day: NaiveDate) -> Result<(Vec<AuditEntry>, usize), StoreError> {
        let bytes = read_file(&self.path(day))?;
        let (mut entries, mut unreadable) = (Vec::new(), 0);
        for line in bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(entry) => entries.push(entry),
                Err(_) => unreadable += 1,
            }
        }
        Ok((entries, unreadable))
    }

    fn path(&self, day: NaiveDate) -> PathBuf {
        self.folder.join(format!("{day}{SUFFIX}"))
    }
}

/// Returns what an entry notes: the reading as such, and for each person whose data was in it.
fn readings(entry: &AuditEntry) -> impl Iterator<Item = Reading> + '_ {
    let people = entry.about.iter().cloned().map(Some);
    std::iter::once(None).chain(people).map(|person| {
        let record = entry.record.clone();
        (entry.by.clone(), entry.subject, record, person)
    })
}

fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    options.read(true).append(true).create(true).open(path)
}

/// Returns true if a file of this length is empty or its last line is complete.
fn ends_with_line(file: &mut File, length: u64) -> io::Result<bool> {
    if length == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::Start(length - 1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(at: &str, record: &str) -> AuditEntry {
        AuditEntry {
            at: at.parse().unwrap(),
            by: AuditReader::Operator,
            subject: AuditSubject::Report,
            record: Some(record.to_owned()),
            about: Default::default(),
            page: "/x".to_owned(),
        }
    }

    fn records(log: &AuditLog) -> (Vec<String>, usize) {
        let mut found = Vec::new();
        let unreadable = log.read(&mut |entry| {
            found.extend(entry.record);
            ControlFlow::Continue(())
        });
        (found, unreadable.unwrap())
    }

    #[test]
    fn entries_are_kept_in_order_by_day_and_a_reading_counts_once_an_hour() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit");
        let log = AuditLog::new(path.clone());
        assert_eq!(records(&log), (Vec::new(), 0));
        assert!(log.append(&entry("2027-03-01T23:30:00Z", "a")).unwrap());
        assert!(log.append(&entry("2027-03-01T23:31:00Z", "b")).unwrap());
        assert!(!log.append(&entry("2027-03-02T00:29:00Z", "a")).unwrap());
        // Also by a process that was started meanwhile.
        let again = AuditLog::new(path.clone());
        assert!(!again.append(&entry("2027-03-02T00:29:00Z", "a")).unwrap());
        assert!(again.append(&entry("2027-03-02T00:30:00Z", "a")).unwrap());
        assert_eq!(records(&log).0, ["a", "b", "a"]);
        assert_eq!(log.remove_before("2027-03-02".parse().unwrap()).unwrap(), 2);
        assert_eq!(records(&log).0, ["a"]);
    }

    #[test]
    fn a_reading_is_noted_again_for_a_person_who_was_not_in_it_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        let log = AuditLog::new(path.clone());
        let about = |at: &str, people: &[u128]| {
            let people = people
                .iter()
                .map(|n| format!("00000000-0000-0000-0000-{n:012}"));
            AuditEntry {
                about: people.map(|id| id.parse().unwrap()).collect(),
                ..entry(&format!("2027-03-01T{at}:00Z"), "a")
            }
        };
        assert!(log.append(&about("12:00", &[1])).unwrap());
        assert!(!log.append(&about("12:10", &[])).unwrap());
        assert!(!log.append(&about("12:10", &[1])).unwrap());
        assert!(log.append(&about("12:30", &[2])).unwrap());
        // Also by a process that was started meanwhile.
        for log in [log, AuditLog::new(path)] {
            assert!(!log.append(&about("12:40", &[1, 2])).unwrap());
        }
        let log = AuditLog::new(folder.path().to_owned());
        assert!(log.append(&about("12:50", &[1, 2, 3])).unwrap());
        assert!(!log.append(&about("13:40", &[1, 2, 3])).unwrap());
        // The hour of each person is their own.
        let log = AuditLog::new(folder.path().join("other"));
        assert!(log.append(&about("12:00", &[1])).unwrap());
        assert!(log.append(&about("12:30", &[2])).unwrap());
        assert!(log.append(&about("13:10", &[1])).unwrap());
        assert!(!log.append(&about("13:20", &[2])).unwrap());
    }

    #[test]
    fn half_a_line_of_a_killed_process_spoils_no_other_line() {
        let folder = tempfile::tempdir().unwrap();
        let log = AuditLog::new(folder.path().to_owned());
        log.append(&entry("2027-03-01T12:00:00Z", "a")).unwrap();
        let path = folder.path().join("2027-03-01.jsonl");
        let mut text = std::fs::read_to_string(&path).unwrap();
        text.push_str("{\"at\":\"2027-03-01T12");
        std::fs::write(&path, text).unwrap();
        let log = AuditLog::new(folder.path().to_owned());
        log.append(&entry("2027-03-01T12:02:00Z", "b")).unwrap();
        assert_eq!(records(&log), (vec!["b".to_owned(), "a".to_owned()], 1));
    }

    #[cfg(unix)]
    #[test]
    fn others_can_not_read_the_files() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit");
        let log = AuditLog::new(path.clone());
        log.append(&entry("2027-03-01T12:00:00Z", "a")).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o700);
        assert_eq!(mode(&path.join("2027-03-01.jsonl")), 0o600);
    }
}
