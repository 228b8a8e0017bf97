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
    let one =
        "<?xml version='1.0'?>\n<testsuite name='BEE-1'><testcase name='Count'/></testsuite>\n";
    let two = "<?xml version='1.0'?>\n<testsuites><testsuite name='BEE-1'><testcase name='Feed'>\
               <failure/></testcase></testsuite></testsuites>\n";
    for second in [
        two.to_owned(),
        two.replace("<?xml version='1.0'?>\n", "\u{feff}"),
    ] {
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
    let report = import(
        &atlas,
        &format!("{one}<order>\n<testcase name='Count'/></order>"),
    );
    assert_eq!(counts(&report), [1, 0, 0, 1], "{report:?}");
    let cases = "<testsuite name='s'><testcase internalid='4' name='a'><summary>x</summary></testcase></testsuite>";
    let (_folder, path) = file("cases.xml", format!("{cases}{cases}"));
    let error = atlas
        .patterns()
        .import_file(&path, &mut atlas_core::domain::silent)
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

#[test]
fn a_failure_in_one_place_is_not_hidden_by_a_pass_in_another() {
    let test = "<testcase name='Count' classname='a'";
    let in_suites = |one: &str, two: &str| {
        format!(
            "<testsuites><testsuite name='BEE-1' {one}>{test}><failure/></testcase></testsuite>\
             <testsuite name='BEE-1' {two}>{test}/></testsuite></testsuites>"
        )
    };
    let alone = |one: &str, two: &str| {
        format!(
            "<testsuite name='BEE-1'>{test} {one}><failure/></testcase>{test} {two}/></testsuite>"
        )
    };
    for text in [
        in_suites("hostname='chromium'", "hostname='firefox'"),
        in_suites("package='a'", "package='b'"),
        alone("file='a.py' line='1'", "file='a.py' line='9'"),
        alone("id='1'", "id='2'"),
    ] {
        let atlas = hive(&["Count"]);
        import(&atlas, &text);
        assert_eq!(stored(&atlas)[0].1, TestOutcome::Failed, "{text}");
        // Once it passes everywhere, it passed.
        import(&atlas, &text.replace("<failure/>", ""));
        assert_eq!(stored(&atlas)[0].1, TestOutcome::Passed, "{text}");
    }
    for text in [
        in_suites("hostname='a'", "hostname='a'"),
        alone("file='a.py'", "file='a.py'"),
    ] {
        let atlas = hive(&["Count"]);
        import(&atlas, &text);
        assert_eq!(stored(&atlas)[0].1, TestOutcome::Passed, "{text}");
    }
    let scenario = |line: u64, status: &str| {
        format!(
            "{{\"keyword\":\"Scenario\",\"name\":\"Count\",\"line\":{line},\
             \"tags\":[{{\"name\":\"@REQ_BEE-1\"}}],\
             \"steps\":[{{\"result\":{{\"status\":\"{status}\"}}}}]}}"
        )
    };
    for (line, outcome) in [(9, TestOutcome::Failed), (1, TestOutcome::Passed)] {
        let (one, two) = (scenario(1, "failed"), scenario(line, "passed"));
        let text = format!("[{{\"uri\":\"a\",\"name\":\"b\",\"elements\":[{one},{two}]}}]");
        let atlas = hive(&["Count"]);
        import(&atlas, &text);
        assert_eq!(stored(&atlas)[0].1, outcome);
    }
}

#[test]
fn a_test_case_with_a_duration_or_a_priority_is_no_result() {
    let text = |test: &str| format!("<testsuite name='BEE-1'>{test}</testsuite>");
    for test in [
        "<testcase name='Count' duration='5'><steps><step/></steps></testcase>",
        "<testcase name='Count' time='5'><summary>s</summary></testcase>",
        "<testcase name='Count' result='' time=''><steps/></testcase>",
        "<testcase name='Count' priority='1'/>",
        "<testcase name='Count' importance='high' result=''/>",
        "<testcase name='Count' type='manual'/>",
    ] {
        let atlas = hive(&["Count"]);
        super::results::refusal(&atlas, &text(test));
        let mixed = text(&format!(
            "{}{test}",
            "<testcase name='Feed' time='1' classname='c'/>".repeat(3)
        ));
        import(&atlas, &mixed);
        assert_eq!(stored(&atlas), [], "{test}");
    }
    for test in [
        "<testcase name='Count' priority='1' time='1'/>",
        "<testcase name='Count' priority='1' status='passed'/>",
        "<testcase name='Count' time='5'><description>d</description></testcase>",
    ] {
        let atlas = hive(&["Count"]);
        import(&atlas, &text(test));
        assert_eq!(stored(&atlas)[0].1, TestOutcome::Passed, "{test}");
    }
}

#[test]
fn properties_and_words_of_many_say_what_came_of_a_test() {
    let property = |name: &str, value: &str| {
        super::results::holding(&format!(
            "<properties><property name='{name}' value='{value}'/></properties>"
        ))
    };
    let status = |word: &str| super::results::with(&format!("status='{word}'"));
    let passed = [
        property("status", "purple"),
        property("Xray_Status", "PASS"),
        property("skipped", "false"),
        property("color", "failed"),
        status("runnable"),
        status("Active"),
        status("ready"),
        status("3"),
        status("XPASS"),
        status("unstable"),
        status("bestanden"),
        status("Réussi"),
        status("aprobado"),
    ];
    super::results::all_are(Some(TestOutcome::Passed), &passed);
    let failed = [
        property("status", "Failed"),
        property("test_status", "FAIL"),
        property("result", "error"),
        status("hook_error"),
        status("cleanup_error"),
        status("error-setup"),
        status("fehlgeschlagen"),
        status("nicht bestanden"),
        status("échoué"),
        status("fallido"),
    ];
    super::results::all_are(Some(TestOutcome::Failed), &failed);
    let not_run = [
        property("skipped", "true"),
        property("xray_status", "TODO"),
        status("bypassed"),
        status("übersprungen"),
        status("ignoré"),
        status("omitido"),
    ];
    super::results::all_are(Some(TestOutcome::Skipped), &not_run);
}

#[test]
fn xrays_other_names_are_read() {
    let found = super::results::of_xray(&[
        "\"status\":\"PASSED\",\"stepResults\":[{\"status\":\"FAILED\"}]",
        "\"testSteps\":[{\"status\":\"FAILED\"}]",
        "\"testRunStatus\":\"FAILED\"",
        "\"finalStatus\":{\"name\":\"FAILED\"}",
        "\"status\":\"PASSED\",\"iterations\":[{\"status\":\"PASSED\",\"steps\":[{\"status\":\"FAILED\"}]}]",
    ]);
    assert_eq!(found, [const { Ok(TestOutcome::Failed) }; 5]);
    let atlas = hive(&["Count"]);
    let report = import(
        &atlas,
        "{\"info\":{\"summary\":\"BEE-1\"},\"tests\":[{\"testKey\":\"HV-1\",\"status\":\"PASSED\",\
         \"start\":\"\",\"startedOn\":\"2025-06-30T10:00:00Z\",\"finishedOn\":\"2025-06-30T10:02:00Z\"}]}",
    );
    assert!(report.file.unread.is_empty(), "{report:?}");
    let run = &runs(&atlas, "BEE-1")[0];
    assert_eq!(run.seconds, Some(120.0));
}

#[test]
fn a_sentence_names_no_tickets_that_are_not_stored() {
    let test = |name: &str, story: &str| {
        format!(
            "<testsuite name='s'><testcase name='{name}'><properties><property name='story' \
             value='{story}'/></properties></testcase></testsuite>"
        )
    };
    for (story, expected) in [
        ("BEE-1", [1, 0, 0, 0]),
        ("bee-1, BEE-2", [1, 0, 0, 0]),
        ("https://jira.example/browse/BEE-1", [1, 0, 0, 0]),
        ("see https://jira.example/browse/BEE-1?x=1", [1, 0, 0, 0]),
        ("Export of BEE-1 as UTF-8 works", [1, 0, 0, 0]),
        ("Export as UTF-8 works", [0, 0, 0, 1]),
    ] {
        let atlas = hive(&["Count"]);
        let report = import(&atlas, &test("Count", story));
        assert_eq!(counts(&report), expected, "{story}: {report:?}");
        let reason = report.items[0].reason.clone().unwrap_or_default();
        assert!(!reason.contains("not stored"), "{story}: {reason}");
    }
    let atlas = hive(&["Menu fits", "Other"]);
    for name in [
        "BEE-1: Menu fits",
        "Menu fits [BEE-1]",
        "[BEE-1] Menu fits (BEE-2)",
        "HV-1 and more",
    ] {
        let report = import(&atlas, &test(name, "BEE-1"));
        assert_eq!(report.refused, 0, "{name}: {report:?}");
    }
    let report = import(&atlas, &test("HV-1 and HV-2", "BEE-1"));
    assert_eq!(report.refused, 1, "{report:?}");
}

#[test]
fn eclipse_entities_and_what_follows_a_fault() {
    let atlas = hive(&["Count é"]);
    let text = "<testrun name='r' tests='1'><testsuite name='BEE-1'><testcase name='Count &eacute;'>\
                <failure>a&nbsp;b &amp; c</failure></testcase></testsuite></testrun>";
    let report = import(&atlas, text);
    assert_eq!(counts(&report), [1, 0, 0, 0], "{report:?}");
    assert_eq!(stored(&atlas)[0].1, TestOutcome::Failed);
    super::results::refusal(&atlas, "<test-run><test-suite name='a'/></test-run>");
    let atlas = hive(&["Count"]);
    let report = import(
        &atlas,
        "<testsuite name='BEE-1'><testcase name='Count'/>&odd;<testcase name='a'/>\n\
         <testcase name='b'/></testsuite>",
    );
    assert_eq!(counts(&report), [1, 0, 0, 1], "{report:?}");
    let truncated = report.truncated.unwrap();
    assert!(truncated.contains("2 more <testcase"), "{truncated}");
}

#[test]
fn a_file_may_hold_more_results_than_test_cases() {
    let tests = "<testcase name='a'/>".repeat(250_001);
    let (_folder, path) = file("r.xml", format!("<testsuite name='s'>{tests}</testsuite>"));
    let options = atlas_core::domain::TestImport::default();
    let read = atlas_core::exchange::cases::read_results(&path, &options).unwrap();
    assert_eq!((read.entries.len(), read.truncated), (250_001, None));
}
