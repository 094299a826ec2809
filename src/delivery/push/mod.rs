//! Push: published events are created in partners' calendars, kept up to date and withdrawn.
//!
//! A partner with a `push` connection has a worker of [`crate::delivery::workers`], which follows the changes
//! of the calendar from the first on. An event is created in the partner's calendar if it is published, may
//! be republished, is not the partner's own and is not past. It is updated when its content there would
//! change, and deleted when it is no longer public.
//!
//! - [`Push`] is a kind of calendar: a pure translator in a file or folder of its own, listed in [`PUSHES`].
//! - [`payload`] is the content of an event, independent of the calendar.
//! - [`exchange`] holds the requests of the translator and their replies.
//! - [`record`] stores the progress and the ids of events at the partner.
//! - `post` sends.
//! - [`crate::ingest`] recognizes pushed events when it reads a partner's calendar.
//!
//! Pushed events are recorded before and after sending. A [`calendar_domain::Pushed`] without a remote id may
//! or may not exist at the partner, so it is searched for by its reference before it is created or forgotten.
//! Duplicates are possible only if the partner's search doesn't find an existing event. The record of a
//! withdrawn event is kept, so that the event gets its old id again if the calendar allows it.
//!
//! To add a kind of calendar, implement [`Push`] in a file here and add a row to [`PUSHES`].

pub mod exchange;
mod finder;
pub mod linked_events;
pub mod payload;
mod post;
pub mod record;
mod refusal;
pub mod tribe;

use serde_json::Value;
use url::Url;

use calendar_connectors::connector::SecretUse;
use calendar_domain::nearest::did_you_mean;
use calendar_domain::{Connection, ConnectorId, Pushed};
pub use exchange::{Call, Exchange, NextStep, RemoteReply};
pub use finder::finder;
pub use payload::EventPayload;

/// A calendar that events are pushed to.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The address of its interface.
    pub url: &'a Url,
    /// Its connection and settings.
    pub connection: &'a Connection,
}

/// A translator for one kind of calendar. It accesses no network, store or clock.
pub trait Push: Sync {
    /// Returns the name used in `partner push --kind` and in `partners.toml`, for example `linked_events`.
    fn id(&self) -> &'static str;

    /// Returns a short description for people.
    fn about(&self) -> &'static str;

    /// Returns how the interface expects a secret.
    fn secret(&self) -> SecretUse;

    /// Checks the settings of a connection.
    ///
    /// # Errors
    /// Returns the missing or invalid setting and what is allowed.
    fn check(&self, _connection: &Connection) -> Result<(), String> {
        Ok(())
    }

    /// Returns the root address of an interface, given any address of it.
    fn root(&self, url: &Url) -> Url;

    /// Returns the reference by which an event is found without its id. It must not change until the event is
    /// known to exist.
    fn reference(&self, to: Target<'_>, said: &EventPayload) -> String;

    /// Returns all content of an event. Nothing is sent while it is unchanged.
    ///
    /// # Errors
    /// Returns the reason if the calendar can't represent the event, and the remedy.
    fn content(&self, to: Target<'_>, said: &EventPayload) -> Result<Value, String>;

    /// Returns true if each date of a recurring event is a separate event.
    fn splits_dates(&self) -> bool {
        false
    }

    /// Returns the next step to bring an event up to date. `known` is the record of the event and `so_far`
    /// holds the replies.
    fn publish(
        &self,
        to: Target<'_>,
        said: &EventPayload,
        known: &Pushed,
        so_far: &Exchange,
    ) -> NextStep;

    /// Returns the next step to withdraw an event.
    fn withdraw(&self, to: Target<'_>, known: &Pushed, so_far: &Exchange) -> NextStep;
}

/// All kinds of calendars.
pub const PUSHES: &[&dyn Push] = &[&linked_events::LinkedEventsPush, &tribe::TribePush];

/// Returns the kind with this name.
///
/// # Errors
/// Returns [`UnknownPush`], whose message lists the known names.
pub fn find(id: &ConnectorId) -> Result<&'static dyn Push, UnknownPush> {
    let found = PUSHES.iter().find(|it| it.id() == id.as_str());
    found.copied().ok_or_else(|| UnknownPush(id.clone()))
}

/// The error of a kind that events can't be pushed to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "events cannot be sent to «{0}»{hint}; they can be to {known}",
    hint = did_you_mean(.0.as_str(), names()), known = names().join(", ")
)]
pub struct UnknownPush(pub ConnectorId);

fn names() -> Vec<&'static str> {
    PUSHES.iter().map(|it| it.id()).collect()
}

/// Returns an address within an interface: the configured address up to `root`, which is added if missing,
/// then `parts` as segments. The query is dropped.
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

/// Returns an id that is a JSON string or number, of at most 200 bytes.
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
