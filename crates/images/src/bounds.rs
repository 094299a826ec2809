//! The shape, and the maximum number of pixels, which depends on the memory that decoding takes.

use image::{ColorType, ImageDecoder};

use crate::{ImageError, ImageFormat};

/// Maximum number of pixels of a picture.
pub const MAX_PIXELS: u64 = 50_000_000;
/// Minimum number of pixels of each side.
pub const MIN_SIDE: u32 = 100;
/// Maximum number of times that a side may be as long as the other: lists would show nothing of a longer strip.
pub const MAX_RATIO: u32 = 6;
/// Maximum number of bytes that decoding takes, with the file.
pub const DECODING_MEMORY: u64 = 210_000_000;

/// What is known of a file before it is decoded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FileFacts {
    pub(crate) format: ImageFormat,
    /// In bytes.
    pub(crate) length: u64,
    /// Whether it was transferred as a whole.
    pub(crate) is_complete: bool,
    /// Whether it is a progressive JPEG.
    pub(crate) is_progressive: bool,
}

/// Errors if a picture must not be decoded.
pub(crate) fn check(decoder: &impl ImageDecoder, file: &FileFacts) -> Result<(), ImageError> {
    let (width, height) = decoder.dimensions();
    if width < MIN_SIDE || height < MIN_SIDE {
        return Err(ImageError::TooSmall { width, height });
    }
    let (short, long) = (width.min(height), width.max(height));
    if long > short.saturating_mul(MAX_RATIO) {
        return Err(ImageError::TooNarrow { width, height });
    }
    let per_pixel = bytes_per_pixel(decoder.color_type(), file.format, file.is_progressive);
    // The file, and the decoder's copy of it.
    let files = 2 * file.length;
    let limit = MAX_PIXELS.min(DECODING_MEMORY.saturating_sub(files) / per_pixel);
    if u64::from(width) * u64::from(height) > limit {
        return Err(ImageError::TooManyPixels {
            width,
            height,
            limit,
        });
    }
    Ok(())
}

/// Returns the bytes of memory per pixel: those of the decoded picture and its copy, and those that the decoder keeps beside it.
fn bytes_per_pixel(color: ColorType, format: ImageFormat, is_progressive: bool) -> u64 {
    // Resizing works on a copy whose colours are multiplied by their transparency.
    let copies = if color.has_alpha() { 2 } else { 1 };
    let decoded = copies * u64::from(color.bytes_per_pixel());
    let beside = match format {
        // The coefficients of all components, two bytes each.
        ImageFormat::Jpeg if is_progressive => 6,
        ImageFormat::Jpeg | ImageFormat::Png => 0,
        // The planes, or the transformed pixels.
        ImageFormat::WebP => 4,
    };
    decoded + beside
}

/// Returns true unless the frame header of a JPEG, which precedes its scans, says that it is a sequential one.
pub(crate) fn is_progressive(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let [0xFF, marker, after @ ..] = rest {
        match marker {
            0xC0 | 0xC1 => return false,
            // Fill bytes and markers without a length.
            0xFF => rest = &rest[1..],
            0x01 | 0xD0..=0xD8 => rest = after,
            0xC4 | 0xC8 | 0xCC | 0xDB..=0xEF | 0xFE => {
                let [high, low, ..] = after else { return true };
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest = after.get(length..).unwrap_or_default();
            }
            _ => return true,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_transparent_takes_twice_the_memory() {
        let of = |color| bytes_per_pixel(color, ImageFormat::Png, false);
        assert_eq!((of(ColorType::Rgb8), of(ColorType::Rgba8)), (3, 8));
        assert_eq!((of(ColorType::L16), of(ColorType::La16)), (2, 8));
    }
}
