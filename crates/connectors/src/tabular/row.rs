//! Conversion of a row into a draft.

use url::Url;

use super::column::Column;
use super::columns::TableHeader;
use super::fact_words::availability;
use super::moment;
use super::sheet::SheetCell;
use crate::connector::FetchContext;
use crate::diagnostic::Diagnostic;
use crate::linked_data::extras::{currency_in, ticket};
use crate::linked_data::{self, place};
use crate::parse::norwegian_dates::DateContext;
use crate::{identity, parse};
use calendar_domain::{
    Address, Admission, EventDraft, EventStatus, Image, Offer, OrganizerRef, Schedule, Text, Venue,
};
use calendar_ical::to_events::unmarked;

/// Maximum number of words of a field.
const WORDS: usize = 20;

/// The context for reading rows.
pub struct RowReader<'a> {
    /// The header of the table.
    pub head: &'a TableHeader,
    /// The context of the run.
    pub asking: &'a FetchContext<'a>,
    /// The address of the table.
    pub base: &'a Url,
}

impl RowReader<'_> {
    /// Returns the draft of a row. Returns `None` with a remark if its title or date is missing or
    /// unreadable.
    pub fn draft(
        &self,
        row: usize,
        cells: &[SheetCell],
        number: usize,
        remarks: &mut Vec<Diagnostic>,
    ) -> Option<EventDraft> {
        let told = parse::title(&self.text(cells, Column::Title));
        let (title, marked) = unmarked(&told);
        let at = |field: &str| match title {
            "" => format!("event {number}: {field}"),
            title => format!("event {number} ({title}): {field}"),
        };
        let detail = |what: &str| format!("row {row}: {what}");
        if title.is_empty() {
            remarks.push(Diagnostic::error(at("title"), detail("missing")));
            return None;
        }
        let context = DateContext {
            today: self.asking.today,
            year: self.head.year,
        };
        let (when, odd) = match moment::read(self.moment_cells(cells), &context, self.asking.zone) {
            Ok(read) => read,
            Err((field, why)) => {
                remarks.push(Diagnostic::error(at(field), detail(&why)));
                return None;
            }
        };
        for (field, why) in odd {
            remarks.push(Diagnostic::warning(at(field), detail(&why)));
        }
        let mut draft = EventDraft::new("", self.say(title), Schedule::once(when));
        draft.status = marked.unwrap_or_default();
        if let Err(why) = self.add_status(&mut draft, cells) {
            remarks.push(Diagnostic::warning(at("status"), detail(&why)));
        }
        if let Err(why) = self.add_price(&mut draft, cells) {
            remarks.push(Diagnostic::warning(at("price"), detail(&why)));
        }
        for (field, why) in self.add_facts(&mut draft, cells) {
            remarks.push(Diagnostic::warning(at(field), detail(&why)));
        }
        draft.description = self.say(&parse::description(&self.text(cells, Column::Description)));
        draft.venues = self.venue(cells).into_iter().collect();
        let holder = parse::title(&self.text(cells, Column::Organizer));
        draft.organizer = (!holder.is_empty()).then_some(OrganizerRef::Described {
            name: holder,
            url: None,
        });
        draft.categories = self.words(cells, Column::Category);
        draft.audiences = self.words(cells, Column::Audience);
        draft.website = self.web(cells, Column::Page);
        let image = self.web(cells, Column::Image);
        draft.images.extend(image.map(Image::at));
        let id = self.text(cells, Column::Id);
        draft.origin_id = if id.is_empty() {
            identity::derived(&draft)
        } else {
            id
        };
        Some(draft)
    }

    /// Returns the cells of the time.
    pub(super) fn moment_cells<'c>(&self, cells: &'c [SheetCell]) -> moment::Cells<'c> {
        moment::Cells {
            date: self.cell(cells, Column::Date),
            weekday: self.cell(cells, Column::Weekday),
            start: self.cell(cells, Column::Start),
            last: self.cell(cells, Column::LastDate),
            end: self.cell(cells, Column::End),
        }
    }

    fn cell<'c>(&self, cells: &'c [SheetCell], column: Column) -> &'c SheetCell {
        const EMPTY: &SheetCell = &SheetCell::Empty;
        let at = self
            .head
            .columns
            .iter()
            .position(|other| *other == Some(column));
        at.and_then(|at| cells.get(at)).unwrap_or(EMPTY)
    }

    pub(super) fn text(&self, cells: &[SheetCell], column: Column) -> String {
        match self.cell(cells, column) {
            SheetCell::Text(text) => text.clone(),
            SheetCell::Number(number) => number.to_string(),
            SheetCell::Empty | SheetCell::Moment(_) => String::new(),
        }
    }

    pub(super) fn say(&self, text: &str) -> Text {
        Text::in_lang(self.asking.language, text)
    }

    /// Returns an absolute address. `https://` may be missing before `www.`.
    fn web(&self, cells: &[SheetCell], column: Column) -> Option<Url> {
        let told = self.text(cells, column);
        let told = told.trim();
        let whole = if told.starts_with("www.") {
            format!("https://{told}")
        } else {
            told.to_owned()
        };
        if !whole.starts_with("http") {
            return None;
        }
        parse::web(&whole, self.base)
    }

    pub(super) fn words(&self, cells: &[SheetCell], column: Column) -> Vec<String> {
        let told = self.text(cells, column);
        let parts = told.split([',', ';', '\n']).map(parse::title);
        parts.filter(|part| !part.is_empty()).take(WORDS).collect()
    }

    pub(super) fn venue(&self, cells: &[SheetCell]) -> Option<Venue> {
        let text = |column| {
            Some(parse::title(&self.text(cells, column))).filter(|column| !column.is_empty())
        };
        let mut address = Address {
            street: text(Column::Street),
            postal_code: text(Column::PostalCode),
            locality: text(Column::Town),
        };
        if address.postal_code.is_none()
            && address.locality.is_none()
            && let Some(street) = &address.street
        {
            address = place::address(&street.as_str().into()).unwrap_or(address);
        }
        // Spreadsheets remove the leading zero of «0450».
        address.postal_code = address
            .postal_code
            .map(|postal_code| format!("{postal_code:0>4}"));
        let told = address != Address::default();
        let name = text(Column::Place).or_else(|| told.then(|| address.line()))?;
        let mut venue = place::named(&name)?;
        if let Venue::Described { address: own, .. } = &mut venue
            && told
        {
            *own = Some(address);
        }
        Some(venue)
    }

    /// Sets the status from a column «Status», or from a mark in a column «Avlyst».
    fn add_status(&self, draft: &mut EventDraft, cells: &[SheetCell]) -> Result<(), String> {
        let told = self.text(cells, Column::Status).to_lowercase();
        let starts = |words: &[&str]| words.iter().any(|word| told.starts_with(word));
        let status = if told.is_empty()
            || starts(&[
                "ok",
                "planlagt",
                "bekreftet",
                "som planlagt",
                "nei",
                "no",
                "åpen",
                "ledig",
            ]) {
            return Ok(());
        } else if starts(&["avlys", "cancel", "ja", "yes", "x"]) {
            EventStatus::Cancelled
        } else if starts(&["utsatt", "utsett", "postponed"]) {
            EventStatus::Postponed
        } else if starts(&["flytt", "ny dato", "moved", "rescheduled"]) {
            EventStatus::Rescheduled
        } else if starts(&["foreløpig", "førebels", "tentativ", "ikke bekreftet"]) {
            EventStatus::Tentative
        } else if let Some(left) = availability(&told) {
            draft.availability = left;
            return Ok(());
        } else {
            let known = linked_data::status(&told);
            known.ok_or_else(|| format!("«{}» is not a status", parse::title(&told)))?
        };
        draft.status = status;
        Ok(())
    }

    /// Sets the price: «Gratis», a number, or several with names: «Voksen 150, barn 50».
    fn add_price(&self, draft: &mut EventDraft, cells: &[SheetCell]) -> Result<(), String> {
        let tickets = self.web(cells, Column::Tickets);
        let told = match self.cell(cells, Column::Price) {
            SheetCell::Number(number) => format!("{number:.2}"),
            _ => self.text(cells, Column::Price),
        };
        let words = ["gratis", "free", "fri entré", "ingen"];
        if words.contains(&&*told.to_lowercase()) {
            draft.admission = Admission::Free;
        } else if !told.is_empty() {
            let found = prices(&told).ok_or_else(|| {
                format!(
                    "«{}» is not a readable price; left out",
                    parse::title(&told)
                )
            });
            let found = found.inspect_err(|_| draft.offers.extend(tickets.clone().map(ticket)))?;
            let zero = |price: &str| price.bytes().all(|byte| matches!(byte, b'0' | b'.'));
            let free = found.iter().all(|(_, price)| zero(price));
            draft.admission = if free {
                Admission::Free
            } else {
                Admission::Paid
            };
            let currency = currency_in(&told).unwrap_or_else(|| "NOK".into());
            draft.offers = found
                .into_iter()
                .map(|(name, price)| Offer {
                    name: self.say(&name),
                    price: Some(price),
                    currency: currency.clone(),
                    url: tickets.clone(),
                })
                .collect();
            return Ok(());
        }
        draft.offers = tickets.map(ticket).into_iter().collect();
        Ok(())
    }
}

/// Parses prices with their names. Returns `None` if a part of the text doesn't have exactly one number.
fn prices(text: &str) -> Option<Vec<(String, String)>> {
    let lower = text.to_lowercase();
    let words = |part: &str| {
        let words = part.split(|c: char| !c.is_alphabetic()).map(str::to_owned);
        let kept = words.filter(|word| {
            !word.is_empty() && !["kr", "nok", "kroner"].contains(&&*word.to_lowercase())
        });
        kept.collect::<Vec<_>>().join(" ")
    };
    if words(&lower).is_empty() {
        return parse::price(text).map(|price| vec![(String::new(), price)]);
    }
    let parts = text
        .split([',', ';', '/', '\n'])
        .filter(|part| !matches!(part.trim(), "" | "-"));
    let read = parts.map(|part| {
        let numbers = part
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty());
        let price = parse::price(part).filter(|_| numbers.count() == 1)?;
        Some((words(part), price))
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_one_or_several_with_names() {
        let pairs = |all: &[(&str, &str)]| {
            Some(
                all.iter()
                    .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(prices("kr 1 250,50"), pairs(&[("", "1250.50")]));
        assert_eq!(prices("150,-"), pairs(&[("", "150.00")]));
        assert_eq!(
            prices("Voksen 150, barn kr 50"),
            pairs(&[("Voksen", "150.00"), ("barn", "50.00")])
        );
        assert_eq!(
            prices("Voksne kr 200,- / Barn kr 100,-"),
            pairs(&[("Voksne", "200.00"), ("Barn", "100.00")])
        );
        assert_eq!(prices("fra 100 til 200"), None);
        assert_eq!(prices("frivillig"), None);
    }
}
