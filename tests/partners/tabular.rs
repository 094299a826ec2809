//! Spreadsheets of clubs.

use std::io::{Cursor, Write};

use calendar_connectors::connector::PartnerResponse;
use calendar_domain::{EventStatus, Lang, Venue, When};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::support::{
    Partner, Reply, connector, events, fixture, is_whole, read, shown, told, url,
};

const TABLE: &str = "https://eksempel.no/terminliste.csv";

#[test]
fn a_clubs_table_is_read_with_everything_it_says() {
    let page = read("tabular", TABLE, &fixture("tabular/list.csv"), "").unwrap();
    insta::assert_json_snapshot!("tabular_csv", shown(&page));
}

/// A cell: a text, or a number with a style (0 plain, 1 date, 2 time).
pub enum Cell {
    T(&'static str),
    N(f64, u32),
    E,
}
use Cell::{E, N, T};

/// A sheet: name, rows, merged ranges.
type Sheet<'a> = (&'a str, &'a [&'a [Cell]], &'a [&'a str]);

/// Returns a workbook with shared strings, styles and merged cells.
pub fn workbook(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let mut strings = Vec::new();
    let mut files = Vec::new();
    let (mut names, mut relations) = (String::new(), String::new());
    for (index, (name, rows, merged)) in sheets.iter().enumerate() {
        let number = index + 1;
        names += &format!(r#"<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>"#);
        relations += &format!(
            r#"<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{number}.xml"/>"#
        );
        files.push((
            format!("xl/worksheets/sheet{number}.xml"),
            sheet(rows, merged, &mut strings),
        ));
    }
    let texts: String = strings
        .iter()
        .map(|text: &&str| format!("<si><t>{text}</t></si>"))
        .collect();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    files.extend([
        ("[Content_Types].xml".into(), "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".into()),
        ("_rels/.rels".into(), format!(r#"<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#)),
        ("xl/workbook.xml".into(), format!(r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{names}</sheets></workbook>"#)),
        ("xl/_rels/workbook.xml.rels".into(), format!(r#"<Relationships xmlns="{package}">{relations}</Relationships>"#)),
        ("xl/sharedStrings.xml".into(), format!(r#"<sst xmlns="{main}" count="{0}" uniqueCount="{0}">{texts}</sst>"#, strings.len())),
        ("xl/styles.xml".into(), format!(r#"<styleSheet xmlns="{main}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/></cellXfs></styleSheet>"#)),
    ]);
    archive(&files)
}

fn sheet(rows: &[&[Cell]], merged: &[&str], strings: &mut Vec<&'static str>) -> String {
    let mut lines = String::new();
    for (row, cells) in rows.iter().enumerate() {
        lines += &format!(r#"<row r="{}">"#, row + 1);
        for (column, cell) in cells.iter().enumerate() {
            let at = format!(
                "{}{}",
                char::from(b'A' + u8::try_from(column).expect("few columns")),
                row + 1
            );
            lines += &match cell {
                E => continue,
                N(number, style) => format!(r#"<c r="{at}" s="{style}"><v>{number}</v></c>"#),
                T(text) => {
                    strings.push(text);
                    format!(r#"<c r="{at}" t="s"><v>{}</v></c>"#, strings.len() - 1)
                }
            };
        }
        lines += "</row>";
    }
    let merged: String = merged
        .iter()
        .map(|merged| format!(r#"<mergeCell ref="{merged}"/>"#))
        .collect();
    format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{lines}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"#
    )
}

pub fn archive(files: &[(String, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in files {
        zip.start_file(name.as_str(), options)
            .expect("memory is writable");
        zip.write_all(content.as_bytes())
            .expect("memory is writable");
    }
    zip.finish().expect("memory is writable").into_inner()
}

pub fn programme() -> Vec<u8> {
    let rows: &[&[Cell]] = &[
        &[T("Program for Eksempelhuset")],
        &[
            T("Dato"),
            T("Kl"),
            T("Arrangement"),
            T("Sted"),
            T("Pris"),
            T("Postnr"),
        ],
        &[
            N(46_453.0, 1),
            N(0.770_833_333_333, 2),
            T("Kveldskonsert"),
            T("Storsalen"),
            N(250.0, 0),
            N(450.0, 0),
        ],
        &[E, N(0.9, 2), T("Jam"), T("Kjelleren")],
        &[
            T("tirsdag 9. mars 2027"),
            T("18-20"),
            T("Strikkekafé"),
            E,
            T("gratis"),
        ],
        &[N(46_460.75, 1), E, T("Matlaging")],
        &[N(46_461.0, 0), N(18.3, 0), T("Foredrag")],
    ];
    let notes: &[&[Cell]] = &[&[T("Husk nøkkel")], &[T("Ring Kari"), T("Mandag")]];
    workbook(&[
        ("Vår 2027", rows, &["A1:F1", "A3:A4"]),
        ("Notater", notes, &[]),
    ])
}

#[test]
fn a_workbook_is_read_with_serial_dates_merged_cells_and_texts() {
    let page = read(
        "tabular",
        "https://eksempel.no/program.xlsx",
        &programme(),
        "",
    )
    .unwrap();
    insta::assert_json_snapshot!("tabular_xlsx", shown(&page));
}

#[test]
fn a_workbook_is_recognised_and_an_archive_of_something_else_is_not() {
    let from = url("https://eksempel.no/data");
    let recognise = |bytes: &[u8]| {
        let answer = PartnerResponse {
            url: &from,
            media_type: None,
            bytes,
            purpose: "",
        };
        connector("tabular").recognise(&answer)
    };
    assert!(recognise(&programme()).is_some());
    assert_eq!(
        recognise(&archive(&[("a.txt".into(), "Dato;Arrangement".into())])),
        None
    );
    assert_eq!(recognise(b"Navn;Telefon\nKari;1\n"), None);
}

#[test]
fn an_old_workbook_is_told_what_to_do() {
    let error = read("tabular", TABLE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "").unwrap_err();
    assert!(error.to_string().contains(".xlsx"));
}

#[test]
fn the_same_table_gives_the_same_identities_however_its_rows_stand() {
    let one = "Dato;Arrangement;Sted\n6.3.2027;Loppemarked;Hallen\n7.3.2027;Dugnad;Huset\n";
    let other =
        "Arrangement,Sted,Dato\nDugnad,Huset,2027-03-07\nLOPPEMARKED,Hallen,lørdag 6. mars 2027\n";
    let ids = |text: &str| {
        let page = read("tabular", TABLE, text.as_bytes(), "").unwrap();
        events(&page.items)
            .iter()
            .map(|event| event.origin_id.clone())
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(ids(one), ids(other));
}

#[test]
fn a_table_is_everything_and_the_letters_are_windows() {
    let partner = Partner::answering(|_| Reply::of("text/csv", fixture("tabular/list.csv")));
    let said = told(partner.ask("tabular", "/liste.csv"));
    is_whole(&said);
    let found = events(&said.items);
    let party = found
        .iter()
        .find(|event| event.title.exact(Lang::Nb) == Some("Påskefest"))
        .unwrap();
    assert_eq!(
        (party.status, &party.venues[0]),
        (EventStatus::Cancelled, &Venue::named("Låven"))
    );
    assert!(
        matches!(&party.schedule.when, When::Timed { end: Some(end), .. } if end.to_string() == "2027-03-28 02:00:00")
    );
}
