//! Rollback of runs.

use calendar_domain::{Run, RunOutcome};
use elverum_calendar::editorial::{self, DecisionError, Later};
use elverum_calendar::ingest::run::RunError;

use crate::*;

impl Office {
    fn rolls_back(
        &self,
        report: &RunReport,
        later: Later,
    ) -> Result<editorial::RolledBack, DecisionError> {
        let run = report.run.as_deref().unwrap();
        editorial::roll_back(&*self.calendar, &self.editor(), run, later)
    }

    fn run(&self, report: &RunReport) -> Run {
        let id = report.run.as_deref().unwrap();
        let runs = editorial::runs(&*self.calendar).unwrap();
        runs.into_iter().find(|run| run.id == id).unwrap()
    }
}

fn with_titles(prefix: &str) -> Vec<EventDraft> {
    let mut all = programme(3);
    for (n, draft) in all.iter_mut().enumerate() {
        draft.title = Text::nb(format!("{prefix} {n}"));
    }
    all
}

/// The response arrived before the rollback of the previous run.
#[test]
fn a_run_in_flight_does_not_undo_that_one_was_taken_back() {
    let office = Office::new().with_partner("venue");
    office.tells("venue", &with_titles("God"));
    let bad = office.tells("venue", &with_titles("Dårlig"));
    office.rolls_back(&bad, Later::Stop).unwrap();
    let late = office.try_tell("venue", &with_titles("Dårlig"), Listing::Whole);
    assert!(matches!(late, Err(RunError::Held { .. })), "{late:?}");
    assert_eq!(office.titles(), ["God 0", "God 1", "God 2"]);
    assert!(matches!(office.guard("venue"), Guard::Held { .. }));
}

#[test]
fn two_bad_runs_in_a_row_can_both_be_taken_back() {
    let office = Office::new().with_partner("venue");
    office.tells("venue", &with_titles("God"));
    let first = office.tells("venue", &with_titles("Dårlig"));
    let second = office.tells("venue", &with_titles("Verre"));
    let early = office.rolls_back(&first, Later::Stop);
    assert!(
        matches!(early, Err(DecisionError::ChangedSince(_))),
        "{early:?}"
    );
    office.rolls_back(&second, Later::Stop).unwrap();
    assert_eq!(office.titles(), ["Dårlig 0", "Dårlig 1", "Dårlig 2"]);
    office.rolls_back(&first, Later::Stop).unwrap();
    assert_eq!(office.titles(), ["God 0", "God 1", "God 2"]);
}

#[test]
fn a_run_of_which_everything_was_changed_since_is_not_taken_back_at_all() {
    let office = Office::new().with_partner("venue");
    office.tells("venue", &with_titles("God"));
    let first = office.tells("venue", &with_titles("Dårlig"));
    let second = office.tells("venue", &with_titles("Verre"));
    let kept = office.rolls_back(&first, Later::Keep);
    assert!(matches!(kept, Err(DecisionError::AllChanged)), "{kept:?}");
    assert_eq!(office.run(&first).outcome, RunOutcome::Done);
    assert_eq!(office.guard("venue"), Guard::Watching);
    office.rolls_back(&second, Later::Stop).unwrap();
    office.rolls_back(&first, Later::Keep).unwrap();
    assert_eq!(office.titles(), ["God 0", "God 1", "God 2"]);
}

#[test]
fn what_was_kept_can_be_taken_back_once_what_changed_it_is() {
    let office = Office::new().with_partner("venue");
    office.tells("venue", &with_titles("God"));
    let first = office.tells("venue", &with_titles("Dårlig"));
    let mut mixed = with_titles("Dårlig");
    mixed[2].title = Text::nb("Verre 2");
    let second = office.tells("venue", &mixed);
    let done = office.rolls_back(&first, Later::Keep).unwrap();
    assert_eq!((done.restored, done.kept.len()), (2, 1));
    assert_eq!(office.titles(), ["God 0", "God 1", "Verre 2"]);
    office.rolls_back(&second, Later::Stop).unwrap();
    office.rolls_back(&first, Later::Stop).unwrap();
    assert_eq!(office.titles(), ["God 0", "God 1", "God 2"]);
    assert_eq!(office.run(&first).outcome, RunOutcome::RolledBack);
}
