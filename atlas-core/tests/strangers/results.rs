//! Results of runners: what ran, what passed, for which ticket, and which test it was.

use atlas_core::Atlas;
use atlas_core::domain::{
    PatternFilter, TestAction, TestFormat, TestImport, TestItem, TestOutcome, TestPattern,
    TestReport, TestRun, Ticket, TicketKey, silent,
};

use super::file;

/// Tickets BEE-1 and BEE-2, and patterns HV-1 … of these names.
pub(super) fn hive(names: &[&str]) -> Atlas {
    let atlas = Atlas::builder()
        .starter_catalogue(false)
        .open_in_memory()
        .unwrap();
    let ticket = |key: &str| Ticket::new(TicketKey::parse(key).unwrap(), "The hive hums");
    atlas
        .tickets()
        .add(&[ticket("BEE-1"), ticket("BEE-2")])
        .unwrap();
    for (place, name) in names.iter().enumerate() {
        let mut pattern = TestPattern::new(*name, "Hive");
        pattern.key = Some(format!("HV-{}", place + 1));
        atlas.patterns().add(&pattern).unwrap();
    }
    atlas
}

pub(super) fn import(atlas: &Atlas, text: &str) -> TestReport {
    let (_folder, path) = file("results", text);
    let options = TestImport::default();
    atlas
        .learning()
        .import_results(&path, &options, &mut silent)
        .unwrap()
}

/// How many were new, different, the same and refused.
pub(super) fn counts(report: &TestReport) -> [u64; 4] {
    [
        report.created,
        report.updated,
        report.unchanged,
        report.refused,
    ]
}

pub(super) fn refusal(atlas: &Atlas, text: &str) -> String {
    let (_folder, path) = file("results", text);
    let result = atlas
        .learning()
        .import_results(&path, &TestImport::default(), &mut silent);
    let error = result.unwrap_err();
    assert_eq!(error.code(), "UNKNOWN_FORMAT");
    error.to_string()
}

pub(super) fn runs(atlas: &Atlas, key: &str) -> Vec<TestRun> {
    atlas.tickets().test_runs(key).unwrap()
}

/// What came of tests called `Count`, each for itself: `None` where it was refused.
pub(super) fn outcomes(tests: &[impl AsRef<str>]) -> Vec<Option<TestOutcome>> {
    let names: Vec<String> = (0..tests.len()).map(|n| format!("Count {n}")).collect();
    let atlas = hive(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let test = |(test, name): (_, &String)| {
        AsRef::<str>::as_ref(test).replace("'Count'", &format!("'{name}'"))
    };
    let tests: Vec<String> = tests.iter().zip(&names).map(test).collect();
    let report = import(
        &atlas,
        &format!("<testsuite name='BEE-1'>{}</testsuite>", tests.concat()),
    );
    assert_eq!(report.items.len(), names.len());
    let stored = runs(&atlas, "BEE-1");
    let of = |(name, item): (&String, &TestItem)| {
        let run = stored.iter().find(|run| run.pattern_name == *name);
        match (run, item.action) {
            (Some(run), TestAction::Created) => Some(run.outcome),
            (None, TestAction::Refused) => None,
            (None, TestAction::Unchanged) => {
                assert!(
                    item.reason.as_deref().unwrap().contains("did not run"),
                    "{item:?}"
                );
                Some(TestOutcome::Skipped)
            }
            _ => panic!("{item:?}"),
        }
    };
    names.iter().zip(&report.items).map(of).collect()
}

/// Every one of these came to that.
pub(super) fn all_are(outcome: Option<TestOutcome>, tests: &[String]) {
    for (found, test) in outcomes(tests).into_iter().zip(tests) {
        assert_eq!(found, outcome, "{test}");
    }
}

/// A test with these attributes.
pub(super) fn with(attributes: &str) -> String {
    format!("<testcase classname='h' name='Count' {attributes}/>")
}

/// A test with these elements.
pub(super) fn holding(elements: &str) -> String {
    format!("<testcase classname='h' name='Count' time='1'>{elements}</testcase>")
}

#[test]
fn what_did_not_run_is_no_result() {
    let said = [
        // GoogleTest, CTest
        "status='notrun' result='suppressed'",
        "status='run' result='skipped'",
        "status='disabled'",
        "status='NotRun'",
        "status='not run'",
        "STATUS='NOT_EXECUTED'",
        // xUnit.net, NUnit, Ginkgo, TestRail and others
        "result='Skip'",
        "result='Ignored'",
        "outcome='NotExecuted'",
        "status='pending'",
        "status='Untested'",
        "result='N/A'",
        "executed='False'",
        "executed='False' success='False' result='Ignored'",
        "run='no' passed='false'",
        "executed='no' status='completed'",
        "enabled='false'",
        "disabled='true'",
        "skipped='1'",
        "Ignored='TRUE'",
        "status='skipped: no printer'",
    ];
    all_are(Some(TestOutcome::Skipped), &said.map(with));
    let inside = [
        "<skipped/>",
        "<Skipped message='later'/>",
        "<SKIP/>",
        "<ignored/>",
        "<disabled></disabled>",
        "<notRun/>",
        "<not-run/>",
        "<pending/>",
        "<skipped type='pytest.xfail' message='known'/>",
        "<status>SKIPPED</status>",
        "<result status='notrun'/>",
        "<properties/><system-out>ok</system-out><skipped/>",
    ];
    all_are(Some(TestOutcome::Skipped), &inside.map(holding));
    // A name or a class that is switched off.
    let atlas = hive(&["DISABLED_Count drones", "Count bees"]);
    let report = import(
        &atlas,
        "<testsuite name='BEE-1'><testcase classname='h' name='DISABLED_Count drones'/>\
         <testcase classname='h.DISABLED_Bees' name='Count bees'/></testsuite>",
    );
    assert_eq!(counts(&report), [0, 0, 2, 0]);
    assert!(
        report.items[0]
            .reason
            .as_deref()
            .unwrap()
            .contains("DISABLED_")
    );
}

#[test]
fn what_failed_or_broke_is_no_pass() {
    let said = [
        "status='fail'",
        "status='FAILED'",
        "result='Error'",
        "outcome='Timed Out'",
        "success='false'",
        "status='panicked'",
        "failed='true'",
        "result='Fail' executed='true'",
    ];
    all_are(Some(TestOutcome::Failed), &said.map(with));
    let inside = [
        "<failure/>",
        "<FAILURE message='x'/>",
        "<failed/>",
        "<error/>",
        "<errored>x</errored>",
        "<failure/><skipped/>",
        "<rerunFailure/><failure/>",
        "<outcome>failed</outcome>",
    ];
    all_are(Some(TestOutcome::Failed), &inside.map(holding));
    let said = [
        "status='aborted'",
        "result='Inconclusive'",
        "status='interrupted'",
    ];
    all_are(Some(TestOutcome::Blocked), &said.map(with));
    all_are(Some(TestOutcome::Blocked), &[holding("<incomplete/>")]);
}

#[test]
fn what_is_not_known_is_refused_with_its_name() {
    let said = ["status='purple'", "result='passed with warnings'"];
    all_are(None, &said.map(with));
    let inside = ["<risky/>", "<warning>w</warning>", "<result value='odd'/>"];
    all_are(None, &inside.map(holding));
    let atlas = hive(&["Count drones"]);
    let report = import(
        &atlas,
        "<testsuite name='BEE-1'>\n<testcase name='Count drones' status='purple'/></testsuite>",
    );
    let item = &report.items[0];
    assert_eq!((item.name.as_str(), item.line), ("Count drones", 2));
    assert!(
        item.reason
            .as_deref()
            .unwrap()
            .contains("status \"purple\"")
    );
}

#[test]
fn a_pass_stays_a_pass() {
    let said = [
        "",
        "status='run' result='completed'",
        "result='Pass'",
        "status='PASSED' executed='True' success='True'",
        "skipped='false' disabled='0' errors='0'",
        "status='' time='0'",
        "status='flaky'",
    ];
    all_are(Some(TestOutcome::Passed), &said.map(with));
    let inside = [
        "<skipped>false</skipped>",
        "<properties/><system-out>FAILED skipped</system-out>",
        "<status>passed</status>",
        "<flakyFailure message='x'/>",
    ];
    all_are(Some(TestOutcome::Passed), &inside.map(holding));
    // A name that is switched off, and a run that ran it all the same.
    let atlas = hive(&["DISABLED_Count drones"]);
    import(
        &atlas,
        "<testsuite name='BEE-1'><testcase name='DISABLED_Count drones' status='run'/></testsuite>",
    );
    assert_eq!(runs(&atlas, "BEE-1")[0].outcome, TestOutcome::Passed);
}

#[test]
fn a_pass_after_failures_says_so() {
    let atlas = hive(&["Count drones", "Count bees", "Count combs"]);
    let report = import(
        &atlas,
        "<testsuite name='BEE-1' timestamp='2026-01-05T10:00:00'>\
         <testcase classname='h' name='Count drones'><flakyFailure/><flakyError/></testcase>\
         <testcase classname='h' name='Count bees'><failure/></testcase>\
         <testcase classname='h' name='Count bees'/>\
         <testcase classname='h' name='Count combs'/>\
         <testcase classname='h' name='Count combs'><failure/></testcase></testsuite>",
    );
    assert_eq!(counts(&report), [3, 0, 2, 0]);
    let reason = |at: usize| report.items[at].reason.clone().unwrap_or_default();
    assert_eq!(reason(0), "passed after 2 failed attempts");
    assert!(reason(1).contains("an earlier attempt (failed)"));
    assert_eq!(reason(2), "passed after 1 failed attempt");
    assert!(reason(3).contains("an earlier attempt (passed)"));
    let outcomes: Vec<TestOutcome> = runs(&atlas, "BEE-1")
        .iter()
        .map(|run| run.outcome)
        .collect();
    let (passed, failed) = (TestOutcome::Passed, TestOutcome::Failed);
    assert_eq!(outcomes, [passed, passed, failed]);
}

#[test]
fn a_suite_that_did_not_run_makes_no_passes() {
    for suite in [
        "<testsuite name='BEE-1' status='skipped'>",
        "<testsuite name='BEE-1' executed='false'>",
        "<testsuite name='BEE-1' disabled='true'>",
        "<testsuite name='BEE-1' tests='1' skipped='1'>",
        "<testsuite name='BEE-1'><skipped/>",
    ] {
        let atlas = hive(&["Count drones"]);
        let xml = format!("{suite}<testcase name='Count drones'/></testsuite>");
        assert_eq!(counts(&import(&atlas, &xml)), [0, 0, 1, 0], "{suite}");
    }
    // Numbers of a suite are no flags.
    let atlas = hive(&["Count drones"]);
    let xml = "<testsuites disabled='1'><testsuite name='BEE-1' tests='2' skipped='1' disabled='0'>\
               <testcase name='Count drones'/><testcase name='x'><skipped/></testcase></testsuite></testsuites>";
    let report = import(&atlas, xml);
    assert_eq!(counts(&report), [1, 0, 1, 0]);
    assert_eq!(report.file.warnings, Vec::<String>::new());
    // A failed setup is told.
    let xml =
        "<testsuite name='BEE-1' tests='1' errors='1'><testcase name='Count drones'/></testsuite>";
    let report = import(&hive(&["Count drones"]), xml);
    assert!(
        report.file.warnings[0].contains("says that 1 failed"),
        "{report:?}"
    );
}

#[test]
fn words_that_look_like_keys_are_none_unless_their_project_is_stored() {
    for (suite, class, name) in [
        ("BEE-1", "a", "Save as UTF-8"),
        ("BEE-1", "enc.ISO-8859", "Open"),
        ("Run of BEE-1 with COVID-19 forms", "SHA-256", "HTTP-404"),
        ("BEE-1", "a", "[SHA-1] Sign"),
    ] {
        let atlas = hive(&[name]);
        let xml = format!(
            "<testsuite name='{suite}'><testcase classname='{class}' name='{name}'/></testsuite>"
        );
        let report = import(&atlas, &xml);
        assert_eq!(
            (counts(&report), report.linked),
            ([1, 0, 0, 0], 1),
            "{report:?}"
        );
        assert_eq!(report.items[0].reason, None);
    }
    // A stored project makes a key, wherever it stands; the test's own goes before the suite's.
    let atlas = hive(&["test_BEE-2_drones", "Sign"]);
    let xml = "<testsuite name='BEE-1'><testcase name='test_BEE-2_drones'/><testcase name='Sign'>\
               <properties><property name='tags' value='UTF-8, bee-2'/></properties></testcase></testsuite>";
    import(&atlas, xml);
    assert_eq!(
        (runs(&atlas, "BEE-2").len(), runs(&atlas, "BEE-1").len()),
        (2, 0)
    );
    // What is named as a ticket is one, stored or not.
    let atlas = hive(&["Sign"]);
    let xml = "<testsuite name='BEE-1'><testcase name='Sign'><properties>\
               <property name='requirements' value='UTF-8'/></properties></testcase></testsuite>";
    let report = import(&atlas, xml);
    assert!(
        report.items[0]
            .reason
            .as_deref()
            .unwrap()
            .contains("not stored: UTF-8")
    );
    let report = import(
        &atlas,
        "<testsuite name='OAK-7'><testcase name='Sign'/></testsuite>",
    );
    assert!(report.items[0].reason.as_deref().unwrap().contains("OAK-7"));
}

#[test]
fn no_pass_replaces_the_failure_of_another_test() {
    let web = "<testcase classname='web.Drones' name='Count' time='40'><failure/></testcase>";
    let api = "<testcase classname='api.Drones' name='Count' time='600'/>";
    for suite in [
        "<testsuite name='BEE-1' timestamp='2026-01-05T10:00:00'>",
        "<testsuite name='BEE-1'>",
    ] {
        for tests in [[web, api], [api, web]] {
            let atlas = hive(&["Count"]);
            let xml = format!("{suite}{}</testsuite>", tests.concat());
            let report = import(&atlas, &xml);
            assert_eq!((counts(&report), report.linked), ([2, 0, 0, 0], 1));
            assert_eq!(runs(&atlas, "BEE-1")[0].outcome, TestOutcome::Failed);
            assert_eq!(counts(&import(&atlas, &xml)), [0, 0, 2, 0]);
            // Files for themselves, and a later pass of the one that had passed.
            let later = format!(
                "<testsuite name='BEE-1' timestamp='2026-01-06T10:00:00'>{api}</testsuite>"
            );
            import(&atlas, &later);
            assert_eq!(runs(&atlas, "BEE-1")[0].outcome, TestOutcome::Failed);
            // The failed one passes at last.
            let fixed = later.replace("api.", "web.").replace("01-06", "01-07");
            assert_eq!(counts(&import(&atlas, &fixed)), [0, 1, 0, 0]);
            assert_eq!(runs(&atlas, "BEE-1")[0].outcome, TestOutcome::Passed);
        }
    }
}

#[test]
fn suites_tell_tests_apart_where_classes_do_not() {
    for (one, other) in [
        // No classes; one class in two suites; Mocha's class, which is the name again.
        ("<testcase name='Count'>", "<testcase name='Count'>"),
        (
            "<testcase classname='D' name='Count'>",
            "<testcase classname='D' name='Count'>",
        ),
        (
            "<testcase classname='Count' name='Count'>",
            "<testcase classname='Count' name='Count'>",
        ),
    ] {
        for times in [
            ["", ""],
            [
                " timestamp='2026-01-05T10:00:00'",
                " timestamp='2026-01-05T11:00:00'",
            ],
        ] {
            let atlas = hive(&["Count"]);
            let xml = format!(
                "<testsuites><testsuite name='BEE-1'><testsuite name='Web'{}>{one}<failure/></testcase></testsuite>\
                 <testsuite name='Api'{}>{other}</testcase></testsuite></testsuite></testsuites>",
                times[0], times[1]
            );
            let report = import(&atlas, &xml);
            assert_eq!(counts(&report), [2, 0, 0, 0], "{xml}");
            assert_eq!(
                runs(&atlas, "BEE-1")[0].outcome,
                TestOutcome::Failed,
                "{xml}"
            );
        }
    }
}

#[test]
fn the_newest_run_of_one_test_counts() {
    let at = |day: &str, inside: &str| {
        format!(
            "<testsuite name='BEE-1' timestamp='2026-01-{day}T10:00:00'><testcase classname='D' name='Count'>{inside}</testcase></testsuite>"
        )
    };
    let atlas = hive(&["Count"]);
    import(&atlas, &at("05", "<failure/>"));
    import(&atlas, &at("06", ""));
    assert_eq!(runs(&atlas, "BEE-1")[0].outcome, TestOutcome::Passed);
    import(&atlas, &at("05", "<failure/>"));
    assert_eq!(runs(&atlas, "BEE-1")[0].outcome, TestOutcome::Passed);
    // Three attempts in one file, out of order.
    let atlas = hive(&["Count"]);
    let xml = "<testsuite name='BEE-1'>\
        <testcase classname='D' name='Count' timestamp='2026-01-05T10:02:00'/>\
        <testcase classname='D' name='Count' timestamp='2026-01-05T10:00:00'><failure/></testcase>\
        <testcase classname='D' name='Count' timestamp='2026-01-05T10:01:00'><failure/></testcase></testsuite>";
    let report = import(&atlas, xml);
    assert_eq!(counts(&report), [1, 0, 2, 0]);
    assert_eq!(runs(&atlas, "BEE-1")[0].outcome, TestOutcome::Passed);
    assert_eq!(
        report.items[0].reason.as_deref(),
        Some("passed after 2 failed attempts")
    );
}

#[test]
fn durations_are_right_or_unknown() {
    let seconds = |times: &[&str]| -> Vec<Option<f64>> {
        let names: Vec<String> = (0..times.len()).map(|n| format!("Count {n}")).collect();
        let atlas = hive(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let test =
            |(time, name): (&&str, &String)| format!("<testcase name='{name}' time=\"{time}\"/>");
        let tests: String = times.iter().zip(&names).map(test).collect();
        let report = import(
            &atlas,
            &format!("<testsuite name='BEE-1'>{tests}</testsuite>"),
        );
        let stored = runs(&atlas, "BEE-1");
        let unread: u64 = report.file.unread.iter().map(|one| one.count).sum();
        let known = stored.iter().filter(|run| run.seconds.is_some()).count();
        assert_eq!(
            known as u64 + unread,
            times.len() as u64,
            "{times:?} {report:?}"
        );
        let of = |name: &String| stored.iter().find(|run| run.pattern_name == *name)?.seconds;
        names.iter().map(of).collect()
    };
    assert_eq!(seconds(&["0,532", "1,5"]), [Some(0.532), Some(1.5)]);
    assert_eq!(seconds(&["1.234,5", "0,25"]), [Some(1234.5), Some(0.25)]);
    assert_eq!(
        seconds(&["1,200.5", "2,400.0"]),
        [Some(1200.5), Some(2400.0)]
    );
    assert_eq!(
        seconds(&["PT1M30S", "90s", "00:01:30.5", "soon", "-1"]),
        [Some(90.0), Some(90.0), Some(90.5), None, None]
    );
    assert_eq!(
        seconds(&["1 200.5", "1'200.25"]),
        [Some(1200.5), Some(1200.25)]
    );
}

/// What came of Xray's tests with this content, each for itself; or the reason.
pub(super) fn of_xray(tests: &[&str]) -> Vec<Result<TestOutcome, String>> {
    let names: Vec<String> = (0..tests.len()).map(|n| format!("Count {n}")).collect();
    let atlas = hive(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let test = |(n, test): (usize, &&str)| format!("{{\"testKey\":\"HV-{}\",{test}}}", n + 1);
    let all: Vec<String> = tests.iter().enumerate().map(test).collect();
    let all = all.join(",\n");
    let report = import(
        &atlas,
        &format!("{{\"info\":{{\"summary\":\"BEE-1\"}},\n\"tests\":[\n{all}]}}"),
    );
    let stored = runs(&atlas, "BEE-1");
    let of = |(place, item): (usize, &TestItem)| {
        assert_eq!(item.line, place as u64 + 3);
        let run = stored.iter().find(|run| run.pattern_name == names[place]);
        run.map(|run| run.outcome)
            .ok_or_else(|| item.reason.clone().unwrap_or_default())
    };
    report.items.iter().enumerate().map(of).collect()
}

#[test]
fn parts_of_xrays_tests_count() {
    let (passed, failed, blocked) = (
        TestOutcome::Passed,
        TestOutcome::Failed,
        TestOutcome::Blocked,
    );
    let cases = [
        (r#""examples":["PASSED","FAILED"]"#, failed),
        (r#""examples":["PASS","PASS"]"#, passed),
        (
            r#""iterations":[{"name":"1","status":"PASS"},{"name":"2","status":"fail"}]"#,
            failed,
        ),
        (
            r#""iterations":[{"steps":[{"status":"PASSED"}]},{"steps":[{"status":"PASSED"},{"status":"FAILED"}]}]"#,
            failed,
        ),
        (
            r#""steps":[{"status":"PASSED"},{"status":"TODO"}]"#,
            blocked,
        ),
        (r#""steps":[{"status":{"name":"PASSED"}}]"#, passed),
        (r#""results":[{"name":"x","status":"FAILED"}]"#, failed),
        (
            r#""status":null,"steps":[{"status":"PASSED"},{"status":"ABORTED"}]"#,
            blocked,
        ),
        (r#""status":"FAILED","steps":[{"status":"PASSED"}]"#, failed),
        (
            r#""status":"TODO","iterations":[{"status":"FAILED"}]"#,
            failed,
        ),
        (r#""status":{"name":"PASSED"}"#, passed),
    ];
    let found = of_xray(&cases.map(|(test, _)| test));
    for ((test, expected), found) in cases.into_iter().zip(found) {
        assert_eq!(found, Ok(expected), "{test}");
    }
    let none = of_xray(&[
        r#""steps":[{"status":"TODO"}]"#,
        r#""defects":[]"#,
        r#""status":"PASS_WITH_WARNINGS""#,
        r#""iterations":[{"status":"PASS_WITH_WARNINGS"}]"#,
    ]);
    let reason = |at: usize| none[at].clone().unwrap_err();
    assert_eq!(
        (reason(0), reason(1)),
        ("it did not run".into(), "it did not run".into())
    );
    for at in [2, 3] {
        let key = format!("HV-{}", at + 1);
        assert!(reason(at).contains(&key) && reason(at).contains("PASS_WITH_WARNINGS"));
    }
    // A part that failed counts more than the word for the whole, and that is told.
    let atlas = hive(&["Count"]);
    let json = r#"{"info":{"summary":"BEE-1"},"tests":[{"testKey":"HV-1","status":"PASSED","iterations":[{"status":"FAILED"}]}]}"#;
    let report = import(&atlas, json);
    assert!(
        report.items[0]
            .reason
            .as_deref()
            .unwrap()
            .contains("a part of it failed")
    );
    let outcome = atlas.tickets().test_runs("BEE-1").unwrap()[0].outcome;
    assert_eq!(outcome, TestOutcome::Failed);
}

const CUCUMBER: &str = r#"[
{"uri":"hive.feature","keyword":"Feature","name":"Hive","tags":[{"name":"@BEE-1"},{"name":"@UTF-8"}],"elements":[
 {"keyword":"Background","type":"background","name":"","steps":[{"result":{"status":"passed"}}]},
 {"keyword":"Scenario","type":"scenario","name":"Count","start_timestamp":"2026-01-05T10:00:00.000Z","steps":[{"result":{"status":"passed","duration":61000000000}}]},
 {"keyword":"Scenario Outline","type":"scenario","name":"Feed","steps":[{"result":{"status":"passed"}}]},
 {"keyword":"Scenario Outline","type":"scenario","name":"Feed","steps":[{"result":{"status":"failed","error_message":"no sugar"}}]},
 {"keyword":"Scenario Outline","type":"scenario","name":"Feed","steps":[{"result":{"status":"passed"}}]},
 {"keyword":"Scenario","type":"scenario","name":"any","tags":[{"name":"@TEST_HV-3"},{"name":"@REQ_BEE-2"}],"steps":[{"result":{"status":"passed"}},{"result":{"status":"undefined"}}]},
 {"keyword":"Scenario","type":"scenario","name":"Sleep","steps":[{"result":{"status":"skipped"}}]},
 {"keyword":"Scenario","type":"scenario","name":"Smoke","before":[{"result":{"status":"failed"}}],"steps":[{"result":{"status":"skipped"}}]}
]}]"#;

#[test]
fn cucumbers_report_is_read() {
    let atlas = hive(&["Count", "Feed", "Swarm", "Sleep", "Smoke"]);
    let report = import(&atlas, CUCUMBER);
    assert_eq!(report.format, TestFormat::CucumberJson);
    assert_eq!(counts(&report), [4, 0, 1, 0], "{report:?}");
    assert_eq!(report.items[0].line, 4);
    let of = |key: &str, name: &str| {
        let all = runs(&atlas, key);
        let run = all.iter().find(|run| run.pattern_name == name).unwrap();
        (run.outcome, run.seconds)
    };
    assert_eq!(of("BEE-1", "Count"), (TestOutcome::Passed, Some(61.0)));
    assert_eq!(of("BEE-1", "Feed").0, TestOutcome::Failed);
    assert_eq!(of("BEE-2", "Swarm").0, TestOutcome::Blocked);
    assert_eq!(of("BEE-1", "Smoke").0, TestOutcome::Failed);
    assert_eq!(counts(&import(&atlas, CUCUMBER)), [0, 0, 5, 0]);
    let odd = CUCUMBER.replace("undefined", "purple");
    let report = import(&atlas, &odd);
    let refused = report.items.iter().find(|item| item.name == "any").unwrap();
    assert!(
        refused.reason.as_deref().unwrap().contains("purple") && refused.line == 8,
        "{refused:?}"
    );
    let (_folder, path) = file("report.json", CUCUMBER);
    let error = atlas
        .patterns()
        .import_file(&path, &mut silent)
        .unwrap_err()
        .to_string();
    assert!(error.contains("results"), "{error}");
}

#[test]
fn xml_of_test_cases_is_never_results() {
    let atlas = hive(&["Count"]);
    for (xml, word) in [
        (
            "<testcases><testcase internalid='9' name='Count'><summary>x</summary></testcase></testcases>",
            "TestLink",
        ),
        (
            "<testsuite id='1' name='BEE-1'><testcase internalid='9' name='Count'><steps/></testcase></testsuite>",
            "TestLink",
        ),
        (
            "<testsuite name='BEE-1'><testsuite name='b'><testcase name='Count'><preconditions/><execution_type>1</execution_type></testcase></testsuite></testsuite>",
            "TestLink",
        ),
        (
            "<suite><sections><section><cases/></section></sections></suite>",
            "TestRail",
        ),
    ] {
        let said = refusal(&atlas, xml);
        assert!(
            said.contains(word) && said.contains("import-patterns"),
            "{said}"
        );
    }
    for (xml, word) in [
        ("<s:Envelope xmlns:s='x'/>", "SOAP"),
        ("<!DOCTYPE html><html/>", "HTML"),
        (
            "<rss><channel><item><key>BEE-1</key></item></channel></rss>",
            "Jira",
        ),
        ("<test-run><test-suite/></test-run>", "NUnit"),
        ("<assemblies/>", "xUnit.net"),
        (
            "<TestRun xmlns='http://microsoft.com/schemas/VisualStudio/TeamTest/2010'/>",
            "TRX",
        ),
        ("<testng-results/>", "TestNG"),
        ("<robot/>", "Robot Framework"),
        ("<Harvest/>", "<Harvest>"),
    ] {
        let said = refusal(&atlas, xml);
        assert!(
            said.contains(word) && !said.contains("import-patterns"),
            "{said}"
        );
    }
    // A case among results.
    let report = import(
        &atlas,
        "<testsuite name='BEE-1'><testcase name='a' time='1'/><testcase name='b' time='1'/>\
         <testcase name='Count'><steps/></testcase></testsuite>",
    );
    assert!(
        report.items[2]
            .reason
            .as_deref()
            .unwrap()
            .contains("test case")
    );
    assert_eq!(atlas.database().counts().unwrap().observations, 0);
}

#[test]
fn a_tag_is_a_ticket_where_its_project_is_stored() {
    let (_folder, path) = file(
        "hive.feature",
        "@BEE-1 @UTF-8\nFeature: Hive\n @REQ_OAK-9\n Scenario: Count\n  When I count\n",
    );
    let atlas = hive(&[]);
    let import = TestImport::default();
    let report = atlas
        .patterns()
        .import_file_with(&path, &import, &mut silent)
        .unwrap();
    let reason = report.items[0].reason.clone().unwrap_or_default();
    assert!(
        reason.contains("OAK-9") && !reason.contains("UTF-8"),
        "{reason}"
    );
    assert_eq!(report.linked, 1);
    let all = atlas.patterns().list(&PatternFilter::default()).unwrap();
    assert_eq!(all[0].pattern.labels, ["UTF-8"]);
}

#[test]
fn a_result_from_before_tests_were_told_apart_keeps_its_failure() {
    let (_folder, path) = file("hive.db", "");
    std::fs::remove_file(&path).unwrap();
    let at = |day: u8, class: &str, inside: &str| {
        format!(
            "<testsuite name='BEE-1' timestamp='2026-01-0{day}T10:00:00'>\
             <testcase classname='{class}' name='Count'>{inside}</testcase></testsuite>"
        )
    };
    let atlas = Atlas::builder()
        .starter_catalogue(false)
        .open(&path)
        .unwrap();
    let ticket = Ticket::new(TicketKey::parse("BEE-1").unwrap(), "The hive hums");
    atlas.tickets().add(&[ticket]).unwrap();
    atlas
        .patterns()
        .add(&TestPattern::new("Count", "Hive"))
        .unwrap();
    import(&atlas, &at(5, "web", "<failure/>"));
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute("DELETE FROM atlas_test_results", [])
        .unwrap();
    // The same file again says whose failure it was.
    let report = import(&atlas, &at(5, "web", "<failure/>"));
    assert_eq!(counts(&report), [0, 0, 1, 0]);
    import(&atlas, &at(6, "api", ""));
    assert_eq!(runs(&atlas, "BEE-1")[0].outcome, TestOutcome::Failed);
}
