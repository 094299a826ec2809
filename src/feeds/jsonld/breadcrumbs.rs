//! The way from the front page to a page.

use serde_json::{Value, json};

/// A step: the name of a page and its absolute address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breadcrumb {
    /// The name.
    pub name: String,
    /// The address.
    pub url: String,
}

/// Returns the steps as a `BreadcrumbList`, the front page first.
#[must_use]
pub fn breadcrumbs(steps: &[Breadcrumb]) -> Value {
    let numbered = (1..).zip(steps);
    let items: Vec<Value> = numbered
        .map(|(position, step): (usize, &Breadcrumb)| {
            json!({"@type": "ListItem", "position": position, "name": step.name, "item": step.url})
        })
        .collect();
    json!({"@type": "BreadcrumbList", "itemListElement": items})
}
