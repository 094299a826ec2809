//! Terms of controlled vocabularies, and other things that are only referred to.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use calendar_domain::{Lang, Licence};

/// The vocabularies of the Publications Office of the European Union.
const AUTHORITY: &str = "http://publications.europa.eu/resource/authority";

/// Addresses of licences, and their terms.
const LICENCES: [(&str, &str); 5] = [
    ("creativecommons.org/licenses/by/4.0", "CC_BY_4_0"),
    ("creativecommons.org/licenses/by-sa/4.0", "CC_BYSA_4_0"),
    ("creativecommons.org/publicdomain/zero/1.0", "CC0"),
    ("data.norge.no/nlod/no/2.0", "NLOD_2_0"),
    ("data.norge.no/nlod/en/2.0", "NLOD_2_0"),
];

/// The terms in use, each described once.
#[derive(Debug, Default)]
pub(super) struct Terms(BTreeMap<String, Value>);

impl Terms {
    /// Returns a reference to a term, such as `frequency` `UPDATE_CONT`, of a class besides `skos:Concept`.
    pub(super) fn refer(&mut self, vocabulary: &str, term: &str, class: &str) -> Value {
        let id = format!("{AUTHORITY}/{vocabulary}/{term}");
        let described = json!({
            "@id": id,
            "@type": ["skos:Concept", class],
            "skos:inScheme": {"@id": format!("{AUTHORITY}/{vocabulary}")},
            "skos:prefLabel": term,
        });
        self.0.insert(id.clone(), described);
        json!({ "@id": id })
    }

    /// Returns a reference to a media type, without parameters.
    pub(super) fn media_type(&mut self, name: &str) -> Value {
        let id = format!("https://www.iana.org/assignments/media-types/{name}");
        self.thing(id, "dct:MediaType")
    }

    /// Returns a reference to a web page.
    pub(super) fn page(&mut self, address: String) -> Value {
        self.thing(address, "foaf:Document")
    }

    fn thing(&mut self, id: String, class: &str) -> Value {
        let described = json!({"@id": id, "@type": class});
        self.0.insert(id.clone(), described);
        json!({ "@id": id })
    }

    /// Returns a reference to a language that has a term.
    pub(super) fn language(&mut self, lang: Lang) -> Value {
        let term = match lang {
            Lang::Nb => "NOB",
            Lang::Nn => "NNO",
            Lang::En => "ENG",
        };
        self.refer("language", term, "dct:LinguisticSystem")
    }

    /// Returns a reference to a licence: its term, or else its own address.
    pub(super) fn licence(&mut self, licence: &Licence) -> Value {
        let address = licence.url.as_str();
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        let rest = rest.trim_start_matches("www.");
        let known = LICENCES.iter().find(|(start, _)| rest.starts_with(start));
        match known {
            Some((_, term)) => self.refer("licence", term, "dct:LicenseDocument"),
            None => json!({"@id": address}),
        }
    }

    /// Returns a reference to a country by its ISO 3166-1 alpha-2 code, if its term is known.
    pub(super) fn country(&mut self, code: &str) -> Option<Value> {
        let term = match code {
            "NO" => "NOR",
            "SE" => "SWE",
            "DK" => "DNK",
            "FI" => "FIN",
            "IS" => "ISL",
            _ => return None,
        };
        Some(self.refer("country", term, "dct:Location"))
    }

    /// Returns the descriptions of all terms that were referred to.
    pub(super) fn described(self) -> impl Iterator<Item = Value> {
        self.0.into_values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_is_named_by_its_term_or_else_by_its_address() {
        let mut terms = Terms::default();
        let mut of = |url: &str| {
            let licence = Licence {
                name: "L".into(),
                url: url.parse().unwrap(),
            };
            terms.licence(&licence)["@id"].as_str().unwrap().to_owned()
        };
        let by = of("https://creativecommons.org/licenses/by/4.0/deed.no");
        assert!(by.ends_with("/licence/CC_BY_4_0"), "{by}");
        let own = "https://example.no/vilkar";
        assert_eq!(of(own), own);
    }
}
