//! Checks of the partner interface beyond the JSON form: rejects values that would have to be dropped, cut or guessed.

use serde_json::Value;
use url::{Host, Url};

use crate::catalog::Snapshot;
use crate::http::address::is_public;
use crate::ingest::alias_index::AliasIndex;
use crate::web::field_error::{FieldError, FieldProblem};
use calendar_connectors::parse::{DESCRIPTION, SUMMARY, TITLE};
use calendar_domain::query::fold;
use calendar_domain::wire::{WireEvent, WirePlace};
use calendar_domain::{Address, Connection, Lang, Slug, Text};

/// Maximum length of a name, an address or a credit, in characters.
const NAME: usize = 300;
/// Maximum length of a link, in characters.
const LINK: usize = 2_000;
/// Maximum number of keywords per field, and the maximum length of each in characters.
const WORDS: usize = 50;
const WORD: usize = 100;
/// Maximum number of offers, of images and of further places.
const PARTS: usize = 20;
/// Maximum `sequence`, which rises with each change and is limited to 2147483647 (RFC 5545 3.3.8).
const SEQUENCE: u32 = 2_000_000_000;
/// Maximum number of errors that are collected. Each is compared with those before it.
const PROBLEMS: usize = 1_000;
/// Domains that are not public (RFC 6761, RFC 6762, RFC 8375; `internal`: ICANN).
const PRIVATE: [&str; 7] = [
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home.arpa",
    "localdomain",
];

/// Returns an error for each text with a control character other than tab and line end.
pub fn control_characters(value: &Value) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    walk("", value, &mut problems);
    problems
}

fn walk(path: &str, value: &Value, problems: &mut Vec<FieldProblem>) {
    match value {
        Value::String(text) => {
            let is_wrong = |c: &char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
            if let Some(wrong) = text.chars().find(is_wrong) {
                let code = u32::from(wrong);
                let detail = format!("contains the control character U+{code:04X}");
                problems.push(FieldProblem::new(path, FieldError::Said(detail)));
            }
        }
        Value::Array(list) => list.iter().for_each(|list| walk(path, list, problems)),
        Value::Object(fields) => {
            for (name, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                walk(&format!("{path}{dot}{name}"), value, problems);
            }
        }
        _ => {}
    }
}

/// Returns an error for each field that cannot be stored as sent.
pub fn check(
    wire: &WireEvent,
    snapshot: &Snapshot,
    connection: Option<&Connection>,
) -> Vec<FieldProblem> {
    let mut checks = Checks {
        snapshot,
        problems: Vec::new(),
    };
    checks.texts(wire);
    checks.records(wire);
    checks.links(wire);
    checks.words(wire, connection);
    if wire.sequence.is_some_and(|sequence| sequence > SEQUENCE) {
        checks.wrong("sequence", format!("is more than {SEQUENCE}"));
    }
    checks.problems
}

struct Checks<'a> {
    snapshot: &'a Snapshot,
    problems: Vec<FieldProblem>,
}

impl Checks<'_> {
    fn wrong(&mut self, field: &str, detail: impl Into<String>) {
        let problem = FieldProblem::new(field, FieldError::Said(detail.into()));
        if self.problems.len() < PROBLEMS && !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn texts(&mut self, wire: &WireEvent) {
        if !wire.title.is_empty()
            && wire
                .title
                .exact(Lang::default())
                .is_none_or(|exact| exact.trim().is_empty())
        {
            self.wrong("title.nb", "is required: the title in bokmål");
        }
        self.text("title", &wire.title, TITLE);
        for (name, text) in wire.plain_texts() {
            let most = if name == "description" {
                DESCRIPTION
            } else {
                SUMMARY
            };
            self.text(name, text, most);
        }
        self.text("status_note", &wire.status_note, SUMMARY);
        let overrides = wire
            .recurrence
            .iter()
            .flat_map(|recurrence| &recurrence.overrides);
        for change in overrides {
            self.text("recurrence.overrides.title", &change.title, TITLE);
            let field = "recurrence.overrides.description";
            self.text(field, &change.description, DESCRIPTION);
        }
        for (field, count) in [
            ("offers", wire.offers.len()),
            ("images", wire.images.len()),
            ("other_places", wire.other_places.len()),
        ] {
            if count > PARTS {
                self.wrong(
                    field,
                    format!("has {count} entries; the maximum is {PARTS}"),
                );
            }
        }
        let issuer = wire.sustainability_certificate.as_ref();
        let issuer = issuer.and_then(|issuer| issuer.issuer.as_deref());
        self.length("sustainability_certificate.issuer", issuer, NAME);
        for offer in &wire.offers {
            self.text("offers.name", &offer.name, NAME);
        }
        for image in &wire.images {
            self.text("images.alt", &image.alt, SUMMARY);
            self.length("images.credit", image.credit.as_deref(), NAME);
            self.length("images.licence", image.licence.as_deref(), NAME);
        }
    }

    fn text(&mut self, field: &str, text: &Text, most: usize) {
        for found in text.iter() {
            self.length(&format!("{field}.{}", found.lang), Some(found.text), most);
        }
    }

    fn length(&mut self, field: &str, text: Option<&str>, most: usize) {
        let count = text.map_or(0, |text| text.chars().count());
        if count > most {
            self.wrong(
                field,
                format!("has {count} characters; the maximum is {most}"),
            );
        }
    }

    /// Checks places and organizers. A slug must name a known record.
    fn records(&mut self, wire: &WireEvent) {
        let overrides = wire
            .recurrence
            .iter()
            .flat_map(|recurrence| &recurrence.overrides);
        let changed = overrides.filter_map(|item| item.place.as_ref());
        let places = wire.place.iter().chain(&wire.other_places);
        let places = places.map(|places| ("place", places));
        let changed = changed.map(|changed| ("recurrence.overrides.place", changed));
        for (field, place) in places.chain(changed) {
            if let Some(slug) = place
                .slug
                .as_deref()
                .and_then(|slug| slug.parse::<Slug>().ok())
                && self.snapshot.place(&slug).is_none()
            {
                let detail = format!(
                    "«{slug}» is not a place of the calendar; describe the place by name and address instead"
                );
                self.wrong(&format!("{field}.slug"), detail);
            }
            self.known_address(field, place);
            self.length(&format!("{field}.name"), place.name.as_deref(), NAME);
            self.length(&format!("{field}.address"), place.address.as_deref(), NAME);
            self.length(
                &format!("{field}.postal_code"),
                place.postal_code.as_deref(),
                WORD,
            );
        }
        if let Some(organizer) = &wire.organizer {
            if let Some(slug) = organizer
                .slug
                .as_deref()
                .and_then(|slug| slug.parse::<Slug>().ok())
                && self.snapshot.organizer(&slug).is_none()
            {
                let detail = format!(
                    "«{slug}» is not an organizer of the calendar; describe the organizer by name and url instead"
                );
                self.wrong("organizer.slug", detail);
            }
            self.length("organizer.name", organizer.name.as_deref(), NAME);
        }
    }

    /// A place of the calendar has the address that it has there.
    fn known_address(&mut self, field: &str, told: &WirePlace) {
        let slug = told
            .slug
            .as_deref()
            .and_then(|slug| slug.parse::<Slug>().ok());
        let Some(place) = slug.as_ref().and_then(|slug| self.snapshot.place(slug)) else {
            return;
        };
        let address = place.address.as_ref();
        let line = address.map(Address::line);
        let code = address.and_then(|address| address.postal_code.clone());
        for (part, told, known) in [
            ("address", &told.address, line),
            ("postal_code", &told.postal_code, code),
        ] {
            if told.is_some() && *told != known {
                let detail = format!(
                    "differs from that of the calendar's place «{}»; omit it, or describe your own place by name",
                    place.slug
                );
                self.wrong(&format!("{field}.{part}"), detail);
            }
        }
    }

    fn links(&mut self, wire: &WireEvent) {
        let one = |field, link: &Option<String>| (field, link.clone());
        let mut links = vec![
            one("online_url", &wire.online_url),
            one("website", &wire.website),
        ];
        links.extend(
            wire.organizer
                .iter()
                .map(|organizer| one("organizer.url", &organizer.url)),
        );
        links.extend(
            wire.offers
                .iter()
                .map(|offer| one("offers.url", &offer.url)),
        );
        let images = wire.images.iter();
        links.extend(images.map(|image| ("images.url", Some(image.url.clone()))));
        for (field, link) in links {
            let url = link.as_deref().and_then(|link| Url::parse(link).ok());
            // The stored form is percent-encoded.
            let kept = url.as_ref().map(Url::as_str).or(link.as_deref());
            self.length(field, kept, LINK);
            // Other schemes are rejected where links are parsed.
            let Some(url) = url.filter(|url| matches!(url.scheme(), "http" | "https")) else {
                continue;
            };
            if !url.username().is_empty() || url.password().is_some() {
                self.wrong(field, "contains a user or password, which would be public");
            } else if !leads_out(&url) {
                self.wrong(
                    field,
                    "is in a private network, which visitors cannot reach",
                );
            }
        }
    }

    fn words(&mut self, wire: &WireEvent, connection: Option<&Connection>) {
        let known = AliasIndex::new(self.snapshot);
        let mapping = connection.map(|connection| &connection.mapping);
        let means = |words: Option<&std::collections::BTreeMap<String, _>>, word: &str| {
            words.is_some_and(|words| words.keys().any(|theirs| fold(theirs) == fold(word)))
        };
        for word in &wire.categories {
            let one = std::slice::from_ref(word);
            if known.categories(one).is_empty()
                && !means(mapping.map(|mapping| &mapping.categories), word)
            {
                let all = self.snapshot.categories();
                let detail = unknown(
                    word,
                    all.iter().map(|category| category.slug.as_str()).collect(),
                );
                self.wrong("categories", detail);
            }
        }
        for word in &wire.audiences {
            let one = std::slice::from_ref(word);
            if known.audiences(one).is_empty()
                && !means(mapping.map(|mapping| &mapping.audiences), word)
            {
                let all = self.snapshot.audiences();
                let detail = unknown(
                    word,
                    all.iter().map(|audience| audience.slug.as_str()).collect(),
                );
                self.wrong("audiences", detail);
            }
        }
        let counts = [
            ("categories", wire.categories.len()),
            ("audiences", wire.audiences.len()),
            ("accessibility", wire.accessibility.len()),
            ("languages", wire.languages.len()),
        ];
        for (field, count) in counts.into_iter().filter(|(_, count)| *count > WORDS) {
            self.wrong(field, format!("has {count} words; the maximum is {WORDS}"));
        }
    }
}

fn unknown(word: &str, known: Vec<&str>) -> String {
    let word: String = word.chars().take(WORD).collect();
    format!("«{word}» is unknown; expected one of {}", known.join(", "))
}

/// Returns true if the host of a URL is public.
fn leads_out(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => is_public(address.into()),
        Some(Host::Ipv6(address)) => is_public(address.into()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let is_below = |end: &&str| {
                name.strip_suffix(*end)
                    .is_some_and(|rest| rest.ends_with('.') || rest.is_empty())
            };
            name.contains('.') && !PRIVATE.iter().any(is_below)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_hosts_are_told_from_public_ones() {
        for (link, expected) in [
            ("https://venue.example/", true),
            ("https://8.8.8.8/", true),
            ("http://127.0.0.1/", false),
            ("http://2130706433/", false),
            ("http://[::1]:80/", false),
            ("http://localhost:8000/", false),
            ("http://a.localhost./", false),
            ("http://skriver.local/", false),
            ("http://intranett/", false),
            ("https://lokal.example/", true),
        ] {
            assert_eq!(leads_out(&link.parse().unwrap()), expected, "{link}");
        }
    }

    #[test]
    fn control_characters_are_named_by_field() {
        let value = serde_json::json!({
            "title": {"nb": "a\u{0}b"}, "summary": {"nb": "linje\r\n\tlinje"},
            "offers": [{"name": {"nb": "\u{7f}"}}],
        });
        let found = control_characters(&value);
        let fields: Vec<&str> = found
            .iter()
            .map(|control_character| control_character.field.as_str())
            .collect();
        assert_eq!(fields, ["offers.name.nb", "title.nb"]);
    }
}
