//! Single values: the core's types as those of Swift and Kotlin. `uniffi.toml` has the other half.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::SystemTime;

use atlas_core::domain::TicketKey;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::error::AtlasError;
use crate::records::Scored;

type ClockTime = Time;
type Count = usize;
type Day = Date;
type FilePath = PathBuf;
type SignalName = Cow<'static, str>;
type Observations = NonZeroU32;
type Zone = TimeZone;
type Columns = BTreeMap<String, String>;
type RowCounts = BTreeMap<String, u64>;
type Weights = BTreeMap<String, f32>;
type ScoredPair = (Scored, Scored);

uniffi::custom_type!(
    /// An instant.
    Timestamp, SystemTime, {
        remote,
        lower: |at| at.into(),
        try_lift: |at| Ok(Timestamp::try_from(at).map_err(|e| AtlasError::invalid("instant", "", e))?),
    }
);

uniffi::custom_type!(
    /// A day of the calendar.
    Day, String, {
        remote,
        lower: |day| day.to_string(),
        try_lift: |day| Ok(day.parse::<Date>().map_err(|e| AtlasError::invalid("day", &day, e))?),
    }
);

uniffi::custom_type!(
    /// A time of the day.
    ClockTime, String, {
        remote,
        lower: |time| time.to_string(),
        try_lift: |time| Ok(time.parse::<Time>().map_err(|e| AtlasError::invalid("time", &time, e))?),
    }
);

uniffi::custom_type!(
    /// A time zone.
    Zone, String, {
        remote,
        lower: |zone| zone.iana_name().unwrap_or("UTC").to_owned(),
        try_lift: |zone| Ok(TimeZone::get(&zone).map_err(|e| AtlasError::invalid("zone", &zone, e))?),
    }
);

uniffi::custom_type!(
    /// A ticket's key, such as WRKA-1234.
    TicketKey, String, {
        remote,
        lower: |key| key.to_string(),
        try_lift: |key| Ok(TicketKey::parse(&key).map_err(AtlasError::from)?),
    }
);

uniffi::custom_type!(
    /// A number of things, 0 or more.
    Count, i32, {
        remote,
        lower: |count| i32::try_from(count).unwrap_or(i32::MAX),
        try_lift: |count| Ok(usize::try_from(count).map_err(|_| AtlasError::invalid("count", count, "0 or more"))?),
    }
);

uniffi::custom_type!(
    /// A number of observations, 1 or more.
    Observations, u32, {
        remote,
        lower: |count| count.get(),
        try_lift: |count| Ok(NonZeroU32::new(count).ok_or_else(|| AtlasError::invalid("observations", count, "1 or more"))?),
    }
);

uniffi::custom_type!(
    /// The place of a file or folder.
    FilePath, String, {
        remote,
        lower: |path| path.to_string_lossy().into_owned(),
        try_lift: |path| Ok(PathBuf::from(path)),
    }
);

uniffi::custom_type!(
    /// The name of a signal.
    SignalName, String, {
        remote,
        lower: |name| name.into_owned(),
        try_lift: |name| Ok(Cow::Owned(name)),
    }
);

uniffi::custom_type!(
    /// Rows by table.
    RowCounts, HashMap<String, u64>, {
        remote,
        lower: |rows| rows.into_iter().collect(),
        try_lift: |rows| Ok(rows.into_iter().collect()),
    }
);

uniffi::custom_type!(
    /// Weights of plugins by name, 0 or more.
    Weights, HashMap<String, f32>, {
        remote,
        lower: |weights| weights.into_iter().collect(),
        try_lift: |weights| Ok(weights.into_iter().collect()),
    }
);

uniffi::custom_type!(
    /// Columns of a table by field.
    Columns, HashMap<String, String>, {
        remote,
        lower: |columns| columns.into_iter().collect(),
        try_lift: |columns| Ok(columns.into_iter().collect()),
    }
);

/// Two ways of predicting, scored on the same tickets.
#[derive(uniffi::Record)]
pub struct Contest {
    /// The version that was serving.
    pub serving: Scored,
    /// The new one.
    pub new: Scored,
}

uniffi::custom_type!(
    /// Two ways of predicting, scored on the same tickets.
    ScoredPair, Contest, {
        remote,
        lower: |pair| Contest { serving: pair.0, new: pair.1 },
        try_lift: |pair| Ok((pair.serving, pair.new)),
    }
);
