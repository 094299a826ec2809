//! Looks organisation numbers up in Enhetsregisteret, the Central Coordinating Register for Legal Entities.
//!
//! **May import:** `rate_limit`, `http`, `config`.
//!
//! The register is asked while a person registers an organisation, so a look-up takes a few seconds at most, and
//! registering does not depend on it. Interface: <https://data.brreg.no/enhetsregisteret/api/dokumentasjon/no/index.html>.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use rocket::tokio;
use serde::Deserialize;
use url::Url;

use crate::config::BusinessRegisterConfig;
use crate::http::{Fetcher, Outgoing, Patience};
use crate::rate_limit::RateLimiter;
use calendar_domain::{AccountId, OrganisationNumber, RegisterEntry};

/// Time limit of a look-up.
const TOTAL: Duration = Duration::from_secs(3);
/// Maximum size of a response in bytes. Entries have some kilobytes.
const MAX_BYTES: u64 = 256 << 10;
/// Time for which an answer is reused.
const KEPT: TimeDelta = TimeDelta::minutes(10);
/// Maximum number of answers that are kept.
const KEPT_ENTRIES: usize = 1_000;
/// Maximum length of a name in characters.
const NAME_LIMIT: usize = 200;

/// The register's answer about a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegisterAnswer {
    /// It has the number.
    Found(RegisterEntry),
    /// It does not know the number.
    Unknown,
    /// It was not queried, or did not respond.
    NotChecked,
}

/// Looks organisation numbers up.
pub struct BusinessRegister {
    /// Address of the API; `None` if the register is not queried.
    url: Option<Url>,
    fetcher: Fetcher,
    known: Mutex<HashMap<OrganisationNumber, (DateTime<Utc>, RegisterAnswer)>>,
    /// Look-ups per person.
    limit: RateLimiter<AccountId>,
}

/// An entry as the register sends it, of an entity or of one of its units.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentEntry {
    organisasjonsnummer: String,
    #[serde(default)]
    navn: String,
    #[serde(default)]
    slettedato: Option<String>,
    #[serde(default)]
    konkurs: bool,
    #[serde(default)]
    under_avvikling: bool,
    #[serde(default)]
    under_tvangsavvikling_eller_tvangsopplosning: bool,
}

impl BusinessRegister {
    /// Returns the register as configured.
    #[must_use]
    pub fn new(config: &BusinessRegisterConfig, fetcher: &Fetcher) -> Self {
        let patience = Patience {
            connect: TOTAL,
            silence: TOTAL,
            total: TOTAL,
        };
        Self {
            url: config.enabled.then(|| config.url.clone()),
            fetcher: fetcher.apart(MAX_BYTES).with_patience(patience),
            known: Mutex::default(),
            limit: RateLimiter::new(20.0, 1.0 / 30.0),
        }
    }

    /// Looks a number up for a person. Returns within a few seconds.
    pub async fn look_up(
        &self,
        number: &OrganisationNumber,
        person: &AccountId,
        now: DateTime<Utc>,
    ) -> RegisterAnswer {
        let Some(url) = &self.url else {
            return RegisterAnswer::NotChecked;
        };
        if let Some(known) = self.kept(number, now) {
            return known;
        }
        if self.limit.take(person.clone(), now).is_err() {
            return RegisterAnswer::NotChecked;
        }
        let asked = tokio::time::timeout(TOTAL, self.ask(url, number, now)).await;
        let answer = asked.unwrap_or_else(|_| {
            tracing::warn!(%url, "the business register did not respond in time");
            RegisterAnswer::NotChecked
        });
        if answer != RegisterAnswer::NotChecked {
            self.keep(number, now, &answer);
        }
        answer
    }

    fn kept(&self, number: &OrganisationNumber, now: DateTime<Utc>) -> Option<RegisterAnswer> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, answer) = known.get(number)?;
        (now - *at < KEPT && *at <= now).then(|| answer.clone())
    }

    fn keep(&self, number: &OrganisationNumber, now: DateTime<Utc>, answer: &RegisterAnswer) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT_ENTRIES {
            known.retain(|_, (at, _)| now - *at < KEPT);
            if known.len() >= KEPT_ENTRIES {
                known.clear();
            }
        }
        known.insert(number.clone(), (now, answer.clone()));
    }

    /// Asks for an entity, and then for a unit of one: both have numbers of the same kind.
    async fn ask(
        &self,
        url: &Url,
        number: &OrganisationNumber,
        now: DateTime<Utc>,
    ) -> RegisterAnswer {
        for kind in ["enheter", "underenheter"] {
            let answer = self.ask_for(url, kind, number, now).await;
            if answer != RegisterAnswer::Unknown {
                return answer;
            }
        }
        RegisterAnswer::Unknown
    }

    async fn ask_for(
        &self,
        url: &Url,
        kind: &str,
        number: &OrganisationNumber,
        now: DateTime<Utc>,
    ) -> RegisterAnswer {
        let base = url.as_str().trim_end_matches('/');
        let Ok(url) = Url::parse(&format!("{base}/{kind}/{number}")) else {
            return RegisterAnswer::NotChecked;
        };
        let fetched = match self
            .fetcher
            .send(&Outgoing::get(&url, "application/json"))
            .await
        {
            Ok(fetched) => fetched,
            Err(error) => {
                tracing::warn!(%error, "the business register did not respond");
                return RegisterAnswer::NotChecked;
            }
        };
        match fetched.status {
            StatusCode::OK => match entry(&fetched.bytes, number, now) {
                Some(entry) => RegisterAnswer::Found(entry),
                None => {
                    tracing::warn!(%url, "the business register returned no entry for the number");
                    RegisterAnswer::NotChecked
                }
            },
            StatusCode::NOT_FOUND => RegisterAnswer::Unknown,
            // Removed for legal reasons.
            StatusCode::GONE => RegisterAnswer::Found(RegisterEntry {
                name: String::new(),
                checked: now,
                is_deleted: true,
                is_insolvent: false,
            }),
            status => {
                tracing::warn!(%url, %status, "the business register returned an error");
                RegisterAnswer::NotChecked
            }
        }
    }
}

/// Returns the entry in a response, if it is one of the number.
fn entry(body: &[u8], number: &OrganisationNumber, now: DateTime<Utc>) -> Option<RegisterEntry> {
    let sent: SentEntry = serde_json::from_slice(body).ok()?;
    if sent.organisasjonsnummer != number.as_str() {
        return None;
    }
    let is_plain = |c: &char| !c.is_control();
    Some(RegisterEntry {
        name: sent
            .navn
            .chars()
            .filter(is_plain)
            .take(NAME_LIMIT)
            .collect(),
        checked: now,
        is_deleted: sent.slettedato.is_some(),
        is_insolvent: sent.konkurs
            || sent.under_avvikling
            || sent.under_tvangsavvikling_eller_tvangsopplosning,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_another_number_or_of_another_form_is_none() {
        let number: OrganisationNumber = "952857991".parse().unwrap();
        let now = DateTime::UNIX_EPOCH;
        let read = |body: &str| entry(body.as_bytes(), &number, now);
        let found = read(
            r#"{"organisasjonsnummer":"952857991","navn":"ELVERUM\u0000 KOMMUNE","konkurs":false}"#,
        );
        let found = found.unwrap();
        assert_eq!(found.name, "ELVERUM KOMMUNE");
        assert!(!found.is_deleted && !found.is_insolvent);
        let ended = read(r#"{"organisasjonsnummer":"952857991","slettedato":"2020-01-31"}"#);
        assert!(ended.unwrap().is_deleted);
        let forced = r#"{"organisasjonsnummer":"952857991","underTvangsavviklingEllerTvangsopplosning":true}"#;
        assert!(read(forced).unwrap().is_insolvent);
        for other in [
            "",
            "[]",
            "{}",
            r#"{"organisasjonsnummer":"974760673","navn":"A"}"#,
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
