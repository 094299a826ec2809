//! nginx and Caddy as reverse proxies, configured by the examples in `docs/operating/`. Ports and paths of
//! certificates are replaced, and timeouts shortened.

use std::fs;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::Version;
use reqwest::blocking::{Client, ClientBuilder};

use crate::support::program::Serving;
use crate::support::{Program, certificate};

const SITE: &str = "https://kalender.example.no";
/// Timeout for a response, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server behind a proxy. Both end on drop.
struct Fronted {
    program: Program,
    serving: Serving,
    proxy: Child,
    /// Address of the proxy for TLS, and for the redirect to it.
    tls: SocketAddr,
    plain: SocketAddr,
}

/// Returns a free port. The proxies cannot choose and report one.
fn free() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap()
}

/// Replaces a text that the example must contain.
#[track_caller]
fn put(text: &mut String, from: &str, to: &str) {
    assert!(text.contains(from), "the example has no «{from}»");
    *text = text.replace(from, to);
}

fn example(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operating/");
    fs::read_to_string(format!("{folder}{name}")).unwrap()
}

impl Fronted {
    fn start(proxy: impl FnOnce(&Program, &Serving, SocketAddr, SocketAddr) -> Command) -> Self {
        let program = Program::new();
        certificate(&program.path(""), "site");
        let config = format!("[default.calendar]\nbase_url = \"{SITE}\"\n");
        program.write("site.toml", config);
        let serving = program.serve(&["--config", "site.toml"]);
        let (tls, plain) = (free(), free());
        let said = fs::File::create(program.path("proxy.log")).unwrap();
        let mut command = proxy(&program, &serving, tls, plain);
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{path}:/usr/sbin"));
        command.current_dir(program.path("")).stdin(Stdio::null());
        command.stdout(said.try_clone().unwrap()).stderr(said);
        let proxy = command.spawn().expect("tests/run installs the proxies");
        let mut fronted = Self {
            program,
            serving,
            proxy,
            tls,
            plain,
        };
        fronted.wait();
        fronted
    }

    fn nginx() -> Self {
        Self::start(|program, serving, tls, plain| {
            let folder = program.path("");
            let folder = folder.to_str().unwrap().trim_end_matches('/');
            let mut text = example("nginx.conf");
            put(&mut text, "listen 443 ssl", &format!("listen {tls} ssl"));
            put(&mut text, "    listen [::]:443 ssl http2;\n", "");
            put(&mut text, "listen 80;", &format!("listen {plain};"));
            put(&mut text, "    listen [::]:80;\n", "");
            put(&mut text, "127.0.0.1:8000", serving.host());
            put(&mut text, "/var/log/nginx/", &format!("{folder}/"));
            let (chain, key) = ("fullchain.pem", "privkey.pem");
            let place = "/etc/letsencrypt/live/kalender.example.no/";
            put(
                &mut text,
                &format!("{place}{chain}"),
                &format!("{folder}/site.pem"),
            );
            put(
                &mut text,
                &format!("{place}{key}"),
                &format!("{folder}/site.key"),
            );
            put(
                &mut text,
                "client_header_timeout 10s",
                "client_header_timeout 2s",
            );
            program.write("calendar.conf", text);
            let user = if rustix::process::geteuid().is_root() {
                "user root;"
            } else {
                ""
            };
            let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
            let places = kinds.map(|kind| format!("{kind}_temp_path {folder}/{kind};"));
            let places = places.join("\n");
            let main = format!(
                "daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; {user}\n\
                 events {{ worker_connections 100; }}\n\
                 http {{ access_log off; {places}\ninclude {folder}/calendar.conf; }}\n"
            );
            let main = program.write("nginx.conf", main);
            let mut command = Command::new("nginx");
            command
                .arg("-c")
                .arg(main)
                .arg("-e")
                .arg(format!("{folder}/error.log"));
            command
        })
    }

    fn caddy() -> Self {
        Self::start(|program, serving, tls, plain| {
            let mut text = example("Caddyfile");
            let (tls, plain) = (tls.port(), plain.port());
            let ours = format!(
                "{{\n\tadmin off\n\tdefault_bind 127.0.0.1\n\thttps_port {tls}\n\thttp_port {plain}\n\tservers {{"
            );
            put(&mut text, "{\n\tservers {", &ours);
            let site = "\nkalender.example.no {\n";
            put(&mut text, site, &format!("{site}\ttls site.pem site.key\n"));
            put(&mut text, "127.0.0.1:8000", serving.host());
            put(&mut text, "read_header 10s", "read_header 2s");
            let file = program.write("Caddyfile", text);
            let mut command = Command::new("caddy");
            command
                .args(["run", "--adapter", "caddyfile", "--config"])
                .arg(file);
            let home = program.path("caddy");
            command
                .env("HOME", &home)
                .env("XDG_DATA_HOME", &home)
                .env("XDG_CONFIG_HOME", home);
            command
        })
    }

    fn wait(&mut self) {
        let began = Instant::now();
        for address in [self.tls, self.plain] {
            while TcpStream::connect(address).is_err() {
                let said = || fs::read_to_string(self.program.path("proxy.log")).unwrap();
                let ended = self.proxy.try_wait().unwrap();
                assert!(ended.is_none(), "{}", said());
                assert!(began.elapsed() < PATIENCE, "{}", said());
                std::thread::yield_now();
            }
        }
    }

    /// Returns a client that resolves the site to this machine.
    fn client(&self) -> ClientBuilder {
        let pem = fs::read(self.program.path("site.pem")).unwrap();
        Client::builder()
            .add_root_certificate(reqwest::Certificate::from_pem(&pem).unwrap())
            .resolve("kalender.example.no", self.tls)
            .no_gzip()
            .no_brotli()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
    }

    fn address(&self, path: &str) -> String {
        format!("{SITE}:{}{path}", self.tls.port())
    }

    fn passes_on_what_the_calendar_says(&self) {
        let client = self.client().build().unwrap();
        let page = client.get(self.address("/")).send().unwrap();
        assert_eq!(
            (page.status().as_u16(), page.version()),
            (200, Version::HTTP_2)
        );
        let feed = client.get(self.address("/feeds/all.ics")).send().unwrap();
        let tag = feed.headers()["ETag"].clone();
        assert!(!tag.to_str().unwrap().starts_with("W/"), "{tag:?}");
        assert!(feed.bytes().unwrap() == self.serving.get("/feeds/all.ics"));
        let get = |name, value: &str| {
            let request = client
                .get(self.address("/feeds/all.ics"))
                .header(name, value);
            request.send().unwrap()
        };
        let again = get("If-None-Match", tag.to_str().unwrap());
        assert_eq!(again.status().as_u16(), 304);
        assert_eq!(again.headers()["ETag"], tag);
        let gzipped = get("Accept-Encoding", "gzip");
        assert_eq!(gzipped.headers()["Content-Encoding"], "gzip");
        let tag = gzipped.headers()["ETag"].clone();
        assert!(!gzipped.bytes().unwrap().starts_with(b"BEGIN"));
        let again = client
            .get(self.address("/feeds/all.ics"))
            .header("Accept-Encoding", "gzip")
            .header("If-None-Match", tag);
        assert_eq!(again.send().unwrap().status().as_u16(), 304);
        let part = get("Range", "bytes=0-14");
        assert_eq!(part.status().as_u16(), 206);
        assert_eq!(part.text().unwrap(), "BEGIN:VCALENDAR");
    }

    fn refuses_headers_without_end(&self) {
        let client = self.client().http1_only().build().unwrap();
        let headers = client
            .get(self.address("/"))
            .header("X-Large", "y".repeat(100_000));
        let status = headers.send().unwrap().status().as_u16();
        assert!([400, 431, 494].contains(&status), "{status}");
    }

    /// Asserts that clients with unfinished requests are disconnected and others served soon, although there
    /// may be more connections than the proxy allows.
    fn sends_slow_clients_away(&self) {
        let mut slow: Vec<TcpStream> = Vec::new();
        for number in 0..240 {
            let to = if number % 2 == 0 {
                self.tls
            } else {
                self.plain
            };
            let mut stream = TcpStream::connect(to).unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            if number % 2 == 1 {
                let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: kalender.exam");
            }
            slow.push(stream);
        }
        let began = Instant::now();
        let client = self.client().build().unwrap();
        let feed = || client.get(self.address("/feeds/all.ics")).send();
        // A client that finds no free connection is refused immediately, and retries.
        while !feed().is_ok_and(|feed| feed.status().as_u16() == 200) {
            assert!(began.elapsed() < PATIENCE, "nobody is served");
        }
        let began = Instant::now();
        for stream in &mut slow {
            let mut said = Vec::new();
            match stream.read_to_end(&mut said) {
                Ok(_) => {}
                Err(error) => assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "{error}"),
            }
        }
        assert!(began.elapsed() < 2 * PATIENCE, "{:?}", began.elapsed());
    }

    /// Asserts that every response has the HSTS header once, and that metrics are not accessible, however the
    /// path is written.
    fn keeps_browsers_on_https_and_operators_addresses_to_itself(&self) {
        let client = self.client().local_address(IpAddr::from([127, 0, 0, 2]));
        let client = client.build().unwrap();
        for (path, status) in [("/", 200), ("/feeds/all.ics", 200), ("/nowhere", 404)] {
            let answer = client.get(self.address(path)).send().unwrap();
            assert_eq!(answer.status().as_u16(), status, "{path}");
            let all = answer.headers().get_all("Strict-Transport-Security");
            let all: Vec<_> = all.iter().collect();
            assert_eq!(all, ["max-age=31536000"], "{path}");
        }
        for path in [
            "/metrics",
            "/metrics/",
            "/metrics//",
            "//metrics",
            "/%6detrics",
            "/metrics/x",
            "/x/../metrics",
            "/METRICS",
            "/health/ready",
            "/health/ready/",
            "//health/ready",
            "/health",
        ] {
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: kalender.example.no\r\nX-Real-IP: 127.0.0.1\r\n\
                 X-Forwarded-For: 127.0.0.1\r\nConnection: close\r\n\r\n"
            );
            let answer = self.raw(&request);
            let head = answer.lines().next().unwrap_or_default();
            let refused = ["400", "401", "403", "404"]
                .iter()
                .any(|name| head.contains(name));
            assert!(refused, "{path}: {head}");
            assert!(!answer.contains("calendar_commits") && !answer.contains("events\":"));
        }
    }

    /// Sends a raw request over TLS. Returns the response.
    fn raw(&self, request: &str) -> String {
        let mut openssl = Command::new("openssl")
            .args(["s_client", "-quiet", "-servername", "kalender.example.no"])
            .args(["-alpn", "http/1.1", "-connect", &self.tls.to_string()])
            .args(["-bind", "127.0.0.2:0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl is there");
        let mut input = openssl.stdin.take().unwrap();
        input.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        openssl
            .stdout
            .take()
            .unwrap()
            .read_to_end(&mut answer)
            .unwrap();
        drop(input);
        openssl.wait().unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn sends_http_on_to_https(&self) {
        let client = Client::builder()
            .resolve("kalender.example.no", self.plain)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let port = self.plain.port();
        let path = "/feeds/all.ics?lang=en";
        let asked = client.get(format!("http://kalender.example.no:{port}{path}"));
        let answer = asked.send().unwrap();
        assert!([301, 308].contains(&answer.status().as_u16()));
        let to = answer.headers()["Location"].to_str().unwrap();
        assert!(to.starts_with(SITE) && to.ends_with(path), "{to}");
    }
}

impl Drop for Fronted {
    fn drop(&mut self) {
        // nginx stops its workers when it is terminated.
        let asked = Command::new("kill")
            .arg(self.proxy.id().to_string())
            .status();
        if asked.is_ok_and(|status| status.success()) {
            let _ = self.proxy.wait();
        } else {
            let _ = self.proxy.kill();
        }
    }
}

#[test]
fn behind_nginx_the_calendar_is_as_it_is_and_slow_clients_are_sent_away() {
    let fronted = Fronted::nginx();
    fronted.passes_on_what_the_calendar_says();
    fronted.refuses_headers_without_end();
    fronted.sends_http_on_to_https();
    fronted.keeps_browsers_on_https_and_operators_addresses_to_itself();
    let metrics = |from: u8| {
        let client = fronted.client();
        let client = client.local_address(IpAddr::V4(Ipv4Addr::new(127, 0, 0, from)));
        let answer = client.build().unwrap().get(fronted.address("/metrics"));
        answer.send().unwrap().status().as_u16()
    };
    assert_eq!((metrics(1), metrics(2)), (200, 403));
    let client = fronted.client().build().unwrap();
    let body = client.post(fronted.address("/subscribe"));
    match body.body(vec![b'x'; 3 << 20]).send() {
        Ok(answer) => assert_eq!(answer.status().as_u16(), 413),
        // It may close the connection early.
        Err(error) => assert!(!error.is_timeout() && !error.is_connect(), "{error}"),
    }
    fronted.sends_slow_clients_away();
}

#[test]
fn behind_caddy_the_calendar_is_as_it_is_and_slow_clients_are_sent_away() {
    let fronted = Fronted::caddy();
    fronted.passes_on_what_the_calendar_says();
    fronted.refuses_headers_without_end();
    fronted.sends_http_on_to_https();
    fronted.keeps_browsers_on_https_and_operators_addresses_to_itself();
    let client = fronted.client().build().unwrap();
    for path in ["/metrics", "/health/ready"] {
        let answer = client.get(fronted.address(path)).send().unwrap();
        assert_eq!(answer.status().as_u16(), 404, "{path}");
    }
    fronted.sends_slow_clients_away();
}

#[test]
fn the_logs_of_proxies_have_no_full_address_of_a_client_and_no_query() {
    for (fronted, file) in [
        (Fronted::nginx(), "calendar.log"),
        (Fronted::caddy(), "proxy.log"),
    ] {
        let client = fronted.client().build().unwrap();
        let page = client.get(fronted.address("/en/about?link=hunter2")).send();
        page.unwrap();
        let began = Instant::now();
        let lines = loop {
            let log = fs::read_to_string(fronted.program.path(file)).unwrap_or_default();
            let lines: Vec<_> = log
                .lines()
                .filter(|line| line.contains("/en/about"))
                .collect();
            if !lines.is_empty() {
                break lines.join("\n");
            }
            assert!(began.elapsed() < PATIENCE, "{file}: {log}");
            std::thread::sleep(Duration::from_millis(50));
        };
        assert!(lines.contains("127.0.0.0"), "{file}: {lines}");
        for whole in ["127.0.0.1", "hunter2", "User-Agent"] {
            assert!(!lines.contains(whole), "{file}: {whole}: {lines}");
        }
        // Errors of Caddy too; those of nginx cannot be shortened.
        if file == "proxy.log" {
            fronted.serving.signal("KILL");
            let failed = client.get(fronted.address("/?link=hunter2")).send();
            assert_eq!(failed.unwrap().status().as_u16(), 502);
            std::thread::sleep(Duration::from_secs(1));
            let log = fs::read_to_string(fronted.program.path(file)).unwrap();
            assert!(log.contains("502"), "{log}");
            for whole in ["\"remote_ip\":\"127.0.0.1\"", "hunter2"] {
                assert!(!log.contains(whole), "{whole}: {log}");
            }
        }
    }
}
