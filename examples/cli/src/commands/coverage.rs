//! What is missing, what to answer, and carrying what was learned.

use std::io::{BufWriter, stdout};
use std::path::Path;

use atlas_core::domain::{ChosenScenario, CoverageGaps};
use atlas_core::{Atlas, Error, Result};
use serde_json::json;

use super::absent;
use super::ask::{Subject, subject};
use crate::args::coverage as args;
use crate::output::Output;
use crate::show::{self, Asked};

pub fn gaps(atlas: &Atlas, args: &args::Gaps, output: Output) -> Result<()> {
    let (asked, gaps) = match subject(atlas, &args.question)? {
        Subject::Ticket(ticket) => {
            let key = ticket.key.as_str();
            let chosen = args.chosen.iter().map(|text| chosen(atlas, key, text));
            let chosen: Vec<ChosenScenario> = chosen.collect::<Result<_>>()?;
            (Asked::from(&*ticket), atlas.gaps(key, &chosen)?)
        }
        Subject::Text(draft) => {
            let chosen = args.chosen.iter().cloned().map(ChosenScenario::Name);
            let chosen: Vec<ChosenScenario> = chosen.collect();
            let gaps: CoverageGaps = atlas.gaps(&draft, &chosen)?;
            (Asked::from(&draft), gaps)
        }
    };
    output.answer(&gaps, |width| show::gaps::text(&asked, &gaps, width))
}

/// A number stands for a scenario of the newest prediction, anything else for a key or a name.
fn chosen(atlas: &Atlas, key: &str, text: &str) -> Result<ChosenScenario> {
    let Ok(number) = text.parse::<usize>() else {
        return Ok(ChosenScenario::Name(text.to_owned()));
    };
    let scenarios = atlas
        .predictions()
        .latest(key)?
        .map_or_else(Vec::new, |prediction| prediction.scenarios);
    let row = number
        .checked_sub(1)
        .and_then(|place| scenarios.get(place)?.prediction_id);
    row.map(ChosenScenario::Prediction)
        .ok_or_else(|| Error::InvalidValue {
            field: "--chosen",
            value: text.to_owned(),
            expected: match scenarios.len() {
                0 => {
                    "a pattern's key or a name; nothing is predicted for the ticket yet".to_owned()
                }
                last => format!("1 to {last}, a scenario of the newest prediction of {key}"),
            },
        })
}

pub fn questions(atlas: &Atlas, args: &args::Questions, output: Output) -> Result<()> {
    let questions = atlas.predictions().ask_questions(args.number)?;
    output.answer(&json!({"questions": questions}), |width| {
        show::questions::text(&questions, width)
    })
}

pub fn export(atlas: &Atlas, file: &Path, output: Output) -> Result<()> {
    if file.as_os_str() == "-" {
        atlas
            .learning()
            .export_training(BufWriter::new(stdout().lock()))?;
        return Ok(());
    }
    absent("FILE", file, "a new file: an export overwrites nothing")?;
    let observations = atlas.learning().export_training_to(file)?;
    let value = json!({"file": file.display().to_string(), "observations": observations});
    output.answer(&value, |_| show::import::exported(file, observations))
}
