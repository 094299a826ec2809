//! `/metrics`: metrics in Prometheus's text format 0.0.4.
//!
//! Counting a request is one atomic addition in a table of routes and statuses, which is built at liftoff. The text is
//! written per request. To add a metric: one function that writes it, and one line in [`show_metrics`].

mod answers;
mod backups;
mod keys;
mod text_format;

use std::sync::Arc;

use rocket::http::{ContentType, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::{Orbit, Request, Rocket, get, routes};

use crate::catalog::Calendar;
use crate::feeds::{FeedFigures, Feeds};
use crate::ingest::run::{Complaint, Health, PartnerHealth, Runner};
use crate::notify::MailStats;
use crate::retention::{RetainedKind, Retention};
use calendar_domain::zone_database;
use calendar_store::{SYNC_BOUNDS, Store, StoreStats};

use super::operator::{ExactPath, Operator};
use super::policy::{Policy, PolicyRoute};
use super::problem::Problem;
use super::{OutgoingDelivery, connection_limits};

pub use answers::{Answers, Learn};
pub use backups::BackupStats;
pub use keys::{KeyRefusal, RefusedKeys};
use text_format::{head, line, one};

fn write_store(out: &mut String, figures: &StoreStats, is_writable: bool) {
    let StoreStats {
        commits,
        refused,
        syncs,
        sync_time,
        sync_classes,
        journal_bytes,
        snapshot_bytes,
    } = figures;
    one(
        out,
        "commits_total",
        "counter",
        "Commits since the start.",
        commits,
    );
    let help = "Commits that failed to reach the disk, since the start.";
    one(out, "commits_refused_total", "counter", help, refused);
    let name = "journal_sync_seconds";
    head(
        out,
        name,
        "histogram",
        "Times of writing to the journal and syncing it.",
    );
    let bucket = format!("{name}_bucket");
    for (bound, count) in SYNC_BOUNDS.iter().zip(sync_classes) {
        line(
            out,
            &bucket,
            &format!("le=\"{}\"", bound.as_secs_f64()),
            count,
        );
    }
    line(out, &bucket, "le=\"+Inf\"", syncs);
    line(out, &format!("{name}_sum"), "", sync_time.as_secs_f64());
    line(out, &format!("{name}_count"), "", syncs);
    let help = "Bytes of commits in the journal after its snapshot.";
    one(out, "journal_bytes", "gauge", help, journal_bytes);
    let help = "Bytes of the journal's snapshot.";
    one(out, "journal_snapshot_bytes", "gauge", help, snapshot_bytes);
    let help = "1 while the store accepts commits, 0 while it refuses them.";
    one(out, "store_writable", "gauge", help, u8::from(is_writable));
}

fn write_catalog(out: &mut String, calendar: &Calendar) {
    let snapshot = calendar.snapshot();
    let help = "Published events in the catalog.";
    one(out, "catalog_events", "gauge", help, snapshot.event_count());
    let help = "Published events that are left out because they cannot be shown.";
    let skipped = snapshot.skipped().count();
    one(out, "catalog_events_skipped", "gauge", help, skipped);
    let help = "Seconds for which the catalog has lagged behind the store.";
    let lag = calendar.lag().unwrap_or_default().as_secs_f64();
    one(out, "catalog_lag_seconds", "gauge", help, lag);
    let help = "The last commit in the catalog.";
    one(
        out,
        "catalog_commit",
        "gauge",
        help,
        snapshot.version().commit,
    );
}

fn write_feeds(out: &mut String, figures: FeedFigures) {
    let FeedFigures {
        asked,
        made,
        followed,
        kept,
        bytes,
    } = figures;
    let help = "Requested feeds.";
    one(out, "feeds_asked_total", "counter", help, asked);
    let help = "Feeds rendered in full; the others were cached or updated.";
    one(out, "feeds_made_total", "counter", help, made);
    let help = "Cached feeds updated with the changed events.";
    one(out, "feeds_followed_total", "counter", help, followed);
    one(out, "feeds_kept", "gauge", "Cached feeds.", kept);
    let help = "Bytes of cached feeds and their fragments.";
    one(out, "feeds_bytes", "gauge", help, bytes);
}

/// Name, help text and value of a metric per partner.
type Gauge = (
    &'static str,
    &'static str,
    fn(&PartnerHealth) -> Option<i64>,
);

fn write_partners(out: &mut String, health: &Health) {
    let all = health.all();
    let gauges: [Gauge; 4] = [
        (
            "partner_good_timestamp_seconds",
            "Time of a partner's last successful run, in Unix time.",
            |value| value.good_at.map(|at| at.timestamp()),
        ),
        (
            "partner_failures",
            "Failed runs of a partner since then.",
            |value| Some(value.failures.into()),
        ),
        (
            "partner_events",
            "Events in a partner's last complete response.",
            |value| {
                value
                    .counts
                    .back()
                    .and_then(|(_, count)| (*count).try_into().ok())
            },
        ),
        (
            "partner_quarantined",
            "1 while a partner is quarantined because its response looks implausible.",
            |value| Some(matches!(value.complaint, Some(Complaint::Quarantined(_))).into()),
        ),
    ];
    for (name, help, value) in gauges {
        head(out, name, "gauge", help);
        for (partner, health) in &all {
            if let Some(value) = value(health) {
                line(out, name, &format!("partner=\"{partner}\""), value);
            }
        }
    }
}

/// Writes open files, as connections count towards their limit.
#[cfg(target_os = "linux")]
fn write_process(out: &mut String) {
    use rustix::process::{Resource, getrlimit};
    let limit = getrlimit(Resource::Nofile).current;
    // Listing the directory opens one more file and fails if the limit is reached.
    let open = std::fs::read_dir("/proc/self/fd").map(|open| open.count() as u64 - 1);
    if let Some(open) = open.ok().or(limit) {
        let help = "Open files; each connection is one.";
        one(out, "open_files", "gauge", help, open);
    }
    if let Some(limit) = limit {
        let help = "Maximum number of open files; beyond it, connections wait.";
        one(out, "open_files_limit", "gauge", help, limit);
    }
}

#[cfg(not(target_os = "linux"))]
fn write_process(_: &mut String) {}

fn write_connections(out: &mut String, figures: &connection_limits::ConnectionStats) {
    let enforcing = figures.enforcing();
    let help = "1 while idle and slow connections are closed, 0 if disabled or not supported by the system.";
    one(
        out,
        "connections_guarded",
        "gauge",
        help,
        u8::from(enforcing),
    );
    if !enforcing {
        return;
    }
    let help = "Client connections, at most a second ago.";
    one(out, "connections", "gauge", help, figures.open());
    let name = "connections_closed_total";
    let help = "Connections closed by a limit, by limit.";
    head(out, name, "counter", help);
    for (reason, count) in figures.closed() {
        line(out, name, &format!("reason=\"{}\"", reason.name()), count);
    }
}

fn write_zones(out: &mut String, calendar: &Calendar) {
    let version = zone_database::VERSION;
    let name = "time_zone_database_info";
    let help = "The version of the IANA time zone database in the program.";
    head(out, name, "gauge", help);
    line(out, name, &format!("version=\"{version}\""), 1);
    let today = calendar.clock().now().date_naive();
    let is_outdated = zone_database::is_outdated(version, today);
    let name = "time_zone_database_outdated";
    let help = "1 if the time zone database is more than a year old.";
    one(out, name, "gauge", help, u8::from(is_outdated));
}

fn write_delivery(out: &mut String, delivery: OutgoingDelivery) {
    let help = "0 if the server was started with --no-delivery, else 1.";
    let is_on = delivery == OutgoingDelivery::On;
    one(out, "delivery_enabled", "gauge", help, u8::from(is_on));
}

fn write_mail(out: &mut String, stats: &MailStats) {
    let name = "mails_total";
    let help = "Mails since the start: accepted by the mail server, failed attempts, and given up.";
    head(out, name, "counter", help);
    for (outcome, count) in [
        ("sent", stats.sent()),
        ("failed", stats.failed()),
        ("bounced", stats.bounced()),
    ] {
        line(out, name, &format!("outcome=\"{outcome}\""), count);
    }
}

fn write_retention(out: &mut String, retention: &Retention) {
    let Some(last) = retention.last() else {
        return;
    };
    let name = "retention_last_success_timestamp_seconds";
    let help =
        "Time of the last complete deletion of personal data that is kept no longer, in Unix time.";
    one(out, name, "gauge", help, last.at.timestamp());
    let name = "retention_last_deleted";
    let help = "What it deleted, by kind.";
    head(out, name, "gauge", help);
    for kind in RetainedKind::ALL {
        let count = last.removed.get(&kind).copied().unwrap_or_default();
        line(out, name, &format!("kind=\"{}\"", kind.as_str()), count);
    }
}

/// Request guard: the services that the metrics are read from.
struct Sources<'r> {
    answers: &'r Answers,
    calendar: &'r Arc<Calendar>,
    feeds: &'r Feeds,
    runner: &'r Arc<Runner>,
    connections: &'r Arc<connection_limits::ConnectionStats>,
    keys: &'r RefusedKeys,
    backups: &'r Arc<BackupStats>,
    delivery: OutgoingDelivery,
    mail: &'r Arc<MailStats>,
    retention: &'r Arc<Retention>,
}

impl<'r> Sources<'r> {
    fn new(rocket: &'r Rocket<Orbit>) -> Option<Self> {
        Some(Self {
            answers: rocket.state()?,
            calendar: rocket.state()?,
            feeds: rocket.state()?,
            runner: rocket.state()?,
            connections: rocket.state()?,
            keys: rocket.state()?,
            backups: rocket.state()?,
            delivery: *rocket.state()?,
            mail: rocket.state()?,
            retention: rocket.state()?,
        })
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Sources<'r> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match Self::new(request.rocket()) {
            Some(sources) => Outcome::Success(sources),
            None => Outcome::Error((Status::InternalServerError, ())),
        }
    }
}

/// Serves all metrics.
#[get("/metrics")]
async fn show_metrics(
    path: Result<ExactPath, Problem>,
    operator: Result<Operator, Problem>,
    sources: Sources<'_>,
) -> Result<(ContentType, String), Problem> {
    path?;
    operator?;
    let calendar = sources.calendar;
    let is_writable = super::ops::writable(calendar).await.is_ok();
    let mut out = String::new();
    sources.answers.write(&mut out);
    write_store(&mut out, &calendar.stats(), is_writable);
    write_catalog(&mut out, calendar);
    write_feeds(&mut out, sources.feeds.stats());
    write_process(&mut out);
    write_connections(&mut out, sources.connections);
    write_partners(&mut out, sources.runner.health());
    sources.keys.write(&mut out);
    sources.backups.write(&mut out);
    write_delivery(&mut out, sources.delivery);
    write_mail(&mut out, sources.mail);
    write_retention(&mut out, sources.retention);
    write_zones(&mut out, calendar);
    let format = ContentType::new("text", "plain");
    let format = format.with_params([("version", "0.0.4"), ("charset", "utf-8")]);
    Ok((format, out))
}

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Strict.on(routes![show_metrics])
}
