//! Settings from the environment.

use super::{checked, refused, refused_by};
use crate::support::Program;

#[test]
fn a_table_in_the_environment_with_a_missing_brace_is_refused_beside_an_option() {
    for (variable, value) in [
        ("ROCKET_CALENDAR", "{base_url=\"https://x\""),
        ("ROCKET_CALENDAR", "base_url=\"https://x\""),
        ("ROCKET_CALENDAR", "{base_url=\"https://x\"}}"),
        ("ROCKET_TLS", "{certs=\"a.pem\",key=\"b.pem\""),
        ("ROCKET_SHUTDOWN", "grace=5"),
        ("ROCKET_LIMITS", "1MiB"),
    ] {
        let program = Program::new().with_environment([(variable, value.to_owned())]);
        refused(&program, &[], &[variable, "table", "__"]);
    }
}

#[test]
fn an_error_in_the_environment_names_the_variable_and_the_key_in_reading_order() {
    for (variable, value, words) in [
        (
            "ROCKET_CALENDAR",
            "{stor=\"sled:x\"}",
            ["«calendar.stor»", "ROCKET_CALENDAR"],
        ),
        (
            "ROCKET_CALENDAR__STOR",
            "sled:x",
            ["«calendar.stor»", "ROCKET_CALENDAR__STOR"],
        ),
        (
            "ROCKET_CALENDAR__BACKUP__KEEP",
            "many",
            ["«calendar.backup.keep»", "ROCKET_CALENDAR__BACKUP__KEEP"],
        ),
        ("ROCKET_PROT", "80", ["«prot»", "ROCKET_PROT"]),
        (
            "ROCKET_CALENDAR_BASE_URL",
            "https://x",
            ["calendar_base_url", "ROCKET_CALENDAR__BASE_URL"],
        ),
        (
            "ROCKET_CALENDAR__SYNC__ALLOW_PRIVATE",
            "[\"a:1\"",
            ["ROCKET_CALENDAR__SYNC__ALLOW_PRIVATE", "bracket"],
        ),
    ] {
        let program = Program::new().with_environment([(variable, value.to_owned())]);
        let said = refused(&program, &["--address", "127.0.0.1"], &words);
        assert!(!said.contains("STOR.CALENDAR"), "{said}");
    }
    let port = Program::new().with_environment([("ROCKET_PORT", "many".to_owned())]);
    refused_by(
        &[&["serve", "--check"]],
        &port,
        &[],
        &["«port»", "ROCKET_PORT"],
    );
}

#[test]
fn one_variable_for_each_setting_leaves_the_others_as_they_are() {
    let program = Program::new().with_environment([
        (
            "ROCKET_CALENDAR",
            "{log=\"json\",base_url=\"https://old.example.no\"}".to_owned(),
        ),
        (
            "ROCKET_CALENDAR__BASE_URL",
            "https://kalender.example.no".to_owned(),
        ),
        ("ROCKET_CALENDAR__BACKUP__KEEP", "3".to_owned()),
        ("ROCKET_ADDRESS", "0.0.0.0".to_owned()),
    ]);
    let report = program.run(&["--json", "serve", "--check"]).ok().json();
    assert_eq!(report["base_url"], "https://kalender.example.no/");
    assert_eq!(report["settings"]["calendar.log"]["value"], "json");
    assert_eq!(report["settings"]["calendar.backup.keep"]["value"], 3);
    let from = report["settings"]["calendar.base_url"]["from"]
        .as_str()
        .unwrap();
    assert!(from.contains("ROCKET_CALENDAR__BASE_URL"), "{from}");
}

#[test]
fn a_profile_that_no_file_has_is_refused_and_so_is_a_table_outside_of_one() {
    let typo = || Program::new().with_environment([("ROCKET_PROFILE", "typo".to_owned())]);
    refused(&typo(), &[], &["ROCKET_PROFILE", "typo", "release"]);
    let program = typo();
    program.write("typo.toml", "[typo]\nport = 0\n");
    program
        .run(&["serve", "--check", "--config", "typo.toml"])
        .ok();
    for (content, right) in [
        ("[calendar]\nstore = \"sled:x\"\n", "[default.calendar]"),
        ("[limits]\njson = \"1MiB\"\n", "[default.limits]"),
        ("port = 80\n", "[default]"),
    ] {
        let program = Program::new();
        program.write("wrong.toml", content);
        refused(
            &program,
            &["--config", "wrong.toml"],
            &["wrong.toml", right],
        );
    }
}

#[test]
fn a_file_in_the_environment_that_is_not_there_is_named() {
    let program = Program::new().with_environment([("ROCKET_CONFIG", "typo.toml".to_owned())]);
    refused(&program, &[], &["ROCKET_CONFIG", "typo.toml"]);
    program.write(
        "typo.toml",
        "[default.calendar]\nbase_url = \"https://a.example.no\"\n",
    );
    let report = program.run(&["--json", "serve", "--check"]).ok().json();
    assert_eq!(report["base_url"], "https://a.example.no/");
}

#[test]
fn settings_of_a_profile_that_is_not_chosen_are_told_of() {
    let content =
        "[default.calendar]\ntentative_years = 1\n[production.calendar]\ntentative_years = 3\n";
    let told = checked(&Program::new(), content).out;
    assert!(
        told.contains("warning: [production]: is ignored")
            && told.contains("ROCKET_PROFILE=production"),
        "{told}"
    );
    let chosen = [("ROCKET_PROFILE", "production".to_owned())];
    let told = checked(&Program::new().with_environment(chosen), content).out;
    assert!(!told.contains("[production]: is ignored"), "{told}");
    let content =
        "[debug.calendar]\ntentative_years = 1\n[release.calendar]\ntentative_years = 1\n";
    let told = checked(&Program::new(), content).out;
    assert!(!told.contains("is ignored"), "{told}");
}
