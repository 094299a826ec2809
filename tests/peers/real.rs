//! The same against a real server, which `tests/peers/run` starts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use calendar_domain::{
    Connection, EventStatus, Lang, Owner, Partner, PartnerId, Publication, Pushed, When,
};
use calendar_store::records;
use elverum_calendar::http::Fetcher;
use elverum_calendar::ingest::import::Rehearsal;
use elverum_calendar::ingest::run::Runner;
use serde_json::Value;

use super::bodies::{clear, fill};
use super::stand_ins;
use crate::outgo::push::partner;
use crate::support::saved::Saved;
use crate::support::{TestServer, event};

/// Number of events besides those of the shipped calendar.
const MANY: usize = 114;
/// Timeout of a real server.
const PATIENCE: Duration = Duration::from_secs(120);

/// The server started by `tests/peers/run`.
struct Real {
    kind: String,
    url: String,
    user: Option<String>,
}

impl Real {
    fn from_environment() -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|var| !var.is_empty());
        Self {
            kind: variable("PEER_KIND").expect("PEER_KIND is set"),
            url: variable("PEER_URL").expect("PEER_URL is set"),
            user: variable("PEER_USER"),
        }
    }

    fn connection(&self) -> Connection {
        let mut connection = stand_ins::connection(&self.kind, &self.url);
        connection.secret = "PEER_SECRET".parse().ok();
        connection.user.clone_from(&self.user);
        connection
    }

    /// Returns an event's status in WordPress.
    fn status(&self, id: &str) -> Option<String> {
        let base = self.url.trim_end_matches('/');
        let event = get(format!("{base}/wp-json/wp/v2/tribe_events/{id}"));
        event["meta"]["_tribe_events_status"]
            .as_str()
            .map(str::to_owned)
    }

    /// Returns an event from the server.
    fn event(&self, id: &str) -> Value {
        let base = self.url.trim_end_matches('/');
        let url = match self.kind.as_str() {
            "tribe" => format!("{base}/wp-json/tribe/events/v1/events/{id}"),
            _ => format!("{base}/v1/event/{id}/"),
        };
        get(url)
    }
}

fn get(url: String) -> Value {
    let client = reqwest::blocking::Client::builder().no_proxy();
    let answer = client.build().unwrap().get(url).send().unwrap();
    answer.json().unwrap_or_default()
}

/// Publishes events of many kinds in one commit.
fn many(app: &TestServer) {
    let records = (0..MANY).map(|number| {
        let title = format!("Nr. {number} «Kor & orgel»");
        let day = 1 + number % 28;
        let built = match number % 4 {
            0 => event(&title).on_days(&format!("2027-03-{day:02}"), &format!("2027-04-{day:02}")),
            1 => event(&title).some_time_on(&format!("2027-05-{day:02}")),
            2 => event(&title).on(&format!("2027-06-{day:02}T18:00")).free(),
            _ => event(&title)
                .on(&format!("2027-08-{day:02}T19:30"))
                .until(&format!("2027-08-{day:02}T21:00"))
                .described("Med <pause>.\n\nOg kaffe."),
        };
        let built = built
            .at(&format!("Sal {}", number % 7))
            .by(&format!("Lag {}", number % 5));
        let mut record = built.drafted().save(app).record();
        record.publication = Publication::Published;
        record.into()
    });
    let records = records.collect();
    app.commit(records);
}

fn pushed(app: &TestServer) -> Vec<Pushed> {
    let all = records::every::<Pushed>(&**app.calendar()).unwrap();
    all.into_iter().map(|(value, _)| value).collect()
}

/// Returns the reasons why events were not sent.
fn troubles(app: &TestServer) -> Vec<String> {
    let all = records::every::<calendar_domain::Pushing>(&**app.calendar()).unwrap();
    let waiting = all
        .into_iter()
        .flat_map(|(value, _)| value.progress.waiting);
    let left = pushed(app).into_iter().filter_map(|pushed| pushed.left_out);
    waiting.map(|waiting| waiting.error).chain(left).collect()
}

#[track_caller]
fn until<T>(app: &TestServer, look: impl Fn() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "{:#?}", troubles(app));
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
#[ignore = "needs a real calendar, which tests/peers/run starts"]
fn a_real_calendar_takes_what_is_published_and_gives_it_back() {
    let real = Real::from_environment();
    let now = chrono::Utc::now().with_timezone(&chrono_tz::Europe::Oslo);
    let host = url::Url::parse(&real.url).unwrap();
    let host = format!(
        "{}:{}",
        host.host_str().unwrap(),
        host.port_or_known_default().unwrap()
    );
    let builder = TestServer::builder().reaching(vec![host.clone()]);
    let app = builder
        .at(&now.format("%Y-%m-%dT%H:%M").to_string())
        .start();
    app.commit(vec![partner(real.connection())]);
    let there = |app: &TestServer| {
        let all = pushed(app).into_iter();
        all.filter(|pushed| {
            !pushed.hash.is_empty() && !pushed.withdrawn && pushed.remote_id.is_some()
        })
        .count()
    };
    let (today, zone) = (app.snapshot().version().today, chrono_tz::Europe::Oslo);
    let coming = app
        .snapshot()
        .events()
        .filter(|events| {
            let event = events.event();
            event.schedule.recurrence.is_none()
                && event.schedule.when.days_touched(zone).end > today
        })
        .count();
    many(&app);
    let sent = coming + MANY + 1;
    let life = event("Minst").on("2027-04-10T19:00").save(&app);
    until(&app, || (there(&app) == sent).then_some(()));

    let id = |saved: &Saved<'_>| {
        let event = saved.record().id;
        let all = pushed(&app).into_iter();
        let found = { all }.find(|item| item.event == event && !item.withdrawn);
        found.and_then(|found| found.remote_id)
    };
    let title = |event: &Value| {
        let title = event["title"].as_str().or(event["name"]["fi"].as_str());
        title.unwrap_or_default().to_owned()
    };
    let mut changed = 0;
    let mut step = |name: &str, change: &dyn Fn(&mut calendar_domain::Event)| {
        life.change(|event| {
            change(event);
            event.title.set(Lang::Nb, name);
        });
        changed += 1;
        until(&app, || {
            let event = real.event(&id(&life)?);
            title(&event).contains(name).then_some(event)
        })
    };
    step("Alt", &fill);
    step("Flyttet", &|event| {
        let (start, end) = ("2027-05-01T18:00:00", "2027-05-01T20:00:00");
        event.schedule.when = When::Timed {
            start: start.parse().unwrap(),
            end: end.parse().ok(),
            zone,
        };
    });
    step("Heldags", &|event| {
        let day = |text: &str| text.parse().unwrap();
        event.schedule.when = When::days(day("2027-05-16"), day("2027-05-17"));
    });
    let event_of = step("Avlyst", &|event| event.status = EventStatus::Cancelled);
    if real.kind == "linked_events" {
        assert_eq!(event_of["event_status"], "EventCancelled");
    } else {
        until(&app, || {
            (real.status(&id(&life)?)? == "canceled").then_some(())
        });
    }
    step("Likevel", &|event| event.status = EventStatus::Scheduled);
    step("Utsatt", &|event| event.status = EventStatus::Postponed);
    step("Ny dag", &|event| {
        event.status = EventStatus::Scheduled;
        let date = "2027-06-01".parse().unwrap();
        event.schedule.when = When::TimeToCome { date };
    });
    step("Tomt", &clear);
    life.withdraw();
    until(&app, || (there(&app) == sent - 1).then_some(()));
    life.change(|event| event.publication = Publication::Published);
    until(&app, || (there(&app) == sent).then_some(()));
    let cancelled = event("Avlyst fra start")
        .on("2027-07-01T18:00")
        .standing(EventStatus::Cancelled)
        .save(&app);
    until(&app, || (there(&app) == sent + 1).then_some(()));
    let weekly = event("Quiz")
        .on("2027-02-04T18:00")
        .repeating("FREQ=WEEKLY;COUNT=3")
        .save(&app);
    let dates = if real.kind == "tribe" { 1 } else { 4 };
    until(&app, || (there(&app) == sent + 1 + dates).then_some(()));
    assert_eq!(troubles(&app), [""; 0]);

    // Fetched again: all of them are recognized as ours.
    let mut connection = real.connection();
    connection.linked_events = None;
    let path = if real.kind == "tribe" {
        "/wp-json/tribe/events/v1/events"
    } else {
        "/v1/event/"
    };
    connection.url = format!("{}{path}", real.url.trim_end_matches('/'))
        .parse()
        .ok();
    let both = Partner {
        push: Some(real.connection()),
        connection: Some(connection),
        ..Partner::new("nabo".parse().unwrap(), "Nabo", Owner::DataFile)
    };
    app.commit(vec![both.into()]);
    let fetcher = Fetcher::new(vec![host.parse().unwrap()], 64 << 20, None);
    let secret = |name: &str| std::env::var(name).ok();
    let site = "https://kalender.example.no/".parse().ok();
    let runner = Runner::new(Arc::clone(app.calendar()), fetcher, site, secret);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let nabo: PartnerId = "nabo".parse().unwrap();
    let report = runtime
        .block_on(Arc::new(runner).run(&nabo, Rehearsal::Yes))
        .unwrap();
    let ours = report
        .remarks
        .iter()
        .find(|remark| remark.detail.contains("of this calendar"));
    println!(
        "{}: {} pushed, {} accepted, {changed} changed, 2 cancelled, 1 deleted and brought back, read back: {}, \
         {} new, {} joined",
        real.kind,
        sent + 1 + dates,
        there(&app),
        ours.map_or("none is ours", |ours| &ours.detail),
        report.created,
        report.joined
    );
    assert_eq!((report.created, report.joined), (0, 0), "{report:#?}");
    for saved in [&life, &cancelled, &weekly] {
        saved.withdraw();
    }
    until(&app, || (there(&app) == coming + MANY).then_some(()));
    println!("{}: 3 deleted at the end", real.kind);
}
