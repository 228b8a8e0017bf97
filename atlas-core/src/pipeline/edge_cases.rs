//! Edge cases from a rule file: by component, by type of scenario, by what the ticket's sentences
//! say.

mod facts;

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use super::edge_case_answers::EdgeCaseAnswers;
use super::{Predictor, Query, Suggestions};
use crate::domain::{Criticality, EdgeCase, same_name};
use crate::text::steps::SentenceKind;
use crate::{Error, Result};
use facts::{Fired, TicketFacts, WordTrigger};

/// The rules that ship with ATLAS.
const RULES: &str = include_str!("../../data/edge_cases.toml");
/// The specification's limit (§4.2).
const MOST: usize = 10;
/// Triggers weaker than this are named only where fewer than [`ENOUGH`] stronger ones are: a step
/// on the way, or a type of scenario that is guessed.
const STRONG: f32 = 0.5;
/// See [`STRONG`].
const ENOUGH: usize = 4;
/// A type of scenario counts as called for from this relevance on.
const CALLED_FOR: f32 = 0.65;
/// A reason quotes at most so many characters of a sentence.
const LONGEST_QUOTE: usize = 160;

/// One rule. It fires when the ticket has one of its components, calls for one of its types of
/// scenario, or says one of its words: in the summary, a criterion, a step, what is expected or
/// happens, a sentence of duty, or one that tells what goes wrong in a defect.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// A unique name, such as `mhis-required-fields`.
    pub id: String,
    /// What to try, in one line.
    pub description: String,
    /// How much it matters.
    pub criticality: Criticality,
    /// Component names, in any case.
    #[serde(default)]
    pub components: Vec<String>,
    /// Types of scenario, as in the table of types.
    #[serde(default)]
    pub scenario_types: Vec<String>,
    /// Words or phrases. Those joined by ` + ` count where one sentence holds them all, for words
    /// that mean several things; ` | ` stands between alternatives: `disk + full | quota`.
    #[serde(default)]
    pub words: Vec<String>,
    /// Rules that say the same more exactly: where one of them fires, this one is left out.
    #[serde(default)]
    pub covered_by: Vec<String>,
}

#[derive(Deserialize)]
struct RuleFile {
    #[serde(rename = "rule", default)]
    rules: Vec<Rule>,
}

/// Reads a rule file (TOML, `[[rule]]` tables).
///
/// # Errors
/// `INVALID_VALUE` naming what is wrong and where.
///
/// ```
/// let rules = atlas_core::pipeline::edge_cases::parse_rules(r#"
///     [[rule]]
///     id = "upload-size"
///     description = "Upload a file of exactly the largest size, and one byte more"
///     criticality = "high"
///     words = ["upload", "attachment"]
/// "#)?;
/// assert_eq!(rules[0].id, "upload-size");
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn parse_rules(toml: &str) -> Result<Vec<Rule>> {
    let file: RuleFile = toml::from_str(toml).map_err(|error| {
        Error::invalid(
            "edge-case rules",
            error.to_string(),
            "[[rule]] tables as documented",
        )
    })?;
    Ok(file.rules)
}

/// The plugin `edge-cases`.
#[derive(Debug)]
pub struct EdgeCases {
    rules: Vec<Arc<PreparedRule>>,
}

/// A rule with its words, as they are looked for.
#[derive(Debug)]
struct PreparedRule {
    rule: Rule,
    phrases: Vec<WordTrigger>,
}

impl PreparedRule {
    fn new(rule: Rule) -> Arc<Self> {
        let phrases = rule
            .words
            .iter()
            .map(|words| WordTrigger::new(words))
            .collect();
        Arc::new(PreparedRule { rule, phrases })
    }
}

/// The rules that ship with ATLAS, read once in a process.
fn bundled() -> Result<&'static [Arc<PreparedRule>]> {
    static BUNDLED: OnceLock<Vec<Arc<PreparedRule>>> = OnceLock::new();
    if let Some(rules) = BUNDLED.get() {
        return Ok(rules);
    }
    let rules = parse_rules(RULES)?
        .into_iter()
        .map(PreparedRule::new)
        .collect();
    Ok(BUNDLED.get_or_init(|| rules))
}

impl EdgeCases {
    /// The bundled rules and, after them, the user's own; one with a bundled id replaces it.
    ///
    /// # Errors
    /// None in a released version: the bundled rules are checked by tests.
    pub fn new(own: Vec<Rule>) -> Result<Self> {
        let mut rules = bundled()?.to_vec();
        rules.retain(|prepared| own.iter().all(|o| o.id != prepared.rule.id));
        rules.extend(own.into_iter().map(PreparedRule::new));
        Ok(EdgeCases { rules })
    }
}

/// Why a rule fired.
#[derive(Debug, PartialEq)]
enum FiredBy {
    Component(String),
    Fired(Fired),
    ScenarioType(String, f32),
}

impl FiredBy {
    /// How strongly it speaks for the rule, 0 to 1.
    fn strength(&self) -> f32 {
        match self {
            FiredBy::Component(_) => 1.0,
            FiredBy::Fired(said) => match said.kind {
                SentenceKind::Summary => 0.9,
                SentenceKind::Criterion => 0.8,
                SentenceKind::Expected | SentenceKind::Actual => 0.7,
                SentenceKind::Sentence => 0.6,
                SentenceKind::Step => 0.45,
            },
            FiredBy::ScenarioType(_, relevance) => 0.5 * relevance,
        }
    }

    fn reason(&self) -> String {
        match self {
            FiredBy::Component(name) => format!("component {name}"),
            FiredBy::ScenarioType(name, _) => format!("scenario type {name}"),
            FiredBy::Fired(said) => {
                let place = match said.kind {
                    SentenceKind::Summary => "the summary",
                    SentenceKind::Criterion => "a criterion",
                    SentenceKind::Expected => "the expected result",
                    SentenceKind::Actual => "the actual result",
                    SentenceKind::Sentence => "a sentence",
                    SentenceKind::Step => "a step",
                };
                let mut quote = said.sentence.clone();
                if let Some((end, _)) = quote.char_indices().nth(LONGEST_QUOTE) {
                    quote.truncate(end);
                    quote.push('…');
                }
                format!("\"{}\" in {place}: \"{quote}\"", said.words)
            }
        }
    }
}

fn trigger(prepared: &PreparedRule, query: &Query<'_>, facts: &TicketFacts) -> Option<FiredBy> {
    let rule = &prepared.rule;
    let component = query
        .components
        .iter()
        .find(|(name, _)| rule.components.iter().any(|c| same_name(c, name)));
    if let Some((name, _)) = component {
        return Some(FiredBy::Component(name.clone()));
    }
    let typed = query.scenario_types.iter().find(|(name, relevance)| {
        *relevance >= CALLED_FOR && rule.scenario_types.iter().any(|t| same_name(t, name))
    });
    let said = facts.fired(&prepared.phrases).map(FiredBy::Fired);
    let typed = typed.map(|(name, relevance)| FiredBy::ScenarioType(name.clone(), *relevance));
    [said, typed]
        .into_iter()
        .flatten()
        .max_by(|a, b| a.strength().total_cmp(&b.strength()))
}

impl Predictor for EdgeCases {
    fn name(&self) -> &str {
        "edge-cases"
    }

    fn predict(&self, query: &Query<'_>) -> Result<Suggestions> {
        let facts = TicketFacts::of(query.draft);
        let none = EdgeCaseAnswers::default();
        let answers = query.edge_case_answers.unwrap_or(&none);
        let components: Vec<&str> = query.components.iter().map(|(name, _)| &**name).collect();
        let mut fired: Vec<(f32, &Rule, FiredBy)> = self
            .rules
            .iter()
            .filter(|prepared| !answers.hides(&prepared.rule.id, &components))
            .filter_map(|prepared| {
                let trigger = trigger(prepared, query, &facts)?;
                Some((trigger.strength(), &prepared.rule, trigger))
            })
            .collect();
        let ids: HashSet<String> = fired.iter().map(|(_, rule, _)| rule.id.clone()).collect();
        fired.retain(|(_, rule, _)| !rule.covered_by.iter().any(|id| ids.contains(id)));
        // What the ticket is about comes before what matters in general.
        let rank = |strength: f32, rule: &Rule| {
            let answered = answers.weight(&rule.id, &components);
            strength + 0.25 * f32::from(rule.criticality as u8) + answered
        };
        fired.sort_by(|a, b| {
            rank(b.0, b.1)
                .total_cmp(&rank(a.0, a.1))
                .then_with(|| a.1.id.cmp(&b.1.id))
        });
        if fired
            .iter()
            .filter(|(strength, ..)| *strength >= STRONG)
            .count()
            >= ENOUGH
        {
            fired.retain(|(strength, ..)| *strength >= STRONG);
        }
        fired.truncate(MOST);
        fired.sort_by_key(|(_, rule, _)| std::cmp::Reverse(rule.criticality));
        let edge_cases = fired.into_iter().map(|(_, rule, trigger)| EdgeCase {
            description: rule.description.clone(),
            criticality: rule.criticality,
            component: match &trigger {
                FiredBy::Component(name) => Some(name.clone()),
                _ => None,
            },
            rule: rule.id.clone(),
            reason: Some(trigger.reason()),
        });
        Ok(Suggestions {
            scenarios: Vec::new(),
            edge_cases: edge_cases.collect(),
        })
    }
}

#[cfg(test)]
mod tests;
