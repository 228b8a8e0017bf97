//! What independent readers make of our files: `gherkin-official`, `behave`, `junitparser`, the
//! parser of `trcli`, Python's `csv`, and where the variable `JUNIT_XSD` names one a schema of JUnit.

use std::path::Path;
use std::process::{Command, Stdio};

use atlas_core::domain::{
    Outcome, PatternFilter, SessionPlan, TestExport, TestFormat, TestPattern, Ticket, TicketKey,
};
use fake_jira::python;
use serde_json::Value;

use super::{Folder, empty, step};

const LIBRARIES: &str =
    "gherkin-official==42.0.1 behave==1.3.3 junitparser==3.2.0 trcli==1.15.3 lxml==6.1.3";

/// Texts that break careless writers.
const HARD: [&str; 8] = [
    "=cmd|' /C calc'!A0",
    "Tab\u{9}, bell\u{7} and \"quotes\" & <tags>",
    "Given | a \\| pipe",
    "@tag # no comment",
    "Two\n\n  lines; with, separators",
    "Umlauts äöü, 漢字, 😀",
    "\"\"\"\nno block\n\"\"\"",
    "Scenario: not one",
];

#[test]
#[ignore = "installs readers from PyPI; `make interop` runs it"]
fn independent_readers_accept_what_is_written() {
    let Some(bin) = python(Path::new(env!("CARGO_TARGET_TMPDIR")), LIBRARIES) else {
        eprintln!("skipped: no Python with {LIBRARIES}");
        return;
    };
    let (atlas, folder) = (empty(), Folder::new());
    let key = TicketKey::parse("WRKA-7").unwrap();
    atlas
        .tickets()
        .add(&[Ticket::new(key, "Export loses umlauts")])
        .unwrap();
    for (number, text) in HARD.into_iter().enumerate() {
        let mut pattern = TestPattern::new(text.replace('\n', " "), format!("Type {}", number % 2));
        pattern.key = Some(format!("C{number}"));
        pattern.objective = Some(text.into());
        pattern.precondition = Some(text.into());
        pattern.labels = vec![text.into()];
        pattern.steps = vec![step(text, text, text), step("Plain", "", "")];
        atlas.patterns().add(&pattern).unwrap();
    }
    for format in TestFormat::ALL
        .into_iter()
        .filter(|format| format.is_written())
    {
        let options = TestExport {
            project: Some("WRKA".into()),
            ..TestExport::new(format)
        };
        let path = folder.path(&format!("patterns.{}", format.as_str()));
        atlas
            .patterns()
            .export(&PatternFilter::default(), &path, &options)
            .unwrap();
    }
    let prediction = atlas.predict("WRKA-7", 5).unwrap();
    let session = atlas
        .sessions()
        .start("WRKA-7", &SessionPlan::Prediction(prediction.id.unwrap()))
        .unwrap();
    atlas.sessions().step_done(session.id, 1).unwrap();
    atlas.sessions().note(session.id, HARD[1]).unwrap();
    atlas.sessions().end(session.id, Outcome::Failed).unwrap();
    let options = TestExport::new(TestFormat::Junit);
    atlas
        .sessions()
        .export(session.id, folder.path("session.junit"), &options)
        .unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exchange/readers.py");
    let mut command = Command::new(bin.join("python"));
    command
        .arg(script)
        .arg(folder.0.path())
        .stdin(Stdio::null());
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    // Some readers talk before.
    let last = output.stdout.rsplit(|byte| *byte == b'\n').next().unwrap();
    let said: Value = serde_json::from_slice(last).unwrap();
    let count = HARD.len();
    for reader in [
        "gherkin",
        "behave",
        "junitparser",
        "trcli",
        "testrail-csv",
        "xray-csv",
        "qase-csv",
        "csv",
    ] {
        assert_eq!(said[reader], count, "{reader}: {said}\n{errors}");
    }
    assert_eq!(said["session"], prediction.scenarios.len(), "{said}");
    assert_eq!(said["formulas"], 0);
    eprintln!("{said}");
}
