//! Full fetches of partners that would respond «not modified», beside a running server with stored validators.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::large::{Site, serve};
use crate::support::Program;
use crate::support::importer::calendar_of;
use crate::support::program::Serving;

const CONCERT: &str = "UID:concert@club.example|DTSTART;TZID=Europe/Oslo:20270601T180000|\
    SUMMARY:Eksempelkonsert|LOCATION:Festiviteten";

/// A partner with one event and support for conditional requests.
struct Club {
    program: Program,
    site: Arc<Mutex<Site>>,
    address: String,
    serving: Option<Serving>,
}

impl Club {
    fn new() -> Self {
        let site = Arc::new(Mutex::new(Site {
            body: calendar_of(&[CONCERT]).into_bytes(),
            tag: Some("\"one\"".into()),
            asked: Vec::new(),
        }));
        let address = serve(&site);
        let program = Program::new();
        let config = format!("[default.calendar.sync]\nallow_private = [\"{address}\"]\n");
        program.write("calendar.toml", config);
        program.run(&["seed"]).ok();
        let mut club = Self {
            program,
            site,
            address,
            serving: None,
        };
        club.add("club", "all.ics", &[]);
        club.sync();
        club.serving = Some(club.program.serve(&["--config", "calendar.toml"]));
        club
    }

    fn run(&self, arguments: &[&str]) -> crate::support::program::Ended {
        let config = ["--config", "calendar.toml", "--json"];
        self.program.run(&[&config, arguments].concat())
    }

    fn add(&self, partner: &str, file: &str, more: &[&str]) {
        let url = format!("http://{}/{file}", self.address);
        let add = ["partner", "add", partner, "--kind", "ics", "--url", &url];
        self.run(&[&add, more].concat()).ok();
    }

    fn sync(&self) -> Value {
        self.run(&["sync", "club"]).ok().json()["runs"][0].clone()
    }

    /// Asserts that the response is known, in the store and in the server's memory.
    fn is_in_step(&self) {
        for _ in 0..2 {
            assert_eq!(self.sync()["ended"], "not_modified");
        }
    }

    fn shown(&self) -> Vec<Value> {
        let all = self.run(&["export", "--format", "json"]).ok().json();
        let all = all.as_array().unwrap_or_else(|| panic!("{all}")).clone();
        let ours = |value: &Value| {
            let sources = value["sources"].as_array().into_iter().flatten();
            sources.into_iter().any(|value| value["partner"] == "club")
        };
        all.into_iter().filter(ours).collect()
    }
}

#[test]
fn after_a_run_was_taken_back_and_released_the_events_are_back() {
    let club = Club::new();
    club.is_in_step();
    let runs = club.run(&["sync", "runs"]).ok().json();
    let run = runs["runs"][0]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{runs}"));
    club.run(&["sync", "rollback", run]).ok();
    assert!(club.shown().is_empty());
    club.run(&["sync", "release", "club"]).ok();
    let back = club.sync();
    assert_eq!(back["ended"], "written", "{back}");
    assert_eq!(club.shown().len(), 1);
    club.is_in_step();
}

#[test]
fn a_changed_mapping_shows_with_the_next_run_and_so_in_a_dry_run() {
    let club = Club::new();
    club.is_in_step();
    club.add("club", "all.ics", &["--category", "music"]);
    let dry = club.run(&["sync", "club", "--dry-run"]).ok().json()["runs"][0].clone();
    assert_eq!(dry["updated"], 1, "{dry}");
    let run = club.sync();
    assert_eq!(
        (&run["ended"], &run["updated"]),
        (&"written".into(), &1.into())
    );
    assert_eq!(club.shown()[0]["categories"][0], "music");
    club.is_in_step();
}

#[test]
fn another_address_is_not_asked_by_what_the_old_one_said() {
    let club = Club::new();
    club.is_in_step();
    club.site.lock().unwrap().asked.clear();
    club.add("club", "other.ics", &[]);
    club.sync();
    let asked = club.site.lock().unwrap().asked.clone();
    let first = asked
        .iter()
        .find(|asked| asked.contains("/other.ics"))
        .unwrap();
    assert!(!first.to_lowercase().contains("if-none-match"), "{first}");
    club.is_in_step();
}

#[test]
fn what_is_split_off_shows_though_the_feed_has_not_changed() {
    let club = Club::new();
    club.program.write(
        "list.ics",
        calendar_of(&[&CONCERT.replace("concert@club", "x@list")]),
    );
    club.run(&["partner", "add", "a-list", "--kind", "interface"])
        .ok();
    club.run(&["import", "list.ics", "--partner", "a-list"])
        .ok();
    club.is_in_step();
    let [joined] = &club.shown()[..] else {
        panic!("{:#?}", club.shown())
    };
    assert_eq!(joined["sources"].as_array().unwrap().len(), 2);
    let id = joined["id"].as_str().unwrap();
    club.run(&["sync", "review", "split", id, "club"]).ok();
    club.sync();
    let [own] = &club.shown()[..] else {
        panic!("{:#?}", club.shown())
    };
    assert_ne!(own["id"], joined["id"]);
    assert_eq!(own["sources"].as_array().unwrap().len(), 1);
}
