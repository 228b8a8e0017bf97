//! Encoding whole data sets, with a cache on disk so that an evaluation can be repeated quickly.

use std::collections::HashMap;
use std::path::PathBuf;

use atlas_core::Result;
use atlas_core::search::documents::text_hash;
use atlas_core::search::vectors::Codes;
use atlas_core::text::encoder::Encoder;

/// The vectors of texts, in order. What was encoded before is read from `target/evaluate`.
///
/// # Errors
/// `CORRUPT_DATABASE` when the cache is damaged: delete it.
pub fn codes(encoder: &Encoder, texts: &[String], max_tokens: usize) -> Result<Vec<Codes>> {
    let path = cache(encoder, max_tokens);
    let mut known = read(&path, encoder.dimensions())?;
    let missing: Vec<&str> = texts
        .iter()
        .map(String::as_str)
        .filter(|text| !known.contains_key(&text_hash(text, max_tokens)))
        .collect();
    for chunk in missing.chunks(2_000) {
        for (text, vector) in chunk.iter().zip(encoder.encode(chunk, max_tokens).rows()) {
            known.insert(
                text_hash(text, max_tokens),
                Codes::quantise(&vector.to_vec()),
            );
        }
    }
    if !missing.is_empty() {
        write(&path, &known);
    }
    Ok(texts
        .iter()
        .map(|text| known[&text_hash(text, max_tokens)].clone())
        .collect())
}

fn cache(encoder: &Encoder, max_tokens: usize) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/evaluate");
    let name = encoder.id().replace(|c: char| !c.is_alphanumeric(), "-");
    folder.join(format!("{name}-{max_tokens}.vectors"))
}

fn read(path: &PathBuf, width: usize) -> Result<HashMap<u128, Codes>> {
    let bytes = std::fs::read(path).unwrap_or_default();
    let entries = bytes.chunks_exact(16 + 4 + width);
    entries
        .map(|entry| {
            let (hash, codes) = entry.split_at(16);
            let hash = u128::from_le_bytes(hash.try_into().unwrap_or_default());
            Ok((hash, Codes::from_bytes(codes)?))
        })
        .collect()
}

/// A cache that cannot be written costs time, not results.
fn write(path: &PathBuf, known: &HashMap<u128, Codes>) {
    let mut bytes = Vec::new();
    for (hash, codes) in known {
        bytes.extend_from_slice(&hash.to_le_bytes());
        bytes.extend_from_slice(&codes.to_bytes());
    }
    let written = path
        .parent()
        .map(std::fs::create_dir_all)
        .transpose()
        .and_then(|_| std::fs::write(path, bytes));
    if let Err(error) = written {
        eprintln!("{}: {error}", path.display());
    }
}
