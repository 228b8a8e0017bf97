//! Plain types with their validation: what ATLAS speaks about. No tables, no I/O.

mod analysis;
mod observation;
mod pattern;
mod prediction;
mod progress;
mod proposal;
mod report;
mod ticket;

pub use analysis::{
    Analysis, Band, ComponentGuess, DuplicateTicket, Part, ScenarioTypeGuess, SimilarTicket,
    TicketFilter,
};
pub use observation::{Observation, ObservationOrigin, Verdict};
pub use pattern::{PatternFilter, PatternOrigin, Step, StoredPattern, TestPattern};
pub use prediction::{
    Criticality, Degraded, EdgeCase, MinutesOrigin, Prediction, Reason, ReasonKind, Scenario,
    Source, StepsOrigin,
};
pub use progress::{Progress, ProgressFn, Stage, silent};
pub use proposal::{
    KnownPattern, PatternMerge, PatternName, PatternPair, PatternProposal, ProposalEdits,
};
pub use report::{ImportReport, Skipped};
pub use ticket::{Draft, Priority, Ticket, TicketKey, TicketLink};
