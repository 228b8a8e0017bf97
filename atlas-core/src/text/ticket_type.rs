//! What kind of ticket the name of a type means, in any language.

use std::sync::OnceLock;

use serde::Deserialize;

use super::terms::folded;

/// The words that ship with ATLAS.
const FILE: &str = include_str!("../../data/ticket_types.toml");

/// Folded words in the names of types.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TicketTypes {
    story: Vec<String>,
    defect: Vec<String>,
}

fn ticket_types() -> &'static TicketTypes {
    static TYPES: OnceLock<TicketTypes> = OnceLock::new();
    TYPES.get_or_init(|| {
        // The file ships with the library, and a test reads it.
        let mut types: TicketTypes = toml::from_str(FILE).unwrap_or_default();
        for word in types.story.iter_mut().chain(&mut types.defect) {
            *word = folded(word);
        }
        types
    })
}

/// Whether a type of this name reports what is wrong: "Bug", "Fehler", "不具合".
pub(crate) fn is_defect(name: &str) -> bool {
    holds(name, &ticket_types().defect)
}

/// Whether a type of this name says what is to be built: "Story", "Verbesserung".
pub(crate) fn is_story(name: &str) -> bool {
    holds(name, &ticket_types().story)
}

fn holds(name: &str, words: &[String]) -> bool {
    let name = folded(name);
    words.iter().any(|word| name.contains(word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_types_are_known_in_many_languages() {
        assert!(toml::from_str::<TicketTypes>(FILE).is_ok());
        for name in [
            "Bug",
            "BUG (production)",
            "Defect",
            "Fehler",
            "Défaut",
            "Błąd",
            "不具合",
            "Ошибка",
        ] {
            assert!(is_defect(name) && !is_story(name), "{name}");
        }
        for name in [
            "Story",
            "User Story",
            "New Feature",
            "Verbesserung",
            "História",
            "改进",
        ] {
            assert!(is_story(name) && !is_defect(name), "{name}");
        }
        for name in ["", "Task", "Epic", "Aufgabe"] {
            assert!(!is_defect(name) && !is_story(name), "{name}");
        }
    }
}
