//! Import of the largest and most unusual calendar files of the corpus.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use calendar_ical::check::check;
use elverum_calendar::ingest::reconcile::StepOutcome;
use elverum_calendar::ingest::{ImportError, Report};

use crate::support::readers::{READERS, read};
use crate::support::{TestServer, region};

/// Number of event pages checked per large file.
const PAGES_A_FILE: usize = 8;

fn calendar_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the corpus can be listed") {
        let path = entry.expect("the corpus can be listed").path();
        if path.is_dir() {
            calendar_files(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "ics") {
            found.push(path);
        }
    }
}

fn server() -> TestServer {
    let app = TestServer::builder().with_empty_region().start();
    app.commit(vec![region::partner("import")]);
    app
}

/// Asserts that each event of the file was imported, refused with a reason, or mentioned in a remark.
fn nothing_is_dropped(file: &Path, bytes: &[u8], report: &Report) {
    let text = String::from_utf8_lossy(bytes).to_uppercase();
    let has_events = text.lines().any(|line| line.trim() == "BEGIN:VEVENT");
    let accounted = !report.items.is_empty() || !report.remarks.is_empty();
    assert!(
        accounted || !has_events,
        "{}: nothing is said of its events",
        file.display()
    );
    for item in &report.items {
        let kept = item.path.is_some();
        let known = item.outcome != StepOutcome::Refused;
        assert!(
            kept || known || item.note.is_some(),
            "{}: {item:?}",
            file.display()
        );
    }
}

/// Asserts that stored events have pages and valid feeds.
fn they_are_published(app: &TestServer, file: &Path, report: &Report) {
    let paths: BTreeSet<&String> = report
        .items
        .iter()
        .filter_map(|item| item.path.as_ref())
        .collect();
    for path in paths.iter().take(PAGES_A_FILE) {
        app.visitor().get(path).ok();
        app.visitor().get(&format!("/en{path}")).ok();
        let feed = app.visitor().get(&format!("{path}.ics")).ok();
        let findings = check(&feed.body);
        assert!(
            findings.is_empty(),
            "{}: {path}.ics: {findings:#?}",
            file.display()
        );
    }
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn every_file_of_the_corpus_is_imported_or_told_and_a_second_time_changes_nothing() {
    let folder = std::env::var_os("CALENDAR_CORPUS").expect("CALENDAR_CORPUS is set");
    let folder = PathBuf::from(folder);
    let mut files = Vec::new();
    calendar_files(&folder.join("ical/corpus"), &mut files);
    files.sort();
    assert!(files.len() >= 559, "only {} files", files.len());
    let app = server();
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    let mut remarks = 0;
    let mut unrecognised = 0;
    for file in &files {
        let bytes = std::fs::read(file).expect("the file can be read");
        let report = match app.import(file) {
            Ok(report) => report,
            Err(ImportError::Unrecognised { why, .. }) => {
                // Only a file without a calendar is refused as a whole.
                let text = String::from_utf8_lossy(&bytes).to_ascii_uppercase();
                assert!(
                    !text.contains("BEGIN:VCALENDAR"),
                    "{}: {why}",
                    file.display()
                );
                unrecognised += 1;
                continue;
            }
            Err(error) => panic!("{}: {error}", file.display()),
        };
        nothing_is_dropped(file, &bytes, &report);
        they_are_published(&app, file, &report);
        for item in &report.items {
            *outcomes.entry(format!("{:?}", item.outcome)).or_default() += 1;
        }
        remarks += report.remarks.len();
        let commit = app.commit_number();
        let again = app.import(file).expect("what was read once is read again");
        let changed: Vec<_> = again
            .items
            .iter()
            .filter(|item| matches!(item.outcome, StepOutcome::Created | StepOutcome::Updated))
            .collect();
        assert!(changed.is_empty(), "{}: {changed:#?}", file.display());
        assert_eq!(app.commit_number(), commit, "{}", file.display());
    }
    println!(
        "{} files: {outcomes:?}, {remarks} remarks, {unrecognised} are no calendars",
        files.len()
    );
    assert!(unrecognised < 10, "{unrecognised} files are not recognised");
    let events = app.snapshot().event_count();
    assert!(events > 5000, "{events} events");
    all_is_read_by_others(&app, events);
}

/// Asserts that other parsers read a feed of everything imported.
fn all_is_read_by_others(app: &TestServer, events: usize) {
    let feed = app
        .visitor()
        .get("/feeds/search.ics?from=1900-01-01&to=2100-12-31")
        .ok();
    let findings = check(&feed.body);
    assert!(
        findings.is_empty(),
        "{:#?}",
        &findings[..findings.len().min(10)]
    );
    let calendar = feed.calendar();
    let uids: BTreeSet<&str> = calendar
        .events
        .iter()
        .map(|event| event.value("UID"))
        .collect();
    println!(
        "{} of {events} events in the feed of two centuries",
        uids.len()
    );
    let file = app.folder().join("all.ics");
    std::fs::write(&file, &feed.body).expect("a file in a temporary folder");
    for reader in READERS {
        let found = read(reader, std::slice::from_ref(&file));
        assert_eq!(found[0].complaints, Vec::<String>::new(), "{reader}");
        let theirs: BTreeSet<&str> = found[0].by_key().into_keys().map(|key| key.0).collect();
        assert_eq!(theirs.len(), uids.len(), "{reader}");
        assert_eq!(found[0].events.len(), calendar.events.len(), "{reader}");
    }
}
