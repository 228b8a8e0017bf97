//! The public data sets, read from `../shared/data` beside the checkout; see `benches/README.md`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use atlas_core::Result;
use atlas_core::domain::{TestPattern, Ticket, TicketKey};
use atlas_core::exchange::history::read_history;
use atlas_core::exchange::patterns::read_patterns;
use atlas_core::jira::read_all_tickets;

/// The folder of the data sets, if it is there. `ATLAS_DATA` names another one.
pub fn folder() -> Option<PathBuf> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("ATLAS_DATA").map_or_else(default, PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// The Titanium tickets, in the order of the file.
///
/// # Errors
/// As the product's own reader.
pub fn titanium(folder: &Path) -> Result<Vec<Ticket>> {
    Ok(read_all_tickets(&folder.join("titanium/issues.jsonl.gz"))?.0)
}

/// Clusters of tickets that are linked as duplicates, as numbers of the list; each of two or more.
pub fn duplicate_clusters(tickets: &[Ticket]) -> Vec<Vec<usize>> {
    let numbers: HashMap<&str, usize> = tickets
        .iter()
        .enumerate()
        .map(|(n, t)| (t.key.as_str(), n))
        .collect();
    let mut cluster: Vec<usize> = (0..tickets.len()).collect();
    fn root(cluster: &mut [usize], mut n: usize) -> usize {
        while cluster[n] != n {
            cluster[n] = cluster[cluster[n]];
            n = cluster[n];
        }
        n
    }
    for (n, ticket) in tickets.iter().enumerate() {
        for link in ticket.links.iter().filter(|link| link.kind == "Duplicate") {
            if let Some(&other) = numbers.get(link.key.as_str()) {
                let (a, b) = (root(&mut cluster, n), root(&mut cluster, other));
                cluster[a.max(b)] = a.min(b);
            }
        }
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for n in 0..tickets.len() {
        members.entry(root(&mut cluster, n)).or_default().push(n);
    }
    members
        .into_values()
        .filter(|members| members.len() > 1)
        .collect()
}

/// For every ticket that has one, the tickets that are linked to it directly as duplicates.
pub fn duplicate_partners(tickets: &[Ticket]) -> BTreeMap<usize, BTreeSet<usize>> {
    let numbers: HashMap<&str, usize> = tickets
        .iter()
        .enumerate()
        .map(|(n, t)| (t.key.as_str(), n))
        .collect();
    let mut partners: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (n, ticket) in tickets.iter().enumerate() {
        for link in ticket.links.iter().filter(|link| link.kind == "Duplicate") {
            if let Some(&other) = numbers.get(link.key.as_str()).filter(|&&other| other != n) {
                partners.entry(n).or_default().insert(other);
                partners.entry(other).or_default().insert(n);
            }
        }
    }
    partners
}

/// A past ticket of the Mattermost set: its summary and the numbers of its test cases.
#[derive(Debug, Clone)]
pub struct Linked {
    /// The key.
    pub key: TicketKey,
    /// The summary.
    pub summary: String,
    /// Numbers of the right test cases.
    pub right: BTreeSet<usize>,
}

/// The Mattermost test cases, and the past tickets with their test cases, oldest first.
///
/// # Errors
/// As the product's own readers.
pub fn mattermost(folder: &Path) -> Result<(Vec<TestPattern>, Vec<Linked>)> {
    let mut patterns = Vec::new();
    read_patterns(
        &folder.join("mattermost/testcases.jsonl.gz"),
        &mut |record| {
            patterns.extend(record.value);
            ControlFlow::Continue(())
        },
    )?;
    let numbers: HashMap<&str, usize> = patterns
        .iter()
        .enumerate()
        .filter_map(|(n, p)| Some((p.key.as_deref()?, n)))
        .collect();
    let mut linked: Vec<Linked> = Vec::new();
    read_history(
        &folder.join("mattermost/ticket_test_links.csv"),
        &mut |record| {
            if let Ok(link) = record.value
                && let Some(&right) = numbers.get(link.pattern_key.as_str())
            {
                let summary = link.ticket_summary.unwrap_or_default();
                match linked.iter_mut().find(|l| l.key == link.ticket_key) {
                    Some(linked) => drop(linked.right.insert(right)),
                    None => linked.push(Linked {
                        key: link.ticket_key,
                        summary,
                        right: BTreeSet::from([right]),
                    }),
                }
            }
            ControlFlow::Continue(())
        },
    )?;
    Ok((patterns, linked))
}

/// The collected test notes of Titanium tickets: the ticket's key and its steps as they were typed.
///
/// # Errors
/// `FILE_FAILED` when the file cannot be read.
pub fn test_notes(folder: &Path) -> Result<Vec<(String, Vec<String>)>> {
    let notes = lines_of(&folder.join("titanium/test_notes.jsonl.gz"))?;
    let notes = notes.iter().filter_map(|note| {
        let steps = note["steps"].as_array()?.iter();
        let steps = steps.filter_map(|step| step.as_str().map(str::to_owned));
        Some((note["key"].as_str()?.to_owned(), steps.collect()))
    });
    Ok(notes.collect())
}

/// The JSON objects of a compressed file, one a line; a line that is none is left out.
///
/// # Errors
/// `FILE_FAILED` when the file cannot be read.
pub(crate) fn lines_of(path: &Path) -> Result<Vec<serde_json::Value>> {
    let failed = |source| atlas_core::Error::File {
        path: path.to_owned(),
        source,
    };
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(file), &mut text)
        .map_err(failed)?;
    let lines = text.lines();
    Ok(lines
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect())
}
