//! Byte ranges (RFC 9110 14).

use std::ops::Range;

/// The requested part of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ByteRange {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<usize>),
    /// No bytes: the range is not satisfiable.
    Nothing,
}

/// Parses `Range` for a body of `length` bytes. An invalid header or a list of ranges selects the whole body, as RFC
/// 9110 14.2 permits.
#[must_use]
pub fn asked(header: Option<&str>, length: usize) -> ByteRange {
    let spec = header.and_then(|header| header.trim().strip_prefix("bytes="));
    let Some((first, last)) = spec.and_then(|spec| spec.split_once('-')) else {
        return ByteRange::Whole;
    };
    let number = |text: &str| text.trim().parse::<usize>();
    match (number(first), number(last)) {
        // A suffix range.
        (Err(_), Ok(count)) if first.trim().is_empty() => match count.min(length) {
            0 => ByteRange::Nothing,
            count => ByteRange::Part(length - count..length),
        },
        (Ok(first), Ok(last)) if first > last => ByteRange::Whole,
        (Ok(first), Ok(_)) if first >= length => ByteRange::Nothing,
        (Ok(first), Ok(last)) => ByteRange::Part(first..length.min(last.saturating_add(1))),
        (Ok(first), Err(_)) if last.trim().is_empty() && first >= length => ByteRange::Nothing,
        (Ok(first), Err(_)) if last.trim().is_empty() => ByteRange::Part(first..length),
        _ => ByteRange::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood_and_anything_else_is_the_whole() {
        let cases = [
            (None, ByteRange::Whole),
            (Some("bytes=0-9"), ByteRange::Part(0..10)),
            (Some("bytes=90-"), ByteRange::Part(90..100)),
            (Some("bytes=90-200"), ByteRange::Part(90..100)),
            (Some("bytes=-10"), ByteRange::Part(90..100)),
            (Some("bytes=-1000"), ByteRange::Part(0..100)),
            (Some("bytes=100-"), ByteRange::Nothing),
            (Some("bytes=100-110"), ByteRange::Nothing),
            (Some("bytes=-0"), ByteRange::Nothing),
            (Some("bytes=9-0"), ByteRange::Whole),
            (Some("bytes=0-1,4-5"), ByteRange::Whole),
            (Some("bytes=a-b"), ByteRange::Whole),
            (Some("bytes=-"), ByteRange::Whole),
            (Some("items=0-1"), ByteRange::Whole),
            (
                Some("bytes=0-18446744073709551615"),
                ByteRange::Part(0..100),
            ),
            (Some("bytes=0-99999999999999999999999"), ByteRange::Whole),
        ];
        for (header, expected) in cases {
            assert_eq!(asked(header, 100), expected, "{header:?}");
        }
    }
}
