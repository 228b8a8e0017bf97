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
mod markup;
pub mod naming;
mod note;
mod vocabulary;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::scenario_types::ScenarioTypes;
use crate::domain::{PatternProposal, Step, TicketKey};
use crate::search::vectors::{Codes, VectorIndex};
use crate::text::terms::TermLine;
use crate::{Error, Result};
pub use note::{Note, proposal_id, steps_hash, steps_text};

use clean::{is_instruction, says_what_is_seen};
use groups::NoteGroup;
use words::{Words, topic};

/// The share of the title in the cosine of two notes; the rest is the steps'.
const TITLE_SHARE: f32 = 0.5;
/// The type of a scenario that is of none of the known types.
pub const GENERAL: &str = "General";

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectOptions {
    /// A scenario is told by at least so many tickets, 1 or more.
    pub min_tickets: usize,
    /// How alike tickets are at least to the one that stands for them, 0.3 to 1: the mean cosine
    /// of their titles and of their steps. On a public tracker of 22,371 tickets the default finds
    /// 499 scenarios, the largest told by 19 tickets; 0.52 finds 658 (48), 0.72 finds 251 (8).
    /// Three of four of the default's were found worth keeping; the others were not judged.
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
    groups: &[NoteGroup],
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
    group: &NoteGroup,
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
    // Steps to a fault, without a word of what is right, test nothing.
    if !note.is_test && !says_what_is_seen(&shown) {
        return None;
    }
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
    if note.defect && steps.iter().all(|step| step.expected.is_none()) {
        let title = naming::without_asides(&note.title_text());
        // "Open the camera" is a title, and nothing that can be seen.
        let seen = naming::turned_around(&title).filter(|turned| !is_instruction(turned));
        if let (Some(last), Some(expected)) = (steps.last_mut(), seen) {
            last.expected = Some(expected);
        }
    }
    steps
}

/// The member that stands for the group, and the mean cosine of the others with it.
///
/// That is the one most alike to all others (the medoid), where a clear one and one with three to
/// eight steps, or with what is expected, is worth a little more.
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
        let worth = alike + 0.15 * note.clarity + 0.05 * whole + 0.10 * seen;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Ticket;

    fn note(number: u32, title: &str, actions: &[&str], components: &[&str]) -> Note {
        let mut ticket = Ticket::new(TicketKey::parse(&format!("WRKA-{number}")).unwrap(), title);
        ticket.ticket_type = "Bug".to_owned();
        ticket.components = components.iter().map(|&name| name.to_owned()).collect();
        let steps: Vec<Step> = actions
            .iter()
            .map(|action| Step::new(*action, ""))
            .collect();
        Note::new(&ticket, &steps, true).expect("steps that can be followed")
    }

    fn proposals(notes: &[Note], members: &[usize], least: usize) -> Vec<PatternProposal> {
        let codes = vec![Codes::quantise(&[1.0, 0.0]); notes.len()];
        let rows = rows(&codes, &codes).unwrap();
        let types = ScenarioTypes::new(Vec::new(), &[]).unwrap();
        let group = NoteGroup {
            centre: members[0],
            members: members.iter().map(|&member| (member, 1.0)).collect(),
        };
        propose(notes, &[group], &rows, &codes, &types, least)
    }

    #[test]
    fn a_group_becomes_a_proposal_with_its_tickets() {
        let notes = [
            note(
                12,
                "Rows don't vanish in ListView",
                &["Open the list", "Delete a row"],
                &["UI"],
            ),
            note(
                3,
                "Deleted row stays in ListView",
                &["Open the list", "Remove a row"],
                &["UI", "Data"],
            ),
            note(
                5,
                "Login fails",
                &["Type the name", "Press Login"],
                &["Login"],
            ),
        ];
        let found = proposals(&notes, &[0, 1], 2);
        assert_eq!(found.len(), 1);
        let found = &found[0];
        let keys: Vec<&str> = found.ticket_keys.iter().map(|key| key.as_str()).collect();
        assert_eq!(keys, ["WRKA-3", "WRKA-12"]);
        assert_eq!(found.component.as_deref(), Some("UI"));
        assert_eq!(found.name, "Rows vanish in ListView");
        assert_eq!(found.pattern_type, GENERAL);
        assert_eq!(
            found.steps[1].expected.as_deref(),
            Some("Rows vanish in ListView")
        );
        assert_eq!(found.id, proposal_id(&found.steps));
        assert!(
            (found.cohesion - 1.0).abs() < 0.02 && found.score > 0.8,
            "{found:?}"
        );
        assert!(
            found.words.contains(&"ListView".to_owned()),
            "{:?}",
            found.words
        );
        assert!(proposals(&notes, &[0, 1], 3).is_empty());
    }

    #[test]
    fn clones_are_less_evidence_than_two_reports() {
        let steps = ["Open the list", "Delete a row"];
        let clones = [
            note(1, "iOS: Rows stay", &steps, &[]),
            note(2, "Android: Rows stay", &steps, &[]),
        ];
        let reports = [
            note(1, "Rows stay", &steps, &[]),
            note(2, "Deleted rows are shown", &steps, &[]),
        ];
        assert!(proposals(&clones, &[0, 1], 2)[0].score < proposals(&reports, &[0, 1], 2)[0].score);
    }

    #[test]
    fn merged_proposals_have_the_tickets_of_both() {
        let notes = [
            note(1, "Rows stay", &["Open the list", "Delete a row"], &[]),
            note(
                2,
                "Rows are shown",
                &["Open the table", "Delete a row"],
                &[],
            ),
        ];
        let (one, other) = (
            &proposals(&notes, &[0], 1)[0],
            &proposals(&notes, &[1], 1)[0],
        );
        let both = merge(one, other);
        assert_eq!((both.ticket_keys.len(), &both.id), (2, &one.id));
        assert_eq!(both.merged, [format!("{:032x}", steps_hash(&other.steps))]);
        assert_eq!(find(&[both], &one.id[..4]).unwrap().id, one.id);
        assert_eq!(find(&[], "12").unwrap_err().code(), "INVALID_VALUE");
        assert_eq!(find(&[], "12345678").unwrap_err().code(), "INVALID_VALUE");
    }
}
