//! An MCP server as a child process that is spoken to over its standard input and output.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::last_words::LastWords;
use super::transport::{McpFault, McpTransport};
use crate::http::after;
use crate::{Error, Result};

/// What of this process's environment a server gets: enough to find programs and folders.
const INHERITED: [&str; 17] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "TERM",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "TMP",
    "TEMP",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "PATHEXT",
];
/// Lines that may wait to be read, or to be written.
const MOST_WAITING: usize = 4;
/// Lines that are no JSON before the server is given up: some greet.
const MOST_NOISE: usize = 100;
/// How long a server may take to end by itself, and again when it is told to.
const GRACE: Duration = Duration::from_millis(500);
const POLL: Duration = Duration::from_millis(10);

/// The program of an MCP server, its arguments and its environment.
///
/// The server gets what it needs to find programs and folders (`PATH`, `HOME`, …) of this
/// process's environment, what makes `mcp-atlassian` write times and markup plainly (`TZ`,
/// `DISABLE_JIRA_MARKUP_TRANSLATION`), and what is set here; nothing else, so no credential that
/// was not meant for it.
///
/// ```
/// use atlas_core::jira::mcp::McpServer;
/// let server = McpServer::new("mcp-atlassian").env("JIRA_API_TOKEN", "s3cret-token");
/// assert!(!format!("{server:?}").contains("s3cret"));
/// ```
#[derive(Clone)]
pub struct McpServer {
    program: OsString,
    arguments: Vec<OsString>,
    environment: Vec<(String, String)>,
}

impl McpServer {
    /// A program, by its path or as the `PATH` finds it.
    pub fn new(program: impl Into<OsString>) -> Self {
        McpServer {
            program: program.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
        }
    }

    /// Adds an argument. Other programs can read it: credentials belong into the environment.
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets a variable of the server's environment.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// The program's name without its folder.
    pub(super) fn name(&self) -> String {
        let name = Path::new(&self.program).file_name();
        let name = name.unwrap_or(OsStr::new("server"));
        name.to_string_lossy().into_owned()
    }

    pub(super) fn environment(&self) -> impl Iterator<Item = &str> {
        self.environment.iter().map(|(_, value)| value.as_str())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        let inherited = INHERITED.iter().filter_map(|name| {
            let value = std::env::var_os(name)?;
            Some((*name, value))
        });
        command
            .args(&self.arguments)
            .env_clear()
            .envs(inherited)
            // Some write dates in the machine's zone, by an abbreviation that says too little.
            .env("TZ", "UTC")
            // It breaks nested marks; the markup itself is read here.
            .env("DISABLE_JIRA_MARKUP_TRANSLATION", "true")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // What the server starts in turn ends with it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command
    }
}

impl fmt::Debug for McpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.environment.iter().map(|(n, _)| n.as_str()).collect();
        f.debug_struct("McpServer")
            .field("program", &self.program)
            .field("arguments", &self.arguments.len())
            .field("environment", &names)
            .finish()
    }
}

/// What the server wrote.
enum ServerOutput {
    Line(Vec<u8>),
    TooLong,
    End,
}

/// A running server. One thread reads its lines, one writes, one reads its standard error, so
/// that none of the pipes can block another.
pub(super) struct Process {
    child: Child,
    /// Goes first when the server is to end: then its input ends.
    to_write: Option<SyncSender<Vec<u8>>>,
    heard: Receiver<ServerOutput>,
    last_words: Option<LastWords>,
    noise: usize,
    most_bytes: usize,
}

impl Process {
    pub(super) fn start(server: &McpServer, most_bytes: usize) -> Result<Self> {
        let mut child = server.command().spawn().map_err(|source| Error::Mcp {
            server: server.name(),
            reason: format!("it cannot be started: {source}"),
        })?;
        let (to_write, lines) = sync_channel(MOST_WAITING);
        let (hears, heard) = sync_channel(MOST_WAITING);
        if let Some(input) = child.stdin.take() {
            thread::spawn(move || write(input, lines));
        }
        if let Some(output) = child.stdout.take() {
            thread::spawn(move || read(output, most_bytes, hears));
        }
        let last_words = child.stderr.take().map(LastWords::of);
        Ok(Process {
            child,
            to_write: Some(to_write),
            heard,
            last_words,
            noise: 0,
            most_bytes,
        })
    }

    /// That it has ended, and why, as far as it said so.
    fn ended(&mut self) -> McpFault {
        // Its output ends a moment before it does.
        let status = self.wait(GRACE);
        let ended = match status {
            Some(status) => format!("it has ended ({status})"),
            None => "it has closed its output".to_owned(),
        };
        let said = self.last_words.as_ref().and_then(|last| last.tell(GRACE));
        McpFault::Failed(match said {
            Some(said) => format!("{ended}; it said: {said}"),
            None => ended,
        })
    }

    /// Waits for its end, and reaps it.
    fn wait(&mut self, most: Duration) -> Option<std::process::ExitStatus> {
        let deadline = after(most);
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < deadline => thread::sleep(POLL),
                _ => return None,
            }
        }
    }

    /// Asks the server and what it started to end.
    #[cfg(unix)]
    fn signal(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.child.id()).ok();
        if let Some(group) = pid.and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }
}

impl McpTransport for Process {
    fn send(&mut self, message: &Value, deadline: Instant) -> Result<(), McpFault> {
        let mut line = message.to_string().into_bytes();
        line.push(b'\n');
        loop {
            let Some(queue) = &self.to_write else {
                return Err(self.ended());
            };
            // Full while the server does not read its input.
            line = match queue.try_send(line) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(line)) if Instant::now() < deadline => line,
                Err(TrySendError::Full(_)) => return Err(McpFault::TimedOut),
                Err(TrySendError::Disconnected(_)) => return Err(self.ended()),
            };
            thread::sleep(POLL);
        }
    }

    fn receive(&mut self, deadline: Instant) -> Result<Value, McpFault> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(McpFault::TimedOut);
            }
            let line = match self.heard.recv_timeout(left) {
                Ok(ServerOutput::Line(line)) => line,
                Ok(ServerOutput::TooLong) => {
                    let most = self.most_bytes;
                    return Err(McpFault::Failed(format!(
                        "it sent a message of more than {most} bytes"
                    )));
                }
                Err(RecvTimeoutError::Timeout) => return Err(McpFault::TimedOut),
                Ok(ServerOutput::End) | Err(RecvTimeoutError::Disconnected) => {
                    return Err(self.ended());
                }
            };
            match serde_json::from_slice::<Value>(&line) {
                Ok(message) => return Ok(message),
                Err(_) if self.noise < MOST_NOISE => self.noise += 1,
                Err(_) => {
                    let reason = "it writes what is no JSON to its standard output";
                    return Err(McpFault::Failed(reason.to_owned()));
                }
            }
        }
    }
}

impl Drop for Process {
    /// Ends the server: its input ends, then it is told to end, then it is killed; and reaped.
    fn drop(&mut self) {
        self.to_write = None;
        if self.wait(GRACE).is_some() {
            return;
        }
        #[cfg(unix)]
        {
            self.signal(rustix::process::Signal::TERM);
            if self.wait(GRACE).is_some() {
                return;
            }
            self.signal(rustix::process::Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn write(mut input: ChildStdin, lines: Receiver<Vec<u8>>) {
    for line in lines {
        if input.write_all(&line).and_then(|()| input.flush()).is_err() {
            return;
        }
    }
}

fn read(output: ChildStdout, most_bytes: usize, hears: SyncSender<ServerOutput>) {
    let mut output = BufReader::new(output);
    loop {
        let mut line = Vec::new();
        let most = most_bytes as u64 + 1;
        let read = output.by_ref().take(most).read_until(b'\n', &mut line);
        let heard = match read {
            Ok(0) | Err(_) => ServerOutput::End,
            Ok(_) if line.last() != Some(&b'\n') && line.len() as u64 == most => {
                ServerOutput::TooLong
            }
            Ok(_) => ServerOutput::Line(line),
        };
        let is_last = !matches!(heard, ServerOutput::Line(_));
        // Nobody hears any more when the server is being ended.
        if hears.send(heard).is_err() || is_last {
            return;
        }
    }
}
