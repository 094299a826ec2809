//! `/organizer/organisations/<id>`: members, invitations and requests.

use std::sync::Arc;

use askama::Template;
use rocket::{Route, State, get, post, routes};

use crate::editorial::actor::own_organisation;
use crate::editorial::organisation_path;
use crate::editorial::organisations::{self, accounts};
use crate::login::Login;
use crate::web::login::{PersonalPage, SeeOther, VerifiedForm};
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::{NoticeParam, PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::{
    Account, AccountId, EmailAddress, MemberRole, Organisation, OrganisationId, RegisterCheck,
};

use super::dashboard::organisation_row;

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/organisation.html")]
struct OrganisationPage {
    page: WorkspacePage,
    /// Where its forms are sent.
    action: String,
    /// «venter på godkjenning»; empty if it is approved.
    standing: String,
    /// Why it was refused; may be empty.
    reason: String,
    /// Its name in the register; empty without one.
    register: String,
    trusted: bool,
    is_admin: bool,
    /// Whether a second administrator should be named.
    is_alone: bool,
    members: Vec<MemberRow>,
    requests: Vec<MemberRow>,
    invitations: Vec<InvitationRow>,
}

/// A person in a list.
#[derive(Debug)]
struct MemberRow {
    id: String,
    email: String,
    is_admin: bool,
    is_self: bool,
}

/// An invitation in a list.
#[derive(Debug)]
struct InvitationRow {
    key: String,
    email: String,
}

fn member_row(me: &Account, organisation: &Organisation, account: &Account) -> MemberRow {
    MemberRow {
        id: account.id.to_string(),
        email: account.email.to_string(),
        is_admin: organisation.has_admin(&account.id),
        is_self: account.id == me.id,
    }
}

#[get("/organizer/organisations/<id>?<notice>", rank = 2)]
async fn show_organisation(
    id: &str,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    let id: OrganisationId = id.parse().map_err(|_| Problem::not_found())?;
    let read = request.get(move |calendar, actor| {
        let (one, _) = own_organisation(calendar, actor, &id)?;
        let members = accounts(calendar, one.members.keys())?;
        let requests = accounts(calendar, one.requests.keys())?;
        Ok((one, members, requests))
    });
    let (one, members, requests) = read.await?;
    let context = &request.context;
    let me = &request.person.account;
    let row = organisation_row(context, &one);
    let rest = organisation_path(&one.id);
    let page = OrganisationPage {
        page: request.page(one.name.clone(), &rest, notice.0),
        action: row.url,
        standing: row.note,
        reason: one.reason.clone(),
        register: match &one.register {
            Some(RegisterCheck::Found(found)) if !found.name.is_empty() => context
                .words
                .say_with("organisation-register", &[("name", found.name.as_str())]),
            _ => String::new(),
        },
        trusted: one.publishes(),
        is_admin: one.has_admin(&me.id),
        is_alone: one.is_alone(),
        members: members
            .iter()
            .map(|member| member_row(me, &one, member))
            .collect(),
        requests: requests
            .iter()
            .map(|request| member_row(me, &one, request))
            .collect(),
        invitations: one
            .invitations
            .iter()
            .map(|(key, value)| InvitationRow {
                key: key.clone(),
                email: value.email.to_string(),
            })
            .collect(),
    };
    page.page.render(&page)
}

#[post("/organizer/organisations/<id>", data = "<form>", rank = 2)]
async fn change_organisation(
    id: &str,
    request: WorkspaceRequest,
    login: &State<Arc<Login>>,
    form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: OrganisationId = id.parse().map_err(|_| Problem::not_found())?;
    let own = organisation_path(&id);
    let list = "/organizer/organisations".to_owned();
    let account = || form.fields.get("account").parse::<AccountId>();
    let account = account().map_err(|_| Problem::new(ProblemKind::BadRequest));
    let (done, to, notice) = match form.fields.get("action") {
        "join" => (
            request
                .run(move |calendar, actor| organisations::ask_to_join(calendar, actor, &id))
                .await?,
            list,
            PageNotice::Requested,
        ),
        "accept" => (
            request
                .run(move |calendar, actor| organisations::accept_invitation(calendar, actor, &id))
                .await?,
            list,
            PageNotice::Members,
        ),
        "invite" => {
            let address = form.fields.get("email").to_owned();
            let known = address.parse::<EmailAddress>();
            if known.is_ok_and(|parse| !login.may_invite(&form.person.account, &parse)) {
                return Ok(request.to(&own, PageNotice::Invitations));
            }
            let done = request
                .run(move |calendar, actor| organisations::invite(calendar, actor, &id, &address))
                .await?;
            (done, own, PageNotice::Members)
        }
        "uninvite" => {
            let key = form.fields.get("key").to_owned();
            let done = request
                .run(move |calendar, actor| {
                    organisations::withdraw_invitation(calendar, actor, &id, &key)
                })
                .await?;
            (done, own, PageNotice::Members)
        }
        answer @ ("admit" | "deny") => {
            let (account, is_accepted) = (account?, answer == "admit");
            let done = request
                .run(move |calendar, actor| {
                    organisations::answer_request(calendar, actor, &id, &account, is_accepted)
                })
                .await?;
            (done, own, PageNotice::Members)
        }
        change @ ("admin" | "member" | "remove" | "leave") => {
            let (account, to, next) = match change {
                "admin" => (account?, own, Some(MemberRole::Admin)),
                "member" => (account?, own, Some(MemberRole::Member)),
                "remove" => (account?, own, None),
                _ => (request.person.account.id.clone(), list, None),
            };
            let stays = if change == "leave" {
                organisation_path(&id)
            } else {
                to.clone()
            };
            let done = request
                .run(move |calendar, actor| {
                    organisations::set_member(calendar, actor, &id, &account, next)
                })
                .await?;
            let to = if done.is_ok() { to } else { stays };
            (done, to, PageNotice::Members)
        }
        _ => return Err(Problem::new(ProblemKind::BadRequest)),
    };
    request.answer(done, &to, notice)
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_organisation, change_organisation]
}
