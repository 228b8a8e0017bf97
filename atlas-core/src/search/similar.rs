//! Tickets that are alike, and tickets that are probably the same report.

use std::collections::BTreeSet;

use super::text_index::{Filter, Match};
use super::ticket_index::{TicketIndex, TicketQuestion, TicketRow};
use super::weights::{
    ALIKE, CONTENT_SIGNALS, DUPLICATE, DUPLICATE_SIGNALS, SAME_TOPIC, WORDS_ALONE,
};
use crate::domain::{Part, same_name, sum};

/// How many candidates by meaning, and as many by words, are compared closely.
const CANDIDATES: usize = 200;
/// How many of them the duplicate ranker orders.
const DUPLICATE_CANDIDATES: usize = 200;

/// A stored ticket that is like the one asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct Similar {
    /// Its number in the index.
    pub number: u32,
    /// The sum of `parts`.
    pub score: f32,
    /// What the score is made of.
    pub parts: Vec<Part>,
    /// Cosine of the two texts.
    pub cosine: f32,
    /// Whether words answered alone: one of the two has no vector.
    pub by_words: bool,
}

/// The `limit` tickets that are most alike by content, most alike first.
///
/// The score lies in 0 to 1: a weighted sum of cosines and of the share of the best BM25 score.
pub fn alike(
    index: &TicketIndex,
    question: &TicketQuestion,
    limit: usize,
    filter: Filter<'_>,
) -> Vec<Similar> {
    by_content(&ALIKE, index, question, limit, filter)
}

/// The same among a few tickets only; the one asked about is none of them.
pub fn alike_among(
    index: &TicketIndex,
    question: &TicketQuestion,
    limit: usize,
    among: &[u32],
) -> Vec<Similar> {
    let terms = &question.text.all_terms;
    let matches = index
        .text
        .matches_among(&question.text, terms, CANDIDATES, among);
    best_by_content(&ALIKE, &matches, limit)
}

/// The `limit` tickets that are most probably about the same part of the product, where words (a
/// module's name) say more than for [`alike`]; best first, scores in 0 to 1.
pub fn same_topic(
    index: &TicketIndex,
    question: &TicketQuestion,
    limit: usize,
    filter: Filter<'_>,
) -> Vec<Similar> {
    by_content(&SAME_TOPIC, index, question, limit, filter)
}

fn by_content(
    weights: &[f32; CONTENT_SIGNALS],
    index: &TicketIndex,
    question: &TicketQuestion,
    limit: usize,
    filter: Filter<'_>,
) -> Vec<Similar> {
    best_by_content(weights, &matches(index, question, filter), limit)
}

fn best_by_content(
    weights: &[f32; CONTENT_SIGNALS],
    matches: &[Match],
    limit: usize,
) -> Vec<Similar> {
    let mut found: Vec<Similar> = matches
        .iter()
        .map(|m| scored(m, &ALIKE_NAMES, weights, &content_signals(m)))
        .collect();
    order(&mut found);
    found.truncate(limit);
    found
}

/// The `limit` tickets that are most probably the same report, most probable first.
///
/// A linear listwise ranker over the best candidates by content; its score is in logits, only
/// differences mean something.
pub fn duplicates(
    index: &TicketIndex,
    question: &TicketQuestion,
    limit: usize,
    filter: Filter<'_>,
) -> Vec<Similar> {
    let mut found: Vec<Similar> = duplicate_candidates(index, question, filter)
        .iter()
        .map(|(m, signals)| scored(m, &DUPLICATE_NAMES, &DUPLICATE, signals))
        .collect();
    order(&mut found);
    found.truncate(limit);
    found
}

/// The candidates of [`duplicates`] with their signals, for fitting the weights.
pub fn duplicate_candidates(
    index: &TicketIndex,
    question: &TicketQuestion,
    filter: Filter<'_>,
) -> Vec<(Match, [f32; DUPLICATE_SIGNALS])> {
    let mut candidates = matches(index, question, filter);
    let content = |m: &Match| weighted(&ALIKE, &content_signals(m));
    candidates.sort_by(|a, b| {
        content(b)
            .total_cmp(&content(a))
            .then(a.document.cmp(&b.document))
    });
    candidates.truncate(DUPLICATE_CANDIDATES);
    candidates
        .into_iter()
        .map(|m| {
            let signals = duplicate_signals(&m, question, index);
            (m, signals)
        })
        .collect()
}

fn matches(index: &TicketIndex, question: &TicketQuestion, filter: Filter<'_>) -> Vec<Match> {
    index.text.matches(
        &question.text,
        &question.text.all_terms,
        CANDIDATES,
        question.number,
        filter,
    )
}

/// Their names, as shown.
pub const ALIKE_NAMES: [&str; CONTENT_SIGNALS] =
    ["meaning", "text to summary", "summary to text", "words"];

/// What two texts have in common, each 0 to 1. The less of the question the encoder knows, the more
/// words answer in place of vectors; where one has no vector they answer alone, and never say more
/// than [`WORDS_ALONE`].
pub fn content_signals(m: &Match) -> [f32; CONTENT_SIGNALS] {
    [m.whole, m.whole_to_name, m.name_to_whole, m.words].map(|signal| as_known(m, signal))
}

/// A signal, as far as the encoder knows the texts, and for the rest what words say.
fn as_known(m: &Match, signal: f32) -> f32 {
    (1.0 - m.by_words) * signal.clamp(0.0, 1.0) + m.by_words * WORDS_ALONE * m.said
}

/// Whether words answer alone.
fn words_alone(m: &Match) -> bool {
    m.by_words >= 1.0
}

/// Their names, as shown. A signal and its square share a name: together they bend the curve.
pub const DUPLICATE_NAMES: [&str; DUPLICATE_SIGNALS] = [
    "meaning",
    "meaning",
    "text to summary",
    "summary to text",
    "summary",
    "words",
    "filed close in time",
    "filed close in time",
    "other components",
    "same reporter",
    "shared labels",
    "same type",
];

/// The names of what is compared by content alone.
const CONTENT_NAMES: [&str; 5] = [
    "meaning",
    "text to summary",
    "summary to text",
    "summary",
    "words",
];

fn duplicate_signals(
    m: &Match,
    question: &TicketQuestion,
    index: &TicketIndex,
) -> [f32; DUPLICATE_SIGNALS] {
    let row = &index.rows[m.document as usize];
    let known = |names: &[String]| -> BTreeSet<u32> {
        names.iter().filter_map(|n| index.names.find(n)).collect()
    };
    let firsts = |numbers: &[u32]| -> BTreeSet<u32> {
        numbers
            .iter()
            .filter_map(|n| index.names.first(*n))
            .collect()
    };
    let shared_component = !known(&question.components).is_disjoint(&firsts(&row.components));
    let both = !question.components.is_empty() && !row.components.is_empty();
    let labels = known(&question.labels);
    let shared = labels.intersection(&firsts(&row.labels)).count() as f32;
    let union = (question.labels.len() + row.labels.len()) as f32 - shared;
    let reporter = question
        .reporter
        .as_deref()
        .and_then(|r| index.names.find(r));
    let flag = |yes: bool| if yes { 1.0 } else { 0.0 };
    let [whole, whole_to_name, name_to_whole, words] = content_signals(m);
    let close = closeness(question, row);
    [
        whole,
        whole * whole,
        whole_to_name,
        name_to_whole,
        as_known(m, m.name),
        words,
        close,
        close * close,
        flag(both && !shared_component),
        flag(reporter.is_some() && reporter == row.reporter.and_then(|r| index.names.first(r))),
        if union > 0.0 { shared / union } else { 0.0 },
        flag(same_name(
            index.names.name(row.ticket_type),
            &question.ticket_type,
        )),
    ]
}

/// 1 for the same day, falling with the logarithm of the days between, 0 after about ten years or
/// where a date is unknown.
fn closeness(question: &TicketQuestion, row: &TicketRow) -> f32 {
    let (Some(a), Some(b)) = (question.created, row.created) else {
        return 0.0;
    };
    let days = (a.as_second() - b.as_second()).unsigned_abs() as f32 / 86_400.0;
    (1.0 - (1.0 + days).ln() / 3_650.0f32.ln()).max(0.0)
}

fn weighted(weights: &[f32], signals: &[f32]) -> f32 {
    sum(weights.iter().zip(signals).map(|(w, s)| w * s))
}

/// A score with its parts; signals of one name are one part.
fn scored(m: &Match, names: &[&'static str], weights: &[f32], signals: &[f32]) -> Similar {
    let mut parts: Vec<Part> = Vec::with_capacity(names.len());
    for ((name, weight), signal) in names.iter().zip(weights).zip(signals) {
        let by_words = words_alone(m) && CONTENT_NAMES.contains(name);
        let name = if by_words { &"words" } else { name };
        match parts.last_mut().filter(|part| part.name == *name) {
            Some(part) => part.value += weight * signal,
            None => parts.push(Part::new(*name, weight * signal)),
        }
    }
    parts.retain(|part| part.value != 0.0);
    let score = sum(parts.iter().map(|part| part.value));
    Similar {
        number: m.document,
        score,
        parts,
        cosine: m.whole,
        by_words: words_alone(m),
    }
}

fn order(found: &mut [Similar]) {
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.number.cmp(&b.number)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::documents::Document;
    use crate::search::text_index::{TextIndex, TextIndexBuilder};
    use crate::search::text_query::TextQuery;
    use crate::search::vectors::Codes;
    use crate::search::weights::LEAST_KNOWN;
    use crate::text::terms;

    fn index(documents: &[(&str, Codes)]) -> TextIndex {
        let mut builder = TextIndexBuilder::new(2);
        for (name, codes) in documents {
            let none = terms::count("");
            builder
                .add(&terms::count(name), &none, Some(codes), Some(codes))
                .unwrap();
        }
        builder.build()
    }

    fn signals(index: &TextIndex, text: &str, codes: &Codes, known: f32) -> Vec<[f32; 4]> {
        let document = Document {
            name: text.to_owned(),
            body: String::new(),
            full: String::new(),
        };
        let mut question = TextQuery::new(&document, codes.clone(), codes.clone());
        question.known = known;
        let matches = index.matches(&question, &question.all_terms, 10, None, None);
        matches.iter().map(content_signals).collect()
    }

    #[test]
    fn the_less_of_a_text_is_known_the_more_words_answer_in_place_of_its_vector() {
        let near = Codes::quantise(&[1.0, 0.0]);
        let far = Codes::quantise(&[0.6, 0.8]);
        let index = index(&[
            ("alike in meaning", near.clone()),
            ("ERR4711 on start", far),
        ]);
        let asked = |known| signals(&index, "ERR4711 起動", &near, known);
        let whole = asked(1.0);
        assert!(whole[0][0] > 0.99 && whole[1][0] < 0.62, "{whole:?}");
        let mut before = whole;
        for known in [0.9, 0.8, 0.7, LEAST_KNOWN] {
            let now = asked(known);
            assert!(now[0][0] < before[0][0], "{known}: {now:?}");
            before = now;
        }
        let unknown = signals(&index, "ERR4711 起動", &Codes::unknown(2, 0.3), 0.3);
        assert_eq!(before[1], unknown[0]);
        assert!(before[1][0] > before[0][0] && before[1][0] <= WORDS_ALONE);
    }

    #[test]
    fn of_many_that_share_one_word_the_one_about_it_is_most_alike() {
        let codes = Codes::quantise(&[1.0, 0.0]);
        let long =
            "The export of all invoices of a client stopped after ERR4711 came up in the log";
        let index = index(&[
            (long, codes.clone()),
            ("ERR4711 on start", codes.clone()),
            ("Nothing of the kind", codes),
        ]);
        let found = signals(&index, "ERR4711 起動", &Codes::unknown(2, 0.3), 0.3);
        assert_eq!(found.len(), 2);
        assert!(found[1][0] > found[0][0], "{found:?}");
    }
}
