//! How to get the calendar into one's own.

use askama::Template;
use chrono::{DateTime, Utc};

use super::asked::{Asked, Param, borrowed};
use super::{Section, Shell, Visit};
use calendar_domain::ShortName;

/// Every feed with every way to subscribe.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/subscribe.html")]
pub struct SubscribePage {
    /// What stands around it.
    pub shell: Shell,
    /// The feed that the page is about: everything, or a selection that the reader came with.
    pub main: Ways,
    /// A sentence on what `main` holds.
    pub main_lead: String,
    /// Whether `main` is a selection, so that everything is offered beside it.
    pub chosen: bool,
    /// Where the form is sent that makes a short address for `main`, whose own is too long for some
    /// programs; none where every program takes it.
    pub shorten: Option<String>,
    /// When the short address was made, if there is one: this page changed then.
    pub changed: DateTime<Utc>,
    /// Feeds by kind: categories, audiences, municipalities, series.
    pub groups: Vec<WaysGroup>,
}

/// Feeds of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaysGroup {
    /// Names the group in the page's address: `category`.
    pub id: &'static str,
    /// «Etter tema».
    pub title: String,
    /// The feeds.
    pub feeds: Vec<Ways>,
}

/// One feed with its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    /// What it holds.
    pub name: String,
    /// The `https:` address, to copy.
    pub address: String,
    /// The `webcal:` address, which opens the visitor's own calendar program.
    pub webcal: String,
    /// Google Calendar's page for adding it.
    pub google: String,
    /// Outlook.com's page for adding it.
    pub outlook: String,
}

impl Ways {
    /// All ways to the feed at `path` of this service, `origin` being its scheme and host.
    #[must_use]
    pub fn of(name: impl Into<String>, origin: &str, path: &str) -> Self {
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
    /// The page for everything, or for the selection that was asked for.
    #[must_use]
    pub fn of(visit: &Visit, asked: &Asked) -> Self {
        let (words, region) = (visit.words, visit.region_names());
        let params = asked.params();
        let params = borrowed(&params);
        let title = words.say("subscribe-heading").into_owned();
        let mut shell = visit.shell(Section::Subscribe, title, visit.paths.subscribe_to(&params));
        shell.description = words.say("subscribe-lead").into_owned();
        shell.indexed = params.is_empty();
        let feed = SelectionFeed::of(visit, asked);
        let (name, lead) = if params.is_empty() {
            let lead = words.say_with("subscribe-everything-lead", &[("places", region)]);
            (words.say("subscribe-everything").into_owned(), lead)
        } else {
            let chips = asked.chips(visit).into_iter().map(|chip| chip.label);
            let name = chips.collect::<Vec<_>>().join(", ");
            (name, words.say(feed.lead()).into_owned())
        };
        let shorten = matches!(feed, SelectionFeed::Long(_));
        let changed = feed.changed();
        let feed = feed.path();
        shell.feed.clone_from(&feed);
        Self {
            main: Ways::of(name, &visit.origin, &feed),
            main_lead: lead,
            chosen: !params.is_empty(),
            shorten: shorten.then(|| visit.paths.subscribe_to(&params)),
            changed,
            groups: groups(visit),
            shell,
        }
    }
}

/// The longest address that every calendar program takes.
const LONGEST_ADDRESS: usize = 256;

/// The feed of a selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SelectionFeed {
    /// Under an address that every program takes.
    Plain(String),
    /// Under a short address, kept since then.
    Short(String, DateTime<Utc>),
    /// Under an address that is too long for some programs; there is no short one yet.
    Long(String),
}

impl SelectionFeed {
    /// The feed of what was asked for.
    pub fn of(visit: &Visit, asked: &Asked) -> Self {
        let params = asked.params();
        let plain = feed_of(visit, &borrowed(&params));
        if !too_long(visit, &params) {
            return Self::Plain(plain);
        }
        let kept = visit.snapshot.filter(&ShortName::of(&asked.query));
        match kept.filter(|kept| kept.query == asked.query) {
            Some(kept) => {
                let path = visit.paths.feed("s", kept.name.as_str());
                Self::Short(path, kept.made)
            }
            None => Self::Long(plain),
        }
    }

    /// Its path.
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

/// Whether some program cannot take the address of a selection's feed, in whichever scheme.
pub(super) fn too_long(visit: &Visit, params: &[Param]) -> bool {
    let ways = Ways::of("", &visit.origin, &feed_of(visit, &borrowed(params)));
    ways.address.len().max(ways.webcal.len()) > LONGEST_ADDRESS
}

/// Everything has a feed, and so has a selection of one word; any other is a search.
fn feed_of(visit: &Visit, params: &[(&str, &str)]) -> String {
    const KINDS: [&str; 6] = [
        "category",
        "audience",
        "place",
        "municipality",
        "organizer",
        "series",
    ];
    match params {
        [] => visit.paths.feed_of_all(),
        [(kind, slug)] if KINDS.contains(kind) => visit.paths.feed(kind, slug),
        _ => visit.paths.feed_of_search(params),
    }
}

fn groups(visit: &Visit) -> Vec<WaysGroup> {
    let snapshot = &visit.snapshot;
    let ways = |kind: &'static str| {
        move |(name, slug): (String, &str)| {
            Ways::of(name, &visit.origin, &visit.paths.feed(kind, slug))
        }
    };
    let categories = snapshot.categories().into_iter();
    let categories = categories.map(|it| (visit.text(&it.name), it.slug.as_str()));
    let audiences = snapshot.audiences().into_iter();
    let audiences = audiences.map(|it| (visit.text(&it.name), it.slug.as_str()));
    let municipalities = snapshot.region().municipalities.iter();
    let municipalities = municipalities.map(|it| (it.name.clone(), it.slug.as_str()));
    let series = snapshot.all_series().into_iter();
    let series = series.map(|it| (visit.text(&it.title), it.slug.as_str()));
    let group = |id: &'static str, key: &str, feeds: Vec<Ways>| WaysGroup {
        id,
        title: visit.words.say(key).into_owned(),
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
