//! The word index: BM25 over counted terms.
//!
//! Postings lie in one array sorted by term, eight bytes each; the index is built in one pass
//! over the documents and never changed. Robertson and Zaragoza, "The Probabilistic Relevance
//! Framework: BM25 and Beyond" (2009).

/// Saturation of a term's count in a document.
const K1: f32 = 1.2;
/// How much a document's length counts.
const B: f32 = 0.75;

/// One occurrence list entry: which document, how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Posting {
    document: u32,
    count: u8,
}

/// Collects documents and makes a [`LexicalIndex`].
#[derive(Debug, Default)]
pub struct LexicalBuilder {
    /// Term hash (32 bits), document (24 bits), count (8 bits): sorted, this is the index.
    entries: Vec<u64>,
    lengths: Vec<f32>,
}

/// The most documents one index can hold.
pub const MOST_DOCUMENTS: usize = 1 << 24;

impl LexicalBuilder {
    /// Adds the next document with its terms; each term at most once. Documents beyond
    /// [`MOST_DOCUMENTS`] are not indexed.
    pub fn add(&mut self, terms: impl IntoIterator<Item = (u32, u8)>) {
        let document = self.lengths.len();
        let mut length = 0.0;
        if document < MOST_DOCUMENTS {
            for (hash, count) in terms {
                self.entries
                    .push(u64::from(hash) << 32 | (document as u64) << 8 | u64::from(count));
                length += f32::from(count);
            }
        }
        self.lengths.push(length);
    }

    /// Sorts the postings and computes document norms.
    pub fn build(mut self) -> LexicalIndex {
        self.entries.sort_unstable();
        let mut terms = Vec::new();
        let mut starts = Vec::new();
        let mut postings = Vec::with_capacity(self.entries.len());
        for entry in self.entries {
            let hash = (entry >> 32) as u32;
            if terms.last() != Some(&hash) {
                terms.push(hash);
                starts.push(postings.len() as u32);
            }
            postings.push(Posting {
                document: (entry >> 8) as u32 & 0xff_ffff,
                count: entry as u8,
            });
        }
        starts.push(postings.len() as u32);
        let total: f32 = self.lengths.iter().sum();
        let mean = (total / self.lengths.len().max(1) as f32).max(1.0);
        let norms = self
            .lengths
            .iter()
            .map(|l| K1 * (1.0 - B + B * l / mean))
            .collect();
        LexicalIndex {
            terms,
            starts,
            postings,
            norms,
        }
    }
}

/// BM25 over an unchanging set of documents, numbered from 0.
///
/// ```
/// use atlas_core::search::lexical::LexicalBuilder;
/// use atlas_core::text::terms;
/// let mut builder = LexicalBuilder::default();
/// builder.add(terms::count("password reset link expired"));
/// builder.add(terms::count("export is empty"));
/// let index = builder.build();
/// let scores = index.scores(&terms::count("expired password"));
/// assert!(scores[0] > 0.0 && scores[1] == 0.0);
/// ```
#[derive(Debug, Default)]
pub struct LexicalIndex {
    terms: Vec<u32>,
    starts: Vec<u32>,
    postings: Vec<Posting>,
    norms: Vec<f32>,
}

impl LexicalIndex {
    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.norms.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.norms.is_empty()
    }

    /// Every document's BM25 score for the query's counted terms; 0 where no term is shared.
    pub fn scores(&self, query: &[(u32, u8)]) -> Vec<f32> {
        let mut scores = vec![0.0; self.len()];
        for &(hash, query_count) in query {
            let postings = self.postings(hash);
            let weight = self.idf_of(postings.len()) * query_weight(query_count);
            for posting in postings {
                let count = f32::from(posting.count);
                let document = posting.document as usize;
                scores[document] += weight * count * (K1 + 1.0) / (count + self.norms[document]);
            }
        }
        scores
    }

    /// For every document, the summed weight of the query's terms that it has.
    pub fn shared(&self, query: &[(u32, u8)], weight: impl Fn(u32) -> f32) -> Vec<f32> {
        let mut shared = vec![0.0; self.len()];
        for &(hash, _) in query {
            let weight = weight(hash);
            for posting in self.postings(hash) {
                shared[posting.document as usize] += weight;
            }
        }
        shared
    }

    /// For every document, the summed weight of all its terms.
    pub fn totals(&self, weight: impl Fn(u32) -> f32) -> Vec<f32> {
        let mut totals = vec![0.0; self.len()];
        for (&hash, ends) in self.terms.iter().zip(self.starts.windows(2)) {
            let weight = weight(hash);
            for posting in &self.postings[ends[0] as usize..ends[1] as usize] {
                totals[posting.document as usize] += weight;
            }
        }
        totals
    }

    /// How rare a term is: its inverse document frequency, 0 or more.
    pub fn idf(&self, hash: u32) -> f32 {
        self.idf_of(self.postings(hash).len())
    }

    /// Whether a document has a term.
    pub fn contains(&self, document: u32, hash: u32) -> bool {
        self.postings(hash)
            .binary_search_by_key(&document, |p| p.document)
            .is_ok()
    }

    fn postings(&self, hash: u32) -> &[Posting] {
        match self.terms.binary_search(&hash) {
            Ok(at) => &self.postings[self.starts[at] as usize..self.starts[at + 1] as usize],
            Err(_) => &[],
        }
    }

    fn idf_of(&self, documents: usize) -> f32 {
        let (n, df) = (self.len() as f32, documents as f32);
        (1.0 + (n - df + 0.5) / (df + 0.5)).ln()
    }
}

/// A term said often in the query counts more, but not in proportion.
fn query_weight(count: u8) -> f32 {
    let count = f32::from(count);
    count * 9.0 / (count + 8.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::terms;

    fn index(documents: &[&str]) -> LexicalIndex {
        let mut builder = LexicalBuilder::default();
        for document in documents {
            builder.add(terms::count(document));
        }
        builder.build()
    }

    #[test]
    fn rare_words_weigh_more_than_common_ones() {
        let index = index(&["login fails", "login slow", "login page", "export fails"]);
        let scores = index.scores(&terms::count("login export"));
        assert!(scores[3] > scores[0]);
        assert!(index.idf(terms::hash("export")) > index.idf(terms::hash("login")));
    }

    #[test]
    fn a_single_match_has_the_textbook_score() {
        let index = index(&["alpha beta", "gamma delta"]);
        let scores = index.scores(&terms::count("alpha"));
        let idf = (1.0f32 + (2.0 - 1.0 + 0.5) / 1.5).ln();
        let expected = idf * 1.0 * 2.2 / (1.0 + 1.2);
        assert!((scores[0] - expected).abs() < 1e-6);
        assert_eq!(scores[1], 0.0);
    }

    #[test]
    fn shared_weights_are_part_of_the_totals() {
        let index = index(&["login fails", "export fails slowly"]);
        let weight = |hash| {
            if hash == terms::hash("fails") {
                1.0
            } else {
                4.0
            }
        };
        // A word may count as more than one term: itself and its stem.
        let sum = |text: &str| -> f32 { terms::count(text).iter().map(|t| weight(t.0)).sum() };
        let expected = [sum("login fails"), sum("export fails slowly")];
        assert_eq!(index.totals(weight), expected);
        let shared = index.shared(&terms::count("login fails often"), weight);
        assert_eq!(shared, [expected[0], sum("fails")]);
    }

    #[test]
    fn membership_and_emptiness_are_answered() {
        let filled = index(&["alpha", "beta"]);
        assert!(filled.contains(0, terms::hash("alpha")));
        assert!(!filled.contains(1, terms::hash("alpha")));
        let empty = index(&[]);
        assert!(empty.is_empty() && empty.scores(&terms::count("alpha")).is_empty());
    }
}
