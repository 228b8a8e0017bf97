//! Tickets that are alike, and tickets that are the same report.

use std::collections::HashMap;

use super::subject::Subject;
use crate::atlas::Atlas;
use crate::atlas::core::Core;
use crate::atlas::core::encode::words_alone;
use crate::domain::{Band, DuplicateTicket, SimilarTicket, Ticket, TicketFilter};
use crate::search::Index;
use crate::search::similar::{self, Similar};
use crate::search::text_index::Filter;
use crate::search::ticket_index::TicketQuestion;
use crate::search::weights::{BAND_MEDIUM, BAND_STRONG, DUPLICATE_OFFSET, DUPLICATE_SLOPE};
use crate::store::Stored;
use crate::{Error, Result};

/// Which similar tickets are wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarOptions {
    /// How many at most, 1 to 200.
    pub limit: usize,
    /// Only those with at least this similarity, 0 to 1. The specification's 0.65 may be asked
    /// for; by default nothing is cut, because no threshold separates duplicates from others
    /// and the bands say what a score is worth.
    pub threshold: f32,
    /// Only these tickets; applied before the search, so it never costs results.
    pub filter: TicketFilter,
}

impl Default for SimilarOptions {
    fn default() -> Self {
        SimilarOptions {
            limit: 10,
            threshold: 0.0,
            filter: TicketFilter::default(),
        }
    }
}

impl SimilarOptions {
    fn check(&self) -> Result<()> {
        if !(1..=200).contains(&self.limit) {
            return Err(Error::invalid("limit", self.limit, "1 to 200"));
        }
        if !(0.0..=1.0).contains(&self.threshold) {
            return Err(Error::invalid("threshold", self.threshold, "0 to 1"));
        }
        Ok(())
    }
}

impl Atlas {
    /// The stored tickets most like a stored one or a draft by content, most alike first, with what
    /// the score is made of.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, `INVALID_VALUE`, storage errors.
    pub fn similar<'a>(
        &self,
        subject: impl Into<Subject<'a>>,
        options: &SimilarOptions,
    ) -> Result<Vec<SimilarTicket>> {
        options.check()?;
        let subject = self.core.resolve(subject.into())?;
        let (index, _) = self.core.index()?;
        let question = self.core.question_about(&subject, &index)?;
        self.core.similar_now(&question, &index, options)
    }

    /// The stored tickets that are most likely the same report as a stored one, likeliest first,
    /// with what speaks for it.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, `INVALID_VALUE`, storage errors.
    pub fn duplicates(&self, key: &str, limit: usize) -> Result<Vec<DuplicateTicket>> {
        SimilarOptions {
            limit,
            ..SimilarOptions::default()
        }
        .check()?;
        let subject = self.core.resolve(Subject::Ticket(key))?;
        let (index, _) = self.core.index()?;
        let question = self.core.question_about(&subject, &index)?;
        let links = subject.ticket.map(|ticket| ticket.value.links);
        let links = links.unwrap_or_default();
        let together = index.filter_for(question.number);
        let found = similar::duplicates(&index.tickets, &question, limit, together.as_deref());
        let tickets = self.core.tickets_of(&found, &index)?;
        let duplicates = found.iter().filter_map(|similar| {
            let row = &index.tickets.rows[similar.number as usize];
            let other = &tickets.get(&row.id)?.value;
            Some(DuplicateTicket {
                ticket_key: other.key.clone(),
                summary: other.summary.clone(),
                status: other.status.clone(),
                likelihood: 1.0
                    / (1.0 + (-(DUPLICATE_SLOPE * similar.score + DUPLICATE_OFFSET)).exp()),
                parts: similar.parts.clone(),
                shared_words: index
                    .tickets
                    .text
                    .shared_words(&question.text, similar.number, 6),
                linked: links.iter().any(|link| link.key == other.key),
                degraded: degraded(similar, &question),
            })
        });
        Ok(duplicates.collect())
    }
}

impl Core {
    fn similar_now(
        &self,
        question: &TicketQuestion,
        index: &Index,
        options: &SimilarOptions,
    ) -> Result<Vec<SimilarTicket>> {
        let passes = |number| {
            index.tickets.accepts(number, &options.filter)
                && !index.marked_not_similar(question.number, number)
        };
        let together = index.filter_for(question.number);
        let filter: Filter<'_> = if options.filter == TicketFilter::default() {
            together.as_deref()
        } else {
            Some(&passes)
        };
        let found = similar::alike(&index.tickets, question, options.limit, filter);
        self.describe(&found, question, index, options)
    }

    /// Adds what a reader wants to know to what a search found.
    pub(crate) fn describe(
        &self,
        found: &[Similar],
        question: &TicketQuestion,
        index: &Index,
        options: &SimilarOptions,
    ) -> Result<Vec<SimilarTicket>> {
        let chosen: Vec<&Similar> = found
            .iter()
            .filter(|s| s.score >= options.threshold)
            .take(options.limit)
            .collect();
        let tickets = self.tickets_of(chosen.iter().copied(), index)?;
        let described = chosen.into_iter().filter_map(|similar| {
            let row = &index.tickets.rows[similar.number as usize];
            let other = &tickets.get(&row.id)?.value;
            Some(SimilarTicket {
                ticket_key: other.key.clone(),
                summary: other.summary.clone(),
                status: other.status.clone(),
                similarity: similar.score,
                band: band(similar.score),
                cosine: similar.cosine,
                parts: similar.parts.clone(),
                shared_words: index
                    .tickets
                    .text
                    .shared_words(&question.text, similar.number, 6),
                degraded: degraded(similar, question),
            })
        });
        Ok(described.collect())
    }

    fn tickets_of<'a>(
        &self,
        found: impl IntoIterator<Item = &'a Similar>,
        index: &Index,
    ) -> Result<HashMap<i64, Stored<Ticket>>> {
        let ids: Vec<i64> = found
            .into_iter()
            .map(|s| index.tickets.rows[s.number as usize].id)
            .collect();
        let tickets = self.store.read(|stored| stored.tickets().by_ids(&ids))?;
        Ok(tickets
            .into_iter()
            .map(|ticket| (ticket.id, ticket))
            .collect())
    }
}

/// Why words alone were compared.
fn degraded(similar: &Similar, question: &TicketQuestion) -> Option<String> {
    let known = question.text.whole.known_percent();
    similar.by_words.then(|| match known {
        Some(known) => words_alone("the text that asks", known),
        None => "the encoder knows too little of this ticket's text; words alone were compared"
            .to_owned(),
    })
}

fn band(similarity: f32) -> Band {
    if similarity >= BAND_STRONG {
        Band::Strong
    } else if similarity >= BAND_MEDIUM {
        Band::Medium
    } else {
        Band::Weak
    }
}
