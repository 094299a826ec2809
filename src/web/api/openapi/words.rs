//! The words of a calendar that filters take: slugs of its categories, places and so on.

use serde_json::{Value, json};

use crate::catalog::Snapshot;

/// Names the words of a calendar in the filters of the document.
///
/// `x-enum-from-data` tells generators of code that the words are data of one calendar.
pub fn add(document: &mut Value, snapshot: &Snapshot) {
    let words = words(snapshot);
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    let operations = paths.flat_map(|(_, methods)| methods.as_object_mut().into_iter().flatten());
    let parameters =
        operations.filter_map(|(_, operation)| operation.get_mut("parameters")?.as_array_mut());
    for parameter in parameters.flatten() {
        let known = words.iter().find(|(name, _)| parameter["name"] == *name);
        let items = parameter.pointer_mut("/schema/items");
        if let (Some((_, words)), Some(items)) = (known, items)
            && !words.is_empty()
        {
            items["enum"] = json!(words);
            items["x-enum-from-data"] = true.into();
        }
    }
}

fn words(snapshot: &Snapshot) -> [(&'static str, Vec<String>); 7] {
    let municipalities = snapshot.region().municipalities.iter();
    let partners = snapshot.partners().filter(|partners| !partners.internal);
    let categories = snapshot.categories().into_iter();
    let audiences = snapshot.audiences().into_iter();
    let series = snapshot.all_series().into_iter();
    [
        (
            "category",
            categories
                .map(|category| category.slug.to_string())
                .collect(),
        ),
        (
            "audience",
            audiences
                .map(|audience| audience.slug.to_string())
                .collect(),
        ),
        (
            "place",
            snapshot
                .places()
                .map(|places| places.slug.to_string())
                .collect(),
        ),
        (
            "municipality",
            municipalities
                .map(|municipality| municipality.slug.to_string())
                .collect(),
        ),
        (
            "organizer",
            snapshot
                .organizers()
                .map(|organizers| organizers.slug.to_string())
                .collect(),
        ),
        (
            "series",
            series.map(|series| series.slug.to_string()).collect(),
        ),
        (
            "partner",
            partners.map(|partner| partner.id.to_string()).collect(),
        ),
    ]
}
