//! Shell completions, tested in the shells.

use std::fmt::Write as _;
use std::process::Command;

use clap::CommandFactory;
use elverum_calendar::cli::Cli;

use crate::support::Program;

/// Returns every command line without the program, and its subcommands and options.
fn commands() -> Vec<(Vec<String>, Vec<String>)> {
    fn walk(command: &clap::Command, path: &[String], all: &mut Vec<(Vec<String>, Vec<String>)>) {
        let options = command
            .get_arguments()
            .filter(|arguments| !arguments.is_hide_set());
        let options =
            options.filter_map(|option| option.get_long().map(|long| format!("--{long}")));
        let children = command
            .get_subcommands()
            .map(|subcommands| subcommands.get_name().to_owned());
        all.push((path.to_vec(), children.chain(options).collect()));
        for child in command.get_subcommands() {
            walk(child, &[path, &[child.get_name().to_owned()]].concat(), all);
        }
    }
    let mut program = Cli::command();
    program.build();
    let mut all = Vec::new();
    walk(&program, &[], &mut all);
    assert!(all.len() > 30, "{}", all.len());
    all
}

/// Returns bash's completions for the last word of each line.
fn bash(program: &Program, lines: &[Vec<String>]) -> Vec<Vec<String>> {
    let script = program.run(&["completions", "bash"]).ok().out;
    program.write("completions.bash", script);
    let mut asks = "source ./completions.bash\n\
        offer() {\n  COMP_WORDS=(\"$@\"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=()\n\
        local spec; spec=$(complete -p elverum-calendar)\n  local call=${spec##*-F }; call=${call%% *}\n\
        $call elverum-calendar \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"\n\
        echo \"${COMPREPLY[*]}\"\n}\n"
        .to_owned();
    for line in lines {
        let words: Vec<String> = line.iter().map(|word| format!("'{word}'")).collect();
        writeln!(asks, "offer elverum-calendar {}", words.join(" ")).unwrap();
    }
    let asks = program.write("asks.bash", asks);
    let ended = Command::new("bash")
        .args(["--norc", "--noprofile"])
        .arg(asks)
        .current_dir(program.path(""))
        .output()
        .expect("bash is there");
    let said = String::from_utf8(ended.stdout).unwrap();
    let offers: Vec<_> = said
        .lines()
        .map(|line| line.split(' ').map(str::to_owned).collect())
        .collect();
    let wrong = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(offers.len(), lines.len(), "{wrong}");
    offers
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn bash_offers_the_commands_and_options_of_every_command_behind_global_options_too() {
    let program = Program::new();
    let before = [&[][..], &["--json"], &["--json", "--store", "sled:x"]];
    let (mut lines, mut expected) = (Vec::new(), Vec::new());
    for (path, offers) in commands() {
        for global in before {
            lines.push([words(global), path.clone(), words(&[""])].concat());
            expected.push(offers.clone());
        }
    }
    for ((line, wanted), offered) in lines.iter().zip(expected).zip(bash(&program, &lines)) {
        for word in wanted {
            assert!(
                offered.contains(&word),
                "{line:?}: no {word} in {offered:?}"
            );
        }
    }
}

#[test]
fn bash_finishes_a_word_and_offers_the_values_of_an_option() {
    let program = Program::new();
    let lines = [
        words(&["exp"]),
        words(&["partner", "k"]),
        words(&["--json", "sync", "review", "acc"]),
        words(&["export", "--format", ""]),
        words(&["--store", "sled:x", "export", "--format", "nd"]),
        words(&["partner", "add", "kino", "--trust", ""]),
        words(&["completions", "z"]),
    ];
    let offered = bash(&program, &lines);
    let expected = [
        &["export"][..],
        &["key", "kinds"],
        &["accept"],
        &["json", "ics", "csv", "ndjson"],
        &["ndjson"],
        &["publish", "queue"],
        &["zsh"],
    ];
    for ((line, expected), offered) in lines.iter().zip(expected).zip(offered) {
        for word in expected {
            assert!(
                offered.iter().any(|offered| offered == word),
                "{line:?}: no {word} in {offered:?}"
            );
        }
        assert!(offered.len() <= expected.len() + 1, "{line:?}: {offered:?}");
    }
}

/// Returns the output of a shell, which tests/run installs.
fn ask(shell: &str, arguments: &[&str], program: &Program) -> String {
    let ended = Command::new(shell)
        .args(arguments)
        .current_dir(program.path(""))
        .env("HOME", program.path(""))
        .output();
    let ended = ended.unwrap_or_else(|error| panic!("{shell}: {error}; tests/run installs it"));
    let wrong = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{shell}: {wrong}");
    String::from_utf8(ended.stdout).unwrap()
}

#[test]
fn fish_offers_the_commands_of_every_command_behind_global_options_too() {
    let program = Program::new();
    let script = program.run(&["completions", "fish"]).ok().out;
    program.write("c.fish", script);
    let mut asks = "source c.fish\n".to_owned();
    let mut expected = Vec::new();
    for (path, offers) in commands() {
        for global in ["", "--json "] {
            let line = format!("elverum-calendar {global}{} ", path.join(" "));
            writeln!(
                asks,
                "echo '= {line}'; complete -C '{}'",
                line.replace("  ", " ")
            )
            .unwrap();
            let commands = offers.iter().filter(|offer| !offer.starts_with('-'));
            expected.push((line, commands.cloned().collect::<Vec<_>>()));
        }
    }
    program.write("asks.fish", asks);
    let said = ask("fish", &["--no-config", "asks.fish"], &program);
    let mut offered = said.split("= elverum-calendar").skip(1);
    for (line, expected) in expected {
        let offered = offered.next().unwrap_or_default();
        for word in expected {
            let there = offered
                .lines()
                .any(|line| line.split('\t').next() == Some(&word));
            assert!(there, "{line}: no {word} in {offered}");
        }
    }
}

#[test]
fn zsh_takes_its_script() {
    let program = Program::new();
    let script = program.run(&["completions", "zsh"]).ok().out;
    program.write("_elverum-calendar", script);
    let load = "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; echo $_comps[elverum-calendar]";
    let said = ask("zsh", &["-f", "-c", load], &program);
    assert_eq!(said.trim(), "_elverum-calendar");
    ask("zsh", &["-f", "-n", "_elverum-calendar"], &program);
}
