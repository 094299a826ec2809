//! The connector of tables.

use std::collections::HashSet;

use super::row::RowReader;
use super::sheet::Table;
use super::{archive, columns, sheet};
use crate::connector::{
    Certainty, Connector, Detection, FetchContext, ParsedItem, ParsedPage, PartnerResponse,
    Request, Unreadable,
};
use crate::diagnostic::Diagnostic;
use crate::identity;
use crate::parse::charset;

/// The `Accept` header.
const ACCEPT: &str =
    "text/csv, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, */*;q=0.5";
/// First bytes of an Excel file from before 2007.
pub(crate) const OLD_OFFICE: &[u8] = b"\xd0\xcf\x11\xe0";

/// The connector of tables.
pub struct Tabular;

impl Connector for Tabular {
    fn id(&self) -> &'static str {
        "tabular"
    }

    fn about(&self) -> &'static str {
        "a table with a row for each event: CSV, or a spreadsheet (.xlsx)"
    }

    fn first(&self, asking: &FetchContext<'_>) -> Request {
        Request::to(exported(asking.url)).accepting(ACCEPT)
    }

    fn read(
        &self,
        answer: &PartnerResponse<'_>,
        asking: &FetchContext<'_>,
    ) -> Result<ParsedPage, Unreadable> {
        let mut page = ParsedPage::default();
        let tables = tables(answer, &mut page.remarks)?;
        page.is_truncated = tables.iter().any(|table| table.is_truncated);
        if page.is_truncated {
            let detail = "it could not be read completely; missing events are kept";
            page.remarks.push(Diagnostic::error("the table", detail));
        }
        let mut known = false;
        let mut number = 0;
        for table in &tables {
            let Some(head) = columns::head(table) else {
                if tables.len() > 1 && !table.rows.is_empty() {
                    let detail = "it has no header row with a title and a date; left out";
                    page.remarks
                        .push(Diagnostic::warning(format!("sheet {}", table.name), detail));
                }
                continue;
            };
            known = true;
            if !head.unknown.is_empty() {
                let detail = format!("unknown columns are ignored: {}", head.unknown.join(", "));
                page.remarks.push(Diagnostic::warning("columns", detail));
            }
            let reader = RowReader {
                head: &head,
                asking,
                base: answer.url,
            };
            for (row, cells) in &table.rows[head.row + 1..] {
                number += 1;
                if cells.iter().filter(|cell| !cell.is_empty()).count() < 2 {
                    let detail = "it has only one cell; read as a heading";
                    page.remarks
                        .push(Diagnostic::warning(format!("row {row}"), detail));
                    continue;
                }
                let draft = reader.draft(*row, cells, number, &mut page.remarks);
                page.items
                    .extend(draft.map(|draft| ParsedItem::Event(Box::new(draft))));
            }
        }
        if !known {
            return Err(Unreadable(without_head(&tables)));
        }
        identity::tell_apart(&mut page.items);
        drop_repeated(&mut page);
        Ok(page)
    }

    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection> {
        let tables = tables(answer, &mut Vec::new()).ok()?;
        let head = tables.iter().find_map(columns::head)?;
        let count = head.columns.iter().flatten().count();
        let workbook = archive::is_archive(answer.bytes);
        let (certainty, what) = if workbook {
            (Certainty::Certain, "a spreadsheet")
        } else {
            (Certainty::Likely, "a table")
        };
        Some(Detection {
            certainty,
            why: format!("it is {what} with a title, a date and {count} known columns in all"),
            url: None,
        })
    }

    /// The export of a Google spreadsheet, whose browser address people copy.
    fn candidate_urls(&self, url: &url::Url) -> Vec<url::Url> {
        let file = exported(url);
        if file == *url { Vec::new() } else { vec![file] }
    }
}

pub(super) fn without_head(tables: &[Table]) -> String {
    let first = tables.iter().find(|table| !table.rows.is_empty());
    first.map_or_else(|| "it is empty".into(), columns::without_head)
}

/// Returns why a table or workbook yields no events. Returns `None` if the response is neither.
#[must_use]
pub fn why_unread(answer: &PartnerResponse<'_>) -> Option<String> {
    let is_workbook = archive::is_archive(answer.bytes) || answer.bytes.starts_with(OLD_OFFICE);
    match tables(answer, &mut Vec::new()) {
        Err(why) => is_workbook.then_some(why.0),
        Ok(tables) => {
            let wide = |table: &Table| {
                let rows = table.rows.iter().filter(|row| row.1.len() > 1);
                rows.count() * 2 > table.rows.len()
            };
            (is_workbook || tables.iter().any(wide)).then(|| without_head(&tables))
        }
    }
}

/// Says what a file of Microsoft's older container is: that of Office before 2007, and of what has a password.
pub(crate) fn old_office(bytes: &[u8]) -> &'static str {
    // The names of what is in it are UTF-16.
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(name.len()).any(|pair| pair == name)
    };
    if has("EncryptedPackage") {
        "it is protected by a password; remove the password, and save it as .xlsx or CSV"
    } else if has("WordDocument") {
        archive::TEXT
    } else {
        "it is a workbook in the format before Excel 2007; save it as .xlsx or CSV"
    }
}

/// Returns the export address of a Google spreadsheet; other addresses are returned unchanged.
fn exported(url: &url::Url) -> url::Url {
    let mut parts = url.path_segments().into_iter().flatten();
    let is_sheet =
        url.host_str() == Some("docs.google.com") && parts.next() == Some("spreadsheets");
    let id = parts
        .nth(1)
        .filter(|_| is_sheet && !url.path().contains("/export") && !url.path().contains("/d/e/"));
    let exported = id.and_then(|id| {
        url.join(&format!("/spreadsheets/d/{id}/export?format=xlsx"))
            .ok()
    });
    exported.unwrap_or_else(|| url.clone())
}

pub(super) fn tables(
    answer: &PartnerResponse<'_>,
    remarks: &mut Vec<Diagnostic>,
) -> Result<Vec<Table>, Unreadable> {
    if archive::is_archive(answer.bytes) {
        return sheet::of_workbook(answer.bytes, remarks);
    }
    let unreadable = |why: &str| Err(Unreadable(why.into()));
    if answer.bytes.starts_with(OLD_OFFICE) {
        return unreadable(old_office(answer.bytes));
    }
    if matches!(answer.first_byte(), Some(b'<' | b'{' | b'[') | None) {
        return unreadable("it is not a table");
    }
    let text = charset::text(answer.bytes, answer.media_type);
    if text.contains('\0') || text.starts_with("BEGIN:") {
        return unreadable("it is not a table");
    }
    Ok(vec![sheet::of_text(&text, remarks)])
}

/// Removes rows that repeat an earlier event at the same time and place.
fn drop_repeated(page: &mut ParsedPage) {
    let mut known = HashSet::new();
    let remarks = &mut page.remarks;
    page.items.retain(|item| {
        let ParsedItem::Event(draft) = item else {
            return true;
        };
        let is_new = known.insert(draft.origin_id.clone());
        if !is_new {
            let title = draft.title.iter().next().map(|title| title.text.to_owned());
            let at = format!("event ({})", title.unwrap_or_default());
            remarks.push(Diagnostic::warning(
                at,
                "it occurs more than once in the table; the first row applies",
            ));
        }
        is_new
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_google_sheet_is_asked_for_as_a_file() {
        let of = |text: &str| exported(&text.parse().unwrap()).to_string();
        let file = "https://docs.google.com/spreadsheets/d/abc123/export?format=xlsx";
        assert_eq!(
            of("https://docs.google.com/spreadsheets/d/abc123/edit#gid=0"),
            file
        );
        for own in [
            file,
            "https://docs.google.com/spreadsheets/d/e/2PACX/pub?output=csv",
            "https://klubb.example/d/x.csv",
        ] {
            assert_eq!(of(own), own);
        }
    }
}
