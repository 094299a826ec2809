//! Finished feeds, kept while they are true.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use url::Url;

use crate::catalog::{Snapshot, Version};

use super::{Choices, Feed, FeedRequest, Scope};

/// A finished feed.
#[derive(Debug, Clone)]
pub struct Body {
    /// The bytes.
    pub bytes: Arc<[u8]>,
    /// A strong validator over the bytes, quotes included.
    pub etag: String,
    /// When the feed may have changed last: the last commit, or the last midnight, at which its
    /// window moved.
    pub modified: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    version: Version,
    extension: &'static str,
    scope: Scope,
    choices: Choices,
    base: Url,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, Body> for ByBytes {
    fn weight(&self, _: &Key, body: &Body) -> u64 {
        // The key and the bookkeeping weigh something too, or a crawler with a million filters
        // that find nothing would fill the memory for free.
        body.bytes.len() as u64 + 1024
    }
}

/// The feeds of a running program, bounded by bytes. What a new version of the calendar has
/// made stale is never served: the version is part of the key.
pub struct Feeds {
    cache: Cache<Key, Body, ByBytes>,
}

impl Feeds {
    /// Keeps at most about `bytes` of finished feeds.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let items = usize::try_from(bytes / 4096)
            .unwrap_or(1024)
            .clamp(64, 65_536);
        Self {
            cache: Cache::with_weighter(items, bytes, ByBytes),
        }
    }

    /// The feed, made now if it is not there; readers who come together share one making.
    #[must_use]
    pub fn body(
        &self,
        feed: &'static dyn Feed,
        snapshot: &Snapshot,
        scope: &Scope,
        choices: Choices,
        base: &Url,
    ) -> Body {
        let key = Key {
            version: snapshot.version(),
            extension: feed.extension(),
            scope: scope.clone(),
            choices,
            base: base.clone(),
        };
        let make = || -> Result<Body, std::convert::Infallible> {
            Ok(make(feed, snapshot, scope, choices, base))
        };
        match self.cache.get_or_insert_with(&key, make) {
            Ok(body) => body,
        }
    }
}

fn make(feed: &dyn Feed, snapshot: &Snapshot, scope: &Scope, choices: Choices, base: &Url) -> Body {
    let mut entries = match scope {
        Scope::Event(slug) => snapshot.event_at(slug).cloned().into_iter().collect(),
        _ => snapshot.feed(&scope.query()),
    };
    entries.sort_by(|a, b| (a.first, a.id()).cmp(&(b.first, b.id())));
    let request = FeedRequest {
        snapshot,
        scope,
        entries,
        choices,
        base,
    };
    let bytes: Arc<[u8]> = feed.render(&request).into();
    Body {
        etag: etag(&bytes),
        modified: snapshot.modified(),
        bytes,
    }
}

/// A strong entity tag of a body (RFC 9110 8.8.3): half of its SHA-256, quoted.
#[must_use]
pub fn etag(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut tag = String::from("\"");
    for byte in &Sha256::digest(bytes)[..16] {
        write!(tag, "{byte:02x}").expect("writing to a string cannot fail");
    }
    tag.push('"');
    tag
}
