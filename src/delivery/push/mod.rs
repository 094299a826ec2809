//! What is published here, put into partners' own calendars, kept as it is here and taken back with it.
//!
//! A partner with a `push` connection has a worker of [`crate::delivery::workers`], which follows the calendar's
//! changes from the first on: what is published, may be passed on, is not the partner's own and has
//! not passed is created there, changed when what was sent would read otherwise, and deleted when it is
//! no longer to be seen here.
//!
//! - [`Push`] is one kind of calendar: a pure translator, one file or folder each, all of them in [`PUSHES`].
//! - [`said`] is what is said of an event, whatever the calendar.
//! - [`exchange`] is the conversation about one event: requests of the translator, and what was answered.
//! - [`record`] keeps where the sending stands and what is called what at the partner.
//! - `post` sends.
//! - [`crate::ingest`] recognises what was sent when a partner's calendar is read.
//!
//! What was sent is noted before and after: a [`calendar_domain::Pushed`] without a remote id may be there or
//! not, so it is looked for, by a reference of ours, before it is created or forgotten. An event is there
//! twice only where the partner's calendar does not find what it has. What was taken out there stays noted:
//! should it come back, it gets its old id where the calendar allows that.
//!
//! **One more kind of calendar** is a file here that implements [`Push`], and a line in [`PUSHES`].

pub mod exchange;
pub mod linked_events;
mod post;
pub mod record;
mod refusal;
pub mod said;
pub mod tribe;

use serde_json::Value;
use url::Url;

use calendar_connectors::connector::SecretUse;
use calendar_domain::{Connection, ConnectorId, Pushed};
pub use exchange::{Call, Exchange, Reply, Step};
pub use record::finder;
pub use said::Said;

/// A calendar that events are sent to.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Where its interface is.
    pub url: &'a Url,
    /// How it is reached, and its settings.
    pub connection: &'a Connection,
}

/// A kind of calendar that events can be put into. It touches no network, store or clock.
pub trait Push: Sync {
    /// Its name in `partner push --kind` and in `partners.toml`: `linked_events`.
    fn id(&self) -> &'static str;

    /// What it is, for people, in a few words.
    fn about(&self) -> &'static str;

    /// How a secret is given to such an interface.
    fn secret(&self) -> SecretUse;

    /// Checks the settings of a connection.
    ///
    /// # Errors
    /// Names the setting that is missing or wrong, and what it has to be.
    fn check(&self, _connection: &Connection) -> Result<(), String> {
        Ok(())
    }

    /// The address of an interface, however much of it an operator has given.
    fn root(&self, url: &Url) -> Url;

    /// What an event is found by there without its id; the same for as long as it is not known to be
    /// there.
    fn reference(&self, to: Target<'_>, said: &Said) -> String;

    /// All that is said of an event: as long as it is the same, nothing is sent.
    ///
    /// # Errors
    /// Where the calendar cannot take the event: why, and what to do.
    fn content(&self, to: Target<'_>, said: &Said) -> Result<Value, String>;

    /// Whether each date of an event that recurs is an event of its own there.
    fn splits_dates(&self) -> bool {
        false
    }

    /// The next step on the way to an event being there as it is said. `known` is what is noted of it,
    /// `so_far` what was answered to the steps before.
    fn publish(&self, to: Target<'_>, said: &Said, known: &Pushed, so_far: &Exchange) -> Step;

    /// The next step on the way to an event being there no more.
    fn withdraw(&self, to: Target<'_>, known: &Pushed, so_far: &Exchange) -> Step;
}

/// Every kind.
pub const PUSHES: &[&dyn Push] = &[&linked_events::LinkedEvents, &tribe::Tribe];

/// The kind of a name.
///
/// # Errors
/// Names those that there are.
pub fn find(id: &ConnectorId) -> Result<&'static dyn Push, UnknownPush> {
    let found = PUSHES.iter().find(|it| it.id() == id.as_str());
    found.copied().ok_or_else(|| UnknownPush(id.clone()))
}

/// Nothing can be sent to a calendar of this kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("events cannot be sent to «{0}»; they can be to {known}", known = names().join(", "))]
pub struct UnknownPush(pub ConnectorId);

fn names() -> Vec<&'static str> {
    PUSHES.iter().map(|it| it.id()).collect()
}

/// The address of a part of an interface: what an operator gave up to `root`, which is added where it is
/// missing, then `parts`, each one segment. The query is dropped.
#[must_use]
pub fn within(to: &Url, root: &[&str], parts: &[&str]) -> Url {
    let mut url = to.clone();
    url.set_query(None);
    url.set_fragment(None);
    let given: Vec<String> = to.path_segments().map_or_else(Vec::new, |segments| {
        segments
            .map(str::to_owned)
            .filter(|it| !it.is_empty())
            .collect()
    });
    let at = given.windows(root.len()).position(|window| window == root);
    let before = at.map_or(&given[..], |at| &given[..at]);
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.clear().extend(before).extend(root).extend(parts);
    }
    url
}

/// An id as JSON gives it: a text or a number, of a bearable length.
fn id_in(value: &Value) -> Option<String> {
    let id = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!id.is_empty() && id.len() <= 200).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_an_operator_would_paste_it() {
        for given in [
            "https://le.example/api",
            "https://le.example/api/",
            "https://le.example/api/v1/event/?page=2",
        ] {
            let url = within(&given.parse().unwrap(), &["v1"], &["event", "a:b/c", ""]);
            assert_eq!(url.as_str(), "https://le.example/api/v1/event/a:b%2Fc/");
        }
    }

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        for push in PUSHES {
            assert_eq!(
                find(&push.id().parse().unwrap()).unwrap().about(),
                push.about()
            );
        }
        let unknown = find(&"ics".parse().unwrap()).err().unwrap();
        assert!(unknown.to_string().contains("linked_events, tribe"));
    }
}
