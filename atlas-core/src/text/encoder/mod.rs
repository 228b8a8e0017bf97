//! The sentence encoder: text to a vector whose cosine says how alike two tickets are.
//!
//! A BERT encoder with mean pooling over all tokens and L2 normalisation, the architecture of
//! sentence-transformers' MiniLM models. The bundled model is described in
//! `model/ticket-encoder/MODEL.md`; any other of the kind loads from its folder.

mod graph;
mod kernels;
mod product;
mod weights;

use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use ndarray::{Array2, Axis};
use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

use self::weights::{Config, LoadResult, Weights};
use super::wordpiece::WordPiece;
use crate::error::{Error, Result};

/// Tokens that one pass takes: enough to keep the matrix products busy, few enough for the caches.
const BATCH_TOKENS: usize = 512;

/// A model that turns text into vectors of length 1.
///
/// The same text gives the same bits whichever texts are encoded beside it and on however many
/// threads. Another kind of processor may round differently.
#[derive(Debug)]
pub struct Encoder {
    id: String,
    wordpiece: WordPiece,
    weights: Weights,
}

/// The models that are in use in this process.
static IN_USE: Mutex<Vec<Weak<Encoder>>> = Mutex::new(Vec::new());

impl Encoder {
    /// Without the feature `bundled-model` there is no model.
    ///
    /// # Errors
    /// [`Error::Model`] always.
    #[cfg(not(feature = "bundled-model"))]
    pub fn bundled() -> Result<Arc<Encoder>> {
        let reason = "it was left out of this build (feature bundled-model): name a model's folder"
            .to_owned();
        Err(Error::Model {
            model: "ticket-encoder".to_owned(),
            reason,
        })
    }

    /// The model that is compiled in: 3 layers, 384 dimensions, made for software tickets. Its
    /// weights take 43 MB and are in memory once for all who use it at the same time.
    ///
    /// ```
    /// use atlas_core::text::encoder::Encoder;
    /// let encoder = Encoder::bundled()?;
    /// let texts = ["Login fails after update", "Cannot sign in any more", "Add a dark theme"];
    /// let vectors = encoder.encode(&texts, 128);
    /// let cosine = |a: usize, b: usize| vectors.row(a).dot(&vectors.row(b));
    /// assert!(cosine(0, 1) > cosine(0, 2));
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Model`] when the compiled-in files do not fit together.
    #[cfg(feature = "bundled-model")]
    pub fn bundled() -> Result<Arc<Encoder>> {
        macro_rules! file {
            ($name:literal) => {
                include_bytes!(concat!("../../../model/ticket-encoder/", $name))
            };
        }
        let config = file!("config.json");
        let vocabulary = Vocabulary::Lines(file!("vocab.txt"));
        Self::from_files(
            "ticket-encoder",
            file!("model.safetensors"),
            vocabulary,
            config,
        )
    }

    /// A model in a folder with `model.safetensors`, `tokenizer.json` (or `vocab.txt`) and, where
    /// the number of heads is not the usual one, `config.json`, such as all-MiniLM-L6-v2.
    ///
    /// The weights may be float32, float16 or bfloat16 under BERT's names, or int8 rows as
    /// `examples/convert_model.rs` writes them. Pooling is always the mean over all tokens. Of equal
    /// files the weights are in memory once.
    ///
    /// # Errors
    /// [`Error::File`] when a file cannot be read, [`Error::Model`] when it is not such a model.
    ///
    /// ```no_run
    /// use atlas_core::text::encoder::Encoder;
    /// let encoder = Encoder::from_folder("models/all-MiniLM-L6-v2".as_ref())?;
    /// assert_eq!(encoder.dimensions(), 384);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn from_folder(path: &Path) -> Result<Arc<Encoder>> {
        let read = |name: &str| {
            let path = path.join(name);
            std::fs::read(&path).map_err(|source| Error::File { path, source })
        };
        let weights = read("model.safetensors")?;
        let config = match path.join("config.json").exists() {
            true => read("config.json")?,
            false => b"{}".to_vec(),
        };
        let name = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy();
        if path.join("tokenizer.json").exists() || !path.join("vocab.txt").exists() {
            let file = read("tokenizer.json")?;
            Self::from_files(&name, &weights, Vocabulary::TokenizerJson(&file), &config)
        } else {
            let file = read("vocab.txt")?;
            Self::from_files(&name, &weights, Vocabulary::Lines(&file), &config)
        }
    }

    fn from_files(
        name: &str,
        weights: &[u8],
        vocabulary: Vocabulary<'_>,
        config: &[u8],
    ) -> Result<Arc<Encoder>> {
        let mut hash = Xxh3::new();
        for part in [weights, vocabulary.bytes(), config] {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let read = || -> LoadResult<Arc<Encoder>> {
            let config: Config = serde_json::from_slice(config)
                .map_err(|e| format!("its config.json does not fit: {e}"))?;
            let name = config.name.as_deref().unwrap_or(name);
            let id = format!("{name}-{:016x}", hash.digest());
            if let Some(encoder) = in_use(&mut models(), &id) {
                return Ok(encoder);
            }
            let weights = Weights::read(weights, &config)?;
            let wordpiece = vocabulary.read()?;
            let (ids, rows) = (wordpiece.size(), weights.words.nrows());
            if ids > rows {
                return Err(format!(
                    "its tokenizer has {ids} tokens, its weights {rows}"
                ));
            }
            let encoder = Encoder {
                id,
                wordpiece,
                weights,
            };
            let mut models = models();
            // Another thread may have read it meanwhile.
            Ok(in_use(&mut models, &encoder.id).unwrap_or_else(|| {
                let encoder = Arc::new(encoder);
                models.push(Arc::downgrade(&encoder));
                encoder
            }))
        };
        read().map_err(|reason| Error::Model {
            model: name.to_owned(),
            reason,
        })
    }

    /// The model's name and a hash of its files: vectors of different ids must not be compared.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The length of a vector.
    pub fn dimensions(&self) -> usize {
        self.weights.width()
    }

    /// The most tokens that a text can have, `[CLS]` and `[SEP]` included.
    pub fn max_positions(&self) -> usize {
        self.weights.positions.nrows()
    }

    /// The model's tokenizer.
    pub fn wordpiece(&self) -> &WordPiece {
        &self.wordpiece
    }

    /// A vector of length 1 for each text, a row each, in order, computed on rayon's threads.
    ///
    /// Only the first `max_tokens` tokens of a text count (2 to [`Encoder::max_positions`]; a number
    /// outside is moved to the nearer end). An empty text has a vector too.
    pub fn encode(&self, texts: &[&str], max_tokens: usize) -> Array2<f32> {
        let ids: Vec<Vec<u32>> = texts
            .par_iter()
            .map(|text| self.tokens(text, max_tokens))
            .collect();
        let parts: Vec<Array2<f32>> = batches(&ids)
            .into_par_iter()
            .map(|range| graph::forward(&self.weights, &ids[range]))
            .collect();
        let views: Vec<_> = parts.iter().map(|part| part.view()).collect();
        ndarray::concatenate(Axis(0), &views)
            .unwrap_or_else(|_| Array2::zeros((0, self.dimensions())))
    }

    /// The vector of one text, computed on the calling thread. See [`Encoder::encode`].
    ///
    /// ```
    /// # let encoder = atlas_core::text::encoder::Encoder::bundled()?;
    /// let vector = encoder.encode_one("Crash when the list is scrolled", 128);
    /// assert_eq!(vector.len(), encoder.dimensions());
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn encode_one(&self, text: &str, max_tokens: usize) -> Vec<f32> {
        let ids = self.tokens(text, max_tokens);
        graph::forward(&self.weights, &[ids])
            .into_raw_vec_and_offset()
            .0
    }

    /// How much of what [`encode`](Self::encode) reads of a text the vocabulary knows, 0 to 1; see
    /// [`WordPiece::known`]. Texts of which it knows little have vectors that say nothing: in one
    /// script they are all nearly the same one.
    ///
    /// ```
    /// # let encoder = atlas_core::text::encoder::Encoder::bundled()?;
    /// assert_eq!(encoder.known("Crash when the list is scrolled", 128), 1.0);
    /// assert!(encoder.known("一覧をスクロールすると落ちる", 128) < 0.2);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn known(&self, text: &str, max_tokens: usize) -> f32 {
        self.wordpiece
            .known(text, max_tokens.min(self.max_positions()))
    }

    fn tokens(&self, text: &str, max_tokens: usize) -> Vec<u32> {
        self.wordpiece
            .encode(text, max_tokens.min(self.max_positions()))
    }
}

fn models() -> MutexGuard<'static, Vec<Weak<Encoder>>> {
    IN_USE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The model of an id, if somebody uses it.
fn in_use(models: &mut Vec<Weak<Encoder>>, id: &str) -> Option<Arc<Encoder>> {
    models.retain(|model| model.strong_count() > 0);
    let mut alive = models.iter().filter_map(Weak::upgrade);
    alive.find(|model| model.id == id)
}

/// Runs of texts of at most [`BATCH_TOKENS`] tokens, or of one longer text.
fn batches(ids: &[Vec<u32>]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut tokens = 0;
    for (index, text) in ids.iter().enumerate() {
        tokens += text.len();
        match ranges.last_mut() {
            Some(range) if tokens <= BATCH_TOKENS => range.end = index + 1,
            _ => {
                ranges.push(index..index + 1);
                tokens = text.len();
            }
        }
    }
    ranges
}

/// A vocabulary in one of its two usual files.
enum Vocabulary<'a> {
    TokenizerJson(&'a [u8]),
    Lines(&'a [u8]),
}

impl Vocabulary<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Vocabulary::TokenizerJson(bytes) | Vocabulary::Lines(bytes) => bytes,
        }
    }

    fn read(&self) -> LoadResult<WordPiece> {
        let wordpiece = match self {
            Vocabulary::TokenizerJson(bytes) => WordPiece::from_tokenizer_json(bytes),
            Vocabulary::Lines(bytes) => {
                let lines = std::str::from_utf8(bytes)
                    .map_err(|_| "its vocab.txt is not UTF-8".to_owned())?;
                WordPiece::from_vocab(lines)
            }
        };
        wordpiece.map_err(|error| error.to_string())
    }
}
