//! The layout that every page shares.

use super::Paths;
use super::paths::query;
use super::shared_picture::SharedPicture;
use crate::feeds;
use crate::feeds::jsonld::StructuredData;
use crate::web::assets::{ICON, STYLE};
use crate::web::preview::{PreviewCard, SIZE};
use calendar_domain::LicenceLink;
use calendar_language::Words;

/// A section of the site, marked in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The agenda and the events.
    Agenda,
    /// The series.
    Series,
    /// The places.
    Places,
    /// The feeds.
    Subscribe,
    /// Pages linked from the footer, and errors.
    Other,
}

/// Header, footer and `head` of a page.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The interface texts.
    pub t: Words,
    /// The site's addresses in the page's language.
    pub paths: Paths,
    /// The site's name.
    pub site: String,
    /// The publisher of the calendar, if known.
    pub publisher: Option<String>,
    /// The licence of the data, if one is granted.
    pub licence: Option<LicenceLink>,
    /// Key of the words before it.
    pub licence_label: &'static str,
    /// The page's own title; empty on the front page.
    pub title: String,
    /// One or two sentences for search engines and previews; may be empty.
    pub description: String,
    /// The current section.
    pub section: Section,
    /// The page's path in this language, with its query.
    pub path: String,
    /// The same page in the other languages.
    pub alternates: Vec<Alternate>,
    /// The page in the default language, which search engines show to readers of other languages (`x-default`).
    pub default_path: String,
    /// Scheme, host and port, without a trailing slash.
    pub origin: String,
    /// Path of the page's feed.
    pub feed: String,
    /// Whether other sites can embed the page's events by oEmbed.
    pub embeddable: bool,
    /// Whether search engines may index the page.
    pub indexed: bool,
    /// The drawn picture for previews in social networks and messages.
    pub preview: PreviewCard,
    /// A picture of the page's subject that is shown in its place.
    pub shared_picture: Option<SharedPicture>,
    /// Descriptions of the page's content for search engines.
    pub structured: Vec<StructuredData>,
    /// Key of the sentence about cookies.
    pub privacy: &'static str,
    /// The links of a person who is signed in, on pages for that person.
    pub account: Option<AccountBar>,
}

/// The links of a person who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountBar {
    /// That the last mail to the person did not arrive; may be empty.
    pub warning: String,
    /// The links.
    pub links: Vec<NavLink>,
    /// The address to which signing out is sent.
    pub logout: String,
    /// Token of the session's forms.
    pub token: String,
}

impl Layout {
    /// Sets the licence of the events on the page, if their partner states one by its name or address.
    #[must_use]
    pub fn with_licence_of_partner(mut self, stated: Option<&str>) -> Self {
        if let Some(stated) = stated {
            self.licence = Some(LicenceLink::stated(stated));
            self.licence_label = "footer-licence-of-partner";
        }
        self
    }

    /// Returns the content of the `title` element.
    #[must_use]
    pub fn full_title(&self) -> String {
        if self.title.is_empty() || self.title == self.site {
            self.site.clone()
        } else {
            format!("{} · {}", self.title, self.site)
        }
    }

    /// Returns the address that tells other sites how to embed the page.
    #[must_use]
    pub fn oembed(&self) -> String {
        let url = format!("{}{}", self.origin, self.path);
        let params = [("url", url.as_str()), ("format", "json")];
        format!("{}/oembed{}", self.origin, query(&params))
    }

    /// Returns the page's language as a BCP 47 tag.
    #[must_use]
    pub fn lang(&self) -> &'static str {
        self.t.lang().tag()
    }

    /// Returns the path of the style sheet.
    #[must_use]
    pub fn style(&self) -> &'static str {
        STYLE.path()
    }

    /// Returns the path of the icon.
    #[must_use]
    pub fn icon(&self) -> &'static str {
        ICON.path()
    }

    /// Returns the page's feed in every format that feed readers find by themselves, in full addresses.
    #[must_use]
    pub fn feeds(&self) -> Vec<FeedLink> {
        let (path, query) = match self.feed.split_once('?') {
            Some((path, query)) => (path, format!("?{query}")),
            None => (self.feed.as_str(), String::new()),
        };
        let Some(stem) = path.strip_suffix(".ics") else {
            return Vec::new();
        };
        // A single event changes too rarely for news.
        let is_list = stem.starts_with("/feeds/");
        let formats = DISCOVERED.into_iter().take(if is_list { 4 } else { 1 });
        let link = |extension: &str| {
            let feed = feeds::format(extension)?;
            let media_type = feed.media_type().split(';').next()?;
            Some(FeedLink {
                media_type,
                title: format!("{} ({})", self.full_title(), feed.name()),
                address: format!("{}{stem}.{extension}{query}", self.origin),
            })
        };
        formats.filter_map(link).collect()
    }

    /// Returns the language as Open Graph names it.
    #[must_use]
    pub fn locale(&self) -> String {
        locale(self.lang())
    }

    /// Returns the other languages of the page as Open Graph names them.
    #[must_use]
    pub fn other_locales(&self) -> Vec<String> {
        let others = self.alternates.iter();
        others.map(|page| locale(page.lang)).collect()
    }

    /// Returns the path of the picture for previews.
    #[must_use]
    pub fn preview_path(&self) -> String {
        let shared = self.shared_picture.as_ref();
        shared.map_or_else(|| self.preview.path(), |picture| picture.path.clone())
    }

    /// Returns the media type of that picture.
    #[must_use]
    pub fn preview_type(&self) -> &'static str {
        match self.shared_picture {
            Some(_) => "image/jpeg",
            None => "image/png",
        }
    }

    /// Returns width and height of that picture.
    #[must_use]
    pub fn preview_size(&self) -> (u32, u32) {
        let shared = self.shared_picture.as_ref();
        shared.map_or(SIZE, |picture| (picture.width, picture.height))
    }

    /// Returns the text for those who do not see that picture.
    #[must_use]
    pub fn preview_alt(&self) -> String {
        let shared = self.shared_picture.as_ref().map(|picture| &picture.alt);
        let described = shared.filter(|alt| !alt.is_empty());
        described.map_or_else(|| self.preview.alt(), String::clone)
    }

    /// Returns the links of the navigation.
    #[must_use]
    pub fn nav(&self) -> Vec<NavLink> {
        let link = |section: Section, label: &'static str, url: String| NavLink {
            current: if self.path == url {
                " aria-current=\"page\""
            } else if self.section == section {
                " aria-current=\"true\""
            } else {
                ""
            },
            label: self.t.say(label).into_owned(),
            url,
        };
        vec![
            link(Section::Agenda, "nav-agenda", self.paths.agenda()),
            link(Section::Series, "nav-series", self.paths.series(None)),
            link(Section::Places, "nav-places", self.paths.places(None)),
            link(Section::Subscribe, "nav-subscribe", self.paths.subscribe()),
        ]
    }
}

/// Extensions of the feeds that pages link to for feed readers.
const DISCOVERED: [&str; 4] = ["ics", "rss", "atom", "json"];

/// A feed of the page's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedLink {
    /// The media type, without parameters.
    pub media_type: &'static str,
    /// What it is called.
    pub title: String,
    /// The full address.
    pub address: String,
}

/// Returns language and territory: `nb_NO`.
fn locale(tag: &str) -> String {
    let territory = if tag == "en" { "GB" } else { "NO" };
    format!("{tag}_{territory}")
}

/// A page in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternate {
    /// The BCP 47 tag of the language.
    pub lang: &'static str,
    /// The language's own name.
    pub name: String,
    /// The path of the page.
    pub path: String,
}

/// Returns the versions of a page in all languages but that of `words`.
#[must_use]
pub fn alternates(path: &str, words: Words) -> Vec<Alternate> {
    let others = Words::all().filter(|other| other.lang() != words.lang());
    let alternate = |other: Words| Alternate {
        lang: other.lang().tag(),
        name: other.say("language-name").into_owned(),
        path: Paths::new(other.lang()).same_page(path),
    };
    others.map(alternate).collect()
}

/// A link of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavLink {
    /// The text.
    pub label: String,
    /// The address.
    pub url: String,
    /// The `aria-current` attribute with a leading space, or an empty string. Safe to write unescaped.
    pub current: &'static str,
}
