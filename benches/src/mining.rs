//! Scenarios mined from the Titanium tickets, for people to judge.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use atlas_core::Result;
use atlas_core::analysis::scenario_types::{self, ScenarioTypes};
use atlas_core::domain::{PatternProposal, Step, StoredPattern, Ticket, TicketKey, silent};
use atlas_core::learning::mining::{self, DetectOptions, Note, groups::groups};
use atlas_core::learning::near_duplicates::{NearDuplicates, near_duplicates};
use atlas_core::search::documents::Document;
use atlas_core::search::vectors::VectorIndex;
use atlas_core::text::encoder::Encoder;

use crate::data::{mattermost, titanium};
use crate::encode::codes;

/// Compares all Mattermost test cases with each other and prints what repeats.
///
/// # Errors
/// As the readers'.
pub fn print_near_duplicates(folder: &Path, encoder: &Encoder, max_tokens: usize) -> Result<()> {
    let (patterns, _) = mattermost(folder)?;
    let texts: Vec<String> = patterns
        .iter()
        .map(|pattern| Document::of_pattern(pattern).whole())
        .collect();
    let mut vectors = VectorIndex::new(encoder.dimensions());
    for vector in codes(encoder, &texts, max_tokens)? {
        vectors.push(Some(&vector))?;
    }
    let patterns: Vec<StoredPattern> = (1..)
        .zip(patterns)
        .map(|(id, pattern)| StoredPattern { id, pattern })
        .collect();
    let start = Instant::now();
    let options = NearDuplicates {
        limit: 0,
        ..NearDuplicates::default()
    };
    let pairs = near_duplicates(&patterns, &vectors, &options);
    let equal = pairs.iter().filter(|pair| pair.similarity == 1.0).count();
    println!(
        "  {} patterns, {} pairs of at least {}, {equal} of them equal, {:.1} s",
        patterns.len(),
        pairs.len(),
        options.similarity,
        start.elapsed().as_secs_f32()
    );
    for place in drawn(pairs.len(), 5) {
        let pair = &pairs[place];
        println!("    {:.2}  {}", pair.similarity, pair.keep.name);
        println!("          {}", pair.drop.name);
        println!("          {}", pair.reason);
    }
    Ok(())
}

/// What mining found, and what it took.
pub struct Mined {
    /// Tickets that were read.
    pub tickets: usize,
    /// Those with steps that can be followed.
    pub notes: usize,
    /// The titles of all notes' tickets.
    titles: HashMap<TicketKey, String>,
    /// The scenarios, best first.
    pub proposals: Vec<PatternProposal>,
    /// Reading and cleaning the steps.
    pub reading: Duration,
    /// Comparing, grouping and naming. Encoding is apart: see `encoding`.
    pub grouping: Duration,
    /// Encoding what the cache of vectors did not have.
    pub encoding: Duration,
}

/// Mines the descriptions of all tickets.
///
/// # Errors
/// As the readers'.
pub fn of_descriptions(folder: &Path, encoder: &Encoder, max_tokens: usize) -> Result<Mined> {
    let tickets = titanium(folder)?;
    let start = Instant::now();
    let notes = tickets.iter().filter_map(Note::of_ticket).collect();
    mine(tickets.len(), notes, start.elapsed(), encoder, max_tokens)
}

/// Mines the collected notes: steps that testers wrote into descriptions and comments.
///
/// # Errors
/// As the readers'.
pub fn of_notes(folder: &Path, encoder: &Encoder, max_tokens: usize) -> Result<Mined> {
    let tickets = titanium(folder)?;
    let by_key: HashMap<&str, &Ticket> = tickets.iter().map(|t| (t.key.as_str(), t)).collect();
    let collected = crate::data::test_notes(folder)?;
    let start = Instant::now();
    let notes = collected
        .iter()
        .filter_map(|(key, steps)| {
            let steps: Vec<Step> = steps.iter().map(|step| Step::new(step, "")).collect();
            Note::new(by_key.get(key.as_str())?, &steps, true)
        })
        .collect();
    mine(collected.len(), notes, start.elapsed(), encoder, max_tokens)
}

fn mine(
    tickets: usize,
    notes: Vec<Note>,
    reading: Duration,
    encoder: &Encoder,
    max_tokens: usize,
) -> Result<Mined> {
    let start = Instant::now();
    let titles: Vec<String> = notes.iter().map(Note::title_text).collect();
    let steps: Vec<String> = notes.iter().map(Note::steps_text).collect();
    let titles = codes(encoder, &titles, max_tokens)?;
    let steps = codes(encoder, &steps, max_tokens)?;
    let table = scenario_types::bundled()?;
    let sentences: Vec<String> = table.iter().map(|t| t.description.clone()).collect();
    let types = ScenarioTypes::new(table, &codes(encoder, &sentences, max_tokens)?)?;
    let encoding = start.elapsed();
    let start = Instant::now();
    let rows = mining::rows(&titles, &steps)?;
    let options = DetectOptions::default();
    let found = groups(&rows, options.similarity, options.min_tickets, &mut silent)?;
    let proposals = mining::propose(&notes, &found, &rows, &steps, &types, options.min_tickets);
    Ok(Mined {
        tickets,
        notes: notes.len(),
        titles: notes
            .into_iter()
            .map(|note| (note.key, note.title))
            .collect(),
        proposals,
        reading,
        grouping: start.elapsed(),
        encoding,
    })
}

impl Mined {
    /// Prints the numbers, the three best, the three worst, and a sample of `sample`.
    pub fn print(&self, sample: usize) {
        let told: usize = self.proposals.iter().map(|p| p.ticket_keys.len()).sum();
        println!(
            "  {} read, {} with steps that can be followed, {} scenarios told by {told}",
            self.tickets,
            self.notes,
            self.proposals.len()
        );
        let sizes = [2..3, 3..4, 4..6, 6..11, 11..usize::MAX].map(|range| {
            let of_size = |p: &&PatternProposal| range.contains(&p.ticket_keys.len());
            self.proposals.iter().filter(of_size).count()
        });
        println!(
            "  tickets of a scenario: 2: {}, 3: {}, 4 to 5: {}, 6 to 10: {}, more: {}",
            sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]
        );
        println!(
            "  {:.1} s to read, {:.1} s to encode what was not kept, {:.1} s to compare and name; {} MB at most",
            self.reading.as_secs_f32(),
            self.encoding.as_secs_f32(),
            self.grouping.as_secs_f32(),
            peak_megabytes().map_or("?".to_owned(), |mb| mb.to_string())
        );
        let count = self.proposals.len();
        println!("  The three best");
        self.proposals
            .iter()
            .take(3)
            .for_each(|p| self.print_one(p));
        println!("  The three worst");
        self.proposals
            .iter()
            .skip(count.saturating_sub(3))
            .for_each(|p| self.print_one(p));
        println!("  {sample} drawn with a fixed seed");
        for place in drawn(count, sample) {
            self.print_one(&self.proposals[place]);
        }
    }

    /// A scenario with its steps and the titles of three of its other tickets.
    fn print_one(&self, proposal: &PatternProposal) {
        let keys: Vec<&str> = proposal
            .ticket_keys
            .iter()
            .take(6)
            .map(|k| k.as_str())
            .collect();
        println!(
            "    {} {:.2}  {}\n             {} · {} · cohesion {:.2} · {} tickets: {}{} · {}",
            proposal.id,
            proposal.score,
            proposal.name,
            proposal.pattern_type,
            proposal.component.as_deref().unwrap_or("no component"),
            proposal.cohesion,
            proposal.ticket_keys.len(),
            keys.join(" "),
            if proposal.ticket_keys.len() > 6 {
                " …"
            } else {
                ""
            },
            proposal.words.join(", "),
        );
        for (number, step) in (1..).zip(&proposal.steps) {
            println!("             {number}. {}", step.action);
            if let Some(expected) = &step.expected {
                println!("                → {}", expected.replace('\n', " "));
            }
        }
        let others = proposal
            .ticket_keys
            .iter()
            .filter(|key| **key != proposal.example);
        for key in others.take(3) {
            println!("             as {key}  {}", self.titles[key]);
        }
    }
}

/// Different numbers below `count`, by a generator with a fixed seed (splitmix64).
fn drawn(count: usize, wanted: usize) -> Vec<usize> {
    let mut state: u64 = 20_240_517;
    let mut places: Vec<usize> = Vec::new();
    while places.len() < wanted.min(count) {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let place = ((z ^ (z >> 31)) % count as u64) as usize;
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// The most memory that the process held, where the system says so.
fn peak_megabytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}
