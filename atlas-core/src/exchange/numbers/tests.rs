//! Numbers and durations of every country.

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
