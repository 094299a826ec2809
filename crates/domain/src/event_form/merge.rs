//! Three-way merge of a form that two people typed in at once.

use super::{EventForm, FormField};

/// The result of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedForm {
    /// The typed form with the changes of the other person.
    pub form: EventForm,
    /// The fields that both changed, to different values. They keep the typed value.
    pub conflicts: Vec<FormField>,
}

impl EventForm {
    /// Merges what was typed into a form that was `base` when it was opened and is `current` now.
    #[must_use]
    pub fn merged(self, base: &Self, current: &Self) -> MergedForm {
        let mut merged = MergedForm {
            form: self,
            conflicts: Vec::new(),
        };
        for field in FormField::ALL {
            let (was, is) = (base.all(*field), current.all(*field));
            let typed = merged.form.all(*field);
            if is == was || is == typed {
                continue;
            }
            if typed == was {
                merged.form.set(*field, is.to_vec());
            } else {
                merged.conflicts.push(*field);
            }
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_people_who_type_in_different_fields_lose_nothing() {
        let base = EventForm::from_pairs([("title", "Konsert"), ("date", "8.6.2027")]);
        let current = base.clone().with(FormField::Summary, "En kveld");
        let mut typed = base.clone();
        typed.set(FormField::Title, vec!["Sommerkonsert".into()]);
        let merged = typed.clone().merged(&base, &current);
        assert!(merged.conflicts.is_empty());
        assert_eq!(merged.form.get(FormField::Title), "Sommerkonsert");
        assert_eq!(merged.form.get(FormField::Summary), "En kveld");
        let mut current = current;
        current.set(FormField::Title, vec!["Vinterkonsert".into()]);
        let merged = typed.merged(&base, &current);
        assert_eq!(merged.conflicts, [FormField::Title]);
        assert_eq!(merged.form.get(FormField::Title), "Sommerkonsert");
    }
}
