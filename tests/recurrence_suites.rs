//! Recurrence cases from the test suites of other programs, in the folder named by `CALENDAR_CORPUS`.
//!
//! Every case must give the result of its suite, except those in [`CONTRADICTED`].

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use calendar_domain::recurrence::{ExpansionLimits, RecurrenceRule, expand, violations};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::Deserialize;

/// Number of cases in the three suites.
const CASES: usize = 315;

/// Yearly rules with BYMONTHDAY and no BYMONTH: these cases stay in DTSTART's month, while
/// dateutil-testYearlyByMonthDay-1, -testYearlyByMonthDayAndWeekDay-1 and -testYearlyBySetPos-1 use all months.
const ALL_MONTHS: &str = "3.3.10: the table has «Expand» for BYMONTHDAY in a YEARLY rule, and \
     «BYxxx rule parts for a period of time less than the frequency generally increase or \
     expand the number of occurrences»; a month day is a period less than a year";

/// Cases that contradict RFC 5545, each with the quotation.
const CONTRADICTED: [(&str, &str); 6] = [
    (
        "dateutil-testYearlyByWeekNo-1",
        // ical.net-066 and ical.net-084 expect this reading: DTSTART's weekday only.
        "3.3.10: «Information, not contained in the rule, necessary to determine the various \
         recurrence instance start time and dates are derived from the Start Time (DTSTART)»; \
         the case has every day of the week instead",
    ),
    (
        "dateutil-testStrKeywords-1",
        "3.3.10: «\"BYDAY\" \"=\" bywdaylist»; the grammar has no BYWEEKDAY",
    ),
    ("ical.net-044", ALL_MONTHS),
    ("ical.net-045", ALL_MONTHS),
    ("ical.net-068", ALL_MONTHS),
    (
        "ical.net-028",
        "3.3.10: the rule gives «recurrence instance start time and dates»; the case is refused \
         for the end of an event, of which a rule knows nothing, and ical.net-027 has the same \
         rule and the same start as right",
    ),
];

#[derive(Deserialize)]
struct Case {
    id: String,
    #[serde(default)]
    dtstart: String,
    #[serde(default)]
    rrule: String,
    #[serde(default)]
    text: String,
    #[serde(default, rename = "start-at")]
    start_at: Option<String>,
    expected: Vec<String>,
    complete: bool,
    #[serde(default)]
    error: bool,
}

/// A recurrence set by RFC 5545 section 3.8.5, from lines of text.
#[derive(Default)]
struct Set {
    start: Option<NaiveDateTime>,
    rules: Vec<String>,
    excluded_rules: Vec<String>,
    dates: Vec<NaiveDateTime>,
    excluded_dates: Vec<NaiveDateTime>,
}

fn moment(text: &str) -> Result<NaiveDateTime, String> {
    let wrong = |_| format!("“{text}” is no date");
    if text.len() == 8 {
        let date = NaiveDate::parse_from_str(text, "%Y%m%d").map_err(wrong)?;
        return Ok(date.and_time(NaiveTime::MIN));
    }
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").map_err(wrong)
}

fn read_set(case: &Case) -> Result<Set, String> {
    let mut set = Set::default();
    if case.text.is_empty() {
        set.start = Some(moment(&case.dtstart)?);
        set.rules.push(case.rrule.clone());
        return Ok(set);
    }
    for line in case.text.split_whitespace() {
        let (name, value) = line.split_once(':').ok_or(format!("“{line}” is no line"))?;
        match name.to_ascii_uppercase().as_str() {
            "DTSTART" => set.start = Some(moment(value)?),
            "RRULE" => set.rules.push(value.to_owned()),
            "EXRULE" => set.excluded_rules.push(value.to_owned()),
            "RDATE" => set.dates.push(moment(value)?),
            "EXDATE" => set.excluded_dates.push(moment(value)?),
            _ => return Err(format!("{name} is not for this test")),
        }
    }
    Ok(set)
}

fn members(
    rule: &str,
    start: NaiveDateTime,
    from: NaiveDateTime,
) -> Result<Vec<NaiveDateTime>, String> {
    let rule: RecurrenceRule = rule
        .parse()
        .map_err(|e: calendar_domain::recurrence::RuleError| e.to_string())?;
    expand(
        &rule,
        start,
        None,
        from..NaiveDateTime::MAX,
        &ExpansionLimits::default(),
    )
    .map_err(|error| error.to_string())
}

fn compute(case: &Case) -> Result<Vec<NaiveDateTime>, String> {
    let set = read_set(case)?;
    let start = set.start.ok_or("no DTSTART")?;
    let from = case
        .start_at
        .as_deref()
        .map_or(Ok(NaiveDateTime::MIN), moment)?;
    let mut found: BTreeSet<NaiveDateTime> = set.dates.into_iter().collect();
    for rule in &set.rules {
        found.extend(members(rule, start, from)?);
    }
    for rule in &set.excluded_rules {
        members(rule, start, from)?
            .iter()
            .for_each(|date| _ = found.remove(date));
    }
    set.excluded_dates
        .iter()
        .for_each(|date| _ = found.remove(date));
    Ok(found.into_iter().collect())
}

fn check(case: &Case) -> Result<(), String> {
    let computed = compute(case);
    if case.error {
        let forbidden = case
            .rrule
            .parse()
            .is_ok_and(|rule| !violations(&rule).is_empty());
        return match computed {
            Ok(found) if !forbidden => Err(format!("must be refused, but gives {found:?}")),
            _ => Ok(()),
        };
    }
    let mut computed = computed?;
    let expected: Vec<NaiveDateTime> = case
        .expected
        .iter()
        .map(|text| moment(text))
        .collect::<Result<_, _>>()?;
    if !case.complete {
        computed.truncate(expected.len());
    }
    if computed == expected {
        Ok(())
    } else {
        Err(format!("expected {expected:?}, computed {computed:?}"))
    }
}

fn cases(folder: &str) -> Vec<Case> {
    let folder = PathBuf::from(folder).join("ical/recurrence");
    let mut cases = Vec::new();
    for file in [
        "dateutil.jsonl",
        "dateutil-rrulestr.jsonl",
        "ical.net.jsonl",
    ] {
        let text = fs::read_to_string(folder.join(file)).expect(file);
        cases.extend(
            text.lines()
                .map(|line| serde_json::from_str::<Case>(line).expect(line)),
        );
    }
    cases
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn every_case_of_the_other_suites_comes_out_right() {
    let folder = std::env::var("CALENDAR_CORPUS").expect("CALENDAR_CORPUS is set");
    let cases = cases(&folder);
    assert_eq!(cases.len(), CASES);
    let listed = |case: &Case| CONTRADICTED.iter().any(|(id, _)| *id == case.id);
    let (contradicted, rest): (Vec<_>, Vec<_>) = cases.iter().partition(|case| listed(case));
    assert_eq!(
        contradicted.len(),
        CONTRADICTED.len(),
        "a listed case is not in the suites"
    );
    for case in &contradicted {
        assert!(
            check(case).is_err(),
            "{} comes out right; take it off the list",
            case.id
        );
    }
    let wrong: Vec<String> = (rest.iter())
        .filter_map(|case| {
            check(case)
                .err()
                .map(|why| format!("{} {}: {why}", case.id, case.rrule))
        })
        .collect();
    println!(
        "{} cases right, {} contradicted",
        rest.len() - wrong.len(),
        contradicted.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn at_most_three_in_a_hundred_cases_are_set_aside() {
    assert!(CONTRADICTED.len() * 100 <= CASES * 3);
    assert!(
        CONTRADICTED
            .iter()
            .all(|(_, words)| words.contains("3.3.10"))
    );
}
