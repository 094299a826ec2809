//! The conversation about one event: what is asked or told next, and what was answered so far.

use reqwest::{Method, StatusCode};
use serde_json::Value;
use url::Url;

use crate::http::Fetched;
use calendar_domain::Pushed;

/// A request to a partner's calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// What is done.
    pub method: Method,
    /// Where.
    pub url: Url,
    /// What is sent, as JSON.
    pub body: Option<Value>,
}

impl Call {
    /// A question.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            body: None,
        }
    }

    /// A request that takes something out.
    #[must_use]
    pub fn delete(url: Url) -> Self {
        Self {
            method: Method::DELETE,
            url,
            body: None,
        }
    }

    /// A request that carries something.
    #[must_use]
    pub fn carrying(method: Method, url: Url, body: Value) -> Self {
        Self {
            method,
            url,
            body: Some(body),
        }
    }
}

/// The next step.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A request is sent; its reply gets this name.
    Send(&'static str, Box<Call>),
    /// This is noted, and the conversation goes on.
    Keep(Box<Pushed>),
    /// This is noted, and the conversation begins again.
    Restart(Box<Pushed>),
    /// The calendar is as it should be; this is noted.
    Done(Box<Pushed>),
    /// The event is not there, and nothing needs to be noted of it.
    Absent,
    /// The reply of this name is a refusal.
    Refused(&'static str),
    /// The reply of this name lacks something: what it is.
    Unreadable(&'static str),
}

/// What a calendar answered.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The answer as it came.
    pub fetched: Fetched,
    /// Its body, `null` where that is no JSON.
    pub json: Value,
}

impl Reply {
    /// Its status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.fetched.status
    }

    /// Whether it is a success.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.fetched.status.is_success()
    }

    /// Whether it says that there is nothing at the address.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self.status(), StatusCode::NOT_FOUND | StatusCode::GONE)
    }

    /// Whether the request itself was refused, and would be again: not a trouble of the server or the
    /// network, and not somebody who asks too much.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.status().is_client_error() && self.status() != StatusCode::TOO_MANY_REQUESTS
    }
}

impl From<Fetched> for Reply {
    fn from(fetched: Fetched) -> Self {
        let json = serde_json::from_slice(&fetched.bytes).unwrap_or_default();
        Self { fetched, json }
    }
}

/// What was answered so far.
#[derive(Debug, Clone, Default)]
pub struct Exchange(Vec<(&'static str, Reply)>);

impl Exchange {
    /// The reply of a name, the last where there are several.
    #[must_use]
    pub fn reply(&self, name: &str) -> Option<&Reply> {
        let mut all = self.0.iter().rev();
        all.find(|(known, _)| *known == name)
            .map(|(_, reply)| reply)
    }

    /// Notes a reply.
    pub fn note(&mut self, name: &'static str, reply: Reply) {
        self.0.push((name, reply));
    }

    /// The reply of a name, or the step that asks for it.
    ///
    /// # Errors
    /// The step.
    pub fn ask(&self, name: &'static str, call: impl FnOnce() -> Call) -> Result<&Reply, Step> {
        self.reply(name)
            .ok_or_else(|| Step::Send(name, Box::new(call())))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An answer as a calendar would give it.
    pub fn reply(status: u16, json: Value) -> Reply {
        let fetched = Fetched {
            status: StatusCode::from_u16(status).unwrap(),
            fields: reqwest::header::HeaderMap::new(),
            bytes: json.to_string().into_bytes(),
            media_type: None,
            url: "https://calendar.example/".parse().unwrap(),
        };
        fetched.into()
    }

    #[test]
    fn a_question_is_asked_once_and_its_last_reply_counts() {
        let mut exchange = Exchange::default();
        let call = || Call::get("https://calendar.example/".parse().unwrap());
        assert_eq!(
            exchange.ask("place", call).err(),
            Some(Step::Send("place", Box::new(call())))
        );
        exchange.note("place", reply(404, Value::Null));
        exchange.note("place", reply(200, Value::Null));
        assert!(exchange.ask("place", call).unwrap().is_ok());
    }
}
