//! Characters out of the bytes of a page, a feed or a table.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

/// Where a file may say its encoding, in bytes.
const HEAD: usize = 1_024;

/// A file's text. A byte order mark decides; what is valid UTF-8 is UTF-8, whatever it says of itself,
/// since no other encoding looks like it by chance; then counts what the answer or the file says, and
/// at last Windows-1252, which old programs write without a word.
#[must_use]
pub fn text<'a>(bytes: &'a [u8], media_type: Option<&str>) -> Cow<'a, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    let said = media_type.and_then(|it| label(it, "charset="));
    let said = said
        .or_else(|| label(&head, "encoding="))
        .or_else(|| label(&head, "charset="));
    let encoding = said.unwrap_or(WINDOWS_1252);
    encoding.decode_without_bom_handling(bytes).0
}

/// The encoding that stands after a word, in quotes or not.
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
            .map(|it| if it == b'~' { 0xC1 } else { it })
            .collect();
        assert!(text(&bytes, None).ends_with("<a>а</a>"));
        assert_eq!(text(b"\xff\xfeV\x00", None), "V");
    }
}
