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
    change_log: &Arc<ChangeLog>,
    fetcher: &Fetcher,
    base: &Arc<dyn Fn() -> String + Send + Sync>,
) -> ReceiverFinder {
    let (change_log, fetcher, base) = (Arc::clone(change_log), fetcher.clone(), Arc::clone(base));
    Box::new(move || {
        let known = list(change_log.calendar())?.into_iter();
        let known = known.filter(|known| known.progress.disabled.is_none());
        let wanted = |webhook: Webhook| {
            let key = format!("webhook/{}", webhook.id);
            let calendar = Arc::clone(change_log.calendar());
            let post = WebhookReceiver::new(calendar, fetcher.clone(), Arc::clone(&base), webhook);
            ReceiverWorker::new(key, &change_log, post)
        };
        Ok(known.map(wanted).collect())
    })
}
