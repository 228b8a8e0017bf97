//! Reading issues in a thread of its own, while others store them.

use std::collections::HashSet;
use std::sync::mpsc::SyncSender;

use serde_json::Value;

use super::{Plan, SkippedIssue};
use crate::domain::TicketField;
use crate::error::JiraFault;
use crate::jira::{FIELDS, JiraClient, JiraKind, Jql, Page, ReadTicket, read_issue};
use crate::{Error, Result};

/// Ids that are asked for at a time: what Cloud gives at most.
const IDS: u32 = 5_000;

/// What the reading thread hands over.
#[derive(Debug)]
pub(crate) enum Fetched {
    /// About how many issues there will be.
    Estimate(u64),
    /// The issues of a page, in Jira's order.
    Page(Vec<std::result::Result<ReadTicket, SkippedIssue>>),
}

/// Reads what the plan asks for; ends early when nobody receives any more.
pub(crate) fn walk(client: &JiraClient, plan: &Plan, send: &SyncSender<Fetched>) -> Result<()> {
    let mut jql = plan.jql();
    let mut size = client.count(&jql);
    if let (Some(relative), true) = (plan.relative(client.clock().now()), is_refused(&size)) {
        jql = relative;
        // Where that is refused too, the milliseconds were not the reason.
        size = client.count(&jql).or(size);
    }
    if send.send(Fetched::Estimate(size?)).is_err() {
        return Ok(());
    }
    for page in client.search(&jql, &FIELDS, client.settings().page_size)? {
        if send
            .send(Fetched::Page(read_all(client, &page?.issues)))
            .is_err()
        {
            return Ok(());
        }
    }
    Ok(())
}

fn is_refused(result: &Result<u64>) -> bool {
    matches!(result, Err(Error::Jira(jira)) if jira.fault == JiraFault::Refused)
}

/// Issues as tickets, or why not.
///
/// What Jira leaves out of an answer stays as it is stored: a screen may hide a field. But Cloud
/// leaves the parent out where there is none.
pub(crate) fn read_all(
    client: &JiraClient,
    issues: &[Value],
) -> Vec<std::result::Result<ReadTicket, SkippedIssue>> {
    let is_cloud = matches!(client.kind(), Ok(JiraKind::Cloud));
    let whole = |mut read: ReadTicket| {
        if is_cloud {
            read.fields = read.fields.with(TicketField::Parent);
        }
        read
    };
    let read = |issue: &Value| {
        read_issue(issue).map(whole).map_err(|reason| {
            let name = ["key", "id"].iter().find_map(|name| issue[*name].as_str());
            SkippedIssue {
                issue: name.unwrap_or_default().to_owned(),
                reason,
            }
        })
    };
    issues.iter().map(read).collect()
}

/// The ids of all issues that are meant.
///
/// # Errors
/// As the client's; also where credentials have expired meanwhile, because a list of what anybody
/// may see would make everything else seem deleted.
pub(crate) fn census(client: &JiraClient, query: &Jql) -> Result<HashSet<String>> {
    client.myself()?;
    let mut ids = HashSet::new();
    let query = query.clone().by_change();
    for page in client.search(&query, &["id"], IDS)? {
        let Page { issues } = page?;
        ids.extend(
            issues
                .iter()
                .filter_map(|issue| Some(issue["id"].as_str()?.to_owned())),
        );
    }
    Ok(ids)
}
