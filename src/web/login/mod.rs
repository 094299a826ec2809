//! Signing in, and the guards of pages for people who have.
//!
//! - [`SignedIn`], [`SignedInEditor`]: request guards. A visitor who opens a page is led to `/login` and back.
//! - [`VerifiedForm`]: data guard of every form: sent from this site, in this session, with the session's token.
//!   [`ScriptForm`] and [`SessionForm`] are the same for forms that count otherwise, [`UploadForm`] for one with a file.
//! - [`PersonalPage`]: a page for one person, with its headers.
//! - `expired_session`: keeps forms that arrive after the end of their session.
//! - `connection`: whether a request came by a connection on which a session is safe.
//! - `cookies`: the cookies. Visitors get none.
//! - `oidc`: signing in with OpenID Connect.
//! - `sign_in`, `code`, `invitation`, `account`, `personal_data`, `kept_form`, `passkey_sign_in`, `account_passkeys`: the resources.
//! - `passkey_site`, `passkey_views`, `passkey_answer`: what pages and scripts with passkeys need.

mod account;
mod account_passkeys;
mod code;
mod connection;
mod cookies;
mod expired_session;
mod form;
mod guards;
mod invitation;
mod kept_form;
mod mail;
mod oidc;
mod pages;
mod passkey_answer;
mod passkey_sign_in;
mod passkey_site;
mod passkey_views;
mod personal;
mod personal_data;
mod personal_data_pages;
mod routes;
mod sign_in;
mod upload_form;

pub use connection::SafeConnection;
pub use expired_session::keeping_forms;
pub use form::{FormFields, PageForm, ScriptForm, SessionForm, VerifiedForm};
pub use guards::{SignedIn, SignedInEditor};
pub use mail::MailFairing;
pub use pages::{page_path, personal_layout};
pub use passkey_views::passkey_offer;
pub use personal::{PersonalPage, SeeOther};
pub use personal_data::BackupSettings;
pub use routes::{provider_routes, routes};
pub use upload_form::UploadForm;
