//! Walking through the pages of a search.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{JiraClient, JiraKind};
use crate::error::JiraFault;
use crate::{Error, Result};

/// Pages without an issue, one after the other, that are believed to lead somewhere.
const MOST_EMPTY: u32 = 100;
/// Pages of one search; at the smallest useful page this is ten million issues.
const MOST_PAGES: u32 = 1_000_000;

/// Issues as Jira gives them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Objects with `id`, `key` and `fields`.
    pub issues: Vec<Value>,
}

/// The pages of a search, asked for one at a time; ends after the first error.
///
/// On Cloud a short or empty page is not the last one, and a token that comes again is an error.
/// On Data Center, where pages are counted, each begins with the last issue of the one before: what
/// is changed meanwhile moves others forward, and none may fall between two pages.
pub struct Pages {
    client: JiraClient,
    kind: JiraKind,
    body: Value,
    place: PagePosition,
}

enum PagePosition {
    Token { seen: HashSet<String>, empty: u32 },
    Start { at: u64, seen: HashSet<String> },
    End,
}

impl Pages {
    pub(super) fn new(
        client: &JiraClient,
        kind: JiraKind,
        jql: &super::Jql,
        fields: &[&str],
        page_size: u32,
    ) -> Self {
        let seen = HashSet::new();
        Pages {
            client: client.clone(),
            kind,
            // Pages that overlap by one need two.
            body: json!({"jql": jql.to_string(), "fields": fields, "maxResults": page_size.max(2)}),
            place: match kind {
                JiraKind::Cloud => PagePosition::Token { seen, empty: 0 },
                JiraKind::DataCenter => PagePosition::Start { at: 0, seen },
            },
        }
    }

    fn bad(&self, reason: &str) -> Error {
        let answers = &self.client.inner.answers;
        answers.error(JiraFault::BadAnswer, reason)
    }

    fn ask(&mut self) -> Result<Page> {
        let (page, place) = match std::mem::replace(&mut self.place, PagePosition::End) {
            PagePosition::Token { seen, empty } => self.by_token(seen, empty)?,
            PagePosition::Start { at, seen } => self.by_number(at, seen)?,
            PagePosition::End => return Ok(Page::default()),
        };
        self.place = place;
        if matches!(self.place, PagePosition::End) {
            // Credentials that have expired meanwhile find less or nothing, with status 200.
            self.client.myself()?;
        }
        Ok(page)
    }

    fn by_token(&mut self, mut seen: HashSet<String>, empty: u32) -> Result<(Page, PagePosition)> {
        let mut answer = self.client.post("/rest/api/3/search/jql", &self.body)?;
        let page = self.page(&mut answer)?;
        let token = answer["nextPageToken"]
            .as_str()
            .filter(|token| !token.is_empty());
        let token = token.filter(|_| answer["isLast"] != Value::Bool(true));
        let Some(token) = token else {
            return Ok((page, PagePosition::End));
        };
        let empty = if page.issues.is_empty() { empty + 1 } else { 0 };
        if !seen.insert(token.to_owned()) {
            return Err(self.bad("the token of the next page came twice"));
        }
        if empty > MOST_EMPTY || seen.len() as u32 > MOST_PAGES {
            return Err(self.bad("page after page, and no end"));
        }
        self.body["nextPageToken"] = Value::from(token);
        Ok((page, PagePosition::Token { seen, empty }))
    }

    fn by_number(
        &mut self,
        mut at: u64,
        mut seen: HashSet<String>,
    ) -> Result<(Page, PagePosition)> {
        loop {
            self.body["startAt"] = Value::from(at);
            let mut answer = self.client.post("/rest/api/2/search", &self.body)?;
            let mut page = self.page(&mut answer)?;
            let total = answer["total"].as_u64();
            let total = total.ok_or_else(|| self.bad("a page without a total"))?;
            let first = page.issues.first().and_then(id_of);
            if at > 0 && first.is_none_or(|id| !seen.contains(id)) {
                // What was read has moved to the end and others forward: go back until they meet.
                at = at.saturating_sub(self.body["maxResults"].as_u64().unwrap_or(1));
                continue;
            }
            let end = at + page.issues.len() as u64;
            // A page of one that is known already would be asked for again and again.
            let moved = page.issues.len() > 1 || at == 0;
            page.issues.retain(|issue| match id_of(issue) {
                Some(id) => seen.insert(id.to_owned()),
                None => true,
            });
            let place = match end < total && moved && end > 0 {
                true => PagePosition::Start { at: end - 1, seen },
                false if end < total => return Err(self.bad("pages too small to go on")),
                false => PagePosition::End,
            };
            return Ok((page, place));
        }
    }

    fn page(&self, answer: &mut Value) -> Result<Page> {
        match answer["issues"].take() {
            Value::Array(issues) => Ok(Page { issues }),
            _ => Err(self.bad("a page without issues")),
        }
    }

    /// Cloud or Data Center.
    pub fn kind(&self) -> JiraKind {
        self.kind
    }
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.place {
            PagePosition::End => None,
            _ => Some(self.ask()),
        }
    }
}

fn id_of(issue: &Value) -> Option<&str> {
    issue["id"].as_str().or_else(|| issue["key"].as_str())
}
