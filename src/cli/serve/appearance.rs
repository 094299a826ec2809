//! Dependencies of pages and feeds besides the records: the public address and the program's version.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::catalog::Calendar;
use calendar_store::Store;

const FILE: &str = "appearance.json";

/// Public address and version at the last start.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Appearance {
    base_url: String,
    program: String,
}

/// Sets the modification time of all pages and feeds to now if their content differs from the last start. Otherwise
/// `If-Modified-Since` would confirm outdated copies.
pub fn note(calendar: &Calendar, base_url: &str) {
    let now = Appearance {
        base_url: base_url.to_owned(),
        program: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    let folder = calendar.cache_folder();
    let before = folder.and_then(|folder| std::fs::read(folder.join(FILE)).ok());
    let before = before.and_then(|bytes| serde_json::from_slice::<Appearance>(&bytes).ok());
    if before.as_ref() == Some(&now) {
        return;
    }
    calendar.date_anew();
    if let Some(folder) = folder
        && let Err(error) = keep(folder, &now)
    {
        tracing::warn!(%error, "cannot record the public address and version; the next start dates all pages \
                                anew");
    }
}

fn keep(folder: &Path, now: &Appearance) -> std::io::Result<()> {
    let bytes = serde_json::to_vec(now).map_err(std::io::Error::other)?;
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join(FILE), bytes)
}
