//! Records that refer to pictures which are not in the imported file.

use super::records::{Records, kept_picture};
use crate::support::Program;

/// Returns the names of the pictures of an event in the store.
fn pictures_of(program: &Program, slug: &str) -> String {
    let lines = program.run(&["export", "--format", "ndjson"]).ok().out;
    let events = lines
        .lines()
        .filter(|line| line.contains("\"kind\":\"event\""));
    let slug = format!("\"slug\":\"{slug}\"");
    let event = events.into_iter().find(|line| line.contains(&slug));
    let event: serde_json::Value = serde_json::from_str(event.expect("the event")).unwrap();
    event["record"]["images"].to_string()
}

#[test]
fn an_event_comes_in_without_a_picture_that_is_nowhere_and_the_report_says_so() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let [there, absent] = [1, 2].map(kept_picture);
    let lines = Records::default()
        .event("med-bilde", &there)
        .event("uten-bilde", &absent)
        .image(&there);
    program.write("all.ndjson", lines.text());
    let rehearsed = program
        .run(&["import", "all.ndjson", "--dry-run"])
        .with_code(1);
    let ended = program.run(&["import", "all.ndjson"]).with_code(1);
    for told in [&rehearsed.out, &ended.out] {
        let reports = told.lines().filter(|line| line.contains("without images"));
        let reports: Vec<&str> = reports.collect();
        let [report] = reports[..] else {
            panic!("one report: {told}");
        };
        assert!(report.contains("line 3: event/"), "{report}");
        assert!(report.contains(absent.name()), "{report}");
        assert!(told.contains("2 records new"), "{told}");
    }
    assert!(pictures_of(&program, "med-bilde").contains(there.name()));
    assert!(!pictures_of(&program, "uten-bilde").contains(absent.name()));
    let url = format!("sled:{}", program.path("store").display());
    program.run(&["store", "check", &url]).ok();

    // The same lines with the picture bring it, and then the picture may be absent from the file.
    program.write("whole.ndjson", lines.image(&absent).text());
    let json = program
        .run(&["--json", "import", "whole.ndjson"])
        .ok()
        .json();
    assert_eq!(json["without_images"].as_array().unwrap().len(), 0);
    assert!(pictures_of(&program, "uten-bilde").contains(absent.name()));
    let known = Records::default().event("tredje", &absent);
    program.write("known.ndjson", known.text());
    program.run(&["import", "known.ndjson"]).ok();
    assert!(pictures_of(&program, "tredje").contains(absent.name()));
}
