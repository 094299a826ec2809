//! Organisations: registering, joining, inviting, leaving.

use chrono::{DateTime, TimeDelta, Utc};

use crate::catalog::Calendar;
use calendar_domain::{
    Account, AccountId, EmailAddress, IdError, Invitation, MailFacts, MailKind, MemberRole,
    Organisation, OrganisationId, OrganisationNumber, OrganisationStanding, RegisterCheck, Slug,
};
use calendar_store::{Change, Revision, Store, StoreError, records};

use super::actor::{Actor, organisation, own_organisation, write};
use super::editorial_error::{EditorialError, required_line, retried};
use super::notices;

/// Maximum length of a name.
const NAME_LIMIT: usize = 200;
/// Maximum number of organisations that wait for an editor, for each person.
const PENDING_LIMIT: usize = 5;

/// Time after which editors answer a request to join that no administrator has answered.
pub const JOIN_PATIENCE: TimeDelta = TimeDelta::days(3);

/// A person's description of an organisation to register.
#[derive(Debug, Clone, Default)]
pub struct Registration {
    /// The name.
    pub name: String,
    /// The organisation number as typed; empty if it has none.
    pub number: String,
    /// The organizer of the catalog that it claims to be.
    pub organizer: Option<Slug>,
    /// The register's entry of the number.
    pub register: Option<RegisterCheck>,
}

impl Registration {
    /// Returns the organisation number without spaces; `None` if it has none.
    ///
    /// # Errors
    /// Errors if it is not an organisation number.
    pub fn parse_number(&self) -> Result<Option<OrganisationNumber>, IdError> {
        let digits = self.number.chars().filter(|c| !c.is_whitespace());
        let digits: String = digits.collect();
        Some(digits.as_str())
            .filter(|text| !text.is_empty())
            .map(str::parse)
            .transpose()
    }
}

/// Registers an organisation. Its events wait until an editor has approved it.
///
/// # Errors
/// Returns [`EditorialError::Exists`] if an approved organisation has the number or the organizer. Errors if name or
/// number are invalid, or the person has too many organisations that wait.
pub fn register(
    calendar: &Calendar,
    actor: &Actor,
    registration: &Registration,
) -> Result<OrganisationId, EditorialError> {
    let name = required_line(&registration.name, NAME_LIMIT)?;
    let number = registration.parse_number()?;
    if let Some(slug) = &registration.organizer
        && calendar.snapshot().organizer(slug).is_none()
    {
        return Err(EditorialError::NotFound);
    }
    let id: OrganisationId = calendar.clock().new_id().into();
    let founder = actor.account.id.clone();
    let mut registered = Organisation::new(id.clone(), name, founder, actor.now);
    registered.register = registration.register.clone().filter(|_| number.is_some());
    registered.number = number;
    registered.organizer.clone_from(&registration.organizer);
    let mut pending = 0;
    for (other, _) in all(calendar)? {
        if other.standing == OrganisationStanding::Approved && other.shares_claim(&registered) {
            return Err(EditorialError::Exists);
        }
        let waits = other.standing == OrganisationStanding::Pending;
        pending += usize::from(waits && other.has_member(&actor.account.id));
    }
    if pending >= PENDING_LIMIT {
        return Err(EditorialError::TooMany);
    }
    let changes = vec![Change::create(registered.into())];
    write(calendar, actor, "registered an organisation", changes)?;
    Ok(id)
}

/// Returns every organisation, sorted by name.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn all(store: &dyn Store) -> Result<Vec<(Organisation, Revision)>, StoreError> {
    let mut all = records::every::<Organisation>(store)?;
    all.sort_by(|(a, _), (b, _)| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    Ok(all)
}

/// The organisations of a person.
#[derive(Debug, Clone, Default)]
pub struct OwnOrganisations {
    /// Those that they are a member of.
    pub member: Vec<Organisation>,
    /// Those that invited them.
    pub invited: Vec<Organisation>,
    /// Organisations that they have asked to join.
    pub requested: Vec<Organisation>,
}

/// Returns the organisations of a person, by name.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn own(store: &dyn Store, account: &Account) -> Result<OwnOrganisations, StoreError> {
    let mut own = OwnOrganisations::default();
    for (one, _) in all(store)? {
        if one.has_member(&account.id) {
            own.member.push(one);
        } else if one.invitations.contains_key(&account.email.key()) {
            own.invited.push(one);
        } else if one.requests.contains_key(&account.id) {
            own.requested.push(one);
        }
    }
    Ok(own)
}

/// Changes an organisation in a commit with the changes that `decide` returns.
fn change(
    calendar: &Calendar,
    actor: &Actor,
    note: &str,
    read: impl Fn() -> Result<(Organisation, Revision), EditorialError>,
    decide: impl Fn(&mut Organisation) -> Result<Vec<Change>, EditorialError>,
) -> Result<(), EditorialError> {
    retried(|| {
        let (mut next, revision) = read()?;
        let mut changes = decide(&mut next)?;
        changes.push(Change::update(next.into(), revision));
        write(calendar, actor, note, changes)
    })
}

/// Asks to join an organisation. Its administrators get a mail.
///
/// # Errors
/// Returns [`EditorialError::WrongState`] if the organisation was refused or the person is a member, and
/// [`EditorialError::TooMany`] if it is full.
pub fn ask_to_join(
    calendar: &Calendar,
    actor: &Actor,
    id: &OrganisationId,
) -> Result<(), EditorialError> {
    let me = &actor.account.id;
    let ask = |next: &mut Organisation| {
        let is_refused = next.standing == OrganisationStanding::Refused;
        if is_refused || next.has_member(me) {
            return Err(EditorialError::WrongState);
        }
        if next.requests.contains_key(me) {
            return Ok(Vec::new());
        }
        if next.has_many_requests() {
            return Err(EditorialError::TooMany);
        }
        next.requests.insert(me.clone(), actor.now);
        let facts = MailFacts {
            subject: Some(next.name.clone()),
            path: Some(notices::organisation_path(id)),
            sender: Some(actor.account.email.to_string()),
            ..MailFacts::default()
        };
        notices::to_admins(calendar, next, MailKind::MembershipRequested, &facts)
    };
    let read = || organisation(calendar, id);
    change(calendar, actor, "asked to join", read, ask)
}

/// Answers a request to join. Administrators may, and after [`JOIN_PATIENCE`] editors. The first member of an
/// organisation without administrators becomes one.
///
/// # Errors
/// Returns [`EditorialError::NotAllowed`] for others and for editors who ask themselves,
/// [`EditorialError::WrongState`] if there is no request, and [`EditorialError::TooMany`] if the organisation is full.
pub fn answer_request(
    calendar: &Calendar,
    actor: &Actor,
    id: &OrganisationId,
    account: &AccountId,
    is_accepted: bool,
) -> Result<(), EditorialError> {
    let answer = |next: &mut Organisation| {
        let is_admin = next.has_admin(&actor.account.id);
        let is_asking = *account == actor.account.id;
        if !is_admin && (is_asking || !actor.is_editor()) {
            return Err(EditorialError::NotAllowed);
        }
        let asked = next.requests.remove(account);
        let asked = asked.ok_or(EditorialError::WrongState)?;
        if !is_admin && !is_overdue(next, asked, actor.now) {
            return Err(EditorialError::NotAllowed);
        }
        if !is_accepted {
            return Ok(Vec::new());
        }
        if next.is_full() {
            return Err(EditorialError::TooMany);
        }
        let role = if next.admins() == 0 {
            MemberRole::Admin
        } else {
            MemberRole::Member
        };
        next.members.insert(account.clone(), role);
        let facts = MailFacts {
            subject: Some(next.name.clone()),
            path: Some(notices::organisation_path(id)),
            ..MailFacts::default()
        };
        notices::to_account(calendar, account, MailKind::MembershipApproved, facts)
    };
    let read = || organisation(calendar, id);
    change(calendar, actor, "answered a request to join", read, answer)
}

/// Returns true if a request to join that was made at `asked` is for editors to answer: at once if the organisation has
/// no administrator.
#[must_use]
pub fn is_overdue(one: &Organisation, asked: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    one.admins() == 0 || asked + JOIN_PATIENCE <= now
}

/// Invites an address. Who signs in with it may become a member.
///
/// # Errors
/// Returns [`EditorialError::NotAllowed`] if the person does not administer the organisation, and
/// [`EditorialError::TooMany`] if it is full.
pub fn invite(
    calendar: &Calendar,
    actor: &Actor,
    id: &OrganisationId,
    address: &str,
) -> Result<(), EditorialError> {
    let email: EmailAddress = address.parse()?;
    let invite = |next: &mut Organisation| {
        if !next.has_admin(&actor.account.id) {
            return Err(EditorialError::NotAllowed);
        }
        if next.invitations.contains_key(&email.key()) {
            // A second mail to the same address would be a nuisance.
            return Ok(Vec::new());
        }
        if next.is_full() {
            return Err(EditorialError::TooMany);
        }
        let invitation = Invitation {
            email: email.clone(),
            at: actor.now,
        };
        next.invitations.insert(email.key(), invitation);
        let facts = MailFacts {
            subject: Some(next.name.clone()),
            path: Some("/organizer/organisations".to_owned()),
            sender: Some(actor.account.email.to_string()),
            ..MailFacts::default()
        };
        let known = notices::language_of(calendar, &email)?;
        let language = known.unwrap_or(actor.account.language);
        let mail = notices::to_address(calendar, &email, language, MailKind::Invited, facts);
        Ok(vec![mail])
    };
    let read = || own_organisation(calendar, actor, id);
    change(calendar, actor, "invited a member", read, invite)
}

/// Takes an invitation back.
///
/// # Errors
/// Returns [`EditorialError::NotAllowed`] if the person does not administer the organisation.
pub fn withdraw_invitation(
    calendar: &Calendar,
    actor: &Actor,
    id: &OrganisationId,
    key: &str,
) -> Result<(), EditorialError> {
    let withdraw = |next: &mut Organisation| {
        if !next.has_admin(&actor.account.id) {
            return Err(EditorialError::NotAllowed);
        }
        next.invitations.remove(key);
        Ok(Vec::new())
    };
    let read = || own_organisation(calendar, actor, id);
    change(calendar, actor, "took an invitation back", read, withdraw)
}

/// Accepts an invitation to the person's address.
///
/// # Errors
/// Returns [`EditorialError::NotAllowed`] if there is none.
pub fn accept_invitation(
    calendar: &Calendar,
    actor: &Actor,
    id: &OrganisationId,
) -> Result<(), EditorialError> {
    let accept = |next: &mut Organisation| {
        let account = &actor.account;
        if next.invitations.remove(&account.email.key()).is_none() {
            return Err(EditorialError::NotAllowed);
        }
        next.requests.remove(&account.id);
        let member = next.members.entry(account.id.clone());
        member.or_insert(MemberRole::Member);
        Ok(Vec::new())
    };
    let read = || organisation(calendar, id);
    change(calendar, actor, "joined by invitation", read, accept)
}

/// Changes what a member may do, or removes them if `role` is `None`. Everyone may leave.
///
/// # Errors
/// Returns [`EditorialError::NotAllowed`] if the person does not administer the organisation and it is not about
/// themselves leaving. Returns [`EditorialError::LastAdmin`] if no administrator would be left.
pub fn set_member(
    calendar: &Calendar,
    actor: &Actor,
    id: &OrganisationId,
    account: &AccountId,
    role: Option<MemberRole>,
) -> Result<(), EditorialError> {
    let set = |next: &mut Organisation| {
        let leaves = role.is_none() && *account == actor.account.id;
        if !leaves && !next.has_admin(&actor.account.id) {
            return Err(EditorialError::NotAllowed);
        }
        let known = next.members.get_mut(account);
        let known = known.ok_or(EditorialError::NotFound)?;
        match role {
            Some(role) => *known = role,
            None => {
                next.members.remove(account);
            }
        }
        if next.admins() == 0 {
            return Err(EditorialError::LastAdmin);
        }
        Ok(Vec::new())
    };
    let read = || own_organisation(calendar, actor, id);
    change(calendar, actor, "changed a member", read, set)
}

/// Returns the accounts with these ids; an account that no longer exists is left out.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn accounts<'a>(
    store: &dyn Store,
    ids: impl IntoIterator<Item = &'a AccountId>,
) -> Result<Vec<Account>, StoreError> {
    let mut found = Vec::new();
    for id in ids {
        found.extend(records::one::<Account>(store, id.as_str())?.map(|(account, _)| account));
    }
    Ok(found)
}
