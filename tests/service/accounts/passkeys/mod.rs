//! Passkeys: added, used, refused and removed.

mod adding;
mod browser;
mod signing_in;

use crate::support::TestServer;
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;

const KARI: &str = "kari@example.org";

fn app(mails: &SmtpServer) -> TestServer {
    TestServer::builder()
        .with_empty_region()
        .with_mail(&mails.url())
        .start()
}

/// Returns the server's address by name: passkeys need a host name.
fn localhost(app: &TestServer) -> String {
    app.address()
        .as_str()
        .trim_end_matches('/')
        .replace("127.0.0.1", "localhost")
}

/// Returns a browser on the server's machine.
fn person(app: &TestServer) -> Person {
    Person::new(&localhost(app))
}

/// Returns a browser that is signed in.
#[track_caller]
fn signed_in(app: &TestServer, mails: &SmtpServer, email: &str) -> Person {
    let mut person = person(app);
    person.sign_in(mails, email);
    person
}

/// Returns the text of a refusal.
#[track_caller]
fn refusal(answer: &crate::support::Answer) -> String {
    answer.json()["text"].as_str().expect("a text").to_owned()
}
