//! A disk without room, or one that fails, as visitors and operators meet it: a small file system in
//! memory, and the library `tests/store_contract/disk.c` between the program and its disk.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::disk::FailingDisk;
use crate::support::Program;

/// A file system of so many bytes; unmounted when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// None where mounting is not permitted, with a word that no test harness swallows.
    fn mount(at: &Path, megabytes: u32) -> Option<Self> {
        fs::create_dir(at).unwrap();
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(at)
            .output();
        if mounted.is_ok_and(|it| it.status.success()) {
            return Some(Self(at.to_owned()));
        }
        let mut out = std::io::stderr().lock();
        writeln!(out, "SKIPPED 1 full disk: mounting is not permitted").unwrap();
        None
    }

    /// Fills it to the last byte.
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
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a failed test may leave a process on it.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Asks for a short address of a long selection, which writes to the store.
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
fn without_room_writes_are_refused_in_words_readers_are_served_and_room_heals() {
    let program = Program::new();
    let Some(disk) = SmallDisk::mount(&program.path("disk"), 64) else {
        return;
    };
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
