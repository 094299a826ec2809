//! Facts of events in words: places left, indoors or outdoors, languages, sustainability.

use calendar_domain::{Admission, Availability, Event, EventSetting, LanguageTag};

use super::{Words, capitalised};

/// Languages with a name in the texts, those that events of the region are held in most often first.
pub const NAMED_LANGUAGES: [&str; 26] = [
    "nb",
    "nb-simple",
    "nn",
    "en",
    "nsl",
    "sma",
    "se",
    "sv",
    "da",
    "de",
    "fr",
    "es",
    "nl",
    "fi",
    "pl",
    "lt",
    "uk",
    "ru",
    "ro",
    "ar",
    "so",
    "ti",
    "fa",
    "tr",
    "th",
    "no",
];

impl Words {
    /// Returns «Få plasser igjen», «Utsolgt» or, without admission charge, «Fullt»; `None` if there are places.
    #[must_use]
    pub fn availability_label(
        self,
        availability: Availability,
        admission: Admission,
    ) -> Option<String> {
        let label = match (availability, admission) {
            (Availability::Available, _) => return None,
            (Availability::FewLeft, _) => self.say("availability-few-left"),
            (Availability::SoldOut, Admission::Free) => self.say("availability-full"),
            (Availability::SoldOut, _) => self.say("availability-sold-out"),
        };
        Some(label.into_owned())
    }

    /// Returns «Inne» or «Ute».
    #[must_use]
    pub fn setting(self, setting: EventSetting) -> String {
        let key = format!("setting-{}", setting.as_str());
        self.say(&key).into_owned()
    }

    /// Returns the name of a language: «norsk», «norsk tegnspråk», «lettlest norsk». A language without a name is shown
    /// by its tag.
    #[must_use]
    pub fn language_name(self, tag: &LanguageTag) -> String {
        if let Some(name) = self.language_key(tag.as_str()) {
            return name;
        }
        let name = self.language_key(tag.primary());
        match name {
            Some(name) if tag.is_easy_read() => {
                self.say_with("languages-easy-read", &[("name", name)])
            }
            Some(name) if !tag.as_str().contains("-x-") => name,
            _ => tag.to_string(),
        }
    }

    fn language_key(self, tag: &str) -> Option<String> {
        let key = format!("language-{}", tag.to_ascii_lowercase());
        self.has(&key).then(|| self.say(&key).into_owned())
    }

    /// Returns the language with this name in the texts, or with this tag.
    #[must_use]
    pub fn language_named(self, name: &str) -> Option<LanguageTag> {
        let mut known = NAMED_LANGUAGES.into_iter();
        let found = known.find(|tag| {
            self.language_key(tag)
                .is_some_and(|language_key| language_key == name)
        });
        found.unwrap_or(name).parse().ok()
    }

    /// Returns the names of the languages of an event.
    #[must_use]
    pub fn language_names(self, event: &Event) -> Vec<String> {
        let names = event
            .languages
            .iter()
            .map(|language| self.language_name(language));
        names.collect()
    }

    /// Returns «Inne», «Ute», or both.
    #[must_use]
    pub fn settings(self, event: &Event) -> Vec<String> {
        event
            .setting
            .iter()
            .map(|setting| self.setting(*setting))
            .collect()
    }

    /// Returns «Kan nås med kollektivtransport» and «Miljøsertifisert av Miljøfyrtårn», as far as they hold.
    #[must_use]
    pub fn sustainability(self, event: &Event) -> Vec<String> {
        let mut lines = Vec::new();
        if event.has_public_transport() {
            lines.push(self.say("sustainability-public-transport").into_owned());
        }
        if let Some(certificate) = event.certificate() {
            let issuer = [("issuer", certificate.issuer.as_str())];
            lines.push(self.say_with("sustainability-certified-by", &issuer));
        } else if event.is_certified() {
            lines.push(self.say("sustainability-certified").into_owned());
        }
        lines
    }

    /// Returns the languages of an event on one line: «Norsk, norsk tegnspråk».
    #[must_use]
    pub fn languages_line(self, event: &Event) -> String {
        capitalised(&self.language_names(event).join(", "))
    }
}
