//! A simulated server that records requests and answers as configured.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver as Inbox, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

/// Timeout of tests.
const PATIENCE: Duration = Duration::from_secs(20);

/// A received request.
#[derive(Debug, Clone)]
pub struct Sent {
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Header fields, with names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Sent {
    /// Returns the body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |header| header)
    }
}

/// A response: status, further header fields, body.
pub type Answer = (u16, Vec<(&'static str, String)>, String);

/// Returns a response without a body.
pub fn status(status: u16) -> Answer {
    (status, Vec::new(), String::new())
}

type Behaviour = Arc<dyn Fn(&Sent) -> Answer + Send + Sync>;

/// The server. It listens until the test ends.
pub struct Receiver {
    address: SocketAddr,
    inbox: Mutex<Inbox<Sent>>,
    behaviour: Arc<Mutex<Behaviour>>,
}

impl Receiver {
    /// Starts a server that accepts everything.
    pub fn start() -> Self {
        Self::answering(|_| status(204))
    }

    /// Starts a server with a behavior. Requests are recorded before the response.
    pub fn answering(behaviour: impl Fn(&Sent) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, inbox) = channel();
        let behaviour: Arc<Mutex<Behaviour>> = Arc::new(Mutex::new(Arc::new(behaviour)));
        let shared = Arc::clone(&behaviour);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (tell, behaviour) = (tell.clone(), Arc::clone(&shared));
                std::thread::spawn(move || answer(stream, &tell, &behaviour));
            }
        });
        Self {
            address,
            inbox: Mutex::new(inbox),
            behaviour,
        }
    }

    /// Changes the behavior.
    pub fn answer(&self, behaviour: impl Fn(&Sent) -> Answer + Send + Sync + 'static) {
        *self.behaviour.lock().unwrap() = Arc::new(behaviour);
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Returns the next request. Panics on timeout.
    #[track_caller]
    pub fn next(&self) -> Sent {
        let inbox = self.inbox.lock().unwrap();
        inbox.recv_timeout(PATIENCE).expect("nothing came")
    }

    /// Returns the next request that matches, and skips others.
    #[track_caller]
    pub fn next_where(&self, wanted: impl Fn(&Sent) -> bool) -> Sent {
        loop {
            let sent = self.next();
            if wanted(&sent) {
                return sent;
            }
        }
    }

    /// Returns the unread requests.
    pub fn rest(&self) -> Vec<Sent> {
        self.inbox.lock().unwrap().try_iter().collect()
    }
}

fn answer(stream: TcpStream, tell: &Sender<Sent>, behaviour: &Mutex<Behaviour>) {
    let Some(sent) = read(&stream) else { return };
    // Read before the test sees the request and may change the behavior for the next one.
    let behaviour = Arc::clone(&behaviour.lock().unwrap());
    let _ = tell.send(sent.clone());
    let (status, headers, body) = behaviour(&sent);
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let length = body.len();
    let _ = write!(
        &stream,
        "HTTP/1.1 {status} x\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
}

fn read(stream: &TcpStream) -> Option<Sent> {
    let mut input = BufReader::new(stream);
    let mut line = String::new();
    input.read_line(&mut line).ok()?;
    let mut words = line.split_ascii_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        input.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers
        .get("content-length")
        .and_then(|header| header.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    input.read_exact(&mut body).ok()?;
    Some(Sent {
        method,
        path,
        headers,
        body: String::from_utf8(body).ok()?,
    })
}
