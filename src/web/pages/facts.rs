//! Facts of an event in words: venues, organizer, prices, sources.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::context::with_municipality;
use super::links::TextLink;
use super::{LocalizedText, PageContext};
use calendar_domain::zone::to_local;
use calendar_domain::{Admission, Coordinates, Event, EventStatus, Offer, OrganizerRef, Venue};
use calendar_language::{Year, capitalised};

/// A venue in the list of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VenueLines {
    /// The name, with a link if the place has a page.
    pub place: TextLink,
    /// The address in one line; may be empty.
    pub address: String,
    /// The municipality; may be empty.
    pub municipality: String,
    /// `geo:` URI of its position, which opens the visitor's map program.
    pub geo: Option<String>,
}

impl VenueLines {
    /// Returns name and municipality in one line.
    #[must_use]
    pub fn line(&self) -> String {
        with_municipality(&self.place.label.text, &self.municipality)
    }
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketPrice {
    /// For whom; may be empty.
    pub name: LocalizedText,
    /// «Gratis», «250 kr»; empty if unknown.
    pub amount: String,
    /// Where it is sold.
    pub url: Option<String>,
}

/// A source of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// «Kilde: …» or the credit that the partner requires.
    pub text: String,
    /// Address of the source.
    pub url: Option<String>,
}

/// Returns the venues.
#[must_use]
pub fn venues(
    context: &PageContext,
    event: &Event,
    status: EventStatus,
    venues: &[Venue],
) -> Vec<VenueLines> {
    if status == EventStatus::MovedOnline {
        return vec![VenueLines {
            place: TextLink {
                label: LocalizedText::plain(context.place_line(status, &[])),
                url: event.online_url.as_ref().map(ToString::to_string),
            },
            address: String::new(),
            municipality: String::new(),
            geo: None,
        }];
    }
    venues.iter().map(|item| venue(context, item)).collect()
}

fn venue(context: &PageContext, venue: &Venue) -> VenueLines {
    let (name, municipality) = context.venue(venue);
    let (link, address, position) = match venue {
        Venue::Place(slug) => {
            let place = context.snapshot.place(slug);
            let address = place.and_then(|place| place.address.as_ref());
            let position = place.and_then(|place| place.coordinates);
            (context.place_link(slug), address, position)
        }
        Venue::Described {
            address,
            coordinates,
            ..
        } => (None, address.as_ref(), *coordinates),
    };
    VenueLines {
        place: link.unwrap_or(TextLink {
            label: LocalizedText::plain(name),
            url: None,
        }),
        address: address.map_or_else(String::new, calendar_domain::Address::line),
        municipality,
        geo: position.map(geo),
    }
}

/// Returns the `geo:` URI of a position (RFC 5870).
#[must_use]
pub fn geo(position: Coordinates) -> String {
    format!("geo:{},{}", position.latitude, position.longitude)
}

/// Returns the organizer, if known.
#[must_use]
pub fn organizer(context: &PageContext, event: &Event) -> Option<TextLink> {
    match event.organizer.as_ref()? {
        OrganizerRef::Organizer(slug) => context.organizer_link(slug),
        OrganizerRef::Described { name, url } => Some(TextLink {
            label: LocalizedText::plain(name.clone()),
            url: url.as_ref().map(ToString::to_string),
        }),
    }
}

/// Returns the prices, as far as known.
#[must_use]
pub fn prices(context: &PageContext, event: &Event) -> Vec<TicketPrice> {
    let plain = |key: &str| TicketPrice {
        name: LocalizedText::default(),
        amount: context.words.say(key).into_owned(),
        url: None,
    };
    match event.admission {
        Admission::Free => {
            let mut all = vec![plain("price-free")];
            // Free events may still require a ticket.
            let tickets = event.offers.iter().filter(|offer| offer.url.is_some());
            all.extend(tickets.map(|offer| {
                price(
                    context,
                    &Offer {
                        price: None,
                        ..offer.clone()
                    },
                )
            }));
            all
        }
        Admission::Paid if event.offers.is_empty() => vec![plain("price-paid")],
        Admission::Paid | Admission::Unknown => event
            .offers
            .iter()
            .map(|offer| price(context, offer))
            .collect(),
    }
}

fn price(context: &PageContext, offer: &Offer) -> TicketPrice {
    TicketPrice {
        name: context.said(&offer.name),
        amount: offer.price.as_ref().map_or_else(String::new, |price| {
            context.words.price(price, &offer.currency)
        }),
        url: offer.url.as_ref().map(ToString::to_string),
    }
}

/// Returns the accessibility features.
#[must_use]
pub fn accessibility(context: &PageContext, event: &Event) -> Vec<String> {
    event
        .accessibility
        .iter()
        .map(|feature| context.words.feature(feature.as_str()))
        .collect()
}

/// A labelled fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactLine {
    /// The label.
    pub label: String,
    /// The values, at least one.
    pub values: Vec<String>,
}

/// Returns setting, languages and sustainability, as far as known.
#[must_use]
pub fn more_facts(context: &PageContext, event: &Event) -> Vec<FactLine> {
    let words = context.words;
    let line = |label: Cow<'static, str>, values: Vec<String>| FactLine {
        label: label.into_owned(),
        values,
    };
    let languages = words.language_names(event);
    let languages = languages
        .iter()
        .map(|language| capitalised(language))
        .collect();
    let all = [
        line(words.say("fact-setting"), words.settings(event)),
        line(words.say("fact-languages"), languages),
        line(
            words.say("fact-sustainability"),
            words.sustainability(event),
        ),
    ];
    let all = all.into_iter();
    all.filter(|value| !value.values.is_empty()).collect()
}

/// Returns the sources with their required credits, each once, and the source of an edition's date.
#[must_use]
pub fn credits(context: &PageContext, event: &Event) -> Vec<Credit> {
    let mut all = partner_credits(context, event);
    let source = edition_source(context, event);
    if !source.is_empty() {
        all.push(Credit {
            text: context.words.say_with("event-source", &[("name", source)]),
            url: None,
        });
    }
    all
}

/// Returns the partners that an event is from with their required credits, each once.
#[must_use]
pub fn partner_credits(context: &PageContext, event: &Event) -> Vec<Credit> {
    let from = |name: &str| context.words.say_with("event-source", &[("name", name)]);
    let mut seen = BTreeSet::new();
    let mut all: Vec<Credit> = Vec::new();
    for source in &event.sources {
        let Some(partner) = context.snapshot.partner(&source.partner) else {
            continue;
        };
        let name = partner.policy.credit.as_deref().unwrap_or(&partner.name);
        let own = source
            .url
            .as_deref()
            .filter(|url| url.starts_with("https://"));
        let credit_url = partner.policy.credit_url.as_ref().map(ToString::to_string);
        if seen.insert(name) {
            all.push(Credit {
                text: from(name),
                url: own.map(ToOwned::to_owned).or(credit_url),
            });
        }
    }
    all
}

/// Returns the source of an edition's date; empty if unknown.
fn edition_source(context: &PageContext, event: &Event) -> String {
    let of = event.series.as_ref();
    let series = of.and_then(|of| context.snapshot.series(&of.series));
    let edition = of.and_then(|of| series?.edition(of.edition.as_str()));
    edition.map_or_else(String::new, |edition| context.text(&edition.source))
}

/// Returns «Sist endret 3. januar 2027.»
#[must_use]
pub fn changed(context: &PageContext, event: &Event) -> String {
    let day = to_local(event.modified, context.snapshot.region().time_zone).date();
    context.words.say_with(
        "event-changed",
        &[("date", context.words.date(day, Year::Said))],
    )
}
