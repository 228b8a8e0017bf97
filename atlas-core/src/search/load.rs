//! From the database to the index in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::Index;
use super::history::{History, Judged, PatternOutcome};
use super::not_similar::NotSimilar;
use super::pattern_index::{PatternIndex, PatternRow};
use super::text_index::TextIndexBuilder;
use super::ticket_index::{Names, TicketIndex, TicketRow};
use super::vectors::Codes;
use crate::Result;
use crate::store::{Field, Owner, Repositories, StoredDocument, TicketHeader};
use crate::text::terms;

/// Reads everything that search needs: no texts, one pass over each table.
///
/// `model` is the encoder's id, `width` the length of its vectors. What cannot be used of words and
/// vectors counts as absent, and is named.
///
/// # Errors
/// Storage errors.
pub fn load(stored: &Repositories<'_>, model: &str, width: usize) -> Result<(Index, Spoiled)> {
    let mut vectors = Vectors::load(stored, model, width)?;
    let tickets = Arc::new(load_tickets(stored, model, width, &mut vectors)?);
    let patterns = Arc::new(load_patterns(stored, model, width, &mut vectors)?);
    let history = Arc::new(load_history(stored, &tickets, &patterns)?);
    let not_similar = Arc::new(load_not_similar(stored, &tickets)?);
    let index = Index {
        tickets,
        patterns,
        history,
        not_similar,
    };
    Ok((index, vectors.spoiled))
}

/// What of the stored words and vectors cannot be used. All of it can be made again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spoiled {
    /// Row ids of vectors that cannot be ones of the model.
    pub vectors: Vec<i64>,
    /// Documents that have a vector of another text.
    pub astray: u64,
}

impl Spoiled {
    /// Whether all could be used.
    pub fn is_empty(&self) -> bool {
        self.vectors.is_empty() && self.astray == 0
    }
}

/// Reads the observations and what is not similar again, for an index whose texts are unchanged.
///
/// # Errors
/// Storage errors.
pub fn reload_history(stored: &Repositories<'_>, index: &Index) -> Result<Index> {
    let history = Arc::new(load_history(stored, &index.tickets, &index.patterns)?);
    let not_similar = Arc::new(load_not_similar(stored, &index.tickets)?);
    Ok(Index {
        history,
        not_similar,
        ..index.clone()
    })
}

/// The vectors of a model that documents have, found by row id.
struct Vectors {
    ids: Vec<i64>,
    hashes: Vec<Option<u128>>,
    codes: Vec<Codes>,
    spoiled: Spoiled,
}

impl Vectors {
    fn load(stored: &Repositories<'_>, model: &str, width: usize) -> Result<Self> {
        let mut vectors = Vectors {
            ids: Vec::new(),
            hashes: Vec::new(),
            codes: Vec::new(),
            spoiled: Spoiled::default(),
        };
        stored
            .documents()
            .for_each_vector(
                model,
                &mut |vector| match Codes::sound(vector.codes, width) {
                    Some(codes) => {
                        vectors.ids.push(vector.id);
                        vectors.hashes.push(vector.text_hash);
                        vectors.codes.push(codes);
                    }
                    None => vectors.spoiled.vectors.push(vector.id),
                },
            )?;
        Ok(vectors)
    }

    /// The vector that a document has, by its place here, if it is one of the document's text.
    fn find(&mut self, document: StoredDocument<'_>) -> Option<usize> {
        let at = self.ids.binary_search(&document.vector_id?).ok()?;
        if self.hashes[at] != document.text_hash {
            self.spoiled.astray += 1;
            return None;
        }
        Some(at)
    }

    fn at(&self, place: Option<usize>) -> Option<&Codes> {
        self.codes.get(place?)
    }
}

/// The terms and vectors of one owner as its two documents come by.
#[derive(Default)]
struct OwnerDocuments {
    owner: Option<i64>,
    name_terms: Vec<(u32, u8)>,
    body_terms: Vec<(u32, u8)>,
    name: Option<usize>,
    whole: Option<usize>,
}

/// Walks documents and rows side by side (both are in order of id) and builds the text index.
/// Rows without documents are indexed as empty.
fn index_texts(
    stored: &Repositories<'_>,
    model: &str,
    owner: Owner,
    width: usize,
    ids: &[i64],
    vectors: &mut Vectors,
) -> Result<super::text_index::TextIndex> {
    let mut builder = TextIndexBuilder::new(width);
    if owner == Owner::Pattern {
        builder = builder.with_name_words();
    }
    let mut rows = ids.iter().copied().peekable();
    let mut fields = OwnerDocuments::default();
    let mut failed = Ok(());
    let mut flush = |fields: &mut OwnerDocuments, vectors: &Vectors, failed: &mut Result<()>| {
        let Some(id) = fields.owner.take() else {
            return;
        };
        while rows.next_if(|&row| row < id).is_some() {
            keep_error(failed, builder.add(&[], &[], None, None));
        }
        if rows.next_if_eq(&id).is_some() {
            let (name, whole) = (vectors.at(fields.name), vectors.at(fields.whole));
            keep_error(
                failed,
                builder.add(&fields.name_terms, &fields.body_terms, name, whole),
            );
        }
        fields.name_terms.clear();
        fields.body_terms.clear();
        (fields.name, fields.whole) = (None, None);
    };
    stored.documents().for_each(model, owner, &mut |document| {
        if fields.owner != Some(document.owner_id) {
            flush(&mut fields, vectors, &mut failed);
            fields.owner = Some(document.owner_id);
        }
        let vector = vectors.find(document);
        let terms = terms::from_bytes(document.terms);
        match document.field {
            Field::Name => {
                fields.name_terms.extend(terms);
                fields.name = vector;
            }
            Field::Whole => {
                fields.body_terms.extend(terms);
                fields.whole = vector;
            }
        }
    })?;
    flush(&mut fields, vectors, &mut failed);
    for _ in rows {
        keep_error(&mut failed, builder.add(&[], &[], None, None));
    }
    failed?;
    Ok(builder.build())
}

fn keep_error(failed: &mut Result<()>, result: Result<()>) {
    if failed.is_ok() {
        *failed = result;
    }
}

fn load_tickets(
    stored: &Repositories<'_>,
    model: &str,
    width: usize,
    vectors: &mut Vectors,
) -> Result<TicketIndex> {
    let mut names = Names::default();
    let mut rows = Vec::new();
    stored
        .tickets()
        .for_each_header(&mut |header| rows.push(ticket_row(header, &mut names)))?;
    let ids: Vec<i64> = rows.iter().map(|row: &TicketRow| row.id).collect();
    let text = index_texts(stored, model, Owner::Ticket, width, &ids, vectors)?;
    Ok(TicketIndex::new(text, rows, names))
}

fn ticket_row(header: TicketHeader, names: &mut Names) -> TicketRow {
    TicketRow {
        id: header.id,
        key: header.key,
        ticket_type: names.number(&header.ticket_type),
        status: names.number(&header.status),
        reporter: header.reporter.map(|name| names.number(&name)),
        components: header
            .components
            .iter()
            .map(|name| names.number(name))
            .collect(),
        labels: header
            .labels
            .iter()
            .map(|name| names.number(name))
            .collect(),
        created: header.created,
        gone: header.gone,
    }
}

fn load_patterns(
    stored: &Repositories<'_>,
    model: &str,
    width: usize,
    vectors: &mut Vectors,
) -> Result<PatternIndex> {
    let mut rows = Vec::new();
    stored.patterns().for_each_header(&mut |header| {
        if header.is_active {
            rows.push(PatternRow {
                id: header.id,
                name: header.name,
                pattern_type: header.pattern_type,
                component: header.component,
                origin: header.origin,
            });
        }
    })?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let text = index_texts(stored, model, Owner::Pattern, width, &ids, vectors)?;
    Ok(PatternIndex::new(text, rows))
}

/// Judged tickets in order of their first judgement, else of their creation, else of their number.
/// Of several verdicts on one pattern for one ticket the newest holds.
fn load_history(
    stored: &Repositories<'_>,
    tickets: &TicketIndex,
    patterns: &PatternIndex,
) -> Result<History> {
    let mut judged: BTreeMap<u32, (Option<Timestamp>, Vec<PatternOutcome>)> = BTreeMap::new();
    for observation in stored.observations().all()? {
        let observation = observation.value;
        let ticket = tickets.number(observation.ticket_id);
        let pattern = patterns.number(observation.pattern_id);
        let (Some(ticket), Some(pattern)) = (ticket, pattern) else {
            continue;
        };
        let (first, outcomes) = judged.entry(ticket).or_default();
        *first = match (*first, observation.observed_at) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        outcomes.retain(|outcome: &PatternOutcome| outcome.pattern != pattern);
        outcomes.push(PatternOutcome {
            pattern,
            verdict: observation.verdict,
            origin: observation.origin,
        });
    }
    let mut judged: Vec<(Option<Timestamp>, Judged)> = judged
        .into_iter()
        .map(|(ticket, (first, outcomes))| {
            let when = first.or(tickets.rows[ticket as usize].created);
            (when, Judged { ticket, outcomes })
        })
        .collect();
    judged.sort_by(|(a_when, a), (b_when, b)| {
        a_when
            .cmp(b_when)
            .then_with(|| tickets.by_age(a.ticket, b.ticket))
    });
    Ok(History::new(
        judged.into_iter().map(|(_, judged)| judged).collect(),
    ))
}

fn load_not_similar(stored: &Repositories<'_>, tickets: &TicketIndex) -> Result<NotSimilar> {
    let pairs = stored.not_similar().all()?;
    Ok(NotSimilar::new(pairs.into_iter().filter_map(|(a, b)| {
        Some((tickets.number(a)?, tickets.number(b)?))
    })))
}
