//! Output of the check for a valid configuration.

use super::checked;
use crate::support::Program;

const SETTINGS: &str = "[default]\nworkers = 3\n\
    [default.calendar]\nbase_url = \"https://kalender.example.no\"\n\
    [default.calendar.limits]\nconnections = 77\n\
    [default.calendar.backup]\nto = \"backups\"\n";

#[test]
fn the_check_tells_what_will_be_used_the_public_address_first_and_where_it_is_from() {
    let told = checked(&Program::new(), SETTINGS).out;
    let at = |word: &str| {
        told.lines()
            .position(|line| line.trim_start().starts_with(word))
            .unwrap_or_else(|| panic!("no {word}: {told}"))
    };
    let order = ["base_url", "address", "store", "data", "backups", "tls"].map(at);
    assert!(order.is_sorted(), "{told}");
    assert_eq!(order[0], 1, "base_url is first: {told}");
    let line = |word: &str| told.lines().nth(at(word)).unwrap().to_owned();
    assert!(
        line("base_url").contains("https://kalender.example.no"),
        "{told}"
    );
    assert!(line("base_url").contains("right.toml"), "{told}");
    assert!(line("address").contains("http://127.0.0.1:8000"), "{told}");
    assert!(
        line("store").contains("sled:store") && line("store").contains("--store"),
        "{told}"
    );
    assert!(line("backups").contains("every 24 hours"), "{told}");
    assert!(line("calendar.limits.connections").contains("77"), "{told}");
    assert!(line("workers").contains('3'), "{told}");
    assert!(
        !told.contains("feed_cache_bytes"),
        "a default is no news: {told}"
    );
    assert!(
        told.contains("warning: ") && told.contains("backups"),
        "it is not there yet: {told}"
    );
}

#[test]
fn as_json_the_check_is_one_object_with_the_same() {
    let program = Program::new();
    program.write("right.toml", SETTINGS);
    let report = program.run(&["--json", "serve", "--check", "--config", "right.toml"]);
    let report = report.ok().json();
    assert_eq!(report["base_url"], "https://kalender.example.no/");
    assert_eq!(report["settings"]["workers"]["value"], 3);
    assert_eq!(
        report["settings"]["calendar.limits.connections"]["value"],
        77
    );
    let from = &report["settings"]["calendar.limits.connections"]["from"];
    assert!(from.as_str().unwrap().contains("right.toml"), "{report}");
    assert_eq!(report["backup"]["every_hours"], 24);
    assert!(!report["warnings"].as_array().unwrap().is_empty());
    assert_eq!(
        (&report["port"], &report["tls"]),
        (&8000.into(), &false.into())
    );
}

#[test]
fn the_check_and_its_refusals_never_show_a_secret() {
    let program = Program::new().with_environment([
        ("AWS_ACCESS_KEY_ID", "AKIAHUNTER2".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "hunter2".to_owned()),
        ("AWS_REGION", "eu-north-1".to_owned()),
    ]);
    program.write(
        "s3.toml",
        "[default.calendar.backup]\nto = \"s3://bucket/prefix\"\n",
    );
    for json in [&[][..], &["--json"]] {
        let told = program.run(&[json, &["serve", "--check", "--config", "s3.toml"]].concat());
        let told = told.ok().out;
        assert!(told.contains("s3://bucket/prefix"), "{told}");
        assert!(!told.to_lowercase().contains("hunter2"), "{told}");
    }
}
