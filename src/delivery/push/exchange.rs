//! The requests and replies about one event.

use reqwest::{Method, StatusCode};
use serde_json::Value;
use url::Url;

use crate::http::Fetched;
use calendar_domain::Pushed;

/// A request to a partner's calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: Url,
    /// The JSON body.
    pub body: Option<Value>,
}

impl Call {
    /// Creates a `GET` request.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            body: None,
        }
    }

    /// Creates a `DELETE` request.
    #[must_use]
    pub fn delete(url: Url) -> Self {
        Self {
            method: Method::DELETE,
            url,
            body: None,
        }
    }

    /// Creates a request with a body.
    #[must_use]
    pub fn carrying(method: Method, url: Url, body: Value) -> Self {
        Self {
            method,
            url,
            body: Some(body),
        }
    }
}

/// The next step of an exchange.
#[derive(Debug, Clone, PartialEq)]
pub enum NextStep {
    /// Send a request and record its reply under this name.
    Send(&'static str, Box<Call>),
    /// Store this record and continue.
    Keep(Box<Pushed>),
    /// Store this record and start a new exchange.
    Restart(Box<Pushed>),
    /// The event is up to date; store this record.
    Done(Box<Pushed>),
    /// The event is not in the calendar, and no record is needed.
    Absent,
    /// The reply with this name is a rejection.
    Refused(&'static str),
    /// The reply with this name is incomplete.
    Unreadable(&'static str),
}

/// A reply of the partner's calendar.
#[derive(Debug, Clone)]
pub struct RemoteReply {
    /// The response.
    pub fetched: Fetched,
    /// The body as JSON; `null` if it is not JSON.
    pub json: Value,
}

impl RemoteReply {
    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.fetched.status
    }

    /// Returns true if the status is a success.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.fetched.status.is_success()
    }

    /// Returns true if nothing exists at the address.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self.status(), StatusCode::NOT_FOUND | StatusCode::GONE)
    }

    /// Returns true if the request itself was rejected and would be again. Server errors and rate limits are
    /// not rejections.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.status().is_client_error() && self.status() != StatusCode::TOO_MANY_REQUESTS
    }
}

impl From<Fetched> for RemoteReply {
    fn from(fetched: Fetched) -> Self {
        let json = serde_json::from_slice(&fetched.bytes).unwrap_or_default();
        Self { fetched, json }
    }
}

/// The replies so far.
#[derive(Debug, Clone, Default)]
pub struct Exchange(Vec<(&'static str, RemoteReply)>);

impl Exchange {
    /// Returns the last reply with this name.
    #[must_use]
    pub fn reply(&self, name: &str) -> Option<&RemoteReply> {
        let mut all = self.0.iter().rev();
        all.find(|(known, _)| *known == name)
            .map(|(_, reply)| reply)
    }

    /// Records a reply.
    pub fn note(&mut self, name: &'static str, reply: RemoteReply) {
        self.0.push((name, reply));
    }

    /// Returns the reply with this name.
    ///
    /// # Errors
    /// Returns the step that requests it if there is none.
    pub fn ask(
        &self,
        name: &'static str,
        call: impl FnOnce() -> Call,
    ) -> Result<&RemoteReply, NextStep> {
        self.reply(name)
            .ok_or_else(|| NextStep::Send(name, Box::new(call())))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Creates a reply as from a partner's calendar.
    pub fn reply(status: u16, json: Value) -> RemoteReply {
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
            Some(NextStep::Send("place", Box::new(call())))
        );
        exchange.note("place", reply(404, Value::Null));
        exchange.note("place", reply(200, Value::Null));
        assert!(exchange.ask("place", call).unwrap().is_ok());
    }
}
