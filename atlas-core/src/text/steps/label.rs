//! Lines that stand as headings: "Test steps", "Resultado esperado:", "【受け入れ条件】", …

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::TicketStepsKind;
use crate::text::terms::folded;

/// What a line that stands as a heading announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeadingLabel {
    Steps(TicketStepsKind),
    Expected,
    Actual,
    /// A heading that ends a section.
    Other,
    /// The same, of what the ticket leaves out.
    Excluded,
}

impl HeadingLabel {
    /// Whether it ends the section above it and begins none that is read.
    pub(super) fn ends_section(self) -> bool {
        matches!(self, HeadingLabel::Other | HeadingLabel::Excluded)
    }
}

/// A longer name is no heading, in characters.
const LONGEST_NAME: usize = 60;

/// A word of so many letters stands by itself as a heading.
const LONG_COMPOUND: usize = 14;

type LabelNames = BTreeMap<String, Vec<String>>;

/// `data/headings.toml`: for each kind, names by language.
#[derive(Deserialize, Default)]
#[serde(default)]
struct LabelFile {
    test_steps: LabelNames,
    criteria: LabelNames,
    reproduction: LabelNames,
    expected: LabelNames,
    actual: LabelNames,
    other: LabelNames,
    content: LabelNames,
    ends: LabelNames,
    excluded: LabelNames,
    numbered: LabelNames,
    duty: LabelNames,
}

/// The headings, folded.
struct Headings {
    labels: HashMap<String, HeadingLabel>,
    /// Those under which nothing stands that the ticket itself tells.
    asides: HashSet<String>,
    /// Those that end a section even without a colon.
    ends: Vec<String>,
    /// What stands before a criterion's number.
    numbered: Vec<String>,
    duties: Vec<String>,
}

fn headings() -> &'static Headings {
    static HEADINGS: OnceLock<Headings> = OnceLock::new();
    HEADINGS.get_or_init(|| {
        // The file ships with the library, and a test reads it.
        let file: LabelFile =
            toml::from_str(include_str!("../../../data/headings.toml")).unwrap_or_default();
        let names = |names: LabelNames| -> Vec<String> {
            names.into_values().flatten().map(|n| folded(&n)).collect()
        };
        let mut labels = HashMap::new();
        let excluded = names(file.excluded);
        let mut ends = names(file.ends);
        let other = names(file.other);
        let content = names(file.content);
        let asides = other.iter().chain(&ends);
        let asides = asides.filter(|name| !content.contains(name)).cloned();
        let asides = asides.collect();
        for (found, label) in [
            (
                names(file.test_steps),
                HeadingLabel::Steps(TicketStepsKind::TestSteps),
            ),
            (
                names(file.criteria),
                HeadingLabel::Steps(TicketStepsKind::AcceptanceCriteria),
            ),
            (
                names(file.reproduction),
                HeadingLabel::Steps(TicketStepsKind::Reproduction),
            ),
            (names(file.expected), HeadingLabel::Expected),
            (names(file.actual), HeadingLabel::Actual),
            (other, HeadingLabel::Other),
            (ends.clone(), HeadingLabel::Other),
            (excluded.clone(), HeadingLabel::Excluded),
        ] {
            for name in found {
                labels.entry(name).or_insert(label);
            }
        }
        ends.extend(excluded);
        let mut duties: Vec<String> = names(file.duty);
        for duty in duties.iter_mut().filter(|duty| has_blanks(duty)) {
            *duty = format!(" {duty} ");
        }
        Headings {
            labels,
            asides,
            ends,
            numbered: names(file.numbered),
            duties,
        }
    })
}

/// Whether a word is of a script that writes blanks between words.
fn has_blanks(word: &str) -> bool {
    !word.contains(|c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'))
}

/// Whether a sentence has a word of duty.
pub(super) fn has_duty(sentence: &str) -> bool {
    let sentence = format!(" {} ", folded(sentence));
    let mut duties = headings().duties.iter();
    duties.any(|duty| sentence.contains(duty))
}

/// The label at the start of a line, and the text after it on the same line.
pub(super) fn label(line: &str) -> Option<(HeadingLabel, &str)> {
    match line.strip_prefix("- ") {
        // A point of a list may be a heading for the points below it; it ends no section.
        Some(item) => known(item, false).filter(|(label, _)| *label != HeadingLabel::Other),
        None => {
            let other = || line.starts_with('#').then_some((HeadingLabel::Other, ""));
            known(line, true).or_else(other)
        }
    }
}

/// Whether a line is a heading under which the ticket tells nothing of itself: notes, logs, its
/// environment.
pub(super) fn is_aside(line: &str) -> bool {
    let text = line.trim_start_matches(is_decoration);
    let name = text.split([':', '：']).next().unwrap_or(text);
    if name.chars().count() > LONGEST_NAME {
        return false;
    }
    let name = folded(without_number(name).0);
    let name = name.trim_end_matches(|c: char| !c.is_alphabetic() && !is_mark(c));
    headings().asides.contains(name)
}

fn known(line: &str, may_be_numbered: bool) -> Option<(HeadingLabel, &str)> {
    let text = line.trim_start_matches(is_decoration);
    // Most lines: nothing to fold and nothing to allocate.
    if !text.starts_with(char::is_alphanumeric) {
        return None;
    }
    let marked = text.len() < line.trim_start().len();
    let near = text.char_indices().nth(LONGEST_NAME + 1);
    let near = near.map_or(text, |(end, _)| &text[..end]);
    let cut = near.find([':', '：']);
    let (name, rest) = match cut {
        Some(cut) => (&text[..cut], text[cut..].trim_start_matches([':', '：'])),
        None => (text, ""),
    };
    if cut.is_none() && near.len() < text.len() {
        return None;
    }
    let rest = rest.trim_start_matches(['*', '_']).trim();
    let (name, numbered) = without_number(name);
    // In "1. Steps" the number may be an item's as well; in "1. Steps to reproduce" it is not.
    let sure = cut.is_some() && rest.is_empty() || marked || says_much(name);
    if numbered && !sure {
        return None;
    }
    let headings = headings();
    let name = name.split(" (").next().unwrap_or(name);
    let whole = folded(name.split('（').next().unwrap_or(name));
    let whole = whole.trim_end_matches(|c: char| !c.is_alphanumeric() && !is_mark(c));
    if let Some(name) = criterion_number(whole)
        && headings.numbered.iter().any(|known| known == name)
    {
        let criterion = HeadingLabel::Steps(TicketStepsKind::AcceptanceCriteria);
        return may_be_numbered.then_some((criterion, rest));
    }
    let name = whole.trim_end_matches(|c: char| !c.is_alphabetic() && !is_mark(c));
    let label = *headings.labels.get(name)?;
    let alone = cut.is_none() && !headings.ends.iter().any(|end| end == name);
    (!label.ends_section() || !alone).then_some((label, rest))
}

/// What headings and emphasis have before them; quotation marks belong to text.
fn is_decoration(c: char) -> bool {
    match c.is_ascii() {
        true => "#*_ >=~[<".contains(c),
        false => !c.is_alphanumeric() && !"（«»‹›“”„‘’‚–—".contains(c),
    }
}

/// Whether a name is more than a word that an item may consist of: several words, a long compound
/// (Akzeptanzkriterien), or four signs of another script.
fn says_much(name: &str) -> bool {
    let others = name.chars().filter(|c| !c.is_ascii()).count();
    name.trim().contains(' ') || name.chars().count() >= LONG_COMPOUND || others >= 4
}

/// A name without the number before it: "2.1 Steps", "IV. Steps", "３）手順".
fn without_number(name: &str) -> (&str, bool) {
    let digits = name.trim_start_matches(|c: char| c.is_numeric() || c == '.');
    let rest = digits.trim_start_matches([' ', ')', '）', '、', '．', '-', '–']);
    match digits.len() < name.len() && rest.starts_with(|c: char| c.is_alphabetic()) {
        true => (rest, true),
        false => (name, false),
    }
}

/// `ac` of "ac 1" and of "ac-01".
fn criterion_number(name: &str) -> Option<&str> {
    let word = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let has_number = word.len() < name.len();
    let word = word.trim_end_matches([' ', '-', '#', '_', '.', '–']);
    (has_number && !word.is_empty()).then_some(word)
}

fn is_mark(c: char) -> bool {
    use unicode_categories::UnicodeCategories;
    !c.is_ascii() && c.is_mark()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRITERIA: HeadingLabel = HeadingLabel::Steps(TicketStepsKind::AcceptanceCriteria);
    const REPRODUCTION: HeadingLabel = HeadingLabel::Steps(TicketStepsKind::Reproduction);

    #[test]
    fn the_file_is_whole_and_no_name_has_two_meanings() {
        let text = include_str!("../../../data/headings.toml");
        let file: LabelFile = toml::from_str(text).unwrap();
        let mut seen: HashMap<String, &str> = HashMap::new();
        let kinds = [
            ("test_steps", &file.test_steps),
            ("criteria", &file.criteria),
            ("reproduction", &file.reproduction),
            ("expected", &file.expected),
            ("actual", &file.actual),
            ("other", &file.other),
            ("ends", &file.ends),
            ("excluded", &file.excluded),
        ];
        for (kind, names) in kinds {
            assert!(names.contains_key("en") && names.len() >= 16, "{kind}");
            for name in names.values().flatten() {
                let before = seen.insert(folded(name), kind);
                assert!(before.is_none_or(|before| before == kind), "{name}: {kind}");
            }
        }
        let other: HashSet<&String> = file.other.values().flatten().collect();
        assert!(
            file.content
                .values()
                .flatten()
                .all(|name| other.contains(name))
        );
        assert!(!file.numbered.is_empty() && !file.duty.is_empty());
    }

    #[test]
    fn headings_are_known_in_many_languages_and_shapes() {
        for (line, expected) in [
            ("*Criterios de aceptación*", (CRITERIA, "")),
            ("**CRITERIOS DE ACEPTACION:**", (CRITERIA, "")),
            ("## 3. Akzeptanzkriterien", (CRITERIA, "")),
            ("__Critères d’acceptation :__", (CRITERIA, "")),
            ("【受け入れ条件】", (CRITERIA, "")),
            ("■ 受入条件：", (CRITERIA, "")),
            ("验收标准：列表可见", (CRITERIA, "列表可见")),
            ("인수 조건:", (CRITERIA, "")),
            ("1. Acceptatiecriteria:", (CRITERIA, "")),
            ("✅ Acceptance criteria", (CRITERIA, "")),
            ("AC1: shown", (CRITERIA, "shown")),
            ("CA-01: visible", (CRITERIA, "visible")),
            ("AK 2 – sichtbar", (HeadingLabel::Other, "")),
            ("Критерии приёмки (обязательные):", (CRITERIA, "")),
            ("Étapes pour reproduire", (REPRODUCTION, "")),
            ("PASSOS PARA REPRODUCAO:", (REPRODUCTION, "")),
            ("再現手順：", (REPRODUCTION, "")),
            (
                "Résultat attendu : juste",
                (HeadingLabel::Expected, "juste"),
            ),
            ("Oczekiwany rezultat:", (HeadingLabel::Expected, "")),
            ("Фактический результат", (HeadingLabel::Actual, "")),
            ("Fuera de alcance", (HeadingLabel::Excluded, "")),
            ("Out of scope", (HeadingLabel::Excluded, "")),
            ("# Anything", (HeadingLabel::Other, "")),
        ] {
            let found = label(line);
            match expected.0 {
                HeadingLabel::Other if line.starts_with("AK") => assert_eq!(found, None, "{line}"),
                _ => assert_eq!(found, Some(expected), "{line}"),
            }
        }
    }

    #[test]
    fn sentences_and_items_are_no_headings() {
        for line in [
            "Steps were taken to reproduce it",
            "2. Reproduce",
            "1. Result",
            "Description",
            "Die Schritte sind klar",
            "CA is a state",
            "The expected result is a list of all tickets that are open at the time of the test run",
            "",
        ] {
            assert_eq!(label(line), None, "{line}");
        }
    }
}
