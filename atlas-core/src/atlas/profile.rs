//! The user: profile, settings, and the calendar that they make.
//!
//! The user's settings are one JSON value in `atlas_settings`. Their weights replace those of the
//! builder when the database is opened, so they are in the fingerprint of predictions.

use jiff::Timestamp;

use super::Atlas;
use crate::domain::{Moment, Profile, ProfileChange, UserSettings};
use crate::store::{Repositories, Store};
use crate::{Error, Result};

/// Where the user's settings are kept, as JSON.
const USER_SETTINGS: &str = "user_settings";

impl Atlas {
    /// The one user, with what they have earned as of today; where nothing was stored of them yet,
    /// called `tester` and with the id 0.
    ///
    /// # Errors
    /// Storage errors.
    pub fn profile(&self) -> Result<Profile> {
        let mut profile = self.user()?;
        // A missed day ends a streak, and nothing is written on it.
        profile.current_streak = self.standing()?.current_streak;
        Ok(profile)
    }

    /// The one user as the row has it, or will have it.
    pub(super) fn user(&self) -> Result<Profile> {
        let user = self.store.read(|stored| stored.profiles().current())?;
        Ok(user.unwrap_or_default())
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
    /// assert_eq!(atlas.update_profile(&change)?.coach_personality, Personality::Analyst);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn update_profile(&self, change: &ProfileChange) -> Result<Profile> {
        let now = (self.clock)();
        self.store.write(|stored| {
            let mut profile = stored.profiles().current_or_new(now)?;
            change.apply(&mut profile)?;
            let (name, id) = (&profile.username, profile.id);
            if stored.profiles().name_is_taken(name, id)? {
                let expected = "a name that no other user of this database has";
                return Err(Error::invalid("username", name, expected));
            }
            stored.profiles().update(&profile)
        })?;
        self.profile()
    }

    /// What the user has set.
    ///
    /// # Errors
    /// Storage errors.
    pub fn user_settings(&self) -> Result<UserSettings> {
        self.store.read(user_settings)
    }

    /// Stores what the user sets, all of it. Weights count when the database is opened the next
    /// time, before those of [`AtlasBuilder::weight`](super::AtlasBuilder::weight); everything
    /// else counts at once, for what happens from now on.
    ///
    /// # Errors
    /// `INVALID_VALUE` for an hour, a zone or a weight that is none, and for a weight of a
    /// predictor that is not there. Nothing is changed then.
    pub fn set_user_settings(&self, settings: &UserSettings) -> Result<()> {
        settings.check()?;
        let known: Vec<&str> = self.pipeline.weights().map(|(name, _)| name).collect();
        let before = self.user_settings()?.weights;
        for name in settings.weights.keys() {
            // One of a plugin that another program brings may stay.
            if !known.contains(&name.as_str()) && !before.contains_key(name) {
                let expected = format!("one of {}", known.join(", "));
                return Err(Error::invalid("predictor", name, expected));
            }
        }
        let json = serde_json::to_string(settings)
            .map_err(|error| Error::invalid("settings", error, "values that JSON can hold"))?;
        self.store
            .write(|stored| stored.settings().set(USER_SETTINGS, Some(&json)))
    }

    /// The present instant on the tester's calendar, by the settings and the clock.
    ///
    /// # Errors
    /// Storage errors.
    pub fn now(&self) -> Result<Moment> {
        let at = (self.clock)();
        self.store.read(|stored| moment(stored, at))
    }

    /// Gives sessions that another program stored the events that their rows tell.
    pub(super) fn adopt_sessions(store: &Store) -> Result<()> {
        let foreign = store.read(|stored| stored.sessions().foreign())?;
        if foreign.is_empty() {
            return Ok(());
        }
        store.write(|stored| {
            let settings = user_settings(stored)?;
            let zone = settings.zone()?;
            foreign
                .iter()
                .try_for_each(|session| stored.sessions().adopt(session, &zone, settings.day_start))
        })
    }
}

/// An instant on the tester's calendar.
pub(super) fn moment(stored: &Repositories<'_>, at: Timestamp) -> Result<Moment> {
    let settings = user_settings(stored)?;
    Ok(Moment::new(at, &settings.zone()?, settings.day_start))
}

/// What the user has set; what cannot be used any more counts as not set.
pub(super) fn user_settings(stored: &Repositories<'_>) -> Result<UserSettings> {
    let json = stored.settings().get(USER_SETTINGS)?;
    let mut settings: UserSettings = json
        .and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_default();
    // The file may have come from a system that knows more zones.
    if settings.zone().is_err() {
        settings.time_zone = None;
    }
    if settings.check().is_err() {
        settings = UserSettings::default();
    }
    Ok(settings)
}
