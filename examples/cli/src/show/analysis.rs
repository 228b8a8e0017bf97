//! An analysis as text: three small tables.

use atlas_core::domain::Analysis;

use super::alike::similar_row;
use super::table::{Rows, cell, faint, percent};
use super::{Asked, heading};
use crate::style::{FAINT, paint};
use crate::text::fit;

/// Similar tickets that are shown here; `atlas similar` shows all.
const SIMILAR: usize = 5;

pub fn text(asked: &Asked, analysis: &Analysis, width: usize) -> String {
    [
        asked.header(width),
        components(analysis, width),
        scenario_types(analysis, width),
        similar(analysis, width),
    ]
    .concat()
}

fn components(analysis: &Analysis, width: usize) -> String {
    if analysis.components.is_empty() {
        return heading("Components") + "  none that your tickets know\n";
    }
    let mut rows = Rows::new(&["component", "sure", "because"], width);
    for component in &analysis.components {
        rows.add(vec![
            cell(&fit(&component.name, 30)),
            percent(component.confidence),
            faint(&component.reason),
        ]);
    }
    heading("Components") + &rows.text()
}

fn scenario_types(analysis: &Analysis, width: usize) -> String {
    if analysis.scenario_types.is_empty() {
        return heading("Types of scenario") + "  none stands out\n";
    }
    let mut rows = Rows::new(&["type", "relevant", "words that speak for it"], width);
    for guess in &analysis.scenario_types {
        rows.add(vec![
            cell(&fit(&guess.scenario_type, 30)),
            percent(guess.relevance),
            faint(&guess.words.join(", ")),
        ]);
    }
    heading("Types of scenario") + &rows.text()
}

fn similar(analysis: &Analysis, width: usize) -> String {
    let found = &analysis.similar_tickets;
    if found.is_empty() {
        return heading("Similar tickets") + "  none\n";
    }
    let mut rows = Rows::new(&["key", "score", "", "status", "summary"], width);
    for ticket in found.iter().take(SIMILAR) {
        rows.add(similar_row(ticket));
    }
    let more = match found.len().saturating_sub(SIMILAR) {
        0 => String::new(),
        more => format!(
            "  {}\n",
            paint(FAINT, format!("… and {more} more: atlas similar"))
        ),
    };
    heading("Similar tickets") + &rows.text() + &more
}
