//! Names that are unique among records.

use std::fmt;

use serde::Deserialize;
use uuid::Uuid;

use super::{
    Account, CredentialId, EmailAddress, Event, EventId, LinkedLogin, Record, RecordKind, Slug, Uid,
};

/// A name that at most one record has, whatever its state. The store rejects a second one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Claim {
    /// The slug of an event.
    EventSlug(Slug),
    /// The `UID` of an event.
    EventUid(Uid),
    /// The mail address of an account, compared without case.
    AccountEmail(EmailAddress),
    /// The id of a passkey of an account.
    Passkey(CredentialId),
    /// An identity at an OpenID provider that signs in to an account.
    AccountLogin {
        /// The provider.
        issuer: String,
        /// The person at the provider.
        subject: String,
    },
}

impl Claim {
    /// The kinds of records with claims. Records of other kinds are unique by their keys.
    pub const KINDS: [RecordKind; 2] = [RecordKind::Event, RecordKind::Account];

    /// Returns the name of the record's field that holds the claim.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::EventSlug(_) => "slug",
            Self::EventUid(_) => "uid",
            Self::AccountEmail(_) => "email",
            Self::Passkey(_) => "passkeys",
            Self::AccountLogin { .. } => "logins",
        }
    }

    /// Returns the claim as an index key; different claims have different keys.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::EventSlug(slug) => format!("event_slug/{slug}"),
            Self::EventUid(uid) => format!("event_uid/{uid}"),
            Self::AccountEmail(email) => format!("account_email/{}", email.key()),
            Self::Passkey(id) => format!("passkey/{id}"),
            // The length tells where the issuer ends.
            Self::AccountLogin { issuer, subject } => {
                format!("account_login/{}/{issuer}/{subject}", issuer.len())
            }
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EventSlug(slug) => write!(f, "slug «{slug}»"),
            Self::EventUid(uid) => write!(f, "UID «{uid}»"),
            Self::AccountEmail(email) => write!(f, "mail address «{email}»"),
            Self::Passkey(id) => write!(f, "passkey «{id}»"),
            // Messages and logs don't say who the person is at the provider.
            Self::AccountLogin { issuer, .. } => write!(f, "identity at «{issuer}»"),
        }
    }
}

/// The fields of an event that determine its claims. Deserializes from an event's JSON without the
/// other fields.
#[derive(Debug, Clone, Deserialize)]
pub struct EventNames {
    slug: Slug,
    uid: Uid,
}

impl EventNames {
    /// Returns the claims of an event with these names.
    #[must_use]
    pub fn claims(self) -> [Claim; 2] {
        [Claim::EventSlug(self.slug), Claim::EventUid(self.uid)]
    }
}

/// The fields of an account that determine its claims. Deserializes from an account's JSON without
/// the other fields.
#[derive(Debug, Clone, Deserialize)]
pub struct AccountNames {
    email: EmailAddress,
    #[serde(default)]
    passkeys: Vec<PasskeyNames>,
    #[serde(default)]
    logins: Vec<LinkedLogin>,
}

#[derive(Debug, Clone, Deserialize)]
struct PasskeyNames {
    id: CredentialId,
}

impl AccountNames {
    /// Returns the claims of an account with these names.
    #[must_use]
    pub fn claims(self) -> Vec<Claim> {
        account_claims(
            self.email,
            self.passkeys.into_iter().map(|passkey| passkey.id),
            self.logins,
        )
    }
}

impl Account {
    /// Returns the claims of the account.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        let ids = self.passkeys.iter().map(|passkey| passkey.id.clone());
        account_claims(self.email.clone(), ids, self.logins.iter().cloned())
    }
}

fn account_claims(
    email: EmailAddress,
    passkeys: impl Iterator<Item = CredentialId>,
    logins: impl IntoIterator<Item = LinkedLogin>,
) -> Vec<Claim> {
    let email = std::iter::once(Claim::AccountEmail(email));
    let logins = logins.into_iter().map(|login| Claim::AccountLogin {
        issuer: login.issuer,
        subject: login.subject,
    });
    let passkeys = passkeys.map(Claim::Passkey);
    email.chain(passkeys).chain(logins).collect()
}

impl Event {
    /// Returns the claims of the event.
    #[must_use]
    pub fn claims(&self) -> [Claim; 2] {
        let (slug, uid) = (self.slug.clone(), self.uid.clone());
        EventNames { slug, uid }.claims()
    }

    /// Replaces the slug and the UID if they are `taken` by another record. Returns true if either
    /// was.
    ///
    /// # Errors
    /// Returns the errors of `taken`.
    pub fn take_free_names<E>(
        &mut self,
        namespace: Uuid,
        mut taken: impl FnMut(&Claim) -> Result<bool, E>,
    ) -> Result<bool, E> {
        let (slug, uid) = (self.slug.clone(), self.uid.clone());
        for next in slug_candidates(slug.clone(), &self.id) {
            if !taken(&Claim::EventSlug(next.clone()))? {
                self.slug = next;
                break;
            }
        }
        let own = uid_candidates(namespace, &self.id);
        for next in std::iter::once(uid.clone()).chain(own) {
            if !taken(&Claim::EventUid(next.clone()))? {
                self.uid = next;
                break;
            }
        }
        Ok(self.slug != slug || self.uid != uid)
    }
}

impl Record {
    /// Returns the claims of the record.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        match self {
            Self::Event(event) => event.claims().into(),
            Self::Account(account) => account.claims(),
            _ => Vec::new(),
        }
    }
}

/// Returns an endless sequence of slugs for an event: the preferred one, the same with a part of
/// the event's id, then numbered ones.
pub fn slug_candidates(wanted: Slug, id: &EventId) -> impl Iterator<Item = Slug> + use<> {
    let tail: String = id.as_str().chars().filter(|c| *c != '-').take(10).collect();
    let own = wanted.with_suffix(&tail);
    let first = [wanted, own.clone()].into_iter();
    first.chain((2_u64..).map(move |n| own.with_suffix(&n.to_string())))
}

/// Returns an endless sequence of UIDs for an event. The same id gives the same sequence.
pub fn uid_candidates(namespace: Uuid, id: &EventId) -> impl Iterator<Item = Uid> + use<> {
    let id = id.clone();
    (1_u64..).map(move |n| {
        let name = match n {
            1 => id.to_string(),
            _ => format!("{id}/{n}"),
        };
        Uuid::new_v5(&namespace, name.as_bytes()).into()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::convert::Infallible;

    use super::*;
    use crate::{Schedule, Text, When};

    fn event() -> Event {
        let day = When::day("2027-04-10".parse().unwrap());
        let born = chrono::DateTime::UNIX_EPOCH;
        let (slug, uid) = ("concert".parse().unwrap(), "u@example.no".parse().unwrap());
        Event::new(slug, uid, Text::nb("Konsert"), Schedule::once(day), born)
    }

    #[test]
    fn the_claims_read_from_an_events_json_are_those_of_the_event() {
        let json = serde_json::to_string(&event()).unwrap();
        let names: EventNames = serde_json::from_str(&json).unwrap();
        assert_eq!(names.claims(), event().claims());
        assert_eq!(Record::from(event()).claims(), event().claims());
    }

    #[test]
    fn identities_with_other_issuers_or_subjects_are_other_claims() {
        let claim = |issuer: &str, subject: &str| Claim::AccountLogin {
            issuer: issuer.into(),
            subject: subject.into(),
        };
        let all = [
            claim("https://a.example", "1"),
            claim("https://a.example", "2"),
            claim("https://a.example/b", "1"),
            claim("https://a.example", "b/1"),
        ];
        let keys: BTreeSet<String> = all.iter().map(Claim::key).collect();
        assert_eq!(keys.len(), all.len(), "{keys:#?}");
        let shown = claim("https://a.example", "secret").to_string();
        assert!(!shown.contains("secret"), "{shown}");
    }

    #[test]
    fn a_name_that_is_taken_is_replaced_by_the_next_that_is_free() {
        let mut taken: BTreeSet<Claim> = BTreeSet::new();
        for _ in 0..4 {
            let mut next = event();
            let replaced = next
                .take_free_names(Uuid::NAMESPACE_OID, |event| {
                    Ok::<_, Infallible>(taken.contains(event))
                })
                .unwrap();
            assert_eq!(replaced, !taken.is_empty());
            taken.extend(next.claims());
        }
        let keys: BTreeSet<String> = taken.iter().map(Claim::key).collect();
        assert_eq!(keys.len(), 8, "{keys:#?}");
        assert!(keys.contains("event_slug/concert-concert-3"), "{keys:#?}");
    }
}
