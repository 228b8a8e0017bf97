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
    // hubness: mean cosine of each doc to its 10 nearest in a sample
    let sample: Vec<usize> = (0..tickets.len()).step_by(7).collect();
    let mut sv = atlas_core::search::vectors::VectorIndex::new(384);
    for &n in &sample { sv.push(Some(&wholes[n])).unwrap(); }
    let hub: Vec<f32> = (0..tickets.len()).into_par_iter().map(|n| {
        let mut c = sv.cosines(&wholes[n]);
        for (k, &m) in sample.iter().enumerate() { if m == n { c[k] = 0.0; } }
        c.sort_by(|a, b| b.total_cmp(a));
        c[..10].iter().sum::<f32>() / 10.0
    }).collect();
    println!("hub {:?}", t0.elapsed());
    let cands: Vec<Vec<Match>> = ask.par_iter().map(|&(i, _)| index.text.matches(&q(i).text, 200, &|n| n as usize != i)).collect();
    let run = |name: &str, f: &(dyn Fn(&Match) -> f32 + Sync)| {
        let r: Vec<_> = cands.iter().zip(&ask).map(|(m, &(_, right))| {
            let mut m = m.clone();
            m.sort_by(|a, b| f(b).total_cmp(&f(a)));
            (m.iter().take(10).map(|m| m.document as usize).collect::<Vec<_>>(), right)
        }).collect();
        println!("{name:24} {}", Measures::of(r));
    };
    let recall = cands.iter().zip(&ask).filter(|(m, (_, r))| m.iter().any(|m| r.contains(&(m.document as usize)))).count();
    println!("candidate recall {}", recall as f64 / ask.len() as f64);
    run("whole+.3w", &|m| m.whole + 0.3 * m.words);
    // raw text bm25
    use atlas_core::search::lexical::LexicalBuilder;
    let mut rb = LexicalBuilder::default();
    let raw: Vec<Vec<(u32,u8)>> = drafts.par_iter().map(|d| { let mut t: String = d.description.clone().unwrap_or_default(); if t.len() > 20000 { let mut e = 20000; while !t.is_char_boundary(e) { e -= 1; } t.truncate(e); } terms::count(&format!("{0}\n{0}\n{0}\n{t}", d.summary)) }).collect();
    for r in &raw { rb.add(r.iter().copied()); }
    let ri = rb.build();
    // stems
    let stem = |t: &str| -> String { let mut o = String::new(); terms::for_each(t, &mut |w| { 
        let mut w = w.to_owned();
        if w.is_ascii() { for suf in ["ing", "ed", "er", "e", "ly", "ion", "ment"] { if w.len() > suf.len() + 3 && w.ends_with(suf) { w.truncate(w.len() - suf.len()); break; } } }
        o.push_str(&w); o.push(' '); }); o };
    let st: Vec<Vec<(u32,u8)>> = docs.par_iter().map(|d| terms::count(&stem(&format!("{0}\n{0}\n{0}\n{1}", d.name, d.body)))).collect();
    let mut sb = LexicalBuilder::default();
    for r in &st { sb.add(r.iter().copied()); }
    let si = sb.build();
    // bigrams of the summary and text
    let bi: Vec<Vec<(u32,u8)>> = docs.par_iter().map(|d| { let mut ws: Vec<u32> = vec![]; terms::for_each(&d.whole(), &mut |w| ws.push(terms::hash(w))); let mut m: BTreeMap<u32,u8> = BTreeMap::new(); for w in ws.windows(2) { *m.entry(w[0].rotate_left(7) ^ w[1]).or_insert(0) = 1; } m.into_iter().collect() }).collect();
    let mut bb = LexicalBuilder::default();
    for r in &bi { bb.add(r.iter().copied()); }
    let bix = bb.build();
    let norm = |ix: &atlas_core::search::lexical::LexicalIndex, q: &[(u32,u8)], me: usize| { let mut s = ix.scores(q); s[me] = 0.0; let top = s.iter().copied().fold(1e-6f32, f32::max); s.iter_mut().for_each(|v| *v /= top); s };
    let ext: Vec<Vec<[f32; 4]>> = cands.par_iter().zip(&ask).map(|(c, &(i, _))| { let r = norm(&ri, &raw[i], i); let s = norm(&si, &st[i], i); let b = norm(&bix, &bi[i], i); c.iter().map(|m| [r[m.document as usize], s[m.document as usize], b[m.document as usize], hub[m.document as usize]]).collect() }).collect();
    let rune = |name: &str, f: &(dyn Fn(&Match, &[f32; 4]) -> f32 + Sync)| {
        let r: Vec<_> = cands.iter().zip(&ext).zip(&ask).map(|((m, e), &(_, right))| {
            let mut m: Vec<(f32, u32)> = m.iter().zip(e).map(|(m, e)| (f(m, e), m.document)).collect();
            m.sort_by(|a, b| b.0.total_cmp(&a.0));
            (m.iter().take(10).map(|m| m.1 as usize).collect::<Vec<_>>(), right)
        }).collect();
        println!("{name:24} {}", Measures::of(r));
    };
    let pre = |n: usize| -> String { let s = &docs[n].name; let r = atlas_core::text::prose::summary_without_prefix(s); s[..s.len() - r.len()].to_lowercase() };
    let prefix: Vec<String> = (0..docs.len()).map(pre).collect();
    let clusters = data::duplicate_clusters(&tickets);
    let mut half: BTreeMap<usize, usize> = BTreeMap::new();
    for (k, c) in clusters.iter().enumerate() { for &n in c { half.insert(n, k % 2); } }
    let full = |i: usize, m: &Match, e: &[f32; 4]| -> Vec<f64> {
        let n = m.document as usize;
        let (a, b) = (&tickets[i], &tickets[n]);
        let days = match (a.created, b.created) { (Some(x), Some(y)) => (x.as_second() - y.as_second()).abs() as f64 / 86400.0, _ => 3650.0 };
        let close = (1.0 - (1.0 + days).ln() / 3650f64.ln()).max(0.0);
        let samec = b.components.iter().any(|c| a.components.contains(c));
        let both = !a.components.is_empty() && !b.components.is_empty();
        let sl = b.labels.iter().filter(|l| a.labels.contains(l)).count() as f64;
        let un = (a.labels.len() + b.labels.len()) as f64 - sl;
        let f = |x: bool| if x { 1.0 } else { 0.0 };
        let qi = &docs[i]; let _ = qi;
        let s1: BTreeSet<u32> = terms::count(&docs[i].name).into_iter().map(|t| t.0).collect();
        let s2: BTreeSet<u32> = terms::count(&docs[n].name).into_iter().map(|t| t.0).collect();
        let idf = |t: &u32| ri.idf(*t) as f64;
        let sh: f64 = s1.intersection(&s2).map(idf).sum(); let uni: f64 = s1.union(&s2).map(idf).sum::<f64>().max(1e-6);
        let maxidf = s1.intersection(&s2).map(idf).fold(0.0, f64::max);
        vec![m.whole as f64, m.whole_to_name as f64, m.name_to_whole as f64, m.name as f64, m.words as f64, m.name_words as f64, e[0] as f64,
             close, f(both && !samec), f(samec), f(a.reporter.is_some() && a.reporter == b.reporter), if un > 0.0 { sl / un } else { 0.0 }, f(a.ticket_type == b.ticket_type),
             f(!prefix[i].is_empty() && !prefix[n].is_empty() && prefix[i] != prefix[n]), f(!prefix[i].is_empty() && prefix[i] == prefix[n]), sh / uni, maxidf / 10.0, (m.whole * m.whole) as f64, close * close,
             f(docs[i].body.is_empty()), e[3] as f64, f(days < 1.0)]
    };
    let names_ = ["whole","w2n","n2w","name","words","nwords","raw","close","otherc","samec","samerep","labels","type","preconf","presame","jacc","maxidf","whole2","close2","-","hub","day"];
    let fc: Vec<Vec<Vec<f64>>> = cands.par_iter().zip(&ext).zip(&ask).map(|((c, e), &(i, _))| c.iter().zip(e).map(|(m, e)| full(i, m, e)).collect()).collect();
    let test = |label: &str, use_: &[usize], keep: usize, ridge: f64| {
        let cut: Vec<Vec<usize>> = fc.iter().map(|c| { let mut o: Vec<usize> = (0..c.len()).collect(); o.sort_by(|&a, &b| (c[b][0] + 0.2 * c[b][6]).total_cmp(&(c[a][0] + 0.2 * c[a][6]))); o.truncate(keep); o }).collect();
        let mut all = vec![];
        let mut ws = vec![];
        for h in 0..2 {
            let groups: Vec<listwise::Group> = (0..ask.len()).filter(|&k| half[&ask[k].0] == h).filter_map(|k| {
                let r: Vec<usize> = cut[k].iter().enumerate().filter(|(_, c)| ask[k].1.contains(&(cands[k][**c].document as usize))).map(|(x, _)| x).collect();
                if r.is_empty() { return None; }
                Some(listwise::Group { signals: Array2::from_shape_fn((cut[k].len(), use_.len()), |(a, b)| fc[k][cut[k][a]][use_[b]]), right: r })
            }).collect();
            let w = listwise::fit(&groups, ridge).unwrap().weights;
            for k in (0..ask.len()).filter(|&k| half[&ask[k].0] != h) {
                let mut s: Vec<(f64, usize)> = cut[k].iter().map(|&c| (use_.iter().zip(w.iter()).map(|(u, w)| fc[k][c][*u] * w).sum::<f64>(), cands[k][c].document as usize)).collect();
                s.sort_by(|a, b| b.0.total_cmp(&a.0));
                all.push((s.into_iter().take(10).map(|x| x.1).collect::<Vec<_>>(), ask[k].1));
            }
            ws.push(use_.iter().zip(w.iter()).map(|(u, w)| format!("{} {w:.2}", names_[*u])).collect::<Vec<_>>().join(", "));
        }
        println!("{label:28} {}   {}", Measures::of(all), ws[0]);
    };
    test("content", &[0,1,2,3,4,5,6], 200, 0.001);
    test("content small", &[0,1,2,6], 200, 0.001);
    test("content small+ridge", &[0,1,2,6], 200, 0.1);
    test("content hub", &[0,1,2,6,20], 200, 0.001);
    test("content jacc", &[0,1,2,6,15,16], 200, 0.001);
    test("content prefix", &[0,1,2,6,13,14], 200, 0.001);
    let base = [0,1,2,3,6,7,8,10,11,12];
    test("dup base 120", &base, 120, 0.001);
    test("dup base 200", &base, 200, 0.001);
    test("dup base 200 ridge", &base, 200, 0.01);
    let with = |x: &[usize]| { let mut v = base.to_vec(); v.extend_from_slice(x); v };
    test("dup + words", &with(&[4, 5]), 200, 0.001);
    test("dup + prefix", &with(&[13, 14]), 200, 0.001);
    test("dup + jacc", &with(&[15, 16]), 200, 0.001);
    test("dup + quad", &with(&[17, 18]), 200, 0.001);
    test("dup + hub", &with(&[20]), 200, 0.001);
    test("dup + day", &with(&[21, 18]), 200, 0.001);
    test("dup + prefix quad", &with(&[13, 14, 17, 18, 21]), 200, 0.001);
    test("dup + all", &with(&[4, 5, 13, 14, 15, 16, 17, 18, 20, 21]), 200, 0.001);
    println!("{:?}", t0.elapsed());
}
