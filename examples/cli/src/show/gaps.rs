//! Criteria and types with nothing chosen, as text.

use atlas_core::domain::{ChosenFrom, CoverageGaps, CriterionCoverage, NamedScenario};

use super::{Asked, heading};
use crate::style::{FAINT, GOOD, KEY, WARN, paint, paint_lines};
use crate::text::{plain, wrap};

pub fn text(asked: &Asked, gaps: &CoverageGaps, width: usize) -> String {
    let mut text = asked.header(width) + &chosen(gaps, width);
    if !gaps.criteria.is_empty() {
        let open = gaps.open_criteria().count();
        let all = gaps.criteria.len();
        text += &heading(&format!("Criteria  {open} of {all} open"));
        for criterion in &gaps.criteria {
            text += &one(criterion, width);
        }
    }
    if !gaps.type_gaps.is_empty() {
        text += &heading("Usual types with nothing chosen");
        for gap in &gaps.type_gaps {
            let mark = paint(WARN, "?");
            text += &format!("  {mark} {}\n", plain(&gap.scenario_type));
            text += &why(&gap.reason, width);
            text += &add(gap.suggestion.as_ref(), width);
        }
    }
    for note in &gaps.notes {
        text += &format!("\n{}\n", paint_lines(FAINT, &wrap(&plain(note), width, "")));
    }
    if gaps.is_complete() && !gaps.chosen.is_empty() {
        text += &format!("\n{}\n", paint(GOOD, "Nothing is missing."));
    }
    text
}

/// `Chosen (accepted): Dates are kept · Totals are rounded`.
fn chosen(gaps: &CoverageGaps, width: usize) -> String {
    let from = match gaps.chosen_from {
        ChosenFrom::Given => "Chosen",
        ChosenFrom::Accepted => "Chosen, because accepted",
        ChosenFrom::Prediction => "Chosen, because predicted",
        ChosenFrom::Nothing => return String::new(),
    };
    let names: Vec<String> = gaps.chosen.iter().map(|one| plain(&one.name)).collect();
    let line = wrap(&names.join(" · "), width, &format!("{from}: "));
    format!("{}\n", paint_lines(FAINT, &line))
}

fn one(criterion: &CriterionCoverage, width: usize) -> String {
    let (mark, style) = match criterion.covered {
        true => ("✓", GOOD),
        false => ("✗", WARN),
    };
    let line = wrap(&plain(&criterion.criterion), width, &format!("  {mark} "));
    let line = line.replacen(mark, &paint(style, mark), 1);
    format!("{line}\n{}", why(&criterion.reason, width))
        + &add(criterion.suggestion.as_ref(), width)
}

fn why(reason: &str, width: usize) -> String {
    format!(
        "{}\n",
        paint_lines(FAINT, &wrap(&plain(reason), width, "    "))
    )
}

fn add(suggestion: Option<&NamedScenario>, width: usize) -> String {
    let Some(pattern) = suggestion else {
        return String::new();
    };
    let key = pattern.pattern_key.as_ref();
    let key = key
        .map(|key| format!(" · {}", plain(key)))
        .unwrap_or_default();
    let line = wrap(&(plain(&pattern.name) + &key), width, "    add: ");
    format!("{}\n", paint_lines(KEY, &line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_reasons_and_what_to_add_are_shown() {
        let pattern = NamedScenario {
            name: "Rights to\u{1b}[2J export".to_owned(),
            pattern_id: Some(2),
            pattern_key: Some("TP-2".to_owned()),
            score: Some(0.5),
        };
        let criterion = |covered: bool| CriterionCoverage {
            criterion: "Only administrators export".to_owned(),
            covered,
            closest: None,
            reason: "no chosen scenario checks it".to_owned(),
            suggestion: (!covered).then(|| pattern.clone()),
        };
        let gaps = CoverageGaps {
            ticket_key: None,
            chosen_from: ChosenFrom::Given,
            chosen: vec![pattern.clone()],
            criteria_kind: None,
            criteria: vec![criterion(true), criterion(false)],
            type_gaps: Vec::new(),
            notes: vec!["so it is".to_owned()],
        };
        let text = text(&Asked::default(), &gaps, 60);
        let text = anstream::adapter::strip_str(&text).to_string();
        for part in [
            "Chosen: Rights to[2J export\n",
            "Criteria  1 of 2 open\n",
            "  ✓ Only administrators export\n",
            "  ✗ Only administrators export\n    no chosen scenario checks it\n",
            "    add: Rights to[2J export · TP-2\n",
            "\nso it is\n",
        ] {
            assert!(text.contains(part), "{part:?} in {text}");
        }
    }
}
