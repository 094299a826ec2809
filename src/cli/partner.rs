//! `partner`: partners, their connections, and keys of those that send events.

mod address;
mod lifecycle;
mod list;
mod push;
mod record;

use std::collections::BTreeMap;

use clap::{Args, Subcommand, ValueEnum};
use url::Url;

use crate::ingest::access;
use crate::seed;
use calendar_connectors::INTERFACE;
use calendar_domain::nearest::did_you_mean;
use calendar_domain::{
    Connection, ConnectorId, KeyScope, Lang, MunicipalityNumber, Owner, Partner, PartnerField,
    PartnerId, PlaceRule, Rank, SecretName, Slug, Trust,
};

use super::open::{self, OpenCalendar};
use super::session::Session;
use super::{Ending, Failure, Output, examples};
use address::{check_address, check_municipalities, check_name, check_user, complete, over_tls};
pub(crate) use list::kinds;
use list::shown;
use record::{operator, put};

#[derive(Debug, Subcommand)]
pub(crate) enum PartnerCommand {
    /// Add a partner, or change how one is reached
    #[command(after_help = examples::PARTNER_ADD)]
    Add(Box<Addition>),
    /// Ask a partner no longer by itself; `sync ID` still asks it
    #[command(after_help = examples::PARTNER_PAUSE)]
    Pause {
        /// The partner
        id: PartnerId,
    },
    /// Ask a partner by itself again
    #[command(after_help = examples::PARTNER_RESUME)]
    Resume {
        /// The partner
        id: PartnerId,
    },
    /// Neither ask a partner nor send to it any more, and revoke its keys
    #[command(after_help = examples::PARTNER_REMOVE)]
    Remove {
        /// The partner
        id: PartnerId,
        /// Withdraw the events that it alone told of; without this they stay as they are
        #[arg(long)]
        withdraw_events: bool,
    },
    /// All partners, and how the exchange with each goes
    #[command(after_help = examples::PARTNER_LIST)]
    List,
    /// Make a key for a partner that sends its events by itself, or for a website that reads the API, and print
    /// it: it is not kept, and cannot be shown again
    #[command(after_help = examples::PARTNER_KEY)]
    Key {
        /// The partner; absent with `--review` and `--read`
        #[arg(required_unless_present_any = ["review", "read", "revoke"])]
        partner: Option<PartnerId>,
        /// A key for deciding what runs leave open, instead of a partner's
        #[arg(long, conflicts_with = "partner")]
        review: bool,
        /// A key for a website that reads the API more often than others may, instead of a partner's
        #[arg(long, conflicts_with_all = ["partner", "review"])]
        read: bool,
        /// Take a key back: the whole key, or its first part up to the second `_`
        #[arg(long, value_name = "KEY", conflicts_with_all = ["review", "read"])]
        revoke: Option<String>,
    },
    /// Put what is published here into a partner's own calendar, and keep it there as it is here
    #[command(after_help = examples::PARTNER_PUSH)]
    Push(push::Sending),
    /// The kinds of interfaces that are read and sent to
    #[command(after_help = examples::PARTNER_KINDS)]
    Kinds,
}

#[derive(Debug, Args)]
pub(crate) struct Addition {
    /// Its id: a-z, 0-9 and hyphens
    id: PartnerId,
    /// How its calendar is read: `partner kinds` lists the kinds; `interface` for one that sends by itself
    #[arg(long, value_name = "KIND")]
    kind: ConnectorId,
    /// Where its calendar is
    #[arg(long, value_name = "URL", value_parser = address::parse)]
    url: Option<Url>,
    /// What it is called; its id where nothing is said
    #[arg(long)]
    name: Option<String>,
    /// The name to log in with
    #[arg(long)]
    user: Option<String>,
    /// The environment variable that has its password, token or key
    #[arg(long, value_name = "VARIABLE")]
    secret: Option<SecretName>,
    /// Minutes from one run to the next
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=44_640))]
    every: Option<u32>,
    /// Do not ask it by itself until `partner resume`
    #[arg(long)]
    paused: bool,
    /// Whether its new events wait for an editor
    #[arg(long, value_enum)]
    trust: Option<Trusted>,
    /// Whether it collects the events of others
    #[arg(long)]
    aggregator: bool,
    /// The zone of times that have none, such as Europe/Oslo
    #[arg(long, value_name = "ZONE")]
    zone: Option<chrono_tz::Tz>,
    #[arg(long, value_name = "LANGUAGE", help = format!("The language of its texts: {}", Lang::tags_in_words("or")))]
    language: Option<Lang>,
    /// All its events are at this place
    #[arg(long, value_name = "PLACE", conflicts_with = "room_of")]
    place: Option<Slug>,
    /// What its events say is a room of this place
    #[arg(long, value_name = "PLACE")]
    room_of: Option<Slug>,
    /// Give each of its events this category; may be given several times
    #[arg(long = "category", value_name = "CATEGORY")]
    categories: Vec<Slug>,
    /// Take only what is in this municipality, by number; may be given several times
    #[arg(long = "municipality", value_name = "NUMBER")]
    municipalities: Vec<MunicipalityNumber>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Trusted {
    /// Everyone sees them at once
    Publish,
    /// They wait for an editor
    Queue,
}

pub fn act(
    opened: &OpenCalendar,
    command: &PartnerCommand,
    talk: &mut Session<'_>,
) -> Result<Ending, Failure> {
    match command {
        PartnerCommand::Add(addition) => add(opened, addition, talk),
        PartnerCommand::Pause { id } => lifecycle::pause(opened, id, true, talk),
        PartnerCommand::Resume { id } => lifecycle::pause(opened, id, false, talk),
        PartnerCommand::Remove {
            id,
            withdraw_events,
        } => lifecycle::remove(opened, id, *withdraw_events, talk),
        PartnerCommand::List => list::act(opened, talk),
        PartnerCommand::Key {
            revoke: Some(key), ..
        } => {
            let key = access::revoke_key(&opened.calendar, key)?;
            talk.print(&match talk.output {
                Output::Json => format!("{}\n", serde_json::json!({"revoked": key.id})),
                Output::Text => format!("{} is revoked\n", key.id),
            })?;
            Ok(Ending::Done)
        }
        PartnerCommand::Key { partner, read, .. } => {
            make_key(opened, partner.as_ref(), *read, talk)
        }
        PartnerCommand::Push(sending) => push::act(opened, sending, talk),
        PartnerCommand::Kinds => kinds(talk),
    }
}

fn add(
    opened: &OpenCalendar,
    addition: &Addition,
    talk: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let sends = addition.kind.as_str() == INTERFACE;
    let connector = match sends {
        true => None,
        false => Some(calendar_connectors::find(&addition.kind)?),
    };
    let calendar = &opened.calendar;
    let snapshot = calendar.snapshot();
    let known_place = |slug: &Slug| match snapshot.place(slug) {
        Some(_) => Ok(slug.clone()),
        None => {
            let known = snapshot.places().map(|it| it.slug.as_str());
            let hint = did_you_mean(slug.as_str(), known);
            Err(format!(
                "there is no place «{slug}»{hint}; places.toml has those that there are"
            ))
        }
    };
    check_name(addition.name.as_deref())?;
    check_user(addition.user.as_deref(), addition.secret.as_ref())?;
    let url = addition.url.as_ref().map(over_tls).transpose()?;
    let mut connection = Connection::new(addition.kind.clone(), url);
    connection.paused = addition.paused;
    connection.user.clone_from(&addition.user);
    connection.secret.clone_from(&addition.secret);
    connection.every_minutes = addition.every.unwrap_or(connection.every_minutes);
    connection.trust = match addition.trust {
        Some(Trusted::Queue) => Trust::Queue,
        Some(Trusted::Publish) | None => Trust::Publish,
    };
    if addition.aggregator {
        connection.rank = Rank::Aggregator;
    }
    connection.time_zone = addition.zone;
    connection.language = addition.language;
    if let Some(place) = &addition.place {
        connection.mapping.place = PlaceRule::Fixed(known_place(place)?);
    }
    if let Some(place) = &addition.room_of {
        connection.mapping.place = PlaceRule::RoomOf(known_place(place)?);
    }
    for category in &addition.categories {
        if snapshot.category(category).is_none() {
            let known = snapshot.categories();
            let known: Vec<&str> = known.iter().map(|it| it.slug.as_str()).collect();
            let hint = did_you_mean(category.as_str(), known.iter().copied());
            let known = known.join(", ");
            return Err(
                format!("there is no category «{category}»{hint}; there are {known}").into(),
            );
        }
    }
    check_municipalities(addition, &snapshot)?;
    check_address(&connection, sends)?;
    let asked = complete(&mut connection, connector)?;
    connection.mapping.add_categories = addition.categories.iter().cloned().collect();
    connection.mapping.take.municipalities = addition.municipalities.iter().cloned().collect();
    let old = snapshot.partner(&addition.id).map(|it| (**it).clone());
    // Settings without an option come from the data file.
    let file = seed::read(open::region_files(&opened.config))?
        .partners
        .into_iter();
    let file = file.into_iter().find(|it| it.id == addition.id);
    let owners = owners(addition, old.as_ref());
    let name = addition.name.clone();
    let owner = file.as_ref().map_or_else(operator, |_| Owner::DataFile);
    let old = old.unwrap_or_else(|| {
        Partner::new(addition.id.clone(), addition.id.to_string(), owner.clone())
    });
    let said = Partner {
        name: name.unwrap_or_else(|| old.name.clone()),
        connection: Some(connection),
        owner,
        owners,
        ..old
    };
    let partner = file.map_or_else(|| said.clone(), |file| said.following(&file));
    put(calendar, partner)?;
    let next = match calendar.snapshot().partner(&addition.id) {
        Some(added) => lifecycle::what_is_next(added),
        None => String::new(),
    };
    talk.print(&match talk.output {
        Output::Json => format!("{}\n", serde_json::json!({"partner": addition.id})),
        Output::Text => format!("{} is a partner; {asked}{next}\n", addition.id),
    })?;
    Ok(Ending::Done)
}

/// Returns the owners of the fields that the command sets, and of those that it keeps: name and push.
fn owners(addition: &Addition, old: Option<&Partner>) -> BTreeMap<PartnerField, Owner> {
    let said = [
        (PartnerField::Name, addition.name.is_some()),
        (PartnerField::Connector, true),
        (PartnerField::EveryMinutes, addition.every.is_some()),
        (PartnerField::Paused, true),
        (PartnerField::Trust, addition.trust.is_some()),
        (PartnerField::Rank, addition.aggregator),
        (PartnerField::TimeZone, addition.zone.is_some()),
        (PartnerField::Language, addition.language.is_some()),
        (
            PartnerField::Place,
            addition.place.is_some() || addition.room_of.is_some(),
        ),
        (PartnerField::Categories, !addition.categories.is_empty()),
        (
            PartnerField::Municipalities,
            !addition.municipalities.is_empty(),
        ),
    ];
    let said = said
        .into_iter()
        .filter_map(|(field, said)| said.then_some(field));
    let stays = |field: &PartnerField| matches!(field, PartnerField::Name | PartnerField::Push);
    let before = old.into_iter().flat_map(Partner::owned).filter(stays);
    said.chain(before)
        .map(|field| (field, operator()))
        .collect()
}

fn make_key(
    opened: &OpenCalendar,
    partner: Option<&PartnerId>,
    read: bool,
    talk: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let scope = match partner {
        None if read => KeyScope::Read,
        Some(partner) => {
            if opened.calendar.snapshot().partner(partner).is_none() {
                return Err(format!("there is no partner «{partner}»").into());
            }
            KeyScope::Partner(partner.clone())
        }
        None => KeyScope::Review,
    };
    let (key, record) = access::make_key(&opened.calendar, scope)?;
    talk.print(&match talk.output {
        Output::Json => format!("{}\n", serde_json::json!({"id": record.id, "key": key})),
        Output::Text => format!(
            "Keep this key where only the program that uses it can read it; it is not shown again: {key}\n"
        ),
    })?;
    Ok(Ending::Done)
}
