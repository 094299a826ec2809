//! Ranges of numbers, values of choices, keys of tables.

use super::{checked, refused, refused_by, refused_file};
use crate::support::Program;

/// Invalid settings, with the words that the error must contain.
const WRONG: &[(&str, &[&str])] = &[
    ("[default]\nworkers = 0\n", &["workers", "1 to"]),
    ("[default]\nworkers = 100000\n", &["workers", "1 to"]),
    ("[default]\nmax_blocking = 0\n", &["max_blocking", "1 to"]),
    ("[default]\nkeep_alive = -1\n", &["keep_alive"]),
    (
        "[default]\nkeep_alive = 100000\n",
        &["keep_alive", "0 to 3600"],
    ),
    (
        "[default]\nip_header = \"X Real IP\"\n",
        &["ip_header", "X Real IP"],
    ),
    ("[default]\nlog_level = \"loud\"\n", &["log_level"]),
    (
        "[default]\ntemp_dir = \"nowhere\"\n",
        &["temp_dir", "nowhere"],
    ),
    (
        "[default]\nsecret_key = \"hunter2\"\n",
        &["secret_key", "not used"],
    ),
    (
        "[default.limits]\njsom = \"1MiB\"\n",
        &["limits.jsom", "json"],
    ),
    (
        "[default.shutdown]\ngrase = 5\n",
        &["shutdown.grase", "grace"],
    ),
    (
        "[default.shutdown]\ngrace = 100000\n",
        &["shutdown.grace", "0 to 300"],
    ),
    (
        "[default.shutdown]\nmercy = 100000\n",
        &["shutdown.mercy", "0 to 300"],
    ),
    (
        "[default.tls]\ncerts = \"a.pem\"\nkey = \"b.pem\"\nmutual = { ca_certs = \"c.pem\" }\n",
        &["tls.mutual", "certs"],
    ),
    ("[default.tls]\ncerts = \"a.pem\"\n", &["tls", "key"]),
    (
        "[default.calendar]\ntentative_years = 11\n",
        &["tentative_years", "0 to 10"],
    ),
    (
        "[default.calendar]\ntentative_years = -1\n",
        &["tentative_years"],
    ),
    ("[default.calendar]\nlog = \"xml\"\n", &["log", "json"]),
    (
        "[default.calendar.backup]\nevery_hours = 0\n",
        &["backup.every_hours", "1 to"],
    ),
    (
        "[default.calendar.backup]\nkeep = 0\n",
        &["backup.keep", "1 to"],
    ),
    (
        "[default.calendar.limits]\nimport_bytes = 0\n",
        &["limits.import_bytes", "1024"],
    ),
    (
        "[default.calendar.limits]\nconnections = 3\n",
        &["limits.connections", "16"],
    ),
    (
        "[default.calendar.limits]\nidle_seconds = 100000\n",
        &["limits.idle_seconds", "86400"],
    ),
    (
        "[default.calendar.limits]\nslow_bytes_a_second = 0\n",
        &["limits.slow_bytes_a_second", "1 to"],
    ),
];

#[test]
fn a_number_or_a_choice_that_makes_no_sense_is_refused_with_what_would() {
    for (content, words) in WRONG {
        refused_file(&Program::new(), content, words);
    }
    for port in ["65536", "-1", "\"many\""] {
        let program = Program::new();
        program.write("wrong.toml", format!("[default]\nport = {port}\n"));
        let options = ["--config", "wrong.toml"];
        refused_by(
            &[&["serve", "--check"]],
            &program,
            &options,
            &["«port»", "wrong.toml"],
        );
    }
}

#[test]
fn the_ends_of_the_ranges_are_taken() {
    for content in [
        "[default]\nworkers = 1\nmax_blocking = 1\nkeep_alive = 0\nip_header = false\n",
        "[default.shutdown]\ngrace = 0\nmercy = 0\n",
        "[default.limits]\njson = \"2MiB\"\n",
        "[default.calendar]\ntentative_years = 0\n",
        "[default.calendar.limits]\nconnections = 0\nidle_seconds = 0\nfeed_cache_bytes = 0\n",
    ] {
        checked(&Program::new(), content);
    }
    let program = Program::new();
    program.write("one.toml", "[default]\nworkers = 1\nmax_blocking = 4\n");
    let serving = program.serve(&["--config", "one.toml"]);
    serving.get("/feeds/all.ics");
    let tasks = format!("/proc/{}/task", serving.pid());
    let names = std::fs::read_dir(tasks)
        .unwrap()
        .filter_map(|task| std::fs::read_to_string(task.unwrap().path().join("comm")).ok());
    // Workers have Rocket's thread name, which blocking threads share.
    let workers = names
        .filter(|name| name.starts_with("rocket-worker"))
        .count();
    assert!(workers <= 5, "{workers} threads where 1 and 4 are allowed");
}

#[test]
fn numbers_from_the_environment_have_the_same_ranges() {
    for (variable, value, words) in [
        ("ROCKET_WORKERS", "0", ["workers", "1 to"]),
        ("ROCKET_MAX_BLOCKING", "0", ["max_blocking", "1 to"]),
        (
            "ROCKET_KEEP_ALIVE",
            "4294967295",
            ["keep_alive", "0 to 3600"],
        ),
        (
            "ROCKET_SHUTDOWN",
            "{grace=4000000000,mercy=1}",
            ["shutdown.grace", "0 to 300"],
        ),
    ] {
        let program = Program::new().with_environment([(variable, value.to_owned())]);
        refused(&program, &[], &words);
    }
}

#[test]
fn the_password_of_a_store_of_another_kind_is_not_shown() {
    let program = Program::new();
    let options = ["--store", "postgres://u:hunter2@db.example/calendar"];
    let said = refused(&program, &options, &["postgres://…@db.example"]);
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn a_value_of_the_wrong_kind_is_told_of_without_types_of_the_program() {
    for (setting, words) in [
        ("[default]\nport = 70000", &["port", "0 to 65535"][..]),
        ("[default]\nworkers = \"x\"", &["workers", "whole number"]),
        ("[default]\ntls = 5", &["tls", "a table"]),
        (
            "[default.limits]\njson = \"many\"",
            &["limits.json", "2MiB"],
        ),
        (
            "[default.calendar]\ntentative_years = 1.5",
            &["tentative_years", "a whole number"],
        ),
        (
            "[default.calendar]\nbase_url = 5",
            &["base_url", "an address"],
        ),
        ("[default.calendar]\nsync = 5", &["sync", "a table"]),
        ("[default.calendar]\nlog = 5", &["log"]),
        (
            "[default.calendar]\nlog = \"xml\"",
            &["log", "expected `text` or `json`"],
        ),
        (
            "[default.calendar.sync]\nallow_private = \"x:1\"",
            &["allow_private", "a list"],
        ),
        (
            "[default.calendar.limits]\nconnections = \"many\"",
            &["limits.connections", "a whole number, 0 or more"],
        ),
        (
            "[default.calendar.limits]\nimport_bytes = 99999999999999999999",
            &["number too large", "line 2"],
        ),
    ] {
        let program = Program::new();
        program.write("wrong.toml", format!("{setting}\n"));
        let check = ["serve", "--check", "--config", "wrong.toml"];
        let said = program.run(&check).with_code(3).err;
        for word in words {
            assert!(said.contains(word), "{setting}: no «{word}» in {said}");
        }
        for word in [
            "u16",
            "u32",
            "u64",
            "usize",
            "struct",
            "enum",
            "sequence",
            "map",
            "signed",
            "``",
            "target type",
        ] {
            assert!(!said.contains(word), "{setting}: «{word}» in {said}");
        }
    }
}
