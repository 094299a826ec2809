//! Successive launches of the server in one process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rocket::fairing::{Fairing, Info};
use rocket::{Orbit, Rocket};

/// Whether another launch follows this one; each launch manages one.
#[derive(Debug, Clone, Default)]
pub struct Succession(Arc<AtomicBool>);

impl Succession {
    /// Marks that another launch has taken over.
    pub fn transfer_ownership(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// A fairing that outlives a launch: it shuts down only with the last one.
pub struct Lasting<F> {
    inner: Arc<F>,
    succession: Succession,
}

impl<F> Lasting<F> {
    /// Returns the part of the fairing in one launch.
    pub fn new(inner: &Arc<F>, succession: &Succession) -> Self {
        Self {
            inner: Arc::clone(inner),
            succession: succession.clone(),
        }
    }
}

#[rocket::async_trait]
impl<F: Fairing> Fairing for Lasting<F> {
    fn info(&self) -> Info {
        self.inner.info()
    }

    async fn on_liftoff(&self, rocket: &Rocket<Orbit>) {
        self.inner.on_liftoff(rocket).await;
    }

    async fn on_shutdown(&self, rocket: &Rocket<Orbit>) {
        if !self.succession.0.load(Ordering::Acquire) {
            self.inner.on_shutdown(rocket).await;
        }
    }
}
