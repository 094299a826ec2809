//! Signals, systemd notifications and the log.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixDatagram;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::blocking::Client;
use serde_json::Value;

use crate::support::program::{Serving, own_data};
use crate::support::{Program, certificate};

/// Timeout on a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// Waits until a condition holds.
#[track_caller]
fn until(what: &str, mut is_true: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_true() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Returns a program that logs JSON.
fn logging() -> Program {
    let program = Program::new();
    program.write("log.toml", "[default.calendar]\nlog = \"json\"\n");
    program
}

/// Parses the lines of standard error, which must be objects without paths of the build machine.
#[track_caller]
fn lines(text: &str) -> Vec<Value> {
    for place in ["/root/", "/home/", ".cargo", "registry", "rustc/"] {
        assert!(!text.contains(place), "{place}: {text}");
    }
    let parse =
        |line: &str| serde_json::from_str(line).unwrap_or_else(|parsed| panic!("{parsed}: {line}"));
    let lines: Vec<Value> = text.lines().map(parse).collect();
    for line in &lines {
        let has = |name: &str| line[name].as_str().is_some_and(|line| !line.is_empty());
        let whole = has("timestamp") && has("level") && has("message");
        assert!(whole, "{line}");
    }
    lines
}

#[track_caller]
fn log(program: &Program) -> Vec<Value> {
    lines(&fs::read_to_string(program.path("log")).unwrap())
}

fn says(program: &Program, message: &str) -> bool {
    let log = fs::read_to_string(program.path("log")).unwrap();
    log.contains(&format!("\"message\":\"{message}\""))
}

/// A simulated service manager.
struct Manager(UnixDatagram);

impl Manager {
    fn of(program: Program) -> (Self, Program) {
        let path = program.path("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        let variables = [
            ("NOTIFY_SOCKET", path.display().to_string()),
            ("WATCHDOG_USEC", "400000".to_owned()),
        ];
        (Self(socket), program.with_environment(variables))
    }

    /// The same at a name of Linux's abstract namespace, which no file stands for.
    #[cfg(target_os = "linux")]
    fn abstract_of(program: Program) -> (Self, Program) {
        use std::os::linux::net::SocketAddrExt;
        use std::os::unix::net::SocketAddr;
        let name = format!("elverum-calendar-test/{}", program.path("notify").display());
        let address = SocketAddr::from_abstract_name(&name).unwrap();
        let socket = UnixDatagram::bind_addr(&address).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        let variables = [
            ("NOTIFY_SOCKET", format!("@{name}")),
            ("WATCHDOG_USEC", "400000".to_owned()),
        ];
        (Self(socket), program.with_environment(variables))
    }

    /// Returns the next message with a line that starts with `line`.
    #[track_caller]
    fn next(&self, line: &str) -> String {
        let mut bytes = [0; 4096];
        loop {
            let length = self.0.recv(&mut bytes).expect(line);
            let message = String::from_utf8_lossy(&bytes[..length]).into_owned();
            if message.lines().any(|other| other.starts_with(line)) {
                return message;
            }
        }
    }
}

#[test]
fn the_service_manager_hears_of_start_reload_health_and_stop() {
    let (manager, program) = Manager::of(logging());
    hears_of_all(&manager, &program);
}

#[cfg(target_os = "linux")]
#[test]
fn a_service_manager_at_an_abstract_socket_hears_the_same() {
    let (manager, program) = Manager::abstract_of(logging());
    hears_of_all(&manager, &program);
    assert!(!says(&program, "cannot notify the service manager"));
}

#[track_caller]
fn hears_of_all(manager: &Manager, program: &Program) {
    let serving = program.serve(&["--config", "log.toml"]);
    manager.next("READY=1");
    serving.get("/health/ready");
    for _ in 0..3 {
        manager.next("WATCHDOG=1");
    }
    serving.signal("HUP");
    let reloading = manager.next("RELOADING=1");
    assert!(reloading.contains("\nMONOTONIC_USEC="), "{reloading}");
    manager.next("READY=1");
    serving.get("/health/ready");
    serving.signal("TERM");
    manager.next("STOPPING=1");
    assert!(serving.ended().0.success());
}

#[test]
fn start_and_stop_are_logged_with_what_an_operator_needs() {
    for (signal, name) in [("TERM", "SIGTERM"), ("INT", "SIGINT")] {
        let program = logging();
        let serving = program.serve(&["--config", "log.toml"]);
        let address = serving.address.clone();
        serving.signal(signal);
        let (status, said) = serving.ended();
        assert!(status.success());
        assert!(said.contains("/feeds/all.ics"), "{said}");
        let log = log(&program);
        let started = log.iter().find(|log| log["message"] == "started").unwrap();
        assert_eq!(started["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(started["address"], address.as_str());
        assert_eq!(started["base_url"], format!("{address}/"));
        assert_eq!(started["store"], "sled:store");
        assert!(started["events"].as_u64().unwrap() > 0);
        let stopping = log.iter().find(|log| log["message"] == "stopping").unwrap();
        assert_eq!(stopping["reason"], name);
        assert_eq!(log.last().unwrap()["message"], "stopped");
    }
}

#[test]
fn what_clients_do_wrong_is_no_error_and_probes_are_no_news() {
    let program = logging();
    let serving = program.serve(&["--config", "log.toml"]);
    let client = Client::new();
    let at = |path: &str| format!("{}{path}", serving.address);
    let status =
        |builder: reqwest::blocking::RequestBuilder| builder.send().unwrap().status().as_u16();
    assert_eq!(status(client.get(at("/nowhere"))), 404);
    assert_eq!(status(client.head(at("/about"))), 200);
    assert_eq!(status(client.get(at("/?from=nothing"))), 400);
    assert_eq!(status(client.delete(at("/about"))), 405);
    let partner = || client.get(at("/api/v1/partner/events/x"));
    assert_eq!(status(partner()), 401);
    assert_eq!(status(partner().bearer_auth("ec_0_0")), 401);
    let mut broken = TcpStream::connect(serving.host()).unwrap();
    broken.write_all(b"nonsense\r\n\r\n").unwrap();
    let _ = broken.read_to_end(&mut Vec::new());
    for _ in 0..3 {
        for path in ["/health/live", "/health/ready", "/metrics"] {
            assert_eq!(status(client.get(at(path))), 200);
        }
    }
    assert!(serving.stop().0.success());
    let log = log(&program);
    // Earlier warnings are about the settings.
    for line in log.iter().skip_while(|log| log["message"] != "started") {
        let level = line["level"].as_str().unwrap();
        assert!(!["ERROR", "WARN"].contains(&level), "{line}");
        let path = line["path"].as_str().unwrap_or_default();
        assert!(!path.starts_with("/health"), "{line}");
        assert_ne!(path, "/metrics");
    }
    assert!(log.iter().any(|log| log["path"] == "/nowhere"));
}

#[test]
fn each_line_of_a_start_that_fails_is_an_object_too() {
    let program = logging();
    program.write("blocked", "no folder");
    let busy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = busy.local_addr().unwrap().port().to_string();
    program.write(
        "wrong.toml",
        "[default.calendar]\nlog = \"json\"\ntentative_years = 99\n",
    );
    let json = ["--config", "log.toml", "serve"];
    for (arguments, word) in [
        (["--store", "sled:blocked/store"].to_vec(), "blocked"),
        (["--store", "nonsense:x"].to_vec(), "nonsense"),
        (["--port", port.as_str()].to_vec(), "in use"),
        (["--config", "wrong.toml"].to_vec(), "tentative_years"),
    ] {
        let base: &[&str] = if arguments[0] == "--config" {
            &["serve"]
        } else {
            &json
        };
        let ended = program.run_bare(&[base, &arguments].concat()).with_code(3);
        let log = lines(&ended.err);
        let failed = log.last().unwrap();
        assert_eq!(failed["level"], "ERROR", "{failed}");
        assert!(ended.err.to_lowercase().contains(word), "{}", ended.err);
    }
}

#[test]
fn a_wrong_variable_or_profile_does_not_change_how_its_error_is_written() {
    for (variable, value, word) in [
        (
            "ROCKET_CALENDAR",
            "{base_url=\"https://x\"",
            "ROCKET_CALENDAR",
        ),
        ("ROCKET_PROFILE", "produktion", "produktion"),
    ] {
        let program = Program::new().with_environment([(variable, value.to_owned())]);
        program.write("log.toml", "[default.calendar]\nlog = \"json\"\n");
        let ended = program
            .run_bare(&["--config", "log.toml", "serve"])
            .with_code(3);
        let log = lines(&ended.err);
        let failed = log.last().unwrap().to_string();
        assert!(failed.contains(word), "{failed}");
    }
}

/// Returns a place's page.
fn place(serving: &Serving) -> String {
    String::from_utf8(serving.get("/places/terningen-arena")).unwrap()
}

#[test]
fn a_hangup_reads_the_data_files_again_and_never_ends_the_server() {
    let program = logging();
    let data = program.data_with("places.toml", "Terningen Arena", "Terningen Arena");
    let folder = data.to_str().unwrap();
    let serving = program.serve(&["--config", "log.toml", "--data", folder]);
    assert!(place(&serving).contains("Terningen Arena"));
    let own = fs::read_to_string(own_data().join("places.toml")).unwrap();
    fs::write(
        data.join("places.toml"),
        own.replace("Terningen Arena", "Storhallen"),
    )
    .unwrap();
    serving.signal("HUP");
    until("the new name", || place(&serving).contains("Storhallen"));
    until("a line", || says(&program, "reloaded"));
    // An invalid file only causes a log line.
    fs::write(data.join("places.toml"), "nonsense").unwrap();
    serving.signal("HUP");
    until("a line", || says(&program, "reload failed"));
    for _ in 0..20 {
        serving.signal("HUP");
    }
    assert!(place(&serving).contains("Storhallen"));
    assert!(serving.stop().0.success());
    let log = log(&program);
    let failed = log.iter().find(|log| log["message"] == "reload failed");
    let failed = failed.unwrap().to_string();
    assert!(failed.contains("places.toml"), "{failed}");
}

/// Returns a client that trusts a single certificate.
fn trusting(pem: &[u8]) -> Client {
    Client::builder()
        .add_root_certificate(reqwest::Certificate::from_pem(pem).unwrap())
        .pool_max_idle_per_host(0)
        .timeout(PATIENCE)
        .build()
        .unwrap()
}

#[test]
fn a_hangup_takes_a_renewed_certificate_and_keeps_the_old_one_where_the_new_is_broken() {
    let program = logging();
    certificate(&program.path(""), "server");
    let settings = "[default.calendar]\nlog = \"json\"\n[default.tls]\ncerts = \"server.pem\"\n\
        key = \"server.key\"\n";
    program.write("tls.toml", settings);
    let serving = program.serve(&["--config", "tls.toml"]);
    let pem = || fs::read(program.path("server.pem")).unwrap();
    let url = format!("{}/feeds/all.ics", serving.address);
    let old = pem();
    assert!(trusting(&old).get(&url).send().is_ok());
    // Invalid: the old one stays.
    fs::write(program.path("server.pem"), "nonsense").unwrap();
    serving.signal("HUP");
    until("a line", || says(&program, "reload failed"));
    assert!(trusting(&old).get(&url).send().is_ok());
    // A long response in progress is not cut off; a kept connection is closed between requests.
    let during = Arc::new(AtomicBool::new(true));
    let visitor = std::thread::spawn({
        let (during, url, old) = (Arc::clone(&during), url.clone(), old.clone());
        move || {
            let mut cut = 0;
            while during.load(Ordering::Acquire) {
                let answer = trusting(&old).get(&url).send();
                // A failed connection or another certificate is not a truncated response.
                let cut_off = answer
                    .map(|answer| answer.text())
                    .is_ok_and(|text| text.is_err());
                cut += usize::from(cut_off);
            }
            cut
        }
    });
    certificate(&program.path(""), "server");
    let new = pem();
    serving.signal("HUP");
    until("the new one", || trusting(&new).get(&url).send().is_ok());
    during.store(false, Ordering::Release);
    assert_eq!(visitor.join().unwrap(), 0);
    assert!(trusting(&old).get(&url).send().is_err());
    // The server still works: a write is visible, and it stops cleanly.
    let changed = trusting(&new).get(&url).send().unwrap();
    assert!(changed.text().unwrap().contains("BEGIN:VEVENT"));
    assert!(serving.stop().0.success());
    let log = log(&program);
    assert_eq!(
        log.iter().filter(|log| log["message"] == "started").count(),
        1
    );
    assert_eq!(log.last().unwrap()["message"], "stopped");
}
