//! Checks of rules: what RFC 5545 forbids, and what public events may not use.

use super::error::{RuleError, RuleFault};
use super::rule::{Frequency, RecurrenceRule};

/// ExpansionLimits that bound every expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpansionLimits {
    /// Maximum number of occurrences of one expansion; the default of 50,000 allows an hourly event
    /// for five years.
    pub max_occurrences: usize,
    /// Maximum number of steps of one expansion: periods visited and occurrences counted before the
    /// window; 1,000,000 by default.
    pub max_iterations: u64,
    /// Maximum product of the lengths of a rule's BY lists; 5,000 by default.
    pub max_by_product: u64,
    /// Maximum `COUNT` of a public event; the default of 5,000 allows a daily event for 13 years.
    pub max_count: u32,
}

impl Default for ExpansionLimits {
    fn default() -> Self {
        ExpansionLimits {
            max_occurrences: 50_000,
            max_iterations: 1_000_000,
            max_by_product: 5_000,
            max_count: 5_000,
        }
    }
}

/// Checks whether a public event may use a rule.
///
/// This is stricter than parsing: a published rule has no [`violations`], is not more
/// frequent than daily and stays within the limits.
///
/// # Errors
/// Returns the first part that is not allowed, with the error and what is allowed.
pub fn check_public(rule: &RecurrenceRule, limits: &ExpansionLimits) -> Result<(), RuleError> {
    if rule.freq.is_sub_daily() {
        return Err(RuleError::new(
            "FREQ",
            RuleFault::SubDaily,
            "DAILY, WEEKLY, MONTHLY, YEARLY",
        ));
    }
    if let Some(violation) = violations(rule).into_iter().next() {
        return Err(violation);
    }
    let (product, limit) = (rule.by_product(), limits.max_by_product);
    if product > limit {
        let allowed = format!("a product of {limit} or less");
        return Err(RuleError::new(
            "RRULE",
            RuleFault::Product { product, limit },
            allowed,
        ));
    }
    match rule.count {
        Some(count) if count > limits.max_count => {
            let limit = limits.max_count;
            let allowed = format!("1 to {limit}");
            Err(RuleError::new(
                "COUNT",
                RuleFault::Count { count, limit },
                allowed,
            ))
        }
        _ => Ok(()),
    }
}

/// Returns everything in a rule that RFC 5545 section 3.3.10 forbids.
///
/// Such a rule is still parsed and expanded, as other programs do: the part then limits the set.
/// The calendar never publishes a rule with violations.
#[must_use]
pub fn violations(rule: &RecurrenceRule) -> Vec<RuleError> {
    use Frequency::{Daily, Monthly, Weekly, Yearly};
    let error = RuleError::new;
    let mut found = out_of_range(rule);
    if rule.until.is_some() && rule.count.is_some() {
        let fault = RuleFault::Excludes("UNTIL");
        found.push(error("COUNT", fault, "either COUNT or UNTIL"));
    }
    found.extend(numbered_days(rule));
    if !rule.by_month_day.is_empty() && rule.freq == Weekly {
        let fault = RuleFault::Excludes("FREQ=WEEKLY");
        found.push(error("BYMONTHDAY", fault, "every other FREQ"));
    }
    if !rule.by_year_day.is_empty() && matches!(rule.freq, Daily | Weekly | Monthly) {
        let fault = RuleFault::Excludes("FREQ=DAILY, WEEKLY and MONTHLY");
        found.push(error("BYYEARDAY", fault, "FREQ=YEARLY or less than daily"));
    }
    if !rule.by_week_no.is_empty() && rule.freq != Yearly {
        let fault = RuleFault::Excludes("a FREQ other than YEARLY");
        found.push(error("BYWEEKNO", fault, "FREQ=YEARLY"));
    }
    if !rule.by_set_pos.is_empty() && !has_by_part(rule) {
        let fault = RuleFault::NeedsOther;
        found.push(error("BYSETPOS", fault, "together with another BY part"));
    }
    found
}

/// Returns an error for numbered weekdays if only plain ones are allowed.
fn numbered_days(rule: &RecurrenceRule) -> Option<RuleError> {
    let allowed = match rule.freq {
        Frequency::Monthly => return None,
        Frequency::Yearly if rule.by_week_no.is_empty() => return None,
        Frequency::Yearly => "plain weekdays with BYWEEKNO",
        _ => "plain weekdays, or FREQ=MONTHLY or YEARLY",
    };
    let numbered = rule.by_day.iter().any(|day| day.nth.is_some());
    numbered.then(|| RuleError::new("BYDAY", RuleFault::NumberedDay, allowed))
}

fn has_by_part(rule: &RecurrenceRule) -> bool {
    !(rule.by_second.is_empty()
        && rule.by_minute.is_empty()
        && rule.by_hour.is_empty()
        && rule.by_day.is_empty()
        && rule.by_month_day.is_empty()
        && rule.by_year_day.is_empty()
        && rule.by_week_no.is_empty()
        && rule.by_month.is_empty())
}

/// Returns values out of range: code can set them, and parsing accepts `0MO`.
fn out_of_range(rule: &RecurrenceRule) -> Vec<RuleError> {
    let mut found = Vec::new();
    let mut check = |part: &str, values: Vec<i64>, least: i64, most: i64| {
        let wrong = values
            .into_iter()
            .find(|n| !(least..=most).contains(&n.abs()));
        if let Some(wrong) = wrong {
            let fault = RuleFault::OutOfRange(wrong.to_string());
            found.push(RuleError::new(part, fault, format!("{least} to {most}")));
        }
    };
    let numbers: Vec<i8> = rule.by_day.iter().filter_map(|day| day.nth).collect();
    check("INTERVAL", vec![i64::from(rule.interval)], 1, i64::MAX);
    check(
        "COUNT",
        rule.count.into_iter().map(i64::from).collect(),
        1,
        i64::MAX,
    );
    check("BYSECOND", wide(&rule.by_second), 0, 60);
    check("BYMINUTE", wide(&rule.by_minute), 0, 59);
    check("BYHOUR", wide(&rule.by_hour), 0, 23);
    check("BYDAY", wide(&numbers), 1, 53);
    check("BYMONTHDAY", wide(&rule.by_month_day), 1, 31);
    check("BYYEARDAY", wide(&rule.by_year_day), 1, 366);
    check("BYWEEKNO", wide(&rule.by_week_no), 1, 53);
    check("BYMONTH", wide(&rule.by_month), 1, 12);
    check("BYSETPOS", wide(&rule.by_set_pos), 1, 366);
    found
}

fn wide<N: Copy + Into<i64>>(values: &[N]) -> Vec<i64> {
    values.iter().map(|&value| value.into()).collect()
}
