//! Trait of the translators for kinds of calendars.

use serde_json::Value;
use url::Url;

use calendar_connectors::connector::SecretUse;
use calendar_domain::{Connection, Pushed};

use super::exchange::{Exchange, NextStep};
use super::payload::EventPayload;

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
