//! Months, days of the week and halves of the day in every language.

use super::super::words::fold;
use super::*;

#[test]
fn months_of_every_language_are_read() {
    let table: toml::Table = toml::from_str(include_str!("../../../../data/dates.toml")).unwrap();
    let mut read = 0;
    for (language, months) in table["months"].as_table().unwrap() {
        for (month, names) in (1..).zip(months.as_array().unwrap()) {
            for name in names.as_str().unwrap().split(' ') {
                let name = &*name.replace('_', " ");
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
    let table: toml::Table = toml::from_str(include_str!("../../../../data/dates.toml")).unwrap();
    for (language, days) in table["weekdays"].as_table().unwrap() {
        for names in days.as_array().unwrap() {
            for name in names.as_str().unwrap().split(' ') {
                let name = &*name.replace('_', " ");
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
    let table: toml::Table = toml::from_str(include_str!("../../../../data/dates.toml")).unwrap();
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
fn dates_as_browsers_and_java_write_them_in_each_language() {
    for (date, expected) in [
        ("14. ledna 2023 v 20:08", "2023-01-14T20:08:00Z"),
        ("14. siječnja 2023. u 20:08", "2023-01-14T20:08:00Z"),
        ("14 de gener del 2023, a les 20:08", "2023-01-14T20:08:00Z"),
        ("14 Ιανουαρίου 2023 στις 8:08 μ.μ.", "2023-01-14T20:08:00Z"),
        ("14. jaanuar 2023, kell 20:08", "2023-01-14T20:08:00Z"),
        ("14 Januari 2023 pukul 20.08", "2023-01-14T20:08:00Z"),
        ("14. januar 2023 ob 20:08", "2023-01-14T20:08:00Z"),
        ("lúc 20:08 14 tháng 1, 2023", "2023-01-14T20:08:00Z"),
        ("laugardagur, 14. janúar 2023", "2023-01-14T00:00:00Z"),
        ("14/ינו׳/23 20:08", "2023-01-14T20:08:00Z"),
        ("14 בינואר 2023 בשעה 20:08", "2023-01-14T20:08:00Z"),
        ("14/ม.ค./23 20:08", "2023-01-14T20:08:00Z"),
        ("14/มี.ค./2023 20:08 น.", "2023-03-14T20:08:00Z"),
        ("วันเสาร์ที่ 14 มกราคม พ.ศ. 2566", "2023-01-14T00:00:00Z"),
        ("14 जनवरी 2023, 20:08", "2023-01-14T20:08:00Z"),
        ("2023年1月14日 晚上8:08", "2023-01-14T20:08:00Z"),
        ("14/gen/23 8:08 di sera", "2023-01-14T20:08:00Z"),
        ("14/urt./23", "2023-01-14T00:00:00Z"),
        ("14/1/23 8:08 午後", "2023-01-14T20:08:00Z"),
        ("23/1/14 午後8:08", "2023-01-14T20:08:00Z"),
        ("14/जन॰/23 8:08 अपराह्न", "2023-01-14T20:08:00Z"),
        ("14/јан./23 8:08 попладне", "2023-01-14T20:08:00Z"),
        ("L, 14 jaan 2023 20:08", "2023-01-14T20:08:00Z"),
        ("ส., 14 ม.ค. 2023 20:08", "2023-01-14T20:08:00Z"),
        ("土, 14 1月 2023 20:08", "2023-01-14T20:08:00Z"),
        ("laurdag 14 januar 2023", "2023-01-14T00:00:00Z"),
        ("12.V.2023", "2023-05-12T00:00:00Z"),
        ("12. V. 2023 v 20:08", "2023-05-12T20:08:00Z"),
    ] {
        assert_eq!(text(parse(date)).as_deref(), Some(expected), "{date}");
    }
}

#[test]
fn an_evening_has_no_twelve_and_a_thai_year_of_two_digits_may_be_two() {
    for word in ["abends", "wieczorem", "晚上", "de la noche"] {
        assert!(
            parse(&format!("2023-10-12 8:08 {word}")).is_some(),
            "{word}"
        );
        assert_eq!(parse(&format!("2023-10-12 12:08 {word}")), None, "{word}");
        assert_eq!(parse(&format!("2023-10-12 1:08 {word}")), None, "{word}");
    }
    assert_eq!(parse("14/ม.ค./66"), None);
    assert_eq!(parse("14/Jan/66"), parse("2066-01-14"));
}
