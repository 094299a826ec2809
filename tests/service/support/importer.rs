//! Import of calendar files in tests.

use std::path::Path;
use std::sync::Arc;

use elverum_calendar::http::Fetcher;
use elverum_calendar::ingest::import::{Importer, Rehearsal};
use elverum_calendar::ingest::input::Input;
use elverum_calendar::ingest::{ImportError, Report};
use rocket::tokio::runtime;

use super::TestServer;

/// Size limit in the tests; the program's own is in its configuration.
const MOST_BYTES: u64 = 64 << 20;

impl TestServer {
    /// Imports a file, as `import FILE` does.
    pub fn import(&self, file: &Path) -> Result<Report, ImportError> {
        self.import_from(&Input::File(file.to_owned()), "import", Rehearsal::No)
    }

    /// Imports a calendar of the given events, which must succeed.
    #[track_caller]
    pub fn import_events(&self, events: &[&str]) -> Report {
        let file = self.folder().join("import.ics");
        std::fs::write(&file, calendar_of(events)).expect("a file in a temporary folder");
        self.import(&file).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Imports from a file or URL, for a partner.
    pub fn import_from(
        &self,
        input: &Input,
        partner: &str,
        rehearsal: Rehearsal,
    ) -> Result<Report, ImportError> {
        let fetcher = Fetcher::new(Vec::new(), MOST_BYTES, None);
        let importer = Importer::new(Arc::clone(self.calendar()), fetcher, MOST_BYTES);
        let partner = partner.parse().expect("a partner's id");
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        runtime
            .expect("a runtime")
            .block_on(importer.run(input, &partner, rehearsal))
    }
}

/// Returns a calendar file of events, each given by its lines, separated by `|`.
pub fn calendar_of(events: &[&str]) -> String {
    let mut lines = vec![
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//prøve//prøve//NO",
    ];
    for event in events {
        lines.push("BEGIN:VEVENT");
        lines.push("DTSTAMP:20261101T120000Z");
        lines.extend(event.split('|'));
        lines.push("END:VEVENT");
    }
    lines.extend(["END:VCALENDAR", ""]);
    lines.join("\r\n")
}
