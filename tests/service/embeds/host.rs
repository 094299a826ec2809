//! A site of somebody else: pages on another port, with policies and style sheets of their own.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A file of the site.
#[derive(Debug, Clone)]
struct File {
    media_type: &'static str,
    policy: Option<String>,
    content: String,
}

/// The site.
pub struct HostSite {
    port: u16,
    files: Arc<Mutex<HashMap<String, File>>>,
}

impl HostSite {
    /// Starts it on a free port. It ends with the process.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let files: Arc<Mutex<HashMap<String, File>>> = Arc::default();
        let known = Arc::clone(&files);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let known = Arc::clone(&known);
                std::thread::spawn(move || answer(stream, &known));
            }
        });
        Self { port, files }
    }

    /// Returns the full address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn add(&self, path: &str, media_type: &'static str, policy: Option<&str>, content: &str) {
        let file = File {
            media_type,
            policy: policy.map(str::to_owned),
            content: content.to_owned(),
        };
        self.files.lock().unwrap().insert(path.to_owned(), file);
    }

    /// Adds a style sheet or script.
    pub fn add_file(&self, path: &str, media_type: &'static str, content: &str) {
        self.add(path, media_type, None, content);
    }

    /// Adds a page with a content security policy and a style sheet. Returns its address.
    pub fn add_page(&self, path: &str, policy: &str, style: &str, body: &str) -> String {
        let sheet = format!("{path}.css");
        self.add(&sheet, "text/css", None, style);
        let page = format!(
            "<!doctype html><html lang=\"nb\"><head><meta charset=\"utf-8\"><title>En side</title>\
             <meta name=\"viewport\" content=\"width=device-width\">\
             <link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"{sheet}\"></head>\
             <body><main><h1>Det skjer hos oss</h1>{body}</main></body></html>"
        );
        self.add(path, "text/html; charset=utf-8", Some(policy), &page);
        self.url(path)
    }
}

fn answer(mut stream: TcpStream, files: &Mutex<HashMap<String, File>>) {
    let mut lines = BufReader::new(stream.try_clone().expect("a socket")).lines();
    let Some(Ok(first)) = lines.next() else {
        return;
    };
    while lines
        .next()
        .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
    {}
    let path = first.split(' ').nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let found = files.lock().unwrap().get(path).cloned();
    let response = match found {
        Some(file) => {
            let policy = file
                .policy
                .map(|policy| format!("Content-Security-Policy: {policy}\r\n"));
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n{}",
                file.media_type,
                file.content.len(),
                policy.unwrap_or_default(),
                file.content
            )
        }
        None => {
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()
        }
    };
    // The browser may have left.
    let _ = stream.write_all(response.as_bytes());
}
