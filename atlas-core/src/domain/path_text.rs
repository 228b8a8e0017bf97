//! Paths as text in results: what is not Unicode is shown with `\u{fffd}`, as on a terminal, since
//! JSON cannot hold it.

use std::path::PathBuf;

use serde::{Serialize, Serializer};

/// One path.
pub(crate) fn one<S: Serializer>(path: &std::path::Path, to: S) -> Result<S::Ok, S::Error> {
    path.to_string_lossy().serialize(to)
}

/// One that may be absent.
pub(crate) fn option<S: Serializer>(path: &Option<PathBuf>, to: S) -> Result<S::Ok, S::Error> {
    path.as_ref()
        .map(|path| path.to_string_lossy())
        .serialize(to)
}

/// Several.
pub(crate) fn list<S: Serializer>(paths: &[PathBuf], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(paths.iter().map(|path| path.to_string_lossy()))
}
