//! Conversion of `partners.toml`.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;

use super::data_file::DataFile;
use super::data_source::DataSource;
use super::error::{Mistake, SeedErrors};
use super::files::{PartnerRow, PartnersFile};
use super::names::RecordNames;
use calendar_domain::connection::PlaceRule;
use calendar_domain::nearest::did_you_mean;
use calendar_domain::{
    Connection, ContentPolicy, Mapping, MunicipalityNumber, Owner, Partner, Slug,
};

/// Maximum interval between two runs in minutes: 31 days.
const LONGEST_PAUSE: u32 = 44_640;

/// Identifiers that partners may refer to; `None` if their file has errors.
pub(super) struct PartnerReferences<'a> {
    pub categories: Option<&'a BTreeSet<Slug>>,
    pub audiences: Option<&'a BTreeSet<Slug>>,
    pub places: Option<&'a BTreeSet<Slug>>,
    pub municipalities: Option<&'a BTreeSet<MunicipalityNumber>>,
}

pub(super) fn partners(
    file: &mut DataFile,
    rows: &PartnersFile,
    known: &PartnerReferences<'_>,
) -> Vec<Partner> {
    let mut seen = BTreeSet::new();
    let called = |row: &PartnerRow| row.name.get_ref().clone();
    let all: Vec<_> = rows
        .partner
        .iter()
        .map(|row| (row.id.get_ref(), called(row)))
        .collect();
    let mut names = RecordNames::new(
        all.iter()
            .map(|(id, name)| (id.as_str(), vec![name.as_str()])),
    );
    let made = rows.partner.iter().filter_map(|row| {
        let id = file.read_unique("id", &row.id, &mut seen);
        let name = file.read_name("name", &row.name);
        let website = row
            .website
            .as_ref()
            .and_then(|url| file.read_url("website", url));
        let policy = policy(file, row);
        for connection in [&row.connection, &row.push].into_iter().flatten() {
            check_connection(file, connection, known);
        }
        if let Some(push) = &row.push {
            check_settings(file, push);
        }
        Some(Partner {
            aliases: names.aliases(file, row.id.get_ref(), &row.aliases),
            description: row.description.clone(),
            website,
            policy,
            connection: row.connection.clone().map(Spanned::into_inner),
            push: row.push.clone().map(Spanned::into_inner),
            internal: row.internal,
            ..Partner::new(id?, name?, Owner::DataFile)
        })
    });
    made.collect()
}

/// Missing values default to the policy of a partner that stated none.
fn policy(file: &mut DataFile, row: &PartnerRow) -> ContentPolicy {
    let (row, unsaid) = (&row.policy, ContentPolicy::default());
    ContentPolicy {
        credit: row.credit.clone(),
        credit_url: row
            .credit_url
            .as_ref()
            .and_then(|url| file.read_url("credit_url", url)),
        licence: row.licence.clone(),
        indexing: row.indexing.unwrap_or(unsaid.indexing),
        passing_on: row.passing_on.unwrap_or(unsaid.passing_on),
        images: row.images.unwrap_or(unsaid.images),
    }
}

fn check_connection(
    file: &mut DataFile,
    connection: &Spanned<Connection>,
    known: &PartnerReferences<'_>,
) {
    let (at, connection) = (connection.span(), connection.get_ref());
    if let Some(url) = &connection.url {
        let plain = url.username().is_empty() && url.password().is_none();
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            let mistake = Mistake::new("is not a web address", "https:// or http:// and a host");
            let place = file.place_of(&at, "url", "");
            file.mistake("url", place, mistake);
        } else if !plain {
            let wrong = "contains a user or password";
            let allowed = "user, and in secret the variable that contains the password";
            let place = file.place_of(&at, "url", "");
            file.mistake("url", place, Mistake::new(wrong, allowed));
        }
    }
    if connection
        .user
        .as_ref()
        .is_some_and(|user| user.trim().is_empty())
    {
        let place = file.place_of(&at, "user", "");
        file.mistake(
            "user",
            place,
            Mistake::new("is blank", "a name, or no user"),
        );
    }
    if !(1..=LONGEST_PAUSE).contains(&connection.every_minutes) {
        let wrong = format!(
            "{} minutes is not a valid interval",
            connection.every_minutes
        );
        let place = file.place_of(&at, "every_minutes", "");
        let allowed = format!("1 to {LONGEST_PAUSE}");
        file.mistake("every_minutes", place, Mistake::new(wrong, allowed));
    }
    check_mapping(file, &at, &connection.mapping, known);
}

/// Checks the settings that a Linked Events calendar requires for a push.
fn check_settings(file: &mut DataFile, push: &Spanned<Connection>) {
    let (at, push) = (push.span(), push.get_ref());
    if push.connector.as_str() == "tribe" {
        let fields = [
            ("user", push.user.is_none()),
            ("secret", push.secret.is_none()),
        ];
        for (field, _) in fields.iter().filter(|field| field.1) {
            let allowed = "a user of the site, and the variable that contains the user's application password";
            let place = file.place_of(&at, field, "");
            file.mistake(
                field,
                place,
                Mistake::new("is missing for kind «tribe»", allowed),
            );
        }
    }
    if push.connector.as_str() != "linked_events" {
        return;
    }
    let settings = push.linked_events.clone().unwrap_or_default();
    if let Some((field, wrong, allowed)) = settings.mistake() {
        let place = file.place_of(&at, field, "");
        file.mistake(field, place, Mistake::new(wrong, allowed));
    }
}

fn check_mapping(
    file: &mut DataFile,
    at: &Range<usize>,
    mapping: &Mapping,
    known: &PartnerReferences<'_>,
) {
    let mut check = |field: &str, slugs: &mut dyn Iterator<Item = &Slug>, all| {
        for slug in slugs {
            refuse_unknown(file, at, field, slug.as_str(), all);
        }
    };
    let place = match &mapping.place {
        PlaceRule::Fixed(slug) | PlaceRule::RoomOf(slug) => Some(slug),
        PlaceRule::Event | PlaceRule::Online => None,
    };
    check("place", &mut place.into_iter(), known.places);
    let categories = mapping.categories.values().flatten();
    check("categories", &mut { categories }, known.categories);
    check(
        "add_categories",
        &mut mapping.add_categories.iter(),
        known.categories,
    );
    let audiences = mapping.audiences.values().flatten();
    check("audiences", &mut { audiences }, known.audiences);
    check(
        "add_audiences",
        &mut mapping.add_audiences.iter(),
        known.audiences,
    );
    if mapping.take.days_ahead == Some(0) {
        let wrong = "0 days import nothing and would withdraw existing events";
        let place = file.place_of(at, "days_ahead", "");
        let allowed = "1 or more, or no days_ahead; paused = true imports nothing";
        file.mistake("days_ahead", place, Mistake::new(wrong, allowed));
    }
    for number in &mapping.take.municipalities {
        refuse_unknown(
            file,
            at,
            "municipalities",
            number.as_str(),
            known.municipalities,
        );
    }
}

fn refuse_unknown<T: Ord + AsRef<str>>(
    file: &mut DataFile,
    at: &Range<usize>,
    field: &str,
    word: &str,
    known: Option<&BTreeSet<T>>,
) {
    let Some(known) = known.filter(|known| !known.iter().any(|known| known.as_ref() == word))
    else {
        return;
    };
    let place = file.place_of(at, field, word);
    let allowed: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    let hint = did_you_mean(word, allowed.iter().copied());
    let wrong = format!("«{word}» is unknown{hint}");
    file.mistake(field, place, Mistake::new(wrong, allowed.join(", ")));
}

/// Checks the connectors of the partners in the data files against the known ones, and that each
/// has an address unless its connector is `sends`, which is never fetched. A file with other errors
/// passes, since [`read`](super::read) reports them.
///
/// # Errors
/// Returns each unknown connector and missing address with its position in the file.
pub fn check_kinds(
    source: DataSource<'_>,
    connectors: &[&str],
    sends: &str,
    pushes: &[&str],
) -> Result<(), SeedErrors> {
    let mut file = DataFile::open(source, "partners.toml");
    let Some(rows): Option<PartnersFile> = file.parse() else {
        return Ok(());
    };
    for row in &rows.partner {
        for (connection, known) in [(&row.connection, connectors), (&row.push, pushes)] {
            let Some(connection) = connection else {
                continue;
            };
            let kind = connection.get_ref().connector.as_str();
            if !known.contains(&kind) {
                let place = file.place_of(&connection.span(), "kind", kind);
                let hint = did_you_mean(kind, known.iter().copied());
                let wrong = format!("«{kind}» is unknown{hint}");
                let mistake = Mistake::new(wrong, known.join(", "));
                file.mistake("kind", place, mistake);
            } else if kind != sends && connection.get_ref().url.is_none() {
                let place = file.place_of(&connection.span(), "url", "");
                let allowed = "the address of its calendar, or of its interface";
                let mistake = Mistake::new(format!("is missing for kind «{kind}»"), allowed);
                file.mistake("url", place, mistake);
            }
        }
    }
    if file.errors.is_empty() {
        return Ok(());
    }
    Err(SeedErrors(file.errors))
}
