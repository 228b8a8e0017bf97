//! Results as Xray's JSON, of Cloud and of Data Center.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::TestResult;
use super::json::ID_LABEL;
use super::table_out::is_issue;
use crate::domain::{TestExport, TestFormat, TestOutcome};
use crate::{Error, Result};

/// Results in the dialect that is asked for.
pub(super) fn write(title: &str, results: &[TestResult], options: &TestExport) -> Result<Vec<u8>> {
    let cloud = options.format == TestFormat::XrayCloud;
    let status = |outcome| match (outcome, cloud) {
        (TestOutcome::Passed, true) => "PASSED",
        (TestOutcome::Passed, false) => "PASS",
        (TestOutcome::Failed, true) => "FAILED",
        (TestOutcome::Failed, false) => "FAIL",
        (TestOutcome::Blocked, _) => "ABORTED",
        (TestOutcome::Skipped, true) => "TO DO",
        (TestOutcome::Skipped, false) => "TODO",
    };
    let ticket = results.iter().find_map(|result| result.tickets.first());
    let project = options
        .project
        .clone()
        .or_else(|| Some(ticket?.project().to_owned()));
    let project = project
        .ok_or_else(|| Error::invalid("project", "", "the project's key in the other tool"))?;
    let test = |result: &TestResult| {
        let mut test = json!({
            "testInfo": {
                "projectKey": project,
                "summary": result.name,
                "type": "Generic",
                "definition": result.name,
                "requirementKeys": result.tickets,
                "labels": result.ids.first().map(|id| format!("{ID_LABEL}{id}")).into_iter().collect::<Vec<_>>(),
            },
            "status": status(result.outcome),
        });
        if let Some(key) = result.ids.iter().find(|id| is_issue(id)) {
            test["testKey"] = json!(key);
        }
        if let Some(comment) = &result.comment {
            test["comment"] = json!(comment);
        }
        if let Some(finish) = result.ran_at {
            let took = SignedDuration::try_from_secs_f64(result.seconds.unwrap_or(0.0));
            let took = took.unwrap_or_default();
            let start = finish.checked_sub(took).unwrap_or(finish);
            test["start"] = json!(instant(start));
            test["finish"] = json!(instant(finish));
        }
        test
    };
    let times = || results.iter().filter_map(|result| result.ran_at);
    let mut info = json!({"project": project, "summary": title});
    if let Some(at) = times().max() {
        info["finishDate"] = json!(instant(at));
    }
    let value = json!({"info": info, "tests": results.iter().map(test).collect::<Vec<_>>()});
    let mut bytes = serde_json::to_vec_pretty(&value)
        .map_err(|error| Error::invalid("export", error, "what JSON can hold"))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// As Xray wants it: whole seconds, the offset with a colon.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
