"""Validates feeds.

    validate.py atom|rss|json|csv FILE...

Prints one line of JSON per file: a list of complaints, empty for a valid feed. Atom and RSS are read by atoma and
feedparser; requirements of RFC 4287 and RSS 2.0 that both ignore are checked here. JSON Feed is validated by the
schema beside this file, CSV by RFC 4180.
"""

import csv
import datetime
import email.utils
import io
import json
import pathlib
import re
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 822 section 5.1 with the four-digit year that RSS 2.0 prefers.
RFC_822 = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d(:\d\d)? ([+-]\d{4}|GMT|UT)"
)
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def absolute(address):
    parts = urllib.parse.urlsplit(address or "")
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", address)


def one(parent, name, complaints, where):
    """Returns the text of an element that must occur exactly once and be non-empty."""
    found = parent.findall(name)
    text = (found[0].text or "").strip() if found else ""
    name = name.rpartition("}")[2]
    if len(found) != 1:
        complaints.append(f"{where}: {len(found)} {name}")
    elif not text:
        complaints.append(f"{where}: {name} is empty")
    return text


def unique(ids, complaints):
    complaints += [f"the id {twice} stands twice" for twice in {i for i in ids if ids.count(i) > 1}]


def by_feedparser(data, version, items):
    import feedparser

    feed = feedparser.parse(data)
    complaints = [f"feedparser: {feed.get('bozo_exception')}"] if feed.bozo else []
    if feed.version != version:
        complaints.append(f"feedparser takes it for {feed.version!r}")
    if len(feed.entries) != items:
        complaints.append(f"feedparser reads {len(feed.entries)} of {items} items")
    for entry in feed.entries:
        for name in ("id", "title", "link", "published_parsed"):
            if not entry.get(name):
                complaints.append(f"feedparser finds no {name} in {entry.get('id')}")
    return complaints


def by_atoma(parse, data):
    import atoma

    try:
        parse(data)
    except (atoma.FeedParseError, KeyError) as error:
        # It raises KeyError for a missing required attribute.
        return [f"atoma: {error!r}"]
    return []


def instant(text, complaints, where):
    try:
        if not RFC_3339.fullmatch(text):
            raise ValueError("not RFC 3339")
        datetime.datetime.fromisoformat(text)
    except ValueError as error:
        complaints.append(f"{where}: {text!r}: {error}")


def links(parent, complaints, where):
    """Returns the links by relation. Every URL must be absolute, and each relation unique."""
    all_links = {}
    for link in parent.findall(f"{ATOM}link"):
        relation = link.get("rel", "alternate")
        if relation in all_links:
            complaints.append(f"{where}: two links {relation}")
        if not absolute(link.get("href")):
            complaints.append(f"{where}: link {relation} is not absolute: {link.get('href')!r}")
        all_links[relation] = link.get("href")
    return all_links


def atom(data):
    import atoma

    root = ElementTree.fromstring(data)
    complaints = by_atoma(atoma.parse_atom_bytes, data)
    entries = root.findall(f"{ATOM}entry")
    complaints += by_feedparser(data, "atom10", len(entries))
    ids = []
    for parent in [root, *entries]:
        where = "feed" if parent is root else f"entry {len(ids)}"
        # RFC 4287 sections 4.1.1 and 4.1.2: exactly one of each; section 4.2.6: an id is an absolute IRI.
        found = one(parent, f"{ATOM}id", complaints, where)
        if not absolute(found):
            complaints.append(f"{where}: the id is no absolute IRI: {found!r}")
        ids.append(found)
        one(parent, f"{ATOM}title", complaints, where)
        instant(one(parent, f"{ATOM}updated", complaints, where), complaints, where)
        for published in parent.findall(f"{ATOM}published"):
            instant(published.text or "", complaints, where)
        relations = links(parent, complaints, where)
        wanted = ("self", "alternate") if parent is root else ("alternate",)
        complaints += [f"{where}: no link {rel}" for rel in wanted if rel not in relations]
        for category in parent.findall(f"{ATOM}category"):
            if not category.get("term"):
                complaints.append(f"{where}: a category without a term")
    unique(ids, complaints)
    author = root.find(f"{ATOM}author/{ATOM}name")
    if author is None or not (author.text or "").strip():
        complaints.append("feed: no author")
    return complaints


def date_822(text, complaints, where):
    if not RFC_822.fullmatch(text):
        complaints.append(f"{where}: {text!r} is no date of RFC 822")
    elif "," in text and email.utils.parsedate_to_datetime(text).strftime("%a") != text[:3]:
        complaints.append(f"{where}: {text!r} is another day of the week")


def rss(data):
    import atoma

    root = ElementTree.fromstring(data)
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None:
        return ["this is no RSS 2.0"]
    complaints = by_atoma(atoma.parse_rss_bytes, data)
    items = channel.findall("item")
    complaints += by_feedparser(data, "rss20", len(items))
    for name in ("title", "description"):
        one(channel, name, complaints, "channel")
    if not absolute(one(channel, "link", complaints, "channel")):
        complaints.append("channel: the link is not absolute")
    date_822(one(channel, "lastBuildDate", complaints, "channel"), complaints, "channel")
    if "self" not in links(channel, complaints, "channel"):
        complaints.append("channel: no link self")
    ids = []
    for number, item in enumerate(items, 1):
        where = f"item {number}"
        one(item, "title", complaints, where)
        one(item, "description", complaints, where)
        if not absolute(one(item, "link", complaints, where)):
            complaints.append(f"{where}: the link is not absolute")
        date_822(one(item, "pubDate", complaints, where), complaints, where)
        ids.append(one(item, "guid", complaints, where))
        guid = item.find("guid")
        # A guid without the attribute is taken as a permalink.
        if guid is not None and guid.get("isPermaLink", "true") != "false" and not absolute(guid.text):
            complaints.append(f"{where}: the guid claims to be an address: {guid.text!r}")
    unique(ids, complaints)
    return complaints


def json_feed(data):
    import jsonschema

    schema = json.loads(pathlib.Path(__file__).with_name("json-feed-1.1.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    # Naming the format requires rfc3339-validator, without which the library would accept any date.
    dates = jsonschema.FormatChecker(formats=["date-time"])
    feed = json.loads(data.decode("utf-8"))
    found = jsonschema.Draft202012Validator(schema, format_checker=dates).iter_errors(feed)
    complaints = [f"{error.json_path}: {error.message[:200]}" for error in found]
    unique([item.get("id") for item in feed.get("items", [])], complaints)
    return complaints


def table(data):
    text = data.decode("utf-8")
    complaints = []
    if re.search(r"(?<!\r)\n", re.sub(r'"(?:[^"]|"")*"', "", text)):
        complaints.append("a record ends without CRLF")
    if not text.endswith("\r\n"):
        complaints.append("the last record does not end")
    records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    header = records[0] if records else []
    if len(set(header)) != len(header) or not all(re.fullmatch("[a-z_]+", name) for name in header):
        complaints.append(f"this is no header: {header}")
    for number, record in enumerate(records[1:], 2):
        if len(record) != len(header):
            complaints.append(f"record {number}: {len(record)} fields, the header has {len(header)}")
        for cell in record:
            # Spreadsheets interpret this as a formula, some also after leading blanks.
            formula = re.match(r"\s*[=+\-@＝＋－＠]|[\t\r\n]", cell)
            if formula and not re.fullmatch(r"-?\d+(\.\d+)?", cell):
                complaints.append(f"record {number}: a formula: {cell[:40]!r}")
    unique([record[0] for record in records if record], complaints)
    return complaints


def main():
    checks = {"atom": atom, "rss": rss, "json": json_feed, "csv": table}
    for path in sys.argv[2:]:
        try:
            complaints = checks[sys.argv[1]](pathlib.Path(path).read_bytes())
        except (ElementTree.ParseError, ValueError, csv.Error) as error:
            complaints = [f"unreadable: {error}"]
        print(json.dumps(complaints))


main()
