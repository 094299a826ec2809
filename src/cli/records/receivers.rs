//! Records that say where something stands in the commits of the store that they come from, as they hold in
//! this one: commits have other numbers here.

use std::collections::HashMap;

use crate::catalog::Calendar;
use calendar_domain::delivery::progress::WAITING;
use calendar_domain::record::Recorded;
use calendar_domain::{Delivery, EventId, Progress, Pushing, Record, Run, Webhook};
use calendar_store::{Store, StoreError, records};

/// Returns whether a record tells of commits by their numbers.
pub fn tells_of_commits(record: &Record) -> bool {
    matches!(
        record,
        Record::Webhook(_) | Record::Pushing(_) | Record::Run(_)
    )
}

/// What is known of the commits of both stores.
pub struct Commits<'a> {
    /// The commit before the import.
    pub before: u64,
    /// The commit in which each event of the file changed last there, as far as the file says so.
    pub events: &'a HashMap<EventId, u64>,
}

impl Commits<'_> {
    /// Returns a record as it holds here. What is here already under its key goes on where it stands.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn translate(&self, calendar: &Calendar, record: Record) -> Result<Record, StoreError> {
        Ok(match record {
            Record::Webhook(it) => {
                let progress = known::<Webhook>(calendar, &it.id)?.map(|it| it.progress);
                let progress =
                    progress.unwrap_or_else(|| self.after_import(calendar, &it.progress));
                Webhook {
                    progress,
                    ..Webhook::clone(&it)
                }
                .into()
            }
            Record::Pushing(it) => {
                let known = known::<Pushing>(calendar, &it.id)?;
                // Whoever is told what is there already is sent nothing.
                let anew = || Pushing {
                    progress: Progress {
                        disabled: it.progress.disabled.clone(),
                        ..Progress::after(0)
                    },
                    generation: Some(calendar.generation().id.to_string()),
                    ..Pushing::clone(&it)
                };
                known.unwrap_or_else(anew).into()
            }
            Record::Run(it) => {
                // Revisions begin anew here, so there is nothing that a rollback could go by.
                let wrote = known::<Run>(calendar, &it.id)?.map(|it| it.wrote);
                Run {
                    wrote: wrote.unwrap_or_default(),
                    ..Run::clone(&it)
                }
                .into()
            }
            other => other,
        })
    }

    /// Where a webhook stands that was never here: at the last commit, and what it had not been told of there
    /// waits.
    fn after_import(&self, calendar: &Calendar, there: &Progress) -> Progress {
        let (head, now) = (calendar.head().number.0, calendar.clock().now());
        let here = |event: &EventId| Delivery {
            event: event.clone(),
            commit: head,
            since: head,
            attempts: 0,
            next: Some(now),
            error: String::new(),
        };
        let mut waiting: Vec<Delivery> = (there.waiting.iter())
            .map(|it| Delivery {
                attempts: it.attempts,
                next: it.next,
                error: it.error.clone(),
                ..here(&it.event)
            })
            .collect();
        let untold = self.events.iter().filter(|it| *it.1 > there.commit);
        for (event, _) in untold {
            if !waiting.iter().any(|it| it.event == *event) {
                waiting.push(here(event));
            }
            if waiting.len() > WAITING {
                // Too much to remember one by one: it is told of everything that came with the import.
                return Progress {
                    disabled: there.disabled.clone(),
                    ..Progress::after(self.before)
                };
            }
        }
        Progress {
            commit: head,
            waiting,
            disabled: there.disabled.clone(),
        }
    }
}

fn known<T: Recorded>(calendar: &Calendar, id: &str) -> Result<Option<T>, StoreError> {
    Ok(records::one::<T>(calendar, id)?.map(|(it, _)| it))
}
