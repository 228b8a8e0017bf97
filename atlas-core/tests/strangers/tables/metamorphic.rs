//! The same table in another shape is the same test cases, or a refusal; never something else.

use atlas_core::Atlas;
use atlas_core::domain::{TestFormat, TestImport, silent};
use proptest::prelude::*;

use super::{line, read};

/// A test case of a generated table: its section, and the actions and results of its steps.
#[derive(Debug, Clone)]
struct Plan {
    section: u8,
    steps: Vec<(String, String)>,
}

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let text = "[A-Z][a-zäß,;\"']{1,6}( [a-z+=@-]{1,5}){0,2}";
    let steps = proptest::collection::vec((text, text), 1..4);
    let plan = (0..3u8, steps).prop_map(|(section, steps)| Plan { section, steps });
    proptest::collection::vec(plan, 1..6)
}

/// A table: the header, and for each test case its rows.
#[derive(Debug, Clone)]
struct Shape {
    format: TestFormat,
    header: Vec<&'static str>,
    cases: Vec<Vec<Vec<String>>>,
}

/// The columns of a format, by what stands in them: id, name, section, action, result.
fn shape(format: TestFormat, plans: &[Plan]) -> Shape {
    let header: Vec<&'static str> = match format {
        TestFormat::TestrailCsv => vec![
            "ID",
            "Title",
            "Section",
            "Steps (Step)",
            "Steps (Expected Result)",
        ],
        TestFormat::XrayCsv => vec!["TCID", "Test Summary", "Test Repo", "Action", "Result"],
        TestFormat::ZephyrCsv => vec![
            "Key",
            "Name",
            "Folder",
            "Test Script (Step-by-Step) - Step",
            "Test Script (Step-by-Step) - Expected Result",
        ],
        TestFormat::ZephyrSquad => vec![
            "Issue Key",
            "Test Summary",
            "Folder Name",
            "Step",
            "Expected Result",
        ],
        TestFormat::AzureCsv => vec!["ID", "Title", "Area Path", "Step Action", "Step Expected"],
        _ => vec![
            "Test Case ID",
            "Titel",
            "Ordner",
            "Aktion",
            "Erwartetes Ergebnis",
        ],
    };
    let case = |(number, plan): (usize, &Plan)| {
        let row = |(place, (action, expected)): (usize, &(String, String))| {
            let own = |text: String| if place == 0 { text } else { String::new() };
            vec![
                if format == TestFormat::XrayCsv {
                    format!("{}", number + 1)
                } else {
                    own(format!("QA-{}", number + 1))
                },
                // Titles repeat: only id and section tell them apart.
                own(format!("Case {}", plan.section)),
                own(format!("Section {}", plan.section)),
                action.clone(),
                expected.clone(),
            ]
        };
        plan.steps.iter().enumerate().map(row).collect()
    };
    Shape {
        format,
        header,
        cases: plans.iter().enumerate().map(case).collect(),
    }
}

fn write(header: &[&str], rows: &[Vec<String>], delimiter: u8, quoted: bool) -> String {
    let style = if quoted {
        csv::QuoteStyle::Always
    } else {
        csv::QuoteStyle::Necessary
    };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .quote_style(style)
        .from_writer(Vec::new());
    writer.write_record(header).unwrap();
    rows.iter()
        .for_each(|row| writer.write_record(row).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// The test cases of a table, refusals among them, in an order of their own.
fn told(text: &str, format: TestFormat) -> Vec<String> {
    let file = read(text);
    assert_eq!(file.format, format, "{text}");
    let told = file.entries.iter().map(|entry| match &entry.value {
        Ok(case) => format!("{} ({})", line(case), case.pattern.pattern_type),
        Err(reason) => format!("refused: {reason}"),
    });
    let mut told: Vec<String> = told.collect();
    told.sort();
    told
}

const FORMATS: [TestFormat; 6] = [
    TestFormat::Csv,
    TestFormat::TestrailCsv,
    TestFormat::XrayCsv,
    TestFormat::ZephyrCsv,
    TestFormat::ZephyrSquad,
    TestFormat::AzureCsv,
];

fn reordered(row: &[String], order: &[usize]) -> Vec<String> {
    order.iter().map(|place| row[*place].clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        rng_seed: proptest::test_runner::RngSeed::Fixed(24),
        ..ProptestConfig::default()
    })]

    #[test]
    fn another_shape_is_the_same_test_cases(
        plans in plans(),
        order in Just((0..5usize).collect::<Vec<_>>()).prop_shuffle(),
        shuffle in any::<prop::sample::Index>(),
        delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'\t')],
        quoted in any::<bool>(),
    ) {
        for format in FORMATS {
            let shape = shape(format, &plans);
            let rows = shape.cases.concat();
            let plain = told(&write(&shape.header, &rows, b',', false), shape.format);
            prop_assert_eq!(plain.len(), plans.len());

            prop_assert_eq!(&told(&write(&shape.header, &rows, delimiter, quoted), format), &plain);

            let header: Vec<&str> = order.iter().map(|place| shape.header[*place]).collect();
            let columns: Vec<_> = rows.iter().map(|row| reordered(row, &order)).collect();
            prop_assert_eq!(&told(&write(&header, &columns, b',', false), format), &plain);

            let mut cases = shape.cases.clone();
            let places = cases.len();
            cases.rotate_left(shuffle.index(places));
            cases.reverse();
            prop_assert_eq!(&told(&write(&shape.header, &cases.concat(), b',', false), format), &plain);

            let mut header = shape.header.clone();
            header.insert(1, "Extra A");
            header.push("Mitteilung");
            let more = |row: &Vec<String>| {
                let mut row = row.clone();
                row.insert(1, "x".into());
                row.push(String::new());
                row
            };
            let rows: Vec<_> = rows.iter().map(more).collect();
            prop_assert_eq!(&told(&write(&header, &rows, b',', false), format), &plain);
        }
    }

    #[test]
    fn rows_with_ids_may_come_in_any_order(plans in plans(), seed in any::<u64>()) {
        // Each row says its id; the steps' numbers say their order.
        let header = ["Test Case ID", "Name", "Step No", "Action", "Expected"];
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (number, plan) in plans.iter().enumerate() {
            for (place, (action, expected)) in plan.steps.iter().enumerate() {
                rows.push(vec![format!("QA-{number}"), format!("Case {number}"), format!("{}", place + 1), action.clone(), expected.clone()]);
            }
        }
        let sorted = told(&write(&header, &rows, b',', false), TestFormat::Csv);
        let mut order = seed;
        for at in (1..rows.len()).rev() {
            order = order.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            rows.swap(at, (order >> 33) as usize % (at + 1));
        }
        prop_assert_eq!(told(&write(&header, &rows, b',', false), TestFormat::Csv), sorted);
    }

    #[test]
    fn a_file_cut_in_two_is_the_same_or_refused(plans in plans(), cut in any::<prop::sample::Index>()) {
        for format in FORMATS {
            let shape = shape(format, &plans);
            let whole = told(&write(&shape.header, &shape.cases.concat(), b',', false), format);
            let at = cut.index(shape.cases.len() + 1);
            let mut halves = Vec::new();
            for half in [&shape.cases[..at], &shape.cases[at..]] {
                halves.extend(told(&write(&shape.header, &half.concat(), b',', false), format));
            }
            halves.sort();
            prop_assert_eq!(&halves, &whole);

            // Within a test case the second half begins with rows that nobody can place.
            let rows = shape.cases.concat();
            let first_rows: Vec<usize> = shape.cases.iter().scan(0, |at, case| {
                let first = *at;
                *at += case.len();
                Some(first)
            }).collect();
            let at = cut.index(rows.len());
            if !first_rows.contains(&at) {
                let second = told(&write(&shape.header, &rows[at..], b',', false), format);
                prop_assert!(second.iter().any(|told| told.starts_with("refused")), "{:?}", second);
            }
        }
    }
}

#[test]
fn imported_twice_nothing_is_new() {
    let steps = |number: usize| {
        vec![
            (format!("Open {number}"), "Shown".to_owned()),
            ("Pay".to_owned(), String::new()),
        ]
    };
    let plans: Vec<Plan> = (0..3)
        .map(|number| Plan {
            section: number as u8,
            steps: steps(number),
        })
        .collect();
    for format in FORMATS {
        let atlas = Atlas::builder()
            .starter_catalogue(false)
            .open_in_memory()
            .unwrap();
        let shape = shape(format, &plans);
        let (_folder, path) = super::file(
            "a.csv",
            write(&shape.header, &shape.cases.concat(), b',', false),
        );
        let import = || {
            atlas
                .patterns()
                .import_file_with(&path, &TestImport::default(), &mut silent)
                .unwrap()
        };
        assert_eq!(import().created, 3, "{format:?}");
        let again = import();
        assert_eq!(
            (again.created, again.updated, again.unchanged),
            (0, 0, 3),
            "{format:?}"
        );
    }
}
