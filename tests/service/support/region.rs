//! A minimal region, for tests that count.

use calendar_domain::{
    Audience, Category, Lang, Municipality, Organizer, Owner, Partner, Place, Record, Region, Slug,
    Text,
};

/// Parses a slug.
pub fn slug(text: &str) -> Slug {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// Returns the slug of a name: `Terningen Arena` is `terningen-arena`.
pub fn slug_of(name: &str) -> Slug {
    slug(&calendar_domain::query::fold(name).replace(' ', "-"))
}

/// Returns the region, two categories and two audiences.
pub fn records() -> Vec<Record> {
    let region = Region {
        name: Text::nb_en("Prøvekalenderen", "Test Calendar"),
        tagline: Text::default(),
        publisher: None,
        contact: None,
        licence: None,
        county: None,
        country: None,
        time_zone: chrono_tz::Europe::Oslo,
        languages: vec![Lang::Nb, Lang::En],
        uid_namespace: uuid::Uuid::NAMESPACE_OID,
        municipalities: vec![
            municipality("3420", "Elverum", "427"),
            municipality("3422", "Åmot", "429"),
        ],
        holidays: Vec::new(),
        school_breaks: Vec::new(),
        owner: Owner::DataFile,
    };
    vec![
        region.into(),
        category("music", "Musikk"),
        category("sport", "Idrett"),
        audience("families", "Familier"),
        audience("visitors", "Tilreisende"),
    ]
}

fn municipality(number: &str, name: &str, former: &str) -> Municipality {
    Municipality {
        number: number.parse().expect("a municipality's number"),
        slug: slug_of(name),
        name: name.to_owned(),
        aliases: Vec::new(),
        former_numbers: vec![former.to_owned()],
    }
}

fn category(word: &str, name: &str) -> Record {
    let category = Category {
        slug: slug(word),
        name: Text::nb(name),
        description: Text::default(),
        aliases: Vec::new(),
        color: None,
        rank: 0,
        owner: Owner::DataFile,
    };
    category.into()
}

fn audience(word: &str, name: &str) -> Record {
    let audience = Audience {
        slug: slug(word),
        name: Text::nb(name),
        description: Text::default(),
        aliases: Vec::new(),
        rank: 0,
        owner: Owner::DataFile,
    };
    audience.into()
}

/// Returns a place in a municipality.
pub fn place(name: &str, municipality: &str) -> Record {
    let place = Place {
        slug: slug_of(name),
        name: name.to_owned(),
        aliases: Vec::new(),
        municipality: Some(municipality.parse().expect("a municipality's number")),
        address: None,
        coordinates: None,
        description: Text::default(),
        website: None,
        source: None,
        owner: Owner::DataFile,
    };
    place.into()
}

/// Returns an organizer.
pub fn organizer(name: &str) -> Record {
    let organizer = Organizer {
        slug: slug_of(name),
        name: name.to_owned(),
        aliases: Vec::new(),
        description: Text::default(),
        website: None,
        organisation_number: None,
        contact: calendar_domain::Contact::default(),
        source: None,
        owner: Owner::DataFile,
    };
    organizer.into()
}

/// Returns a partner with the default policy.
pub fn partner(id: &str) -> Record {
    let partner_id = id.parse().expect("a partner's id");
    Partner::new(partner_id, id, Owner::DataFile).into()
}
