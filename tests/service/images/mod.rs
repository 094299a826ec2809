//! Pictures of events: from the upload to pages, feeds and backups.

mod attacks;
mod copies;
mod erasure;
mod faults;
mod importing;
mod memory;
mod orphans;
mod phone;
mod records;
mod restart;
mod shared;
mod upload;

use std::io::{Cursor, Write as _};
use std::net::TcpStream;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::support::Program;
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;

const KARI: &str = "kari@example.org";
const EDITOR: &str = "redaktor@example.org";

/// An event without pictures.
const CONCERT: [(&str, &str); 5] = [
    ("title", "Julekonsert i Skogen"),
    ("date", "18.12.2026"),
    ("start_time", "18.30"),
    ("place_name", "Torget"),
    ("place_municipality", "3420"),
];

/// Returns a picture whose color depends on `number`.
fn picture(width: u32, height: u32, number: u8) -> Vec<u8> {
    let pixel = |x: u32, y: u32| Rgb([number, (x % 256) as u8, (y % 256) as u8]);
    encoded(
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, pixel)),
        ImageFormat::Jpeg,
    )
}

fn encoded(picture: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut out = Cursor::new(&mut bytes);
    picture.write_to(&mut out, format).expect("a picture");
    bytes
}

/// Registers an organisation and saves the draft of an event. Returns the path of the submission.
#[track_caller]
fn draft(person: &mut Person) -> String {
    draft_of(person, "Skogslaget")
}

/// Registers an organisation of a name and saves the draft of an event. Returns the path of the submission.
#[track_caller]
fn draft_of(person: &mut Person, name: &str) -> String {
    let page = "/organizer/organisations/new";
    person.fill(page, page, &[("name", name)]).with_status(303);
    let page = "/organizer/events/new";
    let fields: Vec<_> = CONCERT.into_iter().chain([("action", "images")]).collect();
    let answer = person.fill(page, page, &fields).with_status(303);
    let images = answer.header("Location").to_owned();
    let own = images
        .strip_suffix("/images")
        .expect("the page of pictures");
    own.to_owned()
}

/// Uploads a picture. Returns the notice.
#[track_caller]
fn upload(person: &mut Person, own: &str, name: &str, content: &[u8]) -> String {
    let answer = person.upload(&format!("{own}/images"), name, content);
    let to = answer.with_status(303).header("Location").to_owned();
    let notice = to.strip_prefix(&format!("{own}/images?notice="));
    notice.expect("a notice").to_owned()
}

/// Returns a program with a store, which sends mail.
fn with_mail(mails: &SmtpServer) -> Program {
    let settings = format!(
        "[default.calendar.mail]\nsmtp = \"{}\"\nfrom = \"Kalenderen <kalender@example.no>\"\n",
        mails.url()
    );
    let program = Program::new();
    program.write("Rocket.toml", settings);
    program.run(&["seed"]).ok();
    program
}

/// Begins the upload of a picture and does not finish it.
fn begin_upload(person: &Person, server: &str, images: &str) -> TcpStream {
    let host = server.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(host).expect("a connection");
    let cookies = person.cookies.iter();
    let cookies: Vec<_> = cookies
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let head = format!(
        "POST {images} HTTP/1.1\r\nHost: {host}\r\nOrigin: {}\r\nCookie: {}\r\nContent-Length: 900000\r\n\
         Content-Type: multipart/form-data; boundary=EnGrense\r\n\r\n--EnGrense\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\n",
        person.origin.as_deref().unwrap_or_default(),
        cookies.join("; ")
    );
    stream.write_all(head.as_bytes()).expect("the head is sent");
    stream
        .write_all(&[0xFF; 100_000])
        .expect("a part of the file is sent");
    stream
}

/// Presses a button of the first picture's form, with these fields.
#[track_caller]
fn change(person: &mut Person, own: &str, fields: &[(&str, &str)]) -> String {
    let (page, action) = (format!("{own}/images"), format!("{own}/images/change"));
    let answer = person.fill(&page, &action, fields).with_status(303);
    let to = answer.header("Location").to_owned();
    to.rsplit_once("notice=").expect("a notice").1.to_owned()
}
