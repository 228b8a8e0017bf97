//! Training data: what was observed, with enough of ticket and pattern to learn from it elsewhere.
//!
//! JSON lines. The first line is the [header](TrainingHeader); every other line is one
//! [`TrainingLine`] that stands alone: the ticket (key, summary, type, components, priority), the
//! pattern (its key if it has one, and all that makes it), the verdict, and where known the
//! origin, the instant, the minutes and the host's id.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::input::{Input, UNWATCHED, Watch};
use super::json::{self, Shape};
use super::{Each, ReadSummary, Record};
use crate::domain::{
    MOST_MINUTES, ObservationOrigin, PatternOrigin, ReadOptions, Step, TestPattern, Ticket,
    TicketKey, Verdict,
};
use crate::error::plain_words;
use crate::{Error, Result};

/// What the header calls the format.
pub const FORMAT: &str = "atlas-training";
/// The newest version that is read, and the one that is written.
pub const VERSION: u32 = 1;
const EXPECTED: &str = "training data is JSON lines, the first of them \
    {\"format\":\"atlas-training\",\"version\":1}, as `export_training` writes them";

const LINES: Shape = Shape {
    pages: &[],
    fields: &["format", "verdict"],
    weak: &[],
    expected: EXPECTED,
};

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingHeader {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
}

/// One observation: for this ticket, this pattern was right or wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingLine {
    /// The ticket.
    pub ticket: TrainingTicket,
    /// The pattern.
    pub pattern: TrainingPattern,
    /// Right or wrong.
    pub verdict: Verdict,
    /// Where it came from; without it, from history.
    #[serde(default = "history")]
    pub origin: ObservationOrigin,
    /// When it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<Timestamp>,
    /// Minutes that it really took, 1 to 100,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// The host's own id of it. Where one call judged several scenarios, the call's id with the
    /// place of the scenario behind it: `click 1/2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_id: Option<String>,
}

/// What of a ticket goes along. Its description does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingTicket {
    /// The key.
    pub key: TicketKey,
    /// The title; without it, a ticket that is not stored cannot be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Story, Task, Bug, …
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ticket_type: String,
    /// Component names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<String>,
    /// The Jira site's own name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
}

/// A pattern without what was learned of it: by its key, or by name, type and component.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TrainingPattern {
    /// The key in its library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The name; without it, a pattern that is not stored cannot be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern_type: Option<String>,
    /// The component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// What the test is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<String>,
    /// What must hold before it starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precondition: Option<String>,
    /// The steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Words that help to find it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// The average minutes that it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avg_time_minutes: Option<u32>,
    /// Where it came from.
    #[serde(default = "imported")]
    pub origin: PatternOrigin,
    /// Whether it is predicted no more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
}

fn history() -> ObservationOrigin {
    ObservationOrigin::History
}

fn imported() -> PatternOrigin {
    PatternOrigin::Imported
}

impl From<&Ticket> for TrainingTicket {
    fn from(ticket: &Ticket) -> Self {
        TrainingTicket {
            key: ticket.key.clone(),
            summary: Some(ticket.summary.clone()),
            ticket_type: ticket.ticket_type.clone(),
            components: ticket.components.clone(),
            priority: ticket.priority.clone(),
        }
    }
}

impl TrainingTicket {
    /// A ticket made of it; `None` without a summary.
    pub fn to_ticket(&self) -> Option<Ticket> {
        let mut ticket = Ticket::new(self.key.clone(), self.summary.as_deref()?);
        ticket.ticket_type.clone_from(&self.ticket_type);
        ticket.components.clone_from(&self.components);
        ticket.priority.clone_from(&self.priority);
        Some(ticket)
    }
}

impl TrainingPattern {
    /// What of a pattern goes along; `average` is the one from before anything was observed.
    pub fn of(pattern: &TestPattern, average: Option<u32>) -> Self {
        TrainingPattern {
            key: pattern.key.clone(),
            name: Some(pattern.name.clone()),
            pattern_type: Some(pattern.pattern_type.clone()),
            component: pattern.component.clone(),
            objective: pattern.objective.clone(),
            precondition: pattern.precondition.clone(),
            steps: pattern.steps.clone(),
            labels: pattern.labels.clone(),
            avg_time_minutes: average,
            origin: pattern.origin,
            retired: !pattern.is_active,
        }
    }

    /// A pattern made of it; `None` without a name or a type.
    pub fn to_pattern(&self) -> Option<TestPattern> {
        let name = self.name.as_deref()?;
        Some(TestPattern {
            key: self.key.clone(),
            component: self.component.clone(),
            objective: self.objective.clone(),
            precondition: self.precondition.clone(),
            steps: self.steps.clone(),
            labels: self.labels.clone(),
            avg_time_minutes: self.avg_time_minutes,
            origin: self.origin,
            is_active: !self.retired,
            ..TestPattern::new(name, self.pattern_type.as_deref()?)
        })
    }

    /// What to call it in a message.
    pub fn label(&self) -> &str {
        let name = self.key.as_deref().or(self.name.as_deref());
        name.unwrap_or("without a key or a name")
    }
}

/// Writes training data line by line.
///
/// ```
/// use atlas_core::exchange::training::TrainingWriter;
/// let mut bytes = Vec::new();
/// TrainingWriter::new(&mut bytes)?.finish()?;
/// assert_eq!(bytes, b"{\"format\":\"atlas-training\",\"version\":1}\n");
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub struct TrainingWriter<W> {
    writer: W,
    lines: u64,
}

impl<W: Write> TrainingWriter<W> {
    /// A writer that has written the header.
    ///
    /// # Errors
    /// `FILE_FAILED`.
    pub fn new(writer: W) -> Result<Self> {
        let mut new = TrainingWriter { writer, lines: 0 };
        new.json(&TrainingHeader {
            format: FORMAT.to_owned(),
            version: VERSION,
        })?;
        Ok(new)
    }

    /// Writes an observation.
    ///
    /// # Errors
    /// `FILE_FAILED`.
    pub fn line(&mut self, line: &TrainingLine) -> Result<()> {
        self.lines += 1;
        self.json(line)
    }

    /// How many observations were written.
    ///
    /// # Errors
    /// `FILE_FAILED`.
    pub fn finish(mut self) -> Result<u64> {
        self.writer.flush().map_err(unwritten)?;
        Ok(self.lines)
    }

    fn json(&mut self, value: &impl Serialize) -> Result<()> {
        serde_json::to_writer(&mut self.writer, value).map_err(|error| unwritten(error.into()))?;
        self.writer.write_all(b"\n").map_err(unwritten)
    }
}

fn unwritten(source: std::io::Error) -> Error {
    Error::File {
        path: PathBuf::from("training data"),
        source,
    }
}

/// Reads the observations of a file, one after the other.
///
/// # Errors
/// `FILE_FAILED` when the file cannot be read, `UNKNOWN_FORMAT` when its first line is no header,
/// or one of a newer version.
///
/// ```
/// use std::ops::ControlFlow;
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("training.jsonl");
/// std::fs::write(&path, r#"{"format":"atlas-training","version":1}
/// {"ticket":{"key":"WRKA-7"},"pattern":{"key":"MM-T42"},"verdict":"right"}
/// "#).unwrap();
/// atlas_core::exchange::training::read_training(&path, &mut |record| {
///     assert_eq!(record.value.unwrap().pattern.key.as_deref(), Some("MM-T42"));
///     ControlFlow::Continue(())
/// })?;
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn read_training(path: &Path, each: Each<'_, TrainingLine>) -> Result<ReadSummary> {
    read_training_with(path, UNWATCHED, each)
}

/// Reads the observations of a file as [`read_training`] does, with a watch.
///
/// # Errors
/// As [`read_training`]; `CANCELLED` by the watch.
pub fn read_training_with(
    path: &Path,
    watch: Watch<'_>,
    each: Each<'_, TrainingLine>,
) -> Result<ReadSummary> {
    let input = Input::watched(path, &ReadOptions::default(), watch)?;
    let file = input.file.clone();
    let (mut headers, mut stranger) = (0, None);
    let summary = json::read(input, &LINES, parse, &mut |record| {
        let Record {
            line,
            offset,
            file_length,
            text_offset,
            value,
        } = record;
        let value = match value {
            Ok(ParsedLine::Header) => {
                headers += 1;
                return ControlFlow::Continue(());
            }
            // Only the first line can make the file another one.
            Err(reason) if headers == 0 => {
                stranger = Some(reason);
                return ControlFlow::Break(());
            }
            Ok(ParsedLine::Observation(_)) if headers == 0 => {
                stranger = Some("its first line is no header".to_owned());
                return ControlFlow::Break(());
            }
            Ok(ParsedLine::Observation(line)) => Ok(*line),
            Err(reason) => Err(reason),
        };
        each(Record {
            line,
            offset,
            file_length,
            text_offset,
            value,
        })
    })?;
    match stranger {
        Some(reason) => Err(file.unknown(format!("{reason}; {EXPECTED}"))),
        None if headers == 0 => Err(file.unknown(format!("it is empty; {EXPECTED}"))),
        None => Ok(ReadSummary {
            read: summary.read - headers,
            ..summary
        }),
    }
}

enum ParsedLine {
    Header,
    Observation(Box<TrainingLine>),
}

fn parse(value: &Value) -> std::result::Result<ParsedLine, String> {
    if value.get("format").is_some() {
        let header: TrainingHeader = serde_json::from_value(value.clone()).map_err(|error| {
            format!(
                "not a header of training data: {}",
                plain_words(&error.to_string())
            )
        })?;
        return match (header.format.as_str(), header.version) {
            (FORMAT, 1..=VERSION) => Ok(ParsedLine::Header),
            (FORMAT, newer) => Err(format!("version {newer} is not one of 1 to {VERSION}")),
            (other, _) => Err(format!("the format \"{other}\" is another one")),
        };
    }
    let line: TrainingLine = serde_json::from_value(value.clone())
        .map_err(|error| format!("not an observation: {}", plain_words(&error.to_string())))?;
    if line.pattern.key.is_none() && line.pattern.name.is_none() {
        return Err("the pattern has neither key nor name".to_owned());
    }
    let told = [line.minutes, line.pattern.avg_time_minutes];
    match told
        .into_iter()
        .flatten()
        .find(|minutes| !(1..=MOST_MINUTES).contains(minutes))
    {
        Some(minutes) => Err(format!("{minutes} minutes are not 1 to {MOST_MINUTES}")),
        None => Ok(ParsedLine::Observation(Box::new(line))),
    }
}
