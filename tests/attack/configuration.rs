//! Settings that are wrong in a way that an operator would not notice.
