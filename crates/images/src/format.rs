//! The format of a file, by its first bytes. Names and declared media types are ignored.

use crate::ImageError;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
}

/// A format that is recognized but not read, so that the refusal can say what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnsupportedFormat {
    /// HEIC or HEIF, as iPhones write.
    Heic,
    /// AVIF.
    Avif,
    /// GIF.
    Gif,
    /// TIFF, which most raw formats of cameras are.
    Tiff,
    /// BMP.
    Bmp,
    /// SVG.
    Svg,
    /// PDF.
    Pdf,
}

/// Number of bytes in which the root element of an SVG is searched for.
const SVG_SEARCHED: usize = 1024;

impl ImageFormat {
    /// Recognizes the format of a file.
    ///
    /// # Errors
    /// Returns [`ImageError::Unsupported`] for other formats of pictures, and [`ImageError::NotAnImage`] for all else.
    pub fn recognize(bytes: &[u8]) -> Result<Self, ImageError> {
        use UnsupportedFormat::{Bmp, Gif, Pdf, Svg, Tiff};
        let unsupported = match bytes {
            [0xFF, 0xD8, 0xFF, ..] => return Ok(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => return Ok(Self::Png),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => {
                return Ok(Self::WebP);
            }
            [_, _, _, _, b'f', b't', b'y', b'p', brands @ ..] => heif(brands),
            [b'G', b'I', b'F', b'8', ..] => Some(Gif),
            [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Some(Tiff),
            [b'B', b'M', ..] => Some(Bmp),
            [b'%', b'P', b'D', b'F', ..] => Some(Pdf),
            _ if is_svg(bytes) => Some(Svg),
            _ => None,
        };
        Err(unsupported.map_or(ImageError::NotAnImage, ImageError::Unsupported))
    }
}

/// Returns the format of a file of the ISO base media format by its major brand.
fn heif(brands: &[u8]) -> Option<UnsupportedFormat> {
    match brands.get(..4)? {
        b"avif" | b"avis" => Some(UnsupportedFormat::Avif),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => {
            Some(UnsupportedFormat::Heic)
        }
        _ => None,
    }
}

fn is_svg(bytes: &[u8]) -> bool {
    let start = bytes.get(..SVG_SEARCHED).unwrap_or(bytes);
    let text = start.trim_ascii_start();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    text.starts_with(b"<")
        && text
            .windows(4)
            .any(|pair| pair.eq_ignore_ascii_case(b"<svg"))
}
