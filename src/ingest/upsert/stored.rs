//! Lookup of the events that a partner sent.

use crate::catalog::Calendar;
use crate::ingest::reconcile::partner_event_id;
use calendar_domain::{
    Event, EventId, Field, PartnerId, Publication, Record, RecordKind, SourceVersion,
};
use calendar_store::{Store, StoreError, records};

use super::{Kept, is_origin};

/// Returns the event of a partner's origin id, published or not.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn find(
    calendar: &Calendar,
    partner: &PartnerId,
    origin_id: &str,
) -> Result<Option<Kept>, StoreError> {
    let snapshot = calendar.snapshot();
    let namespace = snapshot.region().uid_namespace;
    let tells = |event: &Event| {
        let mut sources = event.sources.iter();
        sources.any(|source| is_origin(source, partner, origin_id))
    };
    // An editor may have split it from another partner's event, which then keeps the first id.
    for named in [origin_id.to_owned(), format!("{origin_id}/again")] {
        let id = partner_event_id(namespace, partner, &named);
        if let Some(kept) = record(calendar, &id)?.filter(|record| tells(&record.event)) {
            return Ok(Some(kept));
        }
    }
    // It may have come from another source first and been merged.
    let joined = snapshot
        .events_from(partner)
        .find(|entry| tells(&entry.event()));
    let id = joined.and_then(|entry| entry.id().parse::<EventId>().ok());
    let id = id.or_else(|| snapshot.hidden_event(partner, origin_id).cloned());
    let kept = id.map_or(Ok(None), |id| record(calendar, &id))?;
    Ok(kept.filter(|kept| tells(&kept.event)))
}

/// Returns an event with the values that the partner itself sent, without those of other sources.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn in_own_words(
    calendar: &Calendar,
    partner: &PartnerId,
    origin_id: &str,
    event: &Event,
) -> Result<Event, StoreError> {
    let mut next = event.clone();
    let own = event
        .sources
        .iter()
        .find(|source| is_origin(source, partner, origin_id));
    let Some(source) = own.filter(|_| event.sources.len() > 1) else {
        return Ok(next);
    };
    let key = SourceVersion::key_of(partner, origin_id);
    if let Some((version, _)) = records::one::<SourceVersion>(calendar, &key)?
        && version.event == event.id
        && version.is_of(source)
    {
        for field in Field::ALL
            .into_iter()
            .filter(|field| *field != Field::Publication)
        {
            next.take(field, &version.told);
        }
    }
    Ok(next)
}

/// Returns the origin id and event id of every event with this partner as a source, except withdrawn ones.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn all_of(
    calendar: &Calendar,
    partner: &PartnerId,
) -> Result<Vec<(String, EventId)>, StoreError> {
    let mut found = Vec::new();
    calendar.scan(&[RecordKind::Event], &mut |batch| {
        for stored in batch {
            if let Record::Event(event) = &stored.record
                && event.publication != Publication::Withdrawn
            {
                let own = event
                    .sources
                    .iter()
                    .filter(|source| source.partner == *partner);
                found.extend(own.map(|source| (source.origin_id.clone(), event.id.clone())));
            }
        }
    })?;
    found.sort();
    Ok(found)
}

/// Returns the stored event with an id.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn record(calendar: &Calendar, id: &EventId) -> Result<Option<Kept>, StoreError> {
    let found = records::one(calendar, id.as_str())?;
    Ok(found.map(|(event, revision)| Kept { event, revision }))
}
