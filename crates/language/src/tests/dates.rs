use chrono_tz::Europe::Oslo;

use super::{Year, day, en, nb, time};
use calendar_domain::When;

fn timed(start: &str, end: &str) -> When {
    let end = (!end.is_empty()).then(|| time(end));
    When::Timed {
        start: time(start),
        end,
        zone: Oslo,
    }
}

#[test]
fn a_time_reads_as_an_editor_would_write_it() {
    for (when, norwegian, english) in [
        (
            When::day(day("2027-03-06")),
            "lørdag 6. mars 2027",
            "Saturday 6 March 2027",
        ),
        (
            When::days(day("2027-08-06"), day("2027-08-15")),
            "6.–15. august 2027",
            "6 to 15 August 2027",
        ),
        (
            When::days(day("2027-07-30"), day("2027-08-02")),
            "30. juli–2. august 2027",
            "30 July to 2 August 2027",
        ),
        (
            When::days(day("2027-12-31"), day("2028-01-01")),
            "31. desember 2027–1. januar 2028",
            "31 December 2027 to 1 January 2028",
        ),
        (
            timed("2027-03-06 18:00", ""),
            "lørdag 6. mars 2027 kl.\u{a0}18.00",
            "Saturday 6 March 2027, 6pm",
        ),
        (
            timed("2027-03-06 10:00", "2027-03-06 18:00"),
            "lørdag 6. mars 2027 kl.\u{a0}10.00–18.00",
            "Saturday 6 March 2027, 10am to 6pm",
        ),
        (
            timed("2022-11-26 15:15", ""),
            "lørdag 26. november 2022 kl.\u{a0}15.15",
            "Saturday 26 November 2022, 3:15pm",
        ),
        (
            timed("2027-03-06 20:00", "2027-03-07 02:00"),
            "lørdag 6. mars 2027 kl.\u{a0}20.00–02.00",
            "Saturday 6 March 2027, 8pm to 2am",
        ),
        (
            timed("2027-03-06 20:00", "2027-03-07 00:00"),
            "lørdag 6. mars 2027 kl.\u{a0}20.00–24.00",
            "Saturday 6 March 2027, 8pm to midnight",
        ),
        (
            timed("2027-03-05 18:00", "2027-03-07 16:00"),
            "fredag 5. mars kl.\u{a0}18.00 til søndag 7. mars 2027 kl.\u{a0}16.00",
            "Friday 5 March, 6pm to Sunday 7 March 2027, 4pm",
        ),
        (
            timed("2027-12-31 22:00", "2028-01-01 09:30"),
            "fredag 31. desember 2027 kl.\u{a0}22.00 til lørdag 1. januar 2028 kl.\u{a0}09.30",
            "Friday 31 December 2027, 10pm to Saturday 1 January 2028, 9:30am",
        ),
        (
            When::TimeToCome {
                date: day("2027-03-06"),
            },
            "lørdag 6. mars 2027, klokkeslett kommer",
            "Saturday 6 March 2027, time to be confirmed",
        ),
    ] {
        assert_eq!(nb().when(&when, Year::Said), norwegian);
        assert_eq!(en().when(&when, Year::Said), english);
    }
}

#[test]
fn the_year_is_left_out_where_the_heading_says_it_but_never_between_two_years() {
    let concert = timed("2027-03-06 10:00", "2027-03-06 18:00");
    assert_eq!(
        nb().when(&concert, Year::Left),
        "lørdag 6. mars kl.\u{a0}10.00–18.00"
    );
    assert_eq!(
        en().when(&concert, Year::Left),
        "Saturday 6 March, 10am to 6pm"
    );
    let (first, last) = (day("2027-12-31"), day("2028-01-01"));
    assert_eq!(
        nb().dates(first, last, Year::Left),
        "31. desember 2027–1. januar 2028"
    );
    assert_eq!(
        nb().dates(day("2027-08-06"), day("2027-08-15"), Year::Left),
        "6.–15. august"
    );
}

#[test]
fn days_with_their_weekdays_say_each_month_once() {
    for (first, last, norwegian, english) in [
        (
            "2027-08-06",
            "2027-08-15",
            "fredag 6. til søndag 15. august 2027",
            "Friday 6 to Sunday 15 August 2027",
        ),
        (
            "2027-07-30",
            "2027-08-02",
            "fredag 30. juli til mandag 2. august 2027",
            "Friday 30 July to Monday 2 August 2027",
        ),
        (
            "2027-03-06",
            "2027-03-06",
            "lørdag 6. mars 2027",
            "Saturday 6 March 2027",
        ),
    ] {
        assert_eq!(
            nb().weekday_dates(day(first), day(last), Year::Said),
            norwegian
        );
        assert_eq!(
            en().weekday_dates(day(first), day(last), Year::Said),
            english
        );
    }
}

#[test]
fn an_end_before_the_start_is_not_said() {
    assert_eq!(
        nb().dates(day("2027-08-06"), day("2027-08-01"), Year::Said),
        "6. august 2027"
    );
    let when = timed("2027-03-06 18:00", "2027-03-06 18:00");
    assert_eq!(
        nb().when(&when, Year::Said),
        "lørdag 6. mars 2027 kl.\u{a0}18.00"
    );
}

#[test]
fn the_english_clock_has_no_noughts_and_names_noon_and_midnight() {
    for (written, norwegian, english) in [
        ("2027-01-01 00:00", "00.00", "midnight"),
        ("2027-01-01 00:30", "00.30", "12:30am"),
        ("2027-01-01 09:05", "09.05", "9:05am"),
        ("2027-01-01 11:00", "11.00", "11am"),
        ("2027-01-01 12:00", "12.00", "midday"),
        ("2027-01-01 12:15", "12.15", "12:15pm"),
        ("2027-01-01 23:59", "23.59", "11:59pm"),
    ] {
        assert_eq!(nb().clock(time(written).time()), norwegian);
        assert_eq!(en().clock(time(written).time()), english);
    }
}

#[test]
fn every_day_and_month_has_its_name() {
    let monday = day("2027-03-01");
    let names = |name: &dyn Fn(chrono::NaiveDate) -> String| {
        monday
            .iter_days()
            .take(7)
            .map(name)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        names(&|d| nb().weekday(d)),
        "mandag tirsdag onsdag torsdag fredag lørdag søndag"
    );
    assert_eq!(
        names(&|d| nb().weekday_short(d)),
        "man tir ons tor fre lør søn"
    );
    assert_eq!(
        names(&|d| en().weekday_short(d)),
        "Mon Tue Wed Thu Fri Sat Sun"
    );
    let months = |name: &dyn Fn(chrono::NaiveDate) -> String| {
        (1..=12)
            .filter_map(|month| chrono::NaiveDate::from_ymd_opt(2027, month, 1))
            .map(name)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        months(&|d| nb().month(d)),
        "januar februar mars april mai juni juli august september oktober november desember"
    );
    assert_eq!(
        months(&|d| nb().month_short(d)),
        "jan feb mars april mai juni juli aug sep okt nov des"
    );
    assert_eq!(
        months(&|d| en().month_short(d)),
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
    );
    assert_eq!(en().month_of_year(monday), "March 2027");
}

#[test]
fn weeks_are_counted_from_monday_after_iso_8601() {
    for (date, norwegian, english) in [
        ("2027-08-06", "uke 31", "week 31"),
        ("2027-08-08", "uke 31", "week 31"),
        ("2027-08-09", "uke 32", "week 32"),
        ("2027-01-01", "uke 53", "week 53"),
        ("2029-12-31", "uke 1", "week 1"),
    ] {
        assert_eq!(nb().week(day(date)), norwegian);
        assert_eq!(en().week(day(date)), english);
    }
}

#[test]
fn an_end_after_the_clocks_go_back_is_told_though_it_shows_no_later_time() {
    let night = |end: &str| When::Timed {
        start: time("2027-10-31 00:30"),
        end: Some(time(end)),
        zone: chrono_tz::UTC,
    };
    for (end, norwegian, english) in [
        ("2027-10-31 01:15", "02.30–02.15", "2:30am to 2:15am"),
        ("2027-10-31 01:30", "02.30–02.30", "2:30am to 2:30am"),
    ] {
        let when = night(end);
        assert_eq!(
            nb().hours_in(&when, Oslo),
            format!("kl.\u{a0}{norwegian} (klokka stilles tilbake)")
        );
        assert_eq!(
            en().when_in(&when, Oslo, Year::Said),
            format!("Sunday 31 October 2027, {english} (the clocks go back)")
        );
    }
    assert_eq!(
        nb().hours_in(&night("2027-10-31 02:30"), Oslo),
        "kl.\u{a0}02.30–03.30"
    );
    assert_eq!(
        nb().hours_in(&night("2027-10-31 00:30"), Oslo),
        "kl.\u{a0}02.30–02.30"
    );
}
