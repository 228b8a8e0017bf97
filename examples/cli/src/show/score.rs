//! A scenario's figures: confidence with what it is made of, and minutes.

use atlas_core::domain::{MinutesOrigin, Part, Scenario, StepsOrigin};

use crate::style::{FAINT, GOOD, WARN, paint};
use crate::text::{bar, duration, plain};

/// Parts of a confidence that are shown.
const PARTS: usize = 5;
/// Columns of the confidence bar.
pub const BAR: usize = 10;

pub fn confidence(scenario: &Scenario) -> i32 {
    scenario.confidence.round() as i32
}

/// `25 min (15–40)`: with the interval, where there is one.
pub fn minutes(scenario: &Scenario) -> String {
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

pub fn coloured_bar(scenario: &Scenario) -> String {
    let colour = match confidence(scenario) {
        60.. => GOOD,
        30.. => WARN,
        _ => FAINT,
    };
    paint(colour, bar(scenario.confidence, BAR))
}

/// `61 = neural 47 + similarity 14 · hybrid · 50 min (30–80)`, whole numbers that add up.
pub fn made_of(scenario: &Scenario) -> String {
    let mut sum = confidence(scenario).to_string();
    let parts = points(scenario)
        .into_iter()
        .filter(|(_, points)| *points != 0);
    for (place, (name, points)) in parts.enumerate() {
        let sign = match (place, points) {
            (0, _) => "=",
            (_, ..0) => "−",
            _ => "+",
        };
        let size = if place == 0 { points } else { points.abs() };
        sum += &format!(" {sign} {name} {size}");
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

/// The strongest parts and the rest together, in whole points whose sum is the confidence as shown:
/// the largest takes what rounding leaves over.
fn points(scenario: &Scenario) -> Vec<(String, i32)> {
    let mut parts = strongest(&scenario.parts);
    let largest = parts.iter_mut().max_by(|a, b| a.1.total_cmp(&b.1));
    let largest = largest.map(|part| part.0.clone());
    let mut points: Vec<(String, i32)> = parts
        .into_iter()
        .map(|(name, value)| (name, value.round() as i32))
        .collect();
    let over = confidence(scenario) - points.iter().map(|(_, points)| points).sum::<i32>();
    if let Some(part) = points
        .iter_mut()
        .find(|part| Some(&part.0) == largest.as_ref())
    {
        part.1 += over;
    }
    points
}

/// As many parts as are shown, in their order; of more, the weakest together at the end.
fn strongest(parts: &[Part]) -> Vec<(String, f32)> {
    let mut sizes: Vec<f32> = parts.iter().map(|part| part.value.abs()).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    let mut room = if parts.len() > PARTS {
        PARTS - 1
    } else {
        PARTS
    };
    let least = sizes.get(room - 1).copied().unwrap_or(0.0);
    let mut shown = Vec::new();
    let mut rest = 0.0;
    for part in parts {
        if part.value.abs() >= least && room > 0 {
            shown.push((part.name.clone(), part.value));
            room -= 1;
        } else {
            rest += part.value;
        }
    }
    if parts.len() > PARTS {
        shown.push(("the rest".to_owned(), rest));
    }
    shown
}

#[cfg(test)]
pub mod tests {
    use atlas_core::domain::{Reason, ReasonKind, Source, Step};

    use super::*;

    pub fn scenario() -> Scenario {
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
    fn of_many_parts_the_strongest_are_shown_and_all_add_up() {
        let learned = Scenario {
            confidence: 71.0,
            parts: vec![
                Part::new("any scenario", 2.4),
                Part::new("meaning", 40.3),
                Part::new("words", 20.3),
                Part::new("like past votes", 16.4),
                Part::new("component", 0.4),
                Part::new("name", 0.3),
                Part::new("starter", -9.1),
            ],
            ..scenario()
        };
        assert!(made_of(&learned).starts_with(
            "71 = meaning 41 + words 20 + like past votes 16 − starter 9 + the rest 3 · "
        ));
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
}
