"""Converts the table in a section of a Markdown file to a spreadsheet (.xlsx).

xlsx.py FILE.md HEADING YEAR OUT.xlsx: dates in the table are moved to that year.
"""

import re
import sys
import zipfile
from xml.sax.saxutils import escape

source, heading, year, target = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    section = file.read().split(heading + "\n", 1)[1].split("\n## ", 1)[0]
lines = [line for line in section.splitlines() if line.startswith("|")]
rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "---" not in line]
assert len(rows) > 2, "the section has no table"

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def cell(row, column, text):
    text = re.sub(r"(\d\d\.\d\d\.)\d{4}", rf"\g<1>{year}", text)
    place = f"{chr(ord('A') + column)}{row + 1}"
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


data = "".join(
    f'<row r="{number + 1}">'
    + "".join(cell(number, column, text) for column, text in enumerate(row) if text)
    + "</row>"
    for number, row in enumerate(rows)
)
parts = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Terminliste" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship '
    f'Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>',
}
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
    for name, content in parts.items():
        archive.writestr(name, content)
