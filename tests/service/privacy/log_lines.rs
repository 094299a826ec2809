//! The log of a server with traffic and failures has no full address of a client or person.

use std::io::Write as _;
use std::net::TcpStream;

use reqwest::blocking::Client;

use crate::support::Program;

/// Addresses that a proxy names.
const CLIENTS: [&str; 2] = ["203.0.113.77", "2001:db8:1:2:3:4:5:6"];
const KARI: &str = "kari.nordmann@example.org";

#[test]
fn the_log_has_no_full_address_of_a_client_or_person_also_at_its_most_talkative() {
    for log in ["text", "json"] {
        let program = Program::new().with_environment([
            ("RUST_LOG", "debug".to_owned()),
            ("ROCKET_CALENDAR__LOG", log.to_owned()),
        ]);
        program.run(&["seed"]).ok();
        let serving = program.serve(&[]);
        let base = format!("http://{}", serving.host());
        let client = Client::builder().no_proxy().build().unwrap();
        for address in CLIENTS {
            for path in ["/", "/nowhere", "/feeds/all.ics", "/metrics", "/login"] {
                let asked = client.get(format!("{base}{path}"));
                asked.header("X-Real-IP", address).send().unwrap();
            }
            // Forms, from elsewhere and from here.
            for origin in ["https://evil.example", base.as_str()] {
                let form = client
                    .post(format!("{base}/login"))
                    .header("X-Real-IP", address)
                    .header("Origin", origin)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .body(format!("email={KARI}"));
                form.send().unwrap();
            }
            let key = client
                .put(format!("{base}/api/v1/partner/events/1"))
                .header("X-Real-IP", address)
                .header("Authorization", "Bearer nonsense");
            key.body("{").send().unwrap();
            let path = format!("{base}/events/{address}?to={KARI}");
            client.get(path).send().unwrap();
        }
        for bytes in [
            "\0\0\0\0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
            "GET",
        ] {
            let mut broken = TcpStream::connect(serving.host()).unwrap();
            broken.write_all(bytes.as_bytes()).unwrap();
        }
        program.run(&["account", "invite", KARI]).ok();
        serving.stop();
        let log = std::fs::read_to_string(program.path("log")).unwrap();
        assert!(log.contains("answered"), "{log}");
        for address in CLIENTS.iter().chain([&KARI, &"kari.nordmann"]) {
            let line = log.lines().find(|line| line.contains(address));
            assert_eq!(line, None, "{address}");
        }
    }
}
