//! Records of the store, each under a key.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    AccessKey, Account, Audience, Category, Erasure, Event, EventReport, HubSubscription,
    Organisation, Organizer, OutgoingMail, Pairing, Partner, PartnerState, Place, Pushed, Pushing,
    Region, Run, Series, SourceVersion, StoredFilter, Submission, Suggestion, Webhook,
};

pub use super::record_kind::{RecordKey, RecordKind};

/// A record of any kind, shared between the catalog, a commit and its readers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "record", rename_all = "snake_case")]
pub enum Record {
    /// The region, under the key `region/region`.
    Region(Arc<Region>),
    /// A category, under its slug.
    Category(Arc<Category>),
    /// An audience, under its slug.
    Audience(Arc<Audience>),
    /// A place, under its slug.
    Place(Arc<Place>),
    /// An organizer, under its slug.
    Organizer(Arc<Organizer>),
    /// A partner, under its id.
    Partner(Arc<Partner>),
    /// A series, under its slug.
    Series(Arc<Series>),
    /// An event, under its id.
    Event(Arc<Event>),
    /// A filter, under its short name.
    Filter(Arc<StoredFilter>),
    /// A run, under its id.
    Run(Arc<Run>),
    /// State of the exchange with a partner, under the partner's id.
    PartnerState(Arc<PartnerState>),
    /// A question for an editor, under its id.
    Suggestion(Arc<Suggestion>),
    /// Whether two origins are one event, under its id.
    Pairing(Arc<Pairing>),
    /// An access key of a program, under its id.
    AccessKey(Arc<AccessKey>),
    /// A webhook, under its id.
    Webhook(Arc<Webhook>),
    /// A WebSub subscription, under its id.
    HubSubscription(Arc<HubSubscription>),
    /// An event in a partner's calendar, under its id.
    Pushed(Arc<Pushed>),
    /// Progress of the push to a partner, under its id.
    Pushing(Arc<Pushing>),
    /// An event as one of its sources describes it, under its id.
    SourceVersion(Arc<SourceVersion>),
    /// An account, under its id.
    Account(Arc<Account>),
    /// A mail that waits to be sent, under its id.
    Mail(Arc<OutgoingMail>),
    /// An organisation, under its id.
    Organisation(Arc<Organisation>),
    /// A submission, under its id.
    Submission(Arc<Submission>),
    /// A report of a mistake, under its id.
    Report(Arc<EventReport>),
    /// An erasure, under its id.
    Erasure(Arc<Erasure>),
}

impl Record {
    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::Region(_) => RecordKind::Region,
            Self::Category(_) => RecordKind::Category,
            Self::Audience(_) => RecordKind::Audience,
            Self::Place(_) => RecordKind::Place,
            Self::Organizer(_) => RecordKind::Organizer,
            Self::Partner(_) => RecordKind::Partner,
            Self::Series(_) => RecordKind::Series,
            Self::Event(_) => RecordKind::Event,
            Self::Filter(_) => RecordKind::Filter,
            Self::Run(_) => RecordKind::Run,
            Self::PartnerState(_) => RecordKind::PartnerState,
            Self::Suggestion(_) => RecordKind::Suggestion,
            Self::Pairing(_) => RecordKind::Pairing,
            Self::AccessKey(_) => RecordKind::AccessKey,
            Self::Webhook(_) => RecordKind::Webhook,
            Self::HubSubscription(_) => RecordKind::HubSubscription,
            Self::Pushed(_) => RecordKind::Pushed,
            Self::Pushing(_) => RecordKind::Pushing,
            Self::SourceVersion(_) => RecordKind::SourceVersion,
            Self::Account(_) => RecordKind::Account,
            Self::Mail(_) => RecordKind::Mail,
            Self::Organisation(_) => RecordKind::Organisation,
            Self::Submission(_) => RecordKind::Submission,
            Self::Report(_) => RecordKind::Report,
            Self::Erasure(_) => RecordKind::Erasure,
        }
    }

    /// Returns the key.
    #[must_use]
    pub fn key(&self) -> RecordKey {
        let id = match self {
            Self::Region(_) => "region",
            Self::Category(category) => category.slug.as_str(),
            Self::Audience(audience) => audience.slug.as_str(),
            Self::Place(place) => place.slug.as_str(),
            Self::Organizer(organizer) => organizer.slug.as_str(),
            Self::Partner(partner) => partner.id.as_str(),
            Self::Series(series) => series.slug.as_str(),
            Self::Event(event) => event.id.as_str(),
            Self::Filter(filter) => filter.name.as_str(),
            Self::Run(run) => run.id.as_str(),
            Self::PartnerState(state) => state.partner.as_str(),
            Self::Suggestion(suggestion) => suggestion.id.as_str(),
            Self::Pairing(pairing) => pairing.id.as_str(),
            Self::AccessKey(key) => key.id.as_str(),
            Self::Webhook(webhook) => webhook.id.as_str(),
            Self::HubSubscription(subscription) => subscription.id.as_str(),
            Self::Pushed(pushed) => pushed.id.as_str(),
            Self::Pushing(pushing) => pushing.id.as_str(),
            Self::SourceVersion(version) => version.id.as_str(),
            Self::Account(account) => account.id.as_str(),
            Self::Mail(mail) => mail.id.as_str(),
            Self::Organisation(organisation) => organisation.id.as_str(),
            Self::Submission(submission) => submission.id.as_str(),
            Self::Report(report) => report.id.as_str(),
            Self::Erasure(erasure) => erasure.id.as_str(),
        };
        RecordKey::new(self.kind(), id)
    }
}

/// The content of a record: one type for each kind.
pub trait Recorded: Sized {
    /// The kind.
    const KIND: RecordKind;

    /// Returns the content of a record, or `None` if it is of another kind.
    fn from_record(record: Record) -> Option<Self>;
}

/// Implements `From<T> for Record` and [`Recorded`] for the types of records, each under its kind.
macro_rules! records_from {
    ($($kind:ident: $type:ty),* $(,)?) => {
        $(impl From<$type> for Record {
            fn from(record: $type) -> Self {
                Self::$kind(Arc::new(record))
            }
        }

        impl Recorded for $type {
            const KIND: RecordKind = RecordKind::$kind;

            fn from_record(record: Record) -> Option<Self> {
                match record {
                    Record::$kind(value) => Some(Arc::unwrap_or_clone(value)),
                    _ => None,
                }
            }
        })*
    };
}
records_from!(
    Region: Region,
    Category: Category,
    Audience: Audience,
    Place: Place,
    Organizer: Organizer,
    Partner: Partner,
    Series: Series,
    Event: Event,
    Filter: StoredFilter,
    Run: Run,
    PartnerState: PartnerState,
    Suggestion: Suggestion,
    Pairing: Pairing,
    AccessKey: AccessKey,
    Webhook: Webhook,
    HubSubscription: HubSubscription,
    Pushed: Pushed,
    Pushing: Pushing,
    SourceVersion: SourceVersion,
    Account: Account,
    Mail: OutgoingMail,
    Organisation: Organisation,
    Submission: Submission,
    Report: EventReport,
    Erasure: Erasure,
);
