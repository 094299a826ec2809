//! Model-based tests: random stories of three partners and their editors, compared with a simple model of the
//! calendar.
//!
//! `RECONCILE_STORIES` sets the number of stories, `RECONCILE_SEED` the first seed. A failing story is
//! shortened while it still fails, and printed with its seed.

mod act;
mod answers;
mod at_once;
mod checks;
mod decisions;
mod people;
mod reference;
mod story;
mod thing;
mod words;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use act::Step;
use world::Tally;

const STORIES: u64 = 200;

fn number(name: &str, otherwise: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |var| var.parse().expect("a number"))
}

/// Plays a story. A panic counts as a failure.
fn play(steps: &[Step]) -> Result<Tally, String> {
    let played = catch_unwind(AssertUnwindSafe(|| world::play(steps)));
    played.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| {
            panic
                .downcast_ref::<&str>()
                .map(|value| (*value).to_owned())
        });
        Err(format!("a panic: {}", text.unwrap_or_default()))
    })
}

/// Returns the failure with as few steps as possible.
fn shrunk(mut steps: Vec<Step>, mut failure: String) -> (usize, String) {
    let mut size = steps.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < steps.len() {
            let mut fewer = steps.clone();
            fewer.drain(at..(at + size).min(steps.len()));
            match play(&fewer) {
                Err(error) => {
                    steps = fewer;
                    failure = error;
                }
                Ok(_) => at += size,
            }
        }
        size /= 2;
    }
    (steps.len(), failure)
}

/// Stories played so far, on one thread per processor.
struct Telling {
    next: AtomicU64,
    end: u64,
    tally: Mutex<Tally>,
    failed: Mutex<Option<(u64, String)>>,
}

impl Telling {
    fn go_on(&self) {
        loop {
            let seed = self.next.fetch_add(1, Ordering::Relaxed);
            if seed >= self.end || self.failed.lock().unwrap().is_some() {
                return;
            }
            match play(&act::story(seed)) {
                Ok(happened) => {
                    let mut tally = self.tally.lock().unwrap();
                    for (what, times) in happened {
                        *tally.entry(what).or_default() += times;
                    }
                }
                Err(failure) => *self.failed.lock().unwrap() = Some((seed, failure)),
            }
        }
    }
}

#[test]
fn stories_of_three_partners_leave_what_the_model_says() {
    let (first, stories) = (
        number("RECONCILE_SEED", 1),
        number("RECONCILE_STORIES", STORIES),
    );
    let began = Instant::now();
    let telling = Telling {
        next: AtomicU64::new(first),
        end: first + stories,
        tally: Mutex::default(),
        failed: Mutex::default(),
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| telling.go_on());
        }
    });
    let (tally, seconds) = (
        telling.tally.into_inner().unwrap(),
        began.elapsed().as_secs(),
    );
    println!("{stories} stories from seed {first}, {seconds} s: {tally:?}");
    if let Some((seed, failure)) = telling.failed.into_inner().unwrap() {
        let (left, failure) = shrunk(act::story(seed), failure);
        panic!("RECONCILE_SEED={seed}, {left} steps are left, {failure}");
    }
    if stories >= STORIES {
        // Guards against stories in which nothing happens, which would agree with any model.
        let happened: Vec<&str> = tally.keys().copied().collect();
        for what in world::HAPPENS {
            assert!(happened.contains(&what), "no story has: {what}");
        }
    }
}
