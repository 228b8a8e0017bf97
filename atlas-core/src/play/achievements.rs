//! What can be achieved: the catalogue that ships, and how it is counted.

use std::sync::LazyLock;

use jiff::Timestamp;
use serde::Deserialize;

use crate::domain::{Achievement, AchievementType};

/// What an achievement counts. All but `Xp` and `Streak` only ever count what was done, so another
/// session never takes progress away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Measure {
    /// Completed sessions.
    Sessions,
    /// Different tickets of theirs.
    Tickets,
    /// Full hours of work in them.
    Hours,
    /// Steps done in them.
    Steps,
    /// Experience points.
    Xp,
    /// The longest streak in days.
    Streak,
    /// Sessions of the component that has most.
    ComponentSessions,
    /// Different components.
    Components,
    /// Sessions in which every step of a stored pattern was done, of the pattern that has most.
    PatternSessions,
    /// Sessions with every step done within 10 % of the plan's minutes.
    AccurateEstimates,
    /// Sessions with every step of a plan done.
    FullPlans,
    /// Sessions that found a defect.
    Defects,
    /// Scenarios that feedback judged.
    Feedback,
    /// Questions that feedback answered.
    Questions,
    /// The tester's own scenarios that were predicted and accepted.
    OwnAccepted,
    /// Different tickets with a note or a difficulty.
    NotedTickets,
    /// Completed challenges.
    Challenges,
}

/// How many measures there are.
const MEASURES: usize = Measure::Challenges as usize + 1;

/// A count for each measure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PlayCounts([u32; MEASURES]);

impl PlayCounts {
    pub fn get(&self, measure: Measure) -> u32 {
        self.0[measure as usize]
    }

    pub fn add(&mut self, measure: Measure, more: u32) {
        let count = &mut self.0[measure as usize];
        *count = count.saturating_add(more);
    }

    pub fn subtract(&mut self, measure: Measure, less: u32) {
        let count = &mut self.0[measure as usize];
        *count = count.saturating_sub(less);
    }

    pub fn raise(&mut self, measure: Measure, to: u32) {
        let count = &mut self.0[measure as usize];
        *count = to.max(*count);
    }
}

/// One entry of `achievements.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Definition {
    pub key: String,
    #[serde(rename = "type")]
    pub achievement_type: AchievementType,
    pub name: String,
    pub description: String,
    pub icon: String,
    pub measure: Measure,
    pub target: u32,
    pub xp: u32,
}

impl Definition {
    /// The achievement with these counts; what was earned stays whole.
    pub fn achievement(&self, counts: &PlayCounts, earned_at: Option<Timestamp>) -> Achievement {
        let progress = match earned_at {
            Some(_) => self.target,
            None => counts.get(self.measure).min(self.target),
        };
        Achievement {
            key: self.key.clone(),
            achievement_type: self.achievement_type,
            name: self.name.clone(),
            description: self.description.clone(),
            icon: self.icon.clone(),
            target: self.target,
            progress,
            xp: self.xp,
            earned_at,
        }
    }
}

#[derive(Deserialize)]
struct AchievementsFile {
    achievement: Vec<Definition>,
}

static CATALOGUE: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    let file: AchievementsFile = toml::from_str(include_str!("../../data/achievements.toml"))
        .expect("the catalogue that ships is read in a test");
    file.achievement
});

/// Everything that can be achieved.
pub(super) fn catalogue() -> &'static [Definition] {
    &CATALOGUE
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn about_thirty_in_four_types_with_keys_and_icons_of_their_own() {
        let all = catalogue();
        assert!((28..=36).contains(&all.len()), "{}", all.len());
        for one in AchievementType::ALL {
            assert!(all.iter().filter(|a| a.achievement_type == one).count() >= 5);
        }
        let distinct = |of: fn(&Definition) -> &str| all.iter().map(of).collect::<HashSet<_>>();
        assert_eq!(distinct(|a| &a.key).len(), all.len());
        assert_eq!(distinct(|a| &a.icon).len(), all.len());
        assert_eq!(distinct(|a| &a.name).len(), all.len());
        for a in all {
            assert!(
                a.target > 0 && a.xp > 0 && a.icon.chars().count() == 1,
                "{}",
                a.key
            );
        }
    }
}
