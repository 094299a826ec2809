//! `sync review`: lists open matters and carries out decisions.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use clap::{Args, Subcommand};

use crate::cli::open::OpenCalendar;
use crate::cli::session::Session;
use crate::cli::{Ending, Failure, Output, examples};
use crate::editorial::{self, OpenReview};
use calendar_domain::{
    Event, EventId, Field, Guard, Lang, PartnerId, PartnerState, Subject, Suggestion,
};

use super::{done, operator};

#[derive(Debug, Args)]
pub struct ReviewArguments {
    #[command(subcommand)]
    decision: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Apply a suggestion: take the partner's values, or merge the two events
    #[command(after_help = examples::ACCEPT)]
    Accept {
        /// The suggestion
        id: String,
        /// Apply only this field; repeat it for several
        #[arg(long = "field", value_name = "FIELD", value_parser = field)]
        fields: Vec<Field>,
    },
    /// Dismiss a suggestion: keep our values, or keep both events
    #[command(after_help = examples::DISMISS)]
    Dismiss {
        /// The suggestion
        id: String,
    },
    /// Publish a partner's queued event
    #[command(after_help = examples::APPROVE)]
    Approve {
        /// The event
        event: EventId,
    },
    /// Reject a partner's queued event for good
    #[command(after_help = examples::REJECT)]
    Reject {
        /// The event
        event: EventId,
    },
    /// Merge two events: the first gets the sources of the second, which is withdrawn
    #[command(after_help = examples::JOIN)]
    Join {
        /// The event to keep
        stays: EventId,
        /// The event to withdraw
        goes: EventId,
    },
    /// Split a partner's event from an event that it was merged with
    #[command(after_help = examples::SPLIT)]
    Split {
        /// The event
        event: EventId,
        /// The partner whose event becomes separate
        partner: PartnerId,
    },
}

fn field(text: &str) -> Result<Field, String> {
    let found = Field::ALL.into_iter().find(|field| field.as_str() == text);
    found.ok_or_else(|| {
        let all: Vec<&str> = Field::ALL.iter().map(|field| field.as_str()).collect();
        format!("expected one of {}", all.join(", "))
    })
}

pub fn run(
    opened: &OpenCalendar,
    arguments: &ReviewArguments,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let (store, editor) = (&*opened.calendar, operator(opened));
    let (what, commit) = match &arguments.decision {
        None => return list(opened, &editorial::open_matters(store)?, session),
        Some(Verb::Accept { id, fields }) => {
            let only: BTreeSet<Field> = fields.iter().copied().collect();
            let commit = editorial::accept(store, &editor, id, &only)?;
            (format!("accepted {id}"), commit)
        }
        Some(Verb::Dismiss { id }) => {
            let commit = editorial::dismiss(store, &editor, id)?;
            (format!("dismissed {id}"), commit)
        }
        Some(Verb::Approve { event }) => {
            let commit = editorial::approve(store, &editor, event)?;
            (format!("published {event}"), commit)
        }
        Some(Verb::Reject { event }) => {
            let commit = editorial::reject(store, &editor, event)?;
            (format!("rejected {event}"), commit)
        }
        Some(Verb::Join { stays, goes }) => {
            let commit = editorial::join(store, &editor, stays, goes)?;
            (format!("merged {goes} into {stays}"), commit)
        }
        Some(Verb::Split { event, partner }) => {
            let commit = editorial::split(store, &editor, event, partner)?;
            (format!("split {event} from {partner}"), commit)
        }
    };
    done(session, &what, commit.0)
}

fn list(
    opened: &OpenCalendar,
    open: &OpenReview,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    session.print(&match session.output {
        Output::Json => format!("{}\n", serde_json::to_string(open)?),
        Output::Text if open.is_empty() => "nothing to review\n".to_owned(),
        Output::Text => report(opened, open),
    })?;
    Ok(if open.is_empty() {
        Ending::Done
    } else {
        Ending::Findings
    })
}

fn report(opened: &OpenCalendar, open: &OpenReview) -> String {
    let mut out = String::new();
    for state in &open.held {
        out.push_str(&held(state));
    }
    for event in &open.queued {
        out.push_str(&queued(event));
    }
    for suggestion in &open.suggestions {
        let snapshot = opened.calendar.snapshot();
        let here = snapshot.event(&suggestion.event).map(|event| event.event());
        out.push_str(&suggested(suggestion, here.as_deref()));
    }
    out
}

// Writing to a string cannot fail.

fn held(state: &PartnerState) -> String {
    let partner = &state.partner;
    match &state.guard {
        Guard::Quarantined { run } => format!(
            "quarantined  {partner}: run {run}; `sync release {partner}` accepts the next response\n"
        ),
        Guard::Held { run } => {
            format!(
                "held         {partner}: run {run} was rolled back; `sync release {partner}` resumes\n"
            )
        }
        Guard::Watching | Guard::Released => String::new(),
    }
}

fn queued(event: &Event) -> String {
    let partner = event.sources.first().map(|source| source.partner.as_str());
    format!(
        "queued       {}  {} ({}), {}; `sync review approve {0}` or `reject`\n",
        event.id,
        event.title_in(Lang::Nb),
        event.schedule.when.start().date(),
        partner.unwrap_or_default(),
    )
}

fn suggested(suggestion: &Suggestion, here: Option<&Event>) -> String {
    let Suggestion {
        id, partner, event, ..
    } = suggestion;
    let mut out = String::new();
    match &suggestion.matter {
        Subject::Fields { fields, told } => {
            let names: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
            let _ = writeln!(
                out,
                "differs      {id}  {partner} differs from {event} in {}",
                names.join(", ")
            );
            for field in fields {
                let ours = here.map_or_else(String::new, |event| shown(event, *field));
                let _ = writeln!(
                    out,
                    "    {}: {ours} | {partner}: {}",
                    field.as_str(),
                    shown(told, *field)
                );
            }
        }
        Subject::SameEvent { other, score } => {
            let _ = writeln!(
                out,
                "duplicate?   {id}  {event} of {partner} may be {other}: {} of 100 (title {}, time {}, place \
                 {}, address {})",
                score.total, score.title, score.time, score.place, score.address
            );
        }
    }
    out
}

/// Formats a field in short: as JSON, or a single text without quotes.
fn shown(event: &Event, field: Field) -> String {
    // A record leaves blank fields out.
    if field == Field::Availability {
        return format!("«{}»", event.availability.as_str());
    }
    if event.is_blank(field) {
        return "nothing".to_owned();
    }
    let event = serde_json::to_value(event).unwrap_or_default();
    let name = match field {
        Field::Admission => "offers",
        other => other.as_str(),
    };
    let mut value = &event[name];
    if let Some(text) = value.get("nb").or_else(|| value.get("en")) {
        value = text;
    }
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    let mut short: String = text.chars().take(100).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("«{}»", short.replace(['\n', '\r'], " "))
}
