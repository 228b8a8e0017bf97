//! Prints the accuracy table from the public data sets, baselines beside it.
//!
//! `cargo run --release -p atlas-benches --bin evaluate
//! [-- --short | --fit | --tokens | --int8 | --storypoints | --mining | --languages]`
//!
//! `--short` prints the rows that need no fitting, which CI does; `--fit` fits the weights of
//! `atlas-core/src/search/weights.rs` and prints them; `--tokens` prints the curves behind the
//! numbers of tokens that are encoded; `--int8` compares the search over int8 rows with an exact one
//! over float32; `--storypoints` estimates story points from text in 16 projects, as a stand-in for
//! minutes; `--mining` prints what is mined from the tickets, and `--mining 40` a sample of 40 of
//! it; `--languages` prints how reports in other languages find their English wording.

use std::process::ExitCode;

use atlas_benches::mattermost::Mattermost;
use atlas_benches::measure::Measures;
use atlas_benches::mining;
use atlas_benches::multilingual::Multilingual;
use atlas_benches::storypoints::{self as points, Errors};
use atlas_benches::titanium::Titanium;
use atlas_benches::{data, learning};
use atlas_core::domain::Draft;
use atlas_core::learning::backtest::{BacktestReport, Interval};
use atlas_core::learning::platt::Platt;
use atlas_core::search::documents::Document;
use atlas_core::search::similar::{alike, duplicates};
use atlas_core::search::vectors::{Codes, VectorIndex};
use atlas_core::text::encoder::Encoder;
use atlas_core::{Result, Settings};

fn main() -> ExitCode {
    let Some(folder) = data::folder() else {
        eprintln!(
            "skipped: the data sets are not at ../shared/data; set ATLAS_DATA to their folder"
        );
        return ExitCode::SUCCESS;
    };
    let run = match std::env::args().nth(1).as_deref() {
        None => table,
        Some("--short") => short_table,
        Some("--fit") => fit,
        Some("--tokens") => tokens,
        Some("--int8") => int8,
        Some("--storypoints") => storypoints,
        Some("--mining") => mined,
        Some("--languages") => languages,
        Some(other) => {
            eprintln!(
                "{other}: use --short, --fit, --tokens, --int8, --storypoints, --mining, --languages or nothing"
            );
            return ExitCode::from(2);
        }
    };
    match run(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn print(rows: Vec<(&'static str, Measures)>) {
    for (name, measures) in rows {
        println!("  {name:32} {measures}");
    }
}

fn print_report(report: &BacktestReport) {
    let short = |v: f64| format!("{v:.3}").trim_start_matches('0').to_owned();
    let wide = |i: &Interval| format!("{} ({} to {})", short(i.value), short(i.low), short(i.high));
    for method in &report.methods {
        println!(
            "  {:32} hit@1 {:>4}  hit@10 {}  MRR {}  (n = {})",
            method.name,
            short(method.hit_1.value),
            wide(&method.hit_10),
            wide(&method.mrr),
            report.tickets
        );
    }
    if let Some(reliability) = &report.reliability {
        println!(
            "  confidence: expected calibration error {}, Brier {}, {} scenarios",
            short(reliability.calibration_error),
            short(reliability.brier),
            report.calibrated_scenarios
        );
    }
    println!("  {}", report.summary);
}

/// The rows that need no fitting; the tickets of Titanium as they are.
fn short(folder: &std::path::Path) -> Result<Titanium> {
    let encoder = Encoder::bundled()?;
    let settings = Settings::default();
    println!("Ticket to test case, Mattermost, nothing learned: 552 summaries, 5,059 cases");
    let mattermost = Mattermost::load(
        folder,
        &encoder,
        settings.ticket_tokens,
        settings.pattern_tokens,
    )?;
    print(mattermost.nothing_learned()?);
    let atlas = learning::mattermost(folder)?;
    println!("Ticket to test case, Mattermost: learned on the first 331, scored on the last 221");
    print_report(&learning::learned_once(&atlas)?);
    println!("Ticket to test case, Mattermost, time order: each ticket from those before it");
    print_report(&learning::prequential(&atlas)?);
    println!("Similar tickets, Titanium: tickets with a duplicate ask, all others are candidates");
    let titanium = Titanium::load(folder, &encoder, settings.ticket_tokens, false)?;
    print(titanium.similar());
    Ok(titanium)
}

fn short_table(folder: &std::path::Path) -> Result<()> {
    short(folder).map(drop)
}

fn table(folder: &std::path::Path) -> Result<()> {
    let encoder = Encoder::bundled()?;
    let settings = Settings::default();
    let titanium = short(folder)?;
    print(vec![(
        "content weights, half to half",
        titanium.fit_alike()?.0,
    )]);
    println!(
        "Duplicates, Titanium: weights fitted on half of the clusters, scored on the other half"
    );
    print(vec![(
        "duplicate ranker, half to half",
        titanium.fit_duplicates()?.0,
    )]);
    println!(
        "Components, Titanium: last fifth by date from the four fifths before, prefix stripped"
    );
    let stripped = Titanium::load(folder, &encoder, settings.ticket_tokens, true)?;
    for (name, share, asked) in stripped.components() {
        println!("  {name:32} first guess right {share:.3}  (n = {asked})");
    }
    languages(folder)
}

fn languages(folder: &std::path::Path) -> Result<()> {
    println!("Other languages, VS Code: a report asks for its English wording among 824");
    print(Multilingual::load(folder)?.found()?);
    Ok(())
}

fn fit(folder: &std::path::Path) -> Result<()> {
    let encoder = Encoder::bundled()?;
    let settings = Settings::default();
    let titanium = Titanium::load(folder, &encoder, settings.ticket_tokens, false)?;
    let (measured, weights) = titanium.fit_alike()?;
    println!("ALIKE {weights:.3?}\n  half to half {measured}");
    let (measured, weights) = titanium.fit_duplicates()?;
    println!("DUPLICATE {weights:.2?}\n  half to half {measured}");
    let judged = titanium.judged(4, |index, question| duplicates(index, question, 10, None));
    println!(
        "duplicate likelihood, with the weights as compiled: {:?}",
        Platt::fit(&judged)?
    );
    let judged = titanium.judged(4, |index, question| alike(index, question, 10, None));
    println!(
        "content score and share of duplicates among answers of any ticket, with the weights as compiled:"
    );
    for step in 4..20 {
        let (from, to) = (f64::from(step) * 0.05, f64::from(step + 1) * 0.05);
        let bin: Vec<bool> = judged
            .iter()
            .filter(|(s, _)| (from..to).contains(s))
            .map(|(_, right)| *right)
            .collect();
        let right = bin.iter().filter(|right| **right).count();
        println!("  {from:.2} to {to:.2}: {right} of {}", bin.len());
    }
    let mattermost = Mattermost::load(
        folder,
        &encoder,
        settings.ticket_tokens,
        settings.pattern_tokens,
    )?;
    println!(
        "MATCH curve, with the weights as compiled: {:?}",
        Platt::fit(&mattermost.judged()?)?
    );
    Ok(())
}

fn tokens(folder: &std::path::Path) -> Result<()> {
    let encoder = Encoder::bundled()?;
    for max_tokens in [64, 96, 128, 256] {
        println!("patterns of {max_tokens} tokens");
        print(Mattermost::load(folder, &encoder, 128, max_tokens)?.nothing_learned()?);
    }
    for max_tokens in [64, 96, 128, 256] {
        println!("tickets of {max_tokens} tokens");
        print(Titanium::load(folder, &encoder, max_tokens, false)?.similar());
    }
    Ok(())
}

fn storypoints(folder: &std::path::Path) -> Result<()> {
    println!("Story points from text: median absolute error (mean), training to validation rows");
    println!(
        "  {:20} {:>6} {:>6}  {:14}  {:14}  {:14}  80 % holds",
        "project", "learnt", "asked", "median", "mean", "from text"
    );
    let rows = points::table(
        folder,
        &*Encoder::bundled()?,
        Settings::default().ticket_tokens,
    )?;
    for row in &rows {
        println!(
            "  {:20} {:>6} {:>6}  {}  {}  {}  {:.3}",
            row.project,
            row.train,
            row.validation,
            row.by_median,
            row.by_mean,
            row.by_text,
            row.covered
        );
    }
    let count = |test: &dyn Fn(&points::Row) -> bool| rows.iter().filter(|row| test(row)).count();
    for (what, of) in [
        (
            "median absolute error",
            (|e| e.median) as fn(&Errors) -> f64,
        ),
        ("mean absolute error", |e| e.mean),
    ] {
        for (other, by) in [
            ("median", (|r| &r.by_median) as fn(&points::Row) -> &Errors),
            ("mean", |r| &r.by_mean),
        ] {
            println!(
                "  {what} against the {other}: better in {}, equal in {}, worse in {}",
                count(&|row| of(&row.by_text) < of(by(row)) - 1e-9),
                count(&|row| (of(&row.by_text) - of(by(row))).abs() <= 1e-9),
                count(&|row| of(&row.by_text) > of(by(row)) + 1e-9),
            );
        }
    }
    let asked: usize = rows.iter().map(|row| row.validation).sum();
    let inside: f64 = rows
        .iter()
        .map(|row| row.covered * row.validation as f64)
        .sum();
    println!(
        "  80 % intervals hold {inside:.0} of {asked}: {:.3}",
        inside / asked.max(1) as f64
    );
    Ok(())
}

/// The ten nearest by int8 rows, scored again with the asker's floats, against those by float32.
fn int8(folder: &std::path::Path) -> Result<()> {
    let encoder = Encoder::bundled()?;
    let tickets = data::titanium(folder)?;
    let texts: Vec<String> = tickets
        .iter()
        .step_by(4)
        .map(|ticket| Document::of_ticket(&Draft::from(ticket)).whole())
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let vectors = encoder.encode(&texts, Settings::default().ticket_tokens);
    let mut index = VectorIndex::new(encoder.dimensions());
    for vector in vectors.rows() {
        index.push(Some(&Codes::quantise(&vector.to_vec())))?;
    }
    let (mut found, mut asked) = (0, 0);
    for asker in (0..texts.len()).step_by(10) {
        let query = vectors.row(asker).to_vec();
        let exact = nearest(
            vectors.dot(&vectors.row(asker)).iter().copied().enumerate(),
            asker,
            10,
        );
        let scanned = index.cosines(&Codes::quantise(&query));
        let shortlist = nearest(scanned.into_iter().enumerate(), asker, 50);
        let rescored = shortlist
            .into_iter()
            .map(|row| (row, index.exact_cosine(row, &query)));
        let answers = nearest(rescored, asker, 10);
        found += answers.iter().filter(|row| exact.contains(row)).count();
        asked += 10;
    }
    println!(
        "int8 rows, recall@10 against float32: {found} of {asked} among {} texts",
        texts.len()
    );
    Ok(())
}

fn nearest(scored: impl Iterator<Item = (usize, f32)>, asker: usize, limit: usize) -> Vec<usize> {
    let mut scored: Vec<(usize, f32)> = scored.filter(|(row, _)| *row != asker).collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scored.into_iter().take(limit).map(|(row, _)| row).collect()
}

/// Scenarios mined from the tickets' descriptions, and from the collected notes.
fn mined(folder: &std::path::Path) -> Result<()> {
    let sample = std::env::args().nth(2).and_then(|n| n.parse().ok());
    let encoder = Encoder::bundled()?;
    let max_tokens = Settings::default().pattern_tokens;
    println!("Scenarios mined from the Titanium tickets");
    mining::of_descriptions(folder, &encoder, max_tokens)?.print(sample.unwrap_or(10));
    println!("Scenarios mined from the collected notes");
    mining::of_notes(folder, &encoder, max_tokens)?.print(sample.unwrap_or(10));
    println!("Patterns that repeat among the Mattermost test cases");
    mining::print_near_duplicates(folder, &encoder, max_tokens)
}
