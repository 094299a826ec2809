//! The log on standard error: text for people, or one JSON object per line.
//!
//! Panics are logged as errors. Lines contain no paths of the build machine, and addresses of clients and people only
//! shortened.

use std::fmt::{self, Write as _};
use std::io::{self, IsTerminal};
use std::panic::{self, PanicHookInfo};

use serde::ser::{SerializeMap, Serializer as _};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::LogFormat;
use calendar_domain::shortening::without_addresses;

/// Default filter. Rocket logs errors only.
const BASE: &str = "info,rocket=error,sled=warn";

/// Parsers of HTML. At the levels below `info` they log what they read: what people typed.
const PARSERS: [&str; 2] = ["html5ever", "markup5ever"];

/// Returns true if a line contains nothing that a parser reads, whatever `RUST_LOG` asks for.
fn is_without_content(line: &Metadata<'_>) -> bool {
    let module = line.target().split("::").next();
    *line.level() <= Level::INFO || !module.is_some_and(|name| PARSERS.contains(&name))
}

/// Starts logging to standard error. `RUST_LOG` adds to the default filter, as in `RUST_LOG=debug`.
pub fn start(format: LogFormat) {
    let chosen = std::env::var("RUST_LOG").unwrap_or_default();
    let parsed = EnvFilter::try_new(format!("{BASE},{chosen}"));
    let refused = parsed.as_ref().err().map(ToString::to_string);
    let filter = parsed.unwrap_or_else(|_| EnvFilter::new(BASE));
    // Rocket and its macros log each 404 and each failed guard under targets with this suffix; the request log covers
    // them.
    let wants_rocket = chosen.contains("rocket");
    let about_requests = filter_fn(move |value| wants_rocket || !value.target().ends_with("::_"));
    let registry = tracing_subscriber::registry()
        .with(filter)
        .with(about_requests)
        .with(filter_fn(is_without_content));
    let lines = tracing_subscriber::fmt::layer().with_writer(|| ShortenedLines(std::io::stderr()));
    // A second start in one process keeps the first log.
    let started = match format {
        LogFormat::Json => registry.with(lines.event_format(JsonLine)).try_init(),
        LogFormat::Text => {
            let lines = lines.with_ansi(std::io::stderr().is_terminal());
            registry.with(lines.with_target(false)).try_init()
        }
    };
    if started.is_err() {
        return;
    }
    if chosen.is_empty() {
        // Fast path: Rocket writes several lines per request, all of which the filter would discard.
        log::set_max_level(log::LevelFilter::Warn);
    }
    log_panics();
    if let Some(error) = refused {
        tracing::warn!(%error, "ignored RUST_LOG");
    }
}

fn log_panics() {
    let otherwise = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if tracing::enabled!(tracing::Level::ERROR) {
            log_panic(panic);
        } else {
            otherwise(panic);
        }
    }));
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let payload = panic.payload();
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let message = text.unwrap_or("without a message");
    let place = panic.location().map(|location| {
        let file = without_machine(location.file());
        format!("{file}:{}:{}", location.line(), location.column())
    });
    let thread = std::thread::current();
    // Captured only if `RUST_BACKTRACE` is set.
    let backtrace = std::backtrace::Backtrace::capture();
    let captured = backtrace.status() == std::backtrace::BacktraceStatus::Captured;
    tracing::error!(
        panic = message,
        place,
        thread = thread.name(),
        backtrace = captured.then(|| tracing::field::display(&backtrace)),
        "a thread panicked"
    );
}

/// Strips the build machine's directories from the path of a source file.
fn without_machine(file: &str) -> &str {
    let registry = file.split_once("/registry/src/");
    let package = registry.and_then(|(_, rest)| rest.split_once('/'));
    let library = || file.split_once("/library/");
    let rest = package.or_else(library).map_or(file, |(_, rest)| rest);
    if rest.starts_with('/') {
        rest.rsplit('/').next().unwrap_or(rest)
    } else {
        rest
    }
}

/// Writes lines with every network address and mail address in them shortened, whoever logs them: also dependencies.
struct ShortenedLines<W>(W);

impl<W: io::Write> io::Write for ShortenedLines<W> {
    /// Takes whole lines: the subscriber writes each at once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(line) {
            Ok(text) => self.0.write_all(without_addresses(text).as_bytes())?,
            Err(_) => self.0.write_all(line)?,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Formats an event as an object: `timestamp`, `level`, its fields with `message`, and `target`.
struct JsonLine;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        let mut fields = Fields::default();
        event.record(&mut fields);
        let line = json_line(&time, event, &fields).map_err(|_| fmt::Error)?;
        writeln!(writer, "{line}")
    }
}

fn json_line(time: &str, event: &Event<'_>, fields: &Fields) -> Result<String, serde_json::Error> {
    let mut line = Vec::new();
    let mut out = serde_json::Serializer::new(&mut line);
    let mut map = out.serialize_map(None)?;
    map.serialize_entry("timestamp", time)?;
    map.serialize_entry("level", event.metadata().level().as_str())?;
    for (name, value) in &fields.fields {
        map.serialize_entry(name, value)?;
    }
    let target = fields.target.as_deref();
    map.serialize_entry("target", target.unwrap_or(event.metadata().target()))?;
    map.end()?;
    Ok(String::from_utf8_lossy(&line).into_owned())
}

/// The fields of an event.
#[derive(Default)]
struct Fields {
    fields: Vec<(&'static str, serde_json::Value)>,
    /// The target of an event from the `log` crate.
    target: Option<String>,
}

impl Fields {
    fn put(&mut self, field: &Field, value: serde_json::Value) {
        match field.name() {
            "log.target" => self.target = value.as_str().map(str::to_owned),
            // File, line and module on the machine that built the dependency.
            name if name.starts_with("log.") => {}
            name => self.fields.push((name, value)),
        }
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let mut text = String::new();
        // Fails only if the value's own formatting does.
        let _ = write!(text, "{value:?}");
        self.put(field, text.into());
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Captured lines of the log.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(log: impl FnOnce()) -> Vec<serde_json::Value> {
        let lines = Lines::default();
        let writer = lines.clone();
        let layer = tracing_subscriber::fmt::layer()
            .event_format(JsonLine)
            .with_writer(move || ShortenedLines(writer.clone()));
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::with_default(subscriber, log);
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let parse = |line: &str| serde_json::from_str(line).expect(line);
        text.lines().map(parse).collect()
    }

    #[test]
    fn an_event_is_one_object_with_its_fields_as_they_are() {
        let text = "quotes \" and\nlines";
        let lines = logged(|| {
            let error = io::Error::other(text);
            tracing::info!(count = 3_u64, ok = true, %error, "a {} message", text);
        });
        let [line] = &lines[..] else {
            panic!("{lines:?}")
        };
        assert_eq!(line["level"], "INFO");
        assert_eq!(line["message"], format!("a {text} message"));
        assert_eq!(line["error"], text);
        assert_eq!((&line["count"], &line["ok"]), (&3.into(), &true.into()));
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
        assert!(line["target"].as_str().unwrap().contains("log"));
    }

    #[test]
    fn no_line_contains_an_address_of_a_client_or_person() {
        let lines = logged(|| {
            let peer: std::net::SocketAddr = "203.0.113.77:51234".parse().unwrap();
            tracing::warn!(%peer, to = "kari@example.org", "refused 2001:db8:1:2::3");
        });
        assert_eq!(lines[0]["peer"], "203.0.113.0/24:51234");
        assert_eq!(lines[0]["to"], "k…@example.org");
        assert_eq!(lines[0]["message"], "refused 2001:db8:1::/48");
    }

    #[test]
    fn no_line_of_a_parser_has_what_it_reads_whatever_is_asked_for() {
        let lines = Lines::default();
        let writer = lines.clone();
        let layer = tracing_subscriber::fmt::layer().with_writer(move || writer.clone());
        let subscriber = tracing_subscriber::registry()
            .with(EnvFilter::new(format!("{BASE},trace,html5ever=trace")))
            .with(filter_fn(is_without_content))
            .with(layer);
        tracing::subscriber::with_default(subscriber, || {
            tracing::debug!(target: "html5ever::tokenizer", "typed one");
            tracing::trace!(target: "markup5ever", "typed two");
            tracing::warn!(target: "html5ever::tree_builder", "a fault");
            tracing::debug!(target: "html5ever_of_others", "another crate");
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert!(!text.contains("typed"), "{text}");
        assert!(
            text.contains("a fault") && text.contains("another crate"),
            "{text}"
        );
    }

    #[test]
    fn a_panic_is_one_line_that_names_its_place_in_the_project() {
        log_panics();
        let lines = logged(|| {
            let caught = panic::catch_unwind(|| panic!("on purpose"));
            assert!(caught.is_err());
        });
        drop(panic::take_hook());
        let [line] = &lines[..] else {
            panic!("{lines:?}")
        };
        assert_eq!(line["level"], "ERROR");
        assert_eq!(line["panic"], "on purpose");
        let place = line["place"].as_str().unwrap();
        assert!(place.starts_with("src/cli/log.rs:"), "{place}");
    }

    #[test]
    fn a_place_says_nothing_of_the_machine_that_built_it() {
        for (file, expected) in [
            ("src/cli/log.rs", "src/cli/log.rs"),
            (
                "/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/sled-0.34.7/src/lib.rs",
                "sled-0.34.7/src/lib.rs",
            ),
            (
                "/rustc/0123/library/core/src/option.rs",
                "core/src/option.rs",
            ),
            ("/home/builder/project/src/x.rs", "x.rs"),
        ] {
            assert_eq!(without_machine(file), expected);
        }
    }
}
