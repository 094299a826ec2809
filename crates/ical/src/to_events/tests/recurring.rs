//! Rules, dates and overrides.

use super::*;

#[test]
fn a_rule_is_kept_with_until_in_the_right_form() {
    let until = |rule: &str| {
        let draft = draft(&format!("{CONCERT}\nRRULE:{rule}"));
        recurrence(&draft)
            .rule
            .as_ref()
            .expect("a rule")
            .to_string()
    };
    assert_eq!(
        until("FREQ=WEEKLY;UNTIL=20270630T160000Z"),
        "FREQ=WEEKLY;UNTIL=20270630T160000Z"
    );
    assert_eq!(
        until("FREQ=WEEKLY;UNTIL=20270630"),
        "FREQ=WEEKLY;UNTIL=20270630T215959Z"
    );
    let days =
        draft("UID:1\nSUMMARY:a\nDTSTART:20270602\nRRULE:FREQ=WEEKLY;UNTIL=20270630T160000Z");
    let rule = recurrence(&days).rule.as_ref().map(ToString::to_string);
    assert_eq!(rule.as_deref(), Some("FREQ=WEEKLY;UNTIL=20270630"));
}

#[test]
fn exceptions_and_further_dates_stand_on_the_events_clock() {
    let draft = draft(&format!(
        "{CONCERT}\nRRULE:FREQ=WEEKLY;COUNT=5\nEXDATE:20270609T160000Z\nRDATE;VALUE=DATE:20270701"
    ));
    let found = recurrence(&draft);
    assert_eq!(
        found.exdates.iter().copied().collect::<Vec<_>>(),
        [Start::Local(at("2027-06-09 18:00"))]
    );
    assert_eq!(
        found.rdates.iter().copied().collect::<Vec<_>>(),
        [Start::Local(at("2027-07-01 18:00"))]
    );
}

#[test]
fn a_start_out_of_step_moves_to_the_rules_first_date() {
    let draft = draft(&format!("{CONCERT}\nRRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=2"));
    let first = timed("2027-06-04 18:00", "2027-06-04 20:00", Tz::Europe__Oslo);
    assert_eq!(draft.schedule.when, first);
}

#[test]
fn a_sub_daily_rule_is_refused_and_read_as_single_occurrences_where_they_are_few() {
    let (found, findings) = drafts(&[&format!("{CONCERT}\nRRULE:FREQ=HOURLY;INTERVAL=4;COUNT=3")]);
    let set = recurrence(&found[0]);
    let starts = ["2027-06-02 18:00", "2027-06-02 22:00", "2027-06-03 02:00"];
    assert_eq!(set.rule, None);
    assert_eq!(
        set.rdates,
        starts.map(|start| Start::Local(at(start))).into()
    );
    assert_eq!(findings, [Reason::BadRule, Reason::NotKept]);
}

#[test]
fn a_sub_daily_rule_without_end_is_read_as_a_single_event() {
    for rule in [
        "FREQ=HOURLY",
        "FREQ=SECONDLY;COUNT=100000",
        "FREQ=MINUTELY;UNTIL=20280101T000000Z",
    ] {
        let (found, findings) = drafts(&[&format!("{CONCERT}\nRRULE:{rule}")]);
        assert_eq!(found[0].schedule.recurrence, None, "{rule}");
        assert_eq!(findings, [Reason::BadRule], "{rule}");
    }
}

#[test]
fn rules_that_we_do_not_publish_become_lists_of_dates() {
    let two = format!("{CONCERT}\nRRULE:FREQ=WEEKLY;COUNT=2\nRRULE:FREQ=DAILY;COUNT=2");
    let (found, findings) = drafts(&[&two]);
    let dates: Vec<_> = recurrence(&found[0])
        .rdates
        .iter()
        .map(|start| start.date())
        .collect();
    assert_eq!(
        dates,
        [day("2027-06-02"), day("2027-06-03"), day("2027-06-09")]
    );
    assert_eq!(findings, [Reason::NotKept]);
}

#[test]
fn an_event_that_never_occurs_is_left_out_and_reported() {
    let (found, findings) = drafts(&[&format!(
        "{CONCERT}\nRRULE:FREQ=WEEKLY;UNTIL=20260101T000000Z"
    )]);
    assert_eq!((found.len(), findings), (0, vec![Reason::BadRule]));
}

#[test]
fn overrides_say_only_what_differs() {
    let master = format!("{CONCERT}\nRRULE:FREQ=WEEKLY;COUNT=5\nLOCATION:Torget");
    let moved = "UID:1\nRECURRENCE-ID:20270609T160000Z\nDTSTART:20270610T160000Z\n\
        DTEND:20270610T180000Z\nSUMMARY:Sommerkonsert\nLOCATION:Kirken";
    let cancelled = "UID:1\nRECURRENCE-ID;TZID=Europe/Oslo:20270616T180000\n\
        DTSTART;TZID=Europe/Oslo:20270616T180000\nDTEND;TZID=Europe/Oslo:20270616T200000\n\
        SUMMARY:Sommerkonsert\nSTATUS:CANCELLED\nLOCATION:Torget";
    let (found, findings) = drafts(&[&master, moved, cancelled]);
    assert_eq!(findings, []);
    let overrides = &recurrence(&found[0]).overrides;
    let moved = &overrides[&Start::Local(at("2027-06-09 18:00"))];
    let when = timed("2027-06-10 18:00", "2027-06-10 20:00", Tz::Europe__Oslo);
    assert_eq!(
        (moved.when.as_ref(), moved.status, moved.title.is_empty()),
        (Some(&when), None, true)
    );
    assert_eq!(moved.venues.as_deref(), Some(&[Venue::named("Kirken")][..]));
    let cancelled = &overrides[&Start::Local(at("2027-06-16 18:00"))];
    assert_eq!(
        (&cancelled.when, cancelled.status),
        (&None, Some(EventStatus::Cancelled))
    );
    assert_eq!(cancelled.venues, None);
}

#[test]
fn this_and_future_changes_every_later_date() {
    let master = format!("{CONCERT}\nRRULE:FREQ=WEEKLY;COUNT=4");
    let onward = "UID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20270616T160000Z\n\
        DTSTART;TZID=Europe/Oslo:20270616T190000\nDURATION:PT1H\nSUMMARY:Sommerkonsert";
    let (found, findings) = drafts(&[&master, onward]);
    assert_eq!(findings, []);
    let whens: Vec<_> = recurrence(&found[0])
        .overrides
        .values()
        .filter_map(|o| o.when.clone())
        .collect();
    let expected = [
        timed("2027-06-16 19:00", "2027-06-16 20:00", Tz::Europe__Oslo),
        timed("2027-06-23 19:00", "2027-06-23 20:00", Tz::Europe__Oslo),
    ];
    assert_eq!(whens, expected);
}

#[test]
fn periods_keep_their_own_length() {
    let found = draft(&format!(
        "{CONCERT}\nRDATE;VALUE=PERIOD:20270603T160000Z/PT5H,20270604T160000Z/PT2H"
    ));
    let overrides = &recurrence(&found).overrides;
    assert_eq!(overrides.len(), 1);
    let when = timed("2027-06-03 18:00", "2027-06-03 23:00", Tz::Europe__Oslo);
    assert_eq!(
        overrides[&Start::Local(at("2027-06-03 18:00"))].when,
        Some(when)
    );
}

#[test]
fn overrides_without_their_event_are_events_of_their_own() {
    let (found, _) = drafts(&[&format!("{CONCERT}\nRECURRENCE-ID:20270602T160000Z")]);
    assert_eq!(
        (&*found[0].origin_id, &found[0].uid),
        ("1#20270602T160000", &None)
    );
    assert_eq!(found[0].schedule.recurrence, None);
}

#[test]
fn events_that_share_a_uid_have_origins_of_their_own() {
    let later = CONCERT.replace("20270602", "20270702");
    let (found, _) = drafts(&[CONCERT, &later]);
    let origins: Vec<_> = found.iter().map(|draft| &*draft.origin_id).collect();
    assert_eq!(origins, ["1", "1#20270702T180000"]);
    assert_eq!(found[1].uid, None);
}

#[test]
fn hours_in_the_rule_of_whole_days_are_not_kept() {
    let draft = draft(
        "UID:1\nSUMMARY:a\nDTSTART;VALUE=DATE:20261204\n\
         RRULE:FREQ=WEEKLY;BYDAY=FR;BYHOUR=9,18;COUNT=4",
    );
    let rule = recurrence(&draft).rule.as_ref().map(ToString::to_string);
    assert_eq!(rule.as_deref(), Some("FREQ=WEEKLY;COUNT=4;BYDAY=FR"));
}

#[test]
fn an_extra_date_before_the_start_is_the_first_of_a_rule_that_ends() {
    let rule = "RRULE:FREQ=WEEKLY;COUNT=3\nRDATE;TZID=Europe/Oslo:20270525T180000";
    let (found, findings) = drafts(&[&format!("{CONCERT}\n{rule}")]);
    let first = timed("2027-05-25 18:00", "2027-05-25 20:00", Tz::Europe__Oslo);
    assert_eq!(found[0].schedule.when, first);
    let starts = [
        "2027-05-25 18:00",
        "2027-06-02 18:00",
        "2027-06-09 18:00",
        "2027-06-16 18:00",
    ];
    let set = recurrence(&found[0]);
    assert_eq!(
        set.rdates,
        starts.map(|start| Start::Local(at(start))).into()
    );
    assert_eq!(findings, [Reason::NotKept]);
}

#[test]
fn an_extra_date_before_the_start_of_an_endless_rule_is_kept_beside_it() {
    let rule = "RRULE:FREQ=WEEKLY\nRDATE;TZID=Europe/Oslo:20270525T180000";
    let draft = draft(&format!("{CONCERT}\n{rule}"));
    assert!(recurrence(&draft).rule.is_some());
    assert_eq!(
        draft.schedule.earliest_start(),
        Start::Local(at("2027-05-25 18:00"))
    );
}

#[test]
fn a_rule_without_its_event_becomes_an_event_that_recurs() {
    let (found, findings) = drafts(&[
        "UID:1\nSUMMARY:a\nRECURRENCE-ID:20270602T160000Z\nDTSTART:20270602T170000Z\n\
         RRULE:FREQ=WEEKLY;COUNT=3",
    ]);
    assert_eq!(findings, []);
    assert_eq!(found.len(), 1);
    assert!(recurrence(&found[0]).rule.is_some());
}

#[test]
fn a_change_of_a_date_on_which_the_event_does_not_occur_is_reported_and_kept() {
    let weekly = format!("{CONCERT}\nRRULE:FREQ=WEEKLY;COUNT=3");
    let change = |id: &str| {
        format!("{CONCERT}\nRECURRENCE-ID;TZID=Europe/Oslo:{id}").replace("SUMMARY:", "SUMMARY:X ")
    };
    let (found, findings) = drafts(&[&weekly, &change("20270609T180000")]);
    assert_eq!((found.len(), findings.len()), (1, 0));
    let (found, findings) = drafts(&[&weekly, &change("20270610T180000")]);
    assert_eq!(findings, [Reason::OverrideOfNothing]);
    assert_eq!(recurrence(&found[0]).overrides.len(), 1);
}
