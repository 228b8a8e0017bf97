//! A backtest as a picture.

mod curves;
mod ink;
mod methods;

use plotters::prelude::*;

use self::ink::{
    Area, Drawn, FAINT, LINE, PAPER, TEXT, bold, dark_style, plain, text, text_width, thin, wrapped,
};
use super::{BacktestReport, Drift};
use crate::{Error, Result};

/// Pixels across.
const WIDTH: u32 = 960;
/// Pixels around everything.
const MARGIN: i32 = 32;
/// Between parts of the picture.
const GAP: i32 = 28;
/// Height of the two curves with their headings.
const CURVES: i32 = 300;
/// Height of a line of text.
const TEXT_LINE: i32 = 20;
/// Size of running text.
const BODY: i32 = 14;

impl BacktestReport {
    /// The report as one picture, an SVG that stands alone: whether confidence kept its promise,
    /// hit@10 over time, and every method with its 95 % intervals.
    ///
    /// It brings its own background, and colours for viewers that prefer a dark one. Equal reports
    /// give equal pictures. Needs the feature `charts`, which is on by default.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a report with numbers that cannot be drawn.
    ///
    /// ```
    /// use atlas_core::{Atlas, domain::silent};
    /// let atlas = Atlas::open_in_memory()?;
    /// let svg = atlas.backtest(&Default::default(), &mut silent)?.to_svg()?;
    /// assert!(svg.starts_with("<svg") && svg.contains("import your history"));
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn to_svg(&self) -> Result<String> {
        let sheet = ChartSheet::of(self);
        let mut svg = String::new();
        let drawn = {
            let size = (WIDTH, sheet.height() as u32);
            let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
            sheet.draw(&root).and_then(|()| root.present())
        };
        drawn.map_err(|error| Error::invalid("report", error, "numbers that can be drawn"))?;
        // The first tag is the picture's own.
        let start = svg.find('\n').map_or(0, |end| end + 1);
        svg.insert_str(start, &dark_style());
        Ok(svg)
    }
}

/// What goes where.
struct ChartSheet<'r> {
    report: &'r BacktestReport,
    summary: Vec<String>,
    warning: Vec<String>,
}

impl<'r> ChartSheet<'r> {
    fn of(report: &'r BacktestReport) -> Self {
        let width = WIDTH as i32 - 2 * MARGIN;
        let lines = |text: &str| wrapped(&plain(text), width, BODY);
        let warning = report
            .drift
            .as_ref()
            .map(|drift: &Drift| lines(&drift.warning));
        ChartSheet {
            report,
            summary: lines(&report.summary),
            warning: warning.unwrap_or_default(),
        }
    }

    fn empty(&self) -> bool {
        self.report.tickets == 0
    }

    fn header(&self) -> i32 {
        let lines = self.summary.len() + self.warning.len();
        MARGIN + 34 + TEXT_LINE * lines as i32
    }

    fn height(&self) -> i32 {
        match self.empty() {
            true => self.header() + MARGIN,
            false => {
                let methods = methods::height(self.report.methods.len());
                self.header() + GAP + CURVES + GAP + methods + MARGIN
            }
        }
    }

    fn draw(&self, root: &Area<'_>) -> Drawn {
        let corner = (WIDTH as i32 - 1, self.height() - 1);
        root.draw(&Rectangle::new([(0, 0), corner], PAPER.filled()))?;
        root.draw(&Rectangle::new([(0, 0), corner], LINE.stroke_width(1)))?;
        let width = WIDTH - 2 * MARGIN as u32;
        let part =
            |top: i32, height: i32| root.clone().shrink((MARGIN, top), (width, height as u32));
        self.head(&part(0, self.header()))?;
        if self.empty() {
            return Ok(());
        }
        let top = self.header() + GAP;
        let (left, right) = part(top, CURVES).split_horizontally(width / 2);
        let half = width / 2 - GAP as u32 / 2;
        curves::reliability(&left.shrink((0, 0), (half, CURVES as u32)), self.report)?;
        curves::over_time(
            &right.shrink((GAP / 2, 0), (half, CURVES as u32)),
            self.report,
        )?;
        let top = top + CURVES + GAP;
        methods::draw(&part(top, self.height() - MARGIN - top), self.report)
    }

    fn head(&self, area: &Area<'_>) -> Drawn {
        text(
            area,
            (0, MARGIN),
            "How good ATLAS is on your own past",
            20,
            bold(TEXT),
        )?;
        let mut top = MARGIN + 34;
        let lines = self.summary.iter().map(|line| (line, TEXT));
        for (line, ink) in lines.chain(self.warning.iter().map(|line| (line, ink::ALARM))) {
            text(area, (0, top), line, BODY, thin(ink))?;
            top += TEXT_LINE;
        }
        let frozen = match self.report.options.frozen {
            true => ", nothing learned after the first",
            false => "",
        };
        let facts = format!("{} patterns{frozen}", self.report.patterns);
        let left = WIDTH as i32 - 2 * MARGIN - text_width(&facts, 12);
        text(area, (left, MARGIN + 6), &facts, 12, thin(FAINT))
    }
}

#[cfg(test)]
mod tests;
