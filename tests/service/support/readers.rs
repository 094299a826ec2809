//! Four independent calendar parsers, installed by `tests/run`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// Parsers that share no code with this program or each other.
pub const READERS: [&str; 4] = ["icalendar", "vobject", "ical.js", "libical"];

/// What a parser found in a file.
#[derive(Debug, Deserialize)]
pub struct Found {
    pub complaints: Vec<String>,
    pub zones: Vec<String>,
    pub events: Vec<FoundEvent>,
}

/// An event as read by a parser. Times with a zone are in UTC.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct FoundEvent {
    pub uid: String,
    pub recurrence_id: Option<String>,
    pub start: String,
    pub end: Option<String>,
    pub summary: String,
    pub status: String,
    pub sequence: u32,
}

impl Found {
    /// Returns the events by UID and recurrence id, which must be unique.
    #[track_caller]
    pub fn by_key(&self) -> BTreeMap<(&str, Option<&str>), &FoundEvent> {
        let mut all = BTreeMap::new();
        for event in &self.events {
            let key = (event.uid.as_str(), event.recurrence_id.as_deref());
            assert!(all.insert(key, event).is_none(), "{key:?} stands twice");
        }
        all
    }
}

/// Returns the project's folder.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the path of a tool that `tests/run` installs.
pub fn tool(name: &str) -> PathBuf {
    let path = project().join("target/test-tools").join(name);
    assert!(
        path.exists(),
        "{} is missing; tests/run installs it",
        path.display()
    );
    path
}

fn command(reader: &str) -> Command {
    let scripts = project().join("tests/parsers");
    match reader {
        "icalendar" | "vobject" => {
            let mut command = Command::new(tool("python/bin/python"));
            command.arg(scripts.join("read.py")).arg(reader);
            command
        }
        "ical.js" => {
            let mut command = Command::new("node");
            command.arg(scripts.join("read.mjs")).arg(tool("node"));
            command
        }
        "libical" => Command::new(tool("read_libical")),
        other => panic!("there is no reader {other}"),
    }
}

/// Runs a parser on files. It must succeed without further output.
#[track_caller]
pub fn read(reader: &str, files: &[PathBuf]) -> Vec<Found> {
    let output = command(reader).args(files).output();
    let output = output.unwrap_or_else(|error| panic!("{reader} does not start: {error}"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && complaint.is_empty(),
        "{reader}: {complaint}"
    );
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let found: Vec<Found> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{reader}: {error}")))
        .collect();
    assert_eq!(found.len(), files.len(), "{reader} reads every file");
    found
}
