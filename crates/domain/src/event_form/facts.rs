//! The facts of an event: places left, setting, languages, sustainability, the way there.

use super::reader::FormReader;
use super::{EventForm, FormFault, FormField};
use crate::json_word::JsonWord;
use crate::{Availability, Event, Field, SustainabilityCertificate, SustainabilityFact};

impl FormReader<'_> {
    /// Reads one of the facts into an event.
    pub(super) fn read_fact(&mut self, event: &mut Event, field: Field) {
        match field {
            Field::Availability => {
                let chosen: Vec<Availability> = self.words(FormField::Availability);
                event.availability = chosen.first().copied().unwrap_or_default();
            }
            Field::Setting => event.setting = self.words(FormField::Setting).into_iter().collect(),
            Field::Languages => {
                event.languages = self.words(FormField::Language).into_iter().collect();
            }
            Field::Sustainability => self.sustainability(event),
            Field::SustainabilityCertificate => self.certificate(event),
            Field::GettingThere => event.getting_there = self.text(FormField::GettingThere),
            _ => {}
        }
    }

    fn words<T: JsonWord>(&mut self, field: FormField) -> Vec<T> {
        let mut chosen = Vec::new();
        for word in self.form.all(field) {
            match T::parse(word) {
                Some(value) => chosen.push(value),
                None => self.wrong(field, FormFault::UnknownChoice),
            }
        }
        chosen
    }

    /// Reads whether there is public transport. Whether the event is certified stays as it is.
    fn sustainability(&mut self, event: &mut Event) {
        let certified = event
            .is_certified()
            .then_some(SustainabilityFact::Certified);
        let chosen = self.words(FormField::Sustainability);
        event.sustainability = chosen.into_iter().chain(certified).collect();
    }

    /// Reads the issuer of the certificate. An event with an issuer is certified.
    fn certificate(&mut self, event: &mut Event) {
        let issuer = self.form.filled(FormField::CertificateIssuer);
        let certified = SustainabilityFact::Certified;
        match issuer {
            Some(_) => event.sustainability.insert(certified),
            // One whose issuer is unknown is not in the form.
            None if event.sustainability_certificate.is_some() => {
                event.sustainability.remove(&certified)
            }
            None => false,
        };
        event.sustainability_certificate = issuer.map(|issuer| SustainabilityCertificate {
            issuer: issuer.to_owned(),
        });
    }
}

impl EventForm {
    /// Fills the fields of the facts.
    pub(super) fn fill_facts(&mut self, event: &Event) {
        // Most events say nothing about it, and the form chooses the first.
        let left = Some(event.availability)
            .filter(|availability| *availability != Availability::Available);
        self.fill(FormField::Availability, left.map(Availability::as_str));
        let words = event
            .setting
            .iter()
            .map(|setting| setting.as_str().to_owned());
        self.set(FormField::Setting, words.collect());
        let words = event.languages.iter().map(ToString::to_string);
        self.set(FormField::Language, words.collect());
        let transport = event
            .has_public_transport()
            .then_some(SustainabilityFact::PublicTransport.as_str());
        self.fill(FormField::Sustainability, transport);
        let issuer = event
            .certificate()
            .map(|certificate| certificate.issuer.as_str());
        self.fill(FormField::CertificateIssuer, issuer);
        self.fill_text(&event.getting_there, FormField::GettingThere);
    }
}
