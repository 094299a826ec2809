//! Addresses: the server's own, and those that it may connect to.

use std::net::TcpListener;

use super::{checked, refused, refused_file};
use crate::support::Program;

#[test]
fn a_public_address_with_more_than_a_host_is_refused_and_no_password_is_repeated() {
    for (url, word) in [
        ("https://kari@kalender.example.no", "user"),
        ("https://kari:hunter2@kalender.example.no", "password"),
        ("https://kalender.example.no/?hunter2", "query"),
        ("https://kalender.example.no/#hunter2", "fragment"),
        ("https://example.no/kalender", "path"),
        ("https://0.0.0.0", "0.0.0.0"),
        ("https://kalender.example.no:0", "0 is not a port"),
        ("https://*", "not a pattern"),
        ("https://*.example.no", "not a pattern"),
        ("kalender.example.no", "https://"),
    ] {
        let content = format!("[default.calendar]\nbase_url = \"{url}\"\n");
        let said = refused_file(&Program::new(), &content, &["base_url", word]);
        assert!(!said.contains("hunter2"), "{said}");
    }
    for url in ["https://kalender.example.no", "http://[::1]:8000/"] {
        let content = format!("[default.calendar]\nbase_url = \"{url}\"\n");
        checked(&Program::new(), &content);
    }
}

#[test]
fn listening_on_every_address_needs_a_public_one() {
    for address in ["0.0.0.0", "::"] {
        let words = ["base_url", address, "ROCKET_CALENDAR__BASE_URL"];
        refused(&Program::new(), &["--address", address], &words);
        let program = Program::new();
        program.write(
            "public.toml",
            "[default.calendar]\nbase_url = \"https://kalender.example.no\"\n",
        );
        let public = [
            "serve",
            "--check",
            "--config",
            "public.toml",
            "--address",
            address,
        ];
        program.run(&public).ok();
    }
    let told = Program::new().run(&["serve", "--check"]).ok().out;
    assert!(told.contains("warning: base_url"), "{told}");
}

#[test]
fn an_address_may_be_a_name_and_one_that_is_none_is_explained() {
    let program = Program::new();
    let serving = program.serve(&["--address", "localhost"]);
    serving.get("/health/live");
    assert!(serving.stop().0.success());
    let program = Program::new();
    for wrong in ["no-such-host.invalid", "127.0.0.1:8000", "http://127.0.0.1"] {
        refused(&program, &["--address", wrong], &["address", wrong]);
        refused_file(
            &program,
            &format!("[default]\naddress = \"{wrong}\"\n"),
            &["address", wrong, "wrong.toml"],
        );
    }
}

#[test]
fn a_port_in_use_is_named_before_the_store_is_touched() {
    let program = Program::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ended = program.run(&["--port", &port]).with_code(3);
    for word in [&format!("127.0.0.1:{port}"), "in use", "--port"] {
        assert!(ended.err.contains(word), "{word}: {}", ended.err);
    }
    assert!(!program.path("store").exists(), "the store was made");
    // The check also works beside the running server.
    let told = program.run(&["serve", "--check", "--port", &port]).ok().out;
    assert!(
        told.contains("warning: ") && told.contains("in use"),
        "{told}"
    );
    // An address that this machine does not have.
    refused(
        &program,
        &["--address", "192.0.2.7"],
        &["192.0.2.7", "this machine"],
    );
}

#[test]
fn an_exception_for_private_addresses_that_matches_nothing_is_refused() {
    for (pattern, word) in [
        ("*:80", "*"),
        ("*.example.no:80", "*"),
        ("10.0.0.0/8:80", "10.0.0.0/8"),
        ("http://peer:80", "http"),
        ("peer:0", "peer:0"),
        ("peer:99999", "peer:99999"),
        ("peer", "host:port"),
        (":80", ":80"),
        ("kari:hunter2@peer:80", "host:port"),
        ("peer /x:80", "peer /x:80"),
        ("", "host:port"),
    ] {
        let content = format!("[default.calendar.sync]\nallow_private = [\"{pattern}\"]\n");
        let said = refused_file(&Program::new(), &content, &["allow_private", word]);
        assert!(!said.contains("hunter2"), "{said}");
    }
    // A public address needs no exception.
    let content = "[default.calendar.sync]\nallow_private = [\"193.71.1.1:80\"]\n";
    let told = checked(&Program::new(), content).out;
    assert!(
        told.contains("warning: ") && told.contains("193.71.1.1"),
        "{told}"
    );
}
