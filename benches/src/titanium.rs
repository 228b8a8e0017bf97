//! The tasks on the Titanium tickets: similar tickets, duplicates, components.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use atlas_core::Result;
use atlas_core::analysis::components;
use atlas_core::domain::{Draft, Ticket};
use atlas_core::learning::listwise::{Group, LinearRanker, fit};
use atlas_core::search::documents::Document;
use atlas_core::search::similar::{self, Similar, content_signals, duplicate_candidates};
use atlas_core::search::text_index::{Match, TextIndexBuilder};
use atlas_core::search::ticket_index::{Names, TicketIndex, TicketQuestion, TicketRow};
use atlas_core::search::vectors::Codes;
use atlas_core::search::weights::{CONTENT_SIGNALS, DUPLICATE_SIGNALS};
use atlas_core::text::encoder::Encoder;
use atlas_core::text::prose::summary_without_prefix;
use atlas_core::text::terms;
use ndarray::{Array1, Array2};
use rayon::prelude::*;

use crate::data::{duplicate_clusters, duplicate_partners, titanium};
use crate::encode::codes;
use crate::measure::Measures;

/// Penalty of the fitted rankers.
pub const RIDGE: f64 = 0.01;

/// The tickets, indexed.
pub struct Titanium {
    /// The tickets in order of the file.
    pub tickets: Vec<Ticket>,
    questions: Vec<TicketQuestion>,
    index: TicketIndex,
}

impl Titanium {
    /// Reads, encodes and indexes the tickets; `stripped` takes the component's prefix off their
    /// summaries first.
    ///
    /// # Errors
    /// As the readers'.
    pub fn load(
        folder: &Path,
        encoder: &Encoder,
        max_tokens: usize,
        stripped: bool,
    ) -> Result<Self> {
        let mut tickets = titanium(folder)?;
        if stripped {
            for ticket in &mut tickets {
                ticket.summary = summary_without_prefix(&ticket.summary).to_owned();
            }
        }
        let drafts: Vec<Draft> = tickets.iter().map(Draft::from).collect();
        let documents: Vec<Document> = drafts.iter().map(Document::of_ticket).collect();
        let names = codes(
            encoder,
            &documents.iter().map(|d| d.name.clone()).collect::<Vec<_>>(),
            max_tokens,
        )?;
        let wholes = codes(
            encoder,
            &documents.iter().map(Document::whole).collect::<Vec<_>>(),
            max_tokens,
        )?;
        let index = index(&tickets, &documents, &names, &wholes, encoder.dimensions())?;
        let questions = (0..tickets.len())
            .map(|n| {
                TicketQuestion::new(
                    &drafts[n],
                    &documents[n],
                    names[n].clone(),
                    wholes[n].clone(),
                    Some(n as u32),
                )
            })
            .collect();
        Ok(Titanium {
            tickets,
            questions,
            index,
        })
    }

    /// Every ticket with a duplicate asks for it among all others.
    pub fn similar(&self) -> Vec<(&'static str, Measures)> {
        let partners = duplicate_partners(&self.tickets);
        let matches: Vec<Vec<Match>> = partners
            .par_iter()
            .map(|(&asker, _)| {
                let text = &self.questions[asker].text;
                self.index
                    .text
                    .matches(text, &text.all_terms, 200, Some(asker as u32), None)
            })
            .collect();
        let by = |score: &dyn Fn(&Match) -> f32| {
            Measures::of(matches.iter().zip(partners.values()).map(|(found, right)| {
                let mut found: Vec<(f32, usize)> = found
                    .iter()
                    .map(|m| (score(m), m.document as usize))
                    .collect();
                found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
                (found.into_iter().map(|(_, n)| n).collect(), right)
            }))
        };
        let alike = Measures::of(partners.iter().map(|(&asker, right)| {
            (
                numbers(&similar::alike(
                    &self.index,
                    &self.questions[asker],
                    10,
                    None,
                )),
                right,
            )
        }));
        vec![
            ("words alone (BM25)", by(&|m| m.words)),
            ("encoder alone", by(&|m| m.whole)),
            ("alike: fused by content", alike),
        ]
    }

    /// Content weights fitted on half of the askers and scored on the other, both ways; and the
    /// weights fitted on all, scaled to sum to 1.
    ///
    /// # Errors
    /// As [`fit`].
    pub fn fit_alike(&self) -> Result<(Measures, Vec<f64>)> {
        let candidates = self.candidates(|m, _| content_signals(m).to_vec());
        let measured = cross_fit(&candidates, CONTENT_SIGNALS, 0.1)?;
        let all = fit(&groups(candidates.iter(), CONTENT_SIGNALS), 0.1)?;
        let sum = all.weights.sum();
        Ok((measured, (all.weights / sum).to_vec()))
    }

    /// Duplicate weights fitted on half of the clusters and scored on the other half, both ways;
    /// and the weights fitted on all.
    ///
    /// # Errors
    /// As [`fit`].
    pub fn fit_duplicates(&self) -> Result<(Measures, Vec<f64>)> {
        let candidates = self.candidates(|_, signals| signals.to_vec());
        let measured = cross_fit(&candidates, DUPLICATE_SIGNALS, RIDGE)?;
        let all = fit(&groups(candidates.iter(), DUPLICATE_SIGNALS), RIDGE)?;
        Ok((measured, all.weights.to_vec()))
    }

    /// Scores of the ten best answers and whether they are right, for every `step`th ticket
    /// whether or not it has a duplicate: the share of right ones is the real one.
    pub fn judged(
        &self,
        step: usize,
        rank: impl Fn(&TicketIndex, &TicketQuestion) -> Vec<Similar> + Sync,
    ) -> Vec<(f64, bool)> {
        let partners = duplicate_partners(&self.tickets);
        let askers: Vec<usize> = (0..self.tickets.len()).step_by(step).collect();
        let judged = askers.par_iter().map(|&asker| {
            let right = |n: u32| {
                partners
                    .get(&asker)
                    .is_some_and(|right| right.contains(&(n as usize)))
            };
            let found = rank(&self.index, &self.questions[asker]);
            found
                .iter()
                .map(|s| (f64::from(s.score), right(s.number)))
                .collect::<Vec<_>>()
        });
        judged.flatten().collect()
    }

    /// The last fifth by date, each predicted from the four fifths before; share with a right
    /// first guess, by method. Load with prefixes stripped.
    pub fn components(&self) -> Vec<(&'static str, f64, usize)> {
        let mut order: Vec<usize> = (0..self.tickets.len())
            .filter(|&n| self.tickets[n].created.is_some())
            .collect();
        order.sort_by_key(|&n| (self.tickets[n].created, n));
        let cut = order.len() * 4 / 5;
        let known: BTreeSet<u32> = order[..cut].iter().map(|&n| n as u32).collect();
        let asked: Vec<usize> = order[cut..]
            .iter()
            .copied()
            .filter(|&n| !self.tickets[n].components.is_empty())
            .collect();
        let majority = majority(order[..cut].iter().map(|&n| &self.tickets[n]));
        let allowed = |n: u32| known.contains(&n);
        let share = |guess: &(dyn Fn(usize) -> Option<String> + Sync)| {
            let right = asked
                .par_iter()
                .filter(|&&n| guess(n).is_some_and(|g| self.tickets[n].components.contains(&g)));
            right.count() as f64 / asked.len() as f64
        };
        let guess = |n: usize, neighbours: &[Similar]| {
            let project = self.tickets[n].key.project();
            let summary = &self.questions[n].summary_line;
            components::guess(&self.index, &[], Some(project), summary, neighbours)
                .into_iter()
                .next()
                .map(|g| g.name)
        };
        let by_words = |n: usize| guess_by_votes(&self.index, &self.nearest_by_words(n, &allowed));
        let atlas = |n: usize| {
            guess(
                n,
                &similar::same_topic(
                    &self.index,
                    &self.questions[n],
                    components::NEIGHBOURS,
                    Some(&allowed),
                ),
            )
        };
        vec![
            ("majority", share(&|_| majority.clone()), asked.len()),
            ("30 nearest by words", share(&by_words), asked.len()),
            ("ATLAS", share(&atlas), asked.len()),
        ]
    }

    fn nearest_by_words(&self, asker: usize, allowed: &dyn Fn(u32) -> bool) -> Vec<(u32, f32)> {
        let scores = self
            .index
            .text
            .words()
            .scores(&self.questions[asker].text.all_terms);
        let mut nearest: Vec<(u32, f32)> = (0..)
            .zip(scores)
            .filter(|(n, s)| *s > 0.0 && allowed(*n))
            .collect();
        nearest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        nearest.truncate(30);
        nearest
    }

    fn candidates(
        &self,
        signals: impl Fn(&Match, &[f32; DUPLICATE_SIGNALS]) -> Vec<f32> + Sync,
    ) -> Vec<Candidates> {
        let partners = duplicate_partners(&self.tickets);
        let mut half = BTreeMap::new();
        for (number, cluster) in duplicate_clusters(&self.tickets).iter().enumerate() {
            half.extend(cluster.iter().map(|&ticket| (ticket, number % 2)));
        }
        partners
            .par_iter()
            .map(|(&asker, right)| Candidates {
                half: half[&asker],
                right: right.clone(),
                rows: duplicate_candidates(&self.index, &self.questions[asker], None)
                    .iter()
                    .map(|(m, s)| (m.document as usize, signals(m, s)))
                    .collect(),
            })
            .collect()
    }
}

/// One asker's candidates with their signals.
struct Candidates {
    half: usize,
    right: BTreeSet<usize>,
    rows: Vec<(usize, Vec<f32>)>,
}

fn groups<'a>(candidates: impl Iterator<Item = &'a Candidates>, width: usize) -> Vec<Group> {
    candidates
        .map(|c| Group {
            signals: Array2::from_shape_fn((c.rows.len(), width), |(row, column)| {
                f64::from(c.rows[row].1[column])
            }),
            right: (0..c.rows.len())
                .filter(|&row| c.right.contains(&c.rows[row].0))
                .collect(),
        })
        .filter(|group| !group.right.is_empty())
        .collect()
}

/// Fits on each half and scores the other; the measures are of both together.
fn cross_fit(candidates: &[Candidates], width: usize, ridge: f64) -> Result<Measures> {
    let mut answers = Vec::new();
    for half in 0..2 {
        let ranker = fit(
            &groups(candidates.iter().filter(|c| c.half == half), width),
            ridge,
        )?;
        answers.extend(
            candidates
                .iter()
                .filter(|c| c.half != half)
                .map(|c| (ranked(c, &ranker), &c.right)),
        );
    }
    Ok(Measures::of(answers))
}

fn ranked(candidates: &Candidates, ranker: &LinearRanker) -> Vec<usize> {
    let score = |signals: &[f32]| {
        ranker.score(Array1::from_iter(signals.iter().map(|&s| f64::from(s))).view())
    };
    let mut scored: Vec<(f64, usize)> = candidates
        .rows
        .iter()
        .map(|(n, signals)| (score(signals), *n))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.into_iter().map(|(_, n)| n).collect()
}

fn numbers(found: &[Similar]) -> Vec<usize> {
    found
        .iter()
        .map(|similar| similar.number as usize)
        .collect()
}

fn majority<'a>(tickets: impl Iterator<Item = &'a Ticket>) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for component in tickets.flat_map(|ticket| &ticket.components) {
        *counts.entry(component).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(name, _)| name.to_owned())
}

/// The component with the most votes of the nearest tickets, each vote as heavy as its score.
fn guess_by_votes(index: &TicketIndex, nearest: &[(u32, f32)]) -> Option<String> {
    let mut votes: BTreeMap<u32, f32> = BTreeMap::new();
    for (number, score) in nearest {
        for component in &index.rows[*number as usize].components {
            *votes.entry(*component).or_default() += score;
        }
    }
    let best = votes
        .into_iter()
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    best.map(|(component, _)| index.names.name(component).to_owned())
}

fn index(
    tickets: &[Ticket],
    documents: &[Document],
    names: &[Codes],
    wholes: &[Codes],
    width: usize,
) -> Result<TicketIndex> {
    let mut builder = TextIndexBuilder::new(width);
    let mut numbers = Names::default();
    let mut rows = Vec::with_capacity(tickets.len());
    for (n, ticket) in tickets.iter().enumerate() {
        let document = &documents[n];
        builder.add(
            &terms::count(&document.name),
            &terms::count(&document.full),
            Some(&names[n]),
            Some(&wholes[n]),
        )?;
        rows.push(TicketRow {
            id: n as i64,
            key: ticket.key.clone(),
            ticket_type: numbers.number(&ticket.ticket_type),
            status: numbers.number(&ticket.status),
            reporter: ticket.reporter.as_deref().map(|name| numbers.number(name)),
            components: ticket
                .components
                .iter()
                .map(|name| numbers.number(name))
                .collect(),
            labels: ticket
                .labels
                .iter()
                .map(|name| numbers.number(name))
                .collect(),
            created: ticket.created,
            gone: false,
        });
    }
    Ok(TicketIndex::new(builder.build(), rows, numbers))
}
