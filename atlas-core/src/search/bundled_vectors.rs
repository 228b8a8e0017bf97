//! Vectors of the texts that ship with ATLAS, so that a new database answers at once.
//!
//! `cargo run --release -p atlas-core --example bundle_vectors` makes the file again after a
//! change of the model, the starter catalogue or the scenario types; a test fails until then.

use std::collections::HashMap;
use std::sync::OnceLock;

use xxhash_rust::xxh3::xxh3_64;

/// The hash of the model's id, then entries of a text's hash and its stored codes.
const FILE: &[u8] = include_bytes!("../../data/bundled_vectors.bin");
/// Bytes of a text's hash.
const HASH: usize = 16;
/// Bytes of stored codes: a scale and 384 dimensions.
const CODES: usize = 4 + 384;

/// The stored codes of a text of [`super::documents::text_hash`], if it ships and the model is the
/// one that the file was made with.
pub fn find(model: &str, text_hash: u128) -> Option<&'static [u8]> {
    static ENTRIES: OnceLock<HashMap<u128, &'static [u8]>> = OnceLock::new();
    let (made_with, entries) = FILE.split_first_chunk::<8>()?;
    if u64::from_le_bytes(*made_with) != xxh3_64(model.as_bytes()) {
        return None;
    }
    let parse = || {
        let entry = |bytes: &'static [u8]| {
            let (hash, codes) = bytes.split_first_chunk::<HASH>()?;
            Some((u128::from_le_bytes(*hash), codes))
        };
        entries
            .chunks_exact(HASH + CODES)
            .filter_map(entry)
            .collect()
    };
    ENTRIES.get_or_init(parse).get(&text_hash).copied()
}

/// The file's bytes for a model and its texts' codes.
pub fn to_bytes(model: &str, entries: &[(u128, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = xxh3_64(model.as_bytes()).to_le_bytes().to_vec();
    for (hash, codes) in entries {
        bytes.extend_from_slice(&hash.to_le_bytes());
        bytes.extend_from_slice(codes);
    }
    bytes
}
