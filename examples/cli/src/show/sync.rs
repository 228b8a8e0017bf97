//! What a sync did, as text.

use atlas_core::jira::{SyncOutcome, SyncReport};

use crate::style::{BAD, FAINT, GOOD, WARN, paint};
use crate::text::{plain, wrap};

/// Issues that could not be read and are shown; `--json` has all.
const SKIPPED: usize = 10;

/// `jira.example.com  65 new, 1 gone`.
pub fn report(site: &str, report: &SyncReport, width: usize) -> String {
    let all = [
        (report.new, "new", GOOD),
        (report.updated, "updated", GOOD),
        (report.gone, "gone", WARN),
        (report.skipped.len() as u64, "skipped", WARN),
    ];
    let said: Vec<String> = all
        .iter()
        .filter(|(n, ..)| *n > 0)
        .map(|(n, word, style)| paint(*style, format!("{n} {word}")))
        .collect();
    let said = match said.is_empty() {
        true => paint(FAINT, "nothing new"),
        false => said.join(", "),
    };
    let mut text = format!("{}  {said}\n", plain(site));
    for skipped in report.skipped.iter().take(SKIPPED) {
        let line = plain(&format!("{}: {}", skipped.issue, skipped.reason));
        text += &wrap(&line, width, "  ");
        text.push('\n');
    }
    if report.skipped.len() > SKIPPED {
        let more = report.skipped.len() - SKIPPED;
        text += &format!(
            "  {}\n",
            paint(FAINT, format!("… and {more} more (--json has all)"))
        );
    }
    text
}

/// The same with its time, or why it failed.
pub fn outcome(site: &str, outcome: &SyncOutcome, width: usize) -> String {
    let time = outcome.finished.strftime("%Y-%m-%d %H:%MZ");
    let said = match (&outcome.report, &outcome.failure) {
        (Some(done), _) => report(site, done, width),
        (None, Some(failure)) => {
            let message = wrap(&plain(&failure.message), width, "  ");
            format!("{}\n{message}\n", paint(BAD, "failed"))
        }
        (None, None) => String::new(),
    };
    format!("{time}  {said}")
}
