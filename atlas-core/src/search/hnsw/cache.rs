//! Graphs on disk: a cache beside the database, checked before it is read.
//!
//! `hnsw_rs` panics on a truncated file or ends the process. So a graph's files lie in a folder
//! named by what the graph depends on, with a manifest of their lengths and checksums; the library
//! sees them only when all of it fits, and on any doubt the graph is built again.

use std::fs::{self, File};
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use hnsw_rs::api::AnnT;
use hnsw_rs::hnswio::HnswIo;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::Graph;

/// Moves when the files change their form: with this module and with the version of `hnsw_rs`.
pub(super) const FORMAT: usize = 1;

/// The library adds its own endings to this name.
const NAME: &str = "points";
const FILES: [&str; 2] = ["points.hnsw.graph", "points.hnsw.data"];
const MANIFEST: &str = "manifest.json";
const UNFINISHED: &str = "unfinished-";

/// A file as it was written.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Print {
    name: String,
    bytes: u64,
    xxh3: String,
}

/// The graph with this key and size, if its files are there and sound.
pub(in crate::search) fn load(folder: &Path, key: u128, points: usize) -> Option<Graph> {
    let folder = folder.join(name_of(key));
    let manifest: Vec<Print> =
        serde_json::from_slice(&fs::read(folder.join(MANIFEST)).ok()?).ok()?;
    if manifest != prints(&folder).ok()? {
        return None;
    }
    // The graph borrows its reader without a use for it, so the reader must live as long as any
    // graph may: some hundred bytes are given up for each graph read.
    let read = || Box::leak(Box::new(HnswIo::new(&folder, NAME))).load_hnsw();
    let hnsw = catch_unwind(read).ok()?.ok()?;
    let graph = Graph { key, hnsw };
    (graph.len() == points).then_some(graph)
}

/// Writes a graph; it appears whole or not at all. Removes graphs of other keys.
pub(in crate::search) fn save(folder: &Path, graph: &Graph) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    clear(folder, &name_of(graph.key))?;
    let unfinished = new_folder(folder)?;
    let written = write(&unfinished, graph).and_then(|()| {
        let place = folder.join(name_of(graph.key));
        remove(&place);
        fs::rename(&unfinished, place)
    });
    if written.is_err() {
        remove(&unfinished);
    }
    written
}

fn write(folder: &Path, graph: &Graph) -> io::Result<()> {
    // The library panics where it cannot make a file.
    let dumped = catch_unwind(AssertUnwindSafe(|| graph.hnsw.file_dump(folder, NAME)));
    match dumped {
        Ok(Ok(name)) if name == NAME => {}
        _ => return Err(io::Error::other("the graph could not be written")),
    }
    fs::write(
        folder.join(MANIFEST),
        serde_json::to_vec_pretty(&prints(folder)?)?,
    )
}

fn name_of(key: u128) -> String {
    format!("{key:032x}")
}

fn prints(folder: &Path) -> io::Result<Vec<Print>> {
    FILES.iter().map(|name| print(folder, name)).collect()
}

fn print(folder: &Path, name: &str) -> io::Result<Print> {
    let mut file = File::open(folder.join(name))?;
    let (mut hash, mut bytes) = (Xxh3::new(), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => {
                hash.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
    Ok(Print {
        name: name.to_owned(),
        bytes,
        xxh3: format!("{:032x}", hash.digest128()),
    })
}

/// A folder that nobody else writes to.
fn new_folder(folder: &Path) -> io::Result<PathBuf> {
    let free = (0..100)
        .map(|n| folder.join(format!("{UNFINISHED}{n}")))
        .find(|path| fs::create_dir(path).is_ok());
    free.ok_or_else(|| io::Error::other("no folder could be made"))
}

/// Removes other graphs and what an ended process left; nothing else that may lie there.
fn clear(folder: &Path, keep: &str) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let graph = name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit());
        if (graph && name != keep) || name.starts_with(UNFINISHED) {
            remove(&entry.path());
        }
    }
    Ok(())
}

/// Removes a folder or a file. What cannot be removed stays in the way and is met again.
fn remove(path: &Path) {
    let _ = fs::remove_dir_all(path).or_else(|_| fs::remove_file(path));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use super::super::Approximate;
    use super::*;
    use crate::search::approximate::prepare;
    use crate::search::approximate::test_data::{questions, text_index};
    use crate::search::text_index::{Match, TextIndex};

    const DOCUMENTS: u32 = 300;

    fn found(text: &TextIndex) -> Vec<Vec<Match>> {
        questions()
            .iter()
            .map(|question| text.matches(question, &[], 10, None, None))
            .collect()
    }

    /// Makes or reads the graph; what is found with it.
    fn prepared(folder: &Path) -> Vec<Vec<Match>> {
        let text = text_index(DOCUMENTS);
        prepare(&text, 1, Some(folder), None, &AtomicBool::new(false)).expect("a graph");
        found(&text)
    }

    fn read(folder: &Path) -> Option<Graph> {
        let points = text_index(DOCUMENTS).points();
        load(folder, points.key(), points.len())
    }

    fn graph_folder(folder: &Path) -> PathBuf {
        folder.join(name_of(text_index(DOCUMENTS).points().key()))
    }

    #[test]
    fn a_graph_that_was_read_finds_what_the_built_one_found() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("work.db.index");
        let built = prepared(&folder);
        let text = text_index(DOCUMENTS);
        let graph = read(&folder).expect("what was just written");
        text.set_approximate(Approximate::new(Arc::new(graph), text.points()));
        assert_eq!(found(&text), built);
        assert_eq!(prepared(&folder), built);
    }

    /// Every way in which a file can be wrong, each beside sound ones.
    fn damages(sound: &[u8]) -> Vec<Vec<u8>> {
        let length = sound.len();
        let mut damages: Vec<Vec<u8>> = [0, 1, 4, 50, length / 3, length / 2, length - 1]
            .iter()
            .map(|&end| sound[..end].to_vec())
            .collect();
        for place in [0, 5, 20, length / 2, length - 2] {
            let mut flipped = sound.to_vec();
            flipped[place] ^= 0x10;
            damages.push(flipped);
        }
        damages.push([sound, b"more"].concat());
        damages.push(vec![0xff; length]);
        damages.push(b"something else altogether".to_vec());
        damages
    }

    #[test]
    fn damaged_files_are_never_read_and_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let built = prepared(folder.path());
        for name in FILES.iter().chain([&MANIFEST]) {
            let path = graph_folder(folder.path()).join(name);
            let sound = fs::read(&path).unwrap();
            for damage in damages(&sound) {
                fs::write(&path, &damage).unwrap();
                assert!(
                    read(folder.path()).is_none(),
                    "{name} of {} bytes",
                    damage.len()
                );
                fs::write(&path, &sound).unwrap();
            }
            fs::remove_file(&path).unwrap();
            assert!(read(folder.path()).is_none(), "{name} is missing");
            fs::create_dir(&path).unwrap();
            assert!(read(folder.path()).is_none(), "{name} is a folder");
            assert_eq!(prepared(folder.path()), built);
            assert!(read(folder.path()).is_some(), "{name} was made again");
        }
    }

    #[test]
    fn a_graph_of_other_vectors_is_not_taken_for_this_one() {
        let folder = tempfile::tempdir().unwrap();
        let other = text_index(DOCUMENTS - 1);
        prepare(
            &other,
            1,
            Some(folder.path()),
            None,
            &AtomicBool::new(false),
        )
        .expect("a graph");
        let other = folder.path().join(name_of(other.points().key()));
        // Under this key, sound in itself, it has a node too few.
        fs::rename(other, graph_folder(folder.path())).unwrap();
        assert!(read(folder.path()).is_none());
    }

    #[test]
    fn old_graphs_and_leftovers_go_and_foreign_files_stay() {
        let folder = tempfile::tempdir().unwrap();
        let (old, left, foreign) = (name_of(7), format!("{UNFINISHED}0"), "notes");
        for name in [old.as_str(), &left, foreign] {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join("file"), "content").unwrap();
        }
        prepared(folder.path());
        let mut names: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let graph = graph_folder(folder.path())
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        assert_eq!(names, [graph, foreign.to_owned()]);
    }

    #[test]
    fn a_place_that_cannot_be_written_costs_only_the_cache() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("work.db.index");
        fs::write(&file, "a file where the folder should be").unwrap();
        assert_eq!(prepared(&file), prepared(folder.path()));
        assert!(file.is_file());
    }
}
