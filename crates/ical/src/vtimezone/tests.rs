use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::vtimezone;

fn written(zone: Tz, years: std::ops::RangeInclusive<i32>) -> String {
    let mut out = String::new();
    vtimezone(&mut out, zone, years);
    out.replace("\r\n ", "")
}

fn utc_offset(text: &str) -> i64 {
    let number = |range| {
        text.get(range)
            .map_or(0, |n: &str| n.parse::<i64>().unwrap())
    };
    let seconds = number(1..3) * 3600 + number(3..5) * 60 + number(5..7);
    if text.starts_with('-') {
        -seconds
    } else {
        seconds
    }
}

/// Returns the onsets of one observance up to 2105 by testing every day of every year against its
/// rule, independently of the writer.
fn onsets(fields: &BTreeMap<String, String>) -> Vec<(DateTime<Utc>, i64)> {
    let start = NaiveDateTime::parse_from_str(&fields["DTSTART"], "%Y%m%dT%H%M%S").unwrap();
    let (from, to) = (
        utc_offset(&fields["TZOFFSETFROM"]),
        utc_offset(&fields["TZOFFSETTO"]),
    );
    let instant = |local: NaiveDateTime| (local - TimeDelta::seconds(from)).and_utc();
    let Some(rule) = fields.get("RRULE") else {
        return vec![(instant(start), to)];
    };
    let parts: BTreeMap<&str, &str> = rule
        .split(';')
        .map(|p| p.split_once('=').unwrap())
        .collect();
    assert_eq!(parts["FREQ"], "YEARLY");
    let month: u32 = parts["BYMONTH"].parse().unwrap();
    let until = parts
        .get("UNTIL")
        .map_or(DateTime::<Utc>::MAX_UTC, |until| {
            NaiveDateTime::parse_from_str(until, "%Y%m%dT%H%M%SZ")
                .unwrap()
                .and_utc()
        });
    (start.year()..2105)
        .flat_map(|year| (1..=31).filter_map(move |day| NaiveDate::from_ymd_opt(year, month, day)))
        .filter(|date| on_rule_day(*date, &parts))
        .map(|date| instant(date.and_time(start.time())))
        .filter(|at| *at >= instant(start) && *at <= until)
        .map(|at| (at, to))
        .collect()
}

fn on_rule_day(date: NaiveDate, parts: &BTreeMap<&str, &str>) -> bool {
    let listed = parts
        .get("BYMONTHDAY")
        .is_none_or(|days| days.split(',').any(|day| day.parse() == Ok(date.day())));
    let weekday = parts.get("BYDAY").is_none_or(|wanted| {
        let (number, name) = wanted.split_at(wanted.len() - 2);
        let right = date.weekday().to_string().to_uppercase().starts_with(name);
        right
            && match number {
                "" => true,
                "-1" => date.day() + 7 > u32::from(date.num_days_in_month()),
                n => n.parse() == Ok((date.day() - 1) / 7 + 1),
            }
    });
    listed && weekday
}

/// Returns all onsets of a serialized VTIMEZONE, in order.
fn read_back(text: &str) -> Vec<(DateTime<Utc>, i64)> {
    let mut all = Vec::new();
    let mut fields = BTreeMap::new();
    for line in text.lines() {
        let (key, value) = line.split_once(':').unwrap();
        match (key, value) {
            ("BEGIN", _) => fields.clear(),
            ("END", "STANDARD" | "DAYLIGHT") => all.extend(onsets(&fields)),
            _ => drop(fields.insert(key.to_owned(), value.to_owned())),
        }
    }
    all.sort();
    all
}

fn assert_right(zone: Tz, first: i32, last: i32) {
    let text = written(zone, first..=last);
    let onsets = read_back(&text);
    let begin = Utc.with_ymd_and_hms(first, 1, 1, 0, 0, 0).unwrap() - TimeDelta::hours(14);
    let end = Utc.with_ymd_and_hms(last + 1, 1, 1, 0, 0, 0).unwrap() + TimeDelta::hours(14);
    let mut instants: Vec<DateTime<Utc>> = Vec::new();
    let mut at = begin;
    while at < end {
        instants.push(at);
        at += TimeDelta::hours(97);
    }
    for (onset, _) in &onsets {
        instants.extend([
            *onset - TimeDelta::seconds(1),
            *onset,
            *onset + TimeDelta::seconds(1),
        ]);
    }
    for at in instants.into_iter().filter(|at| (begin..end).contains(at)) {
        let index = onsets.partition_point(|(onset, _)| *onset <= at);
        assert!(index > 0, "{zone} tells nothing of {at}:\n{text}");
        let expected = i64::from(
            zone.offset_from_utc_datetime(&at.naive_utc())
                .fix()
                .local_minus_utc(),
        );
        assert_eq!(onsets[index - 1].1, expected, "{zone} at {at}:\n{text}");
    }
}

#[test]
fn rule_09_every_zone_gives_the_offsets_of_its_own_rules() {
    for zone in TZ_VARIANTS {
        assert_right(zone, 2024, 2029);
    }
}

#[test]
fn zones_whose_rules_changed_are_right_before_and_after() {
    let zones = [
        Tz::Europe__Oslo,
        Tz::America__New_York,
        Tz::Africa__Casablanca,
        Tz::Africa__Cairo,
        Tz::Asia__Tehran,
        Tz::Asia__Gaza,
        Tz::Asia__Almaty,
        Tz::Europe__Istanbul,
        Tz::Europe__Dublin,
        Tz::America__Sao_Paulo,
        Tz::America__Nuuk,
        Tz::America__Asuncion,
        Tz::Pacific__Apia,
        Tz::Australia__Lord_Howe,
        Tz::Antarctica__Troll,
    ];
    for zone in zones {
        for (first, last) in [
            (1971, 1990),
            (1994, 2012),
            (2007, 2007),
            (2016, 2040),
            (2085, 2099),
        ] {
            assert_right(zone, first, last);
        }
    }
}

#[test]
fn rule_09_oslo_is_two_rules_under_its_own_name() {
    assert_eq!(
        written(Tz::Europe__Oslo, 2026..=2028),
        "BEGIN:VTIMEZONE\r\nTZID:Europe/Oslo\r\n\
         BEGIN:DAYLIGHT\r\nDTSTART:19810329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
         TZNAME:CEST\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n\
         BEGIN:STANDARD\r\nDTSTART:19961027T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
         TZNAME:CET\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n\
         END:VTIMEZONE\r\n"
    );
}

#[test]
fn the_years_asked_for_do_not_change_a_zone_whose_rule_stands() {
    assert_eq!(
        written(Tz::Europe__Oslo, 2026..=2028),
        written(Tz::Europe__Oslo, 1999..=2070)
    );
}

#[test]
fn a_zone_that_never_changes_has_one_standard() {
    let tokyo = written(Tz::Asia__Tokyo, 2026..=2028);
    assert_eq!(tokyo.matches("BEGIN:STANDARD").count(), 1);
    assert!(
        tokyo.contains("DTSTART:19700101T000000\r\n") && !tokyo.contains("RRULE"),
        "{tokyo}"
    );
    let kathmandu = written(Tz::Asia__Kathmandu, 2026..=2028);
    assert!(kathmandu.contains("TZOFFSETTO:+0545\r\n"), "{kathmandu}");
}

#[test]
fn changes_without_a_rule_stand_one_by_one() {
    let morocco = written(Tz::Africa__Casablanca, 2026..=2027);
    assert!(!morocco.contains("RRULE"), "{morocco}");
    assert!(morocco.matches("DTSTART").count() <= 6, "{morocco}");
}

#[test]
fn rule_09_no_zone_is_long() {
    for zone in TZ_VARIANTS {
        let text = written(zone, 2025..=2028);
        let parts = text.matches("DTSTART").count();
        assert!(parts <= 10, "{zone} has {parts} parts:\n{text}");
    }
}

#[test]
fn absurd_years_are_taken_as_the_nearest_known() {
    for years in [i32::MIN..=i32::MAX, 5000..=6000, 1..=1] {
        assert!(written(Tz::Europe__Oslo, years).contains("BEGIN:STANDARD"));
    }
}
