//! Scenarios found in the user's tickets: proposed, accepted, dropped, merged.
//!
//! Nothing becomes a pattern before `accept`. Titles and steps are stored encoded by the
//! hash of their text, so that the next call encodes only what is new. A proposal's id is made of
//! its steps, so the command line can take one from an earlier listing by detecting again.
//!
//! A ticket whose steps are few or unclear after `mining::clean` is left out. In a task, a list
//! without a heading is a plan, not a test. The type of a proposal comes from the table of types,
//! its component from the majority of its tickets.
//!
//! `duplicates` compares all active patterns: the mean of cosine and shared words.
//! `merge` retires one of two. Its observations stay with it: they are facts about the
//! pattern that was shown, and the tables of feedback point at them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Patterns;
use crate::atlas::core::Core;
use crate::atlas::core::encode::encode_known;
use crate::domain::{
    KnownPattern, PatternOrigin, PatternProposal, Progress, ProgressFn, ProposalEdits, Stage,
    StoredPattern, TestPattern,
};
use crate::learning::mining::{self, DetectOptions, Note, groups::groups};
use crate::search::documents::{Document, text_hash};
use crate::search::vectors::Codes;
use crate::{Error, Result};

/// Texts encoded and stored together.
const BATCH: usize = 512;
/// Tickets read between two reports.
const READ: u64 = 1_000;
/// A proposal whose text is this near to a pattern's, by cosine, says the same.
const KNOWN_COSINE: f32 = 0.9;
/// A proposal is known where a pattern came from this share of its tickets.
const KNOWN_SHARE: f32 = 0.5;

impl Patterns {
    /// Looks for scenarios that several tickets tell, best first. Nothing is stored but vectors;
    /// the same database gives the same proposals with the same ids. See
    /// [`learning::mining`](crate::learning::mining) for how it works.
    ///
    /// Left out are scenarios that were dropped and those that a pattern says already: with the
    /// same steps (a retired pattern counts too), from more than half of the same tickets, or
    /// with nearly the same text. The first call encodes the steps, about a minute for 5,000
    /// tickets that have some; later ones take seconds.
    ///
    /// # Errors
    /// `INVALID_VALUE`, storage errors; `CANCELLED` when `progress` says so.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{ProposalEdits, Ticket, TicketKey, silent};
    /// use atlas_core::learning::mining::DetectOptions;
    /// let atlas = Atlas::open_in_memory()?;
    /// let told = |key: &str, who: &str| -> atlas_core::Result<Ticket> {
    ///     let mut ticket = Ticket::new(TicketKey::parse(key)?, format!("CSV export of {who} loses umlauts"));
    ///     ticket.description = Some(format!("Steps to reproduce:\n1. Open the list of {who}\n2. Press Export\n3. Open the file\n\nExpected: the names have their umlauts"));
    ///     Ok(ticket)
    /// };
    /// atlas.tickets().add(&[told("WRKA-1", "clients")?, told("WRKA-2", "customers")?])?;
    /// let proposals = atlas.patterns().detect(&DetectOptions::default(), &mut silent)?;
    /// assert_eq!(proposals.len(), 1);
    /// let pattern = atlas.patterns().accept(&proposals[0], &ProposalEdits::default())?;
    /// assert_eq!(pattern.pattern.steps.len(), 3);
    /// assert!(atlas.patterns().detect(&DetectOptions::default(), &mut silent)?.is_empty());
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn detect(
        &self,
        options: &DetectOptions,
        progress: ProgressFn<'_>,
    ) -> Result<Vec<PatternProposal>> {
        options.check()?;
        let notes = self.core.notes(progress)?;
        let titles = texts(&notes, Note::title_text);
        let steps = texts(&notes, Note::steps_text);
        let titles = self.core.kept_codes(&titles, progress)?;
        let steps = self.core.kept_codes(&steps, progress)?;
        let rows = mining::rows(&titles, &steps)?;
        let found = groups(&rows, options.similarity, options.min_tickets, progress)?;
        let types = self.core.scenario_types()?;
        let least = options.min_tickets;
        let mut proposals = mining::propose(&notes, &found, &rows, &steps, types, least);
        self.core.mark_known(&mut proposals, progress)?;
        proposals.retain(|proposal| options.known || proposal.known.is_none());
        if options.limit > 0 {
            proposals.truncate(options.limit);
        }
        Ok(proposals)
    }

    /// Two proposals as one: `keep` with the tickets of both; its steps, name, type and component
    /// stay. Nothing is stored; once the result is accepted or dropped, `other` is not proposed
    /// again.
    pub fn merge_proposals(
        &self,
        keep: &PatternProposal,
        other: &PatternProposal,
    ) -> PatternProposal {
        mining::merge(keep, other)
    }

    /// Keeps a proposal as a pattern of origin `mined`, with the tickets that it came from.
    ///
    /// # Errors
    /// `INVALID_VALUE` when the name is empty, or when there is a pattern of the same name, type
    /// and component; storage errors.
    pub fn accept(
        &self,
        proposal: &PatternProposal,
        edits: &ProposalEdits,
    ) -> Result<StoredPattern> {
        let pattern = pattern_of(proposal, edits);
        crate::atlas::patterns::check(&pattern)?;
        self.core.store.write(|stored| {
            let id = self.core.put_new_pattern(stored, &pattern)?;
            stored.proposals().add_sources(id, &proposal.ticket_keys)?;
            stored
                .proposals()
                .take_back(mining::steps_hash(&proposal.steps))?;
            merged_hashes(proposal).try_for_each(|hash| stored.proposals().drop(hash))?;
            crate::atlas::patterns::pattern_of_row(stored, id)
        })
    }

    /// Remembers that a proposal is not wanted: its steps are not proposed again.
    ///
    /// # Errors
    /// Storage errors.
    pub fn drop_proposal(&self, proposal: &PatternProposal) -> Result<()> {
        self.core.store.write(|stored| {
            let own = mining::steps_hash(&proposal.steps);
            std::iter::once(own)
                .chain(merged_hashes(proposal))
                .try_for_each(|hash| stored.proposals().drop(hash))
        })
    }
}

impl Core {
    /// The tickets' own steps, as far as they can be followed.
    fn notes(&self, progress: ProgressFn<'_>) -> Result<Vec<Note>> {
        let mut notes = Vec::new();
        let mut done = 0;
        self.store.read_with_callbacks(|stored| {
            let total = Some(stored.tickets().count()?);
            stored.tickets().for_each(&mut |ticket| {
                notes.extend(Note::of_ticket(&ticket.value));
                done += 1;
                let stage = Stage::Reading;
                if done % READ == 0 && progress(Progress { stage, done, total }).is_break() {
                    return Err(Error::Cancelled);
                }
                Ok(())
            })
        })?;
        Ok(notes)
    }

    /// Vectors of texts that belong to no ticket or pattern, kept in the database so that the
    /// next call finds them.
    fn kept_codes(&self, texts: &[String], progress: ProgressFn<'_>) -> Result<Vec<Codes>> {
        let encoder = self.encoder.get()?;
        let max_tokens = self.settings.pattern_tokens;
        let hashes: Vec<u128> = texts.iter().map(|t| text_hash(t, max_tokens)).collect();
        let mut known: HashMap<u128, Codes> = HashMap::new();
        let mut missing: BTreeMap<u128, &str> = BTreeMap::new();
        self.store.read(|stored| {
            for (hash, text) in hashes.iter().zip(texts) {
                let bytes = stored.documents().vector(encoder.id(), *hash)?;
                match bytes.and_then(|bytes| Codes::sound(&bytes, encoder.dimensions())) {
                    Some(codes) => drop(known.insert(*hash, codes)),
                    None => drop(missing.insert(*hash, text)),
                }
            }
            Ok(())
        })?;
        let missing: Vec<(u128, &str)> = missing.into_iter().collect();
        let mut done = 0;
        for batch in missing.chunks(BATCH) {
            let (stage, total) = (Stage::Encoding, Some(missing.len() as u64));
            if progress(Progress { stage, done, total }).is_break() {
                return Err(Error::Cancelled);
            }
            let chosen: Vec<&str> = batch.iter().map(|(_, text)| *text).collect();
            let made = encode_known(encoder, &chosen, max_tokens);
            if self.store.read_only().is_none() {
                self.store.write(|stored| {
                    for ((hash, _), codes) in batch.iter().zip(&made) {
                        let bytes = codes.to_bytes();
                        stored.documents().put_vector(encoder.id(), *hash, &bytes)?;
                    }
                    Ok(())
                })?;
            }
            known.extend(batch.iter().map(|(hash, _)| *hash).zip(made));
            done += batch.len() as u64;
        }
        let empty = Codes::quantise(&vec![0.0; encoder.dimensions()]);
        let found = hashes.iter().map(|hash| known.get(hash).unwrap_or(&empty));
        Ok(found.cloned().collect())
    }

    /// Takes out what was dropped, and marks what a pattern says already.
    fn mark_known(
        &self,
        proposals: &mut Vec<PatternProposal>,
        progress: ProgressFn<'_>,
    ) -> Result<()> {
        let (dropped, sources, stored) = self.store.read(|stored| {
            let mut patterns = Vec::new();
            stored.patterns().for_each(&mut |pattern| {
                let hash = mining::steps_hash(&pattern.value.steps);
                patterns.push((pattern.id, pattern.value.name, hash));
                Ok(())
            })?;
            let proposals = stored.proposals();
            Ok((proposals.dropped()?, proposals.sources()?, patterns))
        })?;
        proposals.retain(|p| !dropped.contains(&mining::steps_hash(&p.steps)));
        let texts: Vec<String> = proposals.iter().map(whole_text).collect();
        let codes = self.kept_codes(&texts, progress)?;
        let (index, _) = self.index()?;
        let names: HashMap<i64, &str> = (stored.iter())
            .map(|(id, name, _)| (*id, name.as_str()))
            .collect();
        let known = |id: i64, similarity: f32| KnownPattern {
            id,
            name: names
                .get(&id)
                .map_or(String::new(), |&name| name.to_owned()),
            similarity,
        };
        for (proposal, codes) in proposals.iter_mut().zip(&codes) {
            let hash = mining::steps_hash(&proposal.steps);
            let equal = stored.iter().find(|(_, _, steps)| *steps == hash);
            let equal = equal.map(|(id, _, _)| known(*id, 1.0));
            let nearest = (index
                .patterns
                .text
                .likenesses(codes)
                .into_iter()
                .enumerate())
            .filter(|(_, cosine)| *cosine >= KNOWN_COSINE)
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map(|(number, cosine)| known(index.patterns.rows[number].id, cosine.min(1.0)));
            proposal.known = equal
                .or_else(|| same_sources(proposal, &sources).map(|(id, share)| known(id, share)))
                .or(nearest);
        }
        Ok(())
    }
}

fn texts(notes: &[Note], text: impl Fn(&Note) -> String) -> Vec<String> {
    notes.iter().map(text).collect()
}

fn pattern_of(proposal: &PatternProposal, edits: &ProposalEdits) -> TestPattern {
    let trimmed = |text: &Option<String>| text.as_deref().map(|text| text.trim().to_owned());
    let name = trimmed(&edits.name).unwrap_or_else(|| proposal.name.clone());
    let pattern_type =
        trimmed(&edits.pattern_type).unwrap_or_else(|| proposal.pattern_type.clone());
    let component = trimmed(&edits.component).or_else(|| proposal.component.clone());
    TestPattern {
        component: component.filter(|name| !name.is_empty()),
        steps: proposal.steps.clone(),
        origin: PatternOrigin::Mined,
        ..TestPattern::new(name, pattern_type)
    }
}

fn whole_text(proposal: &PatternProposal) -> String {
    Document::of_pattern(&pattern_of(proposal, &ProposalEdits::default())).whole()
}

fn merged_hashes(proposal: &PatternProposal) -> impl Iterator<Item = u128> + '_ {
    let hashes = proposal.merged.iter();
    hashes.filter_map(|hash| u128::from_str_radix(hash, 16).ok())
}

/// The pattern that came from more than [`KNOWN_SHARE`] of the same tickets, with that share.
fn same_sources(
    proposal: &PatternProposal,
    sources: &BTreeMap<i64, Vec<crate::domain::TicketKey>>,
) -> Option<(i64, f32)> {
    let keys: BTreeSet<_> = proposal.ticket_keys.iter().collect();
    let shares = sources.iter().map(|(id, tickets)| {
        let both = tickets.iter().filter(|key| keys.contains(key)).count();
        (*id, both as f32 / keys.len().max(1) as f32)
    });
    shares
        .filter(|(_, share)| *share > KNOWN_SHARE)
        .reduce(|best, next| if next.1 > best.1 { next } else { best })
}
