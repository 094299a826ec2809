//! Decoding, resizing, encoding.

use std::io::Cursor;

use fast_image_resize::images::{Image as Pixels, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, Limits};

use crate::bounds::{DECODING_MEMORY, FileFacts, check, is_progressive};
use crate::complete::is_complete;
use crate::{ImageError, ImageFormat, MAX_BYTES};

/// The widths of the sizes, smallest first. A picture is at most twice as high, and never enlarged.
pub const WIDTHS: [u32; 3] = [480, 960, 1600];
/// Qualities of the JPEGs, of 100: the first with which a size is small enough, or the last.
const QUALITIES: [u8; 4] = [82, 70, 50, 30];
/// Maximum number of bytes of a JPEG. Only noise needs more than one quality.
pub const MAX_SIZE_BYTES: usize = 4 << 20;
/// Maximum number of bytes that a PNG's chunks beside the pixels take, such as a colour profile.
const CHUNK_MEMORY: u64 = 8 << 20;

/// A picture without anything but its pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanImage {
    /// Its sizes, smallest first; at least one.
    pub sizes: Vec<JpegImage>,
}

/// A size of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JpegImage {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The JPEG file.
    pub bytes: Vec<u8>,
}

/// Returns the sizes of the picture in a file. Of an animated one, the first frame is taken. What is transparent becomes
/// white.
///
/// The file is freed as early as its decoder allows, since it may be large.
///
/// # Errors
/// Returns why the file is refused.
pub fn clean(bytes: Vec<u8>) -> Result<CleanImage, ImageError> {
    if bytes.len() > MAX_BYTES {
        return Err(ImageError::TooLarge);
    }
    let format = ImageFormat::recognize(&bytes)?;
    let file = FileFacts {
        format,
        length: bytes.len() as u64,
        is_complete: is_complete(format, &bytes),
        is_progressive: format == ImageFormat::Jpeg && is_progressive(&bytes),
    };
    let input = Cursor::new(bytes);
    let damaged = |_| {
        if file.is_complete {
            ImageError::Damaged
        } else {
            ImageError::CutShort
        }
    };
    match format {
        ImageFormat::Jpeg => of_decoder(JpegDecoder::new(input).map_err(damaged)?, &file),
        ImageFormat::Png => {
            let decoder = PngDecoder::with_limits(input, limits(CHUNK_MEMORY)).map_err(damaged)?;
            of_decoder(decoder, &file)
        }
        ImageFormat::WebP => of_decoder(WebPDecoder::new(input).map_err(damaged)?, &file),
    }
}

fn limits(bytes: u64) -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(bytes);
    limits
}

fn of_decoder(mut decoder: impl ImageDecoder, file: &FileFacts) -> Result<CleanImage, ImageError> {
    check(&decoder, file)?;
    if !file.is_complete {
        return Err(ImageError::CutShort);
    }
    let damaged = |_| ImageError::Damaged;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    decoder
        .set_limits(limits(DECODING_MEMORY))
        .map_err(damaged)?;
    let decoded = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    let sides = (decoded.width(), decoded.height());
    let is_turned = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let upright = if is_turned { (sides.1, sides.0) } else { sides };
    let [small, medium, large] = WIDTHS.map(|width| fitted(upright, width));
    let turned_back = |(width, height)| {
        if is_turned {
            (height, width)
        } else {
            (width, height)
        }
    };
    // The large picture is turned, not the original, which may be a hundred times as large.
    let mut picture = resized(&decoded, turned_back(large))?;
    drop(decoded);
    picture.apply_orientation(orientation);
    let picture = on_white(picture);
    let mut sizes = Vec::new();
    for size in [small, medium] {
        if size.0 < large.0 {
            sizes.push(encoded(&resized(&picture, size)?)?);
        }
    }
    sizes.push(encoded(&picture)?);
    sizes.dedup_by_key(|size| size.width);
    Ok(CleanImage { sizes })
}

/// Returns the size of a picture that is at most `width` wide and twice as high.
fn fitted((width, height): (u32, u32), most: u32) -> (u32, u32) {
    let by_width = f64::from(most) / f64::from(width);
    let by_height = f64::from(2 * most) / f64::from(height);
    let scale = by_width.min(by_height).min(1.0);
    let side = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
    (side(width), side(height))
}

/// Returns the picture in another size, with 8 bits per channel.
fn resized(
    picture: &DynamicImage,
    (width, height): (u32, u32),
) -> Result<DynamicImage, ImageError> {
    let pixels = match picture.color() {
        ColorType::L8 => PixelType::U8,
        ColorType::La8 => PixelType::U8x2,
        ColorType::Rgb8 => PixelType::U8x3,
        ColorType::Rgba8 => PixelType::U8x4,
        ColorType::L16 => PixelType::U16,
        ColorType::La16 => PixelType::U16x2,
        ColorType::Rgb16 => PixelType::U16x3,
        ColorType::Rgba16 => PixelType::U16x4,
        _ => return Err(ImageError::Damaged),
    };
    let source = ImageRef::new(
        picture.width(),
        picture.height(),
        picture.as_bytes(),
        pixels,
    );
    let source = source.map_err(|_| ImageError::Damaged)?;
    let mut target = Pixels::new(width, height, pixels);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new()
        .resize(&source, &mut target, &options)
        .map_err(|_| ImageError::Damaged)?;
    let bytes = match pixels {
        PixelType::U16 | PixelType::U16x2 | PixelType::U16x3 | PixelType::U16x4 => {
            high_bytes(target.buffer())
        }
        _ => target.into_vec(),
    };
    let made = match picture.color().channel_count() {
        1 => image::GrayImage::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8),
        2 => image::GrayAlphaImage::from_raw(width, height, bytes).map(DynamicImage::ImageLumaA8),
        3 => image::RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8),
        _ => image::RgbaImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8),
    };
    made.ok_or(ImageError::Damaged)
}

/// Returns the more significant byte of each 16-bit value.
fn high_bytes(values: &[u8]) -> Vec<u8> {
    let pairs = values.chunks_exact(2);
    let value = |pair: &[u8]| u16::from_ne_bytes([pair[0], pair[1]]) >> 8;
    pairs.map(|pair| value(pair) as u8).collect()
}

/// Returns the picture in RGB. What is transparent becomes white.
fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.into_rgb8());
    }
    let source = picture.into_rgba8();
    let (width, height) = source.dimensions();
    let blended = |image::Rgba([red, green, blue, alpha]): &image::Rgba<u8>| {
        let alpha = u32::from(*alpha);
        let over = |value: u8| {
            let value = u32::from(value) * alpha + 255 * (255 - alpha);
            u8::try_from((value + 127) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(*red), over(*green), over(*blue)])
    };
    let made = image::RgbImage::from_fn(width, height, |x, y| blended(source.get_pixel(x, y)));
    DynamicImage::ImageRgb8(made)
}

fn encoded(picture: &DynamicImage) -> Result<JpegImage, ImageError> {
    let (width, height) = (picture.width(), picture.height());
    let mut bytes = Vec::new();
    for quality in QUALITIES {
        bytes.clear();
        JpegEncoder::new_with_quality(&mut bytes, quality)
            .write_image(picture.as_bytes(), width, height, ExtendedColorType::Rgb8)
            .map_err(|_| ImageError::Damaged)?;
        if bytes.len() <= MAX_SIZE_BYTES {
            break;
        }
    }
    Ok(JpegImage {
        width,
        height,
        bytes,
    })
}
