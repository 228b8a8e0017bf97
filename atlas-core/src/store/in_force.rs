//! Which answer to a scenario counts: the newest. It alone is in the prediction's row and has an
//! observation. What it does not mention (rating, comments, minutes) is what was mentioned last.

use super::observations::{origin_name, verdict_name};
use super::{Repositories, columns};
use crate::Result;
use crate::domain::{AnswerKind, ObservationOrigin, Verdict};

/// What an answer is about; a later answer to the same supersedes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// A scenario that was predicted, by its row in `predictions`.
    Predicted(i64),
    /// A ticket and a pattern that was missed.
    Missed { ticket_id: i64, pattern_id: i64 },
}

/// An answer as its observation needs it.
struct Newest {
    id: i64,
    ticket_id: i64,
    prediction_id: Option<i64>,
    pattern_id: Option<i64>,
    answer: Option<AnswerKind>,
    minutes: Option<u32>,
    /// As it is stored.
    given_at: Option<String>,
}

/// `?1` is the row in `predictions`; there is no `?2`.
const PREDICTED: &str = "FROM atlas_feedback_items i JOIN atlas_feedback f ON f.id = i.feedback_id
    WHERE i.prediction_id = ?1 AND ?2 IS NULL";
/// `?1` is the ticket, `?2` the pattern. The plus keeps SQLite from all that was ever missed.
const MISSED: &str = "FROM atlas_feedback_items i JOIN atlas_feedback f ON f.id = i.feedback_id
    WHERE i.pattern_id = ?2 AND +i.prediction_id IS NULL AND f.ticket_id = ?1";

impl Subject {
    /// What an item with this prediction and pattern is about.
    pub(super) fn of(ticket_id: i64, ids: (Option<i64>, Option<i64>)) -> Option<Self> {
        match ids {
            (Some(prediction_id), _) => Some(Subject::Predicted(prediction_id)),
            (None, Some(pattern_id)) => Some(Subject::Missed {
                ticket_id,
                pattern_id,
            }),
            (None, None) => None,
        }
    }

    /// Where its items are, and what to bind there.
    fn items(self) -> (&'static str, i64, Option<i64>) {
        match self {
            Subject::Predicted(prediction_id) => (PREDICTED, prediction_id, None),
            Subject::Missed {
                ticket_id,
                pattern_id,
            } => (MISSED, ticket_id, Some(pattern_id)),
        }
    }
}

/// Makes the database say what the newest answer says, whatever it said before.
pub(super) fn put_in_force(db: &Repositories<'_>, subject: Subject) -> Result<()> {
    let newest = newest(db, subject)?;
    drop_superseded(db, subject, newest.as_ref().map(|newest| newest.id))?;
    if let Some(newest) = &newest {
        observe(db, newest)?;
    }
    if let Subject::Predicted(prediction_id) = subject {
        // A part that was cleared is 0 or an empty text.
        let last = |part: &str| {
            format!(
                "(SELECT nullif(nullif({part}, 0), '') FROM atlas_feedback_items
                  WHERE prediction_id = ?1 AND {part} IS NOT NULL ORDER BY id DESC LIMIT 1)"
            )
        };
        let sql = format!(
            "UPDATE predictions SET
                 user_feedback = (SELECT answer FROM atlas_feedback_items WHERE id = ?2),
                 user_rating = {}, user_comments = {}, actual_time_minutes = {}
             WHERE id = ?1",
            last("rating"),
            last("comments"),
            last("actual_minutes")
        );
        db.execute(&sql, (prediction_id, newest.map(|newest| newest.id)))?;
    }
    Ok(())
}

fn newest(db: &Repositories<'_>, subject: Subject) -> Result<Option<Newest>> {
    let (items, first, second) = subject.items();
    let sql = format!(
        "SELECT i.id, f.ticket_id, i.prediction_id, i.pattern_id, i.answer,
                (SELECT nullif(i.actual_minutes, 0) {items} AND i.actual_minutes IS NOT NULL
                 ORDER BY i.id DESC LIMIT 1),
                f.given_at {items} ORDER BY i.id DESC"
    );
    db.first(&sql, (first, second), |row| {
        Ok(Newest {
            id: row.get(0)?,
            ticket_id: row.get(1)?,
            prediction_id: row.get(2)?,
            pattern_id: row.get(3)?,
            answer: columns::text(row, 4).and_then(|name| AnswerKind::from_name(&name)),
            minutes: columns::count(row, 5),
            given_at: columns::text(row, 6),
        })
    })
}

fn drop_superseded(db: &Repositories<'_>, subject: Subject, newest: Option<i64>) -> Result<()> {
    let (items, first, second) = subject.items();
    let sql = format!(
        "SELECT o.id, o.pattern_id FROM atlas_observations o
         WHERE o.feedback_item_id IS NOT ?3 AND o.feedback_item_id IN (SELECT i.id {items})
         ORDER BY o.id"
    );
    let mut superseded: Vec<(i64, i64)> = Vec::new();
    db.each(&sql, (first, second, newest), |row| {
        superseded.push((row.get(0)?, row.get(1)?));
        Ok(())
    })?;
    for (id, pattern_id) in superseded {
        db.observations().remove(id, pattern_id)?;
    }
    Ok(())
}

/// The observation of an answer, the same bytes whenever it is made: its number is the
/// item's, its times are the answer's.
fn observe(db: &Repositories<'_>, answer: &Newest) -> Result<()> {
    let (Some(pattern_id), Some(kind)) = (answer.pattern_id, answer.answer) else {
        return Ok(());
    };
    let verdict = match kind {
        AnswerKind::Rejected => Verdict::Wrong,
        _ => Verdict::Right,
    };
    let made = db.execute(
        "INSERT INTO atlas_observations
             (id, ticket_id, pattern_id, verdict, origin, observed_at, minutes, prediction_id,
              created_at, feedback_item_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?6, ?1)
         ON CONFLICT(id) DO UPDATE SET minutes = excluded.minutes
         WHERE minutes IS NOT excluded.minutes",
        (
            answer.id,
            answer.ticket_id,
            pattern_id,
            verdict_name(verdict),
            origin_name(ObservationOrigin::Feedback),
            &answer.given_at,
            answer.minutes,
            answer.prediction_id,
        ),
    )?;
    if made > 0 {
        db.observations().keep_base(pattern_id)?;
        db.observations().to_count(pattern_id)?;
    }
    Ok(())
}
