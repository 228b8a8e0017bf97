//! The tasks on the Mattermost test cases: which case was right for a ticket.

use std::path::Path;
use std::sync::Arc;

use atlas_core::Result;
use atlas_core::domain::Draft;

use atlas_core::pipeline::neural::{Neural, score, signals};
use atlas_core::pipeline::{Pipeline, Query, ScenarioRef};
use atlas_core::search::Index;
use atlas_core::search::documents::Document;
use atlas_core::search::pattern_index::{PatternIndex, PatternRow};
use atlas_core::search::text_index::{Match, TextIndexBuilder};
use atlas_core::search::ticket_index::{Names, TicketIndex, TicketQuestion};
use atlas_core::search::vectors::Codes;
use atlas_core::text::encoder::Encoder;
use atlas_core::text::terms;
use rayon::prelude::*;

use crate::data::{Linked, mattermost};
use crate::encode::codes;
use crate::measure::Measures;

/// Test cases, indexed, and the tickets that they were right for.
pub struct Mattermost {
    linked: Vec<Linked>,
    drafts: Vec<Draft>,
    documents: Vec<Document>,
    codes: Vec<Codes>,
    patterns: Arc<PatternIndex>,
    width: usize,
}

impl Mattermost {
    /// Reads, encodes and indexes.
    ///
    /// # Errors
    /// As the readers'.
    pub fn load(
        folder: &Path,
        encoder: &Encoder,
        ticket_tokens: usize,
        pattern_tokens: usize,
    ) -> Result<Self> {
        let (patterns, linked) = mattermost(folder)?;
        let documents: Vec<Document> = patterns.iter().map(Document::of_pattern).collect();
        let names = codes(
            encoder,
            &documents.iter().map(|d| d.name.clone()).collect::<Vec<_>>(),
            pattern_tokens,
        )?;
        let wholes = codes(
            encoder,
            &documents.iter().map(Document::whole).collect::<Vec<_>>(),
            pattern_tokens,
        )?;
        let width = encoder.dimensions();
        let mut builder = TextIndexBuilder::new(width).with_name_words();
        for (n, document) in documents.iter().enumerate() {
            let (name, body) = (terms::count(&document.name), terms::count(&document.full));
            builder.add(&name, &body, Some(&names[n]), Some(&wholes[n]))?;
        }
        let rows = patterns
            .into_iter()
            .zip(0..)
            .map(|(pattern, id)| PatternRow {
                id,
                name: pattern.name,
                pattern_type: pattern.pattern_type,
                component: pattern.component,
                origin: pattern.origin,
            });
        let drafts: Vec<Draft> = linked
            .iter()
            .map(|l| Draft::new(l.summary.as_str()))
            .collect();
        Ok(Mattermost {
            documents: drafts.iter().map(Document::of_ticket).collect(),
            codes: codes(
                encoder,
                &linked
                    .iter()
                    .map(|l| l.summary.trim().to_owned())
                    .collect::<Vec<_>>(),
                ticket_tokens,
            )?,
            patterns: Arc::new(PatternIndex::new(builder.build(), rows.collect())),
            linked,
            drafts,
            width,
        })
    }

    /// The summaries against all cases, nothing learned: baselines, and the neural plugin.
    ///
    /// # Errors
    /// As the pipeline's.
    pub fn nothing_learned(&self) -> Result<Vec<(&'static str, Measures)>> {
        let by = |score: &(dyn Fn(&Match) -> f32 + Sync)| {
            let ranked: Vec<Vec<usize>> = (0..self.linked.len())
                .into_par_iter()
                .map(|n| {
                    let text = self.question(n).text;
                    let mut found = self
                        .patterns
                        .text
                        .matches(&text, &text.terms, 100, None, None);
                    found.sort_by(|a, b| {
                        score(b)
                            .total_cmp(&score(a))
                            .then(a.document.cmp(&b.document))
                    });
                    found.into_iter().map(|m| m.document as usize).collect()
                })
                .collect();
            Measures::of(ranked.into_iter().zip(self.linked.iter().map(|l| &l.right)))
        };
        let pipeline = Pipeline::new(vec![(Box::new(Neural), 0.7)])?;
        Ok(vec![
            ("words alone (BM25)", by(&|m| m.words)),
            ("encoder alone", by(&|m| m.whole)),
            ("neural plugin", self.predict(&pipeline)?),
        ])
    }

    /// Scores of the neural plugin's ten best and whether they are right.
    ///
    /// # Errors
    /// As the index's.
    pub fn judged(&self) -> Result<Vec<(f64, bool)>> {
        let index = self.index();
        let mut judged = Vec::new();
        for (n, linked) in self.linked.iter().enumerate() {
            let question = self.question(n);
            let query = Query::new(None, &self.drafts[n], &question, &index, &[], &[]);
            let mut scored: Vec<(f32, bool)> = self
                .patterns
                .text
                .matches(&question.text, &question.text.terms, 100, None, None)
                .iter()
                .map(|m| {
                    let row = &self.patterns.rows[m.document as usize];
                    (
                        score(&signals(m, row, &query)),
                        linked.right.contains(&(m.document as usize)),
                    )
                })
                .collect();
            scored.sort_by(|a, b| b.0.total_cmp(&a.0));
            judged.extend(
                scored
                    .into_iter()
                    .take(10)
                    .map(|(score, right)| (f64::from(score), right)),
            );
        }
        Ok(judged)
    }

    /// Predicts every ticket without any past.
    fn predict(&self, pipeline: &Pipeline) -> Result<Measures> {
        let index = self.index();
        let ranked: Vec<Vec<usize>> = (0..self.linked.len())
            .into_par_iter()
            .map(|n| {
                let question = self.question(n);
                let query = Query::new(
                    Some(&self.linked[n].key),
                    &self.drafts[n],
                    &question,
                    &index,
                    &[],
                    &[],
                );
                let opinions = pipeline.run(std::slice::from_ref(&query))?;
                let scenarios = opinions.into_iter().flat_map(|opinion| opinion.scenarios);
                Ok(scenarios
                    .filter_map(|scenario| match scenario.scenario {
                        ScenarioRef::Pattern(id) => usize::try_from(id).ok(),
                        ScenarioRef::Own(_) => None,
                    })
                    .collect())
            })
            .collect::<Result<_>>()?;
        Ok(Measures::of(
            ranked.into_iter().zip(self.linked.iter().map(|l| &l.right)),
        ))
    }

    fn question(&self, n: usize) -> TicketQuestion {
        let codes = self.codes[n].clone();
        TicketQuestion::new(
            &self.drafts[n],
            &self.documents[n],
            codes.clone(),
            codes,
            None,
        )
    }

    /// The cases alone: no tickets and no past.
    fn index(&self) -> Index {
        let tickets = TextIndexBuilder::new(self.width).build();
        Index {
            tickets: Arc::new(TicketIndex::new(tickets, Vec::new(), Names::default())),
            patterns: self.patterns.clone(),
            history: Arc::default(),
            not_similar: Arc::default(),
        }
    }
}
