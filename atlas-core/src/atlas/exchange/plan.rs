//! What the records of a file are to each other, before the first of them is stored.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use super::is_own;
use crate::domain::{Step, TestFormat, TestImport, TestPattern};
use crate::exchange::cases::{Entry, TestCase, TestFile};
use crate::exchange::distinct::add_new;
use crate::exchange::identity::{self, InFile};

/// So many records without ids may have one name, type and component and differ in steps.
pub(super) const MOST_ALIKE: usize = 100;

/// A record, with what its ids are and what else of the file is like it.
pub(super) struct Planned {
    pub case: TestCase,
    pub ids: Vec<Id>,
    pub place: usize,
    pub in_file: InFile,
    /// The record that it repeats or is in conflict with, in words.
    pub other: String,
    /// The steps of all records that have its name, type and component, where it is not alone.
    pub alike: Option<Rc<Steps>>,
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
    /// Whether no other project has it.
    pub is_unique: bool,
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
            InFile::First | InFile::Crowd => String::new(),
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
                let more = tickets.remove(&place).unwrap_or_default();
                add_new(&mut case.tickets, more);
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

/// The steps of records, as hashes.
pub(super) type Steps = HashSet<u64>;

/// Steps as a number that tells them from others.
pub(super) fn hash_of(steps: &[Step]) -> u64 {
    let mut hasher = DefaultHasher::new();
    steps.hash(&mut hasher);
    hasher.finish()
}

/// What each record is in its file, and the steps of the records that are like it in all but ids
/// and steps.
fn standing(entries: &[Entry<TestCase>], ids: &[Vec<Id>]) -> (Vec<InFile>, Vec<Option<Rc<Steps>>>) {
    let full = |ids: &[Id]| ids.iter().map(|id| id.full().to_owned()).collect();
    let records: Vec<Option<(Vec<String>, &TestPattern)>> = entries
        .iter()
        .zip(ids)
        .map(|(entry, ids)| Some((full(ids), &entry.value.as_ref().ok()?.pattern)))
        .collect();
    let mut in_file = identity::within_file(&records);
    let mut groups: HashMap<_, Vec<(usize, &TestPattern)>> = HashMap::new();
    for (place, record) in records.iter().enumerate() {
        if let Some((_, pattern)) = record {
            let name = (&pattern.name, &pattern.pattern_type, &pattern.component);
            groups.entry(name).or_default().push((place, pattern));
        }
    }
    let mut alike = vec![None; entries.len()];
    for group in groups.values().filter(|group| group.len() > 1) {
        let steps = group.iter().map(|(_, pattern)| hash_of(&pattern.steps));
        let steps: Rc<Steps> = Rc::new(steps.collect());
        for (place, _) in group {
            if let Some(slot) = alike.get_mut(*place) {
                *slot = Some(Rc::clone(&steps));
            }
        }
        let is_keyless = |place: usize| ids.get(place).is_some_and(Vec::is_empty);
        let keyless = group.iter().filter(|(place, _)| is_keyless(*place));
        settle(&keyless.copied().collect::<Vec<_>>(), &mut in_file);
    }
    (in_file, alike)
}

/// Settles records without ids that have one name, type and component: one that says no more than
/// another repeats it.
fn settle(group: &[(usize, &TestPattern)], in_file: &mut [InFile]) {
    let mut firsts: HashMap<u64, usize> = HashMap::new();
    let full = group.iter().find(|(_, pattern)| !pattern.steps.is_empty());
    for (place, pattern) in group {
        let first = match (pattern.steps.is_empty(), full) {
            (true, Some((full, _))) => *full,
            _ => *firsts.entry(hash_of(&pattern.steps)).or_insert(*place),
        };
        if let Some(slot) = in_file.get_mut(*place) {
            *slot = match first == *place {
                true if firsts.len() > MOST_ALIKE => InFile::Crowd,
                true => InFile::First,
                false => InFile::Repeats(first),
            };
        }
    }
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
            is_unique: is_unique(format, plain),
        }
    };
    case.ids.iter().map(id).collect()
}

/// Whether a tool gives an id once in all its projects: TestRail's `C7`, an issue's key.
fn is_unique(format: TestFormat, id: &str) -> bool {
    use TestFormat::{TestrailCsv, TestrailXml, XrayCloud, XrayCsv, XrayDc};
    use TestFormat::{ZephyrCsv, ZephyrJson, ZephyrSquad};
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    match format {
        TestrailCsv | TestrailXml => id.strip_prefix('C').is_some_and(is_number),
        XrayCloud | XrayCsv | XrayDc | ZephyrCsv | ZephyrJson | ZephyrSquad => id
            .rsplit_once('-')
            .is_some_and(|(_, number)| is_number(number.trim_start_matches('T'))),
        _ => false,
    }
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
