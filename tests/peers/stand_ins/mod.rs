//! Servers that simulate partners' calendars.

pub mod linked_events;
mod linked_events_check;
pub mod tribe;
mod tribe_check;

use std::sync::{Arc, Mutex, MutexGuard};

use calendar_domain::{Connection, Lang, LinkedEventsSettings};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::outgo::receiver::{Answer, Receiver, Sent};

pub use linked_events::LinkedEvents;
pub use tribe::Tribe;

/// Status and JSON body; a string stands for an HTML page.
pub type Said = (u16, Value);

/// A simulated calendar.
pub trait StandIn: Send + 'static {
    fn answer(&mut self, sent: &Sent) -> Said;

    /// Returns the public events: id and fields.
    fn shown(&self) -> Vec<(String, Value)>;

    /// Sets its clock.
    fn turn_to(&mut self, now: DateTime<Utc>);
}

impl StandIn for Box<dyn StandIn> {
    fn answer(&mut self, sent: &Sent) -> Said {
        (**self).answer(sent)
    }

    fn shown(&self) -> Vec<(String, Value)> {
        (**self).shown()
    }

    fn turn_to(&mut self, now: DateTime<Utc>) {
        (**self).turn_to(now);
    }
}

/// A fault in the next writing request.
#[derive(Clone, Copy, PartialEq)]
pub enum Fault {
    /// It is refused.
    Refused,
    /// It is carried out, and the response is lost.
    AnswerLost,
}

/// A simulated calendar on a port, with the requests it received.
pub struct Peer<S> {
    pub server: Receiver,
    shared: Arc<Mutex<Shared<S>>>,
}

struct Shared<S> {
    calendar: S,
    /// Writing requests: method, path, status, response.
    writes: Vec<(String, String, u16, Value)>,
    fault: Option<Fault>,
}

impl<S: StandIn> Peer<S> {
    pub fn start(calendar: S) -> Self {
        let shared = Arc::new(Mutex::new(Shared {
            calendar,
            writes: Vec::new(),
            fault: None,
        }));
        let own = Arc::clone(&shared);
        let server = Receiver::answering(move |sent| own.lock().unwrap().answer(sent));
        Self { server, shared }
    }

    /// Gives access to the calendar itself.
    pub fn calendar<T>(&self, look: impl FnOnce(&mut S) -> T) -> T {
        look(&mut self.shared().calendar)
    }

    pub fn shown(&self) -> Vec<(String, Value)> {
        self.shared().calendar.shown()
    }

    pub fn fails(&self, fault: Fault) {
        self.shared().fault = Some(fault);
    }

    /// Returns the number of writing requests, whatever their result.
    pub fn writes(&self) -> usize {
        self.shared().writes.len()
    }

    /// Returns the refused requests: method, path, status and response.
    pub fn refused(&self) -> Vec<String> {
        let shared = self.shared();
        let refused = shared.writes.iter().filter(|write| write.2 >= 400);
        refused
            .map(|(method, path, status, answer)| format!("{method} {path}: {status} {answer}"))
            .collect()
    }

    fn shared(&self) -> MutexGuard<'_, Shared<S>> {
        self.shared.lock().unwrap()
    }
}

impl<S: StandIn> Shared<S> {
    fn answer(&mut self, sent: &Sent) -> Answer {
        let writes = sent.method != "GET";
        let fault = self.fault.take_if(|_| writes);
        if fault == Some(Fault::Refused) {
            let answer = Value::from("not now");
            let path = sent.path.clone();
            self.writes.push((sent.method.clone(), path, 500, answer));
            return (500, Vec::new(), "not now".into());
        }
        let (status, said) = self.calendar.answer(sent);
        if writes {
            let (method, path) = (sent.method.clone(), sent.path.clone());
            self.writes.push((method, path, status, said.clone()));
        }
        if fault == Some(Fault::AnswerLost) {
            return (502, Vec::new(), "the answer was lost".into());
        }
        let (kind, body) = match said {
            Value::String(page) => ("text/html", page),
            said => ("application/json", said.to_string()),
        };
        (status, vec![("Content-Type", kind.to_owned())], body)
    }
}

/// Returns a connection to a simulated calendar.
pub fn connection(kind: &str, url: &str) -> Connection {
    Connection {
        user: (kind == "tribe").then(|| "kalender".to_owned()),
        secret: Some("PARTNER_SECRET".parse().unwrap()),
        linked_events: (kind == "linked_events").then(settings),
        ..Connection::new(kind.parse().unwrap(), Some(url.parse().unwrap()))
    }
}

/// Returns the settings given by the operator of the simulated Linked Events.
pub fn settings() -> LinkedEventsSettings {
    LinkedEventsSettings {
        data_source: "nordkal".into(),
        languages: [(Lang::Nb, "fi".into()), (Lang::En, "en".into())].into(),
        keyword: Some("yso:p1".into()),
        place: Some("tprek:1".into()),
        online_place: Some("system:internet".into()),
        ..LinkedEventsSettings::default()
    }
}

/// Returns the fields of a JSON object; empty for other values.
fn object(value: Value) -> serde_json::Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => serde_json::Map::new(),
    }
}

/// Returns the query parameters of a request.
fn parameters(sent: &Sent) -> std::collections::BTreeMap<String, String> {
    let url = url::Url::parse(&format!("http://s{}", sent.path)).unwrap();
    url.query_pairs().into_owned().collect()
}

/// Returns the path of a request without query, decoded.
fn path(sent: &Sent) -> String {
    let path = sent.path.split('?').next().unwrap_or_default();
    let plus = path.replace('+', "%2B");
    let decoded = url::form_urlencoded::parse(plus.as_bytes()).next();
    decoded.map_or_else(String::new, |(path, _)| path.into_owned())
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Returns an error body of WordPress's REST interfaces.
fn wordpress(status: u16, code: &str, params: Value) -> Said {
    let data = json!({"status": status, "params": params});
    (status, json!({"code": code, "message": code, "data": data}))
}
