//! Schedules of every kind in five zones, including nights of clock changes.

use calendar_domain::recurrence::ExpansionLimits;
use calendar_domain::{Event, Override, Recurrence, Schedule, Slug, Start, Text, When, Window};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

const ZONES: [Tz; 5] = [
    Tz::Europe__Oslo,
    Tz::America__New_York,
    Tz::Australia__Lord_Howe,
    Tz::Asia__Gaza,
    Tz::Asia__Kathmandu,
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
    "2027-02-07",
    "2028-02-29",
];

/// Rules for which RFC 5545 has a single interpretation.
const RULES: [&str; 18] = [
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
    "FREQ=MONTHLY;BYMONTHDAY=13,28",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;INTERVAL=5;BYDAY=1WE",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
    "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17",
    "FREQ=YEARLY;BYMONTH=11;BYDAY=TH;BYMONTHDAY=22,23,24,25,26,27,28",
];

/// Returns deterministic events.
pub fn events(count: usize) -> Vec<Event> {
    let mut runner = TestRunner::deterministic();
    let schedules = schedule();
    let titles = "[A-Za-zæøåÆØÅ0-9 ,;:\"^\\\\«»–'€🎻]{0,90}";
    (0..count)
        .map(|number| {
            let schedule = schedules
                .new_tree(&mut runner)
                .expect("a schedule")
                .current();
            let title = titles.new_tree(&mut runner).expect("a title").current();
            event(number, schedule, title.trim())
        })
        .collect()
}

pub fn event(number: usize, schedule: Schedule, title: &str) -> Event {
    let slug: Slug = format!("event-{number}").parse().expect("a slug");
    let at = DateTime::from_timestamp(1_790_000_000, 0).expect("an instant");
    let uid = format!("event-{number}@kalender.example").parse();
    let title = Text::nb(format!("{number} {title}").trim());
    Event {
        sequence: 1,
        description: Text::nb("Første avsnitt,\nmed linje; og \\ mer.\n\nAndre avsnitt.".repeat(3)),
        ..Event::new(slug, uid.expect("a UID"), title, schedule, at)
    }
}

fn schedule() -> impl Strategy<Value = Schedule> {
    let rule = prop::option::weighted(0.7, (prop::sample::select(RULES.to_vec()), end()));
    let extra = prop::collection::btree_set(1..500i64, 0..3);
    let changes = prop::collection::vec((0..30usize, -3..3i64, any::<bool>()), 0..3);
    let out = prop::collection::vec(0..30usize, 0..4);
    (when(), rule, extra, out, changes).prop_map(|(when, rule, extra, out, changes)| {
        let mut schedule = Schedule::once(when.clone());
        let Some((rule, end)) = rule else {
            return schedule;
        };
        let rule = format!("{rule}{end}").parse().expect("a rule of the table");
        schedule.recurrence = Some(Recurrence {
            rule: Some(rule),
            ..Recurrence::default()
        });
        let all = starts(&schedule);
        let set = schedule.recurrence.get_or_insert_default();
        set.rdates = extra
            .iter()
            .map(|days| later(when.start(), *days))
            .collect();
        set.exdates = out.iter().filter_map(|at| all.get(*at).copied()).collect();
        for (at, days, named) in changes {
            let Some(id) = all.get(at).filter(|id| !set.exdates.contains(id)) else {
                continue;
            };
            let other = Override {
                when: when.moved_to(later(*id, days)).filter(|_| days != 0),
                title: if named {
                    Text::nb(format!("Endret {at}"))
                } else {
                    Text::default()
                },
                ..Override::default()
            };
            set.overrides.insert(*id, other);
        }
        schedule
    })
}

/// Returns the starts of the rule itself.
pub fn starts(schedule: &Schedule) -> Vec<Start> {
    let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
    let window = Window {
        from: day("2026-09-01"),
        until: day("2028-12-01"),
        zone: Tz::UTC,
    };
    let found = schedule
        .occurrences(window, &ExpansionLimits::default())
        .expect("within the limits");
    found.iter().filter_map(|one| one.recurrence_id).collect()
}

fn later(start: Start, days: i64) -> Start {
    match start {
        Start::Date(date) => Start::Date(date + TimeDelta::days(days)),
        Start::Local(local) => Start::Local(local + TimeDelta::days(days)),
    }
}

fn end() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        ";COUNT=1",
        ";COUNT=12",
        ";UNTIL=20280328",
        ";UNTIL=20271031T010000Z",
    ])
}

fn when() -> impl Strategy<Value = When> {
    let day = prop::sample::select(DAYS.to_vec());
    let minutes = prop::sample::select(vec![0, 30, 90, 120, 150, 165, 180, 600, 1080, 1425]);
    let length = prop::option::of(prop::sample::select(vec![30, 120, 600, 2000]));
    let zone = prop::sample::select(ZONES.to_vec());
    (day, 0..6u8, minutes, length, zone).prop_map(|(day, kind, minutes, length, zone)| {
        let date: NaiveDate = day.parse().expect("a date of the table");
        let start: NaiveDateTime =
            date.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(minutes);
        match kind {
            0 => When::days(date, date + TimeDelta::days(minutes % 4)),
            1 => When::TimeToCome { date },
            _ => When::Timed {
                start,
                end: length.map(|m| start + TimeDelta::minutes(m)),
                zone,
            },
        }
    })
}
