//! Reports in other languages ask for their English wording: VS Code, 16 languages.
//!
//! What is measured is the product: the English wordings are stored as tickets, and each report
//! that is not in English asks [`Atlas::similar`], once with its title and once with its whole text.

use std::path::Path;

use atlas_core::domain::{Draft, Ticket, TicketKey, silent};
use atlas_core::search::documents::Document;
use atlas_core::search::lexical::{LexicalBuilder, LexicalIndex};
use atlas_core::text::terms;
use atlas_core::{Atlas, Result, SimilarOptions};

use crate::data::lines_of;
use crate::measure::Measures;

/// How often a term of the title counts against one of the text, as in the product.
const TITLE_WEIGHT: u8 = 3;

/// The reports with their English wordings stored.
pub struct Multilingual {
    atlas: Atlas,
    words: LexicalIndex,
    /// What asks: the number of its English wording, title and text.
    reports: Vec<(usize, String, String)>,
}

impl Multilingual {
    /// Reads the reports and stores their English wordings.
    ///
    /// # Errors
    /// `FILE_FAILED` when the file cannot be read, else as the product's own calls.
    pub fn load(folder: &Path) -> Result<Self> {
        let rows = lines_of(&folder.join("vscode_multilingual/reports.jsonl.gz"))?;
        let text = |row: &serde_json::Value, field: &str| {
            row[field].as_str().unwrap_or_default().trim().to_owned()
        };
        let mut tickets = Vec::with_capacity(rows.len());
        let mut words = LexicalBuilder::default();
        let mut reports = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            let key = TicketKey::parse(&format!("VSC-{}", number + 1))?;
            let wording = english(key, &text(row, "en_gpt"));
            words.add(counted(&Draft::from(&wording)));
            tickets.push(wording);
            if row["lang"] != "en" {
                reports.push((number, text(row, "title"), text(row, "body")));
            }
        }
        let atlas = Atlas::builder()
            .retrain_after(None)
            .starter_catalogue(false)
            .open_in_memory()?;
        atlas.tickets().add(&tickets)?;
        atlas.database().encode(&mut silent)?;
        Ok(Multilingual {
            atlas,
            words: words.build(),
            reports,
        })
    }

    /// BM25 and ATLAS, by title and by the whole text.
    ///
    /// # Errors
    /// As [`Atlas::similar`]'s.
    pub fn found(&self) -> Result<Vec<(&'static str, Measures)>> {
        let mut rows = Vec::new();
        for (is_whole, by_words, by_atlas) in [
            (false, "title: words alone (BM25)", "title: ATLAS"),
            (true, "whole text: words alone (BM25)", "whole text: ATLAS"),
        ] {
            let asks = |title: &str, body: &str| {
                let mut draft = Draft::new(title);
                draft.description = is_whole.then(|| body.to_owned());
                draft
            };
            let mut words = Vec::with_capacity(self.reports.len());
            let mut atlas = Vec::with_capacity(self.reports.len());
            for (right, title, body) in &self.reports {
                let draft = asks(title, body);
                words.push((self.by_words(&draft), *right));
                atlas.push((self.by_atlas(&draft)?, *right));
            }
            rows.push((by_words, Measures::of_one_right(words)));
            rows.push((by_atlas, Measures::of_one_right(atlas)));
        }
        Ok(rows)
    }

    fn by_words(&self, draft: &Draft) -> Vec<usize> {
        let scores = self.words.scores(&counted(draft));
        let mut found: Vec<(f32, usize)> = scores
            .into_iter()
            .zip(0..)
            .filter(|(score, _)| *score > 0.0)
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().map(|(_, number)| number).collect()
    }

    fn by_atlas(&self, draft: &Draft) -> Result<Vec<usize>> {
        let found = self.atlas.similar(draft, &SimilarOptions::default())?;
        let number = |key: &TicketKey| key.number().saturating_sub(1) as usize;
        Ok(found.iter().map(|one| number(&one.ticket_key)).collect())
    }
}

/// A wording as a ticket: its first sentence is the title, because the translation has none.
fn english(key: TicketKey, wording: &str) -> Ticket {
    let end = [". ", "? ", "! ", "\n"]
        .iter()
        .filter_map(|end| wording.find(end))
        .map(|at| at + 1)
        .min()
        .unwrap_or(wording.len());
    let (title, text) = wording.split_at(end);
    let mut ticket = Ticket::new(key, title.trim());
    ticket.description = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    ticket
}

/// The counted terms of title and text, those of the title three times.
fn counted(draft: &Draft) -> Vec<(u32, u8)> {
    let document = Document::of_ticket(draft);
    let mut counts: std::collections::BTreeMap<u32, u8> =
        terms::count(&document.full).into_iter().collect();
    for (term, count) in terms::count(&document.name) {
        let of_title = count.saturating_mul(TITLE_WEIGHT);
        let known = counts.entry(term).or_default();
        *known = known.saturating_add(of_title);
    }
    counts.into_iter().collect()
}
