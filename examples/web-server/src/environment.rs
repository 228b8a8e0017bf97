//! Variables of the environment and of the file `.env` in the working folder.

use std::collections::HashMap;

use atlas_core::{Error, Result};

/// The file that variables are read from.
const FILE: &str = ".env";

/// Finds a variable by its name; the environment comes before the file.
///
/// # Errors
/// `FILE_FAILED` for a file that is there and cannot be read.
pub fn variables() -> Result<impl Fn(&str) -> Option<String>> {
    let file = file()?;
    Ok(move |name: &str| std::env::var(name).ok().or_else(|| file.get(name).cloned()))
}

/// What the file sets; nothing where there is none.
fn file() -> Result<HashMap<String, String>> {
    let failed = |source| Error::File {
        path: FILE.into(),
        source,
    };
    // The parser's own words repeat the line, which may hold a token.
    let unreadable = || std::io::Error::other("a line is not NAME=value");
    match dotenvy::from_path_iter(FILE) {
        Ok(lines) => {
            let lines: Result<_, _> = lines.collect();
            lines.map_err(|_| failed(unreadable()))
        }
        Err(dotenvy::Error::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            Ok(HashMap::new())
        }
        Err(dotenvy::Error::Io(error)) => Err(failed(error)),
        Err(_) => Err(failed(unreadable())),
    }
}
