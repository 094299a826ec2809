//! Files and folders: permissions, symbolic links, names, what is missing.
