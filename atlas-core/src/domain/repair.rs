//! What a repair of the database did.

use std::path::PathBuf;

use serde::Serialize;

use super::path_text;

/// What a repair of the database did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Repair {
    /// What the check found before and finds no more.
    pub repaired: Vec<String>,
    /// What it still finds: it cannot be derived from anything else.
    pub left: Vec<String>,
    /// The database as it was before, for `restore`; absent where nothing was changed, and for a
    /// database in memory.
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    #[serde(serialize_with = "path_text::option")]
    pub copy: Option<PathBuf>,
}
