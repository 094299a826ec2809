//! `import` from files and URLs.

use std::collections::BTreeMap;

use crate::importing::{CONCERT, FAIR, QUIZ, QUIZ_MOVED};
use crate::support::Program;
use crate::support::html::between;
use crate::support::importer::calendar_of;

#[test]
fn at_the_command_line_the_second_import_says_the_same_commit() {
    let program = Program::new();
    program.write(
        "spring.ics",
        calendar_of(&[CONCERT, QUIZ, QUIZ_MOVED, FAIR]),
    );
    let first = program.run(&["--json", "import", "spring.ics"]).ok().json();
    let outcomes: Vec<_> = first["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|json| &json["outcome"])
        .collect();
    assert_eq!(outcomes, ["created"; 3]);
    let rehearsed = program
        .run(&["--json", "import", "spring.ics", "--dry-run"])
        .ok()
        .json();
    let second = program.run(&["--json", "import", "spring.ics"]).ok().json();
    assert_eq!(second["commit"], first["commit"]);
    assert_eq!(rehearsed["commit"], first["commit"]);
    let told = program.run(&["import", "spring.ics"]).ok().out;
    assert!(
        told.contains("0 new, 0 changed, 3 unchanged, 0 refused"),
        "{told}"
    );
    let serving = program.serve(&[]);
    let feed = String::from_utf8(serving.get("/feeds/all.ics")).unwrap();
    assert!(feed.contains("UID:konsert-1@band.example"));
    let path = first["items"][0]["path"].as_str().unwrap();
    assert!(
        String::from_utf8(serving.get(path))
            .unwrap()
            .contains("Vårkonsert")
    );
}

#[test]
fn what_one_calendar_exports_another_imports() {
    let (one, other) = (Program::new(), Program::new());
    one.write(
        "spring.ics",
        calendar_of(&[CONCERT, QUIZ, QUIZ_MOVED, FAIR]),
    );
    one.run(&["import", "spring.ics"]).ok();
    let exported = one.run(&["export", "--format", "json"]).ok();
    other.write("all.json", &exported.out);
    let first = other.run(&["--json", "import", "all.json"]).ok().json();
    let again = other.run(&["--json", "import", "all.json"]).ok().json();
    assert_eq!(
        first["commit"], again["commit"],
        "a second time changes nothing"
    );
    let by_uid = |text: &str| -> BTreeMap<String, serde_json::Value> {
        let events: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
        events
            .into_iter()
            .map(|event| (event["uid"].as_str().unwrap().to_owned(), event))
            .collect()
    };
    let (here, there) = (
        by_uid(&exported.out),
        by_uid(&other.run(&["export"]).ok().out),
    );
    assert_eq!(
        here.keys().collect::<Vec<_>>(),
        there.keys().collect::<Vec<_>>()
    );
    let told = [
        "title",
        "description",
        "start",
        "end",
        "all_day",
        "time_zone",
        "recurrence",
        "status",
        "place",
        "organizer",
        "categories",
        "audiences",
    ];
    for (uid, event) in &here {
        for field in told {
            assert_eq!(event[field], there[uid][field], "{field} of {uid}");
        }
    }
}

#[test]
fn one_calendar_subscribes_to_another_when_it_is_allowed_to() {
    let (source, reader) = (Program::new(), Program::new());
    source.write("spring.ics", calendar_of(&[CONCERT]));
    source.run(&["import", "spring.ics"]).ok();
    let serving = source.serve(&[]);
    let feed = format!("{}/feeds/all.ics", serving.address);
    let refused = reader.run(&["import", &feed]).with_code(3);
    assert!(
        refused.err.contains("allow_private"),
        "it says what would allow it: {}",
        refused.err
    );
    let host = serving.address.trim_start_matches("http://");
    let config = format!("[default.calendar.sync]\nallow_private = [\"{host}\"]\n");
    let config = reader.write("settings.toml", config);
    let arguments = [
        "--config",
        config.to_str().unwrap(),
        "--json",
        "import",
        &feed,
    ];
    let first = reader.run(&arguments).ok().json();
    let created = first["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|json| json["outcome"] == "created");
    assert_eq!(
        created.count(),
        1,
        "the concert; the rest is known here: {first}"
    );
    let second = reader.run(&arguments).ok().json();
    assert_eq!(first["commit"], second["commit"]);
    let missing = format!("{}/feeds/nothing.ics", serving.address);
    let failed = reader
        .run(&["--config", config.to_str().unwrap(), "import", &missing])
        .with_code(3);
    assert!(failed.err.contains("404"), "{}", failed.err);
}

#[test]
fn what_is_no_calendar_is_refused_in_words() {
    let program = Program::new();
    let missing = program.run(&["import", "nowhere.ics"]).with_code(3);
    assert!(missing.err.contains("nowhere.ics"), "{}", missing.err);
    program.write("broken.json", "[{\"title\": }]");
    let broken = program.run(&["import", "broken.json"]).with_code(3);
    assert!(
        broken.err.contains("broken.json") && broken.err.contains("line 1"),
        "{}",
        broken.err
    );
    program.write("letter.txt", "Kjære dere,\nher er programmet.\n");
    let letter = program.run(&["import", "letter.txt"]).with_code(3);
    assert!(letter.err.contains("letter.txt"), "{}", letter.err);
    program.write("empty.ics", "");
    program.run(&["import", "empty.ics"]).with_code(3);
    let partner = program
        .run(&["import", "letter.txt", "--partner", "nobody"])
        .with_code(3);
    assert!(partner.err.contains("partners.toml"), "{}", partner.err);
}

#[test]
fn short_addresses_move_along_from_one_calendar_to_another() {
    let (one, other) = (Program::new(), Program::new());
    let serving = one.serve(&[]);
    let selection = "q=grundset&category=music&category=sport&category=stage&audience=families\
        &place=terningen-arena&place=elverum-kulturhus&place=glomdalsmuseet&place=norsk-skogmuseum\
        &place=elverum-bibliotek&municipality=elverum&municipality=amot";
    let page = format!("/subscribe?{selection}");
    let kept = serving.post(&page);
    assert_eq!(kept, 303);
    let shown = String::from_utf8(serving.get(&page)).unwrap();
    let short = between(&shown, "/feeds/s/", ".ics").to_owned();
    let feed = format!("/feeds/s/{short}.csv");
    let rows = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().lines().count();
    let found = rows(serving.get(&feed));
    assert!(serving.stop().0.success());
    let store = format!("sled:{}", one.path("store").display());
    let checked = one.run_bare(&["store", "check", &store]).ok();
    assert!(checked.out.contains("0 findings"), "{}", checked.out);

    let records = one.run(&["export", "--format", "ndjson"]).ok();
    other.write("all.ndjson", &records.out);
    other.run(&["import", "all.ndjson"]).ok();
    let serving = other.serve(&[]);
    assert_eq!(rows(serving.get(&feed)), found);
}

#[test]
fn a_clubs_table_is_imported_as_it_is_and_the_second_time_changes_nothing() {
    let program = Program::new();
    let table = "Dato;Kl.;Arrangement;Sted\nlørdag 6. mars 2027;10.00–14.00;Loppemarked;Eksempelhallen\n\
                 7.3.2027;18;Kveldstrim;Eksempelskolen\n";
    let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(table);
    program.write("terminliste.csv", bytes);
    let first = program
        .run(&["--json", "import", "terminliste.csv"])
        .ok()
        .json();
    let titles: Vec<_> = first["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|json| json["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Loppemarked", "Kveldstrim"]);
    let again = program
        .run(&["--json", "import", "terminliste.csv"])
        .ok()
        .json();
    assert_eq!(again["commit"], first["commit"]);
    let feed = program.run(&["export", "--format", "ics"]).ok().out;
    assert!(
        feed.contains("DTSTART;TZID=Europe/Oslo:20270306T100000"),
        "{feed}"
    );
}

#[test]
fn what_a_file_is_that_cannot_be_read_is_said_in_one_line_with_what_to_do() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let office = |name: &str| {
        let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        bytes.extend((0..2_000_u32).flat_map(u32::to_le_bytes));
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    let rows: String = (0..300)
        .map(|n| format!("Kari {n};{n};Elverum\n"))
        .collect();
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";
    let files: [(&str, Vec<u8>, &[&str]); 13] = [
        (
            "program.xls",
            office("Workbook"),
            &["before Excel 2007", ".xlsx or CSV"],
        ),
        (
            "secret.xlsx",
            office("EncryptedPackage"),
            &["password", ".xlsx or CSV"],
        ),
        (
            "program.doc",
            office("WordDocument"),
            &["text document", ".xlsx or CSV"],
        ),
        (
            "liste.csv",
            format!("Hvem;Telefon;Sted\n{rows}").into(),
            &["«Hvem»", "known columns: «Sted»", "«dato»"],
        ),
        ("program.pdf", "%PDF-1.7\n".into(), &["PDF", ".ics"]),
        (
            "program.rtf",
            "{\\rtf1\\ansi Program}".into(),
            &["text document", ".xlsx or CSV"],
        ),
        (
            "program.html",
            "<!doctype html><h1>Program</h1>".into(),
            &["web page", ".ics"],
        ),
        (
            "program.docx",
            archive("word/document.xml", "<x/>"),
            &["text document", ".xlsx or CSV"],
        ),
        (
            "program.zip",
            archive("program.ics", calendar),
            &["archive", "unpack it"],
        ),
        (
            "broken.xlsx",
            b"PK\x03\x04 and no more".to_vec(),
            &["broken", "fetch it again"],
        ),
        (
            "program.ics.gz",
            b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec(),
            &["compressed", "unpack it"],
        ),
        ("empty.ics", Vec::new(), &["empty", ".ics"]),
        ("blank.csv", b" \r\n".to_vec(), &["empty", ".ics"]),
    ];
    for (file, bytes, words) in files {
        program.write(file, bytes);
        let said = program.run(&["import", file]).with_code(3).err;
        assert_eq!(said.lines().count(), 1, "{file}: {said}");
        for word in [&[file], words].concat() {
            assert!(said.contains(word), "{file}: no «{word}» in {said}");
        }
    }
}

/// A ZIP archive with one file, which is not compressed.
fn archive(name: &str, content: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    archive.start_file(name, stored).unwrap();
    std::io::Write::write_all(&mut archive, content.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_category_of_a_file_that_is_not_known_is_a_remark() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let event = |n: u32| {
        format!(
            "BEGIN:VEVENT\r\nUID:{n}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:2027060{n}T160000Z\r\nSUMMARY:Nummer {n}\r\n\
             CATEGORIES:Konsert,Kulturskole\r\nEND:VEVENT\r\n"
        )
    };
    let events: String = (1..4).map(event).collect();
    program.write(
        "kor.ics",
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n"),
    );
    program.write(
        "kor.json",
        r#"{"uid": "j", "title": {"nb": "Kor"}, "start": "2027-05-01", "categories": ["children"], "audiences": ["alle"]}"#,
    );
    let told = program.run(&["--json", "import", "kor.ics"]).ok().json();
    let details = |told: &serde_json::Value| -> Vec<String> {
        let remarks = told["remarks"].as_array().unwrap().iter();
        remarks
            .map(|remark| remark["detail"].as_str().unwrap().to_owned())
            .collect()
    };
    let said = details(&told);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        ["«Kulturskole»", "3 events", "«Nummer 1»"]
            .iter()
            .all(|name| said[0].contains(name)),
        "{said:?}"
    );
    let told = program.run(&["--json", "import", "kor.json"]).ok().json();
    let said = details(&told).join("; ");
    assert!(
        said.contains("«children»") && said.contains("«alle»"),
        "{said}"
    );
}

#[test]
fn a_calendar_file_that_breaks_off_says_so() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    program.write(
        "halv.ics",
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20270601T160000Z\r\nSUMMARY:Hel\r\n\
         END:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nDTST",
    );
    let told = program.run(&["import", "halv.ics"]).with_code(1).out;
    assert!(
        told.contains("breaks off") && told.contains("1 new"),
        "{told}"
    );
}

#[test]
fn a_dry_run_without_a_store_shows_what_would_come_and_creates_nothing() {
    let program = Program::new();
    program.write("spring.ics", calendar_of(&[CONCERT]));
    program.write("letter.txt", "Kjære dere,\n");
    let there = || {
        let entries = std::fs::read_dir(program.path("")).unwrap();
        let names = entries.map(|entries| entries.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    let before = there();
    let deep = ["--store", "sled:deep/store", "import", "--dry-run"];
    let rehearsed = program
        .run_bare(&[&deep[..], &["spring.ics"]].concat())
        .ok();
    assert!(rehearsed.out.contains("1 new"), "{}", rehearsed.out);
    assert!(
        rehearsed.err.contains("deep/store") && rehearsed.err.contains("is not created"),
        "{}",
        rehearsed.err
    );
    let json = program.run_bare(&[&["--json"], &deep[..], &["spring.ics"]].concat());
    assert_eq!(json.ok().json()["items"].as_array().unwrap().len(), 1);
    program
        .run_bare(&[&deep[..], &["letter.txt"]].concat())
        .with_code(3);
    assert_eq!(there(), before);

    // Where there is a store, nothing of it changes either.
    program.run(&["seed"]).ok();
    let rehearsed = program.run(&["import", "--dry-run", "spring.ics"]).ok();
    assert!(rehearsed.err.is_empty(), "{}", rehearsed.err);
    // One that was there once is missed as ever.
    std::fs::remove_dir_all(program.path("store")).unwrap();
    let missing = program.run(&["import", "--dry-run", "spring.ics"]);
    let missing = missing.with_code(3).err;
    assert!(missing.contains("store.created"), "{missing}");
    program
        .run(&["import", "--dry-run", "--new", "spring.ics"])
        .ok();
    assert!(!program.path("store").exists());
}
