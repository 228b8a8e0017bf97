//! A prediction as text: what to test, why, how long.

use atlas_core::domain::{
    Blend, Criticality, EdgeCase, MinutesOrigin, Prediction, Scenario, Source, Step, StepsOrigin,
};

use super::score::{BAR, coloured_bar, confidence, made_of, minutes};
use super::{Asked, heading};
use crate::style::{BAD, FAINT, STRONG, WARN, paint, paint_lines};
use crate::text::{count, duration, plain, wrap};

/// Reasons that are shown, strongest first.
const REASONS: usize = 4;
/// How many steps are printed; a library's longest tests have a hundred.
const STEPS: usize = 15;
/// What a blend calls itself that was learned.
const LEARNED: &str = "learned";

pub fn text(asked: &Asked, prediction: &Prediction, brief: bool, width: usize) -> String {
    let mut text = asked.header(width);
    text += &stale(&prediction.stale, width);
    text += &what_to_test(prediction);
    for (place, scenario) in prediction.scenarios.iter().enumerate() {
        let shown = if brief { one_line } else { whole };
        text += &shown(place + 1, scenario, width);
    }
    text += &edge_cases(&prediction.edge_cases, brief, width);
    for degraded in &prediction.degraded {
        let line = format!(
            "Without {} this time: {}",
            degraded.predictor, degraded.reason
        );
        text += &format!("\n{}\n", paint_lines(WARN, &wrap(&plain(&line), width, "")));
    }
    text + &footnotes(prediction, brief, width)
}

/// A warning where the ticket has changed since the prediction.
pub fn stale(changed: &[String], width: usize) -> String {
    if changed.is_empty() {
        return String::new();
    }
    let line = format!(
        "The ticket has changed since: {}. Ask again with atlas predict.",
        changed.join(", ")
    );
    format!("{}\n", paint_lines(WARN, &wrap(&plain(&line), width, "")))
}

fn what_to_test(prediction: &Prediction) -> String {
    if prediction.scenarios.is_empty() {
        return heading("What to test") + "  no scenario fits\n";
    }
    let total = format!(
        "{}, {} in all",
        count(prediction.scenarios.len() as u64, "scenario"),
        duration(prediction.total_minutes)
    );
    format!(
        "\n{}  {}\n",
        paint(STRONG, "What to test"),
        paint(FAINT, total)
    )
}

/// Confidence, minutes and name; the name is wrapped and never cut.
fn one_line(rank: usize, scenario: &Scenario, width: usize) -> String {
    let figures = format!("{:>3}  {:>16}  ", confidence(scenario), minutes(scenario));
    let before = " ".repeat(BAR + 6) + &figures;
    let name = wrap(&name(scenario), width, &before);
    let name = name.trim_start_matches(before.as_str());
    format!(
        "{rank:>2}. {}  {}{name}\n",
        coloured_bar(scenario),
        paint(FAINT, figures)
    )
}

/// Name, confidence and its parts, reasons, steps.
fn whole(rank: usize, scenario: &Scenario, width: usize) -> String {
    let number = format!("{rank:>2}. ");
    let name = wrap(&name(scenario), width, &number);
    let mut text =
        number.clone() + &paint_lines(STRONG, name.trim_start_matches(number.as_str())) + "\n";
    let before = " ".repeat(BAR + 6);
    let made_of = wrap(&made_of(scenario), width, &before);
    let made_of = made_of.trim_start_matches(' ');
    text += &format!("    {}  {made_of}\n", coloured_bar(scenario));
    for reason in scenario.reasons.iter().take(REASONS) {
        text += &paint_lines(FAINT, &wrap(&plain(&reason.text), width, "    • "));
        text.push('\n');
    }
    for (place, step) in scenario.steps.iter().enumerate().take(STEPS) {
        text += &one_step(place + 1, step, width);
    }
    if scenario.steps.len() > STEPS {
        let more = format!(
            "    … and {} more steps (--json has all)",
            scenario.steps.len() - STEPS
        );
        text += &format!("{}\n", paint(FAINT, more));
    }
    if scenario.steps.is_empty() {
        text += &format!("    {}\n", paint(FAINT, "no steps are known"));
    }
    text + "\n"
}

/// The name, marked where a footnote explains it.
fn name(scenario: &Scenario) -> String {
    let mark = if scenario.steps_origin == StepsOrigin::Starter {
        "*"
    } else {
        ""
    };
    plain(&scenario.name) + mark
}

fn one_step(number: usize, step: &Step, width: usize) -> String {
    let mut text = wrap(&plain(&step.action), width, &format!("    {number:>2}. ")) + "\n";
    for (mark, said) in [("with", &step.data), ("→", &step.expected)] {
        if let Some(said) = said {
            text += &wrap(&plain(said), width, &format!("        {mark} "));
            text.push('\n');
        }
    }
    text
}

fn edge_cases(cases: &[EdgeCase], brief: bool, width: usize) -> String {
    if cases.is_empty() {
        return String::new();
    }
    // Details end with an empty line of their own.
    let mut text = format!(
        "{}{}\n",
        if brief { "\n" } else { "" },
        paint(STRONG, "Edge cases to try")
    );
    for (number, case) in (1..).zip(cases) {
        let (word, style) = match case.criticality {
            Criticality::High => ("high", BAD),
            Criticality::Medium => ("medium", WARN),
            Criticality::Low => ("low", FAINT),
        };
        let why = case
            .reason
            .as_deref()
            .filter(|_| !brief)
            .map(|why| format!(" ({})", plain(why)));
        let why = why.unwrap_or_default();
        let lines = wrap(
            &format!("{}{why}", plain(&case.description)),
            width,
            &format!("{number:>3}. {word:<8}"),
        );
        text += &lines.replacen(word, &paint(style, word), 1);
        text.push('\n');
    }
    text
}

/// What holds for several lines is said once.
fn footnotes(prediction: &Prediction, brief: bool, width: usize) -> String {
    let any = |test: fn(&Scenario) -> bool| prediction.scenarios.iter().any(test);
    let mut notes = Vec::new();
    if any(|s| s.steps_origin == StepsOrigin::Starter) {
        notes.push("* from the starter catalogue, not from your own test cases");
    }
    if !brief && any(|s| s.steps_origin == StepsOrigin::Designed) {
        notes.push("design: made from a sentence of the ticket by a technique of test design");
    }
    if any(|s| s.minutes_origin == MinutesOrigin::Default) {
        notes
            .push("~ nothing is known about its duration; 45 minutes and the priority are assumed");
    }
    if any(|s| s.minutes_high > 0) {
        notes.push("In brackets after the minutes: what it takes four times in five");
    }
    if !brief
        && any(|s| {
            matches!(
                s.source,
                Source::Neural | Source::Similarity | Source::Hybrid
            )
        })
    {
        notes.push("neural: the texts of ticket and scenario match; similarity: it was right for past tickets like this; hybrid: both");
    }
    if !brief && prediction.blend.by == LEARNED {
        notes.push("any scenario: what an average scenario has for this ticket; the other parts: what each signal adds to it");
    }
    let blend = blended(&prediction.blend, any(|s| !s.calibrated));
    notes.extend(blend.as_deref());
    let answer = prediction
        .ticket_key
        .as_ref()
        .filter(|_| !brief && prediction.id.is_some() && !prediction.scenarios.is_empty());
    let answer = answer.map(|key| {
        format!("ATLAS learns from what you did: atlas feedback {key} 1 accepted --minutes 20")
    });
    notes.extend(answer.as_deref());
    if prediction.ticket_key.is_some() && prediction.id.is_none() {
        notes.push("Not stored: the database is only read, so no feedback can be given on it");
    }
    if notes.is_empty() {
        return String::new();
    }
    let lines = notes
        .iter()
        .map(|note| paint_lines(FAINT, &wrap(note, width, "")) + "\n");
    format!("\n{}", lines.collect::<String>())
}

/// Who made one list of the votes, and whether confidence may be taken at its word.
fn blended(blend: &Blend, some_uncalibrated: bool) -> Option<String> {
    let version = blend.model.map(|version| format!(" version {version}"));
    let by = match blend.by.as_str() {
        "" if some_uncalibrated => return Some("Confidence is not calibrated.".to_owned()),
        "" => return None,
        LEARNED => format!("the learned blend{}", version.unwrap_or_default()),
        "weighted sum" => "the weighted sum".to_owned(),
        own => plain(own),
    };
    let sure = match (blend.calibrated, blend.missing) {
        (true, _) if some_uncalibrated => {
            "calibrated on your past, save for scenarios that are no stored pattern".to_owned()
        }
        (true, _) => "calibrated on your past".to_owned(),
        (false, 0) => "not calibrated".to_owned(),
        (false, missing) => format!(
            "not calibrated yet: {} needed",
            count(u64::from(missing), "more judged scenario")
        ),
    };
    Some(format!("Blended by {by}; confidence is {sure}."))
}

#[cfg(test)]
mod tests {
    use atlas_core::domain::Degraded;

    use super::super::score::tests::scenario;
    use super::*;

    fn prediction() -> Prediction {
        let edge_case = EdgeCase {
            description: "Leave every field empty".to_owned(),
            criticality: Criticality::High,
            component: None,
            rule: "empty".to_owned(),
            reason: Some("component MHIS".to_owned()),
        };
        Prediction {
            id: None,
            ticket_key: None,
            scenarios: vec![
                scenario(),
                Scenario {
                    steps_origin: StepsOrigin::Pattern,
                    ..scenario()
                },
            ],
            edge_cases: vec![edge_case],
            total_minutes: 95,
            stale: vec!["summary".to_owned()],
            degraded: vec![Degraded {
                predictor: "similarity".to_owned(),
                reason: "no past ticket is alike".to_owned(),
            }],
            blend: Blend {
                missing: 12,
                ..Blend::new("weighted sum", Vec::new())
            },
        }
    }

    fn shown(brief: bool) -> String {
        let asked = Asked {
            summary: "Add a field".to_owned(),
            ..Asked::default()
        };
        anstream::adapter::strip_str(&text(&asked, &prediction(), brief, 72)).to_string()
    }

    #[test]
    fn a_blend_says_who_it_is_and_what_its_numbers_are_worth() {
        let learned = Blend {
            model: Some(3),
            calibrated: true,
            ..Blend::new("learned", Vec::new())
        };
        assert_eq!(
            blended(&learned, false).unwrap(),
            "Blended by the learned blend version 3; confidence is calibrated on your past."
        );
        assert!(blended(&learned, true).unwrap().contains("save for"));
        assert_eq!(blended(&Blend::default(), false), None);
        let usual = Blend::new("weighted sum", Vec::new());
        assert!(
            blended(&usual, true)
                .unwrap()
                .ends_with("is not calibrated.")
        );
    }

    #[test]
    fn everything_is_said_and_footnotes_once() {
        let text = shown(false);
        for said in [
            "Your text  Add a field",
            "The ticket has changed since: summary.",
            "2 scenarios, 1 h 35 min in all",
            "→ Page 1 is shown",
            "• right for [31mWRKA-1100",
            "high    Leave every field empty (component MHIS)",
            "Without similarity this time: no past ticket is alike",
        ] {
            assert!(text.contains(said), "{said}\n{text}");
        }
        for once in [
            "starter catalogue",
            "Blended by the weighted sum; confidence is not calibrated yet: 12 more",
            "45 minutes",
            "four times in five",
            "Form Validation*",
        ] {
            assert_eq!(text.matches(once).count(), 1, "{once}\n{text}");
        }
        assert!(
            text.lines().all(|line| line.chars().count() <= 72),
            "{text}"
        );
    }

    #[test]
    fn brief_shows_names_only() {
        let text = shown(true);
        assert!(
            text.contains("MHIS Form Validation") && text.contains("Leave every field empty"),
            "{text}"
        );
        assert!(
            !text.contains("Open the form")
                && !text.contains("WRKA-1100")
                && !text.contains("component MHIS"),
            "{text}"
        );
    }
}
