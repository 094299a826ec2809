//! Byte ranges (RFC 9110 14).

use std::ops::Range;

/// The requested part of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
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
pub fn asked(header: Option<&str>, length: usize) -> Asked {
    let spec = header.and_then(|it| it.trim().strip_prefix("bytes="));
    let Some((first, last)) = spec.and_then(|it| it.split_once('-')) else {
        return Asked::Whole;
    };
    let number = |text: &str| text.trim().parse::<usize>();
    match (number(first), number(last)) {
        // A suffix range.
        (Err(_), Ok(count)) if first.trim().is_empty() => match count.min(length) {
            0 => Asked::Nothing,
            count => Asked::Part(length - count..length),
        },
        (Ok(first), Ok(last)) if first > last => Asked::Whole,
        (Ok(first), Ok(_)) if first >= length => Asked::Nothing,
        (Ok(first), Ok(last)) => Asked::Part(first..length.min(last.saturating_add(1))),
        (Ok(first), Err(_)) if last.trim().is_empty() && first >= length => Asked::Nothing,
        (Ok(first), Err(_)) if last.trim().is_empty() => Asked::Part(first..length),
        _ => Asked::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood_and_anything_else_is_the_whole() {
        let cases = [
            (None, Asked::Whole),
            (Some("bytes=0-9"), Asked::Part(0..10)),
            (Some("bytes=90-"), Asked::Part(90..100)),
            (Some("bytes=90-200"), Asked::Part(90..100)),
            (Some("bytes=-10"), Asked::Part(90..100)),
            (Some("bytes=-1000"), Asked::Part(0..100)),
            (Some("bytes=100-"), Asked::Nothing),
            (Some("bytes=100-110"), Asked::Nothing),
            (Some("bytes=-0"), Asked::Nothing),
            (Some("bytes=9-0"), Asked::Whole),
            (Some("bytes=0-1,4-5"), Asked::Whole),
            (Some("bytes=a-b"), Asked::Whole),
            (Some("bytes=-"), Asked::Whole),
            (Some("items=0-1"), Asked::Whole),
            (Some("bytes=0-18446744073709551615"), Asked::Part(0..100)),
            (Some("bytes=0-99999999999999999999999"), Asked::Whole),
        ];
        for (header, expected) in cases {
            assert_eq!(asked(header, 100), expected, "{header:?}");
        }
    }
}
