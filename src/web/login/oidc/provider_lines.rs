//! Providers and identities, as finished texts and addresses.

/// A button that signs in with a provider, or links its identity to one's account.
#[derive(Debug)]
pub(in crate::web::login) struct ProviderButton {
    /// «Logg inn med ID-porten».
    pub(in crate::web::login) label: String,
    /// Address of the form.
    pub(in crate::web::login) action: String,
    /// Id of the provider.
    pub(in crate::web::login) id: String,
    /// A sentence above the button; may be empty.
    pub(in crate::web::login) hint: String,
}

/// An identity in the list of one's own account.
#[derive(Debug)]
pub(in crate::web::login) struct LinkedIdentity {
    /// What the form sends to remove it.
    pub(in crate::web::login) id: String,
    /// Name of the provider.
    pub(in crate::web::login) name: String,
    /// «Knyttet til 1. desember 2026».
    pub(in crate::web::login) linked: String,
}
