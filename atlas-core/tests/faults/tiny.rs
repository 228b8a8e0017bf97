//! A model of few numbers that knows the letters: what is stored matters here, not what is like what.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use safetensors::tensor::{Dtype, TensorView, serialize};

const WIDTH: usize = 8;
const PLACES: usize = 64;

/// A folder with the model, made once.
pub fn model() -> PathBuf {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("tiny"));
        folder
    });
    folder.path().join("tiny")
}

fn write(folder: &Path) {
    let mut words: Vec<String> = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
        .map(String::from)
        .into();
    for letter in ('a'..='z').chain('0'..='9') {
        words.extend([letter.to_string(), format!("##{letter}")]);
    }
    fs::create_dir(folder).unwrap();
    fs::write(folder.join("vocab.txt"), words.join("\n") + "\n").unwrap();
    fs::write(folder.join("config.json"), "{\"num_attention_heads\": 1}").unwrap();
    let shapes = shapes(words.len());
    let bytes: Vec<Vec<u8>> = shapes.iter().map(|(_, shape)| numbers(shape)).collect();
    let tensors = shapes.iter().zip(&bytes).map(|((name, shape), bytes)| {
        let view = TensorView::new(Dtype::F32, shape.clone(), bytes);
        (name.as_str(), view.unwrap())
    });
    let file = serialize(tensors.collect::<Vec<_>>(), None).unwrap();
    fs::write(folder.join("model.safetensors"), file).unwrap();
}

/// Numbers between -1 and 1 that are the same each time.
fn numbers(shape: &[usize]) -> Vec<u8> {
    let count: usize = shape.iter().product();
    let number = |place: usize| ((place * 7_919 + count) % 211) as f32 / 105.0 - 1.0;
    (0..count).flat_map(|p| number(p).to_le_bytes()).collect()
}

/// The tensors of a BERT of one layer.
fn shapes(words: usize) -> Vec<(String, Vec<usize>)> {
    let mut shapes = Vec::new();
    for (kind, rows) in [("word", words), ("position", PLACES), ("token_type", 1)] {
        let name = format!("embeddings.{kind}_embeddings.weight");
        shapes.push((name, vec![rows, WIDTH]));
    }
    let layer = |part: &str| format!("encoder.layer.0.{part}");
    let dense = [
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
        "intermediate.dense",
        "output.dense",
    ];
    for part in dense {
        shapes.push((layer(&format!("{part}.weight")), vec![WIDTH, WIDTH]));
        shapes.push((layer(&format!("{part}.bias")), vec![WIDTH]));
    }
    let norms = [
        "embeddings.LayerNorm".to_owned(),
        layer("attention.output.LayerNorm"),
        layer("output.LayerNorm"),
    ];
    for norm in norms {
        shapes.push((format!("{norm}.weight"), vec![WIDTH]));
        shapes.push((format!("{norm}.bias"), vec![WIDTH]));
    }
    shapes
}
