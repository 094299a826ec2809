//! A second process: this test binary, controlled by environment variables.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;

use calendar_store::{
    Change, EphemeralEntry, EphemeralTable, Restoring, Revision, Store, open, restore,
};

use crate::disk::FailingDisk;
use crate::support::{at, category, key, try_commit};

const STORE: &str = "STORE_CHILD_URL";
const WRITERS: &str = "STORE_CHILD_WRITERS";
const BACKUP: &str = "STORE_CHILD_BACKUP";
const ROUND: &str = "STORE_CHILD_ROUND";
const ERASES: &str = "STORE_CHILD_ERASES";

/// A child process with an open store.
pub struct Child {
    process: std::process::Child,
    lines: BufReader<ChildStdout>,
}

impl Child {
    /// Opens the store and holds it. It is open when this returns.
    pub fn holding(url: &str) -> Self {
        Self::start(url, 0)
    }

    /// Commits with a number of threads until it is killed, and prints a line per acknowledged commit.
    pub fn committing(url: &str, writers: u32) -> Self {
        Self::start(url, writers)
    }

    /// Does the same on a failing disk. It may be in any state when this returns.
    pub fn on_disk(url: &str, writers: u32, disk: &FailingDisk) -> Self {
        Self::spawn(url, writers, &disk.environment())
    }

    /// Starts to open the store, and returns after a number of lines of output.
    pub fn opening(url: &str, lines: usize) -> Self {
        let mut child = Self::spawn(url, 0, &[]);
        for _ in 0..lines {
            child.next_line();
        }
        child
    }

    /// Flushes one entry of short-lived data after the other until it is killed, and prints a line for each.
    pub fn keeping(url: &str, round: usize) -> Self {
        let round = OsString::from(round.to_string());
        Self::ready(Self::spawn(url, 0, &[(ROUND, round)]))
    }

    /// Erases the versions of two records, and prints a line afterwards.
    pub fn erasing(url: &str) -> Self {
        Self::ready(Self::spawn(url, 0, &[(ERASES, "yes".into())]))
    }

    /// Replaces the store by a backup, on a failing disk.
    pub fn restoring(url: &str, backup: &Path, disk: &FailingDisk) -> Self {
        let mut environment = disk.environment();
        environment.push((BACKUP, backup.into()));
        Self::spawn(url, 0, &environment)
    }

    fn start(url: &str, writers: u32) -> Self {
        Self::ready(Self::spawn(url, writers, &[]))
    }

    /// Waits until the child has opened the store.
    fn ready(mut child: Self) -> Self {
        loop {
            let line = child.next_line();
            assert!(
                !line.is_empty(),
                "the child process ended before it was ready"
            );
            if line.starts_with("ready") {
                return child;
            }
        }
    }

    fn spawn(url: &str, writers: u32, environment: &[(&str, OsString)]) -> Self {
        let mut process = Command::new(std::env::current_exe().expect("this program's path"))
            .args([
                "--exact",
                "child::acts_as_a_second_process",
                "--ignored",
                "--nocapture",
            ])
            .env(STORE, url)
            .env(WRITERS, writers.to_string())
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program runs a second time");
        let lines = BufReader::new(process.stdout.take().expect("its output is piped"));
        Self { process, lines }
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Returns the next line of output, or an empty string at its end.
    pub fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.lines
            .read_line(&mut line)
            .expect("its output can be read");
        line
    }

    /// Waits for the process to exit. Returns its remaining output and status.
    pub fn ended(mut self) -> (Vec<String>, ExitStatus) {
        let lines = self.lines.by_ref().lines();
        let said = lines.map(|line| line.expect("its output can be read"));
        let said = said.collect();
        (said, self.process.wait().expect("it ends"))
    }

    /// Kills the process. Returns its remaining output.
    pub fn kill(mut self) -> Vec<String> {
        self.process.kill().expect("it is killed");
        self.process.wait().expect("it ends");
        self.lines
            .lines()
            .map(|line| line.expect("its output can be read"))
            .collect()
    }
}

#[test]
#[ignore = "what the other tests run as a second process"]
fn acts_as_a_second_process() {
    let url = std::env::var(STORE).expect("started by another test, which says which store");
    let writers: u32 = std::env::var(WRITERS)
        .expect("and how many writers")
        .parse()
        .unwrap();
    if let Some(backup) = std::env::var_os(BACKUP) {
        let how = Restoring {
            replace: true,
            ..Restoring::default()
        };
        let restored = restore(&url, Path::new(&backup), &how);
        let _ = restored.unwrap_or_else(|error| panic!("{error}"));
        return;
    }
    let store = open(&url).unwrap_or_else(|error| {
        say(&format!("\nnot opened: {error}"));
        std::process::exit(3);
    });
    say("\nready");
    if let Ok(round) = std::env::var(ROUND) {
        keep_on_and_on(&*store, &round);
    }
    if std::env::var_os(ERASES).is_some() {
        let keys = ["gone", "kept"].map(|slug| (key(&category(slug, "")), Revision::MAX));
        let erased = store.erase_versions(&keys.into()).unwrap();
        say(&format!("erased {}", erased.versions));
    }
    if writers == 0 {
        // Waits to be killed, or for the parent to exit.
        std::io::stdin().read_line(&mut String::new()).unwrap();
        return;
    }
    let started = store.head().number.0;
    std::thread::scope(|scope| {
        for writer in 0..writers {
            let store = Arc::clone(&store);
            scope.spawn(move || commit_on_and_on(&*store, writer, started));
        }
    });
}

/// Sets two records to the same value in each commit, so that a partial commit is detectable.
fn commit_on_and_on(store: &dyn Store, writer: u32, started: u64) {
    for n in 0.. {
        let name = format!("{started}-{n}");
        let left = Change::put(category(&format!("left-{writer}"), &name));
        let right = Change::put(category(&format!("right-{writer}"), &name));
        match try_commit(store, vec![left, right]) {
            Ok(committed) => say(&format!("ack {} {writer} {name}", committed.number)),
            Err(error) => say(&format!("refused {writer} {name} {error}")),
        }
    }
}

fn keep_on_and_on(store: &dyn Store, round: &str) {
    let kept = crate::ephemeral::of(store);
    for n in 0.. {
        let key = format!("{round}-{n}");
        let entry = EphemeralEntry {
            value: key.clone().into_bytes(),
            expires: at(10),
        };
        let put = kept.put(EphemeralTable::Sessions, &key, at(0), &entry);
        put.and_then(|()| kept.flush()).unwrap();
        say(&format!("kept {key} ."));
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        std::process::exit(1);
    }
}
