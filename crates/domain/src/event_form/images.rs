//! The images of a form, a row each. They are uploaded and described apart from the form, so that errors in the form
//! lose none and no browser names files that were not uploaded.

use super::reader::FormReader;
use super::{EventForm, FormFault, FormField};
use crate::json_word::JsonWord as _;
use crate::{FocusPoint, Image, ImageSource, Text};

/// Maximum number of images of an event that organizers add.
pub const MOST_IMAGES: usize = 6;

/// The columns of the table.
pub(super) const COLUMNS: [FormField; 7] = [
    FormField::Image,
    FormField::ImageAlt,
    FormField::ImageAltNn,
    FormField::ImageAltEn,
    FormField::ImageCredit,
    FormField::ImageLicence,
    FormField::ImageFocus,
];

impl FormField {
    /// Returns true if the field is a column of the images, which the form itself does not send.
    #[must_use]
    pub fn is_image(self) -> bool {
        COLUMNS.contains(&self)
    }
}

impl EventForm {
    /// Returns the images.
    #[must_use]
    pub fn images(&self) -> Vec<Image> {
        let rows = 0..self.rows(&COLUMNS);
        rows.filter_map(|row| self.image(row)).collect()
    }

    fn image(&self, row: usize) -> Option<Image> {
        let source: ImageSource = serde_json::from_str(self.cell(FormField::Image, row)).ok()?;
        let filled = |field| Some(self.cell(field, row)).filter(|row| !row.is_empty());
        let mut alt = Text::default();
        for (lang, field) in FormField::ImageAlt.by_language() {
            alt.set(lang, self.cell(field, row));
        }
        Some(Image {
            alt,
            credit: filled(FormField::ImageCredit).map(str::to_owned),
            licence: filled(FormField::ImageLicence).map(str::to_owned),
            focus: filled(FormField::ImageFocus)
                .and_then(FocusPoint::parse)
                .unwrap_or_default(),
            ..Image::new(source)
        })
    }

    /// Sets the images.
    pub fn set_images(&mut self, images: &[Image]) {
        let mut columns: [Vec<String>; 7] = Default::default();
        for image in images {
            let focus = Some(image.focus).filter(|focus| !focus.is_center());
            let mut row = vec![serde_json::to_string(&image.source).unwrap_or_default()];
            for (lang, _) in FormField::ImageAlt.by_language() {
                row.push(image.alt.exact(lang).unwrap_or_default().to_owned());
            }
            row.push(image.credit.clone().unwrap_or_default());
            row.push(image.licence.clone().unwrap_or_default());
            row.push(focus.map_or("", FocusPoint::as_str).to_owned());
            for (column, cell) in columns.iter_mut().zip(row) {
                column.push(cell);
            }
        }
        for (field, column) in COLUMNS.into_iter().zip(columns) {
            self.set(field, column);
        }
    }

    /// Returns the form with the images of another one.
    #[must_use]
    pub fn with_images_of(mut self, other: &Self) -> Self {
        for field in COLUMNS {
            self.set(field, other.all(field).to_vec());
        }
        self
    }
}

impl FormReader<'_> {
    /// Returns the images. One without a description in the default language is an error.
    pub(super) fn images(&mut self) -> Vec<Image> {
        for row in 0..self.form.all(FormField::Image).len() {
            if self.form.cell(FormField::ImageAlt, row).is_empty() {
                self.wrong_in(FormField::ImageAlt, row, FormFault::Missing);
            }
        }
        self.form.images()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(address: &str, alt: &str) -> Image {
        Image {
            alt: Text::nb(alt),
            ..Image::at(address.parse().unwrap())
        }
    }

    #[test]
    fn images_come_back_as_they_were() {
        let mut first = image("https://bilder.example/kor.jpg", "Koret synger");
        first.focus = FocusPoint::TopLeft;
        first.credit = Some("Kari Nordmann".to_owned());
        first.alt.set(crate::Lang::En, "The choir sings");
        let mut last = image("https://bilder.example/to.jpg", "To");
        last.licence = Some("CC BY 4.0".to_owned());
        let images = [first, image("https://bilder.example/en.jpg", ""), last];
        let mut form = EventForm::default();
        form.set_images(&images);
        assert_eq!(form.images(), images);
        let other = EventForm::default().with(FormField::Title, "Konsert");
        assert_eq!(other.clone().with_images_of(&form).images(), images);
        form.set_images(&[]);
        assert_eq!(other.with_images_of(&form).images(), []);
    }

    #[test]
    fn a_browser_does_not_name_images() {
        let source = serde_json::to_string(&image("https://ond.example/a.jpg", "").source).unwrap();
        let sent = [
            ("title", "Konsert"),
            ("image", source.as_str()),
            ("image_alt", "Bilde"),
        ];
        assert_eq!(
            EventForm::from_pairs(sent),
            EventForm::from_pairs([("title", "Konsert")])
        );
    }
}
