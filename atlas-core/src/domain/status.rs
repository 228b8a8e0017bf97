//! Which statuses mean that the work on a ticket is over, by their names alone.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use super::folded_name;

const NAMES: &str = include_str!("../../data/statuses.toml");

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct StatusNames {
    done: BTreeSet<String>,
    open: BTreeSet<String>,
}

static FOLDED: LazyLock<StatusNames> = LazyLock::new(|| {
    // A test reads the file, so that it cannot be wrong here.
    let names: StatusNames = toml::from_str(NAMES).unwrap_or_default();
    let folded = |names: BTreeSet<String>| names.iter().map(|name| folded_name(name)).collect();
    StatusNames {
        done: folded(names.done),
        open: folded(names.open),
    }
});

/// The names of statuses that are done, folded; `data/statuses.toml` has them.
pub(crate) fn done_statuses() -> &'static BTreeSet<String> {
    &FOLDED.done
}

/// Whether a category of statuses is the one of what is done, by its name; nothing for a name that
/// is not known.
pub(crate) fn is_done_category(name: &str) -> Option<bool> {
    let name = folded_name(name);
    let is_done = FOLDED.done.contains(&name);
    (is_done || FOLDED.open.contains(&name)).then_some(is_done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_can_be_read() {
        let names: StatusNames = toml::from_str(NAMES).unwrap();
        assert!(names.done.iter().all(|name| !folded_name(name).is_empty()));
        assert!(done_statuses().is_disjoint(&FOLDED.open));
        assert_eq!(is_done_category("ЗАКРЫТО"), Some(true));
        assert_eq!(is_done_category("En cours"), Some(false));
        assert_eq!(is_done_category("Somewhere"), None);
    }
}
