//! What goes out, and what partners send by themselves.

mod changes;
