//! What the tester says of a prediction.

use std::path::Path;

use atlas_core::domain::{Answer, EdgeCaseAnswer, Feedback, FeedbackTarget, Missed, Prediction};
use atlas_core::exchange::patterns::steps_of_text;
use atlas_core::{Atlas, Error, Result};
use serde_json::json;

use super::standard_input;
use crate::args::feedback as args;
use crate::output::Output;
use crate::show::{self, Asked};

/// So many answers to edge cases are looked through for a ticket's newest.
const MOST_LISTED: usize = 1_000;

pub fn feedback(atlas: &Atlas, args: &args::Feedback, output: Output) -> Result<()> {
    let prediction = newest(atlas, &args.key)?;
    let (target, rank) = match args.which {
        args::Which::All => (prediction.id.map(FeedbackTarget::Prediction), None),
        args::Which::Number(number) => {
            let scenario = prediction.scenarios.get(number - 1);
            let row = scenario.and_then(|scenario| scenario.prediction_id);
            (row.map(FeedbackTarget::Scenario), Some(number))
        }
    };
    let target = target.ok_or_else(|| Error::InvalidValue {
        field: "SCENARIO",
        value: rank.unwrap_or(0).to_string(),
        expected: format!(
            "1 to {}, the scenarios of the newest prediction of {}, or all",
            prediction.scenarios.len(),
            args.key
        ),
    })?;
    let answer = match args.answer {
        args::Answer::Accepted => Answer::Accepted,
        args::Answer::Rejected => Answer::Rejected,
        args::Answer::Modified => Answer::Modified {
            steps: steps_of_text(&content(args.steps.as_deref())?),
        },
    };
    let receipt = atlas.feedback(
        target,
        &Feedback {
            rating: args.rating,
            comments: args.comments.clone(),
            actual_minutes: args.minutes,
            host_id: args.id.clone(),
            clear: args.clear.clone(),
            ..Feedback::new(answer)
        },
    )?;
    output.answer(&receipt, |width| {
        show::feedback::recorded(&receipt, rank, &prediction.stale, width)
    })
}

pub fn missed(atlas: &Atlas, args: &args::Missed, output: Output) -> Result<()> {
    let missed = match (&args.pattern, &args.name) {
        (Some(pattern), _) => Missed::pattern(pattern.as_str()),
        (None, name) => Missed::New {
            name: name.clone().unwrap_or_default(),
            steps: args
                .steps
                .iter()
                .flat_map(|step| steps_of_text(step))
                .collect(),
            pattern_type: args.pattern_type.clone(),
            component: args.component.clone(),
        },
    };
    let receipt = atlas.missed(&args.key, &missed, args.minutes, args.id.as_deref())?;
    output.answer(&receipt, |width| {
        show::feedback::recorded(&receipt, None, &[], width)
    })
}

pub fn undo(atlas: &Atlas, args: &args::Undo, output: Output) -> Result<()> {
    let id = match args.id {
        Some(id) => id,
        None => match atlas.predictions().recent_feedback(1)?.first() {
            Some(newest) => newest.feedback_id,
            None => {
                return Err(Error::InvalidValue {
                    field: "ID",
                    value: String::new(),
                    expected: "feedback that was given; there is none to take back".to_owned(),
                });
            }
        },
    };
    let undone = atlas.undo(id)?;
    output.answer(&undone, |width| show::feedback::undone(&undone, width))
}

pub fn forget(atlas: &Atlas, key: &str, output: Output) -> Result<()> {
    let forgotten = atlas.tickets().forget(key)?;
    output.answer(&forgotten, |_| show::feedback::forgotten(&forgotten))
}

pub fn latest(atlas: &Atlas, args: &args::Latest, output: Output) -> Result<()> {
    let ticket = atlas.tickets().get(&args.key)?;
    let prediction = newest(atlas, &args.key)?;
    output.answer(&prediction, |width| {
        show::prediction::text(&Asked::from(&ticket), &prediction, args.brief, width)
    })
}

pub fn not_similar(atlas: &Atlas, args: &args::NotSimilar, output: Output) -> Result<()> {
    let changed = if args.undo {
        atlas.tickets().unmark_not_similar(&args.key, &args.other)?
    } else {
        atlas.tickets().mark_not_similar(&args.key, &args.other)?
    };
    let keys = [
        atlas.tickets().get(&args.key)?.key,
        atlas.tickets().get(&args.other)?.key,
    ];
    let value = json!({"ticket_keys": keys, "not_similar": !args.undo, "changed": changed});
    output.answer(&value, |_| {
        show::feedback::not_similar(&keys, !args.undo, changed)
    })
}

/// The ticket's newest prediction, which there must be.
pub fn edge_case(atlas: &Atlas, args: &args::EdgeCase, output: Output) -> Result<()> {
    let predictions = atlas.predictions();
    let (Some(number), Some(worth)) = (args.number, args.answer) else {
        let key = atlas.tickets().get(&args.key)?.key;
        let given = predictions.edge_case_answers(MOST_LISTED)?;
        let newest = given
            .iter()
            .find(|one| one.ticket_key.as_ref() == Some(&key));
        let newest = newest.ok_or_else(|| Error::InvalidValue {
            field: "KEY",
            value: key.to_string(),
            expected: "a ticket with an answer to an edge case; there is none to take back".into(),
        })?;
        let undone = predictions.undo_edge_case(newest.id)?;
        return output.answer(&undone, |width| {
            show::feedback::edge_case(&undone, true, width)
        });
    };
    let prediction = newest(atlas, &args.key)?;
    let case = number.checked_sub(1);
    let case = case.and_then(|place| prediction.edge_cases.get(place));
    let case = case.ok_or_else(|| Error::InvalidValue {
        field: "NUMBER",
        value: number.to_string(),
        expected: format!(
            "1 to {}, the edge cases of the newest prediction of {}",
            prediction.edge_cases.len(),
            args.key
        ),
    })?;
    let answer = match worth {
        args::EdgeCaseWorth::Kept => EdgeCaseAnswer::Kept,
        args::EdgeCaseWorth::Dismissed => EdgeCaseAnswer::Dismissed,
        args::EdgeCaseWorth::DismissedForComponent => EdgeCaseAnswer::DismissedForComponent,
    };
    let receipt = predictions.answer_edge_case(&args.key, &case.rule, answer)?;
    output.answer(&receipt, |width| {
        show::feedback::edge_case(&receipt, false, width)
    })
}

fn newest(atlas: &Atlas, key: &str) -> Result<Prediction> {
    let newest = atlas.predictions().latest(key)?;
    newest.ok_or_else(|| Error::InvalidValue {
        field: "KEY",
        value: key.to_owned(),
        expected: "a ticket with a prediction; `atlas predict` makes one".to_owned(),
    })
}

fn content(file: Option<&Path>) -> Result<String> {
    match file {
        None => Ok(String::new()),
        Some(file) if file.as_os_str() == "-" => standard_input(),
        Some(file) => std::fs::read_to_string(file).map_err(|source| Error::File {
            path: file.to_owned(),
            source,
        }),
    }
}
