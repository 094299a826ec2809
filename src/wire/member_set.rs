//! Sets of members of a JSON object.

use serde::Serialize;
use serde_json::{Map, Value};

/// Members that every selection includes: partners require the credit, and the licence says what others may do.
const ALWAYS: [&str; 2] = ["credit", "licence"];

/// A selection of members of an object with known members, at most 64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MemberSet {
    known: &'static [&'static str],
    chosen: u64,
}

impl MemberSet {
    /// Returns a set with `credit`, `licence` and `key`, the member that identifies the object.
    #[must_use]
    pub fn new(known: &'static [&'static str], key: &str) -> Self {
        let mut made = Self { known, chosen: 0 };
        for name in ALWAYS.iter().chain([&key]) {
            made.insert(name);
        }
        made
    }

    /// Adds a member. Returns false if there is none with this name.
    pub fn insert(&mut self, name: &str) -> bool {
        let found = self.known.iter().position(|known| *known == name);
        let found = found.filter(|at| *at < 64);
        self.chosen |= found.map_or(0, |at| 1 << at);
        found.is_some()
    }

    /// Returns the names of all members of the object.
    #[must_use]
    pub fn known(&self) -> &'static [&'static str] {
        self.known
    }

    /// Returns the chosen members of a value as JSON.
    ///
    /// # Errors
    /// Errors if the value cannot be serialized as an object.
    pub fn select(&self, value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
        let all: Map<String, Value> = match serde_json::to_value(value)? {
            Value::Object(all) => all,
            other => return serde_json::to_vec(&other),
        };
        let is_chosen = |name: &str| {
            let found = self.known.iter().take(64).position(|known| *known == name);
            found.is_some_and(|at| self.chosen >> at & 1 == 1)
        };
        let chosen: Map<String, Value> = all
            .into_iter()
            .filter(|(name, _)| is_chosen(name))
            .collect();
        serde_json::to_vec(&chosen)
    }
}

#[cfg(test)]
mod tests {
    use calendar_domain::wire::WireEvent;

    use super::*;

    #[test]
    fn chosen_members_come_with_key_credit_and_licence() {
        let mut members = MemberSet::new(WireEvent::MEMBERS, "id");
        assert!(members.insert("start") && !members.insert("colour"));
        let event = WireEvent {
            id: Some("1".to_owned()),
            start: Some("2027-06-01".to_owned()),
            credit: Some("Kinoen".to_owned()),
            ..WireEvent::default()
        };
        let json = String::from_utf8(members.select(&event).unwrap()).unwrap();
        assert_eq!(
            json,
            r#"{"credit":"Kinoen","id":"1","licence":null,"start":"2027-06-01"}"#
        );
        assert!(WireEvent::MEMBERS.len() <= 64);
    }
}
