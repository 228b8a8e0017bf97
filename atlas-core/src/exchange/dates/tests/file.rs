//! What the dates of one file tell about each other.

use jiff::ToSpan;

use super::*;

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

#[test]
fn the_names_of_columns_tell_the_language_of_a_month() {
    let month = |columns: &[&str], texts: &[&str], date: &str| {
        let mut survey = DateSurvey::default();
        columns.iter().for_each(|name| survey.see_column(name));
        texts.iter().for_each(|text| survey.see(text));
        let (dates, _) = survey.settle(None);
        text(dates.parse(date)).map(|at| at[5..7].to_owned())
    };
    for (columns, date, expected) in [
        (&["Klucz", "Utworzono"][..], "12/lis/23", Some("11")),
        (&["Data aktualizacji"], "12/lip/23 9:00 AM", Some("07")),
        (&["Vytvořeno"], "12/srp/23", Some("08")),
        (&["Klíč požadavku"], "12. listopadu 2023", Some("11")),
        (&["Datum izrade"], "12/lis/23", Some("10")),
        (&["Sažetak"], "12. srpnja 2023.", Some("07")),
        (&["Created"], "12/lis/23", None),
        (&["Klucz", "Datum izrade"], "12/lis/23", None),
    ] {
        assert_eq!(
            month(columns, &[], date).as_deref(),
            expected,
            "{columns:?} {date}"
        );
    }
    // The months themselves are surer.
    let of_months = month(&["Klucz"], &["1/ožu/23"], "12/lis/23");
    assert_eq!(of_months.as_deref(), Some("10"));
}

proptest! {
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
