//! Plain types with their validation: what ATLAS speaks about. No tables, no I/O.

mod analysis;
mod coverage;
mod digest;
mod edge_case;
mod event;
mod exchange;
mod feedback;
mod fold;
mod import;
mod memory;
mod observation;
pub(crate) mod path_text;
mod pattern;
mod play;
mod prediction;
mod profile;
mod progress;
mod proposal;
mod question;
mod reading;
mod receipt;
mod repair;
mod report;
mod review;
mod session;
mod settings;
mod status;
mod sum;
mod ticket;
mod ticket_fields;
mod work;

pub use analysis::{
    Analysis, Band, ComponentGuess, DuplicateTicket, Part, ScenarioTypeGuess, SimilarTicket,
    TicketFilter,
};
pub use coverage::{
    ChosenFrom, ChosenScenario, CoverageGaps, CriteriaKind, CriterionCoverage, NamedScenario,
    TypeGap,
};
pub(crate) use digest::Digest;
pub use edge_case::{EdgeCaseAnswer, EdgeCaseReceipt};
pub use event::{ChallengeGoal, Event, EventKind, Moment};
pub use exchange::{
    TestAction, TestExport, TestField, TestFormat, TestImport, TestItem, TestOutcome, TestReport,
    TestRun,
};
pub use feedback::{
    Answer, AnswerKind, Feedback, FeedbackPart, FeedbackTarget, Missed, PatternRef, RuleAnswer,
};
pub(crate) use feedback::{check_host_id, check_minutes};
pub use fold::{folded_name, same_name};
pub use import::{
    FilePreview, ImportCounts, ImportKind, ImportRecord, ImportState, ImportUndone, KeptRecord,
    PreviewRecord, SampleFiles, SampleReport,
};
pub use memory::{MemoryEntry, MemoryFilter, MemoryHit};
pub use observation::{Observation, ObservationOrigin, Verdict};
pub use pattern::{MOST_MINUTES, PatternFilter, PatternOrigin, Step, StoredPattern, TestPattern};
pub use play::{
    Achievement, AchievementType, Challenge, DayActivity, Rebuilt, SessionResult, Standing, XpPart,
};
pub use prediction::{
    Blend, Criticality, Degraded, EdgeCase, MinutesOrigin, Prediction, Reason, ReasonKind,
    Scenario, Source, StepsOrigin,
};
pub use profile::{DEFAULT_USERNAME, Personality, Profile, ProfileChange, Theme};
pub use progress::{Progress, ProgressFn, Stage, silent};
pub use proposal::{
    KnownPattern, PatternMerge, PatternName, PatternPair, PatternProposal, ProposalEdits,
};
pub use question::Question;
pub use reading::{DateOrder, DecimalMark, ReadOptions, TicketImport};
pub use receipt::{FeedbackItem, FeedbackReceipt, Forgotten, Undone};
pub use repair::Repair;
pub use report::{
    Assumption, ColumnReport, FileReport, ImportReport, SheetReport, Skipped, UnreadValues,
};
pub use review::{Finding, Quote, Review, Severity, TicketPart};
pub use session::{Outcome, PlannedScenario, Session, SessionEnd, SessionPlan, SessionStatus};
pub use settings::UserSettings;
pub(crate) use status::{done_statuses, is_done_category};
pub(crate) use sum::sum;
pub use ticket::{Draft, Priority, Ticket, TicketKey, TicketLink};
pub use ticket_fields::{TicketField, TicketFields};
pub use work::{
    DataSource, MyWork, PredictionSummary, QuickStats, SessionSummary, TicketNote, WorkChoices,
    WorkFilter, WorkItem, WorkOrder,
};
