//! `/sitemap.xml`: the addresses of all pages that search engines may index, as an index of files
//! (<https://www.sitemaps.org/protocol.html>).
//!
//! Each page is listed in every language, with its versions in all of them. Events are distributed to files by their
//! ids, so that an event stays in its file when others come and go.

use std::collections::HashSet;
use std::sync::Arc;

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{State, get, routes};

use crate::catalog::{Calendar, Entry, Snapshot};
use crate::feeds::{Scope, ScopeKind};
use calendar_domain::partner::Permission;
use calendar_domain::{Lang, Slug};
use calendar_language::Words;

use super::blocking::blocking;
use super::conditional::Finished;
use super::pages::Paths;
use super::policy::{Policy, PolicyRoute};
use super::problem::Problem;
use super::read_quota::ReadQuota;
use super::site::Site;

/// Number of pages in a file, on average. Files may have 50,000 addresses and 50 MB; this keeps them quick to make.
const PAGES: usize = 1_000;
/// How long caches may use a file.
const CACHING: &str = "public, max-age=3600, must-revalidate";

#[derive(Template)]
#[template(path = "sitemap/index.xml")]
struct SitemapIndex {
    files: Vec<SitemapFile>,
}

/// A file of the index.
struct SitemapFile {
    address: String,
    changed: Option<DateTime<Utc>>,
}

#[derive(Template)]
#[template(path = "sitemap/urls.xml")]
struct SitemapUrls {
    pages: Vec<ListedPage>,
}

/// A page in all its languages.
struct ListedPage {
    versions: Vec<PageVersion>,
    /// When its content last changed, if that is known.
    changed: Option<DateTime<Utc>>,
}

/// A page in one language.
struct PageVersion {
    lang: &'static str,
    address: String,
}

impl ListedPage {
    /// Returns the page whose path in a language is `path`.
    fn new(site: &str, changed: Option<DateTime<Utc>>, path: impl Fn(Paths) -> String) -> Self {
        let version = |words: Words| PageVersion {
            lang: words.lang().tag(),
            address: format!("{site}{}", path(Paths::new(words.lang()))),
        };
        Self {
            versions: Words::all().map(version).collect(),
            changed,
        }
    }

    /// Returns the version for readers of other languages.
    fn default(&self) -> &str {
        let is_default = |version: &&PageVersion| version.lang == Lang::default().tag();
        let found = self.versions.iter().find(is_default);
        let found = found.or_else(|| self.versions.first());
        found.map_or("", |found| &found.address)
    }
}

/// The contents of all files, as of a snapshot.
struct Sitemap<'a> {
    snapshot: &'a Snapshot,
    /// The site's address, without a trailing slash.
    site: &'a str,
    /// Events whose pages may not be indexed.
    refused: HashSet<&'a str>,
}

impl<'a> Sitemap<'a> {
    fn new(snapshot: &'a Snapshot, site: &'a str) -> Self {
        let refuses = snapshot
            .partners()
            .filter(|partner| partner.policy.indexing == Permission::Refused);
        let refused = refuses.flat_map(|partner| snapshot.events_from(&partner.id));
        Self {
            refused: refused.map(|entry| entry.id()).collect(),
            snapshot,
            site,
        }
    }

    fn index(&self) -> SitemapIndex {
        let pages = self.pages();
        let mut files: Vec<SitemapFile> = pages
            .chunks(PAGES)
            .enumerate()
            .map(|(at, chunk)| {
                self.file(
                    "pages",
                    at,
                    chunk.iter().filter_map(|chunk| chunk.changed).max(),
                )
            })
            .collect();
        let mut changed = vec![None; self.event_files()];
        for entry in self.indexed() {
            let known = &mut changed[self.file_of(entry)];
            *known = (*known).max(Some(entry.modified()));
        }
        let events = changed.into_iter().enumerate();
        files.extend(events.map(|(at, changed)| self.file("events", at, changed)));
        SitemapIndex { files }
    }

    fn file(&self, stem: &str, at: usize, changed: Option<DateTime<Utc>>) -> SitemapFile {
        let (site, number) = (self.site, at + 1);
        SitemapFile {
            address: format!("{site}/sitemap/{stem}-{number}.xml"),
            changed,
        }
    }

    /// Returns the file with a name, such as `events-1.xml`.
    fn urls(&self, name: &str) -> Option<SitemapUrls> {
        let (stem, number) = name.strip_suffix(".xml")?.split_once('-')?;
        let at = number.parse::<usize>().ok()?.checked_sub(1)?;
        let pages = match stem {
            "pages" => {
                let mut pages = self.pages();
                let before = at
                    .checked_mul(PAGES)
                    .filter(|checked_mul| *checked_mul < pages.len())?;
                pages.drain(..before);
                pages.truncate(PAGES);
                pages
            }
            "events" if at < self.event_files() => {
                let here = self.indexed().filter(|entry| self.file_of(entry) == at);
                let mut here: Vec<&Arc<Entry>> = here.collect();
                here.sort_by_key(|entry| entry.slug());
                let page = |entry: &&Arc<Entry>| {
                    ListedPage::new(self.site, Some(entry.modified()), |paths| {
                        paths.event(entry.slug())
                    })
                };
                here.iter().map(page).collect()
            }
            _ => return None,
        };
        Some(SitemapUrls { pages })
    }

    fn indexed(&self) -> impl Iterator<Item = &'a Arc<Entry>> {
        let entries = self.snapshot.events();
        entries.filter(|entry| !self.refused.contains(entry.id()))
    }

    /// Returns the number of files with events: a power of two, so that most events stay in theirs.
    fn event_files(&self) -> usize {
        let files = self.snapshot.event_count().div_ceil(PAGES);
        files.max(1).next_power_of_two()
    }

    fn file_of(&self, entry: &Entry) -> usize {
        crc32fast::hash(entry.id().as_bytes()) as usize % self.event_files()
    }

    /// Returns all pages but those of events: lists, and the pages of series, places, organizers and partners.
    fn pages(&self) -> Vec<ListedPage> {
        let (site, snapshot) = (self.site, self.snapshot);
        let newest = self.newest(self.indexed());
        let of = |kind, slug: &Slug| {
            let query = Scope::Of(kind, slug.clone()).query();
            self.newest(snapshot.admitted(&query).iter())
        };
        let mut all = vec![
            ListedPage::new(site, newest, Paths::agenda),
            ListedPage::new(site, None, |paths| paths.series(None)),
            ListedPage::new(site, None, |paths| paths.places(None)),
            ListedPage::new(site, None, |paths| paths.organizers(None)),
            ListedPage::new(site, None, |paths| paths.partners(None)),
            ListedPage::new(site, None, Paths::subscribe),
            ListedPage::new(site, None, Paths::about),
        ];
        all.extend(snapshot.all_series().into_iter().map(|series| {
            let changed = of(ScopeKind::Series, &series.slug);
            ListedPage::new(site, changed, |paths| {
                paths.series(Some(series.slug.as_str()))
            })
        }));
        all.extend(snapshot.places().map(|place| {
            let changed = of(ScopeKind::Place, &place.slug);
            ListedPage::new(site, changed, |paths| {
                paths.places(Some(place.slug.as_str()))
            })
        }));
        all.extend(snapshot.organizers().map(|organizer| {
            let changed = of(ScopeKind::Organizer, &organizer.slug);
            let slug = Some(organizer.slug.as_str());
            ListedPage::new(site, changed, |paths| paths.organizers(slug))
        }));
        all
    }

    fn newest<'e>(&self, entries: impl Iterator<Item = &'e Arc<Entry>>) -> Option<DateTime<Utc>> {
        entries.map(|entry| entry.modified()).max()
    }
}

/// Makes a file away from the threads that serve requests.
async fn made(
    calendar: &Arc<Calendar>,
    site: &Site,
    render: impl FnOnce(&Sitemap<'_>) -> Option<askama::Result<String>> + Send + 'static,
) -> Result<Finished, Problem> {
    let (snapshot, site) = (calendar.snapshot(), site.address(""));
    let made = blocking(move || {
        let sitemap = Sitemap::new(&snapshot, &site);
        let text = render(&sitemap).ok_or_else(Problem::not_found)?;
        let text = text.map_err(|error| Problem::internal(&error))?;
        let media_type = "application/xml; charset=utf-8";
        let finished = Finished::new(text.into_bytes(), media_type, snapshot.modified());
        Ok::<_, Problem>(finished.with_caching(CACHING))
    });
    made.await
}

#[get("/sitemap.xml")]
async fn show_index(
    _quota: ReadQuota,
    calendar: &State<Arc<Calendar>>,
    site: &State<Site>,
) -> Result<Finished, Problem> {
    made(calendar, site, |sitemap| Some(sitemap.index().render())).await
}

#[get("/sitemap/<name>")]
async fn show_urls(
    _quota: ReadQuota,
    name: &str,
    calendar: &State<Arc<Calendar>>,
    site: &State<Site>,
) -> Result<Finished, Problem> {
    let name = name.to_owned();
    made(calendar, site, move |sitemap| {
        Some(sitemap.urls(&name)?.render())
    })
    .await
}

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Api.on(routes![show_index, show_urls])
}

mod filters {
    use askama::{Result, Values, filter_fn};
    use chrono::{DateTime, SecondsFormat, Utc};

    /// Formats a time in RFC 3339.
    #[filter_fn]
    pub fn rfc3339(at: &DateTime<Utc>, _: &dyn Values) -> Result<String> {
        Ok(at.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}
