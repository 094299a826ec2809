//! `import` from pipes, and of more than fits in one commit.

use std::fmt::Write as _;

use crate::importing::{CONCERT, FAIR, QUIZ};
use crate::support::Program;
use crate::support::importer::calendar_of;

const UIDS: [&str; 3] = ["konsert-1@band.example", "quiz@pub.example", "messe"];

/// Returns which of the expected UIDs are exported.
fn there(program: &Program) -> Vec<&'static str> {
    let all = program.run(&["export"]).ok().out;
    let has = |uid: &&&str| all.contains(&format!("\"{uid}\""));
    UIDS.iter().filter(has).copied().collect()
}

/// Returns a calendar larger than a pipe's buffer.
fn calendar() -> String {
    let filler: Vec<String> = (0..800)
        .map(|n| {
            format!("UID:f{n}|SUMMARY:Fyll {n}|DTSTART:20270601T160000Z|DESCRIPTION:{n:0>100}")
        })
        .collect();
    let mut events = vec![CONCERT];
    events.extend(filler.iter().map(String::as_str));
    events.extend([QUIZ, FAIR]);
    calendar_of(&events)
}

#[test]
fn a_calendar_from_a_pipe_is_read_whole() {
    for source in ["/dev/stdin", "-"] {
        let program = Program::new();
        let taken = program.pipe(&["--json", "import", source], calendar()).ok();
        assert_eq!(
            taken.json()["items"].as_array().unwrap().len(),
            803,
            "{source}"
        );
        assert_eq!(there(&program), UIDS, "{source}");
    }
}

#[test]
fn a_calendar_from_a_named_pipe_is_read_whole() {
    let program = Program::new();
    let fifo = program.named_pipe("calendar");
    let writing = {
        let fifo = fifo.clone();
        std::thread::spawn(move || std::fs::write(fifo, calendar()))
    };
    let taken = program.run(&["--json", "import", "calendar"]).ok();
    writing.join().unwrap().unwrap();
    assert_eq!(taken.json()["items"].as_array().unwrap().len(), 803);
    assert_eq!(there(&program), UIDS);
}

#[test]
fn records_from_a_pipe_are_read_whole() {
    let (one, other) = (Program::new(), Program::new());
    one.pipe(&["import", "-"], calendar_of(&[CONCERT, QUIZ, FAIR]))
        .ok();
    let lines = one.run(&["export", "--format", "ndjson"]).ok().out;
    let whole = one.run(&["export"]).ok().out;
    let taken = other
        .pipe(&["--json", "import", "/dev/stdin"], &lines)
        .ok()
        .json();
    assert_eq!(taken["refused"].as_array().unwrap().len(), 0);
    assert_eq!(other.run(&["export"]).ok().out, whole);
}

#[test]
fn a_pipe_is_read_beside_the_server_too() {
    let program = Program::new();
    let serving = program.serve(&[]);
    program.pipe(&["import", "-"], calendar()).ok();
    assert_eq!(there(&program), UIDS);
    let lines = program.run(&["export", "--format", "ndjson"]).ok().out;
    let again = program.pipe(&["--json", "import", "-"], lines).ok().json();
    assert_eq!(
        (&again["created"], &again["updated"]),
        (&0.into(), &0.into())
    );
    assert!(serving.stop().0.success());
}

#[test]
fn a_pipe_that_is_too_long_or_empty_is_refused_with_the_reason() {
    let program = Program::new();
    let settings = "[default.calendar.limits]\nimport_bytes = 10000\n";
    let settings = program.write("settings.toml", settings);
    let import = ["--config", settings.to_str().unwrap(), "import", "-"];
    let refused = program.pipe(&import, calendar()).with_code(3);
    assert!(
        refused.err.contains("limits.import_bytes"),
        "{}",
        refused.err
    );
    assert!(refused.err.contains("standard input"), "{}", refused.err);
    assert_eq!(there(&program), [""; 0]);
}

#[test]
fn records_that_are_too_heavy_for_one_commit_are_imported() {
    let program = Program::new();
    program.pipe(&["import", "-"], calendar_of(&[CONCERT])).ok();
    let lines = program.run(&["export", "--format", "ndjson"]).ok().out;
    let line = lines.lines().find(|line| line.contains(UIDS[0])).unwrap();
    let event: serde_json::Value = serde_json::from_str(line).unwrap();
    let mut heavy = lines.clone();
    for number in 0..170 {
        let mut event = event.clone();
        let record = &mut event["record"];
        record["id"] = format!("tung-{number}").into();
        record["uid"] = format!("tung-{number}@b.example").into();
        record["slug"] = format!("tung-{number}").into();
        record["description"]["nb"] = "x".repeat(250_000).into();
        // Writing to a string is infallible.
        let _ = writeln!(heavy, "{event}");
    }
    program.write("heavy.ndjson", heavy);
    let other =
        |arguments: &[&str]| program.run_bare(&[&["--store", "sled:other"], arguments].concat());
    let taken = other(&["--json", "import", "heavy.ndjson"]).ok().json();
    assert_eq!(taken["refused"].as_array().unwrap().len(), 0);
    let again = other(&["--json", "import", "heavy.ndjson"]).ok().json();
    assert_eq!(
        (&again["created"], &again["updated"]),
        (&0.into(), &0.into())
    );
}
