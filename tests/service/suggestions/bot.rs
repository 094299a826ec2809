//! Programs that send suggestions and reports without end.

use std::net::Ipv6Addr;

use calendar_domain::RecordKind;
use calendar_store::{EphemeralTable, Store};
use chrono::TimeDelta;
use reqwest::blocking::Client;

use super::{EDITOR, MARKET, TURID, app, confirm, ids};
use crate::organizers::signed_in;
use crate::support::person::{Person, hidden_fields};
use crate::support::smtp::SmtpServer;
use crate::support::{TestServer, event};

const HOST: &str = "kalender.example.no";
const VICTIM: &str = "uskyldig@example.com";

/// A program that fills in forms as they are to be filled in, from any address.
struct Bot<'a> {
    app: &'a TestServer,
    client: Client,
}

impl Bot<'_> {
    fn send(&self, path: &str, address: &str, fields: &[(&str, &str)]) -> u16 {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let request = self
            .client
            .post(format!(
                "{}{path}",
                self.app.address().as_str().trim_end_matches('/')
            ))
            .header("Host", HOST)
            .header("Origin", format!("https://{HOST}"))
            .header("X-Real-IP", address)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body.finish());
        request.send().unwrap().status().as_u16()
    }
}

/// Returns the token of a form that was opened a while ago.
fn token(visitor: &mut Person, page: &str) -> String {
    let opened = visitor.get(page).ok();
    let action = page.split('?').next().unwrap();
    hidden_fields(opened.text(), action)[0].1.clone()
}

/// Requests of the bot, half of them suggestions and half reports.
fn requests() -> usize {
    std::env::var("BOT_REQUESTS").map_or(1_000, |text| text.parse().unwrap())
}

#[test]
fn a_bot_fills_neither_queue_nor_store_nor_an_inbox_and_a_person_is_heard() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    event("Konsert").on("2027-06-01T18:00").save(&app);
    let client = Client::builder().no_proxy().build().unwrap();
    let bot = Bot { app: &app, client };
    let requests = requests();
    // Every form is opened, so that each could be a message of its own.
    let forms = requests.min(600);
    let mut visitor = Person::new(app.address().as_str());
    let tokens: Vec<[String; 2]> = (0..forms)
        .map(|_| ["/suggest", "/report?event=konsert"].map(|page| token(&mut visitor, page)))
        .collect();
    app.wait(TimeDelta::seconds(30));
    let before = app.commit_number();
    let mut taken = 0;
    for n in 0..requests {
        // One in ten is for an innocent address, the others are for the bot's own.
        let own = format!("a{n}@host{n}.example.net");
        let email = if n % 10 == 0 { VICTIM } else { &own };
        let [suggestion, report] = &tokens[n % forms];
        // A third from one address, a third from one /64, a third from many networks.
        let address = match n % 3 {
            0 => "203.0.113.7".to_owned(),
            1 => Ipv6Addr::from_bits(0x2606_4700_0001_0002 << 64 | n as u128).to_string(),
            _ => format!("198.51.{}.{}", n / 3 % 60, n % 250),
        };
        let status = if n % 2 == 0 {
            let fields = [&MARKET[..], &[("email", email), ("token", suggestion)]].concat();
            bot.send("/suggest", &address, &fields)
        } else {
            let fields = [
                ("fault", "other"),
                ("text", "Kjøp billige piller"),
                ("email", email),
                ("token", report),
                ("event", "konsert"),
            ];
            bot.send("/report", &address, &fields)
        };
        assert!([200, 403, 422, 429].contains(&status), "{status}");
        taken += usize::from(status == 200);
    }
    assert_eq!(app.commit_number(), before, "nothing is in the queue");
    let waiting = app.calendar().ephemeral().unwrap();
    let waiting = waiting.count(EphemeralTable::Unconfirmed).unwrap();
    assert!(
        (1..=400).contains(&waiting),
        "{waiting} of {requests} wait, {taken} were taken"
    );
    // The same form again is no further message.
    assert!(taken >= waiting, "{taken}");

    // A person elsewhere is heard.
    let mut person = Person::behind_proxy(app.address().as_str(), HOST, "192.0.2.99");
    let opened = person.get("/suggest").ok();
    let hidden = hidden_fields(opened.text(), "/suggest");
    app.wait(TimeDelta::seconds(30));
    let hidden = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str()));
    let all: Vec<_> = hidden.chain(MARKET).chain([("email", TURID)]).collect();
    person.post("/suggest", &all).ok();
    let link = super::link(&mails, TURID, 0);
    confirm(&app, &link).ok();
    assert_eq!(ids(&app, RecordKind::Submission).len(), 1);
    let mut editor = signed_in(&app, &mails, EDITOR);
    assert!(editor.get("/editor/").ok().text().contains("Bygdemarked"));
    let sent = mails.all();
    let to_victim = sent.iter().filter(|mail| mail.to == VICTIM).count();
    assert!(to_victim <= 3, "{to_victim} mails to one address");
    assert!(
        sent.len() <= waiting + 2,
        "{} mails for {waiting} messages",
        sent.len()
    );
    println!(
        "{requests} requests, {taken} taken, {waiting} wait, {} mails",
        sent.len()
    );
}

#[test]
fn a_bot_that_confirms_its_own_addresses_gets_few_into_the_queue() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut visitor = Person::new(app.address().as_str());
    let mut confirmed = 0;
    for n in 0..90 {
        let email = format!("a{n}@bot.example.net");
        let mut bot = Person::behind_proxy(app.address().as_str(), HOST, &format!("198.51.{n}.7"));
        let token = token(&mut visitor, "/suggest");
        app.wait(TimeDelta::seconds(4));
        let own = [("token", token.as_str()), ("email", email.as_str())];
        let sent = bot.post("/suggest", &[&own[..], &MARKET].concat());
        if sent.status != 200 {
            assert_eq!(sent.status, 429);
            assert!(sent.header("Retry-After").parse::<u32>().unwrap() > 0);
            continue;
        }
        let link = super::link(&mails, &email, 0);
        let hidden = bot.get(&link).ok();
        let hidden = hidden_fields(hidden.text(), "/confirm");
        let hidden: Vec<_> = hidden
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        confirmed += usize::from(bot.post("/confirm", &hidden).status == 200);
    }
    assert!((40..=62).contains(&confirmed), "{confirmed} of one domain");
    assert_eq!(ids(&app, RecordKind::Submission).len(), confirmed);
}

/// Suggests the market from its own network. Returns the status of the confirmation, or of the form if that is refused.
fn suggest_and_confirm(
    app: &TestServer,
    mails: &SmtpServer,
    visitor: &mut Person,
    email: &str,
    address: &str,
) -> u16 {
    let mut bot = Person::behind_proxy(app.address().as_str(), HOST, address);
    let token = token(visitor, "/suggest");
    app.wait(TimeDelta::seconds(4));
    let own = [("token", token.as_str()), ("email", email)];
    let sent = bot.post("/suggest", &[&own[..], &MARKET].concat());
    if sent.status != 200 {
        return sent.status;
    }
    let link = super::link(mails, email, 0);
    let hidden = bot.get(&link).ok();
    let hidden = hidden_fields(hidden.text(), "/confirm");
    let hidden = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str()));
    bot.post("/confirm", &hidden.collect::<Vec<_>>()).status
}

#[test]
fn wildcard_names_of_one_domain_take_a_share_of_the_queue_however_long_they_go_on() {
    let mails = SmtpServer::start();
    let mut app = app(&mails);
    let mut visitor = Person::new(app.address().as_str());
    let mut confirmed = 0;
    for n in 0..70 {
        // Slow enough for every limit of time.
        app.wait(TimeDelta::minutes(11));
        if n == 65 {
            app.restart();
            visitor = Person::new(app.address().as_str());
        }
        let email = format!("a@x{n}.wild.example.net");
        let address = format!("198.51.{n}.7");
        let status = suggest_and_confirm(&app, &mails, &mut visitor, &email, &address);
        assert!(matches!(status, 200 | 429), "{status}");
        confirmed += usize::from(status == 200);
    }
    assert_eq!(confirmed, 60);
    assert_eq!(ids(&app, RecordKind::Submission).len(), 60);
    let status = suggest_and_confirm(&app, &mails, &mut visitor, TURID, "192.0.2.99");
    assert_eq!(status, 200, "a person elsewhere is heard");
}
