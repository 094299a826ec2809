//! The receipt of a deletion in words. It has no personal data.

use chrono::{DateTime, TimeDelta, Utc};

use crate::config::BackupConfig;
use calendar_domain::{BackupHold, Erasure, ErasureId};
use calendar_language::{Words, Year};
use calendar_store::{Store, StoreError, records};

/// A line of a receipt.
pub type ReceiptLine = String;

/// Returns the path of the page of a receipt, without the language.
#[must_use]
pub(super) fn receipt_path(id: &ErasureId) -> String {
    format!("/account/receipts/{id}")
}

/// Returns the erasure with a number.
///
/// # Errors
/// Errors if the store can't be read.
pub fn find_receipt(store: &dyn Store, id: &ErasureId) -> Result<Option<Erasure>, StoreError> {
    Ok(records::one::<Erasure>(store, id.as_str())?.map(|(erasure, _)| erasure))
}

/// Returns what scheduled backups hold of data that is erased now.
#[must_use]
pub fn backup_hold(config: &BackupConfig, now: DateTime<Utc>) -> BackupHold {
    if config.to.is_none() {
        return BackupHold::Unknown;
    }
    let hours = i64::from(config.every_hours) * i64::from(config.keep);
    BackupHold::Until {
        until: now + TimeDelta::hours(hours),
        kept: config.keep,
    }
}

/// Returns the receipt: what was deleted, what stays, and what backups hold.
#[must_use]
pub fn receipt_lines(words: Words, erasure: &Erasure) -> Vec<ReceiptLine> {
    let say = |key: &str, values: &[(&str, String)]| words.say_with(key, values);
    let date = |at: DateTime<Utc>| words.date(at.date_naive(), Year::Said);
    let mut lines = vec![
        say("erasure-number", &[("number", erasure.id.to_string())]),
        say("erasure-begun", &[("date", date(erasure.begun))]),
    ];
    lines.push(match erasure.completed {
        Some(at) => say("erasure-completed", &[("date", date(at))]),
        None => words.say("erasure-pending").into_owned(),
    });
    for (kind, count) in erasure.counts() {
        let key = format!("erasure-removed-{}", kind.as_str().replace('_', "-"));
        lines.push(say(&key, &[("count", count.to_string())]));
    }
    for (key, count) in [
        ("erasure-images", erasure.images.len()),
        ("erasure-short-lived", erasure.short_lived),
        ("erasure-changed", erasure.changed.len()),
        ("erasure-events-withdrawn", erasure.events_withdrawn),
        ("erasure-events-left", erasure.events_left),
    ] {
        if count > 0 {
            lines.push(say(key, &[("count", count.to_string())]));
        }
    }
    lines.push(match erasure.backups {
        BackupHold::Unknown => words.say("erasure-backups-unknown").into_owned(),
        BackupHold::Until { until, kept } => say(
            "erasure-backups-until",
            &[("date", date(until)), ("count", kept.to_string())],
        ),
    });
    if erasure.set_aside > 0 {
        let count = erasure.set_aside.to_string();
        lines.push(say("erasure-set-aside", &[("count", count)]));
    }
    lines.push(words.say("erasure-logs").into_owned());
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use calendar_domain::{ErasedKey, ErasureCause, Lang, OwnEvents, RecordKey, RecordKind};

    #[test]
    fn every_line_is_written_in_every_language() {
        let kinds = [
            RecordKind::Account,
            RecordKind::Mail,
            RecordKind::Organisation,
            RecordKind::Organizer,
            RecordKind::Submission,
            RecordKind::Report,
        ];
        let keys = |kinds: &[RecordKind]| -> BTreeSet<ErasedKey> {
            let keys = kinds
                .iter()
                .map(|kind| ErasedKey(RecordKey::new(*kind, "x")));
            keys.collect()
        };
        let now: DateTime<Utc> = "2027-03-01T12:00:00Z".parse().unwrap();
        let config = BackupConfig {
            to: Some("backups".to_owned()),
            every_hours: 24,
            keep: 14,
            ..BackupConfig::default()
        };
        let erasure = Erasure {
            id: uuid::Uuid::nil().into(),
            account: uuid::Uuid::nil().into(),
            cause: ErasureCause::Person,
            language: Lang::Nb,
            own_events: OwnEvents::Withdraw,
            begun: now,
            removed: keys(&kinds),
            changed: keys(&kinds[2..4]),
            images: BTreeSet::from(["ab".repeat(32).parse().unwrap()]),
            visitors: BTreeSet::new(),
            entries: BTreeSet::new(),
            short_lived: 2,
            events_left: 3,
            events_withdrawn: 4,
            backups: backup_hold(&config, now),
            set_aside: 1,
            completed: Some(now),
            receipt: None,
        };
        for lang in Lang::ALL {
            let words = Words::new(lang);
            let lines = receipt_lines(words, &erasure);
            assert_eq!(lines.len(), 3 + kinds.len() + 5 + 3);
            let unknown = |line: &&String| line.contains("erasure-") || line.contains('{');
            assert_eq!(lines.iter().find(unknown), None, "{lang:?}");
            let backups = lines.iter().any(|line| line.contains("15"));
            assert!(backups, "14 days after the first of March: {lines:?}");
        }
        let nothing = BackupConfig::default();
        assert_eq!(backup_hold(&nothing, now), BackupHold::Unknown);
    }
}
