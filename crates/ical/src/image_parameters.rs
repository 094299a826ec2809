//! Parameters of IMAGE that RFC 7986 6.1 does not define but allows. Clients that do not know them ignore them.

/// What the image shows.
pub(crate) const IMAGE_ALT: &str = "X-ALT";
/// The creator of the image.
pub(crate) const IMAGE_CREDIT: &str = "X-CREDIT";
/// The licence of the image, by address or else by name.
pub(crate) const IMAGE_LICENCE: &str = "X-LICENSE";
