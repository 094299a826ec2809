//! Values of a partner that an event with several sources does not have.

use calendar_connectors::diagnostic::Diagnostic;
use calendar_domain::{Event, Field, PartnerId, SourceVersion};
use calendar_store::{Store, StoreError, records};

use super::is_origin;

/// Returns a remark about the partner's values that another source of the event outweighs. `planned` has the source
/// versions to be stored, and the fields that a person set.
///
/// # Errors
/// Errors if the store cannot be read.
pub(super) fn remark(
    store: &dyn Store,
    (partner, origin_id): (&PartnerId, &str),
    event: &Event,
    (versions, kept): (&[SourceVersion], &[Field]),
) -> Result<Option<Diagnostic>, StoreError> {
    let mut others = event.sources.iter();
    let Some(other) = others.find(|source| !is_origin(source, partner, origin_id)) else {
        return Ok(None);
    };
    let key = SourceVersion::key_of(partner, origin_id);
    let version = match versions.iter().find(|version| version.id == key) {
        Some(version) => Some(version.clone()),
        None => records::one::<SourceVersion>(store, &key)?.map(|(version, _)| version),
    };
    let Some(version) = version.filter(|version| version.event == event.id) else {
        return Ok(None);
    };
    let is_outweighed = |field: &Field| {
        let told = &version.told;
        *field != Field::Publication
            && !kept.contains(field)
            && !told.is_blank(*field)
            && !event.is_blank(*field)
            && !told.same_value(*field, event)
    };
    let fields = Field::ALL.into_iter().filter(is_outweighed);
    let fields: Vec<&str> = fields.map(Field::as_str).collect();
    if fields.is_empty() {
        return Ok(None);
    }
    let whose = match other.partner == *partner {
        true => format!("you also send it as «{}»; change it there", other.origin_id),
        false => format!("«{}» lists it too", other.partner),
    };
    let detail = format!("the values of another source of this event apply: {whose}");
    Ok(Some(Diagnostic::note(fields.join(", "), detail)))
}
