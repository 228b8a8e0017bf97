//! Achievements as play reckons them, mirrored for whoever reads the table `achievements`.

use rusqlite::Row;

use super::{Repositories, columns};
use crate::Result;
use crate::domain::{Achievement, AchievementType};

/// Achievements. Rows of other programs are left alone.
#[derive(Debug)]
pub struct Achievements<'r>(pub(super) &'r Repositories<'r>);

impl Achievements<'_> {
    /// Makes the rows say what `achievements` says: all of the catalogue, in its order. Rows that
    /// say it already are not written, so doing it again costs little.
    ///
    /// # Errors
    /// Storage errors.
    pub fn replace(&self, achievements: &[Achievement]) -> Result<()> {
        let stored = self.list()?;
        if stored == achievements {
            return Ok(());
        }
        for gone in stored {
            if !achievements.iter().any(|one| one.key == gone.key) {
                self.0.execute(
                    "DELETE FROM achievements WHERE id = (SELECT achievement_id
                         FROM atlas_achievement_details WHERE achievement_key = ?1)",
                    [gone.key],
                )?;
            }
        }
        for (position, achievement) in achievements.iter().enumerate() {
            self.put(achievement, position as i64)?;
        }
        Ok(())
    }

    /// What was stored last, in the order of the catalogue.
    ///
    /// # Errors
    /// Storage errors.
    pub fn list(&self) -> Result<Vec<Achievement>> {
        let mut achievements = Vec::new();
        self.0.each(
            "SELECT d.achievement_key, a.achievement_type, a.achievement_name, a.description,
                    a.icon, a.target, a.current_progress, a.xp_reward, a.earned_at
             FROM atlas_achievement_details d JOIN achievements a ON a.id = d.achievement_id
             ORDER BY d.position",
            [],
            |row| {
                achievements.extend(achievement_of(row));
                Ok(())
            },
        )?;
        Ok(achievements)
    }

    fn put(&self, achievement: &Achievement, position: i64) -> Result<()> {
        let known = self.0.first(
            "SELECT achievement_id FROM atlas_achievement_details WHERE achievement_key = ?1",
            [&achievement.key],
            |row| row.get(0),
        )?;
        let id: i64 = match known {
            Some(id) => id,
            None => self.0.insert(
                "INSERT INTO achievements (achievement_type, achievement_name, description)
                 VALUES ('', '', '')",
                [],
            )?,
        };
        self.0.execute(
            "INSERT INTO atlas_achievement_details (achievement_id, achievement_key, position)
             VALUES (?1, ?2, ?3) ON CONFLICT(achievement_id) DO UPDATE SET
                 position = excluded.position WHERE position <> excluded.position",
            (id, &achievement.key, position),
        )?;
        self.0.execute(
            "UPDATE achievements SET achievement_type = ?2, achievement_name = ?3, description = ?4,
                 icon = ?5, target = ?6, current_progress = ?7, xp_reward = ?8, is_earned = ?9,
                 earned_at = ?10
             WHERE id = ?1 AND (achievement_type, achievement_name, description, icon, target,
                 current_progress, xp_reward, is_earned, earned_at)
                 IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            (
                id,
                achievement.achievement_type.as_str(),
                &achievement.name,
                &achievement.description,
                &achievement.icon,
                achievement.target,
                achievement.progress,
                achievement.xp,
                achievement.earned_at.is_some(),
                achievement.earned_at.map(columns::time_text),
            ),
        )?;
        Ok(())
    }
}

fn achievement_of(row: &Row<'_>) -> Option<Achievement> {
    Some(Achievement {
        key: columns::text(row, 0)?,
        achievement_type: AchievementType::from_name(&columns::text(row, 1)?)?,
        name: columns::text(row, 2)?,
        description: columns::text(row, 3)?,
        icon: columns::text(row, 4).unwrap_or_default(),
        target: columns::count(row, 5).unwrap_or(0),
        progress: columns::count(row, 6).unwrap_or(0),
        xp: columns::count(row, 7).unwrap_or(0),
        earned_at: columns::time(row, 8),
    })
}
