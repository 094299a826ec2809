//! Copies of partners' pictures.

use calendar_domain::partner::Permission;
use calendar_domain::source::Channel;
use calendar_domain::{Event, Image, ImageSource, Owner, Partner, Record, Source};
use calendar_store::{Store as _, records};
use chrono::TimeDelta;
use elverum_calendar::http::Fetcher;
use elverum_calendar::media::{CopyRound, ImageCopier, ImageIntake};
use rocket::tokio::runtime::{Builder, Runtime};
use url::Url;

use super::picture;
use crate::support::{TestServer, event};

/// A calendar with a partner's event, and the server where its picture is.
struct World {
    app: TestServer,
    partner: TestServer,
    url: Url,
    id: String,
    copier: ImageCopier,
    runtime: Runtime,
}

impl World {
    fn new() -> Self {
        let partner = TestServer::builder().with_empty_region().start();
        let files = partner.calendar().images().unwrap();
        let name = files.keep(&picture(600, 400, 5), partner.now()).unwrap();
        let path = format!("images/{name}.jpg");
        let url = partner.address().join(&path).unwrap();
        let app = TestServer::builder().with_empty_region().start();
        let mut concert = event("Julekonsert").on("2026-12-18T18:00").finish(&app);
        let allowed = format!("127.0.0.1:{}", url.port().unwrap());
        let fetcher = Fetcher::new(vec![allowed.parse().unwrap()], 1 << 20, None);
        let copier = ImageCopier::new(app.calendar().clone(), &fetcher, ImageIntake::default());
        let world = Self {
            app,
            partner,
            url,
            id: concert.id.to_string(),
            copier,
            runtime: Builder::new_multi_thread().enable_all().build().unwrap(),
        };
        world.permit(Permission::Allowed);
        concert.images = vec![Image::at(world.url.clone())];
        concert.sources = vec![Source {
            partner: "koret".parse().unwrap(),
            origin_id: "1".to_owned(),
            url: None,
            fetched_at: world.app.now(),
            content_hash: "ab".repeat(32),
            secondhand: false,
            channel: Channel::Feed,
        }];
        world.app.commit(vec![Record::from(concert)]);
        world
    }

    fn permit(&self, images: Permission) {
        let mut partner = Partner::new("koret".parse().unwrap(), "Koret", Owner::DataFile);
        partner.policy.images = images;
        self.app.commit(vec![Record::from(partner)]);
    }

    fn event(&self) -> Event {
        let found = records::one::<Event>(&**self.app.calendar(), &self.id);
        found.unwrap().expect("the event").0
    }

    fn round(&mut self) -> CopyRound {
        self.runtime.block_on(self.copier.round()).unwrap()
    }
}

#[test]
fn a_round_looks_at_what_has_changed_only() {
    let mut world = World::new();
    for number in 0..20 {
        event(&format!("Dugnad {number}"))
            .on("2027-01-01T10:00")
            .save(&world.app);
    }
    let first = CopyRound {
        looked_at: 21,
        copied: 1,
    };
    assert_eq!(world.round(), first);
    assert!(matches!(
        world.event().images[0].source,
        ImageSource::Copied { .. }
    ));
    // Its own commit, and nothing else.
    assert_eq!(world.round().looked_at, 1);
    assert_eq!(world.round(), CopyRound::default());
    event("Basar").on("2027-02-01T10:00").save(&world.app);
    assert_eq!(world.round().looked_at, 1);

    // What shows an event with its partner changes with the partner.
    world.permit(Permission::Refused);
    assert_eq!(world.round().looked_at, 1);
    assert_eq!(world.event().images, [Image::at(world.url.clone())]);
    world.permit(Permission::Allowed);
    let again = CopyRound {
        looked_at: 1,
        copied: 1,
    };
    assert_eq!(world.round(), again);
}

#[test]
fn a_picture_that_cannot_be_copied_is_tried_again_and_a_lost_copy_is_made_anew() {
    let mut world = World::new();
    let folder = world
        .partner
        .calendar()
        .images()
        .unwrap()
        .folder()
        .to_owned();
    let hidden = folder.with_extension("hidden");
    std::fs::rename(&folder, &hidden).unwrap();
    let none = CopyRound {
        looked_at: 1,
        copied: 0,
    };
    assert_eq!(world.round(), none);
    // It stays in mind although nothing changes.
    assert_eq!(world.round(), none);
    std::fs::rename(&hidden, &folder).unwrap();
    world.app.wait(TimeDelta::hours(25));
    world.app.calendar().advance();
    assert_eq!(world.round().copied, 1);

    let own = world.app.calendar().images().unwrap().folder().to_owned();
    std::fs::remove_dir_all(own).unwrap();
    world.app.wait(TimeDelta::hours(24));
    world.app.calendar().advance();
    // The event names the same files as before.
    assert_eq!(world.round().copied, 0);
    let files = world.app.calendar().images().unwrap();
    let event = world.event();
    let kept = event.images[0].kept().unwrap();
    assert!(kept.files().all(|file| files.has(&file.name)));
}
