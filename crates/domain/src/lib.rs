//! The data model: events and their times, series and their editions, places, organizers, queries.
//!
//! **May import:** nothing of ours. **Pure:** no clock, no randomness, no input or output. Times
//! and ids are arguments, so that the result of a function depends on its arguments alone.
//!
//! Times are local wall time with an IANA zone ([`When`]); UTC appears only where events are
//! ordered. Names are those of RFC 5545 and schema.org. Two axes never merge: the state of the
//! event in the world ([`EventStatus`]) and the state of its record ([`Publication`]).
//!
//! To add a kind of record: add a file here and a variant in [`record::RecordKind`] and in
//! [`record::Record`]. The compiler names every place that has to handle it.

pub mod access;
pub mod account;
pub mod audit;
pub mod bounds;
pub mod claim;
pub mod clock;
pub mod connection;
pub mod delivery;
pub mod draft;
pub mod erasure;
pub mod event;
pub mod event_facts;
pub mod event_filter;
pub mod event_form;
pub mod event_report;
pub mod event_status;
mod event_values;
pub mod extent;
pub mod filter;
pub mod holidays;
pub mod ids;
pub mod image;
mod image_names;
mod json_word;
pub mod lang;
pub mod language_tag;
pub mod licence;
pub mod merge;
mod moved_schedule;
pub mod nearest;
pub mod nfc;
pub mod occurrences;
pub mod offer;
pub mod organisation;
pub mod organizer;
pub mod outgoing_mail;
pub mod overlap;
pub mod ownership;
pub mod pairing;
pub mod partner;
pub mod passkey;
pub mod place;
mod plain_facts;
pub mod plain_field;
mod plain_fields;
pub mod push_state;
pub mod query;
pub mod record;
pub mod record_kind;
pub mod recurrence;
pub mod redaction;
pub mod region;
pub mod register_entry;
pub mod revision;
pub mod schedule;
pub mod school_breaks;
pub mod serde_words;
pub mod series;
pub mod shortening;
pub mod source;
pub mod source_version;
pub mod submission;
pub mod sync_state;
pub mod taxonomy;
pub mod text;
pub mod typed_text;
pub mod venue;
pub mod visitor;
pub mod webhook;
pub mod wire;
pub mod zone;
pub mod zone_database;

pub use access::{AccessKey, KeyScope};
pub use account::{Account, EditorScope, EmailAddress, LinkedLogin, MailBounce};
pub use audit::{AuditEntry, AuditReader, AuditSubject};
pub use claim::{AccountNames, Claim, EventNames};
pub use connection::{
    Connection, LinkedEventsSettings, Mapping, PlaceRule, Rank, SecretName, Take, Trust,
};
pub use draft::EventDraft;
pub use erasure::{BackupHold, ErasedKey, Erasure, ErasureCause, OwnEvents, ReceiptMail};
pub use event::{ChangeSubject, EditionRef, Event, LastChange, Publication};
pub use event_facts::{Availability, EventSetting, SustainabilityCertificate, SustainabilityFact};
pub use event_filter::EventFilter;
pub use event_report::{EventReport, JoinedReport, ReportClosing, ReportedFault};
pub use event_status::EventStatus;
pub use filter::{FilterLimits, FilterRefusal, StoredFilter};
pub use holidays::{Holiday, HolidayKind, HolidayRule};
pub use ids::{
    AccountId, ConnectorId, ErasureId, EventId, IdError, ImageName, MailId, MunicipalityNumber,
    OrganisationId, OrganisationNumber, PartnerId, ReportId, ShortName, Slug, SubmissionId, Uid,
    VisitorId,
};
pub use image::{FocusPoint, IMAGE_PATH, Image, ImageFile, ImageSource, KeptImage};
pub use image_names::{
    add_image_names, may_require_images, required_image_names, with_image_files,
};
pub use lang::Lang;
pub use language_tag::{LanguageTag, LanguageTagError};
pub use licence::{Licence, LicenceLink};
pub use occurrences::Window;
pub use offer::{Admission, Offer};
pub use organisation::{Invitation, MemberRole, Organisation, OrganisationStanding};
pub use organizer::{Contact, Organizer};
pub use outgoing_mail::{
    KnownStatus, MailFacts, MailKind, MailState, OutgoingMail, ReportedChange,
};
pub use ownership::{Field, Owner};
pub use pairing::{OriginKey, Pairing};
pub use partner::{ContentPolicy, Partner, PartnerField};
pub use passkey::{Base64Url, CredentialId, Passkey, PasskeyKey};
pub use place::{Address, Coordinates, Place};
pub use plain_field::{PlainField, PlainFieldDecoder, PlainFieldEncoder};
pub use push_state::{Pushed, Pushing};
pub use query::Query;
pub use record::Record;
pub use record_kind::{RecordKey, RecordKind};
pub use region::{Municipality, Region};
pub use register_entry::{RegisterCheck, RegisterEntry};
pub use schedule::{Occurrence, Override, Recurrence, Schedule, Start, When};
pub use school_breaks::SchoolBreak;
pub use series::{Edition, EditionStanding, RuleHint, Series};
pub use source::{Channel, Source};
pub use source_version::SourceVersion;
pub use submission::{
    PrivateFacts, Proposer, ReviewComment, Submission, SubmissionState, SubmissionStep,
};
pub use sync_state::{
    Decision, Guard, PartnerState, Run, RunOutcome, Score, Subject, Suggestion, Validators, Verdict,
};
pub use taxonomy::{Audience, Category};
pub use text::{Localized, Text};
pub use venue::{OrganizerRef, Venue};
pub use visitor::{MailRecipient, Visitor};
pub use webhook::{Delivery, HubSubscription, Progress, SharedSecret, Webhook};
