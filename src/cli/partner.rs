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
    /// Add a partner, or change its connection
    #[command(after_help = examples::PARTNER_ADD)]
    Add(Box<Addition>),
    /// Stop the scheduled syncs of a partner; `sync ID` still works
    #[command(after_help = examples::PARTNER_PAUSE)]
    Pause {
        /// The partner
        id: PartnerId,
    },
    /// Resume the scheduled syncs of a partner
    #[command(after_help = examples::PARTNER_RESUME)]
    Resume {
        /// The partner
        id: PartnerId,
    },
    /// Remove a partner: end all exchange with it, and revoke its keys
    #[command(after_help = examples::PARTNER_REMOVE)]
    Remove {
        /// The partner
        id: PartnerId,
        /// Withdraw the events that have no other source; they are kept by default
        #[arg(long)]
        withdraw_events: bool,
    },
    /// List partners with the state of their exchange
    #[command(after_help = examples::PARTNER_LIST)]
    List,
    /// Make a key for a partner that sends its events, or for a website that reads the API, and print it once; the
    /// calendar stores only its hash
    #[command(after_help = examples::PARTNER_KEY)]
    Key {
        /// The partner; omit it with `--review` and `--read`
        #[arg(required_unless_present_any = ["review", "read", "revoke"])]
        partner: Option<PartnerId>,
        /// Make a key for deciding open matters, instead of a partner's key
        #[arg(long, conflicts_with = "partner")]
        review: bool,
        /// Make a key for a website that reads the API more often than others may, instead of a partner's key
        #[arg(long, conflicts_with_all = ["partner", "review"])]
        read: bool,
        /// Revoke a key, given in full or up to its second `_`
        #[arg(long, value_name = "KEY", conflicts_with_all = ["review", "read"])]
        revoke: Option<String>,
    },
    /// Send published events to a partner's own calendar, and keep it up to date
    #[command(after_help = examples::PARTNER_PUSH)]
    Push(push::Sending),
    /// List the kinds of interfaces that the calendar reads and sends to
    #[command(after_help = examples::PARTNER_KINDS)]
    Kinds,
}

#[derive(Debug, Args)]
pub(crate) struct Addition {
    /// Id of the partner: a-z, 0-9 and hyphens
    id: PartnerId,
    /// Kind of its calendar, from `partner kinds`; `interface` if it sends its events
    #[arg(long, value_name = "KIND")]
    kind: ConnectorId,
    /// Address of its calendar
    #[arg(long, value_name = "URL", value_parser = address::parse)]
    url: Option<Url>,
    /// Name for visitors [default: its id]
    #[arg(long)]
    name: Option<String>,
    /// User name to log in with
    #[arg(long)]
    user: Option<String>,
    /// Environment variable that contains its password, token or key
    #[arg(long, value_name = "VARIABLE")]
    secret: Option<SecretName>,
    /// Minutes between runs
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=44_640))]
    every: Option<u32>,
    /// Run no scheduled syncs until `partner resume`
    #[arg(long)]
    paused: bool,
    /// Whether its new events need approval
    #[arg(long, value_enum)]
    trust: Option<Trusted>,
    /// It collects the events of others
    #[arg(long)]
    aggregator: bool,
    /// Time zone of times without one, such as Europe/Oslo
    #[arg(long, value_name = "ZONE")]
    zone: Option<chrono_tz::Tz>,
    #[arg(long, value_name = "LANGUAGE", help = format!("Language of its texts: {}", Lang::tags_in_words("or")))]
    language: Option<Lang>,
    /// Place of all its events
    #[arg(long, value_name = "PLACE", conflicts_with = "room_of")]
    place: Option<Slug>,
    /// Place whose rooms its events name
    #[arg(long, value_name = "PLACE")]
    room_of: Option<Slug>,
    /// Category of all its events; repeat it for several
    #[arg(long = "category", value_name = "CATEGORY")]
    categories: Vec<Slug>,
    /// Number of a municipality whose events are taken; repeat it for several
    #[arg(long = "municipality", value_name = "NUMBER")]
    municipalities: Vec<MunicipalityNumber>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Trusted {
    /// Published at once
    Publish,
    /// Queued for an editor
    Queue,
}

pub fn run(
    opened: &OpenCalendar,
    command: &PartnerCommand,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    match command {
        PartnerCommand::Add(addition) => add(opened, addition, session),
        PartnerCommand::Pause { id } => lifecycle::pause(opened, id, true, session),
        PartnerCommand::Resume { id } => lifecycle::pause(opened, id, false, session),
        PartnerCommand::Remove {
            id,
            withdraw_events,
        } => lifecycle::remove(opened, id, *withdraw_events, session),
        PartnerCommand::List => list::run(opened, session),
        PartnerCommand::Key {
            revoke: Some(key), ..
        } => {
            let key = access::revoke_key(&opened.calendar, key)?;
            session.print(&match session.output {
                Output::Json => format!("{}\n", serde_json::json!({"revoked": key.id})),
                Output::Text => format!("revoked {}\n", key.id),
            })?;
            Ok(Ending::Done)
        }
        PartnerCommand::Key { partner, read, .. } => {
            make_key(opened, partner.as_ref(), *read, session)
        }
        PartnerCommand::Push(sending) => push::run(opened, sending, session),
        PartnerCommand::Kinds => kinds(session),
    }
}

fn add(
    opened: &OpenCalendar,
    addition: &Addition,
    session: &mut Session<'_>,
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
            let known = snapshot.places().map(|places| places.slug.as_str());
            let hint = did_you_mean(slug.as_str(), known);
            Err(format!(
                "there is no place «{slug}»{hint}; places.toml lists them"
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
            let known: Vec<&str> = known.iter().map(|text| text.slug.as_str()).collect();
            let hint = did_you_mean(category.as_str(), known.iter().copied());
            let known = known.join(", ");
            return Err(format!(
                "there is no category «{category}»{hint}; the categories are {known}"
            )
            .into());
        }
    }
    check_municipalities(addition, &snapshot)?;
    check_address(&connection, sends)?;
    let asked = complete(&mut connection, connector)?;
    connection.mapping.add_categories = addition.categories.iter().cloned().collect();
    connection.mapping.take.municipalities = addition.municipalities.iter().cloned().collect();
    let old = snapshot
        .partner(&addition.id)
        .map(|partner| (**partner).clone());
    // Settings without an option come from the data file.
    let file = seed::read(open::region_files(&opened.config))?
        .partners
        .into_iter();
    let file = file.into_iter().find(|file| file.id == addition.id);
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
    session.print(&match session.output {
        Output::Json => format!("{}\n", serde_json::json!({"partner": addition.id})),
        Output::Text => format!("saved partner {}; {asked}{next}\n", addition.id),
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
    session: &mut Session<'_>,
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
    session.print(&match session.output {
        Output::Json => format!("{}\n", serde_json::json!({"id": record.id, "key": key})),
        Output::Text => format!(
            "Store this key where only the program that uses it can read it; it is shown only once: {key}\n"
        ),
    })?;
    Ok(Ending::Done)
}
