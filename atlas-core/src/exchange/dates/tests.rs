//! Forms of dates, each for many instants.

use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use serde_json::json;

use super::words::fold;
use super::*;

fn text(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

fn utc(at: DateTime) -> Timestamp {
    at.to_zoned(TimeZone::UTC).expect("a time").timestamp()
}

/// Ends and beginnings of months, hours and centuries.
fn instants() -> Vec<DateTime> {
    let days = [
        (1970, 1, 2),
        (1999, 12, 31),
        (2000, 2, 29),
        (2001, 9, 9),
        (2019, 10, 10),
        (2023, 10, 12),
        (2024, 2, 29),
        (2025, 1, 31),
        (2025, 3, 4),
        (2025, 4, 30),
        (2026, 5, 13),
        (2069, 12, 1),
    ];
    let times = [
        (0, 0),
        (0, 30),
        (8, 8),
        (11, 59),
        (12, 0),
        (12, 1),
        (20, 8),
        (23, 59),
    ];
    let all = days
        .iter()
        .flat_map(|(y, m, d)| times.map(|(hour, minute)| date(*y, *m, *d).at(hour, minute, 0, 0)));
    all.collect()
}

#[test]
fn every_form_of_minutes_is_read() {
    for format in [
        // Jira's settings, with Java's patterns for days of each country.
        "%d/%b/%y %-I:%M %p",
        "%d/%b/%Y %-I:%M %p",
        "%-d/%b/%y %H:%M",
        "%d/%b/%Y %H:%M",
        "%d-%b-%y %-I:%M %p",
        "%d-%b-%Y %H:%M",
        "%d.%b.%Y %H:%M",
        "%d %b %Y %H:%M",
        "%d %b %y, %H:%M",
        "%b %-d, %Y %-I:%M %p",
        "%b %-d, %Y, %-I:%M %p",
        "%B %-d, %Y %-I:%M %p",
        "%B %-d, %Y at %-I:%M %p",
        "%-d %B %Y %H:%M",
        "%A, %B %-d, %Y %-I:%M:%S %p",
        "%a, %d %b %Y %H:%M:%S +0000",
        "%a, %d %b %y %H:%M GMT",
        "%d%b%Y %H:%M",
        "%d-%b-%Y",
        "%Y-%b-%d %H:%M",
        "%Y/%b/%d %H:%M",
        "%-dth of %B %Y, %-I:%M%P",
        "%-d %b '%y %H:%M",
        // Days first.
        "%d/%m/%Y %H:%M",
        "%-d/%-m/%Y %-H:%M",
        "%d/%m/%y %H:%M",
        "%d.%m.%Y %H:%M",
        "%d.%m.%y %H:%M",
        "%-d.%-m.%Y %-H.%M",
        "%-d. %-m. %Y %-H:%M",
        "%d-%m-%Y %H:%M",
        "%d-%m-%y %H:%M",
        "%d %m %Y %H:%M",
        "%d/%m/%Y %I:%M:%S %p",
        "%d/%m/%Y, %H:%M:%S",
        "%d/%m/%Y %-I:%M %P",
        "%d/%m/%Y - %H:%M",
        "%d/%m/%YT%H:%M",
        "%d/%b/%Y:%H:%M:%S +0000",
        "%d.%m.%Y, %H:%M Uhr",
        "%d.%m.%Y kl. %H:%M",
        "%d/%m/%Y à %Hh%M",
        "%d/%m/%Y %Hh%M",
        "%-d.%-m.%Y klo %-H.%M",
        // Years first.
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%dt%H:%M:%Sz",
        "%Y-%m-%dT%H:%M:%S.000+0000",
        "%Y-%m-%dT%H:%M:%S,000+00:00",
        "%Y-%m-%d %H:%M:%S.000000",
        "%Y-%m-%d %H:%M:%S+00:00",
        "%Y-%m-%d %H:%M:%S UTC",
        "%Y-%m-%d %H:%M +0000",
        "%Y-%m-%d %H:%M:%S.000 +0000",
        "%Y-%m-%d %-I:%M %p",
        "%Y-%m-%dT%H:%M+00",
        "%Y-%m-%dT%H%M",
        "%Y-%m-%dT%H%MZ",
        "%Y%m%dT%H%M%SZ",
        "%Y%m%dT%H%M",
        "%Y%m%d %H:%M",
        "%Y%m%d%H%M",
        "%Y%m%d%H%M%S",
        "%Y%m%d%H%M%S000",
        "%Y-%jT%H:%M",
        "%G-W%V-%uT%H:%M",
        "%GW%V%uT%H:%M",
        "%Y/%m/%d %H:%M",
        "%Y/%-m/%-d %-H:%M",
        "%Y.%m.%d %H:%M",
        "%Y. %-m. %-d. %H:%M",
        "%Y年%-m月%-d日 %H:%M",
        "%Y年%-m月%-d日 %H時%M分",
        "%Y년 %-m월 %-d일 %-H시 %-M분",
        "%-d/%-m月/%y %H:%M",
        "%-d/%-m월/%y %H:%M",
        // Programs.
        "%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)",
        "%a %b %d %H:%M:%S UTC %Y",
        "%a %b %e %H:%M:%S %Y",
        "%H:%M %d/%m/%Y",
        "%H:%M, %d %b %Y",
        "%-I:%M %p, %b %-d, %Y",
        "%Y-%m-%dT%H:%M:%S+00:00[Europe/London]",
        "%Y-%m-%d %H:%M Z",
    ] {
        for at in instants() {
            let text = at.strftime(format).to_string();
            let is_day = !format.contains('M');
            let expected = if is_day { at.date().at(0, 0, 0, 0) } else { at };
            if text.contains("'70") || format.contains("Europe") && at.year() < 1972 {
                // Until 1971 London was an hour ahead in winter, too.
                continue;
            }
            assert_eq!(parse(&text), Some(utc(expected)), "{text} ({format})");
        }
    }
}

#[test]
fn every_form_of_days_is_read() {
    for format in [
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%Y. %-m. %-d.",
        "%Y%m%d",
        "%Y-%j",
        "%G-W%V-%u",
        "%d/%b/%y",
        "%d/%b/%Y",
        "%-d-%b-%Y",
        "%d %b %Y",
        "%b %-d, %Y",
        "%B %-d, %Y",
        "%-d %B %Y",
        "%A, %-d %B %Y",
        "%d/%m/%Y",
        "%-d/%-m/%Y",
        "%d/%m/%y",
        "%d.%m.%Y",
        "%d-%m-%Y",
        "%d.%m.%y",
        "%Y年%-m月%-d日",
        "%Y년 %-m월 %-d일",
        "%-d. %B %Y",
        "den %-d. %B %Y",
        "%Y-%m-%dZ",
        "%Y-%m-%d+00:00",
        "%-d de %B de %Y",
        "%-dth %B %Y",
        "(%a) %d/%m/%Y",
        "%d/%m/%Y (%a)",
    ] {
        for at in instants() {
            let text = at.strftime(format).to_string();
            let midnight = utc(at.date().at(0, 0, 0, 0));
            assert_eq!(parse(&text), Some(midnight), "{text} ({format})");
        }
    }
}

#[test]
fn months_of_every_language_are_read() {
    let table: toml::Table = toml::from_str(include_str!("../../../data/dates.toml")).unwrap();
    let mut read = 0;
    for (language, months) in table["months"].as_table().unwrap() {
        for (month, names) in (1..).zip(months.as_array().unwrap()) {
            for name in names.as_str().unwrap().split(' ') {
                if ["lip", "lis", "listopad", "listopada", "srp"].contains(&&*fold(name)) {
                    continue;
                }
                let expected = Some(utc(date(2023, month, 12).at(20, 8, 0, 0)));
                for text in [
                    format!("12/{name}/23 8:08 PM"),
                    format!("12/{}./23 20:08", name.to_uppercase()),
                    format!("12. {} 2023 20:08", name.to_lowercase()),
                    format!("12 de {name}. de 2023, 20:08"),
                    format!("12-{name}-2023 20:08"),
                    format!("12 {name} 2023 г., 20:08"),
                    format!("{name} 12, 2023, 8:08:00 PM"),
                    format!("2023. {name} 12. 20:08"),
                    format!("2023-{name}-12 20:08"),
                ] {
                    assert_eq!(parse(&text), expected, "{text} of {language}");
                    read += 1;
                }
            }
        }
    }
    assert!(read > 7_000, "{read}");
}

#[test]
fn weekdays_of_every_language_are_passed_over() {
    let table: toml::Table = toml::from_str(include_str!("../../../data/dates.toml")).unwrap();
    for (language, days) in table["weekdays"].as_table().unwrap() {
        for names in days.as_array().unwrap() {
            for name in names.as_str().unwrap().split(' ') {
                let texts = match name.chars().count() {
                    1 => vec![format!("2023年10月12日({name}) 20:08")],
                    _ => vec![
                        format!("{name} 12/10/2023 20:08"),
                        format!("{name}, 12 Oct 2023 20:08"),
                        format!("{name}., 2023-10-12 20:08"),
                        format!("2023. 10. 12., {name}, 20:08"),
                    ],
                };
                for text in texts {
                    assert!(parse(&text).is_some(), "{text} of {language}");
                }
            }
        }
    }
}

#[test]
fn halves_of_the_day_in_every_language() {
    let table: toml::Table = toml::from_str(include_str!("../../../data/dates.toml")).unwrap();
    let halves = [("before_noon", [0, 8]), ("after_noon", [12, 20])];
    for (list, hours) in halves {
        for word in table["halves"][list].as_array().unwrap() {
            let word = word.as_str().unwrap();
            for (hour, expected) in [12, 8].into_iter().zip(hours) {
                let expected = Some(utc(date(2023, 10, 12).at(expected, 8, 0, 0)));
                for text in [
                    format!("12/Oct/23 {hour}:08 {word}"),
                    format!("12/Oct/23 {hour}:08 {}.", word.to_uppercase()),
                    format!("2023-10-12 {word} {hour}:08"),
                    format!("2023年10月12日 {word}{hour}:08"),
                ] {
                    // One letter in front is no half of the day, but a word such as "à".
                    if ["a", "p"].contains(&word) && !text.ends_with(word) {
                        continue;
                    }
                    assert_eq!(parse(&text), expected, "{text}");
                }
            }
        }
    }
}

#[test]
fn zones_and_halves() {
    for (date, expected) in [
        ("Thu, 12 Oct 2023 20:08:09 +0200", "2023-10-12T18:08:09Z"),
        ("12/Oct/23 8:08 PM GMT+2", "2023-10-12T18:08:00Z"),
        ("12/Oct/23 8:08 PM GMT+05:30", "2023-10-12T14:38:00Z"),
        ("12/Oct/23 8:08 p. m.", "2023-10-12T20:08:00Z"),
        ("12/Oct/23 8:08 p.\u{a0}m.", "2023-10-12T20:08:00Z"),
        ("12/Oct/23 8:08\u{202f}PM", "2023-10-12T20:08:00Z"),
        ("12/10/2023 08:08 nachm.", "2023-10-12T20:08:00Z"),
        ("12/Oct/23 8 PM", "2023-10-12T20:00:00Z"),
        ("2023-10-12T20:08+02", "2023-10-12T18:08:00Z"),
        (
            "2023-10-12T20:08:09.123456789-03:30",
            "2023-10-12T23:38:09.123456789Z",
        ),
        ("2023-10-12T20:08:09\u{2212}03:00", "2023-10-12T23:08:09Z"),
        ("2023-10-12T24:00:00Z", "2023-10-13T00:00:00Z"),
        ("2015-06-30T23:59:60Z", "2015-06-30T23:59:59Z"),
        ("Thu Oct 12 20:08:09 CEST 2023", "2023-10-12T18:08:09Z"),
        (
            "Thu Oct 12 2023 20:08:09 GMT+0200 (Mitteleuropäische Sommerzeit)",
            "2023-10-12T18:08:09Z",
        ),
        (
            "2023-10-12T20:08:09+02:00[Europe/Berlin]",
            "2023-10-12T18:08:09Z",
        ),
        ("2023-10-12T20:08:09[Europe/Berlin]", "2023-10-12T18:08:09Z"),
        ("2023-10-12 20:08 America/New_York", "2023-10-13T00:08:00Z"),
        ("2023-10-12 20:08 EST", "2023-10-13T01:08:00Z"),
        ("2023-10-12 20:08 (UTC)", "2023-10-12T20:08:00Z"),
        ("12.10.2023 20.08.09", "2023-10-12T20:08:09Z"),
        ("2023年10月12日(木) 午後8時8分", "2023-10-12T20:08:00Z"),
        ("2023년 10월 12일 목요일 오후 8:08", "2023-10-12T20:08:00Z"),
        ("2023年10月12日星期四 下午8:08", "2023-10-12T20:08:00Z"),
        ("12/十月/23 8:08 下午", "2023-10-12T20:08:00Z"),
        ("23. 10. 12. 오후 8:08", "2023-10-12T20:08:00Z"),
        ("12 thg 10, 2023 20:08", "2023-10-12T20:08:00Z"),
        (
            "quinta-feira, 12 de outubro de 2023 20:08",
            "2023-10-12T20:08:00Z",
        ),
        ("12 d’octubre de 2023 20:08", "2023-10-12T20:08:00Z"),
        ("1er octobre 2023", "2023-10-01T00:00:00Z"),
        ("1º de outubro de 2023", "2023-10-01T00:00:00Z"),
        ("12-X-2023", "2023-10-12T00:00:00Z"),
        ("١٢/١٠/٢٠٢٣ ٨:٠٨ م", "2023-10-12T20:08:00Z"),
        ("２０２３／１０／１２　２０：０８", "2023-10-12T20:08:00Z"),
        (
            "\u{200e}10\u{200e}/\u{200e}12\u{200e}/\u{200e}2023",
            "2023-12-10T00:00:00Z",
        ),
        ("45211.8389", "2023-10-12T20:08:00Z"),
        ("45211,83894", "2023-10-12T20:08:04Z"),
        ("45211.838888888887", "2023-10-12T20:08:00Z"),
        ("45211", "2023-10-12T00:00:00Z"),
        ("1697134089", "2023-10-12T18:08:09Z"),
        ("1697134089.5", "2023-10-12T18:08:09.5Z"),
        ("1697134089000", "2023-10-12T18:08:09Z"),
        ("1697134089000123", "2023-10-12T18:08:09.000123Z"),
        ("1697134089000000001", "2023-10-12T18:08:09.000000001Z"),
        ("Thu 12/10/2023", "2023-10-12T00:00:00Z"),
        ("Thu 10/12/2023", "2023-10-12T00:00:00Z"),
        ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
    ] {
        assert_eq!(text(parse(date)).as_deref(), Some(expected), "{date}");
    }
}

#[test]
fn what_is_no_date_is_none() {
    for date in [
        "",
        "-",
        " ",
        "tomorrow",
        "soon",
        "é",
        "99/Jun/23 8:08 PM",
        "0000-00-00",
        "0001-01-01T00:00:00",
        "0000-01-01",
        "31/02/2026",
        "30.02.2026",
        "2025-02-29",
        "2025-13-01",
        "2025/13/01",
        "13/13/2025",
        "12/10/2023 25:61",
        "12/10/2023 24:30",
        "12/10/2023 20:08 AM",
        "12/10/2023 8:60 PM",
        "1.2.3",
        "10.2.1",
        "1.10.0",
        "192.168.0.1",
        "v1.2.30",
        "NIM-12",
        "NIM-12-10-23",
        "12.50",
        "1,234.50",
        "€ 12.10.2023 a",
        "12/2023",
        "10/2023",
        "2023",
        "2023-10",
        "Oct 2023",
        "12 Oct",
        "12 Oct 20:08",
        "12/10 20:08",
        "12/10-2023",
        "12/10/023",
        "12/10/20233",
        "12//10/2023 x",
        "20:08",
        "8:08 PM",
        "PM",
        "12/lis/23",
        "12/Foo/23",
        "99-Oct-12",
        "2023-10-12 20:08 CST",
        "2023-10-12 20:08 XYZ",
        "2023-10-12 20:08 +1600",
        "2023-10-12 20:08 +02:75",
        "2023-10-12 - 2023-10-13",
        "2023-10-12, 2023-10-13",
        "12/10/2023 20:08 12/10/2023",
        "0",
        "1",
        "99999",
        "12345",
        "-1697134089",
        "1e9",
        "999999999",
        "20231312",
        "202313122008",
        "99999999999999999999999",
        "1697134089000000000000",
        "45211.8.3",
        "2101-01-01 is late",
        "12/10/2150",
        "12/10/1950",
        "Mar",
        "mar mar mar",
        "2023-W60-1",
        "2023-W41-8",
        "2023-366",
        "2023-000",
        "2023-10-12-03:00",
        "T20:08",
        "2023-10-12T",
        "2023-10-12Tx",
        "2023-10-12 20:08 [Nowhere/Land]",
        "today 8:08 PM",
        "2 days ago",
        "12 Oct 2023 20:08 Bob",
        "25-3-4",
        "1 2 23",
        "NaN",
        "inf",
        "+12/10/2023",
        "/12/10/2023",
        "12:10:2023",
        "1:30:00",
    ] {
        assert_eq!(parse(date), None, "{date}");
    }
    assert_eq!(parse(&"1".repeat(100_000)), None);
    assert_eq!(parse(&"mar ".repeat(100_000)), None);
}

#[test]
fn json_has_numbers_and_objects() {
    let dates = Dates::default();
    let expected = Some("2023-10-12T18:08:09Z".to_owned());
    for value in [
        json!(1_697_134_089),
        json!(1_697_134_089_000_u64),
        json!(1_697_134_089.0),
        json!("1697134089"),
        json!({"iso8601": "2023-10-12T20:08:09+0200", "friendly": "yesterday"}),
        json!({"epochMillis": 1_697_134_089_000_u64}),
        json!({"$date": "2023-10-12T18:08:09Z"}),
    ] {
        assert_eq!(text(dates.of_json(&value)), expected, "{value}");
    }
    assert_eq!(
        text(dates.of_json(&json!(20_231_012))).unwrap(),
        "2023-10-12T00:00:00Z"
    );
    assert_eq!(
        text(dates.of_json(&json!(45_211.75))).unwrap(),
        "2023-10-12T18:00:00Z"
    );
    assert_eq!(
        text(dates.of_json(&json!(978_307_200))).unwrap(),
        "2001-01-01T00:00:00Z"
    );
    for value in [
        json!(null),
        json!(17),
        json!(-1),
        json!(0),
        json!(true),
        json!([1]),
        json!({"a": 1}),
        json!(1e300),
        json!({"$date": {"$date": 1}}),
    ] {
        assert_eq!(dates.of_json(&value), None, "{value}");
    }
}

#[test]
fn serial_numbers_are_exact() {
    for at in instants() {
        let days = at.since(date(1899, 12, 30).at(0, 0, 0, 0)).unwrap();
        let seconds = days
            .total((jiff::Unit::Second, date(1899, 12, 30)))
            .unwrap();
        assert_eq!(of_serial(seconds / 86_400.0), Some(utc(at)));
    }
    for days in [-1.0, 0.0, 0.5, 1.0, 25_568.9, 1e10, f64::NAN, f64::INFINITY] {
        assert_eq!(of_serial(days), None, "{days}");
    }
}

fn settle(texts: &[&str]) -> (Dates, Option<crate::domain::Assumption>) {
    let mut survey = DateSurvey::default();
    texts.iter().for_each(|text| survey.see(text));
    survey.settle(None)
}

#[test]
fn one_order_for_the_file() {
    let shown = |texts: &[&str], date: &str| {
        let (dates, assumed) = settle(texts);
        (
            text(dates.parse(date)).map(|at| at[..10].to_owned()),
            assumed.map(|a| a.assumed),
        )
    };
    let april = || Some("2026-04-03".to_owned());
    let march = || Some("2026-03-04".to_owned());
    assert_eq!(
        shown(&["03/04/2026", "13/02/2026 9:15"], "03/04/2026"),
        (april(), None)
    );
    assert_eq!(
        shown(&["03/04/2026", "02/13/26"], "03/04/2026"),
        (march(), None)
    );
    assert_eq!(
        shown(&["03-04-2026", "2-13-2026"], "3-4-26"),
        (march(), None)
    );
    assert_eq!(
        shown(&["03.04.2026", "2.13.2026 20:08"], "3.4.26"),
        (march(), None)
    );
    assert_eq!(
        shown(&["03/04/2026", "03/03/2026"], "03/04/2026"),
        (april(), Some("day-first".into()))
    );
    assert_eq!(
        shown(&["03/03/2026", "2026-01-02", "x"], "03/04/2026"),
        (april(), None)
    );
    // 4 March 2026 is a Wednesday.
    assert_eq!(shown(&["Wed 03/04/2026"], "03/04/2026"), (march(), None));
    let both = ["13/02/2026", "02/13/2026", "02/14/2026", "03/04/2026"];
    assert_eq!(
        shown(&both, "03/04/2026"),
        (march(), Some("month-first".into()))
    );
    assert_eq!(
        shown(&both, "13/02/2026"),
        (None, Some("month-first".into()))
    );
    // Dots are another country's.
    let dots = ["10/25/2026", "03.04.2026", "03/04/2026"];
    let assumed = Some("month-first with \"/\", day-first with \".\"".to_owned());
    assert_eq!(shown(&dots, "03.04.2026"), (april(), assumed.clone()));
    assert_eq!(shown(&dots, "03/04/2026"), (march(), assumed));
    // Years first.
    assert_eq!(
        shown(&["2026/13/02", "2026/03/04"], "2026/04/03"),
        (march(), None)
    );
    assert_eq!(
        shown(&["2026/02/13", "2026/03/04"], "2026/03/04"),
        (march(), None)
    );
    let short = ["25/03/01", "25/04/12", "25/04/13", "26/01/30", "26/02/28"];
    assert_eq!(
        shown(&short, "26/03/04"),
        (march(), Some("year-first".into()))
    );
    assert_eq!(
        shown(&["99/12/31", "26/03/04"], "26/03/04"),
        (march(), None)
    );
}

#[test]
fn an_assumption_has_examples() {
    let why = |texts: &[&str]| settle(texts).1.expect("an assumption");
    let open = why(&["x", "03/04/2026 9:15"]);
    assert_eq!(
        (open.about.as_str(), open.assumed.as_str()),
        ("date_order", "day-first")
    );
    assert!(open.why.contains("03/04/2026 9:15"), "{}", open.why);
    let both = why(&["13/02/2026", "02/13/2026"]);
    for part in ["13/02/2026", "02/13/2026"] {
        assert!(both.why.contains(part), "{}", both.why);
    }
    assert_eq!(both.assumed, "day-first");
}

#[test]
fn the_user_and_the_order_of_time_decide() {
    let mut survey = DateSurvey::default();
    survey.see("13/02/2026");
    let (dates, assumed) = survey.settle(Some(DateOrder::MonthFirst));
    assert_eq!(
        text(dates.parse("03/04/2026")).unwrap(),
        "2026-03-04T00:00:00Z"
    );
    assert_eq!((dates.parse("13/02/2026"), assumed), (None, None));

    let mut survey = DateSurvey::default();
    for (created, updated) in [("03/04/2026", "04/03/2026"), ("12/11/2025", "03/04/2026")] {
        survey.see(created);
        survey.see(updated);
        survey.see_in_order(created, updated);
    }
    let (dates, assumed) = survey.settle(None);
    assert_eq!(
        text(dates.parse("03/04/2026")).unwrap(),
        "2026-03-04T00:00:00Z"
    );
    assert_eq!(assumed.unwrap().assumed, "month-first");
}

#[test]
fn names_of_several_months_are_told_by_the_file() {
    let month = |texts: &[&str]| {
        let (dates, _) = settle(texts);
        text(dates.parse("12/lis/23")).map(|at| at[5..7].to_owned())
    };
    assert_eq!(month(&["12/lis/23"]), None);
    assert_eq!(month(&["12/lis/23", "1/paź/23"]).as_deref(), Some("11"));
    assert_eq!(month(&["12/lis/23", "1/úno/23"]).as_deref(), Some("11"));
    assert_eq!(month(&["12/lis/23", "1/ožu/23"]).as_deref(), Some("10"));
    assert_eq!(month(&["12/lis/23", "1/ožu/23", "1/paź/23"]), None);
}

proptest! {
    #[test]
    fn nothing_panics(text in "\\PC{0,40}") {
        parse(&text);
        let mut survey = DateSurvey::default();
        survey.see(&text);
        survey.see_in_order(&text, "03/04/2026");
        survey.settle(None).0.parse(&text);
    }

    #[test]
    fn pieces_of_dates_never_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "12", "2023", "3", "99", "Oct", "mar", "/", ".", "-", " ", ":", ",", "PM", "a.", "T", "Z", "+02", "年", "月",
        "日", "W", "GMT", "(", ")", "[", "]", "h", "de", "Thu", "오후", "20:08", "0",
    ]), 0..12)) {
        parse(&pieces.concat());
    }

    #[test]
    fn a_file_settles_to_its_order_or_says_so(
        days in prop::collection::vec((0_i64..20_000, 0_i64..1_440), 20..60),
        month_first: bool,
        mark in prop::sample::select(vec!["/", "-", "."]),
        short: bool,
        padded: bool,
        time in prop::sample::select(vec!["", " %H:%M", " %-I:%M %p", ", %H:%M:%S"]),
    ) {
        let start = date(2001, 1, 1).at(0, 0, 0, 0);
        let instants: Vec<DateTime> = days.iter().map(|(day, minute)| {
            start.checked_add(day.days()).unwrap().checked_add(minute.minutes()).unwrap()
        }).collect();
        let (d, m) = if padded { ("%d", "%m") } else { ("%-d", "%-m") };
        let (one, two) = if month_first { (m, d) } else { (d, m) };
        let year = if short { "%y" } else { "%Y" };
        let format = format!("{one}{mark}{two}{mark}{year}{time}");
        let texts: Vec<String> = instants.iter().map(|at| at.strftime(&format).to_string()).collect();
        let mut survey = DateSurvey::default();
        texts.iter().for_each(|text| survey.see(text));
        let (dates, assumed) = survey.settle(None);
        let told = instants.iter().any(|at| at.day() > 12);
        prop_assert!(told == assumed.is_none(), "{:?}", assumed);
        for (text, at) in texts.iter().zip(&instants) {
            let expected = if time.is_empty() { at.date().at(0, 0, 0, 0) } else { *at };
            let read = dates.parse(text);
            if told {
                prop_assert_eq!(read, Some(utc(expected)), "{} {}", text, at);
            }
        }
    }
}
