//! One truth in every form: what random events are, found without the program, against what the pages and
//! each feed tell of every occurrence.

mod feeds;
mod model;
mod nights;
mod pages;
mod words;

use calendar_store::Change;

use crate::support::TestServer;
use crate::support::dice::Dice;
use model::{Sample, sample};

const EVENTS: usize = 500;

/// What two forms tell differently, for a message with all of it.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn compare<T: PartialEq + std::fmt::Debug>(
        &mut self,
        form: &str,
        slug: &str,
        told: T,
        truth: T,
    ) {
        if told != truth {
            self.0.push(format!(
                "{form} of {slug}:\n  told  {told:?}\n  truth {truth:?}"
            ));
        }
    }

    #[track_caller]
    fn assert_none(self) {
        let count = self.0.len();
        let some: Vec<String> = self.0.into_iter().take(12).collect();
        assert!(count == 0, "{count} differences\n{}", some.join("\n"));
    }
}

#[test]
fn every_form_tells_each_occurrence_of_500_random_events_alike() {
    let app = TestServer::builder().at("2027-01-10T12:00").start();
    let mut dice = Dice(2027);
    let samples: Vec<Sample> = (0..EVENTS).map(|value| sample(&mut dice, value)).collect();
    let create = |sample: &Sample| Change::create(sample.builder.clone().finish(&app).into());
    app.commit_changes(samples.iter().map(create).collect());
    let occurrences: usize = samples.iter().map(|sample| sample.occurrences.len()).sum();
    assert!(occurrences > 2 * EVENTS, "{occurrences}");
    let mut found = Differences::default();
    feeds::compare(&app, &samples, &mut found);
    pages::compare(&app, &samples, &mut found);
    found.assert_none();
}
