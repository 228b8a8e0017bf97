//! Components that a ticket is about: what it says, else what its words and its neighbours say.

use std::collections::BTreeMap;

use crate::domain::ComponentGuess;
use crate::search::similar::Similar;
use crate::search::ticket_index::TicketIndex;
use crate::text::terms::TermLine;

/// How sure a component's name in the summary makes, where no neighbour speaks.
const NAMED_IN_SUMMARY: f32 = 0.3;
/// How many neighbours to ask for.
pub const NEIGHBOURS: usize = 60;
/// Guesses below this are not named.
const LEAST_CONFIDENCE: f32 = 0.10;
/// How many guesses at most.
const MOST: usize = 5;

/// The components of a ticket, most confident first.
///
/// `stated` are those that the ticket names; they are certain. Otherwise each of the `neighbours`
/// ([`NEIGHBOURS`] of [`same_topic`](crate::search::similar::same_topic), of the same `project`
/// where that is known) votes for its own with the fourth power of its score, and a component
/// whose name stands in the `summary` is likelier.
pub fn guess(
    index: &TicketIndex,
    stated: &[String],
    project: Option<&str>,
    summary: &TermLine,
    neighbours: &[Similar],
) -> Vec<ComponentGuess> {
    if !stated.is_empty() {
        return stated.iter().map(|name| certain(name)).collect();
    }
    let votes = votes(index, project, neighbours);
    let mut guesses: Vec<ComponentGuess> = names(index, project)
        .into_iter()
        .filter_map(|number| {
            let name = index.names.name(number);
            let said = summary.holds(&TermLine::new(name));
            let (share, tickets) = votes.get(&number).copied().unwrap_or_default();
            let confidence =
                1.0 - (1.0 - share) * (1.0 - if said { NAMED_IN_SUMMARY } else { 0.0 });
            (confidence >= LEAST_CONFIDENCE).then(|| ComponentGuess {
                name: name.to_owned(),
                confidence,
                reason: reason(said, tickets, neighbours.len()),
            })
        })
        .collect();
    guesses.sort_by(|a, b| {
        b.confidence
            .total_cmp(&a.confidence)
            .then_with(|| a.name.cmp(&b.name))
    });
    guesses.truncate(MOST);
    guesses
}

fn certain(name: &str) -> ComponentGuess {
    ComponentGuess {
        name: name.to_owned(),
        confidence: 1.0,
        reason: "the ticket names it".to_owned(),
    }
}

/// Each component's share of the votes, and how many neighbours have it.
fn votes(
    index: &TicketIndex,
    project: Option<&str>,
    neighbours: &[Similar],
) -> BTreeMap<u32, (f32, usize)> {
    let mut votes: BTreeMap<u32, (f32, usize)> = BTreeMap::new();
    let mut total = 0.0;
    for neighbour in neighbours {
        let row = &index.rows[neighbour.number as usize];
        if row.components.is_empty() || project.is_some_and(|p| p != row.key.project()) {
            continue;
        }
        let weight = neighbour.score.max(0.0).powi(4);
        total += weight;
        for &component in &row.components {
            let vote = votes.entry(component).or_default();
            vote.0 += weight;
            vote.1 += 1;
        }
    }
    if total > 0.0 {
        votes.values_mut().for_each(|vote| vote.0 /= total);
    }
    votes
}

/// All components in use in a project, or anywhere.
fn names(index: &TicketIndex, project: Option<&str>) -> Vec<u32> {
    let rows = index
        .rows
        .iter()
        .filter(|row| project.is_none_or(|p| p == row.key.project()));
    let mut names: Vec<u32> = rows
        .flat_map(|row| row.components.iter().copied())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn reason(said: bool, tickets: usize, neighbours: usize) -> String {
    let alike = format!("{tickets} of {neighbours} similar tickets have it");
    match (said, tickets) {
        (true, 0) => "its name stands in the summary".to_owned(),
        (true, _) => format!("its name stands in the summary; {alike}"),
        (false, _) => alike,
    }
}
