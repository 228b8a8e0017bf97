//! tmp exploration
use atlas_benches::{data, encode, measure::Measures};
use atlas_core::domain::Draft;
use atlas_core::search::documents::Document;
use atlas_core::search::text_index::*;
use atlas_core::search::ticket_index::*;
use atlas_core::search::similar;
use atlas_core::learning::listwise;
use atlas_core::text::{encoder::Encoder, terms};
use std::collections::{BTreeSet, BTreeMap};
use ndarray::Array2;

fn main() {
    let folder = data::folder().unwrap();
    let encoder = Encoder::bundled().unwrap();
    let t0 = std::time::Instant::now();
    let tokens: usize = std::env::var("TOKENS").ok().and_then(|v| v.parse().ok()).unwrap_or(128);
    let tickets = data::titanium(&folder).unwrap();
    println!("read {:?}", t0.elapsed());
    let drafts: Vec<Draft> = tickets.iter().map(Draft::from).collect();
    let docs: Vec<Document> = drafts.iter().map(Document::of_ticket).collect();
    println!("docs {:?}", t0.elapsed());
    let names = encode::codes(&encoder, &docs.iter().map(|d| d.name.clone()).collect::<Vec<_>>(), tokens).unwrap();
    println!("names {:?}", t0.elapsed());
    let wholes = encode::codes(&encoder, &docs.iter().map(|d| d.whole()).collect::<Vec<_>>(), tokens).unwrap();
    println!("wholes {:?}", t0.elapsed());
    let mut b = TextIndexBuilder::new(384);
    let mut nm = Names::default();
    let mut rows = vec![];
    for (i, d) in docs.iter().enumerate() {
        b.add(&terms::count(&d.name), &terms::count(&d.body), Some(&names[i]), Some(&wholes[i])).unwrap();
        let t = &tickets[i];
        rows.push(TicketRow { id: i as i64, key: t.key.clone(), ticket_type: nm.number(&t.ticket_type), status: 0, reporter: t.reporter.as_ref().map(|r| nm.number(r)),
            components: t.components.iter().map(|c| nm.number(c)).collect(), labels: t.labels.iter().map(|c| nm.number(c)).collect(), created: t.created });
    }
    let index = TicketIndex::new(b.build(), rows, nm);
    println!("index {:?}", t0.elapsed());
    let q = |i: usize| TicketQuestion::new(&drafts[i], &docs[i], names[i].clone(), wholes[i].clone(), Some(i as u32));
    let partners = data::duplicate_partners(&tickets);
    println!("askers {}", partners.len());
    use rayon::prelude::*;
    let ask: Vec<(usize, &BTreeSet<usize>)> = partners.iter().map(|(a, b)| (*a, b)).collect();
    let run = |name: &str, f: &(dyn Fn(&Match) -> f32 + Sync)| {
        let r: Vec<_> = ask.par_iter().map(|&(i, right)| {
            let mut m = index.text.matches(&q(i).text, 200, &|n| n as usize != i);
            m.sort_by(|a, b| f(b).total_cmp(&f(a)));
            (m.iter().take(10).map(|m| m.document as usize).collect::<Vec<_>>(), right)
        }).collect();
        println!("{name:24} {}", Measures::of(r));
    };
    run("bm25", &|m| m.words);
    run("encoder whole", &|m| m.whole);
    run("whole+.1w", &|m| m.whole + 0.1 * m.words);
    run("whole+.2w", &|m| m.whole + 0.2 * m.words);
    run("whole+.3w", &|m| m.whole + 0.3 * m.words);
    for (a, c, d) in [(0.1, 0.1, 0.2), (0.2, 0.2, 0.2), (0.3, 0.3, 0.2), (0.3, 0.3, 0.3), (0.4,0.4,0.3)] {
        run(&format!("x {a} {c} {d}"), &|m| m.whole + a * m.whole_to_name + c * m.name_to_whole + d * m.words);
    }
    run("n", &|m| m.whole + 0.2 * m.whole_to_name + 0.2 * m.name_to_whole + 0.1 * m.name + 0.2 * m.words);
    // duplicates: fit half clusters
    let clusters = data::duplicate_clusters(&tickets);
    println!("clusters {}", clusters.len());
    let mut half: BTreeMap<usize, usize> = BTreeMap::new();
    for (k, c) in clusters.iter().enumerate() { for &n in c { half.insert(n, k % 2); } }
    let cands: Vec<Vec<(Match, [f32; similar::DUPLICATE_SIGNALS])>> = ask.par_iter().map(|&(i, _)| similar::duplicate_candidates(&index, &q(i), &|_| true)).collect();
    for h in 0..2 {
        let groups: Vec<listwise::Group> = ask.iter().zip(&cands).filter(|((i, _), _)| half[i] == h).filter_map(|((_, right), c)| {
            let r: Vec<usize> = c.iter().enumerate().filter(|(_, (m, _))| right.contains(&(m.document as usize))).map(|(k, _)| k).collect();
            if r.is_empty() { return None; }
            Some(listwise::Group { signals: Array2::from_shape_fn((c.len(), similar::DUPLICATE_SIGNALS), |(a, b)| c[a].1[b] as f64), right: r })
        }).collect();
        let ranker = listwise::fit(&groups, 0.001).unwrap();
        println!("weights {:?}", similar::DUPLICATE_NAMES.iter().zip(ranker.weights.iter()).map(|(n, w)| format!("{n} {w:.2}")).collect::<Vec<_>>());
        let r: Vec<_> = ask.iter().zip(&cands).filter(|((i, _), _)| half[i] != h).map(|((_, right), c)| {
            let mut s: Vec<(f64, usize)> = c.iter().map(|(m, s)| (s.iter().zip(ranker.weights.iter()).map(|(a, b)| *a as f64 * b).sum::<f64>(), m.document as usize)).collect();
            s.sort_by(|a, b| b.0.total_cmp(&a.0));
            (s.into_iter().map(|x| x.1).collect::<Vec<_>>(), *right)
        }).collect();
        println!("duplicates fit half {h}: groups {} {}", groups.len(), Measures::of(r));
    }
    println!("{:?}", t0.elapsed());
}
