//! The TypeScript client: its types, and the code of its README, which keeps a copy of the calendar.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use reqwest::blocking::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::program::Serving;
use crate::support::readers::{project, tool};
use crate::support::{Program, TestServer, event};

/// A copy of the client's folder with its dependencies, compiled.
struct Package(TempDir);

impl Package {
    fn built() -> Self {
        let source = project().join("clients/typescript");
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        for file in [
            "package.json",
            "tsconfig.json",
            "generate.mjs",
            "src/index.ts",
            "src/schema.ts",
        ] {
            fs::copy(source.join(file), folder.path().join(file)).unwrap();
        }
        symlink(
            tool("client/node_modules"),
            folder.path().join("node_modules"),
        )
        .unwrap();
        let package = Self(folder);
        package.run("node_modules/.bin/tsc", &[]);
        package
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    #[track_caller]
    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        let output = command.args(arguments).current_dir(self.0.path()).output();
        let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{program} {arguments:?}: {said}{errors}"
        );
        said
    }

    /// Compiles a code block of the README as a program, and returns its path.
    fn example(&self, fence: &str, name: &str, address: &str) -> String {
        let readme = fs::read_to_string(project().join("clients/typescript/README.md")).unwrap();
        let start = readme
            .find(&format!("```{fence}\n"))
            .expect("the README has the example");
        let code = readme[start..].split("```").nth(1).unwrap();
        let code = code.split_once('\n').unwrap().1;
        let code = code.replace("https://kalender.example.no", address);
        let file = format!("{name}.ts");
        fs::write(self.path(&file), code).unwrap();
        let options = [
            "--module", "NodeNext", "--target", "ES2022", "--strict", "--types", "node",
        ];
        let compiler = "node_modules/.bin/tsc";
        self.run(
            compiler,
            &[&options[..], &["--skipLibCheck", &file]].concat(),
        );
        format!("{name}.js")
    }
}

#[test]
fn the_types_of_the_client_are_those_of_the_description() {
    let app = TestServer::start();
    let package = Package::built();
    let document = app.program().get("/api/openapi.json").ok();
    fs::write(package.path("openapi.json"), document.body).unwrap();
    package.run("node", &["generate.mjs", "openapi.json", "made.ts"]);
    let made = fs::read_to_string(package.path("made.ts")).unwrap();
    let kept = fs::read_to_string(package.path("src/schema.ts")).unwrap();
    assert!(
        made == kept,
        "node clients/typescript/generate.mjs writes src/schema.ts anew"
    );
}

#[test]
fn the_first_example_of_the_readme_lists_events() {
    let app = TestServer::start();
    for day in 10..40 {
        let date = format!("2027-0{}-{:02}T18:00", 1 + day / 28, 1 + day % 28);
        event(&format!("Konsert {day}"))
            .under("music")
            .on(&date)
            .save(&app);
    }
    let package = Package::built();
    let program = package.example("ts", "read", app.address().as_str());
    let listed = package.run("node", &[&program]);
    // More than a page.
    assert!(listed.lines().count() >= 30, "{listed}");
    assert!(listed.contains("Konsert 39 "), "{listed}");
}

/// A process that is ended on drop.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Writes, changes and withdraws events by the partner interface until it is stopped.
struct Writers {
    stopped: Arc<AtomicBool>,
    /// Number of acknowledged writes.
    written: Arc<Mutex<usize>>,
    threads: Vec<JoinHandle<()>>,
}

impl Writers {
    fn start(address: &str, key: &str) -> Self {
        let (stopped, written) = (Arc::default(), Arc::default());
        let writer = |number: usize| {
            let (stopped, written) = (Arc::clone(&stopped), Arc::clone(&written));
            let events = format!("{address}/api/v1/partner/events");
            let key = key.to_owned();
            std::thread::spawn(move || write(number, &events, &key, &stopped, &written))
        };
        let threads = (0..4).map(writer).collect();
        Self {
            stopped,
            written,
            threads,
        }
    }

    fn stop(self) -> usize {
        self.stopped.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().unwrap();
        }
        *self.written.lock().unwrap()
    }
}

fn write(number: usize, events: &str, key: &str, stopped: &AtomicBool, written: &Mutex<usize>) {
    let client = Client::builder().no_proxy().build().unwrap();
    for step in 0.. {
        if stopped.load(Ordering::Relaxed) {
            return;
        }
        let url = format!("{events}/{number}-{}", step % 40);
        let request = if step % 7 == 6 {
            client.delete(&url)
        } else {
            let title = format!("Arrangement {number} {step}");
            let day = 1 + step % 28;
            let body = json!({"title": {"nb": title}, "start": format!("2027-06-{day:02}T18:00:00+02:00")});
            client.put(&url).json(&body)
        };
        // A request fails while the server is gone.
        match request.bearer_auth(key).send() {
            Ok(answer) if answer.status().is_success() => *written.lock().unwrap() += 1,
            // More than a partner may send in a minute.
            Ok(answer) if answer.status().as_u16() == 429 => sleep(Duration::from_millis(200)),
            Ok(answer) => assert_eq!(
                answer.status().as_u16(),
                404,
                "only what is not there cannot be deleted"
            ),
            Err(_) => sleep(Duration::from_millis(50)),
        }
    }
}

fn events_by_id(events: Vec<Value>) -> BTreeMap<String, Value> {
    let id = |event: &Value| event["id"].as_str().unwrap().to_owned();
    events
        .into_iter()
        .map(|event| (id(&event), event))
        .collect()
}

fn copy(file: &Path) -> BTreeMap<String, Value> {
    let text = fs::read(file).unwrap_or_default();
    let copy: Value = serde_json::from_slice(&text).unwrap_or_default();
    let events = copy["events"].as_object().cloned().unwrap_or_default();
    events_by_id(events.into_iter().map(|(_, event)| event).collect())
}

fn killed(program: &Program, serving: Serving, port: &str) -> Serving {
    serving.signal("KILL");
    let _ = serving.ended();
    program.serve(&["--port", port])
}

/// Four writers, two kills, and the program of the README: its copy equals the export. `MIRROR_SECONDS` is how long it takes,
/// 8 by default.
#[test]
fn the_readme_keeps_a_copy_while_writers_run_and_the_server_is_killed() {
    let seconds: u64 = std::env::var("MIRROR_SECONDS").map_or(8, |var| var.parse().unwrap());
    let program = Program::new();
    let settings = "[default.calendar]\nbase_url = \"https://kalender.example.no\"\n";
    program.write("Rocket.toml", settings);
    program.run(&["seed"]).ok();
    program
        .run(&["partner", "add", "club", "--kind", "interface"])
        .ok();
    let key = program.run(&["partner", "key", "club"]).ok().out;
    let key = key.split_whitespace().last().unwrap();
    let mut serving = program.serve(&[]);
    let address = serving.address.clone();
    let port = address.rsplit(':').next().unwrap();
    let package = Package::built();
    let mirror = package.example("ts mirror", "mirror", &address);
    let running = Command::new("node")
        .arg(&mirror)
        .env("SECONDS", "0.2")
        .current_dir(package.0.path())
        .stderr(Stdio::null())
        .spawn();
    let running = Running(running.unwrap());
    let writers = Writers::start(&address, key);
    for _ in 0..2 {
        sleep(Duration::from_secs(seconds) / 3);
        serving = killed(&program, serving, port);
    }
    sleep(Duration::from_secs(seconds) / 3);
    let written = writers.stop();
    let exported = program.run(&["export", "--format", "json"]).ok().json();
    let exported = events_by_id(exported.as_array().unwrap().clone());
    let latest = Instant::now() + Duration::from_secs(20);
    while copy(&package.path("copy.json")) != exported && Instant::now() < latest {
        sleep(Duration::from_millis(100));
    }
    drop(running);
    let copied = copy(&package.path("copy.json"));
    for (id, event) in &exported {
        assert_eq!(copied.get(id), Some(event), "{id}");
    }
    assert_eq!(copied.len(), exported.len());
    assert!(written > 20, "{written} writes in {seconds} seconds");
    println!(
        "{written} writes, {} events, equal to the export",
        exported.len()
    );
    drop(serving);
}
