//! The types of plain fields that are words: one, or a set.

use std::collections::BTreeSet;

use super::event_facts::{Availability, SustainabilityCertificate};
use super::json_word::JsonWord;
use super::nfc::compose;
use super::plain_field::{PlainField, PlainFieldDecoder, PlainFieldEncoder};
#[cfg(feature = "schema")]
use super::wire::schema::{self, WordSchema};
use super::wire::{WireCertificate, WireError, short};

/// Returns the value of a word, or appends an error.
pub(crate) fn read_keyword<T: JsonWord>(
    word: &str,
    field: &str,
    errors: &mut Vec<WireError>,
) -> Option<T> {
    let value = T::parse(word);
    if value.is_none() {
        let detail = format!("«{}» {}", short(word), T::allowed());
        errors.push(WireError::new(field, detail));
    }
    value
}

impl PlainField for Availability {
    /// Absent only on input.
    type Wire = Option<String>;

    #[cfg(feature = "schema")]
    fn wire_schema() -> WordSchema {
        schema::nullable("Availability")
    }

    fn to_wire(&self) -> Option<String> {
        Some(self.as_str().to_owned())
    }

    fn from_wire(wire: Option<String>, field: &str, errors: &mut Vec<WireError>) -> Self {
        let read = wire.and_then(|word| read_keyword(&word, field, errors));
        read.unwrap_or_default()
    }

    fn encode(&self, out: &mut dyn PlainFieldEncoder) {
        match self {
            Self::Available => out.words(&[]),
            other => out.words(&[other.as_str()]),
        }
    }

    fn decode(from: &mut dyn PlainFieldDecoder) -> Option<Self> {
        match from.words()?.first() {
            None => Some(Self::Available),
            Some(word) => Self::named(word),
        }
    }
}

impl<T: JsonWord> PlainField for BTreeSet<T> {
    type Wire = Vec<String>;

    #[cfg(feature = "schema")]
    fn wire_schema() -> WordSchema {
        schema::array(T::word_schema())
    }

    fn to_wire(&self) -> Vec<String> {
        self.iter().map(|text| text.as_str().to_owned()).collect()
    }

    fn from_wire(wire: Vec<String>, field: &str, errors: &mut Vec<WireError>) -> Self {
        let read = |word: &String| read_keyword(word, field, errors);
        wire.iter().filter_map(read).collect()
    }

    fn encode(&self, out: &mut dyn PlainFieldEncoder) {
        let words: Vec<&str> = self.iter().map(T::as_str).collect();
        out.words(&words);
    }

    fn decode(from: &mut dyn PlainFieldDecoder) -> Option<Self> {
        from.words()?.iter().map(|word| T::parse(word)).collect()
    }
}

impl PlainField for Option<SustainabilityCertificate> {
    type Wire = Option<WireCertificate>;

    #[cfg(feature = "schema")]
    fn wire_schema() -> WordSchema {
        schema::nullable("Certificate")
    }

    fn compose(&mut self) {
        self.iter_mut().for_each(|item| compose(&mut item.issuer));
    }

    fn to_wire(&self) -> Option<WireCertificate> {
        let issuer = self.as_ref().map(|value| value.issuer.clone());
        issuer.map(|issuer| WireCertificate {
            issuer: Some(issuer),
        })
    }

    fn from_wire(wire: Option<WireCertificate>, field: &str, errors: &mut Vec<WireError>) -> Self {
        let issuer = wire?.issuer.unwrap_or_default().trim().to_owned();
        if issuer.is_empty() {
            let detail = "is required: who issued the certificate, such as Miljøfyrtårn";
            errors.push(WireError::new(&format!("{field}.issuer"), detail));
            return None;
        }
        Some(SustainabilityCertificate { issuer })
    }

    fn encode(&self, out: &mut dyn PlainFieldEncoder) {
        match self {
            None => out.words(&[]),
            Some(value) => out.words(&[&value.issuer]),
        }
    }

    fn decode(from: &mut dyn PlainFieldDecoder) -> Option<Self> {
        let issuer = from.words()?.into_iter().next();
        Some(issuer.map(|issuer| SustainabilityCertificate { issuer }))
    }
}
