//! Content codings: gzip assembled from separately deflated parts, Brotli and Zstandard as a whole.
//!
//! A gzip member (RFC 1952) is a header, deflated data and the checksum of the original. The
//! deflated data of each part ends on a byte boundary and has no references outside the part.
//! Concatenating the parts therefore gives valid deflate data, and their checksums combine to that
//! of the whole. Until every part is deflated, all of them are written as stored blocks (RFC 1951
//! 3.2.4). A feed thus has exactly two gzip forms, each with its own entity tag.

use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress, Status};

use super::block::BlockPart;

/// Content coding (RFC 9110 8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Coding {
    /// No coding.
    Identity,
    /// gzip.
    Gzip,
    /// Brotli, RFC 7932.
    Brotli,
    /// Zstandard, RFC 8878.
    Zstd,
}

impl Coding {
    /// All codings, smallest output first.
    pub const ALL: [Self; 4] = [Self::Brotli, Self::Zstd, Self::Gzip, Self::Identity];

    /// Returns its name in `Accept-Encoding` and `Content-Encoding`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }
}

/// Method deflate, no name, no time, unknown system.
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
/// Final empty block: fixed codes, end of block.
const DEFLATE_END: [u8; 2] = [0x03, 0x00];
/// Maximum length of a stored block.
const STORED_MOST: usize = 65_535;
/// Default level of zlib.
const GZIP_LEVEL: u32 = 6;
/// Higher levels are far slower for little gain.
const BROTLI_LEVEL: i32 = 5;
/// Base-2 logarithm of the window in bytes: 4 MiB.
const BROTLI_WINDOW: i32 = 22;
const ZSTD_LEVEL: i32 = 6;

/// Deflates parts independently. The buffers are allocated on first use and reused.
#[derive(Debug, Default)]
pub struct Deflater(Option<Compress>);

impl Deflater {
    /// Deflates a part unless that has been done.
    pub(super) fn deflate(&mut self, part: &BlockPart) {
        part.deflated.get_or_init(|| self.deflated(&part.bytes));
    }

    fn deflated(&mut self, mut bytes: &[u8]) -> Bytes {
        if bytes.is_empty() {
            return Bytes::new();
        }
        let make = || Compress::new(Compression::new(GZIP_LEVEL), false);
        let compress = self.0.get_or_insert_with(make);
        compress.reset();
        let mut out: Vec<u8> = Vec::with_capacity(bytes.len() / 3 + 64);
        loop {
            let before = compress.total_in();
            let status = compress
                .compress_vec(bytes, &mut out, FlushCompress::Sync)
                .expect("deflating cannot fail: the stream was begun and is not ended");
            let taken = usize::try_from(compress.total_in() - before).unwrap_or(usize::MAX);
            bytes = bytes.get(taken..).unwrap_or_default();
            // Room left in the buffer, or nothing left to write: all output is flushed.
            let out_of_words = out.len() < out.capacity() || status == Status::BufError;
            if bytes.is_empty() && out_of_words {
                break;
            }
            out.reserve(out.capacity().max(64));
        }
        out.shrink_to_fit();
        out.into()
    }
}

/// Returns the gzip form of the parts, and whether all of them are deflated in it.
pub(super) fn gzip<'a>(parts: impl Iterator<Item = &'a BlockPart>) -> (Vec<Bytes>, bool) {
    let parts: Vec<&BlockPart> = parts.collect();
    let deflated: Option<Vec<&Bytes>> = parts.iter().map(|part| part.deflated.get()).collect();
    let pressed = deflated.is_some();
    let mut segments = vec![Bytes::from_static(&GZIP_HEADER)];
    match deflated {
        Some(deflated) => segments.extend(deflated.into_iter().cloned()),
        None => parts
            .iter()
            .for_each(|part| store(&part.bytes, &mut segments)),
    }
    let mut crc = crc32fast::Hasher::new();
    let mut length: usize = 0;
    for part in parts {
        crc.combine(&part.crc);
        length += part.bytes.len();
    }
    let mut end = DEFLATE_END.to_vec();
    end.extend(crc.finalize().to_le_bytes());
    // Modulo 2^32, RFC 1952 2.3.1.
    end.extend(&(length as u64).to_le_bytes()[..4]);
    segments.push(end.into());
    (segments, pressed)
}

fn store(bytes: &Bytes, segments: &mut Vec<Bytes>) {
    for from in (0..bytes.len()).step_by(STORED_MOST) {
        let chunk = bytes.slice(from..bytes.len().min(from + STORED_MOST));
        let length = u16::try_from(chunk.len()).expect("a chunk is no longer than a stored block");
        let mut head = vec![0];
        head.extend(length.to_le_bytes());
        head.extend((!length).to_le_bytes());
        segments.push(head.into());
        segments.push(chunk);
    }
}

/// Returns the coded form of a whole body. Equal bytes have equal forms.
///
/// # Errors
/// Returns an error if a library cannot allocate memory.
pub fn compress(body: &[u8], coding: Coding) -> std::io::Result<Vec<u8>> {
    use std::io::Write as _;
    match coding {
        Coding::Identity => Ok(body.to_vec()),
        Coding::Brotli => Ok(brotli(&[body])),
        Coding::Zstd => zstd(&[body]),
        Coding::Gzip => {
            let level = Compression::new(GZIP_LEVEL);
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
            writer.write_all(body)?;
            writer.finish()
        }
    }
}

/// Returns the Brotli form of the parts.
pub(super) fn brotli(parts: &[&[u8]]) -> Vec<u8> {
    use std::io::Write as _;
    let length = length_of(parts);
    // The window takes memory, so it is no larger than the input.
    let window = usize::BITS - length.leading_zeros();
    let params = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_LEVEL,
        lgwin: i32::try_from(window).map_or(BROTLI_WINDOW, |value| value.clamp(16, BROTLI_WINDOW)),
        size_hint: length,
        ..Default::default()
    };
    let mut writer = brotli::CompressorWriter::with_params(Vec::new(), 4096, &params);
    for part in parts {
        writer
            .write_all(part)
            .expect("writing to memory cannot fail");
    }
    writer.into_inner()
}

/// Returns the Zstandard form of the parts.
///
/// # Errors
/// Returns an error if the library cannot allocate memory.
pub(super) fn zstd(parts: &[&[u8]]) -> std::io::Result<Vec<u8>> {
    use std::io::Write as _;
    let mut writer = zstd::Encoder::new(Vec::new(), ZSTD_LEVEL)?;
    // The size limits the window and is stored in the frame.
    writer.set_pledged_src_size(Some(length_of(parts) as u64))?;
    for part in parts {
        writer.write_all(part)?;
    }
    writer.finish()
}

fn length_of(parts: &[&[u8]]) -> usize {
    parts.iter().map(|part| part.len()).sum()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn unzipped(parts: &[BlockPart]) -> Vec<u8> {
        let (segments, _) = gzip(parts.iter());
        let mut whole = Vec::new();
        flate2::read::GzDecoder::new(&*segments.concat())
            .read_to_end(&mut whole)
            .unwrap();
        whole
    }

    fn parts() -> Vec<BlockPart> {
        let long: Vec<u8> = (0..200_000_u32)
            .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect();
        let texts = [b"BEGIN:VCALENDAR\r\n".repeat(900), Vec::new(), long];
        texts.iter().map(|text| BlockPart::new(text)).collect()
    }

    #[test]
    fn parts_make_one_gzip_member_deflated_or_not() {
        let parts = parts();
        let whole: Vec<u8> = parts.iter().flat_map(|part| part.bytes.to_vec()).collect();
        assert_eq!(unzipped(&parts), whole);
        let stored = gzip(parts.iter());
        assert!(!stored.1);
        let mut deflater = Deflater::default();
        for (left, part) in parts.iter().rev().enumerate() {
            deflater.deflate(part);
            assert_eq!(unzipped(&parts), whole);
            // The form, and thus the tag, changes only once all parts are deflated.
            let is_last = left + 1 == parts.len();
            assert_eq!(gzip(parts.iter()).0.concat() != stored.0.concat(), is_last);
        }
        let (segments, pressed) = gzip(parts.iter());
        assert!(pressed);
        assert!(segments[1].len() * 20 < parts[0].bytes.len());
    }

    #[test]
    fn what_is_deflated_does_not_depend_on_what_was_deflated_before() {
        let (first, again) = (parts(), parts());
        let mut deflater = Deflater::default();
        for part in &first {
            deflater.deflate(part);
        }
        Deflater::default().deflate(&again[2]);
        assert_eq!(first[2].deflated.get(), again[2].deflated.get());
    }
}
