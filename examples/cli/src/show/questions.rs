//! Questions to the tester as text.

use atlas_core::domain::Question;

use crate::style::{FAINT, KEY, STRONG, paint, paint_lines};
use crate::text::{bar, fit, plain, wrap};

/// Columns of the bar of confidence.
const BAR: usize = 10;

pub fn text(questions: &[Question], width: usize) -> String {
    if questions.is_empty() {
        return "Nothing to ask: every scenario that was predicted is answered, or nothing is \
                predicted yet.\n"
            .to_owned();
    }
    let mut text = format!(
        "{}\n",
        paint(STRONG, "Your answers to these would teach the most")
    );
    for question in questions {
        text += &one(question, width);
    }
    text
}

fn one(question: &Question, width: usize) -> String {
    let key = question.ticket_key.as_str();
    let summary = fit(&question.summary, width.saturating_sub(key.len() + 2));
    let name = wrap(
        &plain(&question.scenario_name),
        width,
        &format!(" {}. ", question.number),
    );
    let bar = bar(question.confidence, BAR);
    let why = wrap(&plain(&question.reason), width, &format!("    {bar}  "));
    let answer = format!("atlas feedback {key} {} accepted", question.number);
    format!(
        "\n{}  {}\n{name}\n{}\n    {}  {}\n",
        paint(KEY.bold(), key),
        paint(FAINT, summary),
        paint_lines(FAINT, &why),
        paint(KEY, answer),
        paint(FAINT, "or rejected"),
    )
}
