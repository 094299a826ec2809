//! A small server of somebody else's: it notes what it is sent and answers as it is told.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver as Inbox, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

/// How long a test waits for what has to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Sent {
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Sent {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it)
    }
}

/// What a server answers: status, further header fields, body.
pub type Answer = (u16, Vec<(&'static str, String)>, String);

/// An answer without a body.
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
    /// One that takes everything.
    pub fn start() -> Self {
        Self::answering(|_| status(204))
    }

    /// One that answers as it is told. It notes what came before it answers.
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

    /// From now on it answers so.
    pub fn answer(&self, behaviour: impl Fn(&Sent) -> Answer + Send + Sync + 'static) {
        *self.behaviour.lock().unwrap() = Arc::new(behaviour);
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request, which has to come.
    #[track_caller]
    pub fn next(&self) -> Sent {
        let inbox = self.inbox.lock().unwrap();
        inbox.recv_timeout(PATIENCE).expect("nothing came")
    }

    /// The next request of which something is true; what comes before is passed over.
    #[track_caller]
    pub fn next_where(&self, wanted: impl Fn(&Sent) -> bool) -> Sent {
        loop {
            let sent = self.next();
            if wanted(&sent) {
                return sent;
            }
        }
    }

    /// What has come and was not looked at yet.
    pub fn rest(&self) -> Vec<Sent> {
        self.inbox.lock().unwrap().try_iter().collect()
    }
}

fn answer(stream: TcpStream, tell: &Sender<Sent>, behaviour: &Mutex<Behaviour>) {
    let Some(sent) = read(&stream) else { return };
    // Before the test knows of it, and may tell how the next one is to be answered.
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
    let length = headers.get("content-length").and_then(|it| it.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    input.read_exact(&mut body).ok()?;
    Some(Sent {
        method,
        path,
        headers,
        body: String::from_utf8(body).ok()?,
    })
}
