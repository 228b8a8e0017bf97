//! What each address answers.

use serde_json::{Value, json};

use crate::answer::{Answer, answer, ok, refuse};
use crate::fault::for_all;
use crate::form::{Form, in_answer};
use crate::jql::{Query, Reading};
use crate::{Fault, Issue, Jira, TOKEN, USER};

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub post: bool,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub authorization: String,
    pub body: Value,
}

impl Asked {
    /// How issues are written to answer this.
    fn form(&self, fields: Vec<String>) -> Form {
        Form {
            fields,
            markup: !self.path.contains("/rest/api/3/"),
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        let value = match &self.body[name] {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        let by_query = || {
            self.query
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, v)| v.clone())
        };
        value.or_else(by_query)
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.text(name)?.parse().ok()
    }

    fn list(&self, name: &str) -> Vec<String> {
        match &self.body[name] {
            Value::Array(items) => items
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            _ => match self.text(name) {
                Some(text) => text.split(',').map(|f| f.trim().to_owned()).collect(),
                None => Vec::new(),
            },
        }
    }
}

/// Answers a request.
pub fn serve(jira: &mut Jira, asked: &Asked) -> Answer {
    jira.log.push(format!(
        "{} {} {}",
        if asked.post { "POST" } else { "GET" },
        asked.path,
        asked.body
    ));
    let Some(path) = asked.path.strip_prefix(&*jira.prefix) else {
        return refuse(404, "There is no Jira here.");
    };
    if let Some(fault) = for_all(jira, asked) {
        return fault;
    }
    let version = if jira.cloud { "3" } else { "2" };
    let Some(rest) = path.strip_prefix("/rest/api/") else {
        return refuse(404, "null for uri");
    };
    let (asked_version, rest) = rest.split_once('/').unwrap_or((rest, ""));
    if rest == "serverInfo" {
        return server_info(jira);
    }
    let known = asked_version == version || asked_version == "2" || asked_version == "latest";
    if !known {
        return refuse(404, "null for uri");
    }
    let logged_in = may_log_in(asked)
        && !jira
            .faults
            .iter()
            .any(|(f, n)| *f == Fault::Anonymous && *n > 0);
    if !logged_in && rest != "search/jql" && rest != "search" {
        return answer(401, "text/html", "<html>Unauthorized</html>".into());
    }
    match rest {
        "myself" => ok(
            &json!({"accountId": "5f", "name": "tester", "emailAddress": USER,
            "displayName": "Test Er", "timeZone": jira.zone.iana_name().unwrap_or("Etc/UTC")}),
        ),
        "field" => ok(&json!([{"id": "summary", "name": "Summary", "clauseNames": ["summary"]}])),
        "search" if jira.cloud => refuse(
            410,
            "The requested API has been removed. Please migrate to \
            the /rest/api/3/search/jql API. A full migration guideline is available at CHANGE-2046",
        ),
        "search" | "search/jql" | "search/approximate-count" => {
            search(jira, asked, rest, logged_in)
        }
        "issue/bulkfetch" if jira.cloud && asked.post => bulk(jira, asked),
        _ => match rest
            .strip_prefix("issue/")
            .and_then(|name| jira.issues.find(name))
        {
            Some(issue) => {
                let fields = all_if_none(asked.list("fields"));
                ok(&in_answer(issue, &asked.form(fields), false))
            }
            None => refuse(
                404,
                "Issue does not exist or you do not have permission to see it.",
            ),
        },
    }
}

fn all_if_none(fields: Vec<String>) -> Vec<String> {
    if fields.is_empty() {
        vec!["*all".to_owned()]
    } else {
        fields
    }
}

fn may_log_in(asked: &Asked) -> bool {
    let basic = format!("Basic {}", base64(format!("{USER}:{TOKEN}").as_bytes()));
    asked.authorization == basic || asked.authorization == format!("Bearer {TOKEN}")
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) as usize & 63;
            text.push(if place <= chunk.len() {
                char::from(DIGITS[digit])
            } else {
                '='
            });
        }
    }
    text
}

fn server_info(jira: &Jira) -> Answer {
    let (kind, version, numbers) = match jira.cloud {
        true => ("Cloud", "1001.0.0-SNAPSHOT", [1001, 0, 0]),
        false => ("Server", "10.3.2", [10, 3, 2]),
    };
    ok(
        &json!({"baseUrl": "https://jira.example.com", "version": version, "versionNumbers": numbers,
        "deploymentType": kind, "serverTitle": "Jira"}),
    )
}

fn search(jira: &mut Jira, asked: &Asked, path: &str, logged_in: bool) -> Answer {
    jira.searches += 1;
    if let Some((_, work)) = jira.before_search.take_if(|(at, _)| *at == jira.searches) {
        work(jira);
    }
    let text = asked.text("jql").unwrap_or_default();
    let millis = !jira
        .faults
        .iter()
        .any(|(fault, _)| *fault == Fault::NoMillis);
    let (zone, now) = (jira.zone.clone(), jira.time());
    let reading = Reading {
        zone: &zone,
        now,
        millis,
        user: "Test Er",
    };
    let query = match Query::parse(&text, &reading) {
        Ok(query) => query,
        Err(reason) => return refuse(400, &reason),
    };
    if jira.cloud && !query.is_bounded() {
        return refuse(
            400,
            "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.",
        );
    }
    if !asked.body["validateQuery"].is_null() && jira.cloud {
        return refuse(400, "Invalid request payload.");
    }
    let visible = jira.issues.visible().filter(|_| logged_in);
    let mut found: Vec<&Issue> = visible
        .filter(|issue| query.finds(issue, &reading))
        .collect();
    if path == "search/approximate-count" {
        return ok(&json!({"count": found.len()}));
    }
    found.sort_by(|a, b| query.compare(a, b));
    let fields = asked.list("fields");
    let fields = if jira.cloud {
        fields
    } else {
        all_if_none(fields)
    };
    let only_ids = fields.iter().all(|f| f == "id" || f == "key");
    let form = asked.form(fields);
    let most = if only_ids && jira.cloud {
        5_000
    } else {
        jira.most
    };
    let wanted = asked.number("maxResults").unwrap_or(50).min(most);
    if path == "search" {
        let start = asked.number("startAt").unwrap_or(0);
        let page: Vec<Value> = found
            .iter()
            .skip(start)
            .take(wanted)
            .map(|issue| in_answer(issue, &form, true))
            .collect();
        return ok(
            &json!({"startAt": start, "maxResults": wanted, "total": found.len(), "issues": page}),
        );
    }
    let token = asked.text("nextPageToken");
    let (pages, start) = match &token {
        None => (0, 0),
        Some(token) => match place(token, &query, &found) {
            Some(place) => place,
            None => return refuse(400, "The provided next page token is invalid or expired."),
        },
    };
    let ahead = found.iter().skip(start).take(wanted);
    let ahead: Vec<(String, Value)> = ahead
        .map(|issue| {
            let after = match query.by_change() {
                true => format!("c.{}.{}.{}", pages + 1, issue.updated, issue.key),
                false => String::new(),
            };
            (after, in_answer(issue, &form, true))
        })
        .collect();
    let all = found.len();
    by_token(jira, ahead, pages, start, all)
}

/// A page of Cloud, of issues each with the token of what comes after it.
fn by_token(
    jira: &mut Jira,
    mut ahead: Vec<(String, Value)>,
    pages: usize,
    start: usize,
    all: usize,
) -> Answer {
    let empty = (pages.is_multiple_of(2) && jira.takes(Fault::EmptyPages))
        || jira.takes(Fault::EndlessEmpty);
    if empty {
        ahead.clear();
    } else if jira.takes(Fault::ShortPages) {
        ahead.truncate(ahead.len().div_ceil(3));
    }
    let end = start + ahead.len();
    let last = end >= all && !empty;
    let by_number = format!("n.{}.{end}.", pages + 1);
    let (tokens, page): (Vec<String>, Vec<Value>) = ahead.into_iter().unzip();
    let next = tokens.last().filter(|token| !token.is_empty());
    let next = match jira.takes(Fault::RepeatedToken) {
        true => "n.1.0.".to_owned(),
        false => next.cloned().unwrap_or(by_number),
    };
    let mut body = json!({"issues": page});
    if !jira.takes(Fault::NoIsLast) {
        body["isLast"] = json!(last);
    }
    if !last || jira.takes(Fault::TokenOnLast) || jira.takes(Fault::RepeatedToken) {
        body["nextPageToken"] = json!(next);
    } else if jira.takes(Fault::NullToken) {
        body["nextPageToken"] = Value::Null;
    }
    ok(&body)
}

/// Pages before, and where the page after a token begins.
fn place(token: &str, query: &Query, found: &[&Issue]) -> Option<(usize, usize)> {
    let mut parts = token.splitn(4, '.');
    let kind = parts.next()?;
    let pages = parts.next()?.parse().ok()?;
    let third = parts.next()?;
    if kind == "n" {
        return Some((pages, third.parse().ok()?));
    }
    let last = Issue::mark(parts.next()?, third.parse().ok()?);
    let before = |issue: &&Issue| query.compare(issue, &last).is_le();
    Some((pages, found.partition_point(before)))
}

fn bulk(jira: &Jira, asked: &Asked) -> Answer {
    let names = asked.list("issueIdsOrKeys");
    if names.len() > 1_000 {
        return refuse(400, "Too many issues.");
    }
    let form = asked.form(asked.list("fields"));
    let mut found: Vec<&Issue> = names
        .iter()
        .filter_map(|name| jira.issues.find(name))
        .collect();
    found.sort_by_key(|issue| issue.id);
    found.dedup_by_key(|issue| issue.id);
    let issues: Vec<Value> = found
        .iter()
        .map(|issue| in_answer(issue, &form, false))
        .collect();
    ok(&json!({"issues": issues, "issueErrors": []}))
}
