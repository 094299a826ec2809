//! Conversion of the data files except partners, series and holidays.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use toml::Spanned;
use uuid::Uuid;

use super::data_file::DataFile;
use super::error::Mistake;
use super::files::{
    AudiencesFile, CategoriesFile, LicenceRow, MunicipalityRow, OrganizerRow, OrganizersFile,
    PlaceRow, PlacesFile, RegionFile, SpannedText, TopicRow,
};
use super::names::{RecordNames, texts};
use super::positions::Positions;
use calendar_domain::organizer::Contact;
use calendar_domain::{
    Address, Audience, Category, Lang, Licence, Municipality, MunicipalityNumber, Organizer, Owner,
    Place, Region, Slug, Text,
};

/// Returns the region with its municipalities; its holidays are in a file of their own.
pub(super) fn region(file: &mut DataFile, row: &RegionFile) -> Option<Region> {
    let name = file.read_text("name", &row.name);
    let namespace = uid_namespace(file, &row.uid_namespace);
    let time_zone = time_zone(file, &row.time_zone);
    check_languages(file, &row.languages);
    let publisher = row
        .publisher
        .as_ref()
        .and_then(|name| file.read_name("publisher", name));
    let county = row
        .county
        .as_ref()
        .and_then(|name| file.read_name("county", name));
    let contact = row
        .contact
        .as_ref()
        .and_then(|email| file.read_email("contact", email));
    let licence = row.licence.as_ref().and_then(|row| licence(file, row));
    let country = row.country.as_ref().and_then(|code| country(file, code));
    let (mut slugs, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    let mut municipalities = Vec::new();
    let named = |row: &MunicipalityRow| {
        let (name, number) = (row.name.get_ref().clone(), row.number.get_ref().clone());
        (row.slug.get_ref().clone(), [name, number])
    };
    let all: Vec<_> = row.municipality.iter().map(named).collect();
    let called = all.iter().map(|(id, names)| (id.as_str(), texts_of(names)));
    let mut names = RecordNames::new(called);
    for row in &row.municipality {
        let id = row.slug.get_ref();
        let number = file.read_unique("number", &row.number, &mut numbers);
        let slug = file.read_unique("slug", &row.slug, &mut slugs);
        let name = file.read_name("name", &row.name);
        if let (Some(number), Some(slug), Some(name)) = (number, slug, name) {
            let aliases = names.aliases(file, id, &row.aliases);
            for number in &row.former_numbers {
                names.note(file, "former_numbers", id, number);
            }
            let former_numbers = texts(&row.former_numbers);
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
        contact,
        licence,
        county,
        country,
        time_zone: time_zone?,
        languages: row.languages.get_ref().clone(),
        uid_namespace: namespace?,
        municipalities,
        holidays: Vec::new(),
        school_breaks: Vec::new(),
        owner: Owner::DataFile,
    })
}

fn licence(file: &mut DataFile, row: &LicenceRow) -> Option<Licence> {
    let name = file.read_name("licence.name", &row.name);
    let url = file.read_url("licence.url", &row.url);
    Some(Licence {
        name: name?,
        url: url?,
    })
}

fn country(file: &mut DataFile, code: &SpannedText) -> Option<String> {
    let is_code =
        |code: &&String| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    let wrong = || {
        let wrong = format!("«{}» is no code of a country", code.get_ref());
        Mistake::new(wrong, "two letters of ISO 3166-1, such as NO")
    };
    let read = Some(code.get_ref()).filter(is_code).cloned();
    file.checked("country", code.span(), read.ok_or_else(wrong))
}

fn check_languages(file: &mut DataFile, languages: &Spanned<Vec<Lang>>) {
    let mut seen = BTreeSet::new();
    let twice = languages
        .get_ref()
        .iter()
        .find(|language| !seen.insert(**language));
    let mistake = match twice {
        Some(lang) => Mistake::new(format!("{lang} occurs twice"), "each value once"),
        None if seen.is_empty() => Mistake::new("names no language", Lang::TAGS.join(", ")),
        None => return,
    };
    file.mistake("languages", languages.span(), mistake);
}

/// Returns a text in all its languages.
fn spoken(text: &Spanned<Text>) -> Vec<&str> {
    text.get_ref().iter().map(|text| text.text).collect()
}

fn texts_of(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

fn time_zone(file: &mut DataFile, text: &SpannedText) -> Option<Tz> {
    let wrong = |_| {
        let wrong = format!("«{}» is not a time zone", text.get_ref());
        Mistake::new(wrong, "an IANA name, such as Europe/Oslo")
    };
    file.checked(
        "time_zone",
        text.span(),
        text.get_ref().parse().map_err(wrong),
    )
}

fn uid_namespace(file: &mut DataFile, text: &SpannedText) -> Option<Uuid> {
    let uuid = Uuid::parse_str(text.get_ref())
        .ok()
        .filter(|uuid| !uuid.is_nil());
    let wrong = || {
        let wrong = format!("«{}» is not a UUID", text.get_ref());
        Mistake::new(wrong, "a UUID, such as `uuidgen` prints")
    };
    file.checked("uid_namespace", text.span(), uuid.ok_or_else(wrong))
}

pub(super) fn categories(file: &mut DataFile, rows: &CategoriesFile) -> Vec<Category> {
    let mut seen = BTreeSet::new();
    let mut names = topic_names(&rows.category);
    let made = (0..).zip(&rows.category).filter_map(|(rank, row)| {
        let slug = file.read_unique("slug", &row.slug, &mut seen);
        let name = file.read_text("name", &row.name);
        let color = row.color.as_ref().and_then(|color| color_name(file, color));
        Some(Category {
            slug: slug?,
            name: name?,
            description: row.description.clone(),
            aliases: names.aliases(file, row.slug.get_ref(), &row.aliases),
            color,
            rank,
            owner: Owner::DataFile,
        })
    });
    made.collect()
}

fn topic_names(rows: &[TopicRow]) -> RecordNames {
    RecordNames::new(
        rows.iter()
            .map(|row| (row.slug.get_ref().as_str(), spoken(&row.name))),
    )
}

fn color_name(file: &mut DataFile, text: &SpannedText) -> Option<String> {
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
    let mut names = topic_names(&rows.audience);
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
        let aliases = names.aliases(file, slug.get_ref(), aliases);
        let slug = file.read_unique("slug", slug, &mut seen);
        let name = file.read_text("name", name);
        Some(Audience {
            slug: slug?,
            name: name?,
            description: description.clone(),
            aliases,
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
    zone: Option<Tz>,
) -> Vec<Place> {
    let mut seen = BTreeSet::new();
    let positions = Positions::new(zone, &rows.place);
    let named = rows.place.iter().map(|row| one_name(&row.slug, &row.name));
    let mut names = RecordNames::new(named);
    let made = rows.place.iter().filter_map(|row| {
        let slug = file.read_unique("slug", &row.slug, &mut seen);
        let name = file.read_name("name", &row.name);
        let municipality = row
            .municipality
            .as_ref()
            .and_then(|number| file.read_known("municipality", number, municipalities));
        let address = address(file, row);
        let coordinates = positions.read(file, row);
        let website = row
            .website
            .as_ref()
            .and_then(|url| file.read_url("website", url));
        Some(Place {
            slug: slug?,
            name: name?,
            aliases: names.aliases(file, row.slug.get_ref(), &row.aliases),
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

/// Returns an identifier with its single name.
fn one_name<'t>(id: &'t SpannedText, name: &'t SpannedText) -> (&'t str, Vec<&'t str>) {
    (id.get_ref(), vec![name.get_ref()])
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

pub(super) fn organizers(file: &mut DataFile, rows: &OrganizersFile) -> Vec<Organizer> {
    let mut seen = BTreeSet::new();
    let named = rows
        .organizer
        .iter()
        .map(|row| one_name(&row.slug, &row.name));
    let mut names = RecordNames::new(named);
    rows.organizer
        .iter()
        .filter_map(|row| organizer(file, row, &mut seen, &mut names))
        .collect()
}

fn organizer(
    file: &mut DataFile,
    row: &OrganizerRow,
    seen: &mut BTreeSet<Slug>,
    names: &mut RecordNames,
) -> Option<Organizer> {
    let aliases = names.aliases(file, row.slug.get_ref(), &row.aliases);
    let email = row
        .email
        .as_ref()
        .and_then(|email| file.read_email("email", email));
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
        aliases,
        description: row.description.clone(),
        website,
        organisation_number,
        contact: Contact {
            email,
            telephone: row.telephone.clone(),
        },
        source: row.source.clone(),
        owner: Owner::DataFile,
    })
}
