//! The approximate index of a text index: made, kept in a folder beside the database, and read again.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::hnsw::{Approximate, Graph, cache};
use super::text_index::TextIndex;

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
    let points = text.points();
    if points.is_empty() || points.len() < least || stop.load(Ordering::Relaxed) {
        return None;
    }
    let key = points.key();
    let known = last.filter(|graph| graph.key() == key);
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
    use crate::search::vectors::Codes;

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
        let points = text.points();
        let graph = Graph::build(&points, &running()).expect("a graph");
        // Its nodes have no documents, so it finds nothing.
        let nothing = points.without_documents();
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
        assert_eq!(text.points().len(), 2);
        prepare(&text, 1, None, None, &running()).expect("a graph");
        let mut question = questions().remove(0);
        (question.whole, question.name) = (equal.clone(), equal);
        assert_eq!(text.matches(&question, &[], 400, None, None).len(), 400);
        assert_eq!(text.matches(&question, &[], 400, Some(7), None).len(), 399);
    }

    #[test]
    fn small_stores_and_stopped_work_get_none() {
        let text = text_index(100);
        assert!(prepare(&text, 101, None, None, &running()).is_none());
        assert!(prepare(&text, 1, None, None, &AtomicBool::new(true)).is_none());
        assert!(Graph::build(&text.points(), &AtomicBool::new(true)).is_none());
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
pub(super) mod test_data {
    use crate::search::documents::Document;
    use crate::search::text_index::{TextIndex, TextIndexBuilder};
    use crate::search::text_query::TextQuery;
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

    pub(in crate::search) fn text_index(documents: u32) -> TextIndex {
        let mut builder = TextIndexBuilder::new(WIDTH as usize);
        for number in 0..documents {
            let (name, whole) = (vector(number + 1_000_000), vector(number));
            builder
                .add(&[], &[], Some(&name), Some(&whole))
                .expect("the right width");
        }
        builder.build()
    }

    pub(in crate::search) fn questions() -> Vec<TextQuery> {
        let wordless = Document {
            name: String::new(),
            body: String::new(),
            full: String::new(),
        };
        let question =
            |number| TextQuery::new(&wordless, vector(number + 1_000_000), vector(number));
        (5_000..5_030).map(question).collect()
    }
}
