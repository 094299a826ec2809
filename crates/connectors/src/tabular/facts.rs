//! The columns with facts: places left, setting, languages, sustainability, the way there.

use super::column::Column;
use super::fact_words::{availability, language, settings};
use super::row::RowReader;
use super::sheet::SheetCell;
use crate::parse;
use calendar_domain::{EventDraft, SustainabilityCertificate, SustainabilityFact};

impl RowReader<'_> {
    /// Sets the facts. Returns what is left out, by field.
    pub(super) fn add_facts(
        &self,
        draft: &mut EventDraft,
        cells: &[SheetCell],
    ) -> Vec<(&'static str, String)> {
        let mut odd = Vec::new();
        for word in self.words(cells, Column::Availability) {
            match availability(&word) {
                Some(left) => draft.availability = left,
                None => odd.push(("availability", unknown(&word))),
            }
        }
        for word in self.words(cells, Column::Setting) {
            match settings(&word) {
                [] => odd.push(("setting", unknown(&word))),
                known => draft.setting.extend(known),
            }
        }
        for word in self.words(cells, Column::Languages) {
            match language(&word) {
                Some(tag) => {
                    draft.languages.insert(tag);
                }
                None => odd.push(("languages", unknown(&word))),
            }
        }
        for word in self.words(cells, Column::Sustainability) {
            match SustainabilityFact::named(&word.to_lowercase()) {
                Some(fact) => {
                    draft.sustainability.insert(fact);
                }
                None => odd.push(("sustainability", unknown(&word))),
            }
        }
        let issuer = parse::title(&self.text(cells, Column::Certificate));
        if !issuer.is_empty() {
            let certified = SustainabilityFact::Certified;
            draft.sustainability.insert(certified);
            draft.sustainability_certificate = Some(SustainabilityCertificate { issuer });
        }
        let way = parse::summary(&self.text(cells, Column::GettingThere));
        draft.getting_there = self.say(&way);
        odd
    }
}

fn unknown(word: &str) -> String {
    format!("«{word}» is unknown; left out")
}
