//! Acceptance criteria and usual types of scenario with nothing chosen.
//!
//! - **Criteria** (`text::steps::criteria`): every item and every Given-When-Then scenario under
//!   "Acceptance criteria"; without such a section the scenarios anywhere; without those the
//!   sentences with must, should, shall, needs to or has to. A ticket with none of them says so in
//!   `notes`.
//! - **Covered** (`analysis::coverage`): 0.625 times the best cosine with a step (action and result
//!   together; the name counts 0.8 of a step), 0.25 times the best cosine with a result, 0.125
//!   times the share of the criterion's words that are in the steps and not in the name. From 0.465
//!   on it is covered. It is a hint.
//! - **Usual types** (`usual_types`): those for which the analysis gives a relevance of 0.5 or
//!   more, and those with a fifth or more of the votes of past tickets that are alike. A type is
//!   chosen when a chosen scenario has it, or means it with a relevance of 0.5 by the same table.
//!
//! For an open criterion the three nearest patterns are compared like chosen ones, and the best is
//! suggested if it covers. For a missing type the pattern is suggested that was right for tickets
//! that are alike, else the one most like the ticket. The steps of all these are encoded on
//! request: a ticket with nine criteria takes about half a second.

use std::collections::BTreeSet;

use super::chosen::{Chosen, named};
use super::subject::{ResolvedSubject, Subject};
use crate::analysis::coverage::{COVERED, Covering, Criterion};
use crate::atlas::Atlas;
use crate::atlas::ask::usual_types::Usual;
use crate::atlas::core::Core;
use crate::atlas::core::encode::words_alone;
use crate::domain::{
    ChosenFrom, ChosenScenario, CoverageGaps, CriterionCoverage, NamedScenario, Scenario, Step,
    StepsOrigin, TestPattern,
};
use crate::search::Index;
use crate::search::vectors::Codes;
use crate::store::{Repositories, Stored};
use crate::text::steps::criteria;
use crate::text::terms;
use crate::{Error, Result};

/// How many scenarios are predicted for a text for which none are chosen.
const PREDICTED: usize = 5;
/// How many patterns are looked at closely for each open criterion.
const SUGGESTED_FROM: usize = 3;

const NO_CRITERIA: &str = "the ticket states no criteria: it has no section of acceptance \
    criteria, no Given-When-Then scenario, and no sentence with must, should or shall";
const NOTHING_CHOSEN: &str = "nothing is chosen: no scenario was given, and nothing is predicted \
    for the ticket yet";

impl Atlas {
    /// What a choice of scenarios leaves out: the ticket's acceptance criteria that none of them
    /// checks, and the usual types of scenario of which none is chosen, each with a reason and,
    /// where there is one, the stored pattern to add.
    ///
    /// With nothing given, the scenarios of the newest prediction that were accepted count as
    /// chosen; if none was, all of it, but for the one that repeats the ticket's own text, which
    /// would cover every criterion by itself. Of a draft the five scenarios that
    /// [`Atlas::predict`](crate::Atlas::predict) names count.
    ///
    /// A criterion is covered when the encoder and the words say so of a scenario's name or steps:
    /// see [`crate::analysis::coverage`]. That is a hint and no proof: on labelled pairs about three
    /// in four were right. A type is usual when the ticket's text calls for it, or when it was
    /// right for past tickets that are alike.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, `INVALID_VALUE` for a draft without text;
    /// `PATTERN_NOT_FOUND` and `PREDICTION_NOT_FOUND` for
    /// what was chosen; storage errors.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{ChosenScenario, Ticket, TicketKey};
    /// let atlas = Atlas::open_in_memory()?;
    /// let mut ticket = Ticket::new(TicketKey::parse("WRKA-7")?, "Export cases");
    /// ticket.description = Some("Acceptance criteria:\n- Umlauts are kept in the exported file".into());
    /// atlas.tickets().add(&[ticket])?;
    /// let chosen = [ChosenScenario::Name("Umlauts are kept in the exported file".into())];
    /// assert!(atlas.gaps("WRKA-7", &chosen)?.criteria[0].covered);
    /// let chosen = [ChosenScenario::Name("Sign in with an expired password".into())];
    /// assert!(!atlas.gaps("WRKA-7", &chosen)?.criteria[0].covered);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn gaps<'a>(
        &self,
        subject: impl Into<Subject<'a>>,
        chosen: &[ChosenScenario],
    ) -> Result<CoverageGaps> {
        let subject = self.core.resolve(subject.into())?;
        let (from, chosen) = match (chosen, &subject.ticket) {
            ([], Some(ticket)) => {
                let before = |stored: &Repositories<'_>| chosen_before(stored, ticket.id);
                self.core.store.read(before)?
            }
            ([], None) => {
                let scenarios = self.predict(&subject.draft, PREDICTED)?.scenarios;
                (ChosenFrom::Prediction, not_its_own(scenarios))
            }
            (given, _) => {
                let given = |stored: &Repositories<'_>| given_scenarios(stored, given);
                (ChosenFrom::Given, self.core.store.read(given)?)
            }
        };
        self.core.gaps(&subject, from, &chosen)
    }
}

impl Core {
    fn gaps(
        &self,
        subject: &ResolvedSubject,
        from: ChosenFrom,
        chosen: &[Chosen],
    ) -> Result<CoverageGaps> {
        let (index, _) = self.ready_index()?;
        let (key, draft) = (subject.key(), &subject.draft);
        let question = self.question_about(subject, &index)?;
        let stated = criteria(
            &draft.summary,
            draft.description.as_deref().unwrap_or_default(),
        );
        let (kind, items) = match stated {
            Some(stated) => (Some(stated.kind), stated.items),
            None => (None, Vec::new()),
        };
        let usual = Usual {
            key,
            draft,
            question: &question,
            index: &index,
            chosen,
        };
        let known = question.text.whole.known_percent();
        let unknown = known.map(|known| words_alone("the ticket's text", known));
        let notes = [
            kind.is_none().then_some(NO_CRITERIA),
            chosen.is_empty().then_some(NOTHING_CHOSEN),
        ];
        Ok(CoverageGaps {
            ticket_key: key.cloned(),
            chosen_from: from,
            chosen: chosen.iter().map(|one| one.named(None)).collect(),
            criteria_kind: kind,
            criteria: self.criteria_of(items, chosen, &index)?,
            type_gaps: self.type_gaps(&usual)?,
            notes: (notes.into_iter().flatten().map(str::to_owned))
                .chain(unknown)
                .collect(),
        })
    }

    fn criteria_of(
        &self,
        items: Vec<String>,
        chosen: &[Chosen],
        index: &Index,
    ) -> Result<Vec<CriterionCoverage>> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let texts: Vec<&str> = items.iter().map(String::as_str).collect();
        let codes = self.codes_of(&texts)?;
        let criteria = items.iter().zip(&codes);
        let criteria: Vec<Criterion> = criteria
            .map(|(text, codes)| Criterion::new(text, codes.clone()))
            .collect();
        let parts = chosen.iter().map(|one| (one.name.as_str(), &*one.steps));
        let coverings = self.coverings(&parts.collect::<Vec<_>>())?;
        let closest: Vec<Option<(usize, f32)>> =
            criteria.iter().map(|one| best(one, &coverings)).collect();
        let is_open = |place: usize| closest[place].is_none_or(|(_, score)| score < COVERED);
        let open = codes
            .iter()
            .enumerate()
            .filter(|(place, _)| is_open(*place));
        let open = open.map(|(place, codes)| (texts[place], codes));
        let patterns = self.near(open, chosen, index)?;
        let parts = patterns
            .iter()
            .map(|p| (p.value.name.as_str(), &*p.value.steps));
        let others = self.coverings(&parts.collect::<Vec<_>>())?;
        let of_one = |(place, criterion): (usize, String)| {
            let covered = !is_open(place);
            let closest = closest[place].map(|(at, score)| chosen[at].named(Some(score)));
            let other = if covered {
                None
            } else {
                best(&criteria[place], &others)
            };
            let other = other.filter(|(_, score)| *score >= COVERED);
            CriterionCoverage {
                criterion,
                covered,
                reason: reason(covered, closest.as_ref()),
                closest,
                suggestion: other.map(|(at, score)| named(&patterns[at], score)),
            }
        };
        Ok(items.into_iter().enumerate().map(of_one).collect())
    }

    /// The stored patterns that are nearest to any of the criteria and not chosen, by id.
    fn near<'c>(
        &self,
        criteria: impl Iterator<Item = (&'c str, &'c Codes)>,
        chosen: &[Chosen],
        index: &Index,
    ) -> Result<Vec<Stored<TestPattern>>> {
        let mut ids = BTreeSet::new();
        for (text, codes) in criteria {
            let likenesses = match codes.is_unknown() {
                true => index.patterns.text.words().scores(&terms::count(text)),
                false => index.patterns.text.likenesses(codes),
            };
            let rows = index.patterns.rows.iter().zip(likenesses);
            let mut near: Vec<(i64, f32)> = rows
                .map(|(row, likeness)| (row.id, likeness))
                .filter(|(id, _)| chosen.iter().all(|one| one.pattern_id != Some(*id)))
                .collect();
            near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            ids.extend(near.iter().take(SUGGESTED_FROM).map(|(id, _)| *id));
        }
        let ids: Vec<i64> = ids.into_iter().collect();
        self.store.read(|stored| stored.patterns().by_ids(&ids))
    }

    /// Scenarios ready to be compared, their texts encoded together.
    fn coverings(&self, scenarios: &[(&str, &[Step])]) -> Result<Vec<Covering>> {
        let texts: Vec<Vec<String>> = scenarios
            .iter()
            .map(|(name, steps)| Covering::texts(name, steps))
            .collect();
        let all: Vec<&str> = texts.iter().flatten().map(String::as_str).collect();
        let codes = self.codes_of(&all)?;
        let mut rest = codes.as_slice();
        let mut coverings = Vec::with_capacity(scenarios.len());
        for ((name, steps), texts) in scenarios.iter().zip(&texts) {
            let (own, others) = rest.split_at(texts.len().min(rest.len()));
            rest = others;
            coverings.extend(Covering::new(name, steps, own));
        }
        Ok(coverings)
    }
}

/// The place of the scenario that covers a criterion best, with its score; of equal ones the first.
fn best(criterion: &Criterion, coverings: &[Covering]) -> Option<(usize, f32)> {
    let scores = coverings.iter().map(|covering| criterion.score(covering));
    let mut scores: Vec<(usize, f32)> = scores.enumerate().collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scores.first().copied()
}

fn reason(covered: bool, closest: Option<&NamedScenario>) -> String {
    match (covered, closest) {
        (_, None) => "nothing is chosen that could check it".to_owned(),
        (true, Some(by)) => format!("\"{}\" checks it", by.name),
        (false, Some(near)) => {
            let score = near.score.unwrap_or(0.0);
            let name = &near.name;
            format!(
                "no chosen scenario checks it; the closest is \"{name}\" ({score:.2} of {COVERED:.2})"
            )
        }
    }
}

/// What was accepted of the newest prediction, else all of it.
fn chosen_before(stored: &Repositories<'_>, ticket_id: i64) -> Result<(ChosenFrom, Vec<Chosen>)> {
    let newest = stored.predictions().latest(ticket_id)?;
    let Some((run, prediction)) = newest.and_then(|newest| Some((newest.id?, newest))) else {
        return Ok((ChosenFrom::Nothing, Vec::new()));
    };
    let accepted = stored.predictions().accepted_of_run(run)?;
    if accepted.is_empty() {
        let scenarios = not_its_own(prediction.scenarios);
        return Ok((ChosenFrom::Prediction, scenarios));
    }
    let is_accepted = |scenario: &Scenario| {
        scenario
            .prediction_id
            .is_some_and(|id| accepted.contains(&id))
    };
    let scenarios = prediction.scenarios.into_iter().filter(is_accepted);
    Ok((ChosenFrom::Accepted, scenarios.map(Chosen::from).collect()))
}

fn not_its_own(scenarios: Vec<Scenario>) -> Vec<Chosen> {
    let others = scenarios
        .into_iter()
        .filter(|s| s.steps_origin != StepsOrigin::Ticket);
    others.map(Chosen::from).collect()
}

fn given_scenarios(stored: &Repositories<'_>, given: &[ChosenScenario]) -> Result<Vec<Chosen>> {
    given
        .iter()
        .map(|one| given_scenario(stored, one))
        .collect()
}

fn given_scenario(stored: &Repositories<'_>, given: &ChosenScenario) -> Result<Chosen> {
    let found = match given {
        ChosenScenario::Pattern(id) => {
            let pattern = id.to_string();
            let found = stored.patterns().by_id(*id)?;
            Some(found.ok_or(Error::PatternNotFound { pattern })?)
        }
        ChosenScenario::Prediction(id) => {
            let scenario = stored.predictions().scenario(*id)?;
            let what = "scenario";
            return Ok(Chosen::from(
                scenario.ok_or(Error::PredictionNotFound { what, id: *id })?,
            ));
        }
        ChosenScenario::Name(name) => match stored.patterns().by_key(name)? {
            Some(found) => Some(found),
            None => stored.patterns().by_name(name)?.into_iter().next(),
        },
    };
    let Some(Stored { id, value }) = found else {
        let ChosenScenario::Name(name) = given else {
            return Err(Error::invalid("chosen", "", "a scenario"));
        };
        return bare(name);
    };
    let edited = stored.feedback().edited_steps(&[id])?;
    Ok(Chosen {
        name: value.name,
        steps: edited
            .into_iter()
            .next()
            .map_or(value.steps, |(_, steps)| steps),
        pattern_type: Some(value.pattern_type),
        pattern_id: Some(id),
        pattern_key: value.key,
    })
}

/// A scenario of which the name is all that is known.
fn bare(name: &str) -> Result<Chosen> {
    if name.trim().is_empty() {
        return Err(Error::invalid("chosen", name, "a scenario's name"));
    }
    Ok(Chosen {
        name: name.trim().to_owned(),
        steps: Vec::new(),
        pattern_type: None,
        pattern_id: None,
        pattern_key: None,
    })
}
