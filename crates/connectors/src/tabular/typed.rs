//! Rows of a table that a person uploads: each as it is read, or as it is typed, so that it can be corrected.

use super::column::Column;
use super::columns;
use super::connector::{tables, without_head};
use super::moment;
use super::row::RowReader;
use super::sheet::SheetCell;
use crate::connector::{FetchContext, PartnerResponse, Unreadable};
use crate::parse::norwegian_dates::DateContext;
use crate::uploaded_file::{UploadedFile, UploadedItem, UploadedRow};
use calendar_domain::event_form::{EventForm, FormField};
use calendar_domain::{EventDraft, Schedule, Text};

/// Fields whose cells are kept as they are typed, if the row can't be read.
const TYPED: [(Column, FormField); 8] = [
    (Column::Title, FormField::Title),
    (Column::Date, FormField::Date),
    (Column::LastDate, FormField::EndDate),
    (Column::Start, FormField::StartTime),
    (Column::End, FormField::EndTime),
    (Column::Place, FormField::PlaceName),
    (Column::Description, FormField::Description),
    (Column::Page, FormField::Website),
];

/// Reads the rows of a table or workbook while `has_time` returns true.
///
/// # Errors
/// Errors if it is neither, is damaged, or has no header row with a title and a date.
pub(crate) fn typed_rows(
    answer: &PartnerResponse<'_>,
    asking: &FetchContext<'_>,
    has_time: &dyn Fn() -> bool,
) -> Result<UploadedFile, Unreadable> {
    let tables = tables(answer, &mut Vec::new())?;
    let mut file = UploadedFile {
        is_truncated: tables.iter().any(|table| table.is_truncated),
        ..UploadedFile::default()
    };
    let mut is_known = false;
    for table in &tables {
        let Some(head) = columns::head(table) else {
            continue;
        };
        is_known = true;
        file.unknown_columns.extend(head.unknown.iter().cloned());
        let reader = RowReader {
            head: &head,
            asking,
            base: answer.url,
        };
        for (row, cells) in &table.rows[head.row + 1..] {
            if !has_time() {
                file.is_out_of_time = true;
                return Ok(file);
            }
            // A row with one cell is a heading.
            if cells.iter().filter(|cell| !cell.is_empty()).count() < 2 {
                continue;
            }
            file.rows.push(UploadedRow {
                sheet: table.name.clone(),
                number: *row,
                item: reader.item(*row, cells),
            });
        }
    }
    if is_known {
        Ok(file)
    } else {
        Err(Unreadable(without_head(&tables)))
    }
}

impl RowReader<'_> {
    /// Returns a row as it is read, or as it is typed.
    fn item(&self, row: usize, cells: &[SheetCell]) -> UploadedItem {
        let mut ignored = Vec::new();
        if let Some(draft) = self.draft(row, cells, 0, &mut ignored) {
            return UploadedItem::Draft(Box::new(draft));
        }
        let context = DateContext {
            today: self.asking.today,
            year: self.head.year,
        };
        let read = moment::read(self.moment_cells(cells), &context, self.asking.zone);
        let mut typed = EventForm::default();
        for (column, field) in TYPED {
            let text = self.text(cells, column);
            if !text.trim().is_empty() {
                typed.set(field, vec![text]);
            }
        }
        // The list of rows has no choice of hours.
        if typed.filled(FormField::StartTime).is_none() {
            typed.set(FormField::Hours, vec!["to_come".to_owned()]);
        }
        match read {
            // Only the title is missing. Cells with dates have no text, so the time is taken as it is read.
            Ok((when, _)) => {
                let title = Text::default();
                let mut draft = EventDraft::new("", title, Schedule::once(when));
                draft.description = self.say(typed.get(FormField::Description));
                draft.venues = self.venue(cells).into_iter().collect();
                UploadedItem::Draft(Box::new(draft))
            }
            Err(_) => UploadedItem::Typed(typed),
        }
    }
}
