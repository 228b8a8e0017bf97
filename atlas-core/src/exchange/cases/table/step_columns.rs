//! Tables that have a column for each step.

use std::collections::BTreeMap;

use super::super::names::{Column, key, without_step};
use super::places::{Places, StepColumn};

impl Places {
    /// A column for each step: `Step 1`, `Expected 1`, `Step 2`, or the same names again and again.
    pub(super) fn in_columns(&mut self, taken: &[usize]) {
        let mut found: BTreeMap<u32, StepColumn> = BTreeMap::new();
        for (place, name) in self.names.iter().enumerate() {
            if taken.contains(&place) || !self.dialect.fields(name).is_empty() {
                continue;
            }
            let Some((number, column)) = self.numbered(name) else {
                continue;
            };
            let step = found.entry(number).or_default();
            let slot = match column {
                Column::Steps => &mut step.action,
                Column::StepsExpected => &mut step.expected,
                _ => &mut step.data,
            };
            slot.get_or_insert(place);
        }
        if found.values().any(|step| step.action.is_some()) {
            self.step_columns = found.into_values().collect();
        }
        // TestRail has one of its columns twice.
        if self.dialect.starts || self.dialect.row_is_case {
            return;
        }
        for [action, expected, data] in [
            [Column::Steps, Column::StepsExpected, Column::StepsData],
            [Column::Action, Column::Expected, Column::Data],
        ] {
            if self.at(action).len() < 2 {
                continue;
            }
            let [actions, expected, data] =
                [action, expected, data].map(|column| self.of.remove(&column).unwrap_or_default());
            let step = |(number, action): (usize, &usize)| StepColumn {
                action: Some(*action),
                expected: expected.get(number).copied(),
                data: data.get(number).copied(),
            };
            self.step_columns
                .extend(actions.iter().enumerate().map(step));
        }
    }

    /// The number in a column's name, and what the rest of it means.
    fn numbered(&self, name: &str) -> Option<(u32, Column)> {
        let whole = key(name);
        let digits = |c: char| c.is_ascii_digit();
        let start = whole.find(digits)?;
        let length = whole[start..]
            .find(|c| !digits(c))
            .unwrap_or(whole.len() - start);
        let number = whole.get(start..start + length)?.parse().ok()?;
        let rest = format!("{}{}", &whole[..start], &whole[start + length..]);
        if rest.contains(digits) {
            return None;
        }
        let meaning = |key: &str| {
            self.dialect
                .fields_of_key(key)
                .into_iter()
                .find_map(|column| match column {
                    Column::Action | Column::Steps | Column::StepName => Some(Column::Steps),
                    Column::Expected | Column::StepsExpected => Some(Column::StepsExpected),
                    Column::Data | Column::StepsData => Some(Column::StepsData),
                    _ => None,
                })
        };
        let shorter = || meaning(&without_step(&rest)?);
        Some((number, meaning(&rest).or_else(shorter)?))
    }

    pub(super) fn is_step_column(&self, place: usize) -> bool {
        let holds =
            |step: &StepColumn| [step.action, step.expected, step.data].contains(&Some(place));
        self.step_columns.iter().any(holds)
    }
}
