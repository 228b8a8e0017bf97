//! Every method as two bars with their 95 % intervals.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::curves::heading;
use super::ink::{
    ALARM, Area, Drawn, FAINT, GRID, LINE, OTHERS, OWN, PARTS, TEXT, anchored, bold, cut, plain,
    thin,
};
use crate::learning::backtest::{ATLAS, BacktestReport, FREQUENCY, Interval, MethodScore};

/// Height of the heading with the columns' names.
const HEADING: i32 = 76;
/// Height of a row.
const ROW: i32 = 27;
/// Thickness of a bar.
const BAR: i32 = 13;
/// Room below the rows for the scale.
const SCALE: i32 = 22;
/// Where bars begin and how long 100 % is, for each column.
const COLUMNS: [(i32, i32); 2] = [(160, 236), (520, 236)];

/// Pixels that so many methods take.
pub fn height(methods: usize) -> i32 {
    HEADING + ROW * methods as i32 + SCALE
}

/// Draws a row for each method.
pub fn draw(area: &Area<'_>, report: &BacktestReport) -> Drawn {
    let about =
        "95 of 100 resampled pasts stay within the thin lines · orange: better than ATLAS here";
    heading(area, "Beside its parts and beside simpler ways", about)?;
    let bottom = HEADING + ROW * report.methods.len() as i32;
    let hit = ChartMeasure {
        name: "hit@10, %: a right one among ten",
        of: |method| method.hit_10,
        label: |interval| percent(interval),
    };
    let mrr = ChartMeasure {
        name: "MRR: how far up the first right one is",
        of: |method| method.mrr,
        label: |interval| share(interval),
    };
    for (measure, column) in [hit, mrr].iter().zip(COLUMNS) {
        measure.grid(area, column, bottom)?;
        for (place, method) in report.methods.iter().enumerate() {
            let middle = HEADING + ROW * place as i32 + ROW / 2;
            measure.bar(area, column, middle, (place, method), report)?;
        }
        measure.reference(area, column, bottom, report)?;
    }
    for (place, method) in report.methods.iter().enumerate() {
        let middle = HEADING + ROW * place as i32 + ROW / 2;
        let name = cut(&plain(&method.name), COLUMNS[0].0 - 10, 13);
        let ink = match method.name == ATLAS {
            true => bold(TEXT),
            false => thin(TEXT),
        };
        anchored(
            area,
            (0, middle),
            &name,
            13,
            ink,
            (HPos::Left, VPos::Center),
        )?;
    }
    Ok(())
}

/// A column of bars.
struct ChartMeasure {
    name: &'static str,
    of: fn(&MethodScore) -> Interval,
    label: fn(Interval) -> String,
}

impl ChartMeasure {
    /// The column's name, lines at the quarters, and their numbers.
    fn grid(&self, area: &Area<'_>, (left, length): (i32, i32), bottom: i32) -> Drawn {
        let at = (left, HEADING - 16);
        anchored(
            area,
            at,
            self.name,
            12,
            thin(FAINT),
            (HPos::Left, VPos::Center),
        )?;
        for quarter in 0..=4 {
            let x = left + length * quarter / 4;
            let colour = if quarter == 0 { LINE } else { GRID };
            let line = vec![(x, HEADING), (x, bottom)];
            area.draw(&PathElement::new(line, colour.stroke_width(1)))?;
            let number = (self.label)(Interval {
                value: f64::from(quarter) / 4.0,
                ..Interval::default()
            });
            let number = number.split(' ').next().unwrap_or_default();
            let middle = (HPos::Center, VPos::Top);
            anchored(area, (x, bottom + 6), number, 11, thin(FAINT), middle)?;
        }
        Ok(())
    }

    fn bar(
        &self,
        area: &Area<'_>,
        (left, length): (i32, i32),
        middle: i32,
        (place, method): (usize, &MethodScore),
        report: &BacktestReport,
    ) -> Drawn {
        let interval = (self.of)(method);
        let x = |share: f64| left + (share.clamp(0.0, 1.0) * f64::from(length)).round() as i32;
        let corners = [
            (left, middle - BAR / 2),
            (x(interval.value), middle + BAR / 2),
        ];
        area.draw(&Rectangle::new(
            corners,
            colour(place, method, report).filled(),
        ))?;
        let whisker = |from: (i32, i32), to: (i32, i32)| {
            area.draw(&PathElement::new(vec![from, to], TEXT.stroke_width(1)))
        };
        let (low, high) = (x(interval.low), x(interval.high));
        whisker((low, middle), (high, middle))?;
        whisker((low, middle - 3), (low, middle + 3))?;
        whisker((high, middle - 3), (high, middle + 3))?;
        let atlas = report.method(ATLAS).map(|atlas| (self.of)(atlas).value);
        let ink = match () {
            () if method.name == ATLAS => bold(TEXT),
            () if atlas.is_some_and(|atlas| interval.value > atlas) => bold(ALARM),
            () => thin(TEXT),
        };
        let at = (left + length + 10, middle);
        let beside = (HPos::Left, VPos::Center);
        anchored(area, at, &(self.label)(interval), 12, ink, beside)
    }

    /// A line down from ATLAS's bar.
    fn reference(
        &self,
        area: &Area<'_>,
        (left, length): (i32, i32),
        bottom: i32,
        report: &BacktestReport,
    ) -> Drawn {
        let Some(atlas) = report.method(ATLAS) else {
            return Ok(());
        };
        let value = (self.of)(atlas).value.clamp(0.0, 1.0);
        let x = left + (value * f64::from(length)).round() as i32;
        for top in (HEADING + ROW..bottom).step_by(8) {
            let dash = vec![(x, top), (x, top + 4)];
            area.draw(&PathElement::new(dash, OWN.stroke_width(1)))?;
        }
        Ok(())
    }
}

/// ATLAS and its parts stand before the first baseline.
fn colour(place: usize, method: &MethodScore, report: &BacktestReport) -> RGBColor {
    let baselines = report.methods.iter().position(|m| m.name == FREQUENCY);
    match () {
        () if method.name == ATLAS => OWN,
        () if baselines.is_some_and(|first| place >= first) => OTHERS,
        () => PARTS,
    }
}

/// `84 (79–88)`.
fn percent(interval: Interval) -> String {
    let [value, low, high] = [interval.value, interval.low, interval.high].map(|v| 100.0 * v);
    format!("{value:.0} ({low:.0}–{high:.0})")
}

/// `0.69 (0.64–0.73)`.
fn share(interval: Interval) -> String {
    let [value, low, high] =
        [interval.value, interval.low, interval.high].map(|v| format!("{v:.2}"));
    format!("{value} ({low}–{high})")
}
