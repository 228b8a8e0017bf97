//! The tester's answers to edge cases, for one ticket or draft.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{EdgeCaseAnswer, EdgeCaseReceipt, RuleAnswer, folded_name};
use crate::pipeline::kept_rules::{KeptRules, Stated};

/// How likely a rule's edge case is kept before anybody has answered.
const UNKNOWN: f32 = 0.5;

/// Which rules are hidden, and which count for more or less.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EdgeCaseAnswers {
    kept: KeptRules,
    /// The newest answer for the ticket that is asked about, by rule.
    own: BTreeMap<String, EdgeCaseAnswer>,
    /// Rules with a component, folded, for which they are dismissed.
    dismissed: BTreeSet<(String, String)>,
}

impl EdgeCaseAnswers {
    /// Of all answers, oldest first, each with its ticket's row id, those that matter for a ticket.
    pub fn new(answers: Vec<(i64, EdgeCaseReceipt)>, ticket_id: Option<i64>) -> Self {
        let mut newest: BTreeMap<(i64, String), EdgeCaseReceipt> = BTreeMap::new();
        for (ticket, answer) in answers {
            newest.insert((ticket, answer.rule.clone()), answer);
        }
        let mut found = EdgeCaseAnswers::default();
        for ((ticket, rule), answer) in &newest {
            if Some(*ticket) == ticket_id {
                found.own.insert(rule.clone(), answer.answer);
            }
            if answer.answer == EdgeCaseAnswer::DismissedForComponent {
                let of = answer.components.iter();
                let of = of.map(|component| (rule.clone(), folded_name(component)));
                found.dismissed.extend(of);
            }
        }
        let counted = newest.into_values().map(|answer| RuleAnswer {
            rule: answer.rule,
            components: answer.components,
            kept: answer.answer == EdgeCaseAnswer::Kept,
        });
        found.kept = KeptRules::new(counted);
        found
    }

    /// Whether an edge case of this rule is not shown for a ticket of these components. What was
    /// kept for the ticket itself is shown.
    pub fn hides(&self, rule: &str, components: &[&str]) -> bool {
        match self.own.get(rule) {
            Some(EdgeCaseAnswer::Kept) => false,
            Some(_) => true,
            None => components.iter().any(|component| {
                let key = (rule.to_owned(), folded_name(component));
                self.dismissed.contains(&key)
            }),
        }
    }

    /// How much more a rule counts for these components, -0.5 to 0.5; 0 without answers.
    pub fn weight(&self, rule: &str, components: &[&str]) -> f32 {
        let stated = Stated {
            rule,
            probability: UNKNOWN,
        };
        self.kept.probability(stated, &[stated], components) - UNKNOWN
    }

    /// All of it in a line: equal lines show the same.
    pub fn summary(&self) -> String {
        format!(
            "{} {:?} {:?}",
            self.kept.summary(),
            self.own,
            self.dismissed
        )
    }
}
