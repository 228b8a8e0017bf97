//! Why a file is not read, or a format not written.

use std::path::Path;

use crate::Error;
use crate::domain::TestFormat;

/// What a file of results may be.
pub(super) const RESULTS: &str = "results come as JUnit XML, as Xray's JSON with a \"tests\" array, \
    or as Cucumber's JSON report";

/// The error for a file that holds none of what was expected.
pub(super) fn unknown(path: &Path, expected: impl Into<String>) -> Error {
    Error::UnknownFormat {
        path: path.to_owned(),
        expected: expected.into(),
    }
}

/// The error for a format that is only read.
pub(super) fn not_written(format: TestFormat) -> Error {
    Error::invalid(
        "format",
        format.as_str(),
        "a format that is written: atlas, csv, gherkin, xray-cloud, xray-dc, xray-csv, \
         testrail-csv, zephyr-json, qase-csv, junit or markdown",
    )
}
