//! Decoding of bytes that may not be UTF-8.
//!
//! RFC 5545 section 3.1.4 makes UTF-8 the default and has no way to declare another charset inside
//! a file. Partners also send Windows-1252 (a superset of the printable part of Latin-1), UTF-16
//! with a byte order mark, and files with a few broken lines. The charset is therefore detected per
//! line, after unfolding, since a fold may split a UTF-8 sequence.

use std::borrow::Cow;

/// How a line was decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoded {
    /// Valid UTF-8.
    Utf8,
    /// Not UTF-8; decoded as Windows-1252.
    Windows1252,
    /// Mostly UTF-8; invalid sequences were replaced by U+FFFD.
    Damaged,
}

/// Returns the file without its byte order mark, converted to UTF-8 if the mark is one of UTF-16.
pub fn without_bom(bytes: &[u8]) -> Cow<'_, [u8]> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return Cow::Borrowed(rest);
    }
    let encoding = match bytes {
        [0xFF, 0xFE, ..] => encoding_rs::UTF_16LE,
        [0xFE, 0xFF, ..] => encoding_rs::UTF_16BE,
        _ => return Cow::Borrowed(bytes),
    };
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    Cow::Owned(text.into_owned().into_bytes())
}

/// Decodes an unfolded line.
pub fn decode_line(line: Cow<'_, [u8]>) -> (Cow<'_, str>, Decoded) {
    match line {
        Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => (Cow::Borrowed(text), Decoded::Utf8),
            Err(_) => decode_broken(bytes),
        },
        Cow::Owned(bytes) => match String::from_utf8(bytes) {
            Ok(text) => (Cow::Owned(text), Decoded::Utf8),
            Err(error) => {
                let (text, how) = decode_broken(error.as_bytes());
                (Cow::Owned(text.into_owned()), how)
            }
        },
    }
}

/// Decodes a quoted-printable value in its CHARSET, or as an unlabelled line if that is unknown.
pub fn decode_with_charset(bytes: &[u8], charset: Option<&str>) -> String {
    let labelled = charset.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    match labelled {
        Some(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
        None => decode_line(Cow::Borrowed(bytes)).0.into_owned(),
    }
}

/// Decodes invalid UTF-8.
///
/// A damaged line has more valid multi-byte sequences than invalid ones. A Windows-1252 line has
/// almost none, since its letters rarely form a valid sequence.
fn decode_broken(bytes: &[u8]) -> (Cow<'_, str>, Decoded) {
    let (mut proper, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        proper += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if proper > broken {
        return (String::from_utf8_lossy(bytes), Decoded::Damaged);
    }
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
    (text, Decoded::Windows1252)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_are_taken_off() {
        assert_eq!(&*without_bom(b"\xEF\xBB\xBFBEGIN"), b"BEGIN");
        assert_eq!(&*without_bom(b"BEGIN"), b"BEGIN");
        assert_eq!(&*without_bom(b"\xFF\xFEB\0\xE5\0"), "Bå".as_bytes());
        assert_eq!(&*without_bom(b"\xFE\xFF\0B\0\xE5"), "Bå".as_bytes());
    }

    #[test]
    fn a_line_of_windows_1252_is_recognised() {
        let (text, how) = decode_line(Cow::Borrowed(b"SUMMARY:Grundsetmart\x92n p\xE5 Elverum"));
        assert_eq!(
            (&*text, how),
            ("SUMMARY:Grundsetmart’n på Elverum", Decoded::Windows1252)
        );
    }

    #[test]
    fn a_cut_sequence_does_not_spoil_the_rest_of_a_utf8_line() {
        let mut bytes = "SUMMARY:Bål på tunet, sånn høst".as_bytes().to_vec();
        bytes.push(0xC3);
        let (text, how) = decode_line(Cow::Owned(bytes));
        assert_eq!(
            (&*text, how),
            ("SUMMARY:Bål på tunet, sånn høst\u{FFFD}", Decoded::Damaged)
        );
    }

    #[test]
    fn a_charset_label_is_followed() {
        assert_eq!(decode_with_charset(b"p\xE5", Some("ISO-8859-1")), "på");
        assert_eq!(decode_with_charset("på".as_bytes(), Some("nonsense")), "på");
    }
}
