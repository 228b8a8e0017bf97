//! What the records of a file are to each other, before the first of them is stored.

use std::collections::HashMap;
use std::rc::Rc;

use super::is_own;
use crate::domain::{Step, TestFormat, TestImport, TestPattern};
use crate::exchange::cases::{Entry, TestCase, TestFile};
use crate::exchange::identity::{self, InFile};

/// A record, with what its ids are and what else of the file is like it.
pub(super) struct Planned {
    pub case: TestCase,
    pub ids: Vec<Id>,
    pub place: usize,
    pub in_file: InFile,
    /// The record that it repeats or is in conflict with, in words.
    pub other: String,
    /// The steps of all records without ids that have its name, type and component.
    pub alike: Option<Rc<Vec<Vec<Step>>>>,
    /// Whether the user gave the scope, who then means two projects by two scopes.
    pub is_project: bool,
}

/// An id of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Id {
    /// As the tool has it.
    pub plain: String,
    /// With its scope; none for one that needs none.
    pub scoped: Option<String>,
    /// As it is stored where no scope was known.
    pub before: Option<String>,
}

impl Id {
    /// What tells it from the ids of other test cases.
    fn full(&self) -> &str {
        self.scoped.as_deref().unwrap_or(&self.plain)
    }
}

/// The records of a file with what they are to each other.
pub(super) fn plan(file: TestFile<TestCase>, options: &TestImport) -> Vec<Entry<Planned>> {
    let format = file.format;
    let project = options.project.as_deref();
    let ids: Vec<Vec<Id>> = file
        .entries
        .iter()
        .map(|entry| match &entry.value {
            Ok(case) => ids_of(case, format, project),
            Err(_) => Vec::new(),
        })
        .collect();
    let (in_file, groups) = standing(&file.entries, &ids);
    let others: Vec<String> = in_file
        .iter()
        .map(|one| match one {
            InFile::First => String::new(),
            InFile::Repeats(other) | InFile::Conflicts(other) => {
                file.entries.get(*other).map(described).unwrap_or_default()
            }
        })
        .collect();
    let mut tickets = HashMap::new();
    for (entry, one) in file.entries.iter().zip(&in_file) {
        if let (Ok(case), InFile::Repeats(first)) = (&entry.value, one) {
            let all: &mut Vec<_> = tickets.entry(*first).or_default();
            all.extend(case.tickets.iter().cloned());
        }
    }
    let parts = ids.into_iter().zip(in_file).zip(others).zip(groups);
    let entries = file.entries.into_iter().zip(parts).enumerate();
    entries
        .map(|(place, (entry, (((ids, in_file), other), alike)))| Entry {
            file: entry.file,
            line: entry.line,
            column: entry.column,
            value: entry.value.map(|mut case| {
                // What a repeated record says of tickets counts too.
                for ticket in tickets.remove(&place).unwrap_or_default() {
                    if !case.tickets.contains(&ticket) {
                        case.tickets.push(ticket);
                    }
                }
                Planned {
                    case,
                    ids,
                    place,
                    in_file,
                    other,
                    alike,
                    is_project: project.is_some(),
                }
            }),
        })
        .collect()
}

/// What each record is in its file, and which records without ids are alike.
#[allow(clippy::type_complexity)]
fn standing(
    entries: &[Entry<TestCase>],
    ids: &[Vec<Id>],
) -> (Vec<InFile>, Vec<Option<Rc<Vec<Vec<Step>>>>>) {
    let full = |ids: &[Id]| ids.iter().map(|id| id.full().to_owned()).collect();
    let records: Vec<Option<(Vec<String>, &TestPattern)>> = entries
        .iter()
        .zip(ids)
        .map(|(entry, ids)| Some((full(ids), &entry.value.as_ref().ok()?.pattern)))
        .collect();
    let mut in_file = identity::within_file(&records);
    let mut alike: HashMap<_, Vec<usize>> = HashMap::new();
    for (place, record) in records.iter().enumerate() {
        if let Some((ids, pattern)) = record
            && ids.is_empty()
        {
            let name = (&pattern.name, &pattern.pattern_type, &pattern.component);
            alike.entry(name).or_default().push(place);
        }
    }
    let mut groups = vec![None; entries.len()];
    for places in alike.values().filter(|places| places.len() > 1) {
        let pattern = |place: &usize| records.get(*place)?.as_ref().map(|(_, pattern)| *pattern);
        let steps = places.iter().filter_map(pattern).map(|p| p.steps.clone());
        let all = Rc::new(steps.collect::<Vec<_>>());
        for (number, place) in places.iter().enumerate() {
            let Some(own) = pattern(place) else { continue };
            let says = |other: &&usize| pattern(other).is_some_and(|p| identity::covers(p, own));
            let earlier = places.iter().take(number).find(says);
            // One without steps says less than one with steps that comes later.
            let fuller = || {
                let later = places.iter().skip(number + 1);
                later
                    .filter(|_| own.steps.is_empty())
                    .find(|other| pattern(other).is_some_and(|p| !p.steps.is_empty()))
            };
            if let Some(slot) = in_file.get_mut(*place)
                && let Some(other) = earlier.or_else(fuller)
            {
                *slot = InFile::Repeats(*other);
            }
            if let Some(slot) = groups.get_mut(*place) {
                *slot = Some(Rc::clone(&all));
            }
        }
    }
    drop(records);
    (in_file, groups)
}

/// The ids of a record, each with its scope.
fn ids_of(case: &TestCase, format: TestFormat, project: Option<&str>) -> Vec<Id> {
    let scope = identity::scope_of(project, case.scope.as_deref());
    let id = |plain: &String| {
        let scope = scope.as_deref().filter(|scope| {
            let named = [Some(*scope), project];
            let named = named.into_iter().flatten();
            !is_own(plain)
                && !named
                    .into_iter()
                    .any(|one| identity::names_scope(plain, one))
        });
        // Qase's numbers are ids of a project, which was not always known.
        let number = plain.rsplit_once('-').map(|(_, number)| number);
        let before = number.filter(|_| format == TestFormat::QaseCsv && project.is_some());
        Id {
            plain: plain.clone(),
            scoped: scope.map(|scope| identity::scoped(plain, scope)),
            before: before.map(|number| format!("QASE-{number}")),
        }
    };
    case.ids.iter().map(id).collect()
}

/// A record in words: its name and where it stands.
fn described(entry: &Entry<TestCase>) -> String {
    let name = entry
        .value
        .as_ref()
        .map_or("", |case| case.pattern.name.as_str());
    let name = crate::exchange::report::shortened(name);
    match &entry.file {
        Some(file) => format!("\"{name}\" ({}, line {})", file.display(), entry.line),
        None => format!("\"{name}\" (line {})", entry.line),
    }
}
