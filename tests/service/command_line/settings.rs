//! Data files and configuration: loaded, or refused with the position of the error.

use crate::support::Program;

#[test]
fn seeding_twice_changes_nothing_the_second_time() {
    let program = Program::new();
    let first = program.run(&["seed", "--json"]).ok().json();
    assert!(first["created"].as_u64().unwrap() > 50, "{first}");
    let second = program.run(&["--json", "seed"]).ok().json();
    assert_eq!(second["created"], 0);
    assert_eq!(second["updated"], 0);
    assert_eq!(second["commit"], first["commit"]);
    let text = program.run(&["seed"]).ok().out;
    assert!(text.contains("0 records new, 0 changed"), "{text}");
}

#[test]
fn a_corrected_data_file_changes_what_it_says_and_nothing_else() {
    let program = Program::new();
    let first = program.run(&["--json", "seed"]).ok().json();
    let data = program.data_with("region.toml", "Elverumskalenderen", "Skogkalenderen");
    let second = program
        .run(&["--json", "--data", data.to_str().unwrap(), "seed"])
        .ok()
        .json();
    assert_eq!(
        (&second["created"], &second["updated"]),
        (&0.into(), &1.into())
    );
    assert_eq!(
        second["commit"].as_u64(),
        first["commit"].as_u64().map(|number| number + 1)
    );
}

#[test]
fn a_mistake_in_a_data_file_stops_the_start_and_names_file_line_field_and_what_is_allowed() {
    let mistakes = [
        (
            "series.toml",
            "categories = [\"music\"]",
            "categories = [\"musik\"]",
            "music",
        ),
        (
            "series.toml",
            "start = 2014-08-01",
            "start = 2014-08-32",
            "01 and 31",
        ),
        (
            "series.toml",
            "status = \"cancelled\"",
            "status = \"canceled\"",
            "cancelled",
        ),
        (
            "region.toml",
            "time_zone = \"Europe/Oslo\"",
            "time_zone = \"Europe/Elverum\"",
            "Oslo",
        ),
        (
            "region.toml",
            "number = \"3420\"",
            "number = \"34200\"",
            "four digits",
        ),
        ("region.toml", "county =", "kounty =", "county"),
        (
            "organizers.toml",
            "slug = \"elverum-kommune\"",
            "slug = \"Elverum kommune\"",
            "a-z",
        ),
    ];
    for (file, right, wrong, allowed) in mistakes {
        let program = Program::new();
        let data = program.data_with(file, right, wrong);
        let field = wrong.split(' ').next().unwrap();
        let text = std::fs::read_to_string(data.join(file)).unwrap();
        let line = 1 + text.lines().position(|line| line.contains(wrong)).unwrap();
        for arguments in [&["seed"][..], &["--port", "0"]] {
            let arguments = [&["--data", data.to_str().unwrap()], arguments].concat();
            let ended = program.run(&arguments).with_code(3);
            assert!(ended.out.is_empty(), "nothing is served: {}", ended.out);
            let place = format!("{file}:{line}");
            assert!(
                ended.err.contains(&place),
                "{wrong}: no {place} in {}",
                ended.err
            );
            assert!(
                ended.err.contains(field),
                "{wrong}: no field {field} in {}",
                ended.err
            );
            assert!(
                ended.err.contains(allowed),
                "{wrong}: no «{allowed}» in {}",
                ended.err
            );
        }
    }
}

#[test]
fn every_mistake_is_told_at_once() {
    let program = Program::new();
    let data = program.data_with("region.toml", "number = \"3420\"", "number = \"34200\"");
    let organizers = data.join("organizers.toml");
    let text = std::fs::read_to_string(&organizers).unwrap();
    let text = text.replacen("slug = \"elverum-kommune\"", "slug = \"Elverum\"", 1);
    std::fs::write(&organizers, text).unwrap();
    let ended = program
        .run(&["--data", data.to_str().unwrap(), "seed"])
        .with_code(3);
    assert!(ended.err.contains("region.toml:"), "{}", ended.err);
    assert!(ended.err.contains("organizers.toml:"), "{}", ended.err);
}

#[test]
fn a_data_folder_that_is_not_there_is_named() {
    let program = Program::new();
    let ended = program.run(&["--data", "nowhere", "seed"]).with_code(3);
    assert!(ended.err.contains("nowhere"), "{}", ended.err);
}

#[test]
fn an_unknown_setting_stops_the_start_and_is_named() {
    let program = Program::new();
    let wrong = [
        (
            "[default.calendar]\nstrore = \"sled:x\"\n",
            "strore",
            "store",
        ),
        ("[default]\nprot = 80\n", "prot", "port"),
        (
            "[default.calendar.sync]\nallow = []\n",
            "allow",
            "allow_private",
        ),
        (
            "[default.calendar]\ntentative_years = 40\n",
            "tentative_years",
            "0 to 10",
        ),
        (
            "[default.calendar]\nbase_url = \"ftp://x\"\n",
            "base_url",
            "http",
        ),
        ("[default.calendar]\nlog = \"xml\"\n", "log", "json"),
    ];
    for (content, key, right) in wrong {
        let file = program.write("settings.toml", content);
        let ended = program
            .run(&["--config", file.to_str().unwrap(), "--port", "0"])
            .with_code(3);
        assert!(ended.err.contains(key), "{content}: {}", ended.err);
        assert!(ended.err.contains(right), "{content}: {}", ended.err);
        assert!(ended.out.is_empty(), "{content}: {}", ended.out);
    }
    let ended = program
        .run(&["--config", "nowhere.toml", "seed"])
        .with_code(3);
    assert!(ended.err.contains("nowhere.toml"), "{}", ended.err);
}

#[test]
fn an_unknown_kind_of_store_is_named_with_those_there_are() {
    let program = Program::new();
    let ended = program.run(&["--store", "mysql:x", "seed"]);
    // The option is then given twice, which is a usage error; in a file it occurs once.
    assert_eq!(ended.code, 2, "{}", ended.err);
    let file = program.write("settings.toml", "[default.calendar]\nstore = \"mysql:x\"\n");
    let ended = program
        .run_bare(&["--config", file.to_str().unwrap(), "seed"])
        .with_code(3);
    assert!(ended.err.contains("mysql:x"), "{}", ended.err);
    assert!(ended.err.contains("sled:"), "{}", ended.err);
}

#[test]
fn mistakes_that_would_pass_silently_stop_the_check_and_the_start() {
    let kino = "\n[[partner]]\nid = \"kino\"\nname = \"Kino\"\n\n[partner.connection]\nkind = \"trybe\"\n\
        url = \"https://kino.example.no/\"\n";
    let push = kino.replace("connection", "push");
    for (file, from, to, words) in [
        (
            "partners.toml",
            "",
            kino,
            ["partners.toml:", "kind", "trybe", "did you mean «tribe»"],
        ),
        (
            "partners.toml",
            "",
            &push,
            ["partners.toml:", "kind", "trybe", "linked_events"],
        ),
        (
            "partners.toml",
            "",
            &kino
                .replace("trybe", "tribe")
                .replace("url = \"https://kino.example.no/\"\n", ""),
            ["partners.toml:", "url", "missing", "tribe"],
        ),
        (
            "partners.toml",
            "",
            &(kino.replace("trybe", "tribe")
                + "\n[partner.connection.mapping]\nplace = { room_of = \"nowhere\" }\n"),
            ["partners.toml:", "place", "nowhere", "terningen-arena"],
        ),
        (
            "partners.toml",
            "",
            &(kino.replace("trybe", "tribe")
                + "\n[partner.connection.mapping]\nadd_categories = [\"children\"]\n"),
            ["partners.toml:", "add_categories", "children", "music"],
        ),
        (
            "partners.toml",
            "",
            &push.replace("trybe", "tribe"),
            ["partners.toml:", "user", "secret", "application password"],
        ),
        (
            "places.toml",
            "latitude = 60.88097\nlongitude = 11.53675",
            "latitude = 11.53675\nlongitude = 60.88097",
            ["places.toml:", "latitude", "swapped", "60.88097"],
        ),
        (
            "categories.toml",
            "\"cinema\"",
            "\"konsert\"",
            ["categories.toml:", "aliases", "konsert", "music"],
        ),
    ] {
        let program = Program::new();
        let data = program.data_with(file, from, if from.is_empty() { "" } else { to });
        if from.is_empty() {
            let path = data.join(file);
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(path, text + to).unwrap();
        }
        std::fs::write(data.join("README.txt"), "for people").unwrap();
        for arguments in [&["seed"][..], &["--port", "0"], &["serve", "--check"]] {
            let arguments = [&["--data", data.to_str().unwrap()], arguments].concat();
            let ended = program.run(&arguments).with_code(3);
            for word in words {
                assert!(
                    ended.err.contains(word),
                    "{to}: no «{word}» in {}",
                    ended.err
                );
            }
        }
    }
    let program = Program::new();
    let data = program.data_with("region.toml", "county", "county");
    std::fs::write(data.join("steder.toml"), "").unwrap();
    let wrong = ["--data", data.to_str().unwrap(), "serve", "--check"];
    let ended = program.run(&wrong).with_code(3);
    assert!(
        ended.err.contains("steder.toml") && ended.err.contains("places.toml"),
        "{}",
        ended.err
    );
}

/// Returns a stored partner.
fn partner(program: &Program, data: &str, id: &str) -> serde_json::Value {
    let lines = program
        .run(&["--data", data, "export", "--format", "ndjson"])
        .ok()
        .out;
    let records = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let mut partners =
        records.filter(|record| record["kind"] == "partner" && record["record"]["id"] == id);
    partners.next().unwrap_or_else(|| panic!("no {id}"))["record"].clone()
}

#[test]
fn a_partner_follows_its_file_in_all_that_partner_add_did_not_say() {
    let program = Program::new();
    let text = "policy = { credit = \"Elverum Vekst\" }\n\n[partner.connection]\nkind = \"rss\"\n\
        url = \"https://old.example.no/feed\"\ntrust = \"queue\"\nlanguage = \"nb\"\n";
    let folder = program.data_with(
        "partners.toml",
        "policy = { credit = \"Elverum Vekst\" }\n",
        text,
    );
    let data = folder.to_str().unwrap();
    let run = |arguments: &[&str]| program.run(&[&["--data", data], arguments].concat()).ok();
    run(&["seed"]);
    run(&[
        "partner",
        "add",
        "elverum-vekst",
        "--kind",
        "ics",
        "--url",
        "https://new.example.no/all.ics",
        "--language",
        "en",
    ]);
    let added = partner(&program, data, "elverum-vekst");
    assert_eq!(added["connection"]["connector"], "ics");
    assert_eq!(
        added["connection"]["trust"], "queue",
        "as the file says: {added}"
    );
    assert_eq!(added["connection"]["language"], "en");
    run(&[
        "partner",
        "push",
        "elverum-vekst",
        "--kind",
        "tribe",
        "--url",
        "https://new.example.no/",
        "--user",
        "kalender",
        "--secret",
        "VEKST",
    ]);
    let file = folder.join("partners.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text.replace(
        "policy = { credit = \"Elverum Vekst\" }",
        "policy = { credit = \"EV\", passing_on = \"refused\" }",
    );
    let text = text.replace(
        "trust = \"queue\"\nlanguage = \"nb\"",
        "trust = \"publish\"\nlanguage = \"nn\"\nevery_minutes = 7",
    );
    let text = text.replace("name = \"Elverum Vekst\"", "name = \"Elverum Vekst AS\"");
    std::fs::write(&file, text).unwrap();
    run(&["seed"]);
    let followed = partner(&program, data, "elverum-vekst");
    assert_eq!(followed["policy"]["passing_on"], "refused", "{followed}");
    assert_eq!(followed["policy"]["credit"], "EV");
    assert_eq!(followed["name"], "Elverum Vekst AS");
    let connection = &followed["connection"];
    assert_eq!(
        connection["url"], "https://new.example.no/all.ics",
        "said here"
    );
    assert_eq!(connection["language"], "en", "said here");
    assert_eq!(
        (&connection["trust"], &connection["every_minutes"]),
        (&"publish".into(), &7.into())
    );
    assert_eq!(
        followed["push"]["url"], "https://new.example.no/",
        "said here"
    );
    let again = program.run(&["--data", data, "--json", "seed"]).ok().json();
    assert_eq!(again["updated"], 0, "it has settled");
    // The file also applies to a partner that was added before.
    run(&[
        "partner",
        "add",
        "nabo",
        "--kind",
        "interface",
        "--name",
        "Naboen",
    ]);
    let text = std::fs::read_to_string(&file).unwrap();
    let nabo =
        "\n[[partner]]\nid = \"nabo\"\nname = \"Nabo\"\npolicy = { passing_on = \"refused\" }\n";
    std::fs::write(&file, text + nabo).unwrap();
    run(&["seed"]);
    let nabo = partner(&program, data, "nabo");
    assert_eq!(
        (&nabo["policy"]["passing_on"], &nabo["name"]),
        (&"refused".into(), &"Naboen".into())
    );
    assert_eq!(nabo["connection"]["connector"], "interface");
}
