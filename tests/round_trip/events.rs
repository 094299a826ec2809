//! Generated events of every kind, with texts that need every escape of the format.

use std::collections::BTreeSet;

use calendar_domain::{
    Address, Admission, Availability, Coordinates, EventSetting, EventStatus, Image, Lang,
    LanguageTag, Offer, OrganizerRef, SustainabilityCertificate, SustainabilityFact, Text, Venue,
};
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use url::Url;

use crate::expected::plain;
use crate::schedules::{schedule, when};
use crate::told::Told;

/// An event, and whether its schedule is already in the form that is written.
#[derive(Debug, Clone)]
pub struct Generated {
    pub told: Told,
    pub in_step: bool,
}

/// Parts of texts that are difficult in some step of the round trip.
const PIECES: [&str; 34] = [
    "Sommerkonsert",
    "på Grønland",
    "æøå ÆØÅ",
    "Kor, orkester; og dans",
    "\\",
    "\\n",
    "\\N",
    "\\,",
    "\\;",
    "\\\\",
    "^n",
    "^^",
    "^'",
    "\"",
    "«sitat»",
    ":",
    "kl. 18:00",
    "<b>fet</b>",
    "<p>",
    "a < b & c > d",
    "&amp;",
    "&#8211;",
    "🎻🇳🇴",
    "e\u{301}",
    "שלום",
    "\u{200b}",
    "\u{feff}x",
    "BEGIN:VEVENT",
    "END:VCALENDAR",
    "=C3=A5=",
    "mailto:x@example.org",
    "100 %",
    "{ $title }",
    "Menneskerettighetsorganisasjonssekretariatslederen",
];
/// Separators between them. Five of the longest words fit into the longest title that is read.
const JOINTS: [&str; 10] = [
    " ", " ", " ", "", "\n", "\r\n", "\n\n", "\u{2028}", "\t", "\u{7}",
];

pub fn event() -> impl Strategy<Value = (Generated, Lang)> {
    let schedule = schedule();
    let words = (text(1..6), option::of(text(1..4)), text(0..12));
    let standing = (
        select(EventStatus::ALL.to_vec()),
        option::weighted(0.2, when()),
        option::weighted(0.3, text(1..4)),
        0..40u32,
    );
    let places = (
        vec(venue(), 0..3),
        option::weighted(0.2, address()),
        organizer(),
    );
    let money = (
        any::<bool>(),
        vec(offer(), 0..3),
        vec(address(), 0..6),
        option::of(address()),
    );
    let names = (
        names(),
        names(),
        option::of("[a-z]{3,8}@example.org"),
        option::of("[a-z0-9-]{1,20}"),
    );
    let made = (schedule, words, standing, places, money, names, facts());
    (made, select(Lang::ALL.to_vec())).prop_map(|(made, lang)| {
        let ((schedule, in_step), words, standing, places, money, names, facts) = made;
        let mut told = Told::new(7, schedule);
        let event = &mut told.event;
        let (title, summary, description) = words;
        event.title = title;
        event.summary = summary.unwrap_or_default();
        event.description = description;
        (event.status, event.previous, _, event.sequence) = standing.clone();
        let note = standing.2.unwrap_or_default();
        // Otherwise the note is part of the description: see `told`.
        let is_noted = event.previous.is_some()
            || !matches!(
                event.status,
                EventStatus::Scheduled | EventStatus::Rescheduled
            );
        if is_noted && event.schedule.recurrence.is_none() {
            event.status_note = in_each(&note, |note| plain(note).replace('\n', " "));
        }
        (event.venues, event.online_url, event.organizer) = places;
        event.admission = if money.0 {
            Admission::Free
        } else {
            Admission::Unknown
        };
        event.offers = money.1;
        event.images = money.2.into_iter().map(image).collect();
        event.website = money.3;
        event.availability = facts.0;
        event.setting = facts.1;
        event.languages = facts.2;
        event.sustainability = facts.3;
        event.sustainability_certificate = facts.4.map(|issuer| SustainabilityCertificate {
            issuer: issuer.to_owned(),
        });
        event.getting_there = facts.5.map(Text::nb).unwrap_or_default();
        told.categories = names.0;
        told.audiences = names
            .1
            .iter()
            .map(|name| name.replace([',', '\n'], ""))
            .collect();
        told.email = names.2;
        told.parent = names.3.and_then(|uid| uid.parse().ok());
        (Generated { told, in_step }, lang)
    })
}

type Facts = (
    Availability,
    BTreeSet<EventSetting>,
    BTreeSet<LanguageTag>,
    BTreeSet<SustainabilityFact>,
    Option<&'static str>,
    Option<&'static str>,
);

fn facts() -> impl Strategy<Value = Facts> {
    let tags = ["nb", "nb-simple", "en", "nsl", "sma", "tlh"];
    let tags = tags.map(|tags| tags.parse::<LanguageTag>().expect("a language tag"));
    let ways = ["Buss 20 fra Hamar; parkering, gratis", "Gå \\ sykle"];
    (
        select(Availability::ALL),
        btree_set(select(EventSetting::ALL), 0..3),
        btree_set(select(tags.to_vec()), 0..4),
        btree_set(select(SustainabilityFact::ALL), 0..3),
        option::of(select(vec!["Miljøfyrtårn", "Grønt, «godt»; merke"])),
        option::of(select(ways.to_vec())),
    )
}

fn image(url: Url) -> Image {
    Image {
        alt: Text::nb("Et bilde"),
        credit: Some("Fotografen".into()),
        ..Image::at(url)
    }
}

/// A text in one to three languages.
pub fn text(size: std::ops::Range<usize>) -> impl Strategy<Value = Text> {
    (
        words(size.clone()),
        option::of(words(size.clone())),
        option::of(words(size)),
    )
        .prop_map(|(nb, nn, en)| {
            let mut text = Text::nb(nb);
            text.set(Lang::Nn, nn.unwrap_or_default());
            text.set(Lang::En, en.unwrap_or_default());
            text
        })
}

/// Parts with separators, without blanks or control characters at the ends.
fn words(size: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    vec((select(PIECES.to_vec()), select(JOINTS.to_vec())), size).prop_map(|parts| {
        let joined: String = parts
            .iter()
            .flat_map(|(piece, joint)| [*piece, *joint])
            .collect();
        joined
            .trim_matches(|c: char| c.is_control() || c.is_whitespace())
            .to_owned()
    })
}

fn in_each(text: &Text, change: impl Fn(&str) -> String) -> Text {
    let mut changed = Text::default();
    for found in text.iter() {
        changed.set(found.lang, change(found.text));
    }
    changed
}

fn names() -> impl Strategy<Value = Vec<String>> {
    let names = [
        "Musikk",
        "Kor, orkester",
        "For \"alle\"",
        "a;b",
        "c\\d",
        "Barn & unge",
        "🎻",
    ];
    btree_set(select(names.to_vec()), 0..4)
        .prop_map(|names| names.into_iter().map(str::to_owned).collect())
}

fn address() -> impl Strategy<Value = Url> {
    let addresses = [
        "https://example.org/",
        "https://example.org/a?b=c,d;e&f=%20#g",
        "http://xn--grnn-hra.example/~x/$y/(z)",
        "https://example.org/en/lang/sti/som/ikke/faar/plass/paa/en/linje/av/en/kalender/index.html",
    ];
    select(addresses.to_vec()).prop_map(|text| Url::parse(text).expect("an address"))
}

pub fn venue() -> impl Strategy<Value = Venue> {
    let names = [
        "Terningen Arena",
        "Kulturhuset «Nord»",
        "Salen, andre etasje",
        "Parken <øst>",
    ];
    let address = option::of((
        option::of(select(vec!["Storgata 1", "Øvre torg 12"])),
        any::<bool>(),
    ));
    let position = option::of((-90.0..=90.0f64, -180.0..=180.0f64));
    (select(names.to_vec()), address, position).prop_map(|(name, address, position)| {
        Venue::Described {
            // Before a town without a street, a comma would be taken to separate a street from the name.
            name: match address {
                Some((None, _)) => name.replace(',', ""),
                _ => name.to_owned(),
            },
            address: address.map(|(street, here)| Address {
                street: street.map(str::to_owned),
                postal_code: Some(if here { "2406" } else { "0150" }.to_owned()),
                locality: Some(if here { "Elverum" } else { "Oslo" }.to_owned()),
            }),
            municipality: None,
            coordinates: position.and_then(|(north, east)| Coordinates::new(north, east).ok()),
        }
    })
}

fn organizer() -> impl Strategy<Value = Option<OrganizerRef>> {
    let names = ["Elverum kommune", "Koret: \"Syng\", AS", "A;B^C"];
    let named = (select(names.to_vec()), option::of(address()));
    option::of(named.prop_map(|(name, url)| OrganizerRef::Described {
        name: name.to_owned(),
        url,
    }))
}

fn offer() -> impl Strategy<Value = Offer> {
    let names = select(vec!["Voksen", "Barn, under 16", ""]);
    let price = select(vec![("250.00", "NOK"), ("0", "EUR"), ("12.5", "SEK")]);
    (names, price, option::of(address())).prop_map(|(name, (price, currency), url)| Offer {
        name: Text::nb(name),
        price: Some(price.to_owned()),
        currency: currency.to_owned(),
        url,
    })
}
