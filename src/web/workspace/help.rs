//! Help pages: sections of text, some with a picture of the page that they are about.

use askama::Template;

use super::{WorkspacePage, WorkspaceRequest};
use crate::web::assets::help_picture;
use crate::web::login::PersonalPage;
use crate::web::problem::Problem;

/// Height of every picture, in CSS pixels.
const HEIGHT: u32 = 620;

/// The keys of a section: its heading, its text, and its picture.
pub type HelpKeys = (&'static str, &'static str, Option<PictureKeys>);

/// A picture: its name, its width in CSS pixels, and the key of its description.
pub type PictureKeys = (&'static str, u32, &'static str);

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/help.html")]
struct HelpPage {
    page: WorkspacePage,
    lead: String,
    sections: Vec<HelpSection>,
}

/// A section.
#[derive(Debug)]
struct HelpSection {
    /// Identifies the heading.
    id: &'static str,
    heading: String,
    text: String,
    picture: Option<Picture>,
}

/// A picture of a page.
#[derive(Debug)]
struct Picture {
    url: &'static str,
    width: u32,
    height: u32,
    /// What is in it, for people who do not see it.
    description: String,
}

/// Returns a help page. `keys` are those of its heading and its lead, `rest` is its path without the language.
///
/// # Errors
/// Returns an internal error if the template can't be rendered.
pub fn help_page(
    request: &WorkspaceRequest,
    rest: &str,
    keys: [&str; 2],
    sections: &[HelpKeys],
) -> Result<PersonalPage, Problem> {
    let words = request.context.words;
    let say = |key: &str| words.say(key).into_owned();
    let picture = |(name, width, description): &PictureKeys| {
        Some(Picture {
            url: help_picture(words.lang(), name)?,
            width: *width,
            height: HEIGHT,
            description: say(description),
        })
    };
    let section = |(heading, text, shown): &HelpKeys| HelpSection {
        id: heading,
        heading: say(heading),
        text: say(text),
        picture: shown.as_ref().and_then(picture),
    };
    let page = HelpPage {
        page: request.page(say(keys[0]), rest, None),
        lead: say(keys[1]),
        sections: sections.iter().map(section).collect(),
    };
    page.page.render(&page)
}
