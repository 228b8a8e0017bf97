//! What columns are called: the names of each field in the tools and languages that testers have.
//!
//! The names stand in `data/columns.toml`, a section for each kind of table.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

const NAMES: &str = include_str!("../../data/columns.toml");

/// A name that was found by leaving words out comes after those that were found whole.
const REDUCED: usize = 10_000;

type ColumnsFile = BTreeMap<String, BTreeMap<String, Vec<String>>>;

static SECTIONS: LazyLock<HashMap<String, ColumnSection>> = LazyLock::new(|| {
    // A test reads the file, so that it cannot be wrong here.
    let file: ColumnsFile = toml::from_str(NAMES).unwrap_or_default();
    let words = ColumnWords::new(file.get("words"));
    let section = |(name, fields): (&String, &BTreeMap<String, Vec<String>>)| {
        (name.clone(), ColumnSection::new(fields, &words))
    };
    file.iter().map(section).collect()
});

static NONE: LazyLock<ColumnSection> = LazyLock::new(ColumnSection::default);

/// The names of a section of `data/columns.toml`.
pub(crate) fn section(name: &str) -> &'static ColumnSection {
    SECTIONS.get(name).unwrap_or(&NONE)
}

/// A name or a short value as it is compared: compatible forms, case and accents are folded,
/// blanks collapsed, byte-order marks, quotes and asterisks at its ends taken away.
pub(crate) fn fold(name: &str) -> String {
    let folded: String = match name.is_ascii() {
        true => name.to_ascii_lowercase(),
        false => {
            let compatible: String = name.nfkc().collect();
            // Upper case first: `ß` and `ss`, the two sigmas and the two `ı` become one.
            let lower = compatible.to_uppercase().to_lowercase().replace('ς', "σ");
            let is_accent = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
            lower.nfd().filter(|c| !is_accent(c)).nfc().collect()
        }
    };
    let is_unseen = |c: char| matches!(c, '\u{feff}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let seen: String = folded.chars().filter(|c| !is_unseen(*c)).collect();
    let edge = |c: char| c.is_whitespace() || c.is_control() || "\"'`*´‘’“”„«»‹›".contains(c);
    let words: Vec<&str> = seen.trim_matches(edge).split_whitespace().collect();
    words.join(" ")
}

/// A folded name without blanks and punctuation: `Issue key`, `issueKey` and `issue_key` are one.
pub(crate) fn plain(name: &str) -> String {
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The two parts of a name such as `Custom field (Epic Link)`.
pub(crate) fn bracketed(name: &str) -> Option<(&str, &str)> {
    let name = name.trim();
    let inner = name.strip_suffix([')', '）'])?;
    let at = inner.find(['(', '（'])?;
    let (before, inside) = inner.split_at(at);
    let inside = inside.trim_start_matches(['(', '（']).trim();
    (!before.trim().is_empty() && !inside.is_empty()).then_some((before.trim(), inside))
}

/// Which field a column is, and how sure its name is: the lower, the surer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NamedField {
    /// The field.
    pub field: &'static str,
    /// The place of the name in the list of the field's names.
    pub rank: usize,
}

/// The fields of one kind of table, and their names.
#[derive(Debug, Default)]
pub(crate) struct ColumnSection {
    fields: Vec<String>,
    /// Plain names: the field's place in `fields`, the name's rank.
    whole: HashMap<String, (usize, usize)>,
    /// The same without the words for "issue".
    reduced: HashMap<String, (usize, usize)>,
    /// Folded words, for values.
    words: HashMap<String, HashSet<String>>,
    issue: ColumnWords,
}

impl ColumnSection {
    fn new(fields: &BTreeMap<String, Vec<String>>, words: &ColumnWords) -> Self {
        let mut section = ColumnSection {
            issue: words.clone(),
            ..ColumnSection::default()
        };
        for (place, (field, names)) in fields.iter().enumerate() {
            section.fields.push(field.clone());
            let folded = names.iter().map(|name| fold(name)).collect();
            section.words.insert(field.clone(), folded);
            for (rank, name) in names.iter().enumerate() {
                section.whole.entry(plain(name)).or_insert((place, rank));
                // A plain "ID" may be anything.
                if field != "id" {
                    let reduced = words.reduced(name);
                    let entry = (place, REDUCED + rank);
                    section.reduced.entry(reduced).or_insert(entry);
                }
            }
        }
        section
    }

    /// The field that a column of this name is.
    pub fn field(&'static self, column: &str) -> Option<NamedField> {
        let name = plain(column);
        let found = self.whole.get(&name).or_else(|| {
            let reduced = self.issue.reduced(column);
            let by_reduced = self.reduced.get(&reduced).filter(|_| !reduced.is_empty());
            by_reduced.or_else(|| {
                let mut rest = self.issue.without_compound(&name);
                rest.find_map(|rest| self.reduced.get(rest))
            })
        });
        let &(place, rank) = found?;
        let field = self.fields.get(place)?;
        Some(NamedField { field, rank })
    }

    /// Whether the name of a field says that it is an issue's: `Issue key`, `Vorgangsschlüssel`,
    /// and not `Key`.
    pub fn names_issue(&'static self, column: &str) -> bool {
        let name = plain(column);
        let is_longer = self.issue.reduced(column) != name
            || self.issue.without_compound(&name).next().is_some();
        is_longer && self.field(column).is_some()
    }

    /// Whether a value is one of a field's words.
    pub fn has_word(&self, field: &str, value: &str) -> bool {
        self.words
            .get(field)
            .is_some_and(|words| words.contains(&fold(value)))
    }

    /// Whether a column has exactly one of a field's names.
    pub fn is(&self, field: &str, column: &str) -> bool {
        let place = self.whole.get(&plain(column)).map(|(place, _)| *place);
        place
            .and_then(|place| self.fields.get(place))
            .is_some_and(|name| name == field)
    }
}

/// Words that say nothing beside a field's own name.
#[derive(Debug, Default, Clone)]
struct ColumnWords {
    alone: HashSet<String>,
    compound: Vec<String>,
}

impl ColumnWords {
    fn new(section: Option<&BTreeMap<String, Vec<String>>>) -> Self {
        let list = |name: &str| section.and_then(|s| s.get(name)).into_iter().flatten();
        ColumnWords {
            alone: list("issue")
                .chain(list("filler"))
                .map(|w| plain(w))
                .collect(),
            compound: list("compound").map(|word| plain(word)).collect(),
        }
    }

    /// A plain name without these words.
    fn reduced(&self, name: &str) -> String {
        let folded = fold(name);
        let words = folded.split(|c: char| !c.is_alphanumeric());
        let said = words.filter(|word| !self.alone.contains(*word));
        said.collect()
    }

    /// What follows each of the words that a plain name may begin with.
    fn without_compound<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n str> {
        let rest = |word: &String| name.strip_prefix(word.as_str());
        self.compound
            .iter()
            .filter_map(rest)
            .filter(|rest| !rest.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_no_name_means_two_fields() {
        let file: ColumnsFile = toml::from_str(NAMES).unwrap();
        for (section, fields) in file.iter().filter(|(name, _)| {
            ["ticket", "ticket_custom", "link", "not_tickets"].contains(&name.as_str())
        }) {
            let mut seen: HashMap<String, &str> = HashMap::new();
            for (field, names) in fields {
                for name in names {
                    let other = seen.insert(plain(name), field);
                    assert!(
                        other.is_none_or(|other| other == field),
                        "{section}: {name} is {field} and {other:?}"
                    );
                    assert!(super::section(section).is(field, name), "{section}: {name}");
                }
            }
        }
    }

    #[test]
    fn names_are_compared_without_regard_to_their_form() {
        for (name, folded) in [
            ("\u{feff}\"Issue  Key\" ", "issue key"),
            ("* Größe", "grosse"),
            ("Cle\u{301}", "cle"),
            ("ＫＥＹ", "key"),
            ("Özet", "ozet"),
            ("İş\u{a0}öğesi", "is ogesi"),
            ("ΛΌΓΟΣ", "λογοσ"),
            ("이슈 키", "이슈 키"),
            ("“Summary”", "summary"),
        ] {
            assert_eq!(fold(name), folded, "{name}");
        }
    }

    #[test]
    fn a_field_is_found_by_its_name_in_many_languages_and_spellings() {
        let field = |name: &str| section("ticket").field(name).map(|named| named.field);
        for (name, expected) in [
            ("issueKey", Some("key")),
            ("ISSUE_KEY", Some("key")),
            ("Clave de la actividad", Some("key")),
            ("Clé d’élément de travail", Some("key")),
            ("Chave da item", Some("key")),
            ("課題キー", Some("key")),
            ("작업 항목 키", Some("key")),
            ("Ключ проблемы", Some("key")),
            ("Тип задачи", Some("type")),
            ("Vorgangstyp", Some("type")),
            ("问题类型", Some("type")),
            ("ID de la incidencia", Some("id")),
            ("ID", None),
            ("Project key", None),
            ("Clave del proyecto", None),
            ("Parent summary", None),
            ("Status Category", Some("status_category")),
            ("Linked issue", None),
            ("Issue", None),
            ("", None),
        ] {
            assert_eq!(field(name), expected, "{name}");
        }
        for (name, is_of_issue) in [
            ("Issue key", true),
            ("issueKey", true),
            ("Vorgangsschlüssel", true),
            ("Clé de ticket", true),
            ("課題キー", true),
            ("Klucz zgłoszenia", true),
            ("Key", false),
            ("Schlüssel", false),
            ("Clave", false),
            ("キー", false),
        ] {
            assert_eq!(section("ticket").names_issue(name), is_of_issue, "{name}");
        }
        assert_eq!(
            bracketed("Champs personnalisés（Epic Link）"),
            Some(("Champs personnalisés", "Epic Link"))
        );
        assert_eq!(
            bracketed("Custom field (Cost (EUR))"),
            Some(("Custom field", "Cost (EUR)"))
        );
        assert_eq!(bracketed("(x)"), None);
    }
}
