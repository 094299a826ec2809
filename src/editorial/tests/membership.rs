//! Organisations and their members.

use super::*;
use crate::editorial::organisation_search::{FoundOrganisation, search};
use crate::editorial::submission_review::{OrganisationDecision, decide_organisation};

#[test]
fn people_join_by_invitation_or_by_request_and_the_last_administrator_stays() {
    let office = Office::open();
    let (admin, guest, asker) = (
        office.organizer(),
        office.person(2, None),
        office.person(3, None),
    );
    let calendar = &office.calendar;
    let club = office.club(&admin);
    let uninvited = organisations::accept_invitation(calendar, &guest, &club);
    assert!(matches!(uninvited, Err(EditorialError::NotAllowed)));
    organisations::invite(calendar, &admin, &club, "Person2@Example.org").unwrap();
    organisations::accept_invitation(calendar, &guest, &club).unwrap();
    let by_member = organisations::invite(calendar, &guest, &club, "x@example.org");
    assert!(matches!(by_member, Err(EditorialError::NotAllowed)));
    organisations::ask_to_join(calendar, &asker, &club).unwrap();
    let asked = &asker.account.id;
    let by_member = organisations::answer_request(calendar, &guest, &club, asked, true);
    assert!(matches!(by_member, Err(EditorialError::NotAllowed)));
    organisations::answer_request(calendar, &admin, &club, asked, true).unwrap();
    assert_eq!(office.organisation(&club).members.len(), 3);
    let me = &admin.account.id;
    let left = organisations::set_member(calendar, &admin, &club, me, None);
    assert!(matches!(left, Err(EditorialError::LastAdmin)));
    organisations::set_member(calendar, &guest, &club, &guest.account.id, None).unwrap();
    assert_eq!(office.organisation(&club).members.len(), 2);
    let expected = [
        MailKind::Invited,
        MailKind::MembershipRequested,
        MailKind::MembershipApproved,
    ];
    assert_eq!(office.mail_kinds(), expected.into());
}

#[test]
fn an_organisation_number_is_checked_and_stands_for_one_approved_organisation() {
    let office = Office::open();
    let organizer = office.organizer();
    let register = |number: &str| {
        let registration = Registration {
            name: "Elverum kommune".into(),
            number: number.into(),
            ..Registration::default()
        };
        organisations::register(&office.calendar, &organizer, &registration)
    };
    assert!(matches!(
        register("952857992"),
        Err(EditorialError::Text(_))
    ));
    let id = register("952 857 991").unwrap();
    let approve = OrganisationDecision::Approve;
    decide_organisation(&office.calendar, &office.editor(), &id, &approve).unwrap();
    assert!(matches!(register("952857991"), Err(EditorialError::Exists)));
    let found = search(&office.calendar, "952 857 991").unwrap();
    assert_eq!(
        found,
        [FoundOrganisation::Registered(id, "Elverum kommune".into())]
    );
}

#[test]
fn nobody_floods_the_queue_with_organisations() {
    let office = Office::open();
    let organizer = office.organizer();
    for _ in 0..5 {
        office.club(&organizer);
    }
    let registration = Registration {
        name: "Enda et lag".into(),
        ..Registration::default()
    };
    let refused = organisations::register(&office.calendar, &organizer, &registration);
    assert!(matches!(refused, Err(EditorialError::TooMany)));
}
