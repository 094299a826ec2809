//! The choices of the facts in the event form.

use super::form_view::{ChoiceView, EventFormView};
use calendar_domain::event_form::FormField;
use calendar_domain::{EventSetting, LanguageTag, SustainabilityFact};
use calendar_language::{NAMED_LANGUAGES, capitalised};

/// Number of languages that the form always offers.
const LANGUAGES_OFFERED: usize = 10;

impl EventFormView {
    /// Returns «Inne» and «Ute».
    #[must_use]
    pub fn settings(&self) -> Vec<ChoiceView> {
        let choice = |setting: &EventSetting| {
            let label = self.words().setting(*setting);
            self.choice(FormField::Setting, setting.as_str(), label, " checked")
        };
        EventSetting::ALL.iter().map(choice).collect()
    }

    /// Returns the choice of public transport.
    #[must_use]
    pub fn transport(&self) -> Vec<ChoiceView> {
        let label = self.words().say("choice-sustainability-public-transport");
        let value = SustainabilityFact::PublicTransport.as_str();
        let field = FormField::Sustainability;
        vec![self.choice(field, value, label.into_owned(), " checked")]
    }

    /// Returns the usual languages, and those that are chosen already.
    #[must_use]
    pub fn languages(&self) -> Vec<ChoiceView> {
        let usual = NAMED_LANGUAGES.into_iter().take(LANGUAGES_OFFERED);
        let mut tags: Vec<&str> = usual.collect();
        for chosen in self.typed(FormField::Language) {
            if !tags.contains(&chosen.as_str()) {
                tags.push(chosen);
            }
        }
        let choice = |tag: &str| {
            let known = tag.parse::<LanguageTag>().ok();
            let label = known.map_or_else(
                || tag.to_owned(),
                |parse| capitalised(&self.words().language_name(&parse)),
            );
            self.choice(FormField::Language, tag, label, " checked")
        };
        tags.into_iter().map(choice).collect()
    }
}
