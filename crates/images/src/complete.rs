//! Whether a file was transferred as a whole. Decoders show the rest of a JPEG that is cut short in grey.

use crate::ImageFormat;

/// Length of the signature of a PNG, and of the length, name and checksum around a chunk's content.
const PNG_SIGNATURE: usize = 8;
const PNG_CHUNK: usize = 12;

/// Returns false if a file of this format ends before its picture does. A file whose structure is damaged counts as
/// complete: its decoder refuses it.
pub(crate) fn is_complete(format: ImageFormat, bytes: &[u8]) -> bool {
    match format {
        ImageFormat::Jpeg => has_end_of_image(bytes),
        ImageFormat::Png => has_last_chunk(bytes),
        ImageFormat::WebP => has_announced_length(bytes),
    }
}

/// Returns true if the marker `EOI` (ITU-T T.81 B.1.1.3) follows the scans of a JPEG. Those in previews, which are inside
/// of segments, do not count.
fn has_end_of_image(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default();
    loop {
        // Whatever precedes a marker is the entropy-coded data of a scan.
        let Some(at) = rest.iter().position(|byte| *byte == 0xFF) else {
            return false;
        };
        rest = &rest[at..];
        match rest {
            [0xFF, 0xD9, ..] => return true,
            // A fill byte.
            [0xFF, 0xFF, ..] => rest = &rest[1..],
            // A byte of data, and markers without a length.
            [0xFF, 0x00 | 0x01 | 0xD0..=0xD8, after @ ..] => rest = after,
            [0xFF, _, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                match rest.get(2 + length..) {
                    Some(after) => rest = after,
                    None => return false,
                }
            }
            _ => return false,
        }
    }
}

/// Returns true if the chunk `IEND` (PNG 11.2.5) is there.
fn has_last_chunk(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(PNG_SIGNATURE..).unwrap_or_default();
    while let [a, b, c, d, name @ ..] = rest {
        if name.starts_with(b"IEND") {
            return true;
        }
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        match rest.get(length.saturating_add(PNG_CHUNK)..) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    false
}

/// Returns true if the file has as many bytes as its header says (RFC 9649 2.4).
fn has_announced_length(bytes: &[u8]) -> bool {
    let Some([a, b, c, d]) = bytes.get(4..8) else {
        return false;
    };
    let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
    bytes.len() >= length.saturating_add(8)
}
