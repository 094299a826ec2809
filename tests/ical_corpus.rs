//! The reader with a corpus of real and malicious calendar files, and with expansions on which two independent
//! libraries agree. `CALENDAR_CORPUS` names their folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use calendar_domain::Lang;
use calendar_ical::check::check;
use calendar_ical::occurrences::occurrences;
use calendar_ical::read::{ReadCalendar, read};
use calendar_ical::to_events::{ReadOptions, to_drafts};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Deserialize;

/// Returns the folder of the corpus.
fn corpus() -> PathBuf {
    let folder = std::env::var_os("CALENDAR_CORPUS").expect("CALENDAR_CORPUS is set");
    Path::new(&folder).join("ical")
}

fn calendar_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("the corpus can be listed");
    for entry in entries {
        let path = entry.expect("the corpus can be listed").path();
        let kind = path
            .extension()
            .and_then(|kind| kind.to_str())
            .unwrap_or_default();
        if path.is_dir() {
            calendar_files(&path, found);
        } else if ["ics", "ical", "ifb", "vcs"].contains(&kind.to_ascii_lowercase().as_str()) {
            found.push(path);
        }
    }
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn every_file_of_the_corpus_is_read_or_reported() {
    let folder = corpus();
    let mut files = Vec::new();
    calendar_files(&folder.join("corpus"), &mut files);
    files.sort();
    assert!(files.len() >= 559, "only {} files", files.len());
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut components: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut slowest: Vec<(Duration, &Path)> = Vec::new();
    let mut largest: Vec<(u64, &Path)> = Vec::new();
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    let options = ReadOptions {
        default_zone: Tz::Europe__Oslo,
        language: Lang::Nb,
    };
    for path in &files {
        let bytes = fs::read(path).expect("the file can be read");
        forget_peak();
        let began = Instant::now();
        let calendar = read(&bytes);
        let first = calendar
            .events
            .iter()
            .map(|event| event.start.local().date())
            .min();
        if let Some(from) = first {
            occurrences(&calendar, from, from + chrono::Days::new(800));
        }
        to_drafts(&calendar, &options);
        slowest.push((began.elapsed(), path));
        for finding in check(&bytes) {
            *rules.entry(finding.rule).or_default() += 1;
        }
        largest.push((peak_memory(), path));
        nothing_is_dropped(path, &calendar);
        for (reason, count) in &calendar.finding_counts {
            *reasons.entry(reason.id()).or_default() += count;
        }
        for (name, count) in &calendar.components {
            let sum = components.entry(name.clone()).or_default();
            *sum = (sum.0 + count.read, sum.1 + count.reported);
        }
    }
    slowest.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    let sum = |of: fn(&(usize, usize)) -> usize| components.values().map(of).sum::<usize>();
    println!(
        "{} files; {} components read, {} reported: {components:#?}",
        files.len(),
        sum(|value| value.0),
        sum(|value| value.1)
    );
    println!("findings by reason: {reasons:#?}");
    println!("broken rules: {rules:#?}");
    println!("slowest: {:#?}", &slowest[..5]);
    largest.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
    println!("most memory, in bytes: {:#?}", &largest[..5]);
    // A guard against files that never end, with room for a busy machine.
    assert!(slowest[0].0 < Duration::from_secs(10), "{:?}", slowest[0]);
    assert!(largest[0].0 < 256 << 20, "{:?}", largest[0]);
}

/// Resets the peak of memory. Where Linux does not permit it, the peak is that of all files so far.
fn forget_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// Returns the peak memory of this process since then, including concurrent tests, in bytes (proc(5), VmHWM).
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse().ok());
    let kilobytes: u64 = kilobytes.expect("a number of kB");
    kilobytes << 10
}

/// Asserts that everything left out has a finding that names it.
fn nothing_is_dropped(path: &Path, calendar: &ReadCalendar) {
    for (name, count) in &calendar.components {
        let named = calendar
            .findings
            .iter()
            .any(|finding| finding.component == *name);
        assert!(
            count.reported == 0 || named,
            "{}: {name} {count:?}",
            path.display()
        );
    }
    let events = calendar
        .components
        .get("VEVENT")
        .map_or(0, |count| count.read);
    assert_eq!(events, calendar.events.len(), "{}", path.display());
    let empty = calendar.components.is_empty();
    assert!(
        !empty || !calendar.findings.is_empty(),
        "{}",
        path.display()
    );
}

#[derive(Deserialize)]
struct Agreed {
    ics: String,
    from: NaiveDate,
    to_exclusive: NaiveDate,
    occurrences: Vec<(String, String)>,
    #[serde(default = "yes")]
    complete: bool,
}

fn yes() -> bool {
    true
}

/// Files with intended differences, each with the reason.
const DIFFERENCES: [(&str, &str); 2] = [
    (
        "ical.net/Ical.Net.Tests/Calendars/Recurrence/ByMonth1.ics",
        "its DTSTART of 2 September is out of step with its rule, every day of January; RFC 5545 \
         section 3.8.5.3 calls the result undefined, and we give the rule's own set",
    ),
    (
        "recurring_ical_events/test/calendars/issue_75_range_parameter.ics",
        "UNTIL is a date although DTSTART has a time, which RFC 5545 section 3.3.10 forbids; we let \
         that whole day in, as the words of its author mean, not only its midnight",
    ),
];

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn occurrences_are_those_on_which_other_libraries_agree() {
    let folder = corpus();
    let lines = fs::read_to_string(folder.join("recurrence/agreed_expansions.handout.jsonl"))
        .expect("the expansions can be read");
    let (mut same, mut explained, mut unexplained) = (0, 0, Vec::new());
    for line in lines.lines() {
        let agreed: Agreed = serde_json::from_str(line).expect("an agreed expansion");
        let Some(difference) = difference(&folder, &agreed) else {
            same += 1;
            continue;
        };
        match DIFFERENCES
            .iter()
            .find(|(file, _)| agreed.ics.ends_with(file))
        {
            Some((file, why)) => {
                explained += 1;
                println!("DIFFERS {file}: {why}");
            }
            None => unexplained.push(format!("{}: {difference}", agreed.ics)),
        }
    }
    let total = same + explained + unexplained.len();
    println!("{same} of {total} files identical, {explained} differ on purpose");
    assert!(
        unexplained.is_empty(),
        "{} unexplained:\n{}",
        unexplained.len(),
        unexplained.join("\n")
    );
    assert!(
        same * 100 >= total * 99,
        "only {same} of {total} files identical"
    );
}

fn difference(folder: &Path, agreed: &Agreed) -> Option<String> {
    let bytes = fs::read(folder.join(&agreed.ics)).expect("the file can be read");
    let calendar = read(&bytes);
    let (found, _) = occurrences(&calendar, agreed.from, agreed.to_exclusive);
    // Sets, since overrides may move two occurrences of an event to the same time.
    let ours = found
        .iter()
        .map(|o| (o.uid.to_owned(), o.start.to_string()));
    let mut ours: BTreeSet<(String, String)> = ours.collect();
    let theirs = agreed.occurrences.iter();
    let theirs: BTreeSet<(String, String)> = theirs
        .map(|(uid, start)| (uid.clone(), start.trim_start_matches('L').to_owned()))
        .collect();
    if !agreed.complete {
        ours.retain(|our| theirs.iter().any(|their| their.1 >= our.1));
    }
    if ours == theirs {
        return None;
    }
    let missing: Vec<_> = theirs.difference(&ours).take(3).collect();
    let extra: Vec<_> = ours.difference(&theirs).take(3).collect();
    let counts = (ours.len(), theirs.len());
    Some(format!(
        "ours, theirs {counts:?}; missing {missing:?}; extra {extra:?}"
    ))
}
