//! The ticket encoder: token ids and vectors against reference values, and models that do not fit.

#![cfg(feature = "bundled-model")]

use std::io::Read;
use std::path::{Path, PathBuf};

use atlas_core::Error;
use atlas_core::text::encoder::Encoder;
use serde::Deserialize;

const MODEL: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../shared/models/ticket-encoder"
);

const BUNDLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/model/ticket-encoder");

/// A text, its token ids, and its vector or the first numbers of it.
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

/// The ids in the fixture are those of the `tokenizers` library, the numbers those of this encoder.
#[test]
fn a_few_texts_have_the_ids_and_vectors_that_were_recorded() {
    let fixture = include_str!("fixtures/encoder.json");
    let references: Vec<Reference> = serde_json::from_str(fixture).unwrap();
    let encoder = Encoder::bundled().unwrap();
    for reference in &references {
        let text = reference.text.as_str();
        assert_eq!(
            encoder.wordpiece().encode(text, 128),
            reference.ids,
            "{text}"
        );
        let vector = encoder.encode_one(text, 128);
        for (number, recorded) in vector.iter().zip(&reference.embedding) {
            assert!(
                (number - recorded).abs() < 2e-5,
                "{text}: {number} was {recorded}"
            );
        }
    }
}

#[test]
fn a_vector_has_the_same_bits_in_any_batch_and_on_any_number_of_threads() {
    let encoder = Encoder::bundled().unwrap();
    let texts: Vec<String> = (0..60)
        .map(|i| {
            format!(
                "Ticket {i}: {}",
                "the list is empty after a restart. ".repeat(i % 13)
            )
        })
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let together = encoder.encode(&texts, 64);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    assert_eq!(pool.install(|| encoder.encode(&texts, 64)), together);
    assert_eq!(
        encoder.encode(&texts[7..21], 64),
        together.slice(ndarray::s![7..21, ..])
    );
    for (text, row) in texts.iter().zip(together.rows()) {
        assert_eq!(encoder.encode_one(text, 64), row.to_vec(), "{text}");
    }
}

#[test]
fn every_text_has_a_vector_of_length_one() {
    let encoder = Encoder::bundled().unwrap();
    let long = "word ".repeat(100_000);
    let vectors = encoder.encode(&["", long.as_str(), "\0\u{fffd}"], usize::MAX);
    assert_eq!(vectors.dim(), (3, encoder.dimensions()));
    for row in vectors.rows() {
        assert!((row.dot(&row) - 1.0).abs() < 1e-5);
    }
    assert_eq!(vectors.row(0), vectors.row(2), "nothing is left of either");
    assert_eq!(encoder.encode(&[], 128).dim(), (0, encoder.dimensions()));
}

#[test]
fn the_bundled_model_loads_from_its_folder_too() {
    let (bundled, folder) = (
        Encoder::bundled().unwrap(),
        Encoder::from_folder(BUNDLED.as_ref()),
    );
    let folder = folder.unwrap();
    assert_eq!(folder.id(), bundled.id());
    assert!(
        bundled.id().starts_with("ticket-encoder-1-"),
        "{}",
        bundled.id()
    );
    assert_eq!((folder.dimensions(), folder.max_positions()), (384, 512));
}

/// A copy of the bundled model's folder with one file replaced.
fn spoilt(file: &str, content: &[u8]) -> Error {
    let folder = tempfile::tempdir().unwrap();
    for name in ["model.safetensors", "vocab.txt", "config.json"] {
        std::fs::copy(Path::new(BUNDLED).join(name), folder.path().join(name)).unwrap();
    }
    std::fs::write(folder.path().join(file), content).unwrap();
    Encoder::from_folder(folder.path()).unwrap_err()
}

#[test]
fn a_model_that_does_not_fit_is_refused_with_the_reason() {
    let weights = std::fs::read(Path::new(BUNDLED).join("model.safetensors")).unwrap();
    let cases: [(&str, &[u8], &str); 8] = [
        (
            "model.safetensors",
            &weights[..weights.len() / 2],
            "safetensors",
        ),
        ("model.safetensors", b"", "safetensors"),
        (
            "config.json",
            b"{\"num_attention_heads\": 7}",
            "7 attention heads",
        ),
        (
            "config.json",
            b"{\"num_hidden_layers\": 6}",
            "3 layers where 6",
        ),
        ("config.json", b"{\"hidden_act\": \"relu\"}", "relu"),
        ("config.json", b"[]", "config.json"),
        ("vocab.txt", b"[UNK]\n[CLS]\n", "[SEP]"),
        ("tokenizer.json", b"{}", "tokenizer"),
    ];
    for (file, content, reason) in cases {
        let error = spoilt(file, content);
        assert_eq!(error.code(), "MODEL_FAILED", "{file}");
        assert!(error.to_string().contains(reason), "{file}: {error}");
    }
    let mut vocabulary = std::fs::read(Path::new(BUNDLED).join("vocab.txt")).unwrap();
    vocabulary.extend(b"##surplus\n");
    let error = spoilt("vocab.txt", &vocabulary).to_string();
    assert!(error.contains("12289 tokens, its weights 12288"), "{error}");
}

#[test]
fn a_folder_without_a_model_is_a_file_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = Encoder::from_folder(folder.path()).unwrap_err();
    assert_eq!(error.code(), "FILE_FAILED");
    assert!(error.details()["path"].ends_with("model.safetensors"));
}

/// The first numbers were computed from the same files by a float64 BERT.
#[test]
fn all_minilm_l6_v2_loads_and_encodes() {
    let Some(folder) = std::env::var_os("ATLAS_MINILM_DIR").map(PathBuf::from) else {
        println!("skipped: ATLAS_MINILM_DIR does not name the folder of all-MiniLM-L6-v2");
        return;
    };
    let encoder = Encoder::from_folder(&folder).unwrap();
    let vector = encoder.encode_one("Login fails after update", 256);
    let expected = [
        0.03832, -0.022876, -0.008376, -0.075121, 0.019663, -0.054013, 0.037177, -0.024469,
    ];
    for (number, expected) in vector.iter().zip(expected) {
        assert!(
            (number - expected).abs() < 2e-6,
            "{number} should be {expected}"
        );
    }
}

#[test]
fn a_model_is_in_memory_once_for_all_who_use_it() {
    let one = Encoder::bundled().unwrap();
    let other = Encoder::from_folder(BUNDLED.as_ref()).unwrap();
    assert!(std::sync::Arc::ptr_eq(&one, &other));
    let threads: Vec<_> = (0..4)
        .map(|_| std::thread::spawn(Encoder::bundled))
        .collect();
    for thread in threads {
        let found = thread.join().unwrap().unwrap();
        assert!(std::sync::Arc::ptr_eq(&one, &found));
    }
}
