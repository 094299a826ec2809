//! Settings that are wrong: each is refused with its key and what would be right, by the check and by the start.

mod environment;
mod network;
mod ranges;
mod report;
mod storage;
mod tls;
mod unit;

use crate::support::Program;
use crate::support::program::Ended;

/// Runs the check and the start with these options; both have to refuse, and to say each of the words.
#[track_caller]
fn refused(program: &Program, options: &[&str], words: &[&str]) -> String {
    let commands = [&["serve", "--check"][..], &["serve", "--port", "0"]];
    refused_by(&commands, program, options, words)
}

/// The same by these commands alone: `--port` goes over every other port.
#[track_caller]
fn refused_by(commands: &[&[&str]], program: &Program, options: &[&str], words: &[&str]) -> String {
    let mut said = String::new();
    for command in commands {
        let ended = program.run(&[*command, options].concat());
        assert_eq!(
            ended.code, 3,
            "{command:?} {options:?}: {}{}",
            ended.out, ended.err
        );
        for word in words {
            assert!(
                ended.err.contains(word),
                "{command:?} {options:?}: no «{word}» in {}",
                ended.err
            );
        }
        assert!(
            !ended.err.contains(".rs:"),
            "a source file is named: {}",
            ended.err
        );
        said.push_str(&ended.err);
    }
    assert!(!program.path("store").exists(), "the store was touched");
    said
}

/// The same with a configuration file of this content.
#[track_caller]
fn refused_file(program: &Program, content: &str, words: &[&str]) -> String {
    program.write("wrong.toml", content);
    refused(program, &["--config", "wrong.toml"], words)
}

/// What the check says of a configuration file that it takes.
#[track_caller]
fn checked(program: &Program, content: &str) -> Ended {
    program.write("right.toml", content);
    program
        .run(&["serve", "--check", "--config", "right.toml"])
        .ok()
}
