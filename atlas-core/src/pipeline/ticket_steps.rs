//! The plugin `ticket`: the steps that the ticket itself lists, as a scenario.
//!
//! It leaves acceptance criteria out: `design` makes a scenario of each.

use super::{Candidate, OwnScenario, Predictor, Query, Suggestions};
use crate::Result;
use crate::domain::{Reason, ReasonKind, StepsOrigin};
use crate::text::steps::{TicketStepsKind, ticket_steps};
use crate::text::terms;

/// The predictor that reads the ticket's own test steps or reproduction.
#[derive(Debug, Clone, Copy, Default)]
pub struct OwnSteps;

impl Predictor for OwnSteps {
    fn name(&self) -> &str {
        "ticket"
    }

    fn predict(&self, query: &Query<'_>) -> Result<Suggestions> {
        let mut suggestions = Suggestions::default();
        let Some(found) = query.draft.description.as_deref().and_then(ticket_steps) else {
            return Ok(suggestions);
        };
        let (name, said) = match found.kind {
            TicketStepsKind::AcceptanceCriteria => return Ok(suggestions),
            TicketStepsKind::TestSteps => ("Run the ticket's own test steps", "test steps"),
            TicketStepsKind::Reproduction => (
                "Reproduce the report and verify the fix",
                "steps to reproduce",
            ),
            TicketStepsKind::Numbered => ("Follow the steps in the ticket", "numbered steps"),
        };
        let text: Vec<&str> = found
            .steps
            .iter()
            .flat_map(|step| [Some(step.action.as_str()), step.expected.as_deref()])
            .flatten()
            .collect();
        let covered = coverage(query, &text.join("\n"));
        let scenario = OwnScenario {
            steps: found.steps,
            steps_origin: StepsOrigin::Ticket,
            ..OwnScenario::new(name)
        };
        let mut candidate = Candidate::new(scenario, covered);
        let text = format!(
            "the ticket lists {said}; they hold {:.0} % of what it says",
            covered * 100.0
        );
        candidate.reasons.push(Reason {
            score: Some(covered),
            ..Reason::new(ReasonKind::Rule, text)
        });
        suggestions.scenarios.push(candidate);
        Ok(suggestions)
    }
}

/// The share of the ticket's words, weighed by rarity, that a text holds: 0 to 1.
fn coverage(query: &Query<'_>, text: &str) -> f32 {
    let held: std::collections::HashSet<u32> = terms::count(text)
        .into_iter()
        .map(|(hash, _)| hash)
        .collect();
    let words = query.index.tickets.text.words();
    let (mut covered, mut all) = (0.0, 0.0);
    for &(hash, _) in &query.question.text.terms {
        let rarity = words.idf(hash);
        all += rarity;
        if held.contains(&hash) {
            covered += rarity;
        }
    }
    if all > 0.0 { covered / all } else { 0.0 }
}
