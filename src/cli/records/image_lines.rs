//! Image files as lines: `{"image": …}`, base64 (RFC 4648 4). They follow the records that refer to them.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::catalog::Calendar;
use crate::cli::report::JsonLines;
use calendar_domain::ImageName;
use calendar_images::MAX_SIZE_BYTES;
use calendar_store::{ImageFiles, Store as _};

/// Maximum size of a kept image in bytes.
const LARGEST: usize = MAX_SIZE_BYTES;
/// How a line with an image begins.
const START: &str = "{\"image\":";

/// How a line about an image that could not be exported begins.
const ABSENT: &str = "{\"absent_image\":";

#[derive(Serialize)]
struct AbsentImageLine {
    absent_image: String,
    why: String,
}

#[derive(Serialize, Deserialize)]
struct ImageLine {
    image: String,
}

/// Writes the files with these names. One that is damaged, or required and missing, has a line that says so instead. Returns
/// the number of those.
pub(super) fn export<W: std::io::Write>(
    calendar: &Calendar,
    (names, required): (&BTreeSet<ImageName>, &BTreeSet<ImageName>),
    lines: &mut JsonLines<W>,
) -> usize {
    let Some(files) = calendar.images() else {
        return 0;
    };
    let mut absent = 0;
    for name in names {
        match files.sound(name) {
            Ok(content) => {
                let image = STANDARD.encode(content);
                lines.print(&ImageLine { image });
            }
            // What only earlier versions refer to may be gone.
            Err(_) if !files.has(name) && !required.contains(name) => {}
            Err(why) => {
                absent += 1;
                tracing::warn!(image = %name, why, "a picture is not in the export");
                lines.print(&AbsentImageLine {
                    absent_image: name.to_string(),
                    why,
                });
            }
        }
    }
    absent
}

/// Returns true if a line tells of an image that the exporting calendar lacked. Records that need it are reported anyway.
pub(super) fn is_absent_image(line: &str) -> bool {
    line.starts_with(ABSENT)
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
