//! Decides when a backup is due, writes it and removes old ones.

use std::ffi::OsStr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use rocket::tokio;

use super::BackupTarget;
use crate::cli::{Failure, backup_encryption};
use crate::config::{BackupConfig, CalendarConfig};
use crate::web::BackupStats;
use calendar_domain::clock::Clock;
use calendar_store::BackedUp;

/// Interval of checks, and pause after a failure.
const LOOK: Duration = Duration::from_secs(20);

const AGAIN: Duration = Duration::from_secs(15 * 60);

/// Maximum number of findings of a backup that are logged; `store check` lists all.
const FINDINGS_LOGGED: usize = 20;

const BEFORE: &str = "calendar-";

const AFTER: &str = ".backup";

const STAMP: &str = "%Y%m%dT%H%M%SZ";

/// Makes scheduled backups forever, if configured.
pub async fn keep(config: CalendarConfig, clock: Arc<dyn Clock>, stats: Arc<BackupStats>) {
    let Some(place) = &config.backup.to else {
        return std::future::pending().await;
    };
    stats.scheduled(config.backup.every_hours);
    loop {
        let now = clock.now();
        let pause = match turn(place, &config, now, &stats).await {
            Ok(None) => LOOK,
            Ok(Some((name, made))) => {
                let (commit, bytes) = (made.commit.0, made.bytes);
                stats.succeeded(now, bytes, made.findings.len());
                tracing::info!(name, commit, bytes, "backed up");
                for finding in made.findings.iter().take(FINDINGS_LOGGED) {
                    tracing::warn!(name, finding, "the backup lacks images");
                }
                LOOK
            }
            Err(error) => {
                stats.failed(now);
                tracing::error!(%error, "the scheduled backup failed");
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
    stats: &BackupStats,
) -> Result<Option<(String, BackedUp)>, Failure> {
    let place = BackupTarget::new(place, &config.sync.allow_private)?;
    if stats.last_success().is_none()
        && let Some((made, bytes)) = latest(&place, now).await?
    {
        stats.found(made, bytes);
    }
    run_if_due(&config.store, &place, &config.backup, now).await
}

/// Returns time and size in bytes of the newest backup.
async fn latest(
    place: &BackupTarget,
    now: DateTime<Utc>,
) -> Result<Option<(DateTime<Utc>, u64)>, Failure> {
    let names = place.names().await?.into_iter();
    let made = names.filter_map(|name| Some((made_at(&name)?, name)));
    match made.filter(|(at, _)| *at <= now).max() {
        Some((at, name)) => Ok(Some((at, place.size(&name).await?))),
        None => Ok(None),
    }
}

async fn run_if_due(
    store: &OsStr,
    place: &BackupTarget,
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
    let encryption = backup_encryption::configured(schedule)?;
    let backed_up = place.back_up(store, &name, encryption).await?;
    for old in superfluous(&place.names().await?, schedule.keep, now) {
        place.remove(&old).await?;
    }
    Ok(Some((name, backed_up)))
}

fn name(at: DateTime<Utc>) -> String {
    format!("{BEFORE}{}{AFTER}", at.format(STAMP))
}

/// Returns the time in a backup's name, or `None` for other files.
fn made_at(name: &str) -> Option<DateTime<Utc>> {
    let stamp = name.strip_prefix(BEFORE)?.strip_suffix(AFTER)?;
    let at = NaiveDateTime::parse_from_str(stamp, STAMP).ok()?;
    Some(at.and_utc())
}

fn is_due(made: &[DateTime<Utc>], schedule: &BackupConfig, now: DateTime<Utc>) -> bool {
    let pause = TimeDelta::hours(i64::from(schedule.every_hours));
    // A time in the future stems from a wrong clock and is ignored.
    let last = made.iter().filter(|at| **at <= now).max();
    last.is_none_or(|last| now - *last >= pause)
}

/// Returns the backups in the order in which they were made. Times in the future sort first: whether the clock was
/// wrong then or is wrong now, they precede a backup made now.
fn in_order(names: &[String], now: DateTime<Utc>) -> Vec<&String> {
    let ours = names.iter().filter_map(|name| Some((made_at(name)?, name)));
    let mut ours: Vec<_> = ours.map(|(at, name)| (at <= now, at, name)).collect();
    ours.sort();
    ours.into_iter().map(|(_, _, name)| name).collect()
}

/// Returns the oldest backups beyond the number to keep.
fn superfluous(names: &[String], keep: u32, now: DateTime<Utc>) -> Vec<String> {
    let ours = in_order(names, now);
    let keep = usize::try_from(keep).unwrap_or(usize::MAX);
    let count = ours.len().saturating_sub(keep);
    ours.into_iter().take(count).cloned().collect()
}

/// Returns the newest backup.
pub fn newest(names: &[String], now: DateTime<Utc>) -> Option<&String> {
    in_order(names, now).pop()
}

/// Downloads a backup into a temporary file: the object at `address`, or else the newest backup below it. Also returns
/// its address.
pub async fn fetch(
    address: &str,
    without_tls: &[String],
    now: DateTime<Utc>,
) -> Result<(String, tempfile::NamedTempFile), Failure> {
    let place = BackupTarget::new(address, without_tls)?;
    if !address.ends_with('/')
        && let Some(file) = place.object(None).await?
    {
        return Ok((address.to_owned(), file));
    }
    let names = place.names().await?;
    let name = newest(&names, now).ok_or_else(|| no_backup_in(address))?;
    let file = place.object(Some(name)).await?;
    let named = format!("{}/{name}", address.trim_end_matches('/'));
    Ok((named, file.ok_or_else(|| no_backup_in(address))?))
}

/// Returns the error that no backup has this name, nor the name of a scheduled backup below it.
pub(in crate::cli) fn no_backup_in(place: &str) -> Failure {
    format!(
        "there is no backup at {place}: neither a backup of this name nor a scheduled one below it, such as \
         calendar-20270301T080000Z.backup"
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let now = at("2027-03-04T08:00:00Z");
        let oldest = ["calendar-20270301T080000Z.backup"];
        assert_eq!(superfluous(&names, 2, now), oldest);
        assert_eq!(superfluous(&names, 3, now), Vec::<String>::new());
        assert_eq!(
            newest(&names, now).unwrap(),
            "calendar-20270303T080000Z.backup"
        );
    }

    #[test]
    fn a_store_is_backed_up_once_until_the_next_is_due_and_only_so_many_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sled:{}", folder.path().join("store").display());
        drop(calendar_store::open(&url).unwrap());
        let to = folder.path().join("backups");
        let place = BackupTarget::new(&format!("file://{}", to.display()), &[]).unwrap();
        let schedule = BackupConfig {
            keep: 2,
            ..BackupConfig::default()
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let run = |now| {
            let outcome = runtime.block_on(run_if_due(OsStr::new(&url), &place, &schedule, now));
            outcome.unwrap_or_else(|error| panic!("{error}"))
        };
        for day in 1..=4 {
            let now = at(&format!("2027-03-0{day}T08:00:00Z"));
            let (name, _) = run(now).unwrap();
            let checked = calendar_store::check_backup(&to.join(name)).unwrap();
            assert!(checked.findings.is_empty());
            assert!(run(now + TimeDelta::hours(23)).is_none());
        }
        let days = ["calendar-20270303T080000Z", "calendar-20270304T080000Z"];
        let names = runtime.block_on(place.names()).unwrap();
        assert_eq!(names, days.map(|day| format!("{day}.backup")));
    }

    #[test]
    fn the_one_just_made_stays_whatever_the_clock_said_and_says() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sled:{}", folder.path().join("store").display());
        drop(calendar_store::open(&url).unwrap());
        let to = folder.path().join("backups");
        let place = BackupTarget::new(&to.display().to_string(), &[]).unwrap();
        let schedule = BackupConfig {
            keep: 3,
            ..BackupConfig::default()
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let run = |now: &str| {
            let outcome =
                runtime.block_on(run_if_due(OsStr::new(&url), &place, &schedule, at(now)));
            outcome
                .unwrap_or_else(|error| panic!("{error}"))
                .map(|outcome| outcome.0)
        };
        let names = || runtime.block_on(place.names()).unwrap();
        // The clock is years ahead for four days, then correct, then years behind.
        for day in 1..=4 {
            run(&format!("2040-03-0{day}T08:00:00Z")).unwrap();
        }
        for now in [
            "2027-03-01",
            "2027-03-02",
            "2027-03-03",
            "2027-03-04",
            "1970-01-02",
            "1970-01-03",
            "2027-03-06",
        ] {
            let made = run(&format!("{now}T08:00:00Z")).expect("it is due");
            assert!(names().contains(&made), "{now}: {:?}", names());
            assert_eq!(names().len(), 3, "{now}");
            assert!(
                run(&format!("{now}T09:00:00Z")).is_none(),
                "{now}: once a day"
            );
        }
        let left = names();
        assert!(!left.iter().any(|name| name.contains("2040")), "{left:?}");
    }

    #[test]
    fn after_a_restart_the_newest_backup_that_is_there_is_known_with_its_size() {
        let folder = tempfile::tempdir().unwrap();
        let place = BackupTarget::new(folder.path().to_str().unwrap(), &[]).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let latest = |now: &str| {
            let outcome = runtime.block_on(super::latest(&place, at(now)));
            outcome.unwrap_or_else(|error| panic!("{error}"))
        };
        assert_eq!(latest("2027-03-03T08:00:00Z"), None);
        let days = ["2027-03-01T08:00:00Z", "2027-03-02T08:00:00Z"];
        for (count, day) in days.iter().enumerate() {
            let content = vec![0; count + 1];
            std::fs::write(folder.path().join(name(at(day))), content).unwrap();
        }
        std::fs::write(folder.path().join("notes.txt"), "somebody's").unwrap();
        assert_eq!(latest("2027-03-03T08:00:00Z"), Some((at(days[1]), 2)));
        assert_eq!(latest("2027-03-02T07:00:00Z"), Some((at(days[0]), 1)));
    }

    #[test]
    fn a_place_is_a_folder_a_file_address_or_a_bucket() {
        assert!(matches!(
            BackupTarget::new("backups", &[]),
            Ok(BackupTarget::Folder(_))
        ));
        assert!(matches!(
            BackupTarget::new("file:///var/backups", &[]),
            Ok(BackupTarget::Folder(_))
        ));
        for wrong in ["ftp://example.no/x", "s3://", "file://elsewhere/x"] {
            assert!(BackupTarget::new(wrong, &[]).is_err(), "{wrong}");
        }
    }
}
