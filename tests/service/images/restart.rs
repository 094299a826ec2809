//! What a killed server leaves behind of uploads.

use std::fs;
use std::path::Path;

use super::{KARI, begin_upload, draft, with_mail};
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;

/// Returns the number of files in a folder; 0 if there is none.
fn files_in(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, Iterator::count)
}

#[test]
fn the_next_start_removes_what_a_killed_server_left_of_uploads() {
    let mails = SmtpServer::start();
    let program = with_mail(&mails);
    let uploads = program.path("store/uploads");
    let serving = program.serve(&[]);
    let mut kari = Person::new(&serving.address);
    kari.sign_in(&mails, KARI);
    let images = format!("{}/images", draft(&mut kari));
    let hanging = begin_upload(&kari, &serving.address, &images);
    let arrived = (0..2_000).any(|_| {
        serving.get("/health/live");
        files_in(&uploads) > 0
    });
    assert!(arrived, "the upload is in the folder of the store");
    serving.signal("KILL");
    assert!(!serving.ended().0.success());
    drop(hanging);
    assert_eq!(files_in(&uploads), 1);

    let serving = program.serve(&[]);
    assert_eq!(files_in(&uploads), 0);
    assert!(serving.stop().0.success());
}

#[test]
fn a_chosen_folder_keeps_the_files_of_others() {
    let mails = SmtpServer::start();
    let program = with_mail(&mails);
    let shared = program.path("shared");
    fs::create_dir(&shared).unwrap();
    let foreign = shared.join("calendar.pdf");
    fs::write(&foreign, "of another program").unwrap();
    let settings = fs::read_to_string(program.path("Rocket.toml")).unwrap();
    program.write(
        "Rocket.toml",
        format!("[default]\ntemp_dir = \"shared\"\n{settings}"),
    );
    let serving = program.serve(&[]);
    let mut kari = Person::new(&serving.address);
    kari.sign_in(&mails, KARI);
    let images = format!("{}/images", draft(&mut kari));
    let _hanging = begin_upload(&kari, &serving.address, &images);
    let entries = fs::read_dir(&shared).unwrap();
    let own = entries.map(|entry| entry.unwrap().path());
    let own: Vec<_> = own.filter(|path| path.is_dir()).collect();
    assert_eq!(own.len(), 1, "{own:?}");
    let arrived = (0..2_000).any(|_| {
        serving.get("/health/live");
        files_in(&own[0]) > 0
    });
    assert!(
        arrived,
        "the upload is in a folder inside of the chosen one"
    );
    serving.signal("KILL");
    serving.ended();
    let serving = program.serve(&[]);
    assert_eq!(files_in(&own[0]), 0);
    assert!(foreign.exists());
    assert!(serving.stop().0.success());
}
