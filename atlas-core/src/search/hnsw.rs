//! The approximate index for very large stores: a small-world graph over what documents mean.
//!
//! Malkov and Yashunin, "Efficient and Robust Approximate Nearest Neighbor Search Using
//! Hierarchical Navigable Small World Graphs" (2018). The graph only proposes candidates; they are
//! scored exactly, so a miss costs a candidate and never a wrong score. One node stands for all
//! documents with the same vector: many equal nodes would cut others off. Built by one thread in
//! the order of the documents, the graph is the same every time.

pub mod cache;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hnsw_rs::anndists::dist::distances::Distance;
use hnsw_rs::hnsw::Hnsw;
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::text_index::TextIndex;
use super::vectors::{Codes, dot};

/// Links of a node per layer, twice as many in the lowest.
const CONNECTIONS: usize = 16;
/// Candidates that are looked at for a new node's links.
const EF_CONSTRUCTION: usize = 200;
/// Layers; the library can write its file only with all sixteen.
const LAYERS: usize = 16;
/// Standard deviations that a code spans: the largest component of a million was 6.4 of them.
const SPAN: f32 = 6.5;

/// The direction of a vector in bytes. All directions share one scale, so their products compare;
/// `None` for a vector without one.
fn direction(vector: &[f32]) -> Option<Vec<i8>> {
    let length = vector.iter().map(|v| v * v).sum::<f32>().sqrt();
    let scale = unit_square(vector.len()).sqrt() / length;
    // `as` saturates: a component beyond the span is cut and costs a little precision.
    scale
        .is_finite()
        .then(|| vector.iter().map(|v| (v * scale).round() as i8).collect())
}

/// The product of a direction with itself.
fn unit_square(width: usize) -> f32 {
    127.0 * 127.0 * (width as f32 / (SPAN * SPAN)).max(1.0)
}

/// One less the cosine of two directions: from 0 on, and never NaN, on which the library panics.
#[derive(Clone, Copy, Default)]
struct DirectionDistance(pulp::Arch);

impl Distance<i8> for DirectionDistance {
    fn eval(&self, a: &[i8], b: &[i8]) -> f32 {
        let product = self.0.dispatch(Product(a, b)) as f32;
        (1.0 - product / unit_square(a.len())).max(0.0)
    }
}

struct Product<'a>(&'a [i8], &'a [i8]);

impl pulp::WithSimd for Product<'_> {
    type Output = i32;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> i32 {
        dot(self.0, self.1)
    }
}

/// The distinct directions of documents, numbered in the order of the documents.
#[derive(Debug)]
pub struct Points {
    width: usize,
    codes: Vec<i8>,
    /// Points with their documents, in order of both.
    documents: Vec<(u32, u32)>,
}

impl Points {
    /// The directions of all documents that have a vector.
    pub fn of(text: &TextIndex) -> Self {
        let mut points = Points {
            width: text.width(),
            codes: Vec::new(),
            documents: Vec::new(),
        };
        let mut numbers = HashMap::new();
        for document in 0..text.len() as u32 {
            let Some(direction) = direction(&text.meaning(document)) else {
                continue;
            };
            let bytes: Vec<u8> = direction.iter().map(|&v| v as u8).collect();
            let next = numbers.len() as u32;
            let point = *numbers.entry(xxh3_128(&bytes)).or_insert(next);
            if point == next {
                points.codes.extend(direction);
            }
            points.documents.push((point, document));
        }
        points.documents.sort_unstable();
        points
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.codes.len() / self.width.max(1)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// What a graph over these points depends on, hashed: the points, the parameters, the form of
    /// the files.
    fn key(&self) -> u128 {
        let mut hash = Xxh3::new();
        let parameters = [
            cache::FORMAT,
            size_of::<usize>(),
            CONNECTIONS,
            EF_CONSTRUCTION,
            self.width,
            self.len(),
        ];
        for number in parameters {
            // Native order: the library writes its numbers so.
            hash.update(&number.to_ne_bytes());
        }
        for code in &self.codes {
            hash.update(&code.to_ne_bytes());
        }
        hash.digest128()
    }
}

/// Nodes and their links.
pub struct Graph {
    key: u128,
    hnsw: Hnsw<'static, i8, DirectionDistance>,
}

impl Graph {
    /// Links the points, one after the other; `None` when `stop` was set.
    pub fn build(points: &Points, stop: &AtomicBool) -> Option<Self> {
        let hnsw = Hnsw::new(
            CONNECTIONS,
            points.len(),
            LAYERS,
            EF_CONSTRUCTION,
            DirectionDistance::default(),
        );
        for (number, direction) in points.codes.chunks_exact(points.width.max(1)).enumerate() {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            hnsw.insert((direction, number));
        }
        Some(Graph {
            key: points.key(),
            hnsw,
        })
    }

    fn len(&self) -> usize {
        self.hnsw.get_nb_point()
    }
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Graph({:032x}, {} points)", self.key, self.len())
    }
}

/// A graph and the documents of its nodes.
#[derive(Debug)]
pub struct Approximate {
    graph: Arc<Graph>,
    documents: Vec<(u32, u32)>,
}

impl Approximate {
    /// Puts a graph and the points that it was made from together.
    pub fn new(graph: Arc<Graph>, points: Points) -> Self {
        Approximate {
            graph,
            documents: points.documents,
        }
    }

    /// Documents among which almost all of the `limit` nearest are, in order of their numbers.
    ///
    /// Half as many nodes again are asked for: they come in order of directions, but a document's
    /// score depends on its vector's length, too. More would be found by looking at more, at the
    /// same cost for each.
    pub fn candidates(&self, question: &Codes, limit: usize) -> Vec<u32> {
        let Some(direction) = direction(&question.to_vector()) else {
            return Vec::new();
        };
        let nodes = limit + limit / 2;
        let mut documents = Vec::with_capacity(nodes);
        for node in self.graph.hnsw.search(&direction, nodes, nodes) {
            let number = node.d_id as u32;
            let start = self.documents.partition_point(|&(point, _)| point < number);
            let of_node = self.documents[start..]
                .iter()
                .take_while(|&&(point, _)| point == number);
            documents.extend(of_node.map(|&(_, document)| document));
        }
        documents.sort_unstable();
        documents
    }
}

/// Gives a text index its graph: the last one if it still fits, else the one in `folder`, else a
/// new one, which is kept in `folder`. Returns the graph.
///
/// Nothing happens for fewer than `least` distinct vectors or once `stop` is set. A folder that
/// cannot be used costs the next start some minutes.
pub fn prepare(
    text: &TextIndex,
    least: usize,
    folder: Option<&Path>,
    last: Option<Arc<Graph>>,
    stop: &AtomicBool,
) -> Option<Arc<Graph>> {
    let points = Points::of(text);
    if points.is_empty() || points.len() < least || stop.load(Ordering::Relaxed) {
        return None;
    }
    let key = points.key();
    let known = last.filter(|graph| graph.key == key);
    let stored = || {
        folder
            .and_then(|folder| cache::load(folder, key, points.len()))
            .map(Arc::new)
    };
    let graph = match known.or_else(stored) {
        Some(graph) => graph,
        None => {
            let graph = Graph::build(&points, stop)?;
            if let Some(folder) = folder {
                // The cache is a convenience: without it the graph is built again.
                let _ = cache::save(folder, &graph);
            }
            Arc::new(graph)
        }
    };
    text.set_approximate(Approximate::new(graph.clone(), points));
    Some(graph)
}

#[cfg(test)]
mod tests {
    use super::test_data::{questions, text_index};
    use super::*;
    use crate::search::text_index::{Match, TextIndexBuilder};

    fn running() -> AtomicBool {
        AtomicBool::new(false)
    }

    fn found(text: &TextIndex, limit: usize) -> Vec<Vec<Match>> {
        questions()
            .iter()
            .map(|question| text.matches(question, &[], limit, None, None))
            .collect()
    }

    #[test]
    fn nearly_all_of_the_nearest_are_found_with_exact_scores() {
        let (exact, approximate) = (text_index(3_000), text_index(3_000));
        prepare(&approximate, 1, None, None, &running()).expect("a graph");
        let (mut same, mut all) = (0, 0);
        for (exact, approximate) in found(&exact, 100).iter().zip(found(&approximate, 100)) {
            same += approximate.iter().filter(|m| exact.contains(m)).count();
            all += exact.len();
        }
        assert!(same as f32 >= 0.98 * all as f32, "{same} of {all}");
    }

    #[test]
    fn two_builds_are_the_same() {
        let (one, two) = (text_index(500), text_index(500));
        prepare(&one, 1, None, None, &running()).expect("a graph");
        prepare(&two, 1, None, None, &running()).expect("a graph");
        assert_eq!(found(&one, 20), found(&two, 20));
    }

    #[test]
    fn a_filter_is_answered_by_the_exact_scan() {
        let text = text_index(200);
        let exact = found(&text, 10);
        let points = Points::of(&text);
        let graph = Graph::build(&points, &running()).expect("a graph");
        // Its nodes have no documents, so it finds nothing.
        let nothing = Points {
            documents: Vec::new(),
            ..points
        };
        text.set_approximate(Approximate::new(Arc::new(graph), nothing));
        assert!(found(&text, 10).iter().all(Vec::is_empty));
        let filtered = questions()
            .iter()
            .map(|q| text.matches(q, &[], 10, None, Some(&|_| true)))
            .collect::<Vec<_>>();
        assert_eq!(filtered, exact);
    }

    #[test]
    fn many_equal_vectors_are_one_node_and_all_found() {
        let mut builder = TextIndexBuilder::new(8);
        let (equal, other) = (
            Codes::quantise(&[0.6, 0.8, 0., 0., 0., 0., 0., 0.]),
            Codes::quantise(&[0.36; 8]),
        );
        for number in 0..400 {
            let vector = if number == 399 { &other } else { &equal };
            builder
                .add(&[], &[], Some(vector), Some(vector))
                .expect("the right width");
        }
        builder
            .add(&[], &[], None, None)
            .expect("no vector is fine");
        let text = builder.build();
        assert_eq!(Points::of(&text).len(), 2);
        prepare(&text, 1, None, None, &running()).expect("a graph");
        let mut question = questions().remove(0);
        (question.whole, question.name) = (equal.clone(), equal);
        assert_eq!(text.matches(&question, &[], 400, None, None).len(), 400);
        assert_eq!(text.matches(&question, &[], 400, Some(7), None).len(), 399);
    }

    #[test]
    fn directions_share_one_scale_and_refuse_nothing_and_nonsense() {
        assert_eq!(direction(&[3.0, 4.0]), direction(&[0.6, 0.8]));
        assert_eq!(direction(&[1.0, 0.0]), Some(vec![127, 0]));
        assert_eq!(direction(&[0.0; 4]), None);
        assert_eq!(direction(&[f32::NAN, 1.0]), None);
        let distance = DirectionDistance::default();
        assert_eq!(distance.eval(&[127, 0], &[127, 0]), 0.0);
        assert_eq!(distance.eval(&[127, 0], &[0, 127]), 1.0);
        assert_eq!(distance.eval(&[127, 0], &[-127, 0]), 2.0);
        assert_eq!(distance.eval(&[127, 127], &[127, 127]), 0.0);
    }

    #[test]
    fn small_stores_and_stopped_work_get_none() {
        let text = text_index(100);
        assert!(prepare(&text, 101, None, None, &running()).is_none());
        assert!(prepare(&text, 1, None, None, &AtomicBool::new(true)).is_none());
        assert!(Graph::build(&Points::of(&text), &AtomicBool::new(true)).is_none());
        assert!(prepare(&text_index(0), 0, None, None, &running()).is_none());
    }

    #[test]
    fn the_last_graph_serves_the_same_vectors_again() {
        let graph = prepare(&text_index(100), 1, None, None, &running()).expect("a graph");
        let again =
            prepare(&text_index(100), 1, None, Some(graph.clone()), &running()).expect("a graph");
        assert!(Arc::ptr_eq(&graph, &again));
        let other =
            prepare(&text_index(101), 1, None, Some(graph.clone()), &running()).expect("a graph");
        assert!(!Arc::ptr_eq(&graph, &other));
    }
}

/// Documents around forty centres, in 24 dimensions.
#[cfg(test)]
mod test_data {
    use crate::search::documents::Document;
    use crate::search::text_index::{Question, TextIndex, TextIndexBuilder};
    use crate::search::vectors::Codes;

    const WIDTH: u32 = 24;

    /// -1 to 1, the same for the same numbers.
    fn noise(a: u32, b: u32) -> f32 {
        let hash = xxhash_rust::xxh3::xxh3_64(&(u64::from(a) << 32 | u64::from(b)).to_le_bytes());
        (hash % 2_001) as f32 / 1_000.0 - 1.0
    }

    fn vector(number: u32) -> Codes {
        let value = |i| noise(number % 40, i) + 0.7 * noise(1_000 + number, i);
        let vector: Vec<f32> = (0..WIDTH).map(value).collect();
        let length = vector.iter().map(|v| v * v).sum::<f32>().sqrt();
        Codes::quantise(&vector.iter().map(|v| v / length).collect::<Vec<_>>())
    }

    pub(super) fn text_index(documents: u32) -> TextIndex {
        let mut builder = TextIndexBuilder::new(WIDTH as usize);
        for number in 0..documents {
            let (name, whole) = (vector(number + 1_000_000), vector(number));
            builder
                .add(&[], &[], Some(&name), Some(&whole))
                .expect("the right width");
        }
        builder.build()
    }

    pub(super) fn questions() -> Vec<Question> {
        let wordless = Document {
            name: String::new(),
            body: String::new(),
            full: String::new(),
        };
        let question =
            |number| Question::new(&wordless, vector(number + 1_000_000), vector(number));
        (5_000..5_030).map(question).collect()
    }
}
