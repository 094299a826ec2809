//! Responses of the server.

use reqwest::header::HeaderMap;

use super::CalendarFile;

/// A response, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    pub path: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// Asserts status 200.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.with_status(200)
    }

    /// Asserts a status.
    #[track_caller]
    pub fn with_status(self, status: u16) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        let start: String = body.chars().take(2000).collect();
        assert_eq!(self.status, status, "{}: {start}", self.path);
        self
    }

    /// Returns a header field. Panics if it is missing.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.try_header(name)
            .unwrap_or_else(|| panic!("{}: no header {name}", self.path))
    }

    /// Returns a header field, if present.
    pub fn try_header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)
            .map(|value| value.to_str().expect("an ASCII header"))
    }

    /// Returns the body as text.
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }

    /// Returns the body as a calendar.
    #[track_caller]
    pub fn calendar(&self) -> CalendarFile {
        assert_eq!(self.status, 200, "{}", self.path);
        // RFC 5545 section 3.7.2: the media type has a `method` parameter if the calendar has METHOD.
        let method = if self.text().contains("\r\nMETHOD:PUBLISH\r\n") {
            "; method=PUBLISH"
        } else {
            ""
        };
        assert_eq!(
            self.header("Content-Type"),
            format!("text/calendar; charset=utf-8{method}"),
            "{}",
            self.path
        );
        CalendarFile::parse(self.text())
    }

    /// Returns the body as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.path, self.text()))
    }
}
