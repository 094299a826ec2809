//! Whose data it is, and what belongs to it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use calendar_domain::{
    Account, AccountId, EmailAddress, Erasure, Organisation, OrganisationId, OwnEvents, Visitor,
    VisitorId,
};
use calendar_store::{EphemeralTable, Store, StoreError, records};

/// Minimum length of a name that is recognized in texts.
const NAME: usize = 3;

/// The person whose data it is.
#[derive(Debug, Clone)]
pub(super) struct DataSubject {
    pub(super) account: AccountId,
    /// The address and the name, while there is an account.
    pub(super) email: Option<EmailAddress>,
    pub(super) name: String,
    /// Under which the same address wrote without an account.
    pub(super) visitors: BTreeSet<VisitorId>,
    /// What becomes of the public events of organisations without any other member.
    pub(super) own_events: OwnEvents,
    /// Organisations without any other member.
    pub(super) alone: BTreeSet<OrganisationId>,
    /// All organisations that have members.
    pub(super) organisations: BTreeSet<OrganisationId>,
}

impl DataSubject {
    /// Finds the person with an account, which may be gone.
    ///
    /// # Errors
    /// Errors if the store can't be read.
    pub(super) fn find(
        store: &dyn Store,
        id: &AccountId,
        own_events: OwnEvents,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let account = records::one::<Account>(store, id.as_str())?;
        let (email, name) = account.map_or_else(
            || (None, String::new()),
            |(account, _)| (Some(account.email), account.name),
        );
        let mut subject = Self {
            account: id.clone(),
            visitors: match &email {
                Some(email) => visitors(store, email, now)?,
                None => BTreeSet::new(),
            },
            email,
            name,
            own_events,
            alone: BTreeSet::new(),
            organisations: BTreeSet::new(),
        };
        for (organisation, _) in records::every::<Organisation>(store)? {
            if is_alone(&organisation, id) {
                subject.alone.insert(organisation.id.clone());
            }
            if !organisation.members.is_empty() {
                subject.organisations.insert(organisation.id);
            }
        }
        Ok(subject)
    }

    /// Finds the person whose data an erasure removes.
    ///
    /// # Errors
    /// Errors if the store can't be read.
    pub(super) fn of_erasure(
        store: &dyn Store,
        erasure: &Erasure,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let mut subject = Self::find(store, &erasure.account, erasure.own_events, now)?;
        subject.visitors.extend(erasure.visitors.iter().cloned());
        Ok(subject)
    }

    /// Returns true if nobody else belongs to an organisation, or it has no members or is gone.
    pub(super) fn is_alone_in(&self, organisation: &OrganisationId) -> bool {
        self.alone.contains(organisation) || !self.organisations.contains(organisation)
    }

    /// Returns true if an address is the person's.
    pub(super) fn has_address(&self, address: &EmailAddress) -> bool {
        let own = self.email.as_ref();
        own.is_some_and(|own| own.key() == address.key())
    }

    /// Returns true if a text is the person's address and nothing else.
    pub(super) fn is_address(&self, text: &str) -> bool {
        let address = text.parse();
        address.is_ok_and(|address| self.has_address(&address))
    }

    /// Returns true if a text mentions the person's address or name.
    pub(super) fn is_named_in(&self, text: &str) -> bool {
        let address = self.email.as_ref().map(EmailAddress::key);
        address.is_some_and(|address| text.to_lowercase().contains(&address))
            || self.name.chars().count() >= NAME && text.contains(&self.name)
    }
}

fn is_alone(organisation: &Organisation, account: &AccountId) -> bool {
    organisation.has_member(account) && organisation.members.len() == 1
}

/// Returns the ids under which an address wrote without an account.
fn visitors(
    store: &dyn Store,
    email: &EmailAddress,
    now: DateTime<Utc>,
) -> Result<BTreeSet<VisitorId>, StoreError> {
    let Some(ephemeral) = store.ephemeral() else {
        return Ok(BTreeSet::new());
    };
    let all = ephemeral.list(EphemeralTable::Visitors, "", now)?;
    let own = all.into_iter().filter(|(_, entry)| {
        let visitor = serde_json::from_slice::<Visitor>(&entry.value);
        visitor.is_ok_and(|visitor| visitor.email.key() == email.key())
    });
    Ok(own.filter_map(|(id, _)| id.parse().ok()).collect())
}

/// What becomes of the organisations of a person who leaves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrganisationsLeft {
    /// Names of those without any other member.
    pub alone: Vec<String>,
    /// Names of those whose other members become administrators, since nobody else is one.
    pub handed_over: Vec<String>,
    /// Names of the others.
    pub left: Vec<String>,
}

/// Returns what becomes of the organisations of a person who leaves.
///
/// # Errors
/// Errors if the store can't be read.
pub fn organisations_left(
    store: &dyn Store,
    account: &AccountId,
) -> Result<OrganisationsLeft, StoreError> {
    let mut left = OrganisationsLeft::default();
    for (organisation, _) in records::every::<Organisation>(store)? {
        if !organisation.has_member(account) {
            continue;
        }
        let list = if is_alone(&organisation, account) {
            &mut left.alone
        } else if organisation.has_admin(account) && organisation.admins() == 1 {
            &mut left.handed_over
        } else {
            &mut left.left
        };
        list.push(organisation.name);
    }
    Ok(left)
}
