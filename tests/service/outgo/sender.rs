//! A partner's program that sends events with a key.

use std::sync::LazyLock;

use calendar_domain::{KeyScope, Owner, Partner, Record};
use elverum_calendar::ingest::access::make_key;
use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

/// Keeps no connections, so that none leads to a stopped server.
static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let client = Client::builder().no_proxy().pool_max_idle_per_host(0);
    client.build().expect("a client")
});

/// A program with a key.
pub struct Sender<'a> {
    pub app: &'a TestServer,
    pub key: String,
}

/// Returns a minimal event.
pub fn least() -> Value {
    json!({"title": {"nb": "Vårkonsert"}, "start": "2027-04-10T19:00:00+02:00"})
}

/// Creates a partner.
pub fn add_partner(app: &TestServer, id: &str) {
    let partner = Partner::new(id.parse().unwrap(), id, Owner::DataFile);
    app.commit(vec![Record::from(partner)]);
}

/// Creates a partner with a key.
pub fn sender<'a>(app: &'a TestServer, id: &str) -> Sender<'a> {
    add_partner(app, id);
    let scope = KeyScope::Partner(id.parse().unwrap());
    let (key, _) = make_key(app.calendar(), scope).unwrap();
    Sender { app, key }
}

/// Sends a request.
#[track_caller]
pub fn send(
    app: &TestServer,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Vec<u8>>,
) -> Answer {
    let url = format!("{}{path}", app.address().as_str().trim_end_matches('/'));
    let mut request = CLIENT.request(method, url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.body(body.into()).send().unwrap();
    Answer {
        path: path.to_owned(),
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: answer.bytes().unwrap().to_vec(),
    }
}

impl Sender<'_> {
    /// Sends a JSON body with further header fields.
    #[track_caller]
    pub fn with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Answer {
        let bearer = format!("Bearer {}", self.key);
        let own = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
        ];
        let path = format!("/api/v1/partner/events{path}");
        send(self.app, method, &path, &[&own, headers].concat(), body)
    }

    #[track_caller]
    pub fn put(&self, id: &str, event: &Value) -> Answer {
        self.with(Method::PUT, &format!("/{id}"), &[], event.to_string())
    }

    #[track_caller]
    pub fn patch(&self, id: &str, patch: &Value) -> Answer {
        self.with(Method::PATCH, &format!("/{id}"), &[], patch.to_string())
    }

    #[track_caller]
    pub fn delete(&self, id: &str) -> Answer {
        self.with(Method::DELETE, &format!("/{id}"), &[], "")
    }

    #[track_caller]
    pub fn get(&self, id: &str) -> Answer {
        self.with(Method::GET, &format!("/{id}"), &[], "")
    }

    #[track_caller]
    pub fn validate(&self, event: &Value) -> Answer {
        self.with(Method::POST, "/validate", &[], event.to_string())
    }
}
