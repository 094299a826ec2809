//! How to get the calendar into one's own.

use askama::Template;

use super::Shell;

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
            google: format!("https://calendar.google.com/calendar/r?cid={}", encoded(&webcal)),
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
