//! `/websub`: the WebSub hub of our own feeds (W3C WebSub).

mod distribution;
mod hub;
mod share;
mod topic;

pub use distribution::Distribution;
pub use hub::{Hub, routes};
