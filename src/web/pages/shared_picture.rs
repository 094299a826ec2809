//! The picture of an event for previews in social networks and messages.

use calendar_domain::{Image, ImageFile, Lang};

/// Width from which networks show a picture sharply, in pixels.
const SHARP_WIDTH: u32 = 1200;
/// Minimum width and height of a picture that networks show large, in pixels.
const LEAST: (u32, u32) = (600, 315);

/// A picture for previews, a JPEG of this site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedPicture {
    /// Path of its address.
    pub path: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Alternative text; may be empty.
    pub alt: String,
}

impl SharedPicture {
    /// Returns the first picture that was uploaded here and is large enough. A partner's pictures are shown on this site
    /// only.
    #[must_use]
    pub fn first<'i>(images: impl Iterator<Item = &'i Image>, lang: Lang) -> Option<Self> {
        let mut own = images.filter(|image| image.source.is_own());
        own.find_map(|image| {
            let file = fitting(image)?;
            Some(Self {
                path: file.path(),
                width: file.width,
                height: file.height,
                alt: image.alt.get(lang).to_owned(),
            })
        })
    }
}

/// Returns the smallest size that is sharp, or else the largest; `None` if that is too small.
fn fitting(image: &Image) -> Option<&ImageFile> {
    let kept = image.kept()?;
    let file = kept.files().find(|file| file.width >= SHARP_WIDTH);
    let file = file.unwrap_or(&kept.largest);
    (file.width >= LEAST.0 && file.height >= LEAST.1).then_some(file)
}
