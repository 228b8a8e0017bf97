//! Given-When-Then where other test cases have their steps.

use crate::domain::Step;
use crate::exchange::cases::cells::unix_lines;
use crate::exchange::cases::gherkin::{self, Bdd};
use crate::text::html;

use super::{is_blank, of_text, raw_steps};

/// The words that begin a step in Gherkin.
const WORDS: [&str; 5] = ["Given", "When", "Then", "And", "But"];

/// A text that is a scenario in Gherkin: it begins with Given or When and has a Then, or begins
/// with `Scenario:` or `Feature:` and has any of them.
pub(crate) fn scenario(text: &str) -> Option<Bdd> {
    const STEPS: [&str; 3] = ["Given", "When", "Then"];
    const HEADS: [&str; 5] = [
        "Scenario:",
        "Scenario Outline:",
        "Feature:",
        "Background:",
        "Example:",
    ];
    let text = unix_lines(text);
    let text = plainly(&html::undone(&text));
    let mut lines = text.lines().filter(|line| !is_blank(line));
    // Tags stand above a scenario.
    let first = lines
        .by_ref()
        .find(|line| !line.trim_start().starts_with('@'))?;
    let is_headed = HEADS
        .iter()
        .any(|head| first.trim_start().starts_with(head));
    let given = STEPS[..2].iter().any(|word| begins(first, word));
    let is_scenario = match is_headed {
        true => lines.any(|line| STEPS.iter().any(|word| begins(line, word))),
        false => given && lines.any(|line| begins(line, "Then")),
    };
    is_scenario.then(|| of_gherkin(&text).ok())?
}

/// The steps of a text in Gherkin, with or without `Feature:` and `Scenario:`; a text without a step of
/// Gherkin is a step a line.
///
/// # Errors
/// What is wrong with a scenario, in words.
pub(crate) fn of_gherkin(text: &str) -> std::result::Result<Bdd, String> {
    let found = gherkin::steps_of_text(text)?;
    Ok(found.unwrap_or_else(|| Bdd {
        precondition: None,
        steps: of_text(text, true),
    }))
}

/// Steps that are a whole scenario each, as tools keep Gherkin in a list of steps.
pub(crate) fn as_scenarios(steps: &[Step]) -> Option<Bdd> {
    let mut all: Option<Bdd> = None;
    for step in steps {
        if step.expected.is_some() || step.data.is_some() {
            return None;
        }
        let one = scenario(&step.action)?;
        match &mut all {
            None => all = Some(one),
            Some(all) => {
                let given = one.precondition.map(|given| format!("Given {given}"));
                all.steps.extend(given.map(|given| Step::new(given, "")));
                all.steps.extend(one.steps);
            }
        }
    }
    all
}

/// Given-When-Then of a field that holds nothing else: a text, or a list of scenarios in JSON.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn bdd_of(text: &str) -> std::result::Result<Bdd, String> {
    let text = unix_lines(text);
    let text = html::undone(&text);
    let list = serde_json::from_str::<serde_json::Value>(&text).ok();
    let Some(list) = list.filter(serde_json::Value::is_array) else {
        return of_gherkin(&text);
    };
    let steps: Vec<Step> = raw_steps(&list).into_iter().map(in_unix_lines).collect();
    if let Some(bdd) = as_scenarios(&steps) {
        return Ok(bdd);
    }
    let texts: Vec<String> = steps.into_iter().map(|step| step.action).collect();
    of_gherkin(&texts.join("\n"))
}

fn in_unix_lines(step: Step) -> Step {
    Step {
        action: unix_lines(&step.action).into_owned(),
        ..step
    }
}

/// Steps that are a line of one scenario each: `Given a user`, `When she pays`, `Then it is paid`.
pub(crate) fn of_lines(steps: &[Step]) -> Option<Bdd> {
    let is_line = |step: &Step| {
        let first = plain_line(&step.action);
        step.expected.is_none() && WORDS.iter().any(|word| begins(&first, word))
    };
    if !steps.iter().all(is_line) {
        return None;
    }
    let lines: Vec<&str> = steps.iter().map(|step| step.action.as_str()).collect();
    scenario(&lines.join("\n"))
}

fn begins(line: &str, word: &str) -> bool {
    let rest = line.trim_start().strip_prefix(word);
    rest.is_some_and(|rest| rest.starts_with([' ', '\t']))
}

/// A scenario whose words are bold or items of a list in Markdown, without these marks.
fn plainly(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(plain_line).collect();
    lines.join("\n")
}

/// `- **Given** a user` as `Given a user`; any other line as it is.
fn plain_line(line: &str) -> String {
    let marks = ['*', '_', '-', ' ', '\t'];
    let bare = line.trim_start_matches(marks);
    let is_marked = line.trim_start() != bare;
    let found = WORDS
        .iter()
        .find_map(|word| Some((word, bare.strip_prefix(word)?)));
    match found {
        Some((word, rest)) if is_marked && rest.starts_with(['*', '_', ' ', ':']) => {
            let rest = rest.trim_start_matches(['*', '_', ':', ' ']);
            format!("{word} {rest}")
        }
        _ => line.to_owned(),
    }
}
