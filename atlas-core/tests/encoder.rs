//! The ticket encoder: token ids and vectors against reference values, and models that do not fit.

use std::io::Read;
use std::path::Path;

use atlas_core::text::encoder::Encoder;
use serde::Deserialize;

const MODEL: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../shared/models/ticket-encoder"
);

#[derive(Deserialize)]
struct Reference {
    text: String,
    ids: Vec<u32>,
    embedding: Vec<f32>,
}

/// The 64 texts that came with the model, or nothing where they are not at hand.
fn references() -> Option<Vec<Reference>> {
    let path = Path::new(MODEL).join("reference.json.gz");
    let Ok(file) = std::fs::File::open(&path) else {
        println!("skipped: {} is missing", path.display());
        return None;
    };
    let mut json = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut json)
        .unwrap();
    Some(serde_json::from_str(&json).unwrap())
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

fn worst_cosine(encoder: &Encoder, references: &[Reference]) -> f32 {
    let texts: Vec<&str> = references.iter().map(|r| r.text.as_str()).collect();
    let vectors = encoder.encode(&texts, 256);
    let rows = vectors.rows().into_iter().zip(references);
    rows.map(|(row, r)| cosine(row.as_slice().unwrap(), &r.embedding))
        .fold(1.0, f32::min)
}

#[test]
fn token_ids_are_those_of_the_reference() {
    let encoder = Encoder::bundled().unwrap();
    for reference in references().unwrap_or_default() {
        let ids = encoder.wordpiece().encode(&reference.text, 256);
        assert_eq!(ids, reference.ids, "{}", reference.text);
    }
}

#[test]
fn vectors_are_those_of_the_reference() {
    let Some(references) = references() else {
        return;
    };
    let float = worst_cosine(&Encoder::from_folder(MODEL.as_ref()).unwrap(), &references);
    assert!(float >= 0.9999, "float16 weights: {float}");
    let int8 = worst_cosine(&Encoder::bundled().unwrap(), &references);
    assert!(int8 >= 0.999, "int8 rows: {int8}");
    println!("worst cosine: float16 {float:.7}, int8 {int8:.7}");
}
