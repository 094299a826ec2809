//! Invalid settings: `serve --check` and `serve` refuse each, with its key and the valid values.

mod environment;
mod network;
mod ranges;
mod report;
mod storage;
mod tls;
mod unit;

use crate::support::Program;
use crate::support::program::Ended;

/// Asserts that the check and the start refuse these options, with each of the words in the error.
#[track_caller]
fn refused(program: &Program, options: &[&str], words: &[&str]) -> String {
    let commands = [&["serve", "--check"][..], &["serve", "--port", "0"]];
    refused_by(&commands, program, options, words)
}

/// Does the same with given commands; `--port` would override any configured port.
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

/// Does the same with a configuration file.
#[track_caller]
fn refused_file(program: &Program, content: &str, words: &[&str]) -> String {
    program.write("wrong.toml", content);
    refused(program, &["--config", "wrong.toml"], words)
}

/// Returns the output of the check for a valid configuration file.
#[track_caller]
fn checked(program: &Program, content: &str) -> Ended {
    program.write("right.toml", content);
    program
        .run(&["serve", "--check", "--config", "right.toml"])
        .ok()
}
