//! The prediction path at real size: 22,371 tickets, 5,059 patterns, 740 links of the past.
//!
//! The database is made once in `target/benches` (some minutes) and kept.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use atlas_benches::data;
use atlas_core::domain::{Draft, silent};
use atlas_core::text::encoder::Encoder;
use atlas_core::{Atlas, BlendPolicy, Result, SimilarOptions};
use criterion::{Criterion, criterion_group, criterion_main};

/// About sixty words of new text.
const TEXT: &str = "The export of the monthly report stops after the first thousand rows when the \
    filter for closed cases is set and the list is sorted by the date of the last change. The file \
    is written and can be opened, no message is shown, and the missing rows are the oldest ones. It \
    happens in Firefox and in Chrome, for supervisors as well as for case workers.";

fn database(folder: &Path) -> Result<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/benches/predict.db");
    let _ = path.parent().map(std::fs::create_dir_all);
    let atlas = Atlas::open(&path)?;
    if atlas.database().counts()?.observations == 0 {
        eprintln!("making {} once", path.display());
        atlas
            .tickets()
            .import_file(folder.join("titanium/issues.jsonl.gz"), &mut silent)?;
        atlas
            .patterns()
            .import_file(folder.join("mattermost/testcases.jsonl.gz"), &mut silent)?;
        atlas
            .learning()
            .import_history(folder.join("mattermost/ticket_test_links.csv"), &mut silent)?;
    }
    Ok(path)
}

fn benchmarks(criterion: &mut Criterion) {
    let Some(folder) = data::folder() else {
        eprintln!(
            "skipped: the data sets are not at ../shared/data; set ATLAS_DATA to their folder"
        );
        return;
    };
    let atlas = database(&folder).and_then(|path| {
        let builder = Atlas::builder().cache(false).retrain_after(None);
        builder.blend(BlendPolicy::WeightedSum).open(path)
    });
    let (atlas, encoder) = match atlas.and_then(|atlas| Ok((atlas, Encoder::bundled()?))) {
        Ok(both) => both,
        Err(error) => return eprintln!("{error}"),
    };
    let keys: Vec<String> = match data::titanium(&folder) {
        Ok(tickets) => tickets
            .iter()
            .step_by(23)
            .map(|ticket| ticket.key.to_string())
            .collect(),
        Err(error) => return eprintln!("{error}"),
    };
    // Another ticket every time, so that nothing is warm but what always is.
    let turn = AtomicUsize::new(0);
    let next = || &keys[turn.fetch_add(1, Ordering::Relaxed) % keys.len()];

    criterion.bench_function("predict a stored ticket", |b| {
        b.iter(|| black_box(atlas.predict(next(), 5)))
    });
    let learned = database(&folder).and_then(|path| {
        let builder = Atlas::builder().cache(false).retrain_after(None);
        let learned = builder.blend(BlendPolicy::Learned).open(path)?;
        learned.learning().retrain(&mut silent)?;
        Ok(learned)
    });
    let learned = match learned {
        Ok(learned) => learned,
        Err(error) => return eprintln!("{error}"),
    };
    criterion.bench_function("predict a stored ticket after learning", |b| {
        b.iter(|| black_box(learned.predict(next(), 5)))
    });
    criterion.bench_function("predict 60 words of new text", |b| {
        let draft = Draft::new("Export of the monthly report loses rows").description(TEXT);
        b.iter(|| black_box(atlas.predict(&draft, 5)));
    });
    criterion.bench_function("similar tickets of a stored one", |b| {
        let options = SimilarOptions::default();
        b.iter(|| black_box(atlas.similar(next(), &options)));
    });
    criterion.bench_function("duplicates of a stored one", |b| {
        b.iter(|| black_box(atlas.duplicates(next(), 10)))
    });
    criterion.bench_function("retrain on 740 observations", |b| {
        b.iter(|| black_box(learned.learning().retrain(&mut silent)))
    });
    criterion.bench_function("encode 60 words", |b| {
        b.iter(|| black_box(encoder.encode_one(TEXT, 128)))
    });
}

criterion_group!(benches, benchmarks);
criterion_main!(benches);
