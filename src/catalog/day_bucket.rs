//! Contents of one day.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;

use calendar_domain::When;
use calendar_domain::zone::to_utc;

use super::doc_set::{DocId, DocSet};

/// Maximum number of starts in one piece, the unit copied by a commit.
const PIECE: usize = 256;

/// Start of an occurrence on a day. Ordered for display: all-day events first, then by start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Begin {
    /// Time on that day; see [`moment`].
    pub(super) at: u32,
    /// The event.
    pub(super) slot: DocId,
}

/// A day: what begins on it, in order, and what continues from earlier days. Copies share unchanged
/// pieces.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pieces: Arc<Vec<Arc<Vec<Begin>>>>,
    len: usize,
    running: DocSet,
}

/// Returns the sort key of a start within its day: 0 without a time of day, otherwise one more than
/// the seconds since the day began in `zone`, unaffected by clock changes.
pub(super) fn moment(when: &When, day: NaiveDate, zone: Tz) -> u32 {
    match when {
        When::AllDay { .. } | When::TimeToCome { .. } => 0,
        When::Timed { .. } => {
            let since = when.begins(zone) - to_utc(day.and_time(NaiveTime::MIN), zone);
            u32::try_from(since.num_seconds().max(0))
                .map_or(u32::MAX, |value| value.saturating_add(1))
        }
    }
}

impl Sheet {
    /// Returns the number of occurrences that begin on the day.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0 && self.running.is_empty()
    }

    /// Returns the starts of the day, in order. Occurrences of one event at the same moment are
    /// repeated.
    pub(super) fn begins(&self) -> impl Iterator<Item = Begin> {
        self.pieces.iter().flat_map(|piece| piece.iter().copied())
    }

    /// Returns the events with an occurrence that touches the day and began before it.
    pub(super) fn running(&self) -> &DocSet {
        &self.running
    }

    pub(super) fn running_mut(&mut self) -> &mut DocSet {
        &mut self.running
    }

    pub(super) fn insert(&mut self, begin: Begin) {
        self.len += 1;
        let pieces = Arc::make_mut(&mut self.pieces);
        let at = piece_of(pieces, begin).min(pieces.len().saturating_sub(1));
        let Some(piece) = pieces.get_mut(at) else {
            pieces.push(Arc::new(vec![begin]));
            return;
        };
        let piece = Arc::make_mut(piece);
        let place = piece.partition_point(|piece| *piece < begin);
        piece.insert(place, begin);
        if piece.len() > PIECE {
            let later = piece.split_off(PIECE / 2);
            pieces.insert(at + 1, Arc::new(later));
        }
    }

    /// Removes one start, if present.
    pub(super) fn remove(&mut self, begin: Begin) {
        let at = piece_of(&self.pieces, begin);
        let Some(piece) = self.pieces.get(at) else {
            return;
        };
        let Ok(place) = piece.binary_search(&begin) else {
            return;
        };
        self.len -= 1;
        let pieces = Arc::make_mut(&mut self.pieces);
        if pieces[at].len() == 1 {
            pieces.remove(at);
        } else {
            Arc::make_mut(&mut pieces[at]).remove(place);
        }
    }
}

/// Returns the index of the first piece whose last start is not before `begin`.
fn piece_of(pieces: &[Arc<Vec<Begin>>], begin: Begin) -> usize {
    pieces.partition_point(|piece| piece.last().is_some_and(|last| *last < begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_sheet_holds_what_a_plain_list_holds_whatever_is_put_in_and_taken_out() {
        let (mut sheet, mut plain) = (Sheet::default(), Vec::new());
        let mut random = 1_u64;
        for step in 0..12_000_u64 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            // Few distinct values, so that some are repeated.
            let (at, slot) = ((random >> 33) % 40, (random >> 40) % 50);
            let begin = Begin {
                at: at.try_into().unwrap(),
                slot: slot.try_into().unwrap(),
            };
            if (random >> 20) % 12_000 > step {
                sheet.insert(begin);
                plain.push(begin);
                plain.sort();
            } else {
                sheet.remove(begin);
                if let Ok(place) = plain.binary_search(&begin) {
                    plain.remove(place);
                }
            }
            assert_eq!(sheet.len(), plain.len());
            if step % 500 == 0 {
                assert!(sheet.begins().eq(plain.iter().copied()));
                assert!(
                    sheet
                        .pieces
                        .iter()
                        .all(|piece| (1..=PIECE).contains(&piece.len()))
                );
            }
        }
        for begin in plain {
            sheet.remove(begin);
        }
        assert!(sheet.is_empty() && sheet.pieces.is_empty());
    }

    #[test]
    fn a_copy_stays_as_it_was() {
        let mut first = Sheet::default();
        (0..600).for_each(|slot| first.insert(Begin { at: 9, slot }));
        let mut second = first.clone();
        second.remove(Begin { at: 9, slot: 300 });
        second.insert(Begin { at: 0, slot: 700 });
        assert!(first.begins().map(|start| start.slot).eq(0..600));
        assert_eq!(second.begins().next().map(|start| start.slot), Some(700));
        let shared = second
            .pieces
            .iter()
            .filter(|piece| first.pieces.iter().any(|old| Arc::ptr_eq(old, piece)));
        assert!(shared.count() >= first.pieces.len() - 2);
    }

    #[test]
    fn moments_follow_each_other_as_instants_do_where_the_clock_is_turned_back() {
        let oslo = chrono_tz::Europe::Oslo;
        let timed = |text: &str, zone| When::Timed {
            start: text.parse().unwrap(),
            end: None,
            zone,
        };
        // At 01:00 UTC the clock goes back from 03:00 to 02:00.
        let on = day("2027-10-31");
        let moments = [
            When::day(on),
            timed("2027-10-31T00:00:00", oslo),
            timed("2027-10-31T02:30:00", oslo),
            timed("2027-10-31T01:10:00", chrono_tz::UTC),
            timed("2027-10-31T03:00:00", oslo),
        ]
        .map(|when| moment(&when, on, oslo));
        assert!(moments.is_sorted() && moments[0] == 0 && moments[1] == 1);
        assert_eq!(moments[4], 1 + 4 * 3600);
    }
}
