//! Changes of submissions and public events by several people.

use super::*;
use crate::editorial::event_status::{StatusChange, change_status};

#[test]
fn two_members_who_type_at_once_lose_nothing() {
    let office = Office::open();
    let organizer = office.organizer();
    let club = office.club(&organizer);
    let calendar = &office.calendar;
    let id = submissions::save_new(calendar, &organizer, &club, form(&[])).unwrap();
    let seen = office.submission(&id).1;
    let save = |form: &EventForm| submissions::save(calendar, &organizer, &id, seen, form).unwrap();
    assert_eq!(save(&form(&[("summary", "En kveld")])), SaveOutcome::Saved);
    assert_eq!(
        save(&form(&[("title", "Vinterkonsert")])),
        SaveOutcome::Saved
    );
    let stored = office.submission(&id).0.form;
    assert_eq!(stored.get(FormField::Summary), "En kveld");
    assert_eq!(stored.get(FormField::Title), "Vinterkonsert");
    let SaveOutcome::Conflict {
        fields,
        stored,
        form,
        ..
    } = save(&form(&[("title", "Vårkonsert")]))
    else {
        panic!("a title was overwritten");
    };
    assert_eq!(fields, [FormField::Title]);
    assert_eq!(stored.get(FormField::Title), "Vinterkonsert");
    assert_eq!(form.get(FormField::Title), "Vårkonsert");
    assert_eq!(form.get(FormField::Summary), "En kveld");
}

#[test]
fn time_and_place_of_a_public_event_change_at_once_and_texts_wait() {
    let office = Office::open();
    let (organizer, editor) = (office.organizer(), office.editor());
    let (_, event) = office.published(&organizer);
    let change = [
        (FormField::StartTime, "19"),
        (FormField::Description, "Med kor"),
    ];
    let edit = office.edited(&organizer, &event, &change);
    let again = edits::start_edit(&office.calendar, &organizer, &event).unwrap();
    assert_eq!(again, edit);
    assert_eq!(office.send(&organizer, &edit).unwrap(), SendOutcome::Waits);
    let public = office.event(&event);
    assert_eq!(
        public.schedule.when.start().local().to_string(),
        "2027-06-08 19:00:00"
    );
    assert_eq!(public.sequence, 1);
    assert!(public.description.is_empty());
    let (sent, _) = office.submission(&edit);
    assert_eq!(sent.live, [Field::Schedule].into());
    office.approve(&editor, &edit).unwrap();
    assert_eq!(office.event(&event).description.get(Lang::Nb), "Med kor");
}

#[test]
fn fields_that_both_changed_are_decided_and_no_change_is_lost() {
    let office = Office::open();
    let (organizer, editor) = (office.organizer(), office.editor());
    let (_, event) = office.published(&organizer);
    let change = [
        (FormField::Title, "Mitt navn"),
        (FormField::Summary, "Kort"),
    ];
    let edit = office.edited(&organizer, &event, &change);
    let mut other = office.event(&event);
    other.title = Text::nb("Redaktørens navn");
    other.description = Text::nb("Redaktørens tekst");
    office.put([other.into()]);
    let Err(EditorialError::Conflicts(fields)) = office.send(&organizer, &edit) else {
        panic!("a title was overwritten");
    };
    assert_eq!(fields, [Field::Title]);
    let title = [Field::Title].into();
    edits::settle_conflicts(&office.calendar, &organizer, &edit, &title, &title).unwrap();
    office.send(&organizer, &edit).unwrap();

    let mut other = office.event(&event);
    other.title = Text::nb("Enda et navn");
    office.put([other.into()]);
    let Err(EditorialError::Conflicts(fields)) = office.approve(&editor, &edit) else {
        panic!("a title was overwritten");
    };
    assert_eq!(fields, [Field::Title]);
    let choices = PublishChoices {
        decided: [Field::Title].into(),
        ..PublishChoices::default()
    };
    let seen = office.submission(&edit).1;
    submission_review::approve_submission(&office.calendar, &editor, &edit, seen, false, &choices)
        .unwrap();
    let public = office.event(&event);
    assert_eq!(public.title.get(Lang::Nb), "Mitt navn");
    assert_eq!(public.summary.get(Lang::Nb), "Kort");
    assert_eq!(public.description.get(Lang::Nb), "Redaktørens tekst");
}

#[test]
fn an_event_or_one_date_of_it_is_cancelled_with_a_notice() {
    let office = Office::open();
    let organizer = office.organizer();
    let club = office.club(&organizer);
    let repeated = [("pattern", "repeated"), ("count", "3")];
    let sent = office.sent(&organizer, &club, &repeated);
    office.approve(&office.editor(), &sent).unwrap();
    let id = office.submission(&sent).0.event;
    let mut change = StatusChange {
        occurrence: Some(Start::Local("2027-06-15T18:00:00".parse().unwrap())),
        status: EventStatus::Cancelled,
        when: None,
        notice: "Dirigenten er syk.".into(),
    };
    change_status(&office.calendar, &organizer, &id, &change).unwrap();
    let event = office.event(&id);
    assert_eq!(event.status, EventStatus::Scheduled);
    let overrides = &event.schedule.recurrence.as_ref().unwrap().overrides;
    assert_eq!(
        overrides.values().next().unwrap().status,
        Some(EventStatus::Cancelled)
    );
    let undo = StatusChange {
        status: EventStatus::Scheduled,
        notice: String::new(),
        ..change.clone()
    };
    change_status(&office.calendar, &organizer, &id, &undo).unwrap();
    assert!(
        office
            .event(&id)
            .schedule
            .recurrence
            .unwrap()
            .overrides
            .is_empty()
    );
    change.occurrence = Some(Start::Local("2027-06-16T18:00:00".parse().unwrap()));
    let unknown = change_status(&office.calendar, &organizer, &id, &change);
    assert!(matches!(unknown, Err(EditorialError::WrongState)));
    change.occurrence = None;
    change_status(&office.calendar, &organizer, &id, &change).unwrap();
    let event = office.event(&id);
    assert_eq!(event.status, EventStatus::Cancelled);
    assert_eq!(event.status_note.get(Lang::Nb), "Dirigenten er syk.");
    let stranger = office.person(2, None);
    let refused = change_status(&office.calendar, &stranger, &id, &change);
    assert!(matches!(refused, Err(EditorialError::NotAllowed)));
}
