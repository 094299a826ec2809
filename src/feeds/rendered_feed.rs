//! A complete feed: a frame and blocks, in every coding.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};

use crate::catalog::{Entry, Snapshot};
use calendar_domain::EventId;

use super::block::{Block, BlockPart, beginning, cut, key_of, run};
use super::body::last_modified;
use super::content_encoding::{self, Coding, Deflater};
use super::fragment::{Pieces, made};
use super::{EncodedBody, Feed, FeedFrame, FeedRequest, Freshness, Scope, Summary};

/// How long a feed must be unchanged before the expensive codings are produced.
const SETTLED: Duration = Duration::from_secs(2);

/// A rendered feed. Immutable, except that further codings are added.
#[derive(Debug)]
pub struct Stitched {
    /// Date on which its window is based.
    pub(super) day: NaiveDate,
    /// Upper bound of the time of its last change.
    pub modified: DateTime<Utc>,
    /// `modified` as the value of `Last-Modified`.
    pub last_modified: String,
    /// Media type with parameters.
    pub media_type: &'static str,
    /// `Link` header with its hub and its own URL (RFC 8288; W3C WebSub 4).
    pub link: String,
    events: Members,
    head: BlockPart,
    blocks: Vec<Arc<Block>>,
    tail: BlockPart,
    tag: String,
    made: Instant,
    identity: EncodedBody,
    gzip: OnceLock<EncodedBody>,
    brotli: OnceLock<EncodedBody>,
    zstd: OnceLock<EncodedBody>,
}

/// Events of a feed, in order.
#[derive(Debug, Clone, Default)]
struct Members {
    entries: Vec<Arc<Entry>>,
    /// Short key of each event, contiguous so that a search does not touch the entries.
    keys: Vec<u32>,
}

impl Members {
    fn new(scope: &Scope, snapshot: &Snapshot, feed: &dyn Feed) -> Self {
        let mut entries = match scope {
            Scope::Event(slug) => snapshot.event_at(slug).cloned().into_iter().collect(),
            _ => snapshot.feed(&scope.query()),
        };
        entries.sort_by(|a, b| feed.order().compare(a, b));
        let keys = entries.iter().map(|entry| key_of(entry.id())).collect();
        Self { entries, keys }
    }

    fn position(&self, id: &EventId) -> Option<usize> {
        let key = key_of(id.as_str());
        let same =
            |(at, found): (usize, &u32)| *found == key && self.entries[at].id() == id.as_str();
        self.keys.iter().enumerate().position(same)
    }

    fn remove(&mut self, at: usize) {
        self.entries.remove(at);
        self.keys.remove(at);
    }

    fn insert(&mut self, entry: Arc<Entry>, feed: &dyn Feed) {
        let before = |other: &Arc<Entry>| feed.order().compare(other, &entry).is_lt();
        let at = self.entries.partition_point(before);
        self.keys.insert(at, key_of(entry.id()));
        self.entries.insert(at, entry);
    }
}

impl Stitched {
    /// Renders the feed of a request, reusing identical blocks of an older one.
    pub(super) fn new(
        feed: &dyn Feed,
        request: &FeedRequest<'_>,
        older: Option<&Self>,
        pieces: &Pieces,
    ) -> Self {
        let members = Members::new(request.scope, request.snapshot, feed);
        Self::made_of(members, feed, request, older, pieces)
    }

    /// Renders the feed of one event, which need not be in the calendar.
    #[must_use]
    pub fn of_one(feed: &dyn Feed, request: &FeedRequest<'_>, entry: Arc<Entry>) -> Self {
        let members = Members {
            keys: vec![key_of(entry.id())],
            entries: vec![entry],
        };
        Self::made_of(members, feed, request, None, &Pieces::new(0))
    }

    /// Returns the feed after events were changed, added or removed; `None` if none of them affects
    /// it.
    pub(super) fn after<'e>(
        &self,
        changed: impl Iterator<Item = &'e EventId>,
        feed: &dyn Feed,
        request: &FeedRequest<'_>,
        pieces: &Pieces,
    ) -> Option<Self> {
        let query = request.scope.query();
        let in_feed = request.snapshot.in_feed(&query);
        let find = |id: &EventId| match request.scope {
            Scope::Event(slug) => {
                (request.snapshot.event(id)).filter(|value| value.slug() == slug.as_str())
            }
            _ => in_feed(id),
        };
        let mut members: Option<Members> = None;
        for id in changed {
            let now = find(id);
            let known = members.as_ref().unwrap_or(&self.events);
            let before = known.position(id);
            let same = matches!((before, now), (Some(at), Some(now))
                if Arc::ptr_eq(&known.entries[at], now));
            if same || (before.is_none() && now.is_none()) {
                continue;
            }
            let members = members.get_or_insert_with(|| self.events.clone());
            if let Some(at) = before {
                members.remove(at);
            }
            if let Some(now) = now {
                members.insert(Arc::clone(now), feed);
            }
        }
        members.map(|members| Self::made_of(members, feed, request, Some(self), pieces))
    }

    fn made_of(
        events: Members,
        feed: &dyn Feed,
        request: &FeedRequest<'_>,
        older: Option<&Self>,
        pieces: &Pieces,
    ) -> Self {
        let day = request.snapshot.version().today;
        let blocks = blocks(&events, feed, request, older, pieces);
        let mut gist = Summary::default();
        blocks.iter().for_each(|block| gist.join(&block.gist));
        let FeedFrame { head, tail } = feed.frame(request, &gist);
        let head = reused(&head, older.map(|older| &older.head));
        let tail = reused(&tail, older.map(|older| &older.tail));
        let parts = || parts_of(&head, &blocks, &tail);
        let tag = tag(parts().map(|part| part.digest));
        let unchanged = older.filter(|older| older.tag == tag);
        let bytes = parts().map(|part| part.bytes.clone()).collect();
        let modified =
            unchanged.map_or(request.snapshot.modified(), |unchanged| unchanged.modified);
        Self {
            day,
            modified,
            last_modified: last_modified(modified),
            media_type: feed.media_type_of(&gist),
            link: request.link(feed.extension()),
            made: unchanged.map_or_else(Instant::now, |unchanged| unchanged.made),
            identity: EncodedBody::new(bytes, quoted(&tag, ""), Coding::Identity),
            gzip: OnceLock::new(),
            brotli: unchanged
                .map(|unchanged| unchanged.brotli.clone())
                .unwrap_or_default(),
            zstd: unchanged
                .map(|unchanged| unchanged.zstd.clone())
                .unwrap_or_default(),
            events,
            head,
            blocks,
            tail,
            tag,
        }
    }

    /// Returns the feed in a coding: identity and gzip always, the others once they were requested
    /// and produced.
    #[must_use]
    pub fn body(&self, coding: Coding) -> Option<EncodedBody> {
        match coding {
            Coding::Identity => Some(self.identity.clone()),
            Coding::Gzip => Some(self.gzip.get().cloned().unwrap_or_else(|| self.zipped())),
            Coding::Brotli => self.brotli.get().cloned(),
            Coding::Zstd => self.zstd.get().cloned(),
        }
    }

    /// Returns the coding that an entity tag of this feed denotes, in any of its forms; `None` for
    /// the tag of another or older feed. `tag` is without `W/`.
    #[must_use]
    pub fn coding_of(&self, tag: &str) -> Option<Coding> {
        let inside = tag.strip_prefix('"')?.strip_suffix('"')?;
        match inside.strip_prefix(self.tag.as_str())? {
            "" => Some(Coding::Identity),
            "-gzip" | "-gzip-0" => Some(Coding::Gzip),
            "-br" => Some(Coding::Brotli),
            "-zstd" => Some(Coding::Zstd),
            _ => None,
        }
    }

    /// Deflates the remaining parts, so that the gzip form is compressed.
    pub fn press(&self, deflater: &mut Deflater) {
        for part in self.parts() {
            deflater.deflate(part);
        }
        self.zipped();
    }

    /// Produces an expensive coding.
    pub(super) fn press_whole(&self, coding: Coding) {
        let keep = |kept: &OnceLock<EncodedBody>, bytes: Vec<u8>, suffix| {
            let body = EncodedBody::new(vec![bytes.into()], quoted(&self.tag, suffix), coding);
            // If another thread was first, its bytes are the same.
            let _ = kept.set(body);
        };
        let parts: Vec<&[u8]> = self.parts().map(|part| &*part.bytes).collect();
        match coding {
            Coding::Identity | Coding::Gzip => {}
            Coding::Brotli => keep(&self.brotli, content_encoding::brotli(&parts), "-br"),
            Coding::Zstd => match content_encoding::zstd(&parts) {
                Ok(bytes) => keep(&self.zstd, bytes, "-zstd"),
                Err(error) => tracing::warn!(%error, "cannot compress a feed with Zstandard"),
            },
        }
    }

    /// Returns true if the feed is ready in a coding.
    pub(super) fn is_pressed(&self, coding: Coding) -> bool {
        match coding {
            Coding::Identity => true,
            Coding::Gzip => self.gzip.get().is_some(),
            Coding::Brotli => self.brotli.get().is_some(),
            Coding::Zstd => self.zstd.get().is_some(),
        }
    }

    /// Returns how long to wait until the feed has been unchanged for long enough; `None` if it
    /// has.
    pub(super) fn unsettled(&self) -> Option<Duration> {
        SETTLED.checked_sub(self.made.elapsed())
    }

    /// Returns the approximate memory use in bytes, without the entries, which belong to the
    /// catalog.
    pub(super) fn weight(&self) -> u64 {
        let parts = self.parts().map(|part| {
            let deflated = part.deflated.get().map_or(0, Bytes::len);
            part.bytes.len() + deflated + 256
        });
        let coded = [&self.gzip, &self.brotli, &self.zstd];
        let whole = coded.into_iter().filter_map(OnceLock::get);
        let whole = whole
            .chain([&self.identity])
            .map(EncodedBody::weight_beside_parts);
        (parts.chain(whole).sum::<usize>() + self.events.keys.len() * 12) as u64
    }

    /// Returns the number of blocks.
    #[cfg(test)]
    pub(super) fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Returns the number of blocks shared with an older feed.
    #[cfg(test)]
    pub(super) fn blocks_shared_with(&self, older: &Self) -> usize {
        let same = |block: &&Arc<Block>| older.blocks.iter().any(|other| Arc::ptr_eq(other, block));
        self.blocks.iter().filter(same).count()
    }

    fn zipped(&self) -> EncodedBody {
        let (segments, pressed) = content_encoding::gzip(self.parts());
        if pressed {
            let body = || EncodedBody::new(segments, quoted(&self.tag, "-gzip"), Coding::Gzip);
            self.gzip.get_or_init(body).clone()
        } else {
            // The bytes differ from the compressed form, so the tag does too.
            EncodedBody::new(segments, quoted(&self.tag, "-gzip-0"), Coding::Gzip)
        }
    }

    fn parts(&self) -> impl Iterator<Item = &BlockPart> {
        parts_of(&self.head, &self.blocks, &self.tail)
    }
}

fn parts_of<'a>(
    head: &'a BlockPart,
    blocks: &'a [Arc<Block>],
    tail: &'a BlockPart,
) -> impl Iterator<Item = &'a BlockPart> {
    let inner = blocks.iter().map(|block| &block.part);
    std::iter::once(head)
        .chain(inner)
        .chain(std::iter::once(tail))
}

fn blocks(
    events: &Members,
    feed: &dyn Feed,
    request: &FeedRequest<'_>,
    older: Option<&Stitched>,
    pieces: &Pieces,
) -> Vec<Arc<Block>> {
    let known: HashMap<usize, &Arc<Block>> = older
        .into_iter()
        .flat_map(|stitched| &stitched.blocks)
        .map(|block| (block.begins_with(), block))
        .collect();
    let today = request.snapshot.version().today;
    let dated =
        feed.ages() == Freshness::WithTheDay && older.is_some_and(|stitched| stitched.day != today);
    let mut number = 0;
    cut(&events.keys)
        .map(|range| {
            let run = &events.entries[range];
            let block = match known.get(&beginning(run)) {
                Some(block) if block.is_of(run, number, feed) && !(dated && block.recurs()) => {
                    Arc::clone(block)
                }
                _ => Arc::new(Block::new(run, number, feed, request, pieces)),
            };
            number += block.gist.count;
            block
        })
        .collect()
}

/// Returns the part of these bytes, reusing an identical older one with its compressed form.
fn reused(bytes: &[u8], older: Option<&BlockPart>) -> BlockPart {
    match older {
        Some(older) if older.bytes == bytes => older.clone(),
        _ => BlockPart::new(bytes),
    }
}

/// Renders the whole feed of these events without caching, for files.
#[must_use]
pub fn render(feed: &dyn Feed, request: &FeedRequest<'_>, mut entries: Vec<Arc<Entry>>) -> Vec<u8> {
    entries.sort_by(|a, b| feed.order().compare(a, b));
    let (mut inner, gist) = run(&entries, 0, feed, |entry| made(feed, entry, request));
    let FeedFrame { mut head, tail } = feed.frame(request, &gist);
    head.append(&mut inner);
    head.extend(tail);
    head
}

/// Returns a strong entity tag of a body (RFC 9110 8.8.3): half of its SHA-256, quoted.
#[must_use]
pub fn etag(bytes: &[u8]) -> String {
    format!("\"{}\"", hex::encode(&Sha256::digest(bytes)[..16]))
}

/// Combines the digests of the parts. BlockPart boundaries are determined by the content, so identical
/// feeds have identical tags.
fn tag(digests: impl Iterator<Item = [u8; 32]>) -> String {
    let mut whole = Sha256::new();
    digests.for_each(|digest| whole.update(digest));
    hex::encode(&whole.finalize()[..16])
}

fn quoted(tag: &str, suffix: &str) -> Arc<str> {
    format!("\"{tag}{suffix}\"").into()
}
