//! Images that people upload or partners publish: cleaned one at a time, kept as files beside the store, and removed when
//! no record refers to them.
//!
//! - `intake`: from an uploaded file to a kept image.
//! - `copies`: copies of partners' images, where their policy permits it.
//! - `references`: which files records refer to, and the removal of the others.
//!
//! **May import:** `catalog`, `http`.

mod copies;
mod intake;
mod references;

pub use copies::{FailedCopies, copy_images, keep_copying};
pub use intake::{ImageIntake, IntakeError};
pub use references::{UNUSED_KEPT, add_names, keep_tidy, remove_unused, used_names};
