//! Response bodies, shared between responses.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::Coding;

/// Maximum size in bytes of a body stored contiguously, for which one write is faster than several.
const ONE_PIECE: usize = 64 * 1024;

/// A finished body in one content coding. Cheap to clone.
#[derive(Debug, Clone)]
pub struct EncodedBody {
    segments: Arc<[Bytes]>,
    len: usize,
    /// Strong entity tag (RFC 9110 8.8.3), with quotes; it differs between codings.
    pub etag: Arc<str>,
    /// Content coding of the bytes.
    pub coding: Coding,
}

impl EncodedBody {
    pub(super) fn new(mut segments: Vec<Bytes>, etag: Arc<str>, coding: Coding) -> Self {
        segments.retain(|segment| !segment.is_empty());
        let len = segments.iter().map(Bytes::len).sum();
        if len <= ONE_PIECE && segments.len() > 1 {
            let mut whole = Vec::with_capacity(len);
            segments
                .iter()
                .for_each(|segment| whole.extend_from_slice(segment));
            segments = vec![whole.into()];
        }
        Self {
            segments: segments.into(),
            len,
            etag,
            coding,
        }
    }

    /// Returns the number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns true if the body is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the bytes it stores outside of parts: those of a contiguous body.
    pub(super) fn weight_beside_parts(&self) -> usize {
        if self.segments.len() == 1 {
            self.len
        } else {
            0
        }
    }

    /// Returns the bytes from `from` on, as the chunks stored in memory.
    pub fn chunks_from(&self, from: usize) -> impl Iterator<Item = &[u8]> {
        let mut skip = from;
        self.segments.iter().filter_map(move |segment| {
            let rest = segment.get(skip..);
            skip = skip.saturating_sub(segment.len());
            rest.filter(|segment| !segment.is_empty())
        })
    }

    /// Returns all bytes as a vector.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        self.segments.concat()
    }
}

/// The last second that a date in HTTP can have, in seconds since 1970: the end of the year 9999.
const LAST_SECOND: u64 = 253_402_300_799;

/// Formats the time of a change for `Last-Modified` (RFC 9110 5.6.7). A time before 1970 is written as its beginning.
///
/// A part of a second counts as a whole one: the `Date` of a response from before the change, in the
/// same second, is then earlier.
#[must_use]
pub fn last_modified(changed: DateTime<Utc>) -> String {
    let part = i64::from(changed.timestamp_subsec_nanos() > 0);
    let second = changed.timestamp().saturating_add(part);
    let second = u64::try_from(second).unwrap_or_default().min(LAST_SECOND);
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_counts_at_the_end_of_its_second() {
        let at = |text: &str| last_modified(text.parse().unwrap());
        assert_eq!(at("2027-05-17T10:00:00Z"), "Mon, 17 May 2027 10:00:00 GMT");
        assert_eq!(
            at("2027-05-17T10:00:00.001Z"),
            "Mon, 17 May 2027 10:00:01 GMT"
        );
        // Times that a date in HTTP cannot have, such as those of a partner's mistake.
        assert_eq!(at("0001-01-01T00:00:00Z"), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(
            last_modified(DateTime::<Utc>::MAX_UTC),
            "Fri, 31 Dec 9999 23:59:59 GMT"
        );
    }

    #[test]
    fn a_body_is_read_from_anywhere() {
        let segments = ["ab", "", "cde", "f"].map(|name| Bytes::from_static(name.as_bytes()));
        let body = EncodedBody {
            segments: segments.to_vec().into(),
            len: 6,
            etag: "\"x\"".into(),
            coding: Coding::Identity,
        };
        for from in 0..=7 {
            let rest: Vec<u8> = body.chunks_from(from).flatten().copied().collect();
            assert_eq!(
                rest,
                b"abcdef".get(from..).unwrap_or_default(),
                "from {from}"
            );
        }
    }
}
