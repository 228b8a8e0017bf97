//! Scenarios that were chosen, with all that is compared.

use crate::domain::{NamedScenario, Scenario, Step, TestPattern};
use crate::store::Stored;

/// A chosen scenario with all that is compared.
pub(crate) struct Chosen {
    pub name: String,
    pub steps: Vec<Step>,
    pub pattern_type: Option<String>,
    pub pattern_id: Option<i64>,
    pub pattern_key: Option<String>,
}

impl Chosen {
    pub(crate) fn named(&self, score: Option<f32>) -> NamedScenario {
        NamedScenario {
            name: self.name.clone(),
            pattern_id: self.pattern_id,
            pattern_key: self.pattern_key.clone(),
            score,
        }
    }
}

impl From<Scenario> for Chosen {
    fn from(scenario: Scenario) -> Self {
        Chosen {
            name: scenario.name,
            steps: scenario.steps,
            pattern_type: scenario.pattern_type,
            pattern_id: scenario.pattern_id,
            pattern_key: scenario.pattern_key,
        }
    }
}

pub(crate) fn named(pattern: &Stored<TestPattern>, score: f32) -> NamedScenario {
    NamedScenario {
        name: pattern.value.name.clone(),
        pattern_id: Some(pattern.id),
        pattern_key: pattern.value.key.clone(),
        score: Some(score),
    }
}
