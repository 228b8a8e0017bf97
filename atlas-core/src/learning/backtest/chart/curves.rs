//! Two curves: confidence against truth, and hits over time.

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::ink::{
    ALARM, Area, Drawn, FAINT, GRID, LINE, OTHER_LINE, OWN, PALE, TEXT, anchored, bold, cut, font,
    text, text_width, thin, wrapped,
};
use crate::learning::backtest::{BacktestReport, FREQUENCY};
use crate::learning::calibration::Reliability;

/// Height of a heading with its explanation.
const HEADING: i32 = 48;
/// Room of the axes' numbers.
const LABELS: (i32, i32) = (44, 40);
/// Radius of the smallest and the largest point.
const POINT: (f64, f64) = (3.5, 11.0);

type Plot<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// What was said against what was right: on the diagonal, confidence keeps its promise.
pub fn reliability(area: &Area<'_>, report: &BacktestReport) -> Drawn {
    let Some(reliability) = &report.reliability else {
        heading(area, "Does confidence keep its promise?", "")?;
        let more = "Not calibrated yet: too few scenarios were judged. Until then confidence \
                    only ranks the scenarios.";
        return notice(area, more);
    };
    let said = format!(
        "mean gap {:.1} points · Brier score {:.2} · {} judged scenarios",
        100.0 * reliability.calibration_error,
        reliability.brier,
        report.calibrated_scenarios
    );
    heading(area, "Does confidence keep its promise?", &said)?;
    let mut plot = plot(area, 100.0, "confidence that was shown, %", &|x| {
        format!("{x:.0}")
    })?;
    let diagonal = DashedLineSeries::new(
        [(0.0, 0.0), (100.0, 100.0)],
        5,
        5,
        OTHER_LINE.stroke_width(1),
    );
    plot.draw_series(diagonal)?;
    let points = points(reliability);
    let line = points.iter().map(|&(at, _)| at);
    plot.draw_series(LineSeries::new(line, OWN.stroke_width(2)))?;
    let circles = points
        .iter()
        .map(|&(at, radius)| Circle::new(at, radius, OWN.filled()));
    plot.draw_series(circles)?;
    caption(
        area,
        "right, % · larger points: more scenarios · dashed: perfect",
    )
}

/// Said and right in percent, with a radius by the square root of the count.
fn points(reliability: &Reliability) -> Vec<((f64, f64), i32)> {
    let most = reliability.bands.iter().map(|band| band.count).max();
    let most = most.unwrap_or(1).max(1) as f64;
    let bands = reliability.bands.iter().filter(|band| band.count > 0);
    bands
        .map(|band| {
            let size = (band.count as f64 / most).sqrt();
            let radius = POINT.0 + (POINT.1 - POINT.0) * size;
            (
                (100.0 * band.said, 100.0 * band.right),
                radius.round() as i32,
            )
        })
        .collect()
}

/// Hits among the first ten from the oldest ticket to the newest.
pub fn over_time(area: &Area<'_>, report: &BacktestReport) -> Drawn {
    let timeline = &report.timeline;
    let drawn = !timeline.points.is_empty();
    let mut said = "bars: fifths".to_owned();
    if drawn {
        said += &format!(" · lines: last {} tickets", timeline.window);
    }
    if let Some(drift) = &report.drift {
        said += &format!(" · orange: {} ago", drift.tickets);
    }
    heading(
        area,
        "A right scenario among the first ten, over time",
        &said,
    )?;
    let tickets = report.tickets as f64;
    let mut plot = plot(area, tickets, "tickets, oldest to newest", &|x| {
        format!("{x:.0}")
    })?;
    let mut from = 0.0;
    for stretch in &report.by_time {
        let to = from + stretch.tickets as f64;
        let bar = Rectangle::new([(from, 0.0), (to, 100.0 * stretch.hit_10)], PALE.filled());
        plot.draw_series([bar])?;
        from = to;
    }
    if let Some(drift) = &report.drift {
        let since = tickets - drift.tickets as f64;
        let edge = [(since, 0.0), (since, 100.0)];
        plot.draw_series(DashedLineSeries::new(edge, 3, 3, ALARM.stroke_width(1)))?;
    }
    if !drawn {
        return caption(area, "%");
    }
    let line = |value: &dyn Fn(usize) -> f64| -> Vec<(f64, f64)> {
        let points = timeline.points.iter().enumerate();
        points
            .map(|(at, point)| (point.tickets as f64, 100.0 * value(at)))
            .collect()
    };
    let frequency = line(&|at| timeline.points[at].frequency_hit_10);
    plot.draw_series(LineSeries::new(frequency, OTHER_LINE.stroke_width(2)))?;
    let atlas = line(&|at| timeline.points[at].hit_10);
    plot.draw_series(LineSeries::new(atlas, OWN.stroke_width(3)))?;
    caption(area, "%")?;
    legend(area, &[("ATLAS", OWN), (FREQUENCY, OTHER_LINE)])
}

/// Axes from 0 to `across`, and from 0 to 100 %.
fn plot<'a, 'b>(
    area: &'a Area<'b>,
    across: f64,
    name: &str,
    label: &dyn Fn(&f64) -> String,
) -> Drawn<Plot<'a, 'b>> {
    let mut plot = ChartBuilder::on(area)
        .margin_top(HEADING + 22)
        .margin_right(12)
        .set_label_area_size(LabelAreaPosition::Left, LABELS.0)
        .set_label_area_size(LabelAreaPosition::Bottom, LABELS.1)
        .build_cartesian_2d(0.0..across, 0.0..100.0)?;
    let small = font(11, thin(FAINT));
    plot.configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID.stroke_width(1))
        .axis_style(LINE.stroke_width(1))
        .x_labels(6)
        .y_labels(6)
        .x_label_formatter(label)
        .y_label_formatter(&|y| format!("{y:.0}"))
        .label_style(small.clone())
        .x_desc(name)
        .axis_desc_style(small)
        .draw()?;
    Ok(plot)
}

/// What a part shows, and a line about it.
pub fn heading(area: &Area<'_>, title: &str, about: &str) -> Drawn {
    let width = area.dim_in_pixel().0 as i32;
    text(area, (0, 0), &cut(title, width, 15), 15, bold(TEXT))?;
    text(area, (0, 24), &cut(about, width, 12), 12, thin(FAINT))
}

/// The name of the axis that goes up, above its numbers.
fn caption(area: &Area<'_>, name: &str) -> Drawn {
    let at = (LABELS.0 - 8, HEADING);
    anchored(area, at, name, 11, thin(FAINT), (HPos::Left, VPos::Top))
}

/// The names of curves with their colours, right above the plot.
fn legend(area: &Area<'_>, curves: &[(&str, RGBColor)]) -> Drawn {
    let mut right = area.dim_in_pixel().0 as i32 - 12;
    for (name, colour) in curves.iter().rev() {
        right -= text_width(name, 12);
        text(area, (right, HEADING), name, 12, thin(TEXT))?;
        let (from, to) = (right - 26, right - 8);
        let line = vec![(from, HEADING + 6), (to, HEADING + 6)];
        area.draw(&PathElement::new(line, colour.stroke_width(3)))?;
        right = from - 16;
    }
    Ok(())
}

/// Words in the place of a curve.
fn notice(area: &Area<'_>, words: &str) -> Drawn {
    let width = area.dim_in_pixel().0 as i32;
    for (place, line) in wrapped(words, width - 40, 13).iter().enumerate() {
        text(
            area,
            (0, HEADING + 20 * place as i32),
            line,
            13,
            thin(FAINT),
        )?;
    }
    Ok(())
}
