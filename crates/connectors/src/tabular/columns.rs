//! Mapping of columns to fields, by their headings.

use super::column::Column;
use super::sheet::{SheetCell, Table};
use super::words;
use crate::parse::title;
use calendar_ical::to_events::cut;

use Column as C;

/// Maximum number of rows above the header.
const ABOVE: usize = 20;
/// Maximum number of words of a row shown in an error.
const SHOWN: usize = 12;

/// The header of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableHeader {
    /// The index of its row in [`Table::rows`].
    pub row: usize,
    /// The field of each column; `None` if unknown.
    pub columns: Vec<Option<Column>>,
    /// Unknown headings.
    pub unknown: Vec<String>,
    /// The year stated above the header or in the name of the sheet.
    pub year: Option<i32>,
}

/// Returns the header: the first row that names a title and a date.
#[must_use]
pub fn head(table: &Table) -> Option<TableHeader> {
    let rows = table.rows.iter().take(ABOVE).enumerate();
    let found = rows.map(|(row, (_, cells))| (row, columns(cells)));
    let (row, columns) = found.into_iter().find(|(_, value)| {
        let has = |column| value.contains(&Some(column));
        has(C::Title) && (has(C::Date) || has(C::Start) && has(C::Weekday))
    })?;
    let cells = &table.rows[row].1;
    let unknown = cells
        .iter()
        .zip(&columns)
        .filter(|(_, column)| column.is_none());
    let unknown = unknown.filter_map(|(cell, _)| match cell {
        SheetCell::Text(text) => Some(text.clone()),
        _ => None,
    });
    let above = table.rows[..row].iter().flat_map(|row| &row.1);
    let texts = above.filter_map(|cell| match cell {
        SheetCell::Text(text) => Some(text.as_str()),
        _ => None,
    });
    Some(TableHeader {
        row,
        unknown: unknown.collect(),
        year: texts.chain([table.name.as_str()]).find_map(year),
        columns,
    })
}

/// Returns an error message for a table without a header, with the known headings of its first row and the
/// required ones.
#[must_use]
pub fn without_head(table: &Table) -> String {
    let first = table.rows.first().map(|row| row.1.as_slice());
    let first = first.unwrap_or_default();
    let shown = |cell: &SheetCell| match cell {
        SheetCell::Text(text) => Some(format!("«{}»", cut(&title(text), 40).0)),
        _ => None,
    };
    let list = |cells: Vec<String>| match cells.len() {
        0 => "none".to_owned(),
        _ => cells.join(", "),
    };
    let all: Vec<String> = first.iter().filter_map(shown).take(SHOWN).collect();
    let known = first
        .iter()
        .zip(columns(first))
        .filter(|pair| pair.1.is_some());
    let known: Vec<String> = known.filter_map(|text| shown(text.0)).take(SHOWN).collect();
    format!(
        "it is a table without a header row: one column must be called «tittel» or «title», and one «dato» or \
         «date». Its first row is {}; known columns: {}",
        list(all),
        list(known)
    )
}

/// Returns the field of each cell of a header. Of several cells for the same field, the first is used.
fn columns(cells: &[SheetCell]) -> Vec<Option<Column>> {
    let mut found: Vec<Option<Column>> = Vec::new();
    for cell in cells {
        let column = match cell {
            SheetCell::Text(text) => column(text),
            _ => None,
        };
        found.push(column.filter(|column| !found.contains(&Some(*column))));
    }
    // Without a date column, «Fra» and «Til» are dates.
    if !found.contains(&Some(C::Date))
        && found.contains(&Some(C::Start))
        && !found.contains(&Some(C::Weekday))
    {
        let words = |cell: &SheetCell| matches!(cell, SheetCell::Text(text) if ["fra", "frå", "til", "tid"].contains(&&*normal(text)));
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

/// Normalizes a heading: lower case, without parentheses and punctuation.
fn normal(text: &str) -> String {
    let lower = text.to_lowercase();
    let bare = lower.split(['(', '[', '\n']).next().unwrap_or_default();
    let words: Vec<&str> = bare
        .split(|c: char| c.is_whitespace() || matches!(c, '_' | '.' | ':' | '*' | '?' | '/' | '-'))
        .filter(|part| !part.is_empty())
        .collect();
    words.join(" ")
}

/// Returns a year in a text: «Terminliste 2027», but not `2026/27`, which is two.
fn year(text: &str) -> Option<i32> {
    let mut words = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|part| part.len() == 4);
    let found =
        words.find(|word| word.starts_with("20") && word.bytes().all(|b| b.is_ascii_digit()))?;
    found.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let cell = |text: &&str| {
            if text.is_empty() {
                SheetCell::Empty
            } else {
                SheetCell::Text((*text).into())
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
