//! The connector of RSS and Atom.

use super::item::ItemReader;
use super::times;
use crate::connector::{
    Certainty, Connector, Detection, FetchContext, Listing, ParsedItem, ParsedPage,
    PartnerResponse, Request, Unreadable,
};
use crate::identity;
use crate::parse::{self, charset};
use crate::xml::{self, Element};

/// The `Accept` header.
const ACCEPT: &str = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5";

/// Maximum number of items of a response.
const ITEMS: usize = 20_000;

/// The connector of RSS and Atom feeds with events.
pub struct RssConnector;

impl Connector for RssConnector {
    fn id(&self) -> &'static str {
        "rss"
    }

    fn about(&self) -> &'static str {
        "an RSS or Atom feed with event dates (elements of ev: or iCalendar)"
    }

    fn first(&self, asking: &FetchContext<'_>) -> Request {
        Request::to(asking.url.clone()).accepting(ACCEPT)
    }

    fn read(
        &self,
        answer: &PartnerResponse<'_>,
        asking: &FetchContext<'_>,
    ) -> Result<ParsedPage, Unreadable> {
        let root = feed(answer)?;
        let all = items(&root);
        if !all.is_empty() && !all.iter().any(|item| says_when(item)) {
            let why = "no item has an event date: it is a news feed";
            return Err(Unreadable(why.into()));
        }
        let said = root.attribute("lang").map(str::to_owned);
        let said = said.or_else(|| {
            root.child("channel")
                .unwrap_or(&root)
                .text_of(&["language"])
        });
        let reader = ItemReader {
            base: answer.url,
            language: said
                .and_then(|said| said.parse().ok())
                .unwrap_or(asking.language),
            asking,
        };
        let mut page = ParsedPage {
            // A feed has only the newest items.
            listing: Listing::Changes,
            ..ParsedPage::default()
        };
        for (index, item) in all.iter().enumerate().take(ITEMS) {
            let draft = reader.draft(item, index + 1, &mut page.remarks);
            page.items
                .extend(draft.map(|draft| ParsedItem::Event(Box::new(draft))));
        }
        identity::tell_apart(&mut page.items);
        page.next = next_page(&root, answer);
        Ok(page)
    }

    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection> {
        let root = feed(answer).ok()?;
        let all = items(&root);
        let count = all.iter().filter(|item| says_when(item)).count();
        (count > 0).then(|| Detection {
            certainty: Certainty::Certain,
            why: format!(
                "it is a feed in which {count} of {} items have an event date",
                all.len()
            ),
            url: None,
        })
    }
}

fn feed(answer: &PartnerResponse<'_>) -> Result<Element, Unreadable> {
    let unreadable = |why: &str| Unreadable(why.to_owned());
    if answer
        .first_byte()
        .is_some_and(|first_byte| first_byte != b'<' && first_byte.is_ascii())
    {
        return Err(unreadable("it is not XML"));
    }
    let text = charset::text(answer.bytes, answer.media_type);
    let root = xml::read(&text).map_err(|error| Unreadable(error.to_string()))?;
    match root.name.as_str() {
        "rss" | "rdf" | "feed" => Ok(root),
        other => Err(Unreadable(format!(
            "it is not a feed: its root is «{}»",
            parse::title(other)
        ))),
    }
}

/// Returns the items: in the channel in RSS 2.0, beside it in RSS 1.0, and the entries in Atom.
fn items(root: &Element) -> Vec<&Element> {
    let channel = root
        .child("channel")
        .into_iter()
        .flat_map(|child| child.all("item"));
    let beside = root.all("item").chain(root.all("entry"));
    channel.chain(beside).collect()
}

fn says_when(item: &Element) -> bool {
    times::STARTS.iter().any(|name| item.child(name).is_some())
}

/// Returns the request for the next page (RFC 5005), if it has the same origin.
fn next_page(root: &Element, answer: &PartnerResponse<'_>) -> Vec<Request> {
    let outer = root.child("channel").into_iter().chain([root]);
    let links = outer.flat_map(|child| child.all("link"));
    let mut next = links.filter(|link| link.attribute("rel") == Some("next"));
    let next = next.find_map(|next| parse::web(next.attribute("href")?, answer.url));
    next.filter(|next| next.origin() == answer.url.origin() && next != answer.url)
        .map(|next| Request::to(next).accepting(ACCEPT))
        .into_iter()
        .collect()
}
