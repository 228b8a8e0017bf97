//! Records in a tree: suites in suites, each with its test cases.

use std::io::{self, BufRead};

use serde_json::Value;

use super::places::place_of;
use super::scan::{RawValue, Scanner};

/// A deeper tree is none of anybody's.
const DEEPEST: usize = 60;
/// The most suites and records.
const MOST: usize = 1_000_000;

/// What the arrays of a tree are called.
pub(crate) struct TreeNames {
    /// Arrays of suites.
    pub suites: &'static [&'static str],
    /// Arrays of records.
    pub records: &'static [&'static str],
}

/// A record of a tree.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Leaf {
    /// The names of the suites around it, the outermost first.
    pub path: Vec<String>,
    /// The line where it starts, from 1.
    pub line: u64,
    pub value: std::result::Result<Value, String>,
}

/// The records of a tree, in the order of the file; none where a document is no tree: where its
/// records lie in no suite.
///
/// # Errors
/// Where the text is damaged, with the records before it.
pub(crate) fn read(
    mut text: &[u8],
    names: &TreeNames,
) -> std::result::Result<Option<Vec<Leaf>>, (io::Error, Vec<Leaf>)> {
    let is_named = |name: &&&str| {
        let quoted = format!("\"{name}\"");
        memchr::memmem::find(text, quoted.as_bytes()).is_some()
    };
    let has = |names: &[&str]| names.iter().any(|name| is_named(&name));
    let is_array = text.trim_ascii_start().first() == Some(&b'[');
    if !has(names.records) || !(is_array || has(names.suites)) {
        return Ok(None);
    }
    let mut walk = TreeWalk {
        scanner: Scanner::new(&mut text),
        names,
        suites: Vec::new(),
        records: Vec::new(),
        is_list: false,
    };
    let walked = walk.document();
    if walk.is_list || walk.suites.is_empty() || walk.records.is_empty() {
        return Ok(None);
    }
    let leaves = walk.leaves();
    match walked {
        Ok(()) => Ok(Some(leaves)),
        Err(error) => Err((error, leaves)),
    }
}

struct TreeSuite {
    name: String,
    inside: Option<usize>,
    is_filled: bool,
}

struct TreeWalk<'w, R> {
    scanner: Scanner<'w, R>,
    names: &'w TreeNames,
    suites: Vec<TreeSuite>,
    records: Vec<(Option<usize>, RawValue)>,
    /// Whether the outermost array has an element that is no suite: a list of records.
    is_list: bool,
}

impl<R: BufRead> TreeWalk<'_, R> {
    fn document(&mut self) -> io::Result<()> {
        match self.scanner.peek()? {
            Some(b'[') => {
                self.suites_of(None, 0)?;
                self.is_list = self.suites.iter().any(|suite| !suite.is_filled);
                Ok(())
            }
            _ => self.value(None, None, 0),
        }
    }

    /// The elements of an array of suites.
    fn suites_of(&mut self, inside: Option<usize>, depth: usize) -> io::Result<()> {
        self.scanner.enter()?;
        while self.scanner.has_element()? {
            if self.scanner.peek()? != Some(b'{') || self.suites.len() >= MOST {
                self.scanner.skip()?;
                continue;
            }
            let own = self.suites.len();
            self.suites.push(TreeSuite {
                name: String::new(),
                inside,
                is_filled: false,
            });
            self.value(Some(own), Some(own), depth + 1)?;
        }
        Ok(())
    }

    /// A value within a suite; `own` where it is that suite itself.
    fn value(&mut self, suite: Option<usize>, own: Option<usize>, depth: usize) -> io::Result<()> {
        match self.scanner.peek()? {
            Some(b'{') if depth < DEEPEST => {
                self.scanner.enter()?;
                while let Some(name) = self.scanner.name()? {
                    if self.scanner.has_value()? {
                        self.member(&name, suite, own, depth)?;
                    }
                }
                Ok(())
            }
            _ => self.scanner.skip(),
        }
    }

    fn member(
        &mut self,
        name: &str,
        suite: Option<usize>,
        own: Option<usize>,
        depth: usize,
    ) -> io::Result<()> {
        let is_of = |names: &[&str]| place_of(name, names).is_some();
        match self.scanner.peek()? {
            Some(b'"') if own.is_some() && is_of(&["title", "name"]) => self.name(own),
            Some(b'[') if is_of(self.names.records) => self.records_of(suite),
            Some(b'[') if is_of(self.names.suites) => {
                self.fill(suite);
                self.suites_of(suite, depth)
            }
            Some(b'{') => self.value(suite, None, depth + 1),
            _ => self.scanner.skip(),
        }
    }

    fn name(&mut self, own: Option<usize>) -> io::Result<()> {
        let raw = self.scanner.value()?;
        let text = raw
            .bytes
            .ok()
            .and_then(|bytes| super::value::parse(&bytes).ok());
        let name = text.as_ref().and_then(super::text_of);
        if let (Some(suite), Some(name)) = (own.and_then(|own| self.suites.get_mut(own)), name) {
            suite.name = name;
        }
        Ok(())
    }

    fn fill(&mut self, suite: Option<usize>) {
        if let Some(suite) = suite.and_then(|suite| self.suites.get_mut(suite)) {
            suite.is_filled = true;
        }
    }

    fn records_of(&mut self, suite: Option<usize>) -> io::Result<()> {
        self.scanner.enter()?;
        while self.scanner.has_element()? {
            if self.scanner.peek()? == Some(b'{') && self.records.len() < MOST {
                self.fill(suite);
                let raw = self.scanner.value()?;
                self.records.push((suite, raw));
            } else {
                self.scanner.skip()?;
            }
        }
        Ok(())
    }

    fn leaves(&mut self) -> Vec<Leaf> {
        let records = std::mem::take(&mut self.records).into_iter();
        let leaf = |(suite, raw): (Option<usize>, RawValue)| Leaf {
            path: self.path(suite),
            line: raw.line,
            value: raw.bytes.and_then(|bytes| super::value::parse(&bytes)),
        };
        records.map(leaf).collect()
    }

    fn path(&self, mut suite: Option<usize>) -> Vec<String> {
        let mut path = Vec::new();
        while let Some(around) = suite.and_then(|suite| self.suites.get(suite)) {
            if !around.name.is_empty() {
                path.push(around.name.clone());
            }
            suite = around.inside;
        }
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: TreeNames = TreeNames {
        suites: &["suites", "sections"],
        records: &["cases", "tests"],
    };

    fn paths(text: &str) -> Option<Vec<(String, u64)>> {
        let leaves = read(text.as_bytes(), &NAMES).unwrap_or_else(|(_, leaves)| Some(leaves));
        let told = |leaf: &Leaf| (leaf.path.join("/"), leaf.line);
        leaves.map(|leaves| leaves.iter().map(told).collect())
    }

    #[test]
    fn suites_lie_around_their_cases() {
        let text = "{\"p\":{\"suites\":[{\"suites\":[{\"title\":\"B\",\n\"cases\":[{},7,{}]}],\n\"cases\":[{}],\"name\":\"A\"}]}}";
        let expected = [("A/B", 2), ("A/B", 2), ("A", 3)];
        let expected = expected.map(|(path, line)| (path.to_owned(), line));
        assert_eq!(paths(text).unwrap(), expected);
        assert_eq!(
            paths("[{\"name\":\"A\",\"tests\":[{}]}]").unwrap(),
            [("A".to_owned(), 1)]
        );
        // What the damage cuts off is not lost with the rest.
        assert_eq!(paths(&text[..text.len() - 20]).unwrap().len(), 2);
    }

    #[test]
    fn a_list_of_cases_is_no_tree() {
        for text in [
            "{\"cases\":[{\"title\":\"A\"}]}",
            "[{\"title\":\"A\",\"tests\":[\"NIM-1\"]},{\"title\":\"B\"}]",
            "{\"suites\":[]}",
            "[{\"title\":\"A\"}]",
        ] {
            assert_eq!(paths(text), None, "{text}");
        }
    }
}
