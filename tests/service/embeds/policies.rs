//! What the policies of partners permit other sites to show.

use calendar_domain::partner::Permission;
use calendar_domain::{Channel, ContentPolicy, Owner, Partner, Record, Source};

use super::{fetch, origin, server, titles};
use crate::support::builders::EventBuilder;
use crate::support::{TestServer, event};

/// Returns a partner with a policy.
fn partner(id: &str, policy: ContentPolicy) -> Record {
    let mut partner = Partner::new(
        id.parse().unwrap(),
        format!("Partner {id}"),
        Owner::DataFile,
    );
    partner.policy = policy;
    partner.into()
}

/// Returns the partner `closed`, which refuses republication.
fn closed_partner() -> Record {
    let policy = ContentPolicy {
        passing_on: Permission::Refused,
        ..ContentPolicy::default()
    };
    partner("closed", policy)
}

/// Returns an event that a partner delivered.
fn from_partner(app: &TestServer, id: &str, event: EventBuilder) -> Record {
    let mut event = event.finish(app);
    event.sources = vec![Source {
        partner: id.parse().unwrap(),
        origin_id: event.slug.to_string(),
        url: None,
        fetched_at: app.now(),
        content_hash: String::new(),
        secondhand: false,
        channel: Channel::default(),
    }];
    event.into()
}

#[test]
fn partners_policies_govern_what_other_sites_show() {
    let app = server();
    let open = ContentPolicy {
        credit: Some("Foto og tekst: Åpen".to_owned()),
        credit_url: Some("https://apen.example.org/".parse().unwrap()),
        ..ContentPolicy::default()
    };
    app.commit(vec![partner("open", open), closed_partner()]);
    for (title, id) in [("Fritt foredrag", "open"), ("Bundet foredrag", "closed")] {
        let event = event(title).on("2026-12-08T18:00");
        app.commit(vec![from_partner(&app, id, event)]);
    }
    for layout in ["list", "cards", "month"] {
        let query = format!("q=foredrag&layout={layout}&month=2026-12&to=2026-12-31");
        let document = fetch(&app, &format!("/embed/events.json?{query}")).ok();
        let frame = app.visitor().get(&format!("/embed/list?{query}")).ok();
        for shown in [document.text(), frame.text()] {
            assert!(shown.contains("Fritt foredrag"), "{layout}: {shown}");
            assert!(
                shown.contains("Kilde: Foto og tekst: Åpen"),
                "{layout}: {shown}"
            );
            assert!(!shown.contains("Bundet foredrag"), "{layout}: {shown}");
        }
        let month = &document.json()["month"];
        let credits = month["credits"].as_array().map_or(0, Vec::len);
        assert_eq!(credits, usize::from(layout == "month"), "{month:#}");
    }
    app.visitor().get("/embed/event/fritt-foredrag").ok();
    app.visitor()
        .get("/embed/event/bundet-foredrag")
        .with_status(404);
    let asked = |slug: &str| {
        let url = format!("{}/events/{slug}", origin(&app));
        app.program().get(&format!("/oembed?url={url}"))
    };
    asked("fritt-foredrag").ok();
    asked("bundet-foredrag").with_status(404);
    let page = app.visitor().get("/events/bundet-foredrag").ok();
    for address in ["json+oembed", "bundet-foredrag.ics"] {
        assert!(!page.text().contains(address), "{address}");
    }
    let page = app.visitor().get("/events/fritt-foredrag").ok();
    assert_eq!(
        page.text().matches("fritt-foredrag.ics").count(),
        3,
        "in the head, the button and the footer"
    );
}

#[test]
fn a_permitted_event_is_listed_however_many_are_refused_before_it() {
    let app = server();
    app.commit(vec![closed_partner()]);
    let refused = |number: u32| {
        let (day, hour) = (1 + number % 28, number / 28 % 24);
        let event = event(&format!("Bundet forestilling {number}"))
            .under("film")
            .on(&format!("2026-12-{day:02}T{hour:02}:30"));
        from_partner(&app, "closed", event)
    };
    app.commit((0..1_150).map(refused).collect());
    event("Fri forestilling")
        .under("film")
        .on("2027-03-01T18:00")
        .save(&app);
    for query in [
        "limit=1",
        "limit=10",
        "layout=cards",
        "cancelled=omit&tentative=omit",
    ] {
        let path = format!("/embed/events.json?category=film&{query}");
        let document = fetch(&app, &path).ok().json();
        assert_eq!(titles(&document)[0], "Fri forestilling", "{query}");
        assert!(!document.to_string().contains("Bundet"), "{query}");
    }
}
