//! The live Jira: Cloud and Data Center, read only.

mod answer;
mod pages;
mod settings;

use std::sync::{Arc, OnceLock};

use serde_json::{Value, json};

use super::issue::ticket_from_json;
use super::jql::Jql;
use crate::domain::{Ticket, TicketKey};
use crate::error::JiraFault;
use crate::http::{Address, Caller, Clock, Control, Method, Request, Secret, Transport};
use crate::{Error, Result};

use answer::AnswerReader;
pub use pages::{Page, Pages};
pub use settings::{Credentials, JiraKind, JiraSettings};

/// The fields of an issue that a [`Ticket`] is made of. Comments are many and are left out.
pub const FIELDS: [&str; 15] = [
    "summary",
    "description",
    "status",
    "issuetype",
    "priority",
    "labels",
    "components",
    "assignee",
    "reporter",
    "created",
    "updated",
    "resolution",
    "resolutiondate",
    "parent",
    "issuelinks",
];

/// Issues that Cloud gives at once when they are named.
const BULK: usize = 1_000;

/// Whom the credentials belong to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Account {
    /// Display name, or what else names the person.
    pub name: String,
    /// The zone in which Jira reads dates in this account's JQL, such as `America/Los_Angeles`.
    pub time_zone: Option<String>,
}

/// Asks a Jira. Synchronous, read only; clones share connections and what was found out.
///
/// Before the first search it asks who the credentials belong to, because Jira answers bad ones
/// with what anybody may see. Every failure is an [`Error`] with a code that begins with `JIRA_`,
/// or `CANCELLED` after [`Control::cancel`].
///
/// ```no_run
/// use atlas_core::jira::{JiraClient, JiraSettings};
/// let jira = JiraClient::new(JiraSettings::from_env()?)?;
/// for ticket in jira.assigned("currentUser()", Some("To Do"))? {
///     println!("{} {}", ticket.key, ticket.summary);
/// }
/// # Ok::<(), atlas_core::Error>(())
/// ```
#[derive(Clone)]
pub struct JiraClient {
    inner: Arc<ClientState>,
    control: Control,
}

struct ClientState {
    settings: JiraSettings,
    authorization: Secret,
    caller: Caller,
    answers: AnswerReader,
    kind: OnceLock<JiraKind>,
    account: OnceLock<Account>,
}

impl std::fmt::Debug for JiraClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("JiraClient")
            .field(&self.inner.settings)
            .finish()
    }
}

impl JiraClient {
    /// A client on the built-in transport, with the system's certificates.
    ///
    /// # Errors
    /// `INVALID_VALUE`.
    #[cfg(feature = "network")]
    pub fn new(settings: JiraSettings) -> Result<Self> {
        Self::on_network(settings, &crate::http::NetworkSettings::default())
    }

    /// The same with a company's own certificates.
    ///
    /// # Errors
    /// `INVALID_VALUE`, `FILE_FAILED`.
    #[cfg(feature = "network")]
    pub fn on_network(
        settings: JiraSettings,
        network: &crate::http::NetworkSettings,
    ) -> Result<Self> {
        let transport = crate::http::NetworkTransport::new(network)?;
        Self::with_transport(
            settings,
            Arc::new(transport),
            Arc::new(crate::http::SystemClock),
        )
    }

    /// A client on another transport and clock.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a page size out of range.
    pub fn with_transport(
        settings: JiraSettings,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        if !(1..=5_000).contains(&settings.page_size) {
            return Err(Error::invalid("page_size", settings.page_size, "1 to 5000"));
        }
        let kind = settings.kind.or_else(|| kind_by_host(&settings.api_base));
        let inner = ClientState {
            authorization: settings.credentials.header(),
            caller: Caller::new(transport, clock, settings.retry.clone()),
            answers: AnswerReader {
                host: settings.api_base.host().to_owned(),
                credentials: settings.credentials.clone(),
            },
            kind: kind.map_or_else(OnceLock::new, OnceLock::from),
            account: OnceLock::new(),
            settings,
        };
        Ok(JiraClient {
            inner: Arc::new(inner),
            control: Control::default(),
        })
    }

    /// The same client under a control, with which another thread can stop it.
    pub fn controlled_by(&self, control: &Control) -> Self {
        JiraClient {
            inner: self.inner.clone(),
            control: control.clone(),
        }
    }

    /// The control that it is under.
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Its settings.
    pub fn settings(&self) -> &JiraSettings {
        &self.inner.settings
    }

    /// The clock that it waits by.
    pub fn clock(&self) -> &dyn Clock {
        self.inner.caller.clock()
    }

    /// Cloud or Data Center: as set, else as the server says.
    ///
    /// # Errors
    /// `JIRA_…`, `CANCELLED`.
    pub fn kind(&self) -> Result<JiraKind> {
        if let Some(kind) = self.inner.kind.get() {
            return Ok(*kind);
        }
        let info = self.get("/rest/api/2/serverInfo")?;
        let kind = match info["deploymentType"].as_str() {
            Some("Cloud") => JiraKind::Cloud,
            // Servers before 2016 do not say.
            Some(_) | None if info["version"].is_string() => JiraKind::DataCenter,
            _ => {
                let reason = "serverInfo names no version";
                return Err(self.inner.answers.error(JiraFault::BadAnswer, reason));
            }
        };
        Ok(*self.inner.kind.get_or_init(|| kind))
    }

    /// Whom the credentials belong to; asked anew each time.
    ///
    /// # Errors
    /// `JIRA_UNAUTHORIZED` for credentials that belong to nobody; `JIRA_…`, `CANCELLED`.
    pub fn myself(&self) -> Result<Account> {
        let me = self.get(&format!("/rest/api/{}/myself", self.version()?))?;
        let text = |name: &str| me[name].as_str().map(str::to_owned);
        let names = ["displayName", "emailAddress", "name", "accountId", "key"];
        let Some(name) = names.iter().find_map(|name| text(name)) else {
            let reason = "it does not say whose they are";
            return Err(self.inner.answers.error(JiraFault::Unauthorized, reason));
        };
        let time_zone = text("timeZone");
        Ok(Account { name, time_zone })
    }

    /// About how many issues a query finds: exact on Data Center, an estimate on Cloud.
    ///
    /// # Errors
    /// `JIRA_…`, `CANCELLED`.
    pub fn count(&self, jql: &Jql) -> Result<u64> {
        self.log_in()?;
        let jql = jql.to_string();
        let count = match self.kind()? {
            JiraKind::Cloud => {
                let path = "/rest/api/3/search/approximate-count";
                self.post(path, &json!({"jql": jql}))?["count"].as_u64()
            }
            JiraKind::DataCenter => {
                let body = json!({"jql": jql, "startAt": 0, "maxResults": 0, "fields": ["id"]});
                self.post("/rest/api/2/search", &body)?["total"].as_u64()
            }
        };
        count.ok_or_else(|| {
            let reason = "a count without a number";
            self.inner.answers.error(JiraFault::BadAnswer, reason)
        })
    }

    /// The issues that a query finds, page by page, with the fields that are named.
    ///
    /// # Errors
    /// As [`myself`](Self::myself); what goes wrong later comes with the pages.
    pub fn search(&self, jql: &Jql, fields: &[&str], page_size: u32) -> Result<Pages> {
        self.log_in()?;
        Ok(Pages::new(self, self.kind()?, jql, fields, page_size))
    }

    /// A person's issues, in one status or in all, most urgent first. `currentUser()` is whom the
    /// credentials belong to.
    ///
    /// # Errors
    /// `JIRA_…`, `CANCELLED`; `JIRA_BAD_ANSWER` for an issue that cannot be read.
    pub fn assigned(&self, assignee: &str, status: Option<&str>) -> Result<Vec<Ticket>> {
        let jql = Jql::assigned(assignee, status);
        let mut tickets = Vec::new();
        for page in self.search(&jql, &FIELDS, self.settings().page_size)? {
            for issue in &page?.issues {
                tickets.push(self.ticket_of(issue)?);
            }
        }
        Ok(tickets)
    }

    /// One issue, by its key, a former key, or its id, such as `10042`.
    ///
    /// # Errors
    /// `JIRA_NOT_FOUND` where there is none or the account does not see it; `JIRA_…`,
    /// `INVALID_TICKET_KEY` for what is neither a key nor an id, `CANCELLED`.
    pub fn issue(&self, id_or_key: &str) -> Result<Ticket> {
        let id_or_key = id_or_key.trim();
        let issue = match is_id(id_or_key) {
            true => self.issue_json(id_or_key)?,
            false => self.issue_json(TicketKey::parse(id_or_key)?.as_str())?,
        };
        self.ticket_of(&issue)
    }

    /// The issues with these ids as they are now; those that are deleted, or that the account does
    /// not see any more, are left out.
    ///
    /// # Errors
    /// `JIRA_…`, `CANCELLED`.
    pub fn by_ids(&self, ids: &[String]) -> Result<Vec<Value>> {
        self.log_in()?;
        let mut found = Vec::new();
        if self.kind()? == JiraKind::DataCenter {
            // A list of ids with one that is not there is an error as a whole.
            for id in ids.iter().filter(|id| is_id(id)) {
                match self.issue_json(id) {
                    Ok(issue) => found.push(issue),
                    Err(error) if is_not_found(&error) => {}
                    Err(error) => return Err(error),
                }
            }
            return Ok(found);
        }
        for some in ids.chunks(BULK) {
            let body = json!({"issueIdsOrKeys": some, "fields": FIELDS});
            let mut answer = self.post("/rest/api/3/issue/bulkfetch", &body)?;
            match answer["issues"].take() {
                Value::Array(issues) => found.extend(issues),
                _ => {
                    let reason = "bulkfetch without issues";
                    return Err(self.inner.answers.error(JiraFault::BadAnswer, reason));
                }
            }
        }
        Ok(found)
    }

    /// Makes sure once that the credentials are somebody's.
    fn log_in(&self) -> Result<()> {
        if self.inner.account.get().is_none() {
            let account = self.myself()?;
            self.inner.account.get_or_init(|| account);
        }
        Ok(())
    }

    fn issue_json(&self, id_or_key: &str) -> Result<Value> {
        let (version, fields) = (self.version()?, FIELDS.join(","));
        self.get(&format!(
            "/rest/api/{version}/issue/{id_or_key}?fields={fields}"
        ))
    }

    fn ticket_of(&self, issue: &Value) -> Result<Ticket> {
        let unreadable = |reason: String| self.inner.answers.error(JiraFault::BadAnswer, &reason);
        ticket_from_json(issue).map_err(unreadable)
    }

    fn version(&self) -> Result<u8> {
        Ok(match self.kind()? {
            JiraKind::Cloud => 3,
            JiraKind::DataCenter => 2,
        })
    }

    fn get(&self, path: &str) -> Result<Value> {
        self.send(Method::Get, path, Vec::new())
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.send(Method::Post, path, body.to_string().into_bytes())
    }

    fn send(&self, method: Method, path: &str, body: Vec<u8>) -> Result<Value> {
        let inner = &*self.inner;
        let mut headers = vec![("accept", "application/json".to_owned())];
        if method == Method::Post {
            headers.push(("content-type", "application/json".to_owned()));
        }
        let request = Request {
            method,
            url: inner.settings.api_base.join(path),
            authorization: Some(inner.authorization.clone()),
            headers,
            secret_headers: Vec::new(),
            body,
            timeout: inner.settings.timeout,
            most_bytes: inner.settings.most_bytes,
        };
        let answer = inner.caller.send(&request, &self.control);
        inner
            .answers
            .json(&answer.map_err(|failure| inner.answers.failure(failure))?)
    }
}

/// Atlassian's own hosts are Cloud; a scoped token may not be allowed to ask.
fn kind_by_host(address: &Address) -> Option<JiraKind> {
    let host = address.host();
    let cloud = host == "api.atlassian.com" || host.ends_with(".atlassian.net");
    cloud.then_some(JiraKind::Cloud)
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_not_found(error: &Error) -> bool {
    matches!(error, Error::Jira(jira) if jira.fault == JiraFault::NotFound)
}
