//! Compares a durable commit of one event with a bare append of the same bytes, alternating on the same disk;
//! then eight writers with one. Fails if a limit is exceeded.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use calendar_domain::clock::{Clock, SystemClock};
use calendar_domain::{Event, Schedule, Text, When};
use calendar_store::{Author, Change, Commit, Store};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Oslo;
use elverum_calendar::catalog::Calendar;

/// Number of alternations, and of commits in each.
const TURNS: usize = 20;
const TURN: usize = 50;
/// Limits.
const MOST_TIMES_BARE: f64 = 2.0;
const LEAST_TIMES_ONE: f64 = 3.0;
const WRITERS: usize = 8;

fn main() -> ExitCode {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let folder = Path::new(&folder).join(format!("commit-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be written");
    let well = measure(&folder);
    fs::remove_dir_all(&folder).expect("what was made here can be removed");
    if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn measure(folder: &Path) -> bool {
    let store = open(&folder.join("store"));
    let clock = Arc::new(SystemClock);
    let calendar = Calendar::open(open(&folder.join("calendar")), clock).expect("it opens");
    let mut bare = File::create(folder.join("bare")).expect("a file in the folder");
    let frame = frame_of_one_commit(&folder.join("model"));
    let (mut of_bare, mut of_store, mut of_calendar) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        for _ in 0..TURN {
            of_bare.push(timed(|| {
                bare.write_all(&frame).expect("the disk takes it");
                bare.sync_data().expect("the disk takes it");
            }));
        }
        for (store, times) in [
            (&*store, &mut of_store),
            (&calendar as &dyn Store, &mut of_calendar),
        ] {
            for _ in 0..TURN {
                let commit = commit();
                times.push(timed(|| {
                    store.commit(commit).expect("the disk takes it");
                }));
            }
        }
    }
    let bare = median(of_bare);
    println!(
        "{} bytes a commit; medians of {}",
        frame.len(),
        TURNS * TURN
    );
    println!("bare append and fdatasync   {bare:>9.1?}");
    let mut well = true;
    for (name, times) in [("store", of_store), ("store and catalog", of_calendar)] {
        let median = median(times);
        let ratio = median.as_secs_f64() / bare.as_secs_f64();
        println!(
            "commit, {name:18}  {median:>9.1?}  {ratio:.2} times bare (at most {MOST_TIMES_BARE})"
        );
        well &= ratio <= MOST_TIMES_BARE;
    }
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for _ in 0..TURNS / 2 {
        alone.push(rate(&*store, 1));
        together.push(rate(&*store, WRITERS));
    }
    let (one, many) = (middle(alone), middle(together));
    let gain = many / one;
    println!("one writer   {one:>7.0} commits a second");
    println!(
        "{WRITERS} writers    {many:>7.0} commits a second, {gain:.2} times as many (at least {LEAST_TIMES_ONE})"
    );
    well && gain >= LEAST_TIMES_ONE
}

fn open(path: &Path) -> Arc<dyn Store> {
    calendar_store::open(&format!("sled:{}", path.display())).expect("a new store opens")
}

/// Returns a commit of a typical event.
fn commit() -> Commit {
    let id = SystemClock.new_id();
    let now: DateTime<Utc> = SystemClock.now();
    let day = NaiveDate::from_ymd_opt(2027, 6, 1).expect("a date");
    let start = day.and_hms_opt(18, 0, 0).expect("a time");
    let end = day.and_hms_opt(20, 0, 0);
    let when = When::Timed {
        start,
        end,
        zone: Oslo,
    };
    let schedule = Schedule {
        when,
        recurrence: None,
    };
    let slug = format!("sommerkonsert-{id}").parse().expect("a slug");
    let mut event = Event::new(slug, id.into(), Text::nb("Sommerkonsert"), schedule, now);
    event.description = Text::nb(
        "Korpset inviterer til sommerkonsert i parken. Ta med teppe og noe godt i kurven. \
         Ved regn flytter vi inn i kulturhuset; følg med på nettsiden samme dag.",
    );
    Commit {
        author: Author::Operator,
        at: now,
        note: "measured".to_owned(),
        changes: vec![Change::create(event.into())],
    }
}

/// Returns the bytes that such a commit appends to the journal.
fn frame_of_one_commit(path: &Path) -> Vec<u8> {
    let store = open(path);
    store.commit(commit()).expect("the disk takes it");
    drop(store);
    let entries = fs::read_dir(path.join("journal")).expect("it has a journal");
    let mut files = entries.map(|entry| entry.expect("it can be read").path());
    let is_segment = |path: &PathBuf| {
        path.extension()
            .is_some_and(|extension| extension == "journal")
    };
    let bytes = fs::read(files.find(is_segment).expect("a segment")).expect("it can be read");
    // Layout as in the store's `journal::frame`: a file header of 32 bytes, then frames of a 20-byte header and
    // a payload.
    let length = u32::from_le_bytes(std::array::from_fn(|i| bytes[36 + i]));
    bytes[32..][..20 + length as usize].to_vec()
}

fn timed(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn middle(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// Returns the number of commits per second by `writers` threads.
fn rate(store: &dyn Store, writers: usize) -> f64 {
    const EACH: usize = 100;
    let prepared: Vec<Vec<Commit>> = (0..writers)
        .map(|_| (0..EACH).map(|_| commit()).collect())
        .collect();
    let took = timed(|| {
        std::thread::scope(|scope| {
            for commits in prepared {
                scope.spawn(move || {
                    for commit in commits {
                        store.commit(commit).expect("the disk takes it");
                    }
                });
            }
        });
    });
    (writers * EACH) as f64 / took.as_secs_f64()
}
