//! What a JSON document is that holds neither tickets nor test cases, by fields only it has.

use serde_json::Value;

use super::columns::plain;

/// So many bytes of a file tell what it is.
const LOOKED_AT: usize = 64 * 1024;

/// Documents: all of these texts stand at their beginning.
const DOCUMENTS: [(&[&str], &str); 18] = [
    (&["\"_postman_id\""], POSTMAN),
    (&["getpostman.com/json/collection"], POSTMAN),
    (&["\"openapi\"", "\"paths\""], "an OpenAPI description"),
    (&["\"swagger\"", "\"paths\""], "an OpenAPI description"),
    (
        &["\"log\"", "\"creator\"", "\"entries\""],
        "an HTTP archive (HAR)",
    ),
    (
        &["\"suites\"", "\"specs\"", "\"config\""],
        "a report of Playwright, which holds results: import its JUnit XML as results",
    ),
    (
        &["\"numTotalTests\"", "\"testResults\""],
        "a report of Jest, which holds results: import its JUnit XML as results",
    ),
    (
        &["\"assertionResults\"", "\"testResults\""],
        "a report of Jest, which holds results: import its JUnit XML as results",
    ),
    (
        &["\"stats\"", "\"fullTitle\""],
        "a report of Mocha, which holds results: import its JUnit XML as results",
    ),
    (
        &["\"stats\"", "\"passPercent\""],
        "a report of Mocha, which holds results: import its JUnit XML as results",
    ),
    (
        &["\"nodeid\"", "\"outcome\""],
        "a report of pytest, which holds results: import its JUnit XML as results",
    ),
    (
        &["\"historyId\"", "\"stage\""],
        "a result of Allure: import the JUnit XML of its runner as results",
    ),
    (
        &["\"reportFormat\"", "\"CTRF\""],
        "a report in the form of CTRF, which holds results: import the runner's JUnit XML as results",
    ),
    (
        &["\"Action\"", "\"Package\"", "\"Time\""],
        "the JSON of go test, which holds results: import JUnit XML as results, as gotestsum writes it",
    ),
    (
        &["\"collection\"", "\"run\"", "\"executions\""],
        "a report of Newman, which holds results: import its JUnit XML as results",
    ),
    (
        &["\"$schema\"", "\"definitions\"", "\"properties\""],
        "a JSON schema",
    ),
    (
        &["\"name\"", "\"version\"", "\"devDependencies\""],
        "a package description of Node",
    ),
    (&["\"type\"", "\"FeatureCollection\""], "a map (GeoJSON)"),
];
const POSTMAN: &str = "a Postman collection, which holds requests";

/// Records of lists of other things: all of these fields are there.
const RECORDS: [(&[&str], &str); 12] = [
    (&["released", "name"], "a version"),
    (&["releaseDate", "name"], "a version"),
    (&["location", "name", "type"], "a board"),
    (&["originBoardId"], "a sprint"),
    (&["startDate", "endDate", "goal"], "a sprint"),
    (&["timeSpentSeconds"], "a work log"),
    (&["timeSpent", "started"], "a work log"),
    (&["projectTypeKey"], "a project"),
    (&["projectCategory", "name"], "a project"),
    (&["accountId", "displayName"], "a user"),
    (&["jql", "name"], "a filter"),
    (&["mimeType", "filename"], "an attachment"),
];

/// What a file is, if it is one of these documents.
pub(crate) fn of_text(bytes: &[u8]) -> Option<&'static str> {
    let start = bytes.get(..LOOKED_AT.min(bytes.len())).unwrap_or(bytes);
    let has = |text: &&str| memchr::memmem::find(start, text.as_bytes()).is_some();
    let found = DOCUMENTS.iter().find(|(all, _)| all.iter().all(&has));
    found.map(|(_, what)| *what)
}

/// What a record is, if it is one of those lists' and has no `fields` and no summary.
pub(crate) fn of_record(record: &Value) -> Option<&'static str> {
    let record = record.as_object()?;
    let has = |name: &&str| {
        let is_it = |(own, value): (&String, &Value)| plain(own) == plain(name) && !value.is_null();
        record.iter().any(is_it)
    };
    if ["fields", "summary", "steps"].iter().any(&has) {
        return None;
    }
    let found = RECORDS.iter().find(|(all, _)| all.iter().all(&has));
    found.map(|(_, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn other_documents_are_called_by_their_names() {
        let postman = br#"{"info":{"name":"c","_postman_id":"1"},"item":[{"name":"Get"}]}"#;
        assert!(of_text(postman).unwrap().contains("Postman"));
        assert_eq!(of_text(br#"[{"name":"Log in","steps":["Open"]}]"#), None);
        for (record, what) in [
            (
                json!({"key": "NIM-1", "name": "Board", "type": "scrum", "location": {}}),
                Some("a board"),
            ),
            (json!({"name": "1.0", "released": false}), Some("a version")),
            (
                json!({"key": "NIM-1", "name": "Log in", "type": "Smoke"}),
                None,
            ),
            (
                json!({"key": "NIM-1", "summary": "Log in", "released": "1.0", "name": "x"}),
                None,
            ),
        ] {
            assert_eq!(of_record(&record), what, "{record}");
        }
    }
}
