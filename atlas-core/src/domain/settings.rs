//! What the user may set, beside the profile.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Settings that live in the database.
///
/// ```
/// use atlas_core::domain::UserSettings;
/// let mut settings = UserSettings { day_start: 4, ..UserSettings::default() };
/// assert!(settings.check().is_ok());
/// settings.time_zone = Some("Europe/Atlantis".into());
/// assert_eq!(settings.check().unwrap_err().code(), "INVALID_VALUE");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct UserSettings {
    /// At which hour the tester's day starts, 0 to 23.
    pub day_start: u8,
    /// The zone of the tester's calendar, by its IANA name; the system's, if absent.
    pub time_zone: Option<String>,
    /// Whose tickets are the tester's own, by display name.
    pub assignee: Option<String>,
    /// Weights of predictors by name, instead of those that the program sets; 0 or more.
    pub weights: BTreeMap<String, f32>,
}

impl UserSettings {
    /// Whether every value is one that can be.
    ///
    /// # Errors
    /// `INVALID_VALUE` naming the first that is not.
    pub fn check(&self) -> Result<()> {
        if self.day_start > 23 {
            return Err(Error::invalid("day_start", self.day_start, "0 to 23"));
        }
        self.zone()?;
        if let Some(assignee) = &self.assignee
            && assignee.trim().is_empty()
        {
            return Err(Error::invalid("assignee", assignee, "a display name"));
        }
        for (name, weight) in &self.weights {
            if !weight.is_finite() || *weight < 0.0 {
                let value = format!("{name}={weight}");
                return Err(Error::invalid("weight", value, "a number of 0 or more"));
            }
        }
        Ok(())
    }

    /// The zone of the tester's calendar.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a name that is none.
    pub fn zone(&self) -> Result<TimeZone> {
        let Some(name) = &self.time_zone else {
            return Ok(TimeZone::system());
        };
        let expected = "an IANA name, such as Europe/Berlin";
        TimeZone::get(name).map_err(|_| Error::invalid("time_zone", name, expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_out_of_range_are_named() {
        let wrong = |settings: UserSettings| {
            let error = settings.check().unwrap_err();
            assert_eq!(error.code(), "INVALID_VALUE");
            error.details()["field"].clone()
        };
        let settings = UserSettings::default;
        assert!(settings().check().is_ok());
        assert_eq!(
            wrong(UserSettings {
                day_start: 24,
                ..settings()
            }),
            "day_start"
        );
        let named = |name: &str| Some(name.to_owned());
        for name in ["", "Berlin", "+02:00"] {
            let wrong = wrong(UserSettings {
                time_zone: named(name),
                ..settings()
            });
            assert_eq!(wrong, "time_zone");
        }
        assert_eq!(
            wrong(UserSettings {
                assignee: named(" "),
                ..settings()
            }),
            "assignee"
        );
        for weight in [-0.1, f32::NAN, f32::INFINITY] {
            let weights = BTreeMap::from([("neural".to_owned(), weight)]);
            assert_eq!(
                wrong(UserSettings {
                    weights,
                    ..settings()
                }),
                "weight"
            );
        }
    }
}
