//! Types of scenario that are usual for a ticket and of which nothing is chosen.

use std::collections::BTreeMap;

use super::chosen::{Chosen, named};
use crate::Result;
use crate::analysis::scenario_types::ScenarioTypes;
use crate::atlas::core::Core;
use crate::domain::{
    Draft, NamedScenario, ScenarioTypeGuess, TicketKey, TypeGap, folded_name, same_name,
};
use crate::pipeline::Query;
use crate::search::Index;
use crate::search::documents::Document;
use crate::search::ticket_index::TicketQuestion;
use crate::text::terms::TermLine;

/// From this relevance on, a ticket calls for a type, and a scenario is of a type by its meaning.
const CALLED_FOR: f32 = 0.5;
/// From this share of the past's votes on, a type was right for tickets that are alike.
const USUAL: f32 = 0.2;
/// Patterns less like the ticket (cosine) are not worth adding for their type's sake.
const LEAST_LIKE: f32 = 0.2;
/// So many types are named at most.
const MOST_TYPES: usize = 8;

/// What types are looked for with.
pub(crate) struct Usual<'a> {
    pub key: Option<&'a TicketKey>,
    pub draft: &'a Draft,
    pub question: &'a TicketQuestion,
    pub index: &'a Index,
    pub chosen: &'a [Chosen],
}

/// A type that the ticket's text or the past calls for.
#[derive(Default)]
struct Call {
    name: String,
    guess: Option<ScenarioTypeGuess>,
    /// Share of the past's votes, 0 to 1.
    votes: f32,
    past: Vec<TicketKey>,
    /// Votes for each pattern of the type, by number.
    patterns: BTreeMap<u32, f32>,
}

impl Core {
    /// The usual types without a chosen scenario, those that are called for the most first.
    pub(crate) fn type_gaps(&self, usual: &Usual<'_>) -> Result<Vec<TypeGap>> {
        let types = self.scenario_types()?;
        let question = usual.question;
        let mut calls: BTreeMap<String, Call> = BTreeMap::new();
        let guesses = types.guess(
            &question.text.whole,
            &question.summary_line,
            &question.body_line,
        );
        for guess in guesses.into_iter().filter(|g| g.relevance >= CALLED_FOR) {
            let call = calls.entry(folded_name(&guess.scenario_type)).or_default();
            call.name.clone_from(&guess.scenario_type);
            call.guess = Some(guess);
        }
        add_past(&mut calls, usual);
        calls.retain(|_, call| call.guess.is_some() || call.votes >= USUAL);
        for name in self.chosen_types(types, usual.chosen)? {
            calls.remove(&name);
        }
        let mut calls: Vec<Call> = calls.into_values().collect();
        let weight = |call: &Call| {
            call.votes
                .max(call.guess.as_ref().map_or(0.0, |g| g.relevance))
        };
        calls.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.name.cmp(&b.name)));
        calls.truncate(MOST_TYPES);
        calls
            .into_iter()
            .map(|call| {
                Ok(TypeGap {
                    suggestion: self.pattern_of_type(&call, usual)?,
                    relevance: call.guess.as_ref().map_or(0.0, |guess| guess.relevance),
                    reason: reason(&call),
                    past_tickets: call.past,
                    scenario_type: call.name,
                })
            })
            .collect()
    }

    /// The types that chosen scenarios have or mean, in lower case.
    fn chosen_types(&self, types: &ScenarioTypes, chosen: &[Chosen]) -> Result<Vec<String>> {
        let documents = chosen.iter().map(|one| {
            let steps = one.steps.iter();
            let lines = steps.flat_map(|s| [Some(s.action.clone()), s.expected.clone()]);
            let body: Vec<String> = lines.flatten().collect();
            Document {
                name: one.name.clone(),
                body: body.join("\n"),
                full: String::new(),
            }
        });
        let documents: Vec<Document> = documents.collect();
        let wholes: Vec<String> = documents.iter().map(Document::whole).collect();
        let wholes: Vec<&str> = wholes.iter().map(String::as_str).collect();
        let mut names = Vec::new();
        for (one, (document, codes)) in chosen
            .iter()
            .zip(documents.iter().zip(self.codes_of(&wholes)?))
        {
            let lines = (TermLine::new(&document.name), TermLine::new(&document.body));
            let meant = types.guess(&codes, &lines.0, &lines.1).into_iter();
            let meant = meant.filter(|guess| guess.relevance >= CALLED_FOR);
            names.extend(meant.map(|guess| folded_name(&guess.scenario_type)));
            names.extend(one.pattern_type.as_deref().map(folded_name));
        }
        Ok(names)
    }

    /// The pattern of a type to add: what was right for tickets that are alike, else what is most
    /// like the ticket.
    fn pattern_of_type(&self, call: &Call, usual: &Usual<'_>) -> Result<Option<NamedScenario>> {
        let patterns = &usual.index.patterns;
        let likenesses = patterns.text.likenesses(&usual.question.text.whole);
        let of_type = patterns.rows.iter().zip(0u32..).filter(|(row, _)| {
            same_name(&row.pattern_type, &call.name)
                && usual
                    .chosen
                    .iter()
                    .all(|one| one.pattern_id != Some(row.id))
        });
        let votes = |number: u32| call.patterns.get(&number).copied().unwrap_or(0.0);
        let best = of_type
            .map(|(row, number)| (votes(number), likenesses[number as usize], row.id))
            .filter(|(votes, likeness, _)| *votes > 0.0 || *likeness >= LEAST_LIKE)
            .max_by(|a, b| {
                let by_votes = a.0.total_cmp(&b.0);
                by_votes.then(a.1.total_cmp(&b.1)).then(b.2.cmp(&a.2))
            });
        let Some((_, likeness, id)) = best else {
            return Ok(None);
        };
        let pattern = self.store.read(|stored| stored.patterns().by_id(id))?;
        Ok(pattern.map(|pattern| named(&pattern, likeness)))
    }
}

/// Adds the types that were right for past tickets that are alike; each ticket votes once for a
/// type.
fn add_past(calls: &mut BTreeMap<String, Call>, usual: &Usual<'_>) {
    let Usual {
        key,
        draft,
        question,
        index,
        ..
    } = *usual;
    let query = Query::new(key, draft, question, index, &[], &[]);
    let past = query.past();
    for voter in &past.voters {
        let key = &index.tickets.rows[voter.ticket as usize].key;
        let outcomes = index.history.of(voter.ticket).iter();
        for outcome in outcomes.filter(|o| o.verdict == crate::domain::Verdict::Right) {
            let name = &index.patterns.rows[outcome.pattern as usize].pattern_type;
            let call = calls.entry(folded_name(name)).or_default();
            if call.name.is_empty() {
                call.name.clone_from(name);
            }
            if call.past.last() != Some(key) {
                call.votes += voter.share;
                call.past.push(key.clone());
            }
            *call.patterns.entry(outcome.pattern).or_default() += voter.share;
        }
    }
}

fn reason(call: &Call) -> String {
    let text = call
        .guess
        .as_ref()
        .map(|guess| match guess.words.is_empty() {
            true => "the ticket's text calls for it".to_owned(),
            false => format!("the ticket speaks of {}", guess.words.join(", ")),
        });
    let past = call.past.first().map(|first| match call.past.len() {
        1 => format!("it was right for {first}, which is alike"),
        n => format!("it was right for {first} and {} more that are alike", n - 1),
    });
    let said: Vec<String> = [text, past].into_iter().flatten().collect();
    format!("{}; nothing chosen is of this type", said.join(", and "))
}
