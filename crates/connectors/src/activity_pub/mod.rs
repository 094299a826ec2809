//! ActivityPub: events in the outbox of an actor, as published by Mobilizon, Gancio and others. Follows an
//! actor to its outbox and the pages of the outbox, and reads created, updated, shared and deleted events.

mod connector;
mod event;

pub use connector::ActivityPub;
