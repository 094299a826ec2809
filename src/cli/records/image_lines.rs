//! Image files as lines: `{"image": …}`, base64 (RFC 4648 4). They follow the records that refer to them.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::catalog::Calendar;
use crate::cli::Failure;
use crate::cli::report::JsonLines;
use calendar_domain::ImageName;
use calendar_images::MAX_SIZE_BYTES;
use calendar_store::{ImageFiles, Store as _};

/// Maximum size of a kept image in bytes.
const LARGEST: usize = MAX_SIZE_BYTES;
/// How a line with an image begins.
const START: &str = "{\"image\":";

#[derive(Serialize, Deserialize)]
struct ImageLine {
    image: String,
}

/// Writes the files with these names. One that is missing is left out.
pub(super) fn export<W: std::io::Write>(
    calendar: &Calendar,
    names: &BTreeSet<ImageName>,
    lines: &mut JsonLines<W>,
) -> Result<(), Failure> {
    let Some(files) = calendar.images() else {
        return Ok(());
    };
    for name in names {
        if let Some(content) = files.read(name)? {
            let image = STANDARD.encode(content);
            lines.print(&ImageLine { image });
        }
    }
    Ok(())
}

/// Returns true if a line has an image.
pub(super) fn is_image(line: &str) -> bool {
    line.starts_with(START)
}

/// Keeps the image of a line, unless `dry_run`. Returns its name.
///
/// # Errors
/// Returns what is wrong with the line, or why the image cannot be kept.
pub(super) fn import(calendar: &Calendar, line: &str, dry_run: bool) -> Result<ImageName, String> {
    let line: ImageLine = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let content = STANDARD.decode(line.image);
    let content = content.map_err(|error| format!("the image is not base64: {error}"))?;
    let is_jpeg = content.starts_with(&[0xFF, 0xD8, 0xFF]);
    if !is_jpeg || content.len() > LARGEST {
        return Err("the image is no JPEG, or too large".to_owned());
    }
    let files = calendar
        .images()
        .ok_or("this kind of store keeps no images")?;
    if dry_run {
        return Ok(ImageFiles::name_of(&content));
    }
    let kept = files.keep(&content, calendar.clock().now());
    kept.map_err(|error| error.to_string())
}
