//! What to ask the tester, so that the answers teach the most.

use std::collections::HashSet;

use super::Predictions;
use crate::atlas::core::Core;
use crate::atlas::core::work_log::{ASKED, asked_about};
use crate::domain::Question;
use crate::learning::questions::{Asked, Undecided, choose};
use crate::{Error, Result, store};

/// The most questions that may be asked for.
const MOST_QUESTIONS: usize = 100;
/// How many of them are kept.
const MOST_REMEMBERED: usize = 500;
/// From this entropy on, an answer is as good as a coin's: 40 to 60 %.
const OPEN: f32 = 0.97;
/// From this entropy on it is unsure: 20 to 80 %.
const UNSURE: f32 = 0.72;

impl Predictions {
    /// The `n` scenarios whose answer would teach the most (5 is usual, 1 to 100), most valuable
    /// first: of the stored predictions (the newest of each ticket, not stale, the ticket not gone)
    /// those without an answer that are the most uncertain, weighted by how many alike wait for
    /// the same answer; at most one for a pattern and one for a ticket. What a session set out to
    /// test and passed over comes first. A scenario that is known
    /// from elsewhere to be right or wrong for its ticket is not asked about. Answer with
    /// [`Atlas::feedback`](crate::Atlas::feedback). Nothing is stored: to put them to the tester, call
    /// [`Predictions::ask_questions`](crate::Predictions::ask_questions).
    ///
    /// Uncertainty sampling (Lewis and Gale, 1994) with information density (Settles and Craven,
    /// 2008); see [`crate::learning::questions`].
    ///
    /// # Errors
    /// `INVALID_VALUE` for an `n` out of range, storage errors.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{Feedback, FeedbackTarget, Ticket, TicketKey};
    /// let atlas = Atlas::open_in_memory()?;
    /// atlas.tickets().add(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
    /// atlas.predict("WRKA-7", 5)?;
    /// let question = atlas.predictions().questions(5)?.remove(0);
    /// atlas.feedback(FeedbackTarget::Scenario(question.prediction_id), &Feedback::accepted())?;
    /// assert_ne!(atlas.predictions().questions(5)?[0].prediction_id, question.prediction_id);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn questions(&self, n: usize) -> Result<Vec<Question>> {
        self.core.questions(n)
    }

    /// The same questions, to be put to the tester now: it is remembered which they are, so that
    /// answers to them count as answered questions in challenges and achievements.
    ///
    /// # Errors
    /// As [`Predictions::questions`](crate::Predictions::questions).
    pub fn ask_questions(&self, n: usize) -> Result<Vec<Question>> {
        let questions = self.core.questions(n)?;
        let is_new = |ids: &[i64], question: &&Question| !ids.contains(&question.prediction_id);
        // Where nothing is stored, no answer is either.
        if self.core.store.read_only().is_some() {
            return Ok(questions);
        }
        let known = self.core.store.read(asked_about)?;
        if questions.iter().any(|question| is_new(&known, &question)) {
            self.core.store.write(|stored| {
                let mut ids = asked_about(stored)?;
                let new = questions.iter().filter(|question| is_new(&ids, question));
                let new: Vec<i64> = new.map(|question| question.prediction_id).collect();
                ids.extend(new);
                let old = ids.len().saturating_sub(MOST_REMEMBERED);
                ids.drain(..old);
                let json = serde_json::Value::from(ids).to_string();
                stored.settings().set(ASKED, Some(&json))
            })?;
        }
        Ok(questions)
    }
}

impl Core {
    pub(crate) fn questions(&self, n: usize) -> Result<Vec<Question>> {
        if !(1..=MOST_QUESTIONS).contains(&n) {
            return Err(Error::invalid("n", n, format!("1 to {MOST_QUESTIONS}")));
        }
        let (index, _) = self.index()?;
        let (mut rows, skipped) = self.look_at_work(|stored, _, tally, _| {
            let rows = stored.predictions().undecided()?;
            let skipped = rows.iter().map(|row| {
                let skipped = tally.was_skipped(row.ticket_id, row.pattern_id);
                skipped.then_some(row.prediction_id)
            });
            let skipped: HashSet<i64> = skipped.flatten().collect();
            Ok((rows, skipped))
        })?;
        let mut undecided = Vec::with_capacity(rows.len());
        rows.retain(|row| {
            let ticket = index.tickets.number(row.ticket_id);
            // A retired pattern has no number.
            let pattern = index.patterns.number(row.pattern_id);
            let (Some(ticket), Some(pattern)) = (ticket, pattern) else {
                return false;
            };
            let mut known = index.history.of(ticket).iter();
            if known.any(|outcome| outcome.pattern == pattern) {
                return false;
            }
            undecided.push(Undecided {
                ticket,
                pattern,
                probability: (row.confidence / 100.0).clamp(0.0, 1.0),
                skipped: skipped.contains(&row.prediction_id),
            });
            true
        });
        let vector = |ticket| Some(index.tickets.text.whole(ticket)?.to_vector());
        let asked = choose(&undecided, vector, n);
        asked
            .into_iter()
            .filter_map(|asked| {
                let pattern = undecided[asked.place].pattern as usize;
                let name = &index.patterns.rows[pattern].name;
                let skipped = undecided[asked.place].skipped;
                self.question_of(&rows[asked.place], &asked, name, skipped)
                    .transpose()
            })
            .collect()
    }

    fn question_of(
        &self,
        row: &store::UnansweredScenario,
        asked: &Asked,
        name: &str,
        skipped: bool,
    ) -> Result<Option<Question>> {
        let ticket = self
            .store
            .read(|stored| stored.tickets().by_id(row.ticket_id))?;
        Ok(ticket.map(|ticket| Question {
            ticket_key: ticket.value.key,
            summary: ticket.value.summary,
            scenario_name: name.to_owned(),
            number: row.position + 1,
            prediction_id: row.prediction_id,
            pattern_id: row.pattern_id,
            confidence: row.confidence,
            uncertainty: asked.uncertainty,
            others: asked.others,
            speaks_for: asked.density,
            reason: match skipped {
                true => format!(
                    "passed over in a session; {}",
                    reason(row.confidence, asked)
                ),
                false => reason(row.confidence, asked),
            },
        }))
    }
}

fn reason(confidence: f32, asked: &Asked) -> String {
    let unsure = match asked.uncertainty {
        OPEN.. => "could be right as well as wrong",
        UNSURE.. => "is unsure",
        _ => "is fairly sure",
    };
    let others = match asked.others {
        0 => "no other ticket waits for it".to_owned(),
        1 => format!(
            "1 other ticket waits for it; the answer speaks for {:.1} scenarios",
            asked.density
        ),
        n => format!(
            "{n} other tickets wait for it; the answer speaks for {:.1} scenarios",
            asked.density
        ),
    };
    format!("{confidence:.0} % {unsure}; {others}")
}
