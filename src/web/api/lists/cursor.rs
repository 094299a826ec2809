//! Cursors of lists.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::catalog::ListKey;

/// Where a page begins. It contains the days of the list, so that a list that was begun before midnight goes on after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ListCursor {
    /// The first day of the list.
    #[serde(rename = "f")]
    pub(super) from: NaiveDate,
    /// The day after the last.
    #[serde(rename = "u")]
    pub(super) until: NaiveDate,
    /// The fingerprint of the filters and the order.
    #[serde(rename = "q")]
    pub(super) filters: String,
    /// The last item before the page.
    #[serde(rename = "k")]
    pub(super) after: ListKey,
}

impl ListCursor {
    /// Returns the text form, opaque to clients.
    pub(super) fn to_text(&self) -> String {
        let json = serde_json::to_vec(self).expect("a cursor is dates, numbers and texts");
        URL_SAFE_NO_PAD.encode(json)
    }

    /// Parses the text form. Returns `None` if it is no cursor.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let json = URL_SAFE_NO_PAD.decode(text).ok()?;
        serde_json::from_slice(&json).ok()
    }
}

/// Returns a fingerprint of parameters, whatever their order.
pub(super) fn fingerprint<'a>(
    list: &str,
    parameters: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut sorted: Vec<_> = parameters.collect();
    sorted.sort_unstable();
    let mut digest = Sha256::new();
    digest.update(list);
    for text in sorted.iter().flat_map(|(name, value)| [name, value]) {
        digest.update([0]);
        digest.update(text);
    }
    hex::encode(&digest.finalize()[..8])
}

#[cfg(test)]
mod tests {
    use calendar_domain::Start;

    use crate::catalog::StartKey;

    use super::*;

    #[test]
    fn a_cursor_comes_back_from_its_text() {
        let day = |text: &str| text.parse().unwrap();
        let dates = [
            None,
            Some(Start::Date(day("2027-06-01"))),
            Some(Start::Local("2027-06-01T18:00:00".parse().unwrap())),
        ];
        for date in dates {
            let cursor = ListCursor {
                from: day("2027-06-01"),
                until: day("2029-06-01"),
                filters: fingerprint("/api/v1/events", std::iter::empty()),
                after: ListKey::Start(StartKey {
                    day: day("2027-06-01"),
                    at: 64_801,
                    id: "konsert".into(),
                    date,
                }),
            };
            assert_eq!(ListCursor::parse(&cursor.to_text()), Some(cursor));
        }
        for text in ["", "MQ", "e30", "//", "abc"] {
            assert_eq!(ListCursor::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_order_of_parameters_does_not_matter_but_each_of_them_does() {
        let of = |list: &str, all: &[(&str, &str)]| fingerprint(list, all.iter().copied());
        let one = of("a", &[("q", "kor"), ("free", "1")]);
        assert_eq!(one, of("a", &[("free", "1"), ("q", "kor")]));
        assert_ne!(one, of("a", &[("q", "kor"), ("free", "0")]));
        assert_ne!(one, of("b", &[("q", "kor"), ("free", "1")]));
        assert_ne!(of("a", &[("q", "kor")]), of("a", &[("qk", "or")]));
    }
}
