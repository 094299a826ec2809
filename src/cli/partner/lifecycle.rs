//! Pauses, resumes and removes partners.

use std::collections::BTreeMap;

use serde_json::json;

use crate::cli::open::{self, OpenCalendar};
use crate::cli::session::Session;
use crate::cli::{Ending, Failure, Output};
use crate::ingest::{access, upsert};
use crate::seed;
use calendar_domain::{
    EventId, Owner, Partner, PartnerField, PartnerId, PartnerState, RecordKey, RecordKind, Trust,
};
use calendar_store::{Author, Change, Store, records};

use super::{operator, put};

fn known(opened: &OpenCalendar, id: &PartnerId) -> Result<Partner, Failure> {
    let found = opened.calendar.snapshot().partner(id).cloned();
    let found = found.ok_or_else(|| format!("there is no partner «{id}»"))?;
    Ok(Partner::clone(&found))
}

/// Pauses a partner, or resumes it.
pub fn pause(
    opened: &OpenCalendar,
    id: &PartnerId,
    paused: bool,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let mut partner = known(opened, id)?;
    let owned: BTreeMap<PartnerField, Owner> = partner
        .owned()
        .chain([PartnerField::Paused])
        .map(|field| (field, operator()))
        .collect();
    let connection = partner.connection.as_mut();
    let connection = connection.filter(|connection| connection.url.is_some());
    let connection = connection.ok_or_else(|| {
        format!("«{id}» has no address to fetch; `partner add {id} --kind KIND --url URL` sets one")
    })?;
    connection.paused = paused;
    partner.owners = owned;
    let next = what_is_next(&partner);
    put(&opened.calendar, partner)?;
    session.print(&match session.output {
        Output::Json => format!("{}\n", json!({"partner": id, "paused": paused})),
        Output::Text => format!("{id}: {next}\n"),
    })?;
    Ok(Ending::Done)
}

/// Describes what happens next with a partner.
pub fn what_is_next(partner: &Partner) -> String {
    let id = &partner.id;
    let connection = partner.connection.as_ref();
    let Some(connection) = connection.filter(|connection| connection.url.is_some()) else {
        return format!(
            "it has no address to fetch and sends its events; `partner key {id}` makes its key"
        );
    };
    if connection.paused {
        return format!(
            "it is paused and fetched only by `sync {id}`; `sync {id} --dry-run` shows its events, `partner \
             resume {id}` starts the schedule"
        );
    }
    let published = match connection.trust {
        Trust::Publish => "publishes its events",
        Trust::Queue => "adds new events to `sync review`",
    };
    format!(
        "a running server fetches it now and every {} minutes, and {published}; `sync {id} --dry-run` shows \
         its events, `partner pause {id}` stops the schedule",
        connection.every_minutes
    )
}

/// Removes a partner. Its record stays while an event names it as a source.
pub fn remove(
    opened: &OpenCalendar,
    id: &PartnerId,
    withdraw: bool,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let calendar = &opened.calendar;
    let partner = known(opened, id)?;
    let files = seed::read(open::region_files(&opened.config))?.partners;
    if files.iter().any(|file| file.id == *id) {
        let why = format!(
            "«{id}» is in partners.toml; remove it there, then run `seed` or reload the server; `partner \
             pause {id}` stops it meanwhile"
        );
        return Err(why.into());
    }
    let mut revoked = 0;
    for key in access::keys_of(calendar, id)? {
        if key.revoked.is_none() {
            access::revoke_key(calendar, &key.id)?;
            revoked += 1;
        }
    }
    // Disconnected first, so that no run restores withdrawn events.
    let stopped = Partner {
        connection: None,
        push: None,
        owner: operator(),
        owners: BTreeMap::new(),
        ..partner
    };
    put(calendar, stopped)?;
    // If the partner is added again, its previous state must not count.
    forget_state(opened, id)?;
    let sent = upsert::all_of(calendar, id)?;
    if withdraw {
        for (origin, _) in &sent {
            upsert::withdraw(calendar, id, origin, &|_| true)?;
        }
    }
    let sources = sources_of(opened, id)?;
    let is_gone = sources.is_empty();
    if is_gone {
        forget(opened, id)?;
    }
    let events = sent.len();
    session.print(&match session.output {
        Output::Json => format!(
            "{}\n",
            json!({"partner": id, "removed": is_gone, "events": events, "withdrawn": withdraw, "revoked": revoked})
        ),
        Output::Text => {
            let what = match (events, withdraw) {
                (0, _) => "it had no events".to_owned(),
                (_, true) => format!("its {events} events are withdrawn, except those of other partners too"),
                (_, false) => format!(
                    "its {events} events remain; `partner remove {id} --withdraw-events` withdraws them"
                ),
            };
            format!("removed {id} and revoked {revoked} keys; {what}\n")
        }
    })?;
    Ok(Ending::Done)
}

/// Returns the events, published or not, that have the partner as a source.
fn sources_of(opened: &OpenCalendar, id: &PartnerId) -> Result<Vec<EventId>, Failure> {
    let mut found = Vec::new();
    opened.calendar.scan(&[RecordKind::Event], &mut |batch| {
        for stored in batch {
            if let calendar_domain::Record::Event(event) = &stored.record
                && event.sources.iter().any(|source| source.partner == *id)
            {
                found.push(event.id.clone());
            }
        }
    })?;
    Ok(found)
}

fn forget(opened: &OpenCalendar, id: &PartnerId) -> Result<(), Failure> {
    let calendar = &opened.calendar;
    let mut changes = Vec::new();
    let key = RecordKey::new(RecordKind::Partner, id.as_str());
    if let Some(stored) = calendar.get(&key)? {
        changes.push(Change::remove(key, stored.revision));
    }
    calendar.write(Author::Operator, "removed a partner", changes)?;
    Ok(())
}

/// Removes the state of exchange with a partner. Waits for a run that is writing.
fn forget_state(opened: &OpenCalendar, id: &PartnerId) -> Result<(), Failure> {
    let calendar = &opened.calendar;
    let _turn = calendar.planning().alone();
    if let Some((_, revision)) = records::one::<PartnerState>(&**calendar, id.as_str())? {
        let key = RecordKey::new(RecordKind::PartnerState, id.as_str());
        let change = Change::remove(key, revision);
        calendar.write(Author::Operator, "removed a partner", vec![change])?;
    }
    Ok(())
}
