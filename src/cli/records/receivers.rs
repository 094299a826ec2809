//! Adapts imported records that contain commit numbers, which differ in this store.

use std::collections::HashMap;

use crate::catalog::Calendar;
use calendar_domain::delivery::progress::WAITING;
use calendar_domain::record::Recorded;
use calendar_domain::{Delivery, EventId, Progress, Pushing, Record, Run, Webhook};
use calendar_store::{Store, StoreError, records};

/// Returns true if a record contains commit numbers.
pub fn tells_of_commits(record: &Record) -> bool {
    matches!(
        record,
        Record::Webhook(_) | Record::Pushing(_) | Record::Run(_)
    )
}

/// Commits of both stores.
pub struct Commits<'a> {
    /// Number of the last commit before the import.
    pub before: u64,
    /// Commit of the exporting store that last changed each event, as far as the file has it.
    pub events: &'a HashMap<EventId, u64>,
}

impl Commits<'_> {
    /// Returns a record as valid in this store. An existing record keeps its progress.
    ///
    /// # Errors
    /// Errors if the store cannot be read.
    pub fn translate(&self, calendar: &Calendar, record: Record) -> Result<Record, StoreError> {
        Ok(match record {
            Record::Webhook(webhook) => {
                let progress = known::<Webhook>(calendar, &webhook.id)?.map(|known| known.progress);
                let progress =
                    progress.unwrap_or_else(|| self.after_import(calendar, &webhook.progress));
                Webhook {
                    progress,
                    ..Webhook::clone(&webhook)
                }
                .into()
            }
            Record::Pushing(pushing) => {
                let known = known::<Pushing>(calendar, &pushing.id)?;
                // Events that the partner already has are compared and not sent again.
                let anew = || Pushing {
                    progress: Progress {
                        disabled: pushing.progress.disabled.clone(),
                        ..Progress::after(0)
                    },
                    generation: Some(calendar.generation().id.to_string()),
                    ..Pushing::clone(&pushing)
                };
                known.unwrap_or_else(anew).into()
            }
            Record::Run(run) => {
                // Revisions start anew here, so a rollback has nothing to compare with.
                let wrote = known::<Run>(calendar, &run.id)?.map(|known| known.wrote);
                Run {
                    wrote: wrote.unwrap_or_default(),
                    ..Run::clone(&run)
                }
                .into()
            }
            other => other,
        })
    }

    /// Returns the progress of a new webhook: at the last commit, with events that it had not received yet as pending.
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
            .map(|value| Delivery {
                attempts: value.attempts,
                next: value.next,
                error: value.error.clone(),
                ..here(&value.event)
            })
            .collect();
        let untold = self.events.iter().filter(|event| *event.1 > there.commit);
        for (event, _) in untold {
            if !waiting.iter().any(|waiting| waiting.event == *event) {
                waiting.push(here(event));
            }
            if waiting.len() > WAITING {
                // Too many to list: deliver everything imported.
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
    Ok(records::one::<T>(calendar, id)?.map(|(value, _)| value))
}
