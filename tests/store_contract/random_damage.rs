//! Deterministic damage at random places.

use std::fs;
use std::path::{Path, PathBuf};

use calendar_domain::Record;
use calendar_store::{Change, StoreError, open, salvage};

use crate::files::{Told, copy_folder, filled, flip, truncate};
use crate::kill::rounds;
use crate::support::{Address, category, commit, key};

/// A deterministic random number generator.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, files)
        } else {
            files.push(path)
        }
    }
    files.sort();
}

/// Damages a file below `folder`: a flipped byte, a cut, emptied or removed.
fn damage(folder: &Path, dice: &mut Dice) -> String {
    let mut files = Vec::new();
    files_below(folder, &mut files);
    let file = files.swap_remove(dice.below(files.len()));
    let length = fs::metadata(&file).unwrap().len() as usize;
    let kind = if length == 0 { 3 } else { dice.below(4) };
    match kind {
        0 => flip(&file, dice.below(length)),
        1 => truncate(&file, dice.below(length)),
        2 => truncate(&file, 0),
        _ => fs::remove_file(&file).unwrap(),
    }
    format!("{} ({kind})", file.display())
}

#[test]
fn random_damage_ends_in_the_right_data_or_in_a_refusal() {
    let rounds = rounds("DAMAGES", 300);
    let (plain, told) = filled();
    // A second store with a snapshot and a segment after it.
    let (compacted, _) = filled();
    fs::remove_dir_all(compacted.path("journal")).unwrap();
    let told_compacted = {
        let store = compacted.open();
        commit(
            &*store,
            vec![Change::put(category("music", "Etter øyeblikksbildet"))],
        );
        Told::by(&*store)
    };
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut refused = 0;
    for round in 0..rounds {
        let (model, told) = if round % 2 == 0 {
            (&plain, &told)
        } else {
            (&compacted, &told_compacted)
        };
        let address = Address::sled();
        copy_folder(&model.path(""), &address.path(""));
        let (database, journal) = (address.sled_folder(), address.path("journal"));
        let parts = match dice.below(3) {
            0 => vec![database],
            1 => vec![journal],
            _ => vec![database, journal],
        };
        let done: Vec<_> = parts.iter().map(|part| damage(part, &mut dice)).collect();
        match open(&address.url) {
            Ok(store) => {
                assert_eq!(Told::by(&*store), *told, "round {round}: {done:?}");
                let next = vec![Change::put(category("after", &round.to_string()))];
                assert_eq!(commit(&*store, next).number, told.head.number.next());
            }
            Err(error @ StoreError::Damaged { .. }) => {
                refused += 1;
                assert_eq!(parts.len(), 2, "round {round}: {done:?}: {error}");
                salvage_keeps_a_beginning(&address, told, &format!("round {round}: {done:?}"));
            }
            Err(error) => panic!("round {round}: {done:?}: {error}"),
        }
    }
    assert!(refused < rounds / 3, "{refused} of {rounds} were refused");
}

fn salvage_keeps_a_beginning(address: &Address, told: &Told, round: &str) {
    match salvage(&address.url) {
        Ok(salvaged) => {
            assert!(salvaged.kept < told.head.number, "{round}");
            let store = address.open();
            assert_eq!(store.head().number, salvaged.kept, "{round}");
            let music: Record = category("music", "");
            let kept = store.history(&key(&music)).unwrap();
            assert_eq!(kept, told.histories[0][..kept.len()], "{round}");
        }
        Err(StoreError::Damaged { advice, .. }) => {
            assert!(advice.contains("backup"), "{round}: {advice}");
        }
        Err(error) => panic!("{round}: {error}"),
    }
}
