//! Sends changed feeds to their subscribers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use rocket::fairing::{Fairing, Info, Kind};
use rocket::tokio;
use rocket::tokio::sync::watch;
use rocket::tokio::task::{JoinHandle, spawn_blocking};
use rocket::{Orbit, Rocket};

use crate::catalog::Calendar;
use crate::delivery::subscriptions::{self, Came, FeedContent};
use crate::delivery::workers::listen;
use crate::feeds::{Coding, Feeds, Scope};
use crate::http::Fetcher;
use crate::web::site::Site;
use calendar_domain::HubSubscription;
use calendar_domain::delivery::retry;
use calendar_domain::redaction::without_secrets;
use calendar_store::{Revision, Store, StoreError};

use super::share::{DeliverySlots, Party};
use super::topic;

/// Polling interval for expired leases, a new day and retries when there are no commits.
const TICK: Duration = Duration::from_secs(1);
/// Maximum number of concurrent deliveries: in total, and per client and callback host.
const TOGETHER: (usize, usize) = (64, 8);

/// Fairing that sends feeds from liftoff to shutdown.
pub struct Distribution {
    desk: Arc<Distributor>,
    ended: Arc<AtomicBool>,
    running: Mutex<Option<JoinHandle<()>>>,
}

struct Distributor {
    calendar: Arc<Calendar>,
    feeds: Feeds,
    fetcher: Fetcher,
    site: Site,
    turns: DeliverySlots,
    /// Failed and pending deliveries by subscription.
    trouble: Mutex<HashMap<String, Trouble>>,
}

#[derive(Debug, Clone, Copy)]
enum Trouble {
    /// A delivery is in progress.
    Sending,
    /// Number of failed attempts, and the time of the next.
    Until(u32, DateTime<Utc>),
}

impl Distribution {
    /// Returns a fairing that starts sending at liftoff.
    pub fn new(calendar: Arc<Calendar>, feeds: Feeds, fetcher: Fetcher, site: Site) -> Self {
        Self {
            desk: Arc::new(Distributor {
                calendar,
                feeds,
                fetcher,
                site,
                turns: DeliverySlots::new(TOGETHER.0, TOGETHER.1),
                trouble: Mutex::default(),
            }),
            ended: Arc::default(),
            running: Mutex::default(),
        }
    }

    fn put(&self, task: Option<JoinHandle<()>>) -> Option<JoinHandle<()>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *running, task)
    }
}

#[rocket::async_trait]
impl Fairing for Distribution {
    fn info(&self) -> Info {
        Info {
            name: "feeds to their subscribers",
            kind: Kind::Liftoff | Kind::Shutdown,
        }
    }

    async fn on_liftoff(&self, _: &Rocket<Orbit>) {
        let running = self.put(None);
        if running.is_some() {
            // Already running since an earlier launch.
            self.put(running);
            return;
        }
        let wake = listen(&self.desk.calendar, &self.ended);
        let desk = Arc::clone(&self.desk);
        self.put(Some(tokio::spawn(keep(desk, wake))));
    }

    async fn on_shutdown(&self, _: &Rocket<Orbit>) {
        self.ended.store(true, Ordering::Release);
        if let Some(running) = self.put(None) {
            // Deliveries that were not accepted are sent after the next start.
            running.abort();
            let _ = running.await;
        }
    }
}

async fn keep(desk: Arc<Distributor>, mut wake: watch::Receiver<()>) {
    // Dropping the set aborts its deliveries.
    let mut sending = tokio::task::JoinSet::new();
    loop {
        match look(&desk, &mut sending).await {
            Ok(()) => {}
            Err(error) => tracing::error!(%error, "cannot list the subscribers of feeds"),
        }
        while sending.try_join_next().is_some() {}
        if let Ok(Err(_)) = tokio::time::timeout(TICK, wake.changed()).await {
            return;
        }
    }
}

/// Checks every subscription once and starts deliveries.
async fn look(
    desk: &Arc<Distributor>,
    sending: &mut tokio::task::JoinSet<()>,
) -> Result<(), StoreError> {
    let calendar = Arc::clone(&desk.calendar);
    let known = spawn_blocking(move || subscriptions::list(&calendar)).await;
    let Ok(known) = known else { return Ok(()) };
    let known = known?;
    let now = desk.calendar.clock().now();
    let snapshot = desk.calendar.snapshot();
    let mut contents: HashMap<String, Option<(FeedContent, String)>> = HashMap::new();
    for (subscription, revision) in known {
        if subscription.expires <= now {
            end(desk, &subscription.id).await;
            continue;
        }
        let topic = subscription.topic.as_str();
        if !contents.contains_key(topic) {
            let content = content(desk, topic, &snapshot).await;
            contents.insert(topic.to_owned(), content);
        }
        let Some(Some((content, etag))) = contents.get(topic) else {
            continue;
        };
        if subscription.etag.as_deref() == Some(etag)
            && subscriptions::is_known(&desk.calendar, &subscription)
        {
            continue;
        }
        let Some(attempts) = desk.take(&subscription.id, now) else {
            continue;
        };
        let parcel = SubscriberDelivery {
            subscription,
            revision,
            content: content.clone(),
            etag: etag.clone(),
            attempts,
        };
        sending.spawn(parcel.send(Arc::clone(desk)));
    }
    Ok(())
}

async fn content(
    desk: &Distributor,
    topic: &str,
    snapshot: &Arc<crate::catalog::Snapshot>,
) -> Option<(FeedContent, String)> {
    let wanted = topic::wanted(topic, snapshot)?;
    if let Scope::Stored(name, _) = &wanted.scope {
        desk.calendar.note_filter_use(name);
    }
    let feed = desk
        .feeds
        .get(wanted, &[], snapshot, &desk.site.base())
        .await;
    let content = FeedContent {
        bytes: Bytes::from(feed.body(Coding::Identity)?.to_vec()),
        media_type: feed.media_type,
        link: feed.link.clone(),
    };
    Some((content, topic::etag(&feed)))
}

async fn end(desk: &Distributor, id: &str) {
    let (calendar, id) = (Arc::clone(&desk.calendar), id.to_owned());
    let ended = spawn_blocking(move || subscriptions::end(&calendar, &id)).await;
    if let Ok(Err(error)) = ended {
        tracing::error!(%error, "cannot end a subscription");
    }
}

impl Distributor {
    fn trouble(&self) -> MutexGuard<'_, HashMap<String, Trouble>> {
        // Entries are replaced as a whole, so a panic leaves none half-written.
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks a subscription as being sent to, and returns its number of failed attempts. Returns `None` if it must
    /// wait.
    fn take(&self, id: &str, now: DateTime<Utc>) -> Option<u32> {
        let mut trouble = self.trouble();
        let attempts = match trouble.get(id) {
            None => 0,
            Some(Trouble::Until(attempts, at)) if *at <= now => *attempts,
            Some(Trouble::Sending | Trouble::Until(..)) => return None,
        };
        trouble.insert(id.to_owned(), Trouble::Sending);
        Some(attempts)
    }
}

/// A feed to be sent to a subscriber.
struct SubscriberDelivery {
    subscription: HubSubscription,
    revision: Revision,
    content: FeedContent,
    etag: String,
    attempts: u32,
}

impl SubscriberDelivery {
    async fn send(self, desk: Arc<Distributor>) {
        let client = self.subscription.client.clone().map(Party::Client);
        let mut parties = vec![Party::host(&self.subscription.callback)];
        parties.extend(client);
        let Some(_turn) = desk.turns.take(&parties).await else {
            return;
        };
        let id = self.subscription.id.clone();
        match subscriptions::send(&desk.fetcher, &self.subscription, &self.content).await {
            Came::Taken => {
                let taken = HubSubscription {
                    etag: Some(self.etag),
                    generation: Some(desk.calendar.generation().id.to_string()),
                    ..self.subscription
                };
                let (calendar, revision) = (Arc::clone(&desk.calendar), self.revision);
                let noted =
                    spawn_blocking(move || subscriptions::note(&calendar, taken, revision)).await;
                if let Ok(Err(error)) = noted {
                    tracing::info!(%error, "cannot record a delivery to a subscriber");
                }
                desk.trouble().remove(&id);
            }
            Came::Gone => {
                end(&desk, &id).await;
                desk.trouble().remove(&id);
            }
            Came::Failed(error, wait) => {
                let attempts = self.attempts + 1;
                let callback = without_secrets(self.subscription.callback.as_str());
                tracing::warn!(%callback, %error, "a subscriber did not accept a feed");
                let now = desk.calendar.clock().now();
                if let Some(next) = retry::next(&id, attempts, now, wait) {
                    desk.trouble().insert(id, Trouble::Until(attempts, next));
                } else {
                    // The retries are exhausted.
                    end(&desk, &id).await;
                    desk.trouble().remove(&id);
                }
            }
        }
    }
}
