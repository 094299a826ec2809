//! What the pages call, with its limits.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta};

use crate::catalog::Calendar;
use crate::notify::{CodeMail, CodeMails, MailSecret, Mailer};
use calendar_domain::{Account, EmailAddress, Lang};

use super::codes::{self, Attempt, SignInRequest};
use super::error::LoginError;
use super::kept_forms::{self, KeptForm, KeptFormLimits};
use super::limits::LoginLimits;
use super::secret::{Secret, digest};
use super::sessions::{self, OpenSession, SessionId, SignedInSession};
use super::{LoginClient, invitations, pending_links};

/// Hours for which the form for an address is valid.
const PAGE_HOURS: i64 = 24;

/// Signs people in.
pub struct Login {
    pub(super) calendar: Arc<Calendar>,
    mailer: Arc<Mailer>,
    mails: CodeMails,
    pub(super) limits: LoginLimits,
    form_limits: KeptFormLimits,
    /// Signs the forms that are sent before there is a session.
    page_secret: Secret,
}

/// A request for a code.
#[derive(Debug, Clone)]
pub struct CodeRequest {
    /// The address that gets the code.
    pub email: EmailAddress,
    /// Language of the mail.
    pub language: Lang,
    /// The page to show after signing in.
    pub next: Option<String>,
    /// The invitation that the request for a code uses.
    pub invitation: Option<Secret>,
    /// The secret of an identity at a provider that waits for the address.
    pub link: Option<Secret>,
    /// The client.
    pub client: LoginClient,
    /// Full address of the page that accepts the code, without a query.
    pub page: String,
    /// Address of this site, without a trailing slash.
    pub base: String,
}

/// Result of a request for a code. It is the same for every address.
#[derive(Debug)]
pub enum RequestOutcome {
    /// The code is on its way, if the address can receive mail. The browser keeps the secret.
    Waiting(Secret),
    /// The client exceeded a rate limit; seconds until a retry can succeed.
    TooMany(i64),
}

/// Result of an attempt to type a code.
#[derive(Debug)]
pub enum CodeOutcome {
    /// The code was right. The browser keeps the session's secret.
    SignedIn {
        /// The session's secret.
        secret: Secret,
        /// Who signed in.
        account: Box<Account>,
        /// The page to show.
        next: Option<String>,
    },
    /// The code was wrong. Holds the number of further attempts.
    Wrong(u32),
    /// The request has ended; a new code must be requested.
    Ended,
    /// The client tries too often; a retry can succeed after so many seconds.
    TooMany(i64),
}

impl Login {
    /// Returns the service.
    ///
    /// # Errors
    /// Errors if the system has no random source.
    pub fn new(
        calendar: Arc<Calendar>,
        mailer: Arc<Mailer>,
        mails: CodeMails,
    ) -> Result<Self, getrandom::Error> {
        Ok(Self {
            calendar,
            mailer,
            mails,
            limits: LoginLimits::default(),
            form_limits: KeptFormLimits::default(),
            page_secret: Secret::new()?,
        })
    }

    /// Returns true if codes can be sent.
    #[must_use]
    pub fn can_mail(&self) -> bool {
        self.mailer.is_on()
    }

    /// Returns the token of a form that is sent without a session.
    #[must_use]
    pub fn page_token(&self) -> String {
        self.page_token_at(self.calendar.clock().now().timestamp())
    }

    fn page_token_at(&self, time: i64) -> String {
        let key = self.page_secret.key();
        let proof = digest(&[key.as_bytes(), &time.to_be_bytes()]);
        format!("{time}.{proof}")
    }

    /// Returns true if a form carries such a token, and its page is less than a day old.
    #[must_use]
    pub fn is_page_token(&self, sent: &str) -> bool {
        let time = sent.split_once('.').and_then(|(time, _)| time.parse().ok());
        let Some(time) = time else {
            return false;
        };
        let Some(made) = DateTime::from_timestamp(time, 0) else {
            return false;
        };
        let age = self.calendar.clock().now() - made;
        let is_fresh = age < TimeDelta::hours(PAGE_HOURS) && age > -TimeDelta::minutes(5);
        // Comparing digests leaks nothing through timing.
        let same = digest(&[sent.as_bytes()]) == digest(&[self.page_token_at(time).as_bytes()]);
        is_fresh && same
    }

    /// Sends a code to an address, whether or not there is an account.
    ///
    /// # Errors
    /// Errors if the store fails or the system has no random source.
    pub fn request_code(&self, request: CodeRequest) -> Result<RequestOutcome, LoginError> {
        let now = self.calendar.clock().now();
        if let Err(seconds) = self.limits.request(request.client, now) {
            return Ok(RequestOutcome::TooMany(seconds));
        }
        let CodeRequest {
            email, language, ..
        } = request;
        let invitation = request.invitation.as_ref().map(invitations::key);
        let is_mailed = self.limits.may_mail(request.client, &email, now);
        let asked = SignInRequest {
            email: email.clone(),
            language,
            next: request.next,
            invitation,
            link: request.link.as_ref().map(pending_links::key),
        };
        let made = codes::create(&self.calendar, asked, is_mailed)?;
        if is_mailed {
            let (id, code) = (request_id(&made.secret), &made.code);
            let region = self.calendar.snapshot();
            self.mails.add(CodeMail {
                id: format!("{id}.code"),
                to: email,
                language,
                url: format!("{}?request={id}&code={code}", request.page),
                secret: MailSecret::Code(made.code),
                site: region.region().name.get(language).to_owned(),
                base: request.base,
            });
        } else {
            tracing::warn!("too many codes requested for one address; no mail is sent");
        }
        Ok(RequestOutcome::Waiting(made.secret))
    }

    /// Returns the address to which the code of a browser's request was sent, if the request is still open.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn waiting_address(&self, secret: &Secret) -> Result<Option<EmailAddress>, LoginError> {
        Ok(codes::pending(&self.calendar, secret)?.map(|pending| pending.email))
    }

    /// Tries a code in the browser that asked for it. `agent` is the browser's own name, `before` the secret of the
    /// session that it ends.
    ///
    /// # Errors
    /// Errors if the store fails or the system has no random source.
    pub fn try_code(
        &self,
        secret: &Secret,
        typed: &str,
        client: LoginClient,
        agent: &str,
        before: Option<&Secret>,
    ) -> Result<CodeOutcome, LoginError> {
        let now = self.calendar.clock().now();
        if let Err(seconds) = self.limits.attempt(client, now) {
            return Ok(CodeOutcome::TooMany(seconds));
        }
        let pending = match codes::attempt(&self.calendar, secret, typed)? {
            Attempt::Right(pending) => pending,
            Attempt::Wrong(left) => return Ok(CodeOutcome::Wrong(left)),
            Attempt::Ended => return Ok(CodeOutcome::Ended),
        };
        let grant = match &pending.invitation {
            Some(key) => invitations::take(&self.calendar, key)?,
            None => None,
        };
        let login = match &pending.link {
            Some(key) => pending_links::take(&self.calendar, key)?,
            None => None,
        };
        let (email, language) = (&pending.email, pending.language);
        let (secret, account) = self.begin(
            email,
            language,
            grant.as_ref(),
            login.as_ref(),
            agent,
            before,
        )?;
        Ok(CodeOutcome::SignedIn {
            secret,
            account: Box::new(account),
            next: pending.next,
        })
    }

    /// Signs in with an invitation alone, where no mail can be sent. Returns `None` if the invitation is not open.
    ///
    /// # Errors
    /// Errors if the store fails or the system has no random source.
    pub fn accept_without_mail(
        &self,
        invitation: &Secret,
        email: &EmailAddress,
        language: Lang,
        agent: &str,
    ) -> Result<Option<(Secret, Account)>, LoginError> {
        if self.can_mail() {
            return Ok(None);
        }
        // Taken first: of two at once, one is refused.
        let Some(scope) = invitations::take(&self.calendar, &invitations::key(invitation))? else {
            return Ok(None);
        };
        self.begin(email, language, Some(&scope), None, agent, None)
            .map(Some)
    }

    /// Keeps a form that arrived after the end of its session, under the secret of that session. Returns false if it is
    /// too large or there are too many.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn keep_form(
        &self,
        secret: &Secret,
        client: LoginClient,
        form: &KeptForm,
    ) -> Result<bool, LoginError> {
        kept_forms::keep(&self.calendar, &self.form_limits, secret, client, form)
    }

    /// Returns the form that is kept for a session.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn kept_form(&self, secret: &Secret) -> Result<Option<KeptForm>, LoginError> {
        kept_forms::find(&self.calendar, secret)
    }

    /// Returns true if an invitation is open.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn is_invitation_open(&self, invitation: &Secret) -> Result<bool, LoginError> {
        invitations::is_open(&self.calendar, invitation)
    }

    /// Returns the session of a secret, if it is open.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn session(&self, secret: &Secret) -> Result<Option<SignedInSession>, LoginError> {
        sessions::find(&self.calendar, secret)
    }

    /// Returns the open sessions of an account, the last used first.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn sessions(&self, account: &Account) -> Result<Vec<OpenSession>, LoginError> {
        sessions::list(&self.calendar, &account.id)
    }

    /// Ends the sessions of an account for which `ends` returns true.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn end_sessions(
        &self,
        account: &Account,
        ends: impl Fn(&SessionId) -> bool,
    ) -> Result<(), LoginError> {
        sessions::end_some(&self.calendar, &account.id, ends)
    }

    /// Counts a form of a signed-in person.
    ///
    /// # Errors
    /// Returns the seconds to wait if the person sends too many.
    pub fn count_form(&self, account: &Account) -> Result<(), i64> {
        self.limits.form(&account.id, self.calendar.clock().now())
    }

    /// Counts a form that the script of a page sends for a signed-in person.
    ///
    /// # Errors
    /// Returns the seconds to wait if there are too many.
    pub fn count_script(&self, account: &Account) -> Result<(), i64> {
        self.limits.script(&account.id, self.calendar.clock().now())
    }

    /// Counts an invitation to an organisation. Returns false if the person invites too many addresses, or the address
    /// is invited too often.
    #[must_use]
    pub fn may_invite(&self, account: &Account, email: &EmailAddress) -> bool {
        let now = self.calendar.clock().now();
        self.limits.may_invite(&account.id, email, now)
    }

    /// Removes what has expired.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn remove_expired(&self) -> Result<usize, LoginError> {
        let now = self.calendar.clock().now();
        Ok(codes::ephemeral(&self.calendar)?.remove_expired(now)?)
    }
}

/// Identifies a request in a link, without disclosing its secret.
#[must_use]
pub fn request_id(secret: &Secret) -> String {
    let whole = digest(&[b"request", secret.key().as_bytes()]);
    whole.chars().take(16).collect()
}
