//! Tickets through an MCP server that speaks Jira: a synchronous client.
//!
//! Two families of servers are known, and told apart by the tools that they list:
//! `mcp-atlassian` (`jira_search`, `jira_get_issue`) and Atlassian's own
//! (`searchJiraIssuesUsingJql`, `getJiraIssue`). Both generations of the protocol are spoken:
//! 2026-07-28, where every request says its version, and the handshake up to 2025-11-25.
//!
//! A server is a process that [`JiraMcp::start`] starts, or is reached over HTTP by
//! [`JiraMcp::connect_with_transport`] and, with the feature `network`, `JiraMcp::connect`.
//!
//! This is for single tickets and short lists. Atlassian's server is known to cut lists; a result
//! that says there is more but gives no way to get it is an error here, never a short list.
//!
//! A server that is silent, talks without end, writes what is no JSON or dies ends in an error
//! within the time-out, and its process is ended and reaped when [`JiraMcp`] goes.
//!
//! # How it is built
//!
//! JSON-RPC over lines is small, and the official Rust library of the protocol needs an async
//! runtime; so this is written here, over `serde_json`.
//!
//! | file | what it knows |
//! |---|---|
//! | `transport` | the trait `McpTransport`: a message out, a message in, by a deadline; and how that fails |
//! | `process` | a child process: a thread reads its lines, one writes, one reads its standard error, so no full pipe can block another. Few lines may wait, and the length of a line is bounded |
//! | `last_words` | the end of that standard error, in whole lines: a part of a line could be a part of a credential |
//! | `http` | a request for each message, in a thread of its own. `exchange` is one request and its answer, `events` reads streams, `headers` are the headers of the newer generation, `endpoint` is address and credentials |
//! | `session` | generations, ids, answers to the server's own requests, calls of tools. A failure ends the transport; a time-out, or a message that is not answered over HTTP, does not. A server that has forgotten the session is greeted again, once for a request |
//! | `family` | which tools there are, and their arguments; optional ones only where the tool's schema names them |
//! | `pages` | the ways in which servers say that there is more |
//! | `issue` | the simpler form of `mcp-atlassian` as Jira's own, which `jira::ticket_from_json` reads |
//! | `secrets` | which of a server's words an error may repeat |
//!
//! - `server/discover` asks for the generation first, for at most half of the time to start. An
//!   error that only the newer generation knows is an answer; any other error, or silence, leads to
//!   the handshake on the same transport.
//! - `http` takes the session's id, the version and the tools' schemas from the messages that pass.
//!   It leaves a stream as soon as the answer has come. A stream that breaks off is taken up by its
//!   last event's id, where there is a session. When nobody listens any more, the stream is closed,
//!   which the newer generation takes for a cancellation.
//! - A process is ended by closing its input, then by a signal to its process group, then by
//!   killing the group, half a second each; it is always reaped. Its threads end with its pipes.
//! - A page that says there is more (a total, `isLast`, `hasNextPage`, `remainingCount`) and gives
//!   no cursor is `MCP_INCOMPLETE`, as is a full page of unknown total from a tool that has no
//!   cursors.

mod family;
mod http;
mod issue;
mod last_words;
mod pages;
mod process;
mod secrets;
mod session;
mod transport;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::domain::{Skipped, TicketKey};
use crate::http::{Control, Transport, after};
use crate::jira::ReadTicket;
use crate::{Error, Result};

use family::Family;
use pages::{Collected, ToolPage};
use session::McpSession;

pub use http::McpEndpoint;
pub use process::McpServer;
pub use session::McpGeneration;
pub use transport::{McpFault, McpTransport};

/// How an MCP server is spoken to.
///
/// ```
/// use std::time::Duration;
/// use atlas_core::jira::mcp::McpOptions;
/// let options = McpOptions { timeout: Duration::from_secs(10), ..McpOptions::default() };
/// assert_eq!(options.start_timeout, Duration::from_secs(30));
/// ```
#[derive(Debug, Clone)]
pub struct McpOptions {
    /// How long the server may take until it has shaken hands and listed its tools; 30 seconds.
    pub start_timeout: Duration,
    /// How long one call of a tool may take; 60 seconds.
    pub timeout: Duration,
    /// The longest message that is read, in bytes; over HTTP all that answers one request; 16 MiB.
    pub most_bytes: usize,
    /// Which generation of the protocol to speak.
    pub generation: McpGeneration,
    /// The site for Atlassian's server: its cloud id or its URL. Without it the server is asked,
    /// and there has to be one site alone.
    pub site: Option<String>,
    /// Stops what is under way from another thread; it ends with `CANCELLED`.
    pub control: Control,
}

impl Default for McpOptions {
    fn default() -> Self {
        McpOptions {
            start_timeout: Duration::from_secs(30),
            timeout: Duration::from_secs(60),
            most_bytes: 16 << 20,
            generation: McpGeneration::Auto,
            site: None,
            control: Control::default(),
        }
    }
}

/// A tool that the server lists.
#[derive(Debug, Clone, PartialEq)]
pub struct McpTool {
    /// Its name.
    pub name: String,
    /// The JSON schema of its arguments.
    pub input: Value,
}

impl McpTool {
    /// Whether it takes this argument.
    fn takes(&self, argument: &str) -> bool {
        self.input["properties"].get(argument).is_some()
    }
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct McpSearch {
    /// Tickets that were handed over.
    pub tickets: u64,
    /// Issues that could not be read: their place in the list, from 1, and why.
    pub skipped: Vec<Skipped>,
}

/// An MCP server that speaks Jira.
///
/// ```no_run
/// use std::ops::ControlFlow;
/// use atlas_core::jira::mcp::{JiraMcp, McpOptions, McpServer};
/// let server = McpServer::new("uvx")
///     .arg("mcp-atlassian")
///     .env("JIRA_URL", "https://example.atlassian.net")
///     .env("JIRA_USERNAME", "me@example.com")
///     .env("JIRA_API_TOKEN", std::env::var("JIRA_API_KEY").unwrap_or_default());
/// let mut jira = JiraMcp::start(&server, &McpOptions::default())?;
/// let mut tickets = Vec::new();
/// jira.search("assignee = currentUser() ORDER BY updated DESC", &mut |ticket| {
///     tickets.push(ticket);
///     ControlFlow::Continue(())
/// })?;
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub struct JiraMcp {
    session: McpSession,
    tools: Vec<McpTool>,
    family: Family,
    timeout: Duration,
    site: Option<String>,
}

impl JiraMcp {
    /// Starts a server as a process of its own and shakes hands over its standard input and
    /// output.
    ///
    /// # Errors
    /// `MCP_FAILED` when it cannot be started, ends, or has no tools for Jira; `MCP_TIMEOUT` when
    /// it does not answer in time; `CANCELLED`.
    pub fn start(server: &McpServer, options: &McpOptions) -> Result<Self> {
        let transport = process::Process::start(server, options.most_bytes)?;
        let secrets = secrets::Secrets::of_server(server);
        Self::begin(Box::new(transport), server.name(), secrets, options)
    }

    /// Shakes hands with a server over HTTP, on the built-in transport and with the system's
    /// certificates.
    ///
    /// ```no_run
    /// use atlas_core::http::Secret;
    /// use atlas_core::jira::Credentials;
    /// use atlas_core::jira::mcp::{JiraMcp, McpEndpoint, McpOptions};
    /// let token = Secret::new(std::env::var("JIRA_API_KEY").unwrap_or_default());
    /// let endpoint = McpEndpoint::new("https://mcp.atlassian.com/v1/mcp")?
    ///     .credentials(Credentials::Bearer(token));
    /// let mut jira = JiraMcp::connect(&endpoint, &McpOptions::default())?;
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `MCP_FAILED` when it cannot be reached, does not accept the credentials, or has no tools
    /// for Jira; `MCP_TIMEOUT` when it does not answer in time; `CANCELLED`.
    #[cfg(feature = "network")]
    pub fn connect(endpoint: &McpEndpoint, options: &McpOptions) -> Result<Self> {
        Self::connect_on_network(endpoint, &crate::http::NetworkSettings::default(), options)
    }

    /// The same with a company's own certificates.
    ///
    /// # Errors
    /// As [`connect`](Self::connect); `INVALID_VALUE`, `FILE_FAILED` for the certificates.
    #[cfg(feature = "network")]
    pub fn connect_on_network(
        endpoint: &McpEndpoint,
        network: &crate::http::NetworkSettings,
        options: &McpOptions,
    ) -> Result<Self> {
        let transport = crate::http::NetworkTransport::new(network)?;
        Self::connect_with_transport(endpoint, Arc::new(transport), options)
    }

    /// The same on a transport of the host's. One that only reads whole answers cannot speak with
    /// servers that leave their streams open; see [`Transport::open`].
    ///
    /// # Errors
    /// As the other ways to connect.
    pub fn connect_with_transport(
        endpoint: &McpEndpoint,
        transport: Arc<dyn Transport>,
        options: &McpOptions,
    ) -> Result<Self> {
        let http = http::Http::new(transport, endpoint.clone(), options.most_bytes);
        let secrets = secrets::Secrets::new(endpoint.secrets());
        Self::begin(Box::new(http), endpoint.name(), secrets, options)
    }

    /// Shakes hands over a transport of the host's; `name` is what errors call the server.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn over(
        transport: Box<dyn McpTransport>,
        name: &str,
        options: &McpOptions,
    ) -> Result<Self> {
        let secrets = secrets::Secrets::default();
        Self::begin(transport, name.to_owned(), secrets, options)
    }

    fn begin(
        transport: Box<dyn McpTransport>,
        name: String,
        secrets: secrets::Secrets,
        options: &McpOptions,
    ) -> Result<Self> {
        let mut session = McpSession::new(transport, name, secrets, options.control.clone());
        let deadline = after(options.start_timeout);
        session.shake_hands(options.generation, deadline)?;
        let tools = session.list_tools(deadline)?;
        let family = Family::of(&tools).ok_or_else(|| {
            let count = tools.len();
            session.failed(format!("none of its {count} tools reads Jira's issues"))
        })?;
        Ok(JiraMcp {
            session,
            tools,
            family,
            timeout: options.timeout,
            site: options.site.clone(),
        })
    }

    /// The version of the protocol that is spoken, such as `2025-11-25`.
    pub fn protocol_version(&self) -> &str {
        self.session.version()
    }

    /// The tools that the server lists.
    pub fn tools(&self) -> &[McpTool] {
        &self.tools
    }

    /// Calls a tool and gives what it answered: its structured content, else the JSON in its
    /// first text.
    ///
    /// # Errors
    /// `MCP_TOOL_FAILED` when the tool says so, `MCP_FAILED`, `MCP_TIMEOUT`, `CANCELLED`.
    pub fn call(&mut self, tool: &str, arguments: Value) -> Result<Value> {
        self.session.call(tool, arguments, self.timeout)
    }

    /// One issue as a ticket, with which of its fields the server named; see
    /// [`Tickets::add_read`](crate::Tickets::add_read).
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub fn issue(&mut self, key: &TicketKey) -> Result<ReadTicket> {
        let tool = self.tool(self.family.get())?;
        let site = self.site()?;
        let arguments = self.family.get_arguments(&tool, key, site.as_deref());
        let answer = self.call(&tool.name, arguments)?;
        issue::ticket(&answer).map_err(|reason| self.session.failed(reason))
    }

    /// The tickets that a JQL query finds, each handed over once in the server's order;
    /// `Break` ends the search.
    ///
    /// # Errors
    /// `MCP_INCOMPLETE` when there is more than the server gives; what came before it was handed
    /// over. Otherwise as [`call`](Self::call).
    pub fn search(
        &mut self,
        jql: &str,
        each: &mut dyn FnMut(ReadTicket) -> ControlFlow<()>,
    ) -> Result<McpSearch> {
        let tool = self.tool(self.family.search())?;
        let site = self.site()?;
        let mut collected = Collected::default();
        let mut found = McpSearch::default();
        loop {
            let place = collected.place();
            let arguments = self
                .family
                .search_arguments(&tool, jql, place, site.as_deref());
            let answer = self.call(&tool.name, arguments)?;
            let page = ToolPage::read(&answer).map_err(|reason| self.session.failed(reason))?;
            for (line, issue) in collected.new_issues(&page) {
                match issue::ticket(issue) {
                    Ok(ticket) => {
                        found.tickets += 1;
                        if each(ticket).is_break() {
                            return Ok(found);
                        }
                    }
                    Err(reason) => found.skipped.push(Skipped { line, reason }),
                }
            }
            match collected.go_on(&page, &tool) {
                Ok(true) => {}
                Ok(false) => return Ok(found),
                Err(reason) => {
                    return Err(Error::McpIncomplete {
                        server: self.session.name().to_owned(),
                        received: collected.received(),
                        reason,
                    });
                }
            }
        }
    }

    fn tool(&self, name: &str) -> Result<McpTool> {
        let tool = self.tools.iter().find(|tool| tool.name == name).cloned();
        tool.ok_or_else(|| self.session.failed(format!("it has no tool {name:?}")))
    }

    /// The site, where the server wants one.
    fn site(&mut self) -> Result<Option<String>> {
        if self.site.is_none() && self.family == Family::Atlassian {
            let answer = self.call(family::SITES, serde_json::json!({}))?;
            let site = family::only_site(&answer).ok_or_else(|| {
                Error::invalid(
                    "site",
                    "",
                    "the cloud id or URL of one of the account's sites",
                )
            })?;
            self.site = Some(site);
        }
        Ok(self.site.clone())
    }
}

impl std::fmt::Debug for JiraMcp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JiraMcp")
            .field("server", &self.session.name())
            .field("version", &self.session.version())
            .finish_non_exhaustive()
    }
}
