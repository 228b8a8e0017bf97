//! The area [`Tester`]: who the tester is, and what they have set.

use std::sync::Arc;

use super::core::Core;
use super::core::user::{USER_SETTINGS, moment};
use super::play::Play;
use crate::domain::{Moment, Profile, ProfileChange, UserSettings};
use crate::{Error, Result};

/// Who the tester is, and what they have set.
#[derive(Clone)]
pub struct Tester {
    pub(super) core: Arc<Core>,
}

impl Tester {
    /// The one user, with what they have earned as of today; where nothing was stored of them yet,
    /// called `tester` and with the id 0.
    ///
    /// # Errors
    /// Storage errors.
    pub fn get(&self) -> Result<Profile> {
        let mut profile = self.core.user()?;
        // A missed day ends a streak, and nothing is written on it.
        profile.current_streak = self.play().standing()?.current_streak;
        Ok(profile)
    }

    /// Changes the profile and returns it as it is then.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a name that is empty or that another row of the table has, and for an
    /// address without `@`. Nothing is changed then.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{Personality, ProfileChange};
    /// let atlas = Atlas::open_in_memory()?;
    /// let change = ProfileChange {
    ///     username: Some("kayla".into()),
    ///     coach_personality: Some("analyst".parse()?),
    ///     ..ProfileChange::default()
    /// };
    /// assert_eq!(atlas.profile().update(&change)?.coach_personality, Personality::Analyst);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn update(&self, change: &ProfileChange) -> Result<Profile> {
        let now = (self.core.clock)();
        self.core.store.write(|stored| {
            let mut profile = stored.profiles().current_or_new(now)?;
            change.apply(&mut profile)?;
            let (name, id) = (&profile.username, profile.id);
            if stored.profiles().name_is_taken(name, id)? {
                let expected = "a name that no other user of this database has";
                return Err(Error::invalid("username", name, expected));
            }
            stored.profiles().update(&profile)
        })?;
        self.get()
    }

    /// What the user has set.
    ///
    /// # Errors
    /// Storage errors.
    pub fn settings(&self) -> Result<UserSettings> {
        self.core.user_settings()
    }

    /// Stores what the user sets, all of it. Weights count when the database is opened the next
    /// time, before those of [`AtlasBuilder::weight`](super::AtlasBuilder::weight); everything
    /// else counts at once, for what happens from now on.
    ///
    /// # Errors
    /// `INVALID_VALUE` for an hour, a zone or a weight that is none, and for a weight of a
    /// predictor that is not there. Nothing is changed then.
    pub fn set_settings(&self, settings: &UserSettings) -> Result<()> {
        settings.check()?;
        let known: Vec<&str> = self.core.pipeline.weights().map(|(name, _)| name).collect();
        let before = self.core.user_settings()?.weights;
        for name in settings.weights.keys() {
            // One of a plugin that another program brings may stay.
            if !known.contains(&name.as_str()) && !before.contains_key(name) {
                let expected = format!("one of {}", known.join(", "));
                return Err(Error::invalid("predictor", name, expected));
            }
        }
        let json = serde_json::to_string(settings)
            .map_err(|error| Error::invalid("settings", error, "values that JSON can hold"))?;
        self.core
            .store
            .write(|stored| stored.settings().set(USER_SETTINGS, Some(&json)))
    }

    /// The present instant on the tester's calendar, by the settings and the clock.
    ///
    /// # Errors
    /// Storage errors.
    pub fn now(&self) -> Result<Moment> {
        let at = (self.core.clock)();
        self.core.store.read(|stored| moment(stored, at))
    }
}

impl Tester {
    fn play(&self) -> Play {
        Play {
            core: self.core.clone(),
        }
    }
}
