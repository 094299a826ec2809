//! Classification of rejections by a partner's calendar.

use std::time::Duration;

use chrono::Utc;
use reqwest::StatusCode;

use crate::http::Fetched;
use calendar_domain::Pushed;
use calendar_domain::delivery::Outcome;

use super::{Exchange, NextStep, RemoteReply};

/// Pause after an authentication failure or if the secret is missing, since it takes time to fix.
const LOCKED_OUT: Duration = Duration::from_secs(15 * 60);

pub(super) fn failed(error: impl ToString, everything: bool) -> Outcome {
    Outcome::Failed {
        error: error.to_string(),
        wait: None,
        everything,
    }
}

pub(super) fn locked_out(error: String) -> Outcome {
    Outcome::Failed {
        error,
        wait: Some(LOCKED_OUT),
        everything: true,
    }
}

/// Returns the outcome of a failed step.
pub(super) fn refused(step: &NextStep, so_far: &Exchange, known: &Pushed) -> Outcome {
    match step {
        NextStep::Refused(name) => so_far
            .reply(name)
            .map(|reply| failure(&reply.fetched, known)),
        NextStep::Unreadable(name) => {
            let said = |reply: &RemoteReply| {
                let text = excerpt(&reply.fetched);
                failed(format!("cannot read the partner's response: {text}"), true)
            };
            so_far.reply(name).map(said)
        }
        _ => None,
    }
    .unwrap_or_else(|| failed("cannot reach the partner's calendar", false))
}

/// Returns the outcome of a rejection: whether it concerns this event or all.
fn failure(answer: &Fetched, known: &Pushed) -> Outcome {
    let (status, text) = (answer.status, excerpt(answer));
    // An existing event that another user took over there doesn't affect other events.
    let own = status == StatusCode::FORBIDDEN && known.remote_id.is_some();
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) && !own {
        let error = format!("the partner refused our credentials ({status}): {text}");
        return locked_out(error);
    }
    let html = answer
        .media_type
        .as_ref()
        .is_some_and(|media_type| media_type.contains("html"));
    // Such programs answer with an HTML page if the body causes an error.
    let stumbles = status == StatusCode::INTERNAL_SERVER_ERROR && html;
    let busy = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    // A missing address or a redirect is an error of the connection, not of the event.
    let gone = matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE);
    let elsewhere = gone || status.is_redirection();
    Outcome::Failed {
        error: format!("the partner responded {status}: {text}"),
        wait: answer.retry_after(Utc::now()),
        everything: (busy && !stumbles) || elsewhere,
    }
}

/// Returns the beginning of a response on one line.
fn excerpt(answer: &Fetched) -> String {
    let text = String::from_utf8_lossy(&answer.bytes);
    let text = text.replace(|c: char| c.is_control(), " ");
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.chars().take(200).collect()
}
