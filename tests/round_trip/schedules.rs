//! Generated schedules of every kind in five zones, including nights of clock changes.

use std::collections::BTreeSet;

use calendar_domain::recurrence::{ExpansionLimits, RecurrenceRule, RuleEnd, expand};
use calendar_domain::zone::to_utc;
use calendar_domain::{
    Availability, EventStatus, Override, Recurrence, Schedule, Start, Text, Venue, When,
};
use chrono::{MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::events::{text, venue};
use crate::meaning::keeps_length;

const ZONES: [Tz; 5] = [
    Tz::Europe__Oslo,
    Tz::America__New_York,
    Tz::Australia__Lord_Howe,
    Tz::Asia__Kathmandu,
    Tz::UTC,
];

/// Days around clock changes in these zones, and ordinary ones.
const DAYS: [&str; 12] = [
    "2026-10-04",
    "2026-10-24",
    "2026-10-25",
    "2026-11-01",
    "2027-03-13",
    "2027-03-14",
    "2027-03-27",
    "2027-03-28",
    "2027-04-04",
    "2027-06-05",
    "2027-08-31",
    "2028-02-29",
];

const RULES: [&str; 20] = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=DAILY;BYMONTH=3,10",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
    "FREQ=WEEKLY;BYDAY=SA,SU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYDAY=-1SU",
    "FREQ=MONTHLY;BYDAY=2SA",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD;RSCALE=GREGORIAN",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;INTERVAL=5;BYDAY=1WE",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
    "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17",
    "FREQ=YEARLY;BYWEEKNO=13,43;BYDAY=SU",
    "FREQ=YEARLY;BYYEARDAY=87,-65",
    "FREQ=YEARLY;BYDAY=TH;BYMONTH=11;BYMONTHDAY=22,23,24,25,26,27,28",
];

const ENDS: [&str; 5] = [
    "",
    ";COUNT=1",
    ";COUNT=12",
    ";UNTIL=20280328",
    ";UNTIL=20271031T010000Z",
];

pub fn when() -> impl Strategy<Value = When> {
    let minutes = select(vec![0, 30, 90, 120, 150, 165, 180, 600, 1080, 1425]);
    let length = option::of(select(vec![30, 60, 120, 600, 2000]));
    let seconds = select(vec![0, 0, 0, 59]);
    (
        select(DAYS.to_vec()),
        0..6u8,
        minutes,
        length,
        select(ZONES.to_vec()),
        seconds,
    )
        .prop_map(|(day, kind, minutes, length, zone, seconds)| {
            let date: NaiveDate = day.parse().expect("a date of the table");
            let start = date.and_time(NaiveTime::MIN)
                + TimeDelta::minutes(minutes)
                + TimeDelta::seconds(seconds);
            match kind {
                0 => When::days(date, date + TimeDelta::days(minutes % 4)),
                1 => When::TimeToCome { date },
                _ => When::Timed {
                    start,
                    // Across a clock change, a later local time is not always later.
                    end: length
                        .map(|m| start + TimeDelta::minutes(m))
                        .filter(|end| to_utc(*end, zone) > to_utc(start, zone)),
                    zone,
                },
            }
        })
}

/// A change of an occurrence: its index, time, status and texts.
type Change = (
    usize,
    i64,
    Option<When>,
    Option<EventStatus>,
    Option<Text>,
    Option<Vec<Venue>>,
    Option<Availability>,
);

pub fn schedule() -> impl Strategy<Value = (Schedule, bool)> {
    let rule = option::weighted(0.7, (select(RULES.to_vec()), select(ENDS.to_vec())));
    let extra = btree_set(1..500i64, 0..3);
    let change = (
        0..30usize,
        -3..3i64,
        option::weighted(0.2, when()),
        option::weighted(0.3, select(EventStatus::ALL.to_vec())),
        option::weighted(0.3, text(1..3)),
        option::weighted(0.2, vec(venue(), 1..3)),
        option::weighted(0.3, select(Availability::ALL)),
    );
    let lists = (extra, vec(0..30usize, 0..4), vec(change, 0..3));
    (when(), rule, lists, any::<bool>()).prop_map(|(when, rule, lists, tidy)| {
        let rule = rule.map(|(rule, end)| {
            format!("{rule}{end}")
                .parse::<RecurrenceRule>()
                .expect("a rule of the table")
        });
        if rule.is_none() && lists.0.is_empty() {
            let in_step = is_plain(&when);
            return (Schedule::once(when), in_step);
        }
        if tidy {
            in_step(when, rule, lists)
        } else {
            (wild(when, rule, lists), false)
        }
    })
}

type Lists = (BTreeSet<i64>, Vec<usize>, Vec<Change>);

/// Returns a schedule with arbitrary exceptions and overrides, whether occurrences or not.
fn wild(when: When, rule: Option<RecurrenceRule>, (extra, out, changes): Lists) -> Schedule {
    let first = when.start();
    let overrides = changes.into_iter().map(|change| {
        let id = later(first, change.0 as i64);
        (id, changed(&when, id, change))
    });
    let set = Recurrence {
        overrides: overrides.collect(),
        rdates: extra.iter().map(|days| later(first, *days)).collect(),
        exdates: out.iter().map(|days| later(first, *days as i64)).collect(),
        rule,
    };
    Schedule {
        when,
        recurrence: Some(set),
    }
}

/// Returns a schedule in the written form: the first start is in the rule, and every exception and override has
/// an occurrence. Also returns whether that was possible.
fn in_step(when: When, rule: Option<RecurrenceRule>, lists: Lists) -> (Schedule, bool) {
    let (extra, out, changes) = lists;
    let Some(mut rule) = rule else {
        return (wild(when, rule, (extra, out, changes)), false);
    };
    let zone = zone_of(&when);
    let own = when.start().local();
    let far = own + TimeDelta::days(4 * 366);
    let until = rule.until_in(zone);
    let all = expand(&rule, own, until, own..far, &ExpansionLimits::default())
        .expect("within the limits");
    let like = |local: NaiveDateTime| match when.start() {
        Start::Date(_) => Start::Date(local.date()),
        Start::Local(_) => Start::Local(local),
    };
    let first = all.first().map(|first| like(*first));
    let Some(first) = first.filter(|first| keeps_length(&when, *first)) else {
        return (wild(when, Some(rule), (extra, out, changes)), false);
    };
    rule.until = until.map(|until| match zone {
        Some(zone) => RuleEnd::Utc(to_utc(until, zone).naive_utc()),
        None => RuleEnd::Date(until.date()),
    });
    let members: BTreeSet<Start> = all.iter().map(|at| like(*at)).collect();
    let at = |index: usize| members.iter().nth(index).copied();
    let mut set = Recurrence {
        rdates: extra.iter().map(|days| later(first, *days)).collect(),
        exdates: out.iter().filter_map(|index| at(*index)).collect(),
        rule: Some(rule),
        ..Recurrence::default()
    };
    set.rdates.retain(|start| !members.contains(start));
    let when = when.moved_to(first).expect("a start of its own kind");
    for change in changes {
        if let Some(id) = at(change.0).filter(|id| !set.exdates.contains(id)) {
            set.overrides.insert(id, changed(&when, id, change));
        }
    }
    // A single occurrence in UTC is read back in the event's zone.
    let alike = |when: &When| is_plain(when) && (zone_of(when) != Some(Tz::UTC) || zone.is_none());
    let times = set
        .overrides
        .values()
        .filter_map(|change| change.when.as_ref());
    let in_step = times.into_iter().all(alike);
    (
        Schedule {
            when,
            recurrence: Some(set),
        },
        in_step,
    )
}

fn changed(
    when: &When,
    id: Start,
    (_, days, other, status, title, venues, availability): Change,
) -> Override {
    let moved = when.moved_to(later(id, days)).filter(|_| days != 0);
    Override {
        when: other.or(moved),
        status,
        availability,
        title: title.unwrap_or_default(),
        description: Text::default(),
        venues,
    }
}

fn later(start: Start, days: i64) -> Start {
    match start {
        Start::Date(date) => Start::Date(date + TimeDelta::days(days)),
        Start::Local(local) => Start::Local(local + TimeDelta::days(days)),
    }
}

fn zone_of(when: &When) -> Option<Tz> {
    match when {
        When::Timed { zone, .. } => Some(*zone),
        When::AllDay { .. } | When::TimeToCome { .. } => None,
    }
}

/// Returns true if it avoids skipped and repeated hours, in which single times are written differently.
fn is_plain(when: &When) -> bool {
    let When::Timed { start, end, zone } = when else {
        return true;
    };
    let single = |local: &NaiveDateTime| {
        matches!(zone.from_local_datetime(local), MappedLocalTime::Single(_))
    };
    single(start) && end.as_ref().is_none_or(single)
}
