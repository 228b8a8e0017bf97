//! Versions of what was learned, as text.

use atlas_core::ModelVersion;
use atlas_core::learning::train::TrainingLog;
use atlas_core::store::ModelState;
use comfy_table::{Cell, Color};

use super::table::{Rows, cell};
use crate::style::{FAINT, GOOD, KEY, STRONG, WARN, paint, paint_lines};
use crate::text::{count, plain, wrap};

const NOTHING: &str = "Nothing to learn from yet: import a history, or say what you did with \
                       scenarios (atlas feedback).\n";

/// What a training did.
pub fn trained(version: Option<&ModelVersion>, width: usize) -> String {
    let Some(version) = version else {
        return NOTHING.to_owned();
    };
    let log = &version.log;
    let mut text = format!(
        "{}  {}\n",
        paint(STRONG, format!("Version {}", version.version)),
        state(version.state).0
    );
    for (name, value) in facts(log) {
        text += &format!("{}  {value}\n", paint(FAINT, format!("{name:>12}")));
    }
    text + &wrap(&plain(&log.decision), width, "") + "\n"
}

fn facts(log: &TrainingLog) -> Vec<(&'static str, String)> {
    let number = |n: usize| n as u64;
    let mut facts = vec![(
        "learned from",
        format!(
            "{}, {}, {}",
            count(number(log.tickets), "ticket"),
            count(number(log.observations), "result"),
            count(number(log.judged), "judged scenario")
        ),
    )];
    if let (Some(before), Some(after)) = (log.loss_before, log.loss_after) {
        facts.push(("loss", format!("{before:.3} before, {after:.3} after")));
    }
    if let Some(learned) = &log.learned {
        let scored = format!(
            "MRR {:.3} learned, {:.3} weighted sum, on {} that came later",
            learned.mrr,
            log.usual.mrr,
            count(number(learned.tickets), "ticket")
        );
        facts.push(("contest", scored));
    }
    if let Some((old, new)) = &log.serving_and_new {
        let scored = format!(
            "MRR {:.3} new, {:.3} the version before, on the newest {}",
            new.mrr,
            old.mrr,
            count(number(new.tickets), "ticket")
        );
        facts.push(("and", scored));
    }
    facts
}

/// All versions, newest first, with what was decided below each.
pub fn table(versions: &[ModelVersion], width: usize) -> String {
    if versions.is_empty() {
        return NOTHING.to_owned();
    }
    let header = [
        "version",
        "state",
        "trained",
        "results",
        "MRR learned",
        "weighted sum",
    ];
    let mut rows = Rows::new(&header, width).numbers(0..1).numbers(3..6);
    for version in versions {
        let log = &version.log;
        let (word, colour) = state(version.state);
        let when = version.trained_at;
        let when = when.map(|at| at.strftime("%Y-%m-%d %H:%M").to_string());
        let learned = log.learned.map(|learned| format!("{:.3}", learned.mrr));
        let cells = vec![
            Cell::new(version.version.to_string()),
            Cell::new(word).fg(colour),
            cell(&when.unwrap_or_default()),
            Cell::new(log.observations.to_string()),
            Cell::new(learned.unwrap_or_default()),
            Cell::new(format!("{:.3}", log.usual.mrr)),
        ];
        rows.add_with_note(cells, &plain(&log.decision));
    }
    rows.text()
}

fn state(state: ModelState) -> (&'static str, Color) {
    match state {
        ModelState::Serving => ("answers", Color::DarkGreen),
        ModelState::Retired => ("retired", Color::Reset),
        ModelState::Refused => ("refused", Color::DarkYellow),
        ModelState::Withdrawn => ("withdrawn", Color::DarkYellow),
    }
}

pub fn rolled_back(version: Option<i64>) -> String {
    let now = match version {
        Some(version) => format!("Version {version} answers now."),
        None => "The weighted sum answers now.".to_owned(),
    };
    format!("{now} The next training decides anew.\n")
}

/// What came of a retraining in the background; nothing where there was none.
pub fn learned(new: Option<&ModelVersion>, failure: Option<&str>, width: usize) -> String {
    if let Some(failure) = failure {
        let line =
            format!("Learning from it failed and is tried again with the next result: {failure}");
        return paint_lines(WARN, &wrap(&plain(&line), width, "")) + "\n";
    }
    let Some(new) = new else {
        return String::new();
    };
    let before = format!("Learned, version {}: ", new.version);
    let line = wrap(&(before.clone() + &plain(&new.log.decision)), width, "");
    let line = line.strip_prefix(before.as_str()).unwrap_or(&line);
    format!("{}{line}\n", paint(GOOD, before.as_str()))
}

/// For `atlas info`: which version answers, and whether there is more to learn from.
pub fn status(status: &atlas_core::TrainingStatus) -> String {
    let serving = match status.serving {
        Some(version) => format!("version {version} answers"),
        None => "no version answers".to_owned(),
    };
    let new = match status.new_observations {
        0 => "nothing new since".to_owned(),
        new => format!("{} since the last training", count(new, "new result")),
    };
    let due = match status.due {
        true => format!(", due: {}", paint(KEY, "atlas retrain")),
        false => String::new(),
    };
    format!("{serving}, {new}{due}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version() -> ModelVersion {
        ModelVersion {
            version: 3,
            state: ModelState::Refused,
            trained_at: "2025-06-30T08:15:00Z".parse().ok(),
            log: TrainingLog {
                tickets: 45,
                observations: 111,
                judged: 1,
                loss_before: Some(4.61),
                loss_after: Some(2.5),
                decision: "The serving model stays.".to_owned(),
                ..TrainingLog::default()
            },
        }
    }

    fn stripped(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn a_training_tells_its_log() {
        let text = stripped(&trained(Some(&version()), 80));
        for said in [
            "Version 3  refused",
            "45 tickets, 111 results, 1 judged scenario\n",
            "4.610 before, 2.500 after",
            "The serving model stays.",
        ] {
            assert!(text.contains(said), "{said}\n{text}");
        }
        assert!(!text.contains("contest"), "{text}");
        assert!(trained(None, 80).starts_with("Nothing to learn from"));
    }

    #[test]
    fn versions_have_their_state_and_time() {
        let text = stripped(&table(&[version()], 80));
        assert!(text.contains("refused  2025-06-30 08:15  "), "{text}");
        let line = stripped(&learned(Some(&version()), None, 80));
        assert_eq!(line, "Learned, version 3: The serving model stays.\n");
        assert_eq!(learned(None, None, 80), "");
        assert!(learned(None, Some("disk full"), 80).contains("disk full"));
    }
}
