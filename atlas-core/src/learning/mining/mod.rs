//! Mining: scenarios that several tickets tell, proposed as patterns.
//!
//! 1. A [`Note`] is a ticket whose own steps are clear enough to be followed by somebody else.
//! 2. Its title and its steps are encoded apart; [`rows`] joins both vectors, so that the cosine of
//!    two notes is the weighted mean of the two cosines. Steps alone are too much alike ("Run the
//!    app, tap the button"), titles alone say nothing of how it is tested.
//! 3. [`groups`](groups::groups) finds notes that are alike.
//! 4. [`propose`] takes the member that is most alike to the others, and clearest, as the example:
//!    its steps are the scenario, its title gives the name.
//!
//! Nothing here is random and nothing reads the database.

pub mod clean;
pub mod groups;
pub mod naming;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_128;

use crate::analysis::scenario_types::ScenarioTypes;
use crate::domain::{PatternProposal, Step, Ticket, TicketKey};
use crate::search::vectors::{Codes, VectorIndex};
use crate::text::prose::{prose, summary_without_prefix};
use crate::text::steps::{TicketStepsKind, ticket_steps};
use crate::text::terms::TermLine;
use crate::{Error, Result};
use clean::{CleanSteps, clean, is_more_than_setup};
use groups::Group;
use words::{Words, topic};

/// The share of the title in the cosine of two notes; the rest is the steps'.
const TITLE_SHARE: f32 = 0.5;
/// A note has so many steps at least, and
const FEWEST_STEPS: usize = 2;
/// so large a share of them clear.
const LEAST_CLARITY: f32 = 0.6;
/// The type of a scenario that is of none of the known types.
pub const GENERAL: &str = "General";

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectOptions {
    /// A scenario is told by at least so many tickets, 1 or more.
    pub min_tickets: usize,
    /// How alike tickets are at least to the one that stands for them, 0.3 to 1: the mean cosine
    /// of their titles and of their steps. The default was chosen by reading what it gives on a
    /// public tracker: lower ones mix scenarios, higher ones find copies only.
    pub similarity: f32,
    /// At most so many proposals, the best by score; 0 for all.
    pub limit: usize,
    /// Whether scenarios that a stored pattern says already are named too, marked as known.
    pub known: bool,
}

impl Default for DetectOptions {
    fn default() -> Self {
        DetectOptions {
            min_tickets: 2,
            similarity: 0.62,
            limit: 0,
            known: false,
        }
    }
}

impl DetectOptions {
    /// Whether the values are in their ranges.
    ///
    /// # Errors
    /// `INVALID_VALUE`.
    pub fn check(&self) -> Result<()> {
        if self.min_tickets == 0 {
            return Err(Error::invalid("min_tickets", 0, "1 or more"));
        }
        if !(0.3..=1.0).contains(&self.similarity) {
            return Err(Error::invalid("similarity", self.similarity, "0.3 to 1"));
        }
        Ok(())
    }
}

/// A ticket that tells how to test something, as far as mining needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The ticket.
    pub key: TicketKey,
    /// Its title.
    pub title: String,
    /// Whether it reports a fault.
    pub defect: bool,
    /// Its components.
    pub components: Vec<String>,
    /// Its steps, cleaned.
    pub steps: Vec<Step>,
    /// The share of its steps that are clear, 0 to 1.
    pub clarity: f32,
}

impl Note {
    /// What a ticket's description tells; nothing where it tells no steps or none that can be
    /// followed.
    pub fn of_ticket(ticket: &Ticket) -> Option<Self> {
        let found = ticket_steps(ticket.description.as_deref()?)?;
        // In a task or a wish, a list without a heading is what is to be built.
        let is_plan = found.kind == TicketStepsKind::Numbered && !is_defect(ticket);
        if is_plan {
            None
        } else {
            Note::new(ticket, &found.steps)
        }
    }

    /// Steps that belong to a ticket but stand elsewhere, such as in its comments.
    pub fn new(ticket: &Ticket, steps: &[Step]) -> Option<Self> {
        let CleanSteps { steps, clarity } = clean(steps, &ticket.key);
        let does = steps.iter().any(is_more_than_setup);
        (steps.len() >= FEWEST_STEPS && clarity >= LEAST_CLARITY && does).then(|| Note {
            key: ticket.key.clone(),
            title: ticket.summary.trim().to_owned(),
            defect: is_defect(ticket),
            components: ticket.components.clone(),
            steps,
            clarity,
        })
    }

    /// The title as it is encoded: without the platform or component that it begins with.
    pub fn title_text(&self) -> String {
        let title = prose(&self.title);
        summary_without_prefix(&title).to_owned()
    }

    /// The steps as they are encoded.
    pub fn steps_text(&self) -> String {
        steps_text(&self.steps)
    }
}

fn is_defect(ticket: &Ticket) -> bool {
    ["bug", "defect"].contains(&ticket.ticket_type.to_lowercase().as_str())
}

/// Steps as one text, a line each for what is done and what is expected.
pub fn steps_text(steps: &[Step]) -> String {
    let lines = steps
        .iter()
        .flat_map(|step| [Some(step.action.as_str()), step.expected.as_deref()]);
    lines.flatten().collect::<Vec<_>>().join("\n")
}

/// The hash that equal steps share, whatever their case and blanks.
pub fn steps_hash(steps: &[Step]) -> u128 {
    let lower = steps_text(steps).to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    xxh3_128(words.join(" ").as_bytes())
}

/// The short id of a proposal with these steps.
pub fn proposal_id(steps: &[Step]) -> String {
    format!("{:032x}", steps_hash(steps))[..8].to_owned()
}

/// One row a note: the vectors of title and steps side by side.
///
/// # Errors
/// `CORRUPT_DATABASE` when the vectors' widths differ.
pub fn rows(titles: &[Codes], steps: &[Codes]) -> Result<VectorIndex> {
    let width = titles.first().map_or(0, |codes| codes.values.len());
    let mut rows = VectorIndex::new(width * 2);
    for (title, steps) in titles.iter().zip(steps) {
        let scaled = |codes: &Codes, share: f32| {
            let weight = share.sqrt();
            codes
                .to_vector()
                .into_iter()
                .map(move |value| value * weight)
        };
        let joined: Vec<f32> = scaled(title, TITLE_SHARE)
            .chain(scaled(steps, 1.0 - TITLE_SHARE))
            .collect();
        rows.push(Some(&Codes::quantise(&joined)))?;
    }
    Ok(rows)
}

/// A proposal for each group of at least `least` tickets, best first by score, then by id; of equal steps only the first.
///
/// `steps` are the vectors of the notes' steps, from which types are guessed.
pub fn propose(
    notes: &[Note],
    groups: &[Group],
    rows: &VectorIndex,
    steps: &[Codes],
    types: &ScenarioTypes,
    least: usize,
) -> Vec<PatternProposal> {
    let words = Words::count(notes);
    let mut proposals: Vec<PatternProposal> = groups
        .iter()
        .filter_map(|group| proposal(notes, group, rows, steps, types, &words, least))
        .collect();
    proposals.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    let mut seen = BTreeSet::new();
    proposals.retain(|proposal| seen.insert(proposal.id.clone()));
    proposals
}

fn proposal(
    notes: &[Note],
    group: &Group,
    rows: &VectorIndex,
    steps: &[Codes],
    types: &ScenarioTypes,
    words: &Words,
    least: usize,
) -> Option<PatternProposal> {
    let members: Vec<usize> = group.members.iter().map(|(row, _)| *row).collect();
    let (example, cohesion) = example(notes, &members, rows)?;
    let note = &notes[example];
    let shown = with_purpose(note);
    let telling = words.telling(notes, &members, example);
    let keys: BTreeSet<TicketKey> = members.iter().map(|&m| notes[m].key.clone()).collect();
    if keys.len() < least {
        return None;
    }
    // A ticket that was cloned for another platform tells the same once more.
    let titles = members
        .iter()
        .map(|&m| notes[m].title_text().to_lowercase());
    let evidence = 1.0 - 1.0 / titles.collect::<BTreeSet<_>>().len() as f32;
    Some(PatternProposal {
        id: proposal_id(&shown),
        name: naming::name(&note.title, note.defect, topic(&telling, notes, &members)),
        pattern_type: type_of(notes, &members, steps, types),
        component: component(notes, &members),
        steps: shown,
        example: note.key.clone(),
        ticket_keys: in_order(keys),
        words: telling,
        cohesion,
        score: (cohesion + evidence + note.clarity) / 3.0,
        known: None,
        merged: Vec::new(),
    })
}

/// The steps of an example. Where none says what should be seen, its title does.
fn with_purpose(note: &Note) -> Vec<Step> {
    let mut steps = note.steps.clone();
    if steps.iter().all(|step| step.expected.is_none()) {
        let title = note.title_text();
        if let (Some(last), Some(expected)) = (steps.last_mut(), naming::turned_around(&title)) {
            last.expected = Some(expected);
        }
    }
    steps
}

/// The member that stands for the group, and the mean cosine of the others with it.
///
/// That is the one most alike to all others (the medoid), where a clear one and one with three to
/// eight steps is worth a little more.
fn example(notes: &[Note], members: &[usize], rows: &VectorIndex) -> Option<(usize, f32)> {
    let vectors: Vec<Vec<f32>> = members
        .iter()
        .map(|&m| {
            rows.codes(m)
                .map(|codes| codes.to_vector())
                .unwrap_or_default()
        })
        .collect();
    let others = (members.len() - 1).max(1) as f32;
    let mut best: Option<(f32, usize, f32)> = None;
    for (place, &member) in members.iter().enumerate() {
        let sum: f32 = (members.iter().enumerate())
            .filter(|(other, _)| *other != place)
            .map(|(_, &other)| rows.exact_cosine(other, &vectors[place]))
            .sum();
        let alike = if members.len() == 1 {
            1.0
        } else {
            sum / others
        };
        let note = &notes[member];
        let whole = f32::from(u8::from((3..=8).contains(&note.steps.len())));
        let seen = f32::from(u8::from(note.steps.iter().any(|s| s.expected.is_some())));
        let worth = alike + 0.15 * note.clarity + 0.05 * whole + 0.05 * seen;
        if best.is_none_or(|(most, _, _)| worth > most) {
            best = Some((worth, member, alike.clamp(0.0, 1.0)));
        }
    }
    best.map(|(_, member, alike)| (member, alike))
}

/// The type that most members call for, by summed relevance.
fn type_of(notes: &[Note], members: &[usize], steps: &[Codes], types: &ScenarioTypes) -> String {
    let mut votes: BTreeMap<String, f32> = BTreeMap::new();
    for &member in members.iter().take(20) {
        let note = &notes[member];
        let (title, body) = (
            TermLine::new(&note.title),
            TermLine::new(&note.steps_text()),
        );
        for guess in types.guess(&steps[member], &title, &body) {
            *votes.entry(guess.scenario_type).or_default() += guess.relevance;
        }
    }
    let best = votes
        .into_iter()
        .reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map_or_else(|| GENERAL.to_owned(), |(name, _)| name)
}

/// The component that at least half of the members have.
fn component(notes: &[Note], members: &[usize]) -> Option<String> {
    let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
    for &member in members {
        let names: BTreeSet<&str> = notes[member]
            .components
            .iter()
            .map(String::as_str)
            .collect();
        for name in names {
            *votes.entry(name).or_default() += 1;
        }
    }
    let best = votes
        .into_iter()
        .reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    (best.1 * 2 >= members.len()).then(|| best.0.to_owned())
}

/// Project by project, by number.
fn in_order(keys: BTreeSet<TicketKey>) -> Vec<TicketKey> {
    let mut keys: Vec<TicketKey> = keys.into_iter().collect();
    let number = |key: &TicketKey| {
        let digits = key.as_str().rsplit('-').next().unwrap_or_default();
        (digits.len(), digits.to_owned())
    };
    keys.sort_by_key(|key| (key.project().to_owned(), number(key)));
    keys
}

/// The proposal with an id, or with its beginning of at least four digits.
///
/// # Errors
/// `INVALID_VALUE` when there is none, or more than one with this beginning.
pub fn find<'a>(proposals: &'a [PatternProposal], id: &str) -> Result<&'a PatternProposal> {
    let wanted = id.trim().to_lowercase();
    if wanted.len() < 4 {
        let expected = "the id of a proposal, or at least its first four digits";
        return Err(Error::invalid("proposal", id, expected));
    }
    let mut found = proposals.iter().filter(|p| p.id.starts_with(&wanted));
    match (found.next(), found.next()) {
        (Some(proposal), None) => Ok(proposal),
        (Some(_), _) => {
            let expected = "more of its digits: several ids begin with these";
            Err(Error::invalid("proposal", id, expected))
        }
        (None, _) => {
            let expected = "the id of a proposal that is made now, with the same options";
            Err(Error::invalid("proposal", id, expected))
        }
    }
}

/// Two proposals as one: the first with the tickets of both. Its example, steps, name, type and
/// component stay; cohesion and score are the means by tickets.
pub fn merge(keep: &PatternProposal, other: &PatternProposal) -> PatternProposal {
    let tickets = |p: &PatternProposal| p.ticket_keys.len() as f32;
    let keys = keep.ticket_keys.iter().chain(&other.ticket_keys);
    let share = tickets(keep) / (tickets(keep) + tickets(other)).max(1.0);
    let mean = |a: f32, b: f32| a * share + b * (1.0 - share);
    let hash = format!("{:032x}", steps_hash(&other.steps));
    let merged = std::iter::once(&hash).chain(&other.merged);
    PatternProposal {
        ticket_keys: in_order(keys.cloned().collect()),
        cohesion: mean(keep.cohesion, other.cohesion),
        score: mean(keep.score, other.score),
        merged: keep.merged.iter().chain(merged).cloned().collect(),
        ..keep.clone()
    }
}
