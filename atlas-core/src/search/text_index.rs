//! Documents with a name and a body, searchable by meaning and by words.

use ndarray::Array2;

#[cfg(feature = "hnsw")]
use super::hnsw::{Approximate, Points};
use super::lexical::{LexicalBuilder, LexicalIndex};
use super::text_query::{TextQuery, weighted};
use super::vectors::{Codes, VectorIndex};
use super::weights::LEAST_KNOWN;
use crate::Result;
use crate::text::terms;

/// How much the likeness to a document's name counts against that to its whole when candidates are
/// chosen.
const NAME_SHARE: f32 = 0.5;

/// Which documents may be found; `None` for all.
pub type Filter<'a> = Option<&'a dyn Fn(u32) -> bool>;

/// What a question has in common with one document.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Match {
    /// The document's number.
    pub document: u32,
    /// Cosine of the two wholes.
    pub whole: f32,
    /// Cosine of the question's whole with the document's name.
    pub whole_to_name: f32,
    /// Cosine of the question's name with the document's whole.
    pub name_to_whole: f32,
    /// Cosine of the two names.
    pub name: f32,
    /// BM25, as a share of the question's best document.
    pub words: f32,
    /// The same for the words of the names alone; 0 where the index has none.
    pub name_words: f32,
    /// How much of the name, by rarity of its words, the question says: 0 to 1.
    pub name_share: f32,
    /// How much of the question, by rarity of its words, the name says: 0 to 1.
    pub question_share: f32,
    /// How far words answer in place of vectors: 0 where the encoder knows the whole question, 1
    /// where one of the two has no vector because the encoder knows too little of its text.
    pub by_words: f32,
    /// Where they do: how much of the question, by rarity of its words, the document says, times
    /// [`words`](Self::words), 0 to 1.
    pub said: f32,
}

/// Collects documents and makes a [`TextIndex`].
#[derive(Debug)]
pub struct TextIndexBuilder {
    name: VectorIndex,
    whole: VectorIndex,
    words: LexicalBuilder,
    names: Option<LexicalBuilder>,
}

impl TextIndexBuilder {
    /// A builder for vectors of `width` dimensions.
    pub fn new(width: usize) -> Self {
        TextIndexBuilder {
            name: VectorIndex::new(width),
            whole: VectorIndex::new(width),
            words: LexicalBuilder::default(),
            names: None,
        }
    }

    /// Indexes the words of the names apart as well, for [`Match::name_words`] and what follows it.
    pub fn with_name_words(mut self) -> Self {
        self.names = Some(LexicalBuilder::default());
        self
    }

    /// Adds the next document. Its vectors may be missing; it is then found by words alone.
    ///
    /// # Errors
    /// `CORRUPT_DATABASE` when a vector has another width.
    pub fn add(
        &mut self,
        name_terms: &[(u32, u8)],
        body_terms: &[(u32, u8)],
        name: Option<&Codes>,
        whole: Option<&Codes>,
    ) -> Result<()> {
        self.name.push(name)?;
        self.whole.push(whole)?;
        self.words.add(weighted(name_terms, body_terms));
        if let Some(names) = &mut self.names {
            names.add(name_terms.iter().copied());
        }
        Ok(())
    }

    /// Makes the index.
    pub fn build(self) -> TextIndex {
        let words = self.words.build();
        let names = self
            .names
            .map(|names| NameWords::new(names.build(), &words));
        TextIndex {
            name: self.name,
            whole: self.whole,
            words,
            names,
            #[cfg(feature = "hnsw")]
            approximate: std::sync::OnceLock::new(),
        }
    }
}

/// The words of the names, apart from the bodies'.
#[derive(Debug)]
struct NameWords {
    index: LexicalIndex,
    /// The summed rarity of each name's words.
    rarity: Vec<f32>,
}

impl NameWords {
    fn new(index: LexicalIndex, words: &LexicalIndex) -> Self {
        let rarity = index.totals(|hash| words.idf(hash));
        NameWords { index, rarity }
    }

    /// Fills what matches say about names.
    fn compare(&self, terms: &[(u32, u8)], words: &LexicalIndex, matches: &mut [Match]) {
        let scores = self.index.scores(terms);
        let best = largest(scores.iter().copied());
        let shared = self.index.shared(terms, |hash| words.idf(hash));
        let asked: f32 = terms.iter().map(|&(hash, _)| words.idf(hash)).sum();
        for m in matches {
            let row = m.document as usize;
            m.name_words = scores[row] / best;
            m.name_share = shared[row] / self.rarity[row].max(f32::MIN_POSITIVE);
            m.question_share = shared[row] / asked.max(f32::MIN_POSITIVE);
        }
    }
}

/// Documents numbered from 0, searchable by meaning and by words.
#[derive(Debug)]
pub struct TextIndex {
    name: VectorIndex,
    whole: VectorIndex,
    words: LexicalIndex,
    names: Option<NameWords>,
    /// Comes later, for very large stores.
    #[cfg(feature = "hnsw")]
    approximate: std::sync::OnceLock<Approximate>,
}

impl TextIndex {
    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.whole.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty()
    }

    /// Whether every document was encoded.
    pub fn encoded(&self) -> bool {
        let encoded = |row| self.whole.is_encoded(row) && self.name.is_encoded(row);
        (0..self.len()).all(encoded)
    }

    /// A document's vectors of its name and of its whole, if it has both.
    pub fn vectors(&self, document: u32) -> Option<(Codes, Codes)> {
        let row = document as usize;
        Some((self.name.codes(row)?, self.whole.codes(row)?))
    }

    /// The vector of a document's whole, if it has one.
    pub fn whole(&self, document: u32) -> Option<Codes> {
        self.whole.codes(document as usize)
    }

    /// The cosine of every document's whole with a vector.
    pub fn likenesses(&self, codes: &Codes) -> Vec<f32> {
        self.whole.cosines(codes)
    }

    /// The document whose name is nearest by meaning, with the cosine; the first among equals.
    pub fn nearest_name(&self, codes: &Codes) -> Option<(u32, f32)> {
        let cosines = (0..).zip(self.name.cosines(codes));
        cosines.reduce(|best, one| if one.1 > best.1 { one } else { best })
    }

    /// The cosines of some documents' wholes (rows) with others' (columns), exact to about 0.002.
    pub fn likenesses_between(&self, rows: &[u32], columns: &[u32]) -> Array2<f32> {
        let number = |document: &u32| *document as usize;
        let rows: Vec<usize> = rows.iter().map(number).collect();
        let columns: Vec<usize> = columns.iter().map(number).collect();
        self.whole.cosines_between(&rows, &columns)
    }

    /// The `limit` documents that are nearest by meaning together with the `limit` nearest by
    /// words (`terms` of the question), among those that `filter` lets pass and without `except`,
    /// each with all that is compared. By number.
    pub fn matches(
        &self,
        question: &TextQuery,
        terms: &[(u32, u8)],
        limit: usize,
        except: Option<u32>,
        filter: Filter<'_>,
    ) -> Vec<Match> {
        let allowed =
            &|document| Some(document) != except && filter.is_none_or(|passes| passes(document));
        let words = self.words.scores(terms);
        let mut chosen = self.nearest(question, limit, filter.is_none(), allowed);
        chosen.extend(best(&words, limit, allowed));
        let best_words = largest(
            words
                .iter()
                .zip(0..)
                .filter(|(_, d)| allowed(*d))
                .map(|(w, _)| *w),
        );
        self.compare(question, terms, &words, chosen, best_words)
    }

    /// The same among a few documents only, whose vectors alone are read.
    pub fn matches_among(
        &self,
        question: &TextQuery,
        terms: &[(u32, u8)],
        limit: usize,
        among: &[u32],
    ) -> Vec<Match> {
        let words = self.words.scores(terms);
        let wholes = self.whole.cosines_of(among, &question.whole);
        let to_names = self.name.cosines_of(among, &question.whole);
        let meanings: Vec<f32> = wholes
            .iter()
            .zip(&to_names)
            .map(|(whole, name)| whole + NAME_SHARE * name)
            .collect();
        let word_scores: Vec<f32> = among.iter().map(|&d| words[d as usize]).collect();
        let mut places = best(&meanings, limit, &|_| true);
        places.extend(best(&word_scores, limit, &|_| true));
        let chosen = places.into_iter().map(|place| among[place as usize]);
        let best_words = largest(word_scores.iter().copied());
        self.compare(question, terms, &words, chosen.collect(), best_words)
    }

    /// The same without exception or filter, and with some documents that are wanted anyway.
    pub fn matches_and(
        &self,
        question: &TextQuery,
        terms: &[(u32, u8)],
        limit: usize,
        wanted: &[u32],
    ) -> Vec<Match> {
        let allowed = &|_| true;
        let words = self.words.scores(terms);
        let mut chosen = self.nearest(question, limit, true, allowed);
        chosen.extend(best(&words, limit, allowed));
        chosen.extend(wanted);
        let best_words = largest(words.iter().copied());
        self.compare(question, terms, &words, chosen, best_words)
    }

    fn compare(
        &self,
        question: &TextQuery,
        terms: &[(u32, u8)],
        words: &[f32],
        mut chosen: Vec<u32>,
        best_words: f32,
    ) -> Vec<Match> {
        chosen.sort_unstable();
        chosen.dedup();
        let question_name = question.name.to_vector();
        let question_whole = question.whole.to_vector();
        let whole = self.whole.exact_cosines(&chosen, &question_whole);
        let whole_to_name = self.name.exact_cosines(&chosen, &question_whole);
        let name_to_whole = self.whole.exact_cosines(&chosen, &question_name);
        let name = self.name.exact_cosines(&chosen, &question_name);
        let compared = chosen.iter().enumerate().map(|(at, &document)| Match {
            document,
            whole: whole[at],
            whole_to_name: whole_to_name[at],
            name_to_whole: name_to_whole[at],
            name: name[at],
            words: words[document as usize] / best_words,
            ..Match::default()
        });
        let mut matches: Vec<Match> = compared.collect();
        self.compare_said(question, terms, &mut matches);
        if let Some(names) = &self.names {
            names.compare(terms, &self.words, &mut matches);
        }
        matches
    }

    /// Fills [`Match::by_words`] and [`Match::said`].
    fn compare_said(&self, question: &TextQuery, terms: &[(u32, u8)], matches: &mut [Match]) {
        let partly = ((1.0 - question.known) / (1.0 - LEAST_KNOWN)).clamp(0.0, 1.0);
        for m in matches.iter_mut() {
            let row = m.document as usize;
            let no_vector =
                question.whole.is_unknown() || (self.whole.is_encoded(row) && !self.whole.has(row));
            m.by_words = if no_vector { 1.0 } else { partly };
        }
        if matches.iter().all(|m| m.by_words == 0.0) {
            return;
        }
        let shared = self.words.shared(terms, |hash| self.words.idf(hash));
        let asked: f32 = terms.iter().map(|&(hash, _)| self.words.idf(hash)).sum();
        for m in matches.iter_mut().filter(|m| m.by_words > 0.0) {
            // Many documents say the same one word of a foreign text: BM25 tells them apart, by
            // their lengths and by how often they say it.
            let share = shared[m.document as usize] / asked.max(f32::MIN_POSITIVE);
            m.said = share.clamp(0.0, 1.0) * m.words;
        }
    }

    /// The `limit` allowed documents that are nearest by meaning: of all, or where no filter is in
    /// force of what the approximate index proposes once there is one.
    fn nearest(
        &self,
        question: &TextQuery,
        limit: usize,
        all: bool,
        allowed: &dyn Fn(u32) -> bool,
    ) -> Vec<u32> {
        if all && let Some(candidates) = self.candidates(question, limit) {
            let whole = question.whole.to_vector();
            let meaning = |&document: &u32| {
                let row = document as usize;
                self.whole.exact_cosine(row, &whole)
                    + NAME_SHARE * self.name.exact_cosine(row, &whole)
            };
            let meanings: Vec<f32> = candidates.iter().map(meaning).collect();
            let found = best(&meanings, limit, &|place| {
                allowed(candidates[place as usize])
            });
            return found
                .into_iter()
                .map(|place| candidates[place as usize])
                .collect();
        }
        let wholes = self.whole.cosines(&question.whole);
        let to_names = self.name.cosines(&question.whole);
        let meanings: Vec<f32> = wholes
            .iter()
            .zip(&to_names)
            .map(|(a, b)| a + NAME_SHARE * b)
            .collect();
        best(&meanings, limit, allowed)
    }

    #[cfg(feature = "hnsw")]
    fn candidates(&self, question: &TextQuery, limit: usize) -> Option<Vec<u32>> {
        Some(self.approximate.get()?.candidates(&question.whole, limit))
    }

    #[cfg(not(feature = "hnsw"))]
    fn candidates(&self, _: &TextQuery, _: usize) -> Option<Vec<u32>> {
        None
    }

    /// What its documents mean, for an approximate index.
    #[cfg(feature = "hnsw")]
    pub fn points(&self) -> Points {
        let meanings = (0..self.len() as u32).map(|document| self.meaning(document));
        Points::new(self.whole.width(), meanings)
    }

    /// The vector whose product with a question's whole is what [`matches`](Self::matches) calls
    /// meaning; zeros for a document without vectors.
    #[cfg(feature = "hnsw")]
    fn meaning(&self, document: u32) -> Vec<f32> {
        let row = document as usize;
        let mut sum = vec![0.0; self.whole.width()];
        for (index, share) in [(&self.whole, 1.0), (&self.name, NAME_SHARE)] {
            if let Some(codes) = index.codes(row) {
                sum.iter_mut()
                    .zip(&codes.values)
                    .for_each(|(s, &v)| *s += share * codes.scale * f32::from(v));
            }
        }
        sum
    }

    /// Lets searches without a filter use an approximate index from now on.
    #[cfg(feature = "hnsw")]
    pub fn set_approximate(&self, approximate: Approximate) {
        // One is as good as another: all are made of the same documents.
        let _ = self.approximate.set(approximate);
    }

    /// The rarest `limit` of the question's words that a document has, rarest first; of words with
    /// one stem only the rarest.
    pub fn shared_words(&self, question: &TextQuery, document: u32, limit: usize) -> Vec<String> {
        let mut shared: Vec<(f32, &String)> = question
            .words
            .iter()
            .filter(|(word, _)| !word.chars().all(char::is_numeric))
            .filter_map(|(word, stem)| {
                let mut counted = std::iter::once(terms::hash(word)).chain(*stem);
                let held = |hash: &u32| self.words.contains(document, *hash);
                Some((counted.find(held)?, word))
            })
            .map(|(hash, word)| (self.words.idf(hash), word))
            .collect();
        shared.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let mut chosen: Vec<String> = Vec::with_capacity(limit);
        for (_, word) in shared {
            let said = |other: &String| one_stem(word, other) || is_part(word, other);
            if chosen.len() < limit && !chosen.iter().any(said) {
                chosen.push(word.clone());
            }
        }
        chosen
    }

    /// The word index over names and bodies.
    pub fn words(&self) -> &LexicalIndex {
        &self.words
    }
}

/// Whether two words begin alike for five letters and for all but three of the shorter.
fn one_stem(a: &str, b: &str) -> bool {
    let alike = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let shorter = a.chars().count().min(b.chars().count());
    alike >= 5 && alike + 3 >= shorter
}

/// Whether a word of a script that is cut into pairs says a part of another.
fn is_part(word: &str, other: &str) -> bool {
    !word.is_ascii() && (other.contains(word) || word.contains(other))
}

/// The largest value, at least a tiny positive number so that it can divide.
fn largest(values: impl Iterator<Item = f32>) -> f32 {
    values.fold(f32::MIN_POSITIVE, f32::max)
}

/// The documents with the `limit` largest positive values among those allowed.
fn best(values: &[f32], limit: usize, allowed: &dyn Fn(u32) -> bool) -> Vec<u32> {
    let mut documents: Vec<u32> = (0..values.len() as u32)
        .filter(|&d| values[d as usize] > 0.0 && allowed(d))
        .collect();
    let order = |a: &u32, b: &u32| {
        values[*b as usize]
            .total_cmp(&values[*a as usize])
            .then(a.cmp(b))
    };
    if documents.len() > limit {
        if limit > 0 {
            documents.select_nth_unstable_by(limit - 1, order);
        }
        documents.truncate(limit);
    }
    documents
}
