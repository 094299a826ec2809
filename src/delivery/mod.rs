//! Changes of ours to other programs: webhooks, WebSub, and calendars that events are pushed to.
//!
//! [`change_log`] knows which commit last changed each event. [`workers`] runs one worker for each receiver, which
//! reads the changes after the receiver's last commit and delivers them: [`webhooks`] to registered addresses, [`push`] to
//! other calendars. [`subscriptions`] keeps the subscribers of WebSub; `web::websub` distributes to them.
//!
//! To add a kind of calendar to push to, add a file in [`push`].

pub mod change_log;
pub mod push;
pub mod subscriptions;
pub mod webhooks;
pub mod workers;
