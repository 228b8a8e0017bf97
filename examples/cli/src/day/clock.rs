//! The clock of the play.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use atlas_core::domain::UserSettings;
use atlas_core::{Error, Result};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, Zoned};

/// Seconds since 1970, set and moved by the play. Clones show the same time.
#[derive(Clone, Default)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// The time of the play.
    pub fn now(&self) -> Timestamp {
        // No play reaches a time that is none.
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }

    /// Sets it to a time of day at the tester's desk.
    pub fn set(&self, day: Date, time: Time) -> Result<()> {
        let local = day.to_datetime(time).to_zoned(zone()?);
        let local = local.map_err(|_| Error::InvalidValue {
            field: "--days",
            value: day.to_string(),
            expected: "days of the calendar".to_owned(),
        })?;
        self.0
            .store(local.timestamp().as_second(), Ordering::SeqCst);
        Ok(())
    }

    /// Lets seconds pass.
    pub fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    /// What the clock on the wall says.
    pub fn local(&self) -> Result<Zoned> {
        Ok(self.now().to_zoned(zone()?))
    }
}

fn zone() -> Result<jiff::tz::TimeZone> {
    UserSettings {
        time_zone: Some(super::ZONE.to_owned()),
        ..UserSettings::default()
    }
    .zone()
}
