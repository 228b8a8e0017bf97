//! The public data sets, read from `../shared/data` beside the checkout; see `benches/README.md`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use atlas_core::domain::{TestPattern, Ticket};

/// The folder of the data sets, if it is there. `ATLAS_DATA` names another one.
pub fn folder() -> Option<PathBuf> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("ATLAS_DATA").map_or_else(default, PathBuf::from);
    folder.is_dir().then_some(folder)
}

fn gz_lines(path: &Path) -> impl Iterator<Item = String> {
    let file = std::fs::File::open(path).unwrap();
    BufReader::new(flate2::read::MultiGzDecoder::new(file)).lines().map_while(Result::ok)
}

/// tmp
pub fn titanium(folder: &Path) -> Vec<Ticket> {
    use atlas_core::domain::{TicketKey, TicketLink};
    gz_lines(&folder.join("titanium/issues.jsonl.gz"))
        .map(|line| {
            let v: serde_json::Value = serde_json::from_str(&line).unwrap();
            let f = &v["fields"];
            let mut t = Ticket::new(TicketKey::parse(v["key"].as_str().unwrap()).unwrap(), f["summary"].as_str().unwrap_or(""));
            t.description = f["description"].as_str().map(atlas_core::text::wiki::to_text);
            t.ticket_type = f["issuetype"]["name"].as_str().unwrap_or("").into();
            t.reporter = f["reporter"]["displayName"].as_str().map(Into::into);
            t.components = f["components"].as_array().map(|a| a.iter().filter_map(|c| c["name"].as_str().map(Into::into)).collect()).unwrap_or_default();
            t.labels = f["labels"].as_array().map(|a| a.iter().filter_map(|c| c.as_str().map(Into::into)).collect()).unwrap_or_default();
            t.created = f["created"].as_str().and_then(|s| s.replace("+0000", "Z").parse().ok());
            for l in f["issuelinks"].as_array().into_iter().flatten() {
                let key = l["outwardIssue"]["key"].as_str().or(l["inwardIssue"]["key"].as_str());
                if let Some(key) = key.and_then(|k| TicketKey::parse(k).ok()) {
                    t.links.push(TicketLink { kind: l["type"]["name"].as_str().unwrap_or("").into(), key });
                }
            }
            t
        })
        .collect()
}

/// Clusters of tickets that are linked as duplicates, as numbers of the list; each of two or more.
pub fn duplicate_clusters(tickets: &[Ticket]) -> Vec<Vec<usize>> {
    let numbers: HashMap<&str, usize> = tickets.iter().enumerate().map(|(n, t)| (t.key.as_str(), n)).collect();
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
    members.into_values().filter(|members| members.len() > 1).collect()
}

/// For every ticket that has one, the tickets that are linked to it directly as duplicates.
pub fn duplicate_partners(tickets: &[Ticket]) -> BTreeMap<usize, BTreeSet<usize>> {
    let numbers: HashMap<&str, usize> = tickets.iter().enumerate().map(|(n, t)| (t.key.as_str(), n)).collect();
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
    pub key: String,
    /// The summary.
    pub summary: String,
    /// Numbers of the right test cases.
    pub right: BTreeSet<usize>,
}

/// tmp
pub fn mattermost(folder: &Path) -> (Vec<TestPattern>, Vec<Linked>) {
    let mut keys = HashMap::new();
    let mut patterns = Vec::new();
    for line in gz_lines(&folder.join("mattermost/testcases.jsonl.gz")) {
        let v: serde_json::Value = serde_json::from_str(&line).unwrap();
        let s = |k: &str| v[k].as_str().map(str::to_owned);
        let mut p = TestPattern::new(s("name").unwrap_or_default(), s("folder").unwrap_or_default());
        p.component = s("component").or(s("folder"));
        p.objective = s("objective").map(|t| atlas_core::text::markdown::to_text(&t));
        p.precondition = s("precondition").map(|t| atlas_core::text::markdown::to_text(&t));
        for step in v["steps"].as_array().into_iter().flatten() {
            let m = |k: &str| step[k].as_str().map(atlas_core::text::markdown::to_text).unwrap_or_default();
            p.steps.push(atlas_core::domain::Step::new(m("action"), m("expected")));
        }
        keys.insert(v["key"].as_str().unwrap().to_owned(), patterns.len());
        patterns.push(p);
    }
    let mut linked: Vec<Linked> = Vec::new();
    let text = std::fs::read_to_string(folder.join("mattermost/ticket_test_links.csv")).unwrap();
    for r in csv::Reader::from_reader(text.as_bytes()).records() {
        let r = r.unwrap();
        let right = keys[&r[2]];
        match linked.iter_mut().find(|l| l.key == r[0]) {
            Some(l) => { l.right.insert(right); }
            None => linked.push(Linked { key: r[0].to_owned(), summary: r[1].to_owned(), right: [right].into() }),
        }
    }
    (patterns, linked)
}
