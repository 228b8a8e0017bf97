//! The one error type of ATLAS, with a stable code, a message for people and details for programs.

use std::collections::BTreeMap;
use std::path::PathBuf;

mod flow_nexus;
mod jira;
mod session;
mod words;

pub use flow_nexus::{FlowNexusError, FlowNexusFault};
pub use jira::{JiraError, JiraFault};
pub use session::SessionError;
pub use words::plain_words;

/// `Result` with the error of ATLAS.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a caller can do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input is wrong: correct it and call again.
    Invalid,
    /// What was named does not exist.
    NotFound,
    /// The state forbids it now (for example another session is open).
    Conflict,
    /// The database cannot be opened, read or written.
    Storage,
    /// A file cannot be read or written.
    File,
    /// The model cannot be loaded or does not fit.
    Model,
    /// A plugin failed.
    Plugin,
    /// A service elsewhere refuses or cannot be reached.
    Remote,
    /// The caller asked to stop.
    Cancelled,
}

/// Everything that can go wrong in ATLAS.
///
/// [`code`](Error::code) is stable across releases; the message may change.
///
/// ```
/// use atlas_core::domain::TicketKey;
/// let error = TicketKey::parse("not a key").unwrap_err();
/// assert_eq!(error.code(), "INVALID_TICKET_KEY");
/// assert_eq!(error.details()["ticket_key"], "not a key");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A ticket key that Jira could not have made.
    #[error("\"{key}\" is not a ticket key: a key is a project and a number, such as WRKA-1234")]
    InvalidTicketKey {
        /// What was given.
        key: String,
    },
    /// A value that is out of range or malformed.
    #[error("{field} cannot be \"{value}\": {expected}")]
    InvalidValue {
        /// The name of the field or option.
        field: &'static str,
        /// What was given, shortened.
        value: String,
        /// What would be right.
        expected: String,
    },
    /// No ticket has this key.
    #[error("ticket {key} is not in this database: import or sync it first")]
    TicketNotFound {
        /// The key asked for.
        key: String,
    },
    /// No ticket has this row id.
    #[error("no ticket has the row id {id} in this database")]
    TicketRowNotFound {
        /// The row id asked for.
        id: i64,
    },
    /// Nothing was predicted for this ticket yet.
    #[error("nothing is predicted for {key} yet: predict it first")]
    NothingPredicted {
        /// The ticket's key.
        key: String,
    },
    /// No pattern has this id or name.
    #[error("pattern {pattern} is not in this database")]
    PatternNotFound {
        /// The id, key or name asked for.
        pattern: String,
    },
    /// No stored prediction, or no scenario of one, has this id.
    #[error("{what} {id} is not in this database")]
    PredictionNotFound {
        /// `prediction` or `scenario`.
        what: &'static str,
        /// The id asked for.
        id: i64,
    },
    /// No feedback has this id; it may have been taken back.
    #[error("feedback {id} is not in this database; it may have been taken back already")]
    FeedbackNotFound {
        /// The id asked for.
        id: i64,
    },
    /// No import with this number can be taken back.
    #[error("import {id} cannot be taken back: {reason}")]
    ImportNotFound {
        /// The number asked for.
        id: i64,
        /// Why.
        reason: &'static str,
    },
    /// No version of what was learned has this number, or what it learned from was taken back.
    #[error(
        "model version {version} cannot serve: it is not there, or what it learned from was taken back"
    )]
    ModelVersionNotFound {
        /// The version asked for.
        version: i64,
    },
    /// A file whose content is not of a known format.
    #[error("{} is not a file that can be imported here: {expected}", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// What can be imported.
        expected: String,
    },
    /// Two plugins have the same name.
    #[error("two predictors are named \"{name}\": names must be unique")]
    DuplicatePredictor {
        /// The name.
        name: String,
    },
    /// The file exists and is not an SQLite database.
    #[error("{} is not an ATLAS database: it is not an SQLite file. It was left as it is", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The database was written by a newer ATLAS.
    #[error("{} was made by a newer ATLAS (schema {found}, this one knows {supported}): update ATLAS", path.display())]
    NewerDatabase {
        /// The file.
        path: PathBuf,
        /// The schema version in the file.
        found: u32,
        /// The newest schema version known here.
        supported: u32,
    },
    /// The database has an earlier schema and lies where it cannot be upgraded.
    #[error("{} was made by an earlier ATLAS (schema {found}, this one needs {needed}) and cannot be upgraded where it is only read: open it, or a copy of it, once where it can be written", path.display())]
    OlderDatabase {
        /// The file.
        path: PathBuf,
        /// The schema version in the file; 0 for an empty one and for the specification's tables.
        found: u32,
        /// The schema version that this ATLAS reads.
        needed: u32,
    },
    /// The files of an open database are not the ones that were opened any more.
    #[error("{} was taken away while it was open: {reason}. Nothing more is stored here; what the last call changed may be lost. Close the database and open it again", path.display())]
    DatabaseReplaced {
        /// The file.
        path: PathBuf,
        /// What happened.
        reason: String,
    },
    /// The database or its folder cannot be written.
    #[error("{} cannot be written: {reason}", path.display())]
    ReadOnlyDatabase {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// An import of a whole database needs one that holds nothing yet.
    #[error("this database is not empty ({rows} rows in {table}): import into a new file")]
    DatabaseNotEmpty {
        /// The first table that holds something.
        table: String,
        /// How many rows it has.
        rows: u64,
    },
    /// Another process holds the database for longer than the time-out.
    #[error("the database is in use by another process; try again in a moment")]
    DatabaseBusy,
    /// The database is damaged.
    #[error("the database is damaged: {reason}. It was left as it is; restore a backup")]
    CorruptDatabase {
        /// What the check found.
        reason: String,
    },
    /// Any other failure of the database.
    #[error("the database failed: {0}")]
    Database(#[source] rusqlite::Error),
    /// A file cannot be read or written; a database cannot either where the disk is full
    /// (`DISK_FULL`) or too many files are open (`TOO_MANY_FILES`).
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The system has no thread to work in.
    #[error("no thread can be started for {what}: {source}")]
    Thread {
        /// What it was to do.
        what: &'static str,
        /// What the system says.
        source: std::io::Error,
    },
    /// A model that cannot be used.
    #[error("the model {model} cannot be used: {reason}")]
    Model {
        /// The model's id or folder.
        model: String,
        /// Why.
        reason: String,
    },
    /// A plugin that failed, panicked or answered nonsense.
    #[error("predictor \"{name}\" failed: {reason}")]
    Predictor {
        /// The plugin's name.
        name: String,
        /// What it said.
        reason: String,
    },
    /// Jira could not be asked, or refused.
    #[error(transparent)]
    Jira(#[from] JiraError),
    /// The remote neural service has no prediction; a prediction goes on without it.
    #[error(transparent)]
    FlowNexus(#[from] FlowNexusError),
    /// A session cannot do what was asked.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A sync is under way already.
    #[error("a sync is under way already: wait until it has finished")]
    SyncRunning,
    /// An MCP server cannot be started, has ended, or says what cannot be understood.
    #[error("the MCP server {server} failed: {reason}")]
    Mcp {
        /// The name of the program or the host.
        server: String,
        /// What happened; without credentials.
        reason: String,
    },
    /// An MCP server did not answer in time.
    #[error("the MCP server {server} did not answer {method} within {seconds:.1} seconds")]
    McpTimeout {
        /// The name of the program or the host.
        server: String,
        /// What was asked.
        method: String,
        /// How long was waited.
        seconds: f32,
    },
    /// A tool of an MCP server says that it failed.
    #[error("{tool} of the MCP server {server} failed: {reason}")]
    McpTool {
        /// The name of the program or the host.
        server: String,
        /// The tool's name.
        tool: String,
        /// What it says; shortened and without credentials.
        reason: String,
    },
    /// An MCP server has more than it gives.
    #[error(
        "the MCP server {server} gave {received} issues and not the rest: {reason}. Narrow the query, or ask Jira itself"
    )]
    McpIncomplete {
        /// The name of the program or the host.
        server: String,
        /// Issues that it gave.
        received: u64,
        /// How it shows.
        reason: String,
    },
    /// What was to be learned from kept changing while it was learned from.
    #[error(
        "what was judged changed again and again while it was learned from: a plugin may not give \
         feedback when it is asked; train again later"
    )]
    TrainingUnsettled,
    /// A process that was forked from the one that opened the database.
    #[error(
        "the database was opened by process {opened_by}, and this process was forked from it: open \
         it again here"
    )]
    Forked {
        /// The process that opened it.
        opened_by: u32,
    },
    /// The caller's progress callback asked to stop.
    #[error("stopped on request; what was finished is stored")]
    Cancelled,
}

impl Error {
    /// A stable code in capitals, such as `TICKET_NOT_FOUND`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::InvalidTicketKey { .. } => "INVALID_TICKET_KEY",
            Error::InvalidValue { .. } => "INVALID_VALUE",
            Error::TicketNotFound { .. } | Error::TicketRowNotFound { .. } => "TICKET_NOT_FOUND",
            Error::PatternNotFound { .. } => "PATTERN_NOT_FOUND",
            Error::PredictionNotFound { .. } | Error::NothingPredicted { .. } => {
                "PREDICTION_NOT_FOUND"
            }
            Error::FeedbackNotFound { .. } => "FEEDBACK_NOT_FOUND",
            Error::ImportNotFound { .. } => "IMPORT_NOT_FOUND",
            Error::ModelVersionNotFound { .. } => "MODEL_VERSION_NOT_FOUND",
            Error::UnknownFormat { .. } => "UNKNOWN_FORMAT",
            Error::DuplicatePredictor { .. } => "DUPLICATE_PREDICTOR",
            Error::NotADatabase { .. } => "NOT_A_DATABASE",
            Error::NewerDatabase { .. } => "NEWER_DATABASE",
            Error::OlderDatabase { .. } => "OLDER_DATABASE",
            Error::DatabaseReplaced { .. } => "DATABASE_REPLACED",
            Error::ReadOnlyDatabase { .. } => "READ_ONLY_DATABASE",
            Error::DatabaseNotEmpty { .. } => "DATABASE_NOT_EMPTY",
            Error::DatabaseBusy => "DATABASE_BUSY",
            Error::CorruptDatabase { .. } => "CORRUPT_DATABASE",
            Error::Database(_) => "DATABASE_FAILED",
            Error::File { source, .. } => file_code(source),
            Error::Thread { .. } => "THREAD_FAILED",
            Error::Model { .. } => "MODEL_FAILED",
            Error::Predictor { .. } => "PREDICTION_FAILED",
            Error::Jira(jira) => jira.fault.code(),
            Error::FlowNexus(error) => error.fault.code(),
            Error::Session(session) => session.code(),
            Error::SyncRunning => "SYNC_RUNNING",
            Error::Mcp { .. } => "MCP_FAILED",
            Error::McpTimeout { .. } => "MCP_TIMEOUT",
            Error::McpTool { .. } => "MCP_TOOL_FAILED",
            Error::McpIncomplete { .. } => "MCP_INCOMPLETE",
            Error::TrainingUnsettled => "TRAINING_UNSETTLED",
            Error::Forked { .. } => "FORKED",
            Error::Cancelled => "CANCELLED",
        }
    }

    /// What a caller can do about it.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::InvalidTicketKey { .. }
            | Error::InvalidValue { .. }
            | Error::UnknownFormat { .. }
            | Error::DuplicatePredictor { .. } => ErrorKind::Invalid,
            Error::TicketNotFound { .. }
            | Error::TicketRowNotFound { .. }
            | Error::NothingPredicted { .. }
            | Error::PatternNotFound { .. }
            | Error::ModelVersionNotFound { .. }
            | Error::PredictionNotFound { .. }
            | Error::FeedbackNotFound { .. }
            | Error::ImportNotFound { .. } => ErrorKind::NotFound,
            Error::NotADatabase { .. }
            | Error::NewerDatabase { .. }
            | Error::OlderDatabase { .. }
            | Error::DatabaseReplaced { .. }
            | Error::ReadOnlyDatabase { .. }
            | Error::DatabaseBusy
            | Error::CorruptDatabase { .. }
            | Error::Database(_) => ErrorKind::Storage,
            Error::File { .. } => ErrorKind::File,
            Error::Model { .. } => ErrorKind::Model,
            Error::Predictor { .. } => ErrorKind::Plugin,
            Error::Session(SessionError::NotFound { .. }) => ErrorKind::NotFound,
            Error::Session(_)
            | Error::SyncRunning
            | Error::TrainingUnsettled
            | Error::Forked { .. }
            | Error::DatabaseNotEmpty { .. }
            | Error::Thread { .. } => ErrorKind::Conflict,
            Error::Jira(_)
            | Error::FlowNexus(_)
            | Error::Mcp { .. }
            | Error::McpTimeout { .. }
            | Error::McpTool { .. }
            | Error::McpIncomplete { .. } => ErrorKind::Remote,
            Error::Cancelled => ErrorKind::Cancelled,
        }
    }

    /// The values that the message names, for programs.
    pub fn details(&self) -> BTreeMap<&'static str, String> {
        let path = |p: &PathBuf| ("path", p.display().to_string());
        let pairs: Vec<(&'static str, String)> = match self {
            Error::InvalidTicketKey { key }
            | Error::TicketNotFound { key }
            | Error::NothingPredicted { key } => {
                vec![("ticket_key", key.clone())]
            }
            Error::TicketRowNotFound { id } => vec![("ticket_id", id.to_string())],
            Error::InvalidValue {
                field,
                value,
                expected,
            } => vec![
                ("field", (*field).to_owned()),
                ("value", value.clone()),
                ("expected", expected.clone()),
            ],
            Error::PatternNotFound { pattern } => vec![("pattern", pattern.clone())],
            Error::ModelVersionNotFound { version } => vec![("version", version.to_string())],
            Error::PredictionNotFound { what, id } => {
                vec![("what", (*what).to_owned()), ("id", id.to_string())]
            }
            Error::FeedbackNotFound { id } => vec![("feedback_id", id.to_string())],
            Error::ImportNotFound { id, reason } => vec![
                ("import_id", id.to_string()),
                ("reason", (*reason).to_owned()),
            ],
            Error::UnknownFormat { path: p, expected } => {
                vec![path(p), ("expected", expected.clone())]
            }
            Error::DuplicatePredictor { name } => vec![("name", name.clone())],
            Error::NotADatabase { path: p } => vec![path(p)],
            Error::NewerDatabase {
                path: p,
                found,
                supported,
            } => vec![
                path(p),
                ("found", found.to_string()),
                ("supported", supported.to_string()),
            ],
            Error::OlderDatabase {
                path: p,
                found,
                needed,
            } => vec![
                path(p),
                ("found", found.to_string()),
                ("needed", needed.to_string()),
            ],
            Error::ReadOnlyDatabase { path: p, reason }
            | Error::DatabaseReplaced { path: p, reason } => {
                vec![path(p), ("reason", reason.clone())]
            }
            Error::DatabaseNotEmpty { table, rows } => {
                vec![("table", table.clone()), ("rows", rows.to_string())]
            }
            Error::CorruptDatabase { reason } => vec![("reason", reason.clone())],
            Error::Database(source) => vec![("reason", source.to_string())],
            Error::File { path: p, source } => vec![path(p), ("reason", source.to_string())],
            Error::Thread { what, source } => {
                vec![("what", (*what).to_owned()), ("reason", source.to_string())]
            }
            Error::Model { model, reason } => {
                vec![("model", model.clone()), ("reason", reason.clone())]
            }
            Error::Predictor { name, reason } => {
                vec![("name", name.clone()), ("reason", reason.clone())]
            }
            Error::Jira(jira) => {
                let at = jira.retry_at.map(|at| ("retry_at", at.to_string()));
                let said = [("host", jira.host.clone()), ("reason", jira.reason.clone())];
                said.into_iter().chain(at).collect()
            }
            Error::FlowNexus(error) => {
                let at = error.retry_at.map(|at| ("retry_at", at.to_string()));
                let said = [
                    ("host", error.host.clone()),
                    ("reason", error.reason.clone()),
                ];
                said.into_iter().chain(at).collect()
            }
            Error::Session(session) => session.details(),
            Error::Mcp { server, reason } => {
                vec![("server", server.clone()), ("reason", reason.clone())]
            }
            Error::McpTimeout {
                server,
                method,
                seconds,
            } => vec![
                ("server", server.clone()),
                ("method", method.clone()),
                ("seconds", format!("{seconds:.1}")),
            ],
            Error::McpTool {
                server,
                tool,
                reason,
            } => vec![
                ("server", server.clone()),
                ("tool", tool.clone()),
                ("reason", reason.clone()),
            ],
            Error::McpIncomplete {
                server,
                received,
                reason,
            } => vec![
                ("server", server.clone()),
                ("received", received.to_string()),
                ("reason", reason.clone()),
            ],
            Error::Forked { opened_by } => vec![("opened_by", opened_by.to_string())],
            Error::DatabaseBusy
            | Error::SyncRunning
            | Error::TrainingUnsettled
            | Error::Cancelled => Vec::new(),
        };
        pairs.into_iter().collect()
    }

    /// An [`Error::InvalidValue`] that names at most 80 characters of the value.
    pub(crate) fn invalid(
        field: &'static str,
        value: impl ToString,
        expected: impl Into<String>,
    ) -> Self {
        let mut value = value.to_string();
        if let Some((end, _)) = value.char_indices().nth(80) {
            value.truncate(end);
            value.push('…');
        }
        Error::InvalidValue {
            field,
            value,
            expected: expected.into(),
        }
    }
}

/// The code that is given today for one that an earlier version gave.
///
/// ```
/// use atlas_core::error::current_code;
/// assert_eq!(current_code("JIRA_UNAUTHORISED"), "JIRA_UNAUTHORIZED");
/// assert_eq!(current_code("JIRA_FORBIDDEN"), "JIRA_FORBIDDEN");
/// ```
pub fn current_code(code: &str) -> &str {
    match code {
        "JIRA_UNAUTHORISED" => "JIRA_UNAUTHORIZED",
        "FLOW_NEXUS_UNAUTHORISED" => "FLOW_NEXUS_UNAUTHORIZED",
        code => code,
    }
}

/// A full disk and too many open files are no fault of the file: they have codes of their own.
fn file_code(source: &std::io::Error) -> &'static str {
    use std::io::ErrorKind;
    // EMFILE and ENFILE, and what Windows says.
    let too_many: &[i32] = if cfg!(windows) { &[4] } else { &[24, 23] };
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "DISK_FULL",
        _ if source
            .raw_os_error()
            .is_some_and(|code| too_many.contains(&code)) =>
        {
            "TOO_MANY_FILES"
        }
        _ => "FILE_FAILED",
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::DatabaseBusy,
            Some(ErrorCode::DatabaseCorrupt) => Error::CorruptDatabase {
                reason: error.to_string(),
            },
            _ => Error::Database(error),
        }
    }
}
