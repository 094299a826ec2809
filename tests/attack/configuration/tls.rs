//! Certificates that clients would reject.

use std::path::Path;
use std::process::Command;

use super::{checked, refused_file};
use crate::support::{Program, certificate};

/// Creates `NAME.pem`, valid between two times, and `NAME.key`, for a host.
fn certificate_of(folder: &Path, name: &str, host: &str, from: &str, until: &str) {
    let config = format!(
        "[ca]\ndefault_ca=a\n[a]\ndatabase={name}.db\nnew_certs_dir=.\nserial={name}.srl\nrand_serial=yes\n\
         default_md=sha256\npolicy=p\nx509_extensions=e\nunique_subject=no\n[p]\ncommonName=supplied\n\
         [e]\nsubjectAltName={host}\nbasicConstraints=critical,CA:FALSE\n\
         [req]\ndistinguished_name=d\n[d]\n"
    );
    std::fs::write(folder.join(format!("{name}.cnf")), config).unwrap();
    std::fs::write(folder.join(format!("{name}.db")), "").unwrap();
    let run = |arguments: &str| {
        let made = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(folder)
            .output()
            .expect("openssl is there");
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "{arguments}: {said}");
    };
    run(&format!(
        "req -config {name}.cnf -new -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN={name} \
         -keyout {name}.key -out {name}.csr"
    ));
    run(&format!(
        "ca -batch -notext -config {name}.cnf -selfsign -keyfile {name}.key -in {name}.csr -out {name}.pem \
         -startdate {from} -enddate {until}"
    ));
}

fn settings(name: &str, base_url: &str) -> String {
    let base = if base_url.is_empty() {
        String::new()
    } else {
        format!("[default.calendar]\nbase_url = \"{base_url}\"\n")
    };
    format!("[default.tls]\ncerts = \"{name}.pem\"\nkey = \"{name}.key\"\n{base}")
}

#[test]
fn a_certificate_that_has_expired_or_is_not_valid_yet_is_refused_with_its_dates() {
    let program = Program::new();
    let folder = program.path("");
    let host = "DNS:kalender.example.no";
    certificate_of(&folder, "old", host, "20240101000000Z", "20240401000000Z");
    certificate_of(&folder, "new", host, "20900101000000Z", "20910101000000Z");
    let site = "https://kalender.example.no";
    refused_file(
        &program,
        &settings("old", site),
        &["tls.certs", "old.pem", "2024-04-01", "expired"],
    );
    refused_file(
        &program,
        &settings("new", site),
        &["tls.certs", "new.pem", "2090-01-01", "not valid"],
    );
}

#[test]
fn a_certificate_for_another_host_than_the_public_address_is_refused() {
    let program = Program::new();
    let folder = program.path("");
    certificate(&folder, "own");
    for (base_url, host) in [
        ("https://calendar.example.org", "calendar.example.org"),
        ("https://www.kalender.example.no", "www.kalender.example.no"),
        ("https://[::1]", "::1"),
    ] {
        let words = ["tls.certs", "own.pem", host, "kalender.example.no"];
        refused_file(&program, &settings("own", base_url), &words);
    }
    certificate_of(
        &folder,
        "any",
        "DNS:*.example.no",
        "20240101000000Z",
        "20900101000000Z",
    );
    for (name, base_url) in [
        ("own", "https://kalender.example.no"),
        ("own", ""),
        ("any", "https://kalender.example.no"),
    ] {
        checked(&program, &settings(name, base_url));
    }
    refused_file(
        &program,
        &settings("any", "https://example.no"),
        &["any.pem", "example.no"],
    );
    // Feeds would link to http, which is not served.
    let told = checked(&program, &settings("own", "http://kalender.example.no")).out;
    assert!(told.contains("warning: base_url"), "{told}");
}

#[test]
fn the_check_tells_whose_the_certificate_is_and_until_when_and_warns_of_one_that_ends_soon() {
    let program = Program::new();
    // Valid for two days, as all certificates in the tests.
    certificate(&program.path(""), "own");
    let content = settings("own", "https://kalender.example.no");
    let told = checked(&program, &content).out;
    let line = told
        .lines()
        .find(|line| line.trim_start().starts_with("tls"));
    let line = line.unwrap_or_else(|| panic!("{told}"));
    assert!(
        line.contains("CN=kalender.example.no") && line.contains("until 20"),
        "{line}"
    );
    assert!(told.contains("warning: tls.certs"), "{told}");
    let report = program
        .run(&["--json", "serve", "--check", "--config", "right.toml"])
        .ok()
        .json();
    assert_eq!(report["certificate"]["subject"], "CN=kalender.example.no");
    let until = report["certificate"]["until"].as_str().unwrap();
    assert!(
        chrono::DateTime::parse_from_rfc3339(until).is_ok(),
        "{until}"
    );
}
