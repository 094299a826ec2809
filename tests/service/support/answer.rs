//! What the server answered.

use reqwest::header::HeaderMap;

use super::CalendarFile;

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    pub path: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// This answer, which has to be a good one.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.with_status(200)
    }

    /// This answer, which has to have a status.
    #[track_caller]
    pub fn with_status(self, status: u16) -> Self {
        let start: String = self.text().chars().take(2000).collect();
        assert_eq!(self.status, status, "{}: {start}", self.path);
        self
    }

    /// A header, which has to be there.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.try_header(name)
            .unwrap_or_else(|| panic!("{}: no header {name}", self.path))
    }

    /// A header, if it is there.
    pub fn try_header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)
            .map(|value| value.to_str().expect("an ASCII header"))
    }

    /// The body as text.
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }

    /// The body as a calendar.
    #[track_caller]
    pub fn calendar(&self) -> CalendarFile {
        assert_eq!(self.status, 200, "{}", self.path);
        // RFC 5545 3.7.2: the media type says METHOD where the calendar does.
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

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.path, self.text()))
    }
}
