//! Ours out, ours in: what a format can hold comes back as it was.

use atlas_core::domain::{
    PatternOrigin, Step, TestExport, TestFormat, TestImport, TestPattern, TicketKey,
};
use atlas_core::exchange::cases::{self, TestCase};
use proptest::prelude::*;

use super::Folder;

const FORMATS: [TestFormat; 9] = [
    TestFormat::Atlas,
    TestFormat::Csv,
    TestFormat::Gherkin,
    TestFormat::XrayCloud,
    TestFormat::XrayDc,
    TestFormat::XrayCsv,
    TestFormat::TestrailCsv,
    TestFormat::ZephyrJson,
    TestFormat::QaseCsv,
];

/// Any line that does not begin or end with a blank.
fn line() -> impl Strategy<Value = String> {
    "[A-Za-z0-9äß=+@'\"|<>&%#_.:;()*`~€😀\\\\/-]{1,10}( [A-Za-z0-9äß=+@'\"|<>&%#_.:;,()*\\\\-]{1,8}){0,3}"
}

/// Lines, some of them blank or indented, the first and the last not.
fn text() -> impl Strategy<Value = String> {
    let middle = prop_oneof![
        Just(String::new()),
        line(),
        line().prop_map(|l| format!("  {l}"))
    ];
    (
        line(),
        proptest::collection::vec(middle, 0..2),
        proptest::option::of(line()),
    )
        .prop_map(|(first, middle, last)| {
            let mut lines = vec![first];
            if let Some(last) = last {
                lines.extend(middle);
                lines.push(last);
            }
            lines.join("\n")
        })
}

/// Lines that feature files can hold as a description: no indent.
fn flush() -> impl Strategy<Value = String> {
    proptest::collection::vec(line(), 1..3).prop_map(|lines| lines.join("\n"))
}

fn a_step() -> impl Strategy<Value = Step> {
    use proptest::option::of;
    (text(), of(text()), of(text())).prop_map(|(action, expected, data)| Step {
        action,
        expected,
        data,
    })
}

fn words() -> impl Strategy<Value = String> {
    "[A-Za-zäß=+@'_%.&-]{1,8}( [A-Za-z]{1,6}){0,2}"
}

/// A test case that every format can hold.
fn a_case() -> impl Strategy<Value = TestCase> {
    use proptest::option::of;
    let parts = (line(), words(), words(), of(flush()), of(text()));
    let more = (
        proptest::collection::vec(a_step(), 0..4),
        proptest::collection::btree_set("[A-Za-z0-9_.@%+-]{1,8}", 0..3),
        of(1..1_000u32),
        any::<bool>(),
        0..3u32,
    );
    (parts, more).prop_map(
        |(
            (name, kind, component, objective, precondition),
            (steps, labels, minutes, is_active, tickets),
        )| {
            let mut pattern = TestPattern::new(name, kind);
            pattern.component = Some(component);
            pattern.objective = objective;
            pattern.precondition = precondition;
            pattern.steps = steps;
            pattern.labels = labels.into_iter().collect();
            pattern.avg_time_minutes = minutes;
            pattern.is_active = is_active;
            pattern.origin = PatternOrigin::Imported;
            let tickets = (0..tickets).map(|n| TicketKey::parse(&format!("WRKA-{n}")).unwrap());
            TestCase {
                ids: Vec::new(),
                pattern,
                tickets: tickets.collect(),
                scope: None,
                holds: None,
            }
        },
    )
}

/// Writes test cases and reads them, the format told by the content.
fn again(cases: &[TestCase], format: TestFormat) -> Vec<Result<TestCase, String>> {
    let folder = Folder::new();
    let options = TestExport {
        project: Some("WRKA".into()),
        ..TestExport::new(format)
    };
    let written = cases::write(cases, &options, false).unwrap();
    let name = if format == TestFormat::Gherkin {
        "a.feature"
    } else {
        "a"
    };
    let path = folder.put(name, &written[0].bytes);
    let file = cases::read(&path, &TestImport::default()).unwrap();
    assert_eq!(file.format, format);
    assert_eq!(file.truncated, None);
    let values = file.entries.into_iter().map(|entry| entry.value);
    values
        .map(|value| {
            value.map(|case| TestCase {
                holds: None,
                ..case
            })
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 32,
        rng_seed: proptest::test_runner::RngSeed::Fixed(32),
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_every_format_holds_comes_back(all in proptest::collection::vec(a_case(), 1..5)) {
        let mut all = all;
        for (number, case) in all.iter_mut().enumerate() {
            case.ids = vec![format!("ATLAS-{number:012x}")];
        }
        for format in FORMATS {
            let read = again(&all, format);
            let expected: Vec<_> = all.iter().cloned().map(Ok).collect();
            prop_assert_eq!(read, expected, "{:?}", format);
        }
    }

    #[test]
    fn any_text_can_be_written_and_read(name in "\\PC{1,30}", text in "(?s).{0,60}", tag in "(?s).{0,12}") {
        let mut pattern = TestPattern::new(name, tag.clone());
        pattern.component = Some(tag.clone());
        pattern.objective = Some(text.clone());
        pattern.precondition = Some(text.clone());
        pattern.labels = vec![tag];
        pattern.steps = vec![Step { action: text.clone(), expected: Some(text.clone()), data: Some(text) }];
        prop_assume!(!pattern.name.trim().is_empty());
        let case = TestCase { ids: vec!["ATLAS-0000000000aa".into()], pattern, tickets: Vec::new(), scope: None, holds: None };
        for format in FORMATS {
            let read = again(std::slice::from_ref(&case), format);
            prop_assert_eq!(read.len(), 1, "{:?}: {:?}", format, read);
            let read = read[0].clone();
            prop_assert!(read.is_ok(), "{:?}: {:?}", format, read);
            prop_assert_eq!(&read.unwrap().ids, &case.ids, "{:?}", format);
        }
    }

    #[test]
    fn no_cell_is_a_formula(case in a_case()) {
        for format in [TestFormat::Csv, TestFormat::XrayCsv, TestFormat::TestrailCsv, TestFormat::QaseCsv] {
            let guarded = TestExport { formula_guard: Some(true), ..TestExport::new(format) };
            let options = if format == TestFormat::Csv { TestExport::new(format) } else { guarded };
            let written = cases::write(std::slice::from_ref(&case), &options, false).unwrap();
            let mut rows = csv::Reader::from_reader(&written[0].bytes[..]);
            for row in rows.records() {
                for cell in &row.unwrap() {
                    prop_assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{}", cell);
                }
            }
        }
    }
}
