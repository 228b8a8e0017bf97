//! Story points from ticket text, as a stand-in for minutes: 16 projects, each from its training
//! rows to its validation rows.

use std::fmt;
use std::path::Path;

use atlas_core::domain::Draft;
use atlas_core::learning::time::{TextEstimator, TextFacts};
use atlas_core::search::documents::Document;
use atlas_core::search::vectors::Codes;
use atlas_core::text::encoder::Encoder;
use atlas_core::text::steps::ticket_steps;
use atlas_core::text::wiki;
use atlas_core::{Error, Result};
use flate2::read::GzDecoder;

use crate::encode::codes;

/// A ticket with its story points.
struct Pointed {
    document: Document,
    steps: usize,
    /// Above 0.
    points: f64,
}

/// A project's tickets; those of validation are newer than those to learn from.
struct Project {
    name: String,
    train: Vec<Pointed>,
    validation: Vec<Pointed>,
}

/// Absolute errors of one way to estimate.
#[derive(Debug, Clone, Copy, Default)]
pub struct Errors {
    /// Their median.
    pub median: f64,
    /// Their mean.
    pub mean: f64,
}

impl Errors {
    fn of(pairs: impl Iterator<Item = (f64, f64)>) -> Self {
        let mut errors: Vec<f64> = pairs.map(|(a, b)| (a - b).abs()).collect();
        Errors {
            mean: errors.iter().sum::<f64>() / errors.len().max(1) as f64,
            median: median(&mut errors),
        }
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>6.2} ({:>5.2})", self.median, self.mean)
    }
}

/// One project's errors on its validation rows.
#[derive(Debug, Clone)]
pub struct Row {
    /// The project.
    pub project: String,
    /// Rows to learn from.
    pub train: usize,
    /// Rows that are estimated.
    pub validation: usize,
    /// The median of the training rows for every ticket.
    pub by_median: Errors,
    /// Their mean for every ticket.
    pub by_mean: Errors,
    /// The estimate from text.
    pub by_text: Errors,
    /// Share of the validation rows inside the 80 % interval.
    pub covered: f64,
}

/// Estimates every project's validation rows.
///
/// # Errors
/// As the readers'; `INVALID_VALUE` for a project without training rows.
pub fn table(folder: &Path, encoder: &Encoder, max_tokens: usize) -> Result<Vec<Row>> {
    let projects = projects(folder)?;
    let texts: Vec<String> = projects
        .iter()
        .flat_map(|project| project.train.iter().chain(&project.validation))
        .flat_map(|ticket| [ticket.document.name.clone(), ticket.document.whole()])
        .collect();
    let vectors = codes(encoder, &texts, max_tokens)?;
    let mut vectors = vectors.chunks_exact(2);
    let mut facts = |tickets: &[Pointed]| -> Vec<(TextFacts, f64)> {
        let with_vector = tickets.iter().zip(vectors.by_ref());
        let fact = |(ticket, codes): (&Pointed, &[_])| (facts_of(ticket, codes), ticket.points);
        with_vector.map(fact).collect()
    };
    let rows = projects.iter().map(|project| {
        let (train, validation) = (facts(&project.train), facts(&project.validation));
        row(&project.name, &train, &validation)
    });
    rows.collect()
}

fn facts_of(ticket: &Pointed, codes: &[Codes]) -> TextFacts {
    let document = &ticket.document;
    let words = document
        .name
        .split_whitespace()
        .chain(document.body.split_whitespace());
    TextFacts {
        steps: ticket.steps,
        words: words.count(),
        vector: codes.iter().flat_map(Codes::to_vector).collect(),
    }
}

fn row(name: &str, train: &[(TextFacts, f64)], validation: &[(TextFacts, f64)]) -> Result<Row> {
    let texts = TextEstimator::fit(train)?;
    let mut points: Vec<f64> = train.iter().map(|(_, points)| *points).collect();
    let mean = points.iter().sum::<f64>() / points.len().max(1) as f64;
    let middle = median(&mut points);
    let errors = |estimate: &dyn Fn(&TextFacts) -> f64| {
        Errors::of(
            validation
                .iter()
                .map(|(facts, points)| (estimate(facts), *points)),
        )
    };
    let inside = validation.iter().filter(|(facts, points)| {
        let (low, high) = texts.interval(facts);
        // Points are whole numbers, bounds come from logarithms of them.
        (low - 1e-6..=high + 1e-6).contains(points)
    });
    Ok(Row {
        project: name.to_owned(),
        train: train.len(),
        validation: validation.len(),
        by_median: errors(&|_| middle),
        by_mean: errors(&|_| mean),
        by_text: errors(&|facts| texts.estimate(facts)),
        covered: inside.count() as f64 / validation.len().max(1) as f64,
    })
}

/// The median; sorts.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        n => (values[(n - 1) / 2] + values[n / 2]) / 2.0,
    }
}

/// The projects, by name.
fn projects(folder: &Path) -> Result<Vec<Project>> {
    let folder = folder.join("storypoints");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .map_err(|source| unreadable(&folder, source))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".csv.gz"))
        .collect();
    paths.sort();
    paths.iter().map(|path| project(path)).collect()
}

fn project(path: &Path) -> Result<Project> {
    let file = std::fs::File::open(path).map_err(|source| unreadable(path, source))?;
    let mut rows = csv::Reader::from_reader(GzDecoder::new(file));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut project = Project {
        name: name.trim_end_matches(".csv.gz").to_owned(),
        train: Vec::new(),
        validation: Vec::new(),
    };
    // Columns: issuekey, title, description, storypoint, split_mark.
    for row in rows.records() {
        let row = row.map_err(|_| malformed(path))?;
        let field = |n: usize| row.get(n).unwrap_or_default();
        let mut draft = Draft::new(field(1));
        draft.description = Some(wiki::to_text(field(2)));
        let points = field(3).parse::<f64>().ok().filter(|points| *points > 0.0);
        let pointed = Pointed {
            document: Document::of_ticket(&draft),
            steps: draft
                .description
                .as_deref()
                .and_then(ticket_steps)
                .map_or(0, |found| found.steps.len()),
            points: points.ok_or_else(|| malformed(path))?,
        };
        match field(4) {
            "train" => project.train.push(pointed),
            "val" => project.validation.push(pointed),
            _ => {}
        }
    }
    Ok(project)
}

fn unreadable(path: &Path, source: std::io::Error) -> Error {
    let path = path.to_owned();
    Error::File { path, source }
}

fn malformed(path: &Path) -> Error {
    Error::UnknownFormat {
        path: path.to_owned(),
        expected: "rows of issuekey, title, description, storypoint, split_mark".to_owned(),
    }
}
