//! Encrypted backups: `backup`, `restore`, `store check` and the schedule, with the keys of the tool `age`.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::Program;

const PASSPHRASE: &str = "skog og elv i tolv toner";
const PASSPHRASE_VARIABLE: &str = "CALENDAR_BACKUP_PASSPHRASE";
/// The start of every file of age.
const MAGIC: &[u8] = b"age-encryption.org/v1\n";

/// Runs a tool in the folder of the program. Returns its output.
#[track_caller]
fn tool(program: &Program, name: &str, arguments: &[&str]) -> String {
    let run = Command::new(name)
        .current_dir(program.path(""))
        .args(arguments)
        .output();
    let run = run.unwrap_or_else(|error| panic!("{name}: {error}"));
    let error = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "{name}: {error}");
    String::from_utf8(run.stdout).unwrap()
}

/// Writes a file with a new private key. Returns the public key.
fn new_key(program: &Program, file: &str) -> String {
    tool(program, "age-keygen", &["-o", file]);
    tool(program, "age-keygen", &["-y", file]).trim().to_owned()
}

/// Returns the arguments of a command about a store in which nothing is yet.
fn elsewhere<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["--store", "sled:elsewhere"], arguments].concat()
}

/// Asserts that a restore of `all.backup` fails with these words and changes nothing.
#[track_caller]
fn refuses(program: &Program, options: &[&str], words: &str) {
    let restore = [&["restore", "all.backup"], options].concat();
    let refused = program.run_bare(&elsewhere(&restore)).with_code(3);
    assert!(refused.err.contains(words), "{words}: {}", refused.err);
    assert!(!program.path("elsewhere").exists(), "{words}");
}

fn is_encrypted(file: &Path) -> bool {
    fs::read(file).unwrap().starts_with(MAGIC)
}

#[test]
fn a_backup_to_a_public_key_is_restored_with_the_private_key_and_refused_without() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let whole = program.run(&["export"]).ok().out;
    let (key, other) = (new_key(&program, "key.txt"), new_key(&program, "other.txt"));
    let backup = ["--json", "backup", "--encrypt-to", &key, "all.backup"];
    let made = program.run(&backup).ok().json();
    assert_eq!(made["encrypted"], true);
    let file = program.path("all.backup");
    assert!(is_encrypted(&file));
    assert_eq!(made["bytes"], fs::metadata(&file).unwrap().len());

    refuses(
        &program,
        &[],
        "is encrypted; it can only be read with its private key; give it with --key FILE",
    );
    refuses(
        &program,
        &["--key", "other.txt"],
        "cannot decrypt all.backup",
    );
    refuses(&program, &["--key", "none.txt"], "cannot read none.txt");
    program.write("public.txt", &key);
    refuses(&program, &["--key", "public.txt"], "line 1 is a public key");
    program.write("phrase.txt", PASSPHRASE);
    refuses(&program, &["--passphrase-file", "phrase.txt"], "--key FILE");
    let unread = program.run(&["store", "check", "all.backup"]).with_code(3);
    assert!(unread.err.contains("--key FILE"), "{}", unread.err);

    let check = ["store", "check", "--key", "key.txt", "all.backup"];
    let check = program.run(&check).ok().out;
    assert!(check.contains("0 findings"), "{check}");
    let restore = elsewhere(&["--json", "restore", "--key", "key.txt", "all.backup"]);
    let restored = program.run_bare(&restore).ok().json();
    assert_eq!(restored["commit"], made["commit"]);
    assert_eq!(program.run_bare(&elsewhere(&["export"])).ok().out, whole);

    // The tool decrypts it to a backup without encryption.
    tool(
        &program,
        "age",
        &["-d", "-i", "key.txt", "-o", "plain.backup", "all.backup"],
    );
    let check = program.run(&["store", "check", "plain.backup"]).ok().out;
    assert!(check.contains("0 findings"), "{check}");

    // It may be any encrypted file, so it is replaced only when told so, for two keys now.
    let again = ["backup", "--encrypt-to", &key, "all.backup"];
    let refused = program.run(&again).with_code(3).err;
    assert!(refused.contains("--replace"), "{refused}");
    let both = [
        "backup",
        "--replace",
        "--encrypt-to",
        &other,
        "--encrypt-to",
        &key,
        "all.backup",
    ];
    let made = program.run(&both).ok().out;
    assert!(made.contains("encrypted to 2 keys"), "{made}");
    for key in ["key.txt", "other.txt"] {
        let check = ["store", "check", "--key", key, "all.backup"];
        program.run(&check).ok();
    }
}

#[test]
fn a_backup_with_a_passphrase_is_restored_with_it_from_a_file_or_the_environment() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let whole = program.run(&["export"]).ok().out;
    program.write("phrase.txt", format!("{PASSPHRASE}\n"));
    program.write("other.txt", "en helt annen setning");
    let backup = ["backup", "--passphrase-file", "phrase.txt", "all.backup"];
    let made = program.run(&backup).ok().out;
    assert!(made.contains("encrypted with a passphrase"), "{made}");
    assert!(is_encrypted(&program.path("all.backup")));
    refuses(
        &program,
        &[],
        "--passphrase-file FILE or in CALENDAR_BACKUP_PASSPHRASE",
    );
    refuses(
        &program,
        &["--passphrase-file", "other.txt"],
        "cannot decrypt all.backup",
    );
    program.write("short.txt", "kort\n");
    refuses(
        &program,
        &["--passphrase-file", "short.txt"],
        "shorter than 12 characters",
    );

    let program = program.with_environment([(PASSPHRASE_VARIABLE, PASSPHRASE.to_owned())]);
    program
        .run_bare(&elsewhere(&["restore", "all.backup"]))
        .ok();
    assert_eq!(program.run_bare(&elsewhere(&["export"])).ok().out, whole);
    // Also what is written then.
    program.run(&["backup", "again.backup"]).ok();
    assert!(is_encrypted(&program.path("again.backup")));
    let bytes = fs::read(program.path("again.backup")).unwrap();
    let piped = program.pipe(&["restore", "--replace", "-"], bytes).ok();
    assert!(piped.out.contains("from standard input"), "{}", piped.out);
}

#[test]
fn a_key_reads_the_encrypted_one_of_a_backup_and_a_later_one() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let key = new_key(&program, "key.txt");
    let _ = new_key(&program, "other.txt");
    program.run(&["backup", "plain.backup"]).ok();
    program
        .run(&["backup", "--encrypt-to", &key, "secret.backup"])
        .ok();
    program.write("phrase.txt", PASSPHRASE);
    let phrase = ["--passphrase-file", "phrase.txt"];
    program
        .run(&[&["backup"], &phrase[..], &["phrase.backup"]].concat())
        .ok();
    let refused = |backup: &str, later: &str, secret: &[&str], words: &str| {
        let restore = [&["restore", backup, "--erasures", later], secret].concat();
        let refused = program.run_bare(&elsewhere(&restore)).with_code(3).err;
        assert!(refused.contains(words), "{words}: {refused}");
        assert!(!program.path("elsewhere").exists(), "{words}");
    };
    let fits = ["--key", "key.txt"];
    let plain = "is not encrypted, but a private key was given";
    refused("plain.backup", "plain.backup", &fits, plain);
    for (backup, later) in [
        ("plain.backup", "secret.backup"),
        ("secret.backup", "plain.backup"),
    ] {
        refused(backup, later, &[], "--key FILE");
        let other = ["--key", "other.txt"];
        refused(backup, later, &other, "cannot decrypt secret.backup");
        refused(
            backup,
            later,
            &["--key", "none.txt"],
            "cannot read none.txt",
        );
        refused(backup, later, &phrase, "--key FILE");
    }
    for (backup, later, secret) in [
        ("plain.backup", "secret.backup", &fits[..]),
        ("secret.backup", "plain.backup", &fits),
        ("phrase.backup", "plain.backup", &phrase),
        ("plain.backup", "phrase.backup", &phrase),
        (
            "secret.backup",
            "phrase.backup",
            &[&fits[..], &phrase].concat(),
        ),
    ] {
        let restore = ["restore", "--replace", backup, "--erasures", later];
        let restore = [&restore[..], secret].concat();
        let restored = program.run_bare(&elsewhere(&restore)).ok().out;
        assert!(restored.contains("restored up to"), "{restored}");
    }
}

#[test]
fn a_changed_or_cut_encrypted_backup_is_told_and_changes_nothing() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let whole = program.run(&["export"]).ok().out;
    let key = new_key(&program, "key.txt");
    program
        .run(&["backup", "--encrypt-to", &key, "all.backup"])
        .ok();
    let clean = fs::read(program.path("all.backup")).unwrap();
    let header = clean
        .windows(4)
        .position(|bytes| bytes == b"\n---")
        .unwrap();
    let last = clean.len() - 1;
    let flipped = |at: usize| {
        let mut bytes = clean.clone();
        bytes[at] ^= 1;
        bytes
    };
    let mut longer = clean.clone();
    longer.extend_from_slice(b"more");
    let (mut swapped, chunk) = (clean.clone(), 64 * 1024 + 16);
    if clean.len() > header + 2 * chunk + 200 {
        let start = header + 100;
        swapped.copy_within(start + chunk..start + 2 * chunk, start);
    } else {
        swapped.truncate(last / 3);
    }
    for (what, bytes) in [
        ("the recipient", flipped(MAGIC.len() + 20)),
        ("the header's code", flipped(header + 10)),
        ("the first part", flipped(header + 120)),
        ("the middle", flipped(clean.len() / 2)),
        ("the last byte", flipped(last)),
        ("the end is missing", clean[..last].to_vec()),
        ("half is missing", clean[..clean.len() / 2].to_vec()),
        ("only the header is left", clean[..header].to_vec()),
        ("something follows", longer),
        ("parts are swapped", swapped),
    ] {
        program.write("all.backup", &bytes);
        let restore = ["restore", "--replace", "--key", "key.txt", "all.backup"];
        let refused = program.run(&restore).with_code(3).err;
        assert!(
            refused.contains("nothing has been changed"),
            "{what}: {refused}"
        );
        assert!(!program.path("store/replaced-1").exists(), "{what}");
        let check = program.run(&["store", "check", "--key", "key.txt", "all.backup"]);
        assert_ne!(check.code, 0, "{what}: {}", check.out);
        assert!(!check.out.contains("intact"), "{what}: {}", check.out);
    }
    assert_eq!(program.run(&["export"]).ok().out, whole);
}

#[test]
fn backups_on_schedule_are_encrypted_by_configuration() {
    let program = Program::new();
    let key = new_key(&program, "key.txt");
    let settings =
        format!("[default.calendar.backup]\nto = \"backups\"\nencrypt_to = [\"{key}\"]\n");
    let settings = program.write("settings.toml", settings);
    let config = ["--config", settings.to_str().unwrap()];
    let checked = program.run(&[&config[..], &["--json", "serve", "--check"]].concat());
    assert_eq!(checked.ok().json()["backup"]["encrypted"], true);
    let serving = program.serve(&config);
    let made = || {
        let entries = fs::read_dir(program.path("backups")).ok()?;
        let mut names = entries.map(|entry| entry.unwrap().path());
        names.find(|name| {
            name.extension()
                .is_some_and(|extension| extension == "backup")
        })
    };
    let tries = (0..5_000).find_map(|_| {
        serving.get("/health/live");
        made()
    });
    assert!(is_encrypted(&tries.expect("a backup is made at the start")));
    // One by hand is encrypted to the same key.
    let by_hand = [&config[..], &["--json", "backup", "all.backup"]].concat();
    assert_eq!(program.run(&by_hand).ok().json()["encrypted"], true);
    assert!(serving.stop().0.success());
    let newest = elsewhere(&["--json", "restore", "--key", "key.txt", "backups"]);
    let restored: Value = program.run_bare(&newest).ok().json();
    assert!(restored["commit"].as_u64().unwrap() > 0, "{restored}");
}

#[test]
fn wrong_settings_of_encryption_stop_the_start_and_show_no_secret() {
    let program = Program::new();
    let public = new_key(&program, "key.txt");
    let file = fs::read_to_string(program.path("key.txt")).unwrap();
    let private = file.lines().last().unwrap().to_owned();
    program.write("phrase.txt", PASSPHRASE);
    for (settings, words) in [
        (
            format!("encrypt_to = [\"{private}\"]"),
            "a private key; write the public key",
        ),
        (
            "encrypt_to = [\"age1\"]".to_owned(),
            "not a public key of age",
        ),
        (
            format!("encrypt_to = [\"{public}\"]\npassphrase_file = \"phrase.txt\""),
            "either to public keys or with a passphrase",
        ),
        (
            "passphrase_file = \"none.txt\"".to_owned(),
            "cannot read none.txt",
        ),
    ] {
        let settings = format!("[default.calendar.backup]\nto = \"backups\"\n{settings}\n");
        let settings = program.write("settings.toml", settings);
        for command in [&["serve", "--check"][..], &["backup", "all.backup"]] {
            let config = ["--config", settings.to_str().unwrap()];
            let refused = program
                .run(&[&config[..], command].concat())
                .with_code(3)
                .err;
            assert!(refused.contains(words), "{words}: {refused}");
            assert!(!refused.contains(&private), "{refused}");
        }
        assert!(!program.path("all.backup").exists());
    }
    let program = program.with_environment([(PASSPHRASE_VARIABLE, "kort".to_owned())]);
    let refused = program.run(&["backup", "all.backup"]).with_code(3).err;
    assert!(
        refused.contains("CALENDAR_BACKUP_PASSPHRASE: the passphrase is shorter"),
        "{refused}"
    );
}

#[test]
fn a_key_that_is_given_refuses_a_backup_without_encryption() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    program.run(&["backup", "all.backup"]).ok();
    new_key(&program, "key.txt");
    program.write("phrase.txt", PASSPHRASE);
    for secret in [["--key", "key.txt"], ["--passphrase-file", "phrase.txt"]] {
        refuses(&program, &secret, "is not encrypted, but a");
        let check = [&["store", "check"], &secret[..], &["all.backup"]].concat();
        let refused = program.run(&check).with_code(3).err;
        assert!(refused.contains("is not encrypted"), "{refused}");
    }
}

#[test]
fn a_backup_without_encryption_or_with_a_key_needs_no_passphrase_of_the_settings() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    program.run(&["backup", "all.backup"]).ok();
    let key = new_key(&program, "key.txt");
    let encrypted = ["backup", "--encrypt-to", &key, "encrypted.backup"];
    program.run(&encrypted).ok();
    let settings = "[default.calendar.backup]\npassphrase_file = \"gone.txt\"\n";
    program.write("Rocket.toml", settings);
    program.run(&["store", "check", "all.backup"]).ok();
    program
        .run_bare(&elsewhere(&["restore", "all.backup"]))
        .ok();
    let with_key = [
        "restore",
        "--replace",
        "--key",
        "key.txt",
        "encrypted.backup",
    ];
    program.run_bare(&elsewhere(&with_key)).ok();
    let refused = ["restore", "--replace", "encrypted.backup"];
    let refused = program.run_bare(&elsewhere(&refused)).with_code(3);
    assert!(refused.err.contains("gone.txt"), "{}", refused.err);
}

#[test]
fn huge_headers_and_armor_are_refused_at_once_with_the_reason() {
    let program = Program::new();
    new_key(&program, "key.txt");
    let stanza = format!("-> X25519 {}\n{}\n", "A".repeat(43), "B".repeat(43));
    let mut huge = MAGIC.to_vec();
    huge.extend(stanza.repeat(1_500).into_bytes());
    huge.extend(b"--- AAAA\n");
    program.write("all.backup", huge);
    let begun = std::time::Instant::now();
    refuses(&program, &["--key", "key.txt"], "larger than 64 KiB");
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    program.write("all.backup", "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n");
    refuses(&program, &["--key", "key.txt"], "age -d");
    program.write("lines.txt", format!("{PASSPHRASE}\nog en linje til\n"));
    refuses(&program, &["--passphrase-file", "lines.txt"], "one line");
}

#[test]
fn a_backup_replaces_backups_and_other_files_only_when_told_so() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    program.write("phrase.txt", PASSPHRASE);
    let phrase = ["backup", "--passphrase-file", "phrase.txt", "all.backup"];
    program.run(&phrase).ok();
    // Its own passphrase shows that it is a backup.
    program.run(&phrase).ok();
    let plain = program.run(&["backup", "all.backup"]).with_code(3);
    assert!(plain.err.contains("--replace"), "{}", plain.err);
    for content in ["a letter", "age-encryption.org/v1\n-> X25519 A\nB\n--- C\n"] {
        program.write("other.txt", content);
        let refused = program.run(&["backup", "other.txt"]).with_code(3);
        assert!(refused.err.contains("--replace"), "{}", refused.err);
        assert_eq!(
            fs::read_to_string(program.path("other.txt")).unwrap(),
            content
        );
    }
    program.run(&["backup", "--replace", "other.txt"]).ok();
    program.run(&["backup", "other.txt"]).ok();
    program.run(&["store", "check", "other.txt"]).ok();
    let folder = program.run(&["backup", "--replace", "store"]).with_code(3);
    assert!(folder.err.contains("is no file"), "{}", folder.err);
}

#[test]
fn the_next_start_removes_what_a_killed_restore_left() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let left = program.path("store/restoring/journal");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("00000001"), "a decrypted journal").unwrap();
    let whole = program.run(&["export"]).ok().out;
    assert!(!program.path("store/restoring").exists());
    // One that was killed after the exchange: the replaced store keeps its journal.
    program.run(&["backup", "all.backup"]).ok();
    program.run(&["restore", "--replace", "all.backup"]).ok();
    let aside = program.path("store/replaced-1/journal");
    fs::create_dir_all(program.path("store/restoring")).unwrap();
    fs::rename(&aside, program.path("store/restoring/journal")).unwrap();
    assert_eq!(program.run(&["export"]).ok().out, whole);
    assert!(aside.is_dir() && !program.path("store/restoring").exists());
}
