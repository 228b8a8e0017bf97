//! A BERT model's weights from a safetensors file, every shape checked.

use half::{bf16, f16};
use ndarray::Array2;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::Deserialize;

use super::kernels::Norm;

/// What `config.json` says; a missing number is read from the shapes.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Config {
    pub name: Option<String>,
    num_hidden_layers: Option<usize>,
    num_attention_heads: Option<usize>,
    layer_norm_eps: Option<f32>,
    hidden_act: Option<String>,
    position_embedding_type: Option<String>,
}

/// A dense layer: `x · weight + bias`, the weight stored inputs × outputs.
#[derive(Debug)]
pub(super) struct Linear {
    pub weight: Array2<f32>,
    pub bias: Vec<f32>,
}

/// One layer of the encoder.
#[derive(Debug)]
pub(super) struct Layer {
    /// Query, key and value side by side.
    pub qkv: Linear,
    pub attended: Linear,
    pub attended_norm: Norm,
    pub up: Linear,
    pub down: Linear,
    pub output_norm: Norm,
}

/// All weights, as float32.
#[derive(Debug)]
pub(super) struct Weights {
    pub heads: usize,
    /// Tokens × width.
    pub words: Array2<f32>,
    /// Positions × width; the embedding of the first token type is added to each.
    pub positions: Array2<f32>,
    pub embedding_norm: Norm,
    pub layers: Vec<Layer>,
}

/// Why a model cannot be used.
pub(super) type LoadResult<T> = Result<T, String>;

impl Weights {
    /// Reads a safetensors file with BERT's names, with or without the prefix `bert.`: float32,
    /// float16, bfloat16, or int8 rows beside a float32 tensor `<name>.scale` of one number a row.
    pub fn read(bytes: &[u8], config: &Config) -> LoadResult<Weights> {
        let file = ModelFile::open(bytes, config)?;
        let words = "embeddings.word_embeddings.weight";
        let [tokens, width] = file.shape_of(words)?;
        let [places, _] = file.shape_of("embeddings.position_embeddings.weight")?;
        let [types, _] = file.shape_of("embeddings.token_type_embeddings.weight")?;
        if tokens == 0 || width == 0 || places < 2 || types == 0 {
            return Err("its embeddings are empty".to_owned());
        }
        let kind = file.matrix("embeddings.token_type_embeddings.weight", types, width)?;
        let positions = file.matrix("embeddings.position_embeddings.weight", places, width)?;
        let heads = config.heads(width)?;
        let layers = config
            .num_hidden_layers
            .unwrap_or_else(|| file.count_layers());
        if layers == 0 || layers > file.count_layers() {
            let found = file.count_layers();
            return Err(format!("it has {found} layers where {layers} are expected"));
        }
        let [inner, _] = file.shape_of("encoder.layer.0.intermediate.dense.weight")?;
        if inner == 0 {
            return Err("its feed-forward layers are empty".to_owned());
        }
        Ok(Weights {
            heads,
            words: file.matrix(words, tokens, width)?,
            positions: positions + kind.row(0),
            embedding_norm: file.norm("embeddings.LayerNorm", width)?,
            layers: (0..layers)
                .map(|index| file.layer(index, width, inner))
                .collect::<LoadResult<_>>()?,
        })
    }

    /// The length of a vector.
    pub fn width(&self) -> usize {
        self.words.ncols()
    }
}

impl Config {
    fn heads(&self, width: usize) -> LoadResult<usize> {
        // Without a config: 64 a head as in BERT, 32 in the small models of 384.
        let usual = if width > 384 { width / 64 } else { width / 32 };
        let heads = self.num_attention_heads.unwrap_or(usual);
        if heads == 0 || !width.is_multiple_of(heads) {
            return Err(format!(
                "{heads} attention heads do not divide its width {width}"
            ));
        }
        Ok(heads)
    }

    fn check(&self) -> LoadResult<()> {
        let activation = self.hidden_act.as_deref().unwrap_or("gelu");
        if !matches!(activation, "gelu" | "gelu (erf)") {
            return Err(format!("its activation is {activation}, not gelu"));
        }
        let positions = self
            .position_embedding_type
            .as_deref()
            .unwrap_or("absolute");
        if positions != "absolute" {
            return Err(format!(
                "its position embeddings are {positions}, not absolute"
            ));
        }
        Ok(())
    }
}

struct ModelFile<'a> {
    tensors: SafeTensors<'a>,
    prefix: &'static str,
    epsilon: f32,
}

impl<'a> ModelFile<'a> {
    fn open(bytes: &'a [u8], config: &Config) -> LoadResult<ModelFile<'a>> {
        config.check()?;
        let tensors = SafeTensors::deserialize(bytes)
            .map_err(|e| format!("its weights are not a safetensors file: {e}"))?;
        let prefixed = tensors
            .tensor("bert.embeddings.word_embeddings.weight")
            .is_ok();
        Ok(ModelFile {
            tensors,
            prefix: if prefixed { "bert." } else { "" },
            epsilon: config.layer_norm_eps.unwrap_or(1e-12),
        })
    }

    fn tensor(&self, name: &str) -> LoadResult<TensorView<'a>> {
        let name = format!("{}{name}", self.prefix);
        self.tensors
            .tensor(&name)
            .map_err(|_| format!("it has no tensor {name}: not a BERT model"))
    }

    fn shape_of(&self, name: &str) -> LoadResult<[usize; 2]> {
        let tensor = self.tensor(name)?;
        tensor
            .shape()
            .try_into()
            .map_err(|_| format!("its tensor {name} is not a matrix: {:?}", tensor.shape()))
    }

    fn count_layers(&self) -> usize {
        let query = |i: &usize| format!("encoder.layer.{i}.attention.self.query.weight");
        (0..).take_while(|i| self.tensor(&query(i)).is_ok()).count()
    }

    /// The numbers of a tensor of exactly this shape.
    fn numbers(&self, name: &str, shape: &[usize]) -> LoadResult<Vec<f32>> {
        let tensor = self.tensor(name)?;
        if tensor.shape() != shape {
            let found = tensor.shape();
            return Err(format!(
                "its tensor {name} is {found:?} where {shape:?} fits"
            ));
        }
        let data = tensor.data();
        let numbers: Vec<f32> = match tensor.dtype() {
            Dtype::F32 => le(data, f32::from_le_bytes),
            Dtype::F16 => le(data, |b| f16::from_le_bytes(b).to_f32()),
            Dtype::BF16 => le(data, |b| bf16::from_le_bytes(b).to_f32()),
            Dtype::I8 => self.scaled_rows(name, shape, data)?,
            other => return Err(format!("its tensor {name} is of type {other:?}")),
        };
        match numbers.iter().all(|x| x.is_finite()) {
            true => Ok(numbers),
            false => Err(format!("its tensor {name} has numbers that are not finite")),
        }
    }

    fn scaled_rows(&self, name: &str, shape: &[usize], data: &[u8]) -> LoadResult<Vec<f32>> {
        let &[rows, columns] = shape else {
            return Err(format!("its tensor {name} is int8 and not a matrix"));
        };
        let scales = self.numbers(&format!("{name}.scale"), &[rows])?;
        let mut numbers = Vec::with_capacity(data.len());
        for (row, scale) in data.chunks_exact(columns.max(1)).zip(scales) {
            numbers.extend(row.iter().map(|&b| f32::from(b as i8) * scale));
        }
        Ok(numbers)
    }

    fn matrix(&self, name: &str, rows: usize, columns: usize) -> LoadResult<Array2<f32>> {
        let numbers = self.numbers(name, &[rows, columns])?;
        Array2::from_shape_vec((rows, columns), numbers).map_err(|e| e.to_string())
    }

    /// Dense layers with the same input, side by side.
    fn linear(&self, names: &[String], inputs: usize, outputs: usize) -> LoadResult<Linear> {
        let mut weight = Array2::zeros((inputs, outputs * names.len()));
        let mut bias = Vec::new();
        let parts = weight.axis_chunks_iter_mut(ndarray::Axis(1), outputs);
        for (mut part, name) in parts.zip(names) {
            let rows = self.matrix(&format!("{name}.weight"), outputs, inputs)?;
            part.assign(&rows.t());
            bias.extend(self.numbers(&format!("{name}.bias"), &[outputs])?);
        }
        Ok(Linear { weight, bias })
    }

    fn norm(&self, name: &str, width: usize) -> LoadResult<Norm> {
        Ok(Norm {
            gain: self.numbers(&format!("{name}.weight"), &[width])?,
            bias: self.numbers(&format!("{name}.bias"), &[width])?,
            epsilon: self.epsilon,
        })
    }

    fn layer(&self, index: usize, width: usize, inner: usize) -> LoadResult<Layer> {
        let name = |part: &str| format!("encoder.layer.{index}.{part}");
        let qkv = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
        Ok(Layer {
            qkv: self.linear(&qkv, width, width)?,
            attended: self.linear(&[name("attention.output.dense")], width, width)?,
            attended_norm: self.norm(&name("attention.output.LayerNorm"), width)?,
            up: self.linear(&[name("intermediate.dense")], width, inner)?,
            down: self.linear(&[name("output.dense")], inner, width)?,
            output_norm: self.norm(&name("output.LayerNorm"), width)?,
        })
    }
}

/// Little-endian numbers of `N` bytes each.
fn le<const N: usize>(data: &[u8], number: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    data.as_chunks::<N>()
        .0
        .iter()
        .map(|bytes| number(*bytes))
        .collect()
}
