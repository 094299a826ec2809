//! Partners on the command line.

use crate::support::Program;

#[test]
fn settings_that_cannot_work_are_refused_with_what_to_do() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let url = ["--url", "https://example.org/all.ics"];
    for (arguments, words) in [
        (&["--name", ""][..], ["name", "empty"]),
        (&["--name", "  "], ["name", "empty"]),
        (&["--user", "kari"], ["password", "--secret"]),
        (&["--user", "", "--secret", "ORD"], ["user name", "empty"]),
    ] {
        let add = ["partner", "add", "venue", "--kind", "ics"];
        let arguments = [&add[..], &url, arguments].concat();
        let said = program.run(&arguments).with_code(3).err;
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
    }
    for url in [
        "https:///k.ics",
        "webcal:///k.ics",
        "https:k.ics",
        "http:/k.ics",
    ] {
        let arguments = ["partner", "add", "venue", "--kind", "ics", "--url", url];
        let said = program.run(&arguments).with_code(2).err;
        assert!(said.contains("host"), "{url}: {said}");
    }
    let partners = program.run(&["--json", "partner", "list"]).ok().out;
    assert!(!partners.contains("k.ics"), "{partners}");
}

#[test]
fn what_was_meant_as_an_address_is_in_no_error_with_its_secrets() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    for source in [
        "https://kari:hunter2@example.org:99999/all.ics",
        "https://exa mple.org/all.ics?api_key=hunter2",
        "ftp://kari:hunter2@example.org/all.ics",
    ] {
        let ended = program.run(&["import", source]);
        assert_ne!(ended.code, 0, "{source}");
        let said = ended.out + &ended.err;
        assert!(
            said.contains("example.org") || said.contains("exa mple"),
            "{said}"
        );
        assert!(!said.contains("hunter2"), "{said}");
    }
}
