//! A backtest as text: the sentence first, then the numbers behind it.

use std::path::Path;

use atlas_core::learning::backtest::{ATLAS, BacktestReport, GroupScore, Interval, MethodScore};
use atlas_core::learning::calibration::Reliability;
use atlas_core::learning::time::TimeBacktest;
use comfy_table::{Attribute, Cell, Color};

use super::table::{Rows, cell};
use super::{heading, quoted};
use crate::style::{FAINT, KEY, STRONG, WARN, paint, paint_lines};
use crate::text::{bar, count, fit, plain, wrap};

/// Components that are shown; `--json` has more.
const COMPONENTS: usize = 8;
/// Columns of a bar.
const BAR: usize = 20;
/// Widest name of a method or a component.
const NAME: usize = 24;

pub fn text(report: &BacktestReport, brief: bool, width: usize) -> String {
    let summary = wrap(&plain(&report.summary), width, "");
    let mut text = paint_lines(STRONG, &summary) + "\n";
    if report.tickets == 0 {
        return text;
    }
    text += &methods(report, width);
    if !brief {
        text += &confidence(report, width);
        text += &minutes(report.minutes.as_ref(), width);
        text += &groups("By component", "component", &report.by_component, width);
        text += &groups("By time", "oldest first", &report.by_time, width);
    }
    text + &warnings(report, width)
}

pub fn drawn(file: &Path) -> String {
    format!(
        "\n{} {}\n",
        paint(FAINT, "Drawn:"),
        paint(KEY, quoted(file))
    )
}

fn methods(report: &BacktestReport, width: usize) -> String {
    let better = report.better_than_atlas();
    let mut rows =
        Rows::new(&["", "hit@1", "hit@5", "hit@10", "MRR", "recall@10"], width).numbers(1..6);
    for method in &report.methods {
        let name = cell(&fit(&method.name, NAME));
        let name = match () {
            () if method.name == ATLAS => name.add_attribute(Attribute::Bold),
            () if better.contains(&method) => name.fg(Color::DarkYellow),
            () => name,
        };
        rows.add(vec![
            name,
            Cell::new(percent(method.hit_1)),
            Cell::new(percent(method.hit_5)),
            Cell::new(percent(method.hit_10)),
            Cell::new(share(method.mrr)),
            Cell::new(percent(method.recall_10)),
        ]);
    }
    let (by_learned, tickets) = (report.answered_by_learned, report.tickets);
    let answered = format!(
        "{} scored. The learned blend answered {by_learned} of them, the weighted sum {}.",
        count(tickets as u64, "ticket"),
        tickets - by_learned
    );
    let resamples = report.options.resamples;
    let note = format!(
        "hit@10: % of tickets with a right scenario among the first ten; MRR: mean of one over the \
         first right rank; recall: % of the right ones among ten; in brackets what 95 % of \
         {resamples} resampled pasts stay within."
    );
    let lines = [
        wrap(&answered, width, ""),
        paint_lines(FAINT, &wrap(&note, width, "")),
    ];
    format!(
        "{}{}\n{}\n",
        heading("Beside its parts and baselines"),
        rows.text(),
        lines.join("\n")
    )
}

fn confidence(report: &BacktestReport, width: usize) -> String {
    let title = heading("Does confidence keep its promise?");
    let Some(reliability) = &report.reliability else {
        return title + "  It was never calibrated: too few scenarios were judged.\n";
    };
    let said = format!(
        "{}; expected calibration error {:.3}, Brier score {:.3} (0 is perfect)",
        count(report.calibrated_scenarios as u64, "judged scenario"),
        reliability.calibration_error,
        reliability.brier
    );
    title + &bands(reliability, width) + &paint_lines(FAINT, &wrap(&said, width, "")) + "\n"
}

fn bands(reliability: &Reliability, width: usize) -> String {
    let mut rows = Rows::new(&["said", "right", "scenarios", ""], width).numbers(0..3);
    for band in reliability.bands.iter().filter(|band| band.count > 0) {
        let held = 100.0 * band.right;
        rows.add(vec![
            Cell::new(format!("{:.0} %", 100.0 * band.said)),
            Cell::new(format!("{held:.0} %")),
            Cell::new(band.count.to_string()),
            Cell::new(bar(held as f32, BAR)),
        ]);
    }
    rows.text()
}

fn minutes(minutes: Option<&TimeBacktest>, width: usize) -> String {
    let Some(minutes) = minutes else {
        return heading("Minutes") + "  No real minutes are known.\n";
    };
    let said = format!(
        "Half of {} were estimated within {:.0} min ({:.0} min by the specification's estimate); \
         {:.0} % lay inside their 80 % interval.",
        count(minutes.asked as u64, "time"),
        minutes.median_error,
        minutes.median_error_before,
        100.0 * minutes.covered
    );
    heading("Minutes") + &wrap(&said, width, "  ") + "\n"
}

fn groups(title: &str, name: &str, groups: &[GroupScore], width: usize) -> String {
    if groups.is_empty() {
        return String::new();
    }
    let mut rows = Rows::new(&[name, "tickets", "hit@10", "MRR", ""], width).numbers(1..4);
    for group in groups.iter().take(COMPONENTS) {
        rows.add(vec![
            cell(&fit(&group.name, NAME)),
            Cell::new(group.tickets.to_string()),
            Cell::new(format!("{:.0}", 100.0 * group.hit_10)),
            Cell::new(decimal(group.mrr)),
            Cell::new(bar(100.0 * group.hit_10 as f32, BAR)),
        ]);
    }
    heading(title) + &rows.text()
}

/// What a user should know before trusting it.
fn warnings(report: &BacktestReport, width: usize) -> String {
    let better: Vec<String> = report.better_than_atlas().into_iter().map(beats).collect();
    let better =
        (!better.is_empty()).then(|| format!("Better than ATLAS here: {}.", better.join("; ")));
    let drift = report.drift.as_ref().map(|drift| drift.warning.clone());
    let lines = better.into_iter().chain(drift);
    lines
        .map(|line| format!("\n{}\n", paint_lines(WARN, &wrap(&plain(&line), width, ""))))
        .collect()
}

fn beats(method: &MethodScore) -> String {
    format!(
        "{} (hit@10 {:.0} %, MRR {})",
        method.name,
        100.0 * method.hit_10.value,
        decimal(method.mrr.value)
    )
}

/// `84 (79–88)`.
fn percent(interval: Interval) -> String {
    let [value, low, high] = [interval.value, interval.low, interval.high].map(|v| 100.0 * v);
    format!("{value:.0} ({low:.0}–{high:.0})")
}

/// `.69 (.64–.73)`.
fn share(interval: Interval) -> String {
    let [value, low, high] = [interval.value, interval.low, interval.high].map(decimal);
    format!("{value} ({low}–{high})")
}

fn decimal(share: f64) -> String {
    let text = format!("{share:.2}");
    text.strip_prefix('0').unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use atlas_core::learning::backtest::{BacktestOptions, Drift, Timeline};

    use super::*;

    fn method(name: &str, value: f64) -> MethodScore {
        let interval = Interval {
            value,
            low: value - 0.05,
            high: value + 0.05,
        };
        MethodScore {
            name: name.to_owned(),
            hit_1: interval,
            hit_5: interval,
            hit_10: interval,
            mrr: interval,
            recall_10: interval,
        }
    }

    fn report() -> BacktestReport {
        let judged = [(0.72, true), (0.74, true), (0.71, false), (0.1, false)];
        BacktestReport {
            summary: "On your last 40 tickets it was so.".to_owned(),
            options: BacktestOptions::default(),
            tickets: 40,
            learned_first: 0,
            patterns: 12,
            methods: vec![method(ATLAS, 0.84), method("words\u{1b}[31m only", 0.9)],
            answered_by_learned: 15,
            reliability: Some(Reliability::of(&judged)),
            calibrated_scenarios: 4,
            minutes: Some(TimeBacktest {
                asked: 60,
                with_own: 20,
                covered: 0.817,
                covered_with_own: 0.8,
                median_error: 7.4,
                median_error_before: 15.0,
            }),
            by_component: vec![GroupScore {
                name: "Login".to_owned(),
                tickets: 30,
                hit_10: 0.9,
                mrr: 0.661,
            }],
            by_time: Vec::new(),
            timeline: Timeline::default(),
            drift: Some(Drift {
                lately: 0.5,
                before: 0.9,
                tickets: 40,
                component: None,
                warning: "It has become worse.".to_owned(),
            }),
        }
    }

    #[test]
    fn everything_is_said_in_the_width() {
        let text = anstream::adapter::strip_str(&text(&report(), false, 80)).to_string();
        for said in [
            "On your last 40 tickets it was so.\n",
            "84 (79–89)  84 (79–89)  84 (79–89)  .84 (.79–.89)  84 (79–89)\n",
            "The learned blend answered 15 of them, the weighted sum 25.",
            "  72 %   67 %          3  █████████████░░░░░░░\n",
            "Half of 60 times were estimated within 7 min (15 min by",
            "82 % lay inside",
            "Login           30      90  .66",
            "Better than ATLAS here: words[31m only (hit@10 90 %, MRR .90).",
            "It has become worse.",
        ] {
            assert!(text.contains(said), "{said}\n{text}");
        }
        assert!(text.lines().all(|line| !line.ends_with(' ')), "{text}");
        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
    }

    #[test]
    fn brief_keeps_the_warnings_and_nothing_is_said_of_nothing() {
        let short = text(&report(), true, 80);
        assert!(short.contains("become worse") && !short.contains("Minutes"));
        let none = BacktestReport {
            tickets: 0,
            ..report()
        };
        assert_eq!(text(&none, false, 80).lines().count(), 1);
    }
}
