//! The sentence at the top of a page after a form was sent.

use rocket::form::{FromFormField, Result, ValueField};

use calendar_language::Words;

/// What was done, or why it was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageNotice {
    /// A draft was saved.
    Saved,
    /// An event was copied to a draft.
    Copied,
    /// A submission was sent.
    Sent,
    /// An event was published.
    Published,
    /// A submission was withdrawn.
    Withdrawn,
    /// A decision was made.
    Decided,
    /// An organisation was registered.
    Registered,
    /// A request to join was sent.
    Requested,
    /// The list of members was changed.
    Members,
    /// The status of an event was changed.
    Status,
    /// A change of status was undone.
    Undone,
    /// A field was restored.
    Restored,
    /// Nothing: the record has changed meanwhile.
    Changed,
    /// Nothing: its state does not allow it.
    State,
    /// Nothing: the organisation has to be approved first.
    Pending,
    /// Nothing: another organisation has the number or organizer.
    Exists,
    /// Nothing: a text is missing.
    Text,
    /// Nothing: the last administrator cannot leave.
    Admin,
    /// Nothing: a mail address is wrong.
    Address,
    /// Nothing: a date or time is wrong.
    Time,
    /// Nothing: an event with several dates cannot be moved in one step.
    Series,
    /// Nothing: there are too many.
    Many,
    /// Nothing: a change can no longer be undone.
    TooLate,
    /// Nothing: too many people were invited in a short time.
    Invitations,
    /// An image was uploaded.
    ImageAdded,
    /// The facts about an image were saved.
    ImageSaved,
    /// An image became the first.
    ImageFirst,
    /// An image was removed.
    ImageRemoved,
    /// An image was erased with its files.
    ImageErased,
    /// An image was erased, but something else shows it, too.
    ImageElsewhere,
    /// The facts about an image were saved, but it has no description.
    ImageUndescribed,
    /// Nothing: no file was chosen.
    ImageMissing,
    /// Nothing: the file is too large.
    ImageTooLarge,
    /// Nothing: the image has too many pixels.
    ImagePixels,
    /// Nothing: the image is too small.
    ImageTooSmall,
    /// Nothing: the image is a narrow strip.
    ImageNarrow,
    /// Nothing: the file ends before the image does.
    ImageCut,
    /// Nothing: several files were chosen.
    ImageSeveral,
    /// Nothing: images as iPhones write them are not read.
    ImageHeic,
    /// Nothing: the file is no image that can be read.
    ImageFormat,
    /// Nothing: the image is damaged.
    ImageDamaged,
    /// Too many pictures are being uploaded at once.
    ImageBusy,
    /// A report was passed on to the organizer.
    Forwarded,
    /// A report was closed.
    Closed,
    /// What a visitor suggests was changed.
    Changes,
    /// Suggestions of visitors were rejected.
    Rejected,
    /// Some were, and others had changed meanwhile.
    SomeLeft,
}

/// The notice of a query string; an unknown one counts as none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeParam(pub Option<PageNotice>);

impl PageNotice {
    /// Every notice.
    pub const ALL: [Self; 47] = [
        Self::Saved,
        Self::Copied,
        Self::Sent,
        Self::Published,
        Self::Withdrawn,
        Self::Decided,
        Self::Registered,
        Self::Requested,
        Self::Members,
        Self::Status,
        Self::Undone,
        Self::Restored,
        Self::Changed,
        Self::State,
        Self::Pending,
        Self::Exists,
        Self::Text,
        Self::Admin,
        Self::Address,
        Self::Time,
        Self::Series,
        Self::Many,
        Self::TooLate,
        Self::Invitations,
        Self::ImageAdded,
        Self::ImageSaved,
        Self::ImageFirst,
        Self::ImageRemoved,
        Self::ImageErased,
        Self::ImageElsewhere,
        Self::ImageUndescribed,
        Self::ImageMissing,
        Self::ImageTooLarge,
        Self::ImagePixels,
        Self::ImageTooSmall,
        Self::ImageNarrow,
        Self::ImageCut,
        Self::ImageSeveral,
        Self::ImageHeic,
        Self::ImageFormat,
        Self::ImageDamaged,
        Self::ImageBusy,
        Self::Forwarded,
        Self::Closed,
        Self::Changes,
        Self::Rejected,
        Self::SomeLeft,
    ];

    /// Returns the name in query strings and texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Copied => "copied",
            Self::Sent => "sent",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
            Self::Decided => "decided",
            Self::Registered => "registered",
            Self::Requested => "requested",
            Self::Members => "members",
            Self::Status => "status",
            Self::Undone => "undone",
            Self::Restored => "restored",
            Self::Changed => "changed",
            Self::State => "state",
            Self::Pending => "pending",
            Self::Exists => "exists",
            Self::Text => "text",
            Self::Admin => "admin",
            Self::Address => "address",
            Self::Time => "time",
            Self::Series => "series",
            Self::Many => "many",
            Self::TooLate => "too-late",
            Self::Invitations => "invitations",
            Self::ImageAdded => "image-added",
            Self::ImageSaved => "image-saved",
            Self::ImageFirst => "image-first",
            Self::ImageRemoved => "image-removed",
            Self::ImageErased => "image-erased",
            Self::ImageElsewhere => "image-elsewhere",
            Self::ImageUndescribed => "image-undescribed",
            Self::ImageMissing => "image-missing",
            Self::ImageTooLarge => "image-too-large",
            Self::ImagePixels => "image-pixels",
            Self::ImageTooSmall => "image-too-small",
            Self::ImageNarrow => "image-narrow",
            Self::ImageCut => "image-cut",
            Self::ImageSeveral => "image-several",
            Self::ImageHeic => "image-heic",
            Self::ImageFormat => "image-format",
            Self::ImageDamaged => "image-damaged",
            Self::ImageBusy => "image-busy",
            Self::Forwarded => "forwarded",
            Self::Closed => "closed",
            Self::Changes => "changes",
            Self::Rejected => "rejected",
            Self::SomeLeft => "some-left",
        }
    }

    /// Returns the sentence.
    #[must_use]
    pub fn text(self, words: Words) -> String {
        words.say(&format!("notice-{}", self.as_str())).into_owned()
    }

    /// Returns true if nothing was done.
    #[must_use]
    pub fn is_error(self) -> bool {
        matches!(
            self,
            Self::Changed
                | Self::State
                | Self::Pending
                | Self::Exists
                | Self::Text
                | Self::Admin
                | Self::Address
                | Self::Time
                | Self::Series
                | Self::Many
                | Self::TooLate
                | Self::Invitations
                | Self::ImageUndescribed
                | Self::ImageMissing
                | Self::ImageTooLarge
                | Self::ImagePixels
                | Self::ImageTooSmall
                | Self::ImageNarrow
                | Self::ImageCut
                | Self::ImageSeveral
                | Self::ImageHeic
                | Self::ImageFormat
                | Self::ImageDamaged
                | Self::ImageBusy
        )
    }
}

impl<'v> FromFormField<'v> for NoticeParam {
    fn from_value(field: ValueField<'v>) -> Result<'v, Self> {
        let mut all = PageNotice::ALL.into_iter();
        Ok(Self(all.find(|notice| notice.as_str() == field.value)))
    }

    fn default() -> Option<Self> {
        Some(Self(None))
    }
}
