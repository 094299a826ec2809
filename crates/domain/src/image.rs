//! Images of an event.

use serde::{Deserialize, Serialize};
use url::Url;

use super::event_facts::keywords;
use super::json_word::JsonWord;
use super::{ImageName, LicenceLink, Text};

/// Path below which images that are kept here are served.
pub const IMAGE_PATH: &str = "/images/";

/// The licences that the form of an event offers, each with its address.
pub const IMAGE_LICENCES: [(&str, &str); 3] = [
    ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    (
        "CC BY-SA 4.0",
        "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    (
        "CC0 1.0",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
];

/// Returns the address of one of [`IMAGE_LICENCES`].
#[must_use]
pub fn image_licence_address(licence: &str) -> Option<&'static str> {
    let known = IMAGE_LICENCES.iter().find(|(name, _)| *name == licence);
    known.map(|(_, address)| *address)
}

/// Returns the name of one of [`IMAGE_LICENCES`] by its address.
#[must_use]
pub fn image_licence_name(address: &str) -> Option<&'static str> {
    let known = IMAGE_LICENCES.iter().find(|(_, known)| *known == address);
    known.map(|(name, _)| *name)
}

/// An image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Location.
    #[serde(flatten)]
    pub source: ImageSource,
    /// Alternative text.
    #[serde(default)]
    pub alt: Text,
    /// The creator.
    #[serde(default)]
    pub credit: Option<String>,
    /// The licence.
    #[serde(default)]
    pub licence: Option<String>,
    /// The part that stays visible where the image is cropped.
    #[serde(default, skip_serializing_if = "FocusPoint::is_center")]
    pub focus: FocusPoint,
}

/// Location of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageSource {
    /// Elsewhere, at this address.
    Url(Url),
    /// Here. The address depends on the site's.
    Kept(KeptImage),
    /// Elsewhere, with a copy here.
    Copied {
        /// The original address.
        url: Url,
        /// The copy.
        copy: KeptImage,
    },
}

impl ImageSource {
    /// Returns true if it is a copy of an image elsewhere.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        matches!(self, Self::Copied { .. })
    }

    /// Returns true if it was uploaded here.
    #[must_use]
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Kept(_))
    }
}

/// An image that is kept here, in one or more sizes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptImage {
    /// The largest size.
    pub largest: ImageFile,
    /// Smaller sizes, the smallest first.
    #[serde(default)]
    pub smaller: Vec<ImageFile>,
}

/// A JPEG file, by the hash of its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageFile {
    /// Its name.
    pub name: ImageName,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Size in bytes.
    pub bytes: u64,
}

/// The part of an image that stays visible where the image is cropped.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[allow(missing_docs, reason = "the names say it")]
pub enum FocusPoint {
    TopLeft,
    Top,
    TopRight,
    Left,
    #[default]
    Center,
    Right,
    BottomLeft,
    Bottom,
    BottomRight,
}

keywords!(
    FocusPoint: TopLeft = "top_left", Top = "top", TopRight = "top_right", Left = "left",
    Center = "center", Right = "right", BottomLeft = "bottom_left", Bottom = "bottom",
    BottomRight = "bottom_right"
);

impl FocusPoint {
    /// Returns true for the centre, which is the default.
    #[must_use]
    pub fn is_center(&self) -> bool {
        *self == Self::Center
    }
}

impl Image {
    /// Returns the image at an address, without further facts.
    #[must_use]
    pub fn at(url: Url) -> Self {
        Self::new(ImageSource::Url(url))
    }

    /// Returns an image without further facts.
    #[must_use]
    pub fn new(source: ImageSource) -> Self {
        Self {
            source,
            alt: Text::default(),
            credit: None,
            licence: None,
            focus: FocusPoint::default(),
        }
    }

    /// Returns the image if it is kept here, as uploaded or as a copy.
    #[must_use]
    pub fn kept(&self) -> Option<&KeptImage> {
        match &self.source {
            ImageSource::Url(_) => None,
            ImageSource::Kept(kept) | ImageSource::Copied { copy: kept, .. } => Some(kept),
        }
    }

    /// Returns the image without a copy of it.
    #[must_use]
    pub fn original(&self) -> Self {
        match &self.source {
            ImageSource::Copied { url, .. } => Self {
                source: ImageSource::Url(url.clone()),
                ..self.clone()
            },
            _ => self.clone(),
        }
    }

    /// Returns the licence with its address, if that is known.
    #[must_use]
    pub fn licence_link(&self) -> Option<LicenceLink> {
        let stated = self.licence.as_deref()?;
        let known = image_licence_address(stated).and_then(|address| Url::parse(address).ok());
        let link = LicenceLink::stated(stated);
        Some(LicenceLink {
            url: known.or(link.url),
            name: link.name,
        })
    }

    /// Returns the image with those of its sizes that are there. Without any, an image elsewhere has no copy, and one that
    /// was uploaded here is gone.
    #[must_use]
    pub fn with_files(&self, is_there: &dyn Fn(&ImageName) -> bool) -> Option<Self> {
        let Some(kept) = self.kept() else {
            return Some(self.clone());
        };
        let there = kept.files().filter(|file| is_there(&file.name));
        let mut smaller: Vec<ImageFile> = there.cloned().collect();
        let Some(largest) = smaller.pop() else {
            return (!self.source.is_own()).then(|| self.original());
        };
        let kept = KeptImage { largest, smaller };
        let source = match &self.source {
            ImageSource::Copied { url, .. } => ImageSource::Copied {
                url: url.clone(),
                copy: kept,
            },
            ImageSource::Kept(_) | ImageSource::Url(_) => ImageSource::Kept(kept),
        };
        Some(Self {
            source,
            ..self.clone()
        })
    }

    /// Returns the full address. `base` is the site's URL without a trailing slash.
    #[must_use]
    pub fn address(&self, base: &str) -> String {
        match &self.source {
            ImageSource::Url(url) => url.to_string(),
            ImageSource::Kept(kept) | ImageSource::Copied { copy: kept, .. } => {
                format!("{base}{}", kept.largest.path())
            }
        }
    }

    /// Returns the names of the files here that the image refers to, also by an address of this site or of a copy of it.
    pub fn names(&self) -> impl Iterator<Item = ImageName> {
        let kept = self.kept().into_iter().flat_map(KeptImage::files);
        let kept = kept.map(|file| file.name.clone());
        let of_url = match &self.source {
            ImageSource::Url(url) => ImageName::of_path(url.path()),
            ImageSource::Kept(_) | ImageSource::Copied { .. } => None,
        };
        kept.chain(of_url)
    }
}

impl KeptImage {
    /// Returns the sizes, the smallest first.
    pub fn files(&self) -> impl Iterator<Item = &ImageFile> {
        self.smaller.iter().chain([&self.largest])
    }
}

impl ImageFile {
    /// Returns the path of its address.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{IMAGE_PATH}{}.jpg", self.name)
    }
}

impl ImageName {
    /// Returns the name in a path that ends like that of [`ImageFile::path`].
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        let (_, name) = path.rsplit_once(IMAGE_PATH)?;
        name.strip_suffix(".jpg")?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PlainField as _;

    fn name(digit: char) -> ImageName {
        digit.to_string().repeat(64).parse().unwrap()
    }

    fn file(digit: char, width: u32) -> ImageFile {
        ImageFile {
            name: name(digit),
            width,
            height: width / 2,
            bytes: 1000,
        }
    }

    #[test]
    fn an_image_by_address_is_stored_as_before() {
        let json = serde_json::json!({
            "url": "https://bilder.example/kor.jpg", "alt": {}, "credit": null, "licence": null,
        });
        let image: Image = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(
            image,
            Image::at("https://bilder.example/kor.jpg".parse().unwrap())
        );
        assert_eq!(serde_json::to_value(&image).unwrap(), json);
    }

    #[test]
    fn the_address_of_a_kept_image_follows_the_site() {
        let kept = KeptImage {
            largest: file('b', 1600),
            smaller: vec![file('a', 480)],
        };
        let image = Image::new(ImageSource::Kept(kept));
        let text = serde_json::to_string(&image).unwrap();
        assert_eq!(serde_json::from_str::<Image>(&text).unwrap(), image);
        let address = image.address("https://kalender.example");
        assert_eq!(
            address,
            format!("https://kalender.example/images/{}.jpg", name('b'))
        );
        assert_eq!(image.names().collect::<Vec<_>>(), [name('a'), name('b')]);
        let again = Image::at(address.parse().unwrap());
        assert_eq!(again.names().collect::<Vec<_>>(), [name('b')]);
    }

    #[test]
    fn a_copy_stays_with_its_picture_and_goes_with_it() {
        let url: Url = "https://bilder.example/kor.jpg".parse().unwrap();
        let copy = KeptImage {
            largest: file('c', 480),
            smaller: Vec::new(),
        };
        let source = ImageSource::Copied {
            url: url.clone(),
            copy,
        };
        let copied = vec![Image::new(source)];
        let mut told = vec![Image::at(url)];
        assert!(told.is_same(&copied) && copied.is_same(&told));
        let mut stored = copied.clone();
        stored.take_from(&told);
        assert_eq!(stored, copied);
        told[0].credit = Some("Kari".to_owned());
        assert!(!told.is_same(&copied));
        stored.take_from(&told);
        assert!(stored[0].source.is_copy() && stored[0].credit.is_some());
        let text = serde_json::to_string(&stored).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Image>>(&text).unwrap(), stored);
        let other = vec![Image::at("https://bilder.example/to.jpg".parse().unwrap())];
        stored.take_from(&other);
        assert_eq!(stored, other);
    }

    #[test]
    fn names_are_hashes_and_nothing_else() {
        for wrong in [
            "",
            "../../etc/passwd",
            &"A".repeat(64),
            &"a".repeat(63),
            &"g".repeat(64),
        ] {
            assert!(wrong.parse::<ImageName>().is_err(), "{wrong}");
        }
    }
}
