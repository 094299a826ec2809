//! Runs that are too large for one commit.

use std::sync::atomic::{AtomicUsize, Ordering};

use calendar_domain::{Claim, Lang, Run};
use calendar_store::{
    Committed, Generation, RecordVersion, StoreError, StoreHead, StoreStats, Stored,
};
use elverum_calendar::editorial::{self, DecisionError, Later};
use elverum_calendar::ingest::run::Ended;

use crate::*;

/// Length of a description in bytes.
const HEAVY: usize = 100_000;

/// Returns the number of events of a large run: enough for three commits. With 500, as `tests/proofs/run
/// heavy_runs` sets, they exceed the limit of one commit.
fn count() -> usize {
    let given = std::env::var("HEAVY_EVENTS").ok();
    given.map_or(170, |var| var.parse().expect("HEAVY_EVENTS is a number"))
}

fn described(drafts: Vec<EventDraft>, bytes: usize) -> Vec<EventDraft> {
    let describe = |mut draft: EventDraft| {
        draft.description = Text::nb("x".repeat(bytes));
        draft
    };
    drafts.into_iter().map(describe).collect()
}

fn descriptions(office: &Office) -> Vec<usize> {
    let length = |event: &Event| event.description.exact(Lang::Nb).map_or(0, str::len);
    let mut lengths: Vec<usize> = office.events().iter().map(length).collect();
    lengths.dedup();
    lengths
}

fn runs(office: &Office) -> Vec<Run> {
    editorial::runs(&*office.calendar).unwrap()
}

#[test]
fn a_run_that_is_too_heavy_for_one_commit_is_written_and_taken_back_whole() {
    let office = Office::new().with_partner("venue");
    let before = office.commits();
    let report = office.tells("venue", &described(programme(count()), HEAVY));
    assert_eq!(report.ended, Ended::Written);
    assert_eq!(descriptions(&office), [HEAVY]);
    assert!(office.commits() > before + 1, "it is more than one commit");
    let [run] = &runs(&office)[..] else {
        panic!("{} runs are listed", runs(&office).len())
    };
    assert_eq!(Some(&run.id), report.run.as_ref());
    assert_eq!((run.created, run.wrote.len()), (count(), count()));
    let editor = office.editor();
    let back = editorial::roll_back(&*office.calendar, &editor, &run.id, Later::Stop).unwrap();
    assert_eq!(back.withdrawn, count());
    assert!(office.events().is_empty());
    assert!(matches!(office.guard("venue"), Guard::Held { .. }));
    let again = editorial::roll_back(&*office.calendar, &editor, &run.id, Later::Stop);
    assert!(matches!(again, Err(DecisionError::NothingWritten(_))));
}

#[test]
fn what_was_there_before_a_light_run_may_be_too_heavy_for_one_commit() {
    let office = Office::new().with_partner("venue");
    office.tells("venue", &described(programme(count()), HEAVY));
    let light = office.tells("venue", &described(programme(count()), 10));
    assert_eq!(descriptions(&office), [10]);
    let (run, before) = (light.run.unwrap(), office.commits());
    let back = editorial::roll_back(&*office.calendar, &office.editor(), &run, Later::Stop);
    assert_eq!(back.unwrap().restored, count());
    assert!(office.commits() > before + 1, "it is more than one commit");
    assert_eq!(descriptions(&office), [HEAVY]);
}

#[test]
fn suggestions_are_weighed_too() {
    let office = Office::new().with_partner("venue");
    office.tells("venue", &described(programme(count()), 10));
    for event in office.events() {
        office.sets(event.id.as_str(), Field::Description, |office| {
            office.description = Text::nb("Av redaktøren");
        });
    }
    let report = office.tells("venue", &described(programme(count()), HEAVY));
    assert_eq!(report.suggestions, count());
    assert_eq!(office.suggestions().len(), count());
}

#[test]
fn what_somebody_changed_since_stops_the_whole_of_a_heavy_run_or_stays() {
    let office = Office::new().with_partner("venue");
    let report = office.tells("venue", &described(programme(count()), HEAVY));
    let id = office.events()[count() / 2].id.to_string();
    office.sets(&id, Field::Title, |office| {
        office.title = Text::nb("Av redaktøren")
    });
    let run = report.run.unwrap();
    let editor = office.editor();
    let stopped = editorial::roll_back(&*office.calendar, &editor, &run, Later::Stop);
    assert!(matches!(stopped, Err(DecisionError::ChangedSince(_))));
    assert_eq!(office.events().len(), count(), "nothing was taken back");
    let back = editorial::roll_back(&*office.calendar, &editor, &run, Later::Keep).unwrap();
    assert_eq!((back.withdrawn, back.kept.len()), (count() - 1, 1));
    assert_eq!(office.titles(), ["Av redaktøren"]);
}

/// A store that accepts a number of further commits and then fails.
struct Failing {
    store: Arc<dyn Store>,
    left: AtomicUsize,
}

impl Failing {
    fn takes(&self, commits: usize) {
        self.left.store(commits, Ordering::SeqCst);
    }
}

impl Store for Failing {
    fn head(&self) -> StoreHead {
        self.store.head()
    }

    fn generation(&self) -> Generation {
        self.store.generation()
    }

    fn holders(&self, claim: &Claim) -> Result<Vec<RecordKey>, StoreError> {
        self.store.holders(claim)
    }

    fn scan(
        &self,
        kinds: &[RecordKind],
        each: &mut dyn FnMut(Vec<Stored>),
    ) -> Result<(), StoreError> {
        self.store.scan(kinds, each)
    }

    fn get(&self, key: &RecordKey) -> Result<Option<Stored>, StoreError> {
        self.store.get(key)
    }

    fn scan_versions(
        &self,
        kinds: &[RecordKind],
        each: &mut dyn FnMut(&RecordKey, RecordVersion),
    ) -> Result<(), StoreError> {
        self.store.scan_versions(kinds, each)
    }

    fn erase_versions(
        &self,
        keys: &std::collections::BTreeMap<RecordKey, calendar_store::Revision>,
    ) -> Result<calendar_store::ErasedVersions, StoreError> {
        self.store.erase_versions(keys)
    }

    fn history(&self, key: &RecordKey) -> Result<Vec<RecordVersion>, StoreError> {
        self.store.history(key)
    }

    fn writable(&self) -> Result<(), StoreError> {
        self.store.writable()
    }

    fn stats(&self) -> StoreStats {
        self.store.stats()
    }

    fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        let take = |left: usize| left.checked_sub(1);
        let (set, get) = (Ordering::SeqCst, Ordering::SeqCst);
        match self.left.fetch_update(set, get, take) {
            Ok(_) => self.store.commit(commit),
            Err(_) => Err(StoreError::UnknownScheme {
                url: "full".into(),
                known: String::new(),
            }),
        }
    }
}

#[test]
fn a_heavy_run_that_broke_off_is_taken_back_or_finished_and_so_is_its_rollback() {
    let mut failing = None;
    let office = Office::over(|store| {
        let store = Arc::new(Failing {
            store,
            left: AtomicUsize::new(usize::MAX),
        });
        failing = Some(Arc::clone(&store));
        store
    });
    let (office, failing) = (office.with_partner("venue"), failing.unwrap());
    let told = described(programme(count()), HEAVY);
    failing.takes(1);
    let broken = office.try_tell("venue", &told, Listing::Whole);
    assert!(matches!(broken, Err(RunError::Store(_))));
    let part = office.events().len();
    assert!((1..count()).contains(&part), "{part} events");
    failing.takes(usize::MAX);
    let rest = office.tells("venue", &told);
    assert_eq!((rest.created, rest.unchanged), (count() - part, part));
    assert_eq!(descriptions(&office), [HEAVY]);
    // The newest run, and the interrupted one.
    let found = runs(&office);
    let sizes: Vec<usize> = found.iter().map(|run| run.wrote.len()).collect();
    assert_eq!(sizes, [count() - part, part]);
    let (editor, calendar) = (office.editor(), &*office.calendar);
    failing.takes(1);
    editorial::roll_back(calendar, &editor, &found[0].id, Later::Stop).unwrap_err();
    let left = office.events().len();
    assert!(
        (part + 1..count()).contains(&left),
        "{left} events are left"
    );
    assert!(matches!(office.guard("venue"), Guard::Held { .. }));
    failing.takes(usize::MAX);
    let back = editorial::roll_back(calendar, &editor, &found[0].id, Later::Stop).unwrap();
    assert_eq!(back.withdrawn, left - part);
    let back = editorial::roll_back(calendar, &editor, &found[1].id, Later::Stop).unwrap();
    assert_eq!(back.withdrawn, part);
    assert!(office.events().is_empty());
}
