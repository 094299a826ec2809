//! Assembly of the server.

use std::sync::Arc;

use rocket::figment::Figment;
use rocket::figment::providers::Serialized;
use rocket::figment::value::magic::RelativePathBuf;
use rocket::futures::FutureExt as _;
use rocket::futures::future::join;
use rocket::shield::Shield;
use rocket::{Build, Rocket};

use crate::business_register::BusinessRegister;
use crate::catalog::Calendar;
use crate::config::{CalendarConfig, LimitsConfig};
use crate::delivery::change_log::ChangeLog;
use crate::feeds::{Feeds, work_ahead};
use crate::ingest::run::Runner;
use crate::login::Login;
use crate::login::oidc::{OidcLogin, OidcSettingError};
use crate::media::ImageIntake;
use crate::notify::{CodeMails, Mailer};
use crate::retention::Retention;
use crate::visitors::VisitorMessages;
use crate::wire::Fragments;
use calendar_images::MAX_BYTES;
use calendar_language::Words;

use super::metrics::BackupStats;
use super::operator::{OperatorAccess, TokenError};
use super::policy::PolicyMounts;
use super::read_quota::ReadQuotas;
use super::request_id::RequestCounter;
use super::succession::{Lasting, Succession};
use super::{
    OutgoingDelivery, allowed_methods, api, assets, catchers, connection_limits::ConnectionLimiter,
    dataset, delivery, delivery_fairing, dump, editor, embed, feeds as feed_routes, guards,
    headers, images, login, metrics, ops, organizer, pages, preview::PreviewImages, site::Site,
    sitemap, visitors, websub,
};

/// Services that the server works with.
pub struct Services {
    /// The calendar.
    pub calendar: Arc<Calendar>,
    /// The runner of exchanges with partners.
    pub runner: Arc<Runner>,
    /// State of scheduled backups.
    pub backups: Arc<BackupStats>,
    /// Whether anything is sent on the server's own initiative.
    pub delivery: OutgoingDelivery,
    /// Sends mail.
    pub mailer: Arc<Mailer>,
}

/// Builds the server; it listens once launched.
///
/// # Panics
/// Panics if [`Server::new`] refuses what the environment holds.
#[must_use]
pub fn build(figment: Figment, config: &CalendarConfig, services: Services) -> Rocket<Build> {
    let server = Server::new(config, services);
    server
        .expect("the secrets in the environment are right")
        .rocket(figment)
}

/// The server's state that outlives a launch. A new certificate needs a new launch, since Rocket 0.5 reads it once.
pub struct Server {
    calendar: Arc<Calendar>,
    runner: Arc<Runner>,
    limits: LimitsConfig,
    site: Site,
    feeds: Feeds,
    fragments: Fragments,
    answers: api::ListAnswers,
    change_log: Arc<ChangeLog>,
    hub: websub::Hub,
    new_filters: pages::NewFilters,
    bounds: guards::Bounds,
    read_quotas: ReadQuotas,
    operators: OperatorAccess,
    counter: RequestCounter,
    backups: Arc<BackupStats>,
    delivery: OutgoingDelivery,
    previews: PreviewImages,
    intake: ImageIntake,
    upload_turn: organizer::UploadTurn,
    dump_turns: dump::DumpTurns,
    kept_dumps: dump::KeptDumps,
    going_out: Arc<delivery_fairing::DeliveryFairing>,
    distribution: Arc<websub::Distribution>,
    mailer: Arc<Mailer>,
    login: Arc<Login>,
    oidc: Arc<OidcLogin>,
    visitors: Arc<VisitorMessages>,
    retention: Arc<Retention>,
    register: Arc<BusinessRegister>,
    mail: Arc<login::MailFairing>,
    backup_settings: login::BackupSettings,
}

/// Why the server can't be made.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The operator token is too short.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The secret of an OpenID provider is missing or unusable.
    #[error(transparent)]
    Oidc(#[from] OidcSettingError),
    /// The system has no random source.
    #[error("the operating system returned no random bytes: {0}")]
    Random(getrandom::Error),
}

impl Server {
    /// Makes everything that the server works with.
    ///
    /// # Errors
    /// Errors if the operator token in the environment is too short, if the secret of an OpenID provider is missing or
    /// unusable, or if the system has no random source.
    pub fn new(config: &CalendarConfig, services: Services) -> Result<Self, ServerError> {
        let Services {
            calendar,
            runner,
            backups,
            delivery,
            mailer,
        } = services;
        calendar.snapshot().prepare_search();
        let site = Site::new(config.base_url.clone());
        let feeds = Feeds::new(config.limits.feed_cache_bytes);
        if let Err(error) = work_ahead(&feeds, &calendar) {
            // Requests then wait for feeds that would have been rendered ahead.
            tracing::warn!(%error, "cannot start threads to render feeds in advance");
        }
        let change_log = Arc::new(ChangeLog::new(Arc::clone(&calendar)));
        let fetcher = runner.fetcher().clone();
        let variable = runner.variable();
        let distribution = websub::Distribution::new(
            Arc::clone(&calendar),
            feeds.clone(),
            fetcher.clone(),
            site.clone(),
        );
        let going_out = delivery_fairing::DeliveryFairing::new(
            Arc::clone(&change_log),
            fetcher.clone(),
            variable,
            site.clone(),
        );
        let (codes, sending) = CodeMails::new(Arc::clone(&mailer));
        let login = Login::new(Arc::clone(&calendar), Arc::clone(&mailer), codes);
        let login = Arc::new(login.map_err(ServerError::Random)?);
        let oidc = OidcLogin::new(
            &config.login,
            &fetcher,
            variable,
            Arc::clone(&calendar),
            Arc::clone(&login),
        )?;
        let (links, sending_links) = CodeMails::new(Arc::clone(&mailer));
        let visitors = VisitorMessages::new(
            Arc::clone(&calendar),
            Arc::clone(&mailer),
            links,
            config.suggestions.clone(),
        );
        let visitors = Arc::new(visitors.map_err(ServerError::Random)?);
        let periods = config.retention_periods();
        let retention = Retention::new(
            Arc::clone(&calendar),
            Arc::clone(&mailer),
            periods,
            config.backup.clone(),
        );
        let retention = Arc::new(retention);
        let mail = login::MailFairing::new(
            Arc::clone(&calendar),
            Arc::clone(&mailer),
            (Arc::clone(&login), Arc::clone(&retention)),
            site.clone(),
            (delivery, config.mail.daily_hour),
            join(sending, sending_links).map(drop),
        );
        Ok(Self {
            mailer,
            login,
            oidc: Arc::new(oidc),
            visitors,
            retention,
            register: Arc::new(BusinessRegister::new(&config.business_register, &fetcher)),
            mail: Arc::new(mail),
            backup_settings: login::BackupSettings(config.backup.clone()),
            operators: OperatorAccess::from_environment(variable)?,
            hub: websub::Hub::new(fetcher, config.limits.clone(), delivery),
            new_filters: pages::NewFilters::new(&config.limits),
            read_quotas: ReadQuotas::new(&config.limits),
            limits: config.limits.clone(),
            // An event is written once for many lists, so most of the memory is for events.
            fragments: Fragments::new(config.limits.api_cache_bytes / 4 * 3),
            answers: api::ListAnswers::new(config.limits.api_cache_bytes / 4),
            bounds: guards::Bounds::default(),
            counter: RequestCounter::default(),
            previews: PreviewImages::default(),
            intake: ImageIntake::default(),
            upload_turn: organizer::UploadTurn::default(),
            dump_turns: dump::DumpTurns::default(),
            kept_dumps: dump::KeptDumps::default(),
            backups,
            delivery,
            going_out: Arc::new(going_out),
            distribution: Arc::new(distribution),
            calendar,
            runner,
            site,
            feeds,
            change_log,
        })
    }

    /// Returns the public address.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Returns what takes images in.
    #[must_use]
    pub fn intake(&self) -> &ImageIntake {
        &self.intake
    }

    /// Builds one launch of the server; it listens once launched.
    #[must_use]
    pub fn rocket(&self, figment: Figment) -> Rocket<Build> {
        let doorman = ConnectionLimiter::new(self.limits.clone());
        let succession = Succession::default();
        let figment = self.with_upload_folder(with_upload_limits(figment));
        let server = rocket::custom(figment)
            .manage(succession.clone())
            .manage(Arc::clone(&self.change_log))
            .manage(self.bounds.clone())
            .manage(self.read_quotas.clone())
            .manage(Arc::clone(&self.calendar))
            .manage(Arc::clone(&self.runner))
            .manage(self.feeds.clone())
            .manage(self.fragments.clone())
            .manage(self.answers.clone())
            .manage(self.limits.clone())
            .manage(self.site.clone())
            .manage(self.counter.clone())
            .manage(self.new_filters.clone())
            .manage(self.operators.clone())
            .manage(self.hub.clone())
            .manage(metrics::Answers::default())
            .manage(doorman.stats())
            .manage(metrics::RefusedKeys::default())
            .manage(self.previews.clone())
            .manage(self.intake.clone())
            .manage(self.upload_turn.clone())
            .manage(self.dump_turns.clone())
            .manage(self.kept_dumps.clone())
            .manage(Arc::clone(&self.backups))
            .manage(self.backup_settings.clone())
            .manage(self.delivery)
            .manage(Arc::clone(&self.login))
            .manage(Arc::clone(&self.oidc))
            .manage(Arc::clone(&self.visitors))
            .manage(Arc::clone(&self.retention))
            .manage(Arc::clone(&self.register))
            .manage(Arc::clone(self.mailer.stats()))
            .attach(self.site.clone())
            .attach(doorman)
            // An empty shield, because Rocket's own would add headers to every 304.
            .attach(Shield::new())
            .attach(headers::Headers)
            .attach(metrics::Learn)
            .attach(Lasting::new(&self.mail, &succession));
        let server = PolicyMounts::new(server)
            .mount("/", feed_routes::routes())
            .mount("/", ops::routes())
            .mount("/", metrics::routes())
            .mount("/", api::routes())
            .mount("/", websub::routes())
            .mount("/", assets::routes())
            .mount("/", sitemap::routes())
            .mount("/", dataset::routes())
            .mount("/", dump::routes())
            .mount("/", pages::preview_routes())
            .mount("/", embed::routes())
            .mount("/", images::routes())
            .mount("/", login::provider_routes())
            .mount("/", allowed_methods::routes());
        let server = Words::all().fold(server, |server, words| {
            let root = match words.lang().path_prefix() {
                "" => "/",
                prefix => prefix,
            };
            server
                .mount(root, pages::routes())
                .mount(root, api::page_routes())
                .mount(root, embed::page_routes())
                .mount(root, login::routes())
                .mount(root, organizer::routes())
                .mount(root, editor::routes())
                .mount(root, visitors::routes())
        });
        let server = server.into_server().register("/", catchers::catchers());
        match self.delivery {
            OutgoingDelivery::On => server
                .attach(Lasting::new(&self.going_out, &succession))
                .attach(Lasting::new(&self.distribution, &succession)),
            OutgoingDelivery::Off => server.attach(delivery::Notice),
        }
    }
}

impl Server {
    /// Sets the folder in which uploaded files are until their request is answered.
    fn with_upload_folder(&self, figment: Figment) -> Figment {
        let chosen = figment.extract_inner::<RelativePathBuf>("temp_dir").ok();
        let chosen = chosen.map(|path| path.relative());
        let chosen = chosen.filter(|path| *path != std::env::temp_dir());
        let folder = self.intake.upload_folder(&self.calendar, chosen.as_deref());
        match folder {
            Some(folder) => figment.merge(Serialized::global("temp_dir", folder)),
            None => figment,
        }
    }
}

/// Sets the limits of uploads. A file that is somewhat too large is read to its end, so that the page can say so.
fn with_upload_limits(figment: Figment) -> Figment {
    let limits = [
        ("limits.file", MAX_BYTES),
        ("limits.data-form", 4 * MAX_BYTES),
    ];
    let with =
        |figment: Figment, (key, bytes): (&str, usize)| figment.join((key, format!("{bytes}B")));
    limits.into_iter().fold(figment, with)
}
