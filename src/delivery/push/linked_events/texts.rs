//! Texts in the calendar's languages: of each language all three that it wants, or none.

use serde_json::{Map, Value};

use super::super::Said;
use super::super::said::{cut, cut_by, html};
use calendar_domain::{Lang, LinkedEventsSettings};

/// The most characters, as the calendar counts them; longer ones end in an error page.
const NAME: usize = 250;
const SHORT: usize = 160;

/// What is said in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct InLanguage {
    /// The calendar's key of it.
    pub key: String,
    /// The language.
    pub lang: Lang,
    pub name: String,
    pub short: String,
    pub long: String,
}

/// What is said, in each language; at least one.
#[derive(Debug, Clone, PartialEq)]
pub struct Texts(pub Vec<InLanguage>);

impl Texts {
    /// The calendar's keys of the languages.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.0.iter().map(|it| it.key.clone()).collect()
    }

    /// The first language, in which stands what has none of its own.
    #[must_use]
    pub fn first(&self) -> &str {
        self.0.first().map_or("", |it| &it.key)
    }

    /// One text in each language.
    #[must_use]
    pub fn each(&self, text: impl Fn(&InLanguage) -> String) -> Map<String, Value> {
        let all = self.0.iter();
        all.map(|it| (it.key.clone(), text(it).into())).collect()
    }
}

/// What is said of an event in the languages that the settings name.
///
/// # Errors
/// Where it is in none of them.
pub fn texts(said: &Said, settings: &LinkedEventsSettings) -> Result<Texts, String> {
    let mut all: Vec<(bool, InLanguage)> = Vec::new();
    // The connection's own language first: of two that have one key it is the one.
    let order = [said.lang].into_iter().chain(Lang::ALL);
    for lang in order {
        let Some(key) = settings.languages.get(&lang) else {
            continue;
        };
        let known = all.iter().any(|(_, it)| it.key == *key);
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
    // A language with a name alone would borrow its texts from another one.
    if all.iter().any(|(has_text, _)| *has_text) {
        all.retain(|(has_text, _)| *has_text);
    } else {
        all.truncate(1);
    }
    if all.is_empty() {
        let known = settings.languages.keys().map(|it| it.tag());
        let known = known.collect::<Vec<_>>().join(", ");
        return Err(format!(
            "it has no title in a language that is sent there ({known}): see languages under \
             [partner.push.linked_events]"
        ));
    }
    Ok(Texts(all.into_iter().map(|(_, it)| it).collect()))
}
