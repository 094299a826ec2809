//! The hub: requests to subscribe, and their verification.

use std::sync::Arc;

use chrono::TimeDelta;
use rocket::data::{Data, ToByteUnit};
use rocket::http::{ContentType, Status};
use rocket::tokio;
use rocket::tokio::task::spawn_blocking;
use rocket::{State, post, routes};
use url::Url;

use super::share::{DeliverySlots, Party, Requests, Turn};
use super::{share, topic};
use crate::catalog::Calendar;
use crate::config::LimitsConfig;
use crate::delivery::subscriptions;
use crate::feeds::Feeds;
use crate::http::Fetcher;
use crate::random::random_bytes;
use crate::web::OutgoingDelivery;
use crate::web::blocking::blocking;
use crate::web::client::Client;
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::{Problem, ProblemKind};
use crate::web::site::Site;
use calendar_domain::{HubSubscription, SharedSecret};
use calendar_store::{Store, StoreError};

/// Maximum length of a form in bytes.
const MOST_BYTES: u64 = 8 * 1024;

/// Maximum length of a callback and of a topic in bytes.
const MOST_ADDRESS: usize = 2_000;

/// Maximum length of a secret in bytes (WebSub 5.1).
const MOST_SECRET: usize = 199;

/// Lease of a subscription in seconds: minimum, default, maximum.
const LEASES: (i64, i64, i64) = (3_600, 10 * 86_400, 30 * 86_400);

/// Maximum number of concurrent verifications of intent: in total, and per client and callback host.
const ASKING: (usize, usize) = (64, 4);

/// The hub.
#[derive(Clone)]
pub struct Hub {
    fetcher: Fetcher,
    limits: LimitsConfig,
    asking: Arc<DeliverySlots>,
    requests: Arc<Requests>,
    delivery: OutgoingDelivery,
}

impl Hub {
    /// Returns a hub that verifies through `fetcher`, if delivery is on.
    pub fn new(fetcher: Fetcher, limits: LimitsConfig, delivery: OutgoingDelivery) -> Self {
        let (all, each) = ASKING;
        Self {
            fetcher,
            limits,
            asking: Arc::new(DeliverySlots::new(all, each)),
            requests: Arc::new(Requests::new()),
            delivery,
        }
    }

    /// Takes a turn to verify a request.
    ///
    /// # Errors
    /// Errors with 429 if the client or the callback host exceeds its share, or if the hub is at its limits.
    async fn admit(
        &self,
        wish: &Wish,
        client: Client,
        calendar: &Arc<Calendar>,
    ) -> Result<Turn, Problem> {
        let parties = [Party::client(client.prefix), Party::host(&wish.callback)];
        let now = calendar.clock().now();
        let taken = self.requests.take(&parties, now);
        taken.map_err(Problem::too_many_requests)?;
        let turn = self.asking.try_take(&parties);
        let turn = turn.ok_or_else(|| Problem::too_many_requests(60))?;
        if wish.subscribes {
            let (known, id) = (
                Arc::clone(calendar),
                subscriptions::id(&wish.topic, &wish.callback),
            );
            let (in_all, each) = (
                self.limits.subscriptions,
                self.limits.subscriptions_per_client,
            );
            let full = move || {
                let known = subscriptions::list(&known)?;
                let known = known.iter().map(|(subscription, _)| subscription);
                Ok::<_, StoreError>(share::is_full(&id, &parties, known, in_all, each))
            };
            if blocking(full).await? {
                return Err(Problem::too_many_requests(3_600));
            }
        }
        Ok(turn)
    }
}

/// A validated request.
struct Wish {
    subscribes: bool,
    topic: String,
    callback: Url,
    secret: Option<SharedSecret>,
    lease: i64,
}

/// Parses a form. Unknown fields are ignored (WebSub 5.1).
fn wish(form: &[u8], base: &str) -> Result<Wish, Vec<FieldProblem>> {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(form).into_owned().collect();
    let value = |name: &str| {
        let found = fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    };
    let mut errors = Vec::new();
    let mut wrong = |name: &str, said: String| {
        errors.push(FieldProblem::new(name, FieldError::Said(said)));
    };
    let subscribes = value("hub.mode") == Some("subscribe");
    if !subscribes && value("hub.mode") != Some("unsubscribe") {
        wrong("hub.mode", "must be subscribe or unsubscribe".into());
    }
    let topic = value("hub.topic").filter(|value| value.len() <= MOST_ADDRESS);
    let topic = topic.and_then(|topic| topic.strip_prefix(base));
    let topic = topic.filter(|topic| topic.starts_with('/'));
    if topic.is_none() {
        wrong(
            "hub.topic",
            format!("must be the address of a feed of {base}"),
        );
    }
    let callback = value("hub.callback").filter(|value| value.len() <= MOST_ADDRESS);
    let callback = callback.and_then(|callback| callback.parse::<Url>().ok());
    let callback = callback.filter(|callback| {
        let web = matches!(callback.scheme(), "http" | "https") && callback.has_host();
        web && callback.username().is_empty() && callback.password().is_none()
    });
    if callback.is_none() {
        wrong(
            "hub.callback",
            "must be an http or https address without a password".into(),
        );
    }
    let secret = value("hub.secret").filter(|value| !value.is_empty());
    if secret.is_some_and(|secret| secret.len() > MOST_SECRET) {
        wrong(
            "hub.secret",
            format!("must have at most {MOST_SECRET} bytes"),
        );
    }
    let (least, usual, most) = LEASES;
    let asked = value("hub.lease_seconds").filter(|value| !value.is_empty());
    let lease = match asked.map(str::parse::<i64>) {
        None => usual,
        Some(Ok(seconds)) if seconds > 0 => seconds.clamp(least, most),
        Some(_) => {
            wrong("hub.lease_seconds", "must be a number above 0".into());
            usual
        }
    };
    match (topic, callback) {
        (Some(topic), Some(callback)) if errors.is_empty() => Ok(Wish {
            subscribes,
            topic: topic.to_owned(),
            callback,
            secret: secret.map(|secret| SharedSecret(secret.to_owned())),
            lease,
        }),
        _ => Err(errors),
    }
}

#[post("/websub", data = "<body>")]
async fn take_wish(
    media: Option<&ContentType>,
    client: Client,
    body: Data<'_>,
    hub: &State<Hub>,
    calendar: &State<Arc<Calendar>>,
    feeds: &State<Feeds>,
    site: &State<Site>,
) -> Result<Status, Problem> {
    if media != Some(&ContentType::Form) {
        return Err(
            Problem::new(ProblemKind::MediaType).because("send application/x-www-form-urlencoded")
        );
    }
    let bytes = body.open(MOST_BYTES.bytes()).into_bytes().await;
    let bytes = bytes.map_err(|_| Problem::new(ProblemKind::BadRequest))?;
    if !bytes.is_complete() {
        return Err(Problem::new(ProblemKind::TooLarge));
    }
    if hub.delivery == OutgoingDelivery::Off {
        // Nobody would be asked whether they want it.
        let detail = "delivery is suspended, so this server takes no subscriptions; existing subscriptions \
                      stay, and receive changes once delivery resumes";
        return Err(Problem::new(ProblemKind::Unavailable).because(detail));
    }
    let wish = wish(&bytes.into_inner(), &site.address("")).map_err(Problem::invalid)?;
    let snapshot = calendar.snapshot();
    let wanted = topic::wanted(&wish.topic, &snapshot).ok_or_else(|| {
        let said = FieldError::Said("is not a feed of this calendar".into());
        Problem::invalid(vec![FieldProblem::new("hub.topic", said)])
    })?;
    let turn = hub.admit(&wish, client, calendar).await?;
    // The subscriber gets changes from this version on.
    let feed = feeds.get(wanted, &[], &snapshot, &site.base()).await;
    let etag = topic::etag(&feed);
    let (fetcher, calendar) = (hub.fetcher.clone(), Arc::clone(calendar));
    let topic = site.address(&wish.topic);
    tokio::spawn(async move {
        confirm(wish, client, &topic, etag, &fetcher, calendar).await;
        drop(turn);
    });
    Ok(Status::Accepted)
}

/// Verifies the subscriber's intent (WebSub 5.3) and stores or ends the subscription.
async fn confirm(
    wish: Wish,
    client: Client,
    topic: &str,
    etag: String,
    fetcher: &Fetcher,
    calendar: Arc<Calendar>,
) {
    let Ok(challenge) = random_bytes::<16>().map(hex::encode) else {
        tracing::error!("the operating system returned no random bytes");
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
    if !subscriptions::confirms(fetcher, &wish.callback, &question, &challenge).await {
        return;
    }
    let id = subscriptions::id(&wish.topic, &wish.callback);
    let done = spawn_blocking(move || {
        if !wish.subscribes {
            return subscriptions::end(&calendar, &id);
        }
        let now = calendar.clock().now();
        let expires = now + TimeDelta::seconds(wish.lease);
        // A renewal keeps the version that was last delivered.
        let known = subscriptions::one(&calendar, &id)?.filter(|one| one.expires > now);
        let (etag, generation) = match known {
            Some(known) => (known.etag, known.generation),
            None => (Some(etag), Some(calendar.generation().id.to_string())),
        };
        let subscription = HubSubscription {
            id,
            topic: wish.topic,
            callback: wish.callback,
            secret: wish.secret,
            expires,
            etag,
            generation,
            client: Some(client.prefix.to_string()),
        };
        subscriptions::keep(&calendar, subscription)
    });
    if let Ok(Err(error)) = done.await {
        tracing::error!(%error, "cannot store a subscription");
    }
}

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Strict.on(routes![take_wish])
}
