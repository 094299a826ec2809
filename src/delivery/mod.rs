//! Delivery of changes to other programs: webhooks, WebSub, and calendars that events are pushed to.
//!
//! **May import:** `random`, `catalog`, `wire`, `http`.
//!
//! [`change_log`] maps each event to the commit that last changed it. [`workers`] runs one worker per
//! receiver, which reads the changes after the receiver's last commit and delivers them: [`webhooks`] to
//! registered addresses, [`push`] to other calendars. [`subscriptions`] holds the subscribers of WebSub;
//! `web::websub` distributes to them.
//!
//! To add a kind of calendar to push to, add a file in [`push`].

pub mod change_log;
pub mod push;
pub mod subscriptions;
pub mod webhooks;
pub mod workers;
