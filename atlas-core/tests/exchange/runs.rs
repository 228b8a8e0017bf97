//! Results as observations.

use atlas_core::Atlas;
use atlas_core::domain::{
    TestFormat, TestImport, TestOutcome, TestPattern, TestReport, Ticket, TicketKey, silent,
};

use super::{Folder, counts, empty, reasons};

fn key(key: &str) -> TicketKey {
    TicketKey::parse(key).unwrap()
}

fn ready() -> Atlas {
    let atlas = empty();
    let ticket = |name: &str| Ticket::new(key(name), "Something");
    atlas
        .tickets()
        .add(&[ticket("WRKA-7"), ticket("WRKA-8")])
        .unwrap();
    for (id, name) in [("C7", "Log in"), ("WRKA-50", "Log out")] {
        let mut pattern = TestPattern::new(name, "Login");
        pattern.key = Some(id.into());
        atlas.patterns().add(&pattern).unwrap();
    }
    atlas
}

fn results(atlas: &Atlas, content: &str, options: &TestImport) -> TestReport {
    let path = Folder::new().0.keep().join("results");
    std::fs::write(&path, content).unwrap();
    let report = atlas
        .learning()
        .import_results(&path, options, &mut silent)
        .unwrap();
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    report
}

const JUNIT: &str = "<testsuites><testsuite name='Nightly' timestamp='2025-06-30T10:00:00'>\n\
    <testcase classname='web' name='any' time='1,200.0'><properties><property name='test_id' value='C7'/>\
    <property name='requirements' value='WRKA-7,WRKA-8'/></properties></testcase>\n\
    <testcase name='[WRKA-7] other' time='0.2'><properties><property name='test_key'>WRKA-50</property></properties>\
    <failure message='no &lt;form&gt;'/></testcase>\n\
    <testcase name='Log out'/>\n<testcase name='Unknown'/>\n<testcase name='Log in'><skipped/></testcase>\n<testcase/>\n\
    </testsuite></testsuites>";

#[test]
fn junit_results_are_observations_with_minutes_and_outcome() {
    let atlas = ready();
    let dry = TestImport {
        dry_run: true,
        ..TestImport::default()
    };
    assert_eq!(counts(&results(&atlas, JUNIT, &dry)), [2, 0, 1, 3]);
    assert_eq!(atlas.database().counts().unwrap().observations, 0);
    let report = results(&atlas, JUNIT, &TestImport::default());
    assert_eq!(
        (report.format, counts(&report), report.linked),
        (TestFormat::Junit, [2, 0, 1, 3], 3)
    );
    let why = reasons(&report);
    assert!(
        why[0].contains("no ticket") && why[1].contains("no pattern"),
        "{why:?}"
    );
    assert_eq!(&why[2..], ["it did not run", "the <testcase> has no name"]);
    let runs = atlas.tickets().test_runs("WRKA-7").unwrap();
    let of = |name: &str| runs.iter().find(|run| run.pattern_name == name).unwrap();
    assert_eq!(
        (of("Log in").outcome, of("Log in").seconds),
        (TestOutcome::Passed, Some(1_200.0))
    );
    assert_eq!(of("Log out").outcome, TestOutcome::Failed);
    assert_eq!(
        of("Log in").ran_at.unwrap().to_string(),
        "2025-06-30T10:00:00Z"
    );
    // 20 minutes of a tester; 0.2 seconds of a machine say nothing.
    assert_eq!(
        atlas.patterns().get("C7").unwrap().pattern.avg_time_minutes,
        Some(20)
    );
    assert_eq!(
        atlas
            .patterns()
            .get("WRKA-50")
            .unwrap()
            .pattern
            .avg_time_minutes,
        None
    );
    assert_eq!(
        atlas
            .patterns()
            .get("WRKA-50")
            .unwrap()
            .pattern
            .success_rate,
        1.0
    );
    // Again: nothing new. An older run changes nothing, a newer one does.
    assert_eq!(
        counts(&results(&atlas, JUNIT, &TestImport::default())),
        [0, 0, 3, 3]
    );
    let older = JUNIT
        .replace("06-30T10", "06-29T10")
        .replace("1,200.0", "60");
    assert_eq!(
        counts(&results(&atlas, &older, &TestImport::default())),
        [0, 0, 3, 3]
    );
    let newer = JUNIT
        .replace("06-30T10", "07-01T10")
        .replace("1,200.0", "600");
    assert_eq!(
        counts(&results(&atlas, &newer, &TestImport::default())),
        [0, 2, 1, 3]
    );
    assert_eq!(
        atlas.patterns().get("C7").unwrap().pattern.avg_time_minutes,
        Some(10)
    );
    assert_eq!(atlas.database().counts().unwrap().observations, 3);
}

#[test]
fn a_ticket_can_be_given_for_all() {
    let atlas = ready();
    let options = TestImport {
        tickets: vec![key("WRKA-8")],
        ..TestImport::default()
    };
    let xml = "<testsuite name='x'><testcase name='Log in'><error type='blocked'/></testcase></testsuite>";
    assert_eq!(counts(&results(&atlas, xml, &options)), [1, 0, 0, 0]);
    assert_eq!(
        atlas.tickets().test_runs("WRKA-8").unwrap()[0].outcome,
        TestOutcome::Blocked
    );
    let options = TestImport {
        tickets: vec![key("WRKA-99")],
        ..TestImport::default()
    };
    let report = results(&atlas, xml, &options);
    assert!(reasons(&report)[0].contains("WRKA-99"), "{report:?}");
}

#[test]
fn both_dialects_of_xray_are_read() {
    for (passed, failed) in [("PASSED", "FAILED"), ("PASS", "FAIL")] {
        let atlas = ready();
        let json = format!(
            r#"{{"info":{{"summary":"Run for WRKA-7"}},"tests":[
            {{"testKey":"WRKA-50","status":"{passed}","start":"2025-06-30T09:00:00+02:00","finish":"2025-06-30T09:12:00+02:00"}},
            {{"testInfo":{{"summary":"Log in","requirementKeys":["WRKA-8"]}},"status":"{failed}","comment":"empty"}},
            {{"testKey":"WRKA-50","status":"TODO"}},{{"testKey":"WRKA-50","status":"ODD"}}]}}"#
        );
        let report = results(&atlas, &json, &TestImport::default());
        assert_eq!(counts(&report), [2, 0, 1, 1], "{report:?}");
        assert!(reasons(&report)[1].contains("\"ODD\" is not known"));
        let run = &atlas.tickets().test_runs("WRKA-7").unwrap()[0];
        assert_eq!(
            (run.outcome, run.seconds),
            (TestOutcome::Passed, Some(720.0))
        );
        assert_eq!(
            atlas.tickets().test_runs("WRKA-8").unwrap()[0].outcome,
            TestOutcome::Failed
        );
        assert_eq!(
            atlas
                .patterns()
                .get("WRKA-50")
                .unwrap()
                .pattern
                .avg_time_minutes,
            Some(12)
        );
    }
}

#[test]
fn broken_results_name_the_place() {
    let atlas = ready();
    let report = results(&atlas, "{\"tests\":[\n  oops]}", &TestImport::default());
    assert_eq!(
        (
            counts(&report),
            report.items[0].line,
            report.items[0].column
        ),
        ([0, 0, 0, 1], 2, Some(3))
    );
    let cut = "<testsuite name='WRKA-7'><testcase name='Log in'/>\n<testcase name='Log out'>";
    let report = results(&atlas, cut, &TestImport::default());
    assert_eq!((counts(&report), report.items[1].line), ([1, 0, 0, 1], 2));
    let path = Folder::new().put("x", "");
    let missing = atlas
        .learning()
        .import_results(&path, &TestImport::default(), &mut silent)
        .unwrap_err();
    assert_eq!(missing.code(), "FILE_FAILED");
}
