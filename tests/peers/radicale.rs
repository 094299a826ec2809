//! A real Radicale with a password, as a partner.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::Program;
use crate::support::importer::calendar_of;

const CONCERT: &str = "UID:concert@radicale.example|DTSTART;TZID=Europe/Oslo:20270601T180000|\
    SUMMARY:Eksempelkonsert|LOCATION:Festiviteten";
const WALK: &str = "UID:walk@radicale.example|DTSTART;VALUE=DATE:20270613|\
    SUMMARY:Eksempeltur til Svartholtet";

/// Radicale on a free port, with one user. Stopped on drop.
struct Radicale {
    process: Child,
    address: String,
}

impl Radicale {
    fn start(program: &Program) -> Self {
        let users = program.write("users", "kari:hemmelig\n");
        let folder = program.path("collections");
        let config = format!(
            "[server]\nhosts = 127.0.0.1:0\n[auth]\ntype = htpasswd\nhtpasswd_filename = {}\n\
             htpasswd_encryption = plain\ndelay = 0\n[rights]\ntype = owner_only\n[storage]\n\
             filesystem_folder = {}\n[logging]\nlevel = info\n",
            users.display(),
            folder.display()
        );
        let config = program.write("radicale.conf", config);
        let own =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-tools/radicale/bin/radicale");
        assert!(own.exists(), "tests/run installs Radicale");
        let mut process = Command::new(own)
            .args(["--config", &config.display().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let port = lines.by_ref().find_map(|line| {
            let line = line.ok()?;
            let (_, rest) = line.split_once("127.0.0.1:")?;
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u16>().ok().filter(|port| *port != 0)
        });
        // Its further output is drained so that it never blocks.
        std::thread::spawn(move || lines.for_each(drop));
        let address = format!(
            "http://127.0.0.1:{}",
            port.expect("it says where it listens")
        );
        Self { process, address }
    }

    fn put(&self, events: &[&str]) {
        let answer = reqwest::blocking::Client::new()
            .put(format!("{}/kari/events/", self.address))
            .basic_auth("kari", Some("hemmelig"))
            .header("Content-Type", "text/calendar")
            .body(calendar_of(events))
            .send()
            .unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    fn host(&self) -> &str {
        self.address.trim_start_matches("http://")
    }
}

impl Drop for Radicale {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns a calendar that fetches Radicale with a password.
fn calendar(password: &str) -> (Program, Radicale) {
    let program = Program::new();
    let radicale = Radicale::start(&program);
    let program = program.with_environment([("KARI_PASSWORD", password.to_owned())]);
    let config = format!(
        "[default.calendar.sync]\nallow_private = [\"{}\"]\n",
        radicale.host()
    );
    program.write("calendar.toml", config);
    let url = format!("{}/kari/events/", radicale.address);
    let add = ["partner", "add", "kari", "--kind", "ics", "--url", &url];
    let login = ["--user", "kari", "--secret", "KARI_PASSWORD"];
    program.run(&["seed"]).ok();
    program.run(&[&add[..], &login].concat()).ok();
    (program, radicale)
}

fn sync(program: &Program) -> serde_json::Value {
    let answer = program.run(&["--config", "calendar.toml", "--json", "sync", "kari"]);
    answer.ok().json()["runs"][0].clone()
}

#[test]
fn a_radicale_with_a_password_is_kept_in_step() {
    let (program, radicale) = calendar("hemmelig");
    radicale.put(&[CONCERT, WALK]);
    assert_eq!(sync(&program)["created"], 2);
    let again = sync(&program);
    assert_eq!(again["created"], 0);
    assert_ne!(again["ended"], "written", "{again}");
    radicale.put(&[&CONCERT.replace("180000", "190000"), WALK]);
    let changed = sync(&program);
    assert_eq!(
        (&changed["updated"], &changed["created"]),
        (&1.into(), &0.into())
    );
    // Removed there: it is withdrawn after two more responses.
    radicale.put(&[WALK]);
    let ended: Vec<_> = (0..3)
        .map(|_| sync(&program)["withdrawn"].clone())
        .collect();
    assert_eq!(ended, [0, 0, 1]);
}

#[test]
fn a_wrong_password_is_told_as_such_and_changes_nothing() {
    let (program, radicale) = calendar("feil");
    radicale.put(&[CONCERT]);
    let answer = program.run(&["--config", "calendar.toml", "sync", "kari"]);
    let answer = answer.with_code(3);
    assert!(answer.out.contains("401"), "{answer:?}");
    assert!(!format!("{answer:?}").contains("feil\""), "{answer:?}");
    let list = program.run(&["partner", "list"]).ok();
    assert!(list.out.contains("CREDENTIALS REFUSED"), "{}", list.out);
}
