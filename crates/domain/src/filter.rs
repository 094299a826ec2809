//! Filters stored under a short name, for programs that cannot use a long address.
//!
//! Some calendar programs silently reject addresses of more than 256 characters. The short name is
//! derived from the filter alone, so equal filters share a name and are stored once.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;
use uuid::Uuid;

use super::{Query, ShortName};

/// Maximum length of a stored filter, as a query string.
pub const LONGEST: usize = 4_000;

/// UUID namespace of the names (RFC 9562 5.5).
const NAMESPACE: Uuid = Uuid::from_u128(0x6f0e_2d6b_5c1f_4e0a_9a52_3d8c_71b4_e920);

/// Alphabet of a short name: lower-case letters and digits except those that look alike.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Minimum number of days between two updates of [`StoredFilter::used`], to bound the writes.
const USE_NOTED_DAYS: i64 = 30;

/// A filter with its short name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFilter {
    /// Name in the address: `/feeds/s/<name>.ics`.
    pub name: ShortName,
    /// The filter.
    pub query: Query,
    /// Time of the first request.
    pub made: DateTime<Utc>,
    /// A day on which the filter was used, at most 30 days before the last use. Absent in records
    /// of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<NaiveDate>,
}

/// Limits on the number of stored filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilterLimits {
    /// Maximum in total.
    pub in_all: usize,
    /// Maximum of new filters within any hour.
    pub an_hour: usize,
}

/// Reason for refusing to store a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FilterRefusal {
    /// The filter is longer than [`LONGEST`].
    #[error("the filter is longer than {LONGEST} characters")]
    TooLong,
    /// The maximum in total is reached.
    #[error("the limit of {0} stored filters is reached")]
    Full(usize),
    /// The maximum of new filters per hour is reached.
    #[error("too many new filters; try again in {0}")]
    TooManyNow(TimeDelta),
    /// Another filter has the same name, one of 2⁶⁰.
    #[error("another filter has the same short name")]
    NameTaken,
}

impl StoredFilter {
    /// Returns a filter under the name derived from it.
    #[must_use]
    pub fn new(query: Query, made: DateTime<Utc>) -> Self {
        Self {
            name: ShortName::new(&query),
            query,
            made,
            used: Some(made.date_naive()),
        }
    }

    /// Returns true if the noted day of use is recent enough for a use today.
    #[must_use]
    pub fn is_use_noted(&self, today: NaiveDate) -> bool {
        let since = self.used.map(|used| (today - used).num_days());
        since.is_some_and(|days| days < USE_NOTED_DAYS)
    }

    /// Returns true if the filter has certainly been unused for `days` days.
    #[must_use]
    pub fn is_unused_for(&self, days: u32, today: NaiveDate) -> bool {
        let since = self.used.map(|used| (today - used).num_days());
        since.is_some_and(|since| since > i64::from(days) + USE_NOTED_DAYS)
    }

    /// Checks whether the filter may be stored beside the filters in `kept`.
    ///
    /// # Errors
    /// Returns the limit that it would exceed.
    pub fn admit<'a>(
        &self,
        kept: impl IntoIterator<Item = &'a Self>,
        limits: FilterLimits,
    ) -> Result<(), FilterRefusal> {
        if written(&self.query).len() > LONGEST {
            return Err(FilterRefusal::TooLong);
        }
        let hour = TimeDelta::hours(1);
        let mut count = 0;
        let mut fresh = Vec::new();
        for other in kept {
            if other.name == self.name {
                return Err(FilterRefusal::NameTaken);
            }
            count += 1;
            if self.made - other.made < hour {
                fresh.push(other.made);
            }
        }
        if count >= limits.in_all {
            return Err(FilterRefusal::Full(limits.in_all));
        }
        if fresh.len() >= limits.an_hour {
            // The next filter is admitted when enough of the oldest are an hour old.
            fresh.sort_unstable();
            let next = fresh.get(fresh.len() - limits.an_hour.max(1));
            let wait = next.map_or(hour, |made| *made + hour - self.made);
            return Err(FilterRefusal::TooManyNow(wait));
        }
        Ok(())
    }
}

impl ShortName {
    /// Returns the name of a filter; equal filters have equal names.
    #[must_use]
    pub fn new(query: &Query) -> Self {
        let digest = Uuid::new_v5(&NAMESPACE, written(query).as_bytes()).as_u128();
        // Use the last 60 bits, which contain neither the version nor the variant of the UUID.
        let letter = |at: u32| char::from(LETTERS[(digest >> (5 * at) & 31) as usize]);
        let name: String = (0..Self::LETTERS_IN_ALL).map(letter).collect();
        name.parse()
            .expect("it has as many letters of ours as a name has")
    }

    const LETTERS_IN_ALL: u32 = 12;

    pub(super) fn fits(text: &str) -> bool {
        text.len() == Self::LETTERS_IN_ALL as usize && text.bytes().all(|b| LETTERS.contains(&b))
    }
}

/// Returns a filter as a query string.
fn written(query: &Query) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query.params())
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: FilterLimits = FilterLimits {
        in_all: 3,
        an_hour: 2,
    };

    fn filter(words: &str, at: &str) -> StoredFilter {
        let query = Query {
            words: super::super::query::words(words),
            ..Query::default()
        };
        StoredFilter::new(query, format!("2027-01-01T{at}:00Z").parse().unwrap())
    }

    #[test]
    fn a_name_follows_from_the_filter_alone() {
        let one = filter("kor korps", "10:00");
        assert_eq!(one.name, filter("korps kor", "11:00").name);
        assert_ne!(one.name, filter("kor", "10:00").name);
        // Subscribers' calendars contain this name: it must never change.
        assert_eq!(one.name.as_str(), "2wbn72n7b54c");
    }

    #[test]
    fn a_name_has_its_own_letters() {
        let name = filter("kor", "10:00").name.to_string();
        assert!(name.parse::<ShortName>().is_ok());
        for other in [
            "",
            "abc",
            "lllllllllllll",
            &name.to_uppercase(),
            "../etc/passw",
        ] {
            assert!(other.parse::<ShortName>().is_err(), "{other}");
        }
    }

    #[test]
    fn there_are_so_many_in_all_and_so_many_an_hour() {
        let kept = [filter("a", "08:00"), filter("b", "09:30")];
        let admit = |at: &str, kept: &[StoredFilter]| filter("x", at).admit(kept, LIMITS);
        assert_eq!(admit("09:40", &kept), Ok(()));
        let kept = [kept[0].clone(), filter("b", "09:30"), filter("c", "09:50")];
        assert_eq!(admit("12:00", &kept), Err(FilterRefusal::Full(3)));
        let kept = &kept[1..];
        let wait = FilterRefusal::TooManyNow(TimeDelta::minutes(30));
        assert_eq!(admit("10:00", kept), Err(wait));
        assert_eq!(admit("10:30", kept), Ok(()));
    }

    #[test]
    fn a_use_is_noted_once_a_month_and_forgotten_after_the_last_day() {
        let mut filter = filter("kor", "10:00");
        let day = |days| filter.made.date_naive() + TimeDelta::days(days);
        let (noted, due) = (day(29), day(30));
        let (kept, gone) = (day(430), day(431));
        assert!(filter.is_use_noted(noted) && !filter.is_use_noted(due));
        assert!(!filter.is_unused_for(400, kept) && filter.is_unused_for(400, gone));
        // A filter of an earlier version counts from the first time it is checked.
        filter.used = None;
        assert!(!filter.is_use_noted(noted) && !filter.is_unused_for(400, gone));
    }

    #[test]
    fn a_filter_of_many_thousand_letters_is_not_kept() {
        let long: Vec<String> = (0..800).map(|number| format!("ord{number}")).collect();
        let long = filter(&long.join(" "), "10:00");
        assert_eq!(long.admit([], LIMITS), Err(FilterRefusal::TooLong));
    }
}
