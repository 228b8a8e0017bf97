//! What the chosen scenarios leave out.

use serde::{Deserialize, Serialize};

use super::TicketKey;

/// A scenario that the tester has chosen.
///
/// ```
/// use atlas_core::domain::ChosenScenario;
/// let chosen = [ChosenScenario::Pattern(7), ChosenScenario::Name("Draft is kept".to_owned())];
/// assert_ne!(chosen[0], chosen[1]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChosenScenario {
    /// A stored pattern, by row id.
    Pattern(i64),
    /// A scenario of a stored prediction: [`Scenario::prediction_id`](super::Scenario::prediction_id).
    Prediction(i64),
    /// A stored pattern by its key or name, else a scenario of which the name is all that is known.
    Name(String),
}

/// How the chosen scenarios were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChosenFrom {
    /// They were given.
    Given,
    /// Those of the newest prediction that were accepted or modified.
    Accepted,
    /// All of the newest prediction, but for the one that repeats the ticket's own text.
    Prediction,
    /// Nothing was given and nothing is predicted.
    Nothing,
}

/// How a ticket states its criteria, in the order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriteriaKind {
    /// Items and scenarios under "Acceptance criteria".
    Section,
    /// Given, When, Then without such a heading.
    Scenarios,
    /// Sentences that say what must or should be.
    Sentences,
}

/// A scenario by its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedScenario {
    /// The scenario's name.
    pub name: String,
    /// The pattern's row id, if it is one.
    pub pattern_id: Option<i64>,
    /// The pattern's key in its library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern_key: Option<String>,
    /// How well it fits, 0 to 1: the coverage of a criterion, or the likeness (cosine) to a ticket
    /// where a type is missing; absent where nothing was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
}

/// A criterion, and whether a chosen scenario checks it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CriterionCoverage {
    /// The criterion, one line.
    pub criterion: String,
    /// Whether a chosen scenario covers it.
    pub covered: bool,
    /// The chosen scenario that comes closest, with its score; it covers from
    /// [`COVERED`](crate::analysis::coverage::COVERED) on.
    pub closest: Option<NamedScenario>,
    /// What was found, in one line.
    pub reason: String,
    /// For a gap, the stored pattern that would cover it best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<NamedScenario>,
}

/// A usual type of scenario of which nothing is chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TypeGap {
    /// The type, such as `Form Submission`.
    pub scenario_type: String,
    /// How much the ticket's text calls for it, 0 to 1; 0 where only the past does.
    pub relevance: f32,
    /// The past tickets that were alike and for which it was right, most alike first.
    pub past_tickets: Vec<TicketKey>,
    /// Why it is missed, in one line.
    pub reason: String,
    /// The stored pattern of that type to add.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<NamedScenario>,
}

/// Acceptance criteria and usual types of scenario with nothing chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoverageGaps {
    /// The ticket; absent for free text.
    pub ticket_key: Option<TicketKey>,
    /// How the chosen scenarios were found.
    pub chosen_from: ChosenFrom,
    /// The chosen scenarios.
    pub chosen: Vec<NamedScenario>,
    /// How the ticket states its criteria; absent where it states none.
    pub criteria_kind: Option<CriteriaKind>,
    /// Every criterion, covered or not, in the order of the text.
    pub criteria: Vec<CriterionCoverage>,
    /// Types of scenario with nothing chosen, those that are called for the most first.
    pub type_gaps: Vec<TypeGap>,
    /// What there is to say of the whole, such as that the ticket states no criteria.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl CoverageGaps {
    /// The criteria that no chosen scenario covers.
    pub fn open_criteria(&self) -> impl Iterator<Item = &CriterionCoverage> {
        self.criteria.iter().filter(|criterion| !criterion.covered)
    }

    /// Whether nothing is missing.
    pub fn is_complete(&self) -> bool {
        self.type_gaps.is_empty() && self.open_criteria().next().is_none()
    }
}
