//! What the pages of visitors call.

use std::sync::Arc;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::catalog::Calendar;
use crate::config::SuggestionsConfig;
use crate::editorial::EditorialError;
use crate::editorial::reports::{self, ConfirmedReport};
use crate::editorial::visitor_suggestions::{self, ConfirmedSuggestion};
use crate::login::LoginClient;
use crate::notify::{CodeMail, CodeMails, MailSecret, Mailer, visitor_addresses};
use calendar_domain::{EmailAddress, Lang};

use super::VisitorError;
use super::form_stamp::{FormStamps, StampCheck};
use super::limits::{VisitorLimits, VisitorRefusal, domain};
use super::unconfirmed::{self, ConfirmationLink, VisitorMessage};

/// Takes suggestions and reports of visitors.
pub struct VisitorMessages {
    calendar: Arc<Calendar>,
    mailer: Arc<Mailer>,
    mails: CodeMails,
    stamps: FormStamps,
    limits: VisitorLimits,
    config: SuggestionsConfig,
}

/// A message that a visitor sends.
#[derive(Debug, Clone)]
pub struct SendRequest {
    /// Id of the form.
    pub form: Uuid,
    /// The message.
    pub message: VisitorMessage,
    /// Address of the visitor.
    pub email: EmailAddress,
    /// Language of mails.
    pub language: Lang,
    /// The client.
    pub client: LoginClient,
    /// Full address of the page that confirms, without a query.
    pub page: String,
    /// Address of this site, without a trailing slash.
    pub base: String,
}

/// Result of an attempt to confirm a message.
#[derive(Debug)]
pub enum ConfirmOutcome {
    /// It is in the queue of the editors.
    Received(VisitorMessage),
    /// The link was used, or is too old, or never was one.
    Ended,
    /// What it is about is over or gone: the day of the event, or the event.
    Outdated(VisitorMessage),
    /// Too many messages wait for the editors, or the address sent too many. The link stays valid; seconds until a retry
    /// may succeed.
    TooMany(i64),
}

/// Maximum number of suggestions, and of reports, of one domain of addresses that wait: a fifth of each.
const SHARE: usize = 60;

/// Seconds after which a full queue may have room again.
const FULL_QUEUE_RETRY: i64 = 3_600;

impl VisitorMessages {
    /// Returns the service. `mails` is its own queue, so that a flood of messages delays no code for signing in.
    ///
    /// # Errors
    /// Errors if the system has no random source.
    pub fn new(
        calendar: Arc<Calendar>,
        mailer: Arc<Mailer>,
        mails: CodeMails,
        config: SuggestionsConfig,
    ) -> Result<Self, getrandom::Error> {
        Ok(Self {
            calendar,
            mailer,
            mails,
            stamps: FormStamps::new()?,
            limits: VisitorLimits::default(),
            config,
        })
    }

    /// Returns true if messages are taken: they are permitted, and mail can be sent.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.config.enabled && self.mailer.is_on()
    }

    /// Returns the days for which an address is kept after its confirmation.
    #[must_use]
    pub fn address_days(&self) -> u32 {
        self.config.address_days
    }

    /// Returns the stamp of a form that is opened now.
    ///
    /// # Errors
    /// Errors if the system has no random source.
    pub fn stamp(&self) -> Result<String, VisitorError> {
        Ok(self.stamps.stamp(self.calendar.clock().now())?)
    }

    /// Checks the stamp that a form was sent with.
    #[must_use]
    pub fn check_stamp(&self, sent: &str) -> StampCheck {
        self.stamps.check(sent, self.calendar.clock().now())
    }

    /// Keeps a message and mails the link that confirms it. The same message sent again with the same form changes nothing.
    ///
    /// # Errors
    /// Errors if the store fails or the system has no random source.
    pub fn send(&self, request: SendRequest) -> Result<Result<(), VisitorRefusal>, VisitorError> {
        let now = self.calendar.clock().now();
        let id = unconfirmed::message_id(request.form, &request.message, &request.email)?;
        if unconfirmed::is_known(&self.calendar, id)? {
            return Ok(Ok(()));
        }
        if let Err(refusal) = self.limits.message(request.client, &request.email, now) {
            return Ok(Err(refusal));
        }
        let secret = match &request.message {
            VisitorMessage::Suggestion { .. } => MailSecret::SuggestionLink,
            VisitorMessage::Report { .. } => MailSecret::ReportLink,
        };
        let (email, language) = (request.email, request.language);
        let added = unconfirmed::add(&self.calendar, id, request.message, email.clone(), language)?;
        if let Some(link) = added {
            let snapshot = self.calendar.snapshot();
            self.mails.add(CodeMail {
                id: format!("{}.confirm", id.simple()),
                to: email,
                language,
                secret,
                url: format!("{}?link={}", request.page, link.text()),
                site: snapshot.region().name.get(language).to_owned(),
                base: request.base,
            });
        }
        Ok(Ok(()))
    }

    /// Returns the message of a link with its address, if it can be confirmed. Changes nothing.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn waiting(
        &self,
        link: &ConfirmationLink,
    ) -> Result<Option<(VisitorMessage, EmailAddress)>, VisitorError> {
        let found = unconfirmed::find(&self.calendar, link)?;
        Ok(found.map(|found| (found.message, found.email)))
    }

    /// Confirms a message: it enters the queue of the editors, and the link ends.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn confirm(
        &self,
        link: &ConfirmationLink,
        client: LoginClient,
    ) -> Result<ConfirmOutcome, VisitorError> {
        let now = self.calendar.clock().now();
        if let Err(seconds) = self.limits.attempt(client, now) {
            return Ok(ConfirmOutcome::TooMany(seconds));
        }
        let Some(waiting) = unconfirmed::find(&self.calendar, link)? else {
            return Ok(ConfirmOutcome::Ended);
        };
        if self.is_share_taken(&waiting.message, &waiting.email)? {
            return Ok(ConfirmOutcome::TooMany(FULL_QUEUE_RETRY));
        }
        let event = match &waiting.message {
            VisitorMessage::Report { event, .. } => Some(event),
            VisitorMessage::Suggestion { .. } => None,
        };
        if let Err(seconds) = self.limits.confirm(client, &waiting.email, event, now) {
            return Ok(ConfirmOutcome::TooMany(seconds));
        }
        // The address first: what is in the queue can be answered.
        let visitor = link.id.into();
        let expires = now + TimeDelta::days(self.config.address_days.into());
        visitor_addresses::keep(&self.calendar, &visitor, &waiting.email, expires)?;
        let (message, language) = (waiting.message, waiting.language);
        let received = match message.clone() {
            VisitorMessage::Suggestion { form } => {
                let suggestion = ConfirmedSuggestion {
                    id: link.id.into(),
                    visitor,
                    language,
                    form,
                };
                visitor_suggestions::receive(&self.calendar, &suggestion)
            }
            VisitorMessage::Report { event, fault, text } => {
                let report = ConfirmedReport {
                    id: link.id.into(),
                    visitor,
                    language,
                    event,
                    fault,
                    text,
                };
                reports::receive(&self.calendar, &report)
            }
        };
        match received {
            Ok(is_new) => {
                unconfirmed::remove(&self.calendar, link)?;
                self.limits.was_wanted(&waiting.email);
                if is_new {
                    tracing::info!("a visitor confirmed a message");
                }
                Ok(ConfirmOutcome::Received(message))
            }
            Err(error) => {
                visitor_addresses::forget(&self.calendar, &link.id.into())?;
                match error {
                    EditorialError::TooMany => Ok(ConfirmOutcome::TooMany(FULL_QUEUE_RETRY)),
                    EditorialError::Invalid(_) | EditorialError::NotFound => {
                        unconfirmed::remove(&self.calendar, link)?;
                        Ok(ConfirmOutcome::Outdated(message))
                    }
                    error => Err(error.into()),
                }
            }
        }
    }

    /// Returns true if as many messages of a domain wait for the editors as may, so that none takes the whole queue. What is
    /// known of senders ends with their addresses.
    fn is_share_taken(
        &self,
        message: &VisitorMessage,
        email: &EmailAddress,
    ) -> Result<bool, VisitorError> {
        let calendar = &*self.calendar;
        let waiting = match message {
            VisitorMessage::Suggestion { .. } => visitor_suggestions::waiting_visitors(calendar)?,
            VisitorMessage::Report { .. } => reports::waiting_visitors(calendar)?,
        };
        if waiting.len() < SHARE {
            return Ok(false);
        }
        let (own, mut count) = (domain(email), 0);
        for visitor in &waiting {
            let found = visitor_addresses::find(calendar, visitor)?;
            count += usize::from(found.is_some_and(|(known, _)| domain(&known.email) == own));
        }
        Ok(count >= SHARE)
    }
}
