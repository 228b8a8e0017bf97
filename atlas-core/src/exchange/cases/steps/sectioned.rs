//! A text with a heading for its results below its steps: `Expected results:` in a line of its own.

use super::labels::{self, StepLabel};
use super::list;

/// The steps and the results of such a text.
///
/// There is one such heading, several steps stand above it, and none of them says itself what is
/// expected; else a line for results belongs to the step above it.
pub(super) fn split(text: &str) -> Option<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut headings = (0..lines.len()).filter(|at| is_heading(lines[*at]));
    let heading = headings.next().filter(|_| headings.next().is_none())?;
    let (actions, results) = (&lines[..heading], &lines[heading + 1..]);
    let says_results = |line: &&str| matches!(labels::part(line), Some((StepLabel::Expected, _)));
    if actions.iter().any(says_results) || results.iter().all(|line| line.trim().is_empty()) {
        return None;
    }
    let actions = actions.join("\n");
    let is_list = list::read(&actions).items.len() > 1;
    is_list.then(|| (actions, results.join("\n")))
}

/// `Expected results:`, `## Expected results`, `**Expected results**`, not indented.
fn is_heading(line: &str) -> bool {
    let bare = line.trim_start_matches('#').trim_matches([' ', '*', '_']);
    let bare = bare.trim_end_matches([':', '：', ' ', '*', '_']);
    let is_marked = bare.len() < line.trim_end().len() && !line.starts_with([' ', '\t']);
    is_marked && labels::part_alone(bare) == Some(StepLabel::Expected)
}
