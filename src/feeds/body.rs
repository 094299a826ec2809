//! Response bodies, shared between responses.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

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
            segments.iter().for_each(|it| whole.extend_from_slice(it));
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
            rest.filter(|it| !it.is_empty())
        })
    }

    /// Returns all bytes as a vector.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        self.segments.concat()
    }
}

/// Date format of HTTP headers, RFC 9110 5.6.7.
pub const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// Formats the time of a change for `Last-Modified`.
///
/// A part of a second counts as a whole one: the `Date` of a response from before the change, in the
/// same second, is then earlier.
#[must_use]
pub fn last_modified(changed: DateTime<Utc>) -> String {
    let second = changed.trunc_subsecs(0);
    let part = if second < changed { 1 } else { 0 };
    let rounded = second.checked_add_signed(TimeDelta::seconds(part));
    rounded.unwrap_or(second).format(HTTP_DATE).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_from_anywhere() {
        let segments = ["ab", "", "cde", "f"].map(|it| Bytes::from_static(it.as_bytes()));
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
