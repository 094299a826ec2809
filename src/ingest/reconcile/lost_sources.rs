//! Removal of a partner's sources from an event.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use calendar_domain::source_version::settle_rest;
use calendar_domain::{Event, Field, Owner, Publication, Source, SourceVersion};
use calendar_store::StoreError;

use super::{Lookup, suggestions_of_rest};
use crate::ingest::suggestions::Matters;

/// What the loss of sources changes beside the event.
#[derive(Debug, Default)]
pub struct LostSources {
    /// Keys of the removed sources' versions.
    pub versions: Vec<String>,
    /// Suggestions of the remaining sources.
    pub matters: Matters,
}

/// Removes a partner's sources from an event. If other sources remain, its fields are settled from them.
/// Otherwise it is withdrawn and keeps its sources, so that it is recognized if it returns. A publication state
/// that a person set stays. `terms` are the namespace and the time of suggestions.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn lose_source(
    event: &mut Event,
    is_lost: impl Fn(&Source) -> bool,
    stored: &Lookup<'_>,
    terms: (Uuid, DateTime<Utc>),
) -> Result<LostSources, StoreError> {
    let (lost, left): (Vec<Source>, Vec<Source>) = event
        .sources
        .iter()
        .cloned()
        .partition(|source| is_lost(source));
    let Some(partner) = lost.first().map(|lost| lost.partner.clone()) else {
        return Ok(LostSources::default());
    };
    let owned_by = |field, is: fn(&Owner) -> bool| event.owner(field).is_some_and(is);
    let is_partners: fn(&Owner) -> bool = |owner| matches!(owner, Owner::Partner(_));
    let by_person = owned_by(Field::Publication, Owner::is_person);
    let is_ours: fn(&Owner) -> bool = |owner| !matches!(owner, Owner::Partner(_));
    let is_own = owned_by(Field::Schedule, is_ours)
        && !owned_by(Field::Publication, is_partners)
        && !by_person;
    // Second-hand sources may republish this calendar. Two of them would keep each other's copy alive forever.
    let was_firsthand = lost.iter().any(|lost| !lost.secondhand);
    let has_heir = left.iter().any(|left| !(was_firsthand && left.secondhand));
    if has_heir || is_own {
        event.sources = left;
        let heir = event.sources.first().map(|source| source.partner.clone());
        event.transfer_ownership(&partner, heir.as_ref());
        let rest = settle_rest(event, |source| stored.version(source))?;
        let key = |source: &Source| SourceVersion::key_of(&source.partner, &source.origin_id);
        return Ok(LostSources {
            versions: lost.iter().map(key).collect(),
            matters: suggestions_of_rest(terms, event, &partner, rest),
        });
    }
    let is_public_or_waits = matches!(
        event.publication,
        Publication::Published | Publication::Submitted
    );
    if is_public_or_waits && !by_person {
        event.publication = Publication::Withdrawn;
        let owner = Owner::Partner(partner);
        event.owners.insert(Field::Publication, owner);
    }
    Ok(LostSources::default())
}
