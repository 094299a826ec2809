//! Sends mail for as long as the server runs.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use rocket::fairing::{Fairing, Info, Kind};
use rocket::tokio::{self, task::spawn_blocking, time::Duration};
use rocket::{Orbit, Rocket};

use crate::catalog::Calendar;
use crate::editorial::daily_mails::{due_day, send_daily};
use crate::login::Login;
use crate::notify::{Mailer, Outbox, OutboxStop};
use crate::retention::{self, Retention};
use crate::web::OutgoingDelivery;
use crate::web::site::Site;

/// Interval at which expired sessions, codes and addresses are removed.
const TIDYING: Duration = Duration::from_secs(600);

/// Interval at which is checked whether the daily mails are due.
const DAILY: Duration = Duration::from_secs(2);

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Fairing that starts sending mail at liftoff and stops at shutdown.
pub struct MailFairing {
    calendar: Arc<Calendar>,
    mailer: Arc<Mailer>,
    login: Arc<Login>,
    retention: Arc<Retention>,
    site: Site,
    delivery: OutgoingDelivery,
    /// The hour of the daily mails.
    hour: u32,
    /// The work of sending codes and links, until it is started.
    codes: Mutex<Option<Work>>,
    outbox: Mutex<Option<OutboxStop>>,
}

impl MailFairing {
    /// Returns the fairing. `codes` is the work of sending codes and links, `hour` that of the daily mails. Without
    /// delivery, these are sent and nothing else is: they answer the person who asked for them.
    pub fn new(
        calendar: Arc<Calendar>,
        mailer: Arc<Mailer>,
        (login, retention): (Arc<Login>, Arc<Retention>),
        site: Site,
        (delivery, hour): (OutgoingDelivery, u32),
        codes: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        Self {
            calendar,
            mailer,
            login,
            retention,
            site,
            delivery,
            hour,
            codes: Mutex::new(Some(Box::pin(codes))),
            outbox: Mutex::default(),
        }
    }
}

fn take<T>(slot: &Mutex<Option<T>>) -> Option<T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

#[rocket::async_trait]
impl Fairing for MailFairing {
    fn info(&self) -> Info {
        Info {
            name: "mail",
            kind: Kind::Liftoff | Kind::Shutdown,
        }
    }

    async fn on_liftoff(&self, _: &Rocket<Orbit>) {
        // Only the first launch finds it.
        let Some(codes) = take(&self.codes) else {
            return;
        };
        tokio::spawn(codes);
        tokio::spawn(tidy(Arc::downgrade(&self.login)));
        if self.delivery == OutgoingDelivery::On {
            let site = self.site.clone();
            let base: Arc<dyn Fn() -> String + Send + Sync> = Arc::new(move || site.address(""));
            let outbox = Outbox::new(Arc::clone(&self.calendar), Arc::clone(&self.mailer), base);
            let mut slot = self.outbox.lock().unwrap_or_else(PoisonError::into_inner);
            *slot = Some(outbox.start());
            tokio::spawn(retention::keep(Arc::downgrade(&self.retention)));
            if self.mailer.is_on() {
                tokio::spawn(mail_daily(Arc::downgrade(&self.calendar), self.hour));
            }
        }
    }

    async fn on_shutdown(&self, _: &Rocket<Orbit>) {
        let outbox = take(&self.outbox);
        if let Some(outbox) = outbox {
            outbox.stop().await;
        }
    }
}

/// Puts the daily mails into the outbox while the server runs.
async fn mail_daily(calendar: std::sync::Weak<Calendar>, hour: u32) {
    let mut done = None;
    loop {
        tokio::time::sleep(DAILY).await;
        let Some(calendar) = calendar.upgrade() else {
            return;
        };
        let Some(due) = due_day(&calendar, hour).filter(|due_day| done != Some(*due_day)) else {
            continue;
        };
        match spawn_blocking(move || send_daily(&calendar, due)).await {
            Ok(Ok(())) => done = Some(due),
            Ok(Err(error)) => tracing::warn!(%error, "cannot write all daily mails yet; retrying"),
            Err(error) => tracing::error!(%error, "cannot write the daily mails"),
        }
    }
}

/// Removes expired sessions, codes and addresses while the server runs.
async fn tidy(login: std::sync::Weak<Login>) {
    loop {
        tokio::time::sleep(TIDYING).await;
        let Some(login) = login.upgrade() else {
            return;
        };
        match spawn_blocking(move || login.remove_expired()).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "cannot remove expired sessions yet; retrying")
            }
            Err(error) => tracing::error!(%error, "cannot remove expired sessions"),
        }
    }
}
