//! What feedback recorded, took back or forgot, as text.

use atlas_core::domain::{
    AnswerKind, EdgeCaseAnswer, EdgeCaseReceipt, FeedbackItem, FeedbackReceipt, Forgotten,
    TicketKey, Undone,
};

use super::prediction::stale;
use crate::style::{BAD, FAINT, GOOD, KEY, paint};
use crate::text::{count, duration, plain, wrap};

/// `rank` is the number of the one scenario that was answered.
pub fn recorded(
    receipt: &FeedbackReceipt,
    rank: Option<usize>,
    changed: &[String],
    width: usize,
) -> String {
    let mut text = items(receipt, rank, width);
    if receipt.repeated {
        text += "Recorded before under this id; nothing has changed.\n";
    }
    let undo = paint(KEY, format!("atlas undo {}", receipt.feedback_id));
    text += &format!("{} {undo}\n", paint(FAINT, "Take it back:"));
    text + &stale(changed, width)
}

pub fn undone(undone: &Undone, width: usize) -> String {
    let mut text = format!("Taken back: feedback {}\n", undone.feedback.feedback_id);
    text += &items(&undone.feedback, None, width);
    text + &consequences(undone.removed_patterns, undone.withdrawn_models)
}

pub fn forgotten(forgotten: &Forgotten) -> String {
    let key = forgotten.ticket_key.as_ref().map_or("", TicketKey::as_str);
    let removed = [
        (forgotten.observations, "observation"),
        (forgotten.feedback, "feedback entry"),
        (forgotten.answers, "answer"),
        (forgotten.not_similar, "pair that is not similar"),
        (forgotten.edge_cases, "answer to an edge case"),
        (forgotten.pattern_sources, "source of a mined pattern"),
    ];
    let removed: Vec<String> = removed
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| match (number, what) {
            (1, what) => format!("1 {what}"),
            (n, "feedback entry") => format!("{n} feedback entries"),
            (n, "answer to an edge case") => format!("{n} answers to edge cases"),
            (n, "pair that is not similar") => format!("{n} pairs that are not similar"),
            (n, "source of a mined pattern") => format!("{n} sources of mined patterns"),
            (n, what) => count(n, what),
        })
        .collect();
    let said = match removed.is_empty() {
        true => "nothing was learned from it".to_owned(),
        false => removed.join(", "),
    };
    let rest = consequences(forgotten.removed_patterns, forgotten.withdrawn_models);
    format!("{} is forgotten: {said}\n{rest}", paint(KEY.bold(), key))
}

pub fn not_similar(keys: &[TicketKey; 2], apart: bool, changed: bool) -> String {
    let [key, other] = keys;
    match (apart, changed) {
        (true, true) => format!("{key} and {other} are not named for each other any more\n"),
        (true, false) => format!("{key} and {other} were marked already\n"),
        (false, true) => format!("{key} and {other} may be named for each other again\n"),
        (false, false) => format!("{key} and {other} were not marked\n"),
    }
}

/// An answer to an edge case, recorded or taken back.
pub fn edge_case(receipt: &EdgeCaseReceipt, undone: bool, width: usize) -> String {
    let key = receipt.ticket_key.as_ref().map_or("", TicketKey::as_str);
    let rule = plain(&receipt.rule);
    let components = plain(&receipt.components.join(", "));
    let what = match (receipt.answer, undone) {
        (EdgeCaseAnswer::Kept, false) => format!("{rule} is kept; such edge cases come first"),
        (EdgeCaseAnswer::Kept, true) => format!("{rule} does not count as kept any more"),
        (EdgeCaseAnswer::Dismissed, false) => {
            format!("{rule} is not shown for this ticket any more")
        }
        (EdgeCaseAnswer::Dismissed, true) => format!("{rule} may be shown for this ticket again"),
        (EdgeCaseAnswer::DismissedForComponent, false) => {
            format!("{rule} is not shown for tickets of {components} any more")
        }
        (EdgeCaseAnswer::DismissedForComponent, true) => {
            format!("{rule} may be shown for tickets of {components} again")
        }
    };
    let mut text = wrap(&what, width, &format!("{key}  "));
    text.push('\n');
    if !undone {
        let undo = paint(KEY, format!("atlas edge-case {key} --undo"));
        text += &format!("{} {undo}\n", paint(FAINT, "Take it back:"));
    }
    text
}

/// A line for each scenario.
fn items(receipt: &FeedbackReceipt, rank: Option<usize>, width: usize) -> String {
    let key = receipt.ticket_key.as_ref().map_or("", TicketKey::as_str);
    let several = receipt.items.len() > 1 && rank.is_none();
    let lines = receipt.items.iter().enumerate().map(|(place, item)| {
        let number = rank.or(several.then_some(place + 1));
        let number = number.map(|n| format!("{n}. ")).unwrap_or_default();
        let before = format!("{key}  {number}");
        let name = item.scenario_name.as_deref();
        let line = wrap(
            &format!("{}: {}", plain(name.unwrap_or("scenario")), said(item)),
            width,
            &before,
        );
        let style = match item.answer {
            AnswerKind::Rejected => BAD,
            _ => GOOD,
        };
        let word = item.answer.as_str();
        // The answer comes after the name, which may hold the word as well.
        let line = match line.rsplit_once(word) {
            Some((start, end)) => format!("{start}{}{end}", paint(style, word)),
            None => line,
        };
        line.replacen(key, &paint(KEY.bold(), key), 1) + "\n"
    });
    lines.collect()
}

/// `accepted, 20 min, rated 4`.
fn said(item: &FeedbackItem) -> String {
    let steps = item.steps.as_ref();
    let facts = [
        Some(item.answer.as_str().to_owned()),
        steps.map(|steps| format!("{} of your own", count(steps.len() as u64, "step"))),
        item.actual_minutes.map(duration),
        item.rating.map(|rating| format!("rated {rating}")),
        item.made_pattern.then(|| "a new pattern".to_owned()),
        (item.pattern_id.is_none()).then(|| "kept; it is no pattern that could learn".to_owned()),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn consequences(patterns: u64, models: u64) -> String {
    let mut text = String::new();
    if patterns > 0 {
        text += &format!("{} that came with it removed\n", count(patterns, "pattern"));
    }
    if models > 0 {
        let versions = count(models, "version");
        text += &format!("{versions} of what was learned withdrawn\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> FeedbackReceipt {
        FeedbackReceipt {
            feedback_id: 12,
            ticket_key: TicketKey::parse("WRKA-7").ok(),
            given_at: None,
            host_id: None,
            repeated: false,
            items: vec![FeedbackItem {
                prediction_id: Some(1),
                pattern_id: Some(1),
                scenario_name: Some("Orders are\u{1b}[31m accepted".to_owned()),
                answer: AnswerKind::Accepted,
                steps: None,
                rating: Some(4),
                comments: None,
                actual_minutes: Some(20),
                cleared: Vec::new(),
                made_pattern: false,
            }],
        }
    }

    #[test]
    fn a_receipt_says_what_was_recorded_and_how_to_take_it_back() {
        let text = recorded(&receipt(), Some(2), &["summary".to_owned()], 100);
        assert!(text.contains(&format!(": {}, 20 min", paint(GOOD, "accepted"))));
        let text = anstream::adapter::strip_str(&text).to_string();
        assert!(
            text.starts_with("WRKA-7  2. Orders are[31m accepted: accepted, 20 min, rated 4\n"),
            "{text}"
        );
        assert!(text.contains("Take it back: atlas undo 12\n"), "{text}");
        assert!(text.contains("changed since: summary"), "{text}");
    }

    #[test]
    fn only_what_was_removed_is_said() {
        let nothing = forgotten(&Forgotten::default());
        assert!(nothing.contains("nothing was learned"), "{nothing}");
        let some = forgotten(&Forgotten {
            observations: 2,
            feedback: 2,
            withdrawn_models: 1,
            ..Forgotten::default()
        });
        assert!(
            some.contains("2 observations, 2 feedback entries\n1 version of"),
            "{some}"
        );
    }
}
