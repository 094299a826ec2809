//! The built program, with a folder and store of its own.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

use tempfile::TempDir;

/// A user of the command line. The folder and its store are removed on drop.
pub struct Program {
    folder: TempDir,
    environment: Vec<(&'static str, String)>,
    open_files: Option<u32>,
    built_as: PathBuf,
    sees_connections: bool,
    has_data: bool,
}

/// Runs a program with a seccomp filter, under which socket(AF_NETLINK, …) fails with EAFNOSUPPORT as under
/// systemd's RestrictAddressFamilies=. The filter loads the call's number; for socket, the first argument; for
/// 16, it returns error 97; otherwise it allows the call.
const REFUSE_NETLINK: &str = r#"
import ctypes, os, platform, struct, sys
socket = {"x86_64": 41, "aarch64": 198}[platform.machine()]
steps = [(0x20, 0, 0, 0), (0x15, 0, 2, socket), (0x20, 0, 0, 16), (0x15, 1, 0, 16),
         (0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050000 | 97)]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
filter = ctypes.create_string_buffer(struct.pack("H6xQ", len(steps), ctypes.addressof(code)))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, filter) == 0, os.strerror(ctypes.get_errno())
os.execv(sys.argv[1], sys.argv[1:])
"#;

/// A finished command.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// Asserts success.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.with_code(0)
    }

    /// Asserts an exit code.
    #[track_caller]
    pub fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self
    }

    /// Returns the output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// Returns the folder of the shipped data files.
pub fn own_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

impl Program {
    /// Creates a new folder.
    pub fn new() -> Self {
        // For the tests' own HTTP client.
        elverum_calendar::http::choose_cryptography();
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            environment: Vec::new(),
            open_files: None,
            built_as: PathBuf::from(env!("CARGO_BIN_EXE_elverum-calendar")),
            sees_connections: true,
            has_data: true,
        }
    }

    /// Uses another binary.
    pub fn built_as(mut self, path: PathBuf) -> Self {
        self.built_as = path;
        self
    }

    /// Sets environment variables.
    pub fn with_environment(
        mut self,
        variables: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        self.environment.extend(variables);
        self
    }

    /// Limits the number of open files.
    pub fn with_open_files(mut self, most: u32) -> Self {
        self.open_files = Some(most);
        self
    }

    /// Denies netlink, with which connections are listed.
    pub fn without_netlink(mut self) -> Self {
        self.sees_connections = false;
        self
    }

    /// Names no data files.
    pub fn without_data(mut self) -> Self {
        self.has_data = false;
        self
    }

    /// Returns a path in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Creates a named pipe in its folder. Returns its path.
    #[track_caller]
    pub fn named_pipe(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        let made = Command::new("mkfifo").arg(&path).status();
        assert!(made.expect("mkfifo runs").success());
        path
    }

    /// Writes a file to its folder.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("a file in a temporary folder");
        path
    }

    /// Copies the shipped data files, with one replacement in a file.
    pub fn data_with(&self, file: &str, from: &str, to: &str) -> PathBuf {
        let folder = self.path("data");
        fs::create_dir(&folder).expect("a folder in a temporary folder");
        for entry in fs::read_dir(own_data()).expect("the data files can be listed") {
            let path = entry.expect("the data files can be listed").path();
            let text = fs::read_to_string(&path).expect("a data file can be read");
            let name = path.file_name().expect("a file has a name");
            let text = if name == file {
                assert!(text.contains(from), "{file} does not say {from:?}");
                text.replacen(from, to, 1)
            } else {
                text
            };
            fs::write(folder.join(name), text).expect("a file in a temporary folder");
        }
        folder
    }

    /// Returns a command in its folder, without a Rocket.toml and without settings from the environment.
    fn bare_command(&self, arguments: &[&str]) -> Command {
        let program = &self.built_as;
        let mut command = match self.open_files {
            Some(most) => {
                let mut command = Command::new("prlimit");
                command.arg(format!("--nofile={most}:{most}")).arg(program);
                command
            }
            None if !self.sees_connections => {
                let mut command = Command::new("python3");
                command.args(["-c", REFUSE_NETLINK]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.current_dir(self.folder.path());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROCKET_")) {
            command.env_remove(name);
        }
        command.env_remove("RUST_LOG");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if self.has_data && !arguments.contains(&"--data") {
            command.arg("--data").arg(own_data());
        }
        command.args(arguments).stdin(Stdio::null());
        command
    }

    /// Does the same with a store.
    fn command(&self, arguments: &[&str]) -> Command {
        self.bare_command(&[&["--store", "sled:store"], arguments].concat())
    }

    /// Returns a command with arguments that need not be UTF-8, without a store.
    pub fn raw_command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = self.bare_command(&[]);
        command.args(arguments);
        command
    }

    /// Runs the program through a shell with umask 0.
    pub fn with_open_umask(self) -> Self {
        let program = self.built_as.display().to_string();
        let script = self.write(
            "open-umask",
            format!("#!/bin/sh\numask 000\nexec '{program}' \"$@\"\n"),
        );
        fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).expect("our own file");
        self.built_as(script)
    }

    /// Runs a command without a store option.
    #[track_caller]
    pub fn run_bare(&self, arguments: &[&str]) -> Ended {
        ended(self.bare_command(arguments))
    }

    /// Runs a command.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Ended {
        let output = self
            .command(arguments)
            .output()
            .expect("the program starts");
        Ended {
            code: output.status.code().expect("the program ends by itself"),
            out: String::from_utf8(output.stdout).expect("its output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("its errors are UTF-8"),
        }
    }

    /// Runs a command with bytes on standard input.
    #[track_caller]
    pub fn pipe(&self, arguments: &[&str], bytes: impl AsRef<[u8]>) -> Ended {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("the program starts");
        let mut input = process.stdin.take().expect("its input is piped");
        let bytes = bytes.as_ref().to_vec();
        let writing = std::thread::spawn(move || {
            // A program that fails may not read to the end.
            let _ = input.write_all(&bytes);
        });
        let output = process.wait_with_output().expect("it can be waited for");
        writing.join().expect("writing does not panic");
        Ended {
            code: output.status.code().expect("the program ends by itself"),
            out: String::from_utf8(output.stdout).expect("its output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("its errors are UTF-8"),
        }
    }

    /// Starts a command without waiting.
    #[track_caller]
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("the program starts")
    }

    /// Starts a command with piped output.
    #[track_caller]
    pub fn start_piped(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        command.spawn().expect("the program starts")
    }

    /// Runs a command on a terminal. Returns its exit code and the terminal's output.
    #[track_caller]
    pub fn run_on_terminal(&self, arguments: &[&str]) -> (i32, String) {
        let command = self.command(arguments);
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        let quoted = words.map(|word| format!("'{}'", word.to_string_lossy()));
        let line = quoted.collect::<Vec<_>>().join(" ");
        let mut terminal = Command::new("script");
        terminal.args(["-q", "-e", "-c", &line, "/dev/null"]);
        terminal
            .current_dir(self.folder.path())
            .env("TERM", "xterm");
        let ended = terminal.stdin(Stdio::null()).output();
        let ended = ended.expect("script is there");
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        (ended.status.code().expect("it ends by itself"), said)
    }

    /// Serves on a free port. Listens when this returns.
    #[track_caller]
    pub fn serve(&self, arguments: &[&str]) -> Serving {
        self.serve_bare(&[&["--store", "sled:store"], arguments].concat())
    }

    /// Does the same without a store option.
    #[track_caller]
    pub fn serve_bare(&self, arguments: &[&str]) -> Serving {
        let log = self.path("log");
        let errors = File::create(&log).expect("a file in a temporary folder");
        let port: &[&str] = if arguments.contains(&"--port") {
            &[]
        } else {
            &["--port", "0"]
        };
        let arguments = [port, arguments].concat();
        let mut command = self.bare_command(&arguments);
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(process.stdout.take().expect("its output is piped"));
        let mut first = String::new();
        lines.read_line(&mut first).expect("its output can be read");
        let Some(address) = first.strip_prefix("listening on ") else {
            let said = fs::read_to_string(&log).unwrap_or_default();
            panic!("the first line is {first:?}; {said}");
        };
        let address = address.trim_end().to_owned();
        Serving {
            process,
            lines,
            address,
        }
    }
}

#[track_caller]
fn ended(mut command: Command) -> Ended {
    let output = command.output().expect("the program starts");
    Ended {
        code: output.status.code().expect("the program ends by itself"),
        out: String::from_utf8(output.stdout).expect("its output is UTF-8"),
        err: String::from_utf8(output.stderr).expect("its errors are UTF-8"),
    }
}

/// The serving program, stopped on drop.
pub struct Serving {
    process: Child,
    lines: BufReader<ChildStdout>,
    /// The address, `http://127.0.0.1:PORT`.
    pub address: String,
}

impl Serving {
    /// Requests a path. Returns the body.
    #[track_caller]
    pub fn get(&self, path: &str) -> Vec<u8> {
        let url = format!("{}{path}", self.address);
        let answer = reqwest::blocking::get(&url).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(answer.status().as_u16(), 200, "{url}");
        answer
            .bytes()
            .unwrap_or_else(|error| panic!("{error}"))
            .to_vec()
    }

    /// Sends an empty form to a path. Returns the status.
    #[track_caller]
    pub fn post(&self, path: &str) -> u16 {
        let client = reqwest::blocking::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build();
        let answer =
            client.and_then(|client| client.post(format!("{}{path}", self.address)).send());
        let answer = answer.unwrap_or_else(|error| panic!("{error}"));
        answer.status().as_u16()
    }

    /// Returns host and port.
    pub fn host(&self) -> &str {
        self.address.trim_start_matches("http://")
    }

    /// Returns the process id.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        let asked = Command::new("kill")
            .args([&format!("-{name}"), &self.process.id().to_string()])
            .status();
        assert!(asked.expect("kill is there").success());
    }

    /// Sends SIGTERM and waits for the exit. Returns the status and the remaining output.
    pub fn stop(self) -> (ExitStatus, String) {
        self.signal("TERM");
        self.ended()
    }

    /// Waits for the exit. Returns the status and the remaining output.
    pub fn ended(mut self) -> (ExitStatus, String) {
        let mut said = String::new();
        self.lines
            .read_to_string(&mut said)
            .expect("its output can be read");
        (self.process.wait().expect("it can be waited for"), said)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Both fail if it has already exited.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
