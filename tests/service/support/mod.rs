//! Test support: the real server, its clients, and events.
//!
//! ```text
//! let app = TestServer::start();
//! let concert = event("Sommerkonsert").at("Terningen Arena").on("2027-06-01T18:00").save(&app);
//! app.visitor().get(&concert.page()).ok();
//! concert.cancel();
//! ```

pub mod addresses;
pub mod answer;
pub mod authenticator;
pub mod axe;
pub mod bucket;
pub mod builders;
pub mod calendar_file;
pub mod chrome;
pub mod dice;
pub mod every_kind;

pub mod html;
pub mod importer;
pub mod openid;
pub mod person;
pub mod personas;
pub mod program;
pub mod readers;

pub mod region;
pub mod register;
pub mod saved;
pub mod server;
pub mod smtp;
pub mod validators;

pub use answer::Answer;
pub use builders::event;
pub use calendar_file::CalendarFile;
pub use personas::Poll;
pub use program::Program;
pub use server::TestServer;

/// Returns the resident memory of a process, in kilobytes.
pub fn memory_of(process: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    line.split_ascii_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}

/// Creates `NAME.pem`, a self-signed certificate for 127.0.0.1 and kalender.example.no, and `NAME.key` in a
/// folder.
#[track_caller]
pub fn certificate(folder: &std::path::Path, name: &str) {
    let made = std::process::Command::new("openssl")
        .args(["req", "-x509", "-nodes", "-newkey", "ec"])
        .args(["-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "2"])
        .args(["-subj", "/CN=kalender.example.no"])
        .args([
            "-addext",
            "subjectAltName=IP:127.0.0.1,DNS:kalender.example.no",
        ])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args([
            "-keyout",
            &format!("{name}.key"),
            "-out",
            &format!("{name}.pem"),
        ])
        .current_dir(folder)
        .output()
        .expect("openssl is there");
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{said}");
}
