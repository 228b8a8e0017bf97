//! Tables for other tools hold what the user wrote.

use atlas_core::domain::{TestExport, TestFormat, TestPattern};
use atlas_core::exchange::cases::{self, TestCase};

use super::{read, step};

const TEXTS: [&str; 6] = [
    "+ button",
    "=1+1",
    "-2 is shown",
    "@home",
    "'+ quoted",
    "''=x",
];

fn odd() -> TestCase {
    let mut pattern = TestPattern::new("+ button", "Shop");
    pattern.component = Some("Shop".into());
    pattern.steps = TEXTS.iter().map(|text| step(text, text, "")).collect();
    TestCase {
        ids: vec!["ATLAS-00000000000a".into()],
        scope: None,
        holds: None,
        pattern,
        tickets: Vec::new(),
    }
}

fn written(format: TestFormat, formula_guard: Option<bool>) -> String {
    let options = TestExport {
        formula_guard,
        ..TestExport::new(format)
    };
    let files = cases::write(&[odd()], &options, false).unwrap();
    String::from_utf8(files[0].bytes.clone()).unwrap()
}

#[test]
fn the_guard_against_formulas_is_for_the_plain_table() {
    for format in [
        TestFormat::TestrailCsv,
        TestFormat::XrayCsv,
        TestFormat::QaseCsv,
    ] {
        let text = written(format, None);
        assert!(
            text.contains(",+ button") && !text.contains("'+ button"),
            "{format:?}: {text}"
        );
        assert!(written(format, Some(true)).contains("'+ button"));
    }
    assert!(written(TestFormat::Csv, None).contains("'+ button"));
    assert!(written(TestFormat::Csv, Some(false)).contains(",+ button"));
}

#[test]
fn what_was_written_is_read_as_it_was() {
    for format in [
        TestFormat::Csv,
        TestFormat::TestrailCsv,
        TestFormat::XrayCsv,
        TestFormat::QaseCsv,
    ] {
        for guard in [None, Some(false)] {
            let file = read(&written(format, guard));
            let case = file.entries[0].value.as_ref().unwrap();
            let actions: Vec<&str> = case
                .pattern
                .steps
                .iter()
                .map(|step| step.action.as_str())
                .collect();
            assert_eq!(actions, TEXTS, "{format:?} {guard:?}");
            assert_eq!(case.pattern.name, "+ button");
        }
    }
}

#[test]
fn quotes_in_tables_of_others_stay() {
    for table in [
        "ID,Title,Steps (Step)\nC1,'+ quoted',Open\n",
        "Name,Steps\n'+ quoted',Open\n",
        "Key,Name,Test Script (Step-by-Step) - Step\nZ-1,'+ quoted',Open\n",
    ] {
        let file = read(table);
        assert_eq!(
            file.entries[0].value.as_ref().unwrap().pattern.name,
            "'+ quoted'"
        );
    }
}
