//! Quoted-printable (RFC 2045 section 6.7), used by vCalendar 1.0 for characters beyond ASCII.

use std::borrow::Cow;

/// Decodes quoted-printable text. Invalid escapes stay as they are; a `=` before a blank is a soft
/// line break that was folded.
pub fn decode(value: &str) -> Vec<u8> {
    let mut plain = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'=' {
            plain.push(byte);
            continue;
        }
        match after {
            [high, low, more @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                plain.push(hex(*high) << 4 | hex(*low));
                rest = more;
            }
            [b' ' | b'\t', more @ ..] => rest = more,
            _ => plain.push(byte),
        }
    }
    plain
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

/// Decodes a value that is undeclared but certainly quoted-printable: it contains an escaped line
/// break or multi-byte UTF-8 character, and decodes to valid UTF-8.
pub fn without_remains(value: &str) -> Cow<'_, str> {
    if !value.contains('=') || !value.as_bytes().windows(6).any(is_remain) {
        return Cow::Borrowed(value);
    }
    match String::from_utf8(decode(value)) {
        Ok(decoded) => Cow::Owned(decoded),
        Err(_) => Cow::Borrowed(value),
    }
}

/// Returns true for two escapes that begin a UTF-8 character or form a line break, such as `=C3=A5`
/// or `=0D=0A`.
fn is_remain(window: &[u8]) -> bool {
    let digit = |b: u8| b.is_ascii_digit() || (b'A'..=b'F').contains(&b);
    let &[b'=', a, b, b'=', c, d] = window else {
        return false;
    };
    if ![a, b, c, d].into_iter().all(digit) {
        return false;
    }
    let (first, second) = (hex(a) << 4 | hex(b), hex(c) << 4 | hex(d));
    (first, second) == (b'\r', b'\n')
        || ((0xC3..=0xF4).contains(&first) && (0x80..=0xBF).contains(&second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remains_are_decoded_where_the_parameter_got_lost() {
        let read = |text| without_remains(text).into_owned();
        assert_eq!(
            read("H=C3=B8stfest=20p=C3=A5 G=C3=A5rden"),
            "Høstfest på Gården"
        );
        assert_eq!(read("Linje=0D=0Ato"), "Linje\r\nto");
        assert_eq!(read("=E2=80=93 tankestrek"), "– tankestrek");
    }

    #[test]
    fn what_is_no_escape_at_all_stays() {
        for text in ["a=  =  b", "=\u{1}p=E5=", "=Ø=A5=C3=", "=C3=", "=.,=-/ x"] {
            assert_eq!(without_remains(text), text);
        }
    }

    #[test]
    fn what_may_be_meant_as_it_stands_stays() {
        for text in [
            "1+1=20",
            "https://example.org/?a=C3&b=A5",
            "x=c3=a5",
            "=C3=A5 og =E5 i ett",
            "a=C3=41",
            "=",
        ] {
            assert!(matches!(without_remains(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
