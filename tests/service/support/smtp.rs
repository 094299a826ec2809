//! A mail server that others wrote, and the mails that it received.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde::Deserialize;

use super::readers::{project, tool};

/// Timeout of tests.
const PATIENCE: Duration = Duration::from_secs(30);

/// A mail that the server accepted.
#[derive(Debug, Clone, Deserialize)]
pub struct ReceivedMail {
    pub to: String,
    pub from: String,
    pub header_from: String,
    pub subject: String,
    pub message_id: String,
    pub auto_submitted: String,
    pub text: String,
    pub html: String,
    pub tls: bool,
}

impl ReceivedMail {
    /// Returns the code, which is alone on its line.
    #[track_caller]
    pub fn code(&self) -> String {
        let is_code = |line: &&str| line.len() == 8 && line.bytes().all(|b| b.is_ascii_digit());
        let mut codes = self.text.lines().filter(is_code);
        let code = codes
            .next()
            .unwrap_or_else(|| panic!("no code in {}", self.text));
        assert_eq!(codes.next(), None, "one code");
        code.to_owned()
    }

    /// Returns the addresses in the mail.
    pub fn links(&self) -> Vec<String> {
        let words = self.text.split_whitespace();
        let links = words.filter(|word| word.starts_with("http"));
        links
            .map(|link| link.trim_end_matches(['.', ',']).to_owned())
            .collect()
    }
}

type Inbox = Arc<(Mutex<Vec<ReceivedMail>>, Condvar)>;

/// The mail server, stopped on drop.
pub struct SmtpServer {
    process: Child,
    pub port: u16,
    inbox: Inbox,
}

impl SmtpServer {
    /// Starts a server on a free port.
    pub fn start() -> Self {
        Self::with_arguments(&[])
    }

    /// Starts a server on the port of an earlier one.
    pub fn start_on(port: u16) -> Self {
        Self::with_arguments(&["--port", &port.to_string()])
    }

    /// Starts a server that requires STARTTLS.
    pub fn start_with_tls(certificate: &Path, key: &Path) -> Self {
        let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
        Self::with_arguments(&["--tls", certificate, key])
    }

    fn with_arguments(arguments: &[&str]) -> Self {
        let mut process = Command::new(tool("python/bin/python"))
            .arg(project().join("tests/parsers/smtp.py"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("python is there");
        let mut lines = BufReader::new(process.stdout.take().expect("its output is piped"));
        let mut first = String::new();
        lines.read_line(&mut first).expect("its output can be read");
        let port = first.trim().parse().expect("the first line is the port");
        let inbox = Inbox::default();
        let filled = Arc::clone(&inbox);
        std::thread::spawn(move || {
            for line in lines.lines() {
                let Ok(line) = line else { return };
                let mail = serde_json::from_str(&line).expect("a line is a mail");
                filled.0.lock().unwrap().push(mail);
                filled.1.notify_all();
            }
        });
        Self {
            process,
            port,
            inbox,
        }
    }

    /// Returns the setting for this server.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Returns every mail so far.
    pub fn all(&self) -> Vec<ReceivedMail> {
        self.inbox.0.lock().unwrap().clone()
    }

    /// Waits until there are `count` mails to an address. Returns them.
    #[track_caller]
    pub fn wait_for(&self, to: &str, count: usize) -> Vec<ReceivedMail> {
        let own = |all: &Vec<ReceivedMail>| -> Vec<ReceivedMail> {
            all.iter().filter(|mail| mail.to == to).cloned().collect()
        };
        let guard = self.inbox.0.lock().unwrap();
        let (guard, _) = self
            .inbox
            .1
            .wait_timeout_while(guard, PATIENCE, |all| own(all).len() < count)
            .unwrap();
        let found = own(&guard);
        assert!(
            found.len() >= count,
            "{} of {count} mails to {to}",
            found.len()
        );
        found
    }

    /// Waits for the next mail to an address after `before` earlier ones.
    #[track_caller]
    pub fn next_to(&self, to: &str, before: usize) -> ReceivedMail {
        self.wait_for(to, before + 1).remove(before)
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        // Both fail if it has already exited.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
