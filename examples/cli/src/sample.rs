//! The sample that ships: invented tickets, test patterns and testing history.

use std::path::{Path, PathBuf};

use atlas_core::domain::{ImportReport, SampleFiles};
use atlas_core::{Atlas, Error, Result};
use tempfile::TempDir;

use crate::commands::Imported;
use crate::output::Output;
use crate::progress::Bar;

/// A file of the sample.
struct Part {
    /// What imports it on the command line.
    command: &'static str,
    file: &'static str,
    content: &'static str,
}

/// In the order that they need.
const PARTS: [Part; 3] = [
    Part {
        command: "import",
        file: "tickets.jsonl",
        content: include_str!("../../sample/tickets.jsonl"),
    },
    Part {
        command: "import-patterns",
        file: "patterns.csv",
        content: include_str!("../../sample/patterns.csv"),
    },
    Part {
        command: "import-history",
        file: "history.csv",
        content: include_str!("../../sample/history.csv"),
    },
];

/// What imports each file on the command line.
pub fn commands() -> impl Iterator<Item = &'static str> {
    PARTS.iter().map(|part| part.command)
}

/// A folder to write the files to, which goes when it is dropped.
pub fn folder() -> Result<TempDir> {
    tempfile::tempdir().map_err(|source| Error::File {
        path: std::env::temp_dir(),
        source,
    })
}

/// Writes the files into a folder and imports them, marked as the sample.
pub fn load(atlas: &Atlas, folder: &Path, output: Output) -> Result<Vec<Imported>> {
    let write = |part: &Part| {
        let path = folder.join(part.file);
        let written = std::fs::write(&path, part.content);
        written
            .map(|()| path.clone())
            .map_err(|source| Error::File { path, source })
    };
    let [tickets, patterns, history] = &PARTS;
    let (tickets, patterns, history) = (write(tickets)?, write(patterns)?, write(history)?);
    let files = SampleFiles {
        tickets: &tickets,
        patterns: &patterns,
        history: &history,
    };
    let mut bar = Bar::new(output.json);
    let loaded = atlas
        .database()
        .load_sample(&files, &mut |progress| bar.show(progress))?;
    drop(bar);
    let reports: [ImportReport; 3] = [loaded.tickets, loaded.patterns, loaded.history];
    let imported = PARTS.iter().zip(reports).map(|(part, report)| Imported {
        file: PathBuf::from(part.file),
        report,
    });
    Ok(imported.collect())
}
