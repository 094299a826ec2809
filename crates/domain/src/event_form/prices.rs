//! What the event costs.

use super::reader::FormReader;
use super::{FormFault, FormField};
use crate::{Admission, Offer, Text};

impl FormReader<'_> {
    /// Returns whether it costs something, and the ticket.
    pub(super) fn admission(&mut self) -> (Admission, Vec<Offer>) {
        let price = self.form.filled(FormField::Price).map(str::to_owned);
        let admission = match self.form.filled(FormField::Admission) {
            None if price.is_some() => Admission::Paid,
            None => Admission::Unknown,
            Some("free") => Admission::Free,
            Some("paid") => Admission::Paid,
            Some(_) => {
                self.wrong(FormField::Admission, FormFault::UnknownChoice);
                Admission::Unknown
            }
        };
        let price = price.and_then(|typed| {
            let price = parse_price(&typed);
            if price.is_none() {
                self.wrong(FormField::Price, FormFault::NotAPrice);
            }
            price
        });
        let url = self.address(FormField::TicketUrl);
        if (price.is_none() || admission == Admission::Free) && url.is_none() {
            return (admission, Vec::new());
        }
        let offer = Offer {
            name: Text::default(),
            price: price.filter(|_| admission != Admission::Free),
            currency: "NOK".to_owned(),
            url,
        };
        (admission, vec![offer])
    }
}

/// Parses a price in kroner: `250`, `250,50`, `kr 1 250`, `250,-`.
fn parse_price(typed: &str) -> Option<String> {
    let lower = typed.to_lowercase();
    let text: String = lower.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text
        .strip_prefix("kr")
        .unwrap_or(&text)
        .trim_start_matches('.');
    let text = text.strip_suffix("kr").unwrap_or(text);
    let text = text
        .strip_suffix(",-")
        .or_else(|| text.strip_suffix(",–"))
        .or_else(|| text.strip_suffix('-'))
        .unwrap_or(text);
    let (whole, rest) = match text.split_once([',', '.']) {
        Some((whole, rest)) => (whole, Some(rest)),
        None => (text, None),
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(whole) || whole.len() > 6 {
        return None;
    }
    match rest {
        None => Some(format!("{whole}.00")),
        Some(rest) if is_digits(rest) && rest.len() == 2 => Some(format!("{whole}.{rest}")),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse_price;

    #[test]
    fn prices_are_understood_as_people_type_them() {
        for (typed, expected) in [
            ("250", Some("250.00")),
            ("250,50", Some("250.50")),
            ("kr 1 250", Some("1250.00")),
            ("250,-", Some("250.00")),
            ("250 kr", Some("250.00")),
            ("kr. 0", Some("0.00")),
            ("gratis", None),
            ("-5", None),
            ("1,5", None),
            ("12345678", None),
            ("", None),
        ] {
            assert_eq!(parse_price(typed).as_deref(), expected, "{typed}");
        }
    }
}
