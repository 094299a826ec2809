//! Image files that records require, in a journal with and without a snapshot.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;

use calendar_domain::{
    Event, Image, ImageFile, ImageSource, KeptImage, Record, Schedule, Text, Uid, When,
};
use calendar_store::{Change, Store, backup, check, check_backup};

use crate::child::Child;
use crate::disk::FailingDisk;
use crate::support::{Address, at, category, commit};

/// Keeps an image and commits an event that shows it.
fn show(store: &dyn Store, slug: &str) -> ImageFile {
    let content = slug.as_bytes();
    let file = ImageFile {
        name: store.images().unwrap().keep(content, at(0)).unwrap(),
        width: 480,
        height: 320,
        bytes: content.len() as u64,
    };
    let kept = KeptImage {
        largest: file.clone(),
        smaller: Vec::new(),
    };
    let day = Schedule::once(When::day("2027-06-01".parse().unwrap()));
    let uid: Uid = format!("{slug}@example.org").parse().unwrap();
    let mut event = Event::new(slug.parse().unwrap(), uid, Text::nb(slug), day, at(0));
    event.images = vec![Image::new(ImageSource::Kept(kept))];
    commit(store, vec![Change::put(Record::from(event))]);
    file
}

#[test]
fn a_missing_image_is_found_through_a_snapshot_and_through_commits() {
    let address = Address::sled();
    let early = show(&*address.open(), "early");
    // The next start writes a snapshot.
    fs::remove_dir_all(address.path("journal")).unwrap();
    let store = address.open();
    let (late, gone) = (show(&*store, "late"), show(&*store, "gone"));
    let holders = store.load().unwrap();
    let holder = holders.iter().find(
        |stored| matches!(&stored.record, Record::Event(event) if event.slug.as_str() == "gone"),
    );
    let holder = holder.unwrap();
    let removed = Change::remove(holder.record.key(), holder.revision);
    commit(
        &*store,
        vec![removed, Change::put(category("music", "Musikk"))],
    );
    drop(store);
    let images = address.path("images");
    for file in [&early, &late, &gone] {
        fs::remove_file(images.join(file.name.as_str())).unwrap();
    }
    let found = check(&address.url).unwrap().findings;
    assert_eq!(found.len(), 2, "{found:#?}");
    for file in [&early, &late] {
        assert!(
            found
                .iter()
                .any(|finding| finding.contains(file.name.as_str())),
            "{found:#?}"
        );
    }
    let file = address.folder.path().join("calendar.backup");
    let made = backup(&address.url, &file).unwrap();
    assert_eq!(made.findings, found);
    assert_eq!(check_backup(&file).unwrap().findings, found);
}

/// Number of changes to the disk at the end of a restore, in which the stores are exchanged.
const EXCHANGE: usize = 45;

/// A store that is replaced by a backup of another one. They have an image in common.
struct Replacement {
    old: Address,
    backup: PathBuf,
    /// The folder of the backup.
    _other: Address,
}

impl Replacement {
    fn new() -> Self {
        let (old, other) = (Address::sled(), Address::sled());
        for (address, own) in [(&old, "old"), (&other, "new")] {
            let store = address.open();
            show(&*store, "common");
            show(&*store, own);
        }
        let backup = other.folder.path().join("calendar.backup");
        let made = calendar_store::backup(&other.url, &backup).unwrap();
        assert_eq!(made.findings, Vec::<String>::new());
        Self {
            old,
            backup,
            _other: other,
        }
    }

    /// Restores, and kills the process before this change to the disk. Returns false if it ended before.
    fn is_killed_at(&self, change: usize) -> bool {
        let mut disk = FailingDisk::below(self.old.folder.path());
        (disk.cut, disk.keep) = (Some(change), 100);
        let (lines, status) = Child::restoring(&self.old.url, &self.backup, &disk).ended();
        assert!(
            status.success() || status.signal() == Some(9),
            "{change}: {lines:?}"
        );
        !status.success()
    }
}

/// Returns the slugs of the events, each of which has its image.
fn shown(url: &str) -> Vec<String> {
    let found = check(url).unwrap().findings;
    let lost: Vec<_> = found
        .iter()
        .filter(|finding| finding.contains("image"))
        .collect();
    assert!(lost.is_empty(), "{lost:#?}");
    let store = calendar_store::open(url).unwrap();
    let records = store.load().unwrap().into_iter();
    let slugs = records.filter_map(|stored| match stored.record {
        Record::Event(event) => Some(event.slug.to_string()),
        _ => None,
    });
    let mut slugs: Vec<_> = slugs.collect();
    slugs.sort();
    slugs
}

#[test]
fn a_restore_killed_at_any_change_leaves_a_store_with_its_images_and_can_be_repeated() {
    let (mut ends, mut kills) = (4_096, 0);
    while ends - kills > 1 {
        let middle = usize::midpoint(kills, ends);
        if Replacement::new().is_killed_at(middle) {
            kills = middle;
        } else {
            ends = middle;
        }
    }
    let mut seen = BTreeSet::new();
    let changes = (kills.saturating_sub(EXCHANGE)..=kills).chain((1..kills).step_by(37));
    for change in changes {
        let replacement = Replacement::new();
        if !replacement.is_killed_at(change) {
            // The number of changes varies a little with the threads of the database.
            assert_eq!(shown(&replacement.old.url), ["common", "new"], "{change}");
            continue;
        }
        // The next start, and then the restore once more.
        let found = shown(&replacement.old.url);
        assert!(
            found == ["common", "old"] || found == ["common", "new"],
            "{change}: {found:?}"
        );
        seen.insert(found);
        assert!(!replacement.is_killed_at(usize::MAX >> 1), "{change}");
        assert_eq!(shown(&replacement.old.url), ["common", "new"], "{change}");
        assert!(!replacement.old.path("restoring").exists(), "{change}");
    }
    assert_eq!(seen.len(), 2, "killed before and after the exchange");
}

#[test]
fn a_store_that_is_set_aside_keeps_all_its_images() {
    let replacement = Replacement::new();
    assert!(!replacement.is_killed_at(usize::MAX >> 1));
    let aside = format!("sled:{}", replacement.old.path("replaced-1").display());
    assert_eq!(shown(&aside), ["common", "old"]);
    let images = fs::read_dir(replacement.old.path("images")).unwrap();
    assert_eq!(images.count(), 2);
    // Also after the common image is gone from the new store.
    fs::remove_dir_all(replacement.old.path("images")).unwrap();
    assert_eq!(shown(&aside), ["common", "old"]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_costs_the_images_only() {
    let address = Address::sled();
    show(&*address.open(), "early");
    let images = address.path("images");
    fs::remove_dir_all(&images).unwrap();
    // Not a folder: reading it fails for everyone, root included.
    fs::write(&images, "").unwrap();
    let file = address.folder.path().join("calendar.backup");
    let made = backup(&address.url, &file).unwrap();
    assert!(
        made.findings[0].contains("the backup has no images"),
        "{:?}",
        made.findings
    );
    assert_eq!(check_backup(&file).unwrap().findings.len(), 1);
}
