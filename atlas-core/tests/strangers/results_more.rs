//! Results of runners in forms that few write: several documents in one file, tests of one name in
//! several places, statuses in other places and words.

use atlas_core::domain::TestOutcome;

use super::file;
use super::results::{counts, hive, import, runs};

/// The outcome of each pattern of BEE-1, by its name.
fn stored(atlas: &atlas_core::Atlas) -> Vec<(String, TestOutcome)> {
    let runs = runs(atlas, "BEE-1").into_iter();
    let mut all: Vec<_> = runs.map(|run| (run.pattern_name, run.outcome)).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

#[test]
fn documents_one_after_the_other_are_all_read() {
    let one = "<?xml version='1.0'?>\n<testsuite name='BEE-1'><testcase name='Count'/></testsuite>\n";
    let two = "<?xml version='1.0'?>\n<testsuites><testsuite name='BEE-1'><testcase name='Feed'>\
               <failure/></testcase></testsuite></testsuites>\n";
    for second in [two.to_owned(), two.replace("<?xml version='1.0'?>\n", "\u{feff}")] {
        let atlas = hive(&["Count", "Feed"]);
        let report = import(&atlas, &format!("{one}{second}{one}"));
        assert_eq!(report.items.len(), 3, "{report:?}");
        let expected = [
            ("Count".to_owned(), TestOutcome::Passed),
            ("Feed".to_owned(), TestOutcome::Failed),
        ];
        assert_eq!(stored(&atlas), expected);
    }
    let atlas = hive(&["Count"]);
    let report = import(&atlas, &format!("{one}<order>\n<testcase name='Count'/></order>"));
    assert_eq!(counts(&report), [1, 0, 0, 1], "{report:?}");
    let cases = "<testsuite name='s'><testcase internalid='4' name='a'><summary>x</summary></testcase></testsuite>";
    let (_folder, path) = file("cases.xml", format!("{cases}{cases}"));
    let error = atlas
        .import_patterns(&path, &mut atlas_core::domain::silent)
        .unwrap_err();
    assert!(error.to_string().contains("several documents"), "{error}");
}

/// How many seconds the step of a Cucumber report took, and what came of its scenario.
fn of_cucumber(feature: &str, duration: &str, status: &str) -> (Option<f64>, TestOutcome) {
    let atlas = hive(&["Count"]);
    let text = format!(
        "[{{{feature},\"name\":\"BEE\",\"elements\":[{{\"keyword\":\"Scenario\",\"name\":\"Count\",\
         \"tags\":[{{\"name\":\"@REQ_BEE-1\"}}],{status}\"steps\":[{{\"keyword\":\"Given \",\
         \"result\":{{\"status\":\"passed\",\"duration\":{duration}}}}}]}}]}}]"
    );
    let report = import(&atlas, &text);
    let runs = runs(&atlas, "BEE-1");
    let run = runs.first().unwrap_or_else(|| panic!("{report:?}"));
    (run.seconds, run.outcome)
}

#[test]
fn durations_of_cucumber_are_nanoseconds_and_of_behave_seconds() {
    let (cucumber, behave) = ("\"uri\":\"a\"", "\"location\":\"a:1\"");
    for (feature, duration, seconds) in [
        (cucumber, "61000000000", 61.0),
        (cucumber, "61000000000.0", 61.0),
        (cucumber, "61000000000.5", 61.000_000_000_5),
        (cucumber, "\"61000000000\"", 61.0),
        (cucumber, "1.5", 1.5),
        (behave, "1.5", 1.5),
        (behave, "2.0", 2.0),
        (behave, "61000000000", 61.0),
    ] {
        let found = of_cucumber(feature, duration, "").0.unwrap();
        assert!((found - seconds).abs() < 1e-6, "{duration}: {found}");
    }
    let of = |status| of_cucumber(behave, "1.5", status).1;
    assert_eq!(of("\"status\":\"failed\","), TestOutcome::Failed);
    assert_eq!(of("\"status\":\"blocked\","), TestOutcome::Blocked);
    assert_eq!(of("\"status\":\"passed\","), TestOutcome::Passed);
}
