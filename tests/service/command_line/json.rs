//! `--json` of every command.

use std::collections::BTreeSet;

use clap::CommandFactory;
use elverum_calendar::cli::Cli;
use serde_json::Value;

use crate::support::Program;
use crate::support::importer::calendar_of;

/// Returns the commands without subcommands.
pub fn leaves() -> BTreeSet<String> {
    fn walk(command: &clap::Command, path: &str, all: &mut BTreeSet<String>) {
        let children: Vec<_> = command.get_subcommands().collect();
        if !path.is_empty() && (children.is_empty() || !command.is_subcommand_required_set()) {
            all.insert(path.to_owned());
        }
        for child in children {
            walk(child, format!("{path} {}", child.get_name()).trim(), all);
        }
    }
    let mut all = BTreeSet::new();
    walk(&Cli::command(), "", &mut all);
    assert!(all.len() > 25, "{all:?}");
    all
}

/// Parses standard output as JSON: one value, or one per line.
#[track_caller]
fn parsed(command: &str, out: &str) -> Vec<Value> {
    if let Ok(one) = serde_json::from_str(out) {
        return vec![one];
    }
    let lines = out.lines().map(serde_json::from_str);
    let lines: Result<Vec<Value>, _> = lines.collect();
    lines.unwrap_or_else(|error| panic!("{command}: {error}: {out}"))
}

/// Commands that need an open decision, which have tests of their own.
const DECISIONS: [&str; 8] = [
    "sync review accept",
    "sync review dismiss",
    "sync review approve",
    "sync review reject",
    "sync review join",
    "sync review split",
    "sync rollback",
    "sync release",
];

#[test]
fn every_command_answers_in_json_where_it_is_asked_to() {
    let program = Program::new();
    program.write(
        "spring.ics",
        calendar_of(&["UID:a|SUMMARY:Konsert|DTSTART:20270601T160000Z"]),
    );
    let mut left = leaves();
    let run = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let ended = program.run(&[&["--json"], &words[..]].concat());
        assert!(ended.code < 2, "{line}: {}{}", ended.out, ended.err);
        let values = parsed(line, &ended.out);
        // A file without findings gives no line.
        assert!(
            !values.is_empty() || line.starts_with("ics check"),
            "{line} says nothing"
        );
        values
    };
    run("seed");
    let webhook = &run("webhook add https://example.org/hook")[0]["id"];
    let webhook = webhook.as_str().unwrap().to_owned();
    run("import spring.ics");
    run("partner add nabo --kind interface");
    let key = &run("partner key nabo")[0]["key"];
    let key = key.as_str().unwrap().to_owned();
    for line in [
        "serve --check",
        "import spring.ics --dry-run",
        "export",
        "export --format ndjson",
        "seed",
        "sync",
        "sync review",
        "sync runs",
        "partner list",
        &format!("partner key --revoke {key}"),
        "partner push nabo --kind tribe --url https://example.org/ --user k --secret S",
        "partner push nabo --stop",
        "partner add bib --kind ics --url https://example.org/a.ics --paused",
        "partner resume bib",
        "partner pause bib",
        "partner remove bib",
        "partner kinds",
        "webhook list",
        &format!("webhook replay {webhook}"),
        &format!("webhook remove {webhook}"),
        "webhook list",
        "webhook resume",
        "account invite --editor",
        "account invite kari@example.org",
        "account role kari@example.org editor",
        "account list",
        "account audit",
        "account delete kari@example.org",
        "ics check spring.ics",
        "ics occurrences spring.ics --from 2027-01-01 --to 2028-01-01",
        "ics rules",
        "backup all.backup",
        "store check all.backup",
        "store check sled:store",
        "store salvage sled:store",
        "restore all.backup --replace",
        "init own",
        "completions bash",
        "partner add nabo --kind interface --name Nabo",
        "webhook add https://example.org/other",
    ] {
        run(line);
        left.retain(|leaf| !line.starts_with(leaf.as_str()));
    }
    left.retain(|leaf| !DECISIONS.contains(&leaf.as_str()));
    assert!(left.is_empty(), "not tried: {left:?}");
}

#[test]
fn kinds_and_rules_as_json_have_what_the_text_has() {
    let program = Program::new();
    let kinds = program.run(&["--json", "partner", "kinds"]).ok().json();
    let text = program.run(&["partner", "kinds"]).ok().out;
    for list in ["kinds", "push"] {
        for kind in kinds[list].as_array().unwrap() {
            for part in ["kind", "about"] {
                assert!(
                    text.contains(kind[part].as_str().unwrap()),
                    "{kind}: {text}"
                );
            }
        }
    }
    let rules = program.run(&["--json", "ics", "rules"]).ok().json();
    let text = program.run(&["ics", "rules"]).ok().out;
    let rules = rules["rules"].as_array().unwrap();
    assert_eq!(rules.len(), text.lines().count());
    for (rule, line) in rules.iter().zip(text.lines()) {
        for part in ["rule", "severity", "rfc", "text"] {
            assert!(
                line.contains(rule[part].as_str().unwrap()),
                "{rule}: {line}"
            );
        }
    }
}
