//! Earlier versions of records: their number and their keys.

use super::commit::Revision;

/// Number of versions kept besides the current one. It bounds the disk use of a partner that toggles a field
/// at every fetch.
pub const HISTORY_KEPT: u64 = 100;

/// Returns the key of an earlier version. Keys sort by record, then by revision.
pub(super) fn history_key(key: &str, revision: Revision) -> Vec<u8> {
    let mut bytes = history_prefix(key);
    bytes.extend_from_slice(&revision.0.to_be_bytes());
    bytes
}

/// Returns the common prefix of the history keys of a record.
pub(super) fn history_prefix(key: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(key.len() + 9);
    bytes.extend_from_slice(key.as_bytes());
    bytes.push(0);
    bytes
}

/// Returns the key of the record that a history key belongs to.
pub(super) fn record_of(history_key: &[u8]) -> &[u8] {
    &history_key[..history_key.len().saturating_sub(9)]
}

/// Returns true if `revisions`, in ascending order, are the complete history of a record.
pub(super) fn is_whole_history(revisions: impl DoubleEndedIterator<Item = Revision>) -> bool {
    let mut expected = None;
    for Revision(revision) in revisions.rev() {
        let (last, next) = expected.unwrap_or((revision, revision));
        if revision != next {
            return false;
        }
        expected = Some((last, next - 1));
    }
    // The oldest is the first revision, or the oldest one that is kept.
    expected.is_none_or(|(last, next)| next == last.saturating_sub(HISTORY_KEPT + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_whole(revisions: impl DoubleEndedIterator<Item = u64>) -> bool {
        is_whole_history(revisions.map(Revision))
    }

    #[test]
    fn keys_are_in_the_order_of_revisions_and_lead_back_to_their_record() {
        let keys = [1, 2, 255, 256, 70_000].map(|n| history_key("event/a", Revision(n)));
        assert!(keys.is_sorted());
        assert!(keys.iter().all(|key| record_of(key) == b"event/a"));
        assert!(!history_key("event/ab", Revision(1)).starts_with(&history_prefix("event/a")));
    }

    #[test]
    fn a_gap_at_either_end_or_within_is_noticed() {
        assert!(is_whole(std::iter::empty()));
        assert!(is_whole(1..=1));
        assert!(is_whole(1..=HISTORY_KEPT + 1));
        assert!(is_whole(51..=HISTORY_KEPT + 51));
        assert!(!is_whole(2..=5));
        assert!(!is_whole([1, 2, 4].into_iter()));
        assert!(!is_whole(52..=HISTORY_KEPT + 51));
        assert!(!is_whole(50..=HISTORY_KEPT + 51));
    }
}
