//! What a row says of its own: by this it goes on with a test case or starts another.

use super::super::names::Column;
use super::places::Places;
use crate::exchange::table::Row;

/// What rows of one test case have in common, by the column that says so.
pub(super) type CaseMark = (Column, String);

/// The marks, the name and the folders of a row or of a test case.
#[derive(Debug, Clone, Default)]
pub(super) struct Own {
    /// Group, id and external id, as far as they are there.
    pub marks: Vec<CaseMark>,
    pub name: Option<String>,
    /// Section, hierarchy, suite: all that says where it lies.
    pub folders: Vec<(usize, String)>,
    /// What else belongs to the whole test case.
    facts: Vec<(Column, String)>,
}

impl Own {
    pub(super) fn of(row: &Row, places: &Places) -> Self {
        let text = |column| Some((column, places.text(row, column)?.to_owned()));
        let marks = [Column::Group, Column::Id, Column::External];
        let facts = [Column::Component, Column::Objective, Column::Precondition];
        let folder = |place: &usize| Some((*place, row.first(&[*place])?.to_owned()));
        let folders = places
            .at(Column::Kind)
            .iter()
            .chain(places.at(Column::SuiteId));
        Own {
            marks: marks.into_iter().filter_map(text).collect(),
            name: places.text(row, Column::Name).map(str::to_owned),
            // The folder of an execution is its cycle's.
            folders: match places.dialect.repeats {
                true => Vec::new(),
                false => folders.filter_map(folder).collect(),
            },
            facts: facts.into_iter().filter_map(text).collect(),
        }
    }

    /// Whether the row says nothing of its own.
    pub(super) fn is_silent(&self) -> bool {
        self.marks.is_empty() && self.name.is_none()
    }

    /// Whether nothing that both say differs: marks, name and folders.
    pub(super) fn agrees(&self, row: &Own) -> bool {
        let same_name = self.name.is_none() || row.name.is_none() || self.name == row.name;
        same_name && agree(&self.marks, &row.marks) && agree(&self.folders, &row.folders)
    }

    /// Whether a row that has only a name goes on with this test case.
    pub(super) fn goes_on_by_name(&self, row: &Own) -> bool {
        row.marks.is_empty()
            && self.name == row.name
            && self.agrees(row)
            && agree(&self.facts, &row.facts)
    }

    /// Takes what a later row adds.
    pub(super) fn add(&mut self, row: Own) {
        self.name = self.name.take().or(row.name);
        for mark in row.marks {
            if self.marks.iter().all(|(column, _)| *column != mark.0) {
                self.marks.push(mark);
            }
        }
        for folder in row.folders {
            if self.folders.iter().all(|(place, _)| *place != folder.0) {
                self.folders.push(folder);
            }
        }
    }
}

fn agree<K: PartialEq>(mine: &[(K, String)], other: &[(K, String)]) -> bool {
    let same = |(key, text): &(K, String)| {
        let found = mine.iter().find(|(one, _)| one == key);
        found.is_none_or(|(_, one)| one == text)
    };
    other.iter().all(same)
}
