//! The plain fields of an event: they describe it, and no rule of the program depends on them.
//!
//! Each row of the table is a field of [`Event`], [`EventDraft`] and [`WireEvent`] and a [`Field`] with an owner of its
//! own. It is copied, compared and normalized, and written to and read from JSON and the catalog's encoding, as its
//! type says in [`PlainField`]. A text is limited in length where partners send it. What the table does not know is
//! where a field is shown.
//!
//! [`Event`]: crate::Event
//! [`EventDraft`]: crate::EventDraft
//! [`WireEvent`]: crate::wire::WireEvent
//! [`Field`]: crate::Field
//! [`PlainField`]: crate::PlainField

/// Calls a macro with the rows. The groups follow the title, the accessibility and the prices, so that the order of the
/// JSON members stays the same. A new field belongs to the facts, which a stored draft leaves out if they are blank.
macro_rules! plain_fields {
    ($callback:ident) => {
        $callback! {
            texts {
                /// One or two sentences.
                Summary summary: Text,
                /// The full description: plain text, an empty line separates paragraphs.
                Description description: Text,
            }
            facts {
                /// The availability of places: `available`, `few_left` or `sold_out`.
                Availability availability: Availability,
                /// `indoor`, `outdoor` or both.
                Setting setting: BTreeSet<EventSetting>,
                /// Languages in which it is held, BCP 47: `nb`, `nsl` (Norwegian Sign Language), `nb-simple` (easy
                /// read).
                Languages languages: BTreeSet<LanguageTag>,
                /// `public_transport` (it can be reached by public transport), `certified` or both.
                Sustainability sustainability: BTreeSet<SustainabilityFact>,
                /// The certificate of an event that is `certified`.
                SustainabilityCertificate sustainability_certificate: Option<SustainabilityCertificate>,
                /// Directions to the place: buses, parking, the last stretch on foot.
                GettingThere getting_there: Text,
            }
            details {
                /// Images: kept here, or by address; never inline.
                Images images: Vec<Image>,
                /// The event's own web page.
                Website website: Option<Url>,
            }
        }
    };
}
pub(crate) use plain_fields;
