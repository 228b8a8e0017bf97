//! Test cases and results of other tools, in and out.

use std::sync::Arc;

use super::Atlas;
use crate::callbacks::{Cancellation, ProgressListener, Watch};
use crate::error::Result;
use crate::records::{PatternFilter, TestExport, TestImport, TestReport, TestRun};

type Listener = Option<Arc<dyn ProgressListener>>;
type Cancel = Option<Arc<Cancellation>>;

#[uniffi::export]
impl Atlas {
    /// Imports test cases of TestRail, Xray, Zephyr, Qase, Gherkin or any table, and encodes them: a
    /// file, plain or gzip, or a folder of feature files. The format is told by the content where
    /// `options` names none.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn import_patterns_with(
        &self,
        path: String,
        options: TestImport,
        progress: Listener,
        cancellation: Cancel,
    ) -> Result<TestReport> {
        let core = self.core()?;
        let watch = Watch::new(cancellation);
        watch.run(progress, |tell| {
            core.import_patterns_with(&path, &options, tell)
        })
    }

    /// Imports results of tests, JUnit XML or Xray's JSON: a test that ran for a ticket is an
    /// observation, with its minutes and its outcome.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn import_results(
        &self,
        path: String,
        options: TestImport,
        progress: Listener,
        cancellation: Cancel,
    ) -> Result<TestReport> {
        let core = self.core()?;
        let watch = Watch::new(cancellation);
        watch.run(progress, |tell| core.import_results(&path, &options, tell))
    }

    /// The newest imported result of each test of a ticket, the newest first.
    pub fn test_runs(&self, key: String) -> Result<Vec<TestRun>> {
        Ok(self.core()?.test_runs(&key)?)
    }

    /// Writes patterns to a file in a format of another tool, with ids that stay the same from one
    /// export to the next.
    pub fn export_patterns(
        &self,
        filter: PatternFilter,
        path: String,
        options: TestExport,
    ) -> Result<TestReport> {
        Ok(self.core()?.export_patterns(&filter, path, &options)?)
    }

    /// Writes scenarios of the newest prediction of a ticket: those with these prediction ids, or
    /// all where there are none.
    pub fn export_scenarios(
        &self,
        key: String,
        chosen: Vec<i64>,
        path: String,
        options: TestExport,
    ) -> Result<TestReport> {
        let core = self.core()?;
        Ok(core.export_scenarios(&key, &chosen, path, &options)?)
    }

    /// Writes a session: as JUnit XML, Xray's JSON or Markdown its results, in another format the
    /// test cases that it set out to test.
    pub fn export_session(
        &self,
        session_id: i64,
        path: String,
        options: TestExport,
    ) -> Result<TestReport> {
        Ok(self.core()?.export_session(session_id, path, &options)?)
    }
}
