//! Why a session cannot do what was asked.

use jiff::Timestamp;

/// A session cannot do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// Another session is open.
    #[error("session {session_id} on {ticket_key} is open: end or cancel it first")]
    Open {
        /// The open session.
        session_id: i64,
        /// Its ticket.
        ticket_key: String,
    },
    /// No session is open.
    #[error("no session is open: start one first")]
    NoneOpen,
    /// No session has this id.
    #[error("session {session_id} is not in this database")]
    NotFound {
        /// The id asked for.
        session_id: i64,
    },
    /// The session was completed or cancelled.
    #[error("session {session_id} on {ticket_key} is over since {ended_at}: start a new one")]
    Ended {
        /// The session.
        session_id: i64,
        /// Its ticket.
        ticket_key: String,
        /// When it was completed or cancelled.
        ended_at: Timestamp,
    },
    /// A break began already.
    #[error("session {session_id} is in a break already")]
    Paused {
        /// The session.
        session_id: i64,
    },
    /// There is no break to end.
    #[error("session {session_id} is not in a break")]
    NotPaused {
        /// The session.
        session_id: i64,
    },
}

impl SessionError {
    pub(super) fn code(&self) -> &'static str {
        match self {
            SessionError::Open { .. } => "SESSION_OPEN",
            SessionError::NoneOpen => "NO_OPEN_SESSION",
            SessionError::NotFound { .. } => "SESSION_NOT_FOUND",
            SessionError::Ended { .. } => "SESSION_ENDED",
            SessionError::Paused { .. } => "SESSION_PAUSED",
            SessionError::NotPaused { .. } => "SESSION_NOT_PAUSED",
        }
    }

    pub(super) fn details(&self) -> Vec<(&'static str, String)> {
        let id = |id: &i64| ("session_id", id.to_string());
        match self {
            SessionError::Open {
                session_id,
                ticket_key,
            } => vec![id(session_id), ("ticket_key", ticket_key.clone())],
            SessionError::NoneOpen => Vec::new(),
            SessionError::NotFound { session_id }
            | SessionError::Paused { session_id }
            | SessionError::NotPaused { session_id } => vec![id(session_id)],
            SessionError::Ended {
                session_id,
                ticket_key,
                ended_at,
            } => vec![
                id(session_id),
                ("ticket_key", ticket_key.clone()),
                ("ended_at", ended_at.to_string()),
            ],
        }
    }
}
