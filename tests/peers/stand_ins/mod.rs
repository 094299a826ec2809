//! Servers that stand in for calendars of others.

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

/// A status and a JSON body; text stands for a page.
pub type Said = (u16, Value);

/// What a stand-in does with a request.
pub trait StandIn: Send + 'static {
    fn answer(&mut self, sent: &Sent) -> Said;

    /// What everyone sees there: id and fields.
    fn shown(&self) -> Vec<(String, Value)>;

    /// Another time of day there.
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

/// What goes wrong with the next request that writes.
#[derive(Clone, Copy, PartialEq)]
pub enum Fault {
    /// Nothing is done.
    Refused,
    /// It is done, and the answer is lost.
    AnswerLost,
}

/// A stand-in behind a port, with the requests that came to it.
pub struct Peer<S> {
    pub server: Receiver,
    shared: Arc<Mutex<Shared<S>>>,
}

struct Shared<S> {
    calendar: S,
    /// What was written and how it was answered: method, path, status, answer.
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

    /// The stand-in itself, to be looked at or changed by its own people.
    pub fn calendar<T>(&self, look: impl FnOnce(&mut S) -> T) -> T {
        look(&mut self.shared().calendar)
    }

    pub fn shown(&self) -> Vec<(String, Value)> {
        self.shared().calendar.shown()
    }

    pub fn fails(&self, fault: Fault) {
        self.shared().fault = Some(fault);
    }

    /// How many requests wrote something, whatever came of it.
    pub fn writes(&self) -> usize {
        self.shared().writes.len()
    }

    /// What was refused: method, path, status and answer.
    pub fn refused(&self) -> Vec<String> {
        let shared = self.shared();
        let refused = shared.writes.iter().filter(|it| it.2 >= 400);
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

/// How the program is connected to a stand-in.
pub fn connection(kind: &str, url: &str) -> Connection {
    Connection {
        user: (kind == "tribe").then(|| "kalender".to_owned()),
        secret: Some("PARTNER_SECRET".parse().unwrap()),
        linked_events: (kind == "linked_events").then(settings),
        ..Connection::new(kind.parse().unwrap(), Some(url.parse().unwrap()))
    }
}

/// What the operator of the stand-in for Linked Events has told.
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

/// Fields that have no value.
fn object(value: Value) -> serde_json::Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => serde_json::Map::new(),
    }
}

/// The parameters of a request, by name.
fn parameters(sent: &Sent) -> std::collections::BTreeMap<String, String> {
    let url = url::Url::parse(&format!("http://s{}", sent.path)).unwrap();
    url.query_pairs().into_owned().collect()
}

/// The path of a request without its parameters, decoded.
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

/// A body of an error of REST interfaces of WordPress.
fn wordpress(status: u16, code: &str, params: Value) -> Said {
    let data = json!({"status": status, "params": params});
    (status, json!({"code": code, "message": code, "data": data}))
}
