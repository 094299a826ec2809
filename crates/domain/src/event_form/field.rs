//! The fields of the form.

use serde::{Deserialize, Serialize};

use crate::{Field, Lang};

/// Declares the fields with their names.
macro_rules! form_fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $group:expr, $limit:literal;)*) => {
        /// A field of the form of an event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum FormField {
            $($(#[$doc])* $variant,)*
        }

        impl FormField {
            /// Every field, in the order of the form.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the name in the form.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Returns the field of the event that it sets; `None` for private facts and programme parts.
            #[must_use]
            pub fn event_field(self) -> Option<Field> {
                match self {
                    $(Self::$variant => $group,)*
                }
            }

            /// Returns the maximum length of a value in characters.
            #[must_use]
            pub fn limit(self) -> usize {
                match self {
                    $(Self::$variant => $limit,)*
                }
            }
        }
    };
}

form_fields! {
    /// The title in bokmål.
    Title = "title", Some(Field::Title), 200;
    /// The title in nynorsk.
    TitleNn = "title_nn", Some(Field::Title), 200;
    /// The title in English.
    TitleEn = "title_en", Some(Field::Title), 200;
    /// `once` or `repeated`.
    Pattern = "pattern", Some(Field::Schedule), 20;
    /// The first day.
    Date = "date", Some(Field::Schedule), 40;
    /// The last day, if it lasts several days.
    EndDate = "end_date", Some(Field::Schedule), 40;
    /// `at`, `all_day` or `to_come`.
    Hours = "hours", Some(Field::Schedule), 20;
    /// The time of the start.
    StartTime = "start_time", Some(Field::Schedule), 20;
    /// The time of the end.
    EndTime = "end_time", Some(Field::Schedule), 20;
    /// The repetition in words. It prevails over the choices below.
    Repetition = "repetition", Some(Field::Schedule), 200;
    /// `week` or `month`.
    Every = "every", Some(Field::Schedule), 20;
    /// Number of weeks or months from one date to the next.
    Interval = "interval", Some(Field::Schedule), 20;
    /// The weekdays, `1` (Monday) to `7`.
    Weekday = "weekday", Some(Field::Schedule), 20;
    /// The last possible date.
    Until = "until", Some(Field::Schedule), 40;
    /// The number of dates.
    Count = "count", Some(Field::Schedule), 20;
    /// Dates of the repetition on which it does not take place.
    Strike = "strike", Some(Field::Schedule), 40;
    /// Dates of the repetition that are moved, one for each row.
    MoveFrom = "move_from", Some(Field::Schedule), 40;
    /// The new date of each row.
    MoveTo = "move_to", Some(Field::Schedule), 40;
    /// The new time of each row; the usual one if blank.
    MoveTime = "move_time", Some(Field::Schedule), 20;
    /// Further dates, one for each row.
    OtherDate = "other_date", Some(Field::Schedule), 40;
    /// The start of each row; the usual one if blank.
    OtherStart = "other_start", Some(Field::Schedule), 20;
    /// The end of each row; the usual length if blank.
    OtherEnd = "other_end", Some(Field::Schedule), 20;
    /// The place of each row, by slug; the usual one if blank.
    OtherPlace = "other_place", Some(Field::Schedule), 100;
    /// The name of another place of each row.
    OtherPlaceName = "other_place_name", Some(Field::Schedule), 200;
    /// A place of the catalog, by slug.
    Place = "place", Some(Field::Venues), 100;
    /// The name of another place.
    PlaceName = "place_name", Some(Field::Venues), 200;
    /// Its street address.
    PlaceAddress = "place_address", Some(Field::Venues), 200;
    /// Its postal code.
    PlacePostalCode = "place_postal_code", Some(Field::Venues), 40;
    /// Its post town.
    PlaceTown = "place_town", Some(Field::Venues), 100;
    /// Its municipality, by number.
    PlaceMunicipality = "place_municipality", Some(Field::Venues), 20;
    /// Address to attend online.
    OnlineUrl = "online_url", Some(Field::OnlineUrl), 2_000;
    /// Directions to the place, in bokmål.
    GettingThere = "getting_there", Some(Field::GettingThere), 1_000;
    /// The same in nynorsk.
    GettingThereNn = "getting_there_nn", Some(Field::GettingThere), 1_000;
    /// The same in English.
    GettingThereEn = "getting_there_en", Some(Field::GettingThere), 1_000;
    /// One or two sentences in bokmål.
    Summary = "summary", Some(Field::Summary), 500;
    /// The same in nynorsk.
    SummaryNn = "summary_nn", Some(Field::Summary), 500;
    /// The same in English.
    SummaryEn = "summary_en", Some(Field::Summary), 500;
    /// The description in bokmål.
    Description = "description", Some(Field::Description), 10_000;
    /// The same in nynorsk.
    DescriptionNn = "description_nn", Some(Field::Description), 10_000;
    /// The same in English.
    DescriptionEn = "description_en", Some(Field::Description), 10_000;
    /// The categories.
    Category = "category", Some(Field::Categories), 100;
    /// The audiences.
    Audience = "audience", Some(Field::Audiences), 100;
    /// `free`, `paid` or blank.
    Admission = "admission", Some(Field::Admission), 20;
    /// The price in kroner.
    Price = "price", Some(Field::Admission), 20;
    /// Address where tickets are sold.
    TicketUrl = "ticket_url", Some(Field::Admission), 2_000;
    /// Accessibility features.
    Accessibility = "accessibility", Some(Field::Accessibility), 100;
    /// `available`, `few_left` or `sold_out`.
    Availability = "availability", Some(Field::Availability), 20;
    /// `indoor`, `outdoor` or both.
    Setting = "setting", Some(Field::Setting), 20;
    /// The languages in which it is held, BCP 47.
    Language = "language", Some(Field::Languages), 40;
    /// `public_transport`, if it can be reached so.
    Sustainability = "sustainability", Some(Field::Sustainability), 40;
    /// The issuer of its environmental certificate.
    CertificateIssuer = "certificate_issuer", Some(Field::SustainabilityCertificate), 200;
    /// The event's own web page.
    Website = "website", Some(Field::Website), 2_000;
    /// Who organizes it, as a visitor who suggests it wrote. Events of organisations have theirs.
    OrganizerName = "organizer_name", None, 200;
    /// The source of each image, as JSON.
    Image = "image", Some(Field::Images), 2_000;
    /// The alternative text of each image in bokmål.
    ImageAlt = "image_alt", Some(Field::Images), 300;
    /// The same in nynorsk.
    ImageAltNn = "image_alt_nn", Some(Field::Images), 300;
    /// The same in English.
    ImageAltEn = "image_alt_en", Some(Field::Images), 300;
    /// The creator of each image.
    ImageCredit = "image_credit", Some(Field::Images), 200;
    /// The licence of each image.
    ImageLicence = "image_licence", Some(Field::Images), 200;
    /// The focus point of each image.
    ImageFocus = "image_focus", Some(Field::Images), 20;
    /// The event of a programme part, one for each row; blank for a new part.
    PartId = "part_id", None, 100;
    /// The title of each part.
    PartTitle = "part_title", None, 200;
    /// The date of each part; the event's first day if blank.
    PartDate = "part_date", None, 40;
    /// The start of each part.
    PartStart = "part_start", None, 20;
    /// The end of each part.
    PartEnd = "part_end", None, 20;
    /// The number of days by which the programme is to be moved.
    PartShift = "part_shift", None, 20;
    /// Private: the contact on duty.
    ContactName = "contact_name", None, 200;
    /// Private: the telephone of the contact on duty.
    ContactTelephone = "contact_telephone", None, 40;
    /// Private: the expected attendance.
    Attendance = "attendance", None, 20;
    /// Private: when most people are there.
    PeakTime = "peak_time", None, 200;
}

impl FormField {
    /// Returns the field with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|field| field.as_str() == name)
            .copied()
    }

    /// Returns the fields of a text with their languages. The text in the default language has the field itself; one in
    /// another language has the field with its tag after the name, such as `title_nn`.
    pub fn by_language(self) -> impl Iterator<Item = (Lang, Self)> {
        Lang::ALL.into_iter().filter_map(move |lang| {
            if lang == Lang::default() {
                return Some((lang, self));
            }
            let name = format!("{}_{}", self.as_str(), lang.tag());
            Self::named(&name).map(|field| (lang, field))
        })
    }

    /// Returns true if only organizer and editors may read the field.
    #[must_use]
    pub fn is_private(self) -> bool {
        matches!(
            self,
            Self::ContactName | Self::ContactTelephone | Self::Attendance | Self::PeakTime
        )
    }

    /// Returns true if the field is a column of a table: its values belong to rows, blank ones included.
    #[must_use]
    pub fn is_column(self) -> bool {
        self.is_image()
            || matches!(
                self,
                Self::MoveFrom
                    | Self::MoveTo
                    | Self::MoveTime
                    | Self::OtherDate
                    | Self::OtherStart
                    | Self::OtherEnd
                    | Self::OtherPlace
                    | Self::OtherPlaceName
                    | Self::PartId
                    | Self::PartTitle
                    | Self::PartDate
                    | Self::PartStart
                    | Self::PartEnd
            )
    }

    /// Returns true if the field has several values, each of which is one choice.
    #[must_use]
    pub fn is_choice_of_many(self) -> bool {
        matches!(
            self,
            Self::Weekday
                | Self::Strike
                | Self::Category
                | Self::Audience
                | Self::Accessibility
                | Self::Setting
                | Self::Language
                | Self::Sustainability
        )
    }
}
