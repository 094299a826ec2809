//! Clients of the server.

use std::collections::HashMap;
use std::sync::LazyLock;

use reqwest::Method;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;

use super::{Answer, CalendarFile, TestServer};

/// The `Accept` field of a browser.
pub const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// A shared client, since creating one reads the system's certificates. Keeps no connections, so that none
/// leads to a stopped server.
static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    Client::builder()
        .no_proxy()
        .no_gzip()
        .no_brotli()
        .redirect(Policy::none())
        .pool_max_idle_per_host(0)
        .build()
        .expect("a client")
});

impl TestServer {
    /// Sends a request with header fields.
    #[track_caller]
    pub fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        assert!(path.starts_with('/'), "{path} is no path");
        let url = format!("{}{path}", self.address().as_str().trim_end_matches('/'));
        let mut request = CLIENT.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request
            .send()
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer
            .bytes()
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        Answer {
            path: path.to_owned(),
            status,
            headers,
            body: body.to_vec(),
        }
    }

    /// Returns a person with a browser.
    pub fn visitor(&self) -> Visitor<'_> {
        Visitor(self)
    }

    /// Returns a calendar program that subscribes to feeds.
    pub fn calendar_program(&self) -> CalendarProgram<'_> {
        CalendarProgram {
            app: self,
            known: HashMap::new(),
        }
    }

    /// Returns a program that reads JSON.
    pub fn program(&self) -> JsonProgram<'_> {
        JsonProgram(self)
    }
}

/// A person with a browser.
pub struct Visitor<'a>(&'a TestServer);

impl Visitor<'_> {
    /// Opens an address.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.0.ask(Method::GET, path, &[("Accept", BROWSER)])
    }

    /// Opens a page, which must exist. Returns its visible text.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        super::html::words(self.get(path).ok().text())
    }
}

/// A program that reads JSON.
pub struct JsonProgram<'a>(&'a TestServer);

impl JsonProgram<'_> {
    /// Requests an address.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.0
            .ask(Method::GET, path, &[("Accept", "application/json")])
    }
}

/// A calendar program that sends conditional requests with the validators of its last response, as Thunderbird
/// does.
pub struct CalendarProgram<'a> {
    app: &'a TestServer,
    known: HashMap<String, Vec<(&'static str, String)>>,
}

/// The result of a poll.
#[derive(Debug, PartialEq)]
pub enum Poll {
    /// Unchanged: 304.
    Same,
    /// The current feed.
    New(Box<CalendarFile>),
}

impl Poll {
    /// Returns the feed. Panics if it is unchanged.
    #[track_caller]
    pub fn calendar(self) -> CalendarFile {
        match self {
            Self::New(calendar) => *calendar,
            Self::Same => panic!("the feed has not changed"),
        }
    }
}

impl CalendarProgram<'_> {
    /// Requests a feed with the validators of the last response.
    #[track_caller]
    pub fn poll(&mut self, path: &str) -> Poll {
        let known = self.known.get(path).cloned().unwrap_or_default();
        let mut headers = vec![("Accept", "text/calendar,text/plain;q=0.8,*/*;q=0.5")];
        headers.extend(known.iter().map(|(name, value)| (*name, value.as_str())));
        let answer = self.app.ask(Method::GET, path, &headers);
        if answer.status == 304 {
            assert!(answer.body.is_empty(), "{path}: 304 has no body");
            return Poll::Same;
        }
        let calendar = answer.calendar();
        let validators = [
            ("ETag", "If-None-Match"),
            ("Last-Modified", "If-Modified-Since"),
        ];
        let kept = validators.into_iter().filter_map(|(theirs, ours)| {
            let value = answer.try_header(theirs)?;
            Some((ours, value.to_owned()))
        });
        self.known.insert(path.to_owned(), kept.collect());
        Poll::New(Box::new(calendar))
    }
}
