//! When to sync again.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::{Error, Result};

/// After a daily sync that failed.
const SOON: Duration = Duration::from_secs(15 * 60);

/// When to sync again. What was due while no `Atlas` was open is done when one is.
#[derive(Debug, Clone, PartialEq)]
pub enum Schedule {
    /// So long after the last one began, a second or more.
    Every(Duration),
    /// Each day at this time of day; after a failure again in a quarter of an hour.
    Daily {
        /// The time of day.
        at: Time,
        /// Where it is that time.
        zone: TimeZone,
    },
}

impl Schedule {
    /// `15m`, `2h`, `90s`, `1d`.
    ///
    /// ```
    /// use atlas_core::jira::Schedule;
    /// use std::time::Duration;
    /// assert_eq!(Schedule::every("15m")?, Schedule::Every(Duration::from_secs(900)));
    /// assert!(Schedule::every("soon").is_err());
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `INVALID_VALUE`.
    pub fn every(text: &str) -> Result<Self> {
        let text = text.trim();
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let unit = match text[digits..].trim() {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => 0,
        };
        let seconds = text[..digits].parse::<u32>().unwrap_or(0);
        match u64::from(seconds) * unit {
            0 => Err(Error::invalid(
                "every",
                text,
                "a time such as 15m, 2h or 1d",
            )),
            seconds => Ok(Schedule::Every(Duration::from_secs(seconds))),
        }
    }

    /// When the next one is due; `last` is when the last one began, and whether it succeeded.
    pub(crate) fn due(&self, last: Option<(Timestamp, bool)>, now: Timestamp) -> Timestamp {
        let Some((began, well)) = last else {
            return now;
        };
        // A last one in the future is a clock that was put back.
        let began = began.min(now);
        let after = |time: Duration| began.checked_add(time).unwrap_or(Timestamp::MAX);
        match self {
            Schedule::Every(time) => after(*time),
            Schedule::Daily { .. } if !well => after(SOON).min(self.next_day(began)),
            Schedule::Daily { .. } => self.next_day(began),
        }
    }

    /// The first time of day after an instant.
    fn next_day(&self, after: Timestamp) -> Timestamp {
        let Schedule::Daily { at, zone } = self else {
            return after;
        };
        let today = after.to_zoned(zone.clone()).date();
        let on = |days: i64| {
            let day = today.checked_add(days.days()).ok()?;
            // Where the time does not exist that day, the clock's next one.
            Some(
                day.to_datetime(*at)
                    .to_zoned(zone.clone())
                    .ok()?
                    .timestamp(),
            )
        };
        let next = (0..=2).filter_map(on).find(|&next| next > after);
        next.unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_is_due_at_once_and_each_after_its_time() {
        let every = Schedule::every("15m").unwrap();
        let now = at("2026-03-26T16:00:00Z");
        assert_eq!(every.due(None, now), now);
        let last = Some((at("2026-03-26T15:50:00Z"), true));
        assert_eq!(every.due(last, now), at("2026-03-26T16:05:00Z"));
        // The clock was put back by a year.
        let last = Some((at("2027-03-26T15:50:00Z"), true));
        assert_eq!(every.due(last, now), at("2026-03-26T16:15:00Z"));
        for bad in ["", "15", "m", "-5m", "0m", "5 weeks", "99999999999d", "é"] {
            assert!(Schedule::every(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn daily_keeps_its_time_of_day_over_a_change_of_clocks() {
        let daily = Schedule::Daily {
            at: Time::constant(2, 30, 0, 0),
            zone: TimeZone::get("Europe/Berlin").unwrap(),
        };
        for (last, next) in [
            ("2026-03-27T01:30:00Z", "2026-03-28T01:30:00Z"),
            ("2026-03-27T01:29:59Z", "2026-03-27T01:30:00Z"),
            // 02:30 does not exist on the 29th; from then on it is 00:30 UTC.
            ("2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z"),
            ("2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"),
            ("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z"),
        ] {
            let due = daily.due(Some((at(last), true)), at("2026-12-01T00:00:00Z"));
            assert_eq!(due, at(next), "{last}");
        }
        let failed = Some((at("2026-03-27T01:30:00Z"), false));
        assert_eq!(
            daily.due(failed, at("2026-03-27T01:31:00Z")),
            at("2026-03-27T01:45:00Z")
        );
    }
}
