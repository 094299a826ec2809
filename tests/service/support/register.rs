//! Enhetsregisteret, as its interface answers: entries, units, deleted and unknown numbers.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// An entry, a deleted one, one that is bankrupt, one removed for legal reasons, and a unit of an entity.
pub const KNOWN: &str = "952857991";
pub const DELETED: &str = "974760673";
pub const BANKRUPT: &str = "910298062";
pub const REMOVED: &str = "971526920";
pub const UNIT: &str = "983971636";
/// A number that it does not have.
pub const UNKNOWN: &str = "918654062";
/// A number for which it does not answer.
pub const SILENT: &str = "937884117";

/// The register.
pub struct BusinessRegister {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl BusinessRegister {
    /// Starts it on a free port. It ends with the process.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let noted = Arc::clone(&noted);
                std::thread::spawn(move || answer(stream, &noted));
            }
        });
        Self { port, asked }
    }

    /// Returns the address of its interface.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/enhetsregisteret/api", self.port)
    }

    /// Returns the paths of the requests so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(mut stream: TcpStream, noted: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().expect("a socket")).lines();
    let Some(Ok(first)) = lines.next() else {
        return;
    };
    while lines
        .next()
        .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
    {}
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    noted.lock().unwrap().push(path.clone());
    let (kind, number) = path
        .strip_prefix("/enhetsregisteret/api/")
        .and_then(|path| path.split_once('/'))
        .unwrap_or_default();
    if number == SILENT {
        std::thread::sleep(std::time::Duration::from_secs(20));
        return;
    }
    let entry = |name: &str, more: &str| {
        let body = format!(
            r#"{{"organisasjonsnummer":"{number}","navn":"{name}","organisasjonsform":{{"kode":"ORGL"}}{more}}}"#
        );
        ("200 OK", body)
    };
    let error = |status: &'static str| (status, format!(r#"{{"status":"{status}"}}"#));
    let (status, body) = match (kind, number) {
        ("enheter", KNOWN) => entry("ELVERUM KOMMUNE", r#","konkurs":false"#),
        ("enheter", DELETED) => entry("NEDLAGT LAG", r#","slettedato":"2020-01-31""#),
        ("enheter", BANKRUPT) => entry("KONKURS AS", r#","konkurs":true"#),
        ("underenheter", UNIT) => entry("AVDELING NORD", ""),
        ("enheter", REMOVED) => error("410 Gone"),
        _ => error("404 Not Found"),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
}
