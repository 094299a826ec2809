//! Tests of the examples of RFC 5545 sections 3.3.10 and 3.8.5.3, and of RFC 7529.

use super::{dates, first};

const START: &str = "19970902T090000";

#[test]
fn daily_for_ten_occurrences_and_every_other_day() {
    let ten = dates("FREQ=DAILY;COUNT=10", START, 99);
    assert_eq!((ten.len(), ten[9].as_str()), (10, "19970911"));
    assert_eq!(
        dates("FREQ=DAILY;INTERVAL=2", START, 3),
        ["19970902", "19970904", "19970906"]
    );
    let five = dates("FREQ=DAILY;INTERVAL=10;COUNT=5", START, 99);
    assert_eq!(
        five,
        ["19970902", "19970912", "19970922", "19971002", "19971012"]
    );
}

#[test]
fn daily_until_christmas_eve_stops_before_it() {
    let all = dates("FREQ=DAILY;UNTIL=19971224T000000Z", START, 999);
    assert_eq!((all.len(), all.last().unwrap().as_str()), (113, "19971223"));
}

#[test]
fn every_day_in_january_is_the_same_by_year_and_by_day() {
    let start = "19980101T090000";
    let yearly = "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA";
    let daily = "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1";
    let all = first(yearly, start, 999);
    assert_eq!((all.len(), all[92].as_str()), (93, "20000131T090000"));
    assert_eq!(first(daily, start, 999), all);
}

#[test]
fn weekly_on_two_days_by_count_and_by_until() {
    let count = dates("FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", START, 99);
    let until = dates(
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        START,
        99,
    );
    assert_eq!(count, until);
    assert_eq!(
        (count[1].as_str(), count[9].as_str()),
        ("19970904", "19971002")
    );
}

#[test]
fn every_other_week_on_three_days() {
    let rule = "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR";
    let all = dates(rule, "19970901T090000", 99);
    assert_eq!(
        all[..5],
        ["19970901", "19970903", "19970905", "19970915", "19970917"]
    );
    assert_eq!((all.len(), all[24].as_str()), (25, "19971222"));
}

#[test]
fn the_week_start_decides_which_weeks_are_left_out() {
    let start = "19970805T090000";
    let monday = dates(
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
        start,
        9,
    );
    assert_eq!(monday, ["19970805", "19970810", "19970819", "19970824"]);
    let sunday = dates(
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
        start,
        9,
    );
    assert_eq!(sunday, ["19970805", "19970817", "19970819", "19970831"]);
}

#[test]
fn the_first_friday_of_each_month_and_first_and_last_sunday_of_every_other() {
    let friday = dates("FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "19970905T090000", 4);
    assert_eq!(friday, ["19970905", "19971003", "19971107", "19971205"]);
    let rule = "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU";
    let sundays = dates(rule, "19970907T090000", 5);
    assert_eq!(
        sundays,
        ["19970907", "19970928", "19971102", "19971130", "19980104"]
    );
    let monday = dates("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "19970922T090000", 3);
    assert_eq!(monday, ["19970922", "19971020", "19971117"]);
}

#[test]
fn days_of_the_month_from_both_ends() {
    let third_last = dates("FREQ=MONTHLY;BYMONTHDAY=-3", "19970928T090000", 6);
    let expected = [
        "19970928", "19971029", "19971128", "19971229", "19980129", "19980226",
    ];
    assert_eq!(third_last, expected);
    let ends = dates(
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "19970930T090000",
        4,
    );
    assert_eq!(ends, ["19970930", "19971001", "19971031", "19971101"]);
    let rule = "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15";
    let block = dates(rule, "19970910T090000", 8);
    assert_eq!(block[5..], ["19970915", "19990310", "19990311"]);
}

#[test]
fn yearly_in_months_and_on_days_of_the_year() {
    let summer = dates("FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "19970610T090000", 3);
    assert_eq!(summer, ["19970610", "19970710", "19980610"]);
    let rule = "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200";
    let days = dates(rule, "19970101T090000", 10);
    assert_eq!(days[1..5], ["19970410", "19970719", "20000101", "20000409"]);
    assert_eq!(days[9], "20060101");
    assert_eq!(
        dates("FREQ=YEARLY;BYDAY=20MO", "19970519T090000", 3),
        ["19970519", "19980518", "19990517"]
    );
}

#[test]
fn monday_of_week_twenty_and_thursdays_in_summer() {
    let week = dates("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "19970512T090000", 3);
    assert_eq!(week, ["19970512", "19980511", "19990517"]);
    let summer = dates("FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "19970605T090000", 14);
    assert_eq!(
        (summer[12].as_str(), summer[13].as_str()),
        ("19970828", "19980604")
    );
}

#[test]
fn friday_the_thirteenth_leaves_out_a_start_that_is_none() {
    // The RFC excludes DTSTART by EXDATE; here it is not part of the set in the first place.
    let all = dates("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", START, 5);
    assert_eq!(
        all,
        ["19980213", "19980313", "19981113", "19990813", "20001013"]
    );
}

#[test]
fn the_saturday_after_the_first_sunday_and_election_day() {
    let rule = "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13";
    assert_eq!(
        dates(rule, "19970913T090000", 3),
        ["19970913", "19971011", "19971108"]
    );
    let rule = "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8";
    assert_eq!(
        dates(rule, "19961105T090000", 3),
        ["19961105", "20001107", "20041102"]
    );
}

#[test]
fn positions_pick_from_the_set_of_each_month() {
    let third = dates(
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        "19970904T090000",
        9,
    );
    assert_eq!(third, ["19970904", "19971007", "19971106"]);
    let rule = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2";
    let workday = dates(rule, "19970929T090000", 4);
    assert_eq!(workday, ["19970929", "19971030", "19971127", "19971230"]);
}

#[test]
fn hours_and_minutes_by_any_of_two_ways() {
    let three = first("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000", START, 9);
    assert_eq!(
        three,
        ["19970902T090000", "19970902T120000", "19970902T150000"]
    );
    let quarter = first("FREQ=MINUTELY;INTERVAL=15;COUNT=6", START, 9);
    assert_eq!(quarter[5], "19970902T101500");
    let by_day = "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40;COUNT=60";
    let by_minute = "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16;COUNT=60";
    let all = first(by_day, START, 99);
    assert_eq!(
        (all[23].as_str(), all[24].as_str()),
        ("19970902T164000", "19970903T090000")
    );
    assert_eq!(first(by_minute, START, 99), all);
}

#[test]
fn an_invalid_date_is_left_out() {
    let rule = "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5";
    let all = dates(rule, "20070115T090000", 9);
    assert_eq!(
        all,
        ["20070115", "20070130", "20070215", "20070315", "20070330"]
    );
    let thirty_first = dates("FREQ=MONTHLY;COUNT=3", "20270131T090000", 9);
    assert_eq!(thirty_first, ["20270131", "20270331", "20270531"]);
}

#[test]
fn a_leap_day_comes_in_leap_years() {
    assert_eq!(
        dates("FREQ=YEARLY", "20240229", 3),
        ["20240229", "20280229", "20320229"]
    );
    let last = dates("FREQ=YEARLY;BYYEARDAY=366", "20240101", 3);
    assert_eq!(last, ["20241231", "20281231", "20321231"]);
    let turn_of_century = dates("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "20920101", 9);
    assert_eq!(turn_of_century, ["20920229", "20960229"]);
}

#[test]
fn skip_moves_a_date_that_a_month_lacks() {
    let rule = |skip| format!("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP={skip};COUNT=4");
    let start = "20140131";
    let omit = ["20140131", "20140331", "20140531", "20140731"];
    assert_eq!(dates(&rule("OMIT"), start, 9), omit);
    let backward = ["20140131", "20140228", "20140331", "20140430"];
    assert_eq!(dates(&rule("BACKWARD"), start, 9), backward);
    let forward = ["20140131", "20140301", "20140331", "20140501"];
    assert_eq!(dates(&rule("FORWARD"), start, 9), forward);
}

#[test]
fn skip_moves_a_leap_day_birthday() {
    let rule = |skip| format!("RSCALE=GREGORIAN;FREQ=YEARLY;SKIP={skip};COUNT=3");
    let start = "20160229";
    assert_eq!(
        dates(&rule("FORWARD"), start, 9),
        ["20160229", "20170301", "20180301"]
    );
    assert_eq!(
        dates(&rule("BACKWARD"), start, 9),
        ["20160229", "20170228", "20180228"]
    );
}

/// Agrees with libical.
#[test]
fn skip_moves_the_last_day_of_a_leap_year() {
    let rule = |skip, more| format!("RSCALE=GREGORIAN;FREQ=YEARLY;SKIP={skip};BYYEARDAY=366{more}");
    let all = |skip, more| dates(&rule(skip, more), "20240101", 4);
    assert_eq!(
        all("OMIT", ""),
        ["20241231", "20281231", "20321231", "20361231"]
    );
    assert_eq!(
        all("BACKWARD", ""),
        ["20241231", "20251231", "20261231", "20271231"]
    );
    assert_eq!(
        all("FORWARD", ""),
        ["20241231", "20260101", "20270101", "20280101"]
    );
    assert_eq!(
        all("FORWARD", ";INTERVAL=3"),
        ["20241231", "20280101", "20310101", "20340101"]
    );
    assert_eq!(
        all("BACKWARD", ";INTERVAL=3"),
        ["20241231", "20271231", "20301231", "20331231"]
    );
    assert_eq!(
        all("FORWARD", ";BYSETPOS=1;COUNT=2"),
        ["20241231", "20260101"]
    );
    // SKIP is applied before BYDAY, which keeps the Thursdays among the moved days.
    assert_eq!(
        all("FORWARD", ";BYDAY=TH;COUNT=2"),
        ["20260101", "20320101"]
    );
}

#[test]
fn a_date_moved_forward_onto_a_member_counts_once() {
    let rule = "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD;BYMONTHDAY=1,31;BYHOUR=8,20;COUNT=10";
    let all = first(rule, "20270331T080000", 99);
    let days: Vec<&str> = all.iter().map(|at| &at[..8]).collect();
    let expected = ["20270331", "20270401", "20270501", "20270531", "20270601"];
    assert_eq!(
        days,
        expected
            .iter()
            .flat_map(|&day| [day, day])
            .collect::<Vec<_>>()
    );
}

#[test]
fn every_other_month_has_no_date_moved_from_the_months_between() {
    let rule = "RSCALE=GREGORIAN;FREQ=MONTHLY;INTERVAL=2;SKIP=FORWARD;BYMONTHDAY=31;COUNT=4";
    let all = dates(rule, "20270731", 9);
    assert_eq!(all, ["20270731", "20271001", "20271201", "20280131"]);
}

#[test]
fn week_one_may_begin_in_december_and_counts_as_the_next_year() {
    let rule = "FREQ=YEARLY;INTERVAL=2;BYWEEKNO=1;BYDAY=MO;COUNT=3";
    assert_eq!(
        dates(rule, "20241230", 9),
        ["20241230", "20270104", "20290101"]
    );
    let sunday_weeks = "FREQ=YEARLY;BYWEEKNO=1;BYDAY=SU;WKST=SU;COUNT=3";
    assert_eq!(
        dates(sunday_weeks, "20250101", 9),
        ["20260104", "20270103", "20280102"]
    );
}
