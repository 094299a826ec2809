//! `/websub`: the hub of our own feeds (W3C WebSub). Whoever subscribes gets a feed whenever it changed.

mod distribution;
mod topic;

use std::sync::Arc;

use chrono::TimeDelta;
use rocket::data::{Data, ToByteUnit};
use rocket::http::{ContentType, Status};
use rocket::tokio;
use rocket::tokio::sync::Semaphore;
use rocket::tokio::task::spawn_blocking;
use rocket::{Route, State, post, routes};
use url::Url;

use crate::catalog::Calendar;
use crate::domain::{HubSubscription, SharedSecret};
use crate::feeds::Feeds;
use crate::store::Store;
use crate::sync::access::random;
use crate::sync::http::Fetcher;
use crate::sync::hub;

use super::Delivery;
use super::fault::{Fault, FieldProblem};
use super::problem::{Kind, Problem};
use super::site::Site;

pub use distribution::Distribution;

/// The largest form, in bytes.
const MOST_BYTES: u64 = 8 * 1024;
/// The longest address and topic, in bytes.
const MOST_ADDRESS: usize = 2_000;
/// The longest secret, in bytes (WebSub 5.1).
const MOST_SECRET: usize = 199;
/// How long a subscription lasts: as asked for within an hour and thirty days, ten where nothing is said.
const LEASES: (i64, i64, i64) = (3_600, 10 * 86_400, 30 * 86_400);
/// How many addresses are asked at once whether they want what was asked for.
const ASKING: usize = 32;

/// What the hub works with.
pub struct Hub {
    fetcher: Fetcher,
    asking: Arc<Semaphore>,
    delivery: Delivery,
}

impl Hub {
    /// A hub that sends with this, if it sends at all.
    pub fn new(fetcher: Fetcher, delivery: Delivery) -> Self {
        Self {
            fetcher,
            asking: Arc::new(Semaphore::new(ASKING)),
            delivery,
        }
    }
}

/// A checked request.
struct Wish {
    subscribes: bool,
    topic: String,
    callback: Url,
    secret: Option<SharedSecret>,
    lease: i64,
}

/// What was sent, read as a form; what is not known is passed over (WebSub 5.1).
fn wish(form: &[u8], base: &str) -> Result<Wish, Vec<FieldProblem>> {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(form).into_owned().collect();
    let value = |name: &str| {
        let found = fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    };
    let mut errors = Vec::new();
    let mut wrong = |name: &str, said: String| {
        errors.push(FieldProblem::new(name, Fault::Said(said)));
    };
    let subscribes = value("hub.mode") == Some("subscribe");
    if !subscribes && value("hub.mode") != Some("unsubscribe") {
        wrong("hub.mode", "has to be subscribe or unsubscribe".into());
    }
    let topic = value("hub.topic").filter(|it| it.len() <= MOST_ADDRESS);
    let topic = topic.and_then(|it| it.strip_prefix(base));
    let topic = topic.filter(|it| it.starts_with('/'));
    if topic.is_none() {
        wrong(
            "hub.topic",
            format!("has to be the address of a feed of {base}"),
        );
    }
    let callback = value("hub.callback").filter(|it| it.len() <= MOST_ADDRESS);
    let callback = callback.and_then(|it| it.parse::<Url>().ok());
    let callback = callback.filter(|it| {
        let web = matches!(it.scheme(), "http" | "https") && it.has_host();
        web && it.username().is_empty() && it.password().is_none()
    });
    if callback.is_none() {
        wrong(
            "hub.callback",
            "has to be an http or https address without a password".into(),
        );
    }
    let secret = value("hub.secret").filter(|it| !it.is_empty());
    if secret.is_some_and(|it| it.len() > MOST_SECRET) {
        wrong("hub.secret", format!("may have {MOST_SECRET} bytes"));
    }
    let (least, usual, most) = LEASES;
    let asked = value("hub.lease_seconds").filter(|it| !it.is_empty());
    let lease = match asked.map(str::parse::<i64>) {
        None => usual,
        Some(Ok(seconds)) if seconds > 0 => seconds.clamp(least, most),
        Some(_) => {
            wrong("hub.lease_seconds", "has to be a number above 0".into());
            usual
        }
    };
    match (topic, callback) {
        (Some(topic), Some(callback)) if errors.is_empty() => Ok(Wish {
            subscribes,
            topic: topic.to_owned(),
            callback,
            secret: secret.map(|it| SharedSecret(it.to_owned())),
            lease,
        }),
        _ => Err(errors),
    }
}

#[post("/websub", data = "<body>")]
async fn take_wish(
    media: Option<&ContentType>,
    body: Data<'_>,
    hub: &State<Hub>,
    calendar: &State<Arc<Calendar>>,
    feeds: &State<Feeds>,
    site: &State<Site>,
) -> Result<Status, Problem> {
    if media != Some(&ContentType::Form) {
        return Err(Problem::new(Kind::MediaType).because("send application/x-www-form-urlencoded"));
    }
    let bytes = body.open(MOST_BYTES.bytes()).into_bytes().await;
    let bytes = bytes.map_err(|_| Problem::new(Kind::BadRequest))?;
    if !bytes.is_complete() {
        return Err(Problem::new(Kind::TooLarge));
    }
    if hub.delivery == Delivery::Off {
        // Nobody would be asked whether they want it.
        let detail = "this server was started with --no-delivery and takes no subscriptions";
        return Err(Problem::new(Kind::Unavailable).because(detail));
    }
    let wish = wish(&bytes.into_inner(), &site.address("")).map_err(Problem::invalid)?;
    let snapshot = calendar.snapshot();
    let wanted = topic::wanted(&wish.topic, &snapshot).ok_or_else(|| {
        let said = Fault::Said("is no feed of this calendar".into());
        Problem::invalid(vec![FieldProblem::new("hub.topic", said)])
    })?;
    let busy = || Problem {
        retry_after: Some(60),
        ..Problem::new(Kind::TooManyRequests)
    };
    let turn = Arc::clone(&hub.asking).try_acquire_owned();
    let turn = turn.map_err(|_| busy())?;
    let known = Arc::clone(calendar);
    let count = spawn_blocking(move || hub::list(&known).map(|it| it.len())).await;
    if count.map_err(|error| Problem::internal(&error))?? >= hub::MOST && wish.subscribes {
        return Err(busy());
    }
    // What it is sent is what changes from now on.
    let feed = feeds.get(wanted, &[], &snapshot, &site.base()).await;
    let etag = topic::etag(&feed);
    let (fetcher, calendar) = (hub.fetcher.clone(), Arc::clone(calendar));
    let topic = site.address(&wish.topic);
    tokio::spawn(async move {
        confirm(wish, &topic, etag, &fetcher, calendar).await;
        drop(turn);
    });
    Ok(Status::Accepted)
}

/// Asks the address whether it wants that, and does it.
async fn confirm(
    wish: Wish,
    topic: &str,
    etag: String,
    fetcher: &Fetcher,
    calendar: Arc<Calendar>,
) {
    let Ok(challenge) = random::<16>().map(hex::encode) else {
        tracing::error!("the system gives no randomness");
        return;
    };
    let lease = wish.lease.to_string();
    let mode = if wish.subscribes {
        "subscribe"
    } else {
        "unsubscribe"
    };
    let mut question = vec![
        ("hub.mode", mode),
        ("hub.topic", topic),
        ("hub.challenge", challenge.as_str()),
    ];
    if wish.subscribes {
        question.push(("hub.lease_seconds", &lease));
    }
    if !hub::confirms(fetcher, &wish.callback, &question, &challenge).await {
        return;
    }
    let id = hub::id(&wish.topic, &wish.callback);
    let done = spawn_blocking(move || {
        if !wish.subscribes {
            return hub::end(&calendar, &id);
        }
        let expires = calendar.clock().now() + TimeDelta::seconds(wish.lease);
        let subscription = HubSubscription {
            id,
            topic: wish.topic,
            callback: wish.callback,
            secret: wish.secret,
            expires,
            etag: Some(etag),
            generation: Some(calendar.generation().id.to_string()),
        };
        hub::keep(&calendar, subscription)
    });
    if let Ok(Err(error)) = done.await {
        tracing::error!(%error, "a subscription was not kept");
    }
}

/// The routes, to be mounted at the root.
pub fn routes() -> Vec<Route> {
    routes![take_wish]
}
