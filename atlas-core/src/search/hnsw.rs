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
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hnsw_rs::anndists::dist::distances::Distance;
use hnsw_rs::hnsw::Hnsw;
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

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
    /// The directions of documents by their vectors of `width` dimensions, which come in the order of
    /// the documents; zeros for a document without one.
    pub fn new(width: usize, vectors: impl Iterator<Item = Vec<f32>>) -> Self {
        let mut points = Points {
            width,
            codes: Vec::new(),
            documents: Vec::new(),
        };
        let mut numbers = HashMap::new();
        for (document, vector) in (0..).zip(vectors) {
            let Some(direction) = direction(&vector) else {
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

    /// The same points, of no documents.
    #[cfg(test)]
    pub(super) fn without_documents(self) -> Self {
        Points {
            documents: Vec::new(),
            ..self
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// What a graph over these points depends on, hashed: the points, the parameters, the form of
    /// the files.
    pub(super) fn key(&self) -> u128 {
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

    /// Which points it was made of, hashed.
    pub(super) fn key(&self) -> u128 {
        self.key
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
