//! Full and failing disks, as seen by visitors and operators: a small file system in memory, and the library
//! `tests/store_contract/disk.c` between the program and its disk.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::disk::FailingDisk;
use crate::support::Program;
use crate::support::program::Serving;

/// Timeout for a server to detect that its disk works again, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A small file system, unmounted on drop.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts it.
    fn mount(at: &Path, megabytes: u32) -> Self {
        fs::create_dir(at).unwrap();
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(at)
            .status();
        assert!(mounted.unwrap().success(), "mounting is not permitted");
        Self(at.to_owned())
    }

    /// Fills it completely.
    fn fill(&self) {
        let mut file = File::create(self.0.join("filler")).unwrap();
        let mut size = 1 << 20;
        while size > 0 {
            if file.write_all(&vec![1; size]).is_err() {
                size /= 2;
            }
        }
    }

    fn empty(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }

    /// Remounts it read-only or writable.
    fn remount(&self, how: &str) {
        let how = format!("remount,{how}");
        let done = Command::new("mount")
            .args(["-o", &how])
            .arg(&self.0)
            .status();
        assert!(done.unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a failed test may leave a process on it.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Requests a short address for a long selection, which writes to the store.
fn write(address: &str, words: &str) -> (u16, String) {
    let long = format!("{words}{}", "x".repeat(60));
    let path = format!(
        "{address}/subscribe?q={long}&category=music&category=sport&category=stage&\
         audience=families&place=terningen-arena&place=elverum-kulturhus&place=glomdalsmuseet&\
         place=norsk-skogmuseum&municipality=elverum&to=2027-12-31"
    );
    let client = reqwest::blocking::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let answer = client
        .post(path)
        .header("Accept", "application/json")
        .send()
        .unwrap();
    (answer.status().as_u16(), answer.text().unwrap())
}

fn status(address: &str, path: &str) -> u16 {
    let answer = reqwest::blocking::get(format!("{address}{path}")).unwrap();
    answer.status().as_u16()
}

#[test]
#[ignore = "mounts a file system, which needs root"]
fn without_room_writes_are_refused_in_words_readers_are_served_and_room_heals() {
    let program = Program::new();
    let disk = SmallDisk::mount(&program.path("disk"), 64);
    let store = ["--store", "sled:disk/store"];
    let serving = program.serve_bare(&store);
    let address = serving.address.clone();
    let feed = serving.get("/feeds/all.ics");
    for round in 0..3 {
        assert_eq!(write(&address, &format!("kept{round}")).0, 303);
        disk.fill();
        let (code, problem) = write(&address, &format!("refused{round}"));
        assert_eq!(code, 507, "{problem}");
        let problem: serde_json::Value = serde_json::from_str(&problem).unwrap();
        assert_eq!(problem["type"], "/problems/storage-full");
        assert_eq!(status(&address, "/health/ready"), 503);
        assert_eq!(status(&address, "/health/live"), 200);
        assert_eq!(serving.get("/feeds/all.ics"), feed);
        assert_eq!(status(&address, "/feeds/category/music.rss"), 200);
        assert_eq!(status(&address, "/subscribe"), 200);
        let metrics = String::from_utf8(serving.get("/metrics")).unwrap();
        assert!(metrics.contains("calendar_store_writable 0"), "{metrics}");
        disk.empty();
        assert_eq!(write(&address, &format!("again{round}")).0, 303);
        assert_eq!(status(&address, "/health/ready"), 200);
    }
    assert!(serving.stop().0.success());
    let lines = [&store[..], &["export", "--format", "ndjson"]].concat();
    let lines = program.run_bare(&lines).ok().out;
    for round in 0..3 {
        for words in ["kept", "again"] {
            assert!(
                lines.contains(&format!("{words}{round}")),
                "{words}{round} is lost"
            );
        }
        assert!(!lines.contains(&format!("refused{round}")));
    }
    let checked = program
        .run_bare(&["store", "check", "sled:disk/store"])
        .ok();
    assert!(checked.out.contains("0 findings"), "{}", checked.out);
}

#[test]
fn on_a_failing_disk_writes_are_refused_in_words_readers_are_served_and_it_heals() {
    let program = Program::new();
    fs::create_dir(program.path("store")).unwrap();
    let disk = FailingDisk::below(&program.path("store"));
    let environment = disk.environment().into_iter();
    let environment = environment.map(|(name, value)| (name, value.into_string().unwrap()));
    let program = program.with_environment(environment);
    let serving = program.serve(&[]);
    let address = serving.address.clone();
    let feed = serving.get("/feeds/all.ics");
    for (how, words) in [("W", "writing"), ("S", "syncing")] {
        disk.becomes(how);
        let (code, problem) = write(&address, &format!("refused{words}"));
        assert_eq!(code, 503, "{words}: {problem}");
        assert!(problem.contains("/problems/unavailable"), "{problem}");
        assert!(
            !problem.contains("sled"),
            "it says nothing of the inside: {problem}"
        );
        assert_eq!(status(&address, "/health/ready"), 503, "{words}");
        assert_eq!(serving.get("/feeds/all.ics"), feed);
        disk.becomes("0");
        assert_eq!(write(&address, &format!("again{words}")).0, 303, "{words}");
        assert_eq!(status(&address, "/health/ready"), 200, "{words}");
    }
    assert!(serving.stop().0.success());
    let lines = program.run(&["export", "--format", "ndjson"]).ok().out;
    for words in ["writing", "syncing"] {
        assert!(lines.contains(&format!("again{words}")), "{words}");
        assert!(!lines.contains(&format!("refused{words}")), "{words}");
    }
}

/// Settings with a public address, so that feeds do not depend on the port.
fn site() -> (&'static str, String) {
    let settings = "{base_url=\"https://kalender.example\"}";
    ("ROCKET_CALENDAR", settings.to_owned())
}

/// Kills a server whose database lags behind its journal, before the disk fails. Returns a feed.
fn killed_after_a_write(program: &Program, store: &[&str]) -> Vec<u8> {
    let serving = program.serve_bare(store);
    assert_eq!(write(&serving.address, "before").0, 303);
    let feed = serving.get("/feeds/all.ics");
    serving.signal("KILL");
    serving.ended();
    feed
}

/// Asserts that reads succeed, commits are refused, and nothing is written.
#[track_caller]
fn serves_readers_only(serving: &Serving, feed: &[u8], refusal: u16) {
    let address = &serving.address;
    assert_eq!(status(address, "/health/ready"), 503);
    assert_eq!(status(address, "/health/live"), 200);
    assert_eq!(serving.get("/feeds/all.ics"), feed);
    assert_eq!(status(address, "/"), 200);
    assert_eq!(status(address, "/subscribe"), 200);
    let (code, problem) = write(address, "refused");
    assert_eq!(code, refusal, "{problem}");
    assert_eq!(serving.get("/feeds/all.ics"), feed);
}

/// Asserts that the server recovers once the disk works, with nothing lost.
#[track_caller]
fn goes_on(program: &Program, serving: Serving, store: &[&str]) {
    let address = serving.address.clone();
    let began = Instant::now();
    while status(&address, "/health/ready") != 200 {
        assert!(began.elapsed() < PATIENCE, "it is not ready again");
    }
    assert_eq!(write(&address, "again").0, 303);
    // A command beside the server finds it.
    let beside = [store, &["export", "--format", "ndjson"]].concat();
    let began = Instant::now();
    let lines = loop {
        let ended = program.run_bare(&beside);
        if ended.code == 0 {
            break ended.out;
        }
        assert!(began.elapsed() < PATIENCE, "{}", ended.err);
    };
    assert!(serving.stop().0.success());
    let alone = program.run_bare(&beside).ok().out;
    assert_eq!(lines, alone);
    assert!(alone.contains("before") && alone.contains("again"));
    assert!(!alone.contains("refusedx"), "a refused commit is there");
    let url = store[1];
    let checked = program.run_bare(&["store", "check", url]).ok();
    assert!(checked.out.contains("0 findings"), "{}", checked.out);
}

#[test]
#[ignore = "mounts a file system, which needs root"]
fn a_start_on_a_full_disk_serves_readers_and_goes_on_when_there_is_room() {
    let program = Program::new().with_environment([site()]);
    let disk = SmallDisk::mount(&program.path("disk"), 64);
    let store = ["--store", "sled:disk/store"];
    let feed = killed_after_a_write(&program, &store);
    disk.fill();
    let serving = program.serve_bare(&store);
    serves_readers_only(&serving, &feed, 507);
    // A restart changes nothing.
    assert!(serving.stop().0.success());
    let serving = program.serve_bare(&store);
    serves_readers_only(&serving, &feed, 507);
    disk.empty();
    goes_on(&program, serving, &store);
}

#[test]
#[ignore = "mounts a file system, which needs root"]
fn a_start_on_a_disk_mounted_read_only_serves_readers_and_goes_on_when_it_can_write() {
    let program = Program::new().with_environment([site()]);
    let disk = SmallDisk::mount(&program.path("disk"), 64);
    let store = ["--store", "sled:disk/store"];
    let feed = killed_after_a_write(&program, &store);
    disk.remount("ro");
    let serving = program.serve_bare(&store);
    serves_readers_only(&serving, &feed, 503);
    // Commands that only read work, with the server or alone; others report why they cannot write.
    let backup = [&store[..], &["backup", "ro.backup"]].concat();
    program.run_bare(&backup).ok();
    assert!(serving.stop().0.success());
    let export = [&store[..], &["export"]].concat();
    program.run_bare(&export).ok();
    let seed = [&store[..], &["partner", "key", "--review"]].concat();
    let refused = program.run_bare(&seed).with_code(3);
    assert!(refused.err.contains("mount the disk"), "{}", refused.err);
    let serving = program.serve_bare(&store);
    disk.remount("rw");
    goes_on(&program, serving, &store);
}

#[test]
fn a_start_on_a_failing_disk_serves_readers_and_goes_on_when_it_is_well() {
    for how in ["F", "W", "S"] {
        let program = Program::new().with_environment([site()]);
        fs::create_dir(program.path("store")).unwrap();
        let disk = FailingDisk::below(&program.path("store"));
        let environment = disk.environment().into_iter();
        let environment = environment.map(|(name, value)| (name, value.into_string().unwrap()));
        let program = program.with_environment(environment);
        let store = ["--store", "sled:store"];
        let feed = killed_after_a_write(&program, &store);
        disk.becomes(how);
        let serving = program.serve_bare(&store);
        serves_readers_only(&serving, &feed, if how == "F" { 507 } else { 503 });
        disk.becomes("0");
        goes_on(&program, serving, &store);
    }
}

#[test]
#[ignore = "mounts a file system, which needs root"]
fn a_stopped_store_on_a_disk_mounted_read_only_is_checked_exported_and_backed_up() {
    let program = Program::new();
    let disk = SmallDisk::mount(&program.path("disk"), 64);
    let store = ["--store", "sled:disk/store"];
    program.run_bare(&[&store[..], &["seed"]].concat()).ok();
    let url = "sled:disk/store";
    let whole = program.run_bare(&["--json", "store", "check", url]);
    let whole = whole.ok().json();
    let files = || {
        let mut found = Vec::new();
        let mut folders = vec![program.path("disk")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    found.push((entry.path(), fs::read(entry.path()).unwrap()));
                }
            }
        }
        found.sort();
        found
    };
    let before = files();
    disk.remount("ro");
    let checked = program.run_bare(&["--json", "store", "check", url]);
    let checked = checked.ok().json();
    for field in ["commit", "records", "versions", "findings"] {
        assert_eq!(checked[field], whole[field], "{field}: {checked}");
    }
    let note = checked["notes"][0].as_str().unwrap();
    assert!(
        note.contains("cannot be written") && note.contains("the journal was checked"),
        "{note}"
    );
    let lines = [&store[..], &["export", "--format", "ndjson"]].concat();
    let lines = program.run_bare(&lines).ok().out;
    assert!(lines.lines().count() > 50);
    let backup = [&store[..], &["backup", "all.backup"]].concat();
    program.run_bare(&backup).ok();
    let kept = program.run_bare(&["store", "check", "all.backup"]).ok().out;
    assert!(kept.contains("0 findings"), "{kept}");
    assert_eq!(files(), before);

    // What is damaged is told all the same.
    disk.remount("rw");
    let journal = fs::read_dir(program.path("disk/store/journal")).unwrap();
    let largest = journal.map(|journal| journal.unwrap().path());
    let largest = largest.max_by_key(|largest| fs::metadata(largest).unwrap().len());
    let largest = largest.unwrap();
    let mut bytes = fs::read(&largest).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&largest, bytes).unwrap();
    disk.remount("ro");
    let damaged = program.run_bare(&["store", "check", url]);
    assert_ne!(damaged.code, 0, "{}{}", damaged.out, damaged.err);
}
