//! A simulated partner on a local port.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use calendar_connectors::connector::FetchContext;
use calendar_domain::{Connection, Validators};
use elverum_calendar::http::Fetcher;
use elverum_calendar::http::credential::Credential;
use elverum_calendar::ingest::fetch::{self, FetchAllError, FetchOutcome};
use url::Url;

use super::{asking, connector, url};

/// A request to the partner.
#[derive(Debug, Clone)]
pub struct Request {
    /// The partner's origin: `http://127.0.0.1:PORT`.
    pub base: String,
    /// The path.
    pub path: String,
    /// The query parameters.
    pub query: BTreeMap<String, String>,
    /// The header fields, with names in lower case.
    pub fields: BTreeMap<String, String>,
}

impl Request {
    /// Returns the requested page number, or `first` if there is none.
    pub fn page(&self, name: &str, first: usize) -> usize {
        let page = self.query.get(name);
        page.map_or(first, |page| page.parse().expect("a page has a number"))
    }
}

/// A response of the partner.
pub struct Reply {
    status: u16,
    fields: Vec<(String, String)>,
    body: Vec<u8>,
    cut: bool,
}

impl Reply {
    /// Returns a body with a media type.
    pub fn of(media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            fields: vec![("Content-Type".to_owned(), media_type.to_owned())],
            body: body.into(),
            cut: false,
        }
    }

    /// Returns a JSON body.
    pub fn json(body: &serde_json::Value) -> Self {
        Self::of("application/json; charset=utf-8", body.to_string())
    }

    /// Returns a status with a short body.
    pub fn status(status: u16) -> Self {
        let body = format!("<!doctype html><title>{status}</title>");
        Self {
            status,
            ..Self::of("text/html", body)
        }
    }

    /// Adds a header field.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds an ETag, and becomes 304 if the request has it.
    pub fn known_by(self, request: &Request, tag: &str) -> Self {
        let tag = format!("\"{tag}\"");
        if request.fields.get("if-none-match") == Some(&tag) {
            return Self {
                body: Vec::new(),
                ..Self::status(304)
            }
            .with("ETag", &tag);
        }
        self.with("ETag", &tag)
    }

    /// Truncates the body.
    pub fn broken_off(self) -> Self {
        Self { cut: true, ..self }
    }

    fn send(&self, to: &mut TcpStream) -> std::io::Result<()> {
        write!(to, "HTTP/1.1 {} Said\r\nConnection: close\r\n", self.status)?;
        for (name, value) in &self.fields {
            write!(to, "{name}: {value}\r\n")?;
        }
        write!(to, "Content-Length: {}\r\n\r\n", self.body.len())?;
        let until = if self.cut {
            self.body.len() / 2
        } else {
            self.body.len()
        };
        to.write_all(&self.body[..until])?;
        to.flush()
    }
}

/// A simulated partner on a local port, which answers requests one at a time until it is dropped.
pub struct Partner {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Request>>>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Partner {
    /// Starts a partner that answers with `answer`. Connections are queued from the start.
    pub fn answering(answer: impl Fn(&Request) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
        let address = listener.local_addr().expect("it has an address");
        let asked: Arc<Mutex<Vec<Request>>> = Arc::default();
        let over: Arc<AtomicBool> = Arc::default();
        let (notes, ends) = (Arc::clone(&asked), Arc::clone(&over));
        let thread = std::thread::spawn(move || {
            for connection in listener.incoming() {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(mut connection) = connection else {
                    continue;
                };
                let Some(request) = request(&mut connection, address) else {
                    continue;
                };
                let reply = answer(&request);
                notes.lock().expect("nobody panicked").push(request);
                // A client that disconnects early needs no response.
                reply.send(&mut connection).unwrap_or_default();
            }
        });
        Self {
            address,
            asked,
            over,
            thread: Some(thread),
        }
    }

    /// Returns a URL of the partner.
    pub fn url(&self, path: &str) -> Url {
        url(&format!("http://{}{path}", self.address))
    }

    /// Returns the requests so far.
    pub fn asked(&self) -> Vec<Request> {
        self.asked.lock().expect("nobody panicked").clone()
    }

    /// Fetches everything below a path.
    pub fn ask(&self, id: &str, path: &str) -> Result<FetchOutcome, FetchAllError> {
        let address = self.url(path);
        self.ask_as(id, &asking(&address), None, &BTreeMap::new())
    }

    /// Does the same with a credential, validators and a cursor.
    pub fn ask_as(
        &self,
        id: &str,
        asking: &FetchContext<'_>,
        secret: Option<&str>,
        known: &BTreeMap<String, Validators>,
    ) -> Result<FetchOutcome, FetchAllError> {
        let connector = connector(id);
        let name = id.parse().expect("a connector's name");
        let mut connection = Connection::new(name, Some(asking.url.clone()));
        connection.secret = secret.map(|_| "PARTNER_SECRET".parse().expect("a variable"));
        let credential = Credential::from_connection(&connection, connector.secret(), |_| {
            secret.map(str::to_owned)
        });
        let credential = credential.expect("the secret can be sent");
        let allowed = self.address.to_string().parse().expect("host and port");
        let fetcher = Fetcher::new(vec![allowed], 10 << 20, None);
        let asked = fetch::ask(&fetcher, connector, credential.as_ref(), asking, known);
        let runtime = rocket::tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime starts").block_on(asked)
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // The thread waits for a connection; this is the last one.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(
                ended.is_ok() || std::thread::panicking(),
                "the partner did not panic"
            );
        }
    }
}

/// Reads the head of a request. Its methods have no body.
fn request(from: &mut TcpStream, address: SocketAddr) -> Option<Request> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if from.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let target = lines.next()?.split(' ').nth(1)?;
    let base = format!("http://{address}");
    let url = Url::parse(&format!("{base}{target}")).ok()?;
    let fields = lines.filter_map(|line| line.split_once(':'));
    let fields = fields.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()));
    Some(Request {
        base,
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        fields: fields.collect(),
    })
}
