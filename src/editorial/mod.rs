//! Decisions of editors about what runs with partners leave open, for the command line and the web interface.
//!
//! **May import:** `catalog`, `ingest`.
//!
//! The caller decides who may decide. Each decision is one commit authored by the editor, except a rollback
//! that is too large for one.
//!
//! **One more decision** is a function in the module of its subject, exported here.

mod beside;
mod decision;
mod error;
mod merge;
mod parts;
mod review;
mod rollback;
mod runs;

pub use decision::Editor;
use decision::{ask_anew, commit, event, is_there, known_event};
pub use error::{ChangedSinceRun, DecisionError};
pub use merge::{join, split};
pub use review::{OpenReview, accept, approve, dismiss, open_matters, reject, release};
pub use rollback::{Later, RolledBack, roll_back};
pub use runs::runs;
