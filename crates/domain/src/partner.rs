//! Partners and their content policies.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Connection, Owner, PartnerId, Text};

/// An organization whose events are imported, or to which events are pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// Key, as on the command line.
    pub id: PartnerId,
    /// Current name.
    pub name: String,
    /// Former and alternative names; partners' names change.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it is, and the history of its name.
    #[serde(default)]
    pub description: Text,
    /// The partner's own web page.
    #[serde(default)]
    pub website: Option<Url>,
    /// What may be done with its content.
    #[serde(default)]
    pub policy: ContentPolicy,
    /// Whether it represents a technical import, such as files imported by hand, and is not shown
    /// as a partner.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub internal: bool,
    /// The source of its events; absent for a planned partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<Connection>,
    /// The destination of pushed events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push: Option<Connection>,
    /// Owner of the record.
    pub owner: Owner,
    /// Owners of the fields that do not follow the data file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub owners: BTreeMap<PartnerField, Owner>,
}

/// A field of a partner with an owner of its own. Fields set by `partner add` and `partner push`
/// stay; all others follow the data file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartnerField {
    /// `name`.
    Name,
    /// `connection`: connector, address, user and secret together, since a secret belongs to an
    /// address.
    Connector,
    /// `connection.every_minutes`.
    EveryMinutes,
    /// `connection.paused`.
    Paused,
    /// `connection.trust`.
    Trust,
    /// `connection.rank`.
    Rank,
    /// `connection.time_zone`.
    TimeZone,
    /// `connection.language`.
    Language,
    /// `connection.mapping.place`.
    Place,
    /// `connection.mapping.add_categories`.
    Categories,
    /// `connection.mapping.take.municipalities`.
    Municipalities,
    /// `push`: connector, address, user and secret, or its absence.
    Push,
}

impl PartnerField {
    /// All fields, `connection` before its parts.
    pub const ALL: [Self; 12] = [
        Self::Name,
        Self::Connector,
        Self::EveryMinutes,
        Self::Paused,
        Self::Trust,
        Self::Rank,
        Self::TimeZone,
        Self::Language,
        Self::Place,
        Self::Categories,
        Self::Municipalities,
        Self::Push,
    ];
}

impl Partner {
    /// Returns a partner with a name only.
    #[must_use]
    pub fn new(id: PartnerId, name: impl Into<String>, owner: Owner) -> Self {
        Self {
            id,
            name: name.into(),
            aliases: Vec::new(),
            description: Text::default(),
            website: None,
            policy: ContentPolicy::default(),
            internal: false,
            connection: None,
            push: None,
            owner,
            owners: BTreeMap::new(),
        }
    }

    /// Iterates over the fields that do not follow the data file. In a record of an earlier
    /// version, which had one owner, these are all fields that a command can set.
    pub fn owned(&self) -> impl Iterator<Item = PartnerField> + '_ {
        let whole = self.owners.is_empty() && !self.owner.yields_to_data_files();
        let all = PartnerField::ALL.into_iter();
        all.filter(move |field| whole || self.owners.contains_key(field))
    }

    /// Returns the partner of the data file with the fields of `self` that do not follow it.
    #[must_use]
    pub fn following(&self, file: &Self) -> Self {
        let mut next = Self {
            owner: self.owner.clone(),
            owners: self.owners.clone(),
            ..file.clone()
        };
        for field in self.owned() {
            next.take(field, self);
        }
        next
    }

    /// Returns the partner after its removal from the data file: fields set by a command stay, but
    /// an address from the file is neither fetched from nor pushed to.
    #[must_use]
    pub fn left_by_file(&self) -> Self {
        let mut next = self.clone();
        if !self.owned().any(|owned| owned == PartnerField::Connector) {
            next.connection = None;
        }
        if !self.owned().any(|owned| owned == PartnerField::Push) {
            next.push = None;
        }
        next
    }

    /// Copies a field from another partner.
    fn take(&mut self, field: PartnerField, from: &Self) {
        match field {
            PartnerField::Name => self.name.clone_from(&from.name),
            PartnerField::Push => self.take_push(from),
            PartnerField::Connector => {
                let Some(own) = &from.connection else {
                    return;
                };
                let new = || Connection::new(own.connector.clone(), None);
                self.connection.get_or_insert_with(new).reach_as(own);
            }
            _ => {
                if let (Some(next), Some(own)) = (&mut self.connection, &from.connection) {
                    next.take(field, own);
                }
            }
        }
    }

    /// Copies connector, address, user and secret of the push. Its other settings stay if the
    /// connector is the same.
    fn take_push(&mut self, from: &Self) {
        self.push = from.push.as_ref().map(|own| {
            let same = self
                .push
                .take()
                .filter(|push| push.connector == own.connector);
            let mut next = same.unwrap_or_else(|| own.clone());
            next.reach_as(own);
            next
        });
    }
}

impl Connection {
    /// Copies connector, address, user and secret from another connection.
    fn reach_as(&mut self, other: &Self) {
        self.connector.clone_from(&other.connector);
        self.url.clone_from(&other.url);
        self.user.clone_from(&other.user);
        self.secret.clone_from(&other.secret);
    }

    fn take(&mut self, field: PartnerField, from: &Self) {
        match field {
            PartnerField::EveryMinutes => self.every_minutes = from.every_minutes,
            PartnerField::Paused => self.paused = from.paused,
            PartnerField::Trust => self.trust = from.trust,
            PartnerField::Rank => self.rank = from.rank,
            PartnerField::TimeZone => self.time_zone = from.time_zone,
            PartnerField::Language => self.language = from.language,
            PartnerField::Place => self.mapping.place.clone_from(&from.mapping.place),
            PartnerField::Categories => {
                let from = &from.mapping.add_categories;
                self.mapping.add_categories.clone_from(from);
            }
            PartnerField::Municipalities => {
                let from = &from.mapping.take.municipalities;
                self.mapping.take.municipalities.clone_from(from);
            }
            PartnerField::Name | PartnerField::Connector | PartnerField::Push => {}
        }
    }
}

/// What a partner permits. It applies to every output: pages, feeds, API, push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContentPolicy {
    /// The credit to show with the content.
    #[serde(default)]
    pub credit: Option<String>,
    /// Address that the credit links to.
    #[serde(default)]
    pub credit_url: Option<Url>,
    /// The licence of the content, by its name or address.
    #[serde(default)]
    pub licence: Option<String>,
    /// Whether search engines may index pages with the content.
    pub indexing: Permission,
    /// Whether the content may be republished in feeds and APIs.
    pub passing_on: Permission,
    /// Whether images may be shown.
    pub images: Permission,
}

/// Whether something is permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Permitted.
    Allowed,
    /// Not permitted.
    Refused,
}

impl Default for ContentPolicy {
    /// Returns the policy of a partner that stated none: everything is permitted except images.
    fn default() -> Self {
        Self {
            credit: None,
            credit_url: None,
            licence: None,
            indexing: Permission::Allowed,
            passing_on: Permission::Allowed,
            images: Permission::Refused,
        }
    }
}
