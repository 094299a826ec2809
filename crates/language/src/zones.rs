//! Recurrence in words in another zone than the event's own.

use chrono::{Days, Offset, TimeZone};
use chrono_tz::Tz;

use super::Words;
use calendar_domain::zone::to_utc;
use calendar_domain::{Schedule, When};

/// Days after the first occurrence on which the offsets are compared, one in each season.
const SEASONS: [u64; 5] = [0, 91, 182, 273, 364];

impl Words {
    /// Returns the recurrence of an event in words in the time of `zone`; empty if it does not
    /// recur.
    ///
    /// The hours are omitted if the difference between the two zones is not constant. If the
    /// occurrences start on other days in `zone`, the text only states that the event recurs.
    #[must_use]
    pub fn repetition_in(self, schedule: &Schedule, zone: Tz) -> String {
        let When::Timed {
            start, zone: own, ..
        } = &schedule.when
        else {
            return self.repetition(schedule);
        };
        if *own == zone || schedule.recurrence.is_none() {
            return self.repetition(schedule);
        }
        let seen = schedule.when.seen_in(zone);
        if seen.start().date() != start.date() {
            return self.say("repeat-general").into_owned();
        }
        let apart = |days: u64| {
            let local = start.checked_add_days(Days::new(days)).unwrap_or(*start);
            let at = to_utc(local, *own).naive_utc();
            let offset = |zone: Tz| zone.offset_from_utc_datetime(&at).fix().local_minus_utc();
            offset(zone) - offset(*own)
        };
        let is_steady = SEASONS.iter().all(|days| apart(*days) == apart(0));
        let when = if is_steady {
            seen
        } else {
            When::day(start.date())
        };
        self.repetition(&Schedule {
            when,
            recurrence: schedule.recurrence.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar_domain::{Lang, Recurrence};

    fn said(zone: &str, start: &str) -> String {
        let when = When::Timed {
            start: start.parse().unwrap(),
            end: None,
            zone: zone.parse().unwrap(),
        };
        let recurrence = Recurrence {
            rule: Some("FREQ=WEEKLY".parse().unwrap()),
            ..Recurrence::default()
        };
        let schedule = Schedule {
            when,
            recurrence: Some(recurrence),
        };
        Words::new(Lang::Nb).repetition_in(&schedule, chrono_tz::Europe::Oslo)
    }

    #[test]
    fn hours_are_those_of_the_reader_or_none() {
        let own = said("Europe/Oslo", "2027-06-03T19:00:00");
        assert!(own.contains("19.00"), "{own}");
        assert_eq!(said("Europe/London", "2027-06-03T18:00:00"), own);
        // 19:00 in summer, 18:00 in winter.
        let utc = said("UTC", "2027-06-03T17:00:00");
        assert!(!utc.contains("kl.") && own.starts_with(&utc), "{utc}");
        let evening = said("America/New_York", "2027-06-03T20:00:00");
        assert_eq!(evening, Words::new(Lang::Nb).say("repeat-general"));
    }
}
