//! Labels of an event's status.

use chrono_tz::Tz;

use super::{Words, Year};
use calendar_domain::{EventStatus, When};

impl Words {
    /// Returns the label of a status, «Avlyst»; `None` for a scheduled event.
    #[must_use]
    pub fn status_label(self, status: EventStatus) -> Option<String> {
        let label = match status {
            EventStatus::Scheduled => return None,
            EventStatus::Tentative => self.say("status-tentative"),
            EventStatus::Cancelled => self.say("status-cancelled"),
            EventStatus::Postponed => self.say("status-postponed"),
            EventStatus::Rescheduled => self.say("status-rescheduled"),
            EventStatus::MovedOnline => self.say("status-moved-online"),
        };
        Some(label.into_owned())
    }

    /// Returns the time that an event or occurrence had before, on the clock of `zone`: «før torsdag
    /// 7. januar kl. 18.00».
    #[must_use]
    pub fn was_before(self, before: &When, zone: Tz) -> String {
        let written = self.when_in(before, zone, Year::Left);
        self.say_with("was-before", &[("when", written)])
    }
}
