//! The approximate index as a host meets it: files beside the database, and the same answers.
#![cfg(all(feature = "hnsw", feature = "bundled-model"))]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use atlas_core::domain::{SimilarTicket, Ticket, TicketKey, silent};
use atlas_core::{Atlas, Settings, SimilarOptions};

fn tickets() -> Vec<Ticket> {
    let (parts, faults) = (
        [
            "Login",
            "Report export",
            "Search",
            "Invoice",
            "Upload",
            "Calendar",
            "Profile page",
            "Printer dialog",
        ],
        [
            "fails without network",
            "is slow",
            "loses the date",
            "shows the wrong user",
            "crashes on return",
        ],
    );
    let summaries = parts
        .iter()
        .flat_map(|part| faults.iter().map(move |fault| format!("{part} {fault}")));
    let ticket = |(number, summary)| {
        Ticket::new(
            TicketKey::parse(&format!("WRKA-{number}")).unwrap(),
            summary,
        )
    };
    (1..).zip(summaries).map(ticket).collect()
}

fn open(path: &Path, approximate_from: usize) -> Atlas {
    let settings = Settings {
        approximate_from,
        ..Settings::default()
    };
    Atlas::builder()
        .settings(settings)
        .starter_catalogue(false)
        .open(path)
        .unwrap()
}

fn similar(atlas: &Atlas) -> Vec<Vec<SimilarTicket>> {
    let all = (1..=40).map(|number| {
        atlas
            .similar(&format!("WRKA-{number}"), &SimilarOptions::default())
            .unwrap()
    });
    all.collect()
}

/// The graph's folder, once it is there.
fn graph(path: &Path) -> PathBuf {
    let folder = path.with_extension("db.index");
    let end = Instant::now() + Duration::from_secs(60);
    while Instant::now() < end {
        let entries = std::fs::read_dir(&folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path());
        if let Some(graph) = entries.into_iter().find(|graph| {
            graph.join("manifest.json").exists() && !graph.to_string_lossy().contains("unfinished")
        }) {
            return graph;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("no graph in {}", folder.display());
}

#[test]
fn answers_are_the_same_with_and_without_and_after_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let exact = {
        let atlas = open(&path, usize::MAX);
        atlas.tickets().add(&tickets()).unwrap();
        atlas.database().encode(&mut silent).unwrap();
        similar(&atlas)
    };
    assert!(!folder.path().join("work.db.index").exists());

    let atlas = open(&path, 30);
    assert_eq!(similar(&atlas), exact);
    let data = graph(&path).join("points.hnsw.data");
    assert_eq!(similar(&atlas), exact);
    drop(atlas);

    let sound = std::fs::read(&data).unwrap();
    std::fs::write(&data, &sound[..sound.len() / 2]).unwrap();
    let atlas = open(&path, 30);
    assert_eq!(similar(&atlas), exact);
    let end = Instant::now() + Duration::from_secs(60);
    while std::fs::read(&data).ok().as_ref() != Some(&sound) {
        assert!(Instant::now() < end, "the damaged file was not replaced");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(similar(&atlas), exact);
}

#[test]
fn closing_at_once_is_fine_and_memory_leaves_no_files() {
    let settings = Settings {
        approximate_from: 10,
        ..Settings::default()
    };
    let atlas = Atlas::builder()
        .settings(settings)
        .open_in_memory()
        .unwrap();
    atlas.tickets().add(&tickets()).unwrap();
    assert_eq!(
        atlas
            .similar("WRKA-1", &SimilarOptions::default())
            .unwrap()
            .len(),
        10
    );
    drop(atlas);
    assert!(!Path::new(":memory:.index").exists());
}
