//! Random stories of three partners and their editors against a small model of what must stand in the calendar.
//!
//! `RECONCILE_STORIES` says how many, `RECONCILE_SEED` which is the first. A story that fails is told again with
//! fewer steps as long as it fails, and shown with its seed.

mod act;
mod checks;
mod decisions;
mod people;
mod reference;
mod story;
mod words;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use act::Step;

const STORIES: u64 = 200;

fn number(name: &str, otherwise: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |it| it.parse().expect("a number"))
}

/// Tells a story; a panic is a failure like any other.
fn play(steps: &[Step]) -> Result<usize, String> {
    let played = catch_unwind(AssertUnwindSafe(|| world::play(steps)));
    played.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()));
        Err(format!("a panic: {}", text.unwrap_or_default()))
    })
}

/// The same failure with as few steps as are needed.
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

#[test]
fn stories_of_three_partners_leave_what_the_model_says() {
    let (first, stories) = (
        number("RECONCILE_SEED", 1),
        number("RECONCILE_STORIES", STORIES),
    );
    let began = Instant::now();
    let mut told = 0;
    for seed in first..first + stories {
        let steps = act::story(seed);
        match play(&steps) {
            Ok(steps) => told += steps,
            Err(failure) => {
                println!("{} stories in {:?}", seed - first, began.elapsed());
                let (left, failure) = shrunk(steps, failure);
                panic!("RECONCILE_SEED={seed}, {left} steps are left, {failure}");
            }
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("{stories} stories of {told} steps in {seconds:.1} s, from seed {first}");
}
