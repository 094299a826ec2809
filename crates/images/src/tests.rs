//! Hostile and unusual files.

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{DynamicImage, ImageFormat as Encoding, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

fn clean(bytes: &[u8]) -> Result<CleanImage, ImageError> {
    super::clean(bytes.to_vec())
}

/// A text that must not survive.
const CANARY: &[u8] = b"N60.8833 E11.5625 kanarifugl";

/// Returns a picture that is red in its upper left quarter and green elsewhere.
fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        if x < width / 2 && y < height / 2 {
            Rgb([200, 20, 20])
        } else {
            Rgb([20, 120, 60])
        }
    })
}

fn encoded(picture: impl Into<DynamicImage>, format: Encoding) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut out = Cursor::new(&mut bytes);
    picture.into().write_to(&mut out, format).unwrap();
    bytes
}

/// Returns a PNG chunk.
fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut named = name.to_vec();
    named.extend_from_slice(content);
    let length = u32::try_from(content.len()).unwrap();
    let mut chunk = length.to_be_bytes().to_vec();
    chunk.extend_from_slice(&named);
    chunk.extend_from_slice(&crc32fast::hash(&named).to_be_bytes());
    chunk
}

/// Returns a PNG that claims this size, with these bytes as its compressed pixels.
fn png(width: u32, height: u32, (depth, color): (u8, u8), pixels: &[u8]) -> Vec<u8> {
    let mut header = width.to_be_bytes().to_vec();
    header.extend_from_slice(&height.to_be_bytes());
    header.extend_from_slice(&[depth, color, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in [(b"IHDR", &header[..]), (b"IDAT", pixels), (b"IEND", &[])] {
        out.extend(chunk(name, content));
    }
    out
}

fn zeros(count: usize) -> Vec<u8> {
    let mut out = ZlibEncoder::new(Vec::new(), Compression::best());
    out.write_all(&vec![0; count]).unwrap();
    out.finish().unwrap()
}

/// Returns a JPEG with Exif data: an orientation, and the canary as artist.
fn jpeg_with_exif(picture: RgbImage, orientation: u16) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    tiff.extend_from_slice(&[0x01, 0x12, 0, 3, 0, 0, 0, 1]);
    tiff.extend_from_slice(&[(orientation >> 8) as u8, orientation as u8, 0, 0]);
    tiff.extend_from_slice(&[0x01, 0x3B, 0, 2, 0, 0, 0, CANARY.len() as u8, 0, 0, 0, 38]);
    tiff.extend_from_slice(&[0, 0, 0, 0]);
    tiff.extend_from_slice(CANARY);
    let mut exif = b"Exif\0\0".to_vec();
    exif.extend(tiff);
    let jpeg = encoded(picture, Encoding::Jpeg);
    let length = u16::try_from(exif.len() + 2).unwrap();
    let mut out = jpeg[..2].to_vec();
    out.extend_from_slice(&[0xFF, 0xE1]);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend(exif);
    out.extend_from_slice(&jpeg[2..]);
    out
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|pair| pair == part)
}

/// Returns the sizes, after checking that each is a JPEG of its size without metadata.
fn cleaned(bytes: &[u8]) -> Vec<JpegImage> {
    let sizes = clean(bytes).unwrap().sizes;
    for size in &sizes {
        let read = image::load_from_memory_with_format(&size.bytes, Encoding::Jpeg).unwrap();
        assert_eq!((read.width(), read.height()), (size.width, size.height));
        for part in [&b"Exif"[..], b"ICC_PROFILE", b"http", CANARY] {
            assert!(!contains(&size.bytes, part), "{part:?}");
        }
    }
    sizes
}

/// Returns the color at a place, in percent.
fn color_at(size: &JpegImage, x: u32, y: u32) -> [u8; 3] {
    let read = image::load_from_memory(&size.bytes).unwrap().into_rgb8();
    read.get_pixel(size.width * x / 100, size.height * y / 100)
        .0
}

fn is_red([red, green, _]: [u8; 3]) -> bool {
    red > 150 && green < 80
}

#[test]
fn a_photo_gets_three_sizes_and_is_never_enlarged() {
    let sides = |bytes: &[u8]| -> Vec<(u32, u32)> {
        let sizes = cleaned(bytes);
        sizes.iter().map(|size| (size.width, size.height)).collect()
    };
    let photo = encoded(picture(3000, 2000), Encoding::Jpeg);
    assert_eq!(sides(&photo), [(480, 320), (960, 640), (1600, 1067)]);
    let small = encoded(picture(700, 500), Encoding::Png);
    assert_eq!(sides(&small), [(480, 343), (700, 500)]);
    let smallest = encoded(picture(120, 100), Encoding::WebP);
    assert_eq!(sides(&smallest), [(120, 100)]);
    let tower = encoded(picture(1000, 6000), Encoding::Png);
    assert_eq!(sides(&tower), [(160, 960), (320, 1920), (533, 3200)]);
}

#[test]
fn the_position_is_removed_and_the_picture_stands_upright() {
    // As a phone held upright writes it: the red quarter belongs at the upper right.
    let photo = jpeg_with_exif(picture(1200, 800), 6);
    assert!(contains(&photo, CANARY));
    let sizes = cleaned(&photo);
    let large = sizes.last().unwrap();
    assert_eq!((large.width, large.height), (800, 1200));
    assert!(is_red(color_at(large, 75, 25)) && !is_red(color_at(large, 25, 25)));
    assert!(is_red(color_at(&sizes[0], 75, 25)));
    let mirrored = cleaned(&jpeg_with_exif(picture(1200, 800), 2));
    assert!(is_red(color_at(mirrored.last().unwrap(), 75, 25)));
}

#[test]
fn texts_profiles_and_what_follows_a_picture_are_removed() {
    let mut text = b"Comment\0".to_vec();
    text.extend_from_slice(CANARY);
    let mut with_text = encoded(picture(300, 200), Encoding::Png);
    with_text.splice(33..33, chunk(b"tEXt", &text));
    assert_eq!(cleaned(&with_text).len(), 1);
    // A polyglot: a picture and an archive, or a script, in one file.
    for tail in [
        &b"PK\x03\x04 kanari.exe"[..],
        b"<script>alert(1)</script>",
        CANARY,
    ] {
        let mut polyglot = encoded(picture(300, 200), Encoding::Jpeg);
        polyglot.extend_from_slice(tail);
        for size in cleaned(&polyglot) {
            assert!(!contains(&size.bytes, tail));
        }
    }
}

#[test]
fn a_picture_that_claims_too_many_pixels_is_refused_before_it_is_decoded() {
    let wide = png(30_000, 30_000, (8, 2), &zeros(1000));
    let TooMany(width, limit) = too_many(&wide);
    assert_eq!((width, limit), (30_000, MAX_PIXELS));
    // A decompression bomb: a few kB that claim to be 400 MB.
    let bomb = png(20_000, 20_000, (8, 0), &zeros(2_000_000));
    assert!(bomb.len() < 20_000);
    assert_eq!(too_many(&bomb).0, 20_000);
    // Eight bytes a pixel, and a copy; of what the file leaves.
    let deep = png(6_000, 6_000, (16, 6), &zeros(1000));
    let left = DECODING_MEMORY - 2 * deep.len() as u64;
    assert_eq!(too_many(&deep).1, left / 16);
}

#[derive(Debug)]
struct TooMany(u32, u64);

fn too_many(bytes: &[u8]) -> TooMany {
    match clean(bytes) {
        Err(ImageError::TooManyPixels { width, limit, .. }) => TooMany(width, limit),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_bomb_in_the_metadata_of_a_picture_does_no_harm() {
    let mut profile = b"icc\0\0".to_vec();
    profile.extend(zeros(30_000_000));
    let mut bytes = encoded(picture(300, 200), Encoding::Png);
    bytes.splice(33..33, chunk(b"iCCP", &profile));
    // Refused or cleaned, as the decoder likes.
    match clean(&bytes) {
        Ok(image) => assert_eq!(image.sizes.len(), 1),
        Err(error) => assert_eq!(error, ImageError::Damaged),
    }
}

#[test]
fn what_is_no_picture_is_refused_by_its_content() {
    use ImageError::{NotAnImage, Unsupported};
    use UnsupportedFormat::{Avif, Bmp, Gif, Heic, Pdf, Svg, Tiff};
    let svg = b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for (bytes, error) in [
        (&svg[..], Unsupported(Svg)),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Unsupported(Heic)),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Unsupported(Heic)),
        (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", Unsupported(Avif)),
        (b"GIF89a\x01\0\x01\0", Unsupported(Gif)),
        (b"II*\0\x08\0\0\0", Unsupported(Tiff)),
        (b"BM\0\0\0\0", Unsupported(Bmp)),
        (b"%PDF-1.7", Unsupported(Pdf)),
        (b"<!doctype html><title>bilde.jpg</title>", NotAnImage),
        (b"\0\0\0\x18ftypisom\0\0\0\0", NotAnImage),
        (b"MZ\x90\0", NotAnImage),
        (b"", NotAnImage),
    ] {
        assert_eq!(clean(bytes), Err(error));
    }
    let large = vec![0xFF; MAX_BYTES + 1];
    assert_eq!(clean(&large), Err(ImageError::TooLarge));
    let dot = encoded(picture(1, 1), Encoding::Png);
    assert!(matches!(
        clean(&dot),
        Err(ImageError::TooSmall { width: 1, .. })
    ));
}

#[test]
fn a_picture_that_is_cut_short_is_refused_and_a_damaged_one_causes_no_panic() {
    for format in [Encoding::Jpeg, Encoding::Png, Encoding::WebP] {
        let whole = encoded(picture(400, 300), format);
        for part in 1..12 {
            let at = whole.len() * part / 12;
            assert_eq!(
                clean(&whole[..at]),
                Err(ImageError::CutShort),
                "{format:?}, {part}"
            );
            let mut bent = whole.clone();
            bent[at] ^= 0x5A;
            let _ = clean(&bent);
        }
        assert_eq!(clean(&whole[..40]), Err(ImageError::CutShort), "{format:?}");
    }
    // The end of the preview inside of the metadata is not that of the picture.
    let preview = encoded(picture(160, 120), Encoding::Jpeg);
    let mut photo = encoded(picture(400, 300), Encoding::Jpeg);
    let length = u16::try_from(preview.len() + 2).unwrap();
    let mut segment = vec![0xFF, 0xE1];
    segment.extend_from_slice(&length.to_be_bytes());
    segment.extend_from_slice(&preview);
    photo.splice(2..2, segment);
    assert_eq!(cleaned(&photo).len(), 1);
    photo.truncate(photo.len() * 2 / 3);
    assert_eq!(clean(&photo), Err(ImageError::CutShort));
    let progressive = include_bytes!("tests/progressive.jpg");
    let cut = &progressive[..progressive.len() * 9 / 10];
    assert_eq!(clean(cut), Err(ImageError::CutShort));
}

#[test]
fn a_strip_is_refused_before_it_is_decoded() {
    for (width, height) in [(6_001, 1_000), (1_000, 6_001), (65_000, 100)] {
        let strip = png(width, height, (8, 0), &zeros(1000));
        assert_eq!(clean(&strip), Err(ImageError::TooNarrow { width, height }));
    }
    assert_eq!(cleaned(&encoded(picture(600, 100), Encoding::Png)).len(), 2);
}

#[test]
fn unusual_pictures_become_ordinary_ones() {
    let cmyk = cleaned(include_bytes!("tests/cmyk.jpg"));
    assert!(is_red(color_at(&cmyk[0], 25, 25)) && !is_red(color_at(&cmyk[0], 75, 75)));
    let progressive = cleaned(include_bytes!("tests/progressive.jpg"));
    assert!(is_red(color_at(&progressive[0], 25, 25)));
    for animated in [
        &include_bytes!("tests/animated.png")[..],
        include_bytes!("tests/animated.webp"),
    ] {
        let [first] = &cleaned(animated)[..] else {
            panic!("one size of a small picture");
        };
        assert!(is_red(color_at(first, 75, 75)), "the first frame");
    }
    let clear = RgbaImage::from_pixel(200, 200, Rgba([0, 0, 0, 0]));
    let white = cleaned(&encoded(clear, Encoding::Png));
    assert!(color_at(&white[0], 50, 50).iter().all(|color| *color > 250));
    let deep = image::ImageBuffer::from_pixel(200, 200, Rgb([0xFF00_u16, 0, 0]));
    let deep = cleaned(&encoded(DynamicImage::ImageRgb16(deep), Encoding::Png));
    assert!(is_red(color_at(&deep[0], 50, 50)));
    let gray = image::GrayImage::from_pixel(200, 200, image::Luma([128]));
    assert_eq!(cleaned(&encoded(gray, Encoding::Png)).len(), 1);
}
