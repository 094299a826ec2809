//! From rows of the data files to records: everything but series and holidays.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use toml::Spanned;
use uuid::Uuid;

use super::data_file::DataFile;
use super::error::Mistake;
use super::files::{
    AudiencesFile, CategoriesFile, OrganizerRow, OrganizersFile, PartnerRow, PartnersFile,
    PlaceRow, PlacesFile, RegionFile, TopicRow, Words,
};
use crate::domain::people::Contact;
use crate::domain::{
    Address, Audience, Category, ContentPolicy, Coordinates, Municipality, MunicipalityNumber,
    Organizer, Owner, Partner, Place, Region, Slug,
};

/// The region with its municipalities; its holidays come from a file of their own.
pub(super) fn region(file: &mut DataFile, row: &RegionFile) -> Option<Region> {
    let name = file.read_text("name", &row.name);
    let namespace = uid_namespace(file, &row.uid_namespace);
    let time_zone = time_zone(file, &row.time_zone);
    if row.languages.get_ref().is_empty() {
        let mistake = Mistake::new("names no language", "nb, nn, en");
        file.mistake("languages", row.languages.span(), mistake);
    }
    let publisher = row
        .publisher
        .as_ref()
        .and_then(|name| file.read_name("publisher", name));
    let county = row
        .county
        .as_ref()
        .and_then(|name| file.read_name("county", name));
    let (mut slugs, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    let mut municipalities = Vec::new();
    for row in &row.municipality {
        let number = file.read_unique("number", &row.number, &mut numbers);
        let slug = file.read_unique("slug", &row.slug, &mut slugs);
        let name = file.read_name("name", &row.name);
        if let (Some(number), Some(slug), Some(name)) = (number, slug, name) {
            let (aliases, former_numbers) = (row.aliases.clone(), row.former_numbers.clone());
            municipalities.push(Municipality {
                number,
                slug,
                name,
                aliases,
                former_numbers,
            });
        }
    }
    Some(Region {
        name: name?,
        tagline: row.tagline.clone(),
        publisher,
        county,
        time_zone: time_zone?,
        languages: row.languages.get_ref().clone(),
        uid_namespace: namespace?,
        municipalities,
        holidays: Vec::new(),
        owner: Owner::DataFile,
    })
}

fn time_zone(file: &mut DataFile, text: &Words) -> Option<Tz> {
    let wrong = |_| {
        let wrong = format!("«{}» is no time zone", text.get_ref());
        Mistake::new(wrong, "an IANA name, such as Europe/Oslo")
    };
    file.checked(
        "time_zone",
        text.span(),
        text.get_ref().parse().map_err(wrong),
    )
}

fn uid_namespace(file: &mut DataFile, text: &Words) -> Option<Uuid> {
    let uuid = Uuid::parse_str(text.get_ref())
        .ok()
        .filter(|uuid| !uuid.is_nil());
    let wrong = || {
        let wrong = format!("«{}» is not a UUID", text.get_ref());
        Mistake::new(wrong, "a UUID made once, such as `uuidgen` prints")
    };
    file.checked("uid_namespace", text.span(), uuid.ok_or_else(wrong))
}

pub(super) fn categories(file: &mut DataFile, rows: &CategoriesFile) -> Vec<Category> {
    let mut seen = BTreeSet::new();
    let made = (0..).zip(&rows.category).filter_map(|(rank, row)| {
        let slug = file.read_unique("slug", &row.slug, &mut seen);
        let name = file.read_text("name", &row.name);
        let color = row.color.as_ref().and_then(|color| color_name(file, color));
        Some(Category {
            slug: slug?,
            name: name?,
            description: row.description.clone(),
            aliases: row.aliases.clone(),
            color,
            rank,
            owner: Owner::DataFile,
        })
    });
    made.collect()
}

fn color_name(file: &mut DataFile, text: &Words) -> Option<String> {
    let name = text.get_ref();
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Some(name.clone());
    }
    let wrong = format!("«{name}» is not a colour name");
    let allowed = "a CSS3 colour name in small letters, such as forestgreen";
    file.mistake("color", text.span(), Mistake::new(wrong, allowed));
    None
}

pub(super) fn audiences(file: &mut DataFile, rows: &AudiencesFile) -> Vec<Audience> {
    let mut seen = BTreeSet::new();
    let made = (0..).zip(&rows.audience).filter_map(|(rank, row)| {
        let TopicRow {
            slug,
            name,
            description,
            aliases,
            color,
        } = row;
        if let Some(color) = color {
            let mistake = Mistake::new("an audience has no colour", "");
            file.mistake("color", color.span(), mistake);
        }
        let slug = file.read_unique("slug", slug, &mut seen);
        let name = file.read_text("name", name);
        Some(Audience {
            slug: slug?,
            name: name?,
            description: description.clone(),
            aliases: aliases.clone(),
            rank,
            owner: Owner::DataFile,
        })
    });
    made.collect()
}

pub(super) fn places(
    file: &mut DataFile,
    rows: &PlacesFile,
    municipalities: Option<&BTreeSet<MunicipalityNumber>>,
) -> Vec<Place> {
    let mut seen = BTreeSet::new();
    let made = rows.place.iter().filter_map(|row| {
        let slug = file.read_unique("slug", &row.slug, &mut seen);
        let name = file.read_name("name", &row.name);
        let municipality = row
            .municipality
            .as_ref()
            .and_then(|number| file.read_known("municipality", number, municipalities));
        let address = address(file, row);
        let coordinates = coordinates(file, row);
        let website = row
            .website
            .as_ref()
            .and_then(|url| file.read_url("website", url));
        Some(Place {
            slug: slug?,
            name: name?,
            aliases: row.aliases.clone(),
            municipality,
            address,
            coordinates,
            description: row.description.clone(),
            website,
            source: row.source.clone(),
            owner: Owner::DataFile,
        })
    });
    made.collect()
}

fn address(file: &mut DataFile, row: &PlaceRow) -> Option<Address> {
    if let Some(code) = &row.postal_code {
        let digits = code.get_ref();
        if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let wrong = format!("«{digits}» is not a postal code");
            file.mistake(
                "postal_code",
                code.span(),
                Mistake::new(wrong, "four digits"),
            );
        }
    }
    let address = Address {
        street: row.street.clone(),
        postal_code: row.postal_code.as_ref().map(|code| code.get_ref().clone()),
        locality: row.locality.clone(),
    };
    (address != Address::default()).then_some(address)
}

fn coordinates(file: &mut DataFile, row: &PlaceRow) -> Option<Coordinates> {
    match (&row.latitude, &row.longitude) {
        (Some(latitude), Some(longitude)) => {
            let position = Coordinates::new(*latitude.get_ref(), *longitude.get_ref());
            file.checked("latitude", latitude.span(), position)
        }
        (None, None) => None,
        (Some(alone), None) => half_position(file, "latitude", alone),
        (None, Some(alone)) => half_position(file, "longitude", alone),
    }
}

fn half_position(file: &mut DataFile, field: &str, alone: &Spanned<f64>) -> Option<Coordinates> {
    let mistake = Mistake::new("stands alone", "latitude and longitude, or neither");
    file.mistake(field, alone.span(), mistake);
    None
}

pub(super) fn organizers(file: &mut DataFile, rows: &OrganizersFile) -> Vec<Organizer> {
    let mut seen = BTreeSet::new();
    rows.organizer
        .iter()
        .filter_map(|row| organizer(file, row, &mut seen))
        .collect()
}

fn organizer(
    file: &mut DataFile,
    row: &OrganizerRow,
    seen: &mut BTreeSet<Slug>,
) -> Option<Organizer> {
    let slug = file.read_unique("slug", &row.slug, seen);
    let name = file.read_name("name", &row.name);
    let website = row
        .website
        .as_ref()
        .and_then(|url| file.read_url("website", url));
    let organisation_number = row
        .organisation_number
        .as_ref()
        .and_then(|number| file.read("organisation_number", number));
    Some(Organizer {
        slug: slug?,
        name: name?,
        aliases: row.aliases.clone(),
        description: row.description.clone(),
        website,
        organisation_number,
        contact: Contact {
            email: row.email.clone(),
            telephone: row.telephone.clone(),
        },
        source: row.source.clone(),
        owner: Owner::DataFile,
    })
}

pub(super) fn partners(file: &mut DataFile, rows: &PartnersFile) -> Vec<Partner> {
    let mut seen = BTreeSet::new();
    let made = rows.partner.iter().filter_map(|row| {
        let id = file.read_unique("id", &row.id, &mut seen);
        let name = file.read_name("name", &row.name);
        let website = row
            .website
            .as_ref()
            .and_then(|url| file.read_url("website", url));
        let policy = policy(file, row);
        Some(Partner {
            aliases: row.aliases.clone(),
            description: row.description.clone(),
            website,
            policy,
            connection: row.connection.clone(),
            push: row.push.clone(),
            internal: row.internal,
            ..Partner::new(id?, name?, Owner::DataFile)
        })
    });
    made.collect()
}

/// What the file leaves unsaid is as for a partner that has said nothing.
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
