//! Colors of an embed.

use std::fmt;
use std::str::FromStr;

use crate::web::field_error::FieldError;
use crate::web::pages::filter_params::{Param, borrowed};
use crate::web::pages::paths::query;

/// A color, written `#0a5c36` or `0a5c36`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HexColor([u8; 3]);

impl FromStr for HexColor {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        let digits = match digits.len() {
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
            _ => digits.to_owned(),
        };
        let mut bytes = [0; 3];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| FieldError::NotAColor)?;
        Ok(Self(bytes))
    }
}

impl HexColor {
    /// Returns the contrast ratio with another color, 1 to 21 (WCAG 2.2).
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// Returns the relative luminance, 0 to 1 (WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let part = f64::from(byte) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl fmt::Display for HexColor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// Light, dark, or as the page or its visitor has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColorScheme {
    /// As the page has it; in a frame, as the visitor's device has it.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl ColorScheme {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// Returns its name in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Returns the value of the CSS property `color-scheme`.
    #[must_use]
    pub fn as_css(self) -> &'static str {
        match self {
            Self::Auto => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl FromStr for ColorScheme {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        let found = Self::ALL.into_iter().find(|item| item.as_str() == text);
        let names = || {
            Self::ALL
                .iter()
                .map(|text| text.as_str().to_owned())
                .collect()
        };
        found.ok_or_else(|| FieldError::NotOneOf(names()))
    }
}

/// Colors of an embed; those that are not set follow the scheme.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EmbedTheme {
    /// Light or dark.
    pub scheme: ColorScheme,
    /// Links, dates and headings.
    pub accent: Option<HexColor>,
    /// The background.
    pub background: Option<HexColor>,
    /// Text.
    pub text: Option<HexColor>,
}

impl EmbedTheme {
    /// Sets a parameter.
    ///
    /// # Errors
    /// Errors if the value is invalid.
    pub fn read(&mut self, name: &str, value: &str) -> Result<(), FieldError> {
        let color = match name {
            "accent" => &mut self.accent,
            "background" => &mut self.background,
            "text" => &mut self.text,
            _ => {
                self.scheme = value.parse()?;
                return Ok(());
            }
        };
        *color = Some(value.parse()?);
        Ok(())
    }

    /// Returns the parameters that differ from the defaults.
    #[must_use]
    pub fn params(&self) -> Vec<Param> {
        let scheme = self.scheme.as_str().to_owned();
        let scheme = (self.scheme != ColorScheme::default()).then_some(("scheme", scheme));
        let colors = self.colors().map(|(name, color)| (name, color.to_string()));
        scheme.into_iter().chain(colors).collect()
    }

    fn colors(&self) -> impl Iterator<Item = (&'static str, HexColor)> {
        let all = [
            ("accent", self.accent),
            ("background", self.background),
            ("text", self.text),
        ];
        all.into_iter()
            .filter_map(|(name, color)| Some((name, color?)))
    }

    /// Returns the address of the style sheet of the colors, if there are any.
    #[must_use]
    pub fn style(&self) -> Option<String> {
        let params: Vec<Param> = self
            .colors()
            .map(|(name, color)| (name, color.to_string()))
            .collect();
        (!params.is_empty()).then(|| format!("/embed/theme.css{}", query(&borrowed(&params))))
    }

    /// Returns the rule of the colors.
    #[must_use]
    pub fn css(&self) -> String {
        let mut rules = String::new();
        for (name, color) in self.colors() {
            rules = rules + "--events-" + name + ":#" + &color.to_string() + ";";
        }
        format!(":root{{{rules}}}\n")
    }
}
