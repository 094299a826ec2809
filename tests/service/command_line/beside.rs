//! Commands beside a running server, which carries them out; the output is the same.

use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::importing::{CONCERT, FAIR, QUIZ, QUIZ_MOVED};
use crate::support::importer::calendar_of;
use crate::support::program::Serving;
use crate::support::{CalendarFile, Program};

/// Timeout for changes that the server must detect itself, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn feed(serving: &Serving) -> CalendarFile {
    let feed = serving.get("/feeds/all.ics");
    CalendarFile::parse(std::str::from_utf8(&feed).unwrap())
}

/// Repeats a check until it succeeds. The server must respond meanwhile.
#[track_caller]
fn until(serving: &Serving, what: &str, mut so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(
            began.elapsed() < PATIENCE,
            "{what}: not within {PATIENCE:?}"
        );
        serving.get("/health/live");
    }
}

/// Returns true if no uploads are left.
fn nothing_is_left(program: &Program) -> bool {
    fs::read_dir(program.path("store/incoming")).map_or(true, |mut left| left.next().is_none())
}

/// The message after a file.
const WHOLE: &[u8] = b"\"whole\"\n";

fn line(message: &Value) -> Vec<u8> {
    format!("{message}\n").into_bytes()
}

fn part(bytes: &[u8]) -> Vec<u8> {
    line(&json!({ "part": STANDARD.encode(bytes) }))
}

fn asking(arguments: &[&str], file: Option<&str>) -> Vec<u8> {
    let arguments = [&["elverum-calendar"], arguments].concat();
    let ask = json!({"version": 2, "arguments": arguments, "data": null, "file": file});
    line(&json!({ "ask": ask }))
}

fn connect(program: &Program) -> UnixStream {
    let stream = UnixStream::connect(program.path("store/control")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends bytes to the server and returns the whole response.
fn answer(mut stream: UnixStream, bytes: &[u8]) -> String {
    // It may refuse before reading everything.
    let _ = stream.write_all(bytes);
    let mut said = Vec::new();
    // In that case the response ends in a reset.
    let _ = stream.read_to_end(&mut said);
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn an_import_beside_the_server_is_in_the_next_read_and_says_the_same_as_alone() {
    let (program, alone) = (Program::new(), Program::new());
    for one in [&program, &alone] {
        one.write(
            "spring.ics",
            calendar_of(&[CONCERT, QUIZ, QUIZ_MOVED, FAIR]),
        );
        one.run(&["seed"]).ok();
    }
    let serving = program.serve(&[]);
    feed(&serving);
    let rehearsal = ["--json", "import", "spring.ics", "--dry-run"];
    let rehearsed = program.run(&rehearsal).ok();
    assert_eq!(rehearsed.json(), alone.run(&rehearsal).ok().json());
    assert!(!feed(&serving).has("konsert-1@band.example"));
    let done = program.run(&["--json", "import", "spring.ics"]).ok();
    assert!(feed(&serving).has("konsert-1@band.example"));
    assert_eq!(
        done.json(),
        alone.run(&["--json", "import", "spring.ics"]).ok().json()
    );
    let again = ["import", "spring.ics"];
    assert_eq!(program.run(&again).ok().out, alone.run(&again).ok().out);
    let broken = calendar_of(&[FAIR, "UID:x|SUMMARY:Uten tid|DTSTART:en dag"]);
    for one in [&program, &alone] {
        one.write("broken.ics", &broken);
    }
    let broken = ["import", "broken.ics"];
    let (here, there) = (program.run(&broken), alone.run(&broken));
    assert_eq!((here.code, &here.out), (1, &there.out), "{}", here.err);
    assert!(nothing_is_left(&program));
    assert!(serving.stop().0.success());
}

#[test]
fn an_export_beside_the_server_equals_the_one_made_alone() {
    let program = Program::new();
    program.write("spring.ics", calendar_of(&[CONCERT, QUIZ, FAIR]));
    program.run(&["import", "spring.ics"]).ok();
    let forms = ["json", "ics", "csv", "ndjson"];
    let export = || forms.map(|form| program.run(&["export", "--format", form]).ok().out);
    let alone = export();
    let serving = program.serve(&[]);
    let beside = export();
    for ((form, alone), beside) in forms.iter().zip(alone).zip(beside) {
        assert!(alone.len() > 1_000, "{form}");
        assert!(alone == beside, "{form}");
    }
    program.write(
        "all.ndjson",
        program.run(&["export", "--format", "ndjson"]).ok().out,
    );
    let taken = program.run(&["--json", "import", "all.ndjson"]).ok().json();
    assert_eq!(
        (&taken["created"], &taken["updated"]),
        (&json!(0), &json!(0))
    );
    assert!(serving.stop().0.success());
}

#[test]
fn a_seed_beside_the_server_loads_what_has_changed_in_its_files() {
    let program = Program::new();
    let data = program.data_with("region.toml", "number = \"3420\"", "number = \"3420\"");
    let data_option = ["--data", data.to_str().unwrap()];
    let serving = program.serve(&data_option);
    let seed = || {
        program
            .run(&[&data_option[..], &["--json", "seed"]].concat())
            .ok()
    };
    assert_eq!(seed().json()["updated"], 0);
    let file = data.join("series.toml");
    let text = fs::read_to_string(&file).unwrap();
    let old = "Grundsetmart'n";
    assert!(text.contains(old));
    fs::write(&file, text.replace(old, "Grundsetmarkedet")).unwrap();
    assert!(seed().json()["updated"].as_u64().unwrap() > 0);
    let page = String::from_utf8(serving.get("/series")).unwrap();
    assert!(page.contains("Grundsetmarkedet"), "the next read has it");
    fs::write(&file, "series = 1").unwrap();
    let wrong = program
        .run(&[&data_option[..], &["seed"]].concat())
        .with_code(3);
    assert!(wrong.err.contains("series.toml"), "{}", wrong.err);
    let elsewhere = program.run(&["seed"]).with_code(3);
    assert!(elsewhere.err.contains("omit --data"), "{}", elsewhere.err);
    serving.get("/feeds/all.ics");
}

#[test]
fn failures_beside_the_server_are_those_of_the_command() {
    let program = Program::new();
    program.write("events.json", "{\"no\": \"list");
    program.run(&["seed"]).ok();
    let commands: [&[&str]; 3] = [
        &["import", "nowhere.ics"],
        &["import", "events.json"],
        &["import", "events.json", "--partner", "nobody"],
    ];
    let run = || commands.map(|command| program.run(command).with_code(3).err);
    let alone = run();
    let serving = program.serve(&[]);
    assert_eq!(run(), alone);
    for word in ["nowhere.ics", "events.json", "nobody"] {
        assert!(
            alone.iter().any(|alone| alone.contains(word)),
            "{word}: {alone:?}"
        );
    }
    assert!(serving.stop().0.success());
}

#[test]
fn a_caller_who_is_killed_or_goes_away_leaves_the_server_well_and_nothing_half() {
    let program = Program::new();
    let serving = program.serve(&[]);
    // Killed during its upload: the server never gets the whole file.
    let pipe = program.named_pipe("pipe.ics");
    let mut caller = program.start(&["import", "pipe.ics"]);
    let mut into = fs::File::options().write(true).open(&pipe).unwrap();
    let calendar = calendar_of(&[CONCERT, FAIR]);
    into.write_all(&calendar.as_bytes()[..calendar.len() / 2])
        .unwrap();
    let log = || fs::read_to_string(program.path("log")).unwrap();
    caller.kill().unwrap();
    caller.wait().unwrap();
    until(&serving, "its end is in the log", || {
        log().contains("ended a command")
    });
    assert!(!feed(&serving).has("konsert-1@band.example"));
    until(&serving, "its file is gone", || nothing_is_left(&program));
    // Disconnected after the request is complete: the command is still carried out.
    let mut stream = connect(&program);
    stream
        .write_all(&asking(&["import", "a.ics"], Some("a.ics")))
        .unwrap();
    stream.write_all(&part(calendar.as_bytes())).unwrap();
    stream.write_all(WHOLE).unwrap();
    drop(stream);
    until(&serving, "the events", || feed(&serving).has("messe"));
    assert!(feed(&serving).has("konsert-1@band.example"));
    // A client does not read a response that is larger than the socket buffers.
    let mut deaf = connect(&program);
    deaf.write_all(&asking(&["export"], None)).unwrap();
    program.run(&["export"]).ok();
    drop(deaf);
    until(&serving, "all is tidy", || nothing_is_left(&program));
    assert!(serving.stop().0.success());
    assert!(
        program
            .run(&["store", "check", "sled:store"])
            .ok()
            .out
            .contains("0 findings")
    );
}

#[test]
fn callers_who_come_together_are_all_served() {
    let program = Program::new();
    let serving = program.serve(&[]);
    let names: Vec<String> = (0..8).map(|n| format!("callers{n}.ics")).collect();
    for (n, name) in names.iter().enumerate() {
        let event = format!(
            "UID:caller-{n}|SUMMARY:Møte {n}|DTSTART:2027040{}T180000Z",
            n + 1
        );
        program.write(name, calendar_of(&[event.as_str()]));
    }
    std::thread::scope(|threads| {
        for name in &names {
            threads.spawn(|| program.run(&["import", name]).ok());
        }
        threads.spawn(|| program.run(&["export", "--format", "ndjson"]).ok());
    });
    let feed = feed(&serving);
    for n in 0..names.len() {
        assert!(feed.has(&format!("caller-{n}")), "{n}");
    }
    // Excess clients are refused, and later ones are served again.
    let silent: Vec<UnixStream> = (0..16).map(|_| connect(&program)).collect();
    let seventeenth = answer(connect(&program), b"");
    assert!(
        seventeenth.contains("already running 16 commands"),
        "{seventeenth}"
    );
    drop(silent);
    until(&serving, "a place", || program.run(&["seed"]).code == 0);
}

#[test]
fn nonsense_at_the_socket_is_refused_and_so_is_what_a_running_server_can_not_do() {
    let program = Program::new();
    let serving = program.serve(&[]);
    for arguments in [
        &["serve"][..],
        &[],
        &["restore", "all.backup"],
        &["store", "salvage", "sled:store"],
        &["completions", "bash"],
        &["nothing-of-the-kind"],
    ] {
        let said = answer(connect(&program), &asking(arguments, None));
        assert!(said.contains("\"failed\""), "{arguments:?}: {said}");
    }
    let newer = json!({"version": 999, "arguments": [], "data": null, "file": null});
    let said = answer(connect(&program), &line(&json!({ "ask": newer })));
    assert!(said.contains("another version"), "{said}");
    for bytes in [
        &b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"[..],
        &[b'[', 0xff, 0xff, 0xff, b'\n'],
        &vec![b'"'; 1 << 20],
        WHOLE,
        b"{\"ask\":[]}\n",
        b"{\"part\":\"no Base64\"}\n",
        &[
            &asking(&["import", "../../x"], Some("../../x"))[..],
            b"{}\n",
        ]
        .concat(),
    ] {
        let said = answer(connect(&program), bytes);
        assert!(said.contains("\"failed\""), "{bytes:?}: {said}");
    }
    assert!(!program.path("x").exists());
    serving.get("/feeds/all.ics");
    assert!(nothing_is_left(&program));
}

#[test]
fn the_socket_is_its_users_alone_goes_with_the_server_and_a_stale_one_is_replaced() {
    let program = Program::new();
    let socket = program.path("store/control");
    let mut serving = program.serve(&[]);
    for _ in 0..2 {
        let found = fs::symlink_metadata(&socket).unwrap();
        assert!(found.file_type().is_socket());
        assert_eq!(found.permissions().mode() & 0o777, 0o600);
        serving.signal("KILL");
        serving.ended();
        assert!(socket.exists(), "nobody removed it");
        program.run(&["seed"]).ok();
        serving = program.serve(&[]);
        program.run(&["seed"]).ok();
    }
    assert!(serving.stop().0.success());
    assert!(!socket.exists());
    program.run(&["seed"]).ok();
}

#[test]
#[ignore = "needs root"]
fn another_user_is_refused_by_the_system_and_by_the_server() {
    let program = Program::new();
    let serving = program.serve(&[]);
    let open = |path: &str, mode| {
        fs::set_permissions(program.path(path), Permissions::from_mode(mode)).unwrap();
    };
    open("", 0o711);
    open("store", 0o711);
    let nobody = || {
        let script = "my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die \"kept out: $!\"; \
            local $/; print <$s>";
        let ended = Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .args(["perl", "-MIO::Socket::UNIX", "-e", script])
            .arg(program.path("store/control"))
            .current_dir("/")
            .output()
            .unwrap();
        String::from_utf8([ended.stdout, ended.stderr].concat()).unwrap()
    };
    let refused = nobody();
    assert!(refused.contains("kept out: Permission denied"), "{refused}");
    open("store/control", 0o666);
    let refused = nobody();
    assert!(refused.contains("its own user"), "{refused}");
    assert!(refused.contains("failed"), "{refused}");
    serving.get("/health/ready");
}

#[test]
fn a_store_that_somebody_has_who_takes_no_commands_is_told_with_what_to_do() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    program.write("x.ics", calendar_of(&[CONCERT]));
    let path = program.path("store");
    let store = calendar_store::open(format!("sled:{}", path.display())).unwrap();
    for arguments in [&["seed"][..], &["export"], &["import", "x.ics"]] {
        let ended = program.run(arguments).with_code(3);
        assert!(ended.err.contains("in use by process"), "{}", ended.err);
        assert!(
            ended.err.contains("stop that program first"),
            "{}",
            ended.err
        );
        assert!(ended.out.is_empty(), "{}", ended.out);
    }
    drop(store);
    program.run(&["seed"]).ok();
}

#[test]
fn a_path_that_is_too_long_for_a_socket_is_none_for_the_calendar() {
    let program = Program::new();
    let deep = format!("sled:{}/store", "a-folder-with-a-long-name/".repeat(8));
    let serving = program.serve_bare(&["--store", &deep]);
    program.write("spring.ics", calendar_of(&[CONCERT]));
    program
        .run_bare(&["--store", &deep, "import", "spring.ics"])
        .ok();
    assert!(feed(&serving).has("konsert-1@band.example"));
    let socket = program
        .path(deep.trim_start_matches("sled:"))
        .join("control");
    assert!(Path::new(&socket).exists() && socket.as_os_str().len() > 200);
    assert!(serving.stop().0.success());
    assert!(!socket.exists());
}

#[test]
fn a_command_that_runs_when_the_server_is_told_to_stop_is_finished() {
    let program = Program::new();
    let serving = program.serve(&[]);
    let mut stream = connect(&program);
    let calendar = calendar_of(&[CONCERT]);
    stream
        .write_all(&asking(&["import", "a.ics"], Some("a.ics")))
        .unwrap();
    stream.write_all(&part(calendar.as_bytes())).unwrap();
    let began = Instant::now();
    until(&serving, "it has begun", || !nothing_is_left(&program));
    serving.signal("TERM");
    let stopped = Instant::now();
    while UnixStream::connect(program.path("store/control")).is_ok() {
        assert!(stopped.elapsed() < PATIENCE, "it takes no more commands");
        std::thread::yield_now();
    }
    let said = answer(stream, WHOLE);
    let messages = said.lines().map(|line| serde_json::from_str(line).unwrap());
    let messages: Vec<Value> = messages.collect();
    let printed = messages
        .iter()
        .filter_map(|message| message["part"].as_str());
    let printed: Vec<u8> = printed
        .flat_map(|printed| STANDARD.decode(printed).unwrap())
        .collect();
    let printed = String::from_utf8(printed).unwrap();
    assert_eq!(messages.last().unwrap(), &json!({"end": "done"}));
    assert!(printed.contains("1 new"), "{printed}");
    assert!(serving.ended().0.success());
    assert!(began.elapsed() < PATIENCE);
    assert!(
        program
            .run(&["export"])
            .ok()
            .out
            .contains("konsert-1@band.example")
    );
}

#[test]
fn partners_are_added_and_asked_beside_the_server_and_no_key_is_in_its_log() {
    let (program, source) = (Program::new(), Program::new());
    source.write("spring.ics", calendar_of(&[CONCERT]));
    source.run(&["import", "spring.ics"]).ok();
    let theirs = source.serve(&[]);
    let host = theirs.address.trim_start_matches("http://");
    let allowed = format!("[default.calendar.sync]\nallow_private = [\"{host}\"]\n");
    program.write("settings.toml", allowed);
    let serving = program.serve(&["--config", "settings.toml"]);
    let url = format!("{}/feeds/partner/import.ics", theirs.address);
    let add = ["partner", "add", "nabo", "--kind", "ics", "--url", &url];
    program.run(&add).ok();
    let listed = program.run(&["partner", "list"]).ok().out;
    assert!(listed.contains("nabo"), "{listed}");
    let ended = program.run(&["sync", "nabo"]).ok();
    assert!(ended.out.contains("1 new"), "{}", ended.out);
    assert!(
        feed(&serving).has("konsert-1@band.example"),
        "the next read has it"
    );
    let key = program.run(&["partner", "key", "nabo"]).ok().out;
    let key = key.split_whitespace().last().unwrap().to_owned();
    program.run(&["partner", "key", "--revoke", &key]).ok();
    assert!(serving.stop().0.success());
    let log = fs::read_to_string(program.path("log")).unwrap();
    assert!(log.contains("command=\"partner\""), "{log}");
    assert!(key.len() > 20 && !log.contains(&key), "{log}");
}
