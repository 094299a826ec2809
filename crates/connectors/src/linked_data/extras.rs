//! Organizers, images and prices in the schema.org vocabulary.

use serde_json::Value;
use url::Url;

use super::{each, field, last_word, name_of, plain, plain_of, text, types};
use crate::parse;
use calendar_domain::{Admission, Image, Lang, Offer, OrganizerRef, Text};

/// Maximum number of images and of offers of an event.
const MANY: usize = 20;
/// Maximum length of a credit or licence in characters.
const CREDIT: usize = 300;

/// Returns the first organizer with a name.
#[must_use]
pub fn organizer(value: &Value, base: &Url) -> Option<OrganizerRef> {
    each(value).iter().find_map(|one| {
        let name = parse::title(&name_of(one)?);
        let named = !name.is_empty() && Url::parse(&name).is_err();
        let url = plain_of(one, &["url", "sameAs"]);
        named.then(|| OrganizerRef::Described {
            name,
            url: url.and_then(|url| parse::web(&url, base)),
        })
    })
}

/// Returns the images of an `image`: addresses or `ImageObject`s. Only the first of several bare addresses is
/// used, since they are usually crops of the same image for search engines.
#[must_use]
pub fn images(value: &Value, base: &Url, language: Lang) -> Vec<Image> {
    let mut found: Vec<Image> = Vec::new();
    let mut bare = false;
    for one in each(value).iter().take(MANY) {
        if one.is_string() && std::mem::replace(&mut bare, true) {
            continue;
        }
        let image = image(one, base, language);
        found.extend(image.filter(|image| found.iter().all(|other| other.source != image.source)));
    }
    found
}

fn image(one: &Value, base: &Url, language: Lang) -> Option<Image> {
    let address = match one {
        Value::Object(_) => plain_of(one, &["contentUrl", "url", "href"])
            .or_else(|| plain_of(field(one, "url"), &["href", "url"]))?,
        other => plain(other)?,
    };
    let url = parse::web(&address, base)?;
    // Such an address is a page: some programs put the event's own here.
    if url.path().ends_with('/') && url.query().is_none() {
        return None;
    }
    let alt = ["caption", "description", "name"];
    let alt = alt
        .iter()
        .map(|alt| text(field(one, alt), language, parse::summary));
    let line = |text: String| calendar_ical::to_events::cut(&parse::title(&text), CREDIT).0;
    let credit = [
        "creditText",
        "copyrightNotice",
        "creator",
        "author",
        "copyrightHolder",
    ];
    let credit = credit.iter().find_map(|credit| name_of(field(one, credit)));
    let licence = field(one, "license");
    let licence = plain_of(licence, &["url", "id"]).or_else(|| name_of(licence));
    Some(Image {
        alt: alt
            .into_iter()
            .find(|alt| !alt.is_empty())
            .unwrap_or_default(),
        credit: credit.map(line),
        licence: licence.map(line),
        ..Image::at(url)
    })
}

/// Offers and admission of an event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdmissionPrice {
    /// The tickets.
    pub offers: Vec<Offer>,
    /// Whether admission is free.
    pub admission: Admission,
    /// Number of prices dropped because their currency is unknown.
    pub without_currency: usize,
}

/// Reads `offers` and `isAccessibleForFree` of an event.
#[must_use]
pub fn price(event: &Value, base: &Url, language: Lang) -> AdmissionPrice {
    let mut found = AdmissionPrice::default();
    for one in each(field(event, "offers")).iter().take(MANY) {
        add_offer(&mut found, one, base, language);
    }
    found.offers.truncate(MANY);
    let free = field(event, "isAccessibleForFree");
    let free = free.as_bool().or_else(|| truth(&plain(free)?));
    let mut prices = found
        .offers
        .iter()
        .filter_map(|offer| offer.price.as_deref());
    let costs = prices.clone().any(|price| !is_zero(price));
    found.admission = match free {
        _ if costs => Admission::Paid,
        Some(true) => Admission::Free,
        Some(false) => Admission::Paid,
        None if prices.next().is_some() => Admission::Free,
        None => Admission::Unknown,
    };
    found
}

fn truth(text: &str) -> Option<bool> {
    match last_word(text).to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    }
}

fn is_zero(price: &str) -> bool {
    price.bytes().all(|byte| matches!(byte, b'0' | b'.'))
}

fn add_offer(into: &mut AdmissionPrice, one: &Value, base: &Url, language: Lang) {
    if let Value::String(address) = one {
        into.offers.extend(parse::web(address, base).map(ticket));
        return;
    }
    let aggregate = types(one).any(|kind| kind == "AggregateOffer");
    let inner = each(field(one, "offers"));
    if aggregate && !inner.is_empty() {
        for one in inner.iter().take(MANY).filter(|inner| inner.is_object()) {
            push(into, one, &["price"], base, language);
        }
        return;
    }
    let specification = each(field(one, "priceSpecification")).first();
    push(
        into,
        specification.map_or(one, |specification| {
            if field(one, "price").is_null() {
                specification
            } else {
                one
            }
        }),
        &["price", "lowPrice", "minPrice"],
        base,
        language,
    );
    let high = plain_of(one, &["highPrice", "maxPrice"]);
    if high.is_some() && high != plain_of(one, &["lowPrice", "minPrice", "price"]) {
        push(into, one, &["highPrice", "maxPrice"], base, language);
    }
}

/// Returns an offer with only an address.
#[must_use]
pub fn ticket(url: Url) -> Offer {
    Offer {
        name: Text::default(),
        price: None,
        currency: "NOK".into(),
        url: Some(url),
    }
}

fn push(into: &mut AdmissionPrice, one: &Value, names: &[&str], base: &Url, language: Lang) {
    let told = plain_of(one, names);
    let url = plain_of(one, &["url"]).and_then(|url| parse::web(&url, base));
    let currency = plain_of(one, &["priceCurrency"]).filter(|plain| is_currency(plain));
    let currency = currency.or_else(|| told.as_deref().and_then(currency_in));
    let amount = told.as_deref().and_then(parse::price);
    if amount.is_some() && currency.is_none() && !amount.as_deref().is_some_and(is_zero) {
        into.without_currency += 1;
        into.offers.extend(url.map(ticket));
        return;
    }
    if amount.is_none() && url.is_none() {
        return;
    }
    into.offers.push(Offer {
        name: text(field(one, "name"), language, parse::title),
        price: amount,
        currency: currency
            .unwrap_or_else(|| "NOK".into())
            .to_ascii_uppercase(),
        url,
    });
}

fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Returns the currency in a price: `kr 250`, `$13`.
#[must_use]
pub fn currency_in(price: &str) -> Option<String> {
    let lower = price.to_lowercase();
    let known = [
        ("nok", "NOK"),
        ("kr", "NOK"),
        (",-", "NOK"),
        ("€", "EUR"),
        ("eur", "EUR"),
        ("usd", "USD"),
        ("$", "USD"),
        ("£", "GBP"),
    ];
    let found = known.iter().find(|(sign, _)| lower.contains(sign));
    found.map(|(_, code)| (*code).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn base() -> Url {
        "https://eksempel.example/".parse().unwrap()
    }

    fn told(event: &Value) -> (Vec<String>, Admission) {
        let price = price(event, &base(), Lang::Nb);
        let line = |offer: &Offer| {
            let amount = offer.price.clone().unwrap_or_default();
            let url = offer.url.as_ref().map(Url::as_str).unwrap_or_default();
            format!(
                "{} {amount} {} {url}",
                offer.name.get(Lang::Nb),
                offer.currency
            )
            .trim()
            .to_owned()
        };
        (price.offers.iter().map(line).collect(), price.admission)
    }

    #[test]
    fn offers_are_read_in_each_shape() {
        let offer = json!({"offers": {"name": "Voksen", "price": 250, "priceCurrency": "NOK", "url": "/b"}});
        assert_eq!(
            told(&offer),
            (
                vec!["Voksen 250.00 NOK https://eksempel.example/b".into()],
                Admission::Paid
            )
        );
        let range = json!({"offers": {"@type": "AggregateOffer", "lowPrice": "100", "highPrice": "200", "priceCurrency": "NOK"}});
        assert_eq!(told(&range).0, ["100.00 NOK", "200.00 NOK"]);
        let zero = json!({"offers": [{"price": "0"}]});
        assert_eq!(told(&zero), (vec!["0.00 NOK".into()], Admission::Free));
        let address = json!({"offers": "billetter/1"});
        assert_eq!(
            told(&address),
            (
                vec!["NOK https://eksempel.example/billetter/1".into()],
                Admission::Unknown
            )
        );
        assert_eq!(
            told(&json!({"isAccessibleForFree": "http://schema.org/True"})).1,
            Admission::Free
        );
        assert_eq!(told(&json!({"offers": {"price": "$35"}})).0, ["35.00 USD"]);
    }

    #[test]
    fn a_price_without_a_currency_is_left_out_and_counted() {
        let price = price(&json!({"offers": {"price": "35"}}), &base(), Lang::Nb);
        assert_eq!((price.offers.len(), price.without_currency), (0, 1));
    }

    #[test]
    fn pictures_keep_their_licence_and_credit() {
        let object = json!({"@type": "ImageObject", "contentUrl": "/b.jpg", "caption": "Scenen",
            "creator": {"name": "Kari Eksempel"}, "license": "https://creativecommons.org/licenses/by/4.0/"});
        let found = images(&object, &base(), Lang::Nb);
        assert_eq!(found[0].credit.as_deref(), Some("Kari Eksempel"));
        assert_eq!(
            found[0].licence.as_deref(),
            Some("https://creativecommons.org/licenses/by/4.0/")
        );
        assert_eq!(found[0].alt, Text::nb("Scenen"));
        let shapes = images(&json!(["/1x1.jpg", "/4x3.jpg"]), &base(), Lang::Nb);
        assert_eq!(shapes.len(), 1);
        assert!(images(&json!("/arrangement/konsert/"), &base(), Lang::Nb).is_empty());
    }

    #[test]
    fn an_organizer_has_a_name() {
        let found = organizer(
            &json!([{"url": "/x"}, {"name": "Eksempellaget", "url": "/l"}]),
            &base(),
        );
        let expected = OrganizerRef::Described {
            name: "Eksempellaget".into(),
            url: Some("https://eksempel.example/l".parse().unwrap()),
        };
        assert_eq!(found, Some(expected));
    }
}
