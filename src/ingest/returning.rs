//! Detects our own events in a partner's response: events pushed to the partner, or to the calendar that it
//! reads. The partner is not a source of them.
//!
//! Any one of these suffices: the remote id of a pushed event, the data source of our ids, a slug with our
//! prefix, a link to the event's page here, our `UID`.

use std::collections::HashSet;

use url::Url;

use crate::catalog::{Calendar, Snapshot};
use crate::ingest::fetch::FetchedBatch;
use calendar_connectors::connector::ParsedItem;
use calendar_connectors::diagnostic::Diagnostic;
use calendar_domain::{Connection, EventDraft, Lang, PartnerId, Slug, Uid};
use calendar_store::StoreError;

use crate::delivery::push::{find, record, tribe};

/// Length of the digest of a `UID` at the end of a slug, in hex digits.
const DIGEST: usize = 8;

/// The identifiers of our events in a partner's calendar.
pub struct Returning<'a> {
    snapshot: &'a Snapshot,
    site: Option<&'a Url>,
    partner: &'a PartnerId,
    ids: HashSet<String>,
    uids: HashSet<Uid>,
    /// Prefixes of ids in our data sources.
    sources: Vec<String>,
    slugs: Option<String>,
}

impl<'a> Returning<'a> {
    /// Reads the records of pushed events. `site` is the URL of this calendar.
    ///
    /// # Errors
    /// Errors if the store cannot be read.
    pub fn new(
        calendar: &Calendar,
        snapshot: &'a Snapshot,
        site: Option<&'a Url>,
        partner: &'a PartnerId,
        connection: &Connection,
    ) -> Result<Self, StoreError> {
        let push = find(&connection.connector).ok();
        let here = push.zip(connection.url.as_ref());
        let here = here.map(|(push, url)| String::from(push.root(url)));
        let (mut ids, mut uids) = (HashSet::new(), HashSet::new());
        for pushed in record::everywhere(calendar)? {
            let own = pushed.partner == *partner;
            let there = pushed.calendar.is_some() && pushed.calendar == here;
            if let Some(id) = pushed.remote_id.filter(|_| there) {
                ids.insert(id);
            }
            if own && let Some(entry) = snapshot.event(&pushed.event) {
                uids.insert(entry.event().uid.clone());
            }
        }
        let sent = snapshot
            .partners()
            .filter_map(|partner| partner.push.as_ref());
        let sent = sent.filter(|sent| {
            let root = sent.url.as_ref().zip(find(&sent.connector).ok());
            let root = root.map(|(url, push)| String::from(push.root(url)));
            sent.connector == connection.connector && root == here
        });
        let sources = sent.filter_map(|sent| sent.linked_events.as_ref());
        let sources = sources.map(|sources| format!("{}:", sources.data_source));
        Ok(Self {
            snapshot,
            site,
            partner,
            ids,
            uids,
            sources: sources.collect(),
            slugs: site.and_then(tribe::slug_prefix),
        })
    }

    /// Returns true if a draft is one of our events.
    #[must_use]
    pub fn holds(&self, draft: &EventDraft) -> bool {
        let id = draft.origin_id.as_str();
        let by_id =
            self.ids.contains(id) || self.sources.iter().any(|source| id.starts_with(source));
        let by_uid = draft
            .uid
            .as_ref()
            .is_some_and(|uid| self.uids.contains(uid));
        by_id || by_uid || draft.marks.iter().any(|mark| self.is_mark(mark, id))
    }

    fn is_mark(&self, mark: &str, id: &str) -> bool {
        let digest = |rest: &str| {
            let hex = rest.rsplit('-').next().unwrap_or_default();
            hex.len() == DIGEST && hex.bytes().all(|b| b.is_ascii_hexdigit())
        };
        let prefix = self.slugs.as_deref();
        prefix
            .and_then(|prefix| mark.strip_prefix(prefix))
            .is_some_and(digest)
            || self.is_page(mark, id)
    }

    /// Returns true if a link leads to the page of one of our events. A page whose event has this partner as
    /// its only source does not count: a partner's own event may link to it.
    fn is_page(&self, mark: &str, id: &str) -> bool {
        let (Some(site), Ok(link)) = (self.site, mark.parse::<Url>()) else {
            return false;
        };
        let host = |url: &Url| (url.host_str().map(str::to_owned), url.port());
        let within = link.path().strip_prefix(site.path().trim_end_matches('/'));
        let Some(path) = within.filter(|_| host(site) == host(&link)) else {
            return false;
        };
        let (_, path) = Lang::split_path(path);
        let Some(slug) = path.strip_prefix("/events/") else {
            return false;
        };
        let slug = slug.trim_end_matches('/').parse::<Slug>().ok();
        let entry = slug.and_then(|slug| self.snapshot.event_at(&slug));
        let theirs = |entry: &crate::catalog::Entry| {
            let event = entry.event();
            let mut sources = event.sources.iter();
            !event.sources.is_empty() && sources.all(|source| source.partner == *self.partner)
        };
        match entry {
            Some(entry) => !theirs(entry),
            // The page is gone or the event was renamed: an event already stored from this origin is the
            // partner's.
            None => {
                let mut known = self.snapshot.events_from(self.partner);
                !known.any(|entry| {
                    let event = entry.event();
                    let mut sources = event.sources.iter();
                    sources.any(|source| source.partner == *self.partner && source.origin_id == id)
                })
            }
        }
    }
}

/// Replaces our own events in a response by [`ParsedItem::Gone`], so that the partner ceases to be a source of them.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn without(
    calendar: &Calendar,
    site: &Option<Url>,
    partner: &PartnerId,
    connection: &Connection,
    told: FetchedBatch,
) -> Result<FetchedBatch, StoreError> {
    let snapshot = calendar.snapshot();
    let ours = Returning::new(calendar, &snapshot, site.as_ref(), partner, connection)?;
    let mut passed_over = 0_usize;
    let items = told.items.into_iter().map(|item| match item {
        ParsedItem::Event(draft) if ours.holds(&draft) => {
            passed_over += 1;
            ParsedItem::Gone {
                origin_id: draft.origin_id,
            }
        }
        item => item,
    });
    let items = items.collect();
    let mut remarks = told.remarks;
    if passed_over > 0 {
        let detail =
            format!("{passed_over} are events of this calendar that it has received from here");
        remarks.push(Diagnostic::note("events", detail));
    }
    Ok(FetchedBatch {
        items,
        remarks,
        ..told
    })
}
