//! `export`: writes the published events, or all records, to standard output.

use clap::{Args, ValueEnum};
use url::Url;

use crate::audit::{AuditedReading, note_reading};
use crate::catalog::caught;
use crate::config::CalendarConfig;
use crate::feeds::{self, FeedRequest, Scope, WriteOptions};
use crate::wire;
use calendar_domain::{AuditReader, AuditSubject, Lang, Query};

use super::open::OpenCalendar;
use super::session::Session;
use super::{Ending, Failure, records};

#[derive(Debug, Args)]
pub struct ExportArguments {
    /// The format to write
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// With ndjson: include accounts and mails, which contain personal data
    #[arg(long)]
    with_private: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Events in the form of the API; `import` reads it
    Json,
    /// One iCalendar object
    Ics,
    /// A table with one line per event
    Csv,
    /// Every record that is not private, published or not, one per line; `import` reads it
    Ndjson,
}

pub fn run(
    opened: &OpenCalendar,
    arguments: &ExportArguments,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    if arguments.with_private && arguments.format != Format::Ndjson {
        let text = "--with-private requires --format ndjson: the other formats contain published events only";
        return Err(text.into());
    }
    let snapshot = opened.calendar.snapshot();
    let base = base_url(&opened.config)?;
    let extension = match arguments.format {
        Format::Json => {
            let base = base.as_str().trim_end_matches('/');
            let events: Vec<_> = snapshot
                .events()
                .filter_map(|entry| caught(|| wire::write(entry, &snapshot, base)).ok())
                .collect();
            session.print(&(serde_json::to_string_pretty(&events)? + "\n"))?;
            return Ok(Ending::Done);
        }
        Format::Ics => "ics",
        Format::Csv => "csv",
        Format::Ndjson => {
            if arguments.with_private {
                let reading =
                    AuditedReading::of_list(AuditSubject::Export, "export --with-private");
                note_reading(&opened.calendar, AuditReader::Operator, reading)?;
            }
            return records::export(&opened.calendar, arguments.with_private, session);
        }
    };
    let feed = feeds::format(extension).ok_or("this format is not available")?;
    let entries = snapshot.admitted(&Query::default());
    let request = FeedRequest {
        snapshot: &snapshot,
        scope: &Scope::All,
        choices: WriteOptions::new(Lang::Nb),
        base: &base,
    };
    session.print(&String::from_utf8(feeds::render(feed, &request, entries))?)?;
    Ok(Ending::Done)
}

/// Returns the configured address, or else the default address of `serve`.
fn base_url(config: &CalendarConfig) -> Result<Url, Failure> {
    match &config.base_url {
        Some(url) => Ok(url.clone()),
        None => Ok(Url::parse("http://127.0.0.1:8000/")?),
    }
}
