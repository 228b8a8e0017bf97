//! Predicting what to test.
//!
//! # One prediction, step by step
//!
//! 1. The ticket is read. The index in memory is used as it is if nobody has committed since
//!    (`PRAGMA data_version`). Otherwise the counters in `atlas_revisions` say what to load again:
//!    nothing, the observations with the pairs that are not similar, or everything. The index holds
//!    words and int8 vectors, no texts.
//! 2. A fingerprint is made of the ticket, `top_k`, the plugins' names and weights, the model, the
//!    version, the answers to designed tests, and the counters of changed tables. A stored
//!    prediction with the same fingerprint that is at most an hour old is the answer.
//! 3. The ticket's words are counted; its vectors come from the index. Words and meaning give the
//!    types of scenario. Components are those of the ticket, or those of its neighbors where it has
//!    none.
//! 4. `Pipeline::ask` asks each plugin in order. An error, a panic, a wrong count, a confidence
//!    outside 0 to 1 or a pattern that is not active removes that plugin's vote; `degraded` names
//!    it.
//!    - All plugins share one pool of patterns (`Query::pool`): the 100 nearest by meaning, the 100
//!      nearest by words, those that were right for the 30 past tickets most like this one, and
//!      patterns like the six of these with the most votes.
//!    - `neural` (0.7) weighs six signals of each and turns the sum into a confidence by a logistic
//!      curve. A starter pattern counts less the more patterns of the user's own there are.
//!    - `similarity` (0.3) lets those 30 tickets vote for the patterns that were right there, and
//!      against those that were refused. Patterns like the chosen ones borrow a part of their
//!      votes.
//!    - Both name their 50 best, and put their signals on every pattern of the pool: a candidate
//!      with confidence 0 is not named and only lends its signals to learning.
//!    - `edge-cases` fires rules by component, type of scenario and word. `ticket` brings the test
//!      steps or the reproduction that the ticket lists. `design` brings a scenario for each
//!      criterion, and variants by the rules of `data/design.toml`.
//!    - The host's plugins follow, with weight 0.2 unless it says otherwise.
//!    - A client of Flow-Nexus, where the builder has one, votes in place of `neural`, with the
//!      same weight. If it fails or names nothing, the vote of `neural` counts and `degraded` says
//!      why; then it is left alone for a minute, and the answer is not kept in the cache.
//!      Retraining and backtests never ask it.
//! 5. A blender makes one list. `WeightedSum` scales the weights of the plugins that named stored
//!    patterns to sum to 1 and adds up; the learned blend may answer instead (`learning::model`). A
//!    scenario that a plugin brought along has that plugin's score alone. `Prediction::blend` names
//!    the blender and its weights, and says whether confidence is calibrated.
//! 6. `choice` chooses what is shown. Only that is explained (`Predictor::explain`) and gets steps
//!    and minutes.
//! 7. The prediction is stored whole (for the cache) and as a row per scenario (for feedback), and
//!    returned.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::SignedDuration;
use xxhash_rust::xxh3::xxh3_128;

use super::subject::{ResolvedSubject, Subject};
use crate::atlas::Atlas;
use crate::atlas::ask::analyze::components_of;
use crate::atlas::core::Core;
use crate::atlas::core::encode::{ENCODER, words_alone};
use crate::atlas::core::index::Revisions;
use crate::domain::{
    Degraded, Draft, PatternOrigin, Prediction, Priority, Scenario, Step, StepsOrigin, TestPattern,
    Ticket, TicketKey, silent,
};
use crate::learning::time::Estimate;
use crate::pipeline::edge_case_answers::EdgeCaseAnswers;
use crate::pipeline::flow_nexus::FLOW_NEXUS;
use crate::pipeline::kept_rules::KeptRules;
use crate::pipeline::{Blended, BlendedAnswer, Query, ScenarioRef};
use crate::search::Index;
use crate::search::documents::Document;
use crate::search::ticket_index::TicketQuestion;
use crate::store::{Owner, Stored};
use crate::{Error, Result};

/// How long a stored prediction answers for the same question (specification §9.2).
const CACHED_FOR: SignedDuration = SignedDuration::from_hours(1);
/// The most scenarios that may be asked for.
const MOST_SCENARIOS: usize = 100;

impl Atlas {
    /// What to test for a stored ticket or a draft: the `top_k` most confident scenarios (5 is
    /// usual, 1 to 100), with edge cases.
    ///
    /// The prediction of a stored ticket is stored. For an hour the same question gets the stored
    /// answer, unless tickets, patterns, observations or plugins have changed. Where the remote
    /// model failed, it is asked again. That of a draft is not stored, nor any where the database
    /// is only read ([`Database::read_only`](crate::Database::read_only)): then neither it nor its
    /// scenarios have an id.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`; `INVALID_VALUE` for a draft without text or a
    /// `top_k` out of range; storage errors. A plugin that fails is no error: see
    /// [`Prediction::degraded`].
    pub fn predict<'a>(&self, subject: impl Into<Subject<'a>>, top_k: usize) -> Result<Prediction> {
        check_top_k(top_k)?;
        let subject = self.core.resolve(subject.into())?;
        match &subject.ticket {
            Some(ticket) => self.core.predict_stored(ticket, &subject, top_k),
            None => {
                let (index, _) = self.core.ready_index()?;
                let answers = self.core.answers(None)?;
                self.core.predict_now(&subject, &index, &answers, top_k)
            }
        }
    }
}

/// What the tester answered before.
struct Answers {
    designs: KeptRules,
    edge_cases: EdgeCaseAnswers,
}

impl Core {
    /// From the cache, or predicted now and stored.
    fn predict_stored(
        &self,
        ticket: &Stored<Ticket>,
        subject: &ResolvedSubject,
        top_k: usize,
    ) -> Result<Prediction> {
        let (index, revisions) = self.ready_index()?;
        let answers = self.answers(Some(ticket.id))?;
        let fingerprint = self.fingerprint(&ticket.value, top_k, revisions, &answers)?;
        let now = (self.clock)();
        let cached = |stored: &crate::store::Repositories<'_>| {
            stored
                .predictions()
                .cached(ticket.id, &fingerprint, now, CACHED_FOR)
        };
        if self.cache
            && let Some(prediction) = self.store.read(cached)?
        {
            return Ok(prediction);
        }
        let prediction = self.predict_now(subject, &index, &answers, top_k)?;
        if self.store.read_only().is_some() {
            return Ok(prediction);
        }
        // What the local model answered for a remote one that failed does not stand for an hour.
        let fell_back = prediction
            .degraded
            .iter()
            .any(|d| d.predictor == FLOW_NEXUS);
        let fingerprint = if fell_back {
            format!("{fingerprint} without {FLOW_NEXUS}")
        } else {
            fingerprint
        };
        self.store.write(|stored| {
            stored
                .predictions()
                .save_run(ticket.id, &fingerprint, &prediction, now)
        })
    }

    /// What the tester answered, as far as it matters for a ticket, or for a draft.
    fn answers(&self, ticket_id: Option<i64>) -> Result<Answers> {
        self.store.read(|stored| {
            Ok(Answers {
                designs: KeptRules::new(stored.feedback().designed()?),
                edge_cases: EdgeCaseAnswers::new(stored.edge_cases().all()?, ticket_id),
            })
        })
    }

    /// The index, after patterns that have no vector yet (a fresh catalogue) were encoded.
    pub(crate) fn ready_index(&self) -> Result<(Arc<Index>, Revisions)> {
        let (index, revisions) = self.index()?;
        if index.patterns.encoded() || self.store.read_only().is_some() {
            return Ok((index, revisions));
        }
        self.encode_owner(Owner::Pattern, &mut silent)?;
        self.index()
    }

    /// A ticket's text, prepared for searching; its vectors come from the index where it is
    /// stored and encoded.
    pub(crate) fn question(
        &self,
        draft: &Draft,
        index: &Index,
        number: Option<u32>,
    ) -> Result<TicketQuestion> {
        let document = Document::of_ticket(draft);
        let (name, whole) = match number.and_then(|n| index.tickets.text.vectors(n)) {
            Some(vectors) => vectors,
            None => (
                self.ticket_codes(&document.name)?,
                self.ticket_codes(&document.whole())?,
            ),
        };
        let mut question = TicketQuestion::new(draft, &document, name, whole, number);
        question.text.known = self.known_share(&document.whole())?;
        Ok(question)
    }

    fn predict_now(
        &self,
        subject: &ResolvedSubject,
        index: &Index,
        answered: &Answers,
        top_k: usize,
    ) -> Result<Prediction> {
        let (key, draft) = (subject.key(), &subject.draft);
        let question = &self.question_about(subject, index)?;
        let types = self.scenario_types_of(question)?;
        let guesses = components_of(key, draft, question, index, None);
        let components: Vec<(String, f32)> = guesses
            .into_iter()
            .map(|c| (c.name, c.confidence))
            .collect();
        let query = Query::new(key, draft, question, index, &types, &components)
            .with_answers(&answered.designs, &answered.edge_cases);
        let answers = self
            .pipeline
            .ask_with_stand_in(std::slice::from_ref(&query))?;
        let answers = answers.first().ok_or(Error::Cancelled)?;
        let mut opinion = self.pipeline.blend(answers, &self.blender(index)?)?;
        opinion.scenarios = self.choose(opinion.scenarios, top_k, index)?;
        let names: Vec<&str> = components.iter().map(|(name, _)| &**name).collect();
        opinion
            .edge_cases
            .retain(|case| !answered.edge_cases.hides(&case.rule, &names));
        self.pipeline
            .explain(&query, answers, &mut opinion.scenarios);
        opinion.degraded.extend(unknown_text(question));
        if !index.patterns.encoded() {
            opinion.degraded.extend(self.not_encoded()?);
        }
        self.fill_in(key, draft, opinion)
    }

    /// Steps, minutes and names for the best scenarios.
    fn fill_in(
        &self,
        key: Option<&TicketKey>,
        draft: &Draft,
        opinion: BlendedAnswer,
    ) -> Result<Prediction> {
        let best = opinion.scenarios;
        let ids: Vec<i64> = best.iter().filter_map(pattern_id).collect();
        let (patterns, edited) = self.store.read(|stored| {
            let patterns = stored.patterns().by_ids(&ids)?;
            Ok((patterns, stored.feedback().edited_steps(&ids)?))
        })?;
        let patterns: HashMap<i64, Stored<TestPattern>> =
            patterns.into_iter().map(|p| (p.id, p)).collect();
        let priority = Priority::of(draft.priority.as_deref());
        let times = self.times(&ids, priority)?;
        let mut scenarios: Vec<Scenario> = best
            .into_iter()
            .filter_map(|blended| match blended.scenario.clone() {
                ScenarioRef::Pattern(id) => {
                    Some(of_pattern(blended, patterns.get(&id)?, *times.get(&id)?))
                }
                ScenarioRef::Own(own) => Some(of_plugin(blended, own, priority)),
            })
            .collect();
        show_edited(&mut scenarios, edited);
        Ok(Prediction {
            id: None,
            ticket_key: key.cloned(),
            total_minutes: scenarios.iter().map(|scenario| scenario.minutes).sum(),
            scenarios,
            edge_cases: opinion.edge_cases,
            degraded: opinion.degraded,
            blend: opinion.blend,
            stale: Vec::new(),
        })
    }

    /// What a prediction depends on, in short: equal fingerprints get equal answers.
    fn fingerprint(
        &self,
        ticket: &Ticket,
        top_k: usize,
        revisions: Revisions,
        answers: &Answers,
    ) -> Result<String> {
        let weights: Vec<(&str, f32)> = self.pipeline.weights().collect();
        let (version, model) = (env!("CARGO_PKG_VERSION"), self.encoder.id()?);
        let said = format!(
            "{version} {model} {top_k} {revisions:?} {weights:?} {}",
            self.configuration
        );
        let (designs, edge_cases) = (answers.designs.summary(), answers.edge_cases.summary());
        let said = format!("{said} {designs} {edge_cases}");
        let ticket = serde_json::to_string(ticket).unwrap_or_default();
        Ok(format!(
            "{:032x}",
            xxh3_128(format!("{said}\n{ticket}").as_bytes())
        ))
    }
}

fn check_top_k(top_k: usize) -> Result<()> {
    if (1..=MOST_SCENARIOS).contains(&top_k) {
        Ok(())
    } else {
        Err(Error::invalid(
            "top_k",
            top_k,
            format!("1 to {MOST_SCENARIOS}"),
        ))
    }
}

/// What is said of a ticket that has no vector.
fn unknown_text(question: &TicketQuestion) -> Option<Degraded> {
    let known = question.text.whole.known_percent()?;
    Some(Degraded {
        predictor: ENCODER.to_owned(),
        reason: words_alone("the ticket's text", known),
    })
}

fn pattern_id(blended: &Blended) -> Option<i64> {
    match blended.scenario {
        ScenarioRef::Pattern(id) => Some(id),
        ScenarioRef::Own(_) => None,
    }
}

fn of_pattern(blended: Blended, stored: &Stored<TestPattern>, time: Estimate) -> Scenario {
    let pattern = &stored.value;
    Scenario {
        name: pattern.name.clone(),
        confidence: blended.confidence,
        calibrated: blended.calibrated,
        source: blended.source,
        parts: blended.parts,
        reasons: blended.reasons,
        steps: pattern.steps.clone(),
        steps_origin: match pattern.origin {
            PatternOrigin::Starter => StepsOrigin::Starter,
            _ => StepsOrigin::Pattern,
        },
        minutes: time.minutes,
        minutes_low: time.low,
        minutes_high: time.high,
        minutes_origin: time.origin,
        pattern_id: Some(stored.id),
        pattern_key: pattern.key.clone(),
        pattern_type: Some(pattern.pattern_type.clone()),
        component: pattern.component.clone(),
        prediction_id: None,
    }
}

/// The tester's own steps stand for those of the library.
fn show_edited(scenarios: &mut [Scenario], edited: Vec<(i64, Vec<Step>)>) {
    for (id, steps) in edited {
        for scenario in scenarios.iter_mut().filter(|s| s.pattern_id == Some(id)) {
            scenario.steps.clone_from(&steps);
            scenario.steps_origin = StepsOrigin::Edited;
        }
    }
}

fn of_plugin(blended: Blended, own: crate::pipeline::OwnScenario, priority: Priority) -> Scenario {
    let time = match own.minutes {
        Some(minutes) => Estimate::stated(minutes),
        None => Estimate::unknown(priority),
    };
    Scenario {
        name: own.name,
        confidence: blended.confidence,
        calibrated: blended.calibrated,
        source: blended.source,
        parts: blended.parts,
        reasons: blended.reasons,
        steps: own.steps,
        steps_origin: own.steps_origin,
        minutes: time.minutes,
        minutes_low: time.low,
        minutes_high: time.high,
        minutes_origin: time.origin,
        pattern_id: None,
        pattern_key: None,
        pattern_type: None,
        component: None,
        prediction_id: None,
    }
}
