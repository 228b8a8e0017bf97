//! Pages of a search: what they hold, whether there is more, and how to get it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::McpTool;

/// Issues that are asked for at a time: the most that `mcp-atlassian` gives.
pub(super) const PAGE: u64 = 50;

/// A page of a search, whichever server it is from.
#[derive(Debug, Default)]
pub(super) struct ToolPage<'a> {
    issues: &'a [Value],
    /// Where the next page begins.
    cursor: Option<&'a str>,
    /// Whether the server says that there is more, or that there is not.
    more: Option<bool>,
    /// How many issues there are in all.
    total: Option<u64>,
    /// How many were left out.
    remaining: u64,
    /// How many the page could hold.
    most: u64,
}

impl<'a> ToolPage<'a> {
    /// Reads `{issues: […]}`, `{issues: {nodes: […], pageInfo}}` or `{nodes: […], pageInfo}`.
    pub(super) fn read(answer: &'a Value) -> Result<Self, String> {
        let list = &answer["issues"];
        let (inner, issues) = match (list, &list["nodes"], &answer["nodes"]) {
            (Value::Array(issues), _, _) => (answer, issues),
            (_, Value::Array(issues), _) => (list, issues),
            (_, _, Value::Array(issues)) => (answer, issues),
            _ => return Err("its answer to a search holds no list of issues".to_owned()),
        };
        // What tells of the whole may stand beside the list or around it.
        let either = |name: &str| [inner, answer].into_iter().find_map(|at| at.get(name));
        let number = |names: &[&str]| names.iter().find_map(|name| either(name)?.as_u64());
        let text = |names: &[&str]| {
            let mut found = names.iter().filter_map(|name| either(name)?.as_str());
            found.find(|text| !text.is_empty())
        };
        let info = either("pageInfo");
        let has_next = info.and_then(|info| info["hasNextPage"].as_bool());
        let end = info.and_then(|info| info["endCursor"].as_str());
        let is_last = either("isLast").and_then(Value::as_bool);
        Ok(ToolPage {
            issues,
            cursor: text(&["next_page_token", "nextPageToken"])
                .or(end.filter(|_| has_next == Some(true))),
            more: has_next.or(is_last.map(|last| !last)),
            total: number(&["total", "totalCount"]),
            remaining: number(&["remainingCount", "remaining"]).unwrap_or(0),
            most: number(&["max_results", "maxResults"]).unwrap_or(PAGE),
        })
    }
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageStart<'a> {
    Start,
    /// At a cursor that the server gave.
    Cursor(&'a str),
    /// After so many issues.
    After(u64),
}

/// What came so far.
#[derive(Debug, Default)]
pub(super) struct Collected {
    received: u64,
    seen: BTreeSet<String>,
    cursors: BTreeSet<String>,
    next: Option<String>,
    new_on_page: usize,
}

impl Collected {
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    pub(super) fn place(&self) -> PageStart<'_> {
        match (&self.next, self.received) {
            (Some(cursor), _) => PageStart::Cursor(cursor),
            (None, 0) => PageStart::Start,
            (None, received) => PageStart::After(received),
        }
    }

    /// The issues of a page that did not come before, each with its place in the list.
    pub(super) fn new_issues<'p>(&mut self, page: &ToolPage<'p>) -> Vec<(u64, &'p Value)> {
        let mut new = Vec::new();
        for issue in page.issues {
            self.received += 1;
            let known = issue["key"].as_str().unwrap_or_default();
            // What has no key is handed on, to be named as unreadable.
            if known.is_empty() || self.seen.insert(known.to_owned()) {
                new.push((self.received, issue));
            }
        }
        self.new_on_page = new.len();
        new
    }

    /// Whether another page is to be asked for; an error where there is one and no way to it.
    pub(super) fn go_on(&mut self, page: &ToolPage<'_>, tool: &McpTool) -> Result<bool, String> {
        let missing = page.total.is_some_and(|total| total > self.received);
        let says_more = page.more == Some(true) || page.remaining > 0 || missing;
        if let Some(cursor) = page.cursor.filter(|_| page.more != Some(false)) {
            if !self.cursors.insert(cursor.to_owned()) {
                return Err("it gives the same cursor again".to_owned());
            }
            self.next = Some(cursor.to_owned());
            return Ok(true);
        }
        let counts = tool.takes("start_at") || tool.takes("startAt");
        if missing && page.remaining == 0 && counts && self.next.is_none() {
            return match self.new_on_page {
                0 => Err("its pages bring nothing new".to_owned()),
                _ => Ok(true),
            };
        }
        if says_more {
            return Err("it says that there is more, but gives no cursor".to_owned());
        }
        // With an unknown total, a full page of a tool without cursors may be the first of many.
        let has_cursors = tool.takes("page_token") || tool.takes("nextPageToken");
        let unknown = page.total.is_none() && page.more.is_none() && !has_cursors;
        if unknown && !page.issues.is_empty() && page.issues.len() as u64 >= page.most {
            return Err("a full page, and nothing that says whether there is more".to_owned());
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tool(arguments: &[&str]) -> McpTool {
        let properties: serde_json::Map<String, Value> = arguments
            .iter()
            .map(|name| ((*name).to_owned(), json!({})))
            .collect();
        McpTool {
            name: "search".to_owned(),
            input: json!({"properties": properties}),
        }
    }

    fn after_first(answer: Value, arguments: &[&str]) -> Result<Option<String>, String> {
        let page = ToolPage::read(&answer)?;
        let mut collected = Collected::default();
        collected.new_issues(&page);
        let on = collected.go_on(&page, &tool(arguments))?;
        Ok(on.then(|| format!("{:?}", collected.place())))
    }

    #[test]
    fn every_server_says_its_own_way_whether_there_is_more() {
        let issue = json!({"key": "WRKA-1"});
        let cursor = ["page_token", "start_at"];
        let ends = |answer: Value| assert_eq!(after_first(answer, &cursor), Ok(None));
        ends(json!({"total": 1, "issues": [issue]}));
        ends(json!({"total": -1, "issues": [issue]}));
        ends(json!({"issues": [issue], "isLast": true}));
        ends(
            json!({"issues": {"nodes": [issue], "totalCount": 1, "pageInfo": {"hasNextPage": false, "endCursor": "x"}}}),
        );
        let goes_on = |answer: Value, place: &str| {
            assert_eq!(after_first(answer, &cursor), Ok(Some(place.to_owned())));
        };
        goes_on(
            json!({"total": -1, "issues": [issue], "next_page_token": "a"}),
            "Cursor(\"a\")",
        );
        goes_on(
            json!({"issues": [issue], "nextPageToken": "a", "isLast": false}),
            "Cursor(\"a\")",
        );
        goes_on(
            json!({"nodes": [issue], "pageInfo": {"hasNextPage": true, "endCursor": "e"}}),
            "Cursor(\"e\")",
        );
        goes_on(json!({"total": 7, "issues": [issue]}), "After(1)");
    }

    #[test]
    fn more_without_a_way_to_it_is_no_short_list() {
        let issue = json!({"key": "WRKA-1"});
        let cut = |answer: Value, arguments: &[&str]| {
            let reason = after_first(answer.clone(), arguments).unwrap_err();
            assert!(!reason.is_empty(), "{answer}");
        };
        cut(
            json!({"issues": {"nodes": [issue], "pageInfo": {"hasNextPage": false}}, "remainingCount": 80}),
            &["nextPageToken"],
        );
        cut(
            json!({"issues": [issue], "isLast": false}),
            &["nextPageToken"],
        );
        cut(json!({"issues": [issue], "total": 2}), &["nextPageToken"]);
        cut(
            json!({"issues": {"nodes": [issue], "pageInfo": {"hasNextPage": true}}}),
            &[],
        );
        let full: Vec<Value> = (1..=50)
            .map(|n| json!({"key": format!("WRKA-{n}")}))
            .collect();
        cut(json!({"issues": full, "total": -1}), &["start_at"]);
        cut(json!({"found": []}), &[]);
    }

    #[test]
    fn a_server_that_repeats_itself_is_found_out() {
        let answer = json!({"issues": [{"key": "WRKA-1"}], "total": 9});
        let page = ToolPage::read(&answer).unwrap();
        let mut collected = Collected::default();
        let tool = tool(&["start_at"]);
        assert_eq!(collected.new_issues(&page).len(), 1);
        assert_eq!(collected.go_on(&page, &tool), Ok(true));
        assert!(collected.new_issues(&page).is_empty());
        assert!(collected.go_on(&page, &tool).is_err());
    }
}
