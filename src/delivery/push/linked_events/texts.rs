//! LinkedEventsTexts in the calendar's languages. Each language has all three texts or none.

use serde_json::{Map, Value};

use super::super::EventPayload;
use super::super::payload::{cut, cut_by, html};
use calendar_domain::{Lang, LinkedEventsSettings};

/// Maximum lengths in characters, as the calendar counts them. Longer values cause a server error.
const NAME: usize = 250;
const SHORT: usize = 160;

/// The texts in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct InLanguage {
    /// The calendar's key of the language.
    pub key: String,
    /// The language.
    pub lang: Lang,
    pub name: String,
    pub short: String,
    pub long: String,
}

/// The texts in each language, at least one.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkedEventsTexts(pub Vec<InLanguage>);

impl LinkedEventsTexts {
    /// Returns the calendar's keys of the languages.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.0.iter().map(|item| item.key.clone()).collect()
    }

    /// Returns the key of the first language, which is used for values without a language.
    #[must_use]
    pub fn first(&self) -> &str {
        self.0.first().map_or("", |value| &value.key)
    }

    /// Returns one text in each language.
    #[must_use]
    pub fn each(&self, text: impl Fn(&InLanguage) -> String) -> Map<String, Value> {
        let all = self.0.iter();
        all.map(|value| (value.key.clone(), text(value).into()))
            .collect()
    }
}

/// Returns the texts of an event in the languages of the settings.
///
/// # Errors
/// Returns an error message if there is no title in any of them.
pub fn texts(
    said: &EventPayload,
    settings: &LinkedEventsSettings,
) -> Result<LinkedEventsTexts, String> {
    let mut all: Vec<(bool, InLanguage)> = Vec::new();
    // The connection's language comes first, since two languages may have the same key.
    let order = [said.lang].into_iter().chain(Lang::ALL);
    for lang in order {
        let Some(key) = settings.languages.get(&lang) else {
            continue;
        };
        let known = all.iter().any(|(_, value)| value.key == *key);
        let title = said.event.title.exact(lang);
        let Some(title) = title.filter(|_| !known) else {
            continue;
        };
        let short = said.event.summary.exact(lang);
        let long = said.event.description.exact(lang);
        let text = short.or(long).unwrap_or(title);
        all.push((
            short.or(long).is_some(),
            InLanguage {
                key: key.clone(),
                lang,
                name: cut(title, NAME),
                short: cut_by(text, SHORT, |c| match c {
                    '<' | '>' => 4,
                    _ => 1,
                }),
                long: match html(&said.description(lang, false)) {
                    long if long.is_empty() => html(title),
                    long => long,
                },
            },
        ));
    }
    // A language with only a title would get the texts of another one.
    if all.iter().any(|(has_text, _)| *has_text) {
        all.retain(|(has_text, _)| *has_text);
    } else {
        all.truncate(1);
    }
    if all.is_empty() {
        let known = settings.languages.keys().map(|key| key.tag());
        let known = known.collect::<Vec<_>>().join(", ");
        return Err(format!(
            "it has no title in a language of the partner's calendar ({known}); see languages under \
             [partner.push.linked_events]"
        ));
    }
    Ok(LinkedEventsTexts(
        all.into_iter().map(|(_, value)| value).collect(),
    ))
}
