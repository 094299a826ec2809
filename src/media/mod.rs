//! Images that people upload or partners publish: cleaned one at a time, kept as files beside the store, and removed when
//! no record refers to them.
//!
//! - `intake`: from an uploaded file to a kept image.
//! - `copies`: copies of partners' images, where their policy permits it; `copy_search` finds what is to be copied.
//! - `upload_folder`: where uploaded files are until then.
//! - `references`: which files records refer to, and the removal of the others.
//!
//! **May import:** `catalog`, `http`.

mod copies;
mod copy_search;
mod intake;
mod references;
mod upload_folder;

pub use copies::{CopyRound, ImageCopier, keep_copying};
pub use intake::{ImageIntake, IntakeError, UploadPlace};
pub use references::{UNUSED_KEPT, keep_tidy, remove_unreferenced, remove_unused, used_names};
