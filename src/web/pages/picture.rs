//! Pictures of events in pages.

use super::{LocalizedText, PageContext};
use calendar_domain::image::image_licence_address;
use calendar_domain::{Event, Image, KeptImage};

/// A picture that this site serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageImage {
    /// Address of the largest size.
    pub src: String,
    /// The sizes, as in the `srcset` attribute.
    pub srcset: String,
    /// Address of the smallest size.
    pub thumbnail: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Alternative text; may be empty.
    pub alt: LocalizedText,
    /// «Foto: Kari Nordmann»; may be empty.
    pub credit: String,
    /// The licence; may be empty.
    pub licence: String,
    /// Address of the licence; empty if unknown.
    pub licence_url: &'static str,
    /// Class of the focus point: `focus-top-left`.
    pub focus: String,
}

impl PageImage {
    /// Returns a picture; `None` if it is elsewhere, since pages cause no requests to other sites.
    #[must_use]
    pub fn new(context: &PageContext, image: &Image) -> Option<Self> {
        let kept = image.kept()?;
        let credit = image.credit.as_deref();
        let licence = image.licence.as_deref().unwrap_or_default();
        let smallest = kept.smaller.first().unwrap_or(&kept.largest);
        Some(Self {
            src: kept.largest.path(),
            srcset: srcset(kept),
            thumbnail: smallest.path(),
            width: kept.largest.width,
            height: kept.largest.height,
            alt: context.said(&image.alt),
            credit: credit.map_or_else(String::new, |name| {
                context.words.say_with("picture-credit", &[("name", name)])
            }),
            licence: licence.to_owned(),
            licence_url: image_licence_address(licence).unwrap_or_default(),
            focus: format!("focus-{}", image.focus.as_str().replace('_', "-")),
        })
    }
}

fn srcset(kept: &KeptImage) -> String {
    let sizes = kept
        .files()
        .map(|files| format!("{} {}w", files.path(), files.width));
    sizes.collect::<Vec<_>>().join(", ")
}

/// Returns the first picture of an event that may be shown.
#[must_use]
pub fn first_picture(context: &PageContext, event: &Event) -> Option<PageImage> {
    let mut images = context.snapshot.shown_images(event);
    images.find_map(|image| PageImage::new(context, image))
}

/// Returns the pictures of an event that may be shown.
#[must_use]
pub fn pictures(context: &PageContext, event: &Event) -> Vec<PageImage> {
    let images = context.snapshot.shown_images(event);
    images
        .filter_map(|image| PageImage::new(context, image))
        .collect()
}
