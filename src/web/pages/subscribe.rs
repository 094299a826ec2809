//! How to get the calendar into one's own.

use askama::Template;

use super::asked::{Asked, borrowed};
use super::{Section, Shell, Visit};

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
        let (name, lead, feed) = if params.is_empty() {
            let lead = words.say_with("subscribe-everything-lead", &[("places", region)]);
            (
                words.say("subscribe-everything").into_owned(),
                lead,
                visit.paths.feed_of_all(),
            )
        } else {
            let chips = asked.chips(visit).into_iter().map(|chip| chip.label);
            let name = chips.collect::<Vec<_>>().join(", ");
            let lead = words.say("subscribe-selection-lead").into_owned();
            (name, lead, feed_of(visit, &params))
        };
        shell.feed.clone_from(&feed);
        Self {
            main: Ways::of(name, &visit.origin, &feed),
            main_lead: lead,
            chosen: !params.is_empty(),
            groups: groups(visit),
            shell,
        }
    }
}

/// A selection of one word has a feed of its own; any other is a search.
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
