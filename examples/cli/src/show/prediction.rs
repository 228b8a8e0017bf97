//! A prediction as text: what to test, why, how long.

use atlas_core::domain::{
    Criticality, EdgeCase, MinutesOrigin, Prediction, Scenario, Source, Step, StepsOrigin,
};

use super::{Asked, heading};
use crate::style::{BAD, FAINT, GOOD, STRONG, WARN, paint, paint_lines};
use crate::text::{bar, count, duration, plain, wrap};

/// Reasons that are shown, strongest first.
const REASONS: usize = 4;
/// How many steps are printed; a library's longest tests have a hundred.
const STEPS: usize = 15;
/// Columns of the confidence bar.
const BAR: usize = 10;

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

fn confidence(scenario: &Scenario) -> i32 {
    scenario.confidence.round() as i32
}

/// `25 min (15–40)`: with the interval, where there is one.
fn minutes(scenario: &Scenario) -> String {
    let mark = if scenario.minutes_origin == MinutesOrigin::Default {
        "~"
    } else {
        ""
    };
    let unit = if scenario.minutes < 60 { "" } else { " min" };
    let (low, high) = (scenario.minutes_low, scenario.minutes_high);
    let interval = match high {
        0 => String::new(),
        high => format!(" ({low}–{high}{unit})"),
    };
    format!("{mark}{}{interval}", duration(scenario.minutes))
}

fn coloured_bar(scenario: &Scenario) -> String {
    let colour = match confidence(scenario) {
        60.. => GOOD,
        30.. => WARN,
        _ => FAINT,
    };
    paint(colour, bar(scenario.confidence, BAR))
}

/// `61 = neural 47 + similarity 14 · hybrid · 50 min (30–80)`, whole numbers that add up.
fn made_of(scenario: &Scenario) -> String {
    let parts = scenario
        .parts
        .iter()
        .zip(rounded(scenario))
        .filter(|(_, points)| *points != 0);
    let parts: Vec<String> = parts
        .map(|(part, points)| format!("{} {points}", part.name))
        .collect();
    let mut sum = confidence(scenario).to_string();
    if !parts.is_empty() {
        sum += &format!(" = {}", parts.join(" + "));
    }
    // A starter pattern's key says nothing to a user.
    let key = scenario
        .pattern_key
        .clone()
        .filter(|_| scenario.steps_origin != StepsOrigin::Starter);
    let own = (scenario.steps_origin == StepsOrigin::Edited).then(|| "your own steps".to_owned());
    let facts = [sum, scenario.source.to_string(), minutes(scenario)];
    plain(
        &facts
            .into_iter()
            .chain(key)
            .chain(own)
            .collect::<Vec<_>>()
            .join(" · "),
    )
}

/// The parts in whole points whose sum is the confidence as shown: the largest takes what
/// rounding leaves over.
fn rounded(scenario: &Scenario) -> Vec<i32> {
    let mut points: Vec<i32> = scenario
        .parts
        .iter()
        .map(|part| part.value.round() as i32)
        .collect();
    let over = confidence(scenario) - points.iter().sum::<i32>();
    if let Some(largest) = points.iter_mut().max() {
        *largest += over;
    }
    points
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
    for case in cases {
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
            &format!("  {word:<8}"),
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
    if any(|s| !s.calibrated) {
        notes.push("Confidence ranks the scenarios; it is not calibrated on your own results yet.");
    }
    let answer = prediction
        .ticket_key
        .as_ref()
        .filter(|_| !brief && prediction.id.is_some() && !prediction.scenarios.is_empty());
    let answer = answer.map(|key| {
        format!("ATLAS learns from what you did: atlas feedback {key} 1 accepted --minutes 20")
    });
    notes.extend(answer.as_deref());
    if notes.is_empty() {
        return String::new();
    }
    let lines = notes
        .iter()
        .map(|note| paint_lines(FAINT, &wrap(note, width, "")) + "\n");
    format!("\n{}", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use atlas_core::domain::{Degraded, Part, Reason, ReasonKind};

    use super::*;

    fn scenario() -> Scenario {
        Scenario {
            name: "MHIS Form Validation".to_owned(),
            confidence: 61.4,
            calibrated: false,
            source: Source::Hybrid,
            parts: vec![Part::new("neural", 46.5), Part::new("similarity", 14.9)],
            reasons: vec![Reason::new(
                ReasonKind::PastTicket,
                "right for \u{1b}[31mWRKA-1100",
            )],
            steps: vec![Step::new("Open the form", "Page 1 is shown")],
            steps_origin: StepsOrigin::Starter,
            minutes: 54,
            minutes_low: 18,
            minutes_high: 162,
            minutes_origin: MinutesOrigin::Default,
            pattern_id: Some(1),
            pattern_key: None,
            pattern_type: None,
            component: None,
            prediction_id: None,
        }
    }

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
            blend: Default::default(),
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
    fn parts_are_whole_numbers_that_add_up() {
        assert_eq!(
            made_of(&scenario()),
            "61 = neural 46 + similarity 15 · hybrid · ~54 min (18–162)"
        );
        let alone = Scenario {
            parts: Vec::new(),
            ..scenario()
        };
        assert_eq!(made_of(&alone), "61 · hybrid · ~54 min (18–162)");
    }

    #[test]
    fn minutes_have_their_interval_where_there_is_one() {
        let known = |minutes, minutes_low, minutes_high| Scenario {
            minutes,
            minutes_low,
            minutes_high,
            minutes_origin: MinutesOrigin::Observed,
            ..scenario()
        };
        assert_eq!(minutes(&known(25, 15, 40)), "25 min (15–40)");
        assert_eq!(minutes(&known(95, 50, 180)), "1 h 35 min (50–180 min)");
        assert_eq!(minutes(&known(25, 0, 0)), "25 min");
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
            "not calibrated",
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
