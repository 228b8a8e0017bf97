//! Test cases and results as Markdown, for people.

use super::cells::{duration, joined};
use super::{TestCase, TestResult};

/// Test cases with their steps.
pub(super) fn cases(cases: &[TestCase]) -> String {
    let mut text = String::from("# Test cases\n");
    for case in cases {
        let pattern = &case.pattern;
        text.push_str(&format!("\n## {}\n\n", line(&pattern.name)));
        let mut facts: Vec<String> = case.ids.first().map(|id| line(id)).into_iter().collect();
        facts.push(line(&pattern.pattern_type));
        facts.extend(pattern.component.as_deref().map(line));
        facts.extend(pattern.avg_time_minutes.map(duration));
        if !case.tickets.is_empty() {
            facts.push(joined(&case.tickets).replace(',', ", "));
        }
        facts.extend(pattern.labels.iter().map(|label| line(label)));
        if !pattern.is_active {
            facts.push("retired".into());
        }
        text.push_str(&format!("{}\n", facts.join(" · ")));
        if let Some(objective) = &pattern.objective {
            text.push_str(&format!("\n{}\n", block(objective, "")));
        }
        if let Some(precondition) = &pattern.precondition {
            text.push_str(&format!(
                "\n**Precondition:** {}\n",
                block(precondition, "")
            ));
        }
        for (number, step) in pattern.steps.iter().enumerate() {
            let before = if number == 0 { "\n" } else { "" };
            text.push_str(&format!(
                "{before}{}. {}\n",
                number + 1,
                block(&step.action, "   ")
            ));
            for (name, part) in [("Data", &step.data), ("Expected", &step.expected)] {
                if let Some(part) = part {
                    text.push_str(&format!("   - {name}: {}\n", block(part, "     ")));
                }
            }
        }
    }
    text
}

/// Results as a table.
pub(super) fn results(title: &str, results: &[TestResult]) -> String {
    let mut text = format!(
        "# {}\n\n| test | outcome | time | tickets | comment |\n|---|---|---|---|---|\n",
        line(title)
    );
    for result in results {
        let minutes = result
            .seconds
            .map(|seconds| (seconds / 60.0).round() as u32);
        let time = minutes.map_or(String::new(), duration);
        let cells = [
            line(&result.name),
            result.outcome.as_str().into(),
            time,
            joined(&result.tickets).replace(',', ", "),
            line(result.comment.as_deref().unwrap_or("")),
        ];
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

/// Text in one line that means nothing to Markdown.
fn line(text: &str) -> String {
    escaped(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Text in lines, each with an indent but the first.
fn block(text: &str, indent: &str) -> String {
    let lines = text.trim_end().lines().map(|line| {
        let text = escaped(line.trim());
        match line.trim().starts_with(['#', '-', '+', '=']) {
            true => format!("\\{text}"),
            false => text,
        }
    });
    lines.collect::<Vec<_>>().join(&format!("  \n{indent}"))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}
