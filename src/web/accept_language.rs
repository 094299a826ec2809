//! The language that a client prefers (RFC 9110 12.5.4).

use calendar_domain::Lang;

use super::accept_encoding::weighted;

/// Returns the first of our languages by `Accept-Language`: the one with the greatest weight, and of equal ones the first.
/// The default language if there is none.
pub(super) fn preferred<'a>(headers: impl Iterator<Item = &'a str>) -> Lang {
    let items = headers.flat_map(|header| header.split(','));
    let ranges = items.filter_map(|item| {
        let (tag, weight) = weighted(item);
        let lang: Lang = tag.parse().ok()?;
        Some((lang, weight))
    });
    let best = ranges.filter(|(_, weight)| *weight > 0).fold(
        None,
        |best: Option<(Lang, u16)>, (lang, weight)| match best {
            Some((_, known)) if known >= weight => best,
            _ => Some((lang, weight)),
        },
    );
    best.map_or_else(Lang::default, |(lang, _)| lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_weight_counts_and_then_the_order() {
        for (header, expected) in [
            ("", Lang::Nb),
            ("de, fr;q=0.5", Lang::Nb),
            ("en-GB,en;q=0.9,nb;q=0.8", Lang::En),
            ("nb;q=0.5, nn", Lang::Nn),
            ("no", Lang::Nb),
            ("en;q=0, nn;q=0.1", Lang::Nn),
            ("nn, en", Lang::Nn),
            ("*", Lang::Nb),
        ] {
            assert_eq!(preferred([header].into_iter()), expected, "{header}");
        }
        assert_eq!(preferred(["de", "en"].into_iter()), Lang::En);
    }
}
