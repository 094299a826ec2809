//! Slow users and pipes beside a server, which waits for them indefinitely.
//!
//! The environment variable `SILENCE` sets how many seconds they pause, 1 by default. No result may depend on
//! it; `tests/proofs/run patience` sets 150.

use std::fs::File;
use std::io::{Read, Write};
use std::time::Duration;

use crate::support::importer::calendar_of;
use crate::support::{CalendarFile, Program};

fn silence() {
    let seconds = std::env::var("SILENCE").ok();
    let seconds = seconds.map_or(1, |seconds| seconds.parse().expect("seconds"));
    std::thread::sleep(Duration::from_secs(seconds));
}

fn concert(number: usize) -> String {
    format!(
        "UID:concert-{number}|SUMMARY:Konsert {number}|DTSTART:20270601T160000Z|DESCRIPTION:{}",
        "Musikk i skogen. ".repeat(200)
    )
}

#[test]
fn a_pipe_that_is_silent_before_and_amid_its_bytes_is_read_to_its_end() {
    let program = Program::new();
    let serving = program.serve(&[]);
    let pipe = program.named_pipe("pipe.ics");
    let mut caller = program.start(&["import", "pipe.ics"]);
    silence();
    let mut into = File::options().write(true).open(&pipe).unwrap();
    silence();
    let events: Vec<String> = (0..3).map(concert).collect();
    let calendar = calendar_of(&events.iter().map(String::as_str).collect::<Vec<_>>());
    let (first, rest) = calendar.as_bytes().split_at(calendar.len() / 2);
    into.write_all(first).unwrap();
    silence();
    into.write_all(rest).unwrap();
    drop(into);
    let ended = caller.wait().unwrap();
    let log = std::fs::read_to_string(program.path("log")).unwrap();
    assert!(ended.success(), "{log}");
    let feed = serving.get("/feeds/all.ics");
    let feed = CalendarFile::parse(std::str::from_utf8(&feed).unwrap());
    for number in 0..3 {
        assert!(feed.has(&format!("concert-{number}")), "{number}");
    }
}

#[test]
fn an_export_whose_reader_stalls_is_whole_in_the_end() {
    let program = Program::new();
    let events: Vec<String> = (0..400).map(concert).collect();
    program.write(
        "many.ics",
        calendar_of(&events.iter().map(String::as_str).collect::<Vec<_>>()),
    );
    program.run(&["import", "many.ics"]).ok();
    let alone = program.run(&["export", "--format", "ics"]).ok().out;
    // More than the buffers of socket and pipe hold together.
    assert!(alone.len() > 1 << 20, "{}", alone.len());
    let serving = program.serve(&[]);
    let mut caller = program.start_piped(&["export", "--format", "ics"]);
    let mut out = caller.stdout.take().unwrap();
    let mut said = vec![0; 1000];
    out.read_exact(&mut said).unwrap();
    silence();
    out.read_to_end(&mut said).unwrap();
    assert!(caller.wait().unwrap().success());
    assert!(
        said == alone.as_bytes(),
        "{} of {}",
        said.len(),
        alone.len()
    );
    serving.get("/health/ready");
    // A client that stops reading does not block the server.
    let mut caller = program.start_piped(&["export", "--format", "ics"]);
    drop(caller.stdout.take());
    caller.wait().unwrap();
    let mut killed = program.start_piped(&["export", "--format", "ics"]);
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(serving.stop().0.success());
}
