//! Which of several columns holds a field, where their names allow more than one.

use std::collections::BTreeMap;

use super::Column;

/// A column without text comes after all others of the same field.
pub(in super::super) const EMPTY: usize = 1_000_000;

/// A column, and what it may hold, the likeliest last.
pub(in super::super) struct ColumnCandidate {
    pub place: usize,
    /// Each with its rank among the names of the field.
    pub fields: Vec<(Column, usize)>,
}

/// Leaves each field that only one column can hold to the one with the best name; the others may
/// hold something else.
pub(in super::super) fn settle(candidates: &mut [ColumnCandidate], mapped: &[Column]) {
    loop {
        let mut best: BTreeMap<Column, usize> = BTreeMap::new();
        for (column, rank) in candidates.iter().filter_map(|one| one.fields.last()) {
            let best = best.entry(*column).or_insert(*rank);
            *best = (*best).min(*rank);
        }
        let mut is_settled = true;
        for candidate in candidates.iter_mut() {
            let Some((column, rank)) = candidate.fields.last() else {
                continue;
            };
            let loses = !column.is_shared_by_columns() && best.get(column) != Some(rank);
            if loses || mapped.contains(column) {
                candidate.fields.pop();
                is_settled = false;
            }
        }
        if is_settled {
            return;
        }
    }
}
