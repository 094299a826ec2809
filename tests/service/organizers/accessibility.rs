//! Every page of organizers, editors and accounts in a real browser: no findings of axe-core (WCAG 2.2 A and AA), and
//! no page is wider than a phone.

use super::states::{OLA, States, path_of, states};
use crate::browser::MEASURE;
use crate::support::chrome::Chrome;
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;
use crate::support::{TestServer, axe};

/// What is wrong with pages, with where it is.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    /// Looks at the page that is open, in every width and colour scheme.
    fn look(&mut self, chrome: &Chrome, page: &str) {
        for (width, scheme, colours) in axe::VIEWS {
            chrome.look(width, scheme);
            let place = format!("{page} at {width}, {scheme:?}");
            let found = axe::findings(chrome, colours).into_iter();
            self.0
                .extend(found.map(|finding| format!("{place}: {finding}")));
            let seen = chrome.run(MEASURE);
            if seen["scroll"].as_u64() > Some(width.into()) {
                self.0
                    .push(format!("{place} is too wide: {:#}", seen["out"]));
            }
        }
    }
}

/// Opens pages of a server in one browser.
struct Visits<'a> {
    app: &'a TestServer,
    chrome: Chrome,
    findings: Findings,
}

impl Visits<'_> {
    fn open(&self, path: &str) {
        let server = self.app.address().as_str().trim_end_matches('/');
        self.chrome.open(format!("{server}{path}"));
    }

    /// Opens a page, which must be the one that is shown, and looks at it.
    #[track_caller]
    fn visit(&mut self, path: &str) {
        self.open(path);
        let here = self.chrome.address();
        assert_eq!(here.path(), path.split(['?', '#']).next().unwrap());
        let heading = self
            .chrome
            .run("return document.querySelector('h1').innerText");
        assert_ne!(heading, "", "{path}");
        self.findings.look(&self.chrome, path);
    }

    /// Sends a form of a page as it is, and looks at the page with its errors.
    fn send(&mut self, path: &str, button: &str) {
        self.open(path);
        self.chrome
            .run("for (const it of document.querySelectorAll('details')) it.open = true");
        self.chrome.follow(button);
        self.findings
            .look(&self.chrome, &format!("{path} with errors"));
    }

    fn sign_in_as(&self, person: &Person) {
        self.chrome
            .take_cookies(self.app.address(), &person.cookies);
    }
}

fn visit_all(visits: &mut Visits<'_>, mails: &SmtpServer, states: &States, upload: &str) {
    let mut asking = Person::new(visits.app.address().as_str());
    let before = mails.all().iter().filter(|mail| mail.to == OLA).count();
    asking.ask_for_code(OLA);
    let link = mails.next_to(OLA, before).links().remove(0);
    let link = path_of(visits.app, &link);
    for path in [
        "/login",
        "/en/login",
        "/login/invitation?token=wrong",
        &link,
    ] {
        visits.visit(path);
    }
    visits.send("/login", "main form button");
    let written = crate::suggestions::pages(visits.app, mails);
    for path in &written.open {
        visits.visit(path);
    }
    visits.send("/suggest", "#send");
    visits.send(&written.report, "#send");
    visits.send(&written.confirmation, "main form button");
    visits.sign_in_as(&asking);
    for path in ["/login/code", &link] {
        visits.visit(path);
    }
    visits.send("/login/code", "main form button");

    visits.sign_in_as(&states.kari);
    let own = |path: &String, rest: &str| format!("{path}{rest}");
    for path in [
        "/organizer/".to_owned(),
        "/en/organizer/".to_owned(),
        "/organizer/events/new".to_owned(),
        "/en/organizer/events/new".to_owned(),
        own(&states.faulty, "/edit?check=true"),
        own(&states.approved, ""),
        own(&states.wanted, ""),
        own(&states.wanted, "/edit"),
        own(&states.waiting, "?notice=sent"),
        own(&states.draft, "/edit"),
        own(&states.draft, "/check"),
        own(&states.conflicting, "/conflicts"),
        states.published.clone(),
        "/organizer/organisations?q=elverum".to_owned(),
        "/organizer/organisations/new".to_owned(),
        states.organisation.clone(),
        "/account".to_owned(),
        "/account/data".to_owned(),
        "/account/delete".to_owned(),
        "/en/account/delete".to_owned(),
        "/organizer/upload".to_owned(),
        upload.to_owned(),
        "/organizer/help".to_owned(),
        "/en/organizer/help".to_owned(),
    ] {
        visits.visit(&path);
    }
    visits.send("/organizer/organisations/new", "main form button");
    visits.send("/organizer/upload", "main form button");
    visits.send("/account/delete", "main form button");

    visits.sign_in_as(&states.editor);
    let review = |path: &String| super::path::review(path);
    let organisation = states.organisation.replace("/organizer/", "/editor/");
    let new_organisation = states.new_organisation.replace("/organizer/", "/editor/");
    for path in [
        "/editor/".to_owned(),
        "/en/editor/".to_owned(),
        review(&states.waiting),
        review(&states.edit),
        format!("/en{}", review(&states.edit)),
        review(&states.approved),
        organisation,
        new_organisation,
        "/editor/help".to_owned(),
        format!("/editor/submissions/{}", written.suggestion),
        format!("/editor/submissions/{}/edit", written.suggestion),
        format!("/editor/reports/{}", written.reported),
    ] {
        visits.visit(&path);
    }
    let reported = format!("/editor/reports/{}", written.reported);
    visits.send(&reported, "button[value=answer]");
    visits.send(&review(&states.waiting), "button[value=reject]");
}

#[test]
fn no_page_of_organizers_and_editors_has_a_finding_by_day_or_night_on_phone_or_desk() {
    let mails = SmtpServer::start();
    let app = TestServer::builder()
        .without_base_url()
        .with_mail(&mails.url())
        .start();
    let mut states = states(&app, &mails);
    let list = "Dato;Tittel;Sted\n6.2.2027;Skirenn;Torget\n31.2.2027;Skitur;Torget\n";
    let upload = states
        .kari
        .upload("/organizer/upload", "liste.csv", list.as_bytes());
    let upload = super::led_to(&upload.with_status(303));
    let chrome = Chrome::start();
    axe::load(&chrome);
    let mut visits = Visits {
        app: &app,
        chrome,
        findings: Findings::default(),
    };
    visit_all(&mut visits, &mails, &states, &upload);
    let page = "/account/delete";
    let deleted = states
        .kari
        .fill(page, page, &[("email", super::states::KARI)]);
    visits.visit(&super::led_to(&deleted.with_status(303)));
    let found = std::mem::take(&mut visits.findings.0);
    assert!(found.is_empty(), "{}:\n{}", found.len(), found.join("\n\n"));

    // It would find a field without a label, grey text, and a wide element.
    visits.open("/login");
    visits.chrome.run(
        "document.querySelector('main').insertAdjacentHTML('beforeend', \
         '<input id=planted><p id=grey>grey</p>'); \
         document.getElementById('grey').style.color = '#999'; \
         document.getElementById('planted').style.width = '90rem'",
    );
    visits.findings.look(&visits.chrome, "planted");
    let found = visits.findings.0.join("\n");
    for fault in ["label:", "color-contrast:", "too wide"] {
        assert!(found.contains(fault), "{fault} {found}");
    }
}
