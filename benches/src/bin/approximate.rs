//! What the approximate index costs and what it finds, against the exact scan.
//!
//! `cargo run --release -p atlas-benches --bin approximate -- 22000 100000`: sizes of the store.
//! Documents are real tickets as far as they go, then mixtures of two real ones with noise.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use atlas_benches::{data, encode};
use atlas_core::Result;
use atlas_core::domain::Draft;
use atlas_core::search::approximate;
use atlas_core::search::documents::Document;
use atlas_core::search::text_index::{Match, TextIndex, TextIndexBuilder};
use atlas_core::search::text_query::TextQuery;
use atlas_core::search::vectors::Codes;
use atlas_core::text::encoder::Encoder;
use atlas_core::text::terms;

/// As many candidates by meaning as the product compares.
const CANDIDATES: usize = 200;
const QUESTIONS: usize = 200;
/// Length of the noise in a mixture of length 1.
const NOISE: f32 = 0.5;

struct Ticket {
    name_terms: Vec<(u32, u8)>,
    body_terms: Vec<(u32, u8)>,
    name: Codes,
    whole: Codes,
}

fn main() -> Result<()> {
    let Some(folder) = data::folder() else {
        println!("the data sets are missing");
        return Ok(());
    };
    let sizes: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|size| size.parse().ok())
        .collect();
    let (questions, tickets) = read(&folder)?;
    println!(
        "{} tickets, {} questions that are none of them",
        tickets.len(),
        questions.len()
    );
    for size in sizes {
        measure(size, &tickets, &questions)?;
    }
    Ok(())
}

fn read(folder: &Path) -> Result<(Vec<TextQuery>, Vec<Ticket>)> {
    let encoder = Encoder::bundled()?;
    let documents: Vec<Document> = data::titanium(folder)?
        .iter()
        .map(|ticket| Document::of_ticket(&Draft::from(ticket)))
        .collect();
    let names: Vec<String> = documents
        .iter()
        .map(|document| document.name.clone())
        .collect();
    let wholes: Vec<String> = documents.iter().map(Document::whole).collect();
    let names = encode::codes(&encoder, &names, 128)?;
    let wholes = encode::codes(&encoder, &wholes, 128)?;
    let every = documents.len() / QUESTIONS;
    let (mut questions, mut tickets) = (Vec::new(), Vec::new());
    for (number, ((document, name), whole)) in documents.iter().zip(names).zip(wholes).enumerate() {
        if number % every == 0 {
            questions.push(TextQuery::new(document, name, whole));
        } else {
            let (name_terms, body_terms) =
                (terms::count(&document.name), terms::count(&document.full));
            tickets.push(Ticket {
                name_terms,
                body_terms,
                name,
                whole,
            });
        }
    }
    Ok((questions, tickets))
}

fn measure(size: usize, tickets: &[Ticket], questions: &[TextQuery]) -> Result<()> {
    let mut random = Random(7);
    let mut builder = TextIndexBuilder::new(384);
    for number in 0..size {
        match tickets.get(number) {
            Some(t) => builder.add(&t.name_terms, &t.body_terms, Some(&t.name), Some(&t.whole))?,
            None => {
                let (a, b) = (
                    &tickets[random.below(tickets.len())],
                    &tickets[random.below(tickets.len())],
                );
                let share = 0.5 + random.unit() / 2.0;
                let name = mix(&a.name, &b.name, share, &mut random);
                let whole = mix(&a.whole, &b.whole, share, &mut random);
                builder.add(&a.name_terms, &a.body_terms, Some(&name), Some(&whole))?;
            }
        }
    }
    let text = builder.build();
    // Without words, what is found and how long it takes is the vectors' alone.
    let exact = ask(&text, questions, false);
    let exact_with_words = ask(&text, questions, true);
    let likeness = |place: usize| median(exact.0.iter().map(|found| found[place].whole).collect());
    println!(
        "\n{size} tickets; cosine of the 1st, 10th, 200th: {:.2} {:.2} {:.2}",
        likeness(0),
        likeness(9),
        likeness(199)
    );

    let folder = std::env::temp_dir().join(format!("atlas-approximate-{}", std::process::id()));
    let prepare = |doing: &str| {
        let (before, started) = (memory(), Instant::now());
        let graph = approximate::prepare(&text, 1, Some(&folder), None, &AtomicBool::new(false));
        println!(
            "{graph:?} {doing} in {:.1?}, {} MB of memory",
            started.elapsed(),
            memory().saturating_sub(before)
        );
    };
    prepare("built and written");
    prepare("read");
    println!("{} MB of files", size_of_files(&folder) / 1_000_000);
    let _ = std::fs::remove_dir_all(&folder);
    let approximate = ask(&text, questions, false);
    let approximate_with_words = ask(&text, questions, true);
    println!(
        "milliseconds a question: exact {}, approximate {}",
        exact.1, approximate.1
    );
    println!(
        "with words:              exact {}, approximate {}",
        exact_with_words.1, approximate_with_words.1
    );
    for best in [10, CANDIDATES] {
        println!(
            "recall@{best}: {:.4}",
            recall(&exact.0, &approximate.0, best)
        );
    }
    Ok(())
}

/// What each question finds, nearest by meaning first, and how long that takes.
fn ask(text: &TextIndex, questions: &[TextQuery], words: bool) -> (Vec<Vec<Match>>, String) {
    let (mut times, before) = (Vec::new(), processor_time());
    let mut found = Vec::new();
    for question in questions {
        let started = Instant::now();
        let terms = if words {
            question.all_terms.as_slice()
        } else {
            &[]
        };
        let matches = text.matches(question, terms, CANDIDATES, None, None);
        times.push(started.elapsed().as_secs_f32() * 1e3);
        found.push(matches);
    }
    let busy = (processor_time() - before) / questions.len() as f32;
    let meaning = |m: &Match| m.whole + 0.5 * m.whole_to_name;
    found
        .iter_mut()
        .for_each(|matches| matches.sort_by(|a, b| meaning(b).total_cmp(&meaning(a))));
    (
        found,
        format!("{:.2} (mean of the processor {busy:.2})", median(times)),
    )
}

fn recall(exact: &[Vec<Match>], approximate: &[Vec<Match>], best: usize) -> f32 {
    let shares = exact.iter().zip(approximate).map(|(exact, approximate)| {
        let wanted: HashSet<u32> = exact.iter().take(best).map(|m| m.document).collect();
        let got = approximate
            .iter()
            .take(best)
            .filter(|m| wanted.contains(&m.document))
            .count();
        got as f32 / wanted.len().max(1) as f32
    });
    shares.sum::<f32>() / exact.len() as f32
}

fn mix(a: &Codes, b: &Codes, share: f32, random: &mut Random) -> Codes {
    let noise = NOISE / (a.values.len() as f32).sqrt();
    let mut mixture: Vec<f32> = a
        .to_vector()
        .iter()
        .zip(b.to_vector())
        .map(|(a, b)| share * a + (1.0 - share) * b)
        .collect();
    let length = mixture.iter().map(|v| v * v).sum::<f32>().sqrt();
    mixture
        .iter_mut()
        .for_each(|v| *v = *v / length + noise * random.normal());
    let length = mixture.iter().map(|v| v * v).sum::<f32>().sqrt();
    mixture.iter_mut().for_each(|v| *v /= length);
    Codes::quantise(&mixture)
}

fn median(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    values[values.len() / 2]
}

/// Milliseconds that this thread has had a processor; 0 where the system does not say.
fn processor_time() -> f32 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = times
        .split(' ')
        .next()
        .and_then(|time| time.parse::<u64>().ok());
    (nanoseconds.unwrap_or_default() / 1_000) as f32 / 1e3
}

fn size_of_files(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|e| {
            if e.path().is_dir() {
                size_of_files(&e.path())
            } else {
                e.metadata().map_or(0, |m| m.len())
            }
        })
        .sum()
}

/// Megabytes that this process holds in memory; 0 where the system does not say.
fn memory() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident = pages
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok());
    resident.unwrap_or_default() * 4096 / 1_000_000
}

/// SplitMix64: the same numbers every time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// About normal: twelve uniform numbers, less their mean.
    fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }
}
