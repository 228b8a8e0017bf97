//! Groups of notes that are alike.
//!
//! Star clustering (Aslam, Pelekhov, Rus, "The star clustering algorithm", 2004) of the graph
//! that links notes whose cosine reaches a threshold: the note with the most free neighbours and
//! they themselves are a group, then the next. Every member is alike to the centre, so groups do
//! not grow into chains.

use std::collections::BinaryHeap;

use rayon::prelude::*;

use crate::domain::{Progress, ProgressFn, Stage};
use crate::search::vectors::VectorIndex;
use crate::{Error, Result};

/// Neighbours kept of each note, the nearest: what bounds the memory, and a group's size.
const MOST_NEIGHBOURS: usize = 200;
/// Notes compared between two looks at the caller's wish to stop.
const CHUNK: usize = 256;

/// Numbers of notes that are alike.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteGroup {
    /// The note that all others are alike to.
    pub centre: usize,
    /// All members with their cosine to the centre, the centre itself first with 1, then by
    /// number.
    pub members: Vec<(usize, f32)>,
}

/// The groups of at least `least` rows whose cosine to a centre is at least `threshold`, largest
/// first. A row is in one group at most. The same rows give the same groups.
///
/// Compares every pair once from each side: 22,000 rows of 768 bytes take about 20 seconds on
/// two cores, and 35 MB at most for the links.
///
/// # Errors
/// `CANCELLED` when `progress` says so.
///
/// ```
/// use atlas_core::learning::mining::groups::groups;
/// use atlas_core::search::vectors::{Codes, VectorIndex};
/// let mut rows = VectorIndex::new(2);
/// for vector in [[1.0, 0.0], [0.0, 1.0], [0.995, 0.1], [0.98, 0.2]] {
///     rows.push(Some(&Codes::quantise(&vector)))?;
/// }
/// let found = groups(&rows, 0.9, 2, &mut atlas_core::domain::silent)?;
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].members.len(), 3);
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn groups(
    rows: &VectorIndex,
    threshold: f32,
    least: usize,
    progress: ProgressFn<'_>,
) -> Result<Vec<NoteGroup>> {
    let links = links(rows, threshold, progress)?;
    let centres = centres(&links);
    let mut groups = assign(&links, &centres);
    groups.retain(|group| group.members.len() >= least.max(1));
    groups.sort_by_key(|group| (usize::MAX - group.members.len(), group.centre));
    Ok(groups)
}

type Links = Vec<Vec<(u32, f32)>>;

/// For each row the rows that are alike to it, nearest first.
fn links(rows: &VectorIndex, threshold: f32, progress: ProgressFn<'_>) -> Result<Links> {
    let mut links = Vec::with_capacity(rows.len());
    while links.len() < rows.len() {
        let report = Progress {
            stage: Stage::Comparing,
            done: links.len() as u64,
            total: Some(rows.len() as u64),
        };
        if progress(report).is_break() {
            return Err(Error::Cancelled);
        }
        let end = rows.len().min(links.len() + CHUNK);
        let chunk: Vec<_> = (links.len()..end)
            .into_par_iter()
            .map(|row| neighbours(rows, row, threshold))
            .collect();
        links.extend(chunk);
    }
    Ok(links)
}

fn neighbours(rows: &VectorIndex, row: usize, threshold: f32) -> Vec<(u32, f32)> {
    let Some(codes) = rows.codes(row) else {
        return Vec::new();
    };
    let mut found: Vec<(u32, f32)> = (0..)
        .zip(rows.cosines(&codes))
        .filter(|&(other, cosine)| cosine >= threshold && other as usize != row)
        .collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    found.truncate(MOST_NEIGHBOURS);
    found
}

/// The centres, in the order in which they are chosen.
fn centres(links: &Links) -> Vec<usize> {
    let mut free = vec![true; links.len()];
    let count = |row: usize, free: &[bool]| {
        let neighbours = links[row].iter();
        neighbours
            .filter(|(other, _)| free[*other as usize])
            .count()
    };
    // Counts only fall, so an old count is an upper bound: look again before believing it.
    let mut queue: BinaryHeap<(usize, std::cmp::Reverse<usize>)> = links
        .iter()
        .enumerate()
        .map(|(row, others)| (others.len(), std::cmp::Reverse(row)))
        .collect();
    let mut centres = Vec::new();
    while let Some((claimed, std::cmp::Reverse(row))) = queue.pop() {
        if !free[row] {
            continue;
        }
        let now = count(row, &free);
        if now < claimed {
            queue.push((now, std::cmp::Reverse(row)));
            continue;
        }
        free[row] = false;
        links[row]
            .iter()
            .for_each(|(other, _)| free[*other as usize] = false);
        centres.push(row);
    }
    centres
}

/// Every row joins the centre that it is most alike to.
fn assign(links: &Links, centres: &[usize]) -> Vec<NoteGroup> {
    let mut group_of = vec![None; links.len()];
    let mut groups: Vec<NoteGroup> = Vec::with_capacity(centres.len());
    for (number, &centre) in centres.iter().enumerate() {
        group_of[centre] = Some(number);
        groups.push(NoteGroup {
            centre,
            members: vec![(centre, 1.0)],
        });
    }
    let mut best: Vec<(f32, usize)> = vec![(f32::MIN, usize::MAX); links.len()];
    for (number, &centre) in centres.iter().enumerate() {
        for &(other, cosine) in &links[centre] {
            if cosine > best[other as usize].0 {
                best[other as usize] = (cosine, number);
            }
        }
    }
    for (row, &(cosine, number)) in best.iter().enumerate() {
        if group_of[row].is_none()
            && let Some(group) = groups.get_mut(number)
        {
            group.members.push((row, cosine));
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::domain::silent;
    use crate::search::vectors::Codes;

    fn rows(angles: &[f32]) -> VectorIndex {
        let mut rows = VectorIndex::new(2);
        for angle in angles {
            let (sin, cos) = angle.to_radians().sin_cos();
            rows.push(Some(&Codes::quantise(&[cos, sin]))).unwrap();
        }
        rows
    }

    #[test]
    fn a_chain_is_no_group() {
        // Each is near the next, the ends are far apart: nobody is further from its centre
        // than the threshold allows.
        let rows = rows(&[0.0, 15.0, 30.0, 45.0, 60.0, 75.0, 90.0]);
        let threshold = 17f32.to_radians().cos();
        let found = groups(&rows, threshold, 2, &mut silent).unwrap();
        assert!(found.len() >= 2, "{found:?}");
        for group in &found {
            assert!(group.members.iter().all(|(_, cosine)| *cosine >= threshold));
        }
        let mut seen: Vec<usize> = found
            .iter()
            .flat_map(|group| group.members.iter().map(|(row, _)| *row))
            .collect();
        let members = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), members, "a row is in one group");
    }

    #[test]
    fn a_row_joins_the_nearest_centre_and_rows_without_a_vector_join_none() {
        let mut rows = rows(&[0.0, 2.0, 4.0, 11.0, 16.0, 18.0, 20.0]);
        rows.push(None).unwrap();
        let found = groups(&rows, 10f32.to_radians().cos(), 1, &mut silent).unwrap();
        let with = |row: usize| {
            let mut holding = found
                .iter()
                .filter(|g| g.members.iter().any(|(member, _)| *member == row));
            (holding.next().unwrap().centre, holding.count())
        };
        assert_eq!(with(3).0, with(4).0);
        assert_eq!(with(0).0, with(2).0);
        assert_eq!(with(7), (7, 0));
    }

    #[test]
    fn it_stops_when_asked() {
        let stopped = groups(&rows(&[0.0, 1.0]), 0.9, 2, &mut |_| ControlFlow::Break(()));
        assert_eq!(stopped.unwrap_err().code(), "CANCELLED");
    }
}
