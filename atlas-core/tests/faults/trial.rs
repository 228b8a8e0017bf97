//! One call, tried again and again, each time with a fault at another place.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use atlas_core::{Atlas, Error, Result};

use super::place::{DATABASE, content, open};
use super::vfs::{Fault, Watched, When, watch};

/// What an error of storage may be called.
const CODES: [&str; 5] = [
    "DATABASE_FAILED",
    "READ_ONLY_DATABASE",
    "FILE_FAILED",
    "DISK_FULL",
    "TOO_MANY_FILES",
];

/// Tries every place in place of some, which takes long.
const EVERYWHERE: &str = "ATLAS_FAULTS_EVERYWHERE";

/// What is called while something fails.
pub enum Call<'c> {
    /// A call on a database that was opened before.
    On(&'c dyn Fn(&Atlas, &Path) -> Result<()>),
    /// A call that opens what it needs.
    In(&'c dyn Fn(&Path) -> Result<()>),
}

/// A call and where it starts from.
pub struct Trial<'c> {
    pub files: Vec<(&'static str, Vec<u8>)>,
    pub call: Call<'c>,
    /// Whether the call may be made again where it was done, and changes nothing then.
    pub repeats: bool,
    /// What may be stored of a call that stores one part after the other.
    pub borders: Vec<Vec<String>>,
    /// How many places are tried of each fault.
    pub places: u64,
    /// What a line begins with that may be there or not.
    pub ignored: Option<&'static str>,
    /// Faults that are not tried: the call goes on without what it could not read.
    pub without: &'static [Fault],
}

impl<'c> Trial<'c> {
    /// A call on an open database, which stores all or nothing.
    pub fn on(database: Vec<u8>, call: &'c dyn Fn(&Atlas, &Path) -> Result<()>) -> Self {
        Trial::new(vec![(DATABASE, database)], Call::On(call))
    }

    /// A call that opens what it needs among these files.
    pub fn within(
        files: Vec<(&'static str, Vec<u8>)>,
        call: &'c dyn Fn(&Path) -> Result<()>,
    ) -> Self {
        Trial::new(files, Call::In(call))
    }

    fn new(files: Vec<(&'static str, Vec<u8>)>, call: Call<'c>) -> Self {
        Trial {
            files,
            call,
            repeats: false,
            borders: Vec::new(),
            places: 10,
            ignored: None,
            without: &[],
        }
    }

    pub fn file(mut self, name: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.push((name, bytes.into()));
        self
    }

    pub fn repeats(mut self) -> Self {
        self.repeats = true;
        self
    }

    pub fn places(mut self, places: u64) -> Self {
        self.places = places;
        self
    }

    /// Makes the call with every fault in turn, at some places or, with [`EVERYWHERE`], at all.
    pub fn run(self) {
        let before = self.content(self.folder().path());
        let (after, _) = self.undisturbed(Fault::DiskFull);
        let mut hit = 0;
        let tried = |fault: &Fault| !self.without.contains(fault);
        for fault in Fault::ALL.into_iter().filter(tried) {
            let (_, met) = self.undisturbed(fault);
            let whens = match std::env::var_os(EVERYWHERE) {
                Some(_) => everywhere(fault, met),
                None => spread(fault, met, self.places),
            };
            for when in whens {
                hit += self.disturbed(when, &before, &after);
            }
        }
        assert!(hit > 0, "no fault was met");
    }

    pub fn content(&self, folder: &Path) -> Vec<String> {
        let mut lines = content(folder);
        // A call that is made again is another import, which changed nothing or the rest.
        lines.retain(|line| !line.contains(" atlas_import") && !line.contains("\"atlas_imports\""));
        if let Some(ignored) = self.ignored {
            lines.retain(|line| !line.starts_with(ignored));
        }
        lines
    }

    pub fn folder(&self) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in &self.files {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        folder
    }

    /// What there is after the call, and how many calls a fault would have met.
    fn undisturbed(&self, fault: Fault) -> (Vec<String>, u64) {
        let folder = self.folder();
        let watched = watch(folder.path());
        let never = When {
            fault,
            from: u64::MAX,
            lasting: false,
        };
        let (atlas, result) = self.call(folder.path(), || watched.arm(never));
        result.unwrap();
        drop(atlas);
        let (met, _) = watched.disarm();
        (self.content(folder.path()), met)
    }

    fn call(&self, folder: &Path, arm: impl FnOnce()) -> (Option<Atlas>, Result<()>) {
        match self.call {
            Call::On(call) => {
                let atlas = open(folder).unwrap();
                arm();
                let result = call(&atlas, folder);
                (Some(atlas), result)
            }
            Call::In(call) => {
                arm();
                (None, call(folder))
            }
        }
    }

    fn disturbed(&self, when: When, before: &[String], after: &[String]) -> u64 {
        let folder = self.folder();
        let watched = watch(folder.path());
        let tried = catch_unwind(AssertUnwindSafe(|| {
            self.try_once(when, folder.path(), &watched, before, after)
        }));
        watched.disarm();
        tried.unwrap_or_else(|_| panic!("with {when:?}"))
    }

    fn try_once(
        &self,
        when: When,
        folder: &Path,
        watched: &Arc<Watched>,
        before: &[String],
        after: &[String],
    ) -> u64 {
        let (atlas, result) = self.call(folder, || watched.arm(when));
        // With a fault that lasts even the closing is disturbed.
        let atlas = atlas.filter(|_| !when.lasting);
        let (_, failed) = watched.disarm();
        let found = self.content(folder);
        match &result {
            Ok(()) => same(&found, after, "it was said to be done"),
            Err(error) => self.refused(error, &found, before, after),
        }
        if result.is_err() && (self.repeats || found != after) {
            let again = match (&self.call, &atlas) {
                (Call::On(call), Some(atlas)) => call(atlas, folder),
                _ => self.call(folder, || ()).1,
            };
            again.unwrap_or_else(|error| panic!("{error} when it was tried again"));
            drop(atlas);
            same(&self.content(folder), after, "it was done when tried again");
        }
        failed
    }

    fn refused(&self, error: &Error, found: &[String], before: &[String], after: &[String]) {
        let text = error.to_string();
        assert!(CODES.contains(&error.code()), "{}: {text}", error.code());
        assert!(!text.contains("Error code"), "{text}");
        if self.borders.iter().any(|border| border == found) || (self.repeats && found == after) {
            return;
        }
        assert!(
            found != after || before == after,
            "it was said to have failed and is done: {text}"
        );
        same(found, before, &text);
    }
}

/// Every one of so many calls, once and for good.
fn everywhere(fault: Fault, met: u64) -> Vec<When> {
    let both = |from| {
        [false, true].map(|lasting| When {
            fault,
            from,
            lasting,
        })
    };
    (0..met).flat_map(both).collect()
}

/// Some of so many calls, evenly spread, with the first and the last; by turns once and for good.
fn spread(fault: Fault, met: u64, most: u64) -> Vec<When> {
    let places = most.min(met);
    let when = |place: u64| When {
        fault,
        from: place * met.saturating_sub(1) / places.saturating_sub(1).max(1),
        lasting: place % 2 == 1,
    };
    (0..places).map(when).collect()
}

fn same(found: &[String], expected: &[String], why: &str) {
    if found == expected {
        return;
    }
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        let only = these.iter().filter(|line| !those.contains(line)).take(5);
        only.cloned().collect()
    };
    let (more, less) = (only(found, expected), only(expected, found));
    panic!("{why}, and there is {more:#?} in place of {less:#?}");
}
