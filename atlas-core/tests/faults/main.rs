//! What happens when the disk is full, cannot be written or read, or no file can be opened: at
//! every call that SQLite makes, and in the files that ATLAS writes itself.

mod care;
mod files;
mod imports;
mod learning;
mod model;
mod openings;
mod place;
mod sessions;
mod tiny;
mod trial;
mod vfs;
