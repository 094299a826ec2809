//! Facts in the descriptions that this program writes: setting, languages, sustainability, the way there.

use std::collections::BTreeSet;

use calendar_domain::{
    EventDraft, EventSetting, Lang, LanguageTag, SustainabilityCertificate, SustainabilityFact,
    Text,
};
use calendar_language::Words;

/// The fact of a generated line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum OwnFact {
    Setting(EventSetting),
    Sustainable(SustainabilityFact),
    Issuer,
    Languages,
    GettingThere,
}

impl OwnFact {
    pub(super) const INDOOR: Self = Self::Setting(EventSetting::Indoor);
    pub(super) const OUTDOOR: Self = Self::Setting(EventSetting::Outdoor);
    pub(super) const TRANSPORT: Self = Self::Sustainable(SustainabilityFact::PublicTransport);
    pub(super) const CERTIFIED: Self = Self::Sustainable(SustainabilityFact::Certified);

    /// Returns true if the line has no value.
    pub(super) fn is_whole(self) -> bool {
        matches!(self, Self::Setting(_) | Self::Sustainable(_))
    }
}

/// The facts of a description.
#[derive(Debug, Default, PartialEq)]
pub(super) struct OwnFacts {
    setting: BTreeSet<EventSetting>,
    languages: BTreeSet<LanguageTag>,
    sustainability: BTreeSet<SustainabilityFact>,
    certificate: Option<SustainabilityCertificate>,
    getting_there: String,
}

impl OwnFacts {
    /// Adds the fact of a line with this value.
    pub(super) fn add(&mut self, fact: OwnFact, value: &str) {
        match fact {
            OwnFact::Setting(setting) => {
                self.setting.insert(setting);
            }
            OwnFact::Sustainable(fact) => {
                self.sustainability.insert(fact);
            }
            OwnFact::Issuer => {
                self.sustainability.insert(SustainabilityFact::Certified);
                let issuer = value.to_owned();
                self.certificate = Some(SustainabilityCertificate { issuer });
            }
            OwnFact::Languages => {
                let tags = value.split(", ").filter_map(language_named);
                self.languages.extend(tags);
            }
            OwnFact::GettingThere => self.getting_there = value.to_owned(),
        }
    }

    /// Adds the facts to a draft.
    pub(super) fn fill(self, draft: &mut EventDraft, lang: Lang) {
        draft.setting = self.setting;
        draft.languages = self.languages;
        draft.sustainability = self.sustainability;
        draft.sustainability_certificate = self.certificate;
        draft.getting_there = Text::in_lang(lang, self.getting_there);
    }
}

/// Returns the language with this name in any interface language.
fn language_named(name: &str) -> Option<LanguageTag> {
    Words::all().find_map(|words| words.language_named(name))
}
