//! Faults in the files that ATLAS writes itself: the system gives no more bytes, or no more files.
//! Both limits are those of a process, so each is set in a process of its own.
#![cfg(unix)]

use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::Command;

use atlas_core::domain::{PatternFilter, TestExport, TestFormat, silent};
use atlas_core::{Atlas, Database, Result};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::place::{DATABASE, content, lived_in, open};
use super::vfs::watch;

/// Tells a child process which limit to try.
const LIMIT: &str = "ATLAS_FAULTS_LIMIT";
const CODES: [&str; 5] = [
    "FILE_FAILED",
    "DATABASE_FAILED",
    "READ_ONLY_DATABASE",
    "DISK_FULL",
    "TOO_MANY_FILES",
];

type Write = (&'static str, fn(&Atlas, &Path) -> Result<()>);

const WRITES: [Write; 7] = [
    ("backup", |atlas, folder| {
        atlas.database().backup(folder.join("out.db"))
    }),
    ("rows", |atlas, folder| {
        atlas
            .database()
            .export_all_to(folder.join("out.jsonl"), &mut silent)
            .map(drop)
    }),
    ("compressed rows", |atlas, folder| {
        atlas
            .database()
            .export_all_to(folder.join("out.jsonl.gz"), &mut silent)
            .map(drop)
    }),
    ("table", |atlas, folder| {
        export(atlas, folder.join("out.csv"), TestFormat::TestrailCsv)
    }),
    ("steps", |atlas, folder| {
        export(atlas, folder.join("out.feature"), TestFormat::Gherkin)
    }),
    ("results", |atlas, folder| {
        let options = TestExport::new(TestFormat::Junit);
        let session = atlas.sessions().list(1, 0)?[0].id;
        let path = folder.join("out.junit.xml");
        atlas.sessions().export(session, path, &options).map(drop)
    }),
    ("restore", |_, folder| {
        Database::restore(folder.join("copy.db"), folder.join("out.db")).map(drop)
    }),
];

fn export(atlas: &Atlas, path: PathBuf, format: TestFormat) -> Result<()> {
    let options = TestExport::new(format);
    let filter = PatternFilter::default();
    atlas.patterns().export(&filter, path, &options).map(drop)
}

#[test]
fn a_file_that_may_not_grow_is_told() {
    in_child("bytes");
}

#[test]
fn a_file_that_cannot_be_opened_is_told() {
    in_child("files");
}

/// Runs [`child`] where the signal of a file that is too large is ignored, as on a full disk.
fn in_child(limit: &str) {
    let tried = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "files::child", "--nocapture"])
        .env(LIMIT, limit)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&tried.stderr);
    assert!(tried.status.success(), "{said}");
    assert!(said.contains("told in words"), "{said}");
}

#[test]
fn child() {
    let Ok(limit) = std::env::var(LIMIT) else {
        return;
    };
    let (backup, database) = (lived_in(|_| ()), lived_in(|_| ()));
    let mut told = 0;
    for (name, write) in WRITES {
        // Over an earlier file of the same name, and without one.
        for earlier in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let _watched = watch(folder.path());
            fs::write(folder.path().join("copy.db"), &backup).unwrap();
            fs::write(folder.path().join(DATABASE), &database).unwrap();
            let atlas = open(folder.path()).unwrap();
            if earlier {
                write(&atlas, folder.path()).unwrap();
            }
            told += match limit.as_str() {
                "bytes" => with_limits(Resource::Fsize, &bytes(), &atlas, folder.path(), write),
                _ => with_limits(Resource::Nofile, &handles(), &atlas, folder.path(), write),
            };
            eprintln!("{name}: {told} times told in words");
        }
    }
    assert!(told > WRITES.len(), "only {told} times told");
}

fn bytes() -> Vec<u64> {
    vec![0, 100, 700, 3_000, 20_000, 60_000, 250_000]
}

/// From none that is free to more than any call needs.
fn handles() -> Vec<u64> {
    let free = File::open("/dev/null").unwrap().as_raw_fd();
    (0..8)
        .map(|more| u64::try_from(free).unwrap() + more)
        .collect()
}

/// Writes with each limit in turn; how often it was told that this cannot be done.
fn with_limits(
    resource: Resource,
    limits: &[u64],
    atlas: &Atlas,
    folder: &Path,
    write: fn(&Atlas, &Path) -> Result<()>,
) -> usize {
    let before = content(folder);
    let unlimited = getrlimit(resource);
    let mut told = Vec::new();
    for &limit in limits {
        let limited = Rlimit {
            current: Some(limit),
            maximum: unlimited.maximum,
        };
        setrlimit(resource, limited).unwrap();
        let result = write(atlas, folder);
        setrlimit(resource, unlimited).unwrap();
        let Err(error) = result else { break };
        assert!(CODES.contains(&error.code()), "{}: {error}", error.code());
        told.push((error, content(folder)));
    }
    write(atlas, folder).unwrap_or_else(|error| panic!("{error} when it was tried again"));
    let after = content(folder);
    for (error, found) in &told {
        assert_eq!(rows(found), rows(&before), "after {error}");
        // The file comes last but for the note in the database that it was written.
        let is_whole = files(found) == files(&before) || files(found) == files(&after);
        assert!(is_whole, "after {error}: {:#?}", files(found));
    }
    told.len()
}

fn rows(content: &[String]) -> Vec<&String> {
    content.iter().filter(|line| !is_file(line)).collect()
}

fn files(content: &[String]) -> Vec<&String> {
    content.iter().filter(|line| is_file(line)).collect()
}

fn is_file(line: &str) -> bool {
    line.starts_with("out.")
}
