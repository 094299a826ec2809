//! Partners: who else keeps a calendar, and what may be done with what they give.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Connection, Owner, PartnerId, Text};

/// Somebody whose events come in here, or go out from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// Its key, as on the command line.
    pub id: PartnerId,
    /// Its name today.
    pub name: String,
    /// Names it carried before or is also called by; partners' names drift.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it is, and how its name came about.
    #[serde(default)]
    pub description: Text,
    /// Its own web page.
    #[serde(default)]
    pub website: Option<Url>,
    /// What may be done with its content.
    #[serde(default)]
    pub policy: ContentPolicy,
    /// Whether it stands for a way in, such as files that are imported by hand, and for nobody whom the public
    /// would call a partner.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub internal: bool,
    /// Where its events come from; absent while it only stands in the plans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<Connection>,
    /// Where our events are put at the partner's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push: Option<Connection>,
    /// Who last set the record.
    pub owner: Owner,
    /// Who set those fields that do not follow the data file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub owners: BTreeMap<PartnerField, Owner>,
}

/// A field of a partner that is owned on its own: what `partner add` and `partner push` set stays, and all
/// else follows the data file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartnerField {
    /// `name`.
    Name,
    /// `connection`: connector, address, user and secret. One decision: a secret belongs to an address.
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
    /// `push`: connector, address, user and secret, or that nothing is sent.
    Push,
}

impl PartnerField {
    /// Every field, `connection` before what stands in it.
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
    /// A partner of whom only the name is known.
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

    /// The fields that do not follow the data file. Of a record that was set as a whole, as earlier versions
    /// did it, these are all that a command could have set.
    pub fn owned(&self) -> impl Iterator<Item = PartnerField> + '_ {
        let whole = self.owners.is_empty() && !self.owner.yields_to_data_files();
        let all = PartnerField::ALL.into_iter();
        all.filter(move |field| whole || self.owners.contains_key(field))
    }

    /// The partner as the data file has it, with the fields of this one that do not follow it.
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

    /// The partner after it was taken out of the data file: what a command has set stays, and it is neither
    /// asked nor sent to by what the file said.
    #[must_use]
    pub fn left_by_file(&self) -> Self {
        let mut next = self.clone();
        if !self.owned().any(|it| it == PartnerField::Connector) {
            next.connection = None;
        }
        if !self.owned().any(|it| it == PartnerField::Push) {
            next.push = None;
        }
        next
    }

    /// Takes a field over.
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

    /// What the file says of texts and times there stands, as long as it is the same kind of calendar.
    fn take_push(&mut self, from: &Self) {
        self.push = from.push.as_ref().map(|own| {
            let same = self.push.take().filter(|it| it.connector == own.connector);
            let mut next = same.unwrap_or_else(|| own.clone());
            next.reach_as(own);
            next
        });
    }
}

impl Connection {
    /// Is reached as another one is.
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

/// What a partner allows. Governs every output: pages, feeds, API, push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContentPolicy {
    /// The credit that has to stand with the content.
    #[serde(default)]
    pub credit: Option<String>,
    /// Where the credit links to.
    #[serde(default)]
    pub credit_url: Option<Url>,
    /// The licence the content is under, by its name or address.
    #[serde(default)]
    pub licence: Option<String>,
    /// Whether search engines may index pages that carry it.
    pub indexing: Permission,
    /// Whether it may be passed on in feeds and interfaces.
    pub passing_on: Permission,
    /// Whether its images may be shown.
    pub images: Permission,
}

/// Whether something is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// It may be done.
    Allowed,
    /// It may not be done.
    Refused,
}

impl Default for ContentPolicy {
    /// What a partner that has said nothing gets: everything allowed but its images.
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
