//! Tables as rows of cells, from a CSV file or from the sheets of a workbook.

use std::io::Cursor;

use calamine::{DataRef, Dimensions, Reader, Xlsx, open_workbook_from_rs};

use crate::connector::Unreadable;
use crate::diagnostic::Diagnostic;

use super::archive;

/// Maximum number of rows.
const ROWS: usize = 10_000;
/// Maximum number of columns.
const COLUMNS: usize = 60;
/// Maximum number of sheets of a workbook.
const SHEETS: usize = 30;
/// Maximum length of a cell in characters.
const LETTERS: usize = 20_000;
/// Maximum size of the cells of a workbook in bytes: cells may share one long text, which each of them copies here.
const CONTENT: usize = 32 << 20;
/// Maximum number of merged ranges of a sheet.
const RANGES: usize = 5_000;
/// Maximum number of cells in the merged ranges of a sheet: ranges that do not overlap have no more.
const MERGED: usize = ROWS * COLUMNS;

/// A cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum SheetCell {
    /// An empty cell.
    #[default]
    Empty,
    /// A trimmed text.
    Text(String),
    /// A number.
    Number(f64),
    /// A date with time, or a time of day, in days since 30 December 1899.
    Moment(f64),
}

impl SheetCell {
    fn text(text: &str) -> Self {
        let text = text.trim();
        match text {
            "" => Self::Empty,
            text => Self::Text(calendar_ical::to_events::cut(text, LETTERS).0),
        }
    }

    /// Takes its size from the bytes that are left. Returns false if they do not suffice.
    fn take_from(&self, left: &mut usize) -> bool {
        let text = match self {
            Self::Text(text) => text.len(),
            Self::Empty | Self::Number(_) | Self::Moment(_) => 0,
        };
        let rest = left.checked_sub(size_of::<Self>() + text);
        *left = rest.unwrap_or(0);
        rest.is_some()
    }

    /// Returns true if the cell is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The name of the sheet; empty for a CSV file.
    pub name: String,
    /// The non-empty rows, with their numbers as in a spreadsheet.
    pub rows: Vec<(usize, Vec<SheetCell>)>,
    /// Whether there may be more rows: the file is truncated or exceeds the limits.
    pub is_truncated: bool,
}

/// Parses a CSV file.
#[must_use]
pub fn of_text(text: &str, remarks: &mut Vec<Diagnostic>) -> Table {
    let delimiter = delimiter(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut table = Table::default();
    let mut widths = Vec::new();
    let mut lines = Lines {
        bytes: text.as_bytes(),
        at: 0,
        line: 1,
    };
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                remarks.push(Diagnostic::error("table", error.to_string()));
                table.is_truncated = true;
                break;
            }
        };
        let start = record.position().map_or(0, csv::Position::byte);
        let line = lines.of(usize::try_from(start).unwrap_or(text.len()));
        let cells: Vec<SheetCell> = record.iter().take(COLUMNS).map(SheetCell::text).collect();
        if !push(&mut table, line, cells, remarks) {
            break;
        }
        widths.push(record.len());
    }
    if ends_inside_quotes(text.as_bytes(), delimiter) || ends_inside_row(text, &widths) {
        table.is_truncated = true;
        if let Some((row, _)) = table.rows.pop() {
            let detail = "the file breaks off in it; left out";
            remarks.push(Diagnostic::error(format!("row {row}"), detail));
        }
    }
    table
}

/// Returns true if a quotation mark that opens a field (RFC 4180 section 2.5) is never closed.
fn ends_inside_quotes(text: &[u8], delimiter: u8) -> bool {
    let (mut quoted, mut at_start) = (false, true);
    for byte in text {
        match byte {
            b'"' if quoted || at_start => quoted = !quoted,
            _ => {}
        }
        // A quotation mark right after a closing one is an escaped quotation mark, and reopens the field.
        at_start =
            !quoted && (*byte == b'"' || *byte == delimiter || matches!(byte, b'\r' | b'\n'));
    }
    quoted
}

/// Returns true if the last row has no line end and fewer fields than any other row.
fn ends_inside_row(text: &str, widths: &[usize]) -> bool {
    let Some((last, others)) = widths.split_last() else {
        return false;
    };
    !text.ends_with(['\r', '\n']) && others.iter().min().is_some_and(|least| last < least)
}

/// A line counter.
struct Lines<'t> {
    bytes: &'t [u8],
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// Returns the line number of the first character at or after `place` that is not a line end. The
    /// position of a record is the end of the previous one, before empty lines.
    fn of(&mut self, place: usize) -> usize {
        while let Some(byte) = self.bytes.get(self.at) {
            if self.at >= place && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += usize::from(*byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// Adds a row unless it is empty. Returns false if the table is full.
fn push(
    table: &mut Table,
    number: usize,
    cells: Vec<SheetCell>,
    remarks: &mut Vec<Diagnostic>,
) -> bool {
    if cells.iter().all(SheetCell::is_empty) {
        return true;
    }
    if table.rows.len() == ROWS {
        let detail = format!("only the first {ROWS} rows are read");
        remarks.push(Diagnostic::error(format!("row {number}"), detail));
        table.is_truncated = true;
        return false;
    }
    table.rows.push((number, cells));
    true
}

/// Returns the delimiter: the character with the most consistent count in the first lines.
fn delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(20)
        .collect();
    let most = |sign: char| {
        let counts = lines.iter().map(|line| line.matches(sign).count());
        let counts: Vec<usize> = counts.filter(|count| *count > 0).collect();
        let same = counts
            .iter()
            .filter(|count| Some(count) == counts.iter().max().as_ref())
            .count();
        (same, counts.iter().sum::<usize>())
    };
    // Commas also occur in dates and texts, so a comma is used only if no other delimiter fits.
    let best = [';', '\t', '|'].into_iter().max_by_key(|sign| most(*sign));
    let best = best.filter(|sign| most(*sign).0 > 1 || most(*sign).0 >= most(',').0.max(1));
    u8::try_from(best.unwrap_or(',')).unwrap_or(b',')
}

/// Parses the sheets of a workbook, after checking its archive.
///
/// # Errors
/// Errors if it is not a workbook or exceeds the limits.
pub fn of_workbook(bytes: &[u8], remarks: &mut Vec<Diagnostic>) -> Result<Vec<Table>, Unreadable> {
    let unreadable = |why: String| Unreadable(why);
    if !archive::check(bytes).map_err(|error| unreadable(error.to_string()))? {
        let what = archive::describe(bytes).unwrap_or("the archive is not a workbook");
        return Err(unreadable(what.into()));
    }
    let broken =
        |error: calamine::XlsxError| unreadable(format!("the workbook is damaged: {error}"));
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let offset = if book.has_1904_epoch() { 1_462.0 } else { 0.0 };
    let mut tables = Vec::new();
    let mut left = CONTENT;
    for name in book.sheet_names().into_iter().take(SHEETS) {
        match sheet(&mut book, &name, (offset, &mut left), remarks) {
            Ok(table) => tables.push(table),
            Err(error) => {
                let detail = format!("the sheet cannot be read: {error}");
                remarks.push(Diagnostic::error(format!("sheet {name}"), detail));
                tables.push(Table {
                    name,
                    is_truncated: true,
                    ..Table::default()
                });
            }
        }
    }
    Ok(tables)
}

fn sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    (offset, left): (f64, &mut usize),
    remarks: &mut Vec<Diagnostic>,
) -> Result<Table, calamine::XlsxError> {
    let mut grid: Vec<(usize, Vec<SheetCell>)> = Vec::new();
    let mut left_out = 0_usize;
    let mut is_full = false;
    // SheetCell by cell, since a dense grid of a sheet with one cell in its last corner would not fit into memory.
    let mut reader = book.worksheet_cells_reader(name)?;
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize, column as usize);
        let value = value(cell.get_value(), offset);
        if value.is_empty() {
            continue;
        }
        if !value.take_from(left) {
            is_full = true;
            break;
        }
        let last = grid.last().map(|grid| grid.0);
        let is_new = last.is_none_or(|last| row > last);
        // No program writes rows out of order.
        if column >= COLUMNS
            || (is_new && grid.len() == ROWS)
            || last.is_some_and(|last| row < last)
        {
            left_out += 1;
            continue;
        }
        if is_new {
            grid.push((row, Vec::new()));
        }
        if let Some((_, cells)) = grid.last_mut() {
            // The empty cells before it take room, too.
            if !widen(cells, column, left) {
                is_full = true;
                break;
            }
            cells[column] = value;
        }
    }
    drop(reader);
    if left_out > 0 {
        let detail =
            format!("{left_out} cells beyond {ROWS} rows or {COLUMNS} columns are left out");
        remarks.push(Diagnostic::error(format!("sheet {name}"), detail));
    }
    let mut cells = MERGED;
    for range in book.merge_cells_by_sheet_name(name)?.iter().take(RANGES) {
        is_full |= !fill(&mut grid, range, (left, &mut cells));
    }
    if is_full {
        let detail = format!("only {} MB of content are read", CONTENT >> 20);
        remarks.push(Diagnostic::error(format!("sheet {name}"), detail));
    }
    let mut table = Table {
        name: name.to_owned(),
        is_truncated: left_out > 0 || is_full,
        ..Table::default()
    };
    for (row, cells) in grid {
        push(&mut table, row + 1, cells, remarks);
    }
    Ok(table)
}

/// Makes a row long enough for a column. Returns false if that takes more than `left` bytes.
fn widen(cells: &mut Vec<SheetCell>, column: usize, left: &mut usize) -> bool {
    let more = (column + 1).saturating_sub(cells.len());
    let Some(rest) = left.checked_sub(more * size_of::<SheetCell>()) else {
        return false;
    };
    *left = rest;
    if more > 0 {
        cells.resize(column + 1, SheetCell::Empty);
    }
    true
}

/// Copies the value of a merged range in one column to all its rows, such as a date of several events. Ranges
/// across columns are headings and stay as they are. Returns false if that takes more than the bytes or cells that are left.
fn fill(
    grid: &mut [(usize, Vec<SheetCell>)],
    range: &Dimensions,
    (left, cells_left): (&mut usize, &mut usize),
) -> bool {
    let (first, last) = (range.start.0 as usize, range.end.0 as usize);
    let column = range.start.1 as usize;
    if range.end.1 != range.start.1 || last <= first {
        return true;
    }
    let at = grid.partition_point(|grid| grid.0 < first);
    let value = grid
        .get(at)
        .filter(|grid| grid.0 == first)
        .and_then(|grid| grid.1.get(column))
        .cloned();
    let Some(value) = value else { return true };
    for (row, cells) in grid.iter_mut().skip(at + 1) {
        if *row > last {
            break;
        }
        let Some(rest) = cells_left.checked_sub(1) else {
            return false;
        };
        *cells_left = rest;
        if !widen(cells, column, left) {
            return false;
        }
        if cells[column].is_empty() {
            if !value.take_from(left) {
                return false;
            }
            cells[column] = value.clone();
        }
    }
    true
}

#[expect(
    clippy::cast_precision_loss,
    reason = "whole numbers in tables are small"
)]
fn value(data: &DataRef<'_>, offset: f64) -> SheetCell {
    match data {
        DataRef::Int(number) => SheetCell::Number(*number as f64),
        DataRef::Float(number) => SheetCell::Number(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) => SheetCell::text(text),
        DataRef::SharedString(text) => SheetCell::text(text),
        DataRef::DateTime(moment) if moment.as_f64() < 1.0 => SheetCell::Moment(moment.as_f64()),
        DataRef::DateTime(moment) => SheetCell::Moment(moment.as_f64() + offset),
        DataRef::Bool(_) | DataRef::DurationIso(_) | DataRef::Error(_) | DataRef::Empty => {
            SheetCell::Empty
        }
    }
}

#[cfg(test)]
mod tests;
