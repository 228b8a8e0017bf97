//! Encodes the starter catalogue and the scenario types into `data/bundled_vectors.bin`.

use std::path::Path;

use atlas_core::analysis::scenario_types;
use atlas_core::pipeline::starter;
use atlas_core::search::bundled_vectors::to_bytes;
use atlas_core::search::documents::{Document, text_hash};
use atlas_core::search::vectors::Codes;
use atlas_core::text::encoder::Encoder;
use atlas_core::{Result, Settings};

fn main() -> Result<()> {
    let encoder = Encoder::bundled()?;
    let max_tokens = Settings::default().pattern_tokens;
    let mut texts: Vec<String> = scenario_types::bundled()?
        .into_iter()
        .map(|t| t.description)
        .collect();
    for pattern in starter::patterns()? {
        let document = Document::of_pattern(&pattern);
        texts.extend([document.whole(), document.name]);
    }
    let vectors = encoder.encode(
        &texts.iter().map(String::as_str).collect::<Vec<_>>(),
        max_tokens,
    );
    let entries: Vec<(u128, Vec<u8>)> = texts
        .iter()
        .zip(vectors.rows())
        .map(|(text, vector)| {
            (
                text_hash(text, max_tokens),
                Codes::quantise(&vector.to_vec()).to_bytes(),
            )
        })
        .collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/bundled_vectors.bin");
    let file = |source| atlas_core::Error::File {
        path: path.clone(),
        source,
    };
    std::fs::write(&path, to_bytes(encoder.id(), &entries)).map_err(file)?;
    println!("{} vectors in {}", entries.len(), path.display());
    Ok(())
}
