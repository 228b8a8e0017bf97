//! What strangers bring: files of other tools are read rightly, or refused aloud.
//!
//! A file of tests for each kind of input; the fixtures are invented.

mod cases_more;
mod dates;
mod document_laws;
mod emoji;
mod excel;
mod gherkin;
mod headings;
mod identity;
mod json_cases;
mod lost;
mod open_work;
mod quotes;
mod reading;
mod reading_laws;
mod results;
mod results_more;
mod scripts;
mod sheets;
mod steps;
mod tables;
mod text_steps;
mod tickets;
mod two_tables;
mod workbook;
mod wrong_reader;

use std::path::PathBuf;

/// A scratch folder with a file of this name and content.
fn file(name: &str, content: impl AsRef<[u8]>) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("the scratch folder can be written");
    (folder, path)
}

#[test]
fn a_scratch_file_holds_what_it_is_given() {
    let (_folder, path) = file("x.csv", "a,b\n");
    assert_eq!(std::fs::read(path).unwrap(), b"a,b\n");
}
