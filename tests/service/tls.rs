//! TLS in the program itself.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use reqwest::Version;
use reqwest::blocking::Client;

use crate::support::program::Serving;
use crate::support::{CalendarFile, Program, certificate};

/// Timeout of other clients, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// Returns a program with a certificate for 127.0.0.1, configured in its settings.
fn program() -> Program {
    let program = Program::new();
    certificate(&program.path(""), "server");
    settings(&program, "server.pem", "server.key");
    program
}

fn settings(program: &Program, certs: &str, key: &str) {
    let text = format!("[default.tls]\ncerts = \"{certs}\"\nkey = \"{key}\"\n");
    program.write("tls.toml", text);
}

fn client(program: &Program) -> Client {
    let pem = std::fs::read(program.path("server.pem")).unwrap();
    Client::builder()
        .add_root_certificate(reqwest::Certificate::from_pem(&pem).unwrap())
        .timeout(PATIENCE)
        .build()
        .unwrap()
}

fn serve(program: &Program) -> Serving {
    let serving = program.serve(&["--config", "tls.toml"]);
    assert!(
        serving.address.starts_with("https://127.0.0.1:"),
        "{}",
        serving.address
    );
    serving
}

#[test]
fn pages_and_feeds_come_over_tls_with_https_addresses() {
    let program = program();
    let serving = serve(&program);
    let client = client(&program);
    let page = client.get(&serving.address).send().unwrap();
    assert_eq!(
        (page.status().as_u16(), page.version()),
        (200, Version::HTTP_11)
    );
    let feed_address = format!("{}/feeds/all.ics", serving.address);
    let page = client.get(format!("{}/subscribe", serving.address));
    let page = page.send().unwrap().text().unwrap();
    assert!(page.contains(&feed_address), "{page}");
    let feed = client.get(&feed_address).send().unwrap();
    assert_eq!(
        (feed.status().as_u16(), feed.version()),
        (200, Version::HTTP_11)
    );
    let tag = feed.headers()["ETag"].clone();
    assert_eq!(
        feed.headers()["Strict-Transport-Security"],
        "max-age=31536000"
    );
    let feed = feed.text().unwrap();
    let event = &CalendarFile::parse(&feed).events[0];
    assert!(
        event.value("URL").starts_with(&serving.address),
        "{}",
        event.value("URL")
    );
    let again = client.get(&feed_address).header("If-None-Match", tag);
    assert_eq!(again.send().unwrap().status().as_u16(), 304);
    let (status, said) = serving.stop();
    assert!(status.success());
    for line in said.lines().filter(|line| line.contains("://")) {
        assert!(line.contains("https://"), "{line}");
    }
    assert!(said.contains("https://"), "{said}");
}

#[test]
fn a_client_that_does_not_trust_the_certificate_gets_nothing() {
    let serving = serve(&program());
    let stranger = Client::builder().timeout(PATIENCE).build().unwrap();
    let refused = stranger.get(&serving.address).send().unwrap_err();
    assert!(refused.is_connect(), "{refused:?}");
}

#[test]
fn others_are_served_beside_clients_that_never_begin_or_end_the_handshake() {
    let program = program();
    let serving = serve(&program);
    let host = serving.address.trim_start_matches("https://").to_owned();
    let begun: [&[u8]; 4] = [
        b"",
        b"GET /feeds/all.ics HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        &[0xff; 4_000],
    ];
    let mut held = Vec::new();
    for bytes in begun {
        for _ in 0..75 {
            let mut stream = TcpStream::connect(&host).unwrap();
            stream.write_all(bytes).unwrap();
            held.push(stream);
        }
        let feed = client(&program).get(format!("{}/feeds/all.ics", serving.address));
        assert_eq!(feed.send().unwrap().status().as_u16(), 200);
    }
    // A plain HTTP client on this port gets no content.
    let plain = &mut held[75];
    plain.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!String::from_utf8_lossy(&answer).contains("VCALENDAR"));
}

#[test]
fn the_check_tells_what_is_wrong_with_certificate_and_key_and_so_does_the_start() {
    let program = program();
    certificate(&program.path(""), "other");
    program.write("empty.pem", "");
    program.write("cut.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n");
    let der = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
    program.write("nonsense.pem", der);
    let told = program
        .run(&["serve", "--check", "--config", "tls.toml"])
        .ok();
    assert!(told.out.contains("https://127.0.0.1:8000"), "{}", told.out);
    let report = program
        .run(&["--json", "serve", "--check", "--config", "tls.toml"])
        .ok();
    assert_eq!(report.json()["tls"], true);
    for (certs, key, words) in [
        ("nowhere.pem", "server.key", ["tls.certs", "nowhere.pem"]),
        ("server.pem", "nowhere.key", ["tls.key", "nowhere.key"]),
        ("empty.pem", "server.key", ["no certificate", "empty.pem"]),
        ("server.key", "server.key", ["no certificate", "server.key"]),
        ("server.pem", "server.pem", ["no private key", "server.pem"]),
        ("cut.pem", "server.key", ["not a PEM", "cut.pem"]),
        ("nonsense.pem", "server.key", ["cannot use", "nonsense.pem"]),
        ("other.pem", "server.key", ["cannot use", "other.pem"]),
    ] {
        settings(&program, certs, key);
        for command in [&["serve", "--check"][..], &["serve", "--port", "0"]] {
            let ended = program.run(&[command, &["--config", "tls.toml"]].concat());
            assert_eq!(ended.code, 3, "{certs} {key}: {}", ended.out);
            for word in words {
                assert!(ended.err.contains(word), "{word}: {}", ended.err);
            }
        }
    }
    assert!(!program.path("store").exists(), "nothing was opened before");
}
