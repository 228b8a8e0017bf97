//! `stored FOLDER|DATABASE`: how long Rust takes for what `examples/kotlin`'s `Measure.kt` measures, on the same
//! data and with the same build.

use std::time::Instant;

use atlas_core::domain::silent;
use atlas_core::{Atlas, BlendPolicy, Result};

fn main() -> Result<()> {
    let data = std::env::args()
        .nth(1)
        .unwrap_or("examples/sample".to_owned());
    let builder = Atlas::builder().cache(false).retrain_after(None);
    let builder = builder.blend(BlendPolicy::WeightedSum);
    let atlas = match data.ends_with(".db") {
        true => builder.open(&data)?,
        false => {
            let atlas = builder.open_in_memory()?;
            atlas
                .tickets()
                .import_file(format!("{data}/tickets.jsonl"), &mut silent)?;
            atlas
                .patterns()
                .import_file(format!("{data}/patterns.csv"), &mut silent)?;
            atlas
                .learning()
                .import_history(format!("{data}/history.csv"), &mut silent)?;
            atlas
        }
    };
    let tickets = atlas.tickets().list()?;
    let key = |turn: usize| tickets[turn * 7 % tickets.len()].key.as_str();
    for turn in 0..300 {
        atlas.predict(key(turn), 5)?;
    }
    let mut taken = Vec::new();
    for turn in 0..500 {
        let start = Instant::now();
        atlas.predict(key(turn), 5)?;
        taken.push(start.elapsed());
    }
    taken.sort();
    println!(
        "predict a stored ticket      {:8.0} µs",
        taken[250].as_secs_f64() * 1e6
    );
    Ok(())
}
