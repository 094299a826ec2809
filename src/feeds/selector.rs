//! Scope of a feed.

use std::fmt;
use std::str::FromStr;

use url::form_urlencoded;

use crate::catalog::Snapshot;
use calendar_domain::{Lang, Query, ShortName, Slug};

/// Kinds of terms with feeds of their own: `/feeds/<kind>/<slug>.<ext>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ScopeKind {
    /// A category.
    Category,
    /// An audience.
    Audience,
    /// A place.
    Place,
    /// A municipality, by slug or number.
    Municipality,
    /// An organizer.
    Organizer,
    /// A series.
    Series,
    /// A partner.
    Partner,
}

impl ScopeKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Category,
        Self::Audience,
        Self::Place,
        Self::Municipality,
        Self::Organizer,
        Self::Series,
        Self::Partner,
    ];

    /// Returns its name in URLs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Audience => "audience",
            Self::Place => "place",
            Self::Municipality => "municipality",
            Self::Organizer => "organizer",
            Self::Series => "series",
            Self::Partner => "partner",
        }
    }
}

impl fmt::Display for ScopeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ScopeKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(())
    }
}

/// The set of events in a feed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// All events.
    All,
    /// All events with one term.
    Of(ScopeKind, Slug),
    /// One event.
    Event(Slug),
    /// The events matching filters in the URL.
    Search(Box<Query>),
    /// The events matching filters stored under a short name.
    Stored(ShortName, Box<Query>),
}

impl Scope {
    /// Returns the scope of a term, if it is known. A municipality may be given by a current or
    /// former number.
    #[must_use]
    pub fn new(kind: ScopeKind, word: &str, snapshot: &Snapshot) -> Option<Self> {
        if kind == ScopeKind::Municipality {
            let found = snapshot.region().municipality(word)?;
            return Some(Self::Of(kind, found.slug.clone()));
        }
        let slug: Slug = word.parse().ok()?;
        let known = match kind {
            ScopeKind::Category => snapshot.category(&slug).is_some(),
            ScopeKind::Audience => snapshot.audience(&slug).is_some(),
            ScopeKind::Place => snapshot.place(&slug).is_some(),
            ScopeKind::Organizer => snapshot.organizer(&slug).is_some(),
            ScopeKind::Series => snapshot.series(&slug).is_some(),
            ScopeKind::Partner => word.parse().is_ok_and(|id| snapshot.partner(&id).is_some()),
            ScopeKind::Municipality => false,
        };
        known.then_some(Self::Of(kind, slug))
    }

    /// Returns the scope of filters stored under a short name, if any.
    #[must_use]
    pub fn stored(name: &str, snapshot: &Snapshot) -> Option<Self> {
        let filter = snapshot.filter(&name.parse().ok()?)?;
        let query = Box::new(filter.query.clone());
        Some(Self::Stored(filter.name.clone(), query))
    }

    /// Returns the catalog query.
    #[must_use]
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        match self {
            Self::All | Self::Event(_) => {}
            Self::Search(own) | Self::Stored(_, own) => query.clone_from(own),
            Self::Of(kind, slug) => {
                let set = match kind {
                    ScopeKind::Category => &mut query.categories,
                    ScopeKind::Audience => &mut query.audiences,
                    ScopeKind::Place => &mut query.places,
                    ScopeKind::Municipality => &mut query.municipalities,
                    ScopeKind::Organizer => &mut query.organizers,
                    ScopeKind::Series => &mut query.series,
                    ScopeKind::Partner => {
                        query.partners.extend(slug.as_str().parse());
                        return query;
                    }
                };
                set.insert(slug.clone());
            }
        }
        query
    }

    /// Returns the filters given by the client, if there are any.
    pub(super) fn own_query(&self) -> Option<&Query> {
        match self {
            Self::Search(query) | Self::Stored(_, query) => Some(query),
            Self::All | Self::Of(..) | Self::Event(_) => None,
        }
    }

    /// Returns its path without the extension: `/feeds/category/music`.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::All => "/feeds/all".into(),
            Self::Of(kind, slug) => format!("/feeds/{kind}/{slug}"),
            Self::Event(slug) => format!("/events/{slug}"),
            Self::Search(_) => "/feeds/search".into(),
            Self::Stored(name, _) => format!("/feeds/s/{name}"),
        }
    }

    /// Returns the path of the web page with the same content.
    #[must_use]
    pub fn page(&self) -> String {
        match self {
            Self::All => "/".into(),
            Self::Search(query) | Self::Stored(_, query) => match encoded(&query.params()) {
                filters if filters.is_empty() => "/".into(),
                filters => format!("/?{filters}"),
            },
            Self::Event(slug) => format!("/events/{slug}"),
            Self::Of(ScopeKind::Place, slug) => format!("/places/{slug}"),
            Self::Of(ScopeKind::Organizer, slug) => format!("/organizers/{slug}"),
            Self::Of(ScopeKind::Series, slug) => format!("/series/{slug}"),
            Self::Of(kind, slug) => format!("/?{kind}={slug}"),
        }
    }

    /// Returns its title in addition to the site's name, such as `Musikk`; empty for all events.
    #[must_use]
    pub fn title(&self, snapshot: &Snapshot, lang: Lang) -> String {
        match self {
            Self::All | Self::Search(_) | Self::Stored(..) => String::new(),
            Self::Event(slug) => snapshot
                .event_at(slug)
                .map(|entry| entry.event().title_in(lang).to_owned())
                .unwrap_or_default(),
            Self::Of(kind, slug) => word_title(*kind, slug, snapshot, lang).unwrap_or_default(),
        }
    }
}

/// Encodes parameters as a query string, without the `?`.
pub(super) fn encoded(params: &[(&'static str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(params)
        .finish()
}

fn word_title(kind: ScopeKind, slug: &Slug, snapshot: &Snapshot, lang: Lang) -> Option<String> {
    Some(match kind {
        ScopeKind::Category => snapshot.category(slug)?.name.get(lang).to_owned(),
        ScopeKind::Audience => snapshot.audience(slug)?.name.get(lang).to_owned(),
        ScopeKind::Place => snapshot.place(slug)?.name.clone(),
        ScopeKind::Organizer => snapshot.organizer(slug)?.name.clone(),
        ScopeKind::Series => snapshot.series(slug)?.title.get(lang).to_owned(),
        ScopeKind::Municipality => snapshot.region().municipality(slug.as_str())?.name.clone(),
        ScopeKind::Partner => snapshot.partner(&slug.as_str().parse().ok()?)?.name.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_leads_to_the_page_with_the_same_filters() {
        let mut query = Query::default();
        query.words.insert("mart".into());
        query.categories.insert("music".parse().unwrap());
        let scope = Scope::Search(Box::new(query));
        assert_eq!(scope.page(), "/?q=mart&category=music");
        assert_eq!(Scope::Search(Box::default()).page(), "/");
    }
}
