//! Places left and languages in the schema.org vocabulary.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{each, field, last_word, plain, plain_of};
use calendar_domain::{Availability, LanguageTag};

/// Maximum number of languages of an event, and of offers that are looked at.
const MANY: usize = 20;

/// Returns whether there are places left, by the `availability` of the offers: sold out if all are, few if those that
/// are not sold out have few.
#[must_use]
pub fn availability(event: &Value) -> Availability {
    let mut found: Vec<Availability> = Vec::new();
    for one in each(field(event, "offers")).iter().take(MANY) {
        let inner = each(field(one, "offers")).iter().take(MANY);
        let told = std::iter::once(one).chain(inner);
        let words = told.filter_map(|once| plain_of(once, &["availability"]));
        found.extend(words.filter_map(|word| of_word(&word)));
    }
    found.into_iter().min().unwrap_or_default()
}

/// Returns the availability that a value of `ItemAvailability` means; `None` if it says nothing about places.
fn of_word(word: &str) -> Option<Availability> {
    Some(match last_word(word) {
        "SoldOut" | "OutOfStock" => Availability::SoldOut,
        "LimitedAvailability" => Availability::FewLeft,
        "InStock" | "InStoreOnly" | "OnlineOnly" | "PreOrder" | "PreSale" => {
            Availability::Available
        }
        _ => return None,
    })
}

/// Returns the languages of `inLanguage`: tags, or objects of the type `Language`. A region is left out, since websites
/// state it for all their pages: `nb-NO` is `nb`. What is no language tag is left out.
#[must_use]
pub fn languages(event: &Value) -> BTreeSet<LanguageTag> {
    let each = each(field(event, "inLanguage")).iter().take(MANY);
    let words = each.filter_map(|item| {
        plain(item).or_else(|| plain_of(item, &["alternateName", "identifier", "name"]))
    });
    let tags = words.filter_map(|word| word.trim().replace('_', "-").parse::<LanguageTag>().ok());
    tags.filter_map(|tag| without_region(&tag)).collect()
}

fn without_region(tag: &LanguageTag) -> Option<LanguageTag> {
    // In canonical case, only regions are in capitals.
    let is_region = |part: &&str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_uppercase());
    let parts = tag.as_str().split('-').filter(|part| !is_region(part));
    let kept: Vec<&str> = parts.collect();
    kept.join("-").parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_is_sold_out_if_every_offer_is() {
        let offer = |word: &str| json!({"@type": "Offer", "availability": word});
        let event = |words: &[&str]| {
            let offers: Vec<Value> = words.iter().map(|word| offer(word)).collect();
            availability(&json!({ "offers": offers }))
        };
        let full = "https://schema.org/SoldOut";
        assert_eq!(event(&[full, "OutOfStock"]), Availability::SoldOut);
        assert_eq!(event(&[full, "LimitedAvailability"]), Availability::FewLeft);
        assert_eq!(
            event(&[full, "http://schema.org/InStock"]),
            Availability::Available
        );
        assert_eq!(event(&["Discontinued"]), Availability::Available);
        let whole = json!({"offers": {"@type": "AggregateOffer", "offers": [offer(full)]}});
        assert_eq!(availability(&whole), Availability::SoldOut);
        assert_eq!(
            availability(&json!({"offers": "https://a.example/"})),
            Availability::Available
        );
    }

    #[test]
    fn languages_are_tags_without_regions() {
        let read = |told: Value| {
            let found = languages(&json!({ "inLanguage": told }));
            found
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(read(json!("nb-NO")), "nb");
        assert_eq!(read(json!(["en_GB", "nsl", "norsk", 5])), "en nsl");
        assert_eq!(
            read(json!({"@type": "Language", "name": "Bokmål", "alternateName": "nb"})),
            "nb"
        );
        assert_eq!(read(json!("nb-simple")), "nb-simple");
    }
}
