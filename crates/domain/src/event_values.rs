//! The values of an event by [`Field`].

use super::ownership::Field;
use super::plain_field::PlainField;
use super::plain_fields::plain_fields;
use super::{Admission, Event};

// A macro, because the table of plain fields adds some.
macro_rules! implement_values {
    (
        texts { $($(#[$text_doc:meta])* $text_field:ident $text:ident: $text_type:ty,)* }
        facts { $($(#[$fact_doc:meta])* $fact_field:ident $fact:ident: $fact_type:ty,)* }
        details { $($(#[$doc:meta])* $field:ident $name:ident: $type:ty,)* }
    ) => {
        impl Event {
            /// Returns true if a field is empty. Title, schedule, status and publication are never empty.
            #[must_use]
            pub fn is_blank(&self, field: Field) -> bool {
                match field {
                    Field::Title | Field::Schedule | Field::Status | Field::Publication => false,
                    $(Field::$text_field => self.$text.is_blank(),)*
                    Field::Venues => self.venues.is_empty(),
                    Field::OnlineUrl => self.online_url.is_none(),
                    Field::Organizer => self.organizer.is_none(),
                    Field::Categories => self.categories.is_empty(),
                    Field::Audiences => self.audiences.is_empty(),
                    Field::Accessibility => self.accessibility.is_empty(),
                    $(Field::$fact_field => self.$fact.is_blank(),)*
                    Field::Admission => self.admission == Admission::Unknown && self.offers.is_empty(),
                    $(Field::$field => self.$name.is_blank(),)*
                    Field::SuperEvent => self.super_event.is_none(),
                }
            }

            /// Returns true if a field has the same value as in another event.
            #[must_use]
            pub fn same_value(&self, field: Field, other: &Self) -> bool {
                match field {
                    Field::Title => self.title == other.title,
                    $(Field::$text_field => self.$text == other.$text,)*
                    // An event without a previous time does not contradict one.
                    Field::Schedule => {
                        let moved = self.previous.is_some() && self.previous != other.previous;
                        self.schedule == other.schedule && !moved
                    }
                    Field::Status => (self.status, &self.status_note) == (other.status, &other.status_note),
                    Field::Venues => self.venues == other.venues,
                    Field::OnlineUrl => self.online_url == other.online_url,
                    Field::Organizer => self.organizer == other.organizer,
                    Field::Categories => self.categories == other.categories,
                    Field::Audiences => self.audiences == other.audiences,
                    Field::Accessibility => self.accessibility == other.accessibility,
                    $(Field::$fact_field => self.$fact == other.$fact,)*
                    Field::Admission => (self.admission, &self.offers) == (other.admission, &other.offers),
                    $(Field::$field => self.$name.is_same(&other.$name),)*
                    Field::SuperEvent => self.super_event == other.super_event,
                    Field::Publication => self.publication == other.publication,
                }
            }

            /// Copies one field from another event.
            pub fn take(&mut self, field: Field, from: &Self) {
                match field {
                    Field::Title => self.title.clone_from(&from.title),
                    $(Field::$text_field => self.$text.clone_from(&from.$text),)*
                    Field::Schedule => {
                        self.schedule.clone_from(&from.schedule);
                        self.previous.clone_from(&from.previous);
                    }
                    Field::Status => {
                        self.status = from.status;
                        self.status_note.clone_from(&from.status_note);
                    }
                    Field::Venues => self.venues.clone_from(&from.venues),
                    Field::OnlineUrl => self.online_url.clone_from(&from.online_url),
                    Field::Organizer => self.organizer.clone_from(&from.organizer),
                    Field::Categories => self.categories.clone_from(&from.categories),
                    Field::Audiences => self.audiences.clone_from(&from.audiences),
                    Field::Accessibility => self.accessibility.clone_from(&from.accessibility),
                    $(Field::$fact_field => self.$fact.clone_from(&from.$fact),)*
                    Field::Admission => {
                        self.admission = from.admission;
                        self.offers.clone_from(&from.offers);
                    }
                    $(Field::$field => self.$name.take_from(&from.$name),)*
                    Field::SuperEvent => self.super_event.clone_from(&from.super_event),
                    Field::Publication => self.publication = from.publication,
                }
            }
        }
    };
}
plain_fields!(implement_values);
