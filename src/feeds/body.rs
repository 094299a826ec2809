//! The bytes of an answer, shared by all who get them.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::Coding;

/// Bodies up to this many bytes are kept in one piece: one copy is quicker than several.
const ONE_PIECE: usize = 64 * 1024;

/// A finished body in one coding. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Body {
    segments: Arc<[Bytes]>,
    len: usize,
    /// A strong validator over the bytes (RFC 9110 8.8.3), quotes included; another one for each
    /// coding.
    pub etag: Arc<str>,
    /// How the bytes are coded.
    pub coding: Coding,
}

impl Body {
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

    /// How many bytes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many bytes it keeps that are no part's: those of a body in one piece.
    pub(super) fn weight_beside_parts(&self) -> usize {
        if self.segments.len() == 1 {
            self.len
        } else {
            0
        }
    }

    /// The bytes from `from` on, in the pieces in which they lie in memory.
    pub fn chunks_from(&self, from: usize) -> impl Iterator<Item = &[u8]> {
        let mut skip = from;
        self.segments.iter().filter_map(move |segment| {
            let rest = segment.get(skip..);
            skip = skip.saturating_sub(segment.len());
            rest.filter(|it| !it.is_empty())
        })
    }

    /// All bytes in one piece.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        self.segments.concat()
    }
}

/// The date of HTTP headers, RFC 9110 5.6.7.
pub const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// An instant as the headers of HTTP give it.
#[must_use]
pub fn http_date(at: DateTime<Utc>) -> String {
    at.format(HTTP_DATE).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_from_anywhere() {
        let segments = ["ab", "", "cde", "f"].map(|it| Bytes::from_static(it.as_bytes()));
        let body = Body {
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
