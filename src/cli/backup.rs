//! `backup` and `restore`: a store in one file, and the way back.

use std::path::PathBuf;

use chrono::{DateTime, FixedOffset, Utc};
use clap::Args;

use crate::config;
use crate::store::{self, CommitNumber, Restoring, Until};

use super::progress::Progress;
use super::report::print;
use super::{Context, Ending, Failure, Output};

#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The file to write; a backup that is there already is replaced
    file: PathBuf,
}

#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// The backup
    file: PathBuf,

    /// Stop after this commit
    #[arg(long, value_name = "N", conflicts_with = "until")]
    until_commit: Option<u64>,

    /// Stop before the first commit that is later than this, as in 2027-03-01T12:00:00+01:00
    #[arg(long, value_name = "TIME")]
    until: Option<DateTime<FixedOffset>>,

    /// Set a store that is there already aside
    #[arg(long)]
    replace: bool,
}

impl RestoreArguments {
    fn how(&self) -> Restoring {
        let until = match (self.until_commit, self.until) {
            (Some(number), _) => Until::Commit(CommitNumber(number)),
            (None, Some(time)) => Until::Time(time.with_timezone(&Utc)),
            (None, None) => Until::End,
        };
        let replace = self.replace;
        Restoring { until, replace }
    }
}

pub fn backup(context: &Context, arguments: &BackupArguments) -> Result<Ending, Failure> {
    let (_, config) = config::read(&context.overrides)?;
    super::open::start_log(config.log);
    let progress = Progress::begin(format!("Backing up {}", config.store));
    let made = store::backup(&config.store, &arguments.file)?;
    progress.end();
    let file = arguments.file.display().to_string();
    print(&match context.output {
        Output::Json => {
            let report = serde_json::json!({
                "file": file, "commit": made.commit, "at": made.at, "bytes": made.bytes,
            });
            format!("{report}\n")
        }
        Output::Text => format!("{file}: commit {}, {} bytes\n", made.commit, made.bytes),
    })?;
    Ok(Ending::Done)
}

pub fn restore(context: &Context, arguments: &RestoreArguments) -> Result<Ending, Failure> {
    let (_, config) = config::read(&context.overrides)?;
    super::open::start_log(config.log);
    let progress = Progress::begin(format!("Restoring {}", arguments.file.display()));
    let restored = store::restore(&config.store, &arguments.file, &arguments.how())?;
    progress.end();
    let replaced = restored.replaced.map(|it| it.display().to_string());
    print(&match context.output {
        Output::Json => {
            let report = serde_json::json!({
                "store": config.store, "commit": restored.commit, "last": restored.last,
                "replaced": replaced,
            });
            format!("{report}\n")
        }
        Output::Text => {
            let kept = replaced.map_or_else(String::new, |path| {
                format!("; what was there before is kept in {path}")
            });
            format!(
                "{}: restored up to commit {} of {}{kept}\n",
                config.store, restored.commit, restored.last
            )
        }
    })?;
    Ok(Ending::Done)
}
