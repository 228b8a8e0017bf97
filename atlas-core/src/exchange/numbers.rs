//! Numbers and durations as people and programs of any country write them.
//!
//! Which of `.` and `,` stands before the decimals is clear in `0,532`, `12.5` and `1.234,5`; in
//! `1,234` it is not. One file has one mark: a [`NumberSurvey`] sees all its numbers and settles
//! how they are read. What stays unclear is not read, rather than a thousand times too long.

mod duration;
mod number;

use crate::domain::{Assumption, DecimalMark, MOST_MINUTES};
use crate::exchange::dates::fold;
use crate::exchange::report::shortened;
use duration::Context;
use number::Number;

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
    mark: Mark,
}

/// What stands before decimals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Mark {
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
        duration::seconds(self, fold(text).trim(), Context::Seconds)
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
        let seconds = duration::seconds(self, fold(text).trim(), Context::Minutes)?;
        let minutes = seconds / 60.0;
        (minutes > 0.0 && minutes <= f64::from(MOST_MINUTES))
            .then(|| minutes.round().max(1.0) as u32)
    }

    fn value(&self, number: Number) -> Option<f64> {
        let (mark, decimals, thousands) = match number {
            Number::Certain { value, .. } => return Some(value),
            Number::Open {
                mark,
                decimals,
                thousands,
            } => (mark, decimals, thousands),
        };
        match self.mark {
            Mark::Given(known) | Mark::Seen { mark: known, .. } if known == mark => Some(decimals),
            // Rather unknown than a thousand times too long: reports of two countries are merged.
            Mark::Seen {
                is_grouped: false, ..
            } => None,
            Mark::Given(_) | Mark::Seen { .. } => Some(thousands),
            Mark::Unknown if mark == DecimalMark::Point => Some(decimals),
            Mark::Unknown | Mark::Both => None,
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
                Number::Certain { mark: None, .. } => continue,
                Number::Certain {
                    mark: Some(DecimalMark::Comma),
                    ..
                } => &mut self.comma,
                Number::Certain {
                    mark: Some(DecimalMark::Point),
                    ..
                } => &mut self.point,
                Number::Open {
                    mark: DecimalMark::Comma,
                    ..
                } => &mut self.open_comma,
                Number::Open {
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
            (Some(mark), ..) => Mark::Given(mark),
            (None, Some(_), None) => Mark::Seen {
                mark: DecimalMark::Comma,
                is_grouped: self.grouped_point,
            },
            (None, None, Some(_)) => Mark::Seen {
                mark: DecimalMark::Point,
                is_grouped: self.grouped_comma,
            },
            (None, Some(_), Some(_)) => Mark::Both,
            (None, None, None) => Mark::Unknown,
        };
        let open = match mark {
            Mark::Given(_)
            | Mark::Seen {
                is_grouped: true, ..
            } => None,
            Mark::Seen { mark, .. } => match mark {
                DecimalMark::Comma => self.open_point.as_ref(),
                DecimalMark::Point => self.open_comma.as_ref(),
            },
            Mark::Unknown => self.open_comma.as_ref(),
            Mark::Both => self.open_comma.as_ref().or(self.open_point.as_ref()),
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn settled(texts: &[&str]) -> (Numbers, Option<Assumption>) {
        let mut survey = NumberSurvey::default();
        texts.iter().for_each(|text| survey.see(text));
        survey.settle(None)
    }

    #[test]
    fn numbers_of_every_country() {
        let numbers = Numbers::default();
        for (text, expected) in [
            ("0", 0.0),
            ("7", 7.0),
            ("0.532", 0.532),
            ("0,532", 0.532),
            (".5", 0.5),
            (",5", 0.5),
            ("5.", 5.0),
            ("1.5", 1.5),
            ("1,5", 1.5),
            ("3,872", f64::NAN),
            ("3.872", 3.872),
            ("12,34", 12.34),
            ("1234,567", 1_234.567),
            ("1,234.5", 1_234.5),
            ("1.234,5", 1_234.5),
            ("1 200.5", 1_200.5),
            ("1\u{a0}200,5", 1_200.5),
            ("1\u{202f}200,500", 1_200.5),
            ("1'200.5", 1_200.5),
            ("1’200’300", 1_200_300.0),
            ("1,234,567", 1_234_567.0),
            ("1.234.567", 1_234_567.0),
            ("12,34,567.5", 1_234_567.5),
            ("1 200", 1_200.0),
            ("+1.5", 1.5),
            ("5.0E-4", 0.000_5),
            ("1,5e2", 150.0),
            ("1.234E3", 1_234.0),
            ("١٫٥", 1.5),
            ("١٬٢٣٤٫٥", 1_234.5),
            ("１．５", 1.5),
            ("00,532", 0.532),
            ("1.2345", 1.234_5),
        ] {
            let expected = (!expected.is_nan()).then_some(expected);
            assert_eq!(numbers.decimal(text), expected, "{text}");
        }
        for text in [
            "",
            "-1",
            "-0,5",
            "NaN",
            "inf",
            "-inf",
            "infinity",
            "1e999",
            "1.2.3",
            "1,2,3",
            "1,23,4",
            "1.23,4,5",
            "12 34",
            "1 2345",
            "abc",
            "1x",
            "0x10",
            ".",
            ",",
            "1..2",
            "1,,2",
            "1.234,567.8",
            "1e",
            "e5",
            "--1",
            "1 .5",
            "1. 5",
            "1' 200",
        ] {
            assert_eq!(numbers.decimal(text), None, "{text}");
        }
    }

    #[test]
    fn durations_as_seconds() {
        let numbers = Numbers::default();
        for (text, expected) in [
            ("1.5", 1.5),
            ("0,532", 0.532),
            ("90s", 90.0),
            ("1.5 s", 1.5),
            ("1,5 sec.", 1.5),
            ("532ms", 0.532),
            ("250 µs", 0.000_25),
            ("PT1M30S", 90.0),
            ("PT0.532S", 0.532),
            ("pt1,5s", 1.5),
            ("PT1.234S", 1.234),
            ("PT1,234S", 1.234),
            ("P1DT1H", 90_000.0),
            ("P1W", 604_800.0),
            ("PT0S", 0.0),
            ("1:30", 90.0),
            ("01:30.5", 90.5),
            ("00:01:30.5", 90.5),
            ("00:01:30,5", 90.5),
            ("100:00:00", 360_000.0),
            ("1.02:03:04.5", 93_784.5),
            ("1 day, 0:01:30", 86_490.0),
            ("2 days 00:00:01", 172_801.0),
            ("1h 30m", 5_400.0),
            ("1h30m", 5_400.0),
            ("1h30", 5_400.0),
            ("2m30", 150.0),
            ("1 min 30 sec", 90.0),
            ("2 hours", 7_200.0),
            ("1 Hour, 5 mins and 3 secs", 3_903.0),
            ("1 Std. 30 Min.", 5_400.0),
            ("2 heures", 7_200.0),
            ("1,5 h", 5_400.0),
            ("1 ч 30 мин", 5_400.0),
            ("5分30秒", 330.0),
            ("1時間30分", 5_400.0),
            ("2시간 30분 5초", 9_005.0),
            ("1 200 ms", 1.2),
            ("1 day", 86_400.0),
            ("1,200.5 ms", 1.200_5),
            ("1:30 h", 5_400.0),
            ("1:30 min", 90.0),
            ("1 200.5", 1_200.5),
        ] {
            let seconds = numbers.seconds(text).expect(text);
            assert!((seconds - expected).abs() < 1e-9, "{text}: {seconds}");
        }
        for text in [
            "",
            "-1s",
            "-PT1S",
            "PT",
            "P",
            "P1Y",
            "P1M",
            "PT1X",
            "1S2T",
            "1:75",
            "1:5",
            "1:2:3:4",
            "12:",
            ":30",
            "1:-5",
            "1h 1h",
            "30m 1h",
            "5 apples",
            "about 5",
            "5 5",
            "1h 30 40",
            "PT1M30",
            "1,234 s",
            "NaN s",
            "1:30:00 x",
            "PT-5S",
            "T1S",
            "5 min ago",
            "1.5:30",
            "h",
            "99999999999999999999:00",
        ] {
            assert_eq!(numbers.seconds(text), None, "{text}");
        }
    }

    #[test]
    fn durations_as_minutes() {
        let numbers = Numbers::default();
        for (text, expected) in [
            ("15", 15),
            ("15.5", 16),
            ("15,5", 16),
            ("15 min", 15),
            ("7.6 min", 8),
            ("1h 30m", 90),
            ("1m 45s", 2),
            ("30s", 1),
            ("01:30", 90),
            ("01:30:00", 90),
            ("00:12:30", 13),
            ("1d", 480),
            ("1w 1d", 2_880),
            ("2 hours", 120),
            ("PT1H30M", 90),
            ("P1D", 1_440),
            ("0.2", 1),
            ("100000", 100_000),
            ("90 Minuten", 90),
            ("1:30.5", 2),
        ] {
            assert_eq!(numbers.minutes(text), Some(expected), "{text}");
        }
        for text in ["0", "soon", "", "-5", "100001", "1,234", "x", "00:00"] {
            assert_eq!(numbers.minutes(text), None, "{text}");
        }
    }

    #[test]
    fn one_mark_for_the_file() {
        let shown = |texts: &[&str], text: &str| {
            let (numbers, assumed) = settled(texts);
            (numbers.seconds(text), assumed.is_some())
        };
        assert_eq!(shown(&["1,234", "0,5"], "1,234"), (Some(1.234), false));
        assert_eq!(
            shown(&["1,234", "1.200,50 s"], "1.234"),
            (Some(1_234.0), false)
        );
        // Reports of two countries may be merged: a comma with thousands is seen nowhere.
        assert_eq!(shown(&["1,234", "0.5"], "1,234"), (None, true));
        assert_eq!(shown(&["1.234", "0,5"], "1.234"), (None, true));
        assert_eq!(
            shown(&["1,234", "1,200.5"], "1,234"),
            (Some(1_234.0), false)
        );
        assert_eq!(shown(&["1,234"], "1,234"), (None, true));
        assert_eq!(shown(&["1,234", "7", "00:01:30,5"], "1,234"), (None, true));
        assert_eq!(shown(&["1.234"], "1.234"), (Some(1.234), false));
        assert_eq!(shown(&["1,234", "0,5", "0.5"], "1,234"), (None, true));
        assert_eq!(shown(&["1.234", "0,5", "0.5"], "1.234"), (None, true));
        assert_eq!(shown(&["0,5", "0.5"], "0.5"), (Some(0.5), false));
        let (_, assumed) = settled(&["7", "1,234"]);
        let assumed = assumed.unwrap();
        assert_eq!(assumed.about, "decimal");
        assert!(assumed.why.contains("\"1,234\"") && !assumed.why.contains("--"));
        let mut survey = NumberSurvey::default();
        survey.see("0.5");
        let (numbers, assumed) = survey.settle(Some(DecimalMark::Comma));
        assert_eq!((numbers.seconds("1,234"), assumed), (Some(1.234), None));
        assert_eq!(numbers.seconds("0.5"), Some(0.5));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,30}") {
            let numbers = Numbers::default();
            NumberSurvey::default().see(&text);
            for value in [numbers.decimal(&text), numbers.seconds(&text)].into_iter().flatten() {
                prop_assert!(value.is_finite() && value >= 0.0);
            }
            numbers.minutes(&text);
        }

        #[test]
        fn a_file_of_one_country_is_never_a_thousand_times_wrong(
            thousandths in prop::collection::vec(0_u32..9_999_999, 1..30),
            comma: bool,
            groups: bool,
            trimmed: bool,
        ) {
            let (mark, group) = if comma { (",", ".") } else { (".", ",") };
            let texts: Vec<String> = thousandths.iter().map(|n| {
                let whole = n / 1_000;
                let whole = match whole >= 1_000 && groups {
                    true => format!("{}{group}{:03}", whole / 1_000, whole % 1_000),
                    false => whole.to_string(),
                };
                let text = format!("{whole}{mark}{:03}", n % 1_000);
                match trimmed {
                    true => text.trim_end_matches('0').trim_end_matches(mark).to_owned(),
                    false => text,
                }
            }).collect();
            let mut survey = NumberSurvey::default();
            texts.iter().for_each(|text| survey.see(text));
            let (numbers, assumed) = survey.settle(None);
            for (text, n) in texts.iter().zip(&thousandths) {
                // "1.234" where no number has decimals is the one that programs write for 1.234.
                let odd = comma && trimmed && assumed.is_none() && numbers == Numbers::default();
                if !odd {
                    let read = numbers.seconds(text);
                    prop_assert!(read.is_none_or(|read| (read - f64::from(*n) / 1_000.0).abs() < 1e-6), "{text}: {read:?}");
                    prop_assert!(read.is_some() || assumed.is_some(), "{}", text);
                }
            }
        }
    }
}
