//! The keywords of Gherkin in each language.

use std::collections::HashMap;
use std::sync::LazyLock;

const TABLE: &str = include_str!("../../../../data/gherkin_keywords.tsv");

/// What begins a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    Feature,
    Background,
    Rule,
    Scenario,
    Outline,
    Examples,
    Given,
    When,
    Then,
    /// As the line before it.
    And,
    /// A bullet.
    Star,
}

/// In the order of the table's columns.
const COLUMNS: [Keyword; 10] = [
    Keyword::Feature,
    Keyword::Background,
    Keyword::Rule,
    Keyword::Scenario,
    Keyword::Outline,
    Keyword::Examples,
    Keyword::Given,
    Keyword::When,
    Keyword::Then,
    Keyword::And,
];

/// The keywords of a language, longest first.
pub(super) struct GherkinLanguage(Vec<(&'static str, Keyword)>);

static LANGUAGES: LazyLock<HashMap<&'static str, GherkinLanguage>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let language = |line: &'static str| {
        let (name, columns) = line.split_once('\t')?;
        let mut words = vec![("* ", Keyword::Star)];
        for (words_of, keyword) in columns.split('\t').zip(COLUMNS) {
            words.extend(
                words_of
                    .split('|')
                    .filter(|w| !w.is_empty())
                    .map(|w| (w, keyword)),
            );
        }
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        Some((name, GherkinLanguage(words)))
    };
    lines.filter_map(language).collect()
});

static NONE: GherkinLanguage = GherkinLanguage(Vec::new());

impl GherkinLanguage {
    /// A language by its name, such as `en`.
    pub fn named(name: &str) -> Option<&'static GherkinLanguage> {
        LANGUAGES.get(name)
    }

    /// Every language, by name.
    pub fn all() -> impl Iterator<Item = &'static GherkinLanguage> {
        let mut all: Vec<_> = LANGUAGES.iter().collect();
        all.sort_unstable_by_key(|(name, _)| **name);
        all.into_iter().map(|(_, language)| language)
    }

    pub fn english() -> &'static GherkinLanguage {
        LANGUAGES.get("en").unwrap_or(&NONE)
    }

    /// The keyword that a line begins with, and what comes after it.
    pub fn split<'l>(&self, line: &'l str) -> Option<(Keyword, &'l str)> {
        self.0.iter().find_map(|(word, keyword)| {
            let rest = line.strip_prefix(word)?;
            let is_step = COLUMNS
                .iter()
                .position(|k| k == keyword)
                .is_none_or(|p| p >= 6);
            match is_step {
                true => Some((*keyword, rest.trim())),
                false => rest
                    .trim_start()
                    .strip_prefix(':')
                    .map(|rest| (*keyword, rest.trim())),
            }
        })
    }
}

/// Whether a line of an English description would be taken for something else.
pub(in crate::exchange::cases) fn is_structure(line: &str) -> bool {
    let line = line.trim_start();
    // A keyword without anything after it has lost its blank.
    let padded = format!("{line} ");
    line.starts_with(['@', '#', '|', '\\'])
        || ["\"\"\"", "```"]
            .iter()
            .any(|fence| line.starts_with(fence))
        || GherkinLanguage::english().split(&padded).is_some()
}
