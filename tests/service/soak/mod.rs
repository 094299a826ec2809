//! Mixed load on the program for `SOAK_SECONDS`; see `tests/load/soak`.
//!
//! The load is stationary: the same events are changed, withdrawn and sent again, so that the history of each
//! (limited to a hundred versions) soon reaches its maximum. Memory that grows after that is a leak.

mod figures;
mod load;

use std::path::PathBuf;
use std::time::Duration;

use crate::support::{Program, TestServer};
use figures::{Course, Part};
use load::Load;

/// Number of intervals; the first ones are the warm-up.
const PARTS: usize = 12;
const WARM_UP: usize = 4;

/// Maximum growth of memory over the last half of the time, by linear regression, in MiB. It allows for caches
/// and for pages that the allocator has not returned. A short run in a debug build does not fill the histories
/// and only detects rapid growth: what remains between peaks differs by up to 25 MiB from one part to the next.
const GAIN: f64 = 4.0;
const GAIN_IN_A_HURRY: f64 = 24.0;
/// Duration in minutes below which a run is short.
const IN_A_HURRY: f64 = 5.0;

/// Number of rounds with different titles.
const ROUNDS: usize = 50;

#[test]
#[ignore = "takes as long as it is told; tests/run gives it a minute"]
fn memory_stays_flat_and_answers_stay_quick() {
    let seconds = std::env::var("SOAK_SECONDS").map_or(60, |text| text.parse().unwrap());
    // Small enough to be full after the warm-up.
    let limits = "{limits={feed_cache_bytes=4194304}}".to_owned();
    let mut program = Program::new().with_environment([("ROCKET_CALENDAR", limits)]);
    if let Some(path) = std::env::var_os("SOAK_PROGRAM") {
        program = program.built_as(PathBuf::from(path));
    }
    let (feeds, pages) = addresses();
    program.run(&["seed"]).ok();
    program
        .run(&["partner", "add", "soak", "--kind", "interface"])
        .ok();
    let serving = program.serve(&[]);
    println!("at the start {:.1} MiB", figures::memory_of(&serving));
    let load = Load::new(&program, &serving);
    let length = Duration::from_secs(seconds) / u32::try_from(PARTS).unwrap();
    let mut parts: Vec<Part> = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| load.read(&feeds, 0));
        scope.spawn(|| load.read(&feeds, feeds.len() / 2));
        scope.spawn(|| load.read(&pages, 0));
        scope.spawn(|| load.edit(ROUNDS));
        scope.spawn(|| load.import(ROUNDS));
        scope.spawn(|| load.keep_a_reference());
        for number in 1..=PARTS {
            let Some(part) = load.part(length) else {
                break;
            };
            println!("part {number:2} of {PARTS}: {part}");
            parts.push(part);
        }
        load.end();
    });
    judge(&parts);
    assert!(serving.stop().0.success());
}

/// Returns every feed and page that exists before the load.
fn addresses() -> (Vec<String>, Vec<String>) {
    let now = chrono::Local::now().format("%Y-%m-%dT%H:%M").to_string();
    let app = TestServer::builder().at(&now).start();
    let mut pages = app.every_page();
    pages.extend(["/metrics", "/api/v1/changes", "/?q=konsert"].map(str::to_owned));
    (app.every_feed(), pages)
}

fn judge(parts: &[Part]) {
    assert_eq!(parts.len(), PARTS, "the load ended early");
    let rest = &parts[WARM_UP..];
    assert!(
        rest.iter().all(|part| part.edits > 0 && part.imports > 0),
        "the writers stood still"
    );
    // A leak raises what remains between the peaks, and peaks come by chance.
    let course: Course = parts[PARTS / 2..]
        .iter()
        .filter_map(Part::least_memory)
        .collect();
    let (slope, minutes) = (course.slope(), course.minutes());
    let gain = if minutes * 2.0 < IN_A_HURRY {
        GAIN_IN_A_HURRY
    } else {
        GAIN
    };
    let most = gain / minutes;
    println!(
        "memory in the last half: {:.1} MiB on average, {slope:+.2} MiB a minute \
         (at most {most:.2}: {gain} MiB in {minutes:.1} minutes)",
        course.mean(),
    );
    let (first, last) = rest.split_at(rest.len() / 2);
    let highest = |parts: &[Part]| {
        let least = parts.iter().filter_map(Part::least_memory);
        least.map(|least| least.mebibytes).fold(0.0, f64::max)
    };
    let (before, after) = (highest(first), highest(last));
    let answers = |part: &Part| part.slowest;
    let (quick, slow) = (median(first, answers), median(last, answers));
    let machine = median(last, |part| part.reference) / median(first, |part| part.reference);
    println!(
        "least memory of a part at most {before:.1} MiB, then {after:.1} MiB; 99th percentile {quick:.3} s, then \
         {slow:.3} s; the machine took {machine:.2} times as long"
    );
    assert!(slope < most, "memory grows by {slope} MiB a minute");
    assert!(
        after < before * 1.1 + 8.0,
        "memory grew from {before} to {after} MiB"
    );
    // Other work on the machine also slows down the reference.
    let bound = (quick * 2.0 + 0.05).max(quick * 3.0 * machine);
    assert!(
        slow < bound,
        "the 99th percentile went from {quick} s to {slow} s"
    );
}

fn median(parts: &[Part], of: fn(&Part) -> Duration) -> f64 {
    let mut times: Vec<_> = parts.iter().map(of).collect();
    times.sort();
    times[times.len() / 2].as_secs_f64()
}
