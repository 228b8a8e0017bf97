//! What the tester says of a prediction: stored, learned from, taken back, forgotten.
//!
//! # One answer, step by step
//!
//! One transaction. `missed` goes the same way, without a predicted row.
//!
//! 1. A known id of the host's gives the receipt of then, and nothing changes.
//! 2. The call gets a row in `atlas_feedback`, each scenario an item. Items are the record; all
//!    else follows from them.
//! 3. `store::in_force`: the newest item of a predicted row, or of a ticket and a missed pattern,
//!    counts. It is copied to the row in `predictions`. If the scenario is a stored pattern it has
//!    an observation, and the superseded item's observation goes. An item and its observation share
//!    their number and their times, so an observation that comes back is the same row.
//! 4. `store::pattern_numbers` computes frequency, success rate, average minutes and last use from
//!    `atlas_pattern_base` and the observations; never from the numbers of before.
//!
//! Undo deletes the call and its items and runs steps 3 and 4 again. A pattern that came with an
//! answer goes with it, is handed to another answer that names it, or is retired where a stored
//! prediction names it. Versions of what was learned that may have seen a removed observation are
//! withdrawn: those whose newest observation is not older.

use super::subject::Subject;
use crate::atlas::Atlas;
use crate::atlas::core::Core;
use crate::atlas::core::work_log::feedback_event;
use crate::domain::{
    Answer, AnswerKind, EventKind, Feedback, FeedbackItem, FeedbackPart, FeedbackReceipt,
    FeedbackTarget, Missed, PatternRef, Step, TestPattern, Ticket, Undone, check_host_id,
    check_minutes, same_name,
};
use crate::search::documents::Document;
use crate::store::{NewFeedback, Owner, PredictionRow, Repositories, Stored};
use crate::{Error, Result};

/// The type of a new scenario when the ticket calls for none.
const GENERAL: &str = "General";

impl Atlas {
    /// Stores what the tester says of one scenario or of a whole prediction, and learns from it:
    /// the pattern was right (accepted, modified) or wrong (rejected) for this ticket.
    ///
    /// A second answer to the same scenario supersedes the first; rating, comments and minutes that it
    /// does not mention stay, unless [`Feedback::clear`] names them. From a modified scenario on,
    /// its pattern is shown with the tester's own steps; the pattern itself stays as it is. Minutes
    /// of a whole prediction are shared out in proportion to the estimates, in whole minutes whose
    /// sum is what was given.
    ///
    /// # Errors
    /// `PREDICTION_NOT_FOUND`; `INVALID_VALUE` for a value out of range, and for a whole
    /// prediction that is empty or modified. Nothing is stored then.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{Feedback, FeedbackTarget, Ticket, TicketKey};
    /// let atlas = Atlas::open_in_memory()?;
    /// atlas.tickets().add(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
    /// let first = atlas.predict("WRKA-7", 3)?.scenarios[0].prediction_id.unwrap();
    /// let said = Feedback::accepted().minutes(20).host_id("click 1");
    /// let receipt = atlas.feedback(FeedbackTarget::Scenario(first), &said)?;
    /// assert!(atlas.feedback(FeedbackTarget::Scenario(first), &said)?.repeated);
    /// atlas.undo(receipt.feedback_id)?;
    /// assert_eq!(atlas.database().counts()?.observations, 0);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn feedback(&self, target: FeedbackTarget, feedback: &Feedback) -> Result<FeedbackReceipt> {
        feedback.check()?;
        let given_at = (self.core.clock)();
        self.core.observe_work(|log| {
            let stored = log.stored;
            if let Some(receipt) = stored.feedback().repeated(feedback.host_id.as_deref())? {
                return Ok(receipt);
            }
            let rows = rows_of(stored, target, feedback)?;
            let ticket_id = rows[0].ticket_id;
            let shares = shares(feedback.actual_minutes, &rows);
            let items: Vec<FeedbackItem> = rows
                .iter()
                .zip(shares)
                .map(|(row, minutes)| item_of(row, feedback, minutes))
                .collect();
            let receipt = stored.feedback().add(&NewFeedback {
                ticket_id,
                host_id: feedback.host_id.as_deref(),
                given_at,
                items: &items,
            })?;
            log.append(None, feedback_event(stored, receipt.feedback_id, &items)?)?;
            Ok(receipt)
        })
    }

    /// Stores that a scenario was needed for a ticket and was not predicted, with the minutes that
    /// it took where they are known. A scenario of the tester's own becomes a pattern, unless there
    /// is one of the same name, component and, if given, type: then that is shown with the tester's
    /// steps.
    ///
    /// `host_id` is the host's own id of this call; a second call with it changes nothing.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, `PATTERN_NOT_FOUND`, `INVALID_VALUE`.
    pub fn missed(
        &self,
        key: &str,
        missed: &Missed,
        minutes: Option<u32>,
        host_id: Option<&str>,
    ) -> Result<FeedbackReceipt> {
        missed.check()?;
        check_minutes(minutes)?;
        check_host_id(host_id)?;
        let ticket = self.core.find(key)?;
        let given_at = (self.core.clock)();
        let likely_type = self.core.likely_type(missed, &ticket.value)?;
        self.core.observe_work(|log| {
            let stored = log.stored;
            if let Some(receipt) = stored.feedback().repeated(host_id)? {
                return Ok(receipt);
            }
            let missed = self.core.missed_pattern(stored, missed, &likely_type)?;
            let item = FeedbackItem {
                prediction_id: None,
                pattern_id: Some(missed.pattern_id),
                scenario_name: None,
                answer: AnswerKind::Missed,
                steps: missed.steps,
                rating: None,
                comments: None,
                actual_minutes: minutes,
                cleared: Vec::new(),
                made_pattern: missed.is_new,
            };
            let receipt = stored.feedback().add(&NewFeedback {
                ticket_id: ticket.id,
                host_id,
                given_at,
                items: std::slice::from_ref(&item),
            })?;
            log.append(None, feedback_event(stored, receipt.feedback_id, &[item])?)?;
            Ok(receipt)
        })
    }

    /// Takes feedback back, whenever it was given: what it had superseded counts again, and
    /// everything else is as if it had never been given. Versions of what was learned that had
    /// seen it are withdrawn. The host's id of the call is free again.
    ///
    /// A pattern that came with it goes, unless other feedback speaks of it; if a stored
    /// prediction names it, its row stays, retired.
    ///
    /// # Errors
    /// `FEEDBACK_NOT_FOUND`, also when it was taken back already.
    pub fn undo(&self, feedback_id: i64) -> Result<Undone> {
        self.core.observe_work(|log| {
            let stored = log.stored;
            let feedback = stored.feedback().by_id(feedback_id)?;
            let feedback = feedback.ok_or(Error::FeedbackNotFound { id: feedback_id })?;
            let removed = stored.feedback().remove(feedback_id)?;
            log.append(None, EventKind::FeedbackUndone { feedback_id })?;
            Ok(Undone {
                feedback,
                removed_patterns: removed.patterns,
                withdrawn_models: withdraw(stored, removed.first_observation)?,
            })
        })
    }
}

impl Core {
    /// The type of a new scenario that says none: what the ticket calls for the most.
    fn likely_type(&self, missed: &Missed, ticket: &Ticket) -> Result<String> {
        if !matches!(missed, Missed::New { pattern_type, .. } if pattern_type.is_none()) {
            return Ok(String::new());
        }
        let types = self.analyze(Subject::from(&ticket.key))?.scenario_types;
        let likely = types.into_iter().next().map(|guess| guess.scenario_type);
        Ok(likely.unwrap_or_else(|| GENERAL.to_owned()))
    }

    fn missed_pattern(
        &self,
        stored: &Repositories<'_>,
        missed: &Missed,
        likely_type: &str,
    ) -> Result<MissedPattern> {
        let (name, steps, pattern_type, component) = match missed {
            Missed::Pattern(pattern) => {
                return Ok(MissedPattern::known(find_pattern(stored, pattern)?, None));
            }
            Missed::New {
                name,
                steps,
                pattern_type,
                component,
            } => (name.trim(), steps, pattern_type.as_deref(), component),
        };
        let same = |one: Option<&str>, other: Option<&str>| match (one, other) {
            (Some(one), Some(other)) => same_name(one, other),
            (one, other) => one == other,
        };
        let known = stored.patterns().by_name(name)?.into_iter().find(|known| {
            let known = &known.value;
            known.is_active
                && same(known.component.as_deref(), component.as_deref())
                && pattern_type.is_none_or(|given| same_name(&known.pattern_type, given))
        });
        if let Some(Stored { id, value }) = known {
            let own = (value.steps != *steps).then(|| steps.clone());
            return Ok(MissedPattern::known(id, own));
        }
        let mut pattern = TestPattern::new(name, pattern_type.unwrap_or(likely_type));
        pattern.steps.clone_from(steps);
        pattern.component.clone_from(component);
        let id = stored.patterns().add(&pattern)?;
        self.put_document(stored, Owner::Pattern, id, &Document::of_pattern(&pattern))?;
        Ok(MissedPattern {
            pattern_id: id,
            steps: None,
            is_new: true,
        })
    }
}

/// The pattern that a missed scenario stands for.
struct MissedPattern {
    pattern_id: i64,
    /// The tester's own steps, where the pattern has others.
    steps: Option<Vec<Step>>,
    is_new: bool,
}

impl MissedPattern {
    fn known(pattern_id: i64, steps: Option<Vec<Step>>) -> Self {
        MissedPattern {
            pattern_id,
            steps,
            is_new: false,
        }
    }
}

fn find_pattern(stored: &Repositories<'_>, pattern: &PatternRef) -> Result<i64> {
    let (found, name) = match pattern {
        PatternRef::Id(id) => (stored.patterns().by_id(*id)?, id.to_string()),
        PatternRef::Key(key) => {
            let by_key = stored.patterns().by_key(key)?;
            let found = match by_key {
                Some(found) => Some(found),
                None => stored.patterns().by_name(key)?.into_iter().next(),
            };
            (found, key.clone())
        }
    };
    let found = found.ok_or(Error::PatternNotFound { pattern: name })?;
    Ok(found.id)
}

/// The rows that feedback is about, at least one.
fn rows_of(
    stored: &Repositories<'_>,
    target: FeedbackTarget,
    feedback: &Feedback,
) -> Result<Vec<PredictionRow>> {
    let (what, id, rows) = match target {
        FeedbackTarget::Scenario(id) => {
            let row = stored.predictions().row(id)?;
            ("scenario", id, row.map(|row| vec![row]))
        }
        FeedbackTarget::Prediction(id) => ("prediction", id, stored.predictions().rows_of_run(id)?),
    };
    let rows = rows.ok_or(Error::PredictionNotFound { what, id })?;
    if rows.is_empty() {
        let expected = "a prediction with at least one scenario";
        return Err(Error::invalid("prediction", id, expected));
    }
    if matches!(target, FeedbackTarget::Prediction(_))
        && matches!(feedback.answer, Answer::Modified { .. })
    {
        let expected =
            "accepted or rejected for a whole prediction; steps are those of one scenario";
        return Err(Error::invalid("answer", "modified", expected));
    }
    Ok(rows)
}

/// A part that is cleared is stored as 0 or an empty text; see `store::in_force`.
fn item_of(row: &PredictionRow, feedback: &Feedback, minutes: Option<u32>) -> FeedbackItem {
    let clears = |part| feedback.clear.contains(&part);
    FeedbackItem {
        prediction_id: Some(row.id),
        pattern_id: row.pattern_id,
        scenario_name: None,
        answer: feedback.answer.kind(),
        steps: match &feedback.answer {
            Answer::Modified { steps } => Some(steps.clone()),
            Answer::Accepted | Answer::Rejected => None,
        },
        rating: feedback
            .rating
            .or(clears(FeedbackPart::Rating).then_some(0)),
        comments: feedback
            .comments
            .clone()
            .or(clears(FeedbackPart::Comments).then(String::new)),
        actual_minutes: minutes.or(clears(FeedbackPart::ActualMinutes).then_some(0)),
        cleared: feedback.clear.clone(),
        made_pattern: false,
    }
}

/// Each row's share of the minutes, in proportion to its estimate: whole minutes that add up. A
/// row whose share is none has no minutes.
fn shares(minutes: Option<u32>, rows: &[PredictionRow]) -> Vec<Option<u32>> {
    let Some(minutes) = minutes else {
        return vec![None; rows.len()];
    };
    let estimate = |row: &PredictionRow| u64::from(row.minutes.unwrap_or(0).max(1));
    let all: u64 = rows.iter().map(estimate).sum();
    let (mut before, mut given) = (0, 0);
    rows.iter()
        .map(|row| {
            before += estimate(row);
            // Rounding the running total, not the share, keeps the sum.
            let until = (u64::from(minutes) * before + all / 2) / all;
            let share = until - given;
            given = until;
            u32::try_from(share).ok().filter(|share| *share > 0)
        })
        .collect()
}

pub(crate) fn withdraw(stored: &Repositories<'_>, first_observation: Option<i64>) -> Result<u64> {
    first_observation.map_or(Ok(0), |id| stored.models().withdraw_since(id))
}

pub(crate) fn smaller(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    a.into_iter().chain(b).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_proportional_and_add_up() {
        let row = |minutes| PredictionRow {
            id: 1,
            ticket_id: 1,
            pattern_id: None,
            minutes,
        };
        let of = |minutes, estimates: &[u32]| {
            let rows: Vec<_> = estimates.iter().map(|&m| row(Some(m))).collect();
            shares(Some(minutes), &rows)
        };
        assert_eq!(of(60, &[45, 90, 45]), [Some(15), Some(30), Some(15)]);
        for minutes in 1..200 {
            let shared = of(minutes, &[45, 7, 54, 36, 45]);
            assert_eq!(shared.iter().flatten().sum::<u32>(), minutes);
            assert!(!shared.contains(&Some(0)));
        }
        assert_eq!(shares(Some(9), &[row(None)]), [Some(9)]);
        assert_eq!(shares(None, &[row(None)]), [None]);
    }
}
