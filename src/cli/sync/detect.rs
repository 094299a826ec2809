//! `sync --detect`: detects the kind of calendar at an address.

use std::fmt::Write as _;
use std::str::FromStr;

use url::Url;

use crate::catalog::Entry;
use crate::cli::open::{self, OpenCalendar};
use crate::cli::session::Session;
use crate::cli::{Ending, Failure, Output};
use crate::ingest::detect::{DetectContext, detect};
use crate::ingest::reconcile::{IntakeTerms, Lookup, Origin, Pairings, Planner};
use crate::wire;
use calendar_domain::redaction::without_secrets;
use calendar_domain::wire::WireEvent;
use calendar_domain::{EventDraft, EventId, Lang, PartnerId};
use calendar_store::StoreError;

pub async fn run(
    opened: &OpenCalendar,
    url: &Url,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let snapshot = opened.calendar.snapshot();
    let context = DetectContext {
        zone: snapshot.region().time_zone,
        language: Lang::Nb,
        today: snapshot.version().today,
        now: opened.calendar.clock().now(),
    };
    let found = detect(&open::fetcher(&opened.config)?, url, &context).await?;
    let events = as_taken(opened, url, found.events)?;
    session.print(&match session.output {
        Output::Json => {
            let answer = serde_json::json!({
                "connector": found.connector, "why": found.why, "url": found.url,
                "events": events, "remarks": found.remarks,
            });
            format!("{answer}\n")
        }
        Output::Text => {
            let url = without_secrets(found.url.as_str());
            let mut out = format!("{}: {}\n{url}\n", found.connector, found.why);
            for remark in &found.remarks {
                let _ = writeln!(out, "{}: {}", remark.at, remark.detail);
            }
            for event in &events {
                let start = event.start.as_deref().unwrap_or_default();
                let title = event.title.get(Lang::Nb);
                let place = event.place.as_ref().and_then(|place| place.name.as_deref());
                let _ = writeln!(out, "{start:25}  {title}  {}", place.unwrap_or_default());
            }
            let _ = writeln!(
                out,
                "\nelverum-calendar partner add ID --kind {} --url '{url}'",
                found.connector
            );
            if url != found.url.as_str() {
                let _ = writeln!(out, "(with the secret of the address in place of «…»)");
            }
            out
        }
    })?;
    Ok(Ending::Done)
}

/// Returns the drafts as a run would store them, in the API's form.
fn as_taken(
    opened: &OpenCalendar,
    url: &Url,
    drafts: Vec<EventDraft>,
) -> Result<Vec<WireEvent>, StoreError> {
    let snapshot = opened.calendar.snapshot();
    let origin = Origin {
        partner: PartnerId::from_str("import").expect("a constant id"),
        url: url.to_string(),
        at: opened.calendar.clock().now(),
    };
    let pairings = Pairings::default();
    let terms = IntakeTerms::of_one(None, &pairings);
    let mut planner = Planner::new(&origin, &snapshot, terms);
    let mut kept = |_: &EventId| Ok(None);
    let mut nothing = Lookup::new(&*opened.calendar, &mut kept);
    let planned = planner.plan(drafts, &mut nothing)?;
    let base = opened
        .config
        .base_url
        .as_ref()
        .map(Url::as_str)
        .unwrap_or_default();
    let events = planned.iter().filter_map(|planned| planned.step.written());
    let entries = events.map(|event| Entry::new(event, snapshot.region().time_zone));
    Ok(entries
        .map(|entry| wire::write(&entry, &snapshot, base.trim_end_matches('/')))
        .collect())
}
