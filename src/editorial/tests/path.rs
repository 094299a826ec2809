//! From a draft to a decision.

use super::*;
use crate::editorial::submission_review::{OrganisationDecision, decide_organisation};
use crate::editorial::submission_store::of_organisations;

#[test]
fn an_event_is_public_when_the_editor_has_approved_it_and_its_organisation() {
    let office = Office::open();
    let (organizer, editor) = (office.organizer(), office.editor());
    let club = office.club(&organizer);
    let parts = [("part_title", "Åpning"), ("part_start", "18")];
    let sent = office.sent(&organizer, &club, &parts);
    assert_eq!(office.calendar.snapshot().event_count(), 0);
    assert_eq!(office.mail_kinds(), [MailKind::Received].into());
    office.approve(&editor, &sent).unwrap();

    let snapshot = office.calendar.snapshot();
    let (sent, _) = office.submission(&sent);
    assert_eq!(sent.state, SubmissionState::Approved);
    let event = snapshot.event(&sent.event).unwrap().event();
    assert_eq!(event.slug.as_str(), "julekonsert");
    let slug = office.organisation(&club).organizer.unwrap();
    assert_eq!(snapshot.organizer(&slug).unwrap().name, "Skogslaget");
    assert_eq!(event.organizer, Some(OrganizerRef::Organizer(slug)));
    let owner = Owner::Organizer(organizer.account.id.to_string());
    assert!(
        Field::ALL
            .iter()
            .all(|field| event.owner(*field) == Some(&owner))
    );
    let part = snapshot.parts_of(&event.id)[0].event();
    assert_eq!(part.title.get(Lang::Nb), "Åpning");
    assert_eq!(part.slug.as_str(), "julekonsert-apning");
    assert!(
        office
            .mails()
            .contains(&(MailKind::Approved, Some("/events/julekonsert".into())))
    );
}

#[test]
fn an_event_of_an_organisation_that_is_not_approved_is_not_published() {
    let office = Office::open();
    let organizer = office.organizer();
    let sent = office.sent(&organizer, &office.club(&organizer), &[]);
    let seen = office.submission(&sent).1;
    let approved = submission_review::approve_submission(
        &office.calendar,
        &office.editor(),
        &sent,
        seen,
        false,
        &PublishChoices::default(),
    );
    assert!(matches!(approved, Err(EditorialError::OrganisationPending)));
    assert_eq!(office.calendar.snapshot().event_count(), 0);
}

#[test]
fn a_trusted_organisation_publishes_at_once() {
    let office = Office::open();
    let (organizer, editor) = (office.organizer(), office.editor());
    let club = office.club(&organizer);
    let trust = OrganisationDecision::Trust(true);
    let early = decide_organisation(&office.calendar, &editor, &club, &trust);
    assert!(matches!(early, Err(EditorialError::WrongState)));
    decide_organisation(
        &office.calendar,
        &editor,
        &club,
        &OrganisationDecision::Approve,
    )
    .unwrap();
    decide_organisation(&office.calendar, &editor, &club, &trust).unwrap();
    let id = submissions::save_new(&office.calendar, &organizer, &club, form(&[])).unwrap();
    assert_eq!(
        office.send(&organizer, &id).unwrap(),
        SendOutcome::Published
    );
    assert_eq!(office.calendar.snapshot().event_count(), 1);
}

#[test]
fn what_was_asked_for_is_answered_by_sending_again() {
    let office = Office::open();
    let (organizer, editor) = (office.organizer(), office.editor());
    let club = office.club(&organizer);
    let id = office.sent(&organizer, &club, &[]);
    let seen = office.submission(&id).1;
    let ask = |comments: &[ReviewComment]| {
        submission_review::ask_for_changes(&office.calendar, &editor, &id, seen, comments)
    };
    assert!(matches!(ask(&[]), Err(EditorialError::TextMissing)));
    let comment = ReviewComment {
        field: Some(FormField::Title),
        text: "Hvilken konsert?".into(),
    };
    ask(std::slice::from_ref(&comment)).unwrap();
    let (asked, revision) = office.submission(&id);
    assert_eq!(
        (asked.state, &asked.comments[..]),
        (SubmissionState::ChangesWanted, &[comment][..])
    );
    assert!(office.mail_kinds().contains(&MailKind::ChangesWanted));
    let better = form(&[("title", "Julekonsert i kirken")]);
    submissions::save(&office.calendar, &organizer, &id, revision, &better).unwrap();
    office.send(&organizer, &id).unwrap();
    assert!(office.submission(&id).0.comments.is_empty());
    office.approve(&editor, &id).unwrap();
    let event = office.event(&office.submission(&id).0.event);
    assert_eq!(event.title.get(Lang::Nb), "Julekonsert i kirken");
}

#[test]
fn an_editor_decides_on_the_version_that_they_saw_and_only_once() {
    let office = Office::open();
    let (organizer, editor) = (office.organizer(), office.editor());
    let club = office.club(&organizer);
    let id = office.sent(&organizer, &club, &[]);
    let seen = office.submission(&id).1;
    let better = form(&[("title", "Noe annet")]);
    submissions::save(&office.calendar, &organizer, &id, seen, &better).unwrap();
    assert_eq!(office.submission(&id).0.state, SubmissionState::Draft);
    office.send(&organizer, &id).unwrap();
    let reject = |seen| {
        submission_review::reject_submission(&office.calendar, &editor, &id, seen, "Nei.", false)
    };
    assert!(matches!(reject(seen), Err(EditorialError::Changed)));
    reject(office.submission(&id).1).unwrap();
    assert!(matches!(
        office.approve(&editor, &id),
        Err(EditorialError::WrongState)
    ));
    assert!(matches!(
        office.send(&organizer, &id),
        Err(EditorialError::WrongState)
    ));
    assert_eq!(office.calendar.snapshot().event_count(), 0);
    assert!(office.mail_kinds().contains(&MailKind::Rejected));
}

#[test]
fn a_draft_with_errors_is_kept_and_not_sent() {
    let office = Office::open();
    let organizer = office.organizer();
    let club = office.club(&organizer);
    let typed = form(&[("date", "31.2.2027"), ("start_time", "")]);
    let id = submissions::save_new(&office.calendar, &organizer, &club, typed.clone()).unwrap();
    let Err(EditorialError::Invalid(errors)) = office.send(&organizer, &id) else {
        panic!("it was sent");
    };
    assert_eq!(errors.len(), 2);
    let (kept, _) = office.submission(&id);
    assert_eq!((kept.form, kept.state), (typed, SubmissionState::Draft));
}

#[test]
fn only_members_see_and_change_a_submission_and_only_its_editors_decide() {
    let office = Office::open();
    let (organizer, other) = (office.organizer(), office.person(2, None));
    let club = office.club(&organizer);
    let id = office.sent(&organizer, &club, &[]);
    let (calendar, seen) = (&office.calendar, office.submission(&id).1);
    let refused = |error: EditorialError| matches!(error, EditorialError::NotAllowed);
    assert!(refused(
        actor::own_submission(calendar, &other, &id).unwrap_err()
    ));
    assert!(refused(
        submissions::withdraw(calendar, &other, &id).unwrap_err()
    ));
    assert!(refused(office.send(&other, &id).unwrap_err()));
    let save = submissions::save(calendar, &other, &id, seen, &form(&[]));
    assert!(refused(save.unwrap_err()));
    let new = submissions::save_new(calendar, &other, &club, form(&[]));
    assert!(refused(new.unwrap_err()));
    let amot = EditorScope::Municipalities(["3422".parse().unwrap()].into());
    let neighbour = office.person(3, Some(amot));
    assert!(refused(office.approve(&neighbour, &id).unwrap_err()));
    assert!(refused(office.approve(&organizer, &id).unwrap_err()));
    let queue = |actor: &Actor| queue::queue(calendar, &calendar.snapshot(), actor).unwrap();
    assert!(queue(&neighbour).submissions.is_empty());
    let elverum = EditorScope::Municipalities(["3420".parse().unwrap()].into());
    let own = office.person(4, Some(elverum));
    assert_eq!(queue(&own).submissions.len(), 1);
    office.approve(&own, &id).unwrap();
}

#[test]
fn what_was_never_sent_is_no_editors_business() {
    let office = Office::open();
    let organizer = office.organizer();
    let club = office.club(&organizer);
    let id = submissions::save_new(&office.calendar, &organizer, &club, form(&[])).unwrap();
    let snapshot = office.calendar.snapshot();
    let read = actor::decidable_submission(&office.calendar, &snapshot, &office.editor(), &id);
    assert!(matches!(read, Err(EditorialError::NotFound)));
}

#[test]
fn a_place_becomes_one_of_the_catalog_only_if_the_editor_says_so() {
    let office = Office::open();
    let (organizer, editor) = (office.organizer(), office.editor());
    let club = office.club(&organizer);
    let new = [
        ("place", ""),
        ("place_name", "Låven"),
        ("place_municipality", "3420"),
    ];
    let sent = office.sent(&organizer, &club, &new);
    let places = || office.calendar.snapshot().places().count();
    assert_eq!(places(), 2);
    let choices = PublishChoices {
        adds_place: true,
        ..PublishChoices::default()
    };
    let seen = office.submission(&sent).1;
    submission_review::approve_submission(&office.calendar, &editor, &sent, seen, true, &choices)
        .unwrap();
    assert_eq!(places(), 3);
    let event = office.event(&office.submission(&sent).0.event);
    assert_eq!(event.venues, [Venue::Place("laven".parse().unwrap())]);
}

#[test]
fn the_waiting_time_is_that_of_decided_submissions() {
    let office = Office::open();
    let organizer = office.organizer();
    let club = office.club(&organizer);
    assert_eq!(queue::median_wait(&office.calendar).unwrap(), None);
    for hours in [1, 50, 3] {
        let sent = office.sent(&organizer, &club, &[]);
        let mut editor = office.editor();
        editor.now = now() + TimeDelta::hours(hours);
        office.clock.set(editor.now);
        office.approve(&editor, &sent).unwrap();
    }
    let wait = queue::median_wait(&office.calendar).unwrap();
    assert_eq!(wait, Some(TimeDelta::hours(3)));
    let all = of_organisations(&office.calendar, &[club]).unwrap();
    assert_eq!(all.len(), 3);
}
