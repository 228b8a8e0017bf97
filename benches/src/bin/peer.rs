//! ATLAS from Rust, as a line of the table that `benches/peers/compare.py` prints.
//!
//! Asks what `benches/peers/workload.py` says, in the same way and order.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use atlas_core::domain::Draft;
use atlas_core::{Atlas, BlendPolicy, Result};

const SUMMARY: &str = "Export of the monthly report loses rows";
const DESCRIPTION: &str = "The export of the monthly report stops after the first thousand rows when \
    the filter for closed cases is set and the list is sorted by the date of the last change. The \
    file is written and can be opened, no message is shown, and the missing rows are the oldest \
    ones. It happens in Firefox and in Chrome, for supervisors as well as for case workers.";
const STORED_TICKETS: usize = 60;
const NEW_TEXTS: usize = 40;
const WARM_UP: usize = 10;

fn main() -> Result<()> {
    let began = Instant::now();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/benches/predict.db");
    let builder = Atlas::builder().cache(false).retrain_after(None);
    let atlas = builder.blend(BlendPolicy::WeightedSum).open(path)?;
    let tickets = atlas.tickets().list()?;
    let mut keys: Vec<String> = tickets.iter().map(|t| t.key.to_string()).collect();
    drop(tickets);
    keys.sort();
    let step = (keys.len() / (STORED_TICKETS + WARM_UP)).max(1);
    let keys: Vec<String> = keys.into_iter().step_by(step).collect();
    if let Some(key) = keys.first() {
        atlas.predict(key, 5)?;
    }
    let ready = began.elapsed().as_secs_f64();
    let stored = median(keys.iter().map(|key| {
        let start = Instant::now();
        black_box(atlas.predict(key, 5)).map(|_| start.elapsed())
    }))?;
    let new = median((0..WARM_UP + NEW_TEXTS).map(|number| {
        let text = format!("{DESCRIPTION} Seen in case {number}.");
        let draft = Draft::new(SUMMARY).description(&text);
        let start = Instant::now();
        black_box(atlas.predict(&draft, 5)).map(|_| start.elapsed())
    }))?;
    let peak = peak_mib();
    println!(
        r#"{{"import_ms": 0.0, "first_answer_s": {ready}, "stored_ms": {stored}, "new_ms": {new}, "peak_mib": {peak}}}"#
    );
    Ok(())
}

/// The median in milliseconds of the times after the warm-up.
fn median(times: impl Iterator<Item = Result<std::time::Duration>>) -> Result<f64> {
    let mut times: Vec<f64> = times
        .skip(WARM_UP)
        .map(|time| time.map(|time| 1e3 * time.as_secs_f64()))
        .collect::<Result<_>>()?;
    times.sort_by(f64::total_cmp);
    let middle = times.len() / 2;
    Ok(match times.len() % 2 {
        0 => (times[middle - 1] + times[middle]) / 2.0,
        _ => times[middle],
    })
}

/// The most memory that the process ever held, where the system says so.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}
