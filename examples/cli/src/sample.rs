//! The sample that ships: invented tickets, test patterns and testing history.

use std::path::{Path, PathBuf};

use atlas_core::{Atlas, Error, Result};
use tempfile::TempDir;

use crate::commands::{Imported, Importer};
use crate::output::Output;

/// A file of the sample.
pub struct Part {
    /// What imports it on the command line.
    pub command: &'static str,
    pub file: &'static str,
    content: &'static str,
    import: Importer<'static>,
}

/// In the order that they need.
pub const PARTS: [Part; 3] = [
    Part {
        command: "import",
        file: "tickets.jsonl",
        content: include_str!("../../sample/tickets.jsonl"),
        import: &|atlas, file, bar| atlas.import_tickets(file, bar),
    },
    Part {
        command: "import-patterns",
        file: "patterns.csv",
        content: include_str!("../../sample/patterns.csv"),
        import: &|atlas, file, bar| atlas.import_patterns(file, bar),
    },
    Part {
        command: "import-history",
        file: "history.csv",
        content: include_str!("../../sample/history.csv"),
        import: &|atlas, file, bar| atlas.import_history(file, bar),
    },
];

/// A folder to write the files to, which goes when it is dropped.
pub fn folder() -> Result<TempDir> {
    tempfile::tempdir().map_err(|source| Error::File {
        path: std::env::temp_dir(),
        source,
    })
}

impl Part {
    /// Writes the file into a folder and imports it as a user would.
    pub fn import(&self, atlas: &Atlas, folder: &Path, output: Output) -> Result<Imported> {
        let path = folder.join(self.file);
        std::fs::write(&path, self.content).map_err(|source| Error::File {
            path: path.clone(),
            source,
        })?;
        let imported = Imported::from(atlas, &path, output, self.import)?;
        Ok(Imported {
            file: PathBuf::from(self.file),
            ..imported
        })
    }
}
