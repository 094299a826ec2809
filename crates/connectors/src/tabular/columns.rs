//! Which column says what, by the word at its head.

use super::sheet::{Cell, Table};
use super::words;
use crate::telling::title;
use calendar_ical::to_events::cut;

/// What a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The table's own number of an event.
    Id,
    /// What it is called.
    Title,
    /// The day, perhaps with the time.
    Date,
    /// The weekday alone, beside the day.
    Weekday,
    /// When it begins, perhaps also when it ends.
    Start,
    /// The last day.
    LastDate,
    /// When it ends.
    End,
    /// Where it is.
    Place,
    /// The street.
    Street,
    /// The postal code.
    PostalCode,
    /// The town.
    Town,
    /// The long text.
    Description,
    /// Who holds it.
    Organizer,
    /// What it is about.
    Category,
    /// For whom it is.
    Audience,
    /// What it costs.
    Price,
    /// Its page.
    Page,
    /// Where tickets are.
    Tickets,
    /// Its picture.
    Image,
    /// Whether it is off.
    Status,
}

use Column as C;

/// How many rows may stand above the head.
const ABOVE: usize = 20;
/// How many words of a row are shown.
const SHOWN: usize = 12;

/// The head of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The index of its row among [`Table::rows`].
    pub row: usize,
    /// What each column says; none of those that nobody knows.
    pub columns: Vec<Option<Column>>,
    /// Words at the head that are not known.
    pub unknown: Vec<String>,
    /// The year that is told above it, or in the name of the sheet.
    pub year: Option<i32>,
}

/// The head of a table: the first row that names what events are called, and when they are.
#[must_use]
pub fn head(table: &Table) -> Option<Head> {
    let rows = table.rows.iter().take(ABOVE).enumerate();
    let found = rows.map(|(row, (_, cells))| (row, columns(cells)));
    let (row, columns) = found.into_iter().find(|(_, it)| {
        let has = |column| it.contains(&Some(column));
        has(C::Title) && (has(C::Date) || has(C::Start) && has(C::Weekday))
    })?;
    let cells = &table.rows[row].1;
    let unknown = cells
        .iter()
        .zip(&columns)
        .filter(|(_, column)| column.is_none());
    let unknown = unknown.filter_map(|(cell, _)| match cell {
        Cell::Text(text) => Some(text.clone()),
        _ => None,
    });
    let above = table.rows[..row].iter().flat_map(|it| &it.1);
    let texts = above.filter_map(|cell| match cell {
        Cell::Text(text) => Some(text.as_str()),
        _ => None,
    });
    Some(Head {
        row,
        unknown: unknown.collect(),
        year: texts.chain([table.name.as_str()]).find_map(year),
        columns,
    })
}

/// Says of a table without a head which of its first words are known, and which words are wanted.
#[must_use]
pub fn without_head(table: &Table) -> String {
    let first = table.rows.first().map(|it| it.1.as_slice());
    let first = first.unwrap_or_default();
    let shown = |cell: &Cell| match cell {
        Cell::Text(text) => Some(format!("«{}»", cut(&title(text), 40).0)),
        _ => None,
    };
    let list = |cells: Vec<String>| match cells.len() {
        0 => "none".to_owned(),
        _ => cells.join(", "),
    };
    let all: Vec<String> = first.iter().filter_map(shown).take(SHOWN).collect();
    let known = first.iter().zip(columns(first)).filter(|it| it.1.is_some());
    let known: Vec<String> = known.filter_map(|it| shown(it.0)).take(SHOWN).collect();
    format!(
        "it is a table, but no row of it names the columns: one has to be called «tittel» or «title», and one \
         «dato» or «date». Its first row is {}; known of these: {}",
        list(all),
        list(known)
    )
}

/// What each cell of a row would be the head of; the first of several that say the same.
fn columns(cells: &[Cell]) -> Vec<Option<Column>> {
    let mut found: Vec<Option<Column>> = Vec::new();
    for cell in cells {
        let column = match cell {
            Cell::Text(text) => column(text),
            _ => None,
        };
        found.push(column.filter(|it| !found.contains(&Some(*it))));
    }
    // «Fra» and «Til» beside no date are days.
    if !found.contains(&Some(C::Date))
        && found.contains(&Some(C::Start))
        && !found.contains(&Some(C::Weekday))
    {
        let words = |cell: &Cell| matches!(cell, Cell::Text(text) if ["fra", "frå", "til", "tid"].contains(&&*normal(text)));
        for (column, _) in found.iter_mut().zip(cells).filter(|(_, cell)| words(cell)) {
            *column = match *column {
                Some(C::Start) => Some(C::Date),
                Some(C::End) => Some(C::LastDate),
                other => other,
            };
        }
    }
    found
}

fn column(text: &str) -> Option<Column> {
    words::column(&normal(text))
}

/// In lower case, without what stands in brackets, without signs at the end.
fn normal(text: &str) -> String {
    let lower = text.to_lowercase();
    let bare = lower.split(['(', '[', '\n']).next().unwrap_or_default();
    let words: Vec<&str> = bare
        .split(|c: char| c.is_whitespace() || matches!(c, '_' | '.' | ':' | '*' | '?' | '/' | '-'))
        .filter(|it| !it.is_empty())
        .collect();
    words.join(" ")
}

/// A year that stands in a text by itself: «Terminliste 2027», but not `2026/27`, which is two.
fn year(text: &str) -> Option<i32> {
    let mut words = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|it| it.len() == 4);
    let found = words.find(|it| it.starts_with("20") && it.bytes().all(|b| b.is_ascii_digit()))?;
    found.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let cell = |it: &&str| {
            if it.is_empty() {
                Cell::Empty
            } else {
                Cell::Text((*it).into())
            }
        };
        let row = |(at, cells): (usize, &&[&str])| (at + 1, cells.iter().map(cell).collect());
        Table {
            name: String::new(),
            rows: rows.iter().enumerate().map(row).collect(),
            is_truncated: false,
        }
    }

    #[test]
    fn heads_are_known_in_norwegian_and_english() {
        let found = head(&table(&[
            &["Terminliste 2027"],
            &["Dato:", "Kl.", "Hva?", "STED", "Pris (kr)", "Dommer"],
        ]))
        .unwrap();
        assert_eq!((found.row, found.year), (1, Some(2027)));
        assert_eq!(
            found.columns,
            [
                Some(C::Date),
                Some(C::Start),
                Some(C::Title),
                Some(C::Place),
                Some(C::Price),
                None
            ]
        );
        assert_eq!(found.unknown, ["Dommer"]);
        let english = head(&table(&[&[
            "Event name",
            "Start date",
            "Start_time",
            "End time",
            "Venue",
        ]]))
        .unwrap();
        assert_eq!(
            english.columns[1..4],
            [Some(C::Date), Some(C::Start), Some(C::End)]
        );
    }

    #[test]
    fn from_and_to_without_a_date_are_days() {
        let found = head(&table(&[&["Fra", "Til", "Arrangement"]])).unwrap();
        assert_eq!(
            found.columns,
            [Some(C::Date), Some(C::LastDate), Some(C::Title)]
        );
    }

    #[test]
    fn a_table_of_something_else_has_no_head() {
        assert_eq!(head(&table(&[&["Navn", "Telefon"], &["Kari", "1"]])), None);
        assert_eq!(head(&table(&[])), None);
        assert_eq!(year("Sesongen 2026/27"), None);
    }
}
