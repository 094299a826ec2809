//! What the program says of itself, and to whoever uses it wrongly.

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
        "Exit codes: 0 done",
        "Rocket.toml",
        "ROCKET_",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
}

#[test]
fn every_command_explains_itself() {
    let program = Program::new();
    let commands: [&[&str]; 11] = [
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
        // What follows two spaces is the explanation, what follows > is the shell's.
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
        // With --help behind it a command does nothing, but its arguments are still read.
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
