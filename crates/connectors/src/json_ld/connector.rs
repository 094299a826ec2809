//! The connector of pages with JSON-LD or microdata.

use serde_json::Value;
use url::Url;

use super::event::JsonLdReader;
use super::{find, microdata, repair, sitemap};
use crate::connector::{
    Certainty, Connector, Detection, FetchContext, ParsedItem, ParsedPage, PartnerResponse,
    Request, Unreadable,
};
use crate::diagnostic::Diagnostic;
use crate::parse::charset;
use crate::{html, identity, xml};
use calendar_domain::Lang;

/// The connector of schema.org events.
pub struct JsonLdConnector;

impl Connector for JsonLdConnector {
    fn id(&self) -> &'static str {
        "json_ld"
    }

    fn about(&self) -> &'static str {
        "schema.org events in web pages (JSON-LD or microdata), including the pages of a sitemap"
    }

    fn first(&self, asking: &FetchContext<'_>) -> Request {
        Request::to(asking.url.clone()).accepting(sitemap::ACCEPT)
    }

    fn read(
        &self,
        answer: &PartnerResponse<'_>,
        asking: &FetchContext<'_>,
    ) -> Result<ParsedPage, Unreadable> {
        let text = charset::text(answer.bytes, answer.media_type);
        if answer.purpose != sitemap::PAGE && looks_like_sitemap(&text) {
            let root = xml::read(&text).map_err(|error| Unreadable(error.to_string()))?;
            return sitemap::read(&root, answer.url, answer.purpose, asking);
        }
        let told = values(&text, answer.url)?;
        if told.values.is_empty() && told.remarks.is_empty() && answer.purpose != sitemap::PAGE {
            return Err(Unreadable("it contains no schema.org data".into()));
        }
        Ok(page(told, asking))
    }

    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection> {
        let text = charset::text(answer.bytes, answer.media_type);
        let found = |certainty, why: String| {
            Some(Detection {
                certainty,
                why,
                url: None,
            })
        };
        if looks_like_sitemap(&text) {
            let why = "it is a sitemap, whose pages may contain schema.org events";
            return found(Certainty::Linked, why.into());
        }
        let told = values(&text, answer.url).ok()?;
        let events = find::events(&told.values);
        let dated = events
            .iter()
            .filter(|event| !crate::linked_data::field(&event.object, "startDate").is_null());
        match (dated.count(), told.form) {
            (0, _) => None,
            (count, Form::Page(how)) => {
                let why = format!("the page contains schema.org events as {how}: {count}");
                found(Certainty::Likely, why)
            }
            (count, Form::Alone) => found(
                Certainty::Certain,
                format!("it is JSON-LD with schema.org events: {count}"),
            ),
        }
    }

    /// The site's sitemap.
    fn candidate_urls(&self, url: &Url) -> Vec<Url> {
        let paths = ["/sitemap.xml", "/sitemap_index.xml"];
        paths
            .iter()
            .filter_map(|path| url.join(path).ok())
            .collect()
    }
}

fn looks_like_sitemap(text: &str) -> bool {
    let head: String = text.chars().take(2_000).collect();
    let named =
        |name: &str| head.contains(&format!("<{name}")) || head.contains(&format!(":{name}"));
    head.trim_start().starts_with('<')
        && !head.contains("<html")
        && (named("urlset") || named("sitemapindex"))
}

/// The format of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Page(&'static str),
    Alone,
}

/// The data of a response.
struct JsonValues {
    values: Vec<Value>,
    remarks: Vec<Diagnostic>,
    language: Option<Lang>,
    base: Url,
    form: Form,
    /// Whether the response is truncated or partly unreadable, so that there may be more events.
    is_truncated: bool,
}

fn values(text: &str, url: &Url) -> Result<JsonValues, Unreadable> {
    let mut told = JsonValues {
        values: Vec::new(),
        remarks: Vec::new(),
        language: None,
        base: url.clone(),
        form: Form::Alone,
        is_truncated: false,
    };
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with(['{', '[']) {
        let (values, mended) = repair::read(text).map_err(Unreadable)?;
        note_mended(&mut told, mended, "the response");
        told.values = values;
    } else if start.starts_with('<') {
        from_page(&mut told, text)?;
    }
    Ok(told)
}

fn note_mended(told: &mut JsonValues, mended: bool, at: &str) {
    if mended {
        let detail = "its JSON is invalid; common mistakes were corrected";
        told.remarks.push(Diagnostic::warning(at, detail));
    }
}

fn from_page(told: &mut JsonValues, text: &str) -> Result<(), Unreadable> {
    told.form = Form::Page("JSON-LD");
    let page = html::parse(text)?;
    told.base = html::base(&page, &told.base);
    let root = page.root_element();
    told.language = root.value().attr("lang").and_then(|attr| attr.parse().ok());
    let blocks = html::select("script[type]");
    let blocks = blocks
        .iter()
        .flat_map(|block| page.select(block))
        .filter(|select| {
            let kind = select.value().attr("type").unwrap_or_default();
            kind.trim()
                .to_ascii_lowercase()
                .starts_with("application/ld+json")
        });
    for (index, block) in blocks.enumerate().take(500) {
        let text: String = block.text().collect();
        let at = format!("data block {}", index + 1);
        if text.trim().is_empty() {
            continue;
        }
        match repair::read(&text) {
            Ok((values, mended)) => {
                note_mended(told, mended, &at);
                told.values.extend(values);
            }
            Err(error) => {
                told.is_truncated = true;
                let detail = format!("it is not JSON: {error}");
                told.remarks.push(Diagnostic::error(at, detail));
            }
        }
    }
    if breaks_off(text) {
        told.is_truncated = true;
        let detail = "it breaks off; missing events are kept";
        told.remarks.push(Diagnostic::error("the page", detail));
    }
    if find::events(&told.values).is_empty() {
        let items = microdata::items(&page, &told.base);
        if !find::events(&items).is_empty() {
            told.form = Form::Page("microdata");
        }
        told.values.extend(items);
    }
    Ok(())
}

/// Returns true if a page ends inside a tag or a script.
fn breaks_off(text: &str) -> bool {
    let last = |word: &str| text.rfind(word);
    last("<") > last(">") || last("<script") > last("</script")
}

fn page(told: JsonValues, asking: &FetchContext<'_>) -> ParsedPage {
    let reader = JsonLdReader {
        base: &told.base,
        language: told.language.unwrap_or(asking.language),
        asking,
    };
    let mut remarks = told.remarks;
    let found = find::events(&told.values);
    let drafts = found.iter().enumerate();
    let drafts = drafts.filter_map(|(index, value)| reader.draft(value, index + 1, &mut remarks));
    let mut items: Vec<ParsedItem> = drafts
        .map(|draft| ParsedItem::Event(Box::new(draft)))
        .collect();
    identity::tell_apart(&mut items);
    ParsedPage {
        items,
        remarks,
        is_truncated: told.is_truncated,
        ..ParsedPage::default()
    }
}
