//! Column headings in lower case: Bokmål, nynorsk and English.

use super::column::Column::{self, *};

/// The headings of each field, separated by `|`.
const WORDS: &[(Column, &str)] = &[
    (Id, "id|arrangementsid|event id"),
    (
        Title,
        "tittel|arrangement|navn|namn|hva|kva|aktivitet|hendelse|overskrift|title|event|\
         name|what|event name|activity|subject|arrangementsnavn|navn på arrangement",
    ),
    (
        Date,
        "dato|når|startdato|fra dato|frå dato|dato og tid|dato og klokkeslett|tidspunkt|\
         date|when|start date|startdate|date and time|start|starter",
    ),
    (Weekday, "dag|ukedag|vekedag|day|weekday"),
    (
        Start,
        "kl|klokka|klokken|klokkeslett|tid|starttid|fra kl|fra|frå|time|start time|\
         starttime|starttidspunkt|start kl",
    ),
    (
        LastDate,
        "sluttdato|til dato|siste dag|end date|enddate|til og med",
    ),
    (
        End,
        "slutt|slutttid|sluttid|til kl|til|slutt kl|end|end time|endtime|slutter",
    ),
    (
        Place,
        "sted|stad|hvor|kor|lokale|arena|bane|place|venue|location|where",
    ),
    (Street, "adresse|gateadresse|address|street"),
    (PostalCode, "postnummer|postnr|postal code|postcode|zip"),
    (Town, "poststed|poststad|by|town|city"),
    (
        Description,
        "beskrivelse|skildring|omtale|merknad|merknader|info|informasjon|kommentar|\
         tekst|detaljer|om|description|details|notes|comment",
    ),
    (
        Organizer,
        "arrangør|ansvarlig|ansvarleg|lag|klubb|forening|organizer|organiser|host|club",
    ),
    (Category, "kategori|type|tema|category|genre|sjanger"),
    (
        Audience,
        "målgruppe|for hvem|for kven|passer for|alder|aldersgruppe|audience|for whom|\
         age",
    ),
    (
        Price,
        "pris|inngang|billettpris|kostnad|price|cost|fee|pris kr",
    ),
    (
        Page,
        "lenke|lenkje|nettside|nettsted|hjemmeside|mer info|link|url|website|web",
    ),
    (
        Tickets,
        "billetter|billettar|billett|billettlenke|påmelding|tickets|ticket|registration|\
         sign up",
    ),
    (Image, "bilde|bilete|image|picture"),
    (Status, "status|avlyst"),
    (
        Availability,
        "ledige plasser|ledige plassar|plasser igjen|plassar att|utsolgt|utselt|availability|\
         places left",
    ),
    (
        Setting,
        "inne eller ute|inne ute|setting|indoors or outdoors",
    ),
    (Languages, "språk|languages|language"),
    (Sustainability, "bærekraft|berekraft|sustainability"),
    (
        Certificate,
        "miljøsertifikat|miljøsertifisert av|sustainability certificate",
    ),
    (
        GettingThere,
        "slik kommer du hit|slik kjem du hit|veibeskrivelse|getting there",
    ),
];

/// Returns the field of a heading.
#[must_use]
pub fn column(word: &str) -> Option<Column> {
    let of = |words: &str| words.split('|').any(|part| part == word);
    WORDS.iter().find(|(_, words)| of(words)).map(|word| word.0)
}
