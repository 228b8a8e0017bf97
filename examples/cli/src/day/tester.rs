//! What the tester does, drawn from a seed.

use atlas_core::domain::{Outcome, Scenario};

/// Why a ticket cannot be tested.
const OBSTACLES: [&str; 4] = [
    "The test system answers with 503 since a minute ago.",
    "The build with this change is not on the test system yet.",
    "There is no account with the role that this needs.",
    "The service behind it is down for maintenance.",
];
/// Why a break.
const BREAKS: [&str; 5] = [
    "Coffee.",
    "A colleague has a question.",
    "The phone rings.",
    "A meeting.",
    "A walk around the block.",
];
/// What is noted on a ticket before it is tested.
const THOUGHTS: [&str; 5] = [
    "look at the old behaviour first",
    "needs a second account",
    "ask the developer what else was touched",
    "test it on a slow connection too",
    "check the history entry as well",
];

/// Someone whose days can be played again.
pub struct Tester {
    rng: fastrand::Rng,
}

impl Tester {
    pub fn new(seed: u64) -> Self {
        Tester {
            rng: fastrand::Rng::with_seed(seed),
        }
    }

    /// A whole number between two.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        self.rng.i64(least..=most)
    }

    /// Whether something happens that has this chance.
    pub fn chance(&mut self, share: f64) -> bool {
        self.rng.f64() < share
    }

    /// Whether a scenario turns out to be right, more often the surer ATLAS is of it.
    pub fn is_right(&mut self, confidence: f32) -> bool {
        self.chance(0.25 + 0.72 * f64::from(confidence) / 100.0)
    }

    /// What comes of a ticket.
    pub fn outcome(&mut self) -> Outcome {
        match self.between(1, 100) {
            ..=30 => Outcome::Failed,
            31..=38 => Outcome::Blocked,
            _ => Outcome::Passed,
        }
    }

    /// Seconds that a scenario takes: around its estimate, now and then much longer.
    pub fn seconds(&mut self, scenario: &Scenario) -> i64 {
        let mut share = 0.7 + 0.5 * (self.rng.f64() + self.rng.f64()) / 2.0;
        if self.chance(0.12) {
            share *= 1.5;
        }
        (60.0 * f64::from(scenario.minutes.max(1)) * share) as i64
    }

    /// How hard a ticket looks, 1 to 5.
    pub fn difficulty(&mut self) -> u8 {
        [1, 2, 2, 3, 3, 3, 4, 4, 5][self.rng.usize(..9)]
    }

    /// How useful a scenario was, 3 to 5.
    pub fn rating(&mut self) -> u8 {
        self.rng.u8(3..=5)
    }

    /// One of several.
    fn pick(&mut self, of: &[&'static str]) -> &'static str {
        of[self.rng.usize(..of.len())]
    }

    pub fn obstacle(&mut self) -> &'static str {
        self.pick(&OBSTACLES)
    }

    pub fn reason_for_a_break(&mut self) -> &'static str {
        self.pick(&BREAKS)
    }

    pub fn thought(&mut self) -> &'static str {
        self.pick(&THOUGHTS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_does_the_same() {
        let day = |seed| {
            let mut tester = Tester::new(seed);
            let numbers: Vec<i64> = (0..20).map(|_| tester.between(0, 1_000)).collect();
            (numbers, tester.obstacle(), tester.outcome())
        };
        assert_eq!(day(7), day(7));
        assert_ne!(day(7), day(8));
    }
}
