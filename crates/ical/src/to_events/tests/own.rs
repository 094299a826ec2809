//! Calendars written by this program.

use super::*;
use calendar_domain::Venue;

const OURS: &str = "PRODID:-//elverum-calendar//NONSGML elverum-calendar//NB\n";

fn own_draft(event: &str) -> EventDraft {
    let (mut drafts, findings) = drafts_in(OURS, &[event]);
    assert_eq!(findings, []);
    drafts.remove(0)
}

#[test]
fn our_own_lines_come_back_as_the_fields_they_were_made_of() {
    let event = format!(
        "{CONCERT}\nSTATUS:TENTATIVE\nLOCATION:Kulturhuset\nURL:https://a.example/events/x\nDESCRIPTION:\
        Utsatt. Ny dato er ikke bestemt.\\nFlom i salen.\\n\\nVi spiller <b>alt</b>.\\n\\nVelkommen!\\n\\n\
        Også her: Parken\\; Storgata 1\\, 2406 Elverum\\nArrangør: Koret\\nPasser for: Barn\\, Voksne\\n\
        Gratis\\nBilletter: Dør\\, 250.00 NOK\\, https://b.example/\\n\\n\
        Mer om arrangementet: https://a.example/events/x\\nNettsted: https://c.example/\\n\
        Kilde: Avisen\\n\\nSist endret 3. mars 2027: utsatt."
    );
    let draft = own_draft(&event);
    assert_eq!(draft.status, EventStatus::Postponed);
    assert_eq!(draft.status_note, Text::nb("Flom i salen."));
    let words = "Vi spiller <b>alt</b>.\n\nVelkommen!\n\nKilde: Avisen";
    assert_eq!(draft.description, Text::nb(words));
    let names = draft.venues.iter().map(|venue| match venue {
        Venue::Described { name, .. } => &**name,
        Venue::Place(slug) => slug.as_str(),
    });
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["Kulturhuset", "Parken", "Storgata 1"]
    );
    assert_eq!(draft.audiences, ["Barn", "Voksne"]);
    assert_eq!(draft.admission, Admission::Free);
    let [offer] = &draft.offers[..] else {
        panic!("{:?}", draft.offers)
    };
    assert_eq!(
        (offer.name.get(Lang::Nb), offer.price.as_deref()),
        ("Dør", Some("250.00"))
    );
    assert_eq!(
        draft.website.map(String::from).as_deref(),
        Some("https://c.example/")
    );
}

#[test]
fn a_line_that_the_properties_contradict_is_somebodys_own() {
    let draft = own_draft(&format!(
        "{CONCERT}\nSTATUS:CONFIRMED\nDESCRIPTION:Avlyst.\\nNesten."
    ));
    assert_eq!(draft.status, EventStatus::Scheduled);
    assert_eq!(draft.description, Text::nb("Avlyst.\nNesten."));
}

#[test]
fn the_same_lines_in_calendars_of_others_are_their_words() {
    let found = draft(&format!(
        "{CONCERT}\nDESCRIPTION:Kor.\\n\\nArrangør: Koret\\nGratis"
    ));
    assert_eq!(
        found.description,
        Text::nb("Kor.\n\nArrangør: Koret\nGratis")
    );
    assert_eq!(
        (found.organizer, found.admission),
        (None, Admission::Unknown)
    );
}

#[test]
fn an_event_of_ours_that_went_online_has_no_place_called_so() {
    let event =
        "LOCATION:På nett\nDESCRIPTION:Flyttet til nett.\nCONFERENCE:https://b.example/live";
    let draft = own_draft(&format!("{CONCERT}\nSTATUS:CONFIRMED\n{event}"));
    assert_eq!(
        (draft.status, draft.venues),
        (EventStatus::MovedOnline, vec![])
    );
}
