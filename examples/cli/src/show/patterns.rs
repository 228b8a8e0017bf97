//! Patterns, proposals and pairs as text.

use atlas_core::domain::{
    PatternMerge, PatternName, PatternPair, PatternProposal, Step, StoredPattern, TicketKey,
};
use comfy_table::{Cell, CellAlignment};

use super::heading;
use super::table::{Rows, cell, faint, key, percent};
use crate::style::{FAINT, KEY, STRONG, paint, paint_lines};
use crate::text::{count, duration, fit, plain, wrap};

/// Widest key, type and component that are shown whole.
const COLUMN: usize = 24;
/// Ticket keys that are named of a scenario.
const KEYS: usize = 6;

/// Patterns, a row each.
pub fn list(found: &[StoredPattern], all: usize, width: usize) -> String {
    let header = heading(&count(all as u64, "pattern"));
    if found.is_empty() {
        return header + "  none\n";
    }
    header + &rows(found, width) + &more(found.len(), all, "--limit 0 lists all")
}

fn rows(found: &[StoredPattern], width: usize) -> String {
    let mut rows = Rows::new(&["id", "key", "used", "right", "type", "name"], width);
    for stored in found {
        let pattern = &stored.pattern;
        let right = match pattern.frequency {
            0 => faint("–").set_alignment(CellAlignment::Right),
            _ => percent(pattern.success_rate as f32),
        };
        let own = pattern.key.as_deref().unwrap_or_default();
        rows.add(vec![
            key(&stored.id.to_string()).set_alignment(CellAlignment::Right),
            faint(&fit(own, COLUMN)),
            Cell::new(pattern.frequency).set_alignment(CellAlignment::Right),
            right,
            cell(&fit(&pattern.pattern_type, COLUMN)),
            cell(&pattern.name),
        ]);
    }
    rows.text()
}

fn more(shown: usize, all: usize, how: &str) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        more => format!("  {}\n", paint(FAINT, format!("… and {more} more ({how})"))),
    }
}

/// One pattern with its steps.
pub fn one(stored: &StoredPattern, width: usize) -> String {
    let pattern = &stored.pattern;
    let mut facts = vec![fit(&pattern.pattern_type, 40)];
    facts.extend(pattern.component.as_deref().map(|name| fit(name, 40)));
    facts.push(pattern.origin.as_str().to_owned());
    facts.extend(pattern.avg_time_minutes.map(duration));
    if pattern.frequency > 0 {
        let right = pattern.success_rate * 100.0;
        let used = count(pattern.frequency.into(), "time");
        facts.push(format!("used {used}, right {right:.0} %"));
    }
    let last = pattern
        .last_used
        .map(|at| at.strftime("last used %Y-%m-%d").to_string());
    facts.extend(last);
    if !pattern.is_active {
        facts.push("retired".to_owned());
    }
    let own = pattern
        .key
        .as_deref()
        .map(|key| format!("  {}", plain(key)));
    let mut text = format!(
        "{}{}  {}\n{}\n",
        paint(KEY.bold(), stored.id),
        paint(FAINT, own.unwrap_or_default()),
        paint(STRONG, plain(&pattern.name)),
        paint_lines(FAINT, &wrap(&facts.join(" · "), width, "")),
    );
    for (name, value) in [
        ("For", &pattern.objective),
        ("Before", &pattern.precondition),
    ] {
        if let Some(value) = value.as_deref().filter(|value| !value.trim().is_empty()) {
            text += &format!("{}\n", wrap(&plain(value), width, &format!("{name}: ")));
        }
    }
    text + &steps(&pattern.steps, "  ", width)
}

fn steps(steps: &[Step], indent: &str, width: usize) -> String {
    let mut text = String::new();
    for (number, step) in (1..).zip(steps) {
        let first = format!("{indent}{number:>2}. ");
        text += &wrap(&plain(&step.action), width, &first);
        text.push('\n');
        if let Some(expected) = &step.expected {
            let first = format!("{indent}    → ");
            text += &paint_lines(FAINT, &wrap(&plain(expected), width, &first));
            text.push('\n');
        }
    }
    text
}

/// Scenarios that were detected, best first.
pub fn proposals(
    shown: &[PatternProposal],
    all: usize,
    brief: bool,
    typed: &str,
    width: usize,
) -> String {
    let mut text = heading(&format!(
        "{} found in your tickets",
        count(all as u64, "scenario")
    ));
    if shown.is_empty() {
        let why = "Scenarios are found where several tickets list steps for much the same thing.";
        return text + &paint_lines(FAINT, &wrap(why, width, "  ")) + "\n";
    }
    for proposal in shown {
        text += &proposed(proposal, brief, width);
    }
    text += &more(shown.len(), all, "--limit 0 shows all");
    let id = &shown[0].id;
    text + &format!(
        "\nKeep one: {}   Never again: {}\n",
        paint(KEY, format!("{typed} patterns accept {id}")),
        paint(KEY, format!("{typed} patterns drop {id}")),
    )
}

fn proposed(proposal: &PatternProposal, brief: bool, width: usize) -> String {
    let lines = wrap(&plain(&proposal.name), width, &format!("{}  ", proposal.id));
    let name = lines
        .strip_prefix(&proposal.id)
        .unwrap_or(&lines)
        .trim_start();
    let facts = [
        fit(&proposal.pattern_type, 40),
        fit(proposal.component.as_deref().unwrap_or("no component"), 40),
        format!("score {:.2}", proposal.score),
        format!("alike {:.2}", proposal.cohesion),
        tickets(&proposal.ticket_keys),
    ];
    let known = proposal.known.as_ref().map(|known| {
        let says = format!(
            "pattern {} says it already: {}",
            known.id,
            plain(&known.name)
        );
        paint_lines(FAINT, &wrap(&says, width, "  ")) + "\n"
    });
    let mut text = format!(
        "{}  {}\n{}\n{}",
        paint(KEY, &proposal.id),
        paint_lines(STRONG, name),
        paint_lines(FAINT, &wrap(&facts.join(" · "), width, "  ")),
        known.unwrap_or_default(),
    );
    if !brief {
        text += &steps(&proposal.steps, "  ", width);
        text.push('\n');
    }
    text
}

/// `3 tickets: WRKA-1 WRKA-2 …`
fn tickets(keys: &[TicketKey]) -> String {
    let named: Vec<&str> = keys.iter().take(KEYS).map(TicketKey::as_str).collect();
    let more = if keys.len() > KEYS { " …" } else { "" };
    format!(
        "{}: {}{more}",
        count(keys.len() as u64, "ticket"),
        named.join(" ")
    )
}

/// What became of an accepted scenario.
pub fn accepted(stored: &StoredPattern, keys: &[TicketKey], width: usize) -> String {
    let from = wrap(&format!("from {}", tickets(keys)), width, "");
    format!(
        "Kept as pattern {}  {}\n{}\n",
        paint(KEY, stored.id),
        paint(STRONG, plain(&stored.pattern.name)),
        paint_lines(FAINT, &from)
    )
}

/// What became of dropped scenarios.
pub fn dropped(proposals: &[&PatternProposal]) -> String {
    let line = |p: &&PatternProposal| format!("{}  {}\n", paint(KEY, &p.id), plain(&p.name));
    let lines: String = proposals.iter().map(line).collect();
    format!("{lines}Dropped: not proposed again as long as the steps are these.\n")
}

/// Pairs of patterns, why they are alike below each.
pub fn pairs(pairs: &[PatternPair], typed: &str, width: usize) -> String {
    let mut text = heading("Patterns that say much the same");
    let Some(first) = pairs.first() else {
        return text + "  none\n";
    };
    for pair in pairs {
        let alike = format!("{:.2}", pair.similarity);
        text += &format!("  {}  {}\n", paint(STRONG, alike), named(&pair.keep, width));
        text += &format!("        {}\n", named(&pair.drop, width));
        text += &paint_lines(FAINT, &wrap(&plain(&pair.reason), width, "        "));
        text.push('\n');
    }
    let merge = format!("{typed} patterns merge {} {}", first.keep.id, first.drop.id);
    text + &format!(
        "\nKeep the upper one, retire the lower: {}\n",
        paint(KEY, merge)
    )
}

fn named(pattern: &PatternName, width: usize) -> String {
    let own = pattern
        .key
        .as_deref()
        .map(|key| format!("  {}", fit(key, COLUMN)));
    let own = own.unwrap_or_default();
    let left = width.saturating_sub(12 + own.len() + pattern.id.to_string().len());
    format!(
        "{}{}  {}",
        paint(KEY, pattern.id),
        paint(FAINT, own),
        fit(&pattern.name, left)
    )
}

/// What a merge did.
pub fn merged(
    merge: &PatternMerge,
    kept: &StoredPattern,
    retired: &StoredPattern,
    typed: &str,
    width: usize,
) -> String {
    let line = |what: &str, stored: &StoredPattern| {
        format!(
            "{what}  {}  {}\n",
            paint(KEY, stored.id),
            plain(&stored.pattern.name)
        )
    };
    let left = match merge.observations_left {
        0 => String::new(),
        left => format!(
            "Its {} stay with it: they say nothing of the other pattern. ",
            count(left, "observation")
        ),
    };
    let undo = format!("{left}Undo: {typed} patterns reactivate {}", merge.retired);
    line("Kept   ", kept)
        + &line("Retired", retired)
        + &paint_lines(FAINT, &wrap(&undo, width, ""))
        + "\n"
}

/// What was done to patterns, a line each.
pub fn done(what: &str, patterns: &[StoredPattern]) -> String {
    let line = |stored: &StoredPattern| {
        let name = plain(&stored.pattern.name);
        format!(
            "{}  {name}  {}\n",
            paint(KEY, stored.id),
            paint(FAINT, what)
        )
    };
    patterns.iter().map(line).collect()
}

/// Patterns that nobody uses.
pub fn unused(patterns: &[StoredPattern], dated: bool, typed: &str, width: usize) -> String {
    let how = if dated {
        "not used since"
    } else {
        "never used"
    };
    let header = heading(&format!(
        "{} {how}",
        count(patterns.len() as u64, "pattern")
    ));
    let Some(first) = patterns.first() else {
        return header + "  none\n";
    };
    let retire = paint(KEY, format!("{typed} patterns retire {}", first.id));
    format!(
        "{header}{}\nPredict one no more: {retire}\n",
        rows(patterns, width)
    )
}
