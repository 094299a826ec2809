//! Character decoding of pages, feeds and tables.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

/// Number of bytes at the start in which a file may declare its encoding.
const HEAD: usize = 1_024;

/// Decodes a file. The encoding is that of a byte order mark; else UTF-8 if the bytes are valid UTF-8,
/// whatever is declared, since other encodings are rarely valid UTF-8; else the one declared by the response
/// or the file; else Windows-1252.
#[must_use]
pub fn text<'a>(bytes: &'a [u8], media_type: Option<&str>) -> Cow<'a, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    let said = media_type.and_then(|media_type| label(media_type, "charset="));
    let said = said
        .or_else(|| label(&head, "encoding="))
        .or_else(|| label(&head, "charset="));
    let encoding = said.unwrap_or(WINDOWS_1252);
    encoding.decode_without_bom_handling(bytes).0
}

/// Returns the encoding named after `word`, quoted or not.
fn label(text: &str, word: &str) -> Option<&'static Encoding> {
    let lower = text.to_ascii_lowercase();
    let after = &lower[lower.find(word)? + word.len()..];
    let name = after.trim_start_matches(['"', '\'', ' ']);
    let end = name
        .find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c)))
        .unwrap_or(name.len());
    Encoding::for_label(&name.as_bytes()[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_utf_8_is_utf_8_whatever_it_says() {
        let said = Some("text/csv; charset=iso-8859-1");
        assert_eq!(text("Våler".as_bytes(), said), "Våler");
        assert_eq!(text(b"\xef\xbb\xbfV\xc3\xa5ler", None), "Våler");
    }

    #[test]
    fn other_bytes_are_what_the_file_says_or_windows_1252() {
        assert_eq!(text(b"V\xe5ler \x96 \x80 5", None), "Våler – € 5");
        let koi8 = "<?xml version='1.0' encoding='koi8-r'?><a>\u{0}</a>";
        let bytes = koi8.replace('\u{0}', "~").into_bytes();
        let bytes: Vec<u8> = bytes
            .into_iter()
            .map(|bytes| if bytes == b'~' { 0xC1 } else { bytes })
            .collect();
        assert!(text(&bytes, None).ends_with("<a>а</a>"));
        assert_eq!(text(b"\xff\xfeV\x00", None), "V");
    }
}
