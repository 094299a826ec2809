//! Maps the path of a feed to the feed.

use crate::catalog::Snapshot;
use crate::feeds::{Coding, FeedKey, Scope, ScopeKind, Stitched, format};
use crate::web::filters::{CHOICES, Filters, KNOWN};
use calendar_domain::{Lang, Slug};

/// Returns the key of the feed at a path with a query, or `None` if there is no such feed.
pub fn wanted(topic: &str, snapshot: &Snapshot) -> Option<FeedKey> {
    let (path, query) = topic.split_once('?').unwrap_or((topic, ""));
    let mut parts = path.strip_prefix('/')?.split('/');
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() {
        return None;
    }
    let (stem, extension) = third.unwrap_or(second).rsplit_once('.')?;
    let fields = url::form_urlencoded::parse(query.as_bytes());
    let fields = fields.into_owned().collect();
    let known = if (first, second, third) == ("feeds", second, None) && stem == "search" {
        KNOWN
    } else {
        CHOICES
    };
    let filters = Filters::parse(&fields, known, snapshot).ok()?;
    let scope = match (first, third) {
        ("feeds", None) if stem == "all" => Scope::All,
        ("feeds", None) if stem == "search" => Scope::Search(Box::new(filters.query.clone())),
        ("feeds", Some(_)) if second == "s" => Scope::stored(stem, snapshot)?,
        ("feeds", Some(_)) => Scope::new(second.parse::<ScopeKind>().ok()?, stem, snapshot)?,
        ("events", None) => {
            let slug: Slug = stem.parse().ok()?;
            snapshot.event_at(&slug)?;
            Scope::Event(slug)
        }
        _ => return None,
    };
    Some(FeedKey {
        extension: format(extension)?.extension(),
        scope,
        choices: filters.choices(Lang::Nb),
    })
}

/// Returns the current entity tag of a feed.
pub fn etag(feed: &Stitched) -> String {
    let body = feed.body(Coding::Identity);
    body.map(|body| body.etag.to_string()).unwrap_or_default()
}
