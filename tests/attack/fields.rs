//! Values of fields that no calendar survives unless they are refused.
