use uuid::Uuid;

use super::{Office, form};
use crate::editorial::open_form::{autosave, save, save_new};
use crate::editorial::submissions::{self, SaveOutcome};
use crate::editorial::{EditorialError, submission_store};
use calendar_domain::SubmissionState;
use calendar_domain::event_form::FormField;
use calendar_store::Revision;

const FORM: Option<Uuid> = Some(Uuid::from_u128(77));
const OTHER: Uuid = Uuid::from_u128(78);

#[test]
fn an_open_form_whose_answers_are_lost_makes_one_draft_with_what_was_typed_last() {
    let office = Office::open();
    let (organizer, calendar) = (office.organizer(), &office.calendar);
    let club = office.club(&organizer);
    let typed = |title: &str| form(&[("title", title)]);
    let id = save_new(calendar, &organizer, FORM, &club, &typed("J")).unwrap();
    let again = save_new(calendar, &organizer, FORM, &club, &typed("Jul")).unwrap();
    assert_eq!(id, again);
    let saved = |title: &str| {
        let seen = Revision(1);
        save(calendar, &organizer, FORM, &id, seen, &typed(title)).unwrap()
    };
    for title in ["Jule", "Julekonsert", "Jul"] {
        assert_eq!(saved(title), SaveOutcome::Saved);
        let (stored, _) = office.submission(&id);
        assert_eq!(stored.form.get(FormField::Title), title);
    }
    let all = submission_store::of_organisations(calendar, &[club]).unwrap();
    assert_eq!(all.len(), 1);
}

#[test]
fn a_form_is_in_conflict_with_what_others_saved_and_does_not_save_itself_over_it() {
    let office = Office::open();
    let (organizer, calendar) = (office.organizer(), &office.calendar);
    let club = office.club(&organizer);
    let typed = |title: &str| form(&[("title", title)]);
    let id = save_new(calendar, &organizer, FORM, &club, &typed("Jul")).unwrap();
    let seen = office.submission(&id).1;
    submissions::save(calendar, &organizer, &id, seen, &typed("Vinter")).unwrap();
    let kept = autosave(calendar, &organizer, OTHER, &id, seen, &typed("Sommer"));
    assert!(matches!(kept, Err(EditorialError::Changed)), "{kept:?}");
    let kept = autosave(
        calendar,
        &organizer,
        FORM.unwrap(),
        &id,
        seen,
        &typed("Sommer"),
    );
    assert!(matches!(kept, Err(EditorialError::Changed)), "{kept:?}");
    let asked = save(calendar, &organizer, FORM, &id, seen, &typed("Sommer")).unwrap();
    assert!(matches!(asked, SaveOutcome::Conflict { .. }), "{asked:?}");
    let other = save_new(calendar, &organizer, FORM, &club, &typed("Sommer")).unwrap();
    assert_ne!(other, id, "what was typed makes a draft of its own");
}

#[test]
fn what_waits_for_an_editor_is_left_alone_until_its_author_saves_it() {
    let office = Office::open();
    let (organizer, calendar) = (office.organizer(), &office.calendar);
    let club = office.club(&organizer);
    let id = office.sent(&organizer, &club, &[]);
    let seen = office.submission(&id).1;
    let typed = form(&[("title", "Sommer")]);
    let kept = autosave(calendar, &organizer, OTHER, &id, seen, &typed);
    assert!(matches!(kept, Err(EditorialError::WrongState)), "{kept:?}");
    assert_eq!(office.submission(&id).0.state, SubmissionState::Submitted);
    save(calendar, &organizer, Some(OTHER), &id, seen, &typed).unwrap();
    assert_eq!(office.submission(&id).0.state, SubmissionState::Draft);
}
