//! Malicious and broken clients: all others are served meanwhile.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use crate::support::program::Serving;
use crate::support::{Program, memory_of};

/// Timeout of other clients, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);

/// A server, and its other clients.
struct Others {
    serving: Serving,
    client: reqwest::blocking::Client,
    feed: String,
}

impl Others {
    fn of(program: &Program) -> Self {
        let serving = program.serve(&[]);
        let client = reqwest::blocking::Client::builder()
            .timeout(PATIENCE)
            .build()
            .unwrap();
        let feed = client.get(format!("{}/feeds/all.ics", serving.address));
        let feed = feed.send().unwrap().text().unwrap();
        assert!(feed.starts_with("BEGIN:VCALENDAR"));
        Self {
            serving,
            client,
            feed,
        }
    }

    /// Asserts that a new and a kept connection are served.
    #[track_caller]
    fn are_served(&self) {
        let feed = self
            .client
            .get(format!("{}/feeds/all.ics", self.serving.address));
        assert_eq!(feed.send().unwrap().text().unwrap(), self.feed);
        let began = Instant::now();
        let answer =
            self.ask(b"GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(began.elapsed() < PATIENCE);
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.serving.host()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends bytes and reads the whole response.
    fn ask(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // The server may close the connection early, which is a response too.
        let _ = stream.write_all(bytes);
        Self::answer(stream)
    }

    /// Sends bytes, closes the sending side, and reads the response.
    fn ask_and_end(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(Shutdown::Write);
        Self::answer(stream)
    }

    fn answer(mut stream: TcpStream) -> String {
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Returns the memory of the server in kilobytes.
    fn memory(&self) -> usize {
        memory_of(self.serving.pid())
    }
}

/// Sends a request over a kept connection, and reads the response by its Content-Length.
fn asked_over(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        answer.push(byte[0]);
    }
    let head = String::from_utf8(answer.clone()).unwrap().to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    String::from_utf8([answer, body].concat()).unwrap()
}

/// Raises the limit of open files to the maximum.
fn raise_open_files() -> u64 {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
    limit.maximum.unwrap_or(u64::MAX)
}

#[test]
fn others_are_served_beside_clients_that_ask_byte_by_byte() {
    let others = Others::of(&Program::new());
    let request = b"GET /feeds/all.ics HTTP/1.1\r\nHost: x\r\nX-Slow: ";
    let mut slow: Vec<TcpStream> = (0..300).map(|_| others.connect()).collect();
    for byte in request.iter().chain(b"and so on and on") {
        for stream in &mut slow {
            // The server may close the connection early.
            let _ = stream.write_all(&[*byte]);
        }
        if *byte == b' ' {
            others.are_served();
        }
    }
    others.are_served();
}

#[test]
fn others_are_served_beside_clients_that_never_read_their_answers() {
    let others = Others::of(&Program::new());
    let mut deaf: Vec<TcpStream> = (0..100).map(|_| others.connect()).collect();
    for stream in &mut deaf {
        let request = b"GET /feeds/all.ics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(50);
        stream.write_all(&request).unwrap();
    }
    for _ in 0..5 {
        others.are_served();
    }
}

#[test]
fn others_are_served_beside_five_thousand_idle_connections() {
    let most = raise_open_files();
    let count = usize::try_from(most.saturating_sub(500))
        .unwrap()
        .min(5_000);
    if count < 5_000 {
        let mut out = std::io::stderr().lock();
        writeln!(
            out,
            "SKIPPED {} of 5000 idle connections: the system gives no more open files",
            5_000 - count
        )
        .unwrap();
    }
    let others = Others::of(&Program::new());
    let before = others.memory();
    let idle: Vec<TcpStream> = (0..count).map(|_| others.connect()).collect();
    others.are_served();
    let each = others.memory().saturating_sub(before) / count;
    assert!(each < 64, "an idle connection takes {each} KiB");
    drop(idle);
    others.are_served();
}

/// Without a limit on connections, or below it.
#[test]
fn beyond_the_limit_of_open_files_those_who_are_connected_are_served_and_others_once_there_is_room()
{
    let unbounded = "{limits={connections=0}}".to_owned();
    let program = Program::new()
        .with_open_files(150)
        .with_environment([("ROCKET_CALENDAR", unbounded)]);
    let others = Others::of(&program);
    // An existing connection: the pool of a client could open another at any time.
    let mut kept = others.connect();
    let mut ask = |request: &str| asked_over(&mut kept, request);
    let mut get = |path: &str| ask(&format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"));
    let commits = |figures: &str| -> u64 {
        let mut lines = figures.lines();
        let line = lines.find_map(|line| line.strip_prefix("calendar_commits_total "));
        line.unwrap().parse().unwrap()
    };
    let before = commits(&get("/metrics"));
    let idle: Vec<TcpStream> = (0..150).map(|_| others.connect()).collect();
    let began = Instant::now();
    while !get("/metrics").contains("calendar_open_files 150\n") {
        assert!(began.elapsed() < PATIENCE, "{}", get("/metrics"));
    }
    assert!(get("/metrics").contains("calendar_open_files_limit 150\n"));
    assert!(get("/feeds/all.ics").ends_with("END:VCALENDAR\r\n"));
    // Writes go to files that are already open.
    let long = "x".repeat(300);
    let answer = ask(&format!(
        "POST /subscribe?q={long}&category=music&category=sport HTTP/1.1\r\nHost: x\r\n\
         Content-Length: 0\r\n\r\n"
    ));
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let figures = asked_over(&mut kept, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(commits(&figures), before + 1);
    drop((idle, kept));
    others.are_served();
    program.run(&["export"]).ok();
    assert!(others.serving.stop().0.success());
    let checked = program.run(&["store", "check", "sled:store"]).ok().out;
    assert!(checked.contains("0 findings"), "{checked}");
}

#[test]
fn a_hundred_megabytes_that_nobody_asked_for_are_not_kept_and_others_are_served() {
    let others = Others::of(&Program::new());
    let before = others.memory();
    for target in ["/subscribe", "/feeds/all.ics", "/", "/nowhere"] {
        let head =
            format!("POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 104857600\r\n\r\n");
        let mut stream = others.connect();
        stream.write_all(head.as_bytes()).unwrap();
        let chunk = vec![b'x'; 1 << 20];
        // The server may stop reading at any time.
        let sent = (0..100)
            .take_while(|_| stream.write_all(&chunk).is_ok())
            .count();
        others.are_served();
        let mut answer = [0; 64];
        if let Ok(count) = stream.read(&mut answer) {
            let answer = String::from_utf8_lossy(&answer[..count]);
            assert!(
                !answer.starts_with("HTTP/1.1 5"),
                "{target} after {sent} MB: {answer}"
            );
        }
    }
    let grown = others.memory().saturating_sub(before);
    assert!(grown < 50 << 10, "it keeps {grown} KiB");
}

#[test]
fn too_many_and_too_large_headers_are_refused_and_others_are_served() {
    let others = Others::of(&Program::new());
    let many: String = (0..20_000).map(|n| format!("X-{n}: y\r\n")).collect();
    let large = format!("X-Large: {}\r\n", "y".repeat(4 << 20));
    let path = format!("/{}", "a".repeat(1 << 20));
    for (path, headers) in [("/", &many), ("/", &large), (&path, &String::new())] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        let answer = others.ask(request.as_bytes());
        let head = answer.lines().next().unwrap_or_default();
        assert!(!head.contains(" 200") && !head.contains(" 5"), "{head}");
        others.are_served();
    }
}

#[test]
fn tricks_with_paths_lead_nowhere() {
    let others = Others::of(&Program::new());
    for path in [
        "/../../../../etc/passwd",
        "/static/../../../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2fCargo.toml",
        "/static/..%5c..%5cCargo.toml",
        "/static//etc/passwd",
        "//etc/passwd",
        "/feeds/../static/../store/lock",
        "/feeds/%00.ics",
        "/events/%ff%fe.ics",
        "/events/..%2f..%2fstore.ics",
        "/feeds/category/%2e%2e.ics",
        "/%",
        "/?q=%",
        "/?q=%00&q=%00",
        "*",
        "http://169.254.169.254/latest/meta-data/",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = others.ask(request.as_bytes());
        let head = answer.lines().next().unwrap_or_default();
        assert!(head.starts_with("HTTP/1.1 "), "{path}: {head}");
        assert!(!head.contains(" 5"), "{path}: {head}");
        for inside in ["root:", "[dependencies]", "elverum-calendar: "] {
            assert!(!answer.contains(inside), "{path}: {answer}");
        }
    }
    others.are_served();
}

#[test]
fn what_is_no_http_gets_no_page_and_others_are_served() {
    let others = Others::of(&Program::new());
    let requests: [&[u8]; 12] = [
        b"",
        b"\r\n\r\n\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: minus one\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: \x00\x01\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n y\r\n\r\n",
        b"BREW /pot HTCPCP/1.0\r\n\r\n",
    ];
    for request in requests {
        let answer = others.ask_and_end(request);
        let head = answer.lines().next().unwrap_or_default();
        assert!(
            !head.contains(" 5"),
            "{:?}: {head}",
            String::from_utf8_lossy(request)
        );
    }
    let noise: Vec<u8> = (0..100_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    others.ask_and_end(&noise);
    others.are_served();
}
