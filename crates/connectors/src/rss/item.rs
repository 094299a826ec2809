//! Conversion of an `item` or `entry` into a draft.

use url::Url;

use super::times::{self, RssTimes};
use crate::connector::FetchContext;
use crate::diagnostic::Diagnostic;
use crate::identity;
use crate::linked_data::extras::currency_in;
use crate::linked_data::{place, status};
use crate::parse::{self, ParsedTime};
use crate::xml::Element;
use calendar_domain::{
    Admission, Coordinates, EventDraft, EventStatus, Image, ImageSource, Lang, Offer, OrganizerRef,
    Schedule, Text, Venue,
};
use calendar_ical::to_events::unmarked;

/// Maximum number of categories and of images of an item.
const MANY: usize = 20;

/// The context for reading items.
pub struct ItemReader<'a> {
    /// The base of relative addresses.
    pub base: &'a Url,
    /// The language of the feed.
    pub language: Lang,
    /// The context of the run, with the zone of times without an offset.
    pub asking: &'a FetchContext<'a>,
}

impl ItemReader<'_> {
    /// Returns the draft of an item. Returns `None` with a remark if its title or start is missing or
    /// unreadable.
    pub fn draft(
        &self,
        item: &Element,
        number: usize,
        remarks: &mut Vec<Diagnostic>,
    ) -> Option<EventDraft> {
        let told = item.text_of(&["title", "summary"]).unwrap_or_default();
        let told = parse::title(&told);
        let (title, marked) = unmarked(&told);
        let at = |what: &str| format!("event {number} ({title}): {what}");
        if title.is_empty() {
            remarks.push(Diagnostic::error(
                format!("event {number}: title"),
                "missing",
            ));
            return None;
        }
        let when = match times::when(item, self.asking.zone) {
            RssTimes::When(when, wrong) => {
                if let Some(wrong) = wrong {
                    let detail = format!(
                        "«{}» is not a readable time; left out",
                        parse::title(&wrong)
                    );
                    remarks.push(Diagnostic::warning(at("end"), detail));
                }
                when
            }
            RssTimes::Nothing => {
                let detail = "missing; a date of publication is not the date of the event";
                remarks.push(Diagnostic::error(at("start"), detail));
                return None;
            }
            RssTimes::Unreadable(text) => {
                let detail = format!("«{}» is not a readable time", parse::title(&text));
                remarks.push(Diagnostic::error(at("start"), detail));
                return None;
            }
        };
        if item.child("rrule").is_some() {
            let detail = "this format's recurrence is not read; only the first date is used";
            remarks.push(Diagnostic::warning(at("rrule"), detail));
        }
        let mut draft = EventDraft::new("", self.say(title.to_owned()), Schedule::once(when));
        let said = item
            .text_of(&["status", "eventstatus"])
            .and_then(|text| status(&text));
        draft.status = match (said, marked) {
            (Some(EventStatus::Scheduled) | None, Some(marked)) => marked,
            (said, _) => said.unwrap_or_default(),
        };
        self.add_texts(&mut draft, item);
        self.add_place(&mut draft, item);
        self.add_words(&mut draft, item);
        self.add_price(&mut draft, item);
        draft.images = self.images(item);
        draft.website = self.page(item);
        draft.uid = item.text_of(&["uid"]).and_then(|text| text.parse().ok());
        draft.sequence = item
            .text_of(&["sequence"])
            .and_then(|text| text.parse().ok());
        draft.modified = item
            .text_of(&["updated", "modified", "last-modified"])
            .and_then(|text| parse::time(&text))
            .and_then(|time| match time {
                ParsedTime::Instant(instant) => Some(instant),
                _ => None,
            });
        draft.origin_id = self.id(item, &draft);
        Some(draft)
    }

    fn say(&self, text: String) -> Text {
        Text::in_lang(self.language, text)
    }

    /// Returns the feed's identifier of an item, else its page, else a derived id.
    fn id(&self, item: &Element, draft: &EventDraft) -> String {
        let told = item.text_of(&["guid", "id", "uid"]);
        let told = told.or_else(|| item.attribute("about").map(str::to_owned));
        let page = || draft.website.as_ref().map(Url::to_string);
        told.or_else(page)
            .unwrap_or_else(|| identity::derived(draft))
    }

    fn add_texts(&self, draft: &mut EventDraft, item: &Element) {
        let long = item.text_of(&["encoded", "content"]);
        let short = item.text_of(&["description", "summary"]);
        let (long, short) = match (long, short) {
            (Some(long), short) => (Some(long), short),
            (None, short) => (short, None),
        };
        let long = long
            .map(|long| parse::description(&long))
            .unwrap_or_default();
        let short = short
            .map(|short| parse::summary(&short))
            .unwrap_or_default();
        // Many programs repeat the beginning of the description as the summary.
        let start = short.trim_end_matches(['…', '.', ' ', '[', ']']);
        let says = !start.is_empty() && !long.replace('\n', " ").contains(start);
        draft.description = self.say(long);
        draft.summary = self.say(if says { short } else { String::new() });
    }

    fn page(&self, item: &Element) -> Option<Url> {
        let links = item.all("link").chain(item.all("url"));
        let links = links.filter(|link| matches!(link.attribute("rel"), None | Some("alternate")));
        let told = links.map(|link| {
            link.attribute("href")
                .map_or_else(|| link.whole_text(), str::to_owned)
        });
        let permanent = item
            .child("guid")
            .filter(|child| child.attribute("ispermalink") != Some("false"));
        let permanent = permanent
            .map(Element::whole_text)
            .filter(|whole_text| whole_text.starts_with("http"));
        let mut all = told.chain(permanent);
        all.find_map(|item| parse::web(&item, self.base))
    }

    fn add_place(&self, draft: &mut EventDraft, item: &Element) {
        let told = item
            .text_of(&["location", "venue", "place", "sted"])
            .unwrap_or_default();
        let found = place::places(&told.into(), self.base);
        draft.online_url = found.online;
        draft.venues = found.venues;
        let position = position(item);
        let address = item.text_of(&["address", "streetaddress"]);
        let address = address.and_then(|address| place::address(&address.into()));
        if draft.venues.is_empty() && (position.is_some() || address.is_some()) {
            let line = address.as_ref().map(calendar_domain::Address::line);
            draft.venues.push(Venue::named(line.unwrap_or_default()));
        }
        if let Some(Venue::Described {
            address: own,
            coordinates,
            ..
        }) = draft.venues.first_mut()
        {
            *coordinates = position;
            *own = own.take().or(address);
        }
        let holder = item
            .text_of(&["organizer", "organiser", "host"])
            .unwrap_or_default();
        let holder = holder.trim_start_matches(|c: char| c.is_whitespace());
        let mail = holder.to_ascii_lowercase().starts_with("mailto:");
        let common = item
            .child("organizer")
            .and_then(|child| child.attribute("cn"));
        let name = common.map_or_else(
            || {
                if mail {
                    String::new()
                } else {
                    parse::title(holder)
                }
            },
            parse::title,
        );
        draft.organizer = (!name.is_empty()).then_some(OrganizerRef::Described { name, url: None });
    }

    /// Sets the categories from `category` as text or, in Atom, as an attribute, from the event module's
    /// `type`, and from similar elements.
    fn add_words(&self, draft: &mut EventDraft, item: &Element) {
        let names = ["category", "categories", "type", "subject", "keywords"];
        for element in names.iter().flat_map(|name| item.all(name)) {
            let told = element.attribute("label").or(element.attribute("term"));
            let told = told.map_or_else(|| element.whole_text(), str::to_owned);
            let whole = element.name == "category";
            let parts = told.split(|c| !whole && (c == ',' || c == ';'));
            for word in parts.map(parse::title) {
                if !word.is_empty()
                    && draft.categories.len() < MANY
                    && !draft.categories.contains(&word)
                {
                    draft.categories.push(word);
                }
            }
        }
    }

    fn add_price(&self, draft: &mut EventDraft, item: &Element) {
        let Some(told) = item.text_of(&["cost", "price", "pris"]) else {
            return;
        };
        let words = ["gratis", "free", "fri entré"];
        if words.contains(&&*told.to_lowercase()) {
            draft.admission = Admission::Free;
        } else if let (Some(price), Some(currency)) = (parse::price(&told), currency_in(&told)) {
            draft.admission = Admission::Paid;
            draft.offers.push(Offer {
                name: Text::default(),
                price: Some(price),
                currency,
                url: item
                    .text_of(&["ticketurl", "tickets"])
                    .and_then(|text| parse::web(&text, self.base)),
            });
        }
    }

    fn images(&self, item: &Element) -> Vec<Image> {
        let mut found: Vec<Image> = Vec::new();
        let groups = item.all("group").flat_map(|item| item.children.iter());
        for element in item.children.iter().chain(groups).take(500) {
            let is_image = match element.name.as_str() {
                "enclosure" | "content" => {
                    let kind = element.attribute("type").or(element.attribute("medium"));
                    kind.is_some_and(|kind| kind.starts_with("image"))
                }
                "thumbnail" => found.is_empty(),
                "image" => true,
                "link" => {
                    element.attribute("rel") == Some("enclosure")
                        && element
                            .attribute("type")
                            .is_some_and(|attribute| attribute.starts_with("image"))
                }
                _ => false,
            };
            let address = ["url", "href"]
                .iter()
                .find_map(|name| element.attribute(name));
            let address = address
                .map(str::to_owned)
                .or_else(|| element.text_of(&["url"]));
            let Some(url) = address
                .filter(|_| is_image)
                .and_then(|address| parse::web(&address, self.base))
            else {
                continue;
            };
            if found.len() == MANY
                || found
                    .iter()
                    .any(|image| image.source == ImageSource::Url(url.clone()))
            {
                continue;
            }
            let near = |names: &[&str]| element.text_of(names).or_else(|| media(item, names));
            let alt = element
                .text_of(&["description", "title"])
                .unwrap_or_default();
            found.push(Image {
                alt: self.say(parse::summary(&alt)),
                credit: near(&["credit", "copyright"]).map(|near| parse::title(&near)),
                licence: near(&["license", "licence"]).map(|near| parse::title(&near)),
                ..Image::at(url)
            });
        }
        found
    }
}

/// Returns the media module's value for all images of an item.
fn media(item: &Element, names: &[&str]) -> Option<String> {
    let all = names.iter().flat_map(|name| item.all(name));
    let mut own =
        all.filter(|value| value.prefix == "media" || value.prefix.starts_with("creative"));
    own.find_map(|own| {
        own.attribute("href")
            .map(str::to_owned)
            .or_else(|| Some(own.whole_text()))
    })
    .filter(|text| !text.is_empty())
}

/// Returns a point: `geo:lat` and `geo:long`, `georss:point`, GML's `pos`, or iCalendar's `geo`. Lines and
/// areas are ignored.
fn position(item: &Element) -> Option<Coordinates> {
    let number = |names: &[&str]| {
        let direct = item.text_of(names);
        direct.or_else(|| item.child("point").and_then(|child| child.text_of(names)))
    };
    if let (Some(latitude), Some(longitude)) = (
        number(&["lat", "latitude"]),
        number(&["long", "lon", "lng", "longitude"]),
    ) {
        return parse::position(&latitude, &longitude);
    }
    let pair = item
        .text_of(&["point"])
        .or_else(|| item.within("pos").map(Element::whole_text));
    let pair = pair.or_else(|| item.text_of(&["geo"]))?;
    let mut parts = pair
        .split(|c: char| c.is_whitespace() || matches!(c, ';' | ','))
        .filter(|part| !part.is_empty());
    let found = parse::position(parts.next()?, parts.next()?)?;
    parts.next().is_none().then_some(found)
}
