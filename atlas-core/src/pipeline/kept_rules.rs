//! What a tester kept and refused of designed tests, and what that says of the next ones.
//!
//! The share that is kept is estimated from coarse to fine: the file's probability, then the
//! technique, the rule, and the rule for a component. Each level starts from the one above as if
//! so many answers had been given (`PRIOR`), so few answers move little (empirical Bayes with a
//! beta prior; Gelman et al., "Bayesian Data Analysis", 2013, chapter 5).

use std::collections::BTreeMap;

use crate::domain::{RuleAnswer, folded_name};

/// What the level above counts, in answers.
const PRIOR: f32 = 6.0;
/// Never surer than this, whatever was answered.
const SUREST: f32 = 0.97;

/// Answers to the tests of a rule, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleCounts {
    /// How many were kept.
    pub kept: u32,
    /// How many were answered.
    pub answered: u32,
}

/// All answers to designed tests, by rule and by component.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptRules {
    rules: BTreeMap<String, RuleCounts>,
    components: BTreeMap<(String, String), RuleCounts>,
}

/// A rule with the probability that its file states.
#[derive(Debug, Clone, Copy)]
pub struct Stated<'a> {
    /// The rule's id.
    pub rule: &'a str,
    /// How likely a tester keeps its tests, 0 to 1.
    pub probability: f32,
}

impl RuleCounts {
    fn add(&mut self, kept: bool) {
        self.answered += 1;
        self.kept += u32::from(kept);
    }

    /// The share kept, from a share that counts as [`PRIOR`] answers.
    fn share(self, prior: f32) -> f32 {
        (self.kept as f32 + PRIOR * prior) / (self.answered as f32 + PRIOR)
    }
}

impl KeptRules {
    /// Counts answers.
    ///
    /// ```
    /// use atlas_core::domain::RuleAnswer;
    /// use atlas_core::pipeline::kept_rules::{KeptRules, Stated};
    /// let refused = RuleAnswer { rule: "money".into(), components: vec![], kept: false };
    /// let kept = KeptRules::new(vec![refused; 10]);
    /// let money = Stated { rule: "money", probability: 0.44 };
    /// assert!(kept.probability(money, &[money], &[]) < 0.2);
    /// ```
    pub fn new(answers: impl IntoIterator<Item = RuleAnswer>) -> Self {
        let mut found = KeptRules::default();
        for answer in answers {
            for component in &answer.components {
                let key = (answer.rule.clone(), folded_name(component));
                found.components.entry(key).or_default().add(answer.kept);
            }
            found.rules.entry(answer.rule).or_default().add(answer.kept);
        }
        found
    }

    /// Whether nothing was answered.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The answers to a rule's tests.
    pub fn of(&self, rule: &str) -> RuleCounts {
        self.rules.get(rule).copied().unwrap_or_default()
    }

    /// How likely a test of a rule is kept, 0 to 1, for a ticket of these components.
    /// `technique` has every rule of its technique, itself included.
    pub fn probability(
        &self,
        stated: Stated<'_>,
        technique: &[Stated<'_>],
        components: &[&str],
    ) -> f32 {
        let (mut kept, mut expected) = (PRIOR, PRIOR);
        for other in technique {
            let tally = self.of(other.rule);
            kept += tally.kept as f32;
            expected += tally.answered as f32 * other.probability;
        }
        let prior = (stated.probability * kept / expected).min(SUREST);
        let of_rule = self.of(stated.rule).share(prior);
        let of_components = components.iter().filter_map(|component| {
            let key = (stated.rule.to_owned(), folded_name(component));
            let tally = self.components.get(&key)?;
            Some((tally.answered, tally.share(of_rule)))
        });
        let told = of_components.max_by_key(|(answered, _)| *answered);
        told.map_or(of_rule, |(_, share)| share).min(SUREST)
    }

    /// All of it in a line: equal lines learned the same.
    pub fn summary(&self) -> String {
        let rules = self.rules.iter();
        let mut lines: Vec<String> = rules
            .map(|(rule, tally)| format!("{rule} {}/{}", tally.kept, tally.answered))
            .collect();
        lines.extend(self.components.iter().map(|((rule, component), tally)| {
            format!("{rule} in {component} {}/{}", tally.kept, tally.answered)
        }));
        lines.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONEY: Stated<'_> = Stated {
        rule: "money",
        probability: 0.4,
    };
    const FILE: Stated<'_> = Stated {
        rule: "file",
        probability: 0.4,
    };

    fn answers(rule: &str, component: &str, kept: u32, refused: u32) -> Vec<RuleAnswer> {
        let answer = |kept| RuleAnswer {
            rule: rule.to_owned(),
            components: vec![component.to_owned()],
            kept,
        };
        let kept = (0..kept).map(|_| answer(true));
        kept.chain((0..refused).map(|_| answer(false))).collect()
    }

    #[test]
    fn without_answers_the_files_probability_counts() {
        let kept = KeptRules::default();
        assert_eq!(kept.probability(MONEY, &[MONEY, FILE], &["Shop"]), 0.4);
    }

    #[test]
    fn answers_move_their_rule_most_and_its_technique_a_little() {
        let kept = KeptRules::new(answers("money", "Shop", 20, 0));
        let (money, file) = (
            kept.probability(MONEY, &[MONEY, FILE], &[]),
            kept.probability(FILE, &[MONEY, FILE], &[]),
        );
        assert!(
            money > 0.9 && (0.4..money).contains(&file),
            "{money} {file}"
        );
        let refused = KeptRules::new(answers("money", "Shop", 0, 20));
        assert!(refused.probability(MONEY, &[MONEY, FILE], &[]) < 0.15);
    }

    #[test]
    fn a_component_has_a_taste_of_its_own() {
        let mut said = answers("money", "Shop", 12, 0);
        said.extend(answers("money", "Blog", 0, 12));
        let kept = KeptRules::new(said);
        let of = |component| kept.probability(MONEY, &[MONEY], &[component]);
        assert!(of("SHOP") > 0.7 && of("blog") < 0.3 && (0.4..0.6).contains(&of("Map")));
    }

    #[test]
    fn the_estimate_follows_the_share_that_is_kept() {
        // Each rule has a share of its own; after 40 answers the estimate is near it.
        let mut state = 7u64;
        for percent in [10u64, 35, 60, 90] {
            let said = (0..40).map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                RuleAnswer {
                    rule: "money".to_owned(),
                    components: Vec::new(),
                    kept: (state >> 33) % 100 < percent,
                }
            });
            let kept = KeptRules::new(said);
            let tally = kept.of("money");
            let share = tally.kept as f32 / tally.answered as f32;
            let estimate = kept.probability(MONEY, &[MONEY], &[]);
            assert!((estimate - share).abs() < 0.08, "{estimate} {share}");
        }
    }
}
