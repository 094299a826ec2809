//! Events as finished JSON, cached.

use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};

use calendar_domain::{EventId, Lang};

use crate::catalog::{CachedValue, Entry, EntryCache, EventOccurrence, Snapshot, caught};

use super::{MemberSet, write, write_occurrence};

/// Maximum number of parts that are written with their event.
const MOST_PARTS: usize = 100;

/// How an item is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct JsonShape {
    /// The only language of texts; `None` for all languages.
    pub lang: Option<Lang>,
    /// The members; `None` for all.
    pub members: Option<MemberSet>,
}

/// The JSON of an item.
#[derive(Debug)]
pub struct JsonFragment {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes.
    pub digest: [u8; 32],
    /// The id of the event that the event is a part of.
    pub super_event: Option<EventId>,
}

impl JsonFragment {
    /// Returns a strong entity tag (RFC 9110 8.8.3), with quotes.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("\"{}\"", hex::encode(&self.digest[..16]))
    }

    /// Returns the same object with a further member, a list of others.
    fn with_list(&self, name: &str, others: &[Arc<Self>]) -> Self {
        // Without its closing brace.
        let mut bytes = self.bytes.clone();
        bytes.pop();
        bytes.extend_from_slice(format!(",\"{name}\":[").as_bytes());
        for (number, other) in others.iter().enumerate() {
            if number > 0 {
                bytes.push(b',');
            }
            bytes.extend_from_slice(&other.bytes);
        }
        bytes.extend_from_slice(b"]}");
        Self {
            digest: Sha256::digest(&bytes).into(),
            bytes,
            super_event: self.super_event.clone(),
        }
    }

    fn new(mut bytes: Vec<u8>, super_event: Option<&str>) -> Self {
        bytes.shrink_to_fit();
        Self {
            digest: Sha256::digest(&bytes).into(),
            bytes,
            super_event: super_event.and_then(|id| id.parse().ok()),
        }
    }
}

impl CachedValue for Option<Arc<JsonFragment>> {
    fn heap_size(&self) -> usize {
        self.as_ref().map_or(0, |value| value.bytes.capacity())
    }
}

/// Events of one site as JSON, cached within a bound of bytes. Cheap to clone.
///
/// `base` is always the site's URL without a trailing slash. It must not change once there are requests.
#[derive(Clone)]
pub struct Fragments(Arc<EntryCache<JsonShape, Option<Arc<JsonFragment>>>>);

impl Fragments {
    /// Returns a cache that holds at most about `bytes`.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        Self(Arc::new(EntryCache::new(bytes)))
    }

    /// Returns the number of bytes in use.
    #[must_use]
    pub fn weight(&self) -> u64 {
        self.0.weight()
    }

    /// Returns an event of a snapshot as JSON. An event that cannot be written is logged and left out.
    #[must_use]
    pub fn event(
        &self,
        entry: &Arc<Entry>,
        snapshot: &Snapshot,
        base: &str,
        shape: JsonShape,
    ) -> Option<Arc<JsonFragment>> {
        let make = || {
            made(entry, || {
                let mut event = write(entry, snapshot, &base_in(base, shape.lang));
                if let Some(lang) = shape.lang {
                    event.localize(lang);
                }
                let bytes = to_json(&event, shape)?;
                Ok(JsonFragment::new(bytes, event.super_event.as_deref()))
            })
        };
        // An entry stays the same when its parts change, which the JSON form lists.
        let id: Option<EventId> = entry.id().parse().ok();
        if id.is_some_and(|id| snapshot.has_parts(&id)) {
            return make();
        }
        self.0.get_or_make(entry, shape, make)
    }

    /// Returns an event of a snapshot as JSON, with those of its parts that may be passed on in a further member, `parts`.
    #[must_use]
    pub fn event_with_parts(
        &self,
        entry: &Arc<Entry>,
        snapshot: &Snapshot,
        base: &str,
        shape: JsonShape,
    ) -> Option<Arc<JsonFragment>> {
        let event = self.event(entry, snapshot, base, shape)?;
        let id: Option<EventId> = entry.id().parse().ok();
        let parts = id.iter().flat_map(|id| snapshot.parts_passed_on(id));
        let parts = parts.take(MOST_PARTS);
        let parts = parts.filter_map(|part| self.event(part, snapshot, base, shape));
        let parts: Vec<_> = parts.collect();
        Some(Arc::new(event.with_list("parts", &parts)))
    }

    /// Returns an occurrence as JSON. One that cannot be written is logged and left out.
    #[must_use]
    pub fn occurrence(
        &self,
        occurrence: &EventOccurrence,
        snapshot: &Snapshot,
        base: &str,
        shape: JsonShape,
    ) -> Option<Arc<JsonFragment>> {
        made(&occurrence.entry, || {
            let base = base_in(base, shape.lang);
            let mut written = write_occurrence(occurrence, snapshot, &base);
            if let Some(lang) = shape.lang {
                written.localize(lang);
            }
            let bytes = to_json(&written, shape)?;
            Ok(JsonFragment::new(bytes, written.super_event.as_deref()))
        })
    }
}

/// Returns the base of addresses of pages in a language.
fn base_in(base: &str, lang: Option<Lang>) -> String {
    format!("{base}{}", lang.map_or("", Lang::path_prefix))
}

fn to_json(item: &impl Serialize, shape: JsonShape) -> serde_json::Result<Vec<u8>> {
    match shape.members {
        Some(members) => members.select(item),
        None => serde_json::to_vec(item),
    }
}

fn made(
    entry: &Entry,
    make: impl FnOnce() -> serde_json::Result<JsonFragment>,
) -> Option<Arc<JsonFragment>> {
    let made = caught(make).and_then(|made| made.map_err(|error| error.to_string()));
    match made {
        Ok(fragment) => Some(Arc::new(fragment)),
        Err(why) => {
            tracing::error!(event = %entry.id(), why, "an event is left out of a list");
            None
        }
    }
}
