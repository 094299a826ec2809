//! Files of records with pictures, as `export --format ndjson` writes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use calendar_domain::{
    Event, Image, ImageFile, ImageSource, KeptImage, Record, Schedule, Text, When,
};
use calendar_store::ImageFiles;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::picture;

/// A picture and the file of its only size.
pub struct KeptPicture {
    pub content: Vec<u8>,
    image: Image,
}

impl KeptPicture {
    /// Returns the name of the file.
    pub fn name(&self) -> &str {
        self.image.kept().unwrap().largest.name.as_str()
    }
}

/// Returns a picture whose color depends on `number`.
pub fn kept_picture(number: u8) -> KeptPicture {
    let content = picture(300, 200, number);
    let folder = tempfile::tempdir().unwrap();
    let files = ImageFiles::new(folder.path().to_owned());
    let largest = ImageFile {
        name: files.keep(&content, DateTime::UNIX_EPOCH).unwrap(),
        width: 300,
        height: 200,
        bytes: content.len() as u64,
    };
    let kept = KeptImage {
        largest,
        smaller: Vec::new(),
    };
    let mut image = Image::new(ImageSource::Kept(kept));
    image.alt = Text::nb("Et bilde");
    KeptPicture { content, image }
}

/// A file of records.
pub struct Records(String);

impl Default for Records {
    fn default() -> Self {
        Self("{\"format\":\"elverum-calendar records\",\"version\":1,\"commit\":1}\n".to_owned())
    }
}

impl Records {
    /// Adds a published event with a picture. The same slug is the same event.
    pub fn event(mut self, slug: &str, picture: &KeptPicture) -> Self {
        let day = Schedule::once(When::day("2027-06-01".parse().unwrap()));
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, slug.as_bytes());
        let at: DateTime<Utc> = "2026-11-01T12:00:00Z".parse().unwrap();
        let mut event = Event::new(slug.parse().unwrap(), id.into(), Text::nb(slug), day, at);
        event.id = id.into();
        event.images = vec![picture.image.clone()];
        let record = serde_json::to_string(&Record::from(event)).unwrap();
        self.0.push_str(&record);
        self.0.push('\n');
        self
    }

    /// Adds the file of a picture.
    pub fn image(mut self, picture: &KeptPicture) -> Self {
        let content = STANDARD.encode(&picture.content);
        self.0.push_str(&format!("{{\"image\":\"{content}\"}}\n"));
        self
    }

    /// Returns the lines.
    pub fn text(&self) -> &str {
        &self.0
    }
}
