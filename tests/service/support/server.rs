//! The real server in this process, with a port and store of its own.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use calendar_domain::Record;
use calendar_domain::clock::FixedClock;
use calendar_domain::zone::to_utc;
use calendar_store::{Author, Change, Commit, Committed, Store};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Europe::Oslo;
use elverum_calendar::catalog::{Calendar, Snapshot};
use elverum_calendar::config::{
    BusinessRegisterConfig, CalendarConfig, LimitsConfig, LoginConfig, MailConfig, SyncConfig,
};
use elverum_calendar::http::Fetcher;
use elverum_calendar::ingest::run::Runner;
use elverum_calendar::notify::Mailer;
use elverum_calendar::{seed, web};
use rocket::Shutdown;
use rocket::error::ErrorKind;
use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use rocket::tokio::runtime;
use tempfile::TempDir;
use url::Url;

use super::region;

/// Default start of tests, in local time: noon on a Sunday.
pub const TODAY: &str = "2026-11-22T12:00";
/// The public address, which feeds use whatever the port.
pub const BASE: &str = "https://kalender.example.no";

/// Returns the instant of a local time in the region.
pub fn instant(local: &str) -> DateTime<Utc> {
    to_utc(local_time(local), Oslo)
}

/// Parses a local time such as `2027-06-01T18:00`.
pub fn local_time(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The server under test. On drop it stops gracefully and its store is removed.
pub struct TestServer {
    clock: Arc<FixedClock>,
    folder: TempDir,
    config: CalendarConfig,
    // `None` only during a restart.
    running: Option<Running>,
}

/// One run of the server, from liftoff to its end.
struct Running {
    address: Url,
    calendar: Arc<Calendar>,
    shutdown: Shutdown,
    /// Method and address of each route.
    routes: Vec<String>,
    thread: JoinHandle<()>,
}

/// Settings of a server.
pub struct Builder {
    data: Option<PathBuf>,
    now: String,
    base_url: Option<Url>,
    limits: LimitsConfig,
    reaching: Vec<String>,
    mail: MailConfig,
    login: LoginConfig,
    register: Option<Url>,
}

impl Builder {
    /// Looks organisation numbers up at an address of this machine.
    pub fn with_register(mut self, url: &str) -> Self {
        let url: Url = url.parse().expect("an address");
        let port = url.port().expect("a port");
        self.reaching.push(format!("127.0.0.1:{port}"));
        self.register = Some(url);
        self
    }

    /// Sends mail by a mail server.
    pub fn with_mail(mut self, smtp: &str) -> Self {
        self.mail = MailConfig {
            smtp: Some(smtp.parse().expect("the address of a mail server")),
            from: Some(
                "Kalenderen i Elverum <kalender@example.no>"
                    .parse()
                    .expect("a sender"),
            ),
            ..MailConfig::default()
        };
        self
    }

    /// Lets people sign in with OpenID providers of this machine.
    pub fn with_login(mut self, login: LoginConfig) -> Self {
        let issuers = login.oidc.iter().map(|provider| provider.issuer.as_str());
        let hosts = issuers.filter_map(|issuer| issuer.strip_prefix("http://"));
        self.reaching.extend(hosts.map(str::to_owned));
        self.login = login;
        self
    }

    /// Permits requests to these private hosts and ports.
    pub fn reaching(mut self, hosts: Vec<String>) -> Self {
        self.reaching = hosts;
        self
    }

    /// Uses a region with municipalities, categories and audiences only.
    pub fn with_empty_region(mut self) -> Self {
        self.data = None;
        self
    }

    /// Sets the start, in local time.
    pub fn at(mut self, now: &str) -> Self {
        now.clone_into(&mut self.now);
        self
    }

    /// Uses the listening address as the public one.
    pub fn without_base_url(mut self) -> Self {
        self.base_url = None;
        self
    }

    /// Limits the number of stored filters, in total and per hour.
    pub fn keeping_filters(mut self, in_all: usize, an_hour: usize) -> Self {
        self.limits.stored_filters = in_all;
        self.limits.stored_filters_an_hour = an_hour;
        self
    }

    /// Limits the reads of the API a minute: per client, and per key.
    pub fn allowing_reads(mut self, of_client: u32, of_key: u32) -> Self {
        self.limits.api_requests_a_minute = of_client;
        self.limits.api_requests_a_minute_with_key = of_key;
        self
    }

    /// Starts the server. It accepts requests when this returns.
    pub fn start(self) -> TestServer {
        // For the tests' own HTTP client.
        elverum_calendar::http::choose_cryptography();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = CalendarConfig {
            store: format!("sled:{}", folder.path().join("store").display()).into(),
            base_url: self.base_url,
            limits: self.limits,
            mail: self.mail,
            login: self.login,
            business_register: BusinessRegisterConfig {
                enabled: self.register.is_some(),
                url: self
                    .register
                    .unwrap_or(BusinessRegisterConfig::default().url),
            },
            sync: SyncConfig {
                allow_private: self.reaching,
                ..SyncConfig::default()
            },
            ..CalendarConfig::default()
        };
        let clock = Arc::new(FixedClock::at(instant(&self.now)));
        let mut app = TestServer {
            clock,
            folder,
            config,
            running: None,
        };
        app.launch();
        match self.data {
            Some(folder) => {
                app.seed(&folder);
            }
            None => {
                app.commit(region::records());
            }
        }
        app
    }
}

impl TestServer {
    /// Starts a server with the shipped data files.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// Returns a builder with the defaults.
    pub fn builder() -> Builder {
        Builder {
            data: Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("data")),
            now: TODAY.to_owned(),
            base_url: Some(BASE.parse().expect("an address")),
            limits: LimitsConfig::default(),
            reaching: Vec::new(),
            mail: MailConfig::default(),
            login: LoginConfig::default(),
            register: None,
        }
    }

    fn launch(&mut self) {
        let store =
            calendar_store::open(&self.config.store).unwrap_or_else(|error| panic!("{error}"));
        let calendar = Calendar::open(store, self.clock.clone());
        let calendar = Arc::new(calendar.unwrap_or_else(|error| panic!("{error}")));
        let reaching = self.config.sync.allow_private.iter();
        let reaching = reaching.map(|reaching| reaching.parse().expect("a host and port"));
        let fetcher = Fetcher::new(reaching.collect(), 1 << 20, None);
        let runner = Runner::new(Arc::clone(&calendar), fetcher, None, variable);
        let mailer = Mailer::new(&self.config.mail, variable, false);
        let services = web::Services {
            calendar: Arc::clone(&calendar),
            runner: Arc::new(runner),
            backups: Arc::default(),
            delivery: web::OutgoingDelivery::On,
            mailer: Arc::new(mailer.expect("the settings are right")),
        };
        let (tell, told) = mpsc::channel();
        let ready = AdHoc::on_liftoff("tell the test", |rocket| {
            Box::pin(async move {
                let routes = rocket.routes();
                let routes = routes.map(|route| format!("{} {}", route.method, route.uri));
                let tidings = (rocket.config().port, rocket.shutdown(), routes.collect());
                tell.send(tidings).expect("the test waits for it");
            })
        });
        let server = web::build(figment(), &self.config, services).attach(ready);
        // Rocket's own runtime would read the machine's settings.
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let thread = std::thread::spawn(move || {
            let ended = runtime.block_on(async { server.launch().await.map(drop) });
            match ended.map_err(|error| {
                (
                    error.to_string(),
                    matches!(error.kind(), ErrorKind::Shutdown(_, None)),
                )
            }) {
                // A client that keeps its connection too long is not the server's fault.
                Ok(()) | Err((_, true)) => {}
                Err((error, false)) => panic!("{error}"),
            }
        });
        let (port, shutdown, routes) = told.recv().expect("the server lifts off");
        let address = Url::parse(&format!("http://127.0.0.1:{port}/")).expect("an address");
        self.running = Some(Running {
            address,
            calendar,
            shutdown,
            routes,
            thread,
        });
    }

    fn running(&self) -> &Running {
        self.running
            .as_ref()
            .expect("the server runs until it is dropped")
    }

    /// Returns the listening address.
    pub fn address(&self) -> &Url {
        &self.running().address
    }

    /// Returns method and address of each route.
    pub fn routes(&self) -> &[String] {
        &self.running().routes
    }

    /// Returns the served calendar.
    pub fn calendar(&self) -> &Arc<Calendar> {
        &self.running().calendar
    }

    /// Returns the current snapshot.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.calendar().snapshot()
    }

    /// Returns the number of the last commit.
    pub fn commit_number(&self) -> u64 {
        self.calendar().head().number.0
    }

    /// Returns the server's folder, which is removed with it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the server's current time.
    pub fn now(&self) -> DateTime<Utc> {
        use calendar_domain::clock::Clock;
        self.clock.now()
    }

    /// Advances the clock.
    pub fn wait(&self, time: TimeDelta) {
        self.clock.set(self.now() + time);
    }

    /// Sets the clock to a local time and updates the calendar. Returns true if a new day began.
    pub fn turn_to(&self, local: &str) -> bool {
        self.clock.set(instant(local));
        self.calendar().advance()
    }

    /// Loads the region's files, as `serve` and `seed` do. Returns the number of changed records.
    pub fn seed(&self, folder: &Path) -> usize {
        let today = &calendar_domain::clock::Clock::today(&*self.clock, Oslo);
        let year = chrono::Datelike::year(today);
        let report = seed::apply(&**self.calendar(), folder, self.now(), &(year..=year + 1));
        let report = report.unwrap_or_else(|error| panic!("{error}"));
        self.calendar().advance();
        report.created + report.updated
    }

    /// Puts records unconditionally.
    pub fn commit(&self, records: Vec<Record>) -> Committed {
        let changes = records.into_iter().map(Change::put).collect();
        self.commit_changes(changes)
    }

    /// Makes a commit with the current time.
    pub fn commit_changes(&self, changes: Vec<Change>) -> Committed {
        let commit = Commit {
            author: Author::Operator,
            at: self.now(),
            note: "a test".into(),
            changes,
        };
        self.calendar()
            .commit(commit)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// Restarts the server on the same store.
    pub fn restart(&mut self) {
        self.end();
        self.launch();
    }

    /// Backs up the store of the running server.
    pub fn backup(&self) -> PathBuf {
        let file = self.folder().join("calendar.backup");
        let made = calendar_store::backup(&self.config.store, &file);
        let _ = made.unwrap_or_else(|error| panic!("{error}"));
        file
    }

    /// Stops the server, replaces its store by a backup, and starts it.
    pub fn restore(&mut self, file: &Path) {
        self.end();
        let how = calendar_store::Restoring {
            replace: true,
            ..calendar_store::Restoring::default()
        };
        let restored = calendar_store::restore(&self.config.store, file, &how);
        let _ = restored.unwrap_or_else(|error| panic!("{error}"));
        self.launch();
    }

    fn end(&mut self) {
        if let Some(Running {
            shutdown,
            thread,
            calendar,
            ..
        }) = self.running.take()
        {
            shutdown.notify();
            // The server and this hold the calendar; the store closes when both are dropped.
            drop(calendar);
            if thread.join().is_err() && !std::thread::panicking() {
                panic!("the server ended badly");
            }
        }
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.end();
    }
}

/// Returns environment variables: a partner's secret, a wrong one, and that of a real server of
/// `tests/peers/run`.
fn variable(name: &str) -> Option<String> {
    if name == "PEER_SECRET" {
        return std::env::var(name).ok();
    }
    if let Some(secret) = super::openid::variable(name) {
        return Some(secret);
    }
    let secrets = [("PARTNER_SECRET", "abcd efgh"), ("WRONG_SECRET", "wrong")];
    let found = secrets.iter().find(|secret| secret.0 == name);
    found.map(|secret| secret.1.to_owned())
}

/// Returns Rocket's configuration: a free port, no log.
fn figment() -> Figment {
    Figment::from(rocket::Config::debug_default())
        .merge(("port", 0))
        .merge(("workers", 2))
        .merge(("log_level", "off"))
        // Kept connections would delay the shutdown.
        .merge(("keep_alive", 0))
        .merge(("shutdown.grace", 1))
        .merge(("shutdown.mercy", 9))
        .merge(("shutdown.ctrlc", false))
}
