//! JSON schemas of the parts of the JSON form that are not derived.

use std::borrow::Cow;

use utoipa::openapi::schema::{ArrayBuilder, OneOfBuilder, Type};
use utoipa::openapi::{ObjectBuilder, Ref, RefOr, Schema, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use crate::{Lang, Text};

/// The schema of a value.
pub type WordSchema = RefOr<Schema>;

/// Returns a reference to a schema of the document.
#[must_use]
pub fn named(name: &str) -> WordSchema {
    Ref::from_schema_name(name).into()
}

/// Returns the schema of `null` or a value of a schema of the document.
#[must_use]
pub fn nullable(name: &str) -> WordSchema {
    let null = ObjectBuilder::new().schema_type(Type::Null);
    let either = OneOfBuilder::new().item(named(name)).item(null);
    either.into()
}

/// Returns the schema of `null` or an address.
#[must_use]
pub fn nullable_url() -> WordSchema {
    let types = [Type::String, Type::Null].into_iter();
    let url =
        ObjectBuilder::new().schema_type(types.collect::<utoipa::openapi::schema::SchemaType>());
    url.format(Some(SchemaFormat::Custom("uri".to_owned())))
        .into()
}

/// Returns the schema of an array.
#[must_use]
pub fn array(items: WordSchema) -> WordSchema {
    ArrayBuilder::new().items(items).into()
}

/// Returns the schema of a BCP 47 tag.
pub(crate) fn language_tag() -> WordSchema {
    let tag = ObjectBuilder::new().schema_type(Type::String);
    tag.examples(["nb", "nsl", "nb-simple"]).into()
}

impl PartialSchema for Text {
    fn schema() -> WordSchema {
        let text = ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some(
                "A text by language; languages without a text are absent.",
            ));
        let member = || ObjectBuilder::new().schema_type(Type::String);
        let text = Lang::ALL
            .into_iter()
            .fold(text, |text, lang| text.property(lang.tag(), member()));
        let example = serde_json::json!({"nb": "Sommerkonsert", "en": "Summer concert"});
        text.examples([example]).into()
    }
}

impl ToSchema for Text {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Text")
    }
}
