//! Numbers and durations as people and programs of any country write them.
//!
//! Which of `.` and `,` stands before the decimals is clear in `0,532`, `12.5` and `1.234,5`; in
//! `1,234` it is not. One file has one mark: a [`NumberSurvey`] sees all its numbers and settles
//! how they are read. What stays unclear is not read, rather than a thousand times too long.

mod duration;
mod number;
#[cfg(test)]
mod tests;

use crate::domain::{Assumption, DecimalMark, MOST_MINUTES};
use crate::exchange::dates::fold;
use crate::exchange::report::shortened;
use duration::DurationContext;
use number::ReadNumber;

/// How a file's numbers are read.
///
/// The default is for numbers without a file: `1.234` has decimals, as programs write them, and
/// `1,234` is unclear.
///
/// ```
/// use atlas_core::exchange::numbers::Numbers;
/// let numbers = Numbers::default();
/// assert_eq!(numbers.decimal("1 200,5"), Some(1_200.5));
/// assert_eq!(numbers.seconds("PT1M30S"), Some(90.0));
/// assert_eq!(numbers.minutes("1 Std. 30 Min."), Some(90));
/// assert_eq!(numbers.decimal("1,234"), None);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Numbers {
    mark: DecimalRule,
}

/// What stands before decimals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum DecimalRule {
    /// No number tells: a point stands before decimals, and a comma is unclear.
    #[default]
    Unknown,
    /// The user says so: the other mark stands between thousands.
    Given(DecimalMark),
    /// Other numbers of the file tell; `is_grouped` where the other mark stands between thousands
    /// beyond doubt, as in `1.234,5`.
    Seen { mark: DecimalMark, is_grouped: bool },
    /// The file has both.
    Both,
}

impl Numbers {
    /// A number that is not negative; `None` for anything else, also for `NaN` and `inf`.
    pub fn decimal(&self, text: &str) -> Option<f64> {
        self.value(number::read(fold(text).trim())?)
    }

    /// Seconds, not negative, from a number of seconds or a duration: `1.5`, `1,5`, `90s`,
    /// `532 ms`, `1h 30m`, `PT1M30S`, `1:30` (minutes and seconds), `00:01:30.5`. A day has 24
    /// hours.
    ///
    /// ```
    /// use atlas_core::exchange::numbers::Numbers;
    /// let numbers = Numbers::default();
    /// assert_eq!(numbers.seconds("0,532"), Some(0.532));
    /// assert_eq!(numbers.seconds("00:01:30.5"), Some(90.5));
    /// assert_eq!(numbers.seconds("-1"), None);
    /// ```
    pub fn seconds(&self, text: &str) -> Option<f64> {
        duration::seconds(self, fold(text).trim(), DurationContext::Seconds)
    }

    /// Whole minutes, 1 to 100,000, from a number of minutes or a duration: `15`, `15 min`,
    /// `1h 30m`, `90s`, `1:30` (hours and minutes), `01:30:00`. As in Jira, a day of work has
    /// 8 hours and a week 5 days.
    ///
    /// ```
    /// use atlas_core::exchange::numbers::Numbers;
    /// let numbers = Numbers::default();
    /// assert_eq!(numbers.minutes("01:30"), Some(90));
    /// assert_eq!(numbers.minutes("30 s"), Some(1));
    /// assert_eq!(numbers.minutes("soon"), None);
    /// ```
    pub fn minutes(&self, text: &str) -> Option<u32> {
        let seconds = duration::seconds(self, fold(text).trim(), DurationContext::Minutes)?;
        let minutes = seconds / 60.0;
        (minutes > 0.0 && minutes <= f64::from(MOST_MINUTES))
            .then(|| minutes.round().max(1.0) as u32)
    }

    fn value(&self, number: ReadNumber) -> Option<f64> {
        let (mark, decimals, thousands) = match number {
            ReadNumber::Certain { value, .. } => return Some(value),
            ReadNumber::Open {
                mark,
                decimals,
                thousands,
            } => (mark, decimals, thousands),
        };
        match self.mark {
            DecimalRule::Given(known) | DecimalRule::Seen { mark: known, .. } if known == mark => {
                Some(decimals)
            }
            // Rather unknown than a thousand times too long: reports of two countries are merged.
            DecimalRule::Seen {
                is_grouped: false, ..
            } => None,
            DecimalRule::Given(_) | DecimalRule::Seen { .. } => Some(thousands),
            DecimalRule::Unknown if mark == DecimalMark::Point => Some(decimals),
            DecimalRule::Unknown | DecimalRule::Both => None,
        }
    }
}

/// Collects what the numbers of a file say about the mark before decimals.
///
/// Give it every number and duration of the file, then [`settle`](Self::settle).
///
/// ```
/// use atlas_core::exchange::numbers::NumberSurvey;
/// let mut survey = NumberSurvey::default();
/// for time in ["1,234", "0,5"] {
///     survey.see(time);
/// }
/// let (numbers, assumption) = survey.settle(None);
/// assert_eq!(numbers.seconds("1,234"), Some(1.234));
/// assert!(assumption.is_none());
/// ```
#[derive(Debug, Clone, Default)]
pub struct NumberSurvey {
    /// The first number that has decimals behind a comma.
    comma: Option<String>,
    /// The first number that has decimals behind a point.
    point: Option<String>,
    /// The first `1,234` and the first `1.234`.
    open_comma: Option<String>,
    open_point: Option<String>,
    /// Whether a number has a comma between thousands beyond doubt, and whether one has a point.
    grouped_comma: bool,
    grouped_point: bool,
}

impl NumberSurvey {
    /// Takes in a number or a duration; what is neither says nothing.
    pub fn see(&mut self, text: &str) {
        let folded = fold(text);
        // Without a unit behind it.
        let bare = folded.trim_matches(|c: char| !c.is_ascii_digit());
        if let Some(mark) = number::grouping(bare) {
            self.grouped_comma |= mark == DecimalMark::Comma;
            self.grouped_point |= mark == DecimalMark::Point;
        }
        for number in duration::numbers(folded.trim()) {
            let slot = match number {
                ReadNumber::Certain { mark: None, .. } => continue,
                ReadNumber::Certain {
                    mark: Some(DecimalMark::Comma),
                    ..
                } => &mut self.comma,
                ReadNumber::Certain {
                    mark: Some(DecimalMark::Point),
                    ..
                } => &mut self.point,
                ReadNumber::Open {
                    mark: DecimalMark::Comma,
                    ..
                } => &mut self.open_comma,
                ReadNumber::Open {
                    mark: DecimalMark::Point,
                    ..
                } => &mut self.open_point,
            };
            slot.get_or_insert_with(|| shortened(text));
        }
    }

    /// How the file's numbers are read, and what had to be assumed. A mark that the user gave
    /// wins over everything that the file says about numbers such as `1,234`.
    pub fn settle(self, mark: Option<DecimalMark>) -> (Numbers, Option<Assumption>) {
        let mark = match (mark, &self.comma, &self.point) {
            (Some(mark), ..) => DecimalRule::Given(mark),
            (None, Some(_), None) => DecimalRule::Seen {
                mark: DecimalMark::Comma,
                is_grouped: self.grouped_point,
            },
            (None, None, Some(_)) => DecimalRule::Seen {
                mark: DecimalMark::Point,
                is_grouped: self.grouped_comma,
            },
            (None, Some(_), Some(_)) => DecimalRule::Both,
            (None, None, None) => DecimalRule::Unknown,
        };
        let open = match mark {
            DecimalRule::Given(_)
            | DecimalRule::Seen {
                is_grouped: true, ..
            } => None,
            DecimalRule::Seen { mark, .. } => match mark {
                DecimalMark::Comma => self.open_point.as_ref(),
                DecimalMark::Point => self.open_comma.as_ref(),
            },
            DecimalRule::Unknown => self.open_comma.as_ref(),
            DecimalRule::Both => self.open_comma.as_ref().or(self.open_point.as_ref()),
        };
        let assumption = open.map(|open| Assumption {
            about: "decimal".to_owned(),
            assumed: "unknown".to_owned(),
            why: match (&self.comma, &self.point) {
                (Some(comma), Some(point)) => format!(
                    "\"{open}\" could have decimals or thousands, and the file has both marks \
                     before decimals: \"{comma}\" and \"{point}\"; such numbers are not read"
                ),
                (Some(other), None) | (None, Some(other)) => format!(
                    "\"{open}\" could have thousands, or decimals behind another mark than \
                     \"{other}\"; such numbers are not read"
                ),
                _ => format!(
                    "\"{open}\" could have decimals or thousands, and no number of the file \
                     tells which; such numbers are not read"
                ),
            },
        });
        (Numbers { mark }, assumption)
    }
}
