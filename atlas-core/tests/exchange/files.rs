//! Pattern libraries and test histories from files.

use std::ops::ControlFlow;

use atlas_core::domain::{PatternOrigin, Step, TestPattern, Verdict};
use atlas_core::exchange::history::{HistoryLink, read_history};
use atlas_core::exchange::patterns::read_patterns;
use serde_json::json;

fn file(content: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("library");
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

fn patterns(content: &str) -> Vec<Result<TestPattern, String>> {
    let (_folder, path) = file(content);
    let mut all = Vec::new();
    let summary = read_patterns(&path, &mut |record| {
        all.push(record.value);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(summary.read + summary.skipped, all.len() as u64);
    all
}

fn history(content: &str) -> Vec<Result<HistoryLink, String>> {
    let (_folder, path) = file(content);
    let mut all = Vec::new();
    read_history(&path, &mut |record| {
        all.push(record.value);
        ControlFlow::Continue(())
    })
    .unwrap();
    all
}

fn step(action: &str, expected: &str) -> Step {
    Step::new(action, expected)
}

#[test]
fn test_cases_in_json_are_patterns() {
    let case = json!({"key": "T-1", "name": "Save *draft* — ok", "status": "Deprecated", "folder": null, "path": "a/b/drafts/", "component": null,
        "objective": "See **it**", "precondition": "None", "labels": ["l"], "tags": ["t"],
        "steps": [{"action": "1. Open\n2. Save", "test_data": "x", "expected": "1. form\n2. done"}, {"action": "Look", "test_data": null, "expected": ""}]});
    let other = json!({"title": "Plain", "section": "Login", "steps": ["Open", "Close"], "estimated_minutes": "7.6 min"});
    let read = patterns(&format!("{case}\n{other}\n{{\"key\":\"T-3\"}}\n"));
    let pattern = read[0].as_ref().unwrap();
    assert_eq!(
        (
            pattern.key.as_deref(),
            pattern.name.as_str(),
            pattern.pattern_type.as_str()
        ),
        (Some("T-1"), "Save *draft* — ok", "drafts")
    );
    assert_eq!(
        (
            pattern.objective.as_deref(),
            pattern.precondition.as_deref(),
            pattern.component.as_deref()
        ),
        (Some("See it"), None, None)
    );
    assert_eq!(
        (pattern.is_active, pattern.origin),
        (false, PatternOrigin::Imported)
    );
    assert_eq!(pattern.labels, ["l", "t"]);
    let mut first = step("Open", "form");
    first.data = Some("x".into());
    assert_eq!(
        pattern.steps,
        [first, step("Save", "done"), step("Look", "")]
    );
    let plain = read[1].as_ref().unwrap();
    assert_eq!(
        (
            plain.component.as_deref(),
            plain.avg_time_minutes,
            plain.steps.len()
        ),
        (Some("Login"), Some(8), 2)
    );
    assert!(read[2].as_ref().unwrap_err().contains("no \"name\""));
}

#[test]
fn what_atlas_writes_it_reads() {
    let mut pattern = TestPattern::new("Log *in*", "Authentication");
    pattern.steps.push(step("1. stays **so**", "a_b"));
    pattern.avg_time_minutes = Some(12);
    let array = serde_json::to_string_pretty(&json!({"patterns": [pattern]})).unwrap();
    for content in [serde_json::to_string(&pattern).unwrap(), array] {
        assert_eq!(patterns(&content), [Ok(pattern.clone())]);
    }
}

#[test]
fn patterns_come_from_csv_in_one_row_or_many() {
    let one = "Title,CATEGORY,Steps,Expected Result,Minutes,Tags\n\
        Log in,Auth,\"1. Open -> B\n2. Send => c\n- Look | All\",,15,\"a, b\"\nLog out,Auth,\"1. Open\n2. Leave\",\"1. Menu\n2. Gone\",x,\n";
    let read = patterns(one);
    let first = read[0].as_ref().unwrap();
    assert_eq!(
        first.steps,
        [step("Open -> B", ""), step("Send => c\n- Look | All", "")]
    );
    assert_eq!(
        (
            first.pattern_type.as_str(),
            first.avg_time_minutes,
            &first.labels[..]
        ),
        ("Auth", Some(15), &["a".to_owned(), "b".into()][..])
    );
    let second = read[1].as_ref().unwrap();
    assert_eq!(
        (&second.steps[..], second.avg_time_minutes),
        (&[step("Open", "Menu"), step("Leave", "Gone")][..], None)
    );

    let many = "key;name;step;expected\nT-1;Log in;Open;A form\n;;Send;Home\nT-2;Log in;Open;\nT-2;Log in;Leave;Gone\n";
    let read: Vec<TestPattern> = patterns(many).into_iter().map(Result::unwrap).collect();
    assert_eq!(read.len(), 2);
    assert_eq!(
        read[0].steps,
        [step("Open", "A form"), step("Send", "Home")]
    );
    assert_eq!(read[1].steps, [step("Open", ""), step("Leave", "Gone")]);
}

#[test]
fn histories_have_many_headers() {
    let read = history(
        "Issue Key,Summary,Test Case,Verdict,Minutes,Date\nwrka-1,S,MM-T1,,20,2025-11-15\nWRKA-2,,MM-T2,wrong,,\nx,,MM-T3,,,\nWRKA-4,,,,,\nWRKA-5,,T,perhaps,,\n",
    );
    let first = read[0].as_ref().unwrap();
    assert_eq!(
        (
            first.ticket_key.as_str(),
            first.ticket_summary.as_deref(),
            first.pattern_key.as_str()
        ),
        ("WRKA-1", Some("S"), "MM-T1")
    );
    assert_eq!((first.verdict, first.minutes), (Verdict::Right, Some(20)));
    assert_eq!(first.date.unwrap().to_string(), "2025-11-15T00:00:00Z");
    assert_eq!(read[1].as_ref().unwrap().verdict, Verdict::Wrong);
    assert!(read[2..].iter().all(Result::is_err));
}

#[test]
fn other_files_are_refused() {
    for content in ["a,b\n1,2\n", "{\"x\": 1}", ""] {
        let (_folder, path) = file(content);
        let error = read_patterns(&path, &mut |_| ControlFlow::Continue(())).unwrap_err();
        assert_eq!(error.code(), "UNKNOWN_FORMAT", "{content}");
        let error = read_history(&path, &mut |_| ControlFlow::Continue(())).unwrap_err();
        assert_eq!(error.code(), "UNKNOWN_FORMAT", "{content}");
    }
}
