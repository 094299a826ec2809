//! Requests and connections over HTTP/1.1 and HTTP/2.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use reqwest::blocking::Client;

use crate::support::program::Serving;
use crate::support::{Program, certificate, memory_of};

/// Timeout of a response, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// Number of streams that the attacker opens on one connection.
const STREAMS: u32 = 20_000;
/// Maximum memory per connection, in kilobytes.
const COST: usize = 40_000;

/// Returns the preface and requests of an HTTP/2 client (RFC 9113) that accepts no response: its windows are 0.
fn streams(count: u32) -> Vec<u8> {
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    // SETTINGS, with SETTINGS_INITIAL_WINDOW_SIZE = 0.
    bytes.extend([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0]);
    // :method GET, :scheme http, :path /, :authority x (RFC 7541).
    let fields = [0x82, 0x86, 0x84, 0x41, 1, b'x'];
    for stream in 0..count {
        // HEADERS with END_STREAM and END_HEADERS.
        bytes.extend([0, 0, fields.len() as u8, 1, 5]);
        bytes.extend((2 * stream + 1).to_be_bytes());
        bytes.extend(fields);
    }
    bytes
}

/// Sends bytes and returns the response until the server closes.
fn exchange(host: &str, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    // The server may close the connection early, which is a response too.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

/// Requests a path exactly as written, which HTTP clients would normalize.
fn get(serving: &Serving, path: &str, headers: &str) -> (u16, String) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n");
    let answer = exchange(serving.host(), request.as_bytes());
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|part| part.parse().ok());
    (status.unwrap_or(0), answer)
}

#[test]
fn thousands_of_http_2_streams_on_the_plain_port_cost_no_memory() {
    let program = Program::new();
    let serving = program.serve(&[]);
    serving.get("/");
    let before = memory_of(serving.pid());
    let answer = exchange(serving.host(), &streams(STREAMS));
    let after = memory_of(serving.pid());
    assert!(
        after < before + COST,
        "{before} kB became {after} kB, {} bytes came back",
        answer.len()
    );
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 400"));
    serving.get("/feeds/all.ics");
}

#[test]
fn an_upgrade_to_http_2_is_not_taken_up() {
    let serving = Program::new().serve(&[]);
    let upgrade = "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade, HTTP2-Settings\r\n";
    let (status, answer) = get(&serving, "/about", upgrade);
    assert_eq!(status, 200, "{answer}");
}

#[test]
fn http_2_over_tls_is_refused_in_the_handshake_and_costs_no_memory() {
    let program = Program::new();
    certificate(&program.path(""), "server");
    let settings = "[default.tls]\ncerts = \"server.pem\"\nkey = \"server.key\"\n";
    program.write("tls.toml", settings);
    let serving = program.serve(&["--config", "tls.toml"]);
    let pem = std::fs::read(program.path("server.pem")).unwrap();
    let trusting = || {
        let root = reqwest::Certificate::from_pem(&pem).unwrap();
        Client::builder()
            .add_root_certificate(root)
            .timeout(PATIENCE)
    };
    let client = trusting().build().unwrap();
    let page = client.get(&serving.address).send().unwrap();
    assert_eq!(page.version(), reqwest::Version::HTTP_11);
    let before = memory_of(serving.pid());
    // Offers only h2 and starts with its preface.
    let only_2 = trusting().http2_prior_knowledge().build().unwrap();
    for _ in 0..20 {
        only_2.get(&serving.address).send().unwrap_err();
    }
    assert!(memory_of(serving.pid()) < before + COST);
    assert!(client.get(&serving.address).send().is_ok());
}

#[test]
fn operators_addresses_answer_at_their_exact_path_only() {
    let serving = Program::new().serve(&[]);
    for path in ["/metrics", "/health/live", "/health/ready"] {
        assert_eq!(get(&serving, path, "").0, 200, "{path}");
        let (first, rest) = path[1..].split_at(1);
        for variant in [
            format!("{path}/"),
            format!("{path}//"),
            format!("/{path}"),
            format!("//{path}/"),
            format!("/%{:02x}{rest}", first.as_bytes()[0]),
            format!("/.{path}"),
            format!("/x/..{path}"),
            format!("/en{path}"),
            format!("{path}%2f"),
            path.to_uppercase(),
            path.replace("health/", "health//"),
            path.replace("health/", "health%2f"),
        ] {
            if variant == path {
                continue;
            }
            let (status, answer) = get(&serving, &variant, "");
            assert!([400, 404].contains(&status), "{variant}: {answer}");
            assert!(!answer.contains("calendar_"), "{variant}");
        }
    }
}

#[test]
fn metrics_are_given_to_this_machine_alone_and_not_through_a_proxy() {
    let serving = Program::new().serve(&[]);
    assert!(get(&serving, "/metrics", "").1.contains("calendar_commits"));
    for header in [
        "X-Real-IP: 203.0.113.7\r\n",
        "X-Real-IP: 127.0.0.1\r\n",
        "X-Forwarded-For: 127.0.0.1\r\n",
        "Forwarded: for=127.0.0.1\r\n",
        "Via: 1.1 proxy\r\n",
    ] {
        let (status, answer) = get(&serving, "/metrics", header);
        assert_eq!(status, 401, "{header}");
        assert!(!answer.contains("calendar_"), "{answer}");
        assert!(answer.contains("CALENDAR_METRICS_TOKEN"), "{answer}");
        // Probes pass through proxies, and reveal only whether the server accepts requests.
        let (status, answer) = get(&serving, "/health/ready", header);
        assert_eq!(status, 200);
        assert!(!answer.contains("events"), "{answer}");
    }
}

#[test]
fn with_a_token_metrics_are_given_to_clients_that_show_it() {
    let token = "0123456789abcdef0123456789abcdef";
    let with = |token: &str| [("CALENDAR_METRICS_TOKEN", token.to_owned())];
    let program = Program::new().with_environment(with(token));
    let serving = program.serve(&[]);
    let ask = |value: &str| {
        let header = format!("Authorization: {value}\r\nX-Real-IP: 203.0.113.7\r\n");
        get(&serving, "/metrics", &header)
    };
    for wrong in [
        "Bearer",
        "Bearer ",
        "Bearer 0123456789abcdef",
        "Basic dXNlcjpwYXNz",
        token,
    ] {
        let (status, answer) = ask(wrong);
        assert_eq!(status, 401, "{wrong}");
        let answer = answer.to_lowercase();
        assert!(answer.contains("www-authenticate: bearer"), "{answer}");
        assert!(!answer.contains("calendar_commits"), "{answer}");
    }
    assert_eq!(get(&serving, "/metrics", "").0, 401);
    for right in [format!("Bearer {token}"), format!("bearer {token}")] {
        let (status, answer) = ask(&right);
        assert_eq!(status, 200, "{answer}");
        assert!(answer.contains("calendar_commits"), "{answer}");
    }
    let short = Program::new().with_environment(with("too short"));
    for command in [&["serve", "--check"][..], &["serve", "--port", "0"]] {
        let ended = short.run(command).with_code(3);
        assert!(
            ended.err.contains("CALENDAR_METRICS_TOKEN"),
            "{}",
            ended.err
        );
        assert!(!ended.err.contains("too short"), "{}", ended.err);
    }
}

#[test]
fn no_path_makes_a_page_link_to_another_host() {
    let serving = Program::new().serve(&[]);
    let html = "Accept: text/html\r\n";
    for path in [
        "/en//evil.example",
        "/en//evil.example/",
        "/en///evil.example",
        "//evil.example",
        "//evil.example/en",
        "/en/\\evil.example",
        "/en/%2Fevil.example",
        "/en/%5Cevil.example",
        "/en/.//evil.example",
        "/en//evil.example?q=1",
    ] {
        let (status, answer) = get(&serving, path, html);
        assert!([400, 404].contains(&status), "{path}: {status}");
        for wrong in [
            "\"//",
            "\"/\\",
            "https://evil",
            "http://evil",
            "example.no//",
        ] {
            assert!(!answer.contains(wrong), "{path}: {answer}");
        }
        assert!(!answer.to_lowercase().contains("location:"), "{path}");
    }
}
