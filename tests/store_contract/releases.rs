//! Stores of earlier releases: every later version opens them with the same content.
//!
//! `releases/<version>.tar.gz` is the folder of a store written by that version, and
//! `releases/<version>.told.gz` its content, line by line. To add a release, run `cargo test --test
//! store_contract keeps_a_store_of_this_release -- --ignored`.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::Datelike;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use calendar_domain::Record;
use calendar_store::{Change, RestoreEnd, Restoring, Store, StoreError, backup, check, restore};
use elverum_calendar::seed;

use crate::files::fill;
use crate::support::{Address, at, category, commit};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store_contract/releases")
}

fn tar(arguments: &[&str], file: &Path, folder: &Path) {
    let mut command = Command::new("tar");
    command.args(arguments).arg(file).arg("-C").arg(folder);
    let status = command.arg("store").status();
    assert!(status.expect("tar is there").success());
}

/// Returns every record with its history, one per line, and the head.
fn told(store: &dyn Store) -> String {
    let head = store.head();
    // The kept texts are independent of the type's name.
    let (number, at) = (head.number, head.at);
    let mut lines = vec![format!("Head {{ number: {number:?}, at: {at:?} }}")];
    for stored in store.load().unwrap() {
        let key = stored.record.key();
        let record = serde_json::to_string(&stored.record).unwrap();
        lines.push(format!(
            "{key} {} {} {record}",
            stored.revision, stored.changed_at
        ));
        for version in store.history(&key).unwrap() {
            let record = serde_json::to_string(&version.record).unwrap();
            let (commit, author) = (version.commit, version.author);
            lines.push(format!("  {commit} {author:?} {} {record}", version.note));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Rewrites the lines in this version's form: the form of a record may change, not its meaning.
fn as_written_now(told: &str) -> String {
    let line = |line: &str| match line.find("{\"kind\"") {
        Some(at) => {
            let record: Record = serde_json::from_str(&line[at..]).unwrap();
            format!(
                "{}{}\n",
                &line[..at],
                serde_json::to_string(&record).unwrap()
            )
        }
        None => format!("{line}\n"),
    };
    told.lines().map(line).collect()
}

fn releases() -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let stores = paths.filter(|path| path.to_string_lossy().ends_with(".tar.gz"));
    stores
        .map(|path| {
            let file = path.to_string_lossy().replace(".tar.gz", ".told.gz");
            let mut told = String::new();
            let mut packed = GzDecoder::new(File::open(file).unwrap());
            packed.read_to_string(&mut told).unwrap();
            (path, as_written_now(&told))
        })
        .collect()
}

#[test]
fn a_store_of_every_release_opens_with_everything_in_it_and_goes_on() {
    let releases = releases();
    assert!(!releases.is_empty());
    for (file, expected) in releases {
        for with_database in [true, false] {
            let address = Address::sled();
            tar(&["-xzf"], &file, address.folder.path());
            if !with_database {
                address.remove_sled();
            }
            let store = address.open();
            assert_eq!(told(&*store), expected, "{}", file.display());
            let before = store.head().number;
            let next = commit(&*store, vec![Change::put(category("later", "Senere"))]);
            assert_eq!(next.number, before.next());
            drop(store);
            assert_eq!(check(&address.url).unwrap().findings, Vec::<String>::new());
        }
    }
}

#[test]
fn a_store_of_every_release_can_be_backed_up_and_restored() {
    for (file, expected) in releases() {
        let address = Address::sled();
        tar(&["-xzf"], &file, address.folder.path());
        let to = address.folder.path().join("all.backup");
        let _ = backup(&address.url, &to).unwrap();
        let other = Address::sled();
        let _ = restore(&other.url, &to, &Restoring::default()).unwrap();
        assert_eq!(told(&*other.open()), expected, "{}", file.display());
    }
}

#[test]
fn a_backup_of_a_newer_version_is_refused() {
    let address = Address::sled();
    drop(address.open());
    let file = address.folder.path().join("all.backup");
    let _ = backup(&address.url, &file).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    bytes[8..12].copy_from_slice(&7u32.to_le_bytes());
    let crc = crc32fast::hash(&bytes[..28]);
    bytes[28..32].copy_from_slice(&crc.to_le_bytes());
    fs::write(&file, bytes).unwrap();
    let how = Restoring {
        until: RestoreEnd::End,
        replace: true,
        ..Restoring::default()
    };
    let error = restore(&address.url, &file, &how).unwrap_err();
    assert!(
        matches!(error, StoreError::NewerSchema { found: 7, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("use a newer elverum-calendar"));
}

#[test]
#[ignore = "makes what the other tests here read, once for each release"]
fn keeps_a_store_of_this_release() {
    let address = Address::sled();
    let store = address.open();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let year = at(0).year();
    seed::apply(&*store, &data, at(0), &(year..=year + 1)).unwrap();
    fill(&*store);
    let name = |end: &str| folder().join(format!("{}.{end}", env!("CARGO_PKG_VERSION")));
    fs::create_dir_all(folder()).unwrap();
    let file = File::create(name("told.gz")).unwrap();
    let mut packed = GzEncoder::new(file, Compression::best());
    packed.write_all(told(&*store).as_bytes()).unwrap();
    packed.finish().unwrap();
    drop(store);
    tar(&["-czf"], &name("tar.gz"), address.folder.path());
}
