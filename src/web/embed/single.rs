//! One event in a frame.

use super::item::{EmbedDate, EmbedEvent, EmbedStatus, EmbedText, credits};
use crate::web::data_licence::DataLicence;
use crate::web::pages::PageContext;
use crate::web::pages::event::EventPage;
use crate::web::pages::facts::partner_credits;
use calendar_domain::Slug;

/// An event with its next date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleEvent {
    /// The first day, unless no date is known.
    pub date: Option<EmbedDate>,
    /// The event; its time is a full sentence.
    pub event: EmbedEvent,
    /// The licence of its data.
    pub licence: DataLicence,
}

impl SingleEvent {
    /// Returns a public event that may be shown on other sites.
    #[must_use]
    pub fn new(context: &PageContext, slug: &Slug) -> Option<Self> {
        let entry = context.snapshot.event_at(slug)?;
        let event = entry.event();
        if !context.snapshot.may_pass_on(&event) {
            return None;
        }
        let page = EventPage::new(context, entry);
        let status = page.banner.map(|banner| EmbedStatus {
            detail: banner.before,
            ..banner.mark.into()
        });
        let place = page.venues.first();
        let place = place.map(|venue| venue.line()).unwrap_or_default();
        Some(Self {
            date: page.span.map(|span| span.first.into()),
            event: EmbedEvent {
                url: format!("{}{}", context.origin, context.paths.event(slug.as_str())),
                title: page.title.text,
                lang: page.title.other,
                time: page.when,
                place,
                status,
                places_left: page.places_left,
                summary: EmbedText::from_localized(page.summary),
                credits: credits(partner_credits(context, &event)),
                licence: context.snapshot.licence_of(&event),
            },
            licence: DataLicence::of_event(&event, &context.snapshot),
        })
    }
}
