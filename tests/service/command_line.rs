//! The program at the command line, as it is built.

use std::collections::BTreeSet;

use crate::support::{CalendarFile, Program};

#[test]
fn help_names_every_command_gives_examples_and_tells_the_exit_codes() {
    let help = Program::new().run(&["--help"]).ok().out;
    for command in [
        "serve",
        "import",
        "export",
        "seed",
        "ics",
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
    let commands: [&[&str]; 9] = [
        &["serve"],
        &["import"],
        &["export"],
        &["seed"],
        &["ics"],
        &["ics", "check"],
        &["ics", "occurrences"],
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
        said.trim(),
        concat!("elverum-calendar ", env!("CARGO_PKG_VERSION"))
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
fn port_0_takes_a_free_one_and_the_first_line_tells_which() {
    let program = Program::new();
    let serving = program.serve(&[]);
    assert!(
        serving.address.starts_with("http://127.0.0.1:"),
        "{}",
        serving.address
    );
    let page = String::from_utf8(serving.get("/")).unwrap();
    assert!(page.contains("<html lang=\"nb\""));
    let feed = String::from_utf8(serving.get("/feeds/all.ics")).unwrap();
    let calendar = CalendarFile::parse(&feed);
    assert!(
        calendar.events[0]
            .value("URL")
            .starts_with(&serving.address)
    );
    let address = serving.address.clone();
    let (status, rest) = serving.stop();
    assert!(status.success(), "SIGTERM ends it well: {status}");
    for path in ["/", "/subscribe", "/feeds/all.ics"] {
        assert!(
            rest.contains(&format!("{address}{path}")),
            "it tells where {path} is: {rest}"
        );
    }
}

#[test]
fn serve_by_its_name_takes_the_same_options() {
    let program = Program::new();
    let serving = program.serve(&["serve", "--address", "127.0.0.1"]);
    serving.get("/health/ready");
}

#[test]
fn started_again_it_serves_the_same_bytes_under_the_same_addresses() {
    let program = Program::new();
    let config = program.write(
        "public.toml",
        "[default.calendar]\nbase_url = \"https://kalender.example.no\"\n",
    );
    let feeds = [
        "/feeds/all.ics",
        "/feeds/all.ics?lang=en",
        "/feeds/category/music.ics",
        "/feeds/municipality/3420.ics",
        "/feeds/series/grundsetmartn.ics",
        "/feeds/search.ics?q=birken",
        "/feeds/all.json",
    ];
    let read = || -> Vec<Vec<u8>> {
        let serving = program.serve(&["--config", config.to_str().unwrap()]);
        let bytes = feeds.map(|feed| serving.get(feed)).into();
        assert!(serving.stop().0.success());
        bytes
    };
    let first = read();
    let all = CalendarFile::parse(std::str::from_utf8(&first[0]).unwrap());
    let uids: BTreeSet<&str> = all.events.iter().map(|event| event.value("UID")).collect();
    assert_eq!(uids.len(), all.events.len());
    assert_eq!(first, read());
}

#[test]
fn a_second_process_on_the_same_store_is_told_that_it_is_in_use() {
    let program = Program::new();
    let serving = program.serve(&[]);
    for arguments in [&["seed"][..], &["export"], &["--port", "0"]] {
        let ended = program.run(arguments).with_code(3);
        assert!(ended.err.contains("in use"), "{arguments:?}: {}", ended.err);
        assert!(
            ended.err.contains("store"),
            "{arguments:?} names the store: {}",
            ended.err
        );
        assert!(ended.out.is_empty(), "{arguments:?}: {}", ended.out);
    }
    serving.get("/feeds/all.ics");
    assert!(serving.stop().0.success());
    program.run(&["seed"]).ok();
}

#[test]
fn seeding_twice_changes_nothing_the_second_time() {
    let program = Program::new();
    let first = program.run(&["seed", "--json"]).ok().json();
    assert!(first["created"].as_u64().unwrap() > 50, "{first}");
    let second = program.run(&["--json", "seed"]).ok().json();
    assert_eq!(second["created"], 0);
    assert_eq!(second["updated"], 0);
    assert_eq!(second["commit"], first["commit"]);
    let text = program.run(&["seed"]).ok().out;
    assert!(text.contains("0 records new, 0 changed"), "{text}");
}

#[test]
fn a_corrected_data_file_changes_what_it_says_and_nothing_else() {
    let program = Program::new();
    let first = program.run(&["--json", "seed"]).ok().json();
    let data = program.data_with("region.toml", "Elverumskalenderen", "Skogkalenderen");
    let second = program
        .run(&["--json", "--data", data.to_str().unwrap(), "seed"])
        .ok()
        .json();
    assert_eq!(
        (&second["created"], &second["updated"]),
        (&0.into(), &1.into())
    );
    assert_eq!(
        second["commit"].as_u64(),
        first["commit"].as_u64().map(|number| number + 1)
    );
}

#[test]
fn a_mistake_in_a_data_file_stops_the_start_and_names_file_line_field_and_what_is_allowed() {
    let mistakes = [
        (
            "series.toml",
            "categories = [\"music\"]",
            "categories = [\"musik\"]",
            "music",
        ),
        (
            "series.toml",
            "start = 2014-08-01",
            "start = 2014-08-32",
            "01 and 31",
        ),
        (
            "series.toml",
            "status = \"cancelled\"",
            "status = \"canceled\"",
            "cancelled",
        ),
        (
            "region.toml",
            "time_zone = \"Europe/Oslo\"",
            "time_zone = \"Europe/Elverum\"",
            "Oslo",
        ),
        (
            "region.toml",
            "number = \"3420\"",
            "number = \"34200\"",
            "four digits",
        ),
        ("region.toml", "county =", "kounty =", "county"),
        (
            "organizers.toml",
            "slug = \"elverum-kommune\"",
            "slug = \"Elverum kommune\"",
            "a-z",
        ),
    ];
    for (file, right, wrong, allowed) in mistakes {
        let program = Program::new();
        let data = program.data_with(file, right, wrong);
        let field = wrong.split(' ').next().unwrap();
        let text = std::fs::read_to_string(data.join(file)).unwrap();
        let line = 1 + text.lines().position(|line| line.contains(wrong)).unwrap();
        for arguments in [&["seed"][..], &["--port", "0"]] {
            let arguments = [&["--data", data.to_str().unwrap()], arguments].concat();
            let ended = program.run(&arguments).with_code(3);
            assert!(ended.out.is_empty(), "nothing is served: {}", ended.out);
            let place = format!("{file}:{line}");
            assert!(
                ended.err.contains(&place),
                "{wrong}: no {place} in {}",
                ended.err
            );
            assert!(
                ended.err.contains(field),
                "{wrong}: no field {field} in {}",
                ended.err
            );
            assert!(
                ended.err.contains(allowed),
                "{wrong}: no «{allowed}» in {}",
                ended.err
            );
        }
    }
}

#[test]
fn every_mistake_is_told_at_once() {
    let program = Program::new();
    let data = program.data_with("region.toml", "number = \"3420\"", "number = \"34200\"");
    let organizers = data.join("organizers.toml");
    let text = std::fs::read_to_string(&organizers).unwrap();
    let text = text.replacen("slug = \"elverum-kommune\"", "slug = \"Elverum\"", 1);
    std::fs::write(&organizers, text).unwrap();
    let ended = program
        .run(&["--data", data.to_str().unwrap(), "seed"])
        .with_code(3);
    assert!(ended.err.contains("region.toml:"), "{}", ended.err);
    assert!(ended.err.contains("organizers.toml:"), "{}", ended.err);
}

#[test]
fn a_data_folder_that_is_not_there_is_named() {
    let program = Program::new();
    let ended = program.run(&["--data", "nowhere", "seed"]).with_code(3);
    assert!(ended.err.contains("nowhere"), "{}", ended.err);
}

#[test]
fn an_unknown_setting_stops_the_start_and_is_named() {
    let program = Program::new();
    let wrong = [
        (
            "[default.calendar]\nstrore = \"sled:x\"\n",
            "strore",
            "store",
        ),
        ("[default]\nprot = 80\n", "prot", "port"),
        (
            "[default.calendar.sync]\nallow = []\n",
            "allow",
            "allow_private",
        ),
        (
            "[default.calendar]\ntentative_years = 40\n",
            "tentative_years",
            "0 to 10",
        ),
        (
            "[default.calendar]\nbase_url = \"ftp://x\"\n",
            "base_url",
            "http",
        ),
        ("[default.calendar]\nlog = \"xml\"\n", "log", "json"),
    ];
    for (content, key, right) in wrong {
        let file = program.write("settings.toml", content);
        let ended = program
            .run(&["--config", file.to_str().unwrap(), "--port", "0"])
            .with_code(3);
        assert!(ended.err.contains(key), "{content}: {}", ended.err);
        assert!(ended.err.contains(right), "{content}: {}", ended.err);
        assert!(ended.out.is_empty(), "{content}: {}", ended.out);
    }
    let ended = program
        .run(&["--config", "nowhere.toml", "seed"])
        .with_code(3);
    assert!(ended.err.contains("nowhere.toml"), "{}", ended.err);
}

#[test]
fn an_unknown_kind_of_store_is_named_with_those_there_are() {
    let program = Program::new();
    let ended = program.run(&["--store", "mysql:x", "seed"]);
    // The option stands twice then, which is wrong use; a file says it once.
    assert_eq!(ended.code, 2, "{}", ended.err);
    let file = program.write("settings.toml", "[default.calendar]\nstore = \"mysql:x\"\n");
    let ended = program
        .run_bare(&["--config", file.to_str().unwrap(), "seed"])
        .with_code(3);
    assert!(ended.err.contains("mysql:x"), "{}", ended.err);
    assert!(ended.err.contains("sled:"), "{}", ended.err);
}

#[test]
fn export_gives_every_event_in_each_form() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let ics = CalendarFile::parse(&program.run(&["export", "--format", "ics"]).ok().out);
    let json = program.run(&["export"]).ok().json();
    let csv = program.run(&["export", "--format", "csv"]).ok().out;
    let of_json: BTreeSet<&str> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["uid"].as_str().unwrap())
        .collect();
    let of_ics: BTreeSet<&str> = ics.events.iter().map(|event| event.value("UID")).collect();
    assert!(of_json.len() > 20);
    assert_eq!(of_json, of_ics);
    for uid in &of_json {
        assert!(csv.contains(uid), "{uid} is in the table");
    }
    let festival = json
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["slug"] == "festspillene-2017");
    let festival = festival.expect("the festival of 2017");
    assert_eq!(festival["start"], "2017-08-04");
    assert_eq!(festival["end"], "2017-08-12", "the last day, inclusive");
    assert_eq!(festival["all_day"], true);
    assert_eq!(festival["time_zone"], "Europe/Oslo");
    assert_eq!(festival["status"], "scheduled");
}

#[test]
fn what_is_exported_passes_the_check() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let ics = program.run(&["export", "--format", "ics"]).ok().out;
    program.write("all.ics", &ics);
    let checked = program.run(&["ics", "check", "all.ics"]).ok();
    assert!(
        checked.out.contains("0 errors, 0 warnings"),
        "{}",
        checked.out
    );
}

#[test]
fn check_tells_line_and_rule_and_ends_with_1() {
    let program = Program::new();
    let lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//x//y//EN",
        "BEGIN:VEVENT",
        "DTSTAMP:20270101T000000Z",
        "DTSTART:20270102T000000Z",
        "DTEND:20270101T000000Z",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ];
    program.write("wrong.ics", lines.join("\r\n"));
    let ended = program.run(&["ics", "check", "wrong.ics"]).with_code(1);
    assert!(
        ended.out.contains("wrong.ics:4: error: "),
        "the UID is missing: {}",
        ended.out
    );
    assert!(
        ended.out.contains("wrong.ics:7: error: "),
        "the end is too early: {}",
        ended.out
    );
    let json = program
        .run(&["--json", "ics", "check", "wrong.ics"])
        .with_code(1);
    assert!(!json.out.trim().is_empty());
    for line in json.out.lines() {
        assert!(
            serde_json::from_str::<serde_json::Value>(line).is_ok(),
            "{line}"
        );
    }
    let missing = program.run(&["ics", "check", "nowhere.ics"]).with_code(3);
    assert!(missing.err.contains("nowhere.ics"), "{}", missing.err);
    assert!(
        !program.path("store").exists(),
        "looking at files touches no store"
    );
}

#[test]
fn occurrences_are_one_json_object_a_line() {
    let program = Program::new();
    let lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//x//y//EN",
        "BEGIN:VEVENT",
        "UID:quiz",
        "DTSTAMP:20270101T000000Z",
        "DTSTART:20270107T180000Z",
        "DTEND:20270107T200000Z",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "SUMMARY:Quiz",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ];
    program.write("quiz.ics", lines.join("\r\n"));
    let window = ["--from", "2027-01-10", "--to", "2027-01-25"];
    let ended = program
        .run(&[&["ics", "occurrences", "quiz.ics"], &window[..]].concat())
        .ok();
    let found: Vec<serde_json::Value> = ended
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let starts: Vec<_> = found
        .iter()
        .map(|one| one["start"].as_str().unwrap())
        .collect();
    assert_eq!(starts, ["20270114T180000Z", "20270121T180000Z"]);
    for one in &found {
        assert_eq!(one["uid"], "quiz");
        assert_eq!(one["summary"], "Quiz");
        assert!(
            one["recurrence_id"].is_string() && one["status"].is_string(),
            "{one}"
        );
        assert!(one["end"].as_str().unwrap().ends_with("T200000Z"), "{one}");
    }
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
