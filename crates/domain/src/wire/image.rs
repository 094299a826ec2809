//! The JSON form of an image.

use serde::{Deserialize, Serialize};

use crate::{Image, KeptImage, Text};

/// An image.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with url, alt, credit and licence"
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = Image))]
pub struct WireImage {
    /// Address of the image, in its largest size.
    pub url: String,
    /// Alternative text.
    pub alt: Text,
    /// The creator.
    pub credit: Option<String>,
    /// The licence.
    pub licence: Option<String>,
    /// The sizes that there are, the smallest first; none of an image that is elsewhere. Ignored on input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sizes: Vec<WireImageSize>,
}

/// A size of an image.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with url, width and height"
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ImageSize))]
pub struct WireImageSize {
    /// Address of the image in this size.
    pub url: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl WireImage {
    /// Returns the JSON form. The addresses of an image that is kept here are paths until
    /// [`resolve`](Self::resolve) is called.
    #[must_use]
    pub fn new(image: &Image) -> Self {
        let kept = image.kept().into_iter().flat_map(KeptImage::files);
        let size = |file: &crate::ImageFile| WireImageSize {
            url: file.path(),
            width: file.width,
            height: file.height,
        };
        Self {
            url: image.address(""),
            alt: image.alt.clone(),
            credit: image.credit.clone(),
            licence: image.licence.clone(),
            sizes: kept.map(size).collect(),
        }
    }

    /// Makes the addresses of an image that is kept here full ones. `base` is the site's URL without a trailing slash.
    pub fn resolve(&mut self, base: &str) {
        let of_sizes = self.sizes.iter_mut().map(|size| &mut size.url);
        for url in of_sizes.chain([&mut self.url]) {
            if url.starts_with('/') {
                url.insert_str(0, base);
            }
        }
    }
}
