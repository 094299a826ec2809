//! Canonical text of a rule, and serde by this text.

use std::fmt::{self, Display, Formatter};

use chrono::Weekday;
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::rule::{RecurrenceRule, RuleEnd, Skip, WeekdayNum};

impl Display for RecurrenceRule {
    /// Writes `FREQ` first, as RFC 5545 requires; omits defaults.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "FREQ={}", self.freq.as_str())?;
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        if let Some(until) = self.until {
            write!(f, ";UNTIL={until}")?;
        }
        if let Some(count) = self.count {
            write!(f, ";COUNT={count}")?;
        }
        list(f, "BYMONTH", &self.by_month)?;
        list(f, "BYWEEKNO", &self.by_week_no)?;
        list(f, "BYYEARDAY", &self.by_year_day)?;
        list(f, "BYMONTHDAY", &self.by_month_day)?;
        list(f, "BYDAY", &self.by_day)?;
        list(f, "BYHOUR", &self.by_hour)?;
        list(f, "BYMINUTE", &self.by_minute)?;
        list(f, "BYSECOND", &self.by_second)?;
        list(f, "BYSETPOS", &self.by_set_pos)?;
        if self.wkst != Weekday::Mon {
            write!(f, ";WKST={}", two_letters(self.wkst))?;
        }
        match self.skip {
            Skip::Omit => Ok(()),
            // RFC 7529: SKIP requires RSCALE.
            Skip::Backward => f.write_str(";RSCALE=GREGORIAN;SKIP=BACKWARD"),
            Skip::Forward => f.write_str(";RSCALE=GREGORIAN;SKIP=FORWARD"),
        }
    }
}

impl Display for RuleEnd {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            RuleEnd::Date(date) => write!(f, "{}", date.format("%Y%m%d")),
            RuleEnd::Utc(at) => write!(f, "{}", at.format("%Y%m%dT%H%M%SZ")),
            RuleEnd::Local(at) => write!(f, "{}", at.format("%Y%m%dT%H%M%S")),
        }
    }
}

impl Display for WeekdayNum {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(nth) = self.nth {
            write!(f, "{nth}")?;
        }
        f.write_str(two_letters(self.weekday))
    }
}

fn list<N: Display>(f: &mut Formatter<'_>, name: &str, values: &[N]) -> fmt::Result {
    for (index, value) in values.iter().enumerate() {
        if index == 0 {
            write!(f, ";{name}={value}")?;
        } else {
            write!(f, ",{value}")?;
        }
    }
    Ok(())
}

fn two_letters(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}

impl Serialize for RecurrenceRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RecurrenceRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RuleText;

        impl Visitor<'_> for RuleText {
            type Value = RecurrenceRule;

            fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str("a recurrence rule such as FREQ=WEEKLY;BYDAY=TH")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(RuleText)
    }
}
