//! Makes the compact form of a sentence encoder: matrices as int8 rows, the vocabulary as lines.
//!
//! `cargo run -p atlas-core --example convert_model -- <folder> <new folder> <name>` reads
//! `model.safetensors`, `tokenizer.json` and `config.json` of the first folder and writes
//! `model.safetensors`, `vocab.txt` and `config.json` into the second.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde_json::{Value, json};

/// A tensor to write: name, type, shape, bytes.
type Tensor = (String, Dtype, Vec<usize>, Vec<u8>);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, name] = arguments.as_slice() else {
        return Err("usage: convert_model <folder> <new folder> <name>".into());
    };
    let (from, to) = (Path::new(from), Path::new(to));
    fs::create_dir_all(to)?;
    fs::write(
        to.join("model.safetensors"),
        weights(&fs::read(from.join("model.safetensors"))?)?,
    )?;
    fs::write(
        to.join("vocab.txt"),
        vocabulary(&fs::read(from.join("tokenizer.json"))?)?,
    )?;
    fs::write(
        to.join("config.json"),
        config(&fs::read(from.join("config.json"))?, name)?,
    )?;
    Ok(())
}

/// Matrices become int8 rows with a scale each (max|w| / 127), the rest float32.
fn weights(bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut tensors: Vec<Tensor> = Vec::new();
    for (name, tensor) in SafeTensors::deserialize(bytes)?.tensors() {
        let numbers = match tensor.dtype() {
            Dtype::F32 => floats(tensor.data(), f32::from_le_bytes),
            Dtype::F16 => floats(tensor.data(), |b| f16::from_le_bytes(b).to_f32()),
            _ => continue,
        };
        let shape = tensor.shape().to_vec();
        match *shape.as_slice() {
            [rows, columns] if rows > 2 => {
                let (int8, scales) = int8_rows(&numbers, columns);
                tensors.push((format!("{name}.scale"), Dtype::F32, vec![rows], le(&scales)));
                tensors.push((name, Dtype::I8, shape, int8));
            }
            _ => tensors.push((name, Dtype::F32, shape, le(&numbers))),
        }
    }
    let views = tensors.iter().map(|(name, dtype, shape, data)| {
        let view = TensorView::new(*dtype, shape.clone(), data)?;
        Ok((name.as_str(), view))
    });
    let views = views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
    Ok(safetensors::serialize(views, None)?)
}

fn int8_rows(numbers: &[f32], columns: usize) -> (Vec<u8>, Vec<f32>) {
    let (mut int8, mut scales) = (Vec::with_capacity(numbers.len()), Vec::new());
    for row in numbers.chunks_exact(columns) {
        let largest = row.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        int8.extend(row.iter().map(|x| (x / scale).round() as i8 as u8));
        scales.push(scale);
    }
    (int8, scales)
}

/// The tokens in the order of their ids, a line each.
fn vocabulary(tokenizer: &[u8]) -> Result<String, Box<dyn Error>> {
    let file: Value = serde_json::from_slice(tokenizer)?;
    let vocab: HashMap<String, usize> = serde_json::from_value(file["model"]["vocab"].clone())?;
    let mut tokens: Vec<(usize, String)> = vocab.into_iter().map(|(t, id)| (id, t)).collect();
    tokens.sort();
    if tokens
        .iter()
        .enumerate()
        .any(|(index, (id, _))| index != *id)
    {
        return Err("the vocabulary's ids have gaps".into());
    }
    Ok(tokens.into_iter().map(|(_, token)| token + "\n").collect())
}

fn config(bytes: &[u8], name: &str) -> Result<String, Box<dyn Error>> {
    let from: Value = serde_json::from_slice(bytes)?;
    let config = json!({
        "name": name,
        "model_type": "bert",
        "hidden_act": from["hidden_act"],
        "hidden_size": from["hidden_size"],
        "intermediate_size": from["intermediate_size"],
        "layer_norm_eps": from["layer_norm_eps"],
        "max_position_embeddings": from["max_position_embeddings"],
        "num_attention_heads": from["num_attention_heads"],
        "num_hidden_layers": from["num_hidden_layers"],
        "vocab_size": from["vocab_size"],
    });
    Ok(serde_json::to_string_pretty(&config)? + "\n")
}

fn floats<const N: usize>(data: &[u8], number: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    data.as_chunks::<N>()
        .0
        .iter()
        .map(|bytes| number(*bytes))
        .collect()
}

fn le(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|x| x.to_le_bytes()).collect()
}
