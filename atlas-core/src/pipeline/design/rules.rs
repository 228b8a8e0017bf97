//! The rules of test design, from `data/design.toml` and a user's own file.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::super::kept_rules::Stated;
use crate::domain::Step;
use crate::text::grammar::{GrammarPhrases, Language, Languages, WordLists};
use crate::{Error, Result};

/// The rules that ship with ATLAS.
const FILE: &str = include_str!("../../../data/design.toml");

/// What a rule needs to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FactKind {
    /// One of its words, or one of its verbs with an object.
    Words,
    /// A number with a comparison.
    Limit,
    /// A time that passes.
    Duration,
    /// An exact number.
    Count,
    /// A list of values.
    List,
    /// A condition that is a state.
    Condition,
    /// Somebody who alone may do it.
    Actor,
}

/// A rule as the file has it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct DesignRule {
    /// Unique and stable.
    pub id: String,
    /// As the ISTQB syllabus names it.
    pub technique: String,
    /// What it needs.
    pub fact: FactKind,
    /// How likely a tester keeps it, 0 to 1.
    pub probability: f32,
    /// How long it takes.
    pub minutes: u32,
    /// Whether it also applies to the summary of a defect.
    #[serde(default)]
    pub reports: bool,
    /// Its words and texts, by language.
    #[serde(flatten)]
    wordings: BTreeMap<String, Wording>,
}

/// A rule's words and texts in a language.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Wording {
    words: Vec<String>,
    verbs: Vec<String>,
    name: String,
    steps: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DesignFile {
    #[serde(default)]
    languages: BTreeMap<String, WordLists>,
    #[serde(default)]
    criterion: BTreeMap<String, Texts>,
    #[serde(rename = "rule", default)]
    rules: Vec<DesignRule>,
}

/// The texts of a criterion's steps in a language, by their names.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Texts(BTreeMap<String, String>);

/// All rules, with the languages that they know.
#[derive(Debug)]
pub(super) struct DesignRules {
    rules: Vec<DesignRule>,
    languages: Languages,
    /// For each language, the rules by their words and by their verbs.
    found_by: BTreeMap<String, FoundBy>,
    criterion: BTreeMap<String, Texts>,
}

/// What is known of the language that a ticket is written in.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownDesign<'a> {
    pub name: &'a str,
    pub language: &'a Language,
    pub by: &'a FoundBy,
    pub texts: &'a Texts,
}

/// Rules of a language by what fires them.
#[derive(Debug, Default)]
pub(super) struct FoundBy {
    /// Words of rule n.
    pub words: Vec<(usize, GrammarPhrases)>,
    /// Rules by a verb's plain form.
    pub verbs: HashMap<String, Vec<usize>>,
}

/// What the texts of a rule are filled with.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    /// One value each.
    pub texts: Vec<(&'static str, String)>,
    /// Lists: a step that names one is written for each of its values.
    pub lists: Vec<(&'static str, Vec<String>)>,
}

impl DesignRules {
    /// The rules that ship, and a user's own texts; a rule with a known id replaces it.
    ///
    /// # Errors
    /// `INVALID_VALUE` naming what is wrong and where.
    pub fn new(own: &[String]) -> Result<Self> {
        let mut file = parse(FILE)?;
        let mut words = Vec::new();
        for text in own {
            let added = parse(text)?;
            file.rules
                .retain(|rule| added.rules.iter().all(|a| a.id != rule.id));
            file.rules.extend(added.rules);
            for (name, texts) in added.criterion {
                file.criterion.entry(name).or_default().0.extend(texts.0);
            }
            words.push(added.languages);
        }
        let languages = Languages::new(words)?;
        let mut found_by = BTreeMap::new();
        for (name, _) in languages.iter() {
            file.criterion.entry(name.to_owned()).or_default();
            found_by.insert(name.to_owned(), FoundBy::new(&file.rules, name));
        }
        for rule in &file.rules {
            if !(0.0..=1.0).contains(&rule.probability) {
                return Err(Error::invalid("probability", rule.probability, "0 to 1"));
            }
            let mut named = rule.wordings.keys();
            if let Some(name) = named.find(|name| languages.named(name).is_none()) {
                let value = format!("{name} of the rule {}", rule.id);
                let expected = "a language that the file has words of, such as en";
                return Err(Error::invalid("design rules", value, expected));
            }
        }
        Ok(DesignRules {
            rules: file.rules,
            languages,
            found_by,
            criterion: file.criterion,
        })
    }

    /// A rule by its place.
    pub fn rule(&self, place: usize) -> &DesignRule {
        &self.rules[place]
    }

    /// The rules that need a kind of fact, with their places.
    pub fn of_kind(&self, kind: FactKind) -> impl Iterator<Item = (usize, &DesignRule)> {
        let rules = self.rules.iter().enumerate();
        rules.filter(move |(_, rule)| rule.fact == kind)
    }

    /// The rules of a technique with the probabilities that the file states.
    pub fn stated(&self, technique: &str) -> Vec<Stated<'_>> {
        let rules = self.rules.iter().filter(|rule| rule.technique == technique);
        rules
            .map(
                |DesignRule {
                     id, probability, ..
                 }| Stated {
                    rule: id,
                    probability: *probability,
                },
            )
            .collect()
    }

    /// What is known of the language that a text is written in.
    pub fn language_of(&self, text: &str) -> Option<KnownDesign<'_>> {
        let (name, language) = self.languages.of(text)?;
        Some(KnownDesign {
            name,
            language,
            by: self.found_by.get(name)?,
            texts: self.criterion.get(name)?,
        })
    }
}

impl Texts {
    /// A text; empty where the language has none.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl FoundBy {
    fn new(rules: &[DesignRule], language: &str) -> Self {
        let mut found = FoundBy::default();
        for (place, rule) in rules.iter().enumerate() {
            let Some(wording) = rule.wording(language) else {
                continue;
            };
            if !wording.words.is_empty() {
                found
                    .words
                    .push((place, GrammarPhrases::new(&wording.words)));
            }
            for verb in &wording.verbs {
                found.verbs.entry(verb.clone()).or_default().push(place);
            }
        }
        found
    }
}

impl DesignRule {
    /// Its words and texts in a language.
    pub fn wording(&self, language: &str) -> Option<&Wording> {
        self.wordings.get(language)
    }
}

impl Wording {
    /// Whether the name tells what it is about, and not only the word that fired the rule.
    pub fn names_object(&self) -> bool {
        ["{object}", "{criterion}"]
            .iter()
            .any(|place| self.name.contains(place))
    }

    /// The name, filled.
    pub fn name(&self, values: &Values) -> String {
        values.fill(&self.name)
    }

    /// The steps, filled; a step that names a list once for each of its values.
    pub fn steps(&self, values: &Values) -> Vec<Step> {
        let mut steps = Vec::new();
        for (action, expected) in &self.steps {
            let list = values
                .lists
                .iter()
                .find(|(name, _)| action.contains(&format!("{{{name}}}")));
            let step = |filled: Values| Step {
                action: filled.fill(action),
                expected: Some(filled.fill(expected)),
                data: None,
            };
            match list {
                Some((name, items)) => steps.extend(items.iter().map(|item| {
                    let mut filled = values.clone();
                    filled.texts.push((*name, item.clone()));
                    step(filled)
                })),
                None => steps.push(step(values.clone())),
            }
        }
        steps
    }
}

impl Values {
    /// A text with its places filled. `{Verb}` is `{verb}` with a capital.
    pub fn fill(&self, template: &str) -> String {
        let mut out = String::with_capacity(template.len() + 40);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            match after.split_once('}') {
                Some((name, after)) => {
                    let plain = name.to_lowercase();
                    let value = self.texts.iter().rfind(|(known, _)| *known == plain);
                    match value {
                        Some((_, value)) if name != plain => out.push_str(&capitalized(value)),
                        Some((_, value)) => out.push_str(value),
                        None => {
                            out.push('{');
                            out.push_str(name);
                            out.push('}');
                        }
                    }
                    rest = after;
                }
                None => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        capitalized(&out)
    }
}

/// A text with a capital at its beginning.
pub(super) fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

fn parse(text: &str) -> Result<DesignFile> {
    toml::from_str(text).map_err(|error| {
        let expected = "[languages.xx] and [[rule]] tables as in data/design.toml";
        Error::invalid("design rules", error.to_string(), expected)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole() {
        let rules = DesignRules::new(&[]).unwrap();
        let mut ids = std::collections::HashSet::new();
        for rule in &rules.rules {
            assert!(ids.insert(&rule.id), "{} is there twice", rule.id);
            assert!(rule.wording("en").is_some(), "{} has no English", rule.id);
            for wording in rule.wordings.values() {
                let has_words = !wording.words.is_empty() || !wording.verbs.is_empty();
                assert_eq!(has_words, rule.fact == FactKind::Words, "{}", rule.id);
                assert!(!wording.name.is_empty() && !wording.steps.is_empty());
            }
            let english = rules.languages.named("en").unwrap();
            for verb in rule.wording("en").iter().flat_map(|w| &w.verbs) {
                assert!(!english.verbs(verb).is_empty(), "{verb} of {}", rule.id);
            }
        }
        let named: Vec<&str> = rules.languages.iter().map(|(name, _)| name).collect();
        assert_eq!(named, ["en", "de", "es", "fr", "pt"]);
        assert!(
            named
                .iter()
                .all(|name| !rules.criterion[*name].get("generic").is_empty())
        );
    }

    #[test]
    fn a_users_rule_joins_the_others_or_replaces_one() {
        let own = "[[rule]]\nid = \"blood-group\"\ntechnique = \"equivalence partitioning\"\nfact = \"words\"\nprobability = 0.9\nminutes = 3\n[rule.en]\nwords = [\"blood group\"]\nname = \"Every blood group\"\nsteps = [[\"Try A, B, AB and 0\", \"Each is kept\"]]\n";
        let rules = DesignRules::new(&[own.to_owned()]).unwrap();
        assert!(rules.rules.iter().any(|rule| rule.id == "blood-group"));
        for wrong in [
            "[[rule]]\nid = 7".to_owned(),
            own.replace("0.9", "9.0"),
            own.replace("[rule.en]", "[rule.xx]"),
            own.replace("minutes = 3", "minuts = 3"),
        ] {
            assert_eq!(
                DesignRules::new(&[wrong]).unwrap_err().code(),
                "INVALID_VALUE"
            );
        }
    }
}
