//! The families of MCP servers that read Jira's issues, and the arguments of their tools.

use serde_json::{Map, Value, json};

use super::McpTool;
use super::pages::{PAGE, PageStart};
use crate::domain::TicketKey;

/// What is asked for of an issue.
const FIELDS: [&str; 15] = [
    "summary",
    "description",
    "status",
    "issuetype",
    "priority",
    "resolution",
    "assignee",
    "reporter",
    "components",
    "labels",
    "created",
    "updated",
    "resolutiondate",
    "parent",
    "issuelinks",
];
/// The tool that tells the sites of an account.
pub(super) const SITES: &str = "getAccessibleAtlassianResources";

/// A family of servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// `mcp-atlassian`.
    Community,
    /// Atlassian's own.
    Atlassian,
}

impl Family {
    /// The family that has these tools.
    pub(super) fn of(tools: &[McpTool]) -> Option<Self> {
        let has = |name: &str| tools.iter().any(|tool| tool.name == name);
        [Family::Community, Family::Atlassian]
            .into_iter()
            .find(|family| has(family.search()) || has(family.get()))
    }

    pub(super) fn search(self) -> &'static str {
        match self {
            Family::Community => "jira_search",
            Family::Atlassian => "searchJiraIssuesUsingJql",
        }
    }

    pub(super) fn get(self) -> &'static str {
        match self {
            Family::Community => "jira_get_issue",
            Family::Atlassian => "getJiraIssue",
        }
    }

    pub(super) fn get_arguments(
        self,
        tool: &McpTool,
        key: &TicketKey,
        site: Option<&str>,
    ) -> Value {
        match self {
            Family::Community => filled(
                [("issue_key", json!(key))],
                // Reading a ticket is not to change what its reader looked at last.
                [
                    ("fields", json!(FIELDS.join(","))),
                    ("comment_limit", json!(0)),
                    ("update_history", json!(false)),
                ],
                tool,
            ),
            Family::Atlassian => filled(
                [("cloudId", json!(site)), ("issueIdOrKey", json!(key))],
                [
                    ("fields", json!(FIELDS)),
                    ("contentFormat", json!("markdown")),
                    ("responseContentFormat", json!("markdown")),
                ],
                tool,
            ),
        }
    }

    pub(super) fn search_arguments(
        self,
        tool: &McpTool,
        jql: &str,
        place: PageStart<'_>,
        site: Option<&str>,
    ) -> Value {
        let mut arguments = match self {
            Family::Community => filled(
                [("jql", json!(jql)), ("limit", json!(PAGE))],
                [("fields", json!(FIELDS.join(",")))],
                tool,
            ),
            Family::Atlassian => filled(
                [
                    ("cloudId", json!(site)),
                    ("jql", json!(jql)),
                    ("maxResults", json!(PAGE)),
                ],
                [
                    ("fields", json!(FIELDS)),
                    ("contentFormat", json!("markdown")),
                    ("responseContentFormat", json!("markdown")),
                    ("searchResultMode", json!("all")),
                ],
                tool,
            ),
        };
        let at = match (self, place) {
            (_, PageStart::Start) => None,
            (Family::Community, PageStart::Cursor(cursor)) => Some(("page_token", json!(cursor))),
            (Family::Atlassian, PageStart::Cursor(cursor)) => {
                Some(("nextPageToken", json!(cursor)))
            }
            (Family::Community, PageStart::After(count)) => Some(("start_at", json!(count))),
            (Family::Atlassian, PageStart::After(count)) => Some(("startAt", json!(count))),
        };
        if let Some((name, value)) = at {
            arguments[name] = value;
        }
        arguments
    }
}

/// What has to be there, and of the rest what the tool takes.
fn filled<const N: usize, const M: usize>(
    needed: [(&str, Value); N],
    wanted: [(&str, Value); M],
    tool: &McpTool,
) -> Value {
    let wanted = wanted.into_iter().filter(|(name, _)| tool.takes(name));
    let all = needed.into_iter().chain(wanted);
    let all: Map<String, Value> = all.map(|(name, value)| (name.to_owned(), value)).collect();
    Value::Object(all)
}

/// The id of the account's site where it has one alone.
pub(super) fn only_site(answer: &Value) -> Option<String> {
    let sites = answer
        .as_array()
        .or_else(|| answer["resources"].as_array())?;
    let mut ids: Vec<&str> = sites
        .iter()
        .filter_map(|site| site["id"].as_str())
        .collect();
    // One site is listed once for each product.
    ids.sort_unstable();
    ids.dedup();
    match ids.as_slice() {
        [id] => Some((*id).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_gets_only_arguments_that_it_takes() {
        let tool = |input: Value| McpTool {
            name: "jira_get_issue".to_owned(),
            input,
        };
        let key = TicketKey::parse("WRKA-7").unwrap();
        let family = Family::of(&[tool(json!({}))]).unwrap();
        let plain = family.get_arguments(&tool(json!({})), &key, None);
        assert_eq!(plain, json!({"issue_key": "WRKA-7"}));
        let knows = json!({"properties": {"update_history": {}, "comment_limit": {}}});
        let careful = family.get_arguments(&tool(knows), &key, None);
        assert_eq!(careful["update_history"], false);
        assert_eq!(careful["comment_limit"], 0);
    }

    #[test]
    fn a_site_is_taken_where_there_is_one_alone() {
        let one = json!([{"id": "a", "scopes": ["jira"]}, {"id": "a", "scopes": ["wiki"]}]);
        assert_eq!(only_site(&one).as_deref(), Some("a"));
        assert_eq!(only_site(&json!([{"id": "a"}, {"id": "b"}])), None);
        assert_eq!(only_site(&json!({})), None);
    }
}
