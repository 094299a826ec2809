//! Pictures that are missing or damaged: reported by `store check` and `backup`, which has everything else.

use std::fs;

use super::records::{Records, kept_picture};
use crate::support::Program;

/// Returns a program whose store has two events with a picture each, and the names of the pictures.
fn two_pictures() -> (Program, [String; 2]) {
    let program = Program::new();
    let [first, second] = [1, 2].map(kept_picture);
    let names = [&first, &second].map(|picture| picture.name().to_owned());
    let lines = Records::default()
        .event("forste", &first)
        .event("andre", &second)
        .image(&first)
        .image(&second);
    program.write("all.ndjson", lines.text());
    program.run(&["import", "all.ndjson"]).ok();
    (program, names)
}

#[test]
fn a_missing_and_a_damaged_picture_are_reported_and_the_backup_has_the_rest() {
    let (program, [first, second]) = two_pictures();
    let images = program.path("store/images");
    let sound = program.run(&["backup", "sound.backup"]).ok().out;
    assert!(!sound.contains("finding"), "{sound}");
    fs::remove_file(images.join(&first)).unwrap();
    fs::write(images.join(&second), b"\xFF\xD8\xFFdamaged").unwrap();

    let url = format!("sled:{}", program.path("store").display());
    let checked = program.run(&["store", "check", &url]).with_code(1).out;
    let made = program.run(&["backup", "all.backup"]).with_code(1).out;
    let of_backup = program.run(&["store", "check", "all.backup"]).with_code(1);
    for (told, damage) in [
        (&checked, "damaged"),
        (&made, "damaged"),
        (&of_backup.out, "missing"),
    ] {
        assert!(told.contains("2 findings"), "{told}");
        for (name, word) in [(&first, "missing"), (&second, damage)] {
            let line = told.lines().find(|line| line.contains(name.as_str()));
            let line = line.unwrap_or_else(|| panic!("{name} is not named: {told}"));
            assert!(line.contains(&format!("is {word}")), "{line}");
            assert!(line.contains("event/"), "{line}");
            assert!(
                line.contains("an earlier backup may have the file"),
                "{line}"
            );
        }
    }
    let json = program
        .run(&["--json", "backup", "all.backup"])
        .with_code(1);
    assert_eq!(json.json()["findings"].as_array().unwrap().len(), 2);

    // The advice helps: the files of an earlier backup make the store sound again.
    let elsewhere = ["--store", "sled:elsewhere", "restore", "sound.backup"];
    program.run_bare(&elsewhere).ok();
    for name in [&first, &second] {
        fs::copy(
            program.path("elsewhere/images").join(name),
            images.join(name),
        )
        .unwrap();
    }
    program.run(&["store", "check", &url]).ok();
    program.run(&["backup", "all.backup"]).ok();
}

#[test]
fn a_damaged_picture_that_nothing_shows_is_named_and_does_not_stop_a_backup() {
    let (program, _) = two_pictures();
    let name = "ab".repeat(32);
    fs::write(program.path("store/images").join(&name), b"?").unwrap();
    let made = program.run(&["backup", "all.backup"]).with_code(1).out;
    assert!(
        made.contains(&name) && made.contains("no record refers to it"),
        "{made}"
    );
    program.run(&["store", "check", "all.backup"]).ok();
}

#[test]
fn a_picture_that_an_event_no_longer_shows_is_not_missed() {
    let (program, [first, _]) = two_pictures();
    let elsewhere = Records::default()
        .event("forste", &kept_picture(3))
        .image(&kept_picture(3));
    program.write("next.ndjson", elsewhere.text());
    program.run(&["import", "next.ndjson"]).ok();
    fs::remove_file(program.path("store/images").join(&first)).unwrap();
    program.run(&["backup", "all.backup"]).ok();
    program.run(&["store", "check", "all.backup"]).ok();
}

#[test]
fn a_restore_and_an_export_name_the_pictures_that_they_lack() {
    let (program, [first, second]) = two_pictures();
    let images = program.path("store/images");
    fs::remove_file(images.join(&first)).unwrap();
    fs::write(images.join(&second), b"\xFF\xD8\xFFdamaged").unwrap();
    program.run(&["backup", "all.backup"]).with_code(1);
    let elsewhere = ["--store", "sled:elsewhere", "restore", "all.backup"];
    let restored = program.run_bare(&elsewhere).with_code(1).out;
    for name in [&first, &second] {
        let line = restored.lines().find(|line| line.contains(name.as_str()));
        assert!(
            line.is_some_and(|line| line.contains("is missing")),
            "{restored}"
        );
    }
    assert!(restored.contains("2 findings"), "{restored}");

    let exported = program.run(&["export", "--format", "ndjson"]).with_code(1);
    for (name, why) in [(&first, "missing"), (&second, "damaged")] {
        let line = exported
            .out
            .lines()
            .find(|line| line.contains("absent_image") && line.contains(name.as_str()));
        assert!(
            line.is_some_and(|line| line.contains(why)),
            "{name}: {}",
            exported.out
        );
        assert!(exported.err.contains(name.as_str()), "{}", exported.err);
    }
    program.write("exported.ndjson", exported.out);
    let import = ["--store", "sled:third", "import", "exported.ndjson"];
    let imported = program.run_bare(&import).with_code(1).out;
    assert!(imported.contains("without images"), "{imported}");
}

#[test]
fn a_damaged_picture_is_not_shown() {
    let app = crate::support::TestServer::start();
    let picture = kept_picture(1);
    let files = calendar_store::Store::images(&**app.calendar()).unwrap();
    let name = files.keep(&picture.content, app.now()).unwrap();
    let path = format!("/images/{name}.jpg");
    app.visitor().get(&path).ok();
    let file = files.folder().join(name.as_str());
    let mut bytes = fs::read(&file).unwrap();
    bytes.truncate(bytes.len() / 2);
    fs::write(&file, bytes).unwrap();
    let refused = app.visitor().get(&path).with_status(503);
    assert!(refused.header("Cache-Control").contains("no-store"));
}
