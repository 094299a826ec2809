//! Mail at the start: the mailer, and the link for the first editor.

use std::io::Write as _;
use std::sync::Arc;

use crate::catalog::Calendar;
use crate::cli::Failure;
use crate::config::CalendarConfig;
use crate::login::invitations;
use crate::notify::Mailer;
use crate::web::Site;

use rocket::figment::Figment;

/// The profile in which mails go to the log if there is no mail server.
const DEVELOPMENT: &str = "debug";

/// Returns the mailer as configured.
///
/// # Errors
/// Errors if the password of the mail server's user is missing.
pub fn mailer(config: &CalendarConfig, figment: &Figment) -> Result<Arc<Mailer>, Failure> {
    let is_development = *figment.profile() == DEVELOPMENT;
    let variable = |name: &str| std::env::var(name).ok();
    Ok(Arc::new(Mailer::new(
        &config.mail,
        variable,
        is_development,
    )?))
}

/// Prints how mail is sent, and a link for the first editor if there is none. Must be called once the server listens.
pub fn tell(calendar: &Calendar, mailer: &Mailer, site: &Site) {
    let mut lines = String::new();
    if !mailer.is_smtp() {
        let what = if mailer.is_on() {
            "to the log, since calendar.mail.smtp is not set in development"
        } else {
            "none: calendar.mail.smtp is not set, so nobody can sign in with a code"
        };
        lines.push_str(&format!("  mail       {what}\n"));
        tracing::info!("mail: {what}");
    }
    match invitations::for_first_editor(calendar) {
        Ok(Some(secret)) => {
            let url = site.address(&format!("/login/invitation?token={}", secret.text()));
            let hours = invitations::HOURS;
            // Not in the log, which more people may read.
            lines.push_str(&format!(
                "  editor     {url}\n             signs the first editor in; works once, for {hours} hours\n"
            ));
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "cannot create the link for the first editor"),
    }
    // Errors are ignored: a closed or full standard output must not stop the server.
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(lines.as_bytes()).and_then(|()| out.flush());
}
