//! Attributes that connect a field with what stands beside it.

/// Returns `aria-describedby` with the elements that are there, each the id with a suffix, and `aria-invalid` if the error is
/// among them: attributes with a leading space, or an empty string. Safe to write unescaped.
pub fn described_by(id: &str, elements: &[(&str, bool)]) -> String {
    let there = elements.iter().filter(|(_, is_there)| *is_there);
    let ids: Vec<String> = there.map(|(suffix, _)| format!("{id}-{suffix}")).collect();
    let mut attributes = String::new();
    if !ids.is_empty() {
        attributes = format!(" aria-describedby=\"{}\"", ids.join(" "));
    }
    if elements.contains(&("error", true)) {
        attributes.push_str(" aria-invalid=\"true\"");
    }
    attributes
}
