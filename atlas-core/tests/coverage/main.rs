//! Whether the level from which a scenario covers a criterion is where people would put it.

mod gaps;

use atlas_core::analysis::coverage::{COVERED, Covering, Criterion};
use atlas_core::domain::Step;
use atlas_core::search::vectors::Codes;
use atlas_core::text::encoder::Encoder;
use serde::Deserialize;

#[derive(Deserialize)]
struct Pairs {
    scenario: Vec<Labelled>,
}

#[derive(Deserialize)]
struct Labelled {
    name: String,
    steps: Vec<(String, String)>,
    covered: Vec<String>,
    open: Vec<String>,
    /// Written after the weights and the level were chosen.
    #[serde(default)]
    held_out: bool,
}

/// The scores of the labelled pairs, each with its label.
fn scores(held_out: bool) -> Vec<(f32, bool)> {
    let pairs: Pairs = toml::from_str(include_str!("pairs.toml")).unwrap();
    let encoder = Encoder::bundled().unwrap();
    let codes = |text: &str| Codes::quantise(&encoder.encode_one(text, 256));
    let mut scores = Vec::new();
    for labelled in pairs.scenario.iter().filter(|one| one.held_out == held_out) {
        let steps = labelled.steps.iter();
        let steps: Vec<Step> = steps
            .map(|(action, result)| Step::new(action, result))
            .collect();
        let texts = Covering::texts(&labelled.name, &steps);
        let vectors: Vec<Codes> = texts.iter().map(|text| codes(text)).collect();
        let scenario = Covering::new(&labelled.name, &steps, &vectors).unwrap();
        for (criteria, covered) in [(&labelled.covered, true), (&labelled.open, false)] {
            for text in criteria {
                let score = Criterion::new(text, codes(text)).score(&scenario);
                println!("{score:.3} {covered:5} {text}");
                scores.push((score, covered));
            }
        }
    }
    scores
}

fn accuracy(scores: &[(f32, bool)], level: f32) -> f32 {
    let right = scores
        .iter()
        .filter(|(score, covered)| (*score >= level) == *covered);
    right.count() as f32 / scores.len() as f32
}

#[test]
fn the_level_is_the_best_one_on_the_labelled_pairs() {
    let scores = scores(false);
    let covered = scores.iter().filter(|(_, covered)| *covered).count();
    assert!(scores.len() >= 72 && covered >= 34 && scores.len() - covered >= 34);
    let best = scores
        .iter()
        .map(|(level, _)| accuracy(&scores, *level))
        .fold(0.0, f32::max);
    let ours = accuracy(&scores, COVERED);
    println!("chosen on: accuracy {ours:.3} at {COVERED}, best {best:.3}");
    assert!(ours >= 0.75 && ours >= best - 0.03, "{ours} of {best}");
}

#[test]
fn pairs_that_the_level_was_not_chosen_on_are_mostly_right() {
    let scores = scores(true);
    let ours = accuracy(&scores, COVERED);
    println!("held out: accuracy {ours:.3} of {} pairs", scores.len());
    assert!(scores.len() >= 30 && ours >= 0.7, "{ours}");
}
