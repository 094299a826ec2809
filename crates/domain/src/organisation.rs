//! Organisations whose members register events.
//!
//! Organisations are private: [`RecordKind::is_private`](super::RecordKind::is_private). What readers see of one is its
//! [`Organizer`](super::Organizer).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    AccountId, EmailAddress, Event, OrganisationId, OrganisationNumber, OrganizerRef,
    RegisterCheck, Slug,
};

/// Maximum number of members, invitations and requests together.
pub const MEMBERS_LIMIT: usize = 200;
/// Maximum number of requests to join that wait.
pub const REQUESTS_LIMIT: usize = 20;

/// An organisation, with or without a number: a club, a firm, a group of neighbours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Key.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its number in Enhetsregisteret, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<OrganisationNumber>,
    /// What the register says about the number, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<RegisterCheck>,
    /// Its organizer in the catalog: the one that it claims, or the one created when it was approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organizer: Option<Slug>,
    /// What an editor decided about it.
    pub standing: OrganisationStanding,
    /// Whether its events are published without an editor.
    #[serde(default)]
    pub trusted: bool,
    /// Its members.
    pub members: BTreeMap<AccountId, MemberRole>,
    /// Addresses that were invited, by their [key](EmailAddress::key).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub invitations: BTreeMap<String, Invitation>,
    /// Accounts that ask to join, with the time of the request.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub requests: BTreeMap<AccountId, DateTime<Utc>>,
    /// Time of the registration.
    pub registered: DateTime<Utc>,
    /// Why it was refused; empty otherwise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What an editor decided about an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationStanding {
    /// Nothing yet. Its events wait.
    Pending,
    /// It is known.
    Approved,
    /// It may not register events.
    Refused,
}

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberRole {
    /// Registers events.
    Member,
    /// Also decides who is a member.
    Admin,
}

/// An invitation to become a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The address that was invited.
    pub email: EmailAddress,
    /// Time of the invitation.
    pub at: DateTime<Utc>,
}

impl Organisation {
    /// Returns a new organisation whose only member administers it.
    #[must_use]
    pub fn new(id: OrganisationId, name: String, founder: AccountId, now: DateTime<Utc>) -> Self {
        Self {
            id,
            name,
            number: None,
            register: None,
            organizer: None,
            standing: OrganisationStanding::Pending,
            trusted: false,
            members: BTreeMap::from([(founder, MemberRole::Admin)]),
            invitations: BTreeMap::new(),
            requests: BTreeMap::new(),
            registered: now,
            reason: String::new(),
        }
    }

    /// Returns true if an account is a member.
    #[must_use]
    pub fn has_member(&self, account: &AccountId) -> bool {
        self.members.contains_key(account)
    }

    /// Returns true if an account administers it.
    #[must_use]
    pub fn has_admin(&self, account: &AccountId) -> bool {
        self.members.get(account) == Some(&MemberRole::Admin)
    }

    /// Returns the administrators.
    pub fn administrators(&self) -> impl Iterator<Item = &AccountId> {
        let members = self.members.iter();
        members.filter_map(|(id, role)| (*role == MemberRole::Admin).then_some(id))
    }

    /// Returns the number of administrators.
    #[must_use]
    pub fn admins(&self) -> usize {
        self.administrators().count()
    }

    /// Returns who is told about something that a person made: that person while they are a member, or else the
    /// administrators.
    #[must_use]
    pub fn contacts_for(&self, author: &AccountId) -> Vec<AccountId> {
        if self.has_member(author) {
            vec![author.clone()]
        } else {
            self.administrators().cloned().collect()
        }
    }

    /// Returns true if it has one administrator and no invitations.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.admins() == 1 && self.invitations.is_empty()
    }

    /// Returns true if there is no room for another member or invitation.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.members.len() + self.invitations.len() >= MEMBERS_LIMIT
    }

    /// Returns true if there is no room for another request to join. Requests are counted on their own, so that
    /// strangers who ask take no room from members.
    #[must_use]
    pub fn has_many_requests(&self) -> bool {
        self.requests.len() >= REQUESTS_LIMIT
    }

    /// Returns true if both have the same organisation number, or claim the same organizer of the catalog.
    #[must_use]
    pub fn shares_claim(&self, other: &Self) -> bool {
        let same_number = self.number.is_some() && self.number == other.number;
        let same_organizer = self.organizer.is_some() && self.organizer == other.organizer;
        same_number || same_organizer
    }

    /// Returns true if it is approved and the organizer of an event.
    #[must_use]
    pub fn organizes(&self, event: &Event) -> bool {
        let Some(OrganizerRef::Organizer(slug)) = &event.organizer else {
            return false;
        };
        self.standing == OrganisationStanding::Approved && self.organizer.as_ref() == Some(slug)
    }

    /// Returns true if its events are published without an editor.
    #[must_use]
    pub fn publishes(&self) -> bool {
        self.trusted && self.standing == OrganisationStanding::Approved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_publishes_only_if_it_is_approved_and_trusted() {
        let founder: AccountId = uuid::Uuid::from_u128(1).into();
        let id: OrganisationId = uuid::Uuid::from_u128(2).into();
        let mut club = Organisation::new(
            id,
            "Skogslaget".into(),
            founder.clone(),
            DateTime::UNIX_EPOCH,
        );
        assert!(club.has_admin(&founder) && club.admins() == 1);
        club.trusted = true;
        assert!(!club.publishes());
        club.standing = OrganisationStanding::Approved;
        assert!(club.publishes());
        let json = serde_json::to_string(&club).unwrap();
        assert_eq!(serde_json::from_str::<Organisation>(&json).unwrap(), club);
    }
}
