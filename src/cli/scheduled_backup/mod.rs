//! Backups on schedule: made while the server runs, the oldest removed.
//!
//! What has been done stands in the names of the files, so that a restart neither forgets nor
//! repeats a backup.

mod bucket;
mod place;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use rocket::tokio;

use crate::clock::Clock;
use crate::config::{BackupConfig, CalendarConfig};
use crate::store::BackedUp;

use super::Failure;
pub use place::Place;

/// How often the schedule is looked at, and how long after a failure it is tried again.
const LOOK: Duration = Duration::from_secs(20);
const AGAIN: Duration = Duration::from_secs(15 * 60);

const BEFORE: &str = "calendar-";
const AFTER: &str = ".backup";
const STAMP: &str = "%Y%m%dT%H%M%SZ";

/// Makes backups for ever, where the configuration asks for them.
pub async fn keep(config: CalendarConfig, clock: Arc<dyn Clock>) {
    let Some(place) = &config.backup.to else {
        return std::future::pending().await;
    };
    loop {
        let pause = match turn(place, &config, clock.now()).await {
            Ok(None) => LOOK,
            Ok(Some((name, made))) => {
                let (commit, bytes) = (made.commit.0, made.bytes);
                tracing::info!(name, commit, bytes, "backed up");
                LOOK
            }
            Err(error) => {
                tracing::error!(%error, "the backup on schedule failed");
                AGAIN
            }
        };
        tokio::time::sleep(pause).await;
    }
}

async fn turn(
    place: &str,
    config: &CalendarConfig,
    now: DateTime<Utc>,
) -> Result<Option<(String, BackedUp)>, Failure> {
    let place = Place::of(place, &config.sync.allow_private)?;
    run_if_due(&config.store, &place, &config.backup, now).await
}

async fn run_if_due(
    store: &str,
    place: &Place,
    schedule: &BackupConfig,
    now: DateTime<Utc>,
) -> Result<Option<(String, BackedUp)>, Failure> {
    let made: Vec<_> = place
        .names()
        .await?
        .iter()
        .filter_map(|name| made_at(name))
        .collect();
    if !is_due(&made, schedule, now) {
        return Ok(None);
    }
    let name = name(now);
    let backed_up = place.back_up(store, &name).await?;
    for old in superfluous(&place.names().await?, schedule.keep) {
        place.remove(&old).await?;
    }
    Ok(Some((name, backed_up)))
}

fn name(at: DateTime<Utc>) -> String {
    format!("{BEFORE}{}{AFTER}", at.format(STAMP))
}

/// When the backup of this name was made; `None` for a file that is none of ours.
fn made_at(name: &str) -> Option<DateTime<Utc>> {
    let stamp = name.strip_prefix(BEFORE)?.strip_suffix(AFTER)?;
    let at = NaiveDateTime::parse_from_str(stamp, STAMP).ok()?;
    Some(at.and_utc())
}

fn is_due(made: &[DateTime<Utc>], schedule: &BackupConfig, now: DateTime<Utc>) -> bool {
    let pause = TimeDelta::hours(i64::from(schedule.every_hours));
    // One from the future was made before a clock was set right: it says nothing.
    let last = made.iter().filter(|at| **at <= now).max();
    last.is_none_or(|last| now - *last >= pause)
}

/// The oldest of ours beyond so many; `names` are sorted, which is by time.
fn superfluous(names: &[String], keep: u32) -> Vec<String> {
    let ours: Vec<_> = names.iter().filter(|it| made_at(it).is_some()).collect();
    let keep = usize::try_from(keep).unwrap_or(usize::MAX);
    let count = ours.len().saturating_sub(keep);
    ours.into_iter().take(count).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_backup_is_due_when_there_is_none_or_the_last_one_is_old_enough() {
        let schedule = BackupConfig::default();
        let now = at("2027-03-02T08:00:00Z");
        assert!(is_due(&[], &schedule, now));
        assert!(!is_due(&[at("2027-03-01T08:00:01Z")], &schedule, now));
        assert!(is_due(&[at("2027-03-01T08:00:00Z")], &schedule, now));
        assert!(is_due(&[at("2030-01-01T00:00:00Z")], &schedule, now));
    }

    #[test]
    fn the_oldest_go_and_files_of_others_stay() {
        let days = [3, 1, 2].map(|day| name(at(&format!("2027-03-0{day}T08:00:00Z"))));
        let mut names = days.to_vec();
        names.extend(["calendar-x.backup", "notes.txt"].map(str::to_owned));
        names.sort();
        assert_eq!(superfluous(&names, 2), ["calendar-20270301T080000Z.backup"]);
        assert_eq!(superfluous(&names, 3), Vec::<String>::new());
    }

    #[test]
    fn a_store_is_backed_up_once_until_the_next_is_due_and_only_so_many_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sled:{}", folder.path().join("store").display());
        drop(store::open(&url).unwrap());
        let to = folder.path().join("backups");
        let place = Place::of(&format!("file://{}", to.display()), &[]).unwrap();
        let schedule = BackupConfig {
            keep: 2,
            ..BackupConfig::default()
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let run = |now| {
            let outcome = runtime.block_on(run_if_due(&url, &place, &schedule, now));
            outcome.unwrap_or_else(|error| panic!("{error}"))
        };
        for day in 1..=4 {
            let now = at(&format!("2027-03-0{day}T08:00:00Z"));
            let (name, _) = run(now).unwrap();
            let checked = store::check_backup(&to.join(name)).unwrap();
            assert!(checked.findings.is_empty());
            assert!(run(now + TimeDelta::hours(23)).is_none());
        }
        let days = ["calendar-20270303T080000Z", "calendar-20270304T080000Z"];
        let names = runtime.block_on(place.names()).unwrap();
        assert_eq!(names, days.map(|day| format!("{day}.backup")));
    }

    #[test]
    fn a_place_is_a_folder_a_file_address_or_a_bucket() {
        assert!(matches!(Place::of("backups", &[]), Ok(Place::Folder(_))));
        assert!(matches!(
            Place::of("file:///var/backups", &[]),
            Ok(Place::Folder(_))
        ));
        for wrong in ["ftp://example.no/x", "s3://", "file://elsewhere/x"] {
            assert!(Place::of(wrong, &[]).is_err(), "{wrong}");
        }
    }
}
