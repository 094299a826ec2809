<<<<<<< HEAD
//! The program.
=======
>>>>>>> a153431 (Expand recurrence rules: RFC 5545 in full, bounded by construction)
fn main() {}
