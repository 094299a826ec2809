//! Help texts and usage errors.

use clap::{CommandFactory, Parser};
use elverum_calendar::cli::Cli;

use super::json::leaves;
use crate::support::Program;

#[test]
fn help_names_every_command_gives_examples_and_tells_the_exit_codes() {
    let help = Program::new().run(&["--help"]).ok().out;
    for command in [
        "serve",
        "import",
        "export",
        "seed",
        "ics",
        "backup",
        "restore",
        "store",
        "init",
        "completions",
    ] {
        assert!(
            help.contains(&format!("\n  {command} ")),
            "{command}: {help}"
        );
    }
    for word in [
        "Examples:",
        "--port 0",
        "Exit codes: 0 success",
        "Rocket.toml",
        "ROCKET_",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
}

#[test]
fn every_command_explains_itself() {
    let program = Program::new();
    let commands: [&[&str]; 12] = [
        &["serve"],
        &["import"],
        &["export"],
        &["seed"],
        &["ics"],
        &["ics", "check"],
        &["ics", "occurrences"],
        &["backup"],
        &["restore"],
        &["store"],
        &["init"],
        &["completions"],
    ];
    for command in commands {
        let help = program.run(&[command, &["--help"]].concat()).ok().out;
        let first = help.lines().next().unwrap_or_default();
        assert!(first.len() > 15, "{command:?} says what it does: {help}");
        assert!(help.contains("Usage: elverum-calendar"), "{command:?}");
    }
}

#[test]
fn examples_of_the_help_are_understood() {
    let program = Program::new();
    let help = program.run(&["--help"]).ok().out;
    let examples = help
        .lines()
        .filter_map(|line| line.strip_prefix("  elverum-calendar"));
    let mut count = 0;
    for example in examples {
        count += 1;
        // Two spaces start an explanation, `>` a redirection of the shell.
        let words = example
            .trim_end()
            .split_at(1)
            .1
            .split("  ")
            .next()
            .unwrap_or_default();
        let words: Vec<&str> = words
            .split('>')
            .next()
            .unwrap_or_default()
            .split(' ')
            .collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        // With --help a command does nothing, but its arguments are still parsed.
        let ended = program.run(&[&words[..], &["--help"]].concat());
        assert_eq!(ended.code, 0, "{example}: {}", ended.err);
    }
    assert!(count >= 5, "{help}");
}

#[test]
fn version_is_the_packages() {
    let said = Program::new().run(&["--version"]).ok().out;
    assert_eq!(
        said.lines().next(),
        Some(concat!("elverum-calendar ", env!("CARGO_PKG_VERSION")))
    );
}

#[test]
fn wrong_use_ends_with_2_and_says_what_is_right() {
    let program = Program::new();
    let wrong: [&[&str]; 5] = [
        &["sere"],
        &["--colour"],
        &["--port", "many"],
        &["export", "--format", "pdf"],
        &[
            "ics",
            "occurrences",
            "x.ics",
            "--from",
            "tomorrow",
            "--to",
            "2027-01-01",
        ],
    ];
    for arguments in wrong {
        let ended = program.run(arguments).with_code(2);
        assert!(ended.out.is_empty(), "{arguments:?}: {}", ended.out);
        assert!(ended.err.contains("--help"), "{arguments:?}: {}", ended.err);
    }
    let formats = program.run(&["export", "--format", "pdf"]).err;
    assert!(formats.contains("json, ics, csv"), "{formats}");
    assert!(
        !program.path("store").exists(),
        "wrong use leaves no store behind"
    );
}

#[test]
fn completions_are_scripts_for_the_shell() {
    let program = Program::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = program.run(&["completions", shell]).ok().out;
        assert!(
            script.contains("elverum-calendar") && script.contains("export"),
            "{shell}"
        );
    }
}

/// Splits a line into words as a shell does, with quotes.
fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    // Two spaces start an explanation.
    let line = line.split("  ").next().unwrap_or_default();
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, '>' | '<' | '|' | '#') => break,
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[test]
fn every_command_has_an_example_that_the_program_understands() {
    for path in leaves() {
        let mut command = Cli::command();
        command.build();
        let command = path.split(' ').fold(&mut command, |command, name| {
            command
                .find_subcommand_mut(name)
                .unwrap_or_else(|| panic!("{path}"))
        });
        let help = command.render_long_help().to_string();
        let (_, examples) = help
            .split_once("Examples:\n")
            .unwrap_or_else(|| panic!("{path}: {help}"));
        let examples: Vec<_> = examples
            .lines()
            .filter(|line| line.trim_start().starts_with("elverum-calendar "))
            .collect();
        assert!(!examples.is_empty(), "{path}: {help}");
        let own = examples
            .iter()
            .any(|line| line.contains(&format!("elverum-calendar {path}")));
        assert!(own, "{path}: {examples:?}");
        for example in examples {
            let words = shell_words(example.trim_start());
            if let Err(error) = Cli::try_parse_from(&words) {
                panic!("{path}: {example}: {error}");
            }
        }
    }
}

#[test]
fn what_holds_for_every_command_stands_apart_in_its_help() {
    let program = Program::new();
    for path in leaves().iter().map(String::as_str).chain([""]) {
        let words = path.split(' ').filter(|word| !word.is_empty());
        let help = program
            .run(&words.chain(["--help"]).collect::<Vec<_>>())
            .ok()
            .out;
        let (own, global) = help
            .split_once("Global options:\n")
            .unwrap_or_else(|| panic!("{path}: {help}"));
        for option in ["--store", "--data", "--config", "--json"] {
            let line = |text: &str| {
                text.lines()
                    .any(|line| line.trim_start().starts_with(option))
            };
            assert!(line(global) && !line(own), "{path}: {option}: {help}");
        }
    }
}
