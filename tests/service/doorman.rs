//! Connection limits: idle and slow connections are closed, and the least useful ones under overload, while
//! clients that are merely slow are served.

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::net::{AddressFamily, SocketType, bind, connect, socket, sockopt};

use crate::importing::CONCERT;
use crate::support::importer::calendar_of;
use crate::support::program::Serving;
use crate::support::{Program, certificate};

/// Timeout on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Interval between bytes of a slow client.
const PACE: Duration = Duration::from_millis(50);

/// Returns a program with limits given in TOML; other limits are off.
fn program(limits: &str) -> Program {
    let program = Program::new();
    settings(&program, limits, "");
    program
}

fn settings(program: &Program, limits: &str, beside: &str) {
    let unbounded = ["connections", "idle_seconds", "slow_seconds"]
        .into_iter()
        .filter(|name| !limits.lines().any(|line| line.starts_with(name)))
        .map(|name| format!("{name} = 0\n"));
    let unbounded: String = unbounded.collect();
    let text = format!("[default.calendar.limits]\n{limits}\n{unbounded}{beside}");
    program.write("limits.toml", text);
}

fn serve(program: &Program) -> Serving {
    program.serve(&["--config", "limits.toml"])
}

fn visit(serving: &Serving) -> TcpStream {
    ready(TcpStream::connect(serving.host()).unwrap())
}

fn ready(stream: TcpStream) -> TcpStream {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Connects from one of the loopback addresses, with a small receive buffer.
fn visit_from(serving: &Serving, from: [u8; 4]) -> TcpStream {
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    sockopt::set_socket_recv_buffer_size(&socket, 16 << 10).unwrap();
    bind(&socket, &SocketAddr::new(IpAddr::from(from), 0)).unwrap();
    let to: SocketAddr = serving.host().parse().unwrap();
    connect(&socket, &to).unwrap();
    ready(TcpStream::from(socket))
}

const LIVE: &[u8] = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

/// Sends a request over a kept connection. Returns true if there is a response.
fn is_answered(stream: &mut TcpStream) -> bool {
    let mut answer = Vec::new();
    let mut part = [0; 4_096];
    let mut going = stream.write_all(LIVE).is_ok();
    // The body is a JSON object, and a head has no brace.
    while going && !answer.ends_with(b"}") {
        let length = stream.read(&mut part).unwrap_or(0);
        answer.extend(&part[..length]);
        going = length > 0;
    }
    going && answer.starts_with(b"HTTP/1.1 200")
}

/// Opens a number of idle connections beside an active one.
#[track_caller]
fn crowd(serving: &Serving, regular: &mut TcpStream, count: u32) -> Vec<TcpStream> {
    let come = (0..count).map(|_| {
        let stream = visit(serving);
        assert!(is_answered(regular));
        stream
    });
    come.collect()
}

/// Returns true if the other end has closed the connection or does so within the interval.
fn is_closed(stream: &mut TcpStream) -> bool {
    stream.set_read_timeout(Some(PACE)).unwrap();
    let closed = match stream.read(&mut [0; 4_096]) {
        Ok(count) => count == 0,
        Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    };
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    closed
}

/// Returns the number of connections closed for a reason.
fn closed(serving: &Serving, reason: &str) -> u64 {
    closed_of(&String::from_utf8(serving.get("/metrics")).unwrap(), reason)
}

fn closed_of(figures: &str, reason: &str) -> u64 {
    let name = format!("calendar_connections_closed_total{{reason=\"{reason}\"}} ");
    let value = figures.lines().find_map(|line| line.strip_prefix(&name));
    value.map_or(0, |value| value.parse().unwrap())
}

#[track_caller]
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(
            began.elapsed() < PATIENCE,
            "{what}: not within {PATIENCE:?}"
        );
        std::thread::yield_now();
    }
}

#[test]
fn who_does_nothing_is_closed_after_the_time_and_not_before_and_who_comes_back_in_time_is_kept() {
    let program = program("idle_seconds = 3");
    let serving = serve(&program);
    let began = Instant::now();
    let (mut silent, mut satisfied, mut regular) =
        (visit(&serving), visit(&serving), visit(&serving));
    assert!(is_answered(&mut satisfied));
    let answered = Instant::now();
    for (stream, since) in [(&mut silent, began), (&mut satisfied, answered)] {
        stream.set_nonblocking(true).unwrap();
        until("it is closed", || {
            assert!(is_answered(&mut regular), "{:?}", began.elapsed());
            stream.read(&mut [0]).is_ok_and(|count| count == 0)
        });
        assert!(
            since.elapsed() > Duration::from_secs(2),
            "{:?}",
            since.elapsed()
        );
    }
    assert_eq!(closed(&serving, "idle"), 2);
    assert!(is_answered(&mut regular));
}

#[test]
fn a_request_that_drips_is_closed_and_an_upload_that_is_slow_gets_to_its_end() {
    let program = program("slow_seconds = 3\nslow_bytes_a_second = 200");
    program.run(&["seed"]).ok();
    program
        .run(&["partner", "add", "club", "--kind", "interface"])
        .ok();
    let said = program.run(&["partner", "key", "club"]).ok().out;
    let key = said.split_whitespace().next_back().unwrap();
    let serving = serve(&program);
    let mut head = visit(&serving);
    let mut body = visit(&serving);
    let mut upload = visit(&serving);
    let event = r#"{"title": {"nb": "Konsert"}, "start": "2027-04-10T19:00:00+02:00"}"#;
    let request = format!(
        "PUT /api/v1/partner/events/42 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n"
    );
    head.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        .unwrap();
    body.write_all(request.as_bytes()).unwrap();
    upload.write_all(request.as_bytes()).unwrap();
    // Leading blanks make the body long enough to be sent slowly.
    let event = " ".repeat(200_000 - event.len()) + event;
    let mut rest = event.as_bytes();
    let (mut ended, began) = ([false; 2], Instant::now());
    // The upload lasts longer than a dripping request is tolerated.
    while ended != [true; 2] || began.elapsed() < Duration::from_secs(9) {
        for (stream, ended) in [&mut head, &mut body].into_iter().zip(&mut ended) {
            *ended = *ended || stream.write_all(b" ").is_err() || is_closed(stream);
        }
        let now;
        (now, rest) = rest.split_at(500.min(rest.len() - 1));
        upload.write_all(now).unwrap();
        assert!(!is_closed(&mut upload), "after {:?}", began.elapsed());
        assert!(began.elapsed() < PATIENCE, "{ended:?}");
    }
    upload.write_all(rest).unwrap();
    let mut answer = [0; 4_096];
    let length = upload.read(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(closed(&serving, "slow_request"), 2);
}

#[test]
fn who_stops_reading_is_closed_and_who_reads_slowly_gets_to_the_end() {
    let program = program("slow_seconds = 3\nslow_bytes_a_second = 500");
    let serving = serve(&program);
    let feed = serving.get("/feeds/all.ics");
    let ask = "GET /feeds/all.ics HTTP/1.1\r\nHost: x\r\n";
    let mut deaf = visit_from(&serving, [127, 0, 0, 1]);
    let many = format!("{ask}\r\n").repeat(100);
    deaf.write_all(many.as_bytes()).unwrap();
    let mut slow = visit_from(&serving, [127, 0, 0, 1]);
    let again = format!("{ask}\r\n").repeat(4);
    let last = format!("{ask}Connection: close\r\n\r\n");
    slow.write_all([again, last].concat().as_bytes()).unwrap();
    let (mut got, began) = (Vec::new(), Instant::now());
    // Slow enough to take three times the idle limit.
    let reads = u32::try_from(5 * feed.len() / 8_192).unwrap();
    let pace = Duration::from_secs(9) / reads;
    loop {
        let mut part = vec![0; 8_192];
        let length = slow.read(&mut part).unwrap();
        if length == 0 {
            break;
        }
        got.extend(&part[..length]);
        // The client's own pace; nothing is waited for.
        std::thread::park_timeout(pace);
    }
    let got = String::from_utf8(got).unwrap();
    assert_eq!(got.matches(std::str::from_utf8(&feed).unwrap()).count(), 5);
    assert!(
        began.elapsed() > Duration::from_secs(4),
        "{:?}",
        began.elapsed()
    );
    until("the other is closed", || {
        closed(&serving, "slow_answer") == 1
    });
    let mut left = Vec::new();
    let _ = deaf.read_to_end(&mut left);
    assert!(left.len() < 100 * feed.len(), "it got everything");
}

#[test]
fn where_there_are_too_many_the_longest_idle_go_and_whoever_comes_is_served_at_once() {
    let program = program("connections = 30");
    let serving = serve(&program);
    let mut first: Vec<TcpStream> = (0..10).map(|_| visit(&serving)).collect();
    let mut regular = visit(&serving);
    for stream in &mut first {
        assert!(is_answered(stream));
    }
    let later = crowd(&serving, &mut regular, 60);
    until("the first are closed", || {
        assert!(is_answered(&mut regular));
        assert!(is_answered(&mut visit(&serving)), "a new visitor");
        closed(&serving, "crowded") >= 40
    });
    assert!(first.iter_mut().all(is_closed));
    until("there is room", || {
        let figures = String::from_utf8(serving.get("/metrics")).unwrap();
        let open = figures
            .lines()
            .find_map(|line| line.strip_prefix("calendar_connections "));
        open.unwrap().parse::<u32>().unwrap() <= 30
    });
    assert!(is_answered(&mut regular));
    drop((first, later, regular));
    serving.stop();
    let log = std::fs::read_to_string(program.path("log")).unwrap();
    assert_eq!(log.matches("too many connections").count(), 1, "{log}");
}

#[test]
fn one_address_does_not_crowd_out_another() {
    let program = program("connections = 30");
    let serving = serve(&program);
    let mut few: Vec<TcpStream> = (1..=5)
        .map(|number| visit_from(&serving, [127, 0, 1, number]))
        .collect();
    let mut many = Vec::new();
    until("there are too many", || {
        many.push(visit_from(&serving, [127, 0, 2, 1]));
        closed(&serving, "crowded") > 100
    });
    assert!(few.iter_mut().all(is_answered));
}

#[test]
fn so_many_connections_that_no_file_could_be_opened_keep_nobody_out() {
    let program = program("connections = 8192").with_open_files(150);
    let serving = serve(&program);
    let mut regular = visit(&serving);
    let crowd = crowd(&serving, &mut regular, 250);
    until("there is room", || {
        assert!(is_answered(&mut regular));
        assert!(is_answered(&mut visit(&serving)));
        closed(&serving, "crowded") >= 170
    });
    drop(crowd);
    program.run(&["export"]).ok();
}

#[test]
fn what_goes_out_and_commands_beside_the_server_may_take_their_time() {
    let calendar = calendar_of(&[CONCERT]);
    let partner = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = partner.local_addr().unwrap();
    let program = Program::new();
    let allowed = format!("[default.calendar.sync]\nallow_private = [\"{address}\"]\n");
    let limits = "connections = 16\nidle_seconds = 1\nslow_seconds = 1";
    settings(&program, limits, &allowed);
    let serving = serve(&program);
    let (asked, was_asked) = mpsc::channel();
    let (answer, may_answer) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut stream = partner.accept().unwrap().0;
            let length = stream.read(&mut [0; 4_096]).unwrap();
            asked.send(length).unwrap();
            may_answer.recv().unwrap();
            let length = calendar.len();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nContent-Length: {length}\r\n\
                 Connection: close\r\n\r\n{calendar}"
            )
            .unwrap();
        });
        let url = format!("http://{address}/all.ics");
        let program = &program;
        let command = scope.spawn(move || program.run(&["import", &url]));
        assert!(was_asked.recv_timeout(PATIENCE).unwrap() > 0);
        // Both are idle for longer than three connections that are closed for it in turn.
        for _ in 0..3 {
            let mut idle = visit(&serving);
            assert_eq!(idle.read(&mut [0]).unwrap(), 0);
        }
        answer.send(()).unwrap();
        command.join().unwrap().ok();
    });
    let kept = program.run(&["export", "--format", "ics"]).ok().out;
    assert!(kept.contains("konsert-1@band.example"));
}

#[test]
fn over_tls_it_is_the_same() {
    let program = Program::new();
    certificate(&program.path(""), "server");
    let tls = "[default.tls]\ncerts = \"server.pem\"\nkey = \"server.key\"\n";
    settings(&program, "idle_seconds = 2\nslow_seconds = 2", tls);
    let serving = serve(&program);
    let pem = std::fs::read(program.path("server.pem")).unwrap();
    let client = reqwest::blocking::Client::builder()
        .add_root_certificate(reqwest::Certificate::from_pem(&pem).unwrap())
        .timeout(PATIENCE)
        .build()
        .unwrap();
    // This request may be closed too, on a busy machine.
    let figures = || {
        let answer = client.get(format!("{}/metrics", serving.address)).send();
        answer.and_then(|answer| answer.text()).unwrap_or_default()
    };
    let closed = |reason: &str| closed_of(&figures(), reason);
    let host = serving.address.trim_start_matches("https://");
    let connect = || ready(TcpStream::connect(host).unwrap());
    let (mut silent, mut drips) = (connect(), connect());
    // The start of a handshake with 16,000 bytes to follow.
    drips
        .write_all(b"\x16\x03\x01\x3e\x80\x01\x00\x3e\x7c\x03\x03")
        .unwrap();
    until("the handshake that drips is ended", || {
        drips.write_all(b"\0").is_err() || is_closed(&mut drips)
    });
    assert_eq!(silent.read(&mut [0; 64]).unwrap(), 0);
    until("both are counted", || {
        closed("idle") > 0 && closed("slow_request") > 0
    });
    // The client's own connection idles while two others time out in turn. It is closed too, and the client
    // reconnects.
    for _ in 0..2 {
        assert_eq!(connect().read(&mut [0; 64]).unwrap(), 0);
    }
    until("its own is counted", || closed("idle") > 3);
}

#[test]
fn where_the_system_does_not_tell_of_connections_the_log_says_so_and_everyone_is_served() {
    let program = program("connections = 16\nidle_seconds = 1").without_netlink();
    let serving = serve(&program);
    let is_guarded = |serving: &Serving| {
        let figures = String::from_utf8(serving.get("/metrics")).unwrap();
        figures.contains("calendar_connections_guarded 1\n")
    };
    let mut visitors: Vec<TcpStream> = (0..40).map(|_| visit(&serving)).collect();
    let said = || std::fs::read_to_string(program.path("log")).unwrap();
    until("it is said", || {
        said().contains("idle and slow connections are not closed")
    });
    assert!(
        said().contains("Address family not supported"),
        "{}",
        said()
    );
    assert!(!is_guarded(&serving));
    assert!(visitors.iter_mut().all(is_answered));
    let free = self::program("connections = 16");
    let serving = serve(&free);
    until("it is, where nothing is refused", || is_guarded(&serving));
}

#[test]
fn limits_are_told_by_the_check_and_those_that_make_no_sense_are_refused() {
    let program = program("connections = 100\nidle_seconds = 20\nconnections_per_address = 10");
    let check = ["serve", "--check", "--config", "limits.toml"];
    let told = program.run(&check).ok().out;
    let wanted = "connections: at most 100, 10 of one address, idle for 20 s\n";
    assert!(told.contains(wanted), "{told}");
    let told = Program::new()
        .run(&["--json", "serve", "--check"])
        .ok()
        .json();
    let told = told["connections"].as_str().unwrap();
    let wanted = ", idle for 75 s, slower than 500 bytes a second for 60 s";
    assert!(
        told.starts_with("at most ") && told.ends_with(wanted),
        "{told}"
    );
    for (limits, word) in [
        ("connections = 5", "limits.connections = 5"),
        ("connections = -1", "limits.connections"),
        ("idle_seconds = 100000", "limits.idle_seconds"),
        ("slow_seconds = 86401", "limits.slow_seconds"),
        ("slow_bytes_a_second = 0", "limits.slow_bytes_a_second"),
        ("slow_byte_a_second = 7", "slow_byte_a_second"),
    ] {
        settings(&program, limits, "");
        let ended = program.run(&check).with_code(3);
        assert!(ended.err.contains(word), "{limits}: {}", ended.err);
    }
}
