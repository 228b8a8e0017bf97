//! The one user: profile, settings, and the calendar that they make.
//!
//! The user's settings are one JSON value in `atlas_settings`. Their weights replace those of the
//! builder when the database is opened, so they are in the fingerprint of predictions.

use jiff::Timestamp;

use super::Core;
use crate::Result;
use crate::domain::{Moment, Profile, UserSettings};
use crate::store::{Repositories, Store};

/// Where the user's settings are kept, as JSON.
pub(crate) const USER_SETTINGS: &str = "user_settings";

impl Core {
    /// The one user as the row has it, or will have it.
    pub(crate) fn user(&self) -> Result<Profile> {
        let user = self.store.read(|stored| stored.profiles().current())?;
        Ok(user.unwrap_or_default())
    }

    pub(crate) fn user_settings(&self) -> Result<UserSettings> {
        self.store.read(user_settings)
    }

    /// Gives sessions that another program stored the events that their rows tell.
    pub(crate) fn adopt_sessions(store: &Store) -> Result<()> {
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
pub(crate) fn moment(stored: &Repositories<'_>, at: Timestamp) -> Result<Moment> {
    let settings = user_settings(stored)?;
    Ok(Moment::new(at, &settings.zone()?, settings.day_start))
}

/// What the user has set; what cannot be used any more counts as not set.
pub(crate) fn user_settings(stored: &Repositories<'_>) -> Result<UserSettings> {
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
