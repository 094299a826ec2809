//! Edits of public events: what the form leaves alone stays.

use super::*;

#[test]
fn an_edit_of_the_time_keeps_that_a_date_is_cancelled() {
    let mut base = read(&[("repetition", "hver tirsdag, 4 ganger")]).event;
    let cancelled = crate::Override {
        status: Some(crate::EventStatus::Cancelled),
        ..crate::Override::default()
    };
    let start = Start::Local(time("2027-06-15T18:00:00"));
    let recurrence = base.schedule.recurrence.as_mut().unwrap();
    recurrence.overrides.insert(start, cancelled.clone());
    let filled = EventForm::from_event(&base, &[], &PrivateFacts::default());
    let mut typed = filled.clone();
    typed.set(FormField::StartTime, vec!["19".to_owned()]);
    let edited = typed.read_edit(&base, &filled, context()).unwrap().event;
    let kept = &edited.schedule.recurrence.unwrap().overrides;
    assert_eq!(kept[&Start::Local(time("2027-06-15T19:00:00"))], cancelled);
}

#[test]
fn an_event_that_is_running_keeps_its_first_day_and_can_be_changed() {
    let mut base = read(&[
        ("repetition", "hver tirsdag, 20 ganger"),
        ("end_time", "20"),
    ])
    .event;
    base.schedule.when = base
        .schedule
        .when
        .moved_to(Start::Local(time("2026-12-01T18:00:00")))
        .unwrap();
    let start = |text: &str| Start::Local(time(text));
    base.schedule
        .recurrence
        .as_mut()
        .unwrap()
        .exdates
        .insert(start("2026-12-08T18:00:00"));
    let filled = EventForm::from_event(&base, &[], &PrivateFacts::default());
    let mut typed = filled.clone().with(FormField::Strike, "2027-01-19");
    typed.set(FormField::Every, vec!["week".to_owned()]);
    let edited = typed.read_edit(&base, &filled, context()).unwrap().event;
    let exdates = edited.schedule.recurrence.unwrap().exdates;
    assert_eq!(
        Vec::from_iter(exdates),
        [start("2026-12-08T18:00:00"), start("2027-01-19T18:00:00")]
    );
    assert!(typed.schedule(context()).is_some(), "its dates are listed");
    typed.set(FormField::Date, vec!["2.12.2026".to_owned()]);
    let errors = typed.read_edit(&base, &filled, context()).unwrap_err();
    assert_eq!(errors[0].fault, FormFault::Past(day("2026-12-02")));
}

#[test]
fn choices_that_say_nothing_change_nothing() {
    let mut base = read(&[("end_time", "20")]).event;
    // A time that the form cannot say.
    base.schedule.when = When::Timed {
        start: time("2020-06-08T18:00:00"),
        end: Some(time("2027-06-09T20:00:00")),
        zone: chrono_tz::Europe::London,
    };
    let filled = EventForm::from_event(&base, &[], &PrivateFacts::default());
    let typed = filled
        .clone()
        .with(FormField::Every, "week")
        .with(FormField::Until, "8.6.2028")
        .with(FormField::Website, "example.no");
    let edited = typed.read_edit(&base, &filled, context()).unwrap().event;
    assert_eq!(edited.schedule, base.schedule);
    assert!(edited.website.is_some());
}

#[test]
fn an_edit_keeps_the_zone_of_the_event_and_parts_without_times_of_day() {
    let mut base = read(&[]).event;
    base.schedule.when = When::Timed {
        start: time("2027-06-08T17:00:00"),
        end: None,
        zone: chrono_tz::Europe::London,
    };
    let mut part = base.clone();
    part.schedule.when = When::days(day("2027-06-08"), day("2027-06-10"));
    let filled = EventForm::from_event(&base, &[part.clone()], &PrivateFacts::default());
    let mut typed = filled.clone();
    typed.set(FormField::EndTime, vec!["19".to_owned()]);
    let edited = typed.read_edit(&base, &filled, context()).unwrap();
    let start = edited.event.schedule.when.start();
    assert_eq!(start, Start::Local(time("2027-06-08T17:00:00")));
    let zone = chrono_tz::Europe::London;
    assert!(matches!(edited.event.schedule.when, When::Timed { zone: kept, .. } if kept == zone));
    assert!(edited.parts[0].keeps_time);
    assert_eq!(edited.parts[0].event.as_ref(), Some(&part.id));
    // Another date needs a time.
    typed.set(FormField::PartDate, vec!["9.6.2027".to_owned()]);
    let errors = typed.read_edit(&base, &filled, context()).unwrap_err();
    assert_eq!(errors[0].field, FormField::PartStart);
}

#[test]
fn what_is_known_of_a_date_follows_that_date_alone() {
    let cancelled = crate::Override {
        status: Some(crate::EventStatus::Cancelled),
        ..crate::Override::default()
    };
    let at = |text: &str| Start::Local(time(text));
    // A second show on the same day is cancelled, and the evening gets an end.
    let shows = [("other_date", "8.6.2027"), ("other_start", "14")];
    let mut base = read(&shows).event;
    let matinee = at("2027-06-08T14:00:00");
    let recurrence = base.schedule.recurrence.as_mut().unwrap();
    recurrence.overrides.insert(matinee, cancelled.clone());
    let filled = EventForm::from_event(&base, &[], &PrivateFacts::default());
    let mut typed = filled.clone();
    typed.set(FormField::EndTime, vec!["20".to_owned()]);
    let edited = typed.read_edit(&base, &filled, context()).unwrap().event;
    let overrides = edited.schedule.recurrence.unwrap().overrides;
    let status = |start: &str| overrides.get(&at(start)).and_then(|value| value.status);
    assert_eq!(status("2027-06-08T14:00:00"), cancelled.status);
    assert_eq!(status("2027-06-08T18:00:00"), None);
    // The time of a further date that is cancelled is changed.
    let tour = [("other_date", "9.6.2027"), ("other_start", "19")];
    let mut base = read(&tour).event;
    let recurrence = base.schedule.recurrence.as_mut().unwrap();
    let second = at("2027-06-09T19:00:00");
    recurrence.overrides.insert(second, cancelled.clone());
    let filled = EventForm::from_event(&base, &[], &PrivateFacts::default());
    let mut typed = filled.clone();
    typed.set(FormField::OtherStart, vec!["19.30".to_owned()]);
    let edited = typed.read_edit(&base, &filled, context()).unwrap().event;
    let overrides = edited.schedule.recurrence.unwrap().overrides;
    let moved = overrides.get(&at("2027-06-09T19:30:00"));
    assert_eq!(moved.and_then(|moved| moved.status), cancelled.status);
}

#[test]
fn an_edit_of_the_time_keeps_rules_and_dates_that_the_form_cannot_say() {
    for rule in [
        "FREQ=YEARLY;COUNT=3",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=2;COUNT=4",
        "FREQ=DAILY;BYHOUR=14,18;COUNT=6",
    ] {
        let mut base = read(&[]).event;
        let kept: crate::recurrence::RecurrenceRule = rule.parse().unwrap();
        base.schedule.recurrence = Some(crate::Recurrence {
            rule: Some(kept.clone()),
            ..crate::Recurrence::default()
        });
        let filled = EventForm::from_event(&base, &[], &PrivateFacts::default());
        let mut typed = filled.clone();
        typed.set(FormField::EndTime, vec!["20".to_owned()]);
        let edited = typed.read_edit(&base, &filled, context()).unwrap().event;
        assert_eq!(
            edited.schedule.recurrence.unwrap().rule,
            Some(kept),
            "{rule}"
        );
    }
}

#[test]
fn an_edit_keeps_further_dates_that_have_no_row() {
    let mut base = read(&[]).event;
    let further = (1..=80).map(|n| {
        let start = time("2027-06-08T18:00:00");
        Start::Local(start + chrono::TimeDelta::days(n))
    });
    base.schedule.recurrence = Some(crate::Recurrence {
        rdates: further.collect(),
        ..crate::Recurrence::default()
    });
    let filled = EventForm::from_event(&base, &[], &PrivateFacts::default());
    let mut typed = filled.clone();
    typed.set(FormField::Summary, vec!["Ny tekst.".to_owned()]);
    // As a browser sends it back.
    let pairs = FormField::ALL.iter().flat_map(|field| {
        let values = typed.all(*field).iter();
        values.map(|value| (field.as_str(), value.as_str()))
    });
    let mut sent = EventForm::from_pairs(pairs);
    let edited = sent.read_edit(&base, &filled, context()).unwrap().event;
    assert_eq!(edited.schedule, base.schedule);
    sent.set(FormField::EndTime, vec!["20".to_owned()]);
    let edited = sent.read_edit(&base, &filled, context()).unwrap().event;
    assert_eq!(edited.schedule.recurrence.unwrap().rdates.len(), 80);
}
