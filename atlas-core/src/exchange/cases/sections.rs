//! Test cases in a tree of sections, as XML has them: where each stands, and which elements of the
//! file were used.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::xml::Element;
use crate::domain::FileReport;
use crate::exchange::report::FileAccount;

/// The names of the sections around a test case, the outermost first.
pub(super) type Path = Vec<String>;

/// The section names that stand in several places of a file.
#[derive(Debug, Default)]
pub(super) struct Sections {
    places: HashMap<String, HashSet<Path>>,
}

impl Sections {
    pub fn add(&mut self, path: &[String]) {
        if let Some(name) = path.last() {
            self.places
                .entry(name.clone())
                .or_default()
                .insert(path.to_vec());
        }
    }

    /// What tells a section from others: its name, or its whole path where another section has the
    /// same name.
    pub fn component(&self, path: &[String]) -> Option<String> {
        let name = path.last()?;
        let several = self.places.get(name).is_some_and(|places| places.len() > 1);
        Some(if several {
            path.join(" > ")
        } else {
            name.clone()
        })
    }
}

/// The elements of all test cases, each with what it was used as.
#[derive(Debug, Default)]
pub(super) struct Elements {
    account: FileAccount,
    columns: BTreeMap<String, usize>,
    unused: HashSet<String>,
    /// How many test cases have no steps.
    stepless: u64,
}

impl Elements {
    /// Counts an element with its text, and what it is used as, if it is.
    pub fn saw(&mut self, name: &str, text: &str, used_as: Option<&str>) {
        let column = match self.columns.get(name) {
            Some(column) => *column,
            None => {
                let column = self.account.column(None, name);
                self.columns.insert(name.to_owned(), column);
                column
            }
        };
        self.account.saw(column, text);
        match used_as {
            Some(field) => self.account.used(column, field),
            None if !text.trim().is_empty() => {
                self.unused.insert(name.to_owned());
            }
            None => {}
        }
    }

    /// Notes that a test case has no steps.
    pub fn no_steps(&mut self) {
        self.stepless += 1;
    }

    pub fn account(&mut self) -> &mut FileAccount {
        &mut self.account
    }

    /// The report; it begins with the test cases that have no steps although elements are unused.
    pub fn finish(mut self) -> FileReport {
        if self.stepless > 0 && !self.unused.is_empty() {
            let mut unused: Vec<String> = self.unused.into_iter().collect();
            unused.sort();
            let shown = unused.iter().take(10).map(|name| format!("<{name}>"));
            let shown: Vec<String> = shown.collect();
            self.account.warn(format!(
                "{} test case{} without steps; not used: {}",
                self.stepless,
                if self.stepless == 1 { "" } else { "s" },
                shown.join(", ")
            ));
        }
        self.account.finish()
    }
}

/// All text in an element, its children's too.
pub(super) fn deep_text(element: &Element) -> String {
    let mut text = element.text.trim().to_owned();
    for child in &element.children {
        let more = deep_text(child);
        if !more.is_empty() {
            text.push_str(if text.is_empty() { "" } else { "\n" });
            text.push_str(&more);
        }
    }
    text
}
