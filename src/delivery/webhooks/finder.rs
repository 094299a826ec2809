//! Finder of the enabled webhooks.

use std::sync::Arc;

use crate::delivery::change_log::ChangeLog;
use crate::delivery::workers::{ReceiverFinder, ReceiverWorker};
use crate::http::Fetcher;
use calendar_domain::Webhook;

use super::list;
use super::post::WebhookReceiver;

/// Returns the finder of enabled webhooks. `base` returns the site's address without a trailing `/`.
#[must_use]
pub fn finder(
    chronicle: &Arc<ChangeLog>,
    fetcher: &Fetcher,
    base: &Arc<dyn Fn() -> String + Send + Sync>,
) -> ReceiverFinder {
    let (chronicle, fetcher, base) = (Arc::clone(chronicle), fetcher.clone(), Arc::clone(base));
    Box::new(move || {
        let known = list(chronicle.calendar())?.into_iter();
        let known = known.filter(|it| it.progress.disabled.is_none());
        let wanted = |webhook: Webhook| {
            let key = format!("webhook/{}", webhook.id);
            let calendar = Arc::clone(chronicle.calendar());
            let post = WebhookReceiver::new(calendar, fetcher.clone(), Arc::clone(&base), webhook);
            ReceiverWorker::new(key, &chronicle, post)
        };
        Ok(known.map(wanted).collect())
    })
}
