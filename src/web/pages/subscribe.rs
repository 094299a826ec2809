//! The subscription page.

use askama::Template;
use chrono::{DateTime, Utc};

use super::filter_params::{FilterParams, Param, borrowed};
use super::{Layout, PageContext, Section};
use crate::feeds::{FEEDS, Feed};
use calendar_domain::ShortName;

/// The subscription page: feeds with their addresses.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/subscribe.html")]
pub struct SubscribePage {
    /// The layout.
    pub layout: Layout,
    /// The main feed: all events, or the selection of the request.
    pub main: Ways,
    /// The main feed in every format that calendar programs do not subscribe to.
    pub formats: Vec<FormatLink>,
    /// A sentence on what `main` contains.
    pub main_lead: String,
    /// Whether `main` is a selection; the page then offers the feed of all events too.
    pub chosen: bool,
    /// Address of the form that creates a short address for `main`; `None` unless its own is too long for some
    /// programs.
    pub shorten: Option<String>,
    /// When the short address was created, which changed this page; else the epoch.
    pub changed: DateTime<Utc>,
    /// Feeds by kind: series, categories, audiences, municipalities.
    pub groups: Vec<WaysGroup>,
}

/// Feeds of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaysGroup {
    /// Fragment identifier of the group: `category`.
    pub id: &'static str,
    /// «Etter tema».
    pub title: String,
    /// The feeds.
    pub feeds: Vec<Ways>,
}

/// One feed with its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    /// The name.
    pub name: String,
    /// The `https:` address, to copy.
    pub address: String,
    /// The `webcal:` address, which opens the visitor's calendar program.
    pub webcal: String,
    /// Address for adding it to Google Calendar.
    pub google: String,
    /// Address for adding it to Outlook.com.
    pub outlook: String,
}

/// A feed in another format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatLink {
    /// The name of the format.
    pub name: &'static str,
    /// The media type.
    pub media_type: &'static str,
    /// The `https:` address.
    pub address: String,
}

impl Ways {
    /// Returns the addresses of the feed at `path`; `origin` is the scheme and host of this site.
    #[must_use]
    pub fn new(name: impl Into<String>, origin: &str, path: &str) -> Self {
        let name = name.into();
        let address = format!("{origin}{path}");
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        let webcal = format!("webcal://{host}{path}");
        let encoded = |text: &str| -> String {
            url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
        };
        Self {
            google: format!(
                "https://calendar.google.com/calendar/r?cid={}",
                encoded(&webcal)
            ),
            outlook: format!(
                "https://outlook.live.com/calendar/0/addfromweb?url={}&name={}",
                encoded(&address),
                encoded(&name)
            ),
            name,
            address,
            webcal,
        }
    }
}

impl SubscribePage {
    /// Returns the page for all events, or for a selection.
    #[must_use]
    pub fn new(context: &PageContext, asked: &FilterParams) -> Self {
        let (words, region) = (context.words, context.region_names());
        let params = asked.params();
        let params = borrowed(&params);
        let title = words.say("subscribe-heading").into_owned();
        let mut layout = context.layout(
            Section::Subscribe,
            title,
            context.paths.subscribe_to(&params),
        );
        layout.description = words.say("subscribe-lead").into_owned();
        layout.indexed = params.is_empty();
        let feed = SelectionFeed::new(context, asked);
        let (name, lead) = if params.is_empty() {
            let lead = words.say_with("subscribe-everything-lead", &[("places", region)]);
            (words.say("subscribe-everything").into_owned(), lead)
        } else {
            let chips = asked.chips(context).into_iter().map(|chip| chip.label);
            let name = chips.collect::<Vec<_>>().join(", ");
            (name, words.say(feed.lead()).into_owned())
        };
        let shorten = matches!(feed, SelectionFeed::Long(_));
        let changed = feed.changed();
        let feed = feed.path();
        layout.feed.clone_from(&feed);
        Self {
            formats: formats(&context.origin, &feed),
            main: Ways::new(name, &context.origin, &feed),
            main_lead: lead,
            chosen: !params.is_empty(),
            shorten: shorten.then(|| context.paths.subscribe_to(&params)),
            changed,
            groups: groups(context),
            layout,
        }
    }
}

/// Returns the calendar file at `path` in all other formats of [`FEEDS`].
fn formats(origin: &str, path: &str) -> Vec<FormatLink> {
    let (file, query) = path.split_at(path.find('?').unwrap_or(path.len()));
    let Some(name) = file.strip_suffix(".ics") else {
        return Vec::new();
    };
    let others = FEEDS.iter().filter(|feed| feed.extension() != "ics");
    let link = |feed: &&dyn Feed| FormatLink {
        name: feed.name(),
        media_type: feed.media_type(),
        address: format!("{origin}{name}.{}{query}", feed.extension()),
    };
    others.map(link).collect()
}

/// Maximum length in bytes of an address that every calendar program supports.
const LONGEST_ADDRESS: usize = 256;

/// The feed of a selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SelectionFeed {
    /// The address is short enough for every program.
    Plain(String),
    /// A short address, and when it was created.
    Short(String, DateTime<Utc>),
    /// The address is too long for some programs, and there is no short one yet.
    Long(String),
}

impl SelectionFeed {
    /// Returns the feed of a selection.
    pub fn new(context: &PageContext, asked: &FilterParams) -> Self {
        let params = asked.params();
        let plain = feed_of(context, &borrowed(&params));
        if !too_long(context, &params) {
            return Self::Plain(plain);
        }
        let kept = context.snapshot.filter(&ShortName::new(&asked.query));
        match kept.filter(|kept| kept.query == asked.query) {
            Some(kept) => {
                let path = context.paths.feed("s", kept.name.as_str());
                Self::Short(path, kept.made)
            }
            None => Self::Long(plain),
        }
    }

    /// Returns the path.
    pub fn path(self) -> String {
        match self {
            Self::Plain(path) | Self::Short(path, _) | Self::Long(path) => path,
        }
    }

    fn lead(&self) -> &'static str {
        match self {
            Self::Plain(_) => "subscribe-selection-lead",
            Self::Short(..) => "subscribe-short",
            Self::Long(_) => "subscribe-long",
        }
    }

    fn changed(&self) -> DateTime<Utc> {
        match self {
            Self::Short(_, made) => *made,
            Self::Plain(_) | Self::Long(_) => DateTime::UNIX_EPOCH,
        }
    }
}

/// Returns true if the address of a selection's feed, `https:` or `webcal:`, is too long for some programs.
pub(super) fn too_long(context: &PageContext, params: &[Param]) -> bool {
    let ways = Ways::new("", &context.origin, &feed_of(context, &borrowed(params)));
    ways.address.len().max(ways.webcal.len()) > LONGEST_ADDRESS
}

/// Returns the path of a feed: all events, a single record, or else a search.
fn feed_of(context: &PageContext, params: &[(&str, &str)]) -> String {
    const KINDS: [&str; 6] = [
        "category",
        "audience",
        "place",
        "municipality",
        "organizer",
        "series",
    ];
    match params {
        [] => context.paths.feed_of_all(),
        [(kind, slug)] if KINDS.contains(kind) => context.paths.feed(kind, slug),
        _ => context.paths.feed_of_search(params),
    }
}

fn groups(context: &PageContext) -> Vec<WaysGroup> {
    let snapshot = &context.snapshot;
    let ways = |kind: &'static str| {
        move |(name, slug): (String, &str)| {
            Ways::new(name, &context.origin, &context.paths.feed(kind, slug))
        }
    };
    let categories = snapshot.categories().into_iter();
    let categories =
        categories.map(|categories| (context.text(&categories.name), categories.slug.as_str()));
    let audiences = snapshot.audiences().into_iter();
    let audiences =
        audiences.map(|audiences| (context.text(&audiences.name), audiences.slug.as_str()));
    let municipalities = snapshot.region().municipalities.iter();
    let municipalities = municipalities
        .map(|municipalities| (municipalities.name.clone(), municipalities.slug.as_str()));
    let series = snapshot.all_series().into_iter();
    let series = series.map(|series| (context.text(&series.title), series.slug.as_str()));
    let group = |id: &'static str, key: &str, feeds: Vec<Ways>| WaysGroup {
        id,
        title: context.words.say(key).into_owned(),
        feeds,
    };
    let mut all = vec![
        group(
            "series",
            "choose-series",
            series.map(ways("series")).collect(),
        ),
        group(
            "category",
            "choose-category",
            categories.map(ways("category")).collect(),
        ),
        group(
            "audience",
            "choose-audience",
            audiences.map(ways("audience")).collect(),
        ),
        group(
            "municipality",
            "choose-municipality",
            municipalities.map(ways("municipality")).collect(),
        ),
    ];
    all.retain(|group| !group.feeds.is_empty());
    all
}
