//! Forms that are filled in wrongly, too fast, or by programs.

use calendar_domain::RecordKind;
use chrono::TimeDelta;

use super::{MARKET, TURID, app, confirm, ids, suggest, write};
use crate::support::TestServer;
use crate::support::person::{Person, hidden_fields};
use crate::support::smtp::SmtpServer;

#[test]
fn errors_stand_at_their_fields_and_nothing_typed_is_lost() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut visitor = Person::new(app.address().as_str());
    let long = "æ".repeat(3_001);
    let wrong = [
        ("title", ""),
        ("date", "31.2.2027"),
        ("start_time", "25"),
        ("description", long.as_str()),
        ("website", "ikke en adresse"),
        ("email", "turid"),
    ];
    let page = write(&app, &mut visitor, "/suggest", &wrong).with_status(422);
    let html = page.text();
    assert!(html.contains("<title>Feil: "), "{html}");
    for field in [
        "title",
        "date",
        "start_time",
        "place_name",
        "description",
        "website",
        "email",
    ] {
        assert!(
            html.contains(&format!("<a href=\"#{field}\">")),
            "{field}: {html}"
        );
        assert!(
            html.contains(&format!("id=\"{field}-error\"")),
            "{field}: {html}"
        );
    }
    for typed in [
        "31.2.2027",
        "value=\"25\"",
        long.as_str(),
        "ikke en adresse",
        "value=\"turid\"",
    ] {
        assert!(html.contains(typed), "{typed} is lost");
    }
    // The same form can be sent again at once.
    let hidden = hidden_fields(html, "/suggest");
    let hidden = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str()));
    let right: Vec<_> = hidden.chain(MARKET).chain([("email", TURID)]).collect();
    visitor.post("/suggest", &right).ok();
    // Sent twice, it is one message and one mail.
    visitor.post("/suggest", &right).ok();
    mails.next_to(TURID, 0);
    assert_eq!(mails.all().len(), 1);
    visitor.get("/report?event=nowhere").with_status(404);
}

#[test]
fn a_form_that_is_sent_too_fast_or_late_or_with_the_hidden_field_is_refused_kindly() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut visitor = Person::new(app.address().as_str());
    let opened = visitor.get("/suggest").ok();
    let token = hidden_fields(opened.text(), "/suggest").remove(0).1;
    let send = |visitor: &mut Person, token: &str, more: &[(&str, &str)]| {
        let own = [("token", token), ("email", TURID)];
        visitor.post("/suggest", &[&own[..], &MARKET, more].concat())
    };
    let fast = send(&mut visitor, &token, &[]).with_status(422);
    assert!(fast.text().contains("Vent 3 sekunder"), "{}", fast.text());
    assert!(
        fast.text().contains("Bygdemarked på Sørskogbygda"),
        "nothing is lost"
    );
    let same = hidden_fields(fast.text(), "/suggest").remove(0).1;
    assert_eq!(same, token, "it can be sent again in a moment");
    app.wait(TimeDelta::seconds(3));
    let filled = send(&mut visitor, &token, &[("fax", "12345678")]).with_status(422);
    assert!(
        filled.text().contains("Et felt som skal stå tomt"),
        "{}",
        filled.text()
    );
    send(&mut visitor, &token, &[]).ok();
    mails.next_to(TURID, 0);

    let opened = visitor.get("/suggest").ok();
    let old = hidden_fields(opened.text(), "/suggest").remove(0).1;
    app.wait(TimeDelta::hours(25));
    let late = send(&mut visitor, &old, &[]).with_status(403);
    assert!(
        late.text().contains("Bygdemarked på Sørskogbygda"),
        "nothing is lost"
    );
    let new = hidden_fields(late.text(), "/suggest").remove(0).1;
    app.wait(TimeDelta::seconds(5));
    send(&mut visitor, &new, &[]).ok();
    mails.next_to(TURID, 1);
    assert_eq!(mails.all().len(), 2);
}

#[test]
fn a_place_of_the_catalog_is_recognized_and_a_day_that_passes_meanwhile_is_told() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut visitor = Person::new(app.address().as_str());
    let fields = [
        ("title", "Isfestival"),
        ("date", "22.11.2026"),
        ("place_name", "terningen arena"),
        ("email", TURID),
    ];
    write(&app, &mut visitor, "/suggest", &fields).ok();
    let link = super::link(&mails, TURID, 0);
    let page = visitor.get(&link).ok();
    assert!(page.text().contains("Terningen Arena"), "{}", page.text());
    write(&app, &mut visitor, "/suggest", &fields).ok();
    let late = super::link(&mails, TURID, 1);
    confirm(&app, &link).ok();
    assert_eq!(ids(&app, RecordKind::Submission).len(), 1);
    app.turn_to("2026-11-23T12:00");
    let answer = confirm(&app, &late).with_status(409);
    assert!(
        answer.text().contains("Datoen er kanskje passert"),
        "{}",
        answer.text()
    );
    assert_eq!(ids(&app, RecordKind::Submission).len(), 1);
}

#[test]
fn without_a_mail_server_the_pages_say_so() {
    let app = TestServer::start();
    let mut visitor = Person::new(app.address().as_str());
    let page = visitor.get("/suggest").with_status(503);
    assert!(
        page.text().contains("tar ikke imot forslag"),
        "{}",
        page.text()
    );
    visitor.post("/suggest", &[]).with_status(503);
}

#[test]
fn a_person_who_confirms_may_suggest_as_many_as_a_village_has() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    for _ in 0..8 {
        confirm(&app, &suggest(&app, &mails, TURID)).ok();
    }
    assert_eq!(ids(&app, RecordKind::Submission).len(), 8);
}
