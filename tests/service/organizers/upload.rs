//! Files with several events: each row becomes a draft, and what is wrong is corrected in the list.

use std::io::Write as _;

use calendar_domain::{Record, RecordKind, Submission, SubmissionState};
use calendar_store::Store;

use super::{account, club, led_to, signed_in};
use crate::support::TestServer;
use crate::support::person::{Person, hidden_fields};
use crate::support::smtp::SmtpServer;

const KARI: &str = "kari@example.org";
const UPLOAD: &str = "/organizer/upload";

const LIST: &str = "Terminliste 2027\n\
    Dato;Kl.;Tittel;Sted;Pris;Dommer\n\
    6.2.2027;18.30;Vinterkonsert;Terningen Arena;250;Per\n\
    31.2.2027;12;Skitur;Hernesskogen;;\n\
    13.2.2027;;;Våler kirke;;\n\
    Mars\n\
    6.3.2027;10-15;Loppemarked;Torget;;\n";

fn app(mails: &SmtpServer) -> TestServer {
    let app = TestServer::builder().with_mail(&mails.url()).start();
    let kari = account(&app, 1, KARI, None);
    app.commit(club(&app, 2, "skogslaget", &kari).to_vec());
    app.commit(vec![kari.into()]);
    app
}

fn drafts(app: &TestServer) -> Vec<Submission> {
    let all = app.calendar().load().unwrap().into_iter();
    let own = all.filter_map(|stored| match stored.record {
        Record::Submission(submission) => Some(Submission::clone(&submission)),
        _ => None,
    });
    own.collect()
}

/// Uploads a file. Returns the path of its report.
#[track_caller]
fn uploaded(kari: &mut Person, name: &str, content: &[u8]) -> String {
    led_to(&kari.upload(UPLOAD, name, content).with_status(303))
}

/// Returns the hidden fields of the form of a row.
fn row_fields(html: &str, row: usize) -> Vec<(String, String)> {
    let start = html.find(&format!("id=\"row-{row}\"")).unwrap();
    let action = html[start..].split("action=\"").nth(1).unwrap();
    let action = action.split('"').next().unwrap();
    hidden_fields(&html[start..], action)
}

#[test]
fn each_row_becomes_a_draft_and_what_is_wrong_is_corrected_in_the_list() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let report = uploaded(&mut kari, "terminliste <2027>.csv", LIST.as_bytes());
    let page = kari.get(&report).ok();
    let html = page.text();
    for text in [
        "Lastet opp: terminliste",
        "4 arrangementer er lagret som kladder",
        "Dommer",
        "Rad 3",
        "Vinterkonsert",
        "Klar til å sendes",
        "31.2.2027",
        "Skriv den slik: 8.6.2027.",
        "Skriv tittelen.",
        "Rad 7",
    ] {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(!html.contains("<2027>"), "{html}");
    assert_eq!(drafts(&app).len(), 4);

    // The second row has a day that does not exist; the third no title.
    for (row, field, value) in [(2, "date", "28.2.2027"), (3, "title", "Orgelkonsert")] {
        let html = kari.get(&report).ok().text().to_owned();
        let hidden = row_fields(&html, row);
        let mut fields: Vec<_> = hidden
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        fields.extend([(field, value), ("action", "save")]);
        let saved = kari.post(&report, &fields).with_status(303);
        assert!(saved.header("Location").ends_with(&format!("#row-{row}")));
    }
    let html = kari.get(&report).ok().text().to_owned();
    assert_eq!(html.matches("Klar til å sendes").count(), 4, "{html}");
    let send = [("action", "send")];
    kari.fill(&report, &report, &send).with_status(303);
    let all = drafts(&app);
    assert!(
        all.iter()
            .all(|draft| draft.state == SubmissionState::Submitted)
    );
    let page = kari.get(&report).ok();
    assert_eq!(
        page.text().matches("Til godkjenning").count(),
        4,
        "{}",
        page.text()
    );
    let concert = all.iter().find(|draft| {
        let next = draft.next.as_ref().unwrap();
        next.title.get(calendar_domain::Lang::Nb) == "Vinterkonsert"
    });
    let concert = concert.unwrap().next.as_ref().unwrap();
    assert_eq!(
        concert.venues,
        [calendar_domain::Venue::Place(
            "terningen-arena".parse().unwrap()
        )]
    );
    assert!(
        concert.offers[0]
            .price
            .as_deref()
            .unwrap()
            .starts_with("250")
    );
}

#[test]
fn a_calendar_and_a_workbook_are_read_too() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n\
        DTSTAMP:20261101T000000Z\r\nDTSTART:20270310T180000Z\r\nSUMMARY:Vårkonsert\r\n\
        LOCATION:Terningen Arena\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nDTSTAMP:20261101T000000Z\r\n\
        DTSTART;TZID=Europe/Oslo:20270311T180000\r\nRRULE:FREQ=WEEKLY;COUNT=5\r\nSUMMARY:Korøvelse\r\n\
        LOCATION:Klubbhuset\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let report = uploaded(&mut kari, "kor.ics", calendar.as_bytes());
    let page = kari.get(&report).ok();
    assert!(
        page.text().contains("10. mars 2027") && page.text().contains("19.00"),
        "{}",
        page.text()
    );
    assert_eq!(
        page.text().matches("Klar til å sendes").count(),
        2,
        "{}",
        page.text()
    );
    let report = uploaded(&mut kari, "liste.xlsx", &workbook());
    let page = kari.get(&report).ok();
    assert!(page.text().contains("Sommerfest"), "{}", page.text());
    assert_eq!(drafts(&app).len(), 3);
}

/// Returns a workbook with a row, as spreadsheet programs write it.
fn workbook() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    let mut archive = zip::ZipWriter::new(&mut out);
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default \
        Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override \
        PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
        <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship \
             Id=\"rId1\" Type=\"{office}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let book = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"Vår\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let cell =
        |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let sheet = format!(
        "<worksheet xmlns=\"{main}\"><sheetData><row r=\"1\">{}{}{}</row><row r=\"2\">{}{}{}</row></sheetData></worksheet>",
        cell("A1", "Tittel"),
        cell("B1", "Dato"),
        cell("C1", "Sted"),
        cell("A2", "Sommerfest"),
        cell("B2", "12.6.2027"),
        cell("C2", "Torget"),
    );
    for (name, content) in [
        ("[Content_Types].xml", types.to_owned()),
        (
            "_rels/.rels",
            relations("officeDocument", "xl/workbook.xml"),
        ),
        ("xl/workbook.xml", book),
        (
            "xl/_rels/workbook.xml.rels",
            relations("worksheet", "worksheets/sheet1.xml"),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(name, options).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap();
    out.into_inner()
}

#[test]
fn hostile_and_unreadable_files_are_refused_with_the_reason_and_leave_no_draft() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let before = app.commit_number();
    let unreadable = "Filen kan ikke leses";
    let cut_off = &workbook()[..200];
    let large = vec![b'x'; (4 << 20) + 1];
    for (name, content, reason) in [
        ("tom.csv", &b""[..], "Velg en fil først"),
        ("bilde.png", b"\x89PNG\r\n\x1a\n", unreadable),
        ("avtale.pdf", b"%PDF-1.7", unreadable),
        ("gammel.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", unreadable),
        ("navn.csv", b"Navn;Telefon\nKari;1\n", unreadable),
        ("side.html", b"<html><script>alert(1)</script>", unreadable),
        ("avbrutt.xlsx", cut_off, unreadable),
        (
            "hoder.csv",
            b"Tittel;Dato\n",
            "Filen har ingen arrangementer",
        ),
        (
            "tom.ics",
            b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
            "Filen har ingen arrangementer",
        ),
        ("stor.csv", &large, "Filen er større enn 4 MB"),
    ] {
        let refused = kari.upload(UPLOAD, name, content).with_status(422);
        assert!(
            refused.text().contains(reason),
            "{name}: {}",
            refused.text()
        );
    }
    assert_eq!(app.commit_number(), before);

    let row = "6.2.2027;=HYPERLINK(\"http://evil.example\")<script>;Torget\n";
    let long = format!("Dato;Tittel;Sted\n{}", row.repeat(1_000));
    let report = uploaded(&mut kari, "lang.csv", long.as_bytes());
    let page = kari.get(&report).ok();
    assert!(
        page.text().contains("Det var ikke plass til 800 rader"),
        "{}",
        page.text()
    );
    assert!(!page.text().contains("<script>;"), "a cell is text");
    assert_eq!(drafts(&app).len(), 200);
    let full = kari
        .upload(UPLOAD, "mer.csv", LIST.as_bytes())
        .with_status(422);
    assert!(
        full.text().contains("for mange som venter"),
        "{}",
        full.text()
    );
}

#[test]
fn a_report_is_for_whoever_uploaded_the_file() {
    let mails = SmtpServer::start();
    let mut app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let report = uploaded(&mut kari, "liste.csv", LIST.as_bytes());
    let mut other = signed_in(&app, &mails, "ola@example.org");
    other.get(&report).with_status(404);
    app.restart();
    let mut kari = signed_in(&app, &mails, KARI);
    kari.get(&report).ok();
    assert_eq!(
        app.calendar()
            .load()
            .unwrap()
            .iter()
            .filter(|stored| stored.record.kind() == RecordKind::Submission)
            .count(),
        4
    );
}

#[test]
fn a_file_that_takes_too_long_is_refused_with_the_reason_and_others_are_read_again() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let mut never = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n");
    for number in 0..3_000 {
        never.push_str(&format!(
            "BEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20270101\r\n\
             RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\nSUMMARY:Aldri\r\nEND:VEVENT\r\n"
        ));
    }
    never.push_str("END:VCALENDAR\r\n");
    let begun = std::time::Instant::now();
    let answer = kari.upload(UPLOAD, "aldri.ics", never.as_bytes());
    assert!(begun.elapsed().as_secs() < 25, "{:?}", begun.elapsed());
    let text = answer.text();
    // A fast machine finds out in time that no rule has a date.
    let reasons = ["tok for lang tid", "har ingen arrangementer"];
    assert!(
        answer.status == 422 && reasons.iter().any(|reason| text.contains(reason)),
        "{}: {text}",
        answer.status
    );
    uploaded(&mut kari, "liste.csv", LIST.as_bytes());
}
