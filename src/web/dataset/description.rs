//! What the parts of the description have in common.

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::terms::Terms;
use crate::catalog::Snapshot;
use calendar_language::Words;

/// What the description is made from.
pub(super) struct Description<'a> {
    pub snapshot: &'a Snapshot,
    /// The site's address, without a trailing slash.
    pub site: &'a str,
    /// The terms in use.
    pub terms: Terms,
}

impl Description<'_> {
    /// Returns the identifier of a part of the description.
    pub(super) fn id(&self, part: &str) -> String {
        format!("{}/dataset.jsonld#{part}", self.site)
    }

    /// Returns a reference to a part of the description.
    pub(super) fn node(&self, part: &str) -> Value {
        json!({"@id": self.id(part)})
    }

    /// Returns a reference to the licence of the data, if one is granted.
    pub(super) fn licence(&mut self) -> Option<Value> {
        let licence = self.snapshot.region().licence.as_ref()?;
        Some(self.terms.licence(licence))
    }

    fn languages(&mut self) -> Vec<Value> {
        let languages = self.snapshot.region().languages.iter();
        languages.map(|lang| self.terms.language(*lang)).collect()
    }

    /// Adds what catalog and data set have in common.
    pub(super) fn common(&mut self, mut one: Value) -> Value {
        one["dct:publisher"] = self.node("publisher");
        one["dcat:contactPoint"] = self.node("contact");
        one["dct:language"] = self.languages().into();
        let modified = self.snapshot.modified();
        let modified = modified.to_rfc3339_opts(SecondsFormat::Secs, true);
        one["dct:modified"] = json!({"@type": "xsd:dateTime", "@value": modified});
        if let Some(licence) = self.licence() {
            one["dct:license"] = licence;
        }
        let country = self.snapshot.region().country.as_deref();
        if let Some(country) = country.and_then(|code| self.terms.country(code)) {
            one["dct:spatial"] = country;
        }
        one
    }
}

/// Returns a text of the interface in all its languages.
pub(super) fn in_all(key: &str, values: &[(&str, &str)]) -> Value {
    let text = |words: Words| {
        let said = words.say_with(key, values);
        json!({"@language": words.lang().tag(), "@value": said})
    };
    Words::all().map(text).collect()
}

/// Returns the site's name, and the names of the municipalities, for texts in each language.
pub(super) fn named(of: &Description<'_>, key: &str) -> Value {
    let region = of.snapshot.region();
    let municipalities = region.municipalities.iter();
    let municipalities: Vec<&str> = municipalities
        .map(|municipality| municipality.name.as_str())
        .collect();
    let text = |words: Words| {
        let site = region.name.get(words.lang()).to_owned();
        let names = words.listed(&municipalities);
        let said = words.say_with(key, &[("site", site), ("region", names)]);
        json!({"@language": words.lang().tag(), "@value": said})
    };
    Words::all().map(text).collect()
}
