//! The fields that a column can contain.

/// The field of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The table's own id of an event.
    Id,
    /// The title.
    Title,
    /// The date, possibly with a time.
    Date,
    /// The weekday, beside the date.
    Weekday,
    /// The start time, possibly with the end time.
    Start,
    /// The last day.
    LastDate,
    /// The end time.
    End,
    /// The place.
    Place,
    /// The street.
    Street,
    /// The postal code.
    PostalCode,
    /// The town.
    Town,
    /// The description.
    Description,
    /// The organizer.
    Organizer,
    /// The category.
    Category,
    /// The audience.
    Audience,
    /// The price.
    Price,
    /// The event's page.
    Page,
    /// The ticket page.
    Tickets,
    /// The image.
    Image,
    /// The status.
    Status,
    /// The availability of places.
    Availability,
    /// Indoors or outdoors.
    Setting,
    /// The languages in which it is held.
    Languages,
    /// Public transport and certification.
    Sustainability,
    /// The issuer of the certificate.
    Certificate,
    /// Directions to the place.
    GettingThere,
}
