//! Microdata (HTML Living Standard section 5.2), converted to JSON-LD. Used for pages without JSON-LD events.

use scraper::{ElementRef, Html};
use serde_json::{Map, Value};
use url::Url;

use crate::html::select;

/// Maximum depth of nested items.
const DEPTH: usize = 16;
/// Maximum number of items of a page.
const ITEMS: usize = 5_000;
/// Maximum number of properties of an item.
const PROPERTIES: usize = 1_000;
/// Length in bytes after which a text is cut off.
const LENGTH: usize = 20_000;

/// Returns the top-level items of a page.
#[must_use]
pub fn items(page: &Html, base: &Url) -> Vec<Value> {
    let Some(selector) = select("[itemscope]") else {
        return Vec::new();
    };
    let outer = page.select(&selector).filter(|select| {
        let above = select.ancestors().filter_map(ElementRef::wrap);
        select.value().attr("itemprop").is_none()
            || !above
                .into_iter()
                .any(|select| select.value().attr("itemscope").is_some())
    });
    outer
        .take(ITEMS)
        .map(|select| item(select, base, 0))
        .collect()
}

fn item(element: ElementRef<'_>, base: &Url, depth: usize) -> Value {
    let mut object = Map::new();
    if let Some(types) = element.value().attr("itemtype") {
        let types = types
            .split_whitespace()
            .map(|word| Value::from(word.to_owned()));
        object.insert("@type".into(), Value::Array(types.collect()));
    }
    if let Some(id) = element.value().attr("itemid") {
        object.insert("@id".into(), id.into());
    }
    // Walks the tree itself, since properties of nested items belong to those.
    let mut waiting: Vec<ElementRef<'_>> = children(element);
    let mut properties = 0;
    while let Some(element) = waiting.pop() {
        if properties == PROPERTIES {
            break;
        }
        let scope = element.value().attr("itemscope").is_some();
        if let Some(names) = element.value().attr("itemprop") {
            properties += 1;
            let value = match scope {
                true if depth < DEPTH => item(element, base, depth + 1),
                true => continue,
                false => value(element, base),
            };
            for name in names.split_whitespace() {
                add(&mut object, name, value.clone());
            }
        }
        if !scope {
            waiting.extend(children(element));
        }
    }
    Value::Object(object)
}

/// Returns the child elements in reverse order, to be popped from the end.
fn children(element: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let mut all: Vec<_> = element.children().filter_map(ElementRef::wrap).collect();
    all.reverse();
    all
}

fn add(object: &mut Map<String, Value>, name: &str, value: Value) {
    match object.get_mut(name) {
        None => {
            object.insert(name.to_owned(), value);
        }
        Some(Value::Array(list)) => list.push(value),
        Some(other) => {
            let first = other.take();
            *other = Value::Array(vec![first, value]);
        }
    }
}

/// Returns the value of a property. `content` is used on any element, since authors put it on any.
fn value(element: ElementRef<'_>, base: &Url) -> Value {
    let attribute = |name: &str| element.value().attr(name);
    let address = |name: &str| {
        let told = attribute(name)?;
        Some(
            base.join(told)
                .map_or_else(|_| told.to_owned(), |join| join.to_string()),
        )
    };
    let told = attribute("content").map(str::to_owned);
    let told = told.or_else(|| match element.value().name() {
        "a" | "area" | "link" => address("href"),
        "img" | "audio" | "video" | "iframe" | "embed" | "source" | "track" => address("src"),
        "object" => address("data"),
        "data" | "meter" => attribute("value").map(str::to_owned),
        "time" => attribute("datetime").map(str::to_owned),
        _ => None,
    });
    let told = told.unwrap_or_else(|| {
        let mut text = String::new();
        for part in element.text() {
            if text.len() > LENGTH {
                break;
            }
            text.push_str(part);
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ")
    });
    Value::String(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn items_become_objects_and_each_property_belongs_to_its_own_item() {
        let html = "<div itemscope itemtype='http://schema.org/Event'><a itemprop='url' href='/k'>\
            <span itemprop=name>Konsert\n ute</span></a><time itemprop=startDate datetime=2027-06-01>x</time>\
            <div itemprop=location itemscope itemtype='http://schema.org/Place'><b itemprop=name>Huset</b></div>\
            <img itemprop=image src=a.jpg><i itemprop=keywords>a</i><i itemprop=keywords>b</i></div>";
        let base = "https://eksempel.example/x/".parse().unwrap();
        let found = items(&Html::parse_document(html), &base);
        let expected = json!([{
            "@type": ["http://schema.org/Event"], "url": "https://eksempel.example/k", "name": "Konsert ute",
            "startDate": "2027-06-01", "image": "https://eksempel.example/x/a.jpg", "keywords": ["a", "b"],
            "location": {"@type": ["http://schema.org/Place"], "name": "Huset"},
        }]);
        assert_eq!(json!(found), expected);
    }
}
