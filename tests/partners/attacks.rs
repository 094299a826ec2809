//! Malicious input to connectors.

use std::time::{Duration, Instant};

use calendar_connectors::CONNECTORS;
use proptest::prelude::*;

use crate::support::{asking, events, read, url};
use crate::tabular::{archive, programme};

const FROM: &str = "https://eksempel.no/data";

/// Asserts that all connectors inspect and read the bytes without panic and in little time.
fn all_stay_calm(bytes: &[u8]) {
    let from = url(FROM);
    let begun = Instant::now();
    for connector in CONNECTORS {
        let answer = calendar_connectors::connector::PartnerResponse {
            url: &from,
            media_type: None,
            bytes,
            purpose: "",
        };
        connector.recognise(&answer);
        // An error is fine.
        drop(connector.read(&answer, &asking(&from)));
    }
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn entities_are_not_carried_out() {
    let mut bomb = String::from("<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a0 'eksempel'>");
    for level in 1..20 {
        bomb += &format!(
            "<!ENTITY a{level} '{}'>",
            format!("&a{};", level - 1).repeat(10)
        );
    }
    bomb += "]><rss><channel><item><title>&a19;</title><startdate>2027-06-01</startdate></item></channel></rss>";
    let error = read("rss", FROM, bomb.as_bytes(), "").unwrap_err();
    assert!(error.to_string().contains("definitions"), "{error}");
    let outside = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>&x;</title></item></channel></rss>";
    assert!(read("rss", FROM, outside.as_bytes(), "").is_err());
    let sitemap = "<!DOCTYPE urlset [<!ENTITY x 'y'>]><urlset><url><loc>&x;</loc></url></urlset>";
    assert!(read("json_ld", FROM, sitemap.as_bytes(), "").is_err());
}

#[test]
fn depth_is_no_danger() {
    for (open, close) in [
        ("[", "]"),
        ("{\"@graph\":", "}"),
        ("<a>", "</a>"),
        ("<div>", "</div>"),
        ("<b>", "<p>x"),
    ] {
        let deep = open.repeat(50_000) + "1" + &close.repeat(50_000);
        all_stay_calm(deep.as_bytes());
        all_stay_calm(format!("<rss>{deep}</rss>").as_bytes());
        all_stay_calm(
            format!("<html><script type='application/ld+json'>{deep}</script></html>").as_bytes(),
        );
    }
    let items = "<div itemscope itemprop=x itemtype='http://schema.org/Event'>".repeat(1_500);
    all_stay_calm(items.as_bytes());
}

#[test]
fn long_rows_of_the_same_are_read_in_time() {
    for one in [
        "<",
        "<!--",
        "\"",
        "{\"a\":",
        ",",
        "\\",
        "&#",
        "BEGIN:VEVENT\r\n",
        ";",
        "1.",
        "–",
        "é",
    ] {
        all_stay_calm(one.repeat(200_000 / one.len()).as_bytes());
        all_stay_calm(
            format!(
                "<script type='application/ld+json'>[{}",
                one.repeat(100_000 / one.len())
            )
            .as_bytes(),
        );
        all_stay_calm(
            format!("Dato;Arrangement\n{};x\n", one.repeat(100_000 / one.len())).as_bytes(),
        );
    }
}

#[test]
fn rules_without_end_come_to_nothing() {
    for rule in [
        "FREQ=SECONDLY;COUNT=1000000000",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MINUTELY",
    ] {
        let calendar = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1@eksempel.no\r\nDTSTAMP:20270101T000000Z\r\nDTSTART:20270601T180000Z\r\nRRULE:{rule}\r\nSUMMARY:Eksempel\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let page = read("ics", FROM, calendar.as_bytes(), "").unwrap();
        assert!(page.items.len() <= 1);
        assert!(!page.remarks.is_empty(), "{rule} is taken without a word");
    }
}

#[test]
fn scripts_never_come_out() {
    let script = "<p>Hei</p><script>alert(1)</script><img src=x onerror=alert(2)><a href='javascript:alert(3)'>her</a>";
    let quoted = serde_json::Value::from(script)
        .to_string()
        .replace("</script>", "<\\/script>");
    let escaped = script.replace('&', "&amp;").replace('<', "&lt;");
    let html = format!(
        "<script type='application/ld+json'>{{\"@type\": \"Event\", \"name\": {quoted}, \"startDate\": \"2027-06-01\", \"description\": {quoted}, \"url\": \"javascript:alert(4)\", \"location\": {quoted}, \"keywords\": {quoted}, \"organizer\": {{\"name\": {quoted}}}, \"image\": \"javascript:alert(5)\"}}</script>"
    );
    let feed = format!(
        "<rss><channel><item><title>{escaped}</title><description>{escaped}</description><link>javascript:alert(4)</link><startdate>2027-06-01</startdate><location>{escaped}</location><category>{escaped}</category></item></channel></rss>"
    );
    let activity = format!(
        "{{\"type\": \"Event\", \"id\": \"https://eksempel.no/1\", \"name\": {quoted}, \"content\": {quoted}, \"startTime\": \"2027-06-01T18:00:00Z\", \"url\": \"javascript:alert(4)\", \"location\": {{\"name\": {quoted}}}}}"
    );
    let place = format!(
        "{{\"uuid\": \"1\", \"label\": {{\"@fr\": {quoted}}}, \"takesPlaceAt\": {{\"startDate\": \"2027-06-01\"}}, \"hasDescription\": {{\"description\": {quoted}}}, \"isLocatedAt\": {{\"label\": {quoted}}}}}"
    );
    let table = format!(
        "Dato;Arrangement;Beskrivelse;Sted;Lenke\n6.3.2027;\"{0}\";\"{0}\";\"{0}\";javascript:alert(4)\n",
        script.replace('"', "'")
    );
    for (id, text) in [
        ("json_ld", html),
        ("rss", feed),
        ("activity_pub", activity),
        ("datatourisme", place),
        ("tabular", table),
    ] {
        let page = read(id, FROM, text.as_bytes(), "").unwrap();
        let found = events(&page.items);
        assert_eq!(found.len(), 1, "{id}: {:?}", page.remarks);
        let out = serde_json::to_string(&found).unwrap();
        for bad in [
            "<script",
            "alert(1)",
            "onerror",
            "javascript:",
            "alert(4)",
            "alert(5)",
        ] {
            assert!(!out.contains(bad), "{id} lets {bad} through: {out}");
        }
        assert!(out.contains("Hei"), "{id}: {out}");
    }
}

#[test]
fn an_archive_that_is_larger_than_it_looks_is_not_unpacked() {
    let bomb = archive(&[("xl/workbook.xml".into(), "0".repeat(80 << 20))]);
    assert!(bomb.len() < 1 << 20);
    let error = read("tabular", FROM, &bomb, "").unwrap_err();
    assert!(error.to_string().contains("unpacks to more"), "{error}");
    // The same, with a false small size in the archive's directory.
    let mut liar = bomb.clone();
    let size = (80_u32 << 20).to_le_bytes();
    while let Some(at) = liar.windows(4).position(|pair| pair == size) {
        liar[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    assert!(read("tabular", FROM, &liar, "").is_err());
    let many: Vec<(String, String)> = (0..2_000)
        .map(|value| (format!("{value}"), String::new()))
        .collect();
    let error = read("tabular", FROM, &archive(&many), "").unwrap_err();
    assert!(error.to_string().contains("2000 files"), "{error}");
}

/// Returns a workbook with text replaced in its files.
fn tampered(from: &str, to: &str) -> Vec<u8> {
    let mut zip =
        zip::ZipArchive::new(std::io::Cursor::new(programme())).expect("our own archive is whole");
    let files = (0..zip.len()).map(|index| {
        let mut file = zip.by_index(index).expect("our own archive is whole");
        let name = String::from_utf8(file.name_raw().to_vec()).expect("our own archive is whole");
        let mut content = String::new();
        std::io::Read::read_to_string(&mut file, &mut content).expect("our own archive is whole");
        (name, content.replace(from, to))
    });
    let files: Vec<(String, String)> = files.collect();
    assert!(
        files.iter().any(|file| file.1.contains(to)),
        "{from} is not there"
    );
    archive(&files)
}

#[test]
fn a_workbook_that_announces_too_much_is_not_believed() {
    let count = tampered("uniqueCount=\"", "uniqueCount=\"99999999999999");
    let error = read("tabular", FROM, &count, "").unwrap_err();
    assert!(error.to_string().contains("declares more texts"), "{error}");
    // A cell in the last corner of a sheet with 17 billion cells.
    let corner = tampered("r=\"C7\"", "r=\"XFD1048576\"");
    let begun = Instant::now();
    let page = read("tabular", FROM, &corner, "").unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(
        page.remarks
            .iter()
            .any(|remark| remark.detail.contains("left out")),
        "{:?}",
        page.remarks
    );
    let merged = tampered("A3:A4", "A3:A1048576");
    assert_eq!(
        events(&read("tabular", FROM, &merged, "").unwrap().items).len(),
        5
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_workbook_never_panics(at in any::<prop::sample::Index>(), length in 0usize..30, put in proptest::collection::vec(any::<u8>(), 0..8)) {
        let mut bytes = programme();
        let at = at.index(bytes.len());
        let until = (at + length).min(bytes.len());
        bytes.splice(at..until, put);
        all_stay_calm(&bytes);
    }

    /// Damages the files before compression, so that the archive's checksums match.
    #[test]
    fn a_workbook_of_odd_xml_never_panics(from in prop::sample::select(vec!["<row", "<c ", "<v>", "r=\"", "t=\"s\"", "s=\"1\"", "</v>", "ref=\"", "<si>", "Target=\""]), to in "[<>/\"=a-zA-Z0-9 ]{0,6}") {
        if !to.is_empty() {
            all_stay_calm(&tampered(from, &to));
        }
    }

    #[test]
    fn dates_in_tables_never_panic(text in "[0-9]{0,4}[ ./:,–-]{0,2}[0-9]{0,4}[ ./:–-]{0,2}(mars|kl|til|lør|des)?[ .]{0,2}[0-9]{0,5}[.:–-]?[0-9]{0,3}") {
        let table = format!("Dato;Kl;Slutt;Arrangement\n\"{text}\";\"{text}\";\"{text}\";Eksempel\n");
        drop(read("tabular", FROM, table.as_bytes(), ""));
    }
}
