//! Erasing of earlier versions: nothing of them is left in any file, and everything else stays.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use calendar_domain::{RecordKey, RecordKind};
use calendar_store::{
    BackupEncryption, Change, EphemeralEntry, EphemeralTable, Revision, Store, backup_encrypted,
    check, check_backup,
};

use crate::child::Child;
use crate::random_damage::Dice;
use crate::support::{Address, at, audience, category, commit, key};

/// Part of every text that is erased.
const CANARY: &str = "kanarifugl";

/// Returns the files below a folder that contain a text.
fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            if bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
            {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

fn erasing(keys: &[RecordKey]) -> BTreeMap<RecordKey, Revision> {
    keys.iter()
        .map(|key| (key.clone(), Revision::MAX))
        .collect()
}

/// Fills a store: `gone` is removed, `kept` loses the canary, `other` is not touched.
fn fill(store: &dyn Store) -> [RecordKey; 3] {
    let [gone, kept, other] = ["gone", "kept", "other"].map(|slug| category(slug, ""));
    let [gone, kept, other] = [&gone, &kept, &other].map(key);
    for n in 0..120 {
        let text = format!("{CANARY} {n}");
        let changes = [
            Change::put(category("gone", &text)),
            Change::put(category("kept", &text)),
            Change::put(category("other", &n.to_string())),
        ];
        let _ = commit(store, changes.to_vec());
    }
    let revision = store.get(&gone).unwrap().unwrap().revision;
    let changes = vec![
        Change::remove(gone.clone(), revision),
        Change::put(category("kept", "uten")),
    ];
    let _ = commit(store, changes);
    [gone, kept, other]
}

#[test]
fn erased_versions_are_in_no_file_and_all_else_stays() {
    let address = Address::sled();
    let folder = address.folder.path().join("store");
    let file = address.folder.path().join("before.backup");
    let store = address.open();
    let [gone, kept, other] = fill(&*store);
    let ephemeral = store.ephemeral().unwrap();
    let (table, expires) = (EphemeralTable::Drafts, at(1_000_000_000));
    let entry = |text: &str| EphemeralEntry {
        value: text.as_bytes().to_vec(),
        expires,
    };
    ephemeral
        .put(table, "a", at(0), &entry("kanarifugl-utkast"))
        .unwrap();
    ephemeral
        .put(table, "b", at(0), &entry("annet utkast"))
        .unwrap();
    ephemeral.flush().unwrap();
    let _ = ephemeral.remove(table, "a", at(0)).unwrap();
    let _ = backup_encrypted(&address.url, &file, &BackupEncryption::None).unwrap();
    let (head, before) = (store.head(), store.history(&other).unwrap());
    drop(store);
    let store = address.open();
    let found = files_with(&folder, CANARY);
    assert!(
        found.iter().any(|file| file.contains("journal")),
        "{found:?}"
    );
    let erased = store
        .erase_versions(&erasing(&[gone.clone(), kept.clone()]))
        .unwrap();
    assert_eq!(erased.versions, 100 + 100);
    let check_all = |store: &dyn Store| {
        assert_eq!(files_with(&folder, CANARY), [""; 0]);
        assert_eq!(store.head(), head);
        assert_eq!(store.history(&other).unwrap(), before);
        let versions = store.history(&kept).unwrap();
        assert_eq!(versions.len(), 101);
        let (last, earlier) = versions.split_last().unwrap();
        assert_eq!(last.record, Some(category("kept", "uten")));
        assert!(earlier.iter().all(|version| version.record.is_none()));
        assert_eq!(store.get(&gone).unwrap(), None);
        let mut seen = 0;
        store
            .scan_versions(&[RecordKind::Category], &mut |key, version| {
                seen += usize::from(*key == gone && version.record.is_none());
            })
            .unwrap();
        assert_eq!(seen, 101);
    };
    check_all(&*store);
    let left = store.ephemeral().unwrap().get(table, "b", at(0)).unwrap();
    assert_eq!(left, Some(entry("annet utkast")));
    // Revisions continue, and a second erasure changes nothing.
    let next = commit(&*store, vec![Change::create(category("gone", "ny"))]);
    assert_eq!(next.changes[0].after.as_ref().unwrap().revision.0, 122);
    let again = store
        .erase_versions(&erasing(std::slice::from_ref(&kept)))
        .unwrap();
    assert_eq!(again.versions, 0);
    let last = store.get(&gone).unwrap().unwrap().revision;
    let _ = commit(&*store, vec![Change::remove(gone.clone(), last)]);
    let head_now = store.head();
    drop(store);
    let checked = check(&address.url).unwrap();
    assert_eq!(checked.findings, [""; 0]);
    let store = address.open();
    assert_eq!(store.head(), head_now);
    let made = backup_encrypted(&address.url, &file, &BackupEncryption::None).unwrap();
    assert_eq!(made.commit, head_now.number);
    assert_eq!(check_backup(&file).unwrap().findings, [""; 0]);
}

#[test]
fn versions_from_a_revision_on_stay() {
    let address = Address::sled();
    let store = address.open();
    let key = key(&category("a", ""));
    for n in 1..=4 {
        let _ = commit(&*store, vec![Change::put(category("a", &n.to_string()))]);
    }
    let keys = BTreeMap::from([(key.clone(), Revision(3))]);
    assert_eq!(store.erase_versions(&keys).unwrap().versions, 2);
    let there: Vec<bool> = store
        .history(&key)
        .unwrap()
        .iter()
        .map(|version| version.record.is_some())
        .collect();
    assert_eq!(there, [false, false, true, true]);
}

#[test]
fn commits_and_reads_go_on_while_versions_are_erased() {
    let address = Address::sled();
    let store = address.open();
    let keys = fill(&*store);
    let (is_over, slug) = (AtomicBool::new(false), "beside");
    let written = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut written = 0;
            while !is_over.load(Ordering::SeqCst) || written < 3 {
                written += 1;
                let record = audience(slug, &written.to_string());
                let _ = commit(&*store, vec![Change::put(record.clone())]);
                let read = store.get(&key(&record)).unwrap();
                assert_eq!(read.map(|read| read.record), Some(record));
            }
            written
        });
        for _ in 0..3 {
            let _ = store.erase_versions(&erasing(&keys[..2])).unwrap();
        }
        is_over.store(true, Ordering::SeqCst);
        writer.join().unwrap()
    });
    let last = Some(audience(slug, &written.to_string()));
    let record = key(&audience(slug, ""));
    let read = |store: &dyn Store| store.get(&record).unwrap().map(|read| read.record);
    assert_eq!(read(&*store), last);
    drop(store);
    assert_eq!(check(&address.url).unwrap().findings, [""; 0]);
    assert_eq!(read(&*address.open()), last);
}

#[test]
fn a_kill_while_versions_are_erased_leaves_all_or_none_and_the_next_erasure_completes_it() {
    let mut dice = Dice(0x5DEE_CE66_D1CE_4E5B);
    let (mut interrupted, mut half) = (0, 0);
    for round in 0..crate::kill::rounds("ERASURES", 25) {
        let address = Address::sled();
        let folder = address.folder.path().join("store");
        let store = address.open();
        let keys = fill(&*store);
        let head = store.head();
        drop(store);
        let child = Child::erasing(&address.url);
        let moment = Instant::now() + Duration::from_micros(dice.below(250_000) as u64);
        while Instant::now() < moment {
            std::thread::yield_now();
        }
        let lines = child.kill();
        let is_done = lines.iter().any(|line| line.starts_with("erased"));
        interrupted += usize::from(!is_done);
        let store = address.open();
        assert_eq!(store.head(), head, "round {round}");
        let versions = store.history(&keys[1]).unwrap();
        let with = versions.iter().filter(|version| version.record.is_some());
        let with = with.count();
        assert!(with == 101 || with == 1, "round {round}: {with} versions");
        let is_clean = files_with(&folder, CANARY).is_empty();
        // The old files are gone as soon as the journal has none of it.
        assert_eq!(is_clean, with == 1, "round {round}");
        half += usize::from(!is_done && is_clean);
        assert!(is_clean || !is_done, "round {round}");
        let _ = store.erase_versions(&erasing(&keys[..2])).unwrap();
        assert_eq!(files_with(&folder, CANARY), [""; 0], "round {round}");
        drop(store);
        assert_eq!(check(&address.url).unwrap().findings, [""; 0]);
    }
    assert!(interrupted > 0, "no erasure was interrupted");
    println!("{interrupted} interrupted, of which {half} after the journal was replaced");
}
