//! What an owner removes stays removed, also if a browser is on its way back at that moment.

use std::thread;
use std::time::Duration;

use serde_json::json;
use url::Url;

use super::Realm;
use crate::organizers::delete_account;
use crate::support::openid::ProviderBrowser;
use crate::support::person::{Person, hidden_fields};

const ROUNDS: u64 = 24;

/// Tells the provider whose identity it proves.
fn proves(realm: &Realm, sub: &str) {
    let behaviour = json!({ "token": { "claims": { "sub": sub } } });
    realm.provider.control(&json!({ "behaviour": behaviour }));
}

/// Joins with an identity, and returns another browser of the same person and the address with which it comes back.
fn on_the_way_back(realm: &Realm, owner: &mut Person, email: &str) -> (Person, Url) {
    realm.join(owner, &mut ProviderBrowser::new(), email);
    let mut other = realm.person();
    let url = realm.depart(&mut other);
    (other, ProviderBrowser::new().sign_in(&url))
}

fn pause(round: u64) {
    thread::sleep(Duration::from_micros(round % 12 * 1_500));
}

#[test]
fn a_deleted_account_stays_deleted_while_its_owner_comes_back_from_the_provider() {
    let realm = Realm::forged();
    for round in 0..ROUNDS {
        let email = format!("kari{round}@example.org");
        proves(&realm, &email);
        let (mut other, back) = on_the_way_back(&realm, &mut realm.person(), &email);
        thread::scope(|scope| {
            scope.spawn(|| other.get(back.as_str()).with_status(303));
            pause(round);
            delete_account(&realm.app, &email);
        });
        assert!(realm.account(&email).is_none(), "round {round}");
        assert!(!other.is_signed_in(), "round {round}");
    }
}

#[test]
fn a_deleted_account_stays_deleted_while_its_form_is_sent() {
    let realm = Realm::forged();
    for round in 0..ROUNDS {
        let email = format!("kari{round}@example.org");
        let mut kari = realm.person();
        kari.sign_in(&realm.mails, &email);
        let page = kari.get("/account").ok();
        let token = hidden_fields(page.text(), "/account").remove(0).1;
        thread::scope(|scope| {
            scope.spawn(|| kari.post("/account", &[("token", &token), ("name", "Kari Nordmann")]));
            pause(round);
            delete_account(&realm.app, &email);
        });
        assert!(realm.account(&email).is_none(), "round {round}");
    }
}

#[test]
fn a_removed_identity_stays_removed_while_its_owner_comes_back_from_the_provider() {
    let realm = Realm::forged();
    for round in 0..ROUNDS {
        let email = format!("kari{round}@example.org");
        proves(&realm, &email);
        let (mut other, back) = on_the_way_back(&realm, &mut realm.person(), &email);
        let mut owner = realm.person();
        owner.sign_in(&realm.mails, &email);
        let page = owner.get("/account").ok();
        let token = hidden_fields(page.text(), "/account/logins").remove(0).1;
        let id = page
            .text()
            .split("name=\"remove\" value=\"")
            .nth(1)
            .unwrap();
        let id = id.split('"').next().unwrap();
        thread::scope(|scope| {
            scope.spawn(|| other.get(back.as_str()).with_status(303));
            pause(round);
            let fields = [("token", token.as_str()), ("remove", id)];
            owner.post("/account/logins", &fields).with_status(303);
        });
        assert!(realm.account(&email).unwrap().logins.is_empty(), "{round}");
    }
}
